"""Post a lead to a buyer's system, or mail it, and say what the buyer makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from baton.application.call_buyers import Call, CallBuyers, Called
from baton.domain.contact_hours import hold_off_of
from baton.domain.disclosure import post_facts
from baton.domain.errors import NotificationFailed
from baton.domain.exchange import Purpose
from baton.domain.reading import Reading, Verdict, says_duplicate

if TYPE_CHECKING:
    from baton.application.mail_lead import MailLead
    from baton.application.ports import Clock, Leads
    from baton.domain.campaign import Campaign
    from baton.domain.lead import Lead
    from baton.domain.offer import Offer
    from baton.domain.recipient import Recipient

WITHIN_MS: Final = {Purpose.STATUS: 7_000, Purpose.POST: 22_000}
"""When the answers have to be there, counted from the first call: the step itself has 28 seconds."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a buyer says to a post."""

    reading: Reading
    certainly_not: bool = False
    """Whether it is certain that the buyer has not got the lead."""
    by_mail: bool = False
    """Whether it is a mail that could not be handed over: nobody has ever seen it."""
    calls: tuple[Called, ...] = ()


class PostLead:
    """The first time a plain post; after that a question first, where the buyer can be asked."""

    def __init__(self, leads: Leads, call: CallBuyers, mail: MailLead, clock: Clock) -> None:
        self._leads = leads
        self._call = call
        self._mail = mail
        self._clock = clock

    def __call__(
        self, lead: Lead, offer: Offer, recipient: Recipient, campaign: Campaign | None = None
    ) -> Said:
        """`offer` counts this try already. `campaign`: the lead's, which says when people are left in peace.

        Never raises for what the other side does.
        """
        buyer, delivery = recipient.buyer, offer.delivery
        assert buyer is not None
        assert delivery is not None
        if buyer.post is None:
            return self._mailed(lead, offer, recipient, campaign)
        facts, repeated = post_facts(lead, offer, self._clock.now(), campaign), delivery.tries > 1
        calls = [Call(recipient, buyer.post, Purpose.POST, facts, delivery.webhook_id)]
        if repeated and buyer.status_check:
            calls.insert(0, Call(recipient, buyer.status_check, Purpose.STATUS, facts, delivery.webhook_id))
        begun, made, said = self._clock.now(), list[Called](), Said(Reading(Verdict.UNCLEAR))
        for call in calls:
            spent_ms = round((self._clock.now() - begun).total_seconds() * 1000)
            called = self._call.one(
                call, lead, min(call.endpoint.timeout_ms, WITHIN_MS[call.purpose] - spent_ms)
            )
            made.append(called)
            said = _said(called, repeated=repeated)
            if said.reading.verdict is not Verdict.UNCLEAR:
                break
        return replace(said, calls=tuple(made))

    def keep(self, lead: Lead, said: Said) -> None:
        """Keep what was said, masked. Raises StoreUnavailable."""
        self._leads.keep([kept for one in said.calls if (kept := self._call.kept(one, lead))])

    def _mailed(self, lead: Lead, offer: Offer, recipient: Recipient, campaign: Campaign | None) -> Said:
        quiet = hold_off_of(lead, campaign, self._clock.now()) if campaign else None
        try:
            taken = self._mail(lead, offer, recipient, contact_from=quiet.until if quiet else None)
        except NotificationFailed:
            return Said(Reading(Verdict.UNCLEAR, reason="the mail could not be handed over"), by_mail=True)
        if taken:
            return Said(Reading(Verdict.ACCEPTED))
        return Said(Reading(Verdict.REJECTED, reason="the address was refused"))


def _said(called: Called, *, repeated: bool) -> Said:
    """What an answer means, which at a repetition is more than it says: the post before may have arrived."""
    reading = called.reading
    if called.answer is None:
        return Said(Reading(Verdict.UNCLEAR, reason=called.why), certainly_not=not repeated)
    if repeated and reading.verdict is Verdict.REJECTED:
        asked = called.call.endpoint.reads
        if not reading.explicit or says_duplicate(asked, called.answer.status, called.answer.body):
            # "I have that already", or an error that says nothing of the lead: it may have it from us.
            reading = replace(reading, verdict=Verdict.UNCLEAR)
    # Of a post that went out before, a connection that fails now says nothing.
    return Said(reading, certainly_not=not called.may_have_arrived and not repeated)
