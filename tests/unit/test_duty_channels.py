"""Reminders, escalations and leads that are taken back: by each rep's own channels, in their order, once."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import pytest

from baton.application.channels import Note
from baton.application.tell_in_slack import message_to
from baton.application.tell_once import BUSY
from baton.domain.channels import Channel, address_mark
from baton.domain.errors import NotificationFailed
from baton.domain.recipient import Recipient
from baton.domain.timeline import EventKind
from tests.builders import MINUTE, World, a_rep
from tests.unit.interleaving import Task, each
from tests.unit.test_service_levels import a_prompt_world, a_stepwise_prompt_world, attends, happened

PHONE, MAIL = "+12025550101", "ana@sales.example"
SLACK: Final = {"user": "U012ABC"}
FIRST_SLACK: Final[dict[str, Any]] = {"channels": [["slack"], ["sms"]], "slack": SLACK}
LEAD_ID: Final = f"{1:032x}"


class Slack:
    """The Sender port: takes what it is told to, and remembers it."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.refuses = False
        self.failing = False

    def __call__(self, recipient: Recipient, note: Note) -> str | None:
        """See Sender."""
        if self.failing:
            raise NotificationFailed
        if self.refuses:
            return "channel_not_found"
        self.notes.append(note)
        return None

    @property
    def kinds(self) -> list[EventKind]:
        """What was told of."""
        return [note.kind for note in self.notes]


def with_slack(**rep: Any) -> tuple[World, Slack, str]:
    """A lead that ana has, who hears of it in Slack first."""
    slack = Slack()
    ana = a_rep("ana", phone=PHONE, **{**FIRST_SLACK, **rep})
    world = a_prompt_world(ana, a_rep("ben"), senders={Channel.SLACK: slack})
    lead_id = world.offers(first_name="Maria", last_name="Lopez", phone="2025550199")
    world.notifier.sent.clear()
    slack.notes.clear()
    return world, slack, lead_id


def texts(world: World, address: str = PHONE) -> list[str]:
    """What somebody got since the lead is theirs."""
    return [text for to, text in world.notifier.sent if to == address]


def test_a_rep_is_reminded_by_the_first_channel_that_works() -> None:
    world, slack, lead_id = with_slack()
    attends(world, lead_id, 10)

    assert (slack.kinds, world.notifier.sent) == ([EventKind.REP_REMINDED], [])
    assert happened(world, lead_id) == [EventKind.REP_REMINDED]


@pytest.mark.parametrize("trouble", ["refuses", "failing"])
def test_what_fails_falls_to_the_next(trouble: str) -> None:
    world, slack, lead_id = with_slack()
    setattr(slack, trouble, True)
    attends(world, lead_id, 10)

    assert [text.startswith("Reminder: ") for text in texts(world)] == [True]
    assert world.leads.timeline(lead_id)[-1].facts["reached"] is True


@pytest.mark.parametrize("place", [SLACK, {**SLACK, "channel": "C012ABC"}])
def test_a_reminder_in_slack_asks_nothing_and_shows_others_nobody(place: dict[str, str]) -> None:
    world, slack, lead_id = with_slack(slack=place)
    attends(world, lead_id, 10)
    (note,) = slack.notes
    ana = world.configuration.get(Recipient, "ana")
    assert ana.slack is not None
    shown = str(message_to(ana.slack, note))

    assert "baton_accept" not in shown
    assert ("Lopez" in shown, note.link in shown) == ((False, False) if "channel" in place else (True, True))
    assert "Reminder" in shown


def test_who_is_told_of_a_lead_that_is_taken_back_or_of_whose_it_is_hears_it_there_too() -> None:
    world, slack, lead_id = with_slack()
    world.configure(a_rep("grace", phone="+12025550107", **FIRST_SLACK))
    for minutes in (10, 10):
        attends(world, lead_id, minutes, no=1)
    assert slack.kinds == [EventKind.REP_REMINDED, EventKind.LEAD_REASSIGNED]
    world.offers(lead_id)
    slack.notes.clear()
    attends(world, lead_id, 40)

    escalation = next(note for note in slack.notes if note.kind is EventKind.LEAD_ESCALATED)
    assert "Lopez" not in str(escalation)
    assert (escalation.lead_phone, escalation.link) == (None, "")


def test_whoever_is_repeated_tells_nobody_twice() -> None:
    """Invariant 8: a run that wrote nothing of what it did but what it sent."""
    world, slack, lead_id = with_slack()
    commit = world.leads.commit
    world.leads.commit = lambda _: False  # type: ignore[method-assign,assignment] # somebody else is always first
    world.clock.forward(10 * MINUTE)
    for _ in range(3):
        with suppress(Exception):
            world.attend(lead_id, 1)
    world.leads.commit = commit  # type: ignore[method-assign]
    world.attend(lead_id, 1)

    assert (slack.kinds, world.notifier.sent) == ([EventKind.REP_REMINDED], [])


def test_of_two_runs_at_once_the_second_takes_no_other_channel() -> None:
    """Invariant 8: every interleaving."""
    heard: dict[int, Slack] = {}

    def build() -> tuple[World, Sequence[Task]]:
        world, slack = a_stepwise_prompt_world(), Slack()
        world.senders[Channel.SLACK] = slack
        world.configure(a_rep("ana", phone=PHONE, email=None, **FIRST_SLACK))
        lead_id = world.offers()
        slack.notes.clear()
        heard[id(world)] = slack
        world.clock.forward(10 * MINUTE)

        def run() -> None:
            with suppress(NotificationFailed):
                world.attend(lead_id, 1)

        return world, [run, run]

    for world in each(build):
        with suppress(NotificationFailed):
            world.attend(LEAD_ID, 1)
        assert (heard[id(world)].kinds, texts(world)) == ([EventKind.REP_REMINDED], [])
        assert happened(world, LEAD_ID) == [EventKind.REP_REMINDED]


def test_a_run_that_died_in_the_middle_is_finished_by_the_next() -> None:
    world = a_prompt_world(a_rep("ana", phone=PHONE), a_rep("ben"))
    lead_id = world.offers()
    world.notifier.sent.clear()
    world.notifier.dies_at = {MAIL}
    with pytest.raises(RuntimeError):
        attends(world, lead_id, 10)
    world.notifier.dies_at = set()
    with pytest.raises(NotificationFailed):
        world.attend(lead_id, 1)  # it may be that the other run is only slow
    world.clock.forward(BUSY)

    world.attend(lead_id, 1)

    assert [to for to, _ in world.notifier.sent] == [PHONE, MAIL]


def test_what_was_sent_before_a_rep_s_channels_had_an_order_is_not_sent_again() -> None:
    world = a_prompt_world(a_rep("ana", phone=PHONE), a_rep("ben"))
    lead_id = world.offers()
    world.notifier.sent.clear()
    offer, duty = world.leads.offer(lead_id, 1), world.leads.get(lead_id).duties[0]
    at = world.clock.now().isoformat()
    noted = {f"{duty.name}.ana.{channel}": at for channel in ("sms", "email")}
    assert world.leads.note(offer.noted(sent={**offer.sent, **noted}))

    attends(world, lead_id, 10)

    assert world.notifier.sent == []
    assert world.leads.timeline(lead_id)[-1].facts["reached"] is True


@pytest.mark.parametrize(("quiet", "reached_by"), [(["sms"], [MAIL]), (["sms", "email"], [PHONE, MAIL])])
def test_what_is_quiet_is_left_out_unless_everything_is(quiet: list[str], reached_by: list[str]) -> None:
    hours = {"begin": "08:00", "end": "23:00", "channels": quiet}
    world = a_prompt_world(a_rep("ana", phone=PHONE, quiet=hours), a_rep("ben"))
    lead_id = world.offers()
    world.notifier.sent.clear()
    attends(world, lead_id, 10)

    assert [to for to, _ in world.notifier.sent] == reached_by


def test_a_reminder_that_comes_back_says_whose_it_is() -> None:
    world = a_prompt_world(a_rep("ana", phone=PHONE), a_rep("ben"))
    lead_id = world.offers()
    world.notifier.about.clear()
    attends(world, lead_id, 10)

    (about,) = world.notifier.about
    assert about == {"lead_id": lead_id, "offer_no": "1", "to": address_mark(MAIL, lead_id)}


def test_whoever_was_reminded_has_not_been_told_of_the_lead_whose_mail_came_back() -> None:
    """What counts as told of an offer is what told of it."""
    world = a_prompt_world(a_rep("ana", channels=[["email"]]), a_rep("ben"))
    lead_id = world.offers()
    attends(world, lead_id, 10)
    world.offer_lead(lead_id, 1, came_back={Channel.EMAIL: "bounced"})

    assert "by any channel" in world.alerts.told[-1][0]
    assert world.leads.timeline(lead_id)[-1].facts["told"] == []
