"""The LeadSearch port: every filter, newest first, and pages that leave nothing out and show nothing twice."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import product
from typing import Any

import pytest

from baton.adapters import dynamo_lead_search
from baton.adapters.dynamo_lead_search import DynamoLeadSearch
from baton.adapters.dynamo_leads import DynamoLeads
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.application.ports import Leads, LeadSearch
from baton.domain.change import Change
from baton.domain.lead import MOVING, Lead, LeadState, PastOffer
from baton.domain.search import Wanted
from baton.domain.timeline import Event, EventKind
from baton.domain.waiting import Wait
from tests.builders import MINUTE, MONDAY_9AM, SECOND, a_lead

EVERYWHERE = ("roofs", "solar")


@dataclass
class Found:
    """Leads that were stored, and the search that is to find them."""

    leads: Leads
    search: LeadSearch

    def store(self, *leads: Lead) -> None:
        """Make these leads what is stored."""
        for lead in leads:
            event = Event.of(lead, EventKind.LEAD_RECEIVED, lead.received_at)
            assert self.leads.commit(Change(lead=lead, event=event))

    def pages(
        self, wanted: Wanted, limit: int = 50, campaigns: Collection[str] = EVERYWHERE
    ) -> Iterable[list[str]]:
        """The ids on each page, up to the last."""
        after = None
        while True:
            page = self.search.page(wanted, campaigns, limit, after)
            yield [lead.lead_id for lead in page.items]
            after = page.after
            if after is None:
                return

    def ids(self, wanted: Wanted | None = None, limit: int = 50) -> list[str]:
        """The ids of all pages, as they come."""
        return [lead_id for page in self.pages(wanted or Wanted(), limit) for lead_id in page]


@pytest.fixture(params=["memory", "dynamo"])
def found(request: pytest.FixtureRequest) -> Found:
    """A search over no leads yet."""
    if request.param == "dynamo":
        return in_dynamo(request.getfixturevalue("dynamodb"))
    memory = MemoryLeads(MemoryLedger())
    return Found(memory, memory)


def in_dynamo(client: Any) -> Found:
    """A search that is told by DynamoDB itself, and not only by moto, where a range ends before it begins."""

    def checked(model: Any, params: dict[str, Any], **_: Any) -> None:
        asked = json.loads(params["body"])["ExpressionAttributeValues"]
        assert asked[":since"]["S"] <= asked[":until"]["S"], "ValidationException"

    client.meta.events.register("before-call.dynamodb.Query", checked)
    return Found(DynamoLeads(client, "LeadsTable", "LedgerTable"), DynamoLeadSearch(client, "LeadsTable"))


def lead(number: int, at: datetime = MONDAY_9AM, **facts: Any) -> Lead:
    """A lead that came in then."""
    return a_lead(**{"lead_id": f"{number:032x}", "rev": 1, "received_at": at, **facts})


def newest_first(leads: Iterable[Lead]) -> list[str]:
    """Their ids in the order in which they are to be found."""
    return [
        one.lead_id for one in sorted(leads, key=lambda one: (one.received_at, one.lead_id), reverse=True)
    ]


def of_every_kind() -> list[Lead]:
    """A lead for every combination of what can be asked for, a minute after the other."""
    kinds = product(
        EVERYWHERE, ("ana", "ben", None), ("web-form", "phone"), (LeadState.ASSIGNED, LeadState.LOST)
    )
    return [
        lead(
            number,
            MONDAY_9AM + number * MINUTE,
            campaign_id=campaign,
            recipient_id=who,
            source_id=source,
            state=state,
        )
        for number, (campaign, who, source, state) in enumerate(kinds)
    ]


def test_every_filter_and_all_of_them_together(found: Found) -> None:
    leads = of_every_kind()
    found.store(*leads)
    choices = product(
        (None, "solar"),
        (None, "ana"),
        (None, "phone"),
        (None, LeadState.LOST),
        (None, MONDAY_9AM + 3 * MINUTE),
        (None, MONDAY_9AM + 20 * MINUTE),
    )
    for choice in choices:
        wanted = Wanted(*choice)

        assert found.ids(wanted) == newest_first(filter(wanted.fits, leads)), wanted


def test_what_reports_tell_apart_can_be_looked_for_too(found: Found) -> None:
    placed: dict[str, Any] = {"placed_at": MONDAY_9AM, "state": LeadState.ASSIGNED}
    leads = [
        lead(1, sub_source="spring", band="hot", plan_id="plan", plan_version=2, **placed),
        lead(2, sub_source="autumn", band="cold", plan_id="plan", plan_version=1, **placed),
        lead(3, band="hot", plan_id="other", plan_version=2, state=LeadState.DISQUALIFIED),
        lead(4, test=True, **placed),
    ]
    found.store(*leads)

    def numbers(**wanted: Any) -> list[int]:
        return sorted(int(lead_id, 16) for lead_id in found.ids(Wanted(**wanted)))

    assert numbers(sub_source="spring") == [1]
    assert numbers(band="hot") == [1, 3]
    assert numbers(plan_id="plan", version=2) == [1]
    assert numbers(step="received") == [1, 2, 3]
    assert numbers(step="placed", band="hot") == [1]
    assert numbers(step="converted") == []
    assert numbers(test=True) == [4]
    assert numbers(test=False) == [1, 2, 3]


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(campaign_id="solar"), Wanted(recipient_id="ana")])
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_leave_nothing_out_and_repeat_nothing_also_among_leads_of_one_moment(
    found: Found, wanted: Wanted, limit: int
) -> None:
    moments = [MONDAY_9AM, MONDAY_9AM + timedelta(microseconds=1), MONDAY_9AM + SECOND]
    leads = [
        lead(number, moments[number % 3], campaign_id=EVERYWHERE[number % 2], recipient_id="ana")
        for number in range(20)
    ]
    found.store(*leads)

    pages = list(found.pages(wanted, limit))

    assert max(map(len, pages)) == limit
    assert [lead_id for page in pages for lead_id in page] == newest_first(filter(wanted.fits, leads))


def test_more_leads_than_one_read_can_take(found: Found) -> None:
    leads = [lead(number, MONDAY_9AM + (number // 3) * SECOND) for number in range(110)]
    found.store(*leads)

    assert [len(page) for page in found.pages(Wanted(), 105) if page] == [105, 5]
    assert found.ids(limit=200) == found.ids(limit=40) == newest_first(leads)


def test_a_state_that_few_leads_are_in_is_found_on_a_later_page(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dynamo_lead_search, "MAX_LOOKED_AT", 20)
    monkeypatch.setattr(dynamo_lead_search, "BATCH", 10)
    leads = [lead(number, MONDAY_9AM + number * SECOND) for number in range(45)]
    leads[7] = leads[7].model_copy(update={"state": LeadState.QUARANTINED})
    found.store(*leads)

    assert found.ids(Wanted(state=LeadState.QUARANTINED)) == [leads[7].lead_id]
    assert found.ids(Wanted(state=LeadState.RETURNED)) == []


def test_one_page_looks_at_a_bounded_number_of_leads(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamo_lead_search, "MAX_LOOKED_AT", 20)
    found = in_dynamo(dynamodb)
    found.store(*(lead(number, MONDAY_9AM + number * SECOND) for number in range(50)))

    assert list(found.pages(Wanted(state=LeadState.RETURNED))) == [[], [], []]


def test_what_comes_in_while_somebody_pages_moves_nothing(found: Found) -> None:
    found.store(*(lead(number, MONDAY_9AM + number * SECOND) for number in range(4)))
    first = found.search.page(Wanted(), EVERYWHERE, 2)
    found.store(lead(9, MONDAY_9AM + MINUTE))

    second = found.search.page(Wanted(), EVERYWHERE, 2, first.after)

    assert newest_first([*first.items, *second.items]) == [f"{number:032x}" for number in (3, 2, 1, 0)]


def test_a_lead_is_found_by_whoever_has_it_now(found: Found) -> None:
    before = lead(1, recipient_id="ana")
    found.store(before)
    found.store(before.model_copy(update={"rev": 2, "recipient_id": "ben"}))

    assert found.ids(Wanted(recipient_id="ana")) == []
    assert found.ids(Wanted(recipient_id="ben")) == [before.lead_id]


def test_times_are_the_same_in_every_zone(found: Found) -> None:
    madrid = timezone(timedelta(hours=1))
    early, late = (lead(n, (MONDAY_9AM + n * MINUTE).astimezone(madrid)) for n in (1, 2))
    found.store(early, late)

    assert found.ids() == [late.lead_id, early.lead_id]
    assert found.ids(Wanted(since=late.received_at)) == [late.lead_id]
    assert found.ids(Wanted(until=late.received_at)) == [early.lead_id]


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(since=MONDAY_9AM + MINUTE, until=MONDAY_9AM - MINUTE),
        Wanted(campaign_id="solar", since=MONDAY_9AM, until=MONDAY_9AM),
        Wanted(recipient_id="nobody"),
        Wanted(campaign_id="none"),
    ],
)
def test_what_cannot_be_is_not_found(found: Found, wanted: Wanted) -> None:
    found.store(lead(1))

    assert found.ids(wanted) == []


def test_a_page_of_one_question_is_none_of_another(found: Found) -> None:
    """Somebody narrows the time in the middle of paging: nothing is left, and nothing breaks."""
    found.store(*(lead(number, MONDAY_9AM + number * MINUTE) for number in range(4)))
    after = found.search.page(Wanted(), EVERYWHERE, 2).after

    page = found.search.page(Wanted(since=MONDAY_9AM + 3 * MINUTE), EVERYWHERE, 2, after)

    assert (page.items, page.after) == ((), None)


def test_without_campaigns_there_are_no_leads(found: Found) -> None:
    found.store(lead(1))

    assert list(found.pages(Wanted(), campaigns=())) == [[]]


def test_those_that_wait_are_found_the_longest_first_among_any_number_of_others(found: Found) -> None:
    parked = (LeadState.UNASSIGNED, LeadState.QUARANTINED)
    leads = [
        lead(number, MONDAY_9AM + number // 2 * SECOND, state=state, campaign_id=campaign)
        for number, (state, campaign) in enumerate(product(LeadState, EVERYWHERE))
    ]
    found.store(*leads)
    expected = [one.lead_id for one in leads if one.state in parked]

    first = found.search.waiting(Wait.PARKED, 3)
    rest = found.search.waiting(Wait.PARKED, 3, first.after)
    moving = found.search.waiting(Wait.MOVING, 50)

    assert [one.lead_id for one in (*first.items, *rest.items)] == expected
    assert rest.after is None
    assert [one.lead_id for one in moving.items] == [one.lead_id for one in leads if one.state in MOVING]


def test_what_a_rep_gave_back_waits_and_what_a_buyer_did_or_is_forgotten_does_not(found: Found) -> None:
    rep, buyer = (
        PastOffer(recipient_id="ana", stage=0),
        PastOffer(recipient_id="acme", stage=0, price_cents=1),
    )
    found.store(
        lead(1, state=LeadState.RETURNED, offers=(buyer, rep)),
        lead(2, state=LeadState.RETURNED, offers=(rep, buyer)),
        lead(3, state=LeadState.UNASSIGNED, forgotten_at=MONDAY_9AM),
    )

    waits = {wait: [one.lead_id for one in found.search.waiting(wait, 50).items] for wait in Wait}

    assert waits == {Wait.PARKED: [], Wait.RETURNED: [f"{1:032x}"], Wait.MOVING: []}


def test_a_lead_that_somebody_got_waits_no_more(found: Found) -> None:
    waits = lead(1, state=LeadState.OFFERED, recipient_id="ana")
    found.store(waits)
    got = waits.revised(state=LeadState.ASSIGNED)
    event = Event.of(got, EventKind.LEAD_ASSIGNED, MONDAY_9AM)

    assert found.leads.commit(Change(lead=got, event=event))

    assert not found.search.waiting(Wait.MOVING, 50).items


def test_after_a_place_beyond_all_times_no_lead_waits(found: Found) -> None:
    found.store(lead(1, state=LeadState.UNASSIGNED))

    assert found.search.waiting(Wait.PARKED, 50, f"{'9' * 20}~{1:032x}").items == ()


@pytest.mark.parametrize("gone", [{"state": LeadState.ASSIGNED}, {"forgotten_at": MONDAY_9AM}])
def test_the_index_of_leads_that_wait_holds_no_other(dynamodb: Any, gone: dict[str, Any]) -> None:
    found = in_dynamo(dynamodb)
    waits = lead(1, state=LeadState.OFFERED, recipient_id="ana")
    found.store(waits)
    assert dynamodb.scan(TableName="LeadsTable", IndexName="by_waiting")["Count"] == 1

    after = waits.revised(**gone)
    assert found.leads.commit(Change(lead=after, event=Event.of(after, EventKind.LEAD_ASSIGNED, MONDAY_9AM)))

    assert dynamodb.scan(TableName="LeadsTable", IndexName="by_waiting")["Count"] == 0


def test_only_leads_that_wait_are_looked_at(dynamodb: Any) -> None:
    found = in_dynamo(dynamodb)
    found.store(
        *(lead(number, MONDAY_9AM + number * SECOND, state=LeadState.LOST) for number in range(2, 30))
    )
    found.store(lead(1, MONDAY_9AM, state=LeadState.UNASSIGNED))
    looked_at: list[str] = []
    dynamodb.meta.events.register(
        "before-call.dynamodb.BatchGetItem", lambda params, **_: looked_at.append(params["body"])
    )

    assert [one.lead_id for one in found.search.waiting(Wait.PARKED, 50).items] == [f"{1:032x}"]
    assert sum(len(json.loads(body)["RequestItems"]["LeadsTable"]["Keys"]) for body in looked_at) == 1
