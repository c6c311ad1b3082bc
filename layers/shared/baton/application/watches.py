"""What sees to a lead that a rep has: an execution of the workflow of assignments, and who starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class Watches(Protocol):
    """Executions that wait until something is to be done about a lead that a rep has."""

    def start(self, lead_id: str, offer_no: int, again: datetime | None = None) -> None:
        """Start the execution for that assignment, unless it was started before. Raises WorkflowUnavailable.

        `again`: the first has died; another is started, at most one in that minute. Two of them do no harm.
        """
        ...


class WatchLead:
    """A rep has got a lead about which something will be to be done, or has lost one and is to be told."""

    def __init__(self, watches: Watches) -> None:
        self._watches = watches

    def __call__(self, lead_id: str, offer_no: int, again: datetime | None = None) -> None:
        """Raises WorkflowUnavailable; the message is given again then, and in the end the sweep starts it.

        `again`: when the lead was taken back; the execution of the assignment may be over.
        """
        self._watches.start(lead_id, offer_no, again)
