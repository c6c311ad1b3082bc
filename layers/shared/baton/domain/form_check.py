"""Checking a form: what a campaign asks of each field, applied to what was sent."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from baton.domain.addresses import is_postal_code
from baton.domain.condition_tests import Facts, compile_condition
from baton.domain.email_addresses import read_address
from baton.domain.fields import FieldType
from baton.domain.form import WHOLE, FieldRule, Format
from baton.domain.patterns import finder
from baton.domain.phone_numbers import read_number

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(?:\.[0-9]{1,15})?")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_YES: Final = frozenset({"true", "yes", "on", "y", "1"})
_NO: Final = frozenset({"false", "no", "off", "n", "0"})
MAX_NAMED: Final = 10
"""Allowed values that a problem names."""


def converted(value: Any, wanted: FieldType) -> tuple[Any, str | None]:
    """The value as that type, which forms can only send as text; and what is wrong where it is none."""
    if value is None or value == "":
        return None, None
    match wanted:
        case FieldType.NUMBER:
            return _number(value)
        case FieldType.BOOLEAN:
            word = str(value).strip().lower() if isinstance(value, str | bool | int) else ""
            if word in _YES | _NO:
                return word in _YES, None
            return value, "must be yes or no"
        case FieldType.LIST:
            return (value if isinstance(value, list) else [value]), None
        case FieldType.MOMENT:
            return value, None if _is_moment(value) else "must be an ISO 8601 date or date and time"
        case FieldType.TEXT:
            if isinstance(value, bool):
                return "true" if value else "false", None
            if isinstance(value, int | float):
                return str(value), None
            return value, None if isinstance(value, str) else "must be text"


def problems_of(
    rules: Mapping[str, FieldRule], facts: Facts, region: str
) -> Iterator[tuple[str, str, FieldRule]]:
    """Each field that is not as its rule asks: its path, what is wrong, and the rule."""
    for path, rule in rules.items():
        value = _at(path, facts)
        if value in (None, "", []):
            if rule.required_if is not None and compile_condition(rule.required_if)(facts):
                yield path, "is required", rule
            continue
        if problem := problem_of(value, rule, facts, region):
            yield path, problem, rule


def problem_of(value: Any, rule: FieldRule, facts: Facts, region: str) -> str | None:
    """What is wrong with a value by its rule, never repeating the value."""
    entries = value if isinstance(value, list) else [value]
    if rule.allowed and not all(any(_same(entry, one) for one in rule.allowed) for entry in entries):
        named = ", ".join(str(one) for one in rule.allowed[:MAX_NAMED])
        more = len(rule.allowed) - MAX_NAMED
        return f"must be one of: {named}" + (f" and {more} more" if more > 0 else "")
    sized = value if isinstance(value, list | str) else str(value)
    if not _between(len(sized), rule.min_length, rule.max_length):
        unit = "entries" if isinstance(value, list) else "characters"
        return f"must have {_bounds(rule.min_length, rule.max_length)} {unit}"
    problems = (
        problem
        for entry in entries
        if (problem := _number_problem(entry, rule) or _text_problem(entry, rule, facts, region))
    )
    return next(problems, None)


def _number_problem(value: Any, rule: FieldRule) -> str | None:
    if rule.minimum is None and rule.maximum is None:
        return None
    number, problem = _number(value)
    if problem or _between(number, rule.minimum, rule.maximum):
        return problem
    return f"must be {_bounds(rule.minimum, rule.maximum)}"


def _text_problem(value: Any, rule: FieldRule, facts: Facts, region: str) -> str | None:
    if rule.pattern is None and rule.format is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return "must be text"
    text = str(value)
    if rule.pattern is not None and not finder(WHOLE.format(rule.pattern))(text):
        return "is not written as it has to be"
    if rule.format is not None and not _has_format(text, rule.format, facts, region):
        return f"is no {_WORDS[rule.format]}"
    return None


_WORDS: Final = {
    Format.EMAIL: "email address",
    Format.PHONE: "phone number that there can be",
    Format.POSTAL_CODE: "postal code",
    Format.URL: "web address, such as https://example.com/page",
    Format.DATE: "date, such as 2026-11-26",
    Format.UUID: "UUID",
    Format.DIGITS: "row of digits",
}


def _has_format(text: str, wanted: Format, facts: Facts, region: str) -> bool:
    match wanted:
        case Format.EMAIL:
            return read_address(text) is not None
        case Format.PHONE:
            number = read_number(text, region)
            return number is not None and number.valid
        case Format.POSTAL_CODE:
            return is_postal_code(text, _at("contact.country", facts) or region)
        case Format.URL:
            return _is_url(text)
        case Format.DATE:
            return _parses(text, date)
        case Format.UUID:
            return _UUID.fullmatch(text) is not None
        case Format.DIGITS:
            return text.isascii() and text.isdigit()


def _number(value: Any) -> tuple[Any, str | None]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value, None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        plain = value.strip().replace(",", "")
        return (float(plain) if "." in plain else int(plain)), None
    return value, "must be a number"


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and (_parses(value, datetime) or _parses(value, date))


def _parses(text: str, kind: type[date]) -> bool:
    try:
        kind.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(map(str.isspace, text))


def _same(value: Any, one: Any) -> bool:
    """Equal and of one kind: True is not 1."""
    return isinstance(value, bool) is isinstance(one, bool) and bool(value == one)


def _at(path: str, facts: Facts) -> Any:
    group, _, name = path.partition(".")
    found = facts.get(group)
    return found.get(name) if isinstance(found, Mapping) else None


def _between(number: float, least: float | None, most: float | None) -> bool:
    return (least is None or number >= least) and (most is None or number <= most)


def _bounds(least: float | None, most: float | None) -> str:
    if least is None:
        return f"at most {most:g}"
    return f"at least {least:g}" if most is None else f"from {least:g} to {most:g}"
