"""Six simulated buyers of the local stack: `python -m local.buyers --port N`, or `with Buyers() as buyers:` in a test.

Each plays under a path of its own, as `/harbor/ping`, `/harbor/post`, `/harbor/status`, `/harbor/returns`; what they
remember is at `/_book`. The same seed gives the same run, in whatever order the requests come.
"""

import argparse
import contextlib
import json
import socket
import sys
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlsplit

from local import process
from local.buyers_book import Book
from local.buyers_company import ACTIONS, Company
from local.buyers_six import six
from local.buyers_wire import Asked, Break, Reply

SEED: Final = 1
MAX_BODY: Final = 1_000_000
"""Bytes of a request; more is none that Baton would send."""
IDLE_S: Final = 60.0
"""After this long a connection that nothing comes over is closed."""
POLL_S: Final = 0.02


class Buyers:
    """The six and their web server, on this machine only."""

    def __init__(self, port: int = 0, *, seed: int = SEED, faults: bool = True) -> None:
        """On any free port if none is given. Without `faults` nobody is slow, lies or drops connections."""
        self._companies = six(seed, faults=faults)
        self.server = Server(port, self._companies, {"seed": seed, "faults": faults})
        self.url = f"http://{process.HOST}:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(POLL_S,), daemon=True)

    def book(self, name: str) -> Book:
        """What one of them remembers."""
        return self._companies[name].book

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.hang_up()
        self.server.server_close()
        self._thread.join()


class Server(ThreadingHTTPServer):
    """A thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, companies: Mapping[str, Company], run: Mapping[str, Any]) -> None:
        super().__init__((process.HOST, port), Requests)
        self.companies = companies
        self.run = run
        self.ending = threading.Event()
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget it."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a caller who has gone: they may give up on a slow buyer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """End every connection that is still open, so that nobody is answered any more."""
        self.ending.set()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Requests(BaseHTTPRequestHandler):
    """The requests of one connection."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def do_GET(self) -> None:
        """Answer as the buyer that the path names, or with the books."""
        url = urlsplit(self.path)
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True  # what follows is no request
            self._send(problem(HTTPStatus.CONTENT_TOO_LARGE))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(headers, dict(parse_qsl(url.query)), self.rfile.read(int(length)))
        self._send(self._reply(url.path, asked))

    def do_POST(self) -> None:
        """The same: whether fields come in the query or in a body is the buyer's matter."""
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what came is in the books."""

    def _reply(self, path: str, asked: Asked) -> Reply:
        companies = self.server.companies
        if path == "/_book":
            books = {name: company.book.document() for name, company in companies.items()}
            return Reply(HTTPStatus.OK, json.dumps({**self.server.run, "buyers": books}).encode())
        if path == "/_book/reset" and self.command == "POST":
            for company in companies.values():
                company.book.reset()
            return Reply(HTTPStatus.NO_CONTENT)
        name, _, action = path.removeprefix("/").partition("/")
        if name not in companies or action not in ACTIONS:
            return problem(HTTPStatus.NOT_FOUND)
        return companies[name].answer(action, asked)

    def _send(self, reply: Reply) -> None:
        if reply.after_ms and self.server.ending.wait(reply.after_ms / 1000):
            return
        if reply.breaks is Break.UNANSWERED:
            self.close_connection = True
            return
        self.send_response(reply.status)
        if reply.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if reply.breaks is Break.HALF:
            self.close_connection = True
            self.wfile.write(reply.body[: len(reply.body) // 2])
        else:
            self.wfile.write(reply.body)


def problem(status: HTTPStatus) -> Reply:
    """An answer of no buyer."""
    return Reply(status, json.dumps({"error": status.phrase}).encode())


def main(arguments: list[str]) -> int:
    """Serve until stopped; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.buyers", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", type=int, default=SEED, help="another one gives another run (%(default)s)")
    parser.add_argument("--honest", action="store_true", help="nobody is slow, lies or drops connections")
    asked = parser.parse_args(arguments)
    with Buyers(asked.port, seed=asked.seed, faults=not asked.honest) as buyers:
        print(f"buyers: {buyers.url}/_book", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
