"""The states of a lead: one table says what may follow what, and nothing else changes a state."""

from datetime import timedelta
from itertools import product

import pytest

from baton.domain.errors import IllegalTransition
from baton.domain.lead import MOVING, TRANSITIONS, WATCH_AFTER, Contact, LeadState, facts_of
from tests.builders import MONDAY_9AM, a_lead

LEGAL = [(before, after) for before, afters in TRANSITIONS.items() for after in sorted(afters)]
ILLEGAL = [pair for pair in product(LeadState, LeadState) if pair not in LEGAL]
LATER = MONDAY_9AM + timedelta(minutes=3)


def test_the_table_knows_every_state() -> None:
    """Invariant 2."""
    assert set(TRANSITIONS) == set(LeadState)


@pytest.mark.parametrize(("before", "after"), LEGAL)
def test_a_legal_change_is_one_revision_and_remembers_when(before: LeadState, after: LeadState) -> None:
    lead = a_lead(state=before, rev=7).moved(after, LATER)

    assert (lead.state, lead.rev, lead.moved_at) == (after, 8, LATER)


@pytest.mark.parametrize(("before", "after"), ILLEGAL)
def test_every_other_change_is_refused(before: LeadState, after: LeadState) -> None:
    """Invariant 2."""
    with pytest.raises(IllegalTransition, match=f"from {before} to {after}"):
        a_lead(state=before).moved(after, LATER)


@pytest.mark.parametrize(("before", "after"), LEGAL)
def test_the_sweep_watches_a_lead_exactly_while_it_should_be_moving(
    before: LeadState, after: LeadState
) -> None:
    lead = a_lead(state=before, watch_at=MONDAY_9AM).moved(after, LATER)

    assert lead.watch_at == (LATER + WATCH_AFTER if after in MOVING else None)


def test_no_state_but_a_final_one_is_a_dead_end() -> None:
    assert {state for state in LeadState if not TRANSITIONS[state]} == {LeadState.DUPLICATE}


def test_conditions_see_a_field_that_was_not_sent_as_absent() -> None:
    facts = facts_of(
        a_lead(contact=Contact(email="maria@example.com"), attributes={"owner": "yes"}), MONDAY_9AM
    )

    assert facts["contact"] == {"email": "maria@example.com"}
    assert facts["attributes"] == {"owner": "yes"}
    assert facts["consent"] == {}
