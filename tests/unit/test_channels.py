"""Channels: in their order, what fails falls to the next, what wakes nobody goes at once, and nobody is left untold."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from baton.adapters.doubles import MemoryNotifier
from baton.application.answer_offer import Answer
from baton.application.channels import Channels, Note
from baton.application.messages import Message
from baton.domain.channels import Channel
from baton.domain.decision import decide
from baton.domain.errors import NotificationFailed
from baton.domain.lead import LeadState
from baton.domain.offer import OfferState
from baton.domain.recipient import Recipient
from baton.domain.timeline import Event, EventKind
from baton.domain.trace import Reason
from tests.builders import LEAD_ID, MONDAY_8PM, MONDAY_9AM, World, a_plan, a_rep, a_stage, a_world

PHONE, MAIL = "+12025550101", "ana@sales.example"
MAIL_FIRST: Final = [["email"], ["sms"]]
NIGHT: Final = {"begin": "19:00", "end": "07:00", "channels": ["sms"]}
SEVEN: Final = MONDAY_8PM + timedelta(hours=11)
A_NOTE: Final = Note(Message("sms", "subject", "text", "html"), LEAD_ID)
SLACK: Final = {"user": "U012ABC"}


def ana(**facts: Any) -> Recipient:
    """A rep with a phone and an address."""
    return a_rep("ana", phone=PHONE, **facts)


def routed(rep: Recipient, at: datetime = MONDAY_9AM, **facts: Any) -> tuple[World, str]:
    """A world in which the rep's turn has come, and nobody was told yet."""
    world = a_world(rep, a_rep("ben", phone="+12025550102"), **facts)
    world.clock.at = at
    lead_id = world.scores(first_name="Maria", last_name="Lopez", phone="2025550199")
    world.route(lead_id)
    return world, lead_id


def told(world: World) -> list[str]:
    """Addresses that got a message, in order."""
    return [address for address, _ in world.notifier.sent]


def failures(world: World, lead_id: str) -> list[Event]:
    """What the timeline says of channels that failed."""
    return [one for one in world.leads.timeline(lead_id) if one.kind is EventKind.CHANNEL_FAILED]


# ------------------------------------------------------------------------------------------------------- the document
@pytest.mark.parametrize("written", [["sms", "email"], ["email", "sms"], {"email", "sms"}])
def test_channels_written_before_there_were_steps_are_one_step(written: Any) -> None:
    assert ana(channels=written) == ana()


def test_a_rep_is_stored_and_loaded_as_they_were() -> None:
    rep = ana(channels=[["slack"], ["sms", "email"]], slack=SLACK, quiet=NIGHT)

    assert Recipient.model_validate(rep.model_dump(mode="json")) == rep


@pytest.mark.parametrize(
    "wrong",
    [
        {"channels": []},
        {"channels": [[]]},
        {"channels": [["fax"]]},
        {"channels": "sms"},
        {"channels": [["sms"], ["sms"]]},
        {"channels": [["slack"]]},
        {"channels": [["email"]], "email": None},
        {"slack": {"user": "ana"}},
        {"slack": {"user": "U012ABC", "channel": "#sales"}},
        {"webhook": {"url": "ftp://calls.example"}},
        {"quiet": {"begin": "07:00", "end": "07:00"}},
        {"quiet": {"channels": []}},
    ],
    ids=str,
)
def test_channels_that_could_not_work_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ana(**wrong)


def test_a_rep_needs_neither_phone_nor_address_where_there_is_another_channel() -> None:
    assert ana(channels=[["slack"]], slack=SLACK, email=None).steps == ((Channel.SLACK,),)


# ------------------------------------------------------------------------------------------------ one after another
def test_the_next_channel_is_used_only_when_the_one_before_has_failed() -> None:
    world, lead_id = routed(ana(channels=MAIL_FIRST))
    world.offer_lead(lead_id, 1, "a token")

    assert told(world) == [MAIL]
    assert failures(world, lead_id) == []


def test_an_address_that_is_refused_falls_to_the_next_channel_at_once() -> None:
    world, lead_id = routed(ana(channels=MAIL_FIRST))
    world.notifier.refuses = {MAIL}
    for _ in range(2):
        world.offer_lead(lead_id, 1, "a token")

    assert told(world) == [PHONE]
    (event,) = failures(world, lead_id)
    assert (event.facts["failed"], event.facts["told"]) == ({"email": "refused"}, ["sms"])
    assert world.leads.offer(lead_id, 1).failed == {"email": "refused"}
    assert world.alerts.told[0][1]["refused"] == ["email"]


def test_a_channel_that_cannot_take_it_now_falls_to_the_next_and_is_not_tried_again() -> None:
    def slack(*_: object) -> str | None:
        raise NotificationFailed("timeout")

    world, lead_id = routed(ana(channels=[["slack"], ["sms"]], slack=SLACK), senders={Channel.SLACK: slack})
    for _ in range(2):
        world.offer_lead(lead_id, 1, "a token")

    assert told(world) == [PHONE]
    assert [one.facts["failed"] for one in failures(world, lead_id)] == [{"slack": "unavailable"}]


def test_a_channel_that_the_deployment_lacks_falls_to_the_next() -> None:
    world, lead_id = routed(ana(channels=[["slack"], ["sms"]], slack=SLACK))
    world.offer_lead(lead_id, 1, "a token")

    assert told(world) == [PHONE]
    assert world.leads.offer(lead_id, 1).failed == {"slack": "not_set_up"}


@pytest.mark.parametrize("auto_accept", [False, True])
def test_operations_hear_of_a_rep_whom_no_channel_reaches(auto_accept: bool) -> None:
    world, lead_id = routed(ana(channels=MAIL_FIRST), plan=a_plan(a_stage(auto_accept=auto_accept)))
    world.notifier.refuses = {MAIL, PHONE}
    world.offer_lead(lead_id, 1, None if auto_accept else "a token")

    assert "by any channel" in world.alerts.told[0][0]
    assert failures(world, lead_id)[0].facts["told"] == []
    if not auto_accept:
        assert world.leads.offer(lead_id, 1).state is OfferState.RELEASED


steps = st.lists(
    st.lists(st.sampled_from(["sms", "email", "slack", "teams"]), min_size=1, max_size=3, unique=True),
    min_size=1,
    max_size=3,
).filter(lambda found: len({one for step in found for one in step}) == sum(map(len, found)))


@given(
    order=steps,
    refusing=st.sets(st.sampled_from([*Channel])),
    failing=st.sets(st.sampled_from([*Channel])),
    quiet=st.sets(st.sampled_from([*Channel])),
)
def test_whoever_can_be_reached_is_reached_by_the_first_step_that_works(
    order: list[list[str]], refusing: set[Channel], failing: set[Channel], quiet: set[Channel]
) -> None:
    tried: list[Channel] = []

    def sender(channel: Channel) -> Any:
        def send(*_: object) -> str | None:
            tried.append(channel)
            if channel in failing:
                raise NotificationFailed
            return "refused" if channel in refusing else None

        return send

    class Phones(MemoryNotifier):
        def sms(self, phone: str, text: str) -> bool:
            return sender(Channel.SMS)() is None

        def email(self, address: str, subject: str, text: str, html: str, about: Any = None) -> bool:
            return sender(Channel.EMAIL)() is None

    rep = ana(
        channels=order,
        slack=SLACK,
        teams={},
        quiet={"begin": "08:00", "end": "10:00", "channels": quiet} if quiet else None,
    )
    others = {channel: sender(channel) for channel in (Channel.SLACK, Channel.TEAMS)}
    result = Channels(Phones(), others.get).tell(rep, A_NOTE, MONDAY_9AM)

    dead = refusing | failing
    works = [[c for c in step if c not in dead and c not in quiet] for step in order]
    first = next((n for n, step in enumerate(works) if step), None)
    assert sorted(result.by) == sorted(works[first] if first is not None else [])
    assert len(tried) == len(set(tried))
    reached = order[: len(order) if first is None else first + 1]
    assert {*tried} == {Channel(c) for step in reached for c in step if c not in quiet}
    if not result.by:
        # What waits is of the first step that has anything to wait for.
        waiting = next((s for step in order if (s := [c for c in step if c in quiet])), [])
        assert sorted(result.held) == sorted(waiting)


# ------------------------------------------------------------------------------------------------------- quiet hours
def test_in_quiet_hours_the_mail_goes_at_once_and_the_text_message_waits_for_the_morning() -> None:
    world, lead_id = routed(ana(quiet=NIGHT), MONDAY_8PM, plan=a_plan(a_stage(auto_accept=True)))
    world.offer_lead(lead_id, 1)

    assert told(world) == [MAIL]
    assert world.retellings.waiting == [(lead_id, 1, SEVEN - MONDAY_8PM)]
    world.clock.at = SEVEN
    world.offer_lead(lead_id, 1)
    assert told(world) == [MAIL, PHONE]
    assert (failures(world, lead_id), world.alerts.told) == ([], [])


def test_quiet_hours_are_on_the_rep_s_own_clock() -> None:
    rep = ana(zone="Asia/Tokyo", quiet=NIGHT)

    assert rep.quiet_until(Channel.SMS, MONDAY_9AM) == datetime.fromisoformat("2026-11-24T07:00+09:00")
    assert rep.quiet_until(Channel.EMAIL, MONDAY_9AM) is None


def test_in_quiet_hours_a_step_that_would_have_to_wait_is_passed_over() -> None:
    world, lead_id = routed(ana(channels=[["sms"], ["email"]], quiet=NIGHT), MONDAY_8PM)
    world.offer_lead(lead_id, 1, "a token")

    assert (told(world), world.retellings.waiting) == ([MAIL], [])


def test_an_offer_that_would_be_over_in_the_morning_goes_to_the_next_rep_instead() -> None:
    world, lead_id = routed(ana(channels=[["sms"]], quiet=NIGHT), MONDAY_8PM)

    assert (world.leads.get(lead_id).recipient_id, world.turns("ana"), world.alerts.told) == ("ben", 0, [])
    trace = world.leads.offer(lead_id, 1).trace
    assert trace.reason_for("ana") is Reason.QUIET_HOURS
    assert "Tue 24 Nov 07:00" in str(trace)


def test_a_lead_of_the_night_uses_nobody_up() -> None:
    world = a_world(*(a_rep(who, channels=[["sms"]], phone=PHONE, quiet=NIGHT) for who in ("ana", "ben")))
    world.clock.at = MONDAY_8PM
    lead = world.leads.get(world.offers())

    assert (lead.state, lead.offers) == (LeadState.UNASSIGNED, ())
    assert [subject for subject, _ in world.alerts.told] == ["A lead has no taker: its plan is exhausted"]
    morning = world.situation(lead.model_copy(update={"state": LeadState.SCORED, "stage": 0}), SEVEN)
    choice = decide(morning).choice
    assert choice is not None
    assert choice.recipient.id == "ana"


def test_a_night_that_begins_between_the_claim_and_the_message_gives_the_offer_to_the_next() -> None:
    world, lead_id = routed(ana(channels=[["sms"]], quiet=NIGHT), MONDAY_8PM - timedelta(hours=1, seconds=1))
    assert world.leads.get(lead_id).recipient_id == "ana"
    world.clock.forward(timedelta(seconds=2))
    world.offer_lead(lead_id, 1, "a token")

    assert (told(world), world.turns("ana"), world.alerts.told) == ([], 0, [])
    assert world.leads.offer(lead_id, 1).state is OfferState.RELEASED
    assert world.step(lead_id).lead.recipient_id == "ben"


@pytest.mark.parametrize(
    "rep",
    [
        {"channels": [["sms"], ["email"]]},
        {"quiet": {"begin": "19:00", "end": "20:04", "channels": ["sms", "email"]}},
    ],
    ids=["a channel that wakes nobody", "quiet hours that end in time"],
)
def test_a_rep_who_hears_of_an_offer_in_time_is_asked_in_quiet_hours(rep: dict[str, Any]) -> None:
    world, lead_id = routed(ana(**{"quiet": NIGHT, **rep}), MONDAY_8PM)

    assert world.leads.get(lead_id).recipient_id == "ana"


def test_a_lead_that_is_the_rep_s_without_asking_waits_for_the_morning() -> None:
    plan = a_plan(a_stage(auto_accept=True))
    world, lead_id = routed(ana(channels=[["sms"]], quiet=NIGHT), MONDAY_8PM, plan=plan)
    world.offer_lead(lead_id, 1)

    assert world.leads.get(lead_id).state is LeadState.ASSIGNED
    assert (told(world), len(world.retellings.waiting), world.alerts.told) == ([], 1, [])


def test_with_a_channel_that_fails_and_one_that_is_quiet_nothing_is_given_up() -> None:
    plan = a_plan(a_stage(auto_accept=True))
    rep = ana(channels=[["email"], ["sms"]], quiet=NIGHT)
    world, lead_id = routed(rep, MONDAY_8PM, plan=plan)
    world.notifier.failing = True
    world.offer_lead(lead_id, 1)

    assert world.retellings.waiting == [(lead_id, 1, SEVEN - MONDAY_8PM)]


def test_an_answer_is_possible_whichever_channel_was_used() -> None:
    world, lead_id = routed(ana(channels=MAIL_FIRST))
    world.notifier.refuses = {MAIL}
    world.offer_lead(lead_id, 1, "a token")
    world.answers(lead_id, Answer.ACCEPT)

    assert world.leads.get(lead_id).state is LeadState.ASSIGNED
