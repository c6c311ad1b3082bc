"""A replay makes leads of a file's rows, and says how far what happened is from what should have."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from baton.domain.lead import Lead, LeadState
from baton.domain.offer import Delivery, Offer, OfferState
from baton.domain.plan import Model, Plan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.submission import read_submission
from baton.domain.trace import CandidateTrace, Reason, StageOutcome, StageTrace, Trace
from local.replay_follow import Followed
from local.replay_post import Posted, refusal, refusals
from local.replay_report import in_turn, is_for_sale, owed, percentile, sale_lines, share_lines, until_sms_ms
from local.replay_rows import column_names, lead_of, leads
from tests.builders import a_campaign

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DEMO = Path(__file__).parents[2] / "local" / "demo_leads.csv"


def an_offer(to: str = "ana", *, eligible: tuple[str, ...] = ("ana", "ben"), **facts: Any) -> Offer:
    stage = 0 if facts.get("pool_id", "team") else 1
    candidates = tuple(
        CandidateTrace(recipient_id=who, reason=Reason.CHOSEN if who == to else Reason.LATER_TURN)
        for who in eligible
    )
    skipped = CandidateTrace(recipient_id="zoe", reason=Reason.INACTIVE)
    choice = StageTrace(stage=stage, name="s", outcome=StageOutcome.CHOSE, candidates=(*candidates, skipped))
    values: dict[str, Any] = {
        "lead_id": "l1",
        "no": 1,
        "recipient_id": to,
        "stage": stage,
        "stage_name": "s",
        "pool_id": "team",
        "state": OfferState.ACCEPTED,
        "made_at": NOON,
        "expires_at": None,
        "trace": Trace(plan_id="p", plan_version=1, attempt=0, stages=(choice,)),
        "sent": {"sms": NOON.isoformat()},
    }
    return Offer(**{**values, **facts})


def a_lead(state: LeadState = LeadState.ASSIGNED) -> Lead:
    return Lead(
        lead_id="l1",
        rev=1,
        state=state,
        source_id="vendor",
        campaign_id="solar",
        received_at=NOON,
        moved_at=NOON,
        contact={},
    )


def a_plan(model: Model) -> Plan:
    return Plan(id="p", version=1, stages=(Stage(name="s", pool_id="team", model=model),))


TEAM = Pool(
    id="team",
    name="Team",
    members=(Member(recipient_id="ana", weight=3), Member(recipient_id="ben", weight=1)),
)


def a_sale(to: str, price_cents: int, state: OfferState = OfferState.ACCEPTED, **facts: Any) -> Offer:
    return an_offer(to, price_cents=price_cents, currency="USD", state=state, **facts)


def an_unanswered(to: str) -> Offer:
    delivery = Delivery(webhook_id="w1", tries=1, first_at=NOON, next_at=NOON + timedelta(seconds=30))
    return a_sale(to, 1500, OfferState.PENDING, delivery=delivery)


def test_columns_become_attributes_under_snake_case_names() -> None:
    names = column_names(["What matters most to you?", "Do Not Email"])

    assert list(names.values()) == ["what_matters_most_to_you", "do_not_email"]


def test_no_name_is_too_long_and_no_two_are_the_same() -> None:
    names = list(column_names(["x" * 100, "x" * 101, "???", "!"]).values())

    assert len(set(names)) == 4
    assert all(0 < len(name) <= 64 for name in names)


def test_known_fields_go_where_they_belong() -> None:
    lead = lead_of({"city": "Reno", "utm_source": "x", "gclid": "y", "consent": "yes", "roof_m2": "120"})

    assert lead["contact"]["city"] == "Reno"
    assert lead["attribution"] == {"utm_source": "x", "gclid": "y"}
    assert lead["consent"] == {"given": "yes"}
    assert lead["attributes"] == {"roof_m2": "120"}


def test_empty_cells_and_choices_not_made_are_left_out() -> None:
    assert "attributes" not in lead_of({"a": "", "b": "Select"})


def test_a_row_always_gives_the_same_person_who_does_not_exist() -> None:
    row = {"lead_number": "17", "city": "Reno"}
    contact = lead_of(row)["contact"]

    assert contact == lead_of({**row, "city": "Rome"})["contact"] | {"city": "Reno"}
    assert contact["email"].endswith("@example.com")
    assert contact["phone"].startswith("+120255501")
    assert contact != lead_of({**row, "lead_number": "18"})["contact"]


def test_what_the_file_has_is_not_made_up() -> None:
    contact = lead_of({"name": "Mia Long", "email": "", "phone": "+12025550147"})["contact"]

    assert contact == {"name": "Mia Long", "phone": "+12025550147"}


def test_every_lead_of_the_demo_file_is_one_that_the_api_takes() -> None:
    found = leads(DEMO)

    assert len(found) == 60
    for lead in found:
        read_submission(lead, a_campaign(required=("contact.last_name",)))


def test_a_count_takes_the_first_rows() -> None:
    assert leads(DEMO, 3) == leads(DEMO)[:3]


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (95, 95), (99, 99), (100, 100)])
def test_a_percentile_is_a_value_that_occurred(percent: int, value: int) -> None:
    assert percentile(range(100, 0, -1), percent) == value


def test_the_percentiles_of_one_value_are_that_value() -> None:
    assert percentile([7.0], 50) == percentile([7.0], 99) == 7.0


def test_everybody_who_was_eligible_is_owed_an_equal_part() -> None:
    shares = owed([an_offer("ana")], lambda *_: a_plan(Model.ROUND_ROBIN), lambda _: TEAM)

    assert shares == {"ana": Fraction(1, 2), "ben": Fraction(1, 2)}


def test_a_weighted_stage_owes_by_weight() -> None:
    shares = owed([an_offer("ana")] * 2, lambda *_: a_plan(Model.WEIGHTED), lambda _: TEAM)

    assert shares == {"ana": Fraction(3, 2), "ben": Fraction(1, 2)}


def test_a_weight_counts_only_among_those_who_were_eligible() -> None:
    alone = an_offer("ben", eligible=("ben",))

    assert owed([alone], lambda *_: a_plan(Model.WEIGHTED), lambda _: TEAM) == {"ben": 1}


def test_the_fallback_owner_is_owed_what_fell_to_them() -> None:
    last = an_offer("grace", eligible=("grace",), pool_id=None)

    assert owed([last], lambda *_: a_plan(Model.WEIGHTED), lambda _: TEAM) == {"grace": 1}


def test_a_rep_who_got_nothing_is_listed_with_what_is_owed() -> None:
    lines = share_lines([an_offer("ana")], {"ana": Fraction(1, 2), "ben": Fraction(1, 2)})

    assert [line.split() for line in lines] == [["ana", "1", "0.50", "+0.50"], ["ben", "0", "0.50", "-0.50"]]


def test_the_time_to_the_sms_begins_with_the_posting() -> None:
    followed = Followed(a_lead(), (an_offer(sent={"sms": NOON.isoformat()}),))

    assert until_sms_ms({"l1": NOON - timedelta(seconds=2)}, [followed]) == [2000]


def test_a_lead_is_settled_once_its_rep_was_told() -> None:
    assert Followed(a_lead(), (an_offer(),)).is_settled(NOON)
    assert not Followed(a_lead(), (an_offer(sent={}),)).is_settled(NOON)


def test_an_offer_may_wait_for_its_answer_but_not_beyond_its_time() -> None:
    offered = Followed(
        a_lead(LeadState.OFFERED),
        (an_offer(state=OfferState.PENDING, expires_at=NOON + timedelta(minutes=2)),),
    )

    assert offered.is_settled(NOON)
    assert not offered.is_settled(NOON + timedelta(minutes=3))


@pytest.mark.parametrize("state", [LeadState.RECEIVED, LeadState.SCORED, LeadState.DELIVERING])
def test_a_moving_lead_is_not_settled(state: LeadState) -> None:
    assert not Followed(a_lead(state), ()).is_settled(NOON)


def test_a_disqualified_lead_is_settled_without_an_offer() -> None:
    assert Followed(a_lead(LeadState.DISQUALIFIED), ()).is_settled(NOON)


def test_refusals_are_counted_by_status_and_reason() -> None:
    posted = [
        Posted(NOON, 1.0, 422, None, "bad"),
        Posted(NOON, 1.0, 422, None, "bad"),
        Posted(NOON, 1.0, 202, "l"),
    ]

    assert refusals(posted) == {"422 bad": 2}


def test_a_refusal_names_every_field() -> None:
    problem = {"type": "urn:baton:invalid", "errors": [{"field": "contact.email", "problem": "is bad"}]}

    assert refusal(problem) == "urn:baton:invalid: contact.email is bad"


def test_no_answer_at_all_is_the_other_sides_fault_and_a_refusal_is_not() -> None:
    assert Posted(NOON, 1.0, 0).broken
    assert Posted(NOON, 1.0, 503).broken
    assert not Posted(NOON, 1.0, 422).broken


def test_the_report_says_who_bought_how_many_for_how_much_and_what_became_of_the_rest() -> None:
    followed = [
        Followed(
            a_lead(LeadState.SOLD), (a_sale("mirage", 6000, OfferState.RELEASED), a_sale("harbor", 2050))
        ),
        Followed(a_lead(LeadState.SOLD), (a_sale("harbor", 1000),)),
        Followed(a_lead(LeadState.SOLD), (a_sale("harbor", 400), a_sale("summit", 300))),
        Followed(a_lead(LeadState.UNASSIGNED), (a_sale("mirage", 5000, OfferState.DECLINED),)),
        Followed(a_lead(LeadState.DELIVERING), (an_unanswered("flaky"),)),
        Followed(a_lead(LeadState.DELIVERING), (a_sale("summit", 900, OfferState.PENDING),)),
    ]

    assert [line.split() for line in sale_lines(followed)[1:-2]] == [
        ["flaky", "0", "0.00", "0"],
        ["harbor", "3", "34.50", "0"],
        ["mirage", "0", "0.00", "2"],
        ["summit", "1", "3.00", "0"],
    ]
    assert sale_lines(followed)[-2:] == [
        "unassigned   1",
        "delivering   2, of which a buyer did not answer for 1",
    ]


def test_leads_that_reps_got_are_no_sales() -> None:
    assert not is_for_sale([Followed(a_lead(), (an_offer(),))])
    assert is_for_sale([Followed(a_lead(), (an_offer(),)), Followed(a_lead(), (a_sale("harbor", 0),))])


def test_nobody_is_owed_a_part_of_what_goes_to_the_best_bid() -> None:
    assert in_turn([a_sale("harbor", 900)], lambda *_: a_plan(Model.PING_POST)) == []
    assert in_turn([an_offer()], lambda *_: a_plan(Model.ROUND_ROBIN)) == [an_offer()]


def test_a_lead_that_a_buyer_did_not_answer_for_is_held_until_the_buyer_is_to_be_asked_again() -> None:
    held = Followed(a_lead(LeadState.DELIVERING), (an_unanswered("flaky"),))

    assert not held.is_settled(NOON)
    assert held.waits_for_buyer(NOON)
    assert not held.waits_for_buyer(NOON + timedelta(minutes=2))
    assert not Followed(a_lead(LeadState.DELIVERING), (a_sale("harbor", 900),)).waits_for_buyer(NOON)
    assert not Followed(a_lead(LeadState.SOLD), (a_sale("harbor", 900),)).waits_for_buyer(NOON)
