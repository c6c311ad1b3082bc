"""The six simulated buyers: two honest, one slow, one that lies, one that drops connections, one that wants nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from local.buyers_auth import SECRETS, by_basic, by_bearer, by_header, by_query, by_signature
from local.buyers_book import Verdict
from local.buyers_company import Bid, Company, Fields
from local.buyers_wire import Asked, Break, Dialect, Reply

OUR_WORDS: Final = {word: word for word in ("bid", "no_bid", "accepted", "rejected", "unknown")}
OUR_PLACES: Final = {place: place for place in ("status", "price", "reference", "reason")}
OUR_NAMES: Final = {
    name: name
    for name in (
        *("state", "vehicle_year", "homeowner", "insured", "email_sha256"),
        *("last_name", "price_cents", "reference", "lead_id"),
    )
}
FLAT_JSON: Final = Dialect("json", OUR_NAMES, "json", OUR_PLACES, OUR_WORDS)


class Harbor(Company):
    """Honest. Flat JSON, prices in dollars; posts must be signed. Wants no old vehicles; pays 9 dollars unseen."""

    name = "harbor"
    dialect = replace(
        FLAT_JSON, names={**OUR_NAMES, "bid_id": "reference"}, places={**OUR_PLACES, "reference": "bid_id"}
    )
    bids_cents = (1200, 3800)
    standing_cents = 900
    ping_check = staticmethod(by_header("X-Api-Key", SECRETS["harbor-ping"]))
    check = staticmethod(by_signature(SECRETS["harbor-post"]))
    _OLDEST = 1996

    def bid(self, key: str, fields: Fields) -> Bid:
        """Nothing for a vehicle from before 1996."""
        year = fields.get("vehicle_year", "")
        if year.isdecimal() and int(year) < self._OLDEST:
            return Bid(reason="vehicle is too old")
        return super().bid(key, fields)


class Summit(Company):
    """Honest. XML with nested names, prices in cents, bearer token. Bids for nobody whom it has; hears of returns."""

    name = "summit"
    dialect = Dialect(
        reads="xml",
        names={
            "risk.home.state": "state",
            "risk.home.owned": "homeowner",
            "risk.vehicle.year": "vehicle_year",
            "risk.insured": "insured",
            "check.email": "email_sha256",
            "person.family": "last_name",
            "deal.bid": "reference",
            "deal.cents": "price_cents",
            "deal.lead": "lead_id",
        },
        writes="xml",
        places={"status": "result", "price": "deal.cents", "reference": "deal.bid", "reason": "why"},
        words={"bid": "BID", "no_bid": "PASS", "accepted": "OK", "rejected": "NO", "unknown": "UNKNOWN"},
        cents=True,
    )
    bids_cents = (1000, 3400)
    wants_no_duplicates = True
    ping_check = check = staticmethod(by_bearer(SECRETS["summit"]))


class Slowpoke(Company):
    """Honest, pays well, and takes its time. Form-encoded requests, JSON answers, basic authentication."""

    name = "slowpoke"
    dialect = Dialect(
        reads="form",
        names={
            "st": "state",
            "veh_year": "vehicle_year",
            "own_home": "homeowner",
            "has_insurance": "insured",
            "lname": "last_name",
            "offer": "reference",
            "cents": "price_cents",
            "lead": "lead_id",
        },
        writes="json",
        places={
            "status": "result",
            "price": "offer.amount",
            "reference": "offer.number",
            "reason": "message",
        },
        words={
            "bid": "offer",
            "no_bid": "pass",
            "accepted": "bought",
            "rejected": "declined",
            "unknown": "unknown",
        },
    )
    bids_cents = (1400, 4000)
    ping_check = check = staticmethod(by_basic(SECRETS["slowpoke"]))
    _FASTEST_MS, _SLOWEST_MS = 300, 2500

    def ping(self, asked: Asked, sent: Fields) -> Reply:
        """As others, after a while."""
        reply = super().ping(asked, sent)
        if not self.faults:
            return reply
        extra_ms = (self._SLOWEST_MS - self._FASTEST_MS) * self.chance("pace", asked.fingerprint)
        return replace(reply, after_ms=self._FASTEST_MS + round(extra_ms))


class Mirage(Company):
    """Lies. Bids more than anybody, and then the price has changed; or it takes the lead and pays less.

    Some of its answers to pings mean nothing. Flat JSON, the key in the URL.
    """

    name = "mirage"
    dialect = FLAT_JSON
    bids_cents = (4500, 7000)
    ping_check = check = staticmethod(by_query("key", SECRETS["mirage"]))
    _NONSENSE_SHARE, _REFUSES, _PAYS_LESS = 0.2, 0.7, 0.15
    _NONSENSE = (
        Reply(200, b"<html><h1>Welcome to Mirage</h1></html>", "text/html"),
        Reply(200, b""),
        Reply(200, b'{"status": "bid", "price": 61.'),
        Reply(200, b'{"status": "bid", "reference": "mirage-1", "price": "call us"}'),
        Reply(200, b'{"status": "bid", "reference": "mirage-2", "price": -45.0}'),
        Reply(200, b'{"status": "bid", "reference": "mirage-3", "price": 1e300}'),
        Reply(200, b'{"status": "bid", "reference": "mirage-4", "price": NaN}'),
        Reply(200, b'["bid", 66]'),
        Reply(500, b"Internal Server Error", "text/plain"),
    )

    def ping(self, asked: Asked, sent: Fields) -> Reply:
        """A bid, or nonsense."""
        if not self.faults or self.chance("sense", asked.fingerprint) >= self._NONSENSE_SHARE:
            return super().ping(asked, sent)
        self.book.pinged(sent, "nonsense")
        return self._NONSENSE[int(self.chance("nonsense", asked.fingerprint) * len(self._NONSENSE))]

    def verdict(self, webhook_id: str, fields: Fields) -> Verdict:
        """Most leads are refused, some taken for less than was bid."""
        honest = super().verdict(webhook_id, fields)
        mood = self.chance("mood", webhook_id)
        if not self.faults or not honest.is_accepted or mood >= self._REFUSES + self._PAYS_LESS:
            return honest
        if mood < self._REFUSES:
            return replace(honest, answer="rejected", price_cents=None, reason="price changed")
        return replace(honest, price_cents=(honest.price_cents or 0) * 2 // 3)


class Flaky(Company):
    """Honest, on a bad line: pings and posts get lost, and leads that it took are not answered for.

    Nested JSON, a key in a header. Whether a post goes wrong depends on its id and on how often it has come.
    """

    name = "flaky"
    dialect = Dialect(
        reads="json",
        names={
            "lead.state": "state",
            "lead.vehicle.year": "vehicle_year",
            "lead.homeowner": "homeowner",
            "lead.insured": "insured",
            "lead.last_name": "last_name",
            "lead.id": "lead_id",
            "bid.id": "reference",
            "bid.cents": "price_cents",
        },
        writes="json",
        places={"status": "status", "price": "bid.cents", "reference": "bid.id", "reason": "error"},
        words=OUR_WORDS,
        cents=True,
    )
    bids_cents = (1000, 3900)
    ping_check = check = staticmethod(by_header("X-Flaky-Key", SECRETS["flaky"]))
    _DROPS_PING, _LOSES_POST, _DROPS_ANSWER = 0.15, 0.1, 0.25

    def ping(self, asked: Asked, sent: Fields) -> Reply:
        """A bid, or no answer at all."""
        if not self.faults or self.chance("ping", asked.fingerprint) >= self._DROPS_PING:
            return super().ping(asked, sent)
        self.book.pinged(sent, "dropped")
        return replace(self.says("no_bid"), breaks=Break.UNANSWERED)

    def post(self, webhook_id: str, sent: Fields) -> Reply:
        """Lost before it is in the book, or in the book and not or half answered, or all well."""
        key = f"{webhook_id} {self.book.arrivals(webhook_id)}"
        if self.faults and self.chance("lose", key) < self._LOSES_POST:
            self.book.lost(webhook_id)
            return replace(self.says("unknown"), breaks=Break.UNANSWERED)
        reply = super().post(webhook_id, sent)
        luck = self.chance("answer", key)
        if not self.faults or luck >= self._DROPS_ANSWER:
            return reply
        self.book.unanswered(webhook_id)
        return replace(reply, breaks=Break.HALF if luck < self._DROPS_ANSWER / 2 else Break.UNANSWERED)


class Grump(Company):
    """Wants nothing: no bid, said in one way or another, and every post is refused. Pings come as a query."""

    name = "grump"
    dialect = FLAT_JSON
    bids_cents = (0, 0)

    def ping(self, asked: Asked, sent: Fields) -> Reply:
        """No content, or a bid of nothing."""
        self.book.pinged(sent, "no_bid")
        if self.chance("silence", asked.fingerprint) < 1 / 2:
            return Reply(204)
        return self.says("no_bid", price_cents=0, reason="not interested")

    def verdict(self, webhook_id: str, fields: Fields) -> Verdict:
        """No."""
        honest = super().verdict(webhook_id, fields)
        return replace(honest, answer="rejected", price_cents=None, reason="not interested")

    def tells(self, verdict: Verdict, webhook_id: str) -> Reply:
        """As a problem with what was sent."""
        return replace(super().tells(verdict, webhook_id), status=422)


def six(seed: int, *, faults: bool) -> Mapping[str, Company]:
    """All of them, by name."""
    kinds: tuple[type[Company], ...] = (Harbor, Summit, Slowpoke, Mirage, Flaky, Grump)
    return {kind.name: kind(seed, faults=faults) for kind in kinds}
