"""Try a lead: who would get it, and why, under which rules, when. Claims nothing and writes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from baton.application.archive import Archive, Configuration
from baton.application.ports import Clock, Identities, Leads
from baton.application.score_lead import Likelihoods, rated
from baton.application.situations import ReadSituation
from baton.domain.bidding import bidders
from baton.domain.buyer import Buyer
from baton.domain.campaign import Campaign
from baton.domain.claims import claim
from baton.domain.decision import decide
from baton.domain.editing import DraftPlan
from baton.domain.errors import NotFound
from baton.domain.intake import lead_of
from baton.domain.lead import Lead, LeadState, facts_of
from baton.domain.plan import Plan, PublishedPlan, Stage
from baton.domain.scoring import Score
from baton.domain.situation import Choice, Decision, Situation
from baton.domain.source import Source

NOBODY: Final = "0" * 32
"""Id of a lead that exists only to be tried."""
A_MOMENT: Final = timedelta(milliseconds=1)
"""Between two leads of a row: so little that nobody's hours end meanwhile."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Which rules a lead is tried on. By default those that a new lead of its campaign would follow."""

    plan_id: str | None = None
    version: int | None = None
    """A version of the plan; None: the published one."""
    draft: bool = False
    """The plan's draft instead."""


@dataclass(frozen=True, slots=True)
class Due:
    """An auction that would be held, and who would take part in it, in turn."""

    index: int
    """The stage's place in the plan."""
    stage: Stage
    buyers: Mapping[str, Buyer]
    """By recipient id. Of the others of the pool the decision's trace says why they would not."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What would happen to the lead."""

    score: Score
    decision: Decision | None
    """None: the lead would be disqualified."""
    at: datetime
    due: Due | None = None
    """The auction that would come before anybody got the lead; nobody is asked for the sake of a try."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """The lead, as conditions saw it."""
    row: tuple[Choice | None, ...] = ()
    """Who would get that many leads like it, one after the other; the first is the lead itself."""


class SimulateLead:
    """Score and decide as the workflow would, on the standings of this moment."""

    def __init__(
        self,
        leads: Leads,
        situation: ReadSituation,
        configuration: Configuration,
        archive: Archive,
        identities: Identities,
        likelihoods: Likelihoods,
        clock: Clock,
    ) -> None:
        self._likelihoods = likelihoods
        self._leads = leads
        self._situation = situation
        self._configuration = configuration
        self._archive = archive
        self._identities = identities
        self._clock = clock

    def past(self, lead_id: str, rules: Rules, at: datetime | None = None, in_a_row: int = 1) -> Tried:
        """A lead that came in before, as if it came anew. Raises NotFound, ConfigurationBroken."""
        return self._try(self._leads.get(lead_id), rules, at, in_a_row)

    def new(
        self,
        source_id: str,
        fields: Mapping[str, Any],
        rules: Rules,
        at: datetime | None = None,
        in_a_row: int = 1,
    ) -> Tried:
        """A lead made of a form's fields. Raises NotFound, InvalidSubmission, ConfigurationBroken."""
        source = self._configuration.get(Source, source_id)
        campaign = self._configuration.get(Campaign, source.campaign_id)
        # Whoever tries a lead has nobody's consent to show.
        now = at or self._clock.now()
        lead = lead_of(source, campaign, fields, lead_id=NOBODY, now=now, complete=False)
        return self._try(lead, rules, at, in_a_row)

    def _try(self, lead: Lead, rules: Rules, at: datetime | None, in_a_row: int) -> Tried:
        now = at or self._clock.now()
        campaign = self._configuration.get(Campaign, lead.campaign_id)
        lead = lead.model_copy(update=_ANEW)
        source = self._configuration.get_many(Source, [lead.source_id]).get(lead.source_id)
        score, _ = rated(campaign, lead, source, self._likelihoods, facts_of(lead, now))
        if not score.qualified:
            return Tried(score, None, now)
        plan = self._plan(rules, campaign.plan_id)
        known = {
            "ties": self._identities.ties(lead.contact, campaign.stickiness),
            "person": self._identities.person(lead.contact),
        }
        lead = lead.model_copy(update={"state": LeadState.SCORED, "score": score.points, **known})
        situation = self._situation(lead, now, plan=plan)
        decision = decide(situation)
        due = None if decision.auction is None else _due(situation, decision.auction)
        row = tuple(_row(situation, decision, in_a_row))
        return Tried(score, decision, now, due, situation.facts, row)

    def _plan(self, rules: Rules, campaigns_plan: str) -> Plan:
        plan_id = rules.plan_id or campaigns_plan
        if rules.draft:
            stored = self._archive.find(DraftPlan, plan_id)
            if stored is None:
                raise NotFound(DraftPlan.kind, plan_id)
            published = self._archive.find(PublishedPlan, plan_id)
            version = published.document.version + 1 if published else 1
            draft = stored.document
            return Plan(id=plan_id, version=version, stages=draft.stages, fallback=draft.fallback)
        version = rules.version or self._configuration.get(PublishedPlan, plan_id).version
        return self._configuration.get(Plan, Plan.key_of(plan_id, version))


_ANEW: Final[Mapping[str, Any]] = {
    "stage": 0,
    "offers": (),
    "recipient_id": None,
    "score": None,
    "ping_id": None,
    "auctions": 0,
    "auction_stage": None,
    "shares": 1,
    "sales": 0,
}
"""What a lead has of its past, as it was before."""


def _row(situation: Situation, decision: Decision, in_a_row: int) -> Iterator[Choice | None]:
    """Who would get so many leads, each once the one before is with whom it went to: booked here as it is there."""
    yield decision.choice
    for _ in range(in_a_row - 1):
        if decision.choice:
            change = claim(situation.lead, decision, situation.standings, situation.now)
            situation = replace(situation, standings=situation.standings.after(change.turn, change.usage))
        # The next is another person's, who says the same: nobody looks after that person yet.
        lead = situation.lead.model_copy(update={"ties": None, "person": ()})
        situation = replace(situation, lead=lead, now=situation.now + A_MOMENT)
        decision = decide(situation)
        yield decision.choice


def _due(situation: Situation, index: int) -> Due:
    recipients = [seat.recipient for seat in bidders(situation, index)]
    buyers = {one.id: one.buyer for one in recipients if one and one.buyer}
    return Due(index, situation.plan.stages[index], buyers)
