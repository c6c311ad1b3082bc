"""GET /v1/baton.js: the script that web sites include."""

from typing import Any

from baton.entrypoints.assets import script
from baton.entrypoints.http import Request, Response, endpoint


@endpoint
def handler(request: Request, _: Any) -> Response:
    return script(request)
