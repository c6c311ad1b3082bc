"""Public holidays by country and region, from the library `holidays`."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from baton.domain.documents import Document

LANGUAGE: Final = "en_US"
"""The language that reasons are in. The library falls back on the country's own where it has no translation."""


class Holidays(Document):
    """Whose public holidays are days off, such as `{country: US, subdivision: MA}`."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    """ISO 3166-1 code: US, ES."""
    subdivision: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    """The part after the country in the ISO 3166-2 code: MA, CT. None: only what the whole country keeps."""

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        _known(self.country, self.subdivision)
        return self

    def name_of(self, day: date) -> str | None:
        """What the holiday on that day is called; None for an ordinary day."""
        return _in_year(self.country, self.subdivision, day.year).get(day)


@lru_cache(maxsize=1024)
def _known(country: str, subdivision: str | None) -> None:
    """Raises ValueError where the library has no such country or region."""
    try:
        _days(country, None)
    except NotImplementedError:  # how the library says that it does not know a country
        message = f"no holidays are known for country '{country}' (an ISO code such as US)"
        raise ValueError(message) from None
    try:
        _days(country, subdivision)
    except NotImplementedError:  # or one of its regions
        message = (
            f"no holidays are known for subdivision '{subdivision}' of '{country}' (an ISO code such as MA)"
        )
        raise ValueError(message) from None


@lru_cache(maxsize=1024)
def _in_year(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    return _days(country, subdivision, year)


def _days(country: str, subdivision: str | None, *years: int) -> dict[date, str]:
    # Here and not above: the import takes 0.3 s, which only schedules that name holidays shall cost.
    from holidays import country_holidays

    return dict(country_holidays(country, subdiv=subdivision, years=years or None, language=LANGUAGE))
