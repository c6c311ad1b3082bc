"""A web site with forms on it, and between it and Baton's intake a road that breaks when a test wants it to."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from tests.e2e.stack import Answer

PATIENCE_S: Final = 10.0
API: Final = "/v1/"
PASSED_ON: Final = ("content-type", "origin", "idempotency-key", "accept", "access-control-request-method")
OWN: Final = ("content-length", "connection", "transfer-encoding", "date", "server")
Intake = Callable[[str, str, Mapping[str, str], str], Answer]
"""Answers a request to the API: method, path, headers in lower case, body."""


class Fault(Enum):
    """What happens to one post on its way."""

    UNAVAILABLE = auto()
    """Answered 503; the intake never saw it."""
    FORBIDDEN = auto()
    """Answered 403 by whatever stands before the API; the intake never saw it."""
    WAIT = auto()
    """Answered 429 with `Retry-After: 30`; the intake never saw it."""
    CUT = auto()
    """The lead is taken in, and the connection breaks in the middle of the answer."""
    HELD = auto()
    """The lead is taken in, and the answer waits until the site is told to go on."""
    LOST = auto()
    """The same, but then the connection breaks."""


@dataclass(frozen=True)
class Post:
    """One post of a lead as it left the browser."""

    key: str
    content_type: str
    body: str


@dataclass
class Site:
    """The pages, what goes wrong next, and what was posted."""

    intake: Intake
    port: int
    pages: dict[str, str] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    hold_preflight: bool = False
    """A browser that asks whether it may post is answered when the site is told to go on."""
    asked: bool = False
    """Whether one has asked."""
    down: bool = False
    """Every post is answered 503."""
    posts: list[Post] = field(default_factory=list)
    lead_ids: set[str] = field(default_factory=set)
    """Of all leads that the intake took in, whether the browser heard it or not."""
    go_on: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://localhost:{self.port}"

    @property
    def api(self) -> str:
        """Where the API is: for a browser, another site."""
        return f"http://127.0.0.1:{self.port}"

    def until(self, done: Callable[[], bool], what: str) -> None:
        """Wait until that is so. Fails in the words of `what`."""
        with self.changed:
            assert self.changed.wait_for(done, PATIENCE_S), f"not within {PATIENCE_S:.0f} s: {what}"

    def until_posted(self, times: int) -> None:
        """Wait for that many posts."""
        self.until(lambda: len(self.posts) >= times, f"{times} posts")

    def take(self, post: Post) -> Fault | None:
        """Note a post, and say what goes wrong with it."""
        with self.changed:
            self.posts.append(post)
            self.changed.notify_all()
            if self.down:
                return Fault.UNAVAILABLE
            return self.faults.popleft() if self.faults else None

    def took_in(self, answer: Answer) -> None:
        """Note the lead that the intake answered for."""
        if answer.status == 202 and "json" in answer.headers.get("content-type", ""):
            with self.changed:
                self.lead_ids.add(answer.json["lead_id"])
                self.changed.notify_all()


@contextmanager
def a_site(intake_of: Callable[[Site], Intake]) -> Iterator[Site]:
    """A site that is up, in front of the intake that is made for it; stopped at the end."""
    site = Site(lambda *_: Answer(404, {}, ""), 0)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(site)) as server:
        site.port = server.server_port
        site.intake = intake_of(site)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield site
        finally:
            site.go_on.set()
            server.shutdown()
            thread.join()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request, for a page or to the API."""

        protocol_version = "HTTP/1.1"
        timeout = PATIENCE_S

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path.startswith(API):
                self._send(self._pass_on(""))
            elif path in site.pages:
                policy = (
                    f"default-src 'none'; script-src {site.api}; connect-src {site.api}; form-action *;"
                    " base-uri 'none'; img-src data:"
                )
                headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
                self._send(Answer(200, headers, site.pages[path]))
            else:
                self._send(Answer(404, {}, ""))

        def do_OPTIONS(self) -> None:
            with site.changed:
                site.asked = True
                site.changed.notify_all()
            if site.hold_preflight:
                site.go_on.wait(PATIENCE_S)
            self._send(self._pass_on(""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = Post(self.headers.get("Idempotency-Key", ""), self.headers["Content-Type"], body)
            fault = site.take(sent)
            if fault in (Fault.UNAVAILABLE, Fault.FORBIDDEN, Fault.WAIT):
                self._send(self._refusal(fault))
                return
            answer = self._pass_on(body)
            site.took_in(answer)
            if fault in (Fault.HELD, Fault.LOST):
                site.go_on.wait(PATIENCE_S)
            self._send(answer, cut=fault in (Fault.CUT, Fault.LOST))

        def _pass_on(self, body: str) -> Answer:
            headers = {name.lower(): value for name, value in self.headers.items()}
            passed = {name: value for name, value in headers.items() if name in PASSED_ON}
            return site.intake(self.command, self.path, passed, body)

        def _refusal(self, fault: Fault) -> Answer:
            allowed = {"Access-Control-Allow-Origin": self.headers.get("Origin", "*")}
            if fault is Fault.FORBIDDEN:
                return Answer(403, allowed | {"Content-Type": "application/json"}, '{"message": "Forbidden"}')
            if fault is Fault.UNAVAILABLE:
                return Answer(503, allowed, "")
            more = {"Retry-After": "30", "Access-Control-Expose-Headers": "Retry-After"}
            return Answer(429, allowed | more, "")

        def _send(self, answer: Answer, *, cut: bool = False) -> None:
            body = answer.text.encode()
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in OWN:
                        self.send_header(name, value)
                if answer.status not in (204, 304):
                    self.send_header("Content-Length", str(len(body)))
                if cut:
                    self.close_connection = True
                self.end_headers()
                self.wfile.write(body[: len(body) // 2] if cut else body)
            except OSError:
                self.close_connection = True  # the page was closed, or the network cut

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: a test shows what it needs."""

    return Handler
