"""What is remembered of leads in other systems: their ids there, and what was told already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from baton.domain.connectors.talk import Linked


class Links(Protocol):
    """By subscription: what a lead is called there."""

    def get(self, subscription_id: str, lead_id: str) -> Linked:
        """What is known of the lead there; nothing yet, where nothing was put. Raises StoreUnavailable."""
        ...

    def put(self, subscription_id: str, lead_id: str, linked: Linked, until: datetime) -> None:
        """This is known now: only who has begun a try of the lead's delivery says so. Raises StoreUnavailable."""
        ...
