"""Channel connect: a task in Amazon Connect, or a call to the rep that can be connected with the lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from baton.application.channels import NOT_SET_UP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from baton.application.channels import Note
    from baton.domain.recipient import Recipient

MAX_FACTS: Final = 4_000
"""Characters of a task's description."""
MAX_NAME: Final = 512


class CallCentre(Protocol):
    """Amazon Connect, or who plays it. The same id twice makes one task or one call."""

    def task(
        self, flow: str | None, name: str, text: str, link: str, attributes: Mapping[str, str], key: str
    ) -> bool:
        """Start a task. False: refused for good. Raises NotificationFailed."""
        ...

    def call(self, flow: str | None, phone: str, attributes: Mapping[str, str], key: str) -> bool:
        """Call a phone. False: refused for good. Raises NotificationFailed."""
        ...


class TellByConnect:
    """The Sender port, where the deployment has a call centre."""

    def __init__(self, centre: CallCentre | None) -> None:
        self._centre = centre

    def __call__(self, recipient: Recipient, note: Note) -> str | None:
        """See Sender."""
        place, message = recipient.connect, note.message
        if self._centre is None or place is None:
            return NOT_SET_UP
        attributes = attributes_of(recipient, note)
        if place.how == "call":
            taken = self._centre.call(place.flow, recipient.phone or "", attributes, note.id)
        else:
            name, facts = message.subject[:MAX_NAME], message.facts[:MAX_FACTS]
            taken = self._centre.task(place.flow, name, facts, note.link, attributes, note.id)
        return None if taken else "refused"


def attributes_of(recipient: Recipient, note: Note) -> dict[str, str]:
    """What a flow can go by. `lead_phone` is whom to connect the rep with; it is missing until the rep may know it."""
    known = {
        "recipient_id": recipient.id,
        "lead_id": note.lead_id,
        "offer": str(note.offer_no or ""),
        "kind": note.kind,
        "text": note.message.public,
        "lead_phone": note.lead_phone or "",
    }
    return {name: value for name, value in known.items() if value}
