"""The Offer and Notify steps: who is told, what happens when nobody can be, and that nothing is sent twice."""

import pytest

from baton.application.answer_offer import Answer
from baton.application.tell_offer import LATER
from baton.domain.errors import NotificationFailed
from baton.domain.lead import LeadState
from baton.domain.offer import OfferState
from baton.domain.timeline import EventKind
from tests.builders import World, a_campaign, a_plan, a_rep, a_stage, a_world

ana = a_rep("ana", phone="+12025550101")
ben = a_rep("ben", phone="+12025550102")
TOLD_ANA = ["+12025550101", "ana@sales.example"]


def routed(*reps: object, **facts: object) -> tuple[World, str]:
    """A world with a lead that was routed and of which nobody was told yet."""
    world = a_world(*reps or (ana, ben), **facts)  # type: ignore[arg-type]
    lead_id = world.scores(first_name="Maria", last_name="Lopez", phone="2025550199")
    world.route(lead_id)
    return world, lead_id


def told(world: World) -> list[str]:
    """Addresses that got a message, in order."""
    return [address for address, _ in world.notifier.sent]


def test_the_step_repeated_sends_nothing_twice() -> None:
    """Invariant 8."""
    world, lead_id = routed()
    for _ in range(3):
        world.offer_lead(lead_id, 1, "a token")

    assert told(world) == TOLD_ANA


def test_a_step_that_failed_half_way_sends_only_what_is_missing() -> None:
    """Invariant 8."""
    world, lead_id = routed()
    world.notifier.dies_at = {"ana@sales.example"}
    with pytest.raises(RuntimeError):
        world.offer_lead(lead_id, 1, "a token")
    world.notifier.dies_at = set()

    world.offer_lead(lead_id, 1, "a token")

    assert told(world) == TOLD_ANA


def test_a_rep_whom_no_message_reaches_is_skipped_keeps_the_turn_and_operations_hear_of_it() -> None:
    world, lead_id = routed()
    world.notifier.refuses = set(TOLD_ANA)
    world.offer_lead(lead_id, 1, "a token")

    assert world.leads.offer(lead_id, 1).state is OfferState.RELEASED
    assert (world.turns("ana"), world.usage("ana").open_leads) == (0, 0)
    assert world.workflows.resumed == [("a token", {"answer": "undelivered"})]
    assert world.alerts.told[0][1]["recipient_id"] == "ana"
    assert world.step(lead_id).lead.recipient_id == "ben"


def test_one_channel_is_enough_and_operations_hear_of_the_other() -> None:
    world, lead_id = routed()
    world.notifier.refuses = {"+12025550101"}
    world.offer_lead(lead_id, 1, "a token")

    assert world.leads.get(lead_id).state is LeadState.OFFERED
    assert told(world) == ["ana@sales.example"]
    assert world.alerts.told[0][1]["refused"] == ["sms"]


def test_while_no_channel_works_the_step_fails_and_the_offer_stands() -> None:
    world, lead_id = routed()
    world.notifier.failing = True

    with pytest.raises(NotificationFailed):
        world.offer_lead(lead_id, 1, "a token")

    assert world.leads.offer(lead_id, 1).state is OfferState.PENDING


def test_when_nobody_will_try_again_the_next_rep_is_asked_and_the_timeline_says_why() -> None:
    world, lead_id = routed()
    world.notifier.unavailable = set(TOLD_ANA)
    world.offer_lead(lead_id, 1, "a token", last=True)

    assert world.leads.offer(lead_id, 1).state is OfferState.RELEASED
    assert (world.turns("ana"), world.usage("ana").open_leads) == (0, 0)
    assert world.workflows.resumed == [("a token", {"answer": "undelivered"})]
    assert world.alerts.told[0][1]["recipient_id"] == "ana"
    (event,) = [one for one in world.leads.timeline(lead_id) if one.kind is EventKind.CHANNEL_FAILED]
    assert event.facts["failed"] == {"sms": "unavailable", "email": "unavailable"}
    assert world.step(lead_id).lead.recipient_id == "ben"


def test_a_lead_that_is_the_rep_s_is_told_later_and_again_until_a_channel_works() -> None:
    world, lead_id = routed(plan=a_plan(a_stage(auto_accept=True)))
    world.notifier.unavailable = set(TOLD_ANA)
    world.offer_lead(lead_id, 1, last=True)

    assert world.leads.get(lead_id).recipient_id == "ana"
    assert world.retellings.waiting == [(lead_id, 1, LATER)]
    with pytest.raises(NotificationFailed):
        world.offer_lead(lead_id, 1)  # the queue brings it, and will again
    world.notifier.unavailable = set()
    world.offer_lead(lead_id, 1)
    assert told(world) == TOLD_ANA
    assert world.leads.offer(lead_id, 1).failed == {}
    assert len(world.alerts.told) == 1


def test_alerts_name_nobody() -> None:
    """Invariant 9."""
    world, lead_id = routed()
    world.notifier.refuses = set(TOLD_ANA)
    world.offer_lead(lead_id, 1, "a token")

    assert not any(word in str(world.alerts.told) for word in ("Maria", "Lopez", "2025550199", *TOLD_ANA))


@pytest.mark.parametrize("answer", [Answer.ACCEPT, Answer.DECLINE])
def test_an_answer_that_was_faster_than_the_step_wakes_the_workflow_and_nobody_is_told(
    answer: Answer,
) -> None:
    world, lead_id = routed()
    world.answers(lead_id, answer)

    world.offer_lead(lead_id, 1, "a token")

    assert [token for token, _ in world.workflows.resumed] == ["a token"]
    assert told(world) == []


def test_a_repeated_attempt_waits_with_its_own_token() -> None:
    world, lead_id = routed()
    world.offer_lead(lead_id, 1, "of a dead execution")
    world.offer_lead(lead_id, 1, "of the next")

    world.answers(lead_id, Answer.ACCEPT)

    assert [token for token, _ in world.workflows.resumed] == ["of the next"]
    assert told(world) == TOLD_ANA


@pytest.mark.parametrize("channel", ["phone", "email"])
def test_a_rep_with_one_channel_is_told_there(channel: str) -> None:
    world, lead_id = routed(a_rep("ana", **{channel: None}))
    world.offer_lead(lead_id, 1, "a token")

    assert len(world.notifier.sent) == 1
    assert world.alerts.told == []


@pytest.mark.parametrize(("auto_accept", "hidden"), [(False, True), (True, False)])
def test_a_campaign_may_hide_personal_details_until_a_rep_accepts(auto_accept: bool, hidden: bool) -> None:
    world, lead_id = routed(
        ana,
        documents=(a_campaign(reveal="after_acceptance"),),
        plan=a_plan(a_stage(auto_accept=auto_accept)),
    )
    world.offer_lead(lead_id, 1, None if auto_accept else "a token")

    mail = world.notifier.sent[1][1]
    assert ("2025550199" not in mail) is hidden
    assert ("Lopez" not in mail) is hidden
    assert "Maria L" in mail
