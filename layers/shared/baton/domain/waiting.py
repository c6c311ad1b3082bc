"""Leads that nobody has yet: on their way, or parked until somebody decides."""

from enum import StrEnum
from typing import Final

from baton.domain.lead import MOVING, PARKED, Lead


class Wait(StrEnum):
    """How a lead waits."""

    PARKED = "parked"
    """It stands still until a person decides, or somebody can take it."""
    MOVING = "moving"
    """It is on its way: nobody has it yet."""


WAITING: Final = {Wait.PARKED: PARKED, Wait.MOVING: MOVING}
"""The states of those that wait."""


def wait_of(lead: Lead) -> Wait | None:
    """How a lead waits, if it does."""
    return next((wait for wait, states in WAITING.items() if lead.state in states), None)
