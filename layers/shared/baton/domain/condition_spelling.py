"""Whether a condition asks for what leads never say so: they are stored in one spelling, Texas as TX."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from baton.domain.addresses import STATES, country_code, state_code
from baton.domain.condition_types import Problem
from baton.domain.conditions import Condition, Leaf, Not, Op, parts_of

MAX_TOLD: Final = 5
"""Values of one comparison that are named."""
_EQUALS: Final = frozenset({Op.EQ, Op.NE, Op.IN, Op.NOT_IN})


def misspelt(condition: Condition | None, place: str = "") -> Iterator[Problem]:
    """Values that no lead is stored with, each with its place in the condition and what leads have instead."""
    if condition is None:
        return
    if isinstance(condition, Leaf):
        if problem := _problem(condition):
            yield place, problem
        return
    key = "not" if isinstance(condition, Not) else next(iter(type(condition).model_fields))
    for index, part in enumerate(parts_of(condition)):
        step = key if isinstance(condition, Not) else f"{key}[{index}]"
        yield from misspelt(part, f"{place}.{step}" if place else step)


def _problem(leaf: Leaf) -> str | None:
    spelt = _SPELT.get(leaf.field)
    if spelt is None or leaf.op not in _EQUALS:
        return None
    values = leaf.value if isinstance(leaf.value, list) else [leaf.value]
    wrong = {text: right for text in values if isinstance(text, str) and (right := spelt(text))}
    if not wrong:
        return None
    told = ", ".join(f'{right} for "{text}"' for text, right in list(wrong.items())[:MAX_TOLD])
    return f"{leaf.field} is a code in leads{_WHERE.get(leaf.field, '')}: write {told}"


def _state(text: str) -> str | None:
    """The code of a state or province that somebody wrote in another way, in whichever country has it."""
    if any(text in states for states in STATES.values()):
        return None
    codes = (state_code(text, country) for country in STATES)
    return next((code for country, code in zip(STATES, codes, strict=True) if code in STATES[country]), None)


def _country(text: str) -> str | None:
    code = country_code(text)
    return code if code != text else None


_SPELT: Final[Mapping[str, Callable[[str], str | None]]] = {
    "contact.state": _state,
    "contact.country": _country,
}
"""How each field is spelt where a value of a condition is not: None where it is."""
_WHERE: Final[Mapping[str, str]] = {"contact.state": " from the United States and Canada"}
