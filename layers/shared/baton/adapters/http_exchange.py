"""One HTTP exchange over one connection: made to a checked address, and bounded in time and bytes down to each read.

HTTP/1.1 is `http.client`'s, which writes and reads over any socket that it is given: here over a Wire, which ends every
single read and write in time and counts the bytes. Nothing is followed, unpacked, reused or sent a second time.
"""

from __future__ import annotations

import io
import re
import socket
import time
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import TYPE_CHECKING, Any, Final

from baton.application.outgoing import Answer, Outgoing, Trouble

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence

    from baton.adapters.safe_addresses import Target

_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}")
_HEADER_VALUE: Final = re.compile(r"[\t -~]*")
_OURS: Final = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that say where a request ends and what becomes of the connection."""
_HEAD_BYTES: Final = 65_536
"""What may come beside the body: status, headers, the sizes of chunks."""
_PIECE_BYTES: Final = 65_536
"""Read at once: an announced length is believed only as far as the bytes really come."""
_MAX_ADDRESSES: Final = 3
_LEAST_PATIENCE_S: Final = 0.3
"""For one address before the next is tried: a far-away buyer's handshake takes that long."""
_FIRST_FINAL_STATUS: Final = 200
_CUT_OFF: Final = Answer(trouble=Trouble.BROKEN, detail="the connection ended within the answer")


class TooLarge(Exception):
    """More has come than is read."""


def flaw(request: Outgoing) -> str:
    """What of the request itself may not be sent, in words; '' where all is well."""
    if request.method not in _METHODS:
        return "not a method that is sent"
    for name, value in request.headers.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            return "a header has a character that no header may have"
        if name.lower() in _OURS:
            return f"the header {name.lower()} is not the request's to set"
    return ""


def connect(address: str, port: int, timeout_s: float) -> socket.socket:
    """A TCP connection to exactly this IP address. Raises OSError."""
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout_s)
        sock.connect((address, port))
        # The head and the body are two writes: the second must not wait until the first is acknowledged.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock


def first_connection(
    addresses: Sequence[str],
    port: int,
    ends: float,
    connect: Callable[[str, int, float], socket.socket],
) -> socket.socket:
    """A connection to the first of the addresses that takes one. Raises OSError of the last that was tried."""
    tried = addresses[:_MAX_ADDRESSES]
    for no, address in enumerate(tried):
        left = left_s(ends)
        try:
            return connect(address, port, min(left, max(_LEAST_PATIENCE_S, left / (len(tried) - no))))
        except OSError:
            if no + 1 == len(tried):
                raise
    message = "no address"
    raise OSError(message)


def secured(sock: socket.socket, target: Target, ends: float, tls: ssl.SSLContext) -> ssl.SSLSocket:
    """The connection over TLS, the certificate checked against the target's name. Raises OSError."""
    sock.settimeout(left_s(ends))
    return tls.wrap_socket(sock, server_hostname=target.host)


def left_s(ends: float) -> float:
    """Seconds until that moment of the monotonic clock. Raises TimeoutError where it is over."""
    left = ends - time.monotonic()
    if left <= 0:
        message = "time is over"
        raise TimeoutError(message)
    return left


class Wire:
    """What http.client takes for its socket: every read and write ends in time, and so many bytes are read, no more."""

    def __init__(
        self, sock: socket.socket, ends: float, max_bytes: int, before_writing: Callable[[], None]
    ) -> None:
        self._sock = sock
        self._ends = ends
        self._max_bytes = max_bytes
        self._before_writing = before_writing
        self._reading: _Reading | None = None

    def sendall(self, content: bytes) -> None:
        """Write all of it; whether anything may be written is asked first."""
        self._before_writing()
        self._sock.settimeout(left_s(self._ends))
        self._sock.sendall(content)

    def makefile(self, mode: str) -> io.BufferedReader:
        """What is read, whatever the mode."""
        self._reading = _Reading(self._sock, self._ends, self._max_bytes)
        return io.BufferedReader(self._reading)

    @property
    def has_ended(self) -> bool:
        """Whether the other side was seen to have written its last."""
        return self._reading is not None and self._reading.has_ended

    def close(self) -> None:
        """Nothing: who opened the socket closes it."""


class _Reading(io.RawIOBase):
    def __init__(self, sock: socket.socket, ends: float, max_bytes: int) -> None:
        self._sock = sock
        self._ends = ends
        self._left_bytes = max_bytes
        self.has_ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """What has come, into the buffer. Raises TimeoutError, TooLarge, OSError."""
        self._sock.settimeout(left_s(self._ends))
        count = self._sock.recv_into(buffer)
        self._left_bytes -= count
        self.has_ended = count == 0
        if self._left_bytes < 0:
            raise TooLarge
        return count


def exchange(
    request: Outgoing,
    target: Target,
    sock: socket.socket,
    ends: float,
    max_bytes: int,
    before_writing: Callable[[], None],
) -> Answer:
    """Send the request and read the answer. From here on the request may have arrived, whatever goes wrong."""
    wire = Wire(sock, ends, max_bytes + _HEAD_BYTES, before_writing)
    connection = HTTPConnection(target.host, target.port)
    connection.auto_open = 0
    connection.sock = wire
    try:
        _send(connection, request, target)
        with connection.getresponse() as response:
            # http.client takes the end of the connection for the end of the headers: a cut-off answer would be a 200.
            return _CUT_OFF if wire.has_ended else _read(response, max_bytes)
    except TimeoutError:
        return Answer(trouble=Trouble.TIMEOUT, detail="no answer in time")
    except TooLarge:
        return Answer(trouble=Trouble.TOO_LARGE, detail=f"the answer is longer than {max_bytes} bytes")
    except (HTTPException, OSError, ValueError) as error:
        return Answer(trouble=Trouble.BROKEN, detail=type(error).__name__)
    finally:
        connection.close()


def _send(connection: HTTPConnection, request: Outgoing, target: Target) -> None:
    connection.putrequest(request.method, target.path, skip_host=True, skip_accept_encoding=True)
    given = {name.lower(): value for name, value in request.headers.items()}
    ours = {"host": target.authority, "accept-encoding": "identity", "connection": "close"}
    if request.body or request.method in {"POST", "PUT", "PATCH"}:
        ours["content-length"] = str(len(request.body))
    for name, value in ({"user-agent": "Baton", "accept": "*/*"} | given | ours).items():
        connection.putheader(name, value)
    connection.endheaders(request.body or None)


def _read(response: HTTPResponse, max_bytes: int) -> Answer:
    if response.status < _FIRST_FINAL_STATUS:
        return Answer(trouble=Trouble.BROKEN, detail="the answer is none that ends an exchange")
    if (response.length or 0) > max_bytes:
        raise TooLarge
    body = bytearray()
    while len(body) <= max_bytes and (piece := response.read(_PIECE_BYTES)):
        body += piece
    if len(body) > max_bytes:
        raise TooLarge
    if response.length:
        return _CUT_OFF
    headers: dict[str, str] = {}
    for name, value in response.getheaders():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return Answer(status=response.status, body=bytes(body), headers=headers)
