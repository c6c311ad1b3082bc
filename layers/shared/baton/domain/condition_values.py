"""The values that conditions compare with: plain ones, a distance from a postal code, hours of the day."""

from datetime import time
from math import inf
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, Field, model_validator

from baton.domain.documents import Document
from baton.domain.geography import five_digits
from baton.domain.zones import WallClock, Weekday, ZoneName

type Scalar = str | int | float | bool

MAX_MILES: Final = 12_500
"""Half way around the world."""


def is_number(value: Any) -> bool:
    """Whether a value is a number; true and false are not, nor is what JSON cannot say: infinity and NaN."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < inf


class Radius(Document):
    """Everywhere at most so many miles from a postal code, as the crow flies."""

    postal_code: Annotated[str, AfterValidator(five_digits)]
    miles: Annotated[float, Field(gt=0, le=MAX_MILES, strict=True, allow_inf_nan=False)]


class Hours(Document):
    """Hours of the day, from the first up to, not including, the last; past midnight where the last is earlier."""

    from_: Annotated[WallClock, Field(alias="from")]
    until: WallClock
    zone: ZoneName
    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = tuple(Weekday)
    """The days on which the hours begin."""

    @model_validator(mode="after")
    def _is_a_while(self) -> Self:
        if self.from_ == self.until != time.min:
            message = '"from" and "until" must differ; a whole day is from "00:00" until "00:00"'
            raise ValueError(message)
        return self
