"""The guide to traces: its trace and explanation are told as they would be today, and its tables leave nothing out."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from baton.domain.explanation import Check, Explanation
from baton.domain.trace import (
    REASON_NUMBERS,
    CandidateTrace,
    Reason,
    StageOutcome,
    StageTrace,
    Trace,
    Verdict,
)
from baton.domain.trace_words import needed, told, verdict
from baton.entrypoints.console.traces import ShownStage, ShownTrace

GUIDE = (Path(__file__).parents[2] / "docs" / "traces.md").read_text()
TRACE, EXPLANATION, COUNTED = map(json.loads, re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL))

MARIA = {"contact": {"state": "NY"}, "attributes": {"roof_m2": 120}}


def retold(shown: dict[str, Any]) -> dict[str, Any]:
    """The trace as today's code tells it, from the codes and facts alone."""
    stages = tuple(
        StageTrace(
            stage=stage["stage"],
            name=stage["name"],
            outcome=StageOutcome(stage["outcome"]),
            facts=stage["facts"],
            candidates=tuple(map(candidate, stage["candidates"])),
            more=stage["more"],
        )
        for stage in shown["stages"]
    )
    head = {key: shown[key] for key in ("plan_id", "plan_version", "attempt", "owner")}
    return told(Trace(**head, stages=stages), MARIA)


def candidate(shown: dict[str, Any]) -> CandidateTrace:
    """A candidate without the words."""
    also = tuple(Verdict(Reason(one["reason"]), one["facts"]) for one in shown["also"])
    return CandidateTrace(shown["recipient_id"], Reason(shown["reason"]), shown["facts"], also)


def test_the_trace_is_told_as_it_would_be_today() -> None:
    assert retold(TRACE) == TRACE
    assert ShownTrace.model_validate(TRACE).model_dump() == TRACE


def test_every_candidate_of_the_trace_is_explained() -> None:
    (chose,) = (stage for stage in TRACE["stages"] if stage["candidates"])

    assert re.findall(r"^\| (\w+) \| (?:no|\*\*yes\*\*) \|", GUIDE, re.MULTILINE) == [
        one["recipient_id"] for one in chose["candidates"]
    ]


def test_the_explanation_names_what_the_trace_recorded() -> None:
    found = Explanation.model_validate(EXPLANATION)
    (mine,) = (
        one for stage in TRACE["stages"] for one in stage["candidates"] if one["recipient_id"] == "dev"
    )
    failed = [Verdict(Reason(one["reason"]), one["facts"]) for one in (mine, *mine["also"])]

    assert found.model_dump(mode="json") == EXPLANATION
    assert found.best
    assert found.best.checks == tuple(
        Check(check=said["reason"], code=said["code"], words=said["words"], needs=needs, own=said["own"])
        for one in failed
        for said in (verdict(*one, MARIA),)
        for needs in needed(one)
    )


def test_a_lost_tie_is_told_in_the_words_of_the_guide() -> None:
    (first,) = (one for stage in TRACE["stages"] for one in stage["candidates"] if one["code"] == 100)
    lost = {**first["facts"], "last_s": first["facts"]["last_s"] + 60}
    lost["first"] = {**first["facts"], "id": first["recipient_id"]}

    (needs,) = needed(Verdict(Reason.LATER_TURN, lost))

    assert f"`{needs}`" in " ".join(GUIDE.split())


def test_what_is_only_counted_is_counted_by_reason() -> None:
    assert set(COUNTED) <= set(ShownStage.model_fields)
    assert {Reason(name) for name in COUNTED["more"]} <= set(REASON_NUMBERS)


def test_the_table_has_every_reason_with_its_number() -> None:
    rows = re.findall(r"^\| (\d{3}) \| `(\w+)` \| .+ \|$", GUIDE, re.MULTILINE)

    assert {name: int(code) for code, name in rows} == {
        str(reason): number for reason, number in REASON_NUMBERS.items()
    }
    assert [int(code) for code, _ in rows] == sorted(REASON_NUMBERS.values())


@pytest.mark.parametrize("outcome", StageOutcome)
def test_every_outcome_of_a_stage_has_a_row(outcome: StageOutcome) -> None:
    assert f"| `{outcome}` |" in GUIDE
