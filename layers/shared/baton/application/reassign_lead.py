"""Reassign a lead: take it from whoever has it, and let somebody else have it, by name or by its plan."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from baton.domain.campaign import Campaign
from baton.domain.errors import ClaimContention, IllegalTransition, WorkflowUnavailable
from baton.domain.lead import Answer, LeadState
from baton.domain.plan import PublishedPlan
from baton.domain.pool import Release
from baton.domain.reassignment import (
    BEGINS_ANEW,
    Order,
    begun_anew,
    check,
    chosen,
    may_be_chosen,
    taken_back,
)
from baton.domain.recipient import Recipient

if TYPE_CHECKING:
    from baton.application.archive import Configuration
    from baton.application.ports import Clock, Leads, Workflows
    from baton.application.release_offer import ReleaseOffer
    from baton.application.restart_lead import RestartLead
    from baton.domain.change import Change
    from baton.domain.lead import Lead

ATTEMPTS: Final = 8


class ReassignLead:
    """One transaction takes the lead back and notes who is to get it; the workflow's next decision gives it to them.

    So whatever crashes after it, the sweep lets the lead go on, and whoever had it is told by the event; and of an
    acceptance, an outcome and a reassignment at the same moment each is either before or after the other.
    """

    def __init__(
        self,
        leads: Leads,
        configuration: Configuration,
        release: ReleaseOffer,
        restart: RestartLead,
        workflows: Workflows,
        clock: Clock,
    ) -> None:
        self._leads = leads
        self._configuration = configuration
        self._release = release
        self._restart = restart
        self._workflows = workflows
        self._clock = clock

    def may_get_leads(self, recipient_id: str) -> bool:
        """Whether a person may give a lead to that recipient."""
        return may_be_chosen(self._configuration.get_many(Recipient, [recipient_id]).get(recipient_id))

    def __call__(self, lead_id: str, order: Order, offer_no: int | None = None) -> Lead:
        """The lead afterwards. `offer_no`: its newest offer, as whoever orders has seen it; what came after that one

        is not undone. Ordered twice, it is done once. Raises NotFound; IllegalTransition where the lead cannot go to
        somebody else, or was given to another meanwhile; ClaimContention, StoreUnavailable: then it may be done, and
        can be ordered again.
        """
        for _ in range(ATTEMPTS):
            lead = self._leads.get(lead_id)
            if self._is_done(lead, order, offer_no):
                self._go_on(lead)
                return lead
            if offer_no is not None and offer_no != lead.offer_no:
                message = "it went on meanwhile: look at it again"
                raise IllegalTransition(message)
            check(lead)
            change = self._change(lead, order)
            if change:
                self._go_on(change.lead)
                return change.lead
        raise ClaimContention(lead_id)

    def _is_done(self, lead: Lead, order: Order, offer_no: int | None) -> bool:
        """Whether the lead is where the order wants it: the second of two equal ones comes to that."""
        if order.to is not None:
            has_it = lead.state is LeadState.ASSIGNED and lead.recipient_id == order.to
            return has_it or lead.meant_for == order.to
        if lead.state is LeadState.SCORED:
            return lead.meant_for is None
        before = lead.offers[offer_no - 1] if offer_no and offer_no < lead.offer_no else None
        return before is not None and before.answer in (Answer.REASSIGNED, Answer.RELEASED)

    def _change(self, lead: Lead, order: Order) -> Change | None:
        """What became true. None: somebody else wrote the lead first."""
        if lead.state in BEGINS_ANEW:
            return self._committed(begun_anew(lead, order, self._plan(lead), self._clock.now()))
        if lead.state is LeadState.SCORED:
            return self._committed(chosen(lead, order, self._clock.now()))
        had = lead.state is LeadState.ASSIGNED
        return self._release(
            lead,
            self._leads.offer(lead.lead_id, lead.offer_no),
            Release.REASSIGNED if had else Release.UNDELIVERED,
            lambda change: taken_back(change, order, next_attempt=had),
        )

    def _committed(self, change: Change) -> Change | None:
        return change if self._leads.commit(change) else None

    def _plan(self, lead: Lead) -> PublishedPlan | None:
        """What its campaign's leads follow now."""
        campaign = self._configuration.get_many(Campaign, [lead.campaign_id]).get(lead.campaign_id)
        plan_id = campaign.plan_id if campaign else ""
        return self._configuration.get_many(PublishedPlan, [plan_id]).get(plan_id) if plan_id else None

    def _go_on(self, lead: Lead) -> None:
        """Let its workflow go on. It may be done again; what cannot be done now, the sweep does."""
        with suppress(WorkflowUnavailable):
            if lead.state in (LeadState.SCORED, LeadState.RECEIVED):
                # One that ends at this moment does not see the lead any more: the next is started without asking.
                self._workflows.start(lead.lead_id, lead.attempt)
                self._restart.if_idle(lead.lead_id)
