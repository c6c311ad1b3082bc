"""What happens to leads when something breaks under them: a permission, an execution, a step."""

from baton.domain.lead import LeadState
from baton.domain.timeline import EventKind
from tests.e2e.stack import Person, Stack, wait
from tests.e2e.team import Team

LEADS = 5


def test_leads_whose_workflow_could_not_be_started_are_taken_in_and_distributed_by_the_sweep(
    stack: Stack,
) -> None:
    team = Team.at(stack, 2, auto_accept=True)
    with stack.taken_away("ingest", "StartWorkflow"):
        lead_ids = [stack.take_in(team.source_id) for _ in range(LEADS)]
    assert {stack.execution(lead_id) for lead_id in lead_ids} == {"MISSING"}
    assert {stack.lead(lead_id).state for lead_id in lead_ids} == {LeadState.RECEIVED}

    for lead_id in lead_ids:
        stack.make_overdue(lead_id)
    swept = stack.sweep()

    assert swept["failed"] == 0
    for lead_id in lead_ids:
        stack.until(lead_id, LeadState.ASSIGNED)
        assert stack.events(lead_id) == [
            EventKind.LEAD_RECEIVED,
            EventKind.LEAD_RESTARTED,
            EventKind.LEAD_SCORED,
            EventKind.LEAD_ASSIGNED,
        ]
        assert stack.ended(lead_id) == "SUCCEEDED"
    assert sum(len(stack.sms_to(rep.phone or "")) for rep in team.reps) == LEADS


def test_a_lead_whose_execution_died_while_it_was_on_offer_goes_on_and_nothing_is_doubled(
    stack: Stack,
) -> None:
    team = Team.at(stack)
    lead_id = stack.take_in(team.source_id)
    link = stack.link_to(team.phone(1))
    wait(lambda: stack.leads.offer(lead_id, 1).sent.get("email"), "the mail is sent")
    stack.client("stepfunctions").stop_execution(executionArn=stack.execution_arn(lead_id))

    before = stack.leads.offer(lead_id, 1).task_token

    stack.make_overdue(lead_id)
    stack.sweep()

    assert stack.lead(lead_id).attempt == 2
    wait(lambda: stack.leads.offer(lead_id, 1).task_token != before, "the new execution waits for the answer")
    assert stack.execution(lead_id, attempt=2) == "RUNNING"
    assert stack.answer(link, "accept").status == 200
    assert stack.ended(lead_id, attempt=2) == "SUCCEEDED"
    assert stack.events(lead_id) == [
        EventKind.LEAD_RECEIVED,
        EventKind.LEAD_SCORED,
        EventKind.OFFER_MADE,
        EventKind.LEAD_RESTARTED,
        EventKind.OFFER_ACCEPTED,
    ]
    assert len(stack.sms_to(team.phone(1))) == len(stack.mails_to(team.email(1))) == 1


def test_a_lead_that_moves_is_left_alone_by_the_sweep(stack: Stack) -> None:
    team = Team.at(stack)
    lead_id = stack.take_in(team.source_id)
    stack.link_to(team.phone(1))
    before = stack.events(lead_id)

    stack.make_overdue(lead_id)
    stack.sweep()

    assert (stack.events(lead_id), stack.lead(lead_id).attempt) == (before, 1)


def test_a_step_that_fails_for_good_ends_with_the_lead_parked_and_operations_told(stack: Stack) -> None:
    team = Team.at(stack)
    with stack.taken_away("route", "Ledger"):
        lead_id = stack.take_in(team.source_id)
        lead = stack.until(lead_id, LeadState.UNASSIGNED)
        assert stack.ended(lead_id) == "FAILED"

    last = stack.leads.timeline(lead_id)[-1]
    (alert,) = wait(lambda: stack.alerts_about(lead_id), "operations are told")
    assert (lead.recipient_id, last.kind, last.facts["step"]) == (None, EventKind.LEAD_UNASSIGNED, "Route")
    assert (alert["alert"], alert["step"]) == ("A lead is stuck and was parked", "Route")
    assert stack.sms_to(team.phone(1)) == []
    # So that it is known that the search for complaints at the end would find this one.
    assert [line for _, line in stack.complaints_of("route") if lead_id in line]


def test_operations_are_told_even_of_a_lead_that_could_not_be_parked(stack: Stack) -> None:
    team = Team.at(stack)
    with stack.taken_away("route", "Ledger"), stack.taken_away("sweep", "Leads"):
        lead_id = stack.take_in(team.source_id)
        assert stack.ended(lead_id) == "FAILED"

    (alert,) = wait(lambda: stack.alerts_about(lead_id), "operations are told")
    assert alert["lead_id"] == lead_id
    stack.make_overdue(lead_id)
    stack.sweep()
    stack.answer(stack.link_to(team.phone(1)), "accept")
    assert stack.until(lead_id, LeadState.ASSIGNED).attempt == 2


def test_a_lead_whose_mail_cannot_be_sent_is_offered_by_sms_alone_and_operations_are_told(
    stack: Stack,
) -> None:
    team, person = Team.at(stack), Person.new()
    sender = stack.outputs["SenderToVerify"]
    stack.client("ses").delete_identity(Identity=sender)
    try:
        lead_id = stack.take_in(team.source_id, person)
        link = stack.link_to(team.phone(1))
        (alert,) = wait(lambda: stack.alerts_about(lead_id), "operations are told")
    finally:
        stack.client("ses").verify_email_identity(EmailAddress=sender)

    assert alert["recipient_id"] == team.reps[0].id
    assert stack.answer(link, "accept").status == 200
    assert stack.ended(lead_id) == "SUCCEEDED"
