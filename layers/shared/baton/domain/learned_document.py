"""Learned scores as they are kept: one document per campaign, with its revision."""

from dataclasses import replace

from baton.domain.documents import Record
from baton.domain.learning_score import LearnedScore
from baton.domain.scoring import Learned, Likelihood


class LearnedDocument(Record):
    """What a campaign has learned from the outcomes of its leads."""

    campaign_id: str
    rev: int
    text: str
    """The learned score as JSON."""
    promotions: int = 0
    """How often champion and challenger changed places: what was said under these names before is another's."""

    def score(self, rules: Learned) -> LearnedScore:
        """The learned score, under what the campaign says of it now."""
        found = LearnedScore.from_json(self.text) if self.text else LearnedScore()
        for learner in (found.champion, found.challenger):
            settings = replace(learner.settings, least_outcomes=rules.min_outcomes)
            learner.follow(replace(settings, ignore=rules.ignore, trusted=rules.trusted))
        return found

    def next(self, score: LearnedScore) -> "LearnedDocument":
        """The document once more was learned, one revision on."""
        return self.model_copy(update={"rev": self.rev + 1, "text": score.to_json()})


def nothing_learned(campaign_id: str) -> LearnedDocument:
    """The document of a campaign before the first outcome."""
    return LearnedDocument(campaign_id=campaign_id, rev=0, text="")


def likelihood_of(score: LearnedScore, facts: dict[str, object]) -> Likelihood:
    """What the champion says of a lead. Reasons name fields and repeat no answer: they stand in the timeline."""
    said = score.predict(facts)
    return Likelihood(
        probability=said.probability,
        common=said.base,
        reasons=tuple((one.field, one.log_odds) for one in said.reasons),
        enough=said.enough,
    )
