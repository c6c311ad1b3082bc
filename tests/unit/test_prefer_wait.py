"""`Prefer: wait=N`: whoever sends a lead may wait for what becomes of it, and hears nothing that is not theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from baton.domain.errors import StoreUnavailable
from baton.domain.lead import Lead, LeadState
from baton.domain.plan import Model
from tests.builders import a_plan, a_rep, a_stage
from tests.selling import a_buyer, an_auction_stage, lost, said
from tests.unit.vendor import HALF, PERSON, PING, Vendor, a_vendor
from tests.unit.wire import FORM_TYPE, Answer

FULL = {**PING, **PERSON}


def waited(vendor: Vendor, body: Any = None, prefer: str = "wait=10", **headers: str) -> Answer:
    """The answer to a lead whose sender waits."""
    return vendor.sent(FULL if body is None else body, headers={"Prefer": prefer, **headers})


def works_at_once(vendor: Vendor) -> None:
    """Let the workflow of every lead run the first time that somebody waits."""
    after(vendor, 1)


def after(vendor: Vendor, pauses: int) -> None:
    """Let the workflow of every lead run after so many pauses."""

    def work() -> None:
        if len(vendor.pauses_s) == pauses:
            for lead_id in list(vendor.leads.leads):
                vendor.score(lead_id)
                step(vendor, lead_id)

    vendor.while_waiting = work


def step(vendor: Vendor, lead_id: str) -> None:
    """One round of the workflow; a lead that is sold in part goes on."""
    for _ in range(5):
        if vendor.leads.get(lead_id).state is not LeadState.SCORED:
            return
        vendor.step(lead_id)


# ---- accepted


def test_a_lead_that_is_sold_meanwhile_is_accepted_with_price_and_reference() -> None:
    vendor = a_vendor()
    vendor.pings = {"acme": 2_000}
    works_at_once(vendor)

    answer = waited(vendor)

    assert (answer.status, answer.headers["preference-applied"]) == (200, "wait=10")
    assert answer.json() == {
        "lead_id": f"{1:032x}",
        "status": "sold",
        "verdict": "accepted",
        "reason": "sold",
        "price_cents": 1_000,
        "currency": "USD",
        "reference": "lead-acme",
    }


def test_a_lead_that_a_rep_has_is_accepted_and_brings_nothing() -> None:
    vendor = a_vendor(a_rep("ana"), plan=a_plan(a_stage(auto_accept=True)))
    works_at_once(vendor)

    answer = waited(vendor).json()

    assert (answer["verdict"], answer["reason"], answer["status"]) == ("accepted", "assigned", "assigned")
    assert (answer["price_cents"], answer["currency"], answer["reference"]) == (0, "USD", None)


def test_a_shared_lead_is_pending_until_all_have_it_and_brings_what_all_pay() -> None:
    plan = a_plan(an_auction_stage(winners=2, share_percent={2: 60}))
    vendor = a_vendor(plan=plan)
    vendor.pings = {"acme": 2_000, "bolt": 1_500}
    vendor.posts = {"bolt": lost()}
    works_at_once(vendor)
    assert waited(vendor).json()["verdict"] == "pending"

    vendor = a_vendor(plan=plan)
    vendor.pings = {"acme": 2_000, "bolt": 1_500}
    works_at_once(vendor)
    answer = waited(vendor).json()

    assert (answer["price_cents"], answer["reference"]) == (1_050, "lead-acme, lead-bolt")


def test_a_buyer_that_names_no_number_leaves_the_reference_empty() -> None:
    vendor = a_vendor(a_buyer("acme", price_cents=900), plan=a_plan(a_stage(model=Model.WATERFALL)))
    vendor.posts = {"acme": lambda _: said("yes")}
    works_at_once(vendor)

    assert waited(vendor).json()["reference"] is None


# ---- rejected


def test_a_lead_that_the_campaign_does_not_want_is_rejected() -> None:
    vendor = a_vendor(campaign={"scoring": {"qualify_from": 1}})
    works_at_once(vendor)

    answer = waited(vendor)

    assert answer.status == 200
    assert (answer.json()["verdict"], answer.json()["reason"]) == ("rejected", "disqualified")
    assert answer.json()["price_cents"] is None


def test_a_lead_that_nobody_takes_is_rejected() -> None:
    vendor = a_vendor()
    vendor.posts = {"acme": "no", "bolt": "no"}
    works_at_once(vendor)

    answer = waited(vendor)

    assert (answer.status, answer.json()["verdict"]) == (200, "rejected")
    assert (answer.json()["status"], answer.json()["reason"]) == ("unassigned", "no_taker")


def test_a_lead_that_came_back_is_rejected_to_who_asks_again() -> None:
    vendor = a_vendor()
    works_at_once(vendor)
    waited(vendor, **{"Idempotency-Key": "k1"})
    (lead,) = vendor.leads.leads.values()
    vendor.leads.leads[lead.lead_id] = lead.moved(LeadState.RETURNED, vendor.clock.now())

    assert waited(vendor, **{"Idempotency-Key": "k1"}).json()["reason"] == "returned"


# ---- not yet


@pytest.mark.parametrize("seconds", [1, 7, 20])
def test_a_lead_that_is_not_settled_is_pending_when_the_time_is_over_and_no_later(seconds: int) -> None:
    vendor = a_vendor()
    begun = vendor.clock.now()

    answer = waited(vendor, prefer=f"wait={seconds}")

    assert vendor.clock.now() - begun == timedelta(seconds=seconds)
    assert (answer.status, answer.headers["preference-applied"]) == (202, f"wait={seconds}")
    assert answer.json() == {
        "lead_id": f"{1:032x}",
        "status": "received",
        "verdict": "pending",
        "reason": "in_progress",
        "price_cents": None,
        "currency": None,
        "reference": None,
    }


def test_a_lead_whose_buyer_has_not_said_whether_it_took_it_is_pending() -> None:
    vendor = a_vendor()
    vendor.posts = {"acme": lost(), "bolt": lost()}
    works_at_once(vendor)

    answer = waited(vendor)

    assert (answer.status, answer.json()["verdict"]) == (202, "pending")


def test_who_fell_into_the_honeypot_hears_what_everybody_hears_whose_lead_is_not_settled() -> None:
    vendor = a_vendor(source={"honeypot_field": "website"})
    begun = vendor.clock.now()
    person = waited(vendor)
    person_took = vendor.clock.now() - begun
    bot = waited(vendor, {**FULL, "website": "http://spam"})

    assert vendor.clock.now() - begun == 2 * person_took
    assert (bot.status, bot.headers) == (person.status, person.headers)
    assert bot.body.replace(f"{2:032x}", f"{1:032x}") == person.body
    assert {lead.state for lead in vendor.leads.leads.values()} == {LeadState.RECEIVED, LeadState.QUARANTINED}


def test_a_lead_is_looked_at_soon_and_then_less_often() -> None:
    vendor = a_vendor()
    waited(vendor, prefer="wait=20")

    assert vendor.pauses_s[0] == 0.1
    assert max(vendor.pauses_s) == 0.5
    assert sorted(vendor.pauses_s[:-1]) == vendor.pauses_s[:-1]
    assert len(vendor.pauses_s) < 50


@pytest.mark.parametrize("pauses", [1, 5, 20])
def test_whoever_waits_hears_of_it_within_half_a_second(pauses: int) -> None:
    vendor = a_vendor()
    after(vendor, pauses)
    answer = waited(vendor, prefer="wait=20")

    assert answer.json()["verdict"] == "accepted"
    assert len(vendor.pauses_s) == pauses


@dataclass
class Flaky:
    """The leads, of which some readings fail."""

    inner: Any
    fails: Callable[[int], bool]
    reads: int = 0

    def get(self, lead_id: str) -> Lead:
        """See Leads.get."""
        self.reads += 1
        if self.fails(self.reads):
            raise StoreUnavailable
        found: Lead = self.inner.get(lead_id)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def test_a_reading_that_fails_is_no_verdict() -> None:
    vendor = a_vendor()
    works_at_once(vendor)
    vendor.rewire(Flaky(vendor.leads, lambda no: no == 2))

    assert waited(vendor).json()["verdict"] == "accepted"


def test_a_lead_that_is_stored_is_never_answered_with_an_error_because_it_cannot_be_read() -> None:
    """Invariant 1: whoever gets an error sends again, and has sent two leads."""
    vendor = a_vendor()
    vendor.rewire(Flaky(vendor.leads, lambda _: True))

    answer = waited(vendor)

    assert (answer.status, answer.json()) == (202, {"lead_id": f"{1:032x}", "status": "received"})
    assert "preference-applied" not in answer.headers


# ---- the preference itself


@pytest.mark.parametrize(
    ("prefer", "applied"),
    [
        ("wait=3", "wait=3"),
        ("WAIT = 3", "wait=3"),
        ('wait="3"', "wait=3"),
        ("respond-async, wait=3", "wait=3"),
        ("wait=3, wait=9", "wait=3"),
        ("wait=3; foo=bar", "wait=3"),
        ("wait=21", "wait=20"),
        ("wait=999999999", "wait=20"),
        ("wait=0", "wait=0"),
        ("wait", None),
        ("wait=", None),
        ("wait=-1", None),
        ("wait=1.5", None),
        ("wait=9999999999", None),
        ("waiting=3", None),
        ("return=minimal", None),
        ("", None),
        ("\x00,;,=,wait=é", None),
    ],
)
def test_a_preference_is_read_as_its_rfc_says_and_else_ignored(prefer: str, applied: str | None) -> None:
    answer = waited(a_vendor(), prefer=prefer)

    assert answer.status == 202
    assert answer.headers.get("preference-applied") == applied
    assert ("verdict" in answer.json()) == (applied is not None)


def test_who_sends_to_an_open_source_does_not_wait_and_hears_no_price() -> None:
    vendor = a_vendor(source={"api_keys": []})
    works_at_once(vendor)

    answer = waited(vendor)

    assert (answer.status, answer.json()) == (202, {"lead_id": f"{1:032x}", "status": "received"})
    assert "preference-applied" not in answer.headers
    assert vendor.pauses_s == []


def test_without_the_preference_nobody_waits() -> None:
    vendor = a_vendor()

    assert vendor.sent().json() == {"lead_id": f"{1:032x}", "status": "received"}
    assert vendor.pauses_s == []


def test_a_lead_that_is_refused_is_refused_at_once() -> None:
    vendor = a_vendor()

    assert waited(vendor, {"state": "NY"}).status == 422
    assert vendor.pauses_s == []


def test_a_person_at_a_plain_form_sees_the_page_at_once() -> None:
    vendor = a_vendor()
    answer = vendor.sent(
        "email=a%40b.co", media_type=FORM_TYPE, headers={"Accept": "text/html", "Prefer": "wait=10"}
    )

    assert answer.headers["content-type"].startswith("text/html")
    assert vendor.pauses_s == []


def test_a_repeated_request_may_wait_for_the_first_ones_lead() -> None:
    vendor = a_vendor()
    first = vendor.sent(headers={"Idempotency-Key": "k1"})
    works_at_once(vendor)

    answer = waited(vendor, **{"Idempotency-Key": "k1"})

    assert (answer.status, answer.json()["lead_id"]) == (200, first.json()["lead_id"])


def test_a_lead_with_a_ping_hears_the_price_that_it_was_told() -> None:
    vendor = a_vendor()
    told = vendor.pinged().json()
    works_at_once(vendor)

    answer = waited(vendor, {**FULL, "ping_id": told["ping_id"]})

    assert answer.json()["price_cents"] == told["price_cents"]


def test_a_test_lead_that_is_sold_brings_nothing() -> None:
    vendor = a_vendor(a_buyer("lab", buyer={"status": "test"}), source={"test": True, "payout": HALF})
    works_at_once(vendor)

    answer = waited(vendor).json()

    assert (answer["verdict"], answer["price_cents"]) == ("accepted", 0)
