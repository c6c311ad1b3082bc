"""Show what a campaign has learned: champion, challenger and rules side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from baton.domain.campaign import Campaign
from baton.domain.learning_score import LearnedScore, Standing, standing

if TYPE_CHECKING:
    from baton.application.archive import Configuration
    from baton.application.likelihoods import LearnedScores


@dataclass(frozen=True, slots=True)
class Shown:
    """A campaign's learned score, and who leads."""

    campaign: Campaign
    score: LearnedScore
    standing: Standing


class ShowLearned:
    """Reads one document."""

    def __init__(self, scores: LearnedScores, configuration: Configuration) -> None:
        self._scores = scores
        self._configuration = configuration

    def __call__(self, campaign_id: str) -> Shown:
        """What it knows now. Raises NotFound, StoreUnavailable."""
        campaign = self._configuration.get(Campaign, campaign_id)
        score = self._scores.get(campaign_id).score(campaign.scoring.learned)
        return Shown(campaign, score, standing(score))
