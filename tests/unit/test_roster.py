"""The roster finds the eligible of a thousand in a moment. It must say just what eligibility says of each."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from baton.domain.availability import unavailable
from baton.domain.eligibility import Case, obstacles
from baton.domain.lead import Contact, facts_of
from baton.domain.matching import Matcher
from baton.domain.recipient import Recipient
from baton.domain.roster import Roster, roster_of
from baton.domain.standing import Standings, Usage, day_window
from tests.builders import MONDAY_9AM, NEW_YORK, a_lead, a_pool, a_rep
from tests.unit.condition_strategies import CONDITIONS, FACTS

IN_NEW_YORK = {"field": "contact.state", "op": "eq", "value": "NY"}
TEAM = [f"m{n}" for n in range(6)]
small = st.integers(0, 2)
reps = st.fixed_dictionaries(
    {
        "active": st.sampled_from((True, True, False)),
        "paused": st.sampled_from((False, False, True)),
        "away_until": st.sampled_from(
            (None, MONDAY_9AM - timedelta(hours=1), MONDAY_9AM + timedelta(hours=1))
        ),
        "zone": st.sampled_from((NEW_YORK, "Asia/Kolkata")),
        "schedule": st.sampled_from(
            (
                {},
                {"blocks": [{"days": ["mon"], "start": "08:00", "end": "12:00"}]},
                {"days_off": ["2026-11-23"]},
                {"leave": [{"first": "2026-11-20", "last": "2026-11-24"}]},
            )
        ),
        "accepts": st.sampled_from(
            (
                None,
                {"field": "contact.state", "op": "in", "value": ["CA", "NY"]},
                {"field": "contact.state", "op": "eq", "value": "CA"},
                {
                    "all": [
                        IN_NEW_YORK,
                        {"field": "score", "op": "gte", "value": 5},
                    ]
                },
                {
                    "any": [
                        {"field": "score", "op": "lt", "value": 5},
                        {"field": "contact.state", "op": "eq", "value": "CA"},
                    ]
                },
            )
        ),
        "caps": st.fixed_dictionaries(
            {},
            optional={"per_day": small, "per_hour": small, "open_leads": small, "min_pause_s": st.just(600)},
        ),
        "channels": st.sampled_from(([["sms"]], [["sms"], ["email"]])),
        "quiet": st.sampled_from(
            (None, {"begin": "08:00", "end": "09:30"}, {"begin": "08:00", "end": "20:00"})
        ),
        "campaign_caps": st.sampled_from(({}, {"solar": {"per_day": 1}}, {"other": {"per_day": 0}})),
    }
)
rows = st.builds(
    lambda taken, open_leads, ago: {
        "taken": taken,
        "open_leads": open_leads,
        "last_at": MONDAY_9AM - timedelta(seconds=ago),
    },
    st.fixed_dictionaries(
        {day_window(MONDAY_9AM, NEW_YORK): small, day_window(MONDAY_9AM, "Asia/Kolkata"): small}
    ),
    small,
    st.sampled_from((1, 599, 600, 5000)),
)


@given(
    st.lists(reps | st.none(), min_size=6, max_size=6),
    st.lists(rows | st.none(), min_size=6, max_size=6),
    st.sampled_from(("CA", "NY", None)),
    st.integers(0, 9),
    st.sets(st.sampled_from(TEAM), max_size=2),
    st.sampled_from((None, timedelta(minutes=5), timedelta(hours=1))),
)
def test_the_roster_refuses_whom_eligibility_refuses_and_for_the_same_first_reason(
    team: list[Any], used: list[Any], state: str | None, score: int, offered: set[str], within: Any
) -> None:
    recipients = {
        who: a_rep(who, **given) for who, given in zip(TEAM, team, strict=True) if given is not None
    }
    usage = {who: Usage(who, **row) for who, row in zip(TEAM, used, strict=True) if row is not None}
    pool = a_pool(*TEAM)
    standings = Standings({}, usage)
    facts = facts_of(a_lead(contact=Contact(state=state), score=score), MONDAY_9AM)
    case = Case(facts, "solar", pool.id, frozenset(offered), MONDAY_9AM, accept_within=within)

    sifted = Roster(pool, recipients).sift(case, standings)

    for bit, member in enumerate(pool.members):
        found = obstacles(
            member, recipients.get(member.recipient_id), standings.used(member.recipient_id), case
        )
        first = next((verdict.reason for verdict in found), None)
        refused = [reason for reason, who in sifted.refused if who >> bit & 1]
        assert refused == ([first] if first else [])
        assert (sifted.eligible >> bit & 1) == (first is None)


@given(reps)
def test_whoever_is_called_available_is_kept_from_no_lead_by_absence_and_the_other_way_round(
    given_rep: Any,
) -> None:
    ana = a_rep("ana", **{**given_rep, "accepts": None, "caps": {}, "campaign_caps": {}})
    case = Case(facts_of(a_lead(), MONDAY_9AM), "solar", "team", frozenset(), MONDAY_9AM)

    assert (unavailable(ana, MONDAY_9AM) is None) == (not list(obstacles(None, ana, Usage("ana"), case)))


@given(st.lists(CONDITIONS | st.none(), max_size=6), FACTS)
def test_many_conditions_together_hold_as_each_alone(written: list[Any], facts: dict[str, Any]) -> None:
    wanted = [a_rep("ana", accepts=one) for one in written]

    together = Matcher([rep.accepts for rep in wanted]).holds(facts)

    assert [bool(together >> n & 1) for n in range(len(wanted))] == [
        rep.accepts_test(facts) for rep in wanted
    ]


def test_a_roster_is_made_anew_when_somebody_has_changed() -> None:
    pool, ana = a_pool("ana"), a_rep("ana")
    first = roster_of(pool, {"ana": ana})

    assert roster_of(pool, {"ana": ana}) is first
    assert roster_of(pool, {"ana": a_rep("ana", active=False)}) is not first


def test_a_rep_whose_document_was_changed_is_judged_by_the_new_one() -> None:
    """What was worked out from the old document must not be copied with it."""
    ana: Recipient = a_rep("ana", accepts={"field": "contact.state", "op": "eq", "value": "CA"})
    assert ana.accepts_test({"contact": {"state": "CA"}})

    changed = ana.model_copy(update={"accepts": a_rep(accepts=IN_NEW_YORK).accepts})

    assert not changed.accepts_test({"contact": {"state": "CA"}})
