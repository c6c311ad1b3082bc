"""The purse: may this buyer take part here, and can it pay? Of reps only the first is asked.

Looked at when buyers are asked, with the least that the lead may cost, and again at the claim, with its price.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baton.domain.buyer import BillingMode, BuyerStatus
from baton.domain.caps import Span, resets_words, window
from baton.domain.trace import Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from baton.domain.eligibility import Case
    from baton.domain.recipient import Recipient
    from baton.domain.standing import Usage


def cannot_deal(recipient: Recipient, case: Case) -> Iterator[Verdict]:
    """What keeps a recipient from this way of selling, whatever the lead."""
    buyer = recipient.buyer
    if buyer is None:
        if case.terms:
            yield Verdict(Reason.CANNOT_BID, {})
        return
    if buyer.status is BuyerStatus.PAUSED:
        yield Verdict(Reason.BUYER_PAUSED, {})
    elif (buyer.status is BuyerStatus.TEST) != case.test:
        yield Verdict(Reason.TEST_ONLY, {"lead": case.test})
    if case.terms is None and buyer.price_cents is None:
        yield Verdict(Reason.NO_PRICE, {})
    if case.terms and buyer.price_cents is not None and not case.terms.fixed_price:
        yield Verdict(Reason.CANNOT_BID, {})
    if buyer.billing.currency != case.currency:
        yield Verdict(Reason.OTHER_CURRENCY, {"pays": buyer.billing.currency, "asks": case.currency})


def least_price(recipient: Recipient, case: Case) -> int:
    """The least that the lead costs this recipient, in cents: its fixed price, or the lowest bid that is taken."""
    if recipient.buyer is None or case.test:
        return 0
    if recipient.buyer.price_cents is not None:
        return recipient.buyer.price_cents
    return case.terms.floor_cents if case.terms else 0


def cannot_pay(recipient: Recipient, usage: Usage, price_cents: int, now: datetime) -> Iterator[Verdict]:
    """What keeps a buyer from paying that price now. Held money is as good as spent; what costs nothing can be had."""
    if recipient.buyer is None or price_cents == 0:
        return
    billing = recipient.buyer.billing
    for span, cap, reason in (
        (Span.DAY, billing.per_day_cents, Reason.DAILY_SPEND_REACHED),
        (Span.MONTH, billing.per_month_cents, Reason.MONTHLY_SPEND_REACHED),
    ):
        spent = usage.spent.get(window(span, now, recipient.zone), 0)
        if cap is not None and spent + price_cents > cap:
            resets = resets_words(span, now, recipient.zone)
            yield Verdict(
                reason,
                {"spent_cents": spent, "price_cents": price_cents, "cap_cents": cap, "resets": resets},
            )
    credit = billing.credit_limit_cents if billing.mode is BillingMode.INVOICED else 0
    available = usage.balance_cents + credit - usage.held_cents
    if available < price_cents:
        yield Verdict(Reason.NO_BALANCE, {"available_cents": available, "price_cents": price_cents})
