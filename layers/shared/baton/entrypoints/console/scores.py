"""Scores through the API: rate a lead, see what a campaign has learned, let the challenger count."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import BaseModel, Field

from baton.application.try_score import Outlook
from baton.domain.campaign import Campaign
from baton.domain.documents import Document, Id
from baton.domain.learning_score import Scorer
from baton.domain.scoring import Mode, Points, Scoring
from baton.domain.suspicion import Suspicion
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.routes import LEAD_ID_PATTERN, Key, Router, Routes, existing_id

if TYPE_CHECKING:
    from baton.application.preview_scoring import Compared, PreviewScoring
    from baton.application.promote_challenger import PromoteChallenger
    from baton.application.show_learned import ShowLearned, Shown
    from baton.application.try_score import Rated, TryScore
    from baton.domain.learning import Learner
    from baton.domain.learning_evaluation import Evaluation
    from baton.domain.scoring import Score

MAX_PREVIEWED: Final = 20
"""Leads in one answer: each is read by itself."""


class LeadToRate(Document):
    """A lead as a form would send it."""

    fields: dict[str, Any] = Field(max_length=1000)
    source_id: Id | None = None
    """The source it would come from; without one it comes from nowhere in particular."""


class RatedLead(BaseModel):
    """What a lead would score. Nothing is stored."""

    points: int
    band: str | None
    probability: float | None
    """Of conversion, as learned; null where nothing is learned or too little is known."""
    learned: bool
    """Whether the points are what was learned, and not what the rules say."""
    reasons: list[Points]
    """They add up to the points."""
    outlook: Outlook
    suspicions: list[Suspicion]

    @classmethod
    def of(cls, rated: "Rated") -> "RatedLead":
        """What the API shows of it."""
        score = rated.score
        return cls(
            points=score.points,
            band=score.band,
            probability=score.probability,
            learned=score.learned,
            reasons=list(score.reasons),
            outlook=rated.outlook,
            suspicions=list(rated.suspicions),
        )


class RulesToTry(Document):
    """Scoring rules that are not stored, and past leads of the campaign to rate by them."""

    scoring: Scoring
    lead_ids: Annotated[
        list[Annotated[str, Field(pattern=LEAD_ID_PATTERN)]], Field(min_length=1, max_length=MAX_PREVIEWED)
    ]


class Rating(BaseModel):
    """What a lead scores by some rules, at this moment."""

    points: int
    band: str | None
    reasons: list[Points]
    """They add up to the points."""
    outlook: Outlook

    @classmethod
    def of(cls, score: "Score") -> "Rating":
        """What the API shows of it."""
        below = Outlook.HELD if score.held else Outlook.QUALIFIED
        outlook = below if score.qualified else Outlook.DISQUALIFIED
        return cls(points=score.points, band=score.band, reasons=list(score.reasons), outlook=outlook)


class ComparedLead(BaseModel):
    """A lead by the rules as they are stored, and by those that were sent."""

    lead_id: str
    before: Rating
    after: Rating

    @classmethod
    def of(cls, compared: "Compared") -> "ComparedLead":
        """What the API shows of it."""
        before, after = Rating.of(compared.before), Rating.of(compared.after)
        return cls(lead_id=compared.lead_id, before=before, after=after)


class PreviewedScoring(BaseModel):
    """What scoring rules would make of past leads. Nothing is stored."""

    leads: list[ComparedLead]
    """In the order in which they were named; those that are gone, or are another campaign's, are left out."""


class CalibrationGroup(BaseModel):
    """Leads of about the same probability, and what became of them."""

    predicted: float
    converted: float
    leads: float


class Measured(BaseModel):
    """How good one way to rate leads has been, on leads that it rated when they came in."""

    name: Scorer
    outcomes: int | None
    """Learned from; null for the rules."""
    counts: bool
    """Whether it has seen enough to count."""
    auc: float | None
    brier: float | None
    log_loss: float | None
    calibration: list[CalibrationGroup]
    left_out: dict[str, str]
    """Fields that tell more than a field at intake mostly can, each with why it is not learned from."""

    @classmethod
    def of(cls, name: Scorer, evaluation: "Evaluation", learner: "Learner | None") -> "Measured":
        """One of champion, challenger and rules."""
        return cls(
            name=name,
            outcomes=learner.outcomes if learner else None,
            counts=learner.enough if learner else True,
            auc=evaluation.auc,
            brier=evaluation.brier,
            log_loss=evaluation.log_loss,
            calibration=[
                CalibrationGroup(predicted=group.predicted, converted=group.converted, leads=group.outcomes)
                for group in evaluation.calibration
            ],
            left_out=learner.left_out if learner else {},
        )


class LearnedModel(BaseModel):
    """What a campaign has learned."""

    campaign_id: str
    mode: Mode
    leader: Scorer
    """Who has been best so far."""
    promote: bool
    """Whether the challenger is surely better. A person decides."""
    why: str
    compared: int
    """Leads on which both learners were judged."""
    measured: list[Measured]

    @classmethod
    def of(cls, shown: "Shown") -> "LearnedModel":
        """What the API shows of it."""
        score, said = shown.score, shown.standing
        learners = {Scorer.CHAMPION: score.champion, Scorer.CHALLENGER: score.challenger}
        return cls(
            campaign_id=shown.campaign.id,
            mode=shown.campaign.scoring.learned.mode,
            leader=said.leader,
            promote=said.promote,
            why=said.why,
            compared=said.compared,
            measured=[Measured.of(name, score.evaluations[name], learners.get(name)) for name in Scorer],
        )


def scores_routes(
    rate: Callable[[], "TryScore"], preview: Callable[[], "PreviewScoring"], show: Callable[[], "ShowLearned"]
) -> Router:
    """The routes that change nothing."""
    routes = Routes("scores")

    def rate_lead(key: Key, document: Any) -> Answer:
        """Rate a lead without storing it."""
        found = rate()(existing_id(Campaign, key), document.fields, document.source_id)
        return as_json(200, RatedLead.of(found).model_dump(mode="json"))

    def preview_scoring(key: Key, document: Any) -> Answer:
        """Rate past leads by rules that are not stored, beside those that are."""
        found = preview()(existing_id(Campaign, key), document.lead_ids, document.scoring)
        shown = PreviewedScoring(leads=[ComparedLead.of(one) for one in found])
        return as_json(200, shown.model_dump(mode="json"))

    def read_model(key: Key) -> Answer:
        """Read what a campaign has learned: champion, challenger and rules side by side."""
        found = show()(existing_id(Campaign, key))
        return as_json(200, LearnedModel.of(found).model_dump(mode="json"))

    path = "/v1/campaigns/<campaign_id>/score"
    sent = ("malformed-body", "unsupported-media-type", "body-too-large")
    rated = described(
        200, RatedLead, "The score, and what would become of the lead.", "not-found", "invalid-lead", *sent
    )
    routes.add("POST", path, rate_lead, "rate_lead", rated, body=LeadToRate, reads=True)
    previewed = described(200, PreviewedScoring, "Both scores of each lead.", "not-found", *sent)
    routes.add(
        "POST", f"{path}/preview", preview_scoring, "preview_scoring", previewed, body=RulesToTry, reads=True
    )
    shown = described(200, LearnedModel, "What it knows, and how good it is.", "not-found")
    routes.add("GET", f"{path}/model", read_model, "read_learned_score", shown)
    return routes.router


def promotion_routes(promote: Callable[[], "PromoteChallenger"]) -> Router:
    """The route by which a person lets the challenger count."""
    routes = Routes("scores")

    def promote_challenger(key: Key) -> Answer:
        """Let the challenger be what the learned score says; the champion goes on beside it."""
        found = promote()(existing_id(Campaign, key))
        return as_json(200, LearnedModel.of(found).model_dump(mode="json"))

    done = described(200, LearnedModel, "They have changed places.", "not-found", "claim-contention")
    path = "/v1/campaigns/<campaign_id>/score/promotion"
    routes.add("POST", path, promote_challenger, "promote_challenger", done)
    return routes.router
