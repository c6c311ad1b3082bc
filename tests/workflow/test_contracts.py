"""What passes between the workflow and its steps fits both sides, and holds no person's data."""

import re
from typing import Any, Final

import pytest
from pydantic import BaseModel

from baton.entrypoints.tasks import (
    AuctionResult,
    DeliverResult,
    Done,
    LeadTask,
    MergeResult,
    OfferTask,
    ParkTask,
    RouteResult,
    ScoreResult,
    VetResult,
)
from tests.infra.deployed import source
from tests.workflow.machine import definition, evaluate, paths, states, targets, tasks, texts

# What each step's function is called with, and what it answers.
TASKS: Final[dict[str, tuple[type[BaseModel], type[BaseModel]]]] = {
    "Score": (LeadTask, ScoreResult),
    "Vet": (LeadTask, VetResult),
    "Merge": (LeadTask, MergeResult),
    "Route": (LeadTask, RouteResult),
    "Auction": (LeadTask, AuctionResult),
    "Deliver": (LeadTask, DeliverResult),
    "Offer": (OfferTask, Done),
    "Notify": (OfferTask, Done),
    "Park": (ParkTask, Done),
}
# What resumes a step that waits: functions respond and offer send it.
ANSWER: Final = frozenset({"answer"})
SMALL_FACTS: Final = {
    "answer",
    "auction_no",
    "done",
    "error",
    "findings",
    "lead_id",
    "merged",
    "next",
    "offer_no",
    "retried",
    "state",
    "step",
    "task_token",
    "then",
    "wait_s",
}
SAMPLES: Final = {
    "input": {"offer_no": 1, "wait_s": 60, "step": "Route", "error": "ConfigurationBroken"},
    "context": {
        "Execution": {"Input": {"lead_id": "0" * 32}},
        "Task": {"Token": "a-token"},
        "State": {"RetryCount": 2},
    },
}

every_call = pytest.mark.parametrize("name", TASKS)


def shapes() -> dict[str, set[frozenset[str]]]:
    """The fields that each state's input may have, by every way that leads to it."""
    found: dict[str, set[frozenset[str]]] = {name: set() for name in states()}
    todo = [(definition()["StartAt"], frozenset({"lead_id"}))]
    while todo:
        name, shape = todo.pop()
        if shape in found[name]:
            continue
        found[name].add(shape)
        state = states()[name]
        caught = [
            (rule["Next"], frozenset(rule["Output"]) if "Output" in rule else shape)
            for rule in state.get("Catch", [])
        ]
        passed = [(target, output_of(name, shape)) for target in targets({**state, "Catch": []})]
        todo += caught + passed
    return found


def output_of(name: str, shape: frozenset[str]) -> frozenset[str]:
    """The fields of a state's output."""
    state = states()[name]
    if state["Type"] != "Task":
        return frozenset(state["Output"]) if "Output" in state else shape
    if state["Resource"].endswith(".waitForTaskToken"):
        return ANSWER
    return frozenset(TASKS[name][1].model_fields) if name in TASKS else frozenset()


@every_call
def test_a_step_is_called_with_what_its_function_expects(name: str) -> None:
    payload = evaluate(states()[name]["Arguments"]["Payload"], SAMPLES)

    assert TASKS[name][0].model_validate(payload).model_dump(exclude_none=True) == payload


def test_every_call_of_a_function_is_known_here() -> None:
    calls = {name for name, state in tasks().items() if "lambda" in state["Resource"]}

    assert calls == set(TASKS)


def test_what_a_state_reads_of_its_input_is_there_on_every_way_to_it() -> None:
    for name, ways in shapes().items():
        rules = {key: value for key, value in states()[name].items() if key != "Catch"}
        read = {path.split(".")[1] for path in paths(rules) if path.startswith("input.")}

        assert all(read <= shape for shape in ways), f"{name} reads {read}, but gets {ways}"


def test_only_ids_and_small_facts_pass_between_states() -> None:
    passed = {field for ways in shapes().values() for shape in ways for field in shape}
    sent = {field for given, answered in TASKS.values() for field in given.model_fields}
    answered = {field for _, result in TASKS.values() for field in result.model_fields}

    assert passed | sent | answered <= SMALL_FACTS


def test_an_error_is_passed_on_by_its_name_and_never_by_its_text() -> None:
    read = {path for state in tasks().values() for rule in state["Catch"] for path in paths(rule)}

    assert read == {"errorOutput.Error"}


def test_the_lead_is_always_the_one_that_the_execution_was_started_for() -> None:
    leads = [state["Arguments"].get("Payload", {}).get("lead_id") for state in tasks().values()]

    assert {lead for lead in leads if lead} == {"{% $states.context.Execution.Input.lead_id %}"}


def test_a_step_that_waits_hands_over_the_token_that_resumes_it() -> None:
    waiting = [state for state in tasks().values() if state["Resource"].endswith(".waitForTaskToken")]

    assert waiting
    assert all("context.Task.Token" in paths(state["Arguments"]["Payload"]) for state in waiting)


def substitutions() -> dict[str, Any]:
    """What the template puts into the definition."""
    return dict(source()["Resources"]["LeadWorkflow"]["Properties"]["DefinitionSubstitutions"])


def test_the_template_gives_every_name_that_the_definition_leaves_open_and_no_other() -> None:
    open_names = set(re.findall(r"\$\{(\w+)\}", "\n".join(texts(definition()))))

    assert open_names == set(substitutions())


def test_the_workflow_calls_published_versions_only() -> None:
    functions = {name: target for name, target in substitutions().items() if name.endswith("Function")}

    assert {name: target["Ref"] for name, target in functions.items()} == {
        name: f"{name}.Alias" for name in functions
    }
