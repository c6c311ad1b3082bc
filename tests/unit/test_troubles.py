"""What is wrong now is told in words with the next step, and nothing is where nothing is wrong."""

from datetime import timedelta
from typing import Any, Final

import pytest

from baton.adapters import deliveries as adapters
from baton.adapters.deliveries import MemoryDeliveries
from baton.adapters.doubles import FixedClock, MemoryDeadLetters
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.adapters.resting import BreakerResting, MemoryBreakerStore
from baton.application.show_troubles import ShowTroubles
from baton.domain.announcement import Announcement
from baton.domain.event_delivery import KEPT, DeliveryState, EventDelivery
from baton.domain.lead import LeadState
from baton.domain.plan import PublishedPlan
from baton.domain.subscription import Subscription
from baton.domain.timeline import EventKind
from baton.domain.trouble import DEAD_LETTERS
from baton.entrypoints.console.troubles import troubles_api
from tests.builders import LEAD_ID, MONDAY_9AM, a_campaign, a_rep, a_source
from tests.selling import a_buyer
from tests.unit.console import Caller

CRM: Final = Subscription(id="crm", name="The CRM", url="https://crm.example/hook")


class House:
    """Everything that knows what is wrong."""

    def __init__(self) -> None:
        self.configuration, self.queues = MemoryConfiguration(), MemoryDeadLetters()
        self.deliveries, self.clock = MemoryDeliveries(), FixedClock(MONDAY_9AM)
        self.breakers = BreakerResting(MemoryBreakerStore(), self.clock, fail_max=1, rest_s=60)
        archive = MemoryArchive(self.configuration)
        self.show = ShowTroubles(archive, self.queues, self.breakers, self.deliveries, self.clock)
        self.put(a_campaign(), a_source(), a_rep(), PublishedPlan(id="plan", version=1), CRM)

    def put(self, *documents: Any) -> None:
        for document in documents:
            self.configuration.put(document)

    def gives_up(self, number: int, then_fine: int = 0) -> None:
        """That many events could not be delivered; those after them were."""
        for seq in range(1, number + then_fine + 1):
            event = Announcement(
                id=f"{LEAD_ID}-{seq}",
                lead_id=LEAD_ID,
                seq=seq,
                at=MONDAY_9AM,
                kind=EventKind.LEAD_ASSIGNED,
                state=LeadState.ASSIGNED,
                campaign_id="solar",
                source_id="web-form",
                recipient_id="ana",
                test=False,
                facts={},
            )
            self.deliveries.put(
                EventDelivery(
                    subscription_id="crm",
                    announcement=event,
                    state=DeliveryState.DEAD if seq <= number else DeliveryState.DELIVERED,
                    kept_until=MONDAY_9AM + KEPT,
                )
            )

    def ask(self) -> list[dict[str, Any]]:
        """What the API answers a viewer."""
        answer = Caller(troubles_api(lambda: self.show), groups="viewer")("GET", "/v1/troubles")
        assert answer.status == 200, answer.text
        return list(answer.json["items"])

    def only(self) -> tuple[str, str, str]:
        """The one thing that is wrong: its kind, what it is about, and the words."""
        (one,) = self.ask()
        assert one["next"]
        return one["kind"], one["of"], one["words"]


@pytest.fixture
def house() -> House:
    return House()


def test_where_all_is_well_nothing_is_told(house: House) -> None:
    house.queues.found = dict.fromkeys(DEAD_LETTERS, 0)

    assert house.ask() == []


@pytest.mark.parametrize("queue", DEAD_LETTERS)
def test_dead_letters_are_counted_in_words_of_what_happened(house: House, queue: str) -> None:
    house.queues.found = {queue: 3}

    kind, of, words = house.only()

    assert (kind, of) == ("dead_letters", queue)
    assert "3" in words


def test_a_queue_that_cannot_be_looked_at_is_said_so(house: House) -> None:
    house.queues.found = {"sweep": None}

    assert house.only()[:2] == ("not_counted", "sweep")


def test_a_source_that_is_off_a_plan_that_is_not_published_and_an_address_that_fails(house: House) -> None:
    failing = {"channel": "email", "address": "ben@sales.example", "why": "bounced", "since": MONDAY_9AM}
    house.put(a_source(id="off", name="Off", active=False))
    house.put(a_campaign(id="new", name="New", plan_id="draft-only"))
    house.put(a_rep("ben", name="Ben", email="ben@sales.example", phone="+12025550102", failing=[failing]))

    found = house.ask()

    assert [(one["kind"], one["of"], one["channel"]) for one in found] == [
        ("plan_not_published", "new", None),
        ("address_failing", "ben", "email"),
        ("source_off", "off", None),
    ]
    assert "by email" in found[1]["words"]


def test_a_buyer_whose_system_fails_is_told_with_when_it_is_tried_again_and_no_trial_begins(
    house: House,
) -> None:
    house.put(a_buyer("acme"))
    house.breakers.failed("acme")
    house.clock.forward(timedelta(seconds=61))

    (one,) = house.ask()

    assert (one["kind"], one["of"], one["until"]) == ("buyer_rested", "acme", "2026-11-23T14:01:00Z")
    assert house.breakers.allowed("acme")  # the trial is still to be had


def test_a_subscription_that_is_off_fails_or_has_given_up(house: House) -> None:
    house.gives_up(2)
    house.breakers.failed(CRM.system)

    failing = [(one["kind"], one["count"]) for one in house.ask()]
    house.put(CRM.model_copy(update={"active": False}))
    off = [(one["kind"], one["count"]) for one in house.ask()]

    assert failing == [("events_given_up", 2), ("subscription_rested", None)]
    assert off == [("events_given_up", 2), ("subscription_off", None)]


def test_events_given_up_are_told_of_however_many_were_delivered_since(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters, "LOOKED_AT", 3)
    house.gives_up(1, then_fine=5)

    assert [(one["kind"], one["count"]) for one in house.ask()] == [("events_given_up", 1)]
