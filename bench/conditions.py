"""How long one evaluation of six conditions takes: Baton's closures, and the rule engines that could stand in for them.

Each engine compiles the conditions once and is first made to prove that it answers alike for a dozen leads. The lead
that is timed meets all six, so that none is skipped. Engines take turns, so that a busy machine is busy for all.
"""

import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from statistics import median
from timeit import Timer
from typing import Any, Final

import cel
import rule_engine  # type: ignore[import-untyped]
import zen
from pydantic import TypeAdapter

from baton.domain.condition_tests import compile_condition
from baton.domain.conditions import Condition
from bench.table import Row

type Facts = dict[str, Any]

ROUNDS: Final = 25
SECONDS_EACH: Final = 0.02
"""How long an engine is timed in each round."""
COMPILES: Final = 30

CONDITIONS: Final[Facts] = {
    "all": [
        {"field": "contact.state", "op": "in", "value": ["CA", "NY", "TX"]},
        {"field": "attributes.product", "op": "eq", "value": "solar"},
        {"field": "attributes.roof_m2", "op": "gte", "value": 50},
        {"field": "score", "op": "between", "value": [10, 90]},
        {"field": "attribution.utm_medium", "op": "ne", "value": "spam"},
        {"field": "consent.given", "op": "eq", "value": True},
    ]
}
IN_ZEN: Final = (
    'contact.state in ["CA", "NY", "TX"] and attributes.product == "solar" and attributes.roof_m2 >= 50'
    ' and score in [10..90] and attribution.utm_medium != "spam" and consent.given == true'
)
IN_CEL: Final = (
    'contact.state in ["CA", "NY", "TX"] && attributes.product == "solar" && attributes.roof_m2 >= 50'
    ' && score >= 10 && score <= 90 && attribution.utm_medium != "spam" && consent.given == true'
)
IN_RULE_ENGINE: Final = (
    'contact["state"] in ["CA", "NY", "TX"] and attributes["product"] == "solar" and attributes["roof_m2"] >= 50'
    ' and score >= 10 and score <= 90 and attribution["utm_medium"] != "spam" and consent["given"] == true'
)
MEETS_ALL: Final[Facts] = {
    "contact": {"first_name": "Mia", "last_name": "Moss", "state": "NY", "postal_code": "10001"},
    "attributes": {"product": "solar", "roof_m2": 120, "owner": True},
    "consent": {"given": True, "text": "You may call me."},
    "attribution": {"utm_source": "search", "utm_medium": "cpc"},
    "score": 50,
    "source_id": "web",
    "campaign_id": "solar",
}


@dataclass(frozen=True, slots=True)
class Engine:
    """A way of evaluating the conditions."""

    name: str
    compile: Callable[[], Callable[[Any], Any]]
    """From the conditions as they are stored to what tests facts."""
    takes: Callable[[Facts], Any] = dict
    """What the engine wants facts to be; done once per lead, and not timed."""


def measure() -> list[Row]:
    """A row per engine."""
    ready = [(engine, engine.compile()) for engine in ENGINES]
    for engine, test in ready:
        check(engine, test)
    timers = [
        Timer("test(facts)", globals={"test": test, "facts": engine.takes(MEETS_ALL)})
        for engine, test in ready
    ]
    counts = [max(1, round(SECONDS_EACH * 100 / timer.timeit(100))) for timer in timers]
    spent: list[list[float]] = [[] for _ in timers]
    for _ in range(ROUNDS):
        for timer, times, n in zip(timers, spent, counts, strict=True):
            times.append(timer.timeit(n) / n * 1e9)
    fastest = median(spent[0])
    return [
        {
            "engine": engine.name,
            "median ns": round(median(times)),
            "least ns": round(min(times)),
            "times Baton's": median(times) / fastest,
            "compile us": _compile_us(engine),
            "a field is missing": _says(test, engine.takes(changed("attributes.product", None))),
        }
        for (engine, test), times in zip(ready, spent, strict=True)
    ]


def check(engine: Engine, test: Callable[[Any], Any]) -> None:
    """Raises ValueError where the engine does not say of a lead what the six conditions do."""
    for path, value, meant in LEADS:
        facts = changed(path, value)
        if test(engine.takes(facts)) is not meant:
            message = f"{engine.name} does not say {meant} where {path} is {value!r}"
            raise ValueError(message)


def changed(path: str, value: Any) -> Facts:
    """The lead that meets all conditions with one value changed, or left out (None)."""
    facts = deepcopy(MEETS_ALL)
    group, _, name = path.rpartition(".")
    place = facts[group] if group else facts
    place[name] = value
    if value is None:
        del place[name]
    return facts


def _compile_us(engine: Engine) -> float:
    times = []
    for _ in range(COMPILES):
        begun = time.perf_counter_ns()
        engine.compile()
        times.append(time.perf_counter_ns() - begun)
    return median(times) / 1e3


def _says(test: Callable[[Any], Any], facts: Any) -> str:
    try:
        return str(test(facts)).lower()
    except Exception as error:  # every engine has errors of its own, and which one is what is asked
        return f"raises {type(error).__name__}"


LEADS: Final[tuple[tuple[str, Any, bool], ...]] = (
    ("contact.state", "NY", True),
    ("contact.state", "TX", True),
    ("contact.state", "FL", False),
    ("attributes.product", "wind", False),
    ("attributes.roof_m2", 50, True),
    ("attributes.roof_m2", 49, False),
    ("score", 10, True),
    ("score", 90, True),
    ("score", 9, False),
    ("score", 91, False),
    ("attribution.utm_medium", "spam", False),
    ("consent.given", False, False),
)
"""One value of the lead that meets all conditions, what it becomes, and whether the lead still meets them."""
_PARSER: Final[TypeAdapter[Condition]] = TypeAdapter(Condition)
ENGINES: Final = (
    Engine("Baton, Python closures", lambda: compile_condition(_PARSER.validate_python(CONDITIONS))),
    Engine("zen-engine, Rust", lambda: zen.compile_expression(IN_ZEN).evaluate),
    Engine("CEL, Rust, facts converted once", lambda: cel.compile(IN_CEL).execute, cel.Context),
    Engine("CEL, Rust, facts as they are", lambda: cel.compile(IN_CEL).execute),
    Engine("rule-engine, Python", lambda: rule_engine.Rule(IN_RULE_ENGINE).matches),
)
