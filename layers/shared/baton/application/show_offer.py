"""What a rep sees behind the link of an offer. Looking changes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from baton.application.archive import Configuration
from baton.application.messages import details, local_time, person
from baton.application.ports import Clock, Leads, OfferLinks
from baton.domain.campaign import Campaign, Reveal
from baton.domain.contact_hours import hold_off_words
from baton.domain.errors import NotFound
from baton.domain.lead import Lead, LeadState
from baton.domain.offer import Offer, OfferState
from baton.domain.recipient import Recipient
from baton.domain.zones import zone

UNDO_WITHIN: Final = timedelta(seconds=60)
"""How long an acceptance can be taken back on the page."""


_SAID: Final = frozenset({LeadState.CONTACTED, LeadState.CONVERTED, LeadState.LOST})


class Status(StrEnum):
    """How an offer stands, from the point of view of the rep who was offered the lead."""

    OPEN = "open"
    YOURS = "yours"
    DECLINED = "declined"
    TAKEN = "taken"
    PASSED_ON = "passed_on"
    REMOVED = "removed"
    """The person was forgotten: there is nothing to see and nothing to do any more."""
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class OfferView:
    """What the page of an offer says."""

    status: Status
    who: str = ""
    since: str = ""
    until: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    holder: str = ""
    """Name of the colleague who has the lead."""
    can_undo: bool = False
    may_report: bool = False
    """Whether the rep has the lead, and may say how it goes."""
    said: LeadState | None = None
    """What became of it so far, where somebody has said so."""
    seen: int = 0
    """The lead's revision."""
    hold_off: str = ""
    """Until when the person is to be left in peace, as a sentence."""


class ShowOffer:
    """Read an offer by its token. Forged, late and double are answers, not errors."""

    def __init__(self, leads: Leads, configuration: Configuration, links: OfferLinks, clock: Clock) -> None:
        self._leads = leads
        self._configuration = configuration
        self._links = links
        self._clock = clock

    def __call__(self, token: str) -> OfferView:
        """The page's content."""
        found = self.find(token)
        return self.view(*found) if found else OfferView(Status.INVALID)

    def find(self, token: str) -> tuple[Lead, Offer] | None:
        """The lead and offer that a token stands for; None when it is not ours, too old, or its lead is gone."""
        read = self._links.read(token, self._clock.now())
        if read is None:
            return None
        lead_id, no = read
        try:
            return self._leads.get(lead_id), self._leads.offer(lead_id, no)
        except NotFound:
            return None

    def view(self, lead: Lead, offer: Offer) -> OfferView:
        """How this offer of this lead stands."""
        now = self._clock.now()
        me = self._configuration.get(Recipient, offer.recipient_id)
        status = _status(lead, offer, now)
        if status in (Status.OPEN, Status.YOURS):
            campaign = self._configuration.get(Campaign, lead.campaign_id)
            hidden = status is Status.OPEN and campaign.reveal is Reveal.AFTER_ACCEPTANCE
            return OfferView(
                status,
                who=person(lead.contact, hidden=hidden),
                since=local_time(lead, me),
                until=offer.expires_at.astimezone(zone(me.zone)).strftime("%H:%M:%S")
                if offer.expires_at
                else "",
                rows=tuple(details(lead, hidden=hidden)),
                can_undo=may_undo(lead, offer, now),
                may_report=status is Status.YOURS and lead.is_held,
                said=lead.state if lead.state in _SAID else None,
                seen=lead.rev,
                hold_off=hold_off_words(lead, campaign, now),
            )
        return OfferView(status, since=local_time(lead, me), holder=self._holder(lead, status))

    def _holder(self, lead: Lead, status: Status) -> str:
        if status is not Status.TAKEN or not lead.recipient_id:
            return ""
        found = self._configuration.get_many(Recipient, [lead.recipient_id]).get(lead.recipient_id)
        return found.name if found else ""


def may_undo(lead: Lead, offer: Offer, now: datetime) -> bool:
    """Whether an acceptance can still be taken back: by the rep who made it, for a minute."""
    if offer.state is not OfferState.ACCEPTED or offer.expires_at is None or offer.answered_at is None:
        return False
    return offer.no == lead.offer_no and lead.can_become_scored and now - offer.answered_at <= UNDO_WITHIN


def _status(lead: Lead, offer: Offer, now: datetime) -> Status:
    if lead.forgotten_at is not None:
        return Status.REMOVED
    newest = offer.no == lead.offer_no
    if newest and offer.is_open(now):
        return Status.OPEN
    if newest and offer.state is OfferState.ACCEPTED:
        return Status.YOURS
    if offer.state is OfferState.DECLINED and lead.recipient_id in (None, offer.recipient_id):
        return Status.DECLINED
    return Status.TAKEN if lead.is_held else Status.PASSED_ON
