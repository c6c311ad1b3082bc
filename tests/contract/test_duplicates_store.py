"""Marks by which duplicates are found, in memory and in DynamoDB: one behaviour, also for many at the same moment."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier, Lock
from typing import Any, Final

import pytest

from baton.adapters.doubles import FixedClock, MemoryWorkflows
from baton.adapters.identities import KeyedIdentities
from baton.application.accept_lead import AcceptLead, Received
from baton.application.compare_leads import CompareLeads
from baton.domain.change import received
from baton.domain.dedupe import Mark
from baton.domain.lead import LeadState
from baton.domain.plan import PublishedPlan
from tests.builders import MONDAY_9AM, SECOND, SECRET, a_campaign, a_lead, a_source, an_intake
from tests.contract.conftest import Stores, dynamo_stores

AT_ONCE: Final = 64
MARIA: Final = {"email": "maria@example.com"}


class OneCallAtATime:
    """A client whose calls are atomic, as DynamoDB's are and moto's are not. Between two calls anybody may go on."""

    def __init__(self, client: Any) -> None:
        self._client, self._lock = client, Lock()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            with self._lock:
                return found(*arguments, **named)

        return call


@pytest.fixture
def on_dynamo(dynamodb: Any) -> Stores:
    """The stores in a DynamoDB that many may use at once."""
    return dynamo_stores(OneCallAtATime(dynamodb))


@pytest.fixture(autouse=True)
def _threads_take_turns_often() -> Iterator[None]:
    """Python switches between threads every 5 ms by itself: too seldom for races to happen."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    yield
    sys.setswitchinterval(before)


class Intake:
    """Intake over these stores, and what it started."""

    def __init__(self, stores: Stores, **dedupe: object) -> None:
        for document in (a_source(), a_campaign(dedupe=dedupe or None), PublishedPlan(id="plan", version=1)):
            stores.configuration.put(document)  # type: ignore[attr-defined] # both adapters have it, the port has not
        self.stores, self.clock, self.workflows = stores, FixedClock(MONDAY_9AM), MemoryWorkflows()
        self.accept: AcceptLead = an_intake(
            stores.leads, stores.ledger, stores.configuration, self.workflows, self.clock, count(1)
        )

    def takes(self, **fields: object) -> Received:
        """What is answered to this form."""
        return self.accept("web-form", {**MARIA, **fields})

    def takes_at_once(self, form: Callable[[int], dict[str, object]]) -> list[Received]:
        """What is answered to 64 forms that are sent at the same moment."""
        ready = Barrier(AT_ONCE)

        def send(number: int) -> Received:
            ready.wait()
            return self.takes(**form(number))

        with ThreadPoolExecutor(AT_ONCE) as people:
            return list(people.map(send, range(AT_ONCE)))


# ---- many at the same moment


def test_equal_leads_at_the_same_moment_are_one_and_the_others_are_answered_as_it(stores: Stores) -> None:
    intake = Intake(stores, policy="refuse")

    answers = intake.takes_at_once(lambda _: {})

    (lead_id,) = {answer.lead_id for answer in answers}
    assert Counter(answer.new for answer in answers) == {True: 1, False: AT_ONCE - 1}
    assert {(answer.state, answer.duplicate) for answer in answers} == {(LeadState.RECEIVED, False)}
    assert set(intake.workflows.executions) == {(lead_id, 1)}
    assert [event.seq for event in stores.leads.timeline(lead_id)] == [1]


def test_leads_of_one_person_at_the_same_moment_are_one_first_and_its_duplicates(stores: Stores) -> None:
    intake = Intake(stores, policy="refuse")

    answers = intake.takes_at_once(lambda number: {"note": str(number)})

    assert len({answer.lead_id for answer in answers}) == AT_ONCE
    assert Counter(answer.duplicate for answer in answers) == {False: 1, True: AT_ONCE - 1}
    (first,) = [answer.lead_id for answer in answers if not answer.duplicate]
    stored = [stores.leads.get(answer.lead_id) for answer in answers]
    assert Counter((lead.state, lead.duplicate_of) for lead in stored) == {
        (LeadState.RECEIVED, None): 1,
        (LeadState.DUPLICATE, first): AT_ONCE - 1,
    }
    assert set(intake.workflows.executions) == {(first, 1)}


def test_keys_that_come_at_the_same_moment_with_the_same_words_name_one_lead_from_then_on(
    stores: Stores,
) -> None:
    intake = Intake(stores)
    keys = [str(number) for number in range(8)]

    with ThreadPoolExecutor(len(keys)) as people:
        first = list(people.map(lambda key: intake.accept("web-form", MARIA, key=key).lead_id, keys))
    intake.clock.forward(timedelta(hours=1))
    later = [intake.accept("web-form", MARIA, key=key).lead_id for key in keys]

    assert set(first) == set(later)
    assert len(set(first)) == 1
    assert len(intake.workflows.executions) == 1


# ---- how long, and of whom


def test_a_person_s_marks_and_words_expire(stores: Stores) -> None:
    intake = Intake(stores, policy="mark", window_days=1)
    first = intake.takes()
    intake.clock.forward(59 * SECOND)
    again = intake.takes()
    intake.clock.forward(SECOND)
    duplicate = intake.takes()
    intake.clock.forward(timedelta(days=1) - 60 * SECOND)
    new = intake.takes()

    found = [stores.leads.get(answer.lead_id).duplicate_of for answer in (duplicate, new)]
    assert (again.lead_id, found) == (first.lead_id, [first.lead_id, None])


def test_marks_of_a_lead_that_was_turned_away_are_taken_over(stores: Stores) -> None:
    intake = Intake(stores, policy="refuse")
    first = stores.leads.get(intake.takes().lead_id)
    away = first.moved(LeadState.DISQUALIFIED, MONDAY_9AM)
    assert stores.leads.commit(received(away, MONDAY_9AM))

    second, third = intake.takes(note="a"), intake.takes(note="b")

    assert (second.state, third.duplicate) == (LeadState.RECEIVED, True)
    assert stores.leads.get(third.lead_id).duplicate_of == second.lead_id


def test_marks_of_a_lead_that_is_gone_are_taken_over(stores: Stores) -> None:
    """Its row was deleted when it expired; the marks are deleted later, or never."""
    intake = Intake(stores, policy="refuse")
    lead = a_lead(lead_id=f"{99:032x}", contact={"email": MARIA["email"]}, rev=1, state=LeadState.RECEIVED)
    compare = CompareLeads(stores.leads, stores.ledger, KeyedIdentities(lambda: SECRET))
    marks = compare.marks(a_campaign(dedupe={"policy": "refuse"}), lead)
    other = a_lead(lead_id=f"{98:032x}", rev=1, state=LeadState.RECEIVED)
    assert stores.leads.commit(received(other, MONDAY_9AM, marks=marks))

    answers = [intake.takes(note=note) for note in ("a", "b")]

    assert [answer.state for answer in answers] == [LeadState.RECEIVED, LeadState.DUPLICATE]


def test_of_many_at_once_one_takes_over_what_a_lead_that_was_turned_away_held(stores: Stores) -> None:
    intake = Intake(stores, policy="refuse")
    first = stores.leads.get(intake.takes().lead_id)
    assert stores.leads.commit(received(first.moved(LeadState.DISQUALIFIED, MONDAY_9AM), MONDAY_9AM))

    answers = intake.takes_at_once(lambda number: {"note": str(number)})

    assert Counter(answer.state for answer in answers) == {
        LeadState.RECEIVED: 1,
        LeadState.DUPLICATE: AT_ONCE - 1,
    }


def a_mark(number: int, *, at: int = 0, over: str | None = None) -> Mark:
    """A mark of ten seconds."""
    now = MONDAY_9AM + timedelta(seconds=at)
    until = now + timedelta(seconds=10)
    return Mark(key="identity#x", lead_id=f"{number:032x}", at=now, expires_at=until, over=over)


def is_stored(stores: Stores, mark: Mark) -> bool:
    """Whether a lead can be stored with this mark."""
    lead = a_lead(lead_id=mark.lead_id, rev=1, state=LeadState.RECEIVED)
    return stores.leads.commit(received(lead, mark.at, marks=(mark,)))


@pytest.mark.parametrize(
    ("second", "stored"),
    [
        (a_mark(2), False),
        (a_mark(2, at=9), False),
        (a_mark(2, at=10), True),
        (a_mark(2, over=f"{1:032x}"), True),
        (a_mark(2, over=f"{3:032x}"), False),
    ],
)
def test_a_mark_is_anothers_until_it_expires_or_may_be_taken_over(
    stores: Stores, second: Mark, stored: bool
) -> None:
    assert is_stored(stores, a_mark(1))

    assert is_stored(stores, second) is stored

    holder = second if stored else a_mark(1)
    assert stores.ledger.marks([second.key, "identity#y"])[second.key].lead_id == holder.lead_id
    assert stores.ledger.marks(["identity#y"]) == {}


def test_a_lead_whose_mark_is_another_s_leaves_nothing_behind(stores: Stores) -> None:
    is_stored(stores, a_mark(1))
    is_stored(stores, a_mark(2))

    assert stores.leads.timeline(f"{2:032x}") == []
