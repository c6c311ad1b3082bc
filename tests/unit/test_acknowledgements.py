"""The lead hears back: once, from the rep who has it, at an hour at which they may be told, and only if they want."""

from datetime import timedelta
from typing import Any, Final

import pytest
from pydantic import ValidationError

from baton.adapters.memory_configuration import MemoryConfiguration
from baton.application.answer_offer import Answer
from baton.application.attend_lead import PATIENCE
from baton.domain.acknowledgement import BLANKS, Acknowledgement, filled_in
from baton.domain.change import Change
from baton.domain.contact_entry import ContactEntry
from baton.domain.errors import NotificationFailed, StoreUnavailable
from baton.domain.lead import LeadState
from baton.domain.outcome import Outcome, Report
from baton.domain.promptness import entrusted
from baton.domain.timeline import Event, EventKind
from tests.builders import MINUTE, MONDAY_8PM, World, a_campaign, a_plan, a_rep, a_source, a_stage
from tests.selling import a_buyer

MARIA: Final = {"first_name": "Maria", "phone": "+12125550199", "email": "maria@example.com", "state": "NY"}
HELLO: Final[dict[str, Any]] = {
    "company": "Bright Roofs",
    "phone": "+12025550000",
    "sms": "Hello {first_name}, {rep} of {company} will call you from {rep_phone}.",
    "mail": {"subject": "{rep} will call you", "text": "Hello {first_name},\n\n{rep} of {company} is on it."},
}
ana, ben = a_rep("ana", name="Ana Diaz", phone="+12025550101"), a_rep("ben", phone="+12025550102")


def a_polite_world(*reps: Any, hello: dict[str, Any] | None = None, **campaign: Any) -> World:
    """A world whose people hear back."""
    facts = {"acknowledgement": {**HELLO, **(hello or {})}, **campaign}
    return World(reps or (ana, ben), plan=a_plan(a_stage()), documents=(a_campaign(**facts),))


def accepted(world: World, **more: Any) -> str:
    """A lead that ana has accepted."""
    lead_id = world.offers(**MARIA, **more)
    world.answers(lead_id, Answer.ACCEPT)
    return lead_id


def attends(world: World, lead_id: str, by: timedelta = timedelta(), no: int = 1) -> int:
    """What the workflow's step answers after that time."""
    world.clock.forward(by)
    return world.attend(lead_id, no)


def heard(world: World) -> dict[str, str]:
    """What the person heard, by where."""
    mine = {MARIA["phone"], MARIA["email"]}
    found = [(address, text) for address, text in world.notifier.sent if address in mine]
    assert len(dict(found)) == len(found), "twice"
    return dict(found)


def last(world: World, lead_id: str) -> Event:
    """What happened to the lead last."""
    return world.leads.timeline(lead_id)[-1]


def test_a_minute_after_a_rep_has_accepted_the_person_hears_who_will_call() -> None:
    world = a_polite_world()
    lead_id = accepted(world)
    assert attends(world, lead_id) == 60
    assert heard(world) == {}

    assert attends(world, lead_id, MINUTE) == 0

    assert heard(world)[MARIA["phone"]] == "Hello Maria, Ana of Bright Roofs will call you from +12025550101."
    assert heard(world)[MARIA["email"]].startswith("Ana will call you\nHello Maria,\n\nAna of Bright Roofs")
    assert "<p>Hello Maria,</p>" in heard(world)[MARIA["email"]]
    event = last(world, lead_id)
    assert (event.kind, event.facts["channels"]) == (EventKind.LEAD_ACKNOWLEDGED, ["sms", "email"])
    assert world.leads.get(lead_id).acknowledged_at == world.clock.at
    assert not any(word in str(event.facts) for word in ("Maria", "2125550199", "example.com"))


def test_a_repeated_step_sends_nothing_twice_and_one_that_died_half_way_only_what_is_missing() -> None:
    """Invariant 8."""
    world = a_polite_world()
    lead_id = accepted(world)
    world.notifier.refuses = {MARIA["email"]}
    attends(world, lead_id, MINUTE)
    for _ in range(3):
        attends(world, lead_id)

    assert list(heard(world)) == [MARIA["phone"]]


def test_an_acceptance_that_is_taken_back_within_the_minute_says_nothing_and_the_next_rep_is_named() -> None:
    world = a_polite_world()
    lead_id = accepted(world)
    world.answers(lead_id, Answer.UNDO)
    assert attends(world, lead_id, MINUTE) == 0
    assert heard(world) == {}
    world.step(lead_id)
    world.answers(lead_id, Answer.ACCEPT)

    attends(world, lead_id, MINUTE, no=2)

    assert "Ben of Bright Roofs" in heard(world)[MARIA["phone"]]


def test_who_has_heard_once_does_not_hear_again_of_another_rep() -> None:
    level = {"contact_within_s": 60, "counts": "always", "then": [{"after_s": 600, "do": "reassign"}]}
    world = a_polite_world(service_level=level)
    lead_id = accepted(world)
    attends(world, lead_id, 10 * MINUTE)
    assert world.leads.get(lead_id).state is LeadState.SCORED
    world.step(lead_id)
    world.answers(lead_id, Answer.ACCEPT)

    attends(world, lead_id, 2 * MINUTE, no=2)

    assert "Ana" in heard(world)[MARIA["phone"]]
    assert world.kinds(lead_id).count(EventKind.LEAD_ACKNOWLEDGED) == 1


def test_quiet_hours_of_the_person_are_waited_out() -> None:
    world = a_polite_world(quiet_hours={"begin": "20:00", "end": "08:00"})
    world.clock.at = MONDAY_8PM
    lead_id = accepted(world)

    assert attends(world, lead_id, MINUTE) == (12 * 60 - 1) * 60
    assert attends(world, lead_id, timedelta(hours=12) - MINUTE) == 0
    assert len(heard(world)) == 2
    assert EventKind.ACKNOWLEDGEMENT_WITHHELD not in world.kinds(lead_id)


def test_who_comes_late_into_quiet_hours_waits_for_their_end() -> None:
    """The step could not run when it was time."""
    world = a_polite_world(quiet_hours={"begin": "20:00", "end": "08:00"})
    lead_id = accepted(world)
    world.clock.at = MONDAY_8PM

    assert attends(world, lead_id) == 12 * 3600
    event = last(world, lead_id)
    assert (event.kind, event.facts["why"]) == (EventKind.ACKNOWLEDGEMENT_WITHHELD, "quiet_hours")
    assert attends(world, lead_id, timedelta(hours=12)) == 0
    assert len(heard(world)) == 2


@pytest.mark.parametrize(
    ("why", "lead", "hello", "source"),
    [
        ("no_consent", {"consent": "no"}, {}, {}),
        ("no_consent", {}, {"needs_consent": True}, {}),
        ("no_address", {"phone": ""}, {"mail": None}, {}),
        ("test", {}, {}, {"test": True}),
    ],
)
def test_who_is_not_to_be_told_is_not_told_and_the_timeline_says_why(
    why: str, lead: dict[str, Any], hello: dict[str, Any], source: dict[str, Any]
) -> None:
    world = a_polite_world(hello=hello)
    world.configure(a_source(**source))
    lead_id = accepted_as(world, lead)

    attends(world, lead_id, MINUTE)

    assert heard(world) == {}
    event = last(world, lead_id)
    assert (event.kind, event.facts["why"]) == (EventKind.ACKNOWLEDGEMENT_WITHHELD, why)
    assert world.leads.get(lead_id).acknowledged_at is None
    assert attends(world, lead_id) == 0


def accepted_as(world: World, lead: dict[str, Any]) -> str:
    """A lead with other fields than Maria's, accepted."""
    lead_id = world.offers(**{**MARIA, **lead})
    world.answers(lead_id, Answer.ACCEPT)
    return lead_id


def test_who_has_consented_where_that_is_asked_for_is_told() -> None:
    world = a_polite_world(hello={"needs_consent": True})
    lead_id = accepted_as(world, {"consent": "yes"})

    attends(world, lead_id, MINUTE)

    assert len(heard(world)) == 2


def test_who_is_on_the_do_not_contact_list_by_then_is_not_told_even_where_their_leads_are_taken() -> None:
    world = a_polite_world(honour_do_not_contact=False)
    lead_id = accepted(world)
    world.refuse.add([ContactEntry(row=1, email=MARIA["email"], phone=None)], "US", "carla")

    attends(world, lead_id, MINUTE)

    assert heard(world) == {}
    assert last(world, lead_id).facts["why"] == "do_not_contact"


def test_nobody_is_told_as_long_as_it_is_not_known_whether_they_want_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = a_polite_world()
    lead_id = accepted(world)

    def fails(_: object) -> set[str]:
        raise StoreUnavailable

    monkeypatch.setattr(world.do_not_contact, "listed", fails)

    with pytest.raises(StoreUnavailable):
        attends(world, lead_id, MINUTE)
    assert heard(world) == {}


@pytest.mark.parametrize("outcome", [Outcome.CONTACTED, Outcome.LOST])
def test_a_person_who_was_reached_before_is_not_told_that_they_will_be(outcome: Outcome) -> None:
    world = a_polite_world(quiet_hours={"begin": "20:00", "end": "08:00"})
    world.clock.at = MONDAY_8PM
    lead_id = accepted(world)
    world.conclude(lead_id, Report(outcome=outcome), "ana")

    assert attends(world, lead_id, timedelta(hours=12)) == 0
    assert heard(world) == {}


def test_a_message_that_cannot_be_sent_is_tried_for_a_while_then_given_up() -> None:
    world = a_polite_world()
    lead_id = accepted(world)
    world.notifier.failing = True
    with pytest.raises(NotificationFailed):
        attends(world, lead_id, MINUTE)

    attends(world, lead_id, PATIENCE)

    assert last(world, lead_id).facts["why"] == "not_delivered"


def test_an_address_that_is_refused_is_said_so() -> None:
    world = a_polite_world()
    lead_id = accepted(world)
    world.notifier.refuses = {MARIA["phone"], MARIA["email"]}

    attends(world, lead_id, MINUTE)

    assert last(world, lead_id).facts["why"] == "refused"


def test_what_a_stranger_calls_themselves_brings_no_link_to_anybody() -> None:
    """Whoever types a stranger's number into a form must not make us send them an advertisement."""
    world = a_polite_world()
    lead_id = accepted_as(world, {"first_name": "Win now at http://evil.example/x {rep_phone} <b>"})

    attends(world, lead_id, MINUTE)

    sms, mail = heard(world)[MARIA["phone"]], heard(world)[MARIA["email"]]
    assert "evil" not in sms + mail
    assert "<b>" not in mail.partition("<p>")[2]
    assert "{rep_phone}" in sms, "what is filled in is not filled in again"


def test_a_rep_without_a_number_is_reached_at_the_company_s() -> None:
    world = a_polite_world(a_rep("ana", phone=None))
    lead_id = accepted(world)

    attends(world, lead_id, MINUTE)

    assert "+12025550000" in heard(world)[MARIA["phone"]]


def test_people_whose_leads_are_sold_hear_from_their_buyers() -> None:
    world = a_polite_world()
    lead = world.leads.get(accepted(world)).revised(duties=())
    change = Change(lead=lead, event=last(world, lead.lead_id))

    assert entrusted(change, a_campaign(acknowledgement=HELLO), a_buyer("harbor"), world.clock.at) is change
    assert entrusted(change, a_campaign(acknowledgement=HELLO), ana, world.clock.at).lead.duties


# -------------------------------------------------------------------------------------------------------- documents
@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"sms": None, "mail": None}, "has an sms, a mail, or both"),
        ({"sms": "Hello {name}"}, "may leave open {first_name}"),
        ({"sms": "Hello {first_name"}, "no other curly brackets"),
        ({"sms": "{rep_phone}", "phone": None}, "needs phone"),
        ({"mail": {"subject": "a\nb", "text": "x"}}, "pattern"),
    ],
)
def test_texts_that_cannot_be_filled_in_are_refused(wrong: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Acknowledgement.model_validate({**HELLO, "phone": "+12025550000", **wrong})


def test_every_blank_is_filled() -> None:
    text = " ".join(f"{{{name}}}" for name in BLANKS)

    assert filled_in(text, {name: name for name in BLANKS}) == " ".join(BLANKS)


def test_of_a_person_without_a_name_no_gap_is_left() -> None:
    world = a_polite_world()
    lead_id = accepted_as(world, {"first_name": ""})

    attends(world, lead_id, MINUTE)

    assert heard(world)[MARIA["phone"]].startswith("Hello, Ana of Bright Roofs")


def test_a_step_that_died_after_sending_does_not_send_again_for_the_next_rep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = a_polite_world()
    lead_id = accepted(world)
    world.clock.forward(MINUTE)
    with monkeypatch.context() as patch:
        patch.setattr(world.leads, "commit", dies)
        with pytest.raises(StoreUnavailable):
            attends(world, lead_id)
    world.answers(lead_id, Answer.UNDO)
    world.step(lead_id)
    world.answers(lead_id, Answer.ACCEPT)

    attends(world, lead_id, MINUTE, no=2)

    assert "Ana" in heard(world)[MARIA["phone"]]
    assert world.leads.get(lead_id).acknowledged_at


def dies(_: object) -> bool:
    """A store that does not answer."""
    raise StoreUnavailable


def test_what_a_deleted_campaign_owed_keeps_nothing_else_from_happening() -> None:
    level = {"contact_within_s": 600, "counts": "always", "then": [{"after_s": 300, "do": "remind"}]}
    world = a_polite_world(service_level=level)
    lead_id = accepted(world)
    assert isinstance(world.configuration, MemoryConfiguration)
    del world.configuration.stored["campaign", "solar"]

    attends(world, lead_id, 10 * MINUTE)

    kinds = world.kinds(lead_id)
    assert kinds[-3:] == [
        EventKind.ACKNOWLEDGEMENT_WITHHELD,
        EventKind.REP_REMINDED,
        EventKind.SERVICE_LEVEL_MISSED,
    ]
