"""Telling a rep: which channels come next, and what the timeline says of those that failed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from baton.domain.change import Change
from baton.domain.channels import Channel
from baton.domain.claims import of_offer
from baton.domain.lead import LeadState
from baton.domain.offer import OfferState
from baton.domain.timeline import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from baton.domain.lead import Lead
    from baton.domain.offer import Offer
    from baton.domain.recipient import Recipient


UNAVAILABLE: Final = "unavailable"
"""Whoever carries the message could not take it now."""
DELAYED: Final = "delayed"
"""The message was taken, and has not arrived so far."""
_FOR_NOW: Final = frozenset({UNAVAILABLE, DELAYED})


class Ways(NamedTuple):
    """Channels to use."""

    now: tuple[Channel, ...] = ()
    """At once, all of them."""
    held: tuple[Channel, ...] = ()
    """Beside them, or instead of them, once the quiet hours are over."""
    until: datetime | None = None
    """When that is."""


def next_ways(recipient: Recipient, sent: Collection[str], failed: Collection[str], now: datetime) -> Ways:
    """The channels of the first step that has not failed as a whole, as far as they have not taken the message yet.

    A step of which every channel has to wait is passed over, as long as a later one need not; where all have to,
    the first waits.
    """
    useless = {*failed, *recipient.not_working}
    waits = Ways()
    for step in recipient.steps:
        usable = [channel for channel in step if channel not in useless]
        quiet = {
            channel: until
            for channel in usable
            if channel not in sent and (until := recipient.quiet_until(channel, now))
        }
        held, until = tuple(quiet), max(quiet.values(), default=None)
        if len(held) < len(usable):
            return Ways(tuple(one for one in usable if one not in quiet and one not in sent), held, until)
        if held and not waits.held:
            waits = Ways((), held, until)
    return waits


def is_to_be_told(lead: Lead, offer: Offer, now: datetime) -> bool:
    """Whether the rep of the offer still has to hear of it: it waits for an answer, or the lead is theirs unasked.

    Who has said how it goes with the lead knows of it.
    """
    if lead.forgotten_at is not None or offer.no != lead.offer_no:
        return False
    given = offer.state is OfferState.ACCEPTED and offer.answered_at is None
    return offer.is_open(now) or (given and lead.state is LeadState.ASSIGNED)


def told_by(offer: Offer, failed: Collection[str] = ()) -> set[Channel]:
    """The channels that have told the rep of the offer, except those that failed after all, now or before."""
    return {channel for channel in Channel if channel in {*offer.sent} - {*offer.failed, *failed}}


def news_of(offer: Offer, failed: Mapping[Channel, str]) -> dict[Channel, str]:
    """Of channels that failed, those of which that is not noted yet, or only that they failed for now."""

    def is_news(channel: Channel, why: str) -> bool:
        known = offer.failed.get(channel)
        return known is None or (known in _FOR_NOW and why not in _FOR_NOW)

    return {channel: why for channel, why in failed.items() if is_news(channel, why)}


def channels_failed(lead: Lead, offer: Offer, failed: Mapping[Channel, str], now: datetime) -> Change:
    """Some channels did not work: noted with the offer and in the timeline, beside those that the rep was told by."""
    offer = offer.noted(failed=offer.failed | {str(channel): why for channel, why in failed.items()})
    after = lead.revised()
    facts = {
        **of_offer(offer),
        "failed": {str(channel): why for channel, why in failed.items()},
        "told": sorted(told_by(offer)),
    }
    return Change(lead=after, event=Event.of(after, EventKind.CHANNEL_FAILED, now, facts), offer=offer)
