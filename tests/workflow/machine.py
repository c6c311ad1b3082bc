"""The workflow's definition as the tests read it, and an interpreter for the little that it uses of the language."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).parents[2] / "infra" / "lead_workflow.asl.json"
MAX_STEPS: Final = 200
State = dict[str, Any]
Result = dict[str, Any]
Function = Callable[[Result], Result]

_EXPRESSION: Final = re.compile(r"\{%\s*(.+?)\s*%\}")
_PATH: Final = re.compile(r"\$states\.(\w+(?:\.\w+)*)")
_EQUALS: Final = re.compile(rf"({_PATH.pattern})\s*=\s*'([^']*)'")
_IN: Final = re.compile(rf"({_PATH.pattern})\s+in\s+\[([^\]]*)\]")


def definition() -> dict[str, Any]:
    """The workflow as it is deployed, before its substitutions."""
    return dict(json.loads(FILE.read_text()))


def states() -> dict[str, State]:
    """Every state by its name."""
    return dict(definition()["States"])


def tasks() -> dict[str, State]:
    """The states that do work."""
    return {name: state for name, state in states().items() if state["Type"] == "Task"}


def targets(state: State) -> Iterator[str]:
    """Every state that may follow."""
    yield from (state[key] for key in ("Next", "Default") if key in state)
    yield from (rule["Next"] for key in ("Choices", "Catch") for rule in state.get(key, []))


def texts(value: Any) -> Iterator[str]:
    """Every text in a piece of the definition."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def paths(value: Any) -> set[str]:
    """What the expressions in a piece of the definition read, without the `$states.` before it."""
    found = (_EXPRESSION.fullmatch(text) for text in texts(value))
    return {path for match in found if match for path in _PATH.findall(match[1])}


def evaluate(value: Any, seen: Mapping[str, Any]) -> Any:
    """A piece of the definition with its expressions replaced by what they give."""
    if isinstance(value, Mapping):
        return {key: evaluate(inner, seen) for key, inner in value.items()}
    match = _EXPRESSION.fullmatch(value) if isinstance(value, str) else None
    return _expression(match[1], seen) if match else value


def _expression(text: str, seen: Mapping[str, Any]) -> Any:
    """Raises ValueError for anything but a path, `path = 'text'` and `path in ['text', ...]`."""
    if match := _PATH.fullmatch(text):
        return _look_up(match[1], seen)
    if match := _EQUALS.fullmatch(text):
        return _look_up(match[2], seen) == match[3]
    if match := _IN.fullmatch(text):
        return _look_up(match[2], seen) in [item.strip().strip("'") for item in match[3].split(",")]
    message = f"the interpreter does not know: {text}"
    raise ValueError(message)


def _look_up(path: str, seen: Mapping[str, Any]) -> Any:
    """Raises KeyError where there is nothing: the service would end the execution with a runtime error."""
    value: Any = seen
    for name in path.split("."):
        value = value[name]
    return value


class StepFailed(Exception):
    """A step failed with an error of that name."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass
class Machine:
    """Runs the workflow at once: no retry waits, and a step that waits for an answer asks `answer` for it."""

    functions: Mapping[str, Function]
    """By the name that the definition has for them: what is called with a payload and gives a result."""
    answer: Callable[[str, int], Result]
    """Called with a task token and the seconds that the step waits; raises StepFailed("States.Timeout")."""
    wait: Callable[[int], object] = int
    """Called with the seconds that a waiting state lets pass."""
    visited: list[str] = field(default_factory=list)

    def run(self, lead_id: str) -> str:
        """The name of the state that the execution of a lead ended in."""
        return self.execute(definition(), {"lead_id": lead_id})

    def execute(self, machine: Mapping[str, Any], started: Result) -> str:
        """The name of the state that an execution with that input ended in."""
        name, given = machine["StartAt"], started
        for step in range(MAX_STEPS):
            state = machine["States"][name]
            self.visited.append(name)
            seen = {
                "input": given,
                "context": {
                    "Execution": {"Input": started},
                    "Task": {"Token": f"token-{step}"},
                    "State": {"RetryCount": 0},
                },
            }
            if state["Type"] in ("Succeed", "Fail"):
                return str(name)
            if state["Type"] == "Choice":
                name = next(
                    (rule["Next"] for rule in state["Choices"] if evaluate(rule["Condition"], seen)),
                    state["Default"],
                )
            elif state["Type"] == "Wait":
                self.wait(evaluate(state["Seconds"], seen))
                name, given = state["Next"], evaluate(state["Output"], seen)
            else:
                name, given = self._task(state, seen)
        message = f"the workflow did not end within {MAX_STEPS} states: {self.visited}"
        raise AssertionError(message)

    def _task(self, state: State, seen: Mapping[str, Any]) -> tuple[str, Result]:
        tries: dict[int, int] = {}
        while True:
            try:
                result = self._call(state, seen)
            except StepFailed as failure:
                if not self._retries(state, failure.error, tries):
                    return self._caught(state, failure.error, seen)
                retried = {"RetryCount": sum(tries.values())}
                seen = {**seen, "context": {**seen["context"], "State": retried}}
            else:
                output = evaluate(state.get("Output", "{% $states.result %}"), {**seen, "result": result})
                return state["Next"], output

    def _call(self, state: State, seen: Mapping[str, Any]) -> Result:
        arguments = evaluate(state["Arguments"], seen)
        if "lambda" not in state["Resource"]:
            return self.functions["${AlertTopic}"](arguments["Message"])
        done = self.functions[arguments["FunctionName"]](arguments["Payload"])
        if state["Resource"].endswith(".waitForTaskToken"):
            return self.answer(arguments["Payload"]["task_token"], evaluate(state["TimeoutSeconds"], seen))
        return {"Payload": done}

    def _retries(self, state: State, error: str, tries: dict[int, int]) -> bool:
        for index, rule in enumerate(state.get("Retry", [])):
            if error in rule["ErrorEquals"] or "States.ALL" in rule["ErrorEquals"]:
                tries[index] = tries.get(index, 0) + 1
                return tries[index] <= int(rule["MaxAttempts"])
        return False

    def _caught(self, state: State, error: str, seen: Mapping[str, Any]) -> tuple[str, Result]:
        for rule in state.get("Catch", []):
            if error in rule["ErrorEquals"] or "States.ALL" in rule["ErrorEquals"]:
                given = evaluate(rule.get("Output", seen["input"]), {**seen, "errorOutput": {"Error": error}})
                return rule["Next"], given
        message = f"nothing catches {error}"
        raise AssertionError(message)
