"""Get a lead's workflow going: start it if it never ran, wake it if it waits in vain, start it anew if it died."""

from enum import StrEnum
from typing import Final

from baton.application.ports import Clock, Execution, Leads, Workflows
from baton.application.resell_lead import is_to_be_resold, resell
from baton.domain.change import restarted
from baton.domain.lead import MOVING, UNFINISHED, Answer, Lead, LeadState
from baton.domain.quarantine import BY_RULE
from baton.domain.review import NOBODY_LOOKED, rejected

MAX_RESTARTS: Final = 5
"""Executions of one lead, one after another, before a person has to look. A release by hand counts as one.

A lead that a buyer may have is asked about for as long as it takes: nothing else can be done with it. One that was
taken from a rep needs another execution each time, and no person. Whatever a person orders is none of them.
"""


class Restarted(StrEnum):
    """What became of an attempt to get a lead going."""

    STARTED = "started"
    RUNNING = "running"
    NOT_NEEDED = "not_needed"
    GIVEN_UP = "given_up"
    LATER = "later"
    REJECTED = "rejected"
    """It was held for as long as its campaign lets leads be held."""
    ENDING = "ending"
    """Somebody has it, has not said what became of it, and it expires within a day."""
    NEGLECTED = "neglected"
    """What was to be done about it was not done in its time: its rep, or nobody, has it."""


class RestartLead:
    """The execution's name is lead and attempt; an attempt that has ended is followed by the next."""

    def __init__(self, leads: Leads, workflows: Workflows, clock: Clock) -> None:
        self._leads = leads
        self._workflows = workflows
        self._clock = clock

    def if_idle(self, lead_id: str) -> Restarted:
        """Start the lead's workflow unless one is running. Raises NotFound, WorkflowUnavailable."""
        lead = self._leads.get(lead_id)
        if is_to_be_resold(lead):
            if not resell(self._leads, lead, self._clock.now()):
                return Restarted.LATER
            lead = self._leads.get(lead_id)
        if lead.state is LeadState.QUARANTINED:
            return self._looked_at_by_nobody(lead)
        if lead.state not in MOVING:
            return self._of_what_stays(lead)
        status = self._workflows.status(lead_id, lead.attempt)
        if status is Execution.RUNNING:
            self._wake(lead)
            return Restarted.RUNNING
        if status is Execution.MISSING:
            return self._start(lead, lead.attempt)
        taken_back = sum(offer.answer is Answer.REASSIGNED for offer in lead.offers)
        restarts = lead.attempt - lead.ordered + 1
        if restarts >= MAX_RESTARTS + taken_back and lead.state is not LeadState.DELIVERING:
            return Restarted.GIVEN_UP
        return self._start(lead, lead.attempt + 1)

    def _of_what_stays(self, lead: Lead) -> Restarted:
        """A lead that is to go nowhere is watched where something is to be done about it, and where it expires."""
        now = self._clock.now()
        if lead.watch_at is None or now < lead.watch_at:
            return Restarted.NOT_NEEDED
        if lead.state in UNFINISHED:
            return Restarted.NEGLECTED if lead.duties and not lead.is_ending(now) else Restarted.ENDING
        owed = lead.state is LeadState.UNASSIGNED and lead.duties
        return Restarted.NEGLECTED if owed else Restarted.NOT_NEEDED

    def _looked_at_by_nobody(self, lead: Lead) -> Restarted:
        """A held lead is watched only where its campaign rejects those that nobody looks at for too long."""
        now = self._clock.now()
        if lead.watch_at is None or now < lead.watch_at:
            return Restarted.NOT_NEEDED
        done = self._leads.commit(rejected(lead, now, BY_RULE, NOBODY_LOOKED))
        return Restarted.REJECTED if done else Restarted.LATER

    def _start(self, lead: Lead, attempt: int) -> Restarted:
        """Started first and noted then: a start that fails leaves no trace, one that is repeated does no harm."""
        self._workflows.start(lead.lead_id, attempt)
        noted = self._leads.commit(restarted(lead, attempt, self._clock.now()))
        return Restarted.STARTED if noted else Restarted.LATER

    def _wake(self, lead: Lead) -> None:
        """A lead that was given back while its workflow still waits: the wake-up was lost. Harmless otherwise."""
        if lead.state is LeadState.SCORED and lead.offer_no:
            offer = self._leads.offer(lead.lead_id, lead.offer_no)
            if offer.task_token:
                self._workflows.resume(offer.task_token, {"answer": str(offer.state)})
