"""Recipients: who can get a lead. A rep is a person; a buyer is a company with an endpoint."""

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from baton.domain.conditions import Condition, Test, compile_condition
from baton.domain.documents import Configured, Document
from baton.domain.schedule import Schedule, ZoneName

Phone = Annotated[str, Field(pattern=r"^\+[1-9]\d{6,14}$")]
"""An E.164 phone number."""
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]


class Caps(Document):
    """How many leads a recipient may get. None: no limit."""

    per_day: Annotated[int, Field(ge=0)] | None = None
    """Offers in one calendar day of the recipient's zone; a given-back offer no longer counts."""
    open_leads: Annotated[int, Field(ge=0)] | None = None
    """Leads that the recipient has, or has been offered, and that are not finished."""


class Recipient(Configured):
    """Somebody who can get a lead, with what must hold for that."""

    kind = "recipient"

    type: Literal["rep"] = "rep"
    name: Annotated[str, Field(min_length=1, max_length=100)]
    phone: Phone | None = None
    email: Email | None = None
    zone: ZoneName
    active: bool = True
    schedule: Schedule = Schedule()
    accepts: Condition | None = None
    """Which leads this recipient may get: territory, language, product, score. None: any."""
    caps: Caps = Caps()

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not (self.phone or self.email):
            message = "a rep needs a phone number or an email address"
            raise ValueError(message)
        return self

    @cached_property
    def accepts_test(self) -> Test:
        """`accepts`, compiled once."""
        return compile_condition(self.accepts)
