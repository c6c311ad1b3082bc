"""Subscribers hear of a lead's life in its order, once, signed; and whatever they answer, nothing is lost unseen."""

import json
import random
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.adapters.deliveries import MemoryDeliveries
from baton.adapters.http_double import ScriptedHttp
from baton.adapters.resting import FAIL_MAX
from baton.application.outgoing import Answer, Outgoing, Trouble
from baton.application.post_event import TIMEOUT_MS
from baton.domain.announcement import Announcement
from baton.domain.errors import NotFound
from baton.domain.event_delivery import JITTER, LONGEST_WAIT, SCHEDULE, DeliveryState, EventDelivery, Lane
from baton.domain.event_delivery import Outcome as Tried
from baton.domain.outcome import Outcome, Report
from baton.domain.timeline import Event
from baton.domain.webhooks import verify
from tests.builders import MINUTE, MONDAY_9AM, SECOND
from tests.telling import LIFE, SECRET, SECRET_NAME, a_converted_lead, a_subscription, a_telling
from tests.unit.test_announcements import a_life

OTHER: Final = "whsec_" + b64encode(b"the key that comes after it").decode()


def kinds(http: ScriptedHttp) -> list[str]:
    """The kinds of all that was sent."""
    return [json.loads(request.body)["type"] for request in http.sent]


# ------------------------------------------------------------------------------------------------------- the request
def test_an_event_is_posted_as_standard_webhooks_has_it() -> None:
    telling = a_telling()
    lead_id = a_converted_lead(telling)
    telling.tells(lead_id, 1)
    telling.works()

    assert isinstance(telling.http, ScriptedHttp)
    (request,) = telling.http.sent
    body = json.loads(request.body)
    assert (request.method, request.url, request.timeout_ms) == (
        "POST",
        "https://crm.example/hook",
        TIMEOUT_MS,
    )
    assert request.headers["webhook-id"] == f"{lead_id}-1" == body["data"]["id"]
    assert verify([SECRET], request.headers, request.body, telling.now)
    assert set(body) == {"type", "timestamp", "data"}
    assert "maria" not in request.body.decode()


def test_while_a_secret_is_replaced_both_sign() -> None:
    telling = a_telling(None, a_subscription(secrets=("signing", "next")))
    telling.secrets.put("subscription/crm/next", OTHER)
    telling.tells(a_converted_lead(telling), 1)
    telling.works()

    assert isinstance(telling.http, ScriptedHttp)
    (request,) = telling.http.sent
    assert len(request.headers["webhook-signature"].split(" ")) == 2
    assert all(verify([secret], request.headers, request.body, telling.now) for secret in (SECRET, OTHER))


def test_without_a_secret_nothing_is_sent_and_it_is_tried_again() -> None:
    telling = a_telling()
    telling.secrets.stored.clear()
    telling.tells(a_converted_lead(telling), 1)
    telling.works()
    (waiting,) = telling.log()
    telling.secrets.put(SECRET_NAME, SECRET)
    telling.waits()

    (sent,) = telling.log()
    assert (waiting.trouble, waiting.attempts) == ("no-secret", 1)
    assert (sent.state, sent.status) == (DeliveryState.DELIVERED, 204)


def test_the_contact_goes_only_to_who_asks_for_it_and_as_it_is_now() -> None:
    telling = a_telling(None, a_subscription(personal_data=True), a_subscription(id="bi", secrets=("s",)))
    telling.secrets.put("subscription/bi/s", SECRET)
    lead_id = a_converted_lead(telling, first_name="Maria")
    telling.tells(lead_id, 1)
    telling.works()

    assert isinstance(telling.http, ScriptedHttp)
    bodies = [json.loads(request.body)["data"] for request in telling.http.sent]
    contacts = [body["contact"] for body in bodies if "contact" in body]
    assert [(contact["first_name"], contact["email"]) for contact in contacts] == [
        ("Maria", "maria@example.com")
    ]
    assert "Maria" not in str(telling.log())


def test_of_a_lead_that_is_gone_there_is_no_contact() -> None:
    telling = a_telling(None, a_subscription(personal_data=True))
    telling.notify(_announced(a_life()[0]))
    telling.works()

    assert isinstance(telling.http, ScriptedHttp)
    (request,) = telling.http.sent
    assert json.loads(request.body)["data"]["contact"] is None


# --------------------------------------------------------------------------------------------------- who hears of what
@pytest.mark.parametrize(
    ("facts", "heard"),
    [
        ({}, LIFE),
        ({"events": ["LeadConverted", "LeadAssigned"]}, ["LeadAssigned", "LeadConverted"]),
        ({"campaigns": ["solar"]}, LIFE),
        ({"campaigns": ["roofs"]}, []),
        ({"active": False}, []),
    ],
)
def test_a_subscription_hears_what_it_asks_for(facts: dict[str, Any], heard: list[str]) -> None:
    telling = a_telling(None, a_subscription(**facts))
    telling.tells(a_converted_lead(telling))
    telling.works()

    assert isinstance(telling.http, ScriptedHttp)
    assert kinds(telling.http) == heard


# ------------------------------------------------------------------------------------------------------- order and once
@given(
    st.permutations([1, 2, 3, 4, 5]),
    st.integers(0, 10_000),
    st.lists(st.sampled_from([204, 500]), max_size=6),
)
def test_however_events_arrive_and_whatever_fails_a_lead_is_heard_of_in_order_and_once(
    arrival: list[int], seed: int, answers: list[int]
) -> None:
    """Each event comes twice, the queue gives its messages in any order, and the first requests may fail."""
    chance, script = random.Random(seed), iter(answers)
    telling = a_telling(lambda _: Answer(status=next(script, 204)))
    lead_id = a_converted_lead(telling)
    for seq in [*arrival, *arrival]:
        telling.tells(lead_id, seq)
        if chance.random() < 0.5:
            telling.works(chance.randrange)
    telling.works(chance.randrange)
    for _ in range(30):
        if telling.queue.waiting:
            telling.waits()

    assert {one.state for one in telling.log()} == {DeliveryState.DELIVERED}
    assert isinstance(telling.http, ScriptedHttp)
    outcomes = [*answers, *[204] * 50]
    heard = [kind for kind, status in zip(kinds(telling.http), outcomes, strict=False) if status == 204]
    assert heard == LIFE


def test_two_processes_never_make_the_same_try() -> None:
    telling = a_telling()
    lead_id = a_converted_lead(telling)
    telling.tells(lead_id, 1)
    (message,) = telling.queue.waiting

    def meanwhile(_: Outgoing) -> Answer:
        telling.send(message[0], message[1])
        return Answer(status=204)

    assert isinstance(telling.http, ScriptedHttp)
    telling.http.script = meanwhile
    telling.works()

    assert len(telling.http.sent) == 1


def test_of_two_processes_that_come_at_the_same_moment_one_tries() -> None:
    class Slow(MemoryDeliveries):
        """Between what a process reads and what it stores, something else happens."""

        meanwhile: Callable[[], object] | None = None

        def lane(self, subscription_id: str, lead_id: str) -> Lane:
            happens, self.meanwhile = self.meanwhile, None
            if happens:
                happens()
            return super().lane(subscription_id, lead_id)

    deliveries = Slow()
    telling = a_telling(deliveries=deliveries)
    telling.tells(a_converted_lead(telling), 1)
    ((subscription_id, delivery_id, _),) = telling.queue.waiting
    deliveries.meanwhile = lambda: telling.send(subscription_id, delivery_id)
    telling.works()

    (sent,) = telling.log()
    assert isinstance(telling.http, ScriptedHttp)
    assert (len(telling.http.sent), sent.attempts, sent.state) == (1, 1, DeliveryState.DELIVERED)


def test_a_try_whose_process_died_is_made_again_after_a_minute() -> None:
    telling = a_telling()
    telling.tells(a_converted_lead(telling), 1)
    (message,) = telling.queue.waiting

    def dies(_: Outgoing) -> Answer:
        raise KeyboardInterrupt

    assert isinstance(telling.http, ScriptedHttp)
    telling.http.script = dies
    with pytest.raises(KeyboardInterrupt):
        telling.works()
    telling.http.script = lambda _: Answer(status=204)
    telling.queue.waiting = [message]  # SQS gives it again
    telling.works()
    telling.waits()

    (sent,) = telling.log()
    assert (sent.state, sent.attempts) == (DeliveryState.DELIVERED, 2)


def test_two_leads_do_not_wait_for_each_other() -> None:
    telling = a_telling(lambda _: Answer(status=500))
    first, second = a_converted_lead(telling), a_converted_lead(telling, email="other@example.com")
    telling.tells(first)
    telling.works()
    assert isinstance(telling.http, ScriptedHttp)
    telling.http.script = lambda _: Answer(status=204)
    telling.tells(second)
    telling.works()

    assert [one.state for one in telling.log() if one.announcement.lead_id == second] == [
        DeliveryState.DELIVERED
    ] * 5


def test_a_new_subscription_does_not_hear_of_what_was_long_before_it() -> None:
    telling = a_telling(None, a_subscription(active=False))
    world = telling.world
    lead_id = world.scores()
    world.route(lead_id)
    world.clock.forward(10 * MINUTE)
    world.configure(a_subscription())
    world.conclude(lead_id, Report(outcome=Outcome.CONTACTED), "crm")
    telling.tells(lead_id, 4)
    telling.works()

    assert isinstance(telling.http, ScriptedHttp)
    assert kinds(telling.http) == ["LeadContacted"]


def test_a_subscriber_that_keeps_not_answering_is_left_in_peace_and_no_try_is_lost() -> None:
    telling = a_telling(lambda _: Answer(trouble=Trouble.TIMEOUT))
    leads = [a_converted_lead(telling, email=f"person{n}@example.com") for n in range(8)]
    for lead_id in leads:
        telling.tells(lead_id, 1)
    telling.works()
    assert isinstance(telling.http, ScriptedHttp)
    asked = len(telling.http.sent)
    telling.http.script = lambda _: Answer(status=204)
    while telling.queue.waiting:
        telling.waits()

    assert asked == FAIL_MAX
    assert sorted(one.attempts for one in telling.log()) == [1] * 3 + [2] * 5
    assert {one.state for one in telling.log()} == {DeliveryState.DELIVERED}


# ------------------------------------------------------------------------------------------------------- the schedule
def test_who_never_answers_is_tried_ten_times_in_three_days_then_operations_hear_of_it() -> None:
    telling = a_telling(lambda _: Answer(trouble=Trouble.UNREACHABLE))
    telling.tells(a_converted_lead(telling), 1)
    telling.works()
    waits = []
    while telling.queue.waiting:
        waits.append(telling.waits())

    (dead,) = telling.log()
    assert [wait >= planned for wait, planned in zip(waits, SCHEDULE[1:], strict=True)] == [True] * 9
    assert all(wait <= planned * (1 + JITTER) for wait, planned in zip(waits, SCHEDULE[1:], strict=True))
    assert (dead.state, dead.attempts, dead.trouble) == (DeliveryState.DEAD, len(SCHEDULE), "unreachable")
    assert len(telling.alerts.told) == 1


def test_what_comes_after_a_dead_one_is_tried_then() -> None:
    telling = a_telling(lambda _: Answer(status=500))
    lead_id = a_converted_lead(telling)
    telling.tells(lead_id, 1, 2)
    telling.works()
    for _ in range(9):
        telling.waits()

    first, second = telling.log()
    assert (first.state, second.state, second.attempts) == (DeliveryState.DEAD, DeliveryState.PENDING, 1)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", 120 * SECOND),
        ("Mon, 23 Nov 2026 14:10:00 GMT", 10 * MINUTE),
        ("999999999999", LONGEST_WAIT),
        ("-5", timedelta()),
        ("soon", timedelta()),
        ("Mon, 99 Nov 2026 99:99:99 GMT", timedelta()),
        ("", timedelta()),
    ],
)
def test_a_subscriber_may_ask_to_be_left_alone_for_a_while(header: str, wait: timedelta) -> None:
    assert Tried(429, headers={"retry-after": header}).wait(MONDAY_9AM) == wait
    assert Tried(500, headers={"retry-after": header}).wait(MONDAY_9AM) == timedelta()


@given(st.integers(1, 9), st.integers(100, 599), st.text(max_size=30))
def test_after_any_answer_a_delivery_is_over_or_comes_again_later(
    attempts: int, status: int, header: str
) -> None:
    delivery = EventDelivery.of("crm", _announced(a_life()[0]), MONDAY_9AM)
    delivery = delivery.model_copy(update={"attempts": attempts})

    after = delivery.tried(Tried(status, headers={"retry-after": header}), MONDAY_9AM)

    assert after.rev == delivery.rev + 1
    assert (after.next_at is None) == (after.state is not DeliveryState.PENDING)
    assert after.next_at is None or MONDAY_9AM < after.next_at <= MONDAY_9AM + LONGEST_WAIT * (1 + JITTER)


# --------------------------------------------------------------------------------------------------- what people do
def test_a_dead_delivery_can_be_sent_again_under_its_id() -> None:
    telling = a_telling(lambda _: Answer(status=410))
    lead_id = a_converted_lead(telling)
    telling.tells(lead_id, 1, 2)
    telling.works()
    telling.world.configure(a_subscription())
    assert isinstance(telling.http, ScriptedHttp)
    telling.http.script = lambda _: Answer(status=200)
    telling.http.sent.clear()
    for dead in reversed(telling.log()):
        telling.follow.replay("crm", dead.delivery_id)
    telling.works()

    assert kinds(telling.http) == LIFE[:2]
    assert [request.headers["webhook-id"] for request in telling.http.sent] == [
        f"{lead_id}-1",
        f"{lead_id}-2",
    ]
    assert {one.state for one in telling.log()} == {DeliveryState.DELIVERED}


def test_a_try_says_what_came_of_it_and_leaves_nothing_behind() -> None:
    telling = a_telling(lambda _: Answer(status=404))

    event, outcome = telling.follow.try_out("crm")

    assert (event.test, outcome.status, outcome.is_good) == (True, 404, False)
    assert (telling.log(), telling.queue.waiting) == ([], [])


def test_of_a_subscription_that_there_is_not_nothing_is_said() -> None:
    telling = a_telling()

    for ask in (
        lambda: telling.follow.page("nobody", 10, None, None),
        lambda: telling.follow.replay("nobody", "x"),
        lambda: telling.follow.try_out("nobody"),
    ):
        with pytest.raises(NotFound):
            ask()
    with pytest.raises(NotFound):
        telling.follow.replay("crm", "x")


def _announced(event: Event) -> Announcement:
    return Announcement.of(event)
