"""Meta's Graph API and LinkedIn's Lead Sync API, played on this machine: `with Platforms() as platforms`.

After their public documentation: what the two give of a lead, and what they say of one that they do not have (yet).
"""

import json
import re
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

from local import process

POLL_S: Final = 0.02
_LEAD: Final = re.compile(r"/v\d+\.\d+/([\w-]+)")
_FORM: Final = re.compile(r"/v\d+\.\d+/([\w-]+)/leads")
_RESPONSE: Final = re.compile(r"/rest/leadFormResponses/([\w-]+)")


class Platforms:
    """One server for both, on this machine only."""

    def __init__(self, token: str, port: int = 0) -> None:
        """On any free port if none is given. `token` is what they want to be shown."""
        self.meta: dict[str, dict[str, Any]] = {}
        """Leads by id, as the Graph API gives them; each names its `form_id`."""
        self.linkedin: dict[str, dict[str, Any]] = {}
        """Responses by id."""
        self.token = token
        self._server = _Server(port, self)
        self.url = f"http://{process.HOST}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL_S,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reply(self, target: str, authorization: str) -> tuple[int, dict[str, Any]]:
        """Status and document of an answer."""
        url = urlsplit(target)
        if authorization != f"Bearer {self.token}":
            return HTTPStatus.UNAUTHORIZED, {"error": {"code": 190, "message": "Invalid OAuth access token."}}
        if found := _FORM.fullmatch(url.path):
            return HTTPStatus.OK, self._page(found[1], parse_qs(url.query))
        if found := _LEAD.fullmatch(url.path):
            missing = {"error": {"code": 100, "error_subcode": 33, "message": "Unsupported get request."}}
            known = self.meta.get(found[1])
            return (HTTPStatus.OK, known) if known else (HTTPStatus.BAD_REQUEST, missing)
        if found := _RESPONSE.fullmatch(url.path):
            known = self.linkedin.get(found[1])
            return (HTTPStatus.OK, known) if known else (HTTPStatus.NOT_FOUND, {"status": 404})
        return HTTPStatus.NOT_FOUND, {}

    def _page(self, form: str, query: dict[str, list[str]]) -> dict[str, Any]:
        """One lead at a time, so that whoever asks has to turn pages."""
        found = [lead for lead in self.meta.values() if lead.get("form_id") == form]
        at = int(query.get("after", ["0"])[0])
        page: dict[str, Any] = {"data": found[at : at + 1]}
        if at + 1 < len(found):
            page["paging"] = {"cursors": {"after": str(at + 1)}, "next": f"{self.url}/next"}
        return page


class _Server(ThreadingHTTPServer):
    def __init__(self, port: int, platforms: Platforms) -> None:
        super().__init__((process.HOST, port), _Handler)
        self.platforms = platforms


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:  # the name that the standard library calls
        """Answer one request."""
        status, document = self.server.platforms.reply(self.path, self.headers.get("Authorization", ""))
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # the standard library's own name
        """Nothing: what is asked for is in the tests."""
