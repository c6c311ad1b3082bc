"""Campaigns: what a lead is for."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from baton.domain.documents import Configured, Id
from baton.domain.scoring import Scoring


class Reveal(StrEnum):
    """When a rep sees a lead's personal details in full."""

    AT_ONCE = "at_once"
    AFTER_ACCEPTANCE = "after_acceptance"


class Campaign(Configured):
    """The fields a lead must have, how it is scored, and the plan that distributes it."""

    kind = "campaign"

    name: str
    plan_id: Id
    required: tuple[Annotated[str, Field(pattern=r"^(contact|attributes)\.[^.]+$")], ...] = ()
    """Fields that a lead must have, as `contact.email` or `attributes.product`."""
    scoring: Scoring = Scoring()
    reveal: Reveal = Reveal.AT_ONCE
