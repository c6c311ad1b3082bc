"""GET /console/...: the web console, which is static files and a client of the API."""

from pathlib import Path
from typing import Any, Final

from baton.entrypoints.http import Request, Response, endpoint
from baton.entrypoints.web_site import WebSite

SITE: Final = WebSite(Path(__file__).with_name("static"))


@endpoint
def handler(request: Request, _: Any) -> Response:
    return SITE.answer(request)
