"""Workflow step Attend: do what is due about a lead that a rep has and has not contacted."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Final

from baton.application.channels import Note
from baton.application.duty_messages import escalation_for, reminder_for, taken_back_for
from baton.domain.campaign import Campaign
from baton.domain.contact_hours import hold_off_words
from baton.domain.decision import decide
from baton.domain.duty import Act, Duty
from baton.domain.errors import ClaimContention, ConfigurationBroken, NotFound, NotificationFailed
from baton.domain.lead import Answer, Lead, LeadState
from baton.domain.pool import Release
from baton.domain.promptness import NOBODY_ELSE, done
from baton.domain.recipient import Recipient
from baton.domain.timeline import EventKind

if TYPE_CHECKING:
    from baton.application.acknowledge_lead import AcknowledgeLead
    from baton.application.archive import Configuration
    from baton.application.ports import Alerts, Clock, Leads, OfferLinks
    from baton.application.release_offer import ReleaseOffer
    from baton.application.restart_lead import RestartLead
    from baton.application.situations import ReadSituation
    from baton.application.tell_rep_once import TellRepOnce
    from baton.domain.change import Change

ATTEMPTS: Final = 32
"""Of one run: more than a lead has duties, and races."""
PATIENCE: Final = timedelta(minutes=5)
"""How long a message is tried that no channel takes, before what comes after it has its turn."""

AGAIN: Final = timedelta(seconds=30)
"""How long after a rep could not be told that a lead is theirs no more they are told again."""


class AttendLead:
    """Reads the lead first: whoever was reached, or has another rep by now, is left alone. So it may run twice."""

    def __init__(
        self,
        leads: Leads,
        configuration: Configuration,
        situation: ReadSituation,
        release: ReleaseOffer,
        restart: RestartLead,
        acknowledge: AcknowledgeLead,
        tell: TellRepOnce,
        links: OfferLinks,
        alerts: Alerts,
        clock: Clock,
    ) -> None:
        self._leads = leads
        self._configuration = configuration
        self._situation = situation
        self._release = release
        self._restart = restart
        self._acknowledge = acknowledge
        self._tell = tell
        self._links = links
        self._alerts = alerts
        self._clock = clock

    def __call__(self, lead_id: str, offer_no: int) -> int:
        """Whole seconds until something is to be done again; 0: nothing more is, about this assignment.

        Raises NotificationFailed, StoreUnavailable, WorkflowUnavailable, ClaimContention: come again soon.
        """
        for _ in range(ATTEMPTS):
            try:
                lead = self._leads.get(lead_id)
            except NotFound:
                return 0  # it has expired
            again_s = self._take_leave(lead, offer_no)
            if again_s or not is_attended(lead, offer_no):
                return again_s
            duty = lead.duties[0]
            left_s = (duty.at - self._clock.now()).total_seconds()
            if left_s > 0:
                return ceil(left_s)
            if duty.do is Act.REASSIGN and self._has_another_taker(lead):
                self._release(lead, self._leads.offer(lead_id, offer_no), Release.REASSIGNED)
            else:
                self._leads.commit(self._done(lead, duty))
        raise ClaimContention(lead_id)

    def _done(self, lead: Lead, duty: Duty) -> Change:
        """What is to be written once the duty is done. Whoever writes the lead first wins; the loser reads again."""
        if duty.do is Act.ACKNOWLEDGE:
            campaign, rep = self._campaign(lead), self._rep(lead.recipient_id)
            return self._acknowledge(lead, duty, campaign, rep, patient=self._is_patient(lead, duty))
        now = self._clock.now()
        if duty.do is Act.MISS:
            due_at = (lead.due_at or duty.at).isoformat()
            return done(lead, duty, EventKind.SERVICE_LEVEL_MISSED, now, {"due_at": due_at})
        if duty.do is Act.REMIND:
            return done(lead, duty, EventKind.REP_REMINDED, now, {"reached": self._remind(lead, duty)})
        why = {"why": NOBODY_ELSE} if duty.do is Act.REASSIGN else {}
        reached = self._escalate(lead, duty, **why)
        facts = {"to": list(duty.to), "reached": reached, **why}
        return done(lead, duty, EventKind.LEAD_ESCALATED, now, facts)

    def _remind(self, lead: Lead, duty: Duty) -> bool:
        rep = self._rep(lead.recipient_id)
        if rep is None:
            return False
        campaign = self._campaign(lead)
        quiet = hold_off_words(lead, campaign, self._clock.now()) if campaign else ""
        link = self._links.link(self._leads.offer(lead.lead_id, lead.offer_no))
        note = Note(
            reminder_for(lead, rep, link, quiet),
            lead.lead_id,
            kind=EventKind.REP_REMINDED,
            link=link,
            lead_phone=lead.contact.phone,
        )
        return self._told(lead, duty, rep, note)

    def _escalate(self, lead: Lead, duty: Duty, why: str = "not_contacted") -> bool:
        """Tell those who are named, and operations where nobody is, or nobody can be reached."""
        holder, reached = self._rep(lead.recipient_id), False
        for recipient_id in duty.to:
            told = self._rep(recipient_id)
            # A buyer that has come to be of that id hears nothing of a lead that it has not bought.
            if told is not None and told.buyer is None:
                name = holder.name if holder else "Nobody"
                message = escalation_for(lead, name, told)
                note = Note(message, lead.lead_id, kind=EventKind.LEAD_ESCALATED)
                reached |= self._told(lead, duty, told, note)
        if not reached:
            subject = "A lead was not contacted"
            self._alerts.alert(subject, lead_id=lead.lead_id, recipient_id=lead.recipient_id, why=why)
        return reached

    def _told(self, lead: Lead, duty: Duty, who: Recipient, note: Note) -> bool:
        try:
            return self._tell(lead.offer_no, f"{duty.name}.{who.id}", who, note)
        except NotificationFailed:
            if self._is_patient(lead, duty):
                raise
            return False

    def _is_patient(self, lead: Lead, duty: Duty) -> bool:
        """Whether a message that nobody takes now is tried again: nothing else waits for it, and it is not too late."""
        now = self._clock.now()
        waiting = any(other is not duty and other.at <= now for other in lead.duties)
        return not waiting and now < duty.at + PATIENCE

    def _has_another_taker(self, lead: Lead) -> bool:
        """Whether the plan has anybody else for the lead. A slow rep is better than nobody, or the same again."""
        try:
            decision = decide(self._situation(lead, self._clock.now()))
        except ConfigurationBroken:
            return False
        choice = decision.choice
        another = choice is not None and choice.recipient.id != lead.recipient_id
        return another or decision.auction is not None

    def _take_leave(self, lead: Lead, offer_no: int) -> int:
        """Of a lead that was taken back: let it go on, and tell its rep. Repeated until both are done.

        Seconds until that is tried again; operations hear of a rep who could not be told for too long.
        """
        taken_back = 0 < offer_no <= lead.offer_no and lead.offers[offer_no - 1].answer is Answer.REASSIGNED
        if not taken_back or lead.forgotten_at is not None:
            return 0
        if lead.state is LeadState.SCORED and lead.offer_no == offer_no:
            self._restart.if_idle(lead.lead_id)
        rep = self._rep(lead.offers[offer_no - 1].recipient_id)
        if rep is not None:
            note = Note(taken_back_for(lead, rep), lead.lead_id, kind=EventKind.LEAD_REASSIGNED)
            try:
                self._tell(offer_no, f"taken_back.{rep.id}", rep, note)
            except NotificationFailed:
                return self._again(lead.lead_id, offer_no, rep)
        return 0

    def _again(self, lead_id: str, offer_no: int, rep: Recipient) -> int:
        """When a rep is told again that a lead is theirs no more: nobody else looks after that."""
        taken_at = self._leads.offer(lead_id, offer_no).answered_at
        if taken_at is not None and self._clock.now() < taken_at + PATIENCE:
            return int(AGAIN.total_seconds())
        subject = "A rep could not be told that a lead was taken back"
        self._alerts.alert(subject, lead_id=lead_id, recipient_id=rep.id)
        return 0

    def _campaign(self, lead: Lead) -> Campaign | None:
        """The lead's campaign. What is owed stays owed where somebody has deleted it."""
        return self._configuration.get_many(Campaign, [lead.campaign_id]).get(lead.campaign_id)

    def _rep(self, recipient_id: str | None) -> Recipient | None:
        keys = [recipient_id] if recipient_id else []
        return self._configuration.get_many(Recipient, keys).get(recipient_id or "")


def is_attended(lead: Lead, offer_no: int) -> bool:
    """Whether something is still to be done about the lead for whoever got it by that offer, also if they lost it."""
    return (
        lead.state in {LeadState.ASSIGNED, LeadState.UNASSIGNED}
        and lead.offer_no == offer_no
        and lead.forgotten_at is None
        and bool(lead.duties)
    )
