"""Deliver a lead by mail, to a buyer without a system of its own: as text, and as a CSV file to import."""

import csv
import re
from io import StringIO
from typing import Final

from baton.application.messages import details
from baton.application.ports import Notifier
from baton.domain.lead import Lead
from baton.domain.offer import Offer
from baton.domain.recipient import Recipient

_FORMULA: Final = re.compile(r"[=@\t\r]|[+-](?!\d+$)")
"""How text begins that a spreadsheet would compute; a phone number is none."""


class MailLead:
    """One mail with everything."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def __call__(self, lead: Lead, offer: Offer, recipient: Recipient) -> bool:
        """False: the address was refused for good. Raises NotificationFailed."""
        rows = dict(details(lead, hidden=False))
        price = f"{(offer.price_cents or 0) / 100:.2f} {offer.currency}"
        known = {"lead_id": lead.lead_id, "received_at": lead.received_at.isoformat(), "price": price, **rows}
        text = "\n".join(f"{label}: {value}" for label, value in known.items())
        subject = f"Lead {lead.lead_id[:8]} of campaign {lead.campaign_id}"
        return self._notifier.email_file(
            recipient.email or "", subject, text, f"lead-{lead.lead_id}.csv", csv_of(known)
        )


def csv_of(row: dict[str, str]) -> str:
    """A header and one row. Text that a spreadsheet would take for a formula is quoted with an apostrophe."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(row)
    writer.writerow(f"'{value}" if _FORMULA.match(value) else value for value in row.values())
    return out.getvalue()
