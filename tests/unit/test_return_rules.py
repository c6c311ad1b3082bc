"""Which leads are taken back, how many of them, and what becomes of a source whose leads come back too often."""

from datetime import timedelta
from typing import Any

import pytest

from baton.domain.errors import BatonError, NotFound
from baton.domain.lead_return import ReturnState
from baton.domain.return_rules import most_returns, weeks_up_to
from baton.domain.source import Source
from baton.domain.trade_errors import (
    LeadNotSold,
    ReturnReasonUnknown,
    ReturnTooLate,
    TooManyReturns,
)
from tests.builders import SECOND, a_source
from tests.selling import a_buyer, lost
from tests.trading import REASON, Desk

DAY = timedelta(days=1)
acme, bolt = a_buyer("acme"), a_buyer("bolt")
WAITS = {"auto_approve": False}


# ---------------------------------------------------------------------------------------------------------- rules
def test_asked_again_the_answer_is_the_first_one_and_nothing_changes() -> None:
    """Invariant 8: also with another reason, and when the rules would not allow it any more."""
    desk = Desk(acme, bolt)
    lead = desk.sells()
    first = desk.returns(lead)
    desk.clock.forward(100 * DAY)
    books = desk.books()

    assert desk.returns(lead) == first
    assert desk.returns(lead, reason="whatever") == first
    assert desk.books() == books


def test_a_lead_of_somebody_else_is_not_there_just_as_one_that_there_never_was() -> None:
    desk = Desk(acme, bolt)
    desk.pings = {"acme": 2_000, "bolt": 900}
    lead = desk.sells()
    missing = f"{9:032x}"

    texts = []
    for lead_id in (lead.lead_id, missing):
        with pytest.raises(NotFound) as refused:
            desk.returns(lead_id, "bolt")
        texts.append(str(refused.value).replace(lead_id, "X"))
    assert texts[0] == texts[1]


def test_a_lead_that_the_buyer_refused_is_not_its_lead() -> None:
    desk = Desk(acme, bolt)
    desk.posts["acme"] = "no"
    desk.pings = {"acme": 2_000, "bolt": 900}
    lead = desk.sells()
    assert lead.recipient_id == "bolt"

    with pytest.raises(NotFound):
        desk.returns(lead, "acme")


def test_a_lead_of_which_the_buyer_has_not_said_whether_it_took_it_cannot_be_returned_yet() -> None:
    desk = Desk(acme)
    desk.posts["acme"] = lost()
    lead_id = desk.takes_in()
    desk.step(lead_id)

    with pytest.raises(LeadNotSold):
        desk.returns(lead_id)


@pytest.mark.parametrize(
    ("returns", "days", "reason", "error", "words"),
    [
        ({}, 0, "changed_my_mind", ReturnReasonUnknown, "invalid_contact, duplicate"),
        ({"reasons": []}, 0, REASON, ReturnReasonUnknown, "no reason at all"),
        ({}, 8, REASON, ReturnTooLate, "within 7 days of the sale"),
        ({"window_days": 0}, 0, REASON, ReturnTooLate, "at no time"),
        ({"max_percent": 0}, 0, REASON, TooManyReturns, "at most 0 may be"),
        ({}, 8, "changed_my_mind", ReturnReasonUnknown, "takes leads back for"),
        ({"max_percent": 0}, 8, REASON, ReturnTooLate, "within 7 days"),
    ],
)
def test_what_the_campaign_does_not_take_back_is_refused_for_the_first_rule_that_it_breaks(
    returns: dict[str, Any], days: int, reason: str, error: type[BatonError], words: str
) -> None:
    desk = Desk(acme, returns=returns)
    lead = desk.sells()
    desk.clock.forward(days * DAY)
    books = desk.books()

    with pytest.raises(error, match=words):
        desk.returns(lead, reason=reason)
    assert desk.books() == books


def test_the_window_ends_so_many_days_after_the_sale_to_the_second() -> None:
    desk = Desk(acme, returns={"window_days": 3, "max_percent": 100})
    early, late = (desk.sells(email=f"{who}@example.com") for who in ("one", "two"))
    desk.clock.forward(3 * DAY)

    assert desk.returns(early).state is ReturnState.APPROVED
    desk.clock.forward(SECOND)
    with pytest.raises(ReturnTooLate):
        desk.returns(late)


@pytest.mark.parametrize(("bought", "percent", "most"), [
    (1, 20, 1), (4, 20, 1), (5, 20, 1), (9, 20, 1), (10, 20, 2), (1, 0, 0), (100, 0, 0), (3, 100, 3), (1000, 12.5, 125),
])  # fmt: skip
def test_so_many_of_the_leads_of_four_weeks_may_come_back_and_one_of_a_few(
    bought: int, percent: float, most: int
) -> None:
    assert most_returns(bought, percent) == most


@pytest.mark.parametrize("auto", [True, False], ids=["approved at once", "waiting for a person"])
def test_of_ten_leads_two_may_be_given_back_at_a_fifth_also_while_nobody_has_decided(auto: bool) -> None:
    desk = Desk(acme, returns={"auto_approve": auto, "resell": False})
    leads = [desk.sells(email=f"m{n}@example.com") for n in range(10)]

    for lead in leads[:2]:
        desk.returns(lead)

    with pytest.raises(TooManyReturns, match="of 10 leads bought in four weeks"):
        desk.returns(leads[2])


def test_a_refused_return_leaves_room_for_another() -> None:
    desk = Desk(acme, returns=WAITS)
    leads = [desk.sells(email=f"m{n}@example.com") for n in range(2)]
    desk.returns(leads[0])
    with pytest.raises(TooManyReturns):
        desk.returns(leads[1])

    desk.take_back.decide(leads[0].lead_id, 1, approve=False, by="maria")

    assert desk.returns(leads[1]).state is ReturnState.WAITING


def test_leads_of_five_weeks_ago_are_counted_with_those_sold_before_them() -> None:
    """They are not given back beside the limit because nobody counts their week any more."""
    desk = Desk(acme, returns={"window_days": 90, "resell": False})
    leads = [desk.sells(email=f"m{n}@example.com") for n in range(5)]
    desk.clock.forward(40 * DAY)

    desk.returns(leads[0])

    with pytest.raises(TooManyReturns, match="of 5 leads"):
        desk.returns(leads[1])


def test_where_nobody_knows_any_more_how_many_the_buyer_bought_a_person_decides() -> None:
    desk = Desk(acme, returns={"window_days": 365})
    lead = desk.sells()
    for week in range(15):
        desk.clock.forward(7 * DAY)
        desk.sells(email=f"m{week}@example.com")

    assert desk.returns(lead).state is ReturnState.WAITING


def test_four_weeks_are_calendar_weeks_on_the_buyer_s_clock_also_when_clocks_change() -> None:
    """Half an hour into a week, in the week after clocks were put forward."""
    desk = Desk(acme)
    moment = desk.clock.at.replace(2026, 3, 9, 4, 30)
    assert weeks_up_to(moment, "America/New_York") == {
        "week:2026-W11", "week:2026-W10", "week:2026-W09", "week:2026-W08",
    }  # fmt: skip


# ----------------------------------------------------------------------------------------------------- the source
def sending_poor_leads(**limits: Any) -> Desk:
    """Five leads sold, of which two come back."""
    source = {"limits": {"max_return_percent": 30, "returns_from": 5, **limits}}
    desk = Desk(acme, source=source, returns={"max_percent": 100, "resell": False})
    leads = [desk.sells(email=f"m{n}@example.com") for n in range(5)]
    for lead in leads[:2]:
        desk.returns(lead)
    return desk


def test_a_source_whose_leads_come_back_too_often_is_switched_off_and_operations_are_told() -> None:
    desk = sending_poor_leads()

    assert desk.configuration.get(Source, "web-form").active is False
    (change,) = desk.archive.changes(10).items
    assert (change.by, change.kind, change.key) == ("baton", "source", "web-form")
    (told,) = desk.alerts.told
    assert told[1] == {"source_id": "web-form", "sold": 5, "returned": 2, "max_return_percent": 30}


@pytest.mark.parametrize(
    "limits", [{"max_return_percent": 40}, {"returns_from": 6}, {"max_return_percent": None}]
)
def test_a_source_within_its_limit_or_with_too_few_sales_or_without_a_limit_stays_on(
    limits: dict[str, Any],
) -> None:
    desk = sending_poor_leads(**limits)

    assert desk.configuration.get(Source, "web-form").active is True
    assert desk.alerts.told == []


def test_who_switches_such_a_source_on_again_keeps_it_on_until_the_next_return() -> None:
    desk = sending_poor_leads()
    desk.edit.replace(a_source(limits={"max_return_percent": 30, "returns_from": 5}), None, "maria")

    desk.sells(email="late@example.com")

    assert desk.configuration.get(Source, "web-form").active is True


def test_a_source_that_is_gone_keeps_no_lead_from_being_returned() -> None:
    desk = Desk(acme)
    lead = desk.sells()
    del desk.configuration.stored["source", "web-form"]

    assert desk.returns(lead).state is ReturnState.APPROVED
