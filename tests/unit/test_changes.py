"""Changes: what one transaction writes, and how a release gives back exactly what its claim took."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.domain.change import exhausted, parked, received, restarted, scored
from baton.domain.claims import accepted, claim, released
from baton.domain.decision import decide
from baton.domain.lead import LeadState
from baton.domain.offer import OfferState
from baton.domain.pool import Fairness, Release
from baton.domain.scoring import Score
from baton.domain.situation import Choice, Decision, Situation
from baton.domain.standing import Standings, Turn, Usage, day_window
from baton.domain.timeline import EventKind
from tests.builders import (
    MINUTE,
    MONDAY_9AM,
    NEW_YORK,
    a_lead,
    a_plan,
    a_pool,
    a_rep,
    a_stage,
    an_offer,
    standings,
    used,
)

ana, ben = a_rep("ana"), a_rep("ben")
POOL = a_pool(ana, ben)
ALWAYS = Fairness(refund_on=frozenset(Release))
NEVER = Fairness(refund_on=frozenset())
TODAY = day_window(MONDAY_9AM, NEW_YORK)


def decided(known: Standings | None = None, **stage: Any) -> Decision:
    """The decision for a lead between ana and ben."""
    plan = a_plan(a_stage(**stage))
    reps = {rep.id: rep for rep in (ana, ben)}
    return decide(Situation(a_lead(), plan, {"team": POOL}, reps, known or standings(), MONDAY_9AM))


def test_a_claim_books_offer_turn_usage_and_event_at_once() -> None:
    known = standings({"ben": 1}, [used("ana", 3, open_leads=5)])
    change = claim(a_lead(), decided(known), known, MONDAY_9AM)

    assert change.offer
    assert change.turn
    assert change.usage
    assert (change.lead.state, change.lead.recipient_id, change.lead.offer_no) == (
        LeadState.OFFERED,
        "ana",
        1,
    )
    assert (change.offer.state, change.offer.expires_at) == (OfferState.PENDING, MONDAY_9AM + 5 * MINUTE)
    assert (change.turn.turns, change.turn.last_at, change.turn.rev) == (1, MONDAY_9AM, 1)
    assert (change.usage.open_leads, change.usage.taken[TODAY], change.usage.rev) == (6, 4, 2)
    assert change.event.kind is EventKind.OFFER_MADE


def test_a_claim_of_a_stage_that_waits_for_nobody_assigns_at_once() -> None:
    change = claim(a_lead(), decided(auto_accept=True), standings(), MONDAY_9AM)

    assert change.offer
    assert (change.lead.state, change.lead.watch_at) == (LeadState.ASSIGNED, None)
    assert (change.offer.state, change.offer.expires_at) == (OfferState.ACCEPTED, None)
    assert change.event.kind is EventKind.LEAD_ASSIGNED


def test_the_sweep_looks_at_an_offered_lead_only_after_its_offer_has_ended() -> None:
    change = claim(a_lead(), decided(accept_within_s=3600), standings(), MONDAY_9AM)

    assert change.lead.watch_at
    assert change.lead.watch_at > MONDAY_9AM + timedelta(seconds=3600)


def test_the_fallback_owner_takes_no_turn() -> None:
    choice = Choice(ana, 1, "fallback", None, None, None, None, None, 1)
    change = claim(a_lead(), Decision(choice, decided().trace), standings(), MONDAY_9AM)

    assert change.turn is None
    assert change.usage
    assert change.usage.open_leads == 1


@pytest.mark.parametrize(
    ("why", "policy", "given_back"),
    [
        (Release.DECLINED, Fairness(), False),
        (Release.EXPIRED, Fairness(), True),
        (Release.RETURNED, Fairness(), True),
        (Release.UNDELIVERED, Fairness(), True),
        (Release.UNDELIVERED, NEVER, True),
        (Release.DECLINED, ALWAYS, True),
        (Release.EXPIRED, NEVER, False),
        (Release.RETURNED, NEVER, False),
    ],
)
def test_the_pool_says_when_a_turn_is_given_back(why: Release, policy: Fairness, given_back: bool) -> None:
    known = standings({"ana": 4}, [used("ana", 1, open_leads=1)])
    change = released(a_lead(state=LeadState.OFFERED), an_offer(), why, policy, known, MONDAY_9AM)

    assert (change.turn.turns if change.turn else 4) == (3 if given_back else 4)
    assert change.event.facts["turn_given_back"] is given_back


@pytest.mark.parametrize("why", list(Release))
def test_whatever_ends_an_offer_its_caps_are_free_again_and_the_lead_is_too(why: Release) -> None:
    known = standings(usage=[used("ana", 3, open_leads=2)])
    change = released(a_lead(state=LeadState.OFFERED), an_offer(), why, NEVER, known, MONDAY_9AM)

    assert change.usage
    assert (change.usage.open_leads, change.usage.taken) == (1, {TODAY: 2})
    assert (change.lead.state, change.lead.recipient_id) == (LeadState.SCORED, None)


@given(
    turns=st.tuples(st.integers(0, 50), st.integers(0, 50)),
    today=st.integers(0, 50),
    open_leads=st.integers(0, 50),
    catch_up=st.integers(0, 3),
    minutes=st.integers(0, 60 * 48),
)
def test_claim_then_release_leaves_caps_and_turn_as_they_were(
    turns: tuple[int, int], today: int, open_leads: int, catch_up: int, minutes: int
) -> None:
    """Exactly, with the turn counted from the position that the decision took it from."""
    pool = a_pool(ana, fairness=Fairness(catch_up=catch_up, refund_on=ALWAYS.refund_on))
    known = standings({"ana": turns[0], "ben": turns[1]}, [used("ana", today, open_leads=open_leads)])
    decision = decide(Situation(a_lead(), a_plan(), {"team": pool}, {"ana": ana}, known, MONDAY_9AM))
    booked = claim(a_lead(), decision, known, MONDAY_9AM)
    assert booked.offer
    assert booked.turn
    assert booked.usage
    assert decision.choice

    after = Standings({("team", "ana"): booked.turn}, {"ana": booked.usage})
    back = released(
        booked.lead, booked.offer, Release.RETURNED, pool.fairness, after, MONDAY_9AM + minutes * MINUTE
    )

    assert back.turn
    assert back.usage
    assert decision.choice.place
    assert back.turn.turns == decision.choice.place.turns == turns[0]
    assert (back.usage.open_leads, back.usage.taken.pop(TODAY)) == (open_leads, today)
    assert set(back.usage.taken.values()) == {0}


def test_a_clock_a_little_behind_at_midnight_does_not_wipe_out_the_new_day() -> None:
    """Invariant 4: its cap would be overshot."""
    taken = {"day:2026-11-21": 9, "day:2026-11-22": 9, "day:2026-11-24": 5}

    usage = Usage(recipient_id="ana", taken=taken).booked((TODAY,), MONDAY_9AM)

    assert usage.taken == {"day:2026-11-22": 9, TODAY: 1, "day:2026-11-24": 5}


def test_a_release_after_midnight_gives_nothing_back_to_the_new_day() -> None:
    tomorrow = "day:2026-11-24"
    usage = Usage(recipient_id="ana", rev=9, open_leads=3, taken={tomorrow: 2})
    change = released(
        a_lead(state=LeadState.OFFERED),
        an_offer(),
        Release.EXPIRED,
        NEVER,
        Standings({}, {"ana": usage}),
        MONDAY_9AM,
    )

    assert change.usage
    assert (change.usage.open_leads, change.usage.taken) == (2, {tomorrow: 2})


def test_a_member_who_was_away_is_moved_up_when_it_takes_its_turn() -> None:
    turn = Turn("team", "ana", turns=3, rev=5)

    after = turn.after(40, 1, 40, MONDAY_9AM)

    assert after.turns == 41
    assert after.settled(None, returned=True, refund=True).turns == 40


def test_every_event_is_numbered_after_the_revision_that_it_tells_of() -> None:
    """Invariant 2."""
    score = Score(points=0, reasons=(), qualified=True)
    fresh, offered = a_lead(state=LeadState.RECEIVED, rev=4), a_lead(state=LeadState.OFFERED, rev=4)
    waiting = a_lead(rev=4)
    changes = [
        claim(waiting, decided(), standings(), MONDAY_9AM),
        exhausted(waiting, decided().trace, MONDAY_9AM),
        scored(fresh, score, "plan", 1, MONDAY_9AM),
        scored(fresh, score.model_copy(update={"qualified": False}), "plan", 1, MONDAY_9AM),
        accepted(offered, an_offer(), MONDAY_9AM),
        released(offered, an_offer(), Release.EXPIRED, NEVER, standings(), MONDAY_9AM),
        parked(waiting, MONDAY_9AM, step="Route", error="Boom"),
        restarted(waiting, 2, MONDAY_9AM),
    ]

    assert [(c.lead.rev, c.event.seq, c.event.state) for c in changes] == [
        (5, 5, c.lead.state) for c in changes
    ]
    first = received(a_lead(state=LeadState.RECEIVED, rev=1), MONDAY_9AM)
    assert (first.lead.rev, first.event.seq) == (1, 1)


def test_an_exhausted_plan_leaves_the_trace_in_the_timeline() -> None:
    trace = decided().trace

    assert exhausted(a_lead(), trace, MONDAY_9AM).event.trace == trace


@pytest.mark.parametrize("why", ["accepted", "released"])
def test_an_undo_is_told_apart_from_other_releases(why: str) -> None:
    offer = an_offer(state=OfferState.ACCEPTED if why == "accepted" else OfferState.PENDING)
    lead = a_lead(state=LeadState.ASSIGNED if why == "accepted" else LeadState.OFFERED)
    change = released(lead, offer, Release.DECLINED, NEVER, standings(), MONDAY_9AM)

    expected = EventKind.ACCEPTANCE_UNDONE if why == "accepted" else EventKind.OFFER_DECLINED
    assert change.event.kind is expected
