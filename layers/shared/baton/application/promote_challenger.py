"""Promote the challenger: from now on it is the learned score, and the champion goes on beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from baton.application.show_learned import Shown
from baton.domain.campaign import Campaign
from baton.domain.errors import ClaimContention
from baton.domain.learning_score import standing

if TYPE_CHECKING:
    from baton.application.archive import Configuration
    from baton.domain.learned_document import LearnedDocument

ATTEMPTS: Final = 8


class KeptScores(Protocol):
    """What campaigns have learned, to be changed."""

    def get(self, campaign_id: str) -> LearnedDocument:
        """See LearnedScores.get."""
        ...

    def put(self, document: LearnedDocument) -> bool:
        """Store a document's next revision. False: somebody else wrote it first, and nothing was written."""
        ...


class PromoteChallenger:
    """A person's decision: what speaks for it is shown with the learned score."""

    def __init__(self, scores: KeptScores, configuration: Configuration) -> None:
        self._scores = scores
        self._configuration = configuration

    def __call__(self, campaign_id: str) -> Shown:
        """The two changed places. Raises NotFound, ClaimContention, StoreUnavailable."""
        campaign = self._configuration.get(Campaign, campaign_id)
        for _ in range(ATTEMPTS):
            document = self._scores.get(campaign_id)
            score = document.score(campaign.scoring.learned)
            score.promote()
            after = document.next(score).model_copy(update={"promotions": document.promotions + 1})
            if self._scores.put(after):
                return Shown(campaign, score, standing(score))
        raise ClaimContention(campaign_id)
