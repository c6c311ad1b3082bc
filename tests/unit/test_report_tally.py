"""What one lead adds to the counters."""

from datetime import timedelta
from typing import Any

import pytest

from baton.domain.duty import Act, Duty
from baton.domain.forgetting import forgotten
from baton.domain.lead import Answer, Lead, LeadState, PastOffer
from baton.domain.outcome import Outcome, Report
from baton.domain.promptness import Promptness, promptness
from baton.domain.reports.histogram import bucket_of, percentile
from baton.domain.reports.tally import ALL, Cell, Dimension, Measures, tally_of
from tests.builders import MINUTE, MONDAY_9AM, World, a_campaign, a_lead, a_plan, a_rep, a_stage

TOTAL = Cell(ALL, Dimension.TOTAL, ALL)
ANA = PastOffer(recipient_id="ana", stage=0, pool_id="team", answer=Answer.ACCEPTED)
BEN = PastOffer(recipient_id="ben", stage=0, pool_id="team", answer=Answer.DECLINED)
ACME = PastOffer(
    recipient_id="acme",
    stage=1,
    pool_id="buyers",
    answer=Answer.ACCEPTED,
    price_cents=4000,
    payout_cents=1500,
)


def a_rep_has_it(**facts: Any) -> Lead:
    """A lead that ben declined and ana took within a minute."""
    known = {
        "state": LeadState.ASSIGNED,
        "offers": (BEN, ANA),
        "recipient_id": "ana",
        "placed_at": MONDAY_9AM + MINUTE,
    }
    return a_lead(**{**known, **facts})


def of(lead: Lead, dimension: Dimension, value: str, scope: str = ALL) -> Measures:
    """What the lead adds to that cell."""
    return tally_of(lead).get(Cell(scope, dimension, value), {})


def test_a_lead_that_has_just_come_in_is_received_and_costs_what_its_source_costs() -> None:
    lead = a_lead(state=LeadState.RECEIVED, cost_cents=250, currency="EUR")

    assert tally_of(lead)[TOTAL] == {"received": 1, "state.received": 1, "cost.EUR": 250}


def test_a_lead_is_counted_with_its_campaign_its_source_and_the_part_of_it() -> None:
    lead = a_lead(sub_source="spring", band="hot")

    for dimension, value in (
        (Dimension.SOURCE, "web-form"),
        (Dimension.SUB_SOURCE, "web-form/spring"),
        (Dimension.BAND, "hot"),
    ):
        assert of(lead, dimension, value) == of(lead, dimension, value, "solar") == tally_of(lead)[TOTAL]
    assert of(lead, Dimension.CAMPAIGN, "solar") == tally_of(lead)[TOTAL]
    assert of(lead, Dimension.PLAN_VERSION, "plan/1") == tally_of(lead)[TOTAL]


def test_who_declined_and_who_took_a_lead_are_each_counted_with_their_own_answer() -> None:
    lead = a_rep_has_it()

    assert of(lead, Dimension.RECIPIENT, "ben") == {"offered": 1, "declined": 1}
    assert of(lead, Dimension.RECIPIENT, "ana") == {
        "offered": 1,
        "accepted": 1,
        "assigned": 1,
        f"routing.{bucket_of(MINUTE)}": 1,
    }
    assert of(lead, Dimension.MEMBER, "team/ana") == of(lead, Dimension.RECIPIENT, "ana", "solar")
    team = {"offered": 2, "declined": 1, "accepted": 1, "assigned": 1, f"routing.{bucket_of(MINUTE)}": 1}
    assert of(lead, Dimension.POOL, "team") == of(lead, Dimension.STAGE, "plan/1/0") == team
    assert team.items() <= tally_of(lead)[TOTAL].items()


def test_an_outcome_is_that_of_whoever_has_the_lead() -> None:
    lead = a_rep_has_it(
        state=LeadState.CONVERTED,
        contacted_at=MONDAY_9AM + 5 * MINUTE,
        offers=(BEN, ANA.model_copy(update={"contacted_at": MONDAY_9AM + 5 * MINUTE})),
        value_cents=90_000,
        value_currency="USD",
    )

    found = of(lead, Dimension.RECIPIENT, "ana")
    assert (found["contacted"], found["converted"], found["value.USD"]) == (1, 1, 90_000)
    assert "converted" not in of(lead, Dimension.RECIPIENT, "ben")
    response = {int(key.removeprefix("response.")): n for key, n in found.items() if key.startswith("resp")}
    five_minutes = percentile(response, 50)
    assert five_minutes is not None
    assert abs(five_minutes / 300_000 - 1) < 0.02


def test_a_sale_counts_as_long_as_the_buyer_keeps_the_lead() -> None:
    sold = a_lead(state=LeadState.SOLD, offers=(ACME,), recipient_id="acme", sales=1)
    back = a_lead(
        state=LeadState.RETURNED,
        offers=(ACME.model_copy(update={"answer": Answer.RETURNED}),),
        recipient_id="acme",
    )

    assert {"sold": 1, "revenue.USD": 4000, "payout.USD": 1500}.items() <= tally_of(sold)[TOTAL].items()
    found = tally_of(back)[TOTAL]
    assert (found["accepted"], found["returned"]) == (1, 1)
    assert not {"sold", "revenue.USD", "payout.USD"} & found.keys()


def test_a_lead_that_was_held_and_let_go_stays_counted_as_quarantined() -> None:
    held = a_lead(state=LeadState.QUARANTINED)
    freed, refused = (
        held.moved(LeadState.RECEIVED, MONDAY_9AM),
        held.moved(LeadState.DISQUALIFIED, MONDAY_9AM),
    )

    assert [tally_of(lead)[TOTAL]["quarantined"] for lead in (held, freed, refused)] == [1, 1, 1]
    assert "quarantined" not in tally_of(a_lead(state=LeadState.DISQUALIFIED))[TOTAL]


def test_whoever_reached_the_person_is_counted_for_it_whoever_has_the_lead_now() -> None:
    ana = ANA.model_copy(update={"answer": Answer.RETURNED, "contacted_at": MONDAY_9AM + 5 * MINUTE})
    lead = a_rep_has_it(
        offers=(ana, ACME), recipient_id="acme", state=LeadState.SOLD, contacted_at=ana.contacted_at
    )

    assert of(lead, Dimension.RECIPIENT, "ana")["contacted"] == tally_of(lead)[TOTAL]["contacted"] == 1
    assert "contacted" not in of(lead, Dimension.RECIPIENT, "acme")


def test_what_a_lead_costs_is_the_cost_of_whoever_has_it() -> None:
    lead = a_rep_has_it(cost_cents=250)

    assert (
        of(lead, Dimension.RECIPIENT, "ana")["cost.USD"]
        == of(lead, Dimension.POOL, "team")["cost.USD"]
        == 250
    )
    assert "cost.USD" not in of(lead, Dimension.RECIPIENT, "ben")


def test_a_conversion_of_a_buyer_who_gave_the_lead_back_is_none_though_others_keep_it() -> None:
    back = ACME.model_copy(update={"answer": Answer.RETURNED, "recipient_id": "bolt"})
    lead = a_lead(state=LeadState.CONVERTED, offers=(ACME, back), recipient_id=None, sales=1, value_cents=500)

    found = tally_of(lead)[TOTAL]
    assert found["sold"] == 1
    assert not {"converted", "value.USD"} & found.keys()


def test_a_lead_that_came_back_converted_for_nobody() -> None:
    back = a_rep_has_it(
        state=LeadState.RETURNED,
        offers=(ANA.model_copy(update={"answer": Answer.RETURNED}),),
        conclusion=LeadState.CONVERTED,
        concluded_at=MONDAY_9AM + timedelta(hours=1),
    )

    assert "converted" not in tally_of(back)[TOTAL]


def test_every_lead_is_in_one_state_and_a_test_in_none() -> None:
    for state in LeadState:
        found = tally_of(a_lead(state=state))[TOTAL]
        assert [name for name in found if name.startswith("state.")] == [f"state.{state}"]
    assert tally_of(a_rep_has_it(test=True)) == {}


def test_a_lead_counts_against_its_service_level_as_met_missed_or_waiting() -> None:
    due_at = MONDAY_9AM + 15 * MINUTE
    waiting = a_rep_has_it(due_at=due_at, duties=(Duty(at=due_at, do=Act.MISS),))

    def counted(**facts: Any) -> list[str]:
        found = tally_of(waiting.model_copy(update=facts))[TOTAL]
        return [name for name in found if name.startswith("sla.")]

    assert counted() == ["sla.waiting"]
    assert counted(contacted_at=due_at) == ["sla.met"]
    assert counted(contacted_at=due_at + MINUTE) == counted(duties=()) == ["sla.missed"]
    assert counted(due_at=None) == []


@pytest.mark.parametrize(
    ("outcome", "in_time", "late"),
    [
        (Outcome.CONTACTED, ["sla.met"], ["sla.missed"]),
        (Outcome.CONVERTED, ["sla.met"], ["sla.missed"]),
        (Outcome.LOST, [], ["sla.missed"]),
        (Outcome.RETURNED, [], ["sla.missed"]),
    ],
)
def test_a_lead_of_which_something_was_said_in_time_is_not_missed(
    outcome: Outcome, in_time: list[str], late: list[str]
) -> None:
    for minutes, counted in ((15, in_time), (16, late)):
        world = a_world_with_a_service_level()
        lead_id = world.offers()
        world.clock.forward(minutes * MINUTE)

        world.conclude(lead_id, Report(outcome=outcome), "ana")

        assert service(world.leads.get(lead_id)) == counted


def test_what_is_told_late_counts_for_when_it_happened() -> None:
    for outcome, counted in ((Outcome.CONVERTED, ["sla.met"]), (Outcome.LOST, [])):
        world = a_world_with_a_service_level()
        lead_id = world.offers()
        at = world.clock.at + 5 * MINUTE
        world.clock.forward(30 * MINUTE)
        world.attend(lead_id, 1)

        world.conclude(lead_id, Report(outcome=outcome, at=at), "ana")

        assert service(world.leads.get(lead_id)) == counted


def test_a_sale_that_falls_through_was_a_contact_all_the_same() -> None:
    world = a_world_with_a_service_level()
    lead_id = world.offers()
    world.conclude(lead_id, Report(outcome=Outcome.CONVERTED), "ana")
    world.clock.forward(timedelta(days=2))

    world.conclude(lead_id, Report(outcome=Outcome.LOST), "ana")

    assert service(world.leads.get(lead_id)) == ["sla.met"]


@pytest.mark.parametrize(("minutes", "counted"), [(15, []), (16, ["sla.missed"])])
def test_nobody_misses_a_person_who_wants_to_be_forgotten(minutes: int, counted: list[str]) -> None:
    world = a_world_with_a_service_level()
    lead = world.leads.get(world.offers())

    after = forgotten(lead, "carla", world.clock.at + minutes * MINUTE, leads=1, rows=1).lead

    assert service(after) == counted
    assert promptness(after, world.clock.at + 90 * MINUTE) == (Promptness.MISSED if counted else None)


def a_world_with_a_service_level() -> World:
    """A world in which a rep has fifteen minutes to call."""
    level = {"contact_within_s": 900, "then": []}
    return World(
        (a_rep("ana"),),
        plan=a_plan(a_stage(auto_accept=True)),
        documents=(a_campaign(service_level=level),),
    )


def service(lead: Lead) -> list[str]:
    """How the lead counts against its service level."""
    return [name for name in tally_of(lead)[TOTAL] if name.startswith("sla.")]


def test_a_lead_that_was_taken_back_is_no_lead_that_the_rep_has() -> None:
    slow = ANA.model_copy(update={"answer": Answer.REASSIGNED})
    lead = a_rep_has_it(offers=(slow, BEN.model_copy(update={"answer": Answer.ACCEPTED})), recipient_id="ben")

    found = of(lead, Dimension.RECIPIENT, "ana")
    assert (found["accepted"], found["reassigned"]) == (1, 1)
    assert "assigned" not in found
