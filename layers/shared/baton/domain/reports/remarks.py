"""Remarks: what in a week's figures a manager should look at, and why, in words."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from baton.domain.reports.figures import LeadFigures, OfferFigures
from baton.domain.reports.ordering import main_currency
from baton.domain.reports.shares import Share

FEWEST_LEADS: Final = 10
"""Leads of a week below which a source's figures say nothing."""
FEWEST_OFF: Final = 3.0
"""Leads more or fewer than promised that are worth a remark; fewer come from a morning off."""
LARGEST_PART_OFF: Final = 0.25
"""The same, as a part of what was promised."""
FEWEST_CONTACTS: Final = 5
SLOW_MS: Final = 15 * 60_000
"""Nobody is slow who reaches half of the people within this time, however fast the others are."""
TIMES_SLOWER: Final = 2
"""How many times longer than all together somebody takes who is slow."""


class Remark(NamedTuple):
    """Something to look at."""

    id: str
    """Of the source or recipient."""
    why: str


def best_and_worst(sources: Mapping[str, LeadFigures]) -> tuple[Remark, Remark] | None:
    """The best and the worst source: by profit a lead where leads have any, else by conversion; None: no telling.

    Where leads are of several currencies, by the one that most sources have: who has only another is neither.
    """
    known = {who: found for who, found in sorted(sources.items()) if found.received >= FEWEST_LEADS}
    currency = main_currency(found.money for found in known.values())
    values = {
        who: _value(found, currency)
        for who, found in known.items()
        if not found.money or currency in found.money
    }
    if not any(values.values()):
        currency, values = None, {who: found.conversion or 0.0 for who, found in known.items()}
    if len(set(values.values())) < 2:  # noqa: PLR2004 - with one value for all, none is better
        return None
    best, worst = max(values, key=lambda who: values[who]), min(values, key=lambda who: values[who])
    return Remark(best, _why(known[best], currency)), Remark(worst, _why(known[worst], currency))


def out_of_step(shares: Mapping[str, Share]) -> list[Remark]:
    """Who got clearly more or fewer leads than promised, those with the fewest first."""
    found = []
    for who, share in sorted(shares.items(), key=lambda pair: (pair[1].off_by or 0.0, pair[0])):
        off = share.off_by or 0.0
        if abs(off) >= max(FEWEST_OFF, LARGEST_PART_OFF * (share.expected or 0.0)):
            beside = "more than its share" if off > 0 else "fewer than its share"
            now = f"; {share.absent} now" if share.absent else ""
            found.append(Remark(who, f"{leads(share.turns)}, {abs(off):g} {beside}{now}"))
    return found


def slow(recipients: Mapping[str, OfferFigures], everybody: OfferFigures) -> list[Remark]:
    """Who takes far longer than all together until people are reached, the slowest first."""
    usual = everybody.response.p50_ms or 0
    found = [
        (half, who)
        for who, figures in recipients.items()
        if figures.contacted >= FEWEST_CONTACTS
        and (half := figures.response.p50_ms or 0) > max(SLOW_MS, TIMES_SLOWER * usual)
    ]
    return [
        Remark(who, f"{duration(half)} until half of the people were reached; all together {duration(usual)}")
        for half, who in sorted(found, reverse=True)
    ]


def leads(count: int) -> str:
    """So many leads, in words."""
    return "1 lead" if count == 1 else f"{count:,} leads"


def duration(ms: int) -> str:
    """A duration as people write it: `45 s`, `12 min`, `2 h 5 min`."""
    seconds = round(ms / 1000)
    if seconds < 90:  # noqa: PLR2004
        return f"{seconds} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def money(cents: int, currency: str) -> str:
    """An amount as people write it: `-12.50 USD`."""
    return f"{cents / 100:,.2f} {currency}"


def percent(share: float | None) -> str:
    """A share as people write it; a dash where there is none."""
    return "-" if share is None else f"{share:.1%}"


def _value(found: LeadFigures, currency: str | None) -> float:
    """Profit a lead, in whole cents; 0 for a source without any money."""
    money_of = found.money.get(currency or "")
    return (money_of.profit_per_lead_cents or 0) if money_of else 0


def _why(found: LeadFigures, currency: str | None) -> str:
    words = [leads(found.received), f"{percent(found.conversion)} converted"]
    if found.returned:
        words.append(f"{percent(found.return_rate)} given back")
    money_of = found.money.get(currency or "")
    if money_of and currency:
        profit, cost = money_of.profit_per_lead_cents or 0, money_of.cost_per_lead_cents or 0
        words += [f"profit a lead {money(profit, currency)}", f"cost a lead {money(cost, currency)}"]
    return ", ".join(words)
