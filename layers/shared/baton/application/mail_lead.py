"""Deliver a lead by mail, to a buyer without a system of its own: as text, and as a CSV file to import."""

import csv
import re
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import Final

from baton.application.messages import details
from baton.application.ports import Notifier
from baton.domain.lead import Lead
from baton.domain.offer import Offer
from baton.domain.recipient import Recipient

_FORMULA: Final = re.compile(r"\s*(?:[=@]|[+-](?!\d+$))")
"""How text begins that a spreadsheet would compute; a phone number is none."""
_LINES: Final = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]+")
"""What would begin a line of its own in a mail."""


class MailLead:
    """One mail with everything."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def __call__(
        self, lead: Lead, offer: Offer, recipient: Recipient, *, contact_from: datetime | None = None
    ) -> bool:
        """False: the address was refused for good. `contact_from`: until when the person is to be left in peace.

        Raises NotificationFailed.
        """
        price = f"{(offer.price_cents or 0) / 100:.2f} {offer.currency}"
        known = [
            ("lead_id", lead.lead_id),
            ("received_at", lead.received_at.isoformat()),
            ("price", price),
            *([("contact_from", contact_from.isoformat())] if contact_from else []),
            *_distinct(details(lead, hidden=False)),
        ]
        text = "\n".join(f"{label}: {_LINES.sub(' ', value)}" for label, value in known)
        subject = f"Lead {lead.lead_id[:8]} of campaign {lead.campaign_id}"
        return self._notifier.email_file(
            recipient.email or "", subject, text, f"lead-{lead.lead_id}.csv", csv_of(known)
        )


def _distinct(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The rows, of which no later one takes the name of an earlier: what a form calls `email` is not the address."""
    names: set[str] = set()
    found = []
    for label, value in rows:
        name = label if label.casefold() not in names else f"{label} (attribute)"
        names.add(label.casefold())
        found.append((name, value))
    return found


def csv_of(row: Sequence[tuple[str, str]]) -> str:
    """A header and one row. Text that a spreadsheet would take for a formula is quoted with an apostrophe."""
    out = StringIO()
    writer = csv.writer(out)
    for cells in zip(*row, strict=True):
        writer.writerow(f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells)
    return out.getvalue()
