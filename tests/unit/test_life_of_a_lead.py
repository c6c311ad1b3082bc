"""The life of a lead on the twins, from the form to its owner, as its workflow moves it."""

import pytest

from baton.application.answer_offer import Answer
from baton.application.show_offer import Status
from baton.domain.errors import ClaimContention, ConfigurationBroken, NotFound
from baton.domain.lead import LeadState
from baton.domain.offer import OfferState
from baton.domain.timeline import EventKind as Kind
from baton.domain.trace import StageOutcome
from tests.builders import MINUTE, SECOND, a_campaign, a_plan, a_rep, a_stage, a_world

ana, ben, carla = a_rep("ana"), a_rep("ben"), a_rep("carla")
OWNER = {"field": "attributes.owner", "op": "eq", "value": "yes"}
SCORING = {"qualify_from": 10, "rules": [{"reason": "owns the roof", "points": 30, "when": OWNER}]}


def test_a_rep_accepts_and_the_timeline_tells_all_of_it() -> None:
    """Invariant 2."""
    world = a_world(ana, ben)
    lead_id = world.offers()

    view = world.answers(lead_id, Answer.ACCEPT)

    assert view.status is Status.YOURS
    assert world.leads.get(lead_id).state is LeadState.ASSIGNED
    assert world.kinds(lead_id) == [
        Kind.LEAD_RECEIVED,
        Kind.LEAD_SCORED,
        Kind.OFFER_MADE,
        Kind.OFFER_ACCEPTED,
    ]
    assert world.workflows.resumed == [(f"wait-{lead_id}-1", {"answer": "accepted"})]
    assert world.step(lead_id).next == "stop"


def test_declined_then_expired_then_accepted_by_the_third() -> None:
    world = a_world(ana, ben, carla)
    lead_id = world.offers()
    world.answers(lead_id, Answer.DECLINE)
    world.step(lead_id)
    world.clock.forward(5 * MINUTE)
    world.step(lead_id)

    world.answers(lead_id, Answer.ACCEPT)

    assert world.kinds(lead_id)[2:] == [
        Kind.OFFER_MADE,
        Kind.OFFER_DECLINED,
        Kind.OFFER_MADE,
        Kind.OFFER_EXPIRED,
        Kind.OFFER_MADE,
        Kind.OFFER_ACCEPTED,
    ]
    assert [world.leads.offer(lead_id, no).state for no in (1, 2, 3)] == [
        OfferState.DECLINED,
        OfferState.EXPIRED,
        OfferState.ACCEPTED,
    ]
    assert world.leads.get(lead_id).recipient_id == "carla"
    assert [world.usage(rep.id).open_leads for rep in (ana, ben, carla)] == [0, 0, 1]
    assert [world.turns(rep.id) for rep in (ana, ben, carla)] == [1, 0, 1]


def test_each_rep_gets_a_message_of_its_own_by_sms_and_mail() -> None:
    world = a_world(a_rep("ana", phone="+12025550101"), a_rep("ben", phone="+12025550102"))
    lead_id = world.offers(first_name="Maria")
    world.answers(lead_id, Answer.DECLINE)
    world.step(lead_id)

    assert [address for address, _ in world.notifier.sent] == [
        "+12025550101",
        "ana@sales.example",
        "+12025550102",
        "ben@sales.example",
    ]
    assert all(
        "Maria" in text and "https://baton.example/v1/offers/" in text for _, text in world.notifier.sent
    )


def test_a_stage_without_offers_assigns_at_once_and_only_tells_the_rep() -> None:
    world = a_world(ana, plan=a_plan(a_stage(auto_accept=True)))
    routed = world.step(world.scores())

    assert (routed.lead.state, routed.next) == (LeadState.ASSIGNED, "notify")
    assert world.notifier.sent[0][1].startswith("Your new lead: ")


def test_a_lead_below_the_threshold_is_disqualified_and_goes_nowhere() -> None:
    world = a_world(ana, documents=(a_campaign(scoring=SCORING),))
    lead_id = world.scores(owner="no")

    assert world.leads.get(lead_id).state is LeadState.DISQUALIFIED
    assert world.route(lead_id).next == "stop"
    assert world.leads.timeline(lead_id)[-1].facts == {"points": 0, "reasons": []}


def test_points_and_their_reasons_are_in_the_timeline() -> None:
    world = a_world(ana, documents=(a_campaign(scoring=SCORING),))
    lead_id = world.scores(owner="yes")

    assert world.leads.get(lead_id).score == 30
    assert world.leads.timeline(lead_id)[-1].facts["reasons"] == [{"reason": "owns the roof", "points": 30}]


def test_an_exhausted_plan_parks_the_lead_tells_operations_and_says_why() -> None:
    """Invariant 6."""
    world = a_world(a_rep("ana", active=False))
    lead_id = world.offers()

    last = world.leads.timeline(lead_id)[-1]
    assert world.leads.get(lead_id).state is LeadState.UNASSIGNED
    assert last.trace
    assert last.trace.reason_for("ana") == "inactive"
    assert [subject for subject, _ in world.alerts.told] == ["A lead has no taker: its plan is exhausted"]


def test_an_exhausted_plan_with_an_owner_of_last_resort_assigns_to_it() -> None:
    world = a_world(a_rep("ana", active=False), documents=(a_rep("boss"),), plan=a_plan(fallback="boss"))
    lead_id = world.offers()

    assert (world.leads.get(lead_id).state, world.leads.get(lead_id).recipient_id) == (
        LeadState.ASSIGNED,
        "boss",
    )
    assert world.alerts.told == []


def test_a_lead_in_flight_keeps_the_plan_version_that_it_started_with() -> None:
    world = a_world(ana, ben)
    lead_id = world.scores()
    world.configure(a_plan(a_stage("nowhere"), version=2))

    assert world.route(lead_id).lead.plan_version == 1


def test_a_deadline_passes_on_the_second() -> None:
    world = a_world(ana, ben)
    lead_id = world.offers()

    world.clock.forward(5 * MINUTE - SECOND)
    assert (world.route(lead_id).wait_s, world.leads.get(lead_id).recipient_id) == (1, "ana")
    world.clock.forward(SECOND)
    assert world.route(lead_id).lead.recipient_id == "ben"


def test_a_stage_whose_pool_is_gone_is_passed_by_and_the_trace_says_so() -> None:
    world = a_world(ana, plan=a_plan(a_stage("nowhere", name="gone"), a_stage()))
    lead_id = world.offers()

    assert world.leads.get(lead_id).recipient_id == "ana"
    assert world.leads.offer(lead_id, 1).trace.stages[0].outcome is StageOutcome.POOL_MISSING


def test_a_missing_plan_is_said_so_and_the_lead_stays() -> None:
    world = a_world(ana, plan=a_plan(id="other"))
    lead_id = world.takes_in()

    with pytest.raises(ConfigurationBroken):
        world.route(world.score(lead_id).lead_id)

    assert world.leads.get(lead_id).state in {LeadState.RECEIVED, LeadState.SCORED}


def test_a_lead_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound):
        a_world(ana).route(f"{9:032x}")


def test_whoever_loses_every_race_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_world(ana)
    lead_id = world.scores()
    monkeypatch.setattr(world.leads, "commit", lambda _: False)

    with pytest.raises(ClaimContention):
        world.route(lead_id)
