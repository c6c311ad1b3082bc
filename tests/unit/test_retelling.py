"""What comes back after it was sent: the rep hears by the next channel, and the address is left in peace."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.application.answer_offer import Answer
from baton.application.edit_configuration import EditConfiguration
from baton.application.retell_offer import CameBack, RetellOffer, Why
from baton.domain.channels import address_mark
from baton.domain.errors import NotificationFailed, StoreUnavailable
from baton.domain.lead import Answer as Ended
from baton.domain.lead import LeadState, PastOffer
from baton.domain.offer import OfferState
from baton.domain.outcome import Outcome, Report
from baton.domain.recipient import Recipient
from baton.domain.telling import is_to_be_told
from tests.builders import LEAD_ID, MONDAY_9AM, World, a_lead, a_plan, a_stage, an_offer
from tests.unit.interleaving import Task, along
from tests.unit.test_channels import MAIL, MAIL_FIRST, PHONE, ana, failures, routed, told
from tests.unit.test_interleavings import a_stepwise_world, check_books

PAST: Final = PastOffer(recipient_id="ana", stage=0, pool_id="team", answer=Ended.ACCEPTED)
FOR_GOOD: Final = [Why.BOUNCED, Why.COMPLAINED]


class Office:
    """A lead that was offered to ana by mail, with a phone number for when that fails."""

    def __init__(self, *, no_texts: bool = False, auto_accept: bool = False, **rep: Any) -> None:
        """With `no_texts` no text message can be sent while the offer is made."""
        plan = a_plan(a_stage(auto_accept=auto_accept))
        self.world, self.lead_id = routed(ana(**{"channels": MAIL_FIRST, **rep}), plan=plan)
        assert isinstance(self.world.configuration, MemoryConfiguration)
        self.archive = MemoryArchive(self.world.configuration)
        self.edit = EditConfiguration(self.archive, self.world.clock)
        self.retell = RetellOffer(self.world.leads, self.world.offer_lead, self.edit, self.world.clock)
        self.world.notifier.unavailable = {PHONE} if no_texts else set()
        self.world.offer_lead(self.lead_id, 1, None if auto_accept else "a token")
        self.world.notifier.unavailable = set()

    def comes_back(self, why: Why = Why.BOUNCED, address: str = MAIL) -> None:
        """SES says what became of the mail."""
        self.retell(self.lead_id, 1, CameBack(why, address_mark(address, self.lead_id)))

    @property
    def ana(self) -> Recipient:
        """As she is stored."""
        return self.world.configuration.get(Recipient, "ana")


@pytest.mark.parametrize("why", Why)
def test_the_offer_that_waits_is_told_by_the_next_channel_once(why: Why) -> None:
    office = Office()
    for _ in range(3):
        office.comes_back(why)

    assert told(office.world) == [MAIL, PHONE]
    (event,) = failures(office.world, office.lead_id)
    assert (event.facts["failed"], event.facts["told"]) == ({"email": str(why)}, ["sms"])


@pytest.mark.parametrize("why", FOR_GOOD)
def test_the_address_is_left_out_from_then_on_and_everybody_can_see_it(why: Why) -> None:
    office = Office()
    office.comes_back(why)
    (failing,) = office.ana.failing

    assert (failing.channel, failing.address, failing.why) == ("email", MAIL, why)
    assert office.archive.changes(10).items[0].by == "baton"
    world = office.world
    lead_id = world.offers(email="next@example.com")
    world.answers(lead_id, Answer.DECLINE)
    lead_id = world.offers(email="next-but-one@example.com")
    assert world.leads.offer(lead_id, 1).recipient_id == "ana"
    assert world.notifier.sent[-1][0] == PHONE
    assert failures(world, lead_id)[0].facts["failed"] == {"email": str(why)}


def test_a_mail_that_may_still_arrive_says_nothing_of_the_address() -> None:
    office = Office()
    office.comes_back(Why.DELAYED)

    assert office.ana.failing == ()


@pytest.mark.parametrize("change", [{"email": "new@sales.example"}, {"failing": ()}])
def test_a_new_address_or_a_person_s_word_brings_the_channel_back(change: dict[str, Any]) -> None:
    office = Office()
    office.comes_back()
    office.world.configure(office.ana.model_copy(update=change))

    assert [str(channel) for channel in office.ana.reachable_by] == ["sms", "email"]


def test_what_came_back_from_an_address_that_is_no_longer_the_rep_s_marks_nothing() -> None:
    office = Office()
    office.world.configure(office.ana.model_copy(update={"email": "new@sales.example"}))
    office.comes_back()

    assert office.ana.failing == ()
    assert told(office.world) == [MAIL, PHONE]


def test_whoever_was_told_by_another_channel_at_once_is_not_told_again() -> None:
    office = Office(channels=[["email", "sms"]])
    office.comes_back()

    assert told(office.world) == [MAIL, PHONE]
    assert failures(office.world, office.lead_id)[0].facts["told"] == ["sms"]


@pytest.mark.parametrize("answer", [Answer.ACCEPT, Answer.DECLINE])
def test_whoever_has_answered_is_told_nothing_more(answer: Answer) -> None:
    office = Office()
    office.world.answers(office.lead_id, answer)
    office.comes_back()

    assert told(office.world) == [MAIL]
    assert office.ana.failing


def test_an_offer_that_is_over_is_told_nothing_more() -> None:
    office = Office()
    office.world.clock.forward(timedelta(hours=1))
    office.comes_back()

    assert told(office.world) == [MAIL]


def test_when_the_last_channel_came_back_the_next_rep_is_asked() -> None:
    office = Office(channels=[["email"]])
    office.comes_back()

    assert office.world.leads.offer(office.lead_id, 1).state is OfferState.RELEASED
    assert office.world.workflows.resumed == [("a token", {"answer": "undelivered"})]
    assert "by any channel" in office.world.alerts.told[-1][0]


def test_while_the_next_channel_does_not_work_it_is_tried_again() -> None:
    office = Office()
    office.world.notifier.failing = True
    with pytest.raises(NotificationFailed):
        office.comes_back()
    office.world.notifier.failing = False
    office.comes_back()

    assert told(office.world) == [MAIL, PHONE]


def test_what_was_only_unavailable_gets_another_chance_when_the_mail_came_back() -> None:
    office = Office(channels=[["sms"], ["email"]], no_texts=True)
    assert told(office.world) == [MAIL]
    office.comes_back()

    offer = office.world.leads.offer(office.lead_id, 1)
    assert told(office.world) == [MAIL, PHONE]
    assert ({*offer.sent}, offer.failed) == ({"sms", "email"}, {"email": "bounced"})
    assert offer.state is OfferState.PENDING
    assert failures(office.world, office.lead_id)[-1].facts["told"] == ["sms"]


def test_a_run_that_ended_in_the_middle_is_finished_by_the_next() -> None:
    """Invariant 8: whatever was written before it ended."""
    office = Office()
    commit = office.world.leads.commit

    def breaks(change: Any) -> bool:
        raise StoreUnavailable

    office.world.leads.commit = breaks  # type: ignore[method-assign] # the store fails for a moment
    with pytest.raises(StoreUnavailable):
        office.comes_back()
    office.world.leads.commit = commit  # type: ignore[method-assign]
    office.comes_back()

    assert told(office.world) == [MAIL, PHONE]
    assert len(failures(office.world, office.lead_id)) == 1
    assert len(office.ana.failing) == 1


@pytest.mark.parametrize("broken", ["alert", "commit"])
def test_operations_hear_of_a_channel_that_failed_wherever_a_run_ends(broken: str) -> None:
    """Invariant 8: an alert too many is better than none."""
    office = Office()
    world = office.world
    part: Any = {"alert": world.alerts, "commit": world.leads}[broken]
    whole = getattr(part, broken)

    def ends(*args: Any, **facts: Any) -> Any:
        result = whole(*args, **facts)
        if broken == "commit":
            raise RuntimeError  # it is written, and the function's time is over
        return result

    setattr(part, broken, ends)
    with suppress(RuntimeError):
        office.comes_back()
    setattr(part, broken, whole)
    office.comes_back()

    assert [facts["refused"] for _, facts in world.alerts.told] == [["email"]]


@pytest.mark.parametrize("why", FOR_GOOD)
def test_a_mail_that_was_late_and_came_back_then_is_noted_as_that(why: Why) -> None:
    office = Office()
    for news in (Why.DELAYED, why, Why.DELAYED, why):
        office.comes_back(news)

    assert office.world.leads.offer(office.lead_id, 1).failed == {"email": str(why)}
    found = [event.facts["failed"]["email"] for event in failures(office.world, office.lead_id)]
    assert found == [Why.DELAYED, why]
    assert len(office.world.alerts.told) == len(found)


@pytest.mark.parametrize("auto_accept", [False, True])
def test_however_often_a_mail_is_said_to_be_late_operations_hear_of_it_once(auto_accept: bool) -> None:
    office = Office(channels=[["email"]], auto_accept=auto_accept)
    for _ in range(5):
        office.comes_back(Why.DELAYED)

    assert len(office.world.alerts.told) == 1


@pytest.mark.parametrize("why", FOR_GOOD)
def test_the_rep_is_told_whatever_becomes_of_the_note_about_the_address(why: Why) -> None:
    office = Office()

    def breaks(*_: Any) -> Any:
        raise StoreUnavailable

    office.edit.replace = breaks  # type: ignore[method-assign,assignment] # documents cannot be written for a while
    with pytest.raises(StoreUnavailable):
        office.comes_back(why)

    assert told(office.world) == [MAIL, PHONE]


def test_the_address_is_noted_whatever_becomes_of_the_message() -> None:
    office = Office()
    office.world.notifier.failing = True
    with pytest.raises(NotificationFailed):
        office.comes_back()

    assert office.ana.failing


def test_of_a_lead_that_is_gone_nobody_hears() -> None:
    office = Office()

    office.retell(LEAD_ID[:-1] + "f", 1, CameBack(Why.BOUNCED, "0" * 16))


def test_what_goes_with_a_mail_names_nobody() -> None:
    """Invariant 9."""
    office = Office()
    (about,) = office.world.notifier.about

    assert about["lead_id"] == office.lead_id
    assert not any(word in str(about) for word in ("ana", "sales", "Maria", "Lopez"))


def test_whoever_has_said_how_it_goes_hears_nothing_more_in_the_morning() -> None:
    world, lead_id = routed(ana(), plan=a_plan(a_stage(auto_accept=True)))
    assert is_to_be_told(world.leads.get(lead_id), world.leads.offer(lead_id, 1), world.clock.now())
    world.conclude(lead_id, Report(outcome=Outcome.CONTACTED), "ana")

    assert not is_to_be_told(world.leads.get(lead_id), world.leads.offer(lead_id, 1), world.clock.now())


def at_the_same_time(channels: list[list[str]], answer: Answer | None = None) -> tuple[World, Sequence[Task]]:
    """The mail comes back, and at that moment ana answers, or it comes back once more."""
    world = a_stepwise_world(ana(channels=channels))
    lead_id = world.scores()
    world.route(lead_id)
    world.offer_lead(lead_id, 1, "a token")
    assert isinstance(world.configuration, MemoryConfiguration)
    edit = EditConfiguration(MemoryArchive(world.configuration), world.clock)
    retell = RetellOffer(world.leads, world.offer_lead, edit, world.clock)
    came_back = CameBack(Why.BOUNCED, address_mark(MAIL, lead_id))

    def comes_back() -> None:
        retell(lead_id, 1, came_back)

    def answers() -> None:
        world.answers(lead_id, answer or Answer.ACCEPT, no=1)

    return world, [comes_back, answers if answer else comes_back]


schedules = st.lists(st.integers(0, 1), min_size=10, max_size=40)


@given(
    answer=st.sampled_from([Answer.ACCEPT, Answer.DECLINE]),
    channels=st.sampled_from([MAIL_FIRST, [["email"]]]),
    schedule=schedules,
)
@settings(max_examples=60)
def test_a_mail_that_comes_back_in_the_moment_of_an_answer_leaves_one_owner(
    answer: Answer, channels: list[list[str]], schedule: list[int]
) -> None:
    """Invariants 2 and 3: in whatever order the two read and write."""
    world = along(lambda: at_the_same_time(channels, answer), schedule)

    check_books(world)
    assert world.leads.offer(f"{1:032x}", 1).state is not OfferState.PENDING


@given(schedule=schedules)
@settings(max_examples=60)
def test_two_messages_about_one_mail_tell_the_rep_and_change_nothing_else(schedule: list[int]) -> None:
    """Invariant 8: SQS may bring a message twice at the same moment. Told twice is harmless, not told at all is not."""
    world = along(lambda: at_the_same_time(MAIL_FIRST), schedule)

    check_books(world)
    assert PHONE in told(world)
    assert len(failures(world, f"{1:032x}")) == 1
    assert set(world.leads.offer(f"{1:032x}", 1).sent) == {"email", "sms"}
    assert len(world.configuration.get(Recipient, "ana").failing) == 1


@pytest.mark.parametrize(
    ("facts", "told_of"),
    [
        ({}, True),
        ({"forgotten_at": MONDAY_9AM}, False),
        ({"offers": (PAST, PAST)}, False),
        ({"state": LeadState.CONVERTED}, False),
    ],
    ids=str,
)
def test_only_who_still_has_the_lead_unasked_is_told_of_it(facts: dict[str, Any], told_of: bool) -> None:
    given = an_offer(state=OfferState.ACCEPTED, expires_at=None)
    lead = a_lead(**{"state": LeadState.ASSIGNED, "recipient_id": "ana", "offers": (PAST,), **facts})

    assert is_to_be_told(lead, given, MONDAY_9AM) is told_of


def test_a_rep_all_of_whose_addresses_fail_is_passed_over_and_operations_hear_of_it_each_time() -> None:
    office = Office(channels=[["email"]])
    office.comes_back()
    world = office.world
    world.answers(world.offers(office.lead_id), Answer.ACCEPT)  # ben takes it
    world.alerts.told.clear()
    lead_id = world.offers(email="next@example.com")

    assert world.leads.offer(lead_id, 1).recipient_id == "ana"
    assert world.leads.offer(lead_id, 1).state is OfferState.RELEASED
    assert failures(world, lead_id)[0].facts["failed"] == {"email": "bounced"}
    assert "by any channel" in world.alerts.told[0][0]
