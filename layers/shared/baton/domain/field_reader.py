"""Reading fields one by one: what a value may be, whoever sent it. Names every invalid field and repeats no value."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from baton.domain.errors import MAX_ERRORS, FieldError

MAX_KEY: Final = 64
MAX_TEXT: Final = 4000
MAX_DEPTH: Final = 5
MAX_NUMBER: Final = 10**15
"""Beyond this a number is no measurement but a mistake, and JavaScript could not have held it exactly."""
MIN_NUMBER: Final = 1e-100
"""Closer to zero than this, other than zero itself, no store keeps it."""

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
CONTROL_IN_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Longer texts may hold tabs and line ends."""


class FieldReader:
    """Collects errors while it reads, so that a caller learns of all of them together."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []
        self.held: list[str] = []
        """Paths of fields for which the lead is held, and not refused."""

    def refuse(self, field: str, problem: str) -> None:
        """Note what is wrong with the field at this path."""
        if len(self.errors) >= MAX_ERRORS:
            return
        shown = CONTROL.sub("?", field[: 2 * MAX_KEY]).encode(errors="replace").decode()
        self.errors.append(FieldError(shown, problem))

    def key(self, group: str, name: str) -> None:
        """Refuse a name that no field can have."""
        if not name or len(name) > MAX_KEY or CONTROL.search(name) or not _encodes(name):
            self.refuse(
                f"{group}.{name[:MAX_KEY]}", f"has a name that is empty, longer than {MAX_KEY} or not text"
            )

    def text(self, field: str, value: Any, limit: int, forbidden: re.Pattern[str]) -> str | None:
        """A text without outer blanks; None where there is none, or none that may be."""
        if value is None:
            return None
        if isinstance(value, list):
            self.refuse(field, "was sent more than once" if value else "must be text")
        elif not isinstance(value, str):
            self.refuse(field, "must be text")
        elif len(value) > limit:
            self.refuse(field, f"is longer than {limit} characters")
        elif forbidden.search(value):
            self.refuse(field, "contains control characters")
        elif not _encodes(value):
            self.refuse(field, "is not valid Unicode")
        else:
            return value.strip()
        return None

    def value(self, field: str, value: Any, depth: int) -> Any:
        """An attribute's value: JSON of bounded depth and size."""
        field = field[: 2 * MAX_KEY]
        if isinstance(value, str):
            return self.text(field, value, MAX_TEXT, CONTROL_IN_TEXT)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            if not abs(value) <= MAX_NUMBER or 0 < abs(value) < MIN_NUMBER:
                self.refuse(field, "is a number out of range")
            return value
        if depth >= MAX_DEPTH:
            self.refuse(field, f"is nested deeper than {MAX_DEPTH}")
            return None
        if isinstance(value, list):
            return [self.value(f"{field}[{i}]", item, depth + 1) for i, item in enumerate(value)]
        for name in value:
            self.key(field, name)
        return {name: self.value(f"{field}.{name}", item, depth + 1) for name, item in value.items()}

    def moment(self, field: str, value: Any) -> datetime | None:
        """A moment in UTC; None where it is none."""
        try:
            at = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            self.refuse(field, "is not an ISO 8601 date and time that exists")
            return None
        if at.tzinfo is None:
            self.refuse(field, "has no UTC offset")
            return None
        try:
            return at.astimezone(UTC)
        except OverflowError:
            self.refuse(field, "is out of range")
            return None


def _encodes(text: str) -> bool:
    """False for lone surrogates, which JSON can spell and no store can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
