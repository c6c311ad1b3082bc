"""A simulated buyer's book: what it bid, what it was sent, and what it said to that."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

LATEST: Final = 1000
"""How many pings and notices are kept in full: enough for a test, and a long replay does not fill the memory."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the buyer says to a post, once and for all."""

    answer: str
    """`accepted` or `rejected`."""
    price_cents: int | None = None
    """What it says that it pays."""
    reason: str = ""
    asked_cents: int | None = None
    """What the post said that it costs."""
    lead_id: str = ""
    """Baton's number for the lead, if the post told it."""
    email_sha256: str = ""

    @property
    def is_accepted(self) -> bool:
        """Whether the buyer has the lead now."""
        return self.answer == "accepted"


class Book:
    """What one buyer remembers. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._pings: Counter[str] = Counter()
            self._bids: dict[str, int] = {}
            self._posts: dict[str, Verdict] = {}
            self._bought: set[str] = set()
            self._duplicates: Counter[str] = Counter()
            self._unanswered: Counter[str] = Counter()
            self._lost: Counter[str] = Counter()
            self._told: set[str] = set()
            self._latest: deque[dict[str, str]] = deque(maxlen=LATEST)
            self._notices: deque[dict[str, str]] = deque(maxlen=LATEST)
            self._strangers = 0

    def pinged(self, sent: Mapping[str, str], answer: str) -> None:
        """A ping that carried these fields got that answer: `bid`, `no_bid`, `nonsense` or `dropped`."""
        with self._lock:
            self._pings[answer] += 1
            self._latest.append(dict(sent))

    def offered(self, reference: str, price_cents: int) -> None:
        """That price was bid under that reference."""
        with self._lock:
            self._bids[reference] = price_cents

    def bid(self, reference: str) -> int | None:
        """The price that was bid under that reference, in cents; None if there was no such bid."""
        with self._lock:
            return self._bids.get(reference)

    def has_bought(self, email_sha256: str) -> bool:
        """Whether an accepted lead had that address."""
        with self._lock:
            return email_sha256 in self._bought

    def arrivals(self, webhook_id: str) -> int:
        """How often a post with that id has come so far, whatever became of it."""
        with self._lock:
            return (webhook_id in self._posts) + self._duplicates[webhook_id] + self._lost[webhook_id]

    def posted(self, webhook_id: str, decide: Callable[[], Verdict]) -> Verdict:
        """A post came: what is decided now, or what was decided when that id came first."""
        with self._lock:
            if webhook_id in self._posts:
                self._duplicates[webhook_id] += 1
                return self._posts[webhook_id]
            verdict = self._posts[webhook_id] = decide()
            if verdict.is_accepted and verdict.email_sha256:
                self._bought.add(verdict.email_sha256)
            return verdict

    def unanswered(self, webhook_id: str) -> None:
        """The verdict did not reach the other side."""
        with self._lock:
            self._unanswered[webhook_id] += 1

    def lost(self, webhook_id: str) -> None:
        """A post came and left no trace but this one."""
        with self._lock:
            self._lost[webhook_id] += 1

    def post(self, webhook_id: str) -> Verdict | None:
        """What was said to the post of that id; None if there was none."""
        with self._lock:
            return self._posts.get(webhook_id)

    def told(self, webhook_id: str, sent: Mapping[str, str]) -> None:
        """What became of a return was told; the same id again changes nothing."""
        with self._lock:
            if webhook_id not in self._told:
                self._told.add(webhook_id)
                self._notices.append(dict(sent))

    def stranger(self) -> None:
        """Somebody called who did not know the secret."""
        with self._lock:
            self._strangers += 1

    def document(self) -> dict[str, Any]:
        """Everything, as JSON has it. Counts are by `webhook-id`."""
        with self._lock:
            return {
                "pings": dict(self._pings),
                "bids": dict(self._bids),
                "posts": {webhook_id: asdict(verdict) for webhook_id, verdict in self._posts.items()},
                "duplicates": dict(self._duplicates),
                "unanswered": dict(self._unanswered),
                "lost": dict(self._lost),
                "latest_pings": list(self._latest),
                "return_notices": list(self._notices),
                "strangers": self._strangers,
            }
