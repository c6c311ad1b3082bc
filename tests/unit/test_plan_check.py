"""What the check of a plan finds before leads follow it, each with its place."""

from collections.abc import Sequence
from typing import Any

import pytest

from baton.domain.campaign import Campaign
from baton.domain.caps import WindowCaps
from baton.domain.editing import DraftPlan
from baton.domain.plan import Model, Plan, Stage
from baton.domain.plan_check import findings
from baton.domain.pool import Member, Pool, Weighting
from baton.domain.recipient import Recipient
from local.demo import documents
from tests.builders import MONDAY_9AM, a_campaign, a_pool, a_rep, a_stage
from tests.selling import a_buyer

WEB = {"field": "source_id", "op": "eq", "value": "web-form"}
LARGE = {"field": "attributes.roof_m2", "op": "gte", "value": 150}
IMPOSSIBLE = {
    "all": [{"field": "score", "op": "gt", "value": 80}, {"field": "score", "op": "lt", "value": 20}]
}
OFFICE = {"blocks": [{"days": ["mon"], "start": "09:00", "end": "17:00"}]}
ERROR, WARNING = "error", "warning"


def check(
    *stages: Stage,
    pools: Sequence[Pool] | None = None,
    reps: Sequence[Recipient] = (),
    campaigns: Sequence[Campaign] = (),
    fallback: str | None = "boss",
) -> list[tuple[str, str, str]]:
    """What is found in a plan over the pool `team` of ana and ben, whose fallback is the boss."""
    known = {rep.id: rep for rep in (a_rep("ana"), a_rep("ben"), a_rep("boss"), *reps)}
    those = pools if pools is not None else [a_pool("ana", "ben")]
    draft = DraftPlan(id="plan", stages=stages, fallback=fallback)
    found = findings(draft, {pool.id: pool for pool in those}, known, campaigns, MONDAY_9AM)
    return [(f.place, str(f.severity), f.problem) for f in found]


def of_one(rep: dict[str, Any], **others: Any) -> list[tuple[str, str, str]]:
    """What is found where a stage can ask nobody but ana, who is like that."""
    return check(a_stage(**others), pools=[a_pool("ana")], reps=[a_rep("ana", **rep)])


def test_a_plan_that_can_work_has_no_findings() -> None:
    assert check(a_stage()) == []


def test_the_demos_plans_have_nothing_to_mend() -> None:
    known = documents()
    plans = [document for document in known if isinstance(document, Plan)]
    found = {
        plan.id: findings(
            plan,
            {document.id: document for document in known if isinstance(document, Pool)},
            {document.id: document for document in known if isinstance(document, Recipient)},
            [one for one in known if isinstance(one, Campaign) and one.plan_id == plan.id],
            MONDAY_9AM,
        )
        for plan in plans
    }

    assert plans
    assert not [one for those in found.values() for one in those if one.place != "fallback"]


def test_a_plan_without_stages() -> None:
    assert check() == [("stages", ERROR, "the plan has no stages")]


def test_what_is_wrong_with_a_stage_that_is_switched_off_waits_until_it_is_on() -> None:
    broken = a_stage("unknown", name="later", when=IMPOSSIBLE)

    assert check(broken.model_copy(update={"off": True}), a_stage()) == []
    assert len(check(broken, a_stage())) == 2


def test_a_plan_whose_stages_are_all_switched_off_gives_every_lead_to_its_fallback() -> None:
    assert check(a_stage(off=True)) == [("stages", WARNING, "every stage is switched off")]


def test_a_stage_that_is_switched_off_asks_nobody_before_the_others() -> None:
    always = a_stage(name="a", auto_accept=True)

    assert check(always, a_stage(name="b")) != []
    assert check(always.model_copy(update={"off": True}), a_stage(name="b")) == []


def test_a_plan_without_fallback_may_be_meant_so() -> None:
    assert check(a_stage(), fallback=None) == [
        ("fallback", WARNING, "without a fallback, a lead that no stage places waits unassigned")
    ]


def test_a_fallback_that_cannot_be_given_a_lead() -> None:
    gone = a_rep("boss", active=False)

    assert check(a_stage(), fallback="nobody") == [("fallback", ERROR, "recipient 'nobody' does not exist")]
    assert check(a_stage(), reps=[gone]) == [("fallback", ERROR, "recipient 'boss' is inactive")]
    assert check(a_stage(), reps=[a_buyer("shop", price_cents=500)], fallback="shop") == [
        ("fallback", ERROR, "recipient 'shop' is a buyer: the owner of last resort has to be a rep")
    ]


def test_a_pool_that_does_not_exist() -> None:
    assert check(a_stage("nowhere")) == [("stages[0].pool_id", ERROR, "pool 'nowhere' does not exist")]


def test_a_pool_without_members() -> None:
    assert check(a_stage(), pools=[a_pool()]) == [("stages[0].pool_id", ERROR, "pool 'team' has no members")]


def test_two_stages_of_one_name() -> None:
    stages = a_stage("a", name="first"), a_stage("b", name="first")

    assert check(*stages, pools=[a_pool("ana", pool_id="a"), a_pool("ben", pool_id="b")]) == [
        ("stages[1].name", ERROR, "another stage is called 'first' too")
    ]


def test_a_condition_that_does_not_fit_its_field_is_found_where_it_stands() -> None:
    roofs = a_campaign(attributes={"roof_m2": "text"})

    found = check(a_stage(when={"all": [WEB, LARGE]}), campaigns=[roofs])

    assert [(place, severity) for place, severity, _ in found] == [("stages[0].when.all[1]", ERROR)]
    assert check(a_stage(when=LARGE), campaigns=[roofs])[0][0] == "stages[0].when"


def test_a_stage_that_fits_one_of_two_campaigns_may_be_there_for_that_one() -> None:
    solar = a_campaign(attributes={"roof_m2": "number"})
    loans = a_campaign(id="loans", attributes={"amount": "number"})

    [(place, severity, problem)] = check(a_stage(when=LARGE), campaigns=[solar, loans])

    assert (place, severity) == ("stages[0].when", WARNING)
    assert problem.startswith("for leads of campaign 'loans': ")


def test_a_campaign_that_names_no_attributes_takes_any() -> None:
    assert check(a_stage(when=LARGE), campaigns=[a_campaign()]) == []


def test_a_condition_that_can_never_hold() -> None:
    assert check(a_stage(when=IMPOSSIBLE)) == [
        ("stages[0].when", ERROR, "the condition can never hold, so that the stage is for no lead at all")
    ]


@pytest.mark.parametrize(
    ("rep", "why"),
    [
        ({"active": False}, "is inactive"),
        ({"accepts": IMPOSSIBLE}, "accepts no lead at all"),
        ({"caps": {"per_day": 0}}, "has a cap of 0"),
        ({"caps": {"open_leads": 0}}, "has a cap of 0"),
        (
            {"schedule": {"leave": [{"first": "2026-01-01", "last": "2029-01-01"}]}},
            "has no working hours in the next 400 days",
        ),
        (
            {"schedule": {"blocks": [{"days": [], "start": "09:00", "end": "17:00"}]}, "paused": True},
            "has no working hours in the next 400 days",
        ),
    ],
)
def test_a_pool_whose_only_member_can_never_get_a_lead(rep: dict[str, Any], why: str) -> None:
    assert of_one(rep) == [
        ("stages[0].pool_id", ERROR, f"nobody of pool 'team' can ever get a lead: 'ana' {why}")
    ]


@pytest.mark.parametrize(
    "rep",
    [
        {"paused": True},
        {"away_until": "2027-06-01T00:00:00Z"},
        {"schedule": OFFICE},
        {"caps": {"per_hour": 1, "min_pause_s": 3600}},
        {"accepts": WEB},
        {"campaign_caps": {"solar": {"per_day": 0}}},
    ],
)
def test_a_member_who_may_get_a_lead_another_day_is_no_finding(rep: dict[str, Any]) -> None:
    assert of_one(rep) == []


def test_a_member_who_accepts_none_of_the_stages_leads() -> None:
    vendor = {"field": "source_id", "op": "eq", "value": "vendor"}

    [(place, severity, problem)] = of_one({"accepts": vendor}, when=WEB)

    assert (place, severity) == ("stages[0].pool_id", ERROR)
    assert problem.endswith("'ana' accepts none of the leads that the stage is for")


def test_a_cap_of_0_for_every_campaign_of_the_plan() -> None:
    capped = a_rep("ana", campaign_caps={"solar": {"per_day": 0}})
    solar, loans = a_campaign(), a_campaign(id="loans")

    def of(*campaigns: Campaign) -> list[tuple[str, str, str]]:
        return check(a_stage(), pools=[a_pool("ana")], reps=[capped], campaigns=campaigns)

    assert [severity for _, severity, _ in of(solar)] == [ERROR]
    assert of(solar, loans) == []


def test_a_cap_of_0_in_the_pool() -> None:
    pool = a_pool(Member(recipient_id="ana", caps=WindowCaps(per_week=0)))

    assert [severity for _, severity, _ in check(a_stage(), pools=[pool])] == [ERROR]


def test_members_who_can_never_get_a_lead_beside_others_who_can() -> None:
    gone = [a_rep(f"rep{n}", active=False) for n in range(5)]

    assert check(a_stage(), pools=[a_pool("ana", "zoe", *gone)], reps=gone) == [
        (
            "stages[0].pool_id",
            WARNING,
            "some of pool 'team' can never get a lead: 'zoe' does not exist, 'rep0' is inactive,"
            " 'rep1' is inactive, 'rep2' is inactive, 'rep3' is inactive and 1 more",
        )
    ]


def test_more_offers_than_members() -> None:
    assert check(a_stage(max_offers=2)) == []
    assert check(a_stage(max_offers=3)) == [
        ("stages[0].max_offers", WARNING, "3 are to be asked, but the pool has 2 members")
    ]


def test_weights_that_nothing_goes_by() -> None:
    pool = a_pool("ana", "ben", weighting=Weighting.PERFORMANCE)

    assert check(a_stage(model=Model.WEIGHTED), pools=[pool]) == []
    assert check(a_stage(), pools=[pool]) == [
        (
            "stages[0].model",
            WARNING,
            "the weights of pool 'team' follow performance, but only the model weighted goes by weights",
        )
    ]


# ---- stages that are in each other's way


def two(first: dict[str, Any], second: dict[str, Any], **others: Any) -> list[tuple[str, str]]:
    """Place and severity of what is found in a plan of two stages."""
    found = check(a_stage(name="first", **first), a_stage(name="second", **second), **others)
    return [(place, severity) for place, severity, _ in found]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({}, {"when": WEB, "model": "waterfall"}),
        ({"when": WEB}, {"when": WEB}),
        ({"when": WEB}, {"when": {"all": [LARGE, WEB]}}),
        ({"when": {"all": []}}, {"when": LARGE}),
    ],
)
def test_a_stage_that_could_only_ask_whom_the_one_before_has_asked(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert two(first, second) == [("stages[1]", ERROR)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"max_offers": 1}, {}),
        ({"when": WEB}, {}),
        ({"when": WEB}, {"when": LARGE}),
        ({"when": WEB}, {"when": {"any": [LARGE, WEB]}}),
        ({"pool_id": "other"}, {}),
        ({"pool_id": "capped"}, {}),
    ],
)
def test_a_stage_that_still_has_somebody_to_ask(first: dict[str, Any], second: dict[str, Any]) -> None:
    capped = [Member(recipient_id=who, caps=WindowCaps(per_day=5)) for who in ("ana", "ben")]
    pools = [a_pool("ana", "ben"), a_pool("ben", pool_id="other"), a_pool(*capped, pool_id="capped")]

    assert two(first, second, pools=pools) == []


def test_asking_everybody_again_later_may_find_who_was_busy_before() -> None:
    pools = [a_pool("ana", "ben"), a_pool("cleo", pool_id="seniors")]
    stages = a_stage(name="a"), a_stage("seniors"), a_stage(name="b", when=WEB)

    assert check(*stages, pools=pools, reps=[a_rep("cleo")]) == [
        ("stages[2]", WARNING, "stage 'a' asked everybody before: only who could not be asked then is left")
    ]


SENIORS = [a_pool("ana", "ben"), a_pool("cleo", pool_id="seniors")]
BUSY = {"schedule": OFFICE}


def behind(first: dict[str, Any], *reps: Recipient) -> list[tuple[str, str, str]]:
    """What is found where the seniors come after the team of ana, who is always there, and ben, who is not."""
    stages = a_stage(**{"auto_accept": True, "name": "the team", **first}), a_stage("seniors", when=WEB)
    return check(*stages, pools=SENIORS, reps=[a_rep("ben", **BUSY), a_rep("cleo"), *reps])


def test_a_stage_behind_one_that_always_places_the_lead() -> None:
    assert behind({}) == [
        (
            "stages[1]",
            WARNING,
            "as things stand no lead gets here: stage 'the team' places every one, since 'ana' takes all at any time",
        )
    ]


@pytest.mark.parametrize(
    ("first", "ana"),
    [
        ({"auto_accept": False}, {}),
        ({"when": LARGE}, {}),
        ({}, {"schedule": OFFICE}),
        ({}, {"accepts": WEB}),
        ({}, {"caps": {"per_day": 100}}),
        ({}, {"campaign_caps": {"solar": {"per_day": 100}}}),
        ({}, {"paused": True}),
        ({}, {"away_until": "2026-12-01T00:00:00Z"}),
    ],
)
def test_a_stage_behind_one_that_may_have_nobody(first: dict[str, Any], ana: dict[str, Any]) -> None:
    found = behind(first, a_rep("ana", **ana))

    assert not [problem for _, _, problem in found if problem.startswith("as things stand no lead gets here")]


def test_who_declined_before_is_nobody_to_rely_on() -> None:
    pools = [*SENIORS, a_pool("ana", pool_id="ana-first")]
    stages = a_stage("ana-first"), a_stage(auto_accept=True), a_stage("seniors")

    assert check(*stages, pools=pools, reps=[a_rep("ben", **BUSY), a_rep("cleo")]) == []


@pytest.mark.parametrize(
    ("leaf", "problem"),
    [
        (
            {"field": "contact.state", "op": "eq", "value": "Texas"},
            'contact.state is a code in leads from the United States and Canada: write TX for "Texas"',
        ),
        (
            {"field": "contact.state", "op": "in", "value": ["NY", "ontario"]},
            'contact.state is a code in leads from the United States and Canada: write ON for "ontario"',
        ),
        (
            {"field": "contact.country", "op": "ne", "value": "USA"},
            'contact.country is a code in leads: write US for "USA"',
        ),
    ],
)
def test_a_value_that_leads_are_not_stored_with_is_told_as_they_are(
    leaf: dict[str, Any], problem: str
) -> None:
    nested = {"all": [WEB, {"not": leaf}]}

    assert check(a_stage(when=leaf)) == [("stages[0].when", WARNING, problem)]
    assert check(a_stage(when=nested)) == [("stages[0].when.all[1].not", WARNING, problem)]
    assert of_one({"accepts": leaf}) == [
        ("stages[0].pool_id", WARNING, f"which leads 'ana' takes: {problem}")
    ]


@pytest.mark.parametrize(
    "leaf",
    [
        {"field": "contact.state", "op": "in", "value": ["TX", "ON", "Bavaria"]},
        {"field": "contact.country", "op": "eq", "value": "GB"},
        {"field": "contact.state", "op": "starts_with", "value": "Texas"},
        {"field": "contact.city", "op": "eq", "value": "Texas"},
    ],
)
def test_a_value_as_leads_have_it_is_left_alone(leaf: dict[str, Any]) -> None:
    assert check(a_stage(when=leaf)) == []


TEXAS = {"field": "contact.state", "op": "eq", "value": "TX"}
HOURS = {
    "field": "time.now",
    "op": "time_of_day",
    "value": {"from": "09:00", "until": "17:00", "zone": "America/New_York"},
}


@pytest.mark.parametrize("earlier", [None, HOURS, {"all": [WEB, HOURS]}])
def test_a_stage_for_some_leads_after_one_that_has_them_first(earlier: dict[str, Any] | None) -> None:
    pools = [a_pool("ana", "ben"), a_pool("boss", pool_id="texans")]
    texans = a_stage("texans", name="Texas", when={"all": [WEB, TEXAS]})

    assert check(a_stage(name="The team", when=earlier), texans, pools=pools) == [
        (
            "stages[1]",
            WARNING,
            "stage 'The team' has these leads first whenever somebody there can take one:"
            " if they are meant for this stage, move it up",
        )
    ]


@pytest.mark.parametrize(
    ("earlier", "later"), [(TEXAS, None), (None, None), (HOURS, None), (LARGE, TEXAS), (TEXAS, TEXAS)]
)
def test_a_stage_for_what_is_left_over_comes_last_and_is_meant_so(
    earlier: dict[str, Any] | None, later: dict[str, Any] | None
) -> None:
    pools = [a_pool("ana", "ben"), a_pool("boss", pool_id="others")]

    assert check(a_stage(when=earlier), a_stage("others", name="rest", when=later), pools=pools) == []


def test_what_no_form_asks_is_told_as_far_as_the_campaign_says_what_it_asks() -> None:
    asking = {"contact.city": {"max_length": 80}}
    silent, asked = a_campaign(fields=asking), a_campaign(fields={**asking, "contact.state": {}})
    (ana,) = check(a_stage(), pools=[a_pool("ana")], reps=[a_rep("ana", accepts=TEXAS)], campaigns=[silent])

    assert check(a_stage(when=TEXAS), campaigns=[silent]) == [
        (
            "stages[0].when",
            WARNING,
            f"the form of campaign '{silent.id}' does not ask contact.state: leads that do not have it never come here",
        )
    ]
    assert ana == (
        "stages[0].pool_id",
        WARNING,
        f"'ana' takes leads by contact.state only, and the form of campaign '{silent.id}' does not ask it",
    )
    for fine in (asked, a_campaign(), a_campaign(required=("contact.email",))):
        assert check(a_stage(when=TEXAS), campaigns=[fine]) == []
    maybe = {"any": [TEXAS, WEB]}
    assert check(a_stage(when=maybe), campaigns=[silent]) == []
