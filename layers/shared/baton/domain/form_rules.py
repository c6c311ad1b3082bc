"""Whether a campaign's rules for fields can be met: checked when it is stored, before any lead meets them."""

from collections.abc import Iterator, Mapping
from typing import Final

from baton.domain.condition_types import type_problems
from baton.domain.conditions import AllOf, AnyOf, Condition, Leaf, Not
from baton.domain.fields import FieldType
from baton.domain.form import FieldRule
from baton.domain.lead import Contact

SENT: Final = frozenset({"contact", "attributes", "attribution", "consent", "quality"})
"""What is known of a lead while its form is checked."""
MAX_NAMED: Final = 20
"""Attributes that are named where one is unknown."""


def rule_problems(rules: Mapping[str, FieldRule], types: Mapping[str, FieldType]) -> list[str]:
    """What is wrong with the rules, each with its place. `types`: the declared attributes; empty: any."""
    return [
        f"{path}{place}: {problem}"
        for path, rule in rules.items()
        for place, problem in (*_unknown(path, types), *_unfit(rule, types))
    ]


def _unknown(path: str, types: Mapping[str, FieldType]) -> Iterator[tuple[str, str]]:
    group, _, name = path.partition(".")
    if group == "contact" and name not in Contact.model_fields:
        yield "", f"is not a contact field; known: {', '.join(Contact.model_fields)}"
    if group == "attributes" and types and name not in types:
        known = ", ".join(sorted(types)[:MAX_NAMED])
        yield "", f"is not declared among the campaign's attributes; known: {known}"


def _unfit(rule: FieldRule, types: Mapping[str, FieldType]) -> Iterator[tuple[str, str]]:
    condition = rule.required_if
    for place, problem in type_problems(condition, types):
        yield f".required_if{'.' if place else ''}{place}", problem
    for field in sorted(set(_fields(condition))) if condition else ():
        if field.partition(".")[0] not in SENT:
            yield ".required_if", f"{field} is not known yet when a form is checked"


def _fields(condition: "Condition") -> Iterator[str]:
    match condition:
        case AllOf(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from _fields(part)
        case Not(not_=part):
            yield from _fields(part)
        case Leaf():
            yield condition.field
