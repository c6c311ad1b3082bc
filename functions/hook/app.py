"""GET and POST /v1/sources/{source_id}/hooks/{format}: what ad platforms and form services send."""

from typing import Any

from baton.bootstrap.intake import receive_hook
from baton.entrypoints.hooks import hook
from baton.entrypoints.http import Request, Response, endpoint


@endpoint
def handler(request: Request, context: Any) -> Response:
    return hook(receive_hook(), request, context)
