"""What becomes of leads teaches their campaign: each lead once, whatever is repeated or comes at the same moment."""

from typing import Any

import pytest

from baton.adapters.learned_scores import MemoryLearnedScores
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.application.promote_challenger import PromoteChallenger
from baton.application.record_outcome import LEARNING_ATTEMPTS, RecordOutcome
from baton.application.show_learned import ShowLearned
from baton.domain.change import Change
from baton.domain.errors import StoreUnavailable
from baton.domain.lead import LeadState
from baton.domain.learned_document import LearnedDocument
from baton.domain.outcome import Outcome, Report
from baton.domain.scoring import Mode
from tests.builders import SECOND, World, a_campaign, a_plan, a_rep, a_scoring, a_source, a_stage
from tests.unit.console import Caller
from tests.unit.test_explore_api import a_viewer

SHADOW = {"learned": {"mode": "shadow", "min_outcomes": 20}}


def a_world(**scoring: Any) -> World:
    """A campaign that learns, and a rep who takes every lead at once."""
    world = World(reps=(a_rep(),), plan=a_plan(a_stage(auto_accept=True)))
    world.configure(a_campaign(scoring={**SHADOW, **scoring}))
    return world


def taken(world: World, **fields: Any) -> str:
    """A lead that the rep has."""
    lead_id = world.scores(**fields)
    world.route(lead_id)
    return lead_id


def known(world: World) -> int:
    """How many outcomes the campaign has learned from."""
    return ShowLearned(world.learned_scores, world.configuration)("solar").score.champion.outcomes


def test_an_outcome_is_learned_from_once_however_often_it_is_told() -> None:
    world = a_world()
    lead_id = taken(world)
    for _ in range(3):
        world.conclude(lead_id, Report(outcome=Outcome.CONVERTED), "crm")

    assert known(world) == 1
    assert world.leads.get(lead_id).learned is True


def test_contacted_and_returned_teach_nothing() -> None:
    world = a_world()
    lead_id = taken(world)
    for outcome in (Outcome.CONTACTED, Outcome.RETURNED):
        world.conclude(lead_id, Report(outcome=outcome), "crm")

    assert known(world) == 0


def test_a_lead_that_was_lost_and_won_after_all_counts_as_won() -> None:
    world = a_world()
    lead_id = taken(world)
    world.conclude(lead_id, Report(outcome=Outcome.LOST), "crm")
    world.conclude(lead_id, Report(outcome=Outcome.CONVERTED), "crm")

    score = ShowLearned(world.learned_scores, world.configuration)("solar").score
    assert (score.champion.won, score.champion.lost) == (1, 0)


@pytest.mark.parametrize("why", ["off", "test"])
def test_a_campaign_that_does_not_learn_and_tests_leave_nothing(why: str) -> None:
    world = a_world(**({"learned": {"mode": Mode.OFF}} if why == "off" else {}))
    if why == "test":
        world.configure(a_source(test=True))
    lead_id = taken(world)
    world.conclude(lead_id, Report(outcome=Outcome.CONVERTED), "crm")

    assert world.learned_scores.get("solar").rev == 0


def test_what_was_said_when_the_lead_came_in_is_what_is_judged() -> None:
    world = a_world()
    lead = world.leads.get(taken(world))

    assert set(lead.predictions) == {"champion", "challenger", "rules", "points", "promotions"}


class Busy:
    """Learned scores that somebody else writes whenever they are read, so many times."""

    def __init__(self, inner: MemoryLearnedScores, times: int) -> None:
        self._inner, self._left = inner, times

    def get(self, campaign_id: str) -> LearnedDocument:
        document = self._inner.get(campaign_id)
        if self._left:
            self._left -= 1
            assert self._inner.put(document.model_copy(update={"rev": document.rev + 1}))
        return document


@pytest.mark.parametrize(("times", "learned"), [(3, 1), (LEARNING_ATTEMPTS, 0)])
def test_an_outcome_is_never_lost_to_others_that_teach_at_the_same_moment(times: int, learned: int) -> None:
    world = a_world()
    lead_id = taken(world)
    busy = Busy(world.learned_scores, times)
    conclude = RecordOutcome(world.leads, world.ledger, busy, world.configuration, world.clock)

    assert conclude(lead_id, Report(outcome=Outcome.CONVERTED), "crm").state == "converted"

    assert known(world) == learned
    assert world.leads.get(lead_id).learned is (True if learned else None)


class Broken:
    """Learned scores that cannot be read."""

    def get(self, campaign_id: str) -> LearnedDocument:
        raise StoreUnavailable


def test_an_outcome_is_recorded_when_what_it_teaches_cannot_be_written() -> None:
    world = a_world()
    lead_id = taken(world)

    class Throttled(MemoryLeads):
        def commit(self, change: Change) -> bool:
            if change.learned:
                raise StoreUnavailable
            return super().commit(change)

    ledger, kept = world.ledger, world.leads
    assert isinstance(ledger, MemoryLedger)
    assert isinstance(kept, MemoryLeads)
    leads = Throttled(ledger)
    leads.leads, leads.offers, leads.events = kept.leads, kept.offers, kept.events
    conclude = RecordOutcome(leads, ledger, world.learned_scores, world.configuration, world.clock)

    assert conclude(lead_id, Report(outcome=Outcome.CONVERTED), "crm").state is LeadState.CONVERTED
    assert (known(world), world.leads.get(lead_id).learned) == (0, None)


def test_a_lead_is_rated_by_the_rules_while_what_was_learned_cannot_be_read() -> None:
    world = a_world()
    lead_id = world.takes_in()
    step = a_scoring(world.leads, Broken(), world.configuration, world.clock)

    assert step(lead_id).lead.score == 0


def test_once_it_counts_the_learned_score_is_the_score() -> None:
    world = a_world(learned={"mode": "on", "min_outcomes": 40})
    for number in range(60):
        good = number % 2 == 0
        lead_id = taken(world, roof="large" if good else "small", who=f"w{number}")
        # Not always: what always holds would be taken for a field that is filled in afterwards.
        world.conclude(
            lead_id, Report(outcome=Outcome.CONVERTED if good is (number % 10 != 0) else Outcome.LOST), "crm"
        )
    world.clock.forward(60 * SECOND)

    large, small = (world.score(world.takes_in(roof=roof)) for roof in ("large", "small"))

    assert large.probability
    assert small.probability
    assert large.probability > 0.6
    assert small.probability < 0.4
    assert large.score == round(100 * large.probability)


def test_a_person_lets_the_challenger_count_and_both_go_on() -> None:
    world = a_world()
    world.conclude(taken(world), Report(outcome=Outcome.CONVERTED), "crm")
    before = ShowLearned(world.learned_scores, world.configuration)("solar").score
    promote = PromoteChallenger(world.learned_scores, world.configuration)

    after = promote("solar").score

    assert after.champion.settings.memory == before.challenger.settings.memory
    assert after.challenger.settings.memory == before.champion.settings.memory
    assert known(world) == 1


# ---- through the API


def test_a_lead_is_rated_and_nothing_is_stored() -> None:
    rules = [
        {"reason": "from Texas", "points": 60, "when": {"field": "contact.state", "op": "eq", "value": "TX"}}
    ]
    world = a_world(rules=rules, bands={"hot": 50}, qualify_from=10)
    viewer: Caller = a_viewer(world)

    good = viewer("POST", "/v1/campaigns/solar/score", {"fields": {"email": "a@b.co", "state": "texas"}})
    poor = viewer(
        "POST", "/v1/campaigns/solar/score", {"fields": {"email": "a@b.co"}, "source_id": "web-form"}
    )
    bad = viewer("POST", "/v1/campaigns/solar/score", {"fields": {"email": "nobody"}})

    assert good.json["points"] == 60
    assert (good.json["band"], good.json["outlook"]) == ("hot", "qualified")
    assert good.json["reasons"] == [{"reason": "from Texas", "points": 60, "group": None}]
    assert poor.json["outlook"] == "disqualified"
    assert (bad.status, bad.errors) == (422, {"contact.email": "is not an email address"})
    assert viewer("POST", "/v1/campaigns/nothing/score", {"fields": {}}).status == 404
    assert world.leads.overdue(world.clock.now() + 1000 * 60 * SECOND, 10) == []


def test_past_leads_are_rated_by_rules_that_are_not_stored_beside_those_that_are() -> None:
    from_texas = {
        "reason": "from Texas",
        "points": 60,
        "when": {"field": "contact.state", "op": "eq", "value": "TX"},
    }
    world = a_world(rules=[from_texas], bands={"hot": 50}, qualify_from=10)
    texan, other = world.takes_in(state="TX"), world.takes_in(email="b@c.co", state="NY")
    world.score(texan)
    other_rules = {
        "rules": [{**from_texas, "points": 5}],
        "bands": {"hot": 50, "cold": 0},
        "qualify_from": 0,
        "hold_below": 3,
    }
    body = {"scoring": other_rules, "lead_ids": [other, texan, f"{99:032x}"]}
    viewer = a_viewer(world)

    found = viewer("POST", "/v1/campaigns/solar/score/preview", body).json["leads"]

    assert [
        (one["lead_id"], *((by["points"], by["band"], by["outlook"]) for by in (one["before"], one["after"])))
        for one in found
    ] == [
        (other, (0, None, "disqualified"), (0, "cold", "held")),
        (texan, (60, "hot", "qualified"), (5, "cold", "qualified")),
    ]
    assert found[1]["after"]["reasons"] == [{"reason": "from Texas", "points": 5, "group": None}]


def test_rules_that_cannot_be_are_refused_where_they_are_wrong_and_other_campaigns_leads_left_out() -> None:
    world = a_world()
    world.configure(a_campaign(id="roofs"))
    lead_id = world.takes_in()
    viewer = a_viewer(world)
    wrong = {
        "rules": [{"reason": "x", "points": 1, "when": {"field": "contact.state", "op": "in", "value": "CA"}}]
    }

    bad = viewer("POST", "/v1/campaigns/solar/score/preview", {"scoring": wrong, "lead_ids": [lead_id]})
    many = viewer("POST", "/v1/campaigns/solar/score/preview", {"scoring": {}, "lead_ids": [lead_id] * 21})
    elsewhere = viewer("POST", "/v1/campaigns/roofs/score/preview", {"scoring": {}, "lead_ids": [lead_id]})

    assert (bad.status, list(bad.errors)) == (422, ["scoring.rules[0].when.value"])
    assert (many.status, elsewhere.json["leads"]) == (422, [])
    assert (
        viewer("POST", "/v1/campaigns/nothing/score/preview", {"scoring": {}, "lead_ids": [lead_id]}).status
        == 404
    )


def test_what_a_campaign_has_learned_is_shown_side_by_side() -> None:
    world = a_world()
    world.conclude(taken(world), Report(outcome=Outcome.CONVERTED), "crm")

    model = a_viewer(world)("GET", "/v1/campaigns/solar/score/model").json

    assert [one["name"] for one in model["measured"]] == ["champion", "challenger", "rules"]
    assert (model["mode"], model["promote"], model["why"]) == ("shadow", False, "too few leads to compare")
