"""Leads that nobody has: on their way, or parked until somebody decides."""

from enum import StrEnum

from baton.domain.lead import MOVING, PARKED, Lead, LeadState


class Wait(StrEnum):
    """How a lead waits."""

    PARKED = "parked"
    """It stands still until a person decides, or somebody can take it."""
    RETURNED = "returned"
    """A rep gave it back. Of those of buyers their campaign's rules have decided."""
    MOVING = "moving"
    """It is on its way: nobody has it yet."""


def wait_of(lead: Lead) -> Wait | None:
    """How a lead waits, if it does. For one whose person is forgotten nothing can be done."""
    if lead.forgotten_at is not None:
        return None
    if lead.state in PARKED:
        return Wait.PARKED
    if lead.state in MOVING:
        return Wait.MOVING
    of_rep = bool(lead.offers) and lead.offers[-1].price_cents is None
    return Wait.RETURNED if lead.state is LeadState.RETURNED and of_rep else None
