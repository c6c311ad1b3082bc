"""Tell the rep of an offer, and note with it by which channels, which failed, and which wait."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from baton.application.channels import Note
from baton.application.messages import message_for
from baton.domain.campaign import Campaign, Reveal
from baton.domain.contact_hours import hold_off_words
from baton.domain.errors import ClaimContention, NotificationFailed
from baton.domain.offer import OfferState
from baton.domain.recipient import Recipient
from baton.domain.telling import UNAVAILABLE, channels_failed, news_of, told_by
from baton.domain.timeline import EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from baton.application.archive import Configuration
    from baton.application.channels import Channels, Told
    from baton.application.ports import Alerts, Clock, Leads, OfferLinks
    from baton.domain.channels import Channel
    from baton.domain.lead import Lead
    from baton.domain.offer import Offer

ATTEMPTS: Final = 5
LATER: Final = timedelta(minutes=5)
"""When a lead that is the rep's is told again, which no channel could take for as long as the workflow tries."""


class Retellings(Protocol):
    """Offers whose reps are to be told by a further channel, later."""

    def put(self, lead_id: str, offer_no: int, wait: timedelta) -> None:
        """Bring it back after `wait`, or before: a quarter of an hour is the longest. Raises StoreUnavailable."""
        ...


class TellOffer:
    """Told twice is harmless; told by nothing at all is seen by whoever calls this, and by operations."""

    def __init__(
        self,
        leads: Leads,
        configuration: Configuration,
        channels: Channels,
        links: OfferLinks,
        retellings: Retellings,
        alerts: Alerts,
        clock: Clock,
    ) -> None:
        self._leads = leads
        self._configuration = configuration
        self._channels = channels
        self._links = links
        self._retellings = retellings
        self._alerts = alerts
        self._clock = clock

    def __call__(
        self, lead: Lead, offer: Offer, came_back: Mapping[Channel, str] | None = None, *, last: bool = False
    ) -> tuple[Offer, bool]:
        """The offer with what was sent, and whether any channel took the message, or will in time.

        `came_back`: channels that had taken it and could not deliver it, and why. `last`: nobody tries again, so that
        what could not take it now has failed. Otherwise raises NotificationFailed when no channel works now;
        ClaimContention, StoreUnavailable.
        """
        recipient = self._configuration.get(Recipient, offer.recipient_id)
        failed = {**(came_back or {})}
        offer, told = self._tell(lead, offer, recipient, failed)
        standing = told_by(offer, failed) | {*told.by}
        waits = bool(told.held) and not _over_before(offer, told)
        reached = bool(standing) or waits
        if told.passing and not reached and not last:
            raise next(iter(told.passing.values()))
        failed |= {**told.refused, **dict.fromkeys(told.passing, UNAVAILABLE)}
        left_out = _left_out(recipient)
        # Before it is written: a run that ends between the two alerts once more, and not never.
        if news_of(offer, failed) or (not reached and not told.held and news_of(offer, left_out)):
            self._alert(offer, told, failed, reached=reached)
        offer = self._record(offer, left_out | failed)
        if told.until and waits:
            self._retellings.put(offer.lead_id, offer.no, told.until - self._clock.now())
        elif told.passing and not reached and offer.state is OfferState.ACCEPTED:
            self._retellings.put(offer.lead_id, offer.no, LATER)
        return offer, reached

    def _tell(
        self, lead: Lead, offer: Offer, recipient: Recipient, failed: Mapping[Channel, str]
    ) -> tuple[Offer, Told]:
        now, noted = self._clock.now(), offer

        def taken(channel: Channel) -> None:
            # At once: a step that dies on the next channel must not send this one again.
            nonlocal noted
            noted = self._noted(noted, {str(channel): self._clock.now().isoformat()})

        # Where something came back, or nothing has told the rep, what was only unavailable gets another chance.
        again = bool(failed) or not told_by(offer)
        spent = {one for one, why in offer.failed.items() if why != UNAVAILABLE or not again}
        note = self._note(lead, offer, recipient)
        told = self._channels.tell(recipient, note, now, offer.sent, {*spent, *failed}, taken)
        return noted, told

    def _note(self, lead: Lead, offer: Offer, recipient: Recipient) -> Note:
        """What the rep is to hear."""
        campaign, link = self._configuration.get(Campaign, lead.campaign_id), self._links.link(offer)
        quiet = hold_off_words(lead, campaign, self._clock.now())
        pending = offer.state is OfferState.PENDING
        hidden = pending and campaign.reveal is Reveal.AFTER_ACCEPTANCE
        return Note(
            message_for(lead, offer, recipient, link, campaign.reveal, quiet),
            lead.lead_id,
            offer.no,
            id=f"offer_{lead.lead_id}_{offer.no}",
            kind=EventKind.OFFER_MADE if pending else EventKind.LEAD_ASSIGNED,
            link=link,
            answer_until=offer.expires_at if pending else None,
            lead_phone=None if hidden else lead.contact.phone,
        )

    def _noted(self, offer: Offer, sent: Mapping[str, str]) -> Offer:
        """The offer after noting what was sent. An answer that came meanwhile is newer and stays."""
        for _ in range(ATTEMPTS):
            failed = {channel: why for channel, why in offer.failed.items() if channel not in sent}
            noted = offer.noted(sent={**offer.sent, **sent}, failed=failed)
            if self._leads.note(noted):
                return noted
            offer = self._leads.offer(offer.lead_id, offer.no)
        return offer

    def _record(self, offer: Offer, failed: Mapping[Channel, str]) -> Offer:
        """The offer after noting what failed, with the event that says so; the same once more changes nothing."""
        for _ in range(ATTEMPTS):
            news = news_of(offer, failed)
            if not news:
                return offer
            change = channels_failed(self._leads.get(offer.lead_id), offer, news, self._clock.now())
            if self._leads.commit(change):
                return change.offer or offer
            offer = self._leads.offer(offer.lead_id, offer.no)
        raise ClaimContention(offer.lead_id)

    def _alert(self, offer: Offer, told: Told, failed: Mapping[Channel, str], *, reached: bool) -> None:
        """Operations hear of a dead channel; if they cannot, the lead stays with the rep whom it has reached."""
        subject = (
            "A recipient could not be reached on every channel"
            if reached
            else "A recipient could not be told of a lead by any channel"
        )
        why = ", ".join(str(error) for error in told.passing.values())
        refused = [str(channel) for channel in failed if channel not in told.passing]
        with suppress(NotificationFailed):
            self._alerts.alert(
                subject,
                recipient_id=offer.recipient_id,
                lead_id=offer.lead_id,
                refused=refused,
                failed=why,
            )


def _left_out(recipient: Recipient) -> dict[Channel, str]:
    """Channels that the rep wants and that were not tried, because their addresses are known to fail."""
    wanted = {channel for step in recipient.steps for channel in step}
    return {channel: why for channel, why in recipient.not_working.items() if channel in wanted}


def _over_before(offer: Offer, told: Told) -> bool:
    """Whether the offer ends before the quiet hours do."""
    pending = offer.state is OfferState.PENDING and offer.expires_at is not None and told.until is not None
    return pending and bool(offer.expires_at and told.until and offer.expires_at <= told.until)
