"""Reports as people see them: figures of sources and recipients, of the days they ask for, as JSON and CSV."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest

from baton.domain.documents import Configured
from baton.domain.lead import Answer, LeadState, PastOffer
from baton.domain.plan import Model
from baton.domain.pool import Fairness, Release
from tests.builders import (
    MINUTE,
    MONDAY_9AM,
    a_campaign,
    a_lead,
    a_member,
    a_plan,
    a_pool,
    a_rep,
    a_source,
    a_stage,
)
from tests.unit.reporting import House, a_sale, converted_by, published, taken_by

A_DAY = timedelta(days=1)


def test_of_each_source_one_sees_what_it_cost_and_what_it_brought() -> None:
    house = House(
        leads=[
            a_sale(source_id="good", cost_cents=500),
            converted_by("ana", 20_000, source_id="good", cost_cents=500),
            a_sale(source_id="bad", cost_cents=3000, returned=True),
            a_lead(source_id="bad", cost_cents=3000, state=LeadState.DISQUALIFIED),
        ],
        documents=[a_source(id="good", name="A good one")],
    )

    report = house.get("sources?sort=profit")

    bad, good = report["rows"]
    assert (bad["ids"], bad["name"], good["name"]) == ({"source_id": "bad"}, None, "A good one")
    assert (bad["figures"]["return_rate"], good["figures"]["return_rate"]) == (1.0, 0.0)
    assert (bad["figures"]["conversion"], good["figures"]["conversion"]) == (0.0, 0.5)
    assert good["figures"]["money"]["USD"] == {
        "revenue_cents": 4000,
        "payout_cents": 1500,
        "value_cents": 20_000,
        "cost_cents": 1000,
        "won_cents": 20_000,
        "margin_cents": 1500,
        "profit_cents": 21_500,
        "cost_per_lead_cents": 1250,
        "cost_per_conversion_cents": 2500,
        "profit_per_lead_cents": 10_750,
    }
    assert bad["figures"]["money"]["USD"]["profit_cents"] == -6000
    assert report["total"]["received"] == 4
    assert report["total"]["money"]["USD"]["profit_cents"] == 15_500


def test_what_a_lead_was_worth_to_its_buyer_is_no_profit_of_ours() -> None:
    sold = a_sale(state=LeadState.CONVERTED, value_cents=90_000, value_currency="USD")
    money = House(leads=[sold]).get("sources")["total"]["money"]["USD"]

    assert (money["value_cents"], money["won_cents"], money["profit_cents"]) == (90_000, 0, 2500)


def test_a_rate_of_nothing_is_nothing_rather_than_zero() -> None:
    total = House().get("sources")["total"]

    assert total["received"] == 0
    assert [total[name] for name in ("conversion", "return_rate", "place_rate")] == [None] * 3
    assert total["response"] == {"p50_ms": None, "p90_ms": None, "p95_ms": None}


def test_how_soon_people_were_reached_is_told_to_within_its_error() -> None:
    leads = [
        converted_by("ana", 0, contacted_at=MONDAY_9AM + minutes * MINUTE, state=LeadState.CONTACTED)
        for minutes in range(1, 101)
    ]
    response = House(leads=leads).get("recipients")["rows"][0]["figures"]["response"]

    assert response["p50_ms"] == pytest.approx(50 * 60_000, rel=0.015)
    assert response["p90_ms"] == pytest.approx(90 * 60_000, rel=0.015)


def test_money_of_two_currencies_is_never_added_up() -> None:
    house = House(leads=[a_sale(), a_sale(currency="EUR"), a_sale(currency="EUR", source_id="other")])

    total = house.get("sources")["total"]["money"]
    assert {currency: money["revenue_cents"] for currency, money in total.items()} == {
        "EUR": 8000,
        "USD": 4000,
    }


def test_money_puts_rows_in_order_in_the_currency_that_one_names() -> None:
    house = House(
        leads=[
            a_sale(source_id="a"),
            a_sale(source_id="b", currency="EUR"),
            *[a_sale(source_id="c", currency=currency) for currency in ("EUR", "USD", "USD")],
        ]
    )

    def order(query: str) -> list[str]:
        return [row["ids"]["source_id"] for row in house.get(f"sources?sort={query}")["rows"]]

    assert order("-revenue&currency=USD") == ["c", "a", "b"]
    assert order("revenue&currency=USD") == ["a", "c", "b"]
    assert order("-revenue&currency=EUR") == ["b", "c", "a"]


def test_rows_beyond_the_limit_are_in_the_total_and_are_counted() -> None:
    house = House(leads=[a_lead(source_id=f"s{n}") for n in range(5)])

    report = house.get("sources?limit=2")

    assert (len(report["rows"]), report["left_out"], report["total"]["received"]) == (2, 3, 5)


def test_today_is_the_day_on_the_house_s_clock() -> None:
    # Nine in the evening in New York is the next day in London.
    late = MONDAY_9AM + timedelta(hours=12)
    house = House(leads=[a_lead(), a_lead(received_at=late), a_lead(received_at=late - A_DAY)], now=late)

    report = house.get("sources")

    assert (report["from"], report["to"], report["zone"]) == ("2026-11-23", "2026-11-23", "America/New_York")
    assert report["total"]["received"] == 2
    assert house.get("sources?zone=Europe/London")["from"] == "2026-11-24"
    assert house.get("sources?zone=Europe/London")["total"]["received"] == 1


def test_a_day_is_held_against_the_day_before_or_the_same_day_of_the_week_before() -> None:
    house = House(
        leads=[
            *[a_lead(received_at=MONDAY_9AM)] * 3,
            *[a_lead(received_at=MONDAY_9AM - A_DAY)] * 2,
            a_lead(received_at=MONDAY_9AM - 7 * A_DAY),
        ],
        now=MONDAY_9AM + 3 * A_DAY,
    )
    day = "sources?from=2026-11-23&to=2026-11-23"

    (yesterday,) = house.get(f"{day}&compare=previous")["rows"]
    (week,) = house.get(f"{day}&compare=week")["rows"]
    (alone,) = house.get(day)["rows"]

    assert (yesterday["figures"]["received"], yesterday["before"]["received"]) == (3, 2)
    assert (week["figures"]["received"], week["before"]["received"]) == (3, 1)
    assert alone["before"] is None


def test_a_morning_is_held_against_a_morning() -> None:
    """It is half past nine: the hour from nine is not over, and counts on neither side."""
    week_ago = MONDAY_9AM - 7 * A_DAY
    hour = timedelta(hours=1)
    house = House(
        leads=[a_lead(received_at=at + n * hour) for at in (MONDAY_9AM, week_ago) for n in (-1, 0)]
        + [a_lead(received_at=week_ago + 6 * hour)],
        now=MONDAY_9AM + 30 * MINUTE,
    )

    report = house.get("sources?compare=week")

    assert report["period"] == {"begin": "2026-11-23T00:00:00-05:00", "end": "2026-11-23T09:00:00-05:00"}
    assert report["compared_with"]["end"] == "2026-11-16T09:00:00-05:00"
    assert (report["total"]["received"], report["total_before"]["received"]) == (1, 1)


def test_rows_are_divided_by_day_and_their_parts_add_up() -> None:
    house = House(
        leads=[a_lead(received_at=MONDAY_9AM), *[a_lead(received_at=MONDAY_9AM - 2 * A_DAY)] * 2],
    )

    (row,) = house.get("sources?from=2026-11-21&group=day")["rows"]

    assert [(part["begin"], part["figures"]["received"]) for part in row["parts"]] == [
        ("2026-11-21T00:00:00-05:00", 2),
        ("2026-11-22T00:00:00-05:00", 0),
        ("2026-11-23T00:00:00-05:00", 1),
    ]
    assert row["figures"]["received"] == 3


def test_days_of_another_zone_begin_on_that_zone_s_clock() -> None:
    house = House(leads=[a_lead(received_at=MONDAY_9AM + timedelta(hours=n)) for n in (1, 12, 20)])

    report = house.get("sources?from=2026-11-23&to=2026-11-24&group=day&zone=Asia/Tokyo")

    parts = report["total_parts"]
    assert [(part["begin"], part["figures"]["received"]) for part in parts] == [
        ("2026-11-23T00:00:00+09:00", 0),
        ("2026-11-24T00:00:00+09:00", 3),
    ]


def test_by_the_hour_every_hour_of_the_day_is_there() -> None:
    parts = House(leads=[a_lead()]).get("sources?group=hour")["total_parts"]

    assert len(parts) == 24
    assert [part["begin"] for part in parts if part["figures"]["received"]] == ["2026-11-23T09:00:00-05:00"]


@pytest.mark.parametrize(
    ("query", "field", "problem"),
    [
        ("from=2026-11-24&to=2026-11-23", "to", "earlier"),
        ("from=2025-01-01&to=2026-11-23", "from", "400 days"),
        ("from=2026-11-01&group=hour", "from", "7 days"),
        ("from=2026-09-01&group=day&zone=Asia/Tokyo", "from", "31 days"),
        ("zone=Asia/Kolkata", "zone", "America/New_York"),
        ("zone=Moon/Base", "zone", "no IANA time zone"),
        ("from=yesterday", "from", "date"),
        ("from=1999-12-31", "from", "2000"),
        ("sort=-beauty", "sort", "profit"),
        ("limit=0", "limit", "1"),
        ("group=month", "group", "day"),
        ("campaign_id=No%20Id", "campaign_id", "match"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_place(query: str, field: str, problem: str) -> None:
    answer = House(leads=[a_lead()]).viewer("GET", f"/v1/reports/sources?{query}")

    assert (answer.status, answer.code) == (422, "invalid-request")
    assert list(answer.errors) == [field]
    assert problem in answer.errors[field]


def test_of_one_campaign_only_its_own_leads_are_counted() -> None:
    house = House(leads=[a_lead(), a_lead(), a_lead(campaign_id="roofs")])

    assert house.get("sources?campaign_id=roofs")["total"]["received"] == 1
    assert house.figures("campaigns", "campaign_id")["solar"]["received"] == 2


def test_parts_of_a_source_and_bands_have_rows_of_their_own() -> None:
    house = House(leads=[a_lead(sub_source="spring", band="hot"), a_lead(sub_source="Rows / 7", band="cold")])

    (row, other) = house.get("sub-sources?sort=received")["rows"]
    assert {row["ids"]["sub_source"], other["ids"]["sub_source"]} == {"spring", "Rows / 7"}
    assert set(house.figures("bands", "band")) == {"hot", "cold"}


TEAM = [
    a_pool("ana", "ben", "carla"),
    a_plan(a_stage("team")),
    *(a_rep(who) for who in ("ana", "ben")),
    a_rep("carla", paused=True),
]


def test_of_each_recipient_one_sees_what_was_promised_and_what_it_got() -> None:
    house = House(leads=[*[taken_by("ana")] * 5, taken_by("ben", "ana")], documents=published(*TEAM))

    rows = {row["ids"]["recipient_id"]: row for row in house.get("recipients?sort=off_by")["rows"]}

    assert list(rows) == ["carla", "ben", "ana"]
    assert rows["ana"]["figures"]["accept_rate"] == pytest.approx(5 / 6, abs=1e-4)
    assert rows["ana"]["share"] == {
        "turns": 6,
        "promised": pytest.approx(1 / 3, abs=1e-4),
        "got": pytest.approx(6 / 7, abs=1e-4),
        "expected": 2.3,
        "off_by": 3.7,
        "absent": None,
    }
    assert rows["carla"]["figures"]["offers"] == 0
    assert (rows["carla"]["share"]["off_by"], rows["carla"]["share"]["absent"]) == (-2.3, "paused")


def test_of_one_campaign_the_shares_are_those_of_pools_that_only_its_plan_asks() -> None:
    leads = [*[taken_by("ana")] * 2, taken_by("ben"), taken_by("carla", campaign_id="roofs")]
    alone = [*published(*TEAM), a_campaign()]
    also = a_campaign(id="roofs")

    def shares(*documents: Configured) -> dict[str, Any]:
        rows = House(leads=leads, documents=[*documents]).get("recipients?campaign_id=solar")["rows"]
        return {row["ids"]["recipient_id"]: row["share"] and row["share"]["promised"] for row in rows}

    third = pytest.approx(1 / 3, abs=1e-4)
    assert shares(*alone) == {"ana": third, "ben": third, "carla": third}
    assert shares(*alone, also) == {"ana": None, "ben": None}


def test_leads_that_somebody_has_now_are_counted_without_those_given_back() -> None:
    rows = House(leads=[taken_by("ana"), a_sale(), a_sale(returned=True)]).figures(
        "recipients", "recipient_id"
    )

    assert (rows["ana"]["kept"], rows["acme"]["kept"], rows["acme"]["accepted"]) == (1, 1, 2)


@pytest.mark.parametrize(("refund_on", "turns"), [(Release.REASSIGNED, 1), (Release.EXPIRED, 2)])
def test_a_lead_that_was_taken_back_is_a_turn_unless_the_pool_gives_it_back(
    refund_on: Release, turns: int
) -> None:
    slow = PastOffer(recipient_id="ana", stage=0, pool_id="team", answer=Answer.REASSIGNED)
    taken_back = taken_by("ben", offers=(slow, *taken_by("ben").offers))
    pool = a_pool("ana", "ben", fairness=Fairness(refund_on=frozenset({refund_on})))
    house = House(leads=[taken_back, taken_by("ana")], documents=published(pool, *TEAM[1:]))

    rows = {row["ids"]["recipient_id"]: row for row in house.get("members?pool_id=team")["rows"]}

    assert rows["ana"]["share"]["turns"] == turns
    assert (rows["ana"]["figures"]["reassigned"], rows["ben"]["figures"]["reassigned"]) == (1, 0)


def test_rows_are_put_in_order_by_any_figure_also_where_there_are_none() -> None:
    for path in (
        "recipients?sort=-off_by",
        "members?pool_id=team&sort=promised",
        "plan-versions?sort=-difference",
    ):
        assert House().get(path)["rows"] == []
    assert House().viewer("GET", "/v1/reports/sources?sort=off_by").errors


def test_weights_are_the_promise_where_a_plan_goes_by_them() -> None:
    pool = a_pool(a_member("ana", weight=3), a_member("ben", weight=1))
    leads = [*[taken_by("ana")] * 3, taken_by("ben")]

    def shares(model: Model) -> dict[str, Any]:
        plan = a_plan(a_stage("team", model=model))
        report = House(leads=leads, documents=published(pool, plan)).get("members?pool_id=team")
        return {"basis": report["basis"]} | {
            row["ids"]["recipient_id"]: row["share"]["off_by"] for row in report["rows"]
        }

    assert shares(Model.WEIGHTED) == {"basis": "weights", "ana": 0.0, "ben": 0.0}
    assert shares(Model.ROUND_ROBIN) == {"basis": "equal", "ana": 1.0, "ben": -1.0}
    assert shares(Model.WATERFALL) == {"basis": "none", "ana": None, "ben": None}


def test_who_has_left_the_pool_is_promised_nothing_and_takes_no_share_of_the_others() -> None:
    house = House(
        leads=[*[taken_by("dora")] * 4, taken_by("ana"), taken_by("ben")],
        documents=published(a_pool("ana", "ben"), a_plan(a_stage("team")), a_rep("ana"), a_rep("ben")),
    )

    rows = {row["ids"]["recipient_id"]: row for row in house.get("members?pool_id=team")["rows"]}

    assert rows["dora"]["share"]["absent"] == "removed"
    assert [rows[who]["share"]["off_by"] for who in ("ana", "ben", "dora")] == [0.0, 0.0, None]


def test_of_a_pool_that_is_gone_the_counters_are_still_there() -> None:
    report = House(leads=[taken_by("ana")]).get("members?pool_id=team")

    assert (report["basis"], report["rows"][0]["figures"]["accepted"]) == ("none", 1)
    assert report["rows"][0]["share"] is None


def test_stages_are_named_after_the_plan_s_version_that_asked() -> None:
    house = House(leads=[taken_by("ana", "ben")], documents=[a_plan(a_stage("team", name="Everybody"))])

    (row,) = house.get("stages?plan_id=plan")["rows"]

    assert (row["ids"], row["name"]) == ({"plan_id": "plan", "version": 1, "stage": 0}, "Everybody")
    assert row["figures"]["offers"] == 2
    assert house.get("stages?plan_id=another")["rows"] == []


def test_versions_of_a_plan_are_held_against_each_other_as_far_as_chance_allows() -> None:
    def leads(version: int, won: int, of: int) -> list[Any]:
        return [
            *[converted_by("ana", 0, plan_version=version)] * won,
            *[taken_by("ana", plan_version=version)] * (of - won),
        ]

    house = House(leads=[*leads(1, 10, 100), *leads(2, 30, 100), *leads(3, 31, 100), *leads(4, 1, 3)])

    rows = {
        row["ids"]["version"]: row["certainty"] for row in house.get("plan-versions?plan_id=plan")["rows"]
    }

    assert [rows[version]["verdict"] for version in (1, 2, 3, 4)] == [
        None,
        "better",
        "may_be_chance",
        "too_few",
    ]
    assert (rows[2]["against"], rows[2]["difference"]) == (1, 0.2)
    assert rows[1]["conversion_from"] < 0.1 < rows[1]["conversion_to"]


def test_a_version_is_held_against_the_last_that_had_leads_in_these_days() -> None:
    today = MONDAY_9AM - timedelta(hours=2)
    house = House(
        leads=[
            taken_by("ana", plan_version=1, at=today),
            taken_by("ana", plan_version=2, at=today - A_DAY),
            taken_by("ana", plan_version=3, at=today),
        ]
    )

    rows = house.get("plan-versions?plan_id=plan&compare=previous")["rows"]

    assert {row["ids"]["version"]: row["certainty"]["against"] for row in rows} == {1: None, 2: 1, 3: 1}


def test_the_funnel_loses_leads_at_every_step_and_says_where() -> None:
    house = House(
        leads=[
            a_lead(state=LeadState.DISQUALIFIED),
            a_lead(state=LeadState.UNASSIGNED),
            taken_by("ana"),
            converted_by("ana", 0),
            converted_by("ana", 0, contacted_at=None),
        ]
    )

    steps = {step["step"]: step for step in house.get("funnel")["steps"]}

    assert {name: step["leads"] for name, step in steps.items()} == {
        "received": 5,
        "qualified": 4,
        "offered": 3,
        "placed": 3,
        "contacted": 2,
        "converted": 2,
    }
    assert (steps["offered"]["of_step_before"], steps["offered"]["dropped"]) == (0.75, 1)
    assert steps["converted"]["of_received"] == 0.4


def test_the_service_level_says_who_is_slow_the_slowest_first() -> None:
    def reached(who: str, minutes: int) -> Any:
        return converted_by(who, 0, contacted_at=MONDAY_9AM + minutes * MINUTE)

    house = House(leads=[reached("ana", 2), reached("ana", 3), reached("ben", 2), reached("ben", 90)])

    report = house.get("service-level?minutes=5")

    assert [(row["ids"]["recipient_id"], row["figures"]["in_time_rate"]) for row in report["rows"]] == [
        ("ben", 0.5),
        ("ana", 1.0),
    ]
    assert report["total"]["met"] is None
    assert house.get("service-level?by=source&minutes=100")["total"]["in_time"] == 4
    refused = house.viewer("GET", "/v1/reports/service-level?by=campaign&campaign_id=solar")
    assert list(refused.errors) == ["campaign_id"]


def test_where_campaigns_promise_a_time_one_sees_how_often_it_was_kept() -> None:
    due = MONDAY_9AM + 10 * MINUTE
    leads = [
        taken_by("ana", due_at=due, contacted_at=MONDAY_9AM + minutes * MINUTE) for minutes in (5, 9, 10, 11)
    ]

    total = House(leads=leads).get("service-level?by=source")["total"]

    assert (total["met"], total["missed"], total["waiting"], total["met_rate"]) == (3, 1, 0, 0.75)


def test_the_overview_says_what_waits_now_and_how_today_goes() -> None:
    hour, week_ago = timedelta(hours=1), MONDAY_9AM - 7 * A_DAY
    house = House(
        leads=[
            a_lead(state=LeadState.UNASSIGNED, received_at=MONDAY_9AM - 5 * A_DAY),
            taken_by("ana", at=MONDAY_9AM - hour),
            taken_by("ana", at=MONDAY_9AM),
            taken_by("ana", at=week_ago - hour),
            taken_by("ana", at=week_ago - 2 * hour),
            taken_by("ana", at=week_ago),
        ],
        now=MONDAY_9AM + 30 * MINUTE,
    )

    found = house.get("overview")

    assert found["states"] == {"assigned": 5, "unassigned": 1}
    assert found["now"] == "2026-11-23T09:30:00-05:00"
    assert (found["last_hour"]["begin"], found["last_hour"]["figures"]["received"]) == (
        "2026-11-23T08:00:00-05:00",
        1,
    )
    today = found["today"]
    counts = [today[name]["received"] for name in ("so_far", "in_full_hours", "week_before")]
    assert counts == [2, 1, 2]
    assert house.get("overview?campaign_id=roofs")["states"] == {}


def as_csv(text: str) -> list[dict[str, str]]:
    """A table as a spreadsheet reads it."""
    return list(csv.DictReader(StringIO(text)))


@pytest.mark.parametrize(("query", "accept"), [("format=csv", "*/*"), ("", "text/csv"), ("", "text/csv;q=1")])
def test_the_same_comes_as_a_table_for_a_spreadsheet(query: str, accept: str) -> None:
    house = House(leads=[a_sale(cost_cents=500)], documents=[a_source()])

    answer = house.viewer("GET", f"/v1/reports/sources?{query}", accept=accept)

    assert answer.headers["content-type"] == "text/csv"
    (row,) = as_csv(answer.text)
    assert (row["source_id"], row["name"], row["received"]) == ("web-form", "Web form", "1")
    assert (row["profit_cents.USD"], row["return_rate"], row["response_p50_ms"]) == ("2000", "0.0", "")


def test_the_overview_is_a_table_of_the_stretches_of_time_that_it_is_of() -> None:
    house = House(leads=[taken_by("ana", at=MONDAY_9AM - timedelta(hours=1))], now=MONDAY_9AM + 30 * MINUTE)

    rows = {row["period"]: row for row in as_csv(house.viewer("GET", "/v1/reports/overview?format=csv").text)}

    assert {name: row["received"] for name, row in rows.items()} == {
        "last_hour": "1",
        "so_far": "1",
        "in_full_hours": "1",
        "week_before": "0",
        "states": "",
    }
    assert rows["in_full_hours"]["end"] == "2026-11-23T09:00:00-05:00"
    assert rows["so_far"]["end"] == "2026-11-24T00:00:00-05:00"
    assert (rows["states"]["state_assigned"], rows["last_hour"]["state_assigned"]) == ("1", "")


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("sources?form=2026-11-23&sort=-profit", ["form"]),
        ("campaigns?campaign_id=solar", ["campaign_id"]),
        ("overview?from=2026-11-23&to=2026-11-23", ["from", "to"]),
        ("funnel?group=day", ["group"]),
    ],
)
def test_what_a_report_does_not_know_is_refused_rather_than_ignored(path: str, names: list[str]) -> None:
    answer = House().viewer("GET", f"/v1/reports/{path}")

    assert (answer.status, answer.code) == (422, "invalid-request")
    assert list(answer.errors) == names
    assert "zone" in answer.errors[names[0]]


def test_json_is_answered_to_who_names_it_whatever_the_header_says() -> None:
    answer = House().viewer("GET", "/v1/reports/sources?format=json", accept="text/csv")

    assert answer.headers["content-type"] == "application/json"


def test_no_name_in_a_table_is_run_by_a_spreadsheet() -> None:
    house = House(
        leads=[a_lead(sub_source="-2+3 cmd")], documents=[a_source(name='=HYPERLINK("https://x.example")')]
    )

    (row,) = as_csv(house.viewer("GET", "/v1/reports/sub-sources?format=csv").text)

    assert (row["sub_source"], row["name"]) == ("'-2+3 cmd", '\'=HYPERLINK("https://x.example")')


def test_a_divided_table_has_a_row_for_each_part() -> None:
    house = House(leads=[a_lead(), a_lead(received_at=MONDAY_9AM - A_DAY)])

    rows = as_csv(house.viewer("GET", "/v1/reports/sources?from=2026-11-22&group=day&format=csv").text)

    assert [(row["begin"][:10], row["received"]) for row in rows] == [
        ("2026-11-22", "1"),
        ("2026-11-23", "1"),
    ]


def test_an_empty_table_has_its_header() -> None:
    text = House().viewer("GET", "/v1/reports/sources?format=csv").text

    assert text.startswith("source_id,name,received,")


def test_a_funnel_and_a_comparison_are_tables_too() -> None:
    house = House(leads=[a_lead(), a_lead(received_at=MONDAY_9AM - A_DAY)], now=MONDAY_9AM + 20 * MINUTE)
    past = "from=2026-11-22&to=2026-11-22&compare=previous&format=csv"

    steps = as_csv(house.viewer("GET", f"/v1/reports/funnel?{past}").text)
    (row,) = as_csv(house.viewer("GET", f"/v1/reports/sources?{past}").text)

    assert (steps[0]["step"], steps[0]["leads"], steps[0]["before_leads"]) == ("received", "1", "0")
    assert (row["received"], row["before_received"]) == ("1", "0")


def test_who_is_in_no_group_sees_no_report() -> None:
    house = House()
    house.viewer.groups = ""

    assert house.viewer("GET", "/v1/reports/overview").code == "forbidden"


def test_a_campaign_s_name_stands_beside_its_id() -> None:
    house = House(leads=[a_lead()], documents=[a_campaign(name="Sun on roofs")])

    assert house.get("campaigns")["rows"][0]["name"] == "Sun on roofs"
