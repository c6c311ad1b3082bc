"""Review a lead that is held: release it, or reject it. What was rejected may be released after all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baton.domain.campaign import Campaign
from baton.domain.dedupe import Mark
from baton.domain.errors import ClaimContention, DuplicateLead, IllegalTransition, WorkflowUnavailable
from baton.domain.lead import Lead, LeadState
from baton.domain.review import freed, rejected, released

if TYPE_CHECKING:
    from collections.abc import Callable

    from baton.application.archive import Configuration
    from baton.application.compare_leads import CompareLeads
    from baton.application.ports import Clock, Leads, Workflows
    from baton.domain.change import Change

ATTEMPTS: Final = 5
_HELD: Final = frozenset({LeadState.QUARANTINED, LeadState.DISQUALIFIED})


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What became of a lead."""

    lead: Lead
    started: bool = True
    """False where its workflow could not be started now; the sweep will start it."""


class ReviewLead:
    """Of two people who decide at the same moment, one does, and the other hears so."""

    def __init__(
        self,
        leads: Leads,
        workflows: Workflows,
        clock: Clock,
        configuration: Configuration,
        compare: CompareLeads,
    ) -> None:
        self._leads = leads
        self._configuration = configuration
        self._compare = compare
        self._workflows = workflows
        self._clock = clock

    def release(self, lead_id: str, by: str) -> Reviewed:
        """Let a held or rejected lead go its way; nothing holds it again. Released twice, it goes once.

        Raises NotFound; IllegalTransition for a lead that is not held; DuplicateLead where its campaign refuses
        duplicates and its person has come in otherwise meanwhile; ClaimContention, StoreUnavailable.
        """
        lead = self._decide(
            lead_id,
            lambda lead: self._released(lead, by) if lead.state in _HELD else None,
            lambda lead: lead.cleared and lead.state not in _HELD,
        )
        return Reviewed(lead, self._start(lead))

    def _released(self, lead: Lead, by: str) -> Change:
        now = self._clock.now()
        after, marks = freed(lead, now), tuple[Mark, ...]()
        campaign = self._configuration.get_many(Campaign, [lead.campaign_id]).get(lead.campaign_id)
        if campaign is not None:
            compared = self._compare.of_person(campaign, after)
            after, marks = compared.lead, compared.marks
            if after.state is LeadState.DUPLICATE and after.duplicate_of:
                raise DuplicateLead(
                    after.duplicate_of, "its person has come in as another lead: reject this one"
                )
        return released(lead, after, marks, now, by)

    def reject(self, lead_id: str, by: str, reason: str) -> Reviewed:
        """Disqualify a held lead. `reason` is a code: events tell it. Rejected twice, it is rejected once.

        Raises NotFound; IllegalTransition for a lead that is not held; ClaimContention.
        """
        held = LeadState.QUARANTINED
        lead = self._decide(
            lead_id,
            lambda lead: rejected(lead, self._clock.now(), by, reason) if lead.state is held else None,
            lambda lead: lead.state is LeadState.DISQUALIFIED,
        )
        return Reviewed(lead)

    def _decide(
        self, lead_id: str, change: Callable[[Lead], Change | None], is_done: Callable[[Lead], bool]
    ) -> Lead:
        """The lead afterwards. Whoever decides has seen it as it is first read: what came after that is not undone."""
        seen: LeadState | None = None
        for _ in range(ATTEMPTS):
            lead = self._leads.get(lead_id)
            if is_done(lead):
                return lead
            if seen not in (None, lead.state):
                message = f"the lead is {lead.state} now, by somebody else's decision: look at it again"
                raise IllegalTransition(message)
            made = change(lead)
            if made is None:
                message = f"a lead that is {lead.state} is not held: there is nothing to decide"
                raise IllegalTransition(message)
            if self._leads.commit(made):
                return made.lead
            seen = lead.state
        raise ClaimContention(lead_id)

    def _start(self, lead: Lead) -> bool:
        """Starting twice is harmless."""
        if lead.state is not LeadState.RECEIVED:
            return True
        try:
            self._workflows.start(lead.lead_id, lead.attempt)
        except WorkflowUnavailable:
            return False
        return True
