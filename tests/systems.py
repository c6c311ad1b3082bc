"""Other companies' systems, played after their public documentation: over a socket, or without one."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit

from baton.application.outgoing import Answer, Outgoing, Trouble


@dataclass(frozen=True)
class Fault:
    """What a system answers in place of what it should."""

    status: int
    """0: nothing in time."""
    headers: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    """A part of the methods and paths that it happens to."""
    is_done: bool = False
    """Whether it does what it was asked for all the same: its answer gets lost."""
    document: Any = None


class Said(NamedTuple):
    """A request, as systems look at it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By lower-case name."""
    body: Any


class Refusal(Exception):
    """The system does not do that."""

    def __init__(self, status: int, document: Any = None) -> None:
        super().__init__(status)
        self.status, self.document = status, document


class System:
    """A system that fails as it is told to. What it knows and checks is its own: see `serve`."""

    CONNECTOR: ClassVar[dict[str, Any]]
    """How Baton is set up to tell it."""
    SECRETS: ClassVar[dict[str, str]]
    """What it lets in, by name."""
    STEPS: ClassVar[tuple[str, ...]]
    """Parts of the paths that it is asked for in a lead's life."""
    TOO_MUCH: ClassVar[tuple[tuple[int, Any], ...]] = ((429, None),)
    """Its answers to who asks too much."""
    LIFE: ClassVar[tuple[str, ...]]
    """What it calls the stages of a lead that is assigned, contacted and converted."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        """One after another, each where it fits."""
        self.requests: list[Said] = []
        self.answered: list[int] = []
        """The statuses of all answers, in their order."""
        self.slow_s = 1.0
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._lock = threading.Lock()

    def serve(self, said: Said) -> tuple[int, Any]:
        """Do what was asked for. Raises Refusal."""
        raise NotImplementedError

    def stages_of(self, lead_id: str) -> list[str]:
        """What it was told of a lead, in order."""
        raise NotImplementedError

    def is_once(self, lead_id: str) -> bool:
        """Whether it has everything of its only lead, and once."""
        raise NotImplementedError

    def script(self, request: Outgoing) -> Answer:
        """For `ScriptedHttp`: without a socket."""
        status, headers, document = self.answer(
            request.method, request.url, {**request.headers}, request.body
        )
        if status == 0:
            return Answer(trouble=Trouble.TIMEOUT, took_ms=request.timeout_ms)
        body = b"" if document is None else json.dumps(document).encode()
        return Answer(status, body, {name.lower(): value for name, value in headers.items()})

    def answer(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], Any]:
        """Status, headers and document of an answer."""
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        lower = {name.lower(): value for name, value in headers.items()}
        said = Said(method, parts.path, query, lower, _read(body, lower))
        with self._lock:
            self.requests.append(said)
            answer = self._answer(said)
            self.answered.append(answer[0])
            return answer

    def _answer(self, said: Said) -> tuple[int, Mapping[str, str], Any]:
        fault = next((one for one in self.faults if one.where in f"{said.method} {said.path}"), None)
        if fault:
            self.faults.remove(fault)
            if not fault.is_done:
                return fault.status, fault.headers, fault.document
        try:
            status, document = self.serve(said)
        except Refusal as refusal:
            status, document = refusal.status, refusal.document
        return (fault.status, fault.headers, fault.document) if fault else (status, {}, document)

    def asked(self, where: str, method: str = "") -> list[Said]:
        """The requests to paths with that in them."""
        return [one for one in self.requests if where in one.path and method in ("", one.method)]


class Served:
    """A system on a free port of this machine: `with Served(system) as url`."""

    def __init__(self, system: System) -> None:
        self._system = system

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, headers, document = system.answer(self.command, self.path, dict(self.headers), body)
                if status == 0:
                    time.sleep(system.slow_s)
                    return
                content = b"" if document is None else json.dumps(document).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = answer  # noqa: N815 # the base class names them so

            def log_message(self, format: str, *args: Any) -> None:  # the base class names it so
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _read(body: bytes, headers: Mapping[str, str]) -> Any:
    if "x-www-form-urlencoded" in headers.get("content-type", ""):
        return {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return json.loads(body) if body else None
