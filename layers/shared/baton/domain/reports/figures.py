"""Figures: what a person reads off counters. A share is None where there is nothing that it could be a share of."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Self

from baton.domain.documents import Record
from baton.domain.reports.histogram import percentiles
from baton.domain.reports.tally import RESPONSE, ROUTING, Measures

_PERCENTS: Final = (50, 90, 95)
_MONEY: Final = ("cost", "revenue", "payout", "value", "won")
"""Measures of money: each is `<name>.<currency>`, in cents."""


class OfferMoney(Record):
    """Money of one currency, in cents, that moved with the leads which somebody has."""

    cost_cents: int
    """What sources ask for each lead, whatever becomes of it."""
    revenue_cents: int
    """What buyers pay for leads that they keep."""
    payout_cents: int
    """What sources are owed for those."""
    value_cents: int
    """What leads that converted were worth, as was reported with them."""

    @classmethod
    def of(cls, cents: Mapping[str, int], **_: int) -> Self:
        """The money of these measures, without their currency."""
        return cls(**{f"{name}_cents": cents.get(name, 0) for name in ("cost", "revenue", "payout", "value")})


class LeadMoney(OfferMoney):
    """Money of one currency, in cents, that leads brought and cost."""

    won_cents: int
    """Of the value, that of leads which reps have. What a lead is worth to a buyer is the buyer's."""
    margin_cents: int
    """Revenue less payout and cost."""
    profit_cents: int
    """Margin, and what reps have won."""
    cost_per_lead_cents: int | None
    """Cost and payout of each lead received."""
    cost_per_conversion_cents: int | None
    """Cost and payout of all leads for each that converted."""
    profit_per_lead_cents: int | None

    @classmethod
    def of(cls, cents: Mapping[str, int], *, received: int = 0, converted: int = 0, **_: int) -> Self:
        """The money of these measures, without their currency, of so many leads."""
        cost, revenue, payout, value, won = (cents.get(name, 0) for name in _MONEY)
        margin = revenue - payout - cost
        return cls(
            revenue_cents=revenue,
            payout_cents=payout,
            value_cents=value,
            cost_cents=cost,
            won_cents=won,
            margin_cents=margin,
            profit_cents=margin + won,
            cost_per_lead_cents=_each(cost + payout, received),
            cost_per_conversion_cents=_each(cost + payout, converted),
            profit_per_lead_cents=_each(margin + won, received),
        )


class Percentiles(Record):
    """How long something took, in milliseconds, to within 1.5 percent; None where it never happened."""

    p50_ms: int | None
    p90_ms: int | None
    p95_ms: int | None

    @classmethod
    def of(cls, measures: Measures, name: str) -> Self:
        """Those of the histogram of that name."""
        found = zip(_PERCENTS, percentiles(histogram(measures, name), _PERCENTS), strict=True)
        return cls(**{f"p{percent}_ms": None if ms is None else round(ms) for percent, ms in found})


class OfferFigures(Record):
    """What became of offers: of a recipient, a member, a pool or a stage."""

    offers: int
    accepted: int
    """Offers that were taken, also where the lead was given back later."""
    declined: int
    expired: int
    released: int
    """Given back by us: nobody could be told, or a buyer could not be reached or never answered."""
    pending: int
    assigned: int
    """Leads that reps got and did not give back."""
    sold: int
    """Leads that buyers got and did not give back."""
    kept: int
    """Leads that the recipient has now: assigned and sold."""
    returned: int
    reassigned: int
    """Leads that reps got, and that were taken back because nobody was contacted in time."""
    taken_back: int
    """Leads that reps got, and that a person gave to others."""
    contacted: int
    """Those whom the recipient reached, whoever has the lead now."""
    converted: int
    lost: int
    accept_rate: float | None
    """Accepted, of the offers that were accepted, declined or ran out."""
    contact_rate: float | None
    """Contacted, of the accepted."""
    conversion: float | None
    """Converted, of the accepted."""
    return_rate: float | None
    """Given back, of the accepted."""
    response: Percentiles
    """From the moment a lead came in to the first contact with its person."""
    money: dict[str, OfferMoney]
    """By currency."""

    @classmethod
    def of(cls, measures: Measures) -> Self:
        """The figures of these measures."""
        got = measures.get
        accepted, declined, expired = got("accepted", 0), got("declined", 0), got("expired", 0)
        return cls(
            offers=got("offered", 0),
            pending=got("pending", 0),
            **{name: got(name, 0) for name in ("accepted", "declined", "expired", "released")},
            **{name: got(name, 0) for name in ("assigned", "sold", "returned", "reassigned", "taken_back")},
            kept=got("assigned", 0) + got("sold", 0),
            **{name: got(name, 0) for name in ("contacted", "converted", "lost")},
            accept_rate=share(accepted, accepted + declined + expired),
            contact_rate=share(got("contacted", 0), accepted),
            conversion=share(got("converted", 0), accepted),
            return_rate=share(got("returned", 0), accepted),
            response=Percentiles.of(measures, RESPONSE),
            money=_by_currency(measures, OfferMoney),
        )


class LeadFigures(Record):
    """What became of leads: of all of them, a campaign, a source, a plan's version or a band."""

    received: int
    duplicates: int
    quarantined: int
    """Held as suspicious, at some time."""
    disqualified: int
    qualified: int
    """Those that came to their plan: neither duplicates nor held nor disqualified."""
    asked: int
    """Leads that were offered to somebody at least once."""
    placed: int
    """Leads that somebody had, if only for a while."""
    unassigned: int
    """Those that nobody has, and that wait for a person or for room."""
    offers: int
    accepted: int
    assigned: int
    sold: int
    """Sales that stand: a shared lead counts with each of its buyers."""
    returned: int
    reassigned: int
    taken_back: int
    """Leads that reps had, and that a person gave to others."""
    contacted: int
    """Those whose first contact was reported."""
    reached: int
    """Contacted, or converted without anybody having said so before."""
    converted: int
    lost: int
    qualify_rate: float | None
    """Qualified, of the received."""
    place_rate: float | None
    """Placed, of the qualified."""
    contact_rate: float | None
    """Reached, of the placed."""
    conversion: float | None
    """Converted, of the received."""
    return_rate: float | None
    """Given back, of the accepted offers."""
    routing: Percentiles
    """From the moment a lead came in until somebody had it."""
    response: Percentiles
    """From the moment a lead came in to the first contact with its person."""
    money: dict[str, LeadMoney]
    """By currency."""

    @classmethod
    def of(cls, measures: Measures) -> Self:
        """The figures of these measures."""
        got = measures.get
        received, accepted = got("received", 0), got("accepted", 0)
        qualified, placed = got("qualified", 0), got("placed", 0)
        return cls(
            offers=got("offered", 0),
            **{name: got(name, 0) for name in ("received", "duplicates", "quarantined", "disqualified")},
            **{name: got(name, 0) for name in ("qualified", "asked", "placed", "unassigned")},
            **{
                name: got(name, 0)
                for name in ("accepted", "assigned", "sold", "returned", "reassigned", "taken_back")
            },
            **{name: got(name, 0) for name in ("contacted", "reached", "converted", "lost")},
            qualify_rate=share(qualified, received),
            place_rate=share(placed, qualified),
            contact_rate=share(got("reached", 0), placed),
            conversion=share(got("converted", 0), received),
            return_rate=share(got("returned", 0), accepted),
            routing=Percentiles.of(measures, ROUTING),
            response=Percentiles.of(measures, RESPONSE),
            money=_by_currency(measures, LeadMoney, received=received, converted=got("converted", 0)),
        )


type Figures = LeadFigures | OfferFigures


def share(part: int, whole: int) -> float | None:
    """A part of a whole, to four digits; None where there is no whole."""
    return round(part / whole, 4) if whole else None


def histogram(measures: Measures, name: str) -> dict[int, int]:
    """The buckets of the histogram of that name."""
    prefix = f"{name}."
    return {int(key[len(prefix) :]): n for key, n in measures.items() if key.startswith(prefix)}


def flat(figures: Record) -> dict[str, Any]:
    """Figures one beside the other: `response_p50_ms`, `profit_cents.USD`."""
    return dict(_flat(figures.model_dump()))


def _flat(figures: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, figure in figures.items():
        if name == "money":
            for currency, cents in sorted(figure.items()):
                yield from ((f"{kind}.{currency}", number) for kind, number in cents.items())
        elif isinstance(figure, Mapping):
            yield from ((f"{name}_{part}", number) for part, number in _flat(figure))
        else:
            yield name, figure


def _by_currency[M: OfferMoney](measures: Measures, kind: type[M], **counts: int) -> dict[str, M]:
    cents: dict[str, dict[str, int]] = {}
    for key, number in measures.items():
        name, _, currency = key.partition(".")
        if name in _MONEY:
            cents.setdefault(currency, {})[name] = number
    return {currency: kind.of(cents[currency], **counts) for currency in sorted(cents)}


def _each(cents: int, count: int) -> int | None:
    return round(cents / count) if count else None
