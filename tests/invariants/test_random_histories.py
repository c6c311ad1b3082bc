"""Invariants 3 to 7 over random plans, pools and histories: 2,000 of them."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from baton.domain.caps import campaign_scope, pool_scope
from baton.domain.conclusion import OPEN
from baton.domain.decision import decide
from baton.domain.lead import LeadState
from baton.domain.situation import Decision, Situation
from baton.domain.trace import MAX_CANDIDATES, StageOutcome, Trace
from tests.invariants.histories import REPS, Company, companies, histories

EXAMPLES = 500
ASKED = {StageOutcome.CHOSE, StageOutcome.NOBODY_ELIGIBLE, StageOutcome.OWNER, StageOutcome.KEPT_FOR_OWNER}


@pytest.mark.parametrize("part", range(4))
def test_random_histories_break_no_invariant(part: int) -> None:
    """In four parts, so that they run side by side; each has random examples of its own."""

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(companies, histories)
    def holds(drawn: Any, history: list[tuple[str, int, int]]) -> None:
        company = Company(drawn)
        for kind, which, minutes in history:
            company.happens(kind, which, minutes)
        one_owner_at_most(company)
        no_cap_is_passed(company)
        books_agree_with_offers(company)
        for situation, decision in company.decisions:
            whoever_is_chosen_had_room(situation, decision)
            every_candidate_is_named(situation, decision.trace)
            assert decide(situation).trace.model_dump_json() == decision.trace.model_dump_json()
            assert decision.trace.plan_version == company.versions[situation.lead.lead_id]

    holds()


def one_owner_at_most(company: Company) -> None:
    """Invariant 3."""
    taken = Counter(offer.lead_id for offer in company.counted())
    assert all(count == 1 for count in taken.values())
    for lead in company.leads.leads.values():
        assert (lead.lead_id in taken) == (lead.is_held or lead.state is LeadState.OFFERED)


def no_cap_is_passed(company: Company) -> None:
    """Invariant 4: in no window of any kind, in total, by pool and by campaign; counted from the offers."""
    for who in REPS:
        recipient = company.recipients[who]
        for (span, _), count in company.in_windows(who).items():
            assert count <= dict(recipient.caps.limits).get(span, count)
            assert count <= dict(recipient.campaign_caps["solar"].limits).get(span, count)
        for pool in company.pools.values():
            caps = next((dict(m.caps.limits) for m in pool.members if m.recipient_id == who), {})
            for (span, _), count in company.in_windows(who, pool.id).items():
                assert count <= caps.get(span, count)


def whoever_is_chosen_had_room(situation: Situation, decision: Decision) -> None:
    """Invariant 4: open leads and the pause, as they were when the lead was claimed."""
    choice = decision.choice
    if choice is None or choice.pool is None:
        return
    caps, used = choice.recipient.caps, situation.standings.used(choice.recipient.id)
    assert caps.open_leads is None or used.open_leads < caps.open_leads
    assert not used.last_at or situation.now - used.last_at >= timedelta(seconds=caps.min_pause_s)


def books_agree_with_offers(company: Company) -> None:
    """What is booked is what the offers say, for every recipient."""
    for who in REPS:
        usage = company.ledger.standings([], [who]).used(who)
        mine = [offer for offer in company.counted() if offer.recipient_id == who]
        open_now = [o for o in mine if company.leads.get(o.lead_id).state in {*OPEN, LeadState.OFFERED}]
        assert usage.open_leads == len(open_now)
        assert all(count >= 0 for count in usage.taken.values())
        for key, count in usage.taken.items():
            assert count == sum(key in offer.windows for offer in mine)
            assert (
                key.startswith((pool_scope("p0"), pool_scope("p1"), campaign_scope("solar")))
                or "/" not in key
            )


def every_candidate_is_named(situation: Situation, trace: Trace) -> None:
    """Invariant 6."""
    for stage in trace.stages:
        if stage.outcome not in ASKED or stage.stage is None:
            continue
        pool = situation.pools[situation.plan.stages[stage.stage].pool_id]
        assert len(stage.candidates) <= MAX_CANDIDATES
        named = [candidate.recipient_id for candidate in stage.candidates]
        assert len(set(named)) == len(named)
        assert set(named) <= {member.recipient_id for member in pool.members}
        assert len(named) + sum(stage.more.values()) == len(pool.members)
        assert not stage.more or stage.outcome is StageOutcome.KEPT_FOR_OWNER
