"""Requests to other companies' systems: each in a thread, over a connection of its own, to an address that was checked.

Threads cost the least wait, CPU and import time together of the ways compared by `make bench` (fanout).
A connection carries one request only. A server may close an idle connection at any moment, and a request that was
written to one just then may or may not have arrived: with reuse either such a request would have to be sent again, and
a lead might be posted twice, or it would look broken though the buyer is well.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from baton.adapters.http_exchange import connect, exchange, first_connection, flaw, left_s, secured
from baton.adapters.safe_addresses import refusal, target_of
from baton.application.outgoing import Answer, Outgoing, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from baton.adapters.safe_addresses import Target

MAX_BYTES: Final = 262_144
"""Of an answer's body: bids and receipts are far shorter."""
_MAX_THREADS: Final = 256
"""Also counts those that still wait for a name server when nobody waits for them; Lambda allows 1,024 in all."""


def look_up(host: str, port: int) -> list[str]:
    """All IP addresses of a name, the best first. Raises OSError. Takes as long as the system's resolver likes."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class ThreadedHttp:
    """The Http port. Safe to share between threads; from one request to the next it keeps only its idle threads."""

    def __init__(
        self,
        *,
        allow_http: bool = False,
        allow_private: bool = False,
        max_bytes: int = MAX_BYTES,
        tls: ssl.SSLContext | None = None,
        look_up: Callable[[str, int], Sequence[str]] = look_up,
        connect: Callable[[str, int, float], socket.socket] = connect,
    ) -> None:
        """Plain http and private addresses (also loopback) are for a developer's machine.

        `tls` says whose certificates are believed: without it the system's authorities.
        """
        self._allow_http = allow_http
        self._allow_private = allow_private
        self._max_bytes = max_bytes
        self._tls = tls or ssl.create_default_context()
        self._look_up = look_up
        self._connect = connect
        self._threads = ThreadPoolExecutor(_MAX_THREADS, thread_name_prefix="outgoing")

    def send(self, request: Outgoing) -> Answer:
        """See Http.send."""
        return self.send_all([request], request.timeout_ms)[0]

    def send_all(self, requests: Sequence[Outgoing], within_ms: int) -> list[Answer]:
        """See Http.send_all. Who has no connection by then is unreachable: nothing will be sent any more."""
        begun = time.monotonic()
        calls = [_Call(request, begun, min(within_ms, request.timeout_ms)) for request in requests]
        for call in calls:
            # Where the machine starts no further thread, the call is in the queue all the same.
            with suppress(RuntimeError):
                self._threads.submit(self._run, call)
        return [call.answer_in_time() for call in calls]

    def close(self) -> None:
        """Let its threads end and wait for them; only who does not live as long as the process needs to."""
        self._threads.shutdown()

    def _run(self, call: _Call) -> None:
        try:
            call.conclude(self._carry(call))
        except _GivenUp:
            pass  # its answer has been given already
        except (
            Exception
        ) as error:  # whatever another system made a library raise: somebody waits for an answer
            call.fail(Trouble.BROKEN, type(error).__name__)

    def _carry(self, call: _Call) -> Answer:
        request = call.request
        target = flaw(request) or target_of(request.url, allow_http=self._allow_http)
        if isinstance(target, str):
            return Answer(trouble=Trouble.UNSAFE, detail=target)
        try:
            sock = self._reach(target, call.ends)
        except OSError as error:
            return Answer(trouble=Trouble.UNREACHABLE, detail=_in_words(error))
        if isinstance(sock, str):
            return Answer(trouble=Trouble.UNSAFE, detail=sock)
        with sock:
            return exchange(request, target, sock, call.ends, self._max_bytes, call.leave)

    def _reach(self, target: Target, ends: float) -> socket.socket | str:
        """A connection that is ready for the request; or, in words, why none may be made. Raises OSError."""
        left_s(ends)  # the call may have waited for a thread
        addresses = [target.address] if target.address else self._look_up(target.host, target.port)
        for address in addresses:
            if reason := refusal(address, allow_private=self._allow_private):
                return reason
        sock = first_connection(addresses, target.port, ends, self._connect)
        if target.scheme == "http":
            return sock
        try:
            return secured(sock, target, ends, self._tls)
        except BaseException:
            sock.close()
            raise


def _in_words(error: OSError) -> str:
    match error:
        case socket.gaierror():
            return "the name leads nowhere"
        case ssl.SSLCertVerificationError():
            return f"certificate refused: {error.verify_message}"
        case ssl.SSLError():
            return f"no TLS: {error.reason or type(error).__name__}"
        case TimeoutError():
            return "no connection in time"
        case _:
            return f"no connection: {type(error).__name__}"


class _GivenUp(Exception):
    """Nobody waits for this call any more, and it has sent nothing yet: it must not begin to."""


class _Call:
    """One request on its way. Two threads meet here: the one that sends it and the one that waits for the answer."""

    def __init__(self, request: Outgoing, begun: float, within_ms: int) -> None:
        self.request = request
        self.ends = begun + within_ms / 1000
        self._begun = begun
        self._lock = threading.RLock()
        self._done = threading.Event()
        self._has_left = False
        self._answer: Answer | None = None

    def leave(self) -> None:
        """To be called before anything is written. Raises _GivenUp where the answer has been given already."""
        with self._lock:
            if self._answer is not None:
                raise _GivenUp
            self._has_left = True

    def conclude(self, answer: Answer) -> Answer:
        """Give the answer, unless one has been given. Returns the one that counts."""
        with self._lock:
            if self._answer is None:
                self._answer = replace(answer, took_ms=(time.monotonic() - self._begun) * 1000)
            self._done.set()
            return self._answer

    def fail(self, after_leaving: Trouble, detail: str) -> Answer:
        """Give an answer by whether a byte may have left."""
        with self._lock:
            trouble = after_leaving if self._has_left else Trouble.UNREACHABLE
            return self.conclude(Answer(trouble=trouble, detail=detail))

    def answer_in_time(self) -> Answer:
        """Wait for the answer, and give up when time is over: from then on nothing of this call leaves."""
        self._done.wait(max(0.0, self.ends - time.monotonic()))
        with self._lock:
            return self.fail(Trouble.TIMEOUT, f"no {'answer' if self._has_left else 'connection'} in time")
