"""An honest simulated buyer: it bids what a lead is worth to it, and takes what it bid for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import ClassVar, Final

from local.buyers_auth import Check, by_nothing
from local.buyers_book import Book, Verdict
from local.buyers_wire import Asked, Dialect, Reply, Unreadable

type Fields = Mapping[str, str]

ACTIONS: Final = ("ping", "post", "status", "returns")
RICH_STATES: Final = frozenset({"CA", "FL", "MA", "NJ", "NY", "TX", "WA"})
"""Where insurance costs more, and so leads do."""
NEW_FROM: Final = 2015
"""Year from which a vehicle counts as new."""
YES: Final = frozenset({"1", "on", "true", "y", "yes"})
NOISE: Final = 0.3
"""How much of the range of its bids is up to a buyer's mood."""


@dataclass(frozen=True, slots=True)
class Bid:
    """What a buyer says to a ping."""

    price_cents: int = 0
    """0: it does not bid."""
    reference: str = ""
    reason: str = ""


class Company:
    """One buyer. What it does depends on the seed, what it is sent, and what it bought; not on order or time."""

    name: ClassVar[str]
    dialect: ClassVar[Dialect]
    bids_cents: ClassVar[tuple[int, int]]
    """Lowest and highest bid."""
    standing_cents: ClassVar[int] = 0
    """What it pays for a lead that comes without a bid before."""
    wants_no_duplicates: ClassVar[bool] = False
    """Whether it refuses people whose address it has, by `email_sha256`."""
    ping_check: Check = staticmethod(by_nothing)
    check: Check = staticmethod(by_nothing)
    """For everything but pings."""

    def __init__(self, seed: int, *, faults: bool) -> None:
        """Without `faults` whoever is slow, lies or drops connections does not."""
        self._seed = seed
        self.faults = faults
        self.book = Book()

    def answer(self, action: str, asked: Asked) -> Reply:
        """Answer a request for one of ACTIONS."""
        check = self.ping_check if action == "ping" else self.check
        if not check(asked):
            self.book.stranger()
            return self.says("rejected", 401, reason="we do not know you")
        try:
            sent = self.dialect.read(asked)
        except Unreadable as error:
            return self.says("rejected", 400, reason=str(error))
        if action == "ping":
            return self.ping(asked, sent)
        named = sent.get("id") if action == "status" else None
        webhook_id = named or asked.headers.get("webhook-id")
        if not webhook_id:
            return self.says("rejected", 400, reason="webhook-id is missing")
        answers: dict[str, Callable[[str, Fields], Reply]] = {
            "post": self.post,
            "status": self.status,
            "returns": self.returns,
        }
        return answers[action](webhook_id, sent)

    def ping(self, asked: Asked, sent: Fields) -> Reply:
        """Bid, or say why not."""
        bid = self.bid(asked.fingerprint, self.dialect.known(sent))
        self.book.pinged(sent, "bid" if bid.price_cents else "no_bid")
        if not bid.price_cents:
            return self.says("no_bid", reason=bid.reason)
        self.book.offered(bid.reference, bid.price_cents)
        return self.says("bid", price_cents=bid.price_cents, reference=bid.reference)

    def post(self, webhook_id: str, sent: Fields) -> Reply:
        """Take a lead or refuse it; the same id again is answered as the first time."""
        verdict = self.book.posted(webhook_id, lambda: self.verdict(webhook_id, self.dialect.known(sent)))
        return self.tells(verdict, webhook_id)

    def status(self, webhook_id: str, sent: Fields) -> Reply:
        """What was said to a post."""
        verdict = self.book.post(webhook_id)
        return self.tells(verdict, webhook_id) if verdict else self.says("unknown")

    def returns(self, webhook_id: str, sent: Fields) -> Reply:
        """Take note of what became of a return."""
        self.book.told(webhook_id, sent)
        return self.says("accepted")

    def bid(self, key: str, fields: Fields) -> Bid:
        """What the lead is worth, between the lowest and the highest bid. Without a state there is no bid."""
        if "state" not in fields:
            return Bid(reason="state is missing")
        if self.wants_no_duplicates and self.book.has_bought(fields.get("email_sha256", "")):
            return Bid(reason="duplicate")
        low, high = self.bids_cents
        worth = quality(fields) * (1 - NOISE) + self.chance("bid", key) * NOISE
        reference = blake2b(f"{self._seed} {self.name} {key}".encode(), digest_size=8).hexdigest()
        return Bid(low + round((high - low) * worth), f"{self.name}-{reference}")

    def verdict(self, webhook_id: str, fields: Fields) -> Verdict:
        """Whether the buyer takes the lead: at most at its bid, or without one at its standing price."""
        reference = fields.get("reference")
        limit_cents = self.book.bid(reference) if reference else self.standing_cents
        price = fields.get("price_cents", "")
        asked_cents = int(price) if price.isdecimal() else None
        pays_cents = limit_cents if asked_cents is None else asked_cents
        reason = ""
        if "last_name" not in fields:
            reason = "last name is missing"
        elif limit_cents is None:
            reason = "there was no such bid"
        elif not limit_cents or (pays_cents or 0) > limit_cents:
            reason = "price is too high"
        elif self.wants_no_duplicates and self.book.has_bought(fields.get("email_sha256", "")):
            reason = "duplicate"
        return Verdict(
            "rejected" if reason else "accepted",
            None if reason else pays_cents,
            reason,
            asked_cents,
            fields.get("lead_id", ""),
            fields.get("email_sha256", ""),
        )

    def tells(self, verdict: Verdict, webhook_id: str) -> Reply:
        """A verdict as an answer."""
        if not verdict.is_accepted:
            return self.says("rejected", reason=verdict.reason)
        number = blake2b(f"{self.name} {webhook_id}".encode(), digest_size=6).hexdigest()
        return self.says("accepted", price_cents=verdict.price_cents, reference=number)

    def says(self, word: str, status: int = 200, price_cents: int | None = None, **texts: str) -> Reply:
        """An answer in the buyer's own way of writing."""
        return Reply(status, self.dialect.say(word, price_cents, **texts), self.dialect.media_type)

    def chance(self, purpose: str, key: object) -> float:
        """A number from 0 up to 1 that only the seed, the buyer and these two decide."""
        what = "\n".join(map(str, (self._seed, self.name, purpose, key)))
        return int.from_bytes(blake2b(what.encode(), digest_size=8).digest()) / 2**64


def quality(fields: Fields) -> float:
    """How good a lead is, from 0 to 1: where it is, how new the vehicle is, a home of one's own, insured already."""
    year = fields.get("vehicle_year", "")
    signs = (
        fields.get("state", "").upper() in RICH_STATES,
        year.isdecimal() and int(year) >= NEW_FROM,
        fields.get("homeowner", "").lower() in YES,
        fields.get("insured", "").lower() in YES,
    )
    return sum(signs) / len(signs)
