"""Outcomes and weights through the API: an admin says what became of leads, and pools follow it."""

from typing import Any

import pytest

from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.adapters.memory_ledger import MemoryLedger
from baton.application.promote_challenger import PromoteChallenger
from baton.application.reweigh_pools import ReweighPools
from baton.domain.pool import Pool
from baton.domain.standing import Turn
from baton.domain.timeline import EventKind
from baton.entrypoints.console.outcomes import outcomes_api
from baton.entrypoints.console.weights import weights_api
from baton.entrypoints.tasks import ReweighResult
from tests.builders import MINUTE, MONDAY_9AM, World, a_pool, a_rep, a_world
from tests.unit.console import Answer, Caller
from tests.unit.test_performance import THIS_WEEK

LEAD = f"{1:032x}"


def says(world: World, outcome: Any, lead_id: str = LEAD, groups: str = "admin", **facts: Any) -> Answer:
    """The answer to somebody who says what became of a lead."""
    caller = Caller(
        outcomes_api(
            lambda: world.conclude, lambda: PromoteChallenger(world.learned_scores, world.configuration)
        ),
        name="maria",
        groups=groups,
    )
    return caller("POST", f"/v1/leads/{lead_id}/outcomes", {"outcome": outcome, **facts})


def anas_lead() -> World:
    """A world in which ana has lead number 1."""
    world = a_world(a_rep("ana"), auto_accept=True)
    world.offers()
    return world


# ------------------------------------------------------------------------------------------------------ outcomes
@pytest.mark.parametrize("outcome", ["contacted", "converted", "lost", "returned"])
def test_an_outcome_is_the_lead_s_state_from_then_on_and_names_who_said_so(outcome: str) -> None:
    world = anas_lead()

    answer = says(world, outcome)

    assert (answer.status, answer.json) == (200, {"lead_id": LEAD, "state": outcome})
    assert world.leads.get(LEAD).state == outcome
    assert world.leads.timeline(LEAD)[-1].facts["by"] == "maria"


def test_a_finished_lead_frees_its_rep_s_capacity() -> None:
    world = anas_lead()
    before = world.usage("ana").open_leads

    says(world, "converted")

    assert (before, world.usage("ana").open_leads) == (1, 0)


def test_sent_twice_it_counts_once() -> None:
    """Invariant 8."""
    world = anas_lead()
    first, second = says(world, "lost"), says(world, "lost")

    assert first.json == second.json
    assert len([event for event in world.leads.timeline(LEAD) if event.state == "lost"]) == 1


@pytest.mark.parametrize(("first", "then"), [("converted", "contacted"), ("returned", "converted")])
def test_what_counts_less_than_what_was_said_before_is_in_the_timeline_and_changes_no_state(
    first: str, then: str
) -> None:
    world = anas_lead()
    says(world, first)

    answer = says(world, then)

    assert (answer.status, answer.json) == (200, {"lead_id": LEAD, "state": first})
    told = world.leads.timeline(LEAD)[-1]
    assert (told.kind, told.state) == (f"Lead{then.capitalize()}", first)


def test_a_sale_is_told_with_its_worth_and_its_moment() -> None:
    world = anas_lead()
    world.clock.forward(2 * MINUTE)
    at = (MONDAY_9AM + MINUTE).isoformat()

    says(world, "converted", at=at, value_cents=120_000, currency="EUR", id="deal-7")

    lead = world.leads.get(LEAD)
    assert (lead.conclusion, lead.value_cents, lead.value_currency) == ("converted", 120_000, "EUR")
    assert lead.concluded_at == MONDAY_9AM + MINUTE
    facts = world.leads.timeline(LEAD)[-1].facts
    assert (facts["value_cents"], facts["currency"], facts["state_before"]) == (120_000, "EUR", "assigned")


def test_a_report_sent_again_under_its_id_gets_the_same_answer_and_changes_nothing() -> None:
    """Invariant 8."""
    world = anas_lead()
    answers = [says(world, "lost", id="7", reason="price") for _ in range(3)]

    assert {(answer.status, answer.text) for answer in answers} == {(200, answers[0].text)}
    assert world.kinds(LEAD).count(EventKind.LEAD_LOST) == 1


@pytest.mark.parametrize("name", ["7", None])
def test_the_id_of_a_report_that_said_something_else_is_refused(name: str | None) -> None:
    world = anas_lead()
    at = MONDAY_9AM.isoformat()
    says(world, "lost", id=name, at=at, reason="price")

    answer = says(world, "lost", id=name, at=at, reason="no budget")

    assert (answer.status, answer.code) == (409, "outcome-id-reused")
    assert world.leads.get(LEAD).lost_reason == "price"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"at": "2026-11-23T14:10:00Z"}, "at"),
        ({"at": "2026-11-23T13:59:59Z"}, "at"),
        ({"at": "2026-11-23T14:00:00"}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"value_cents": -1}, "value_cents"),
        ({"value_cents": "100"}, "value_cents"),
        ({"value_cents": 1.5}, "value_cents"),
        ({"value_cents": 1, "currency": "euro"}, "currency"),
        ({"currency": "EUR"}, "body"),
        ({"reason": "price"}, "body"),
        ({"id": "a b"}, "id"),
        ({"id": ""}, "id"),
        ({"id": "x" * 129}, "id"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_a_report_cannot_say_is_named(facts: dict[str, Any], field: str) -> None:
    """Invariant 11."""
    world = anas_lead()

    answer = says(world, "converted", **facts)

    assert (answer.status, list(answer.errors)) == (422, [field])
    assert world.leads.get(LEAD).state == "assigned"


def test_a_lead_that_nobody_has_has_no_outcome() -> None:
    world = a_world(a_rep("ana"))
    world.offers()

    answer = says(world, "converted")

    assert (answer.status, answer.code) == (409, "illegal-transition")
    assert "nobody's" in answer.json["detail"]


@pytest.mark.parametrize("outcome", ["won", "", None, 1, "assigned", ["lost"]])
def test_only_the_four_outcomes_there_are_count(outcome: Any) -> None:
    answer = says(anas_lead(), outcome)

    assert (answer.status, list(answer.errors)) == (422, ["outcome"])


@pytest.mark.parametrize("lead_id", [f"{9:032x}", "x", "A" * 32])
def test_a_lead_that_is_not_there_is_not_found(lead_id: str) -> None:
    assert says(anas_lead(), "lost", lead_id).code == "not-found"


@pytest.mark.parametrize("groups", ["viewer", "others"])
def test_only_an_admin_says_what_became_of_a_lead(groups: str) -> None:
    world = anas_lead()

    assert says(world, "lost", groups=groups).code == "forbidden"
    assert world.leads.get(LEAD).state == "assigned"


# ------------------------------------------------------------------------------------------------------- weights
def weighing(*pools: Pool) -> tuple[Caller, ReweighPools, MemoryArchive]:
    """An admin, the use case, and the archive, where ana converted 300 and ben 100 of 900 leads of the pool `team`."""
    world, ledger = a_world(), MemoryLedger()
    configuration = MemoryConfiguration(*pools)
    for who, won in (("ana", 300), ("ben", 100)):
        ledger.turns["team", who] = Turn("team", who, taken={THIS_WEEK: 900}, converted={THIS_WEEK: won})
    archive = MemoryArchive(configuration)
    reweigh = ReweighPools(archive, ledger, world.clock)
    return Caller(weights_api(lambda: reweigh), name="maria"), reweigh, archive


def weights_of(archive: MemoryArchive) -> list[int]:
    """The weights of the pool `team`."""
    stored = archive.find(Pool, "team")
    assert stored
    return [member.weight for member in stored.document.members]


def test_a_pool_is_weighed_at_once_and_the_answer_says_what_was_measured() -> None:
    admin, _, archive = weighing(a_pool("ana", "ben", weighting="performance"))

    found = admin("POST", "/v1/pools/team/weights").json

    ana, ben = found["members"]
    assert (found["pool_id"], found["changed"]) == ("team", True)
    assert (ana["recipient_id"], ana["leads"], ana["conversions"]) == ("ana", 900, 300)
    assert ana["estimate"] > ben["estimate"]
    assert [ana["weight"], ben["weight"]] == weights_of(archive)
    assert [change.by for change in archive.changes(5).items] == ["maria"]


def test_weighed_again_without_news_nothing_changes() -> None:
    admin, _, archive = weighing(a_pool("ana", "ben", weighting="performance"))
    admin("POST", "/v1/pools/team/weights")

    assert admin("POST", "/v1/pools/team/weights").json["changed"] is False
    assert len(archive.changes(5).items) == 1


def test_stated_weights_are_measured_and_stay() -> None:
    admin, _, archive = weighing(a_pool("ana", "ben"))

    found = admin("POST", "/v1/pools/team/weights").json

    assert (found["changed"], found["members"][0]["conversions"]) == (False, 300)
    assert weights_of(archive) == [1, 1]


@pytest.mark.parametrize("pool_id", ["nothing", "No!", "x" * 65])
def test_a_pool_that_is_not_there_is_not_found(pool_id: str) -> None:
    admin, *_ = weighing(a_pool("ana", "ben"))

    assert admin("POST", f"/v1/pools/{pool_id}/weights").code == "not-found"


def test_only_an_admin_weighs_pools() -> None:
    admin, _, archive = weighing(a_pool("ana", "ben", weighting="performance"))
    viewer = Caller(admin.console, groups="viewer")

    assert viewer("POST", "/v1/pools/team/weights").code == "forbidden"
    assert weights_of(archive) == [1, 1]


def test_the_daily_weighing_says_how_many_pools_it_measured_and_changed() -> None:
    pools = (
        a_pool("ana", "ben", weighting="performance"),
        a_pool("carla", pool_id="alone", weighting="performance"),
        a_pool("ana", pool_id="stated"),
    )
    _, reweigh, _ = weighing(*pools)

    assert ReweighResult.of(reweigh()) == ReweighResult(measured=2, changed=2)
    assert ReweighResult.of(reweigh()) == ReweighResult(measured=2, changed=0)
