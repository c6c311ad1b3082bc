"""Workflow step Score: rate a lead and say where it goes from here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from baton.application.archive import Configuration
from baton.application.ports import Clock, Identities, Leads
from baton.application.refuse_contact import DoNotContact
from baton.domain.campaign import Campaign
from baton.domain.change import Change, scored
from baton.domain.dedupe import DuplicatePolicy
from baton.domain.errors import ClaimContention, ConfigurationBroken, NotFound
from baton.domain.lead import Lead, LeadState, facts_of
from baton.domain.plan import PublishedPlan
from baton.domain.review import cleared_by_rule, held
from baton.domain.scoring import Likelihood, Mode, Score, rate, rule_points
from baton.domain.source import Source
from baton.domain.suspicion import Suspicion
from baton.domain.vetting import questions_about

ATTEMPTS: Final = 5
_ON: Final = frozenset({LeadState.SCORED, LeadState.OFFERED, LeadState.DELIVERING, LeadState.ASSIGNED})


class Then(StrEnum):
    """What the workflow does next."""

    ROUTE = "route"
    VET = "vet"
    """Somebody outside has to be asked first; then the lead is scored."""
    MERGE = "merge"
    """Its answers belong to an earlier lead."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Scored:
    """A lead after this step, and what follows."""

    lead: Lead
    then: Then


@dataclass(frozen=True, slots=True)
class Learned:
    """What a campaign's learned score says of a lead."""

    likelihood: Likelihood | None = None
    """Of the learner that counts."""
    predictions: dict[str, float] | None = None
    """What both learners and the rules give it, by their names: kept, to be measured by what becomes of the lead."""


class Likelihoods(Protocol):
    """What was learned from the outcomes of a campaign's leads."""

    def of(self, campaign: Campaign, lead: Lead) -> Learned:
        """What it says of this lead. Nothing where it cannot be read: the rules rate the lead then."""
        ...


class ScoreLead:
    """Give a lead its points and the plan version that it will follow; stop it below the threshold."""

    def __init__(
        self,
        leads: Leads,
        configuration: Configuration,
        identities: Identities,
        do_not_contact: DoNotContact,
        likelihoods: Likelihoods,
        clock: Clock,
    ) -> None:
        self._leads = leads
        self._configuration = configuration
        self._identities = identities
        self._do_not_contact = do_not_contact
        self._likelihoods = likelihoods
        self._clock = clock

    def __call__(self, lead_id: str) -> Scored:
        """The lead after scoring; unchanged if it had been scored before, or has to be vetted or merged first.

        Raises NotFound; ConfigurationBroken; ClaimContention when others kept writing the lead; StoreUnavailable.
        """
        for _ in range(ATTEMPTS):
            lead = self._leads.get(lead_id)
            if lead.state is not LeadState.RECEIVED:
                return Scored(lead, Then.ROUTE if lead.state in _ON else Then.DONE)
            if lead.duplicate_of and lead.on_duplicate is DuplicatePolicy.MERGE:
                return Scored(lead, Then.MERGE)
            campaign, plan = self._rules(lead)
            source = self._configuration.get_many(Source, [lead.source_id]).get(lead.source_id)
            if questions_about(lead, campaign, source):
                return Scored(lead, Then.VET)
            change = self._change(lead, campaign, plan, source)
            if self._leads.commit(change):
                return Scored(change.lead, Then.ROUTE if change.lead.state in _ON else Then.DONE)
        raise ClaimContention(lead_id)

    def _change(self, lead: Lead, campaign: Campaign, plan: PublishedPlan, source: Source | None) -> Change:
        now = self._clock.now()
        lead = lead.model_copy(update={"person": lead.person or self._identities.person(lead.contact)})
        score, predictions = rated(campaign, lead, source, self._likelihoods, facts_of(lead, now))
        found = [*self._unwanted(lead, campaign), *([Suspicion.LOW_SCORE] if score.held else [])]
        known = {
            "score": score.points,
            "band": score.band,
            "probability": score.probability,
            "predictions": predictions,
        }
        if found and score.qualified:
            said = {"points": score.points, "reasons": [reason.model_dump() for reason in score.reasons]}
            if change := held(lead, found, campaign, now, said, **known, person=lead.person):
                return change
            if not lead.cleared:
                known |= cleared_by_rule(lead, found)
        ties = self._identities.ties(lead.contact, campaign.stickiness)
        return scored(lead, score, plan.id, plan.version, now, ties, lead.person, known)

    def _unwanted(self, lead: Lead, campaign: Campaign) -> list[Suspicion]:
        """Whether the person wants no contact. A lead that was released goes on: somebody has looked."""
        asked = campaign.honour_do_not_contact and lead.person and not lead.cleared
        listed = self._do_not_contact.listed(lead.person) if asked else set()
        return [Suspicion.DO_NOT_CONTACT] if listed else []

    def _rules(self, lead: Lead) -> tuple[Campaign, PublishedPlan]:
        try:
            campaign = self._configuration.get(Campaign, lead.campaign_id)
            return campaign, self._configuration.get(PublishedPlan, campaign.plan_id)
        except NotFound as error:
            raise ConfigurationBroken(str(error)) from error


def rated(
    campaign: Campaign, lead: Lead, source: Source | None, likelihoods: Likelihoods, facts: dict[str, Any]
) -> tuple[Score, dict[str, float]]:
    """The lead's score, and what everybody who is measured says of it: both learners and the rules."""
    points = source.score_points if source else 0
    if campaign.scoring.learned.mode is Mode.OFF:
        return rate(campaign.scoring, facts, source_points=points), {}
    learned = likelihoods.of(campaign, lead)
    score = rate(campaign.scoring, facts, source_points=points, likelihood=learned.likelihood)
    by_rules = float(rule_points(campaign.scoring, facts, points))
    return score, {"points": by_rules, **(learned.predictions or {})}
