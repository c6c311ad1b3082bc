"""The workflow of assignments: complete, bounded, and it comes again until nothing more is to be done."""

import json
import re
from pathlib import Path
from typing import Any, Final

from baton.adapters.event_bus import SOURCE
from baton.application.answer_offer import Answer
from baton.domain.announcement import Announcement
from baton.domain.lead import LeadState
from baton.domain.reassignment import Order
from baton.entrypoints.tasks import AttendResult, AttendTask, EntrustedTask
from tests.builders import World, a_campaign, a_plan, a_rep, a_stage
from tests.infra.deployed import source
from tests.workflow.machine import Machine, StepFailed, evaluate, paths, targets, texts
from tests.workflow.test_definition import PASSING, PASSING_OF_LAMBDA

FILE: Final = Path(__file__).parents[2] / "infra" / "assignment_workflow.asl.json"
DEFINITION: Final = dict(json.loads(FILE.read_text()))
STATES: Final[dict[str, Any]] = DEFINITION["States"]
STARTED: Final = {"lead_id": "0" * 32, "offer_no": 2}


def test_every_state_can_be_reached_and_leads_to_one_that_exists() -> None:
    led_to = {target for state in STATES.values() for target in targets(state)}

    assert led_to | {DEFINITION["StartAt"]} == set(STATES)


def test_the_step_is_called_with_what_its_function_expects() -> None:
    seen = {"context": {"Execution": {"Input": STARTED}}}
    payload = evaluate(STATES["Attend"]["Arguments"]["Payload"], seen)

    assert AttendTask.model_validate(payload).model_dump() == STARTED


def test_what_is_read_of_the_step_s_answer_is_in_it() -> None:
    read = {path for name in ("IsMoreToDo", "UntilDue") for path in paths(STATES[name])}

    assert read == {f"input.{field}" for field in AttendResult.model_fields}


def test_what_passes_by_itself_is_retried_and_everything_is_caught_by_its_name() -> None:
    step = STATES["Attend"]
    retried = {error for rule in step["Retry"] for error in rule["ErrorEquals"]}

    assert retried >= PASSING | PASSING_OF_LAMBDA
    assert [rule["ErrorEquals"] for rule in step["Catch"]] == [["States.ALL"]]
    assert paths(step["Catch"]) == {"errorOutput.Error"}


def test_the_template_gives_every_name_that_the_definition_leaves_open_and_no_other() -> None:
    given = source()["Resources"]["AssignmentWorkflow"]["Properties"]["DefinitionSubstitutions"]

    assert set(re.findall(r"\$\{(\w+)\}", "\n".join(texts(DEFINITION)))) == set(given)
    assert given["AttendFunction"] == {"Ref": "AttendFunction.Alias"}


def test_the_rule_on_the_bus_matches_what_a_rep_s_lead_is_announced_with_and_nothing_else() -> None:
    pattern = source()["Resources"]["EntrustedRule"]["Properties"]["EventPattern"]
    level = {"contact_within_s": 60, "then": [{"after_s": 60, "do": "remind"}]}
    worlds = [
        World((a_rep("ana"),), plan=a_plan(a_stage(auto_accept=auto)), documents=(a_campaign(**facts),))
        for auto in (True, False)
        for facts in ({"service_level": level}, {})
    ]
    found: list[tuple[str, int]] = []
    for world in worlds:
        lead_id = world.offers()
        if world.leads.get(lead_id).state is LeadState.OFFERED:
            world.answers(lead_id, Answer.ACCEPT)
        world.reassign(lead_id, Order("maria", None, "away"))
        for event in world.leads.timeline(lead_id):
            told = Announcement.of(event)
            if (
                told.kind in pattern["detail-type"]
                and told.facts.get("watched") in pattern["detail"]["facts"]["watched"]
            ):
                task = EntrustedTask.model_validate({"detail": told.model_dump(mode="json")})
                found.append((told.kind, task.detail.facts.offer))

    assert pattern["source"] == [SOURCE]
    taken_back = ("LeadReassigned", 1)
    assert found == [
        ("LeadAssigned", 1),
        taken_back,
        taken_back,
        ("OfferAccepted", 1),
        taken_back,
        taken_back,
    ]


def run(answers: list[int]) -> tuple[list[int], str]:
    """An execution whose step answers so many seconds, one after another; fails after the last."""
    waited: list[int] = []

    def attend(_: dict[str, Any]) -> dict[str, Any]:
        if not answers:
            error = "ConfigurationBroken"
            raise StepFailed(error)
        return AttendResult.of(answers.pop(0)).model_dump()

    machine = Machine({"${AttendFunction}": attend}, answer=lambda *_: {}, wait=waited.append)
    return waited, machine.execute(DEFINITION, STARTED)


def test_it_waits_until_each_moment_and_ends_when_nothing_more_is_to_be_done() -> None:
    waited, end = run([600, 300, 0])

    assert (waited, end) == ([600, 300], "Done")


def test_a_step_that_fails_for_good_ends_it_and_operations_hear_of_that() -> None:
    waited, end = run([600])

    assert (waited, end) == ([600], "NotAttended")
    (alarm,) = [
        given["Properties"]
        for given in source()["Resources"].values()
        if given["Type"] == "AWS::CloudWatch::Alarm"
        and given["Properties"]["MetricName"] == "ExecutionsFailed"
        and {"Ref": "AssignmentWorkflow"} in [one["Value"] for one in given["Properties"]["Dimensions"]]
    ]
    assert alarm["AlarmActions"] == [{"Ref": "AlertTopic"}]


def test_only_ids_and_small_facts_pass_between_states() -> None:
    passed = {*AttendTask.model_fields, *AttendResult.model_fields, *STATES["Attend"]["Catch"][0]["Output"]}

    assert passed == {"lead_id", "offer_no", "then", "wait_s", "error"}
