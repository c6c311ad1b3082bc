"""Return notices: a buyer's system hears what became of its return, under one id however often it is told."""

import json

from baton.application.tell_return import TellReturn
from baton.domain.exchange import Purpose
from tests.selling import a_buyer, an_endpoint
from tests.trading import Desk

NOTICE = an_endpoint(
    "acme",
    "returns",
    fields=[
        {"name": "lead", "field": "lead_id"},
        {"name": "verdict", "field": "return_status"},
        {"name": "reason", "field": "return_reason"},
        {"name": "theirs", "field": "reference"},
        {"name": "email", "field": "contact.email"},
    ],
)
acme = a_buyer("acme", buyer={"return_notice": NOTICE})


def a_desk(*, auto: bool) -> Desk:
    desk = Desk(acme, returns={"auto_approve": auto, "resell": False})
    desk.notices = TellReturn(desk.leads, desk.configuration, desk.call)  # type: ignore[assignment]
    desk.take_back = desk.returning()
    return desk


def told(desk: Desk) -> list[dict[str, str]]:
    return [json.loads(request.body) for request in desk.http.sent if request.url.endswith("/returns")]


def test_a_buyer_hears_that_its_return_was_approved_and_nothing_of_the_person() -> None:
    desk = a_desk(auto=True)
    lead = desk.sells()

    desk.returns(lead)

    assert told(desk) == [
        {"lead": lead.lead_id, "verdict": "approved", "reason": "invalid_contact", "theirs": "lead-acme"}
    ]
    (kept,) = [one for one in desk.leads.exchanges_of(lead.lead_id) if one.purpose is Purpose.RETURN]
    assert kept.status == 200


def test_a_buyer_hears_nothing_before_somebody_has_decided_and_then_what_was_decided() -> None:
    desk = a_desk(auto=False)
    lead = desk.sells()
    desk.returns(lead)
    before = told(desk)

    desk.take_back.decide(lead.lead_id, 1, approve=False, by="maria", why="the number is in use")

    assert before == []
    assert [notice["verdict"] for notice in told(desk)] == ["refused"]


def test_a_notice_that_is_sent_again_has_the_same_id() -> None:
    desk = a_desk(auto=True)
    lead = desk.sells()

    desk.returns(lead)
    desk.returns(lead)

    ids = {r.headers["webhook-id"] for r in desk.http.sent if r.url.endswith("/returns")}
    assert ids == {f"return_{lead.lead_id}_acme"}
