"""Demo form and inbox of the local stack: `python -m local.inbox --port N`.

What reps get by SMS and mail, with links that work, and a form that sends leads as a web site would.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from local import process
from local.inbox_box import Box, Contents
from local.inbox_messages import Message
from local.inbox_pages import FOLDER, MAX_SHOWN, form_page, inbox_page, messages_of, thanks_page
from local.record import RECORD, Stack, read

HTML = "text/html; charset=utf-8"
FILES = {"/style.css": "text/css; charset=utf-8", "/inbox.js": "text/javascript; charset=utf-8"}
# Nothing inline, and from elsewhere baton.js alone: a script in a message could not run even if it were one.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self' {api}; connect-src 'self' {api}; img-src data:;"
    " base-uri 'none'"
)


class Inbox(ThreadingHTTPServer):
    """The web server, on this machine only."""

    daemon_threads = True

    def __init__(self, port: int, stack: Stack, box: Box) -> None:
        super().__init__((process.HOST, port), Pages)
        self.stack = stack
        self.box = box


class Pages(BaseHTTPRequestHandler):
    """One request for a page."""

    protocol_version = "HTTP/1.1"
    server: Inbox

    def do_GET(self) -> None:
        """Answer with a page, the list of messages, or a file."""
        path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        pages: dict[str, Callable[[], tuple[str, str]]] = {
            "/": lambda: (
                HTML,
                inbox_page(self.server.box.contents, self.server.box.version, query.get("rep")),
            ),
            "/messages.json": lambda: ("application/json", self._messages(query.get("rep"))),
            "/form": lambda: (HTML, self._form(query)),
            "/thanks": lambda: (HTML, thanks_page()),
        }
        if path in pages:
            self._answer(HTTPStatus.OK, *pages[path]())
        elif path in FILES:
            self._answer(HTTPStatus.OK, FILES[path], (FOLDER / path[1:]).read_text(encoding="utf-8"))
        else:
            self._answer(HTTPStatus.NOT_FOUND, HTML, '<p>There is no such page. <a href="/">Inbox</a></p>')

    def do_HEAD(self) -> None:
        """The same without the body."""
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: an open page asks every second."""

    def _messages(self, rep_id: str | None) -> str:
        contents, version = self.server.box.contents, self.server.box.version
        found = messages_of(contents, rep_id)
        shown = [described(message, contents) for message in found[:MAX_SHOWN]]
        return json.dumps({"version": version, "total": len(found), "messages": shown})

    def _form(self, query: dict[str, str]) -> str:
        stack = self.server.stack
        return form_page(stack["api_url"], urljoin(stack["form_url"], "/thanks"), query)

    def _answer(self, status: HTTPStatus, media_type: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        api = urlsplit(self.server.stack["api_url"])
        self.send_header("Content-Security-Policy", POLICY.format(api=f"{api.scheme}://{api.netloc}"))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def described(message: Message, contents: Contents) -> dict[str, Any]:
    """A message as JSON."""
    rep = contents.rep_of(message)
    at = datetime.fromtimestamp(message.at, UTC).isoformat()
    return {**asdict(message), "at": at, "rep_id": rep.id, "rep_name": rep.name}


def main(arguments: list[str]) -> int:
    """Serve until stopped; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.inbox", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args(arguments).port
    stack = read(RECORD)
    if not stack or "api_url" not in stack:
        print("The local stack does not run. Start it with `make run` or `make up`.", file=sys.stderr)
        return 1
    box = Box(stack)
    box.keep_looking()
    with Inbox(port, stack, box) as server:
        print(f"inbox: http://localhost:{port}/", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
