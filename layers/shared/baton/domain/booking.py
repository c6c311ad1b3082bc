"""Booking: which caps a lead counts against, and in which windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baton.domain.caps import Span, campaign_scope, pool_scope, window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from baton.domain.caps import WindowCaps
    from baton.domain.pool import Member
    from baton.domain.recipient import Recipient


def scopes(
    member: Member | None, recipient: Recipient, pool_id: str | None, campaign_id: str
) -> Iterator[tuple[str, WindowCaps]]:
    """The caps that a lead counts against, each with the scope of its windows."""
    yield "", recipient.caps
    if member is not None and pool_id is not None:
        yield pool_scope(pool_id), member.caps
    if campaign_id in recipient.campaign_caps:
        yield campaign_scope(campaign_id), recipient.campaign_caps[campaign_id]


def windows_of(
    member: Member | None, recipient: Recipient, pool_id: str | None, campaign_id: str, now: datetime
) -> tuple[str, ...]:
    """The windows that a lead is booked in: in total all four, of a pool or campaign those that are capped.

    A cap newly put on a recipient counts what it had before; one on a pool or campaign counts from then on.
    """
    spans = {
        scope: tuple(Span) if scope == "" else tuple(span for span, _ in caps.limits)
        for scope, caps in scopes(member, recipient, pool_id, campaign_id)
    }
    return tuple(f"{scope}{window(span, now, recipient.zone)}" for scope in spans for span in spans[scope])
