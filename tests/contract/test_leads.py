"""The Leads and Ledger ports: what a commit writes, when it is refused, and that values come back as they were."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from baton.domain.change import Change, parked, received, restarted, scored
from baton.domain.claims import accepted, claim, released
from baton.domain.conclusion import concluded
from baton.domain.consent import Consent
from baton.domain.decision import decide
from baton.domain.errors import NotFound
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.offer import Offer
from baton.domain.outcome import Report
from baton.domain.pool import Fairness, Release
from baton.domain.scoring import Points, Score
from baton.domain.situation import Situation
from baton.domain.standing import Standings
from tests.builders import LEAD_ID, MINUTE, MONDAY_9AM, a_lead, a_plan, a_pool, a_rep
from tests.contract.conftest import Stores

POOL = a_pool("ana", "ben", fairness=Fairness(refund_on=frozenset(Release)))
SCORE = Score(points=30, reasons=(Points(reason="left a phone number", points=30),), qualified=True)


def a_new_lead(**facts: Any) -> Lead:
    """A lead as intake stores it."""
    return a_lead(**{"state": LeadState.RECEIVED, "rev": 1, "plan_id": None, "plan_version": None, **facts})


def a_claim(lead: Lead, known: Standings, who: str = "ana") -> Change:
    """The claim that gives the lead to that rep."""
    plan, pools, reps = a_plan(), {"team": POOL}, {who: a_rep(who)}
    return claim(lead, decide(Situation(lead, plan, pools, reps, known, MONDAY_9AM)), known, MONDAY_9AM)


def known(stores: Stores) -> Standings:
    """The standings of ana and ben."""
    return stores.ledger.standings([("team", "ana"), ("team", "ben")], ["ana", "ben"])


def commit(stores: Stores, change: Change) -> Change:
    """A change that must succeed."""
    assert stores.leads.commit(change)
    return change


def offered(stores: Stores, **facts: Any) -> tuple[Lead, Offer]:
    """A lead that was taken in, scored and offered to ana."""
    lead = commit(stores, received(a_new_lead(**facts), MONDAY_9AM)).lead
    lead = commit(stores, scored(lead, SCORE, "plan", 1, MONDAY_9AM)).lead
    change = commit(stores, a_claim(lead, known(stores)))
    assert change.offer
    return change.lead, change.offer


def test_what_a_claim_writes_is_there_afterwards_all_of_it(stores: Stores) -> None:
    lead, offer = offered(stores)

    assert stores.leads.get(LEAD_ID) == lead
    assert stores.leads.offer(LEAD_ID, 1) == offer
    assert known(stores).turn("team", "ana").turns == 1
    assert known(stores).used("ana").open_leads == 1


@pytest.mark.parametrize("ending", ["accepted", "released", "parked", "restarted"])
def test_every_kind_of_change_is_stored_as_it_was_meant(stores: Stores, ending: str) -> None:
    """Invariant 2."""
    lead, offer = offered(stores)
    now = MONDAY_9AM + MINUTE
    freed = released(lead, offer, Release.DECLINED, POOL.fairness, known(stores), now)
    if ending in {"parked", "restarted"}:
        lead = commit(stores, freed).lead
    last = {
        "accepted": lambda: accepted(lead, offer, now),
        "released": lambda: freed,
        "parked": lambda: parked(lead, now, step="Route", error="Boom"),
        "restarted": lambda: restarted(lead, 2, now),
    }[ending]()

    commit(stores, last)

    assert stores.leads.get(LEAD_ID) == last.lead
    assert stores.leads.timeline(LEAD_ID)[-1] == last.event
    assert [event.seq for event in stores.leads.timeline(LEAD_ID)] == list(range(1, last.lead.rev + 1))
    if last.offer and last.usage and last.turn:
        assert stores.leads.offer(LEAD_ID, 1) == last.offer
        assert known(stores).used("ana") == last.usage
        assert known(stores).turn("team", "ana") == last.turn


def lose_the_lead(stores: Stores, lead: Lead, _: Offer) -> None:
    """Somebody else writes the lead."""
    commit(stores, restarted(lead, 2, MONDAY_9AM))


def lose_the_offer(stores: Stores, _: Lead, offer: Offer) -> None:
    """Somebody else writes the offer."""
    assert stores.leads.note(offer.noted(task_token="t"))


def lose_the_standings(stores: Stores, *_: object) -> None:
    """Somebody else's lead goes to ana: her turn and her usage are written."""
    other = commit(stores, received(a_new_lead(lead_id=f"{2:032x}"), MONDAY_9AM)).lead
    other = commit(stores, scored(other, SCORE, "plan", 1, MONDAY_9AM)).lead
    commit(stores, a_claim(other, known(stores)))


@pytest.mark.parametrize("race", [lose_the_lead, lose_the_offer, lose_the_standings])
def test_a_change_is_refused_whole_when_any_of_its_rows_was_written_meanwhile(
    stores: Stores, race: Callable[..., None]
) -> None:
    """Invariant 4."""
    lead, offer = offered(stores)
    late = released(lead, offer, Release.EXPIRED, POOL.fairness, known(stores), MONDAY_9AM)
    race(stores, lead, offer)
    before = (stores.leads.get(LEAD_ID), stores.leads.offer(LEAD_ID, 1), known(stores))

    assert stores.leads.commit(late) is False

    assert (stores.leads.get(LEAD_ID), stores.leads.offer(LEAD_ID, 1), known(stores)) == before
    assert len(stores.leads.timeline(LEAD_ID)) == before[0].rev


def test_the_same_change_twice_is_refused_the_second_time(stores: Stores) -> None:
    """Invariant 8."""
    first = received(a_new_lead(), MONDAY_9AM)

    assert [stores.leads.commit(first), stores.leads.commit(first)] == [True, False]


def test_of_two_notes_on_one_offer_the_second_is_refused(stores: Stores) -> None:
    _, offer = offered(stores)

    assert stores.leads.note(offer.noted(task_token="first"))
    assert not stores.leads.note(offer.noted(task_token="second"))
    assert stores.leads.offer(LEAD_ID, 1).task_token == "first"


def test_what_does_not_exist_is_not_found(stores: Stores) -> None:
    with pytest.raises(NotFound):
        stores.leads.get(LEAD_ID)
    with pytest.raises(NotFound):
        stores.leads.offer(LEAD_ID, 1)
    assert stores.leads.timeline(LEAD_ID) == []


def test_members_and_reps_without_rows_stand_at_zero(stores: Stores) -> None:
    assert known(stores) == Standings()
    assert known(stores).used("ana").open_leads == 0


def test_a_large_pool_is_read_whole(stores: Stores) -> None:
    lead, _ = offered(stores)
    members = [("team", f"rep-{i}") for i in range(240)] + [("team", "ana")]

    assert list(stores.ledger.standings(members, ["ana"]).turns) == [("team", "ana")]
    assert lead.recipient_id == "ana"


def test_overdue_leads_come_longest_overdue_first_and_no_more_than_asked_for(stores: Stores) -> None:
    for i in range(25):
        watch_at = MONDAY_9AM + ((7 * i) % 25) * timedelta(milliseconds=1)
        commit(stores, received(a_new_lead(lead_id=f"{(7 * i) % 25:032x}", watch_at=watch_at), MONDAY_9AM))
    now = MONDAY_9AM + timedelta(milliseconds=20)

    assert stores.leads.overdue(now, 100) == [f"{i:032x}" for i in range(20)]
    assert stores.leads.overdue(now, 7) == [f"{i:032x}" for i in range(7)]


def test_a_lead_that_need_not_move_any_more_is_not_overdue(stores: Stores) -> None:
    lead = commit(stores, received(a_new_lead(watch_at=MONDAY_9AM), MONDAY_9AM)).lead
    assert stores.leads.overdue(MONDAY_9AM + MINUTE, 10) == [LEAD_ID]

    commit(stores, parked(lead, MONDAY_9AM, why="test"))

    assert stores.leads.overdue(MONDAY_9AM + timedelta(days=9), 10) == []


def test_a_watch_in_another_zone_is_the_same_moment(stores: Stores) -> None:
    there = MONDAY_9AM.astimezone(timezone(timedelta(hours=9)))
    commit(stores, received(a_new_lead(watch_at=there), MONDAY_9AM))

    assert stores.leads.overdue(MONDAY_9AM, 10) == []
    assert stores.leads.overdue(MONDAY_9AM + timedelta(microseconds=1), 10) == [LEAD_ID]


@pytest.mark.parametrize(
    "value",
    [
        None, True, False, 0, -1, 10**15, -(10**15), 0.1, -2.5, 1e-100, 3.0, 1e15, "", " ", "1",
        "José 👩🏽‍🚀 \u202e محمد",
        "a\tb\n", [], {}, [[], {}], [1, [2, [3]]], {"a": None, "b": [None]},
        [True, 1, "1", 1.5], {"a.b": 1},
        "x" * 4000,
    ],
    ids=lambda value: ascii(value)[:30],
)  # fmt: skip
def test_values_come_back_as_they_were(stores: Stores, value: Any) -> None:
    lead = commit(stores, received(a_new_lead(attributes={"x": value, "and more": [value]}), MONDAY_9AM)).lead

    found = stores.leads.get(LEAD_ID)
    assert found == lead
    assert type(found.attributes["x"]) in {type(value), int}


def test_every_part_of_a_lead_comes_back_as_it_was(stores: Stores) -> None:
    lead = a_new_lead(
        contact=Contact(first_name="محمد", email="m@example.com"),
        consent=Consent(given=True, text="Yes\nplease", at=datetime(2026, 3, 29, 2, 30, 0, 1, tzinfo=UTC)),
        attribution={"utm_source": "", "gclid": "x" * 900},
        watch_at=MONDAY_9AM + timedelta(microseconds=7),
        test=True,
    )
    commit(stores, received(lead, MONDAY_9AM))

    assert stores.leads.get(LEAD_ID) == lead


def assigned(stores: Stores, **facts: Any) -> tuple[Lead, Offer]:
    """A lead that ana has accepted."""
    lead, offer = offered(stores, **facts)
    change = commit(stores, accepted(lead, offer, MONDAY_9AM + MINUTE))
    assert change.offer
    return change.lead, change.offer


def an_outcome(stores: Stores, lead: Lead, offer: Offer, **facts: Any) -> Change:
    """What a report of that lead writes."""
    report = Report.model_validate({"outcome": "contacted", **facts})
    return concluded(lead, offer, report, None, known(stores), "crm", MONDAY_9AM + 2 * MINUTE)


def test_a_report_of_an_outcome_is_noted_with_the_change_that_it_made(stores: Stores) -> None:
    change = an_outcome(stores, *assigned(stores), id="call-1")
    reported = change.reported
    assert reported
    assert stores.leads.reported(LEAD_ID, reported.report_id) is None

    commit(stores, change)

    assert stores.leads.reported(LEAD_ID, reported.report_id) == reported
    assert stores.leads.reported(f"{9:032x}", reported.report_id) is None
    assert stores.leads.get(LEAD_ID) == change.lead
    assert stores.leads.timeline(LEAD_ID)[-1] == change.event


def test_a_report_that_was_noted_is_not_written_again_whatever_else_would_be(stores: Stores) -> None:
    """Invariant 8."""
    lead, offer = assigned(stores)
    first = commit(stores, an_outcome(stores, lead, offer, id="call-1"))

    second = an_outcome(stores, first.lead, offer, id="call-1", outcome="converted")

    assert not stores.leads.commit(second)
    assert stores.leads.get(LEAD_ID) == first.lead
    assert known(stores).used("ana").open_leads == 1


def test_the_newest_lead_of_an_external_id_is_found_by_it_and_only_in_its_source(stores: Stores) -> None:
    for number in (1, 2):
        commit(stores, received(a_new_lead(lead_id=f"{number:032x}", external_id="crm-7"), MONDAY_9AM))

    assert stores.leads.named("web-form", "crm-7") == f"{2:032x}"
    assert stores.leads.named("other", "crm-7") is None
    assert stores.leads.named("web-form", "crm-8") is None
    assert stores.leads.get(f"{1:032x}").external_id == "crm-7"
