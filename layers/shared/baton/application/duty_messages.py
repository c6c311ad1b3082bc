"""What is written when something is to be done about a lead: to its rep, to others, and to the person."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from baton.application.messages import Message, in_short, person
from baton.domain.acknowledgement import filled_in
from baton.domain.zones import zone

if TYPE_CHECKING:
    from datetime import datetime

    from baton.domain.acknowledgement import Acknowledgement
    from baton.domain.lead import Lead
    from baton.domain.recipient import Recipient


def reminder_for(lead: Lead, rep: Recipient, link: str, hold_off: str = "") -> Message:
    """A rep has a lead, and has not said that they have reached the person.

    `hold_off`: a sentence that says until when the person is to be left in peace.
    """
    quiet = f"{hold_off}. " if hold_off else ""
    words = (
        f"Yours since {_clock(lead.moved_at, rep)}, and waits for your call. {quiet}Called already? Say so"
    )
    return _message("Reminder", lead, words, link)


def taken_back_for(lead: Lead, rep: Recipient) -> Message:
    """A lead is a rep's no more, because they did not reach the person in time."""
    words = f"Received {_clock(lead.received_at, rep)}. It goes to a colleague: please do not call any more"
    return _message("Passed on", lead, words)


def escalation_for(lead: Lead, holder: str, told: Recipient) -> Message:
    """Somebody hears that nobody has reached a person. `holder`: the name of the rep who has the lead."""
    words = f"Received {_clock(lead.received_at, told)}. {holder} has the lead {lead.lead_id}"
    return _message("Not contacted", lead, words, hidden=True)


def acknowledgement_for(text: Acknowledgement, lead: Lead, rep: Recipient) -> Message:
    """What the person hears. Of what they wrote themselves only a short first name is said, without any link."""
    blanks = {
        "first_name": in_short(lead.contact.first_name or ""),
        "rep": first_name(rep),
        "rep_phone": rep.phone or text.phone or "",
        "company": text.company,
    }
    subject = filled_in(text.mail.subject, blanks) if text.mail else ""
    body = filled_in(text.mail.text, blanks) if text.mail else ""
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in body.split("\n\n"))
    html = paragraphs.replace("\n", "<br>")
    return Message(sms=filled_in(text.sms or "", blanks), subject=subject, text=body, html=html)


def first_name(rep: Recipient) -> str:
    """What a person calls the rep: `Grace` of `Grace Kim, head of sales`."""
    return rep.name.split()[0].strip(",;:()") or rep.name


def _who(lead: Lead, *, hidden: bool = False) -> str:
    return in_short(person(lead.contact, hidden=hidden))


def _clock(at: datetime, reader: Recipient) -> str:
    return f"{at.astimezone(zone(reader.zone)):%a %H:%M}"


def _message(heading: str, lead: Lead, words: str, link: str = "", *, hidden: bool = False) -> Message:
    subject = f"{heading}: {_who(lead, hidden=hidden)}"
    ending = f": {link}" if link else "."
    html = f'<p><a href="{escape(link)}">{escape(link)}</a></p>' if link else ""
    return Message(
        sms=f"{subject}. {words}{ending}",
        subject=subject,
        text=f"{words}{ending}\n",
        html=f"<h1>{escape(subject)}</h1><p>{escape(words)}{':' if link else '.'}</p>{html}",
        facts=f"{words}.",
        public=f"{heading}: {_who(lead, hidden=True)}",
        ask="Say how it went" if link else "",
    )
