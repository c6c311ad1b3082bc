"""Workflow steps Offer and Notify: tell a recipient of a lead by SMS and email."""

from contextlib import suppress
from typing import Final

from baton.application.messages import Message, message_for
from baton.application.ports import Alerts, Clock, Configuration, Leads, Notifier, OfferLinks, Workflows
from baton.application.release_offer import ReleaseOffer
from baton.domain.campaign import Campaign
from baton.domain.contact_hours import hold_off_words
from baton.domain.errors import ClaimContention, NotificationFailed
from baton.domain.lead import Lead
from baton.domain.offer import Offer, OfferState
from baton.domain.pool import Release
from baton.domain.recipient import Channel, Recipient

ATTEMPTS: Final = 5


class OfferLead:
    """Remember who waits for the answer, then send the messages that were not sent yet."""

    def __init__(
        self,
        leads: Leads,
        configuration: Configuration,
        notifier: Notifier,
        links: OfferLinks,
        release: ReleaseOffer,
        workflows: Workflows,
        alerts: Alerts,
        clock: Clock,
    ) -> None:
        self._leads = leads
        self._configuration = configuration
        self._notifier = notifier
        self._links = links
        self._release = release
        self._workflows = workflows
        self._alerts = alerts
        self._clock = clock

    def __call__(self, lead_id: str, no: int, task_token: str | None = None) -> Offer:
        """The offer as it is afterwards. `task_token` is given where the workflow waits for an answer.

        Raises NotFound; NotificationFailed when no channel works now; ClaimContention.
        """
        offer = self._await_answer(lead_id, no, task_token)
        if task_token and not offer.is_open(self._clock.now()):
            # Answered already, or over: an expired one is still pending until Route gives it back.
            self._workflows.resume(task_token, {"answer": str(offer.state)})
            return offer
        lead = self._leads.get(lead_id)
        offer, reached = self._send(lead, offer)
        if not reached:
            self._unreachable(lead, offer)
        return offer

    def _await_answer(self, lead_id: str, no: int, task_token: str | None) -> Offer:
        """The offer, holding the token if it is still pending. An answer may come at this very moment."""
        for _ in range(ATTEMPTS):
            offer = self._leads.offer(lead_id, no)
            if not task_token or offer.state is not OfferState.PENDING or offer.task_token == task_token:
                return offer
            noted = offer.noted(task_token=task_token)
            if self._leads.note(noted):
                return noted
        raise ClaimContention(lead_id)

    def _send(self, lead: Lead, offer: Offer) -> tuple[Offer, bool]:
        """The offer with what was sent, and whether any channel took the message."""
        recipient = self._configuration.get(Recipient, offer.recipient_id)
        campaign = self._configuration.get(Campaign, lead.campaign_id)
        quiet = hold_off_words(lead, campaign, self._clock.now())
        message = message_for(lead, offer, recipient, self._links.link(offer), campaign.reveal, quiet)
        refused, failure = [], None
        for channel in recipient.reachable_by:
            if channel in offer.sent:
                continue
            try:
                taken = self._hand_over(channel, recipient, message)
            except NotificationFailed as error:
                failure = error
                continue
            if taken:
                # At once: a step that dies on the next channel must not send this one again.
                offer = self._noted(offer, {channel: self._clock.now().isoformat()})
            else:
                refused.append(channel)
        if failure and not offer.sent:
            raise failure
        if refused or failure:
            self._tell(offer, refused, failure)
        return offer, bool(offer.sent)

    def _tell(self, offer: Offer, refused: list[Channel], failure: NotificationFailed | None) -> None:
        """Operations hear of a dead channel; if they cannot, the lead stays with the rep whom it has reached."""
        subject, why = "A recipient could not be reached on every channel", str(failure or "")
        with suppress(NotificationFailed):
            self._alerts.alert(
                subject, recipient_id=offer.recipient_id, lead_id=offer.lead_id, refused=refused, failed=why
            )

    def _hand_over(self, channel: Channel, recipient: Recipient, message: Message) -> bool:
        if channel is Channel.SMS:
            return self._notifier.sms(recipient.phone or "", message.sms)
        return self._notifier.email(recipient.email or "", message.subject, message.text, message.html)

    def _noted(self, offer: Offer, sent: dict[str, str]) -> Offer:
        """The offer after noting what was sent. An answer that came meanwhile is newer and stays."""
        for _ in range(ATTEMPTS):
            noted = offer.noted(sent=offer.sent | sent)
            if self._leads.note(noted):
                return noted
            offer = self._leads.offer(offer.lead_id, offer.no)
        return offer

    def _unreachable(self, lead: Lead, offer: Offer) -> None:
        """Nobody was told, so nobody can answer: the next recipient is asked at once."""
        if offer.state is not OfferState.PENDING:
            return
        for _ in range(ATTEMPTS):
            if self._release(lead, offer, Release.UNDELIVERED):
                break
            lead, offer = self._leads.get(lead.lead_id), self._leads.offer(offer.lead_id, offer.no)
            if offer.state is not OfferState.PENDING:
                break
        if offer.task_token:
            self._workflows.resume(offer.task_token, {"answer": str(Release.UNDELIVERED)})
