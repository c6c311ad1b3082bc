"""What use cases need to call other companies' systems: requests, answers, and the port that carries them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One HTTP request, ready to be sent."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    timeout_ms: int = 5_000
    """For everything together: name, connection, TLS, request and the whole answer."""


class Trouble(StrEnum):
    """Why there is no answer."""

    UNSAFE = "unsafe"
    """It may not be sent: not over https, into a private network, or with a header that would break the request."""
    UNREACHABLE = "unreachable"
    """No connection: the request has certainly not left."""
    TIMEOUT = "timeout"
    """Time was over before the whole answer was there; the request may have arrived."""
    BROKEN = "broken"
    """The connection broke or what came was no HTTP; the request may have arrived."""
    TOO_LARGE = "too_large"
    """The answer was longer than what is read; the request has arrived."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: a status with a body, or trouble."""

    status: int = 0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name."""
    trouble: Trouble | None = None
    detail: str = ""
    """Of trouble: what kind of thing happened. Never data of the request."""
    took_ms: float = 0

    @property
    def may_have_arrived(self) -> bool:
        """Whether the other side may have seen the request."""
        return self.trouble not in {Trouble.UNSAFE, Trouble.UNREACHABLE}


class Http(Protocol):
    """Calls to addresses that other people wrote into the configuration: safe, bounded in time and size."""

    def send(self, request: Outgoing) -> Answer:
        """Send one request. Never raises for what the other side does."""
        ...

    def send_all(self, requests: Sequence[Outgoing], within_ms: int) -> list[Answer]:
        """Send all at once; the answers in the order of the requests.

        Returns when all are there, and after `within_ms` at the latest: who has not answered by then is a timeout, or
        unreachable where nothing has left.
        """
        ...


class Secrets(Protocol):
    """Other systems' keys to us and ours to them, by name. Never part of documents, logs or traces."""

    def get(self, name: str) -> str | None:
        """The secret; None where none is stored under that name. Raises StoreUnavailable."""
        ...

    def put(self, name: str, value: str) -> None:
        """Store or replace a secret. Raises StoreUnavailable."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is a secret of that name, without reading it. Raises StoreUnavailable."""
        ...
