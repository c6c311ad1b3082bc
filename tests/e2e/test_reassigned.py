"""Leads that a person gives to somebody else, while reps answer and the workflow runs."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

from baton.adapters.dynamo_ledger import DynamoLedger
from baton.domain.lead import Answer, LeadState
from baton.domain.timeline import EventKind
from tests.e2e.callers import Caller, a_user
from tests.e2e.stack import Answer as Response
from tests.e2e.stack import Stack, wait
from tests.e2e.team import Team

LEADS: Final = 6
"""Each is a race of its own."""


def reassign(caller: Caller, lead_id: str, **body: object) -> Response:
    """Ask for it."""
    return caller("POST", f"/v1/leads/{lead_id}/reassignment", body)


def open_leads(stack: Stack, team: Team, n: int) -> int:
    """How many the nth rep has."""
    ledger, who = DynamoLedger(stack.client("dynamodb"), stack.outputs["LedgerTable"]), team.reps[n - 1].id
    return ledger.standings([], [who]).used(who).open_leads


def test_a_lead_goes_from_one_rep_to_another_and_both_are_told(stack: Stack) -> None:
    team, admin = Team.at(stack, 2, auto_accept=True), a_user(stack, "admin")
    lead_id = stack.take_in(team.source_id)
    first = stack.until(lead_id, LeadState.ASSIGNED)
    stack.link_to(team.phone(1))
    order = {"recipient_id": team.reps[1].id, "reason": "away", "offer_no": 1}

    answers = [reassign(admin, lead_id, **order) for _ in range(2)]
    viewer = reassign(a_user(stack, "viewer"), lead_id)

    assert ([answer.status for answer in answers], viewer.status) == ([200, 200], 403)
    wait(lambda: stack.lead(lead_id).recipient_id == team.reps[1].id, "the other has it")
    assert first.recipient_id == team.reps[0].id
    stack.link_to(team.phone(2))
    wait(lambda: any("Passed on" in text for text in stack.sms_to(team.phone(1))), "the first is told")
    lead = stack.lead(lead_id)
    assert [offer.answer for offer in lead.offers] == [Answer.REASSIGNED, Answer.ACCEPTED]
    assert stack.events(lead_id).count(EventKind.LEAD_REASSIGNED) == 1
    story = admin("GET", f"/v1/leads/{lead_id}").json
    assert next(one["facts"].get("by") for one in story["timeline"] if one["kind"] == "LeadReassigned")
    assert (open_leads(stack, team, 1), open_leads(stack, team, 2)) == (0, 1)


def test_a_lead_that_found_nobody_goes_its_way_once_somebody_can_take_it(stack: Stack) -> None:
    team, admin = Team.at(stack, 1, auto_accept=True), a_user(stack, "admin")
    admin.changes(f"/v1/recipients/{team.reps[0].id}", paused=True)
    lead_id = stack.take_in(team.source_id)
    stack.until(lead_id, LeadState.UNASSIGNED)
    admin.changes(f"/v1/recipients/{team.reps[0].id}", paused=False)

    def assigned() -> bool:
        # A function may remember for a few seconds that nobody could take it.
        if stack.lead(lead_id).state is LeadState.UNASSIGNED:
            assert reassign(admin, lead_id, offer_no=0).status == 200
        return stack.lead(lead_id).state is LeadState.ASSIGNED

    wait(assigned, "somebody has it")


def test_reps_accept_at_the_moment_at_which_their_leads_are_given_to_another(stack: Stack) -> None:
    """Invariants 3, 4 and 8: whoever was first, in the end one rep has each lead, and everything is booked once."""
    team, admin = Team.at(stack, 2), a_user(stack, "admin")
    other = team.reps[1].id
    lead_ids = []
    for number in range(LEADS):
        # Taken turns: the other's own leads are not asked about here.
        lead_id = stack.take_in(team.source_id)
        stack.until(lead_id, LeadState.OFFERED)
        if stack.lead(lead_id).recipient_id != other:
            lead_ids.append((lead_id, stack.link_to(team.phone(1), number // 2 + 1)))

    with ThreadPoolExecutor(2 * len(lead_ids)) as threads:
        answers = [threads.submit(stack.answer, link, "accept") for _, link in lead_ids]
        orders = [threads.submit(reassign, admin, lead_id, recipient_id=other) for lead_id, _ in lead_ids]
        assert {done.result().status for done in answers} == {200}
        assert {done.result().status for done in orders} == {200}

    for lead_id, _ in lead_ids:
        wait(lambda lead_id=lead_id: stack.lead(lead_id).recipient_id == other, "the other has it")  # type: ignore[misc]
        lead = stack.until(lead_id, LeadState.ASSIGNED)
        assert lead.offers[0].answer in (Answer.REASSIGNED, Answer.RELEASED)
        assert [offer.answer for offer in lead.offers[1:]] == [Answer.ACCEPTED]
    assert open_leads(stack, team, 1) == 0
    assert open_leads(stack, team, 2) == LEADS
