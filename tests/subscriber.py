"""A subscriber's web server on a free port of this machine: it hears, checks signatures, and fails as it is told to."""

import json
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from baton.domain.webhooks import verify


class Subscriber:
    """Takes whatever is signed by one of its secrets. `faults`: what it answers instead, one after another."""

    def __init__(self, *secrets: str) -> None:
        self.secrets: Sequence[str] = secrets
        self.faults: list[tuple[int, dict[str, str]]] = []
        """Status and headers; status 0: no answer within `slow_s`."""
        self.slow_s = 1.0
        self.heard: list[dict[str, Any]] = []
        """What it took, in the order of its arrival."""
        self.refused: list[int] = []
        """What it answered where it took nothing."""
        self.headers: list[dict[str, str]] = []
        self._lock = threading.Lock()
        subscriber = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers = subscriber.answer(dict(self.headers), body)
                if status == 0:
                    time.sleep(subscriber.slow_s)
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # the base class names it so
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def answer(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """What a request is answered with."""
        with self._lock:
            self.headers.append({name.lower(): value for name, value in headers.items()})
            if not verify(self.secrets, headers, body, datetime.now(UTC)):
                self.refused.append(401)
                return 401, {}
            if self.faults:
                fault = self.faults.pop(0)
                self.refused.append(fault[0])
                return fault
            self.heard.append(json.loads(body))
            return 204, {}

    def kinds(self, lead_id: str) -> list[str]:
        """What it heard of a lead."""
        return [one["type"] for one in self.heard if one["data"]["lead_id"] == lead_id]

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
