"""Say what became of a lead: contacted, converted, lost, returned. Its campaign learns from it."""

from dataclasses import replace
from typing import Final

from baton.application.archive import Configuration
from baton.application.likelihoods import PROMOTIONS, LearnedScores
from baton.application.ports import Clock, Leads, Ledger
from baton.domain.campaign import Campaign
from baton.domain.change import Change
from baton.domain.conclusion import concluded, lapsed
from baton.domain.errors import ClaimContention, IllegalTransition, StoreUnavailable
from baton.domain.lead import Answer, Lead, LeadState
from baton.domain.learning_facts import intake_facts
from baton.domain.learning_score import Scorer
from baton.domain.offer import Offer, OfferState
from baton.domain.outcome import OutcomeIdReused, Report
from baton.domain.pool import Fairness, Pool
from baton.domain.scoring import Mode
from baton.domain.standing import Standings

ATTEMPTS: Final = 12
LEARNING_ATTEMPTS: Final = 8
"""Races for a campaign's learned score after which an outcome is recorded without being learned from."""
BY_RETENTION: Final = "retention"
"""Who says that a lead is lost which expires."""
_FINISHED: Final = frozenset({LeadState.CONVERTED, LeadState.LOST})
_TEACHES: Final = {LeadState.CONVERTED: True, LeadState.LOST: False}


class RecordOutcome:
    """One transaction: the lead's state, its recipient's capacity, what the recipient made of its leads, and what is

    learned from the lead. So nothing is learned twice, whatever is repeated.
    """

    def __init__(
        self,
        leads: Leads,
        ledger: Ledger,
        scores: LearnedScores,
        configuration: Configuration,
        clock: Clock,
    ) -> None:
        self._leads = leads
        self._scores = scores
        self._ledger = ledger
        self._configuration = configuration
        self._clock = clock

    def __call__(self, lead_id: str, report: Report, by: str) -> Lead:
        """The lead afterwards; unchanged where the same was reported before.

        Raises NotFound; IllegalTransition for a lead that nobody has, or that its buyer has to return; InvalidOutcome,
        OutcomeIdReused; ClaimContention.
        """
        for attempt in range(ATTEMPTS):
            lead = self._leads.get(lead_id)
            if self._is_known(lead, report):
                return lead
            if lead.state is not LeadState.RETURNED:
                _check_held(lead)
            offer = self._taken(lead)
            fairness, standings = self._fairness(offer.pool_id), self._standings(offer)
            change = concluded(lead, offer, report, fairness, standings, by, self._clock.now())
            taught = self._taught(change, lead) if attempt < LEARNING_ATTEMPTS else change
            if after := self._commit(taught, change):
                return after
        raise ClaimContention(lead_id)

    def lapsed(self, lead_id: str) -> Lead:
        """Take a lead for lost that expires, and of which nobody has said what became. It teaches nothing.

        Raises NotFound; IllegalTransition for a lead that nobody has; ClaimContention.
        """
        for _ in range(ATTEMPTS):
            lead = self._leads.get(lead_id)
            if lead.state in _FINISHED:
                return lead
            _check_held(lead)
            offer = self._taken(lead)
            change = lapsed(lead, offer, self._standings(offer), BY_RETENTION, self._clock.now())
            if self._leads.commit(change):
                return change.lead
        raise ClaimContention(lead_id)

    def _is_known(self, lead: Lead, report: Report) -> bool:
        """Whether the same was reported before. Raises OutcomeIdReused where its id said something else."""
        if report.reported is None:
            return report.is_known(lead)
        before = self._leads.reported(lead.lead_id, report.reported.report_id)
        if before and before != report.reported:
            message = (
                "another report of this lead has this id"
                if report.id
                else f"{report.outcome} was reported for that moment with something else: send an id of your own"
            )
            raise OutcomeIdReused(message)
        return before is not None

    def _standings(self, offer: Offer) -> Standings:
        members = [(offer.queue, offer.recipient_id)] if offer.queue else []
        return self._ledger.standings(members, [offer.recipient_id])

    def _commit(self, taught: Change, change: Change) -> Lead | None:
        """The lead afterwards; None where somebody else was faster.

        An outcome counts more than what is learned from it, and one document takes only some forty writes a second.
        """
        try:
            return taught.lead if self._leads.commit(taught) else None
        except StoreUnavailable:
            if taught is change:
                raise
        return change.lead if self._leads.commit(change) else None

    def _taught(self, change: Change, lead: Lead) -> Change:
        """The change, with what the lead teaches its campaign: nothing where the same was learned of it before.

        Tests teach nothing, nor does a lead whose person's data is gone, nor one that only was returned.
        """
        converted = _TEACHES.get(change.lead.conclusion) if change.lead.conclusion else None
        if converted is None or converted is lead.learned or lead.test or lead.forgotten_at:
            return change
        campaign = self._configuration.get_many(Campaign, [lead.campaign_id]).get(lead.campaign_id)
        if campaign is None or campaign.scoring.learned.mode is Mode.OFF:
            return change
        document = self._scores.get(campaign.id)
        score = document.score(campaign.scoring.learned)
        said = lead.predictions
        # What was said under these names before they changed places was said by the other one.
        same = said.get(PROMOTIONS) == document.promotions
        given = {scorer: said[scorer] for scorer in Scorer if same and scorer in said}
        points = said.get("points")
        score.learn(intake_facts(lead), converted, points=points, given=given, was=lead.learned)
        after = change.lead.model_copy(update={"learned": converted})
        return replace(change, lead=after, learned=document.next(score))

    def _taken(self, lead: Lead) -> Offer:
        """The newest offer that was taken. Of a lead for several buyers, the last one asked may have refused.

        Of a returned lead the one that was given back: what became of it before may be told later.
        """
        returned = lead.state is LeadState.RETURNED
        for no in range(lead.offer_no, 0, -1):
            offer = self._leads.offer(lead.lead_id, no)
            given_back = returned and lead.offers[no - 1].answer is Answer.RETURNED
            if offer.state is OfferState.ACCEPTED or given_back:
                return offer
        message = "a lead that nobody took is nobody's: it has no outcome"
        raise IllegalTransition(message)

    def _fairness(self, pool_id: str | None) -> Fairness | None:
        pool = self._configuration.get_many(Pool, [pool_id]).get(pool_id) if pool_id else None
        return pool.fairness if pool else None


def _check_held(lead: Lead) -> None:
    if not lead.is_held:
        message = f"a lead that is {lead.state} is nobody's: it has no outcome"
        raise IllegalTransition(message)
