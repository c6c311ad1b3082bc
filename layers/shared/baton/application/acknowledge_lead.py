"""Tell a lead's person who looks after them: once, when they may be told, and only if they want to hear of us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baton.application.duty_messages import acknowledgement_for
from baton.application.tell_once import Address, TellOnce
from baton.domain.consent import lacking
from baton.domain.contact_hours import hold_off_of
from baton.domain.errors import NotificationFailed
from baton.domain.promptness import done, put_off
from baton.domain.recipient import Channel
from baton.domain.timeline import EventKind

if TYPE_CHECKING:
    from baton.application.ports import Clock, Identities
    from baton.application.refuse_contact import DoNotContact
    from baton.domain.acknowledgement import Acknowledgement
    from baton.domain.campaign import Campaign
    from baton.domain.change import Change
    from baton.domain.duty import Duty
    from baton.domain.lead import Lead
    from baton.domain.recipient import Recipient

FIRST_OFFER: Final = 1
"""Where it is noted what the person was told: the same place, whoever has the lead when a step is repeated."""


class AcknowledgeLead:
    """Everything is asked at the moment of sending: what held when the rep got the lead may hold no more."""

    def __init__(
        self, tell: TellOnce, identities: Identities, do_not_contact: DoNotContact, clock: Clock
    ) -> None:
        self._tell = tell
        self._identities = identities
        self._do_not_contact = do_not_contact
        self._clock = clock

    def __call__(
        self, lead: Lead, duty: Duty, campaign: Campaign | None, rep: Recipient | None, *, patient: bool
    ) -> Change:
        """What is to be written of it.

        Raises NotificationFailed where no channel works now and there is time to try again (`patient`).
        StoreUnavailable: nobody is told as long as it is not known whether they want to hear of us.
        """
        now, text = self._clock.now(), campaign.acknowledgement if campaign else None
        channels: list[Channel] = []
        if campaign is None or text is None or rep is None:
            why = "not_wanted"
        elif quiet := hold_off_of(lead, campaign, now):
            return put_off(lead, duty, quiet.until, now, {"why": "quiet_hours"})
        else:
            why = self._obstacle(lead, text, campaign)
            if not why:
                channels, why = self._send(lead, text, rep, patient=patient)
        if why:
            return done(lead, duty, EventKind.ACKNOWLEDGEMENT_WITHHELD, now, {"why": why})
        facts = {"channels": [str(channel) for channel in channels]}
        return done(lead, duty, EventKind.LEAD_ACKNOWLEDGED, now, facts, acknowledged_at=now)

    def _obstacle(self, lead: Lead, text: Acknowledgement, campaign: Campaign) -> str:
        """Why this person is not to be told; '' where nothing speaks against it."""
        if lead.test:
            return "test"
        consent = lead.consent.model_dump(exclude_none=True) if lead.consent else {}
        asked = campaign.consent.asked
        if asked is None and (text.needs_consent or lead.consent):
            asked = ()
        if lacking(consent, asked):
            return "no_consent"
        if self._do_not_contact.listed(self._identities.person(lead.contact)):
            return "do_not_contact"
        return "" if _addresses(lead, text) else "no_address"

    def _send(
        self, lead: Lead, text: Acknowledgement, rep: Recipient, *, patient: bool
    ) -> tuple[list[Channel], str]:
        message = acknowledgement_for(text, lead, rep)
        try:
            taken = self._tell(lead.lead_id, FIRST_OFFER, "acknowledge", _addresses(lead, text), message)
        except NotificationFailed:
            if patient:
                raise
            return [], "not_delivered"
        return taken, "" if taken else "refused"


def _addresses(lead: Lead, text: Acknowledgement) -> list[Address]:
    """Where the person is told: by what there is a text for, and an address."""
    known = {
        Channel.SMS: lead.contact.phone if text.sms else None,
        Channel.EMAIL: lead.contact.email if text.mail else None,
    }
    return [Address(channel, where) for channel, where in known.items() if where]
