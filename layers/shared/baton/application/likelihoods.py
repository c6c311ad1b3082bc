"""What was learned from a campaign's outcomes, as Score asks for it: read once in a while, kept in between."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from baton.application.score_lead import Learned
from baton.domain.errors import StoreUnavailable
from baton.domain.lead import facts_of
from baton.domain.learned_document import likelihood_of
from baton.domain.learning_facts import intake_facts
from baton.domain.learning_score import LearnedScore, Scorer
from baton.domain.scoring import rule_points

if TYPE_CHECKING:
    from datetime import datetime

    from baton.application.ports import Clock
    from baton.domain.campaign import Campaign
    from baton.domain.lead import Lead
    from baton.domain.learned_document import LearnedDocument

PROMOTIONS: Final = "promotions"
"""Beside what the two learners said: how often they had changed places."""
BELIEVED: Final = timedelta(seconds=30)
"""How long a document that was read is used: a few outcomes more or less change no score that anybody would notice."""


class LearnedScores(Protocol):
    """What campaigns have learned."""

    def get(self, campaign_id: str) -> LearnedDocument:
        """The campaign's document; an empty one of revision 0 before the first outcome. Raises StoreUnavailable."""
        ...


class RememberedLikelihoods:
    """The Likelihoods of score_lead. A document that cannot be read rates nobody: the rules do."""

    def __init__(self, scores: LearnedScores, clock: Clock) -> None:
        self._scores = scores
        self._clock = clock
        self._known: dict[str, tuple[tuple[LearnedScore, int], Campaign, datetime]] = {}

    def of(self, campaign: Campaign, lead: Lead) -> Learned:
        """See Likelihoods.of."""
        try:
            score, promotions = self._score(campaign)
        except StoreUnavailable:
            return Learned()
        facts = intake_facts(lead)
        points = float(rule_points(campaign.scoring, facts_of(lead, lead.received_at)))
        predictions = {
            str(Scorer.CHAMPION): score.champion.predict(facts).probability,
            str(Scorer.CHALLENGER): score.challenger.predict(facts).probability,
            str(Scorer.RULES): score.points.probability(points),
            PROMOTIONS: float(promotions),
        }
        return Learned(likelihood_of(score, facts), predictions)

    def _score(self, campaign: Campaign) -> tuple[LearnedScore, int]:
        now = self._clock.now()
        known = self._known.get(campaign.id)
        if known and known[1] is campaign and now - known[2] < BELIEVED:
            return known[0]
        document = self._scores.get(campaign.id)
        found = document.score(campaign.scoring.learned), document.promotions
        self._known[campaign.id] = (found, campaign, now)
        return found
