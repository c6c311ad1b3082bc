"""The form: what a campaign asks of each field, and what becomes of fields that it does not ask for."""

from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, field_validator, model_validator

from baton.domain.conditions import Condition
from baton.domain.consent import OnFault
from baton.domain.documents import Document
from baton.domain.patterns import MAX_PATTERN, finder

FieldPath = Annotated[str, Field(pattern=r"^(contact|attributes|attribution)\.[^.]+$", max_length=140)]


class Unknown(StrEnum):
    """What becomes of attributes that the campaign does not know."""

    KEEP = "keep"
    DROP = "drop"
    REFUSE = "refuse"


class Format(StrEnum):
    """How a text has to look."""

    EMAIL = "email"
    PHONE = "phone"
    POSTAL_CODE = "postal_code"
    URL = "url"
    DATE = "date"
    UUID = "uuid"
    DIGITS = "digits"


WHOLE: Final = "^(?:{})$"
"""What makes a pattern one that the whole text must match."""


class FieldRule(Document):
    """What a campaign asks of one field. Its type is declared in the campaign's `attributes`."""

    required_if: Condition | None = None
    """The field must be there in leads that fit."""
    format: Format | None = None
    pattern: Annotated[str, Field(max_length=MAX_PATTERN - len(WHOLE))] | None = None
    """A regular expression (RE2) that the whole text must match."""
    allowed: Annotated[tuple[str | int | float | bool, ...], Field(max_length=1000)] = ()
    """The only values; empty: any."""
    min_length: Annotated[int, Field(ge=0, le=4000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=4000)] | None = None
    minimum: float | None = None
    maximum: float | None = None
    on_fault: OnFault = OnFault.REFUSE

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            # By itself too: brackets that close what they did not open would change what surrounds them.
            finder(pattern)
            finder(WHOLE.format(pattern))
        return pattern

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        for least, most in (("min_length", "max_length"), ("minimum", "maximum")):
            low, high = getattr(self, least), getattr(self, most)
            if low is not None and high is not None and low > high:
                message = f"{least} must be at most {most}"
                raise ValueError(message)
        return self
