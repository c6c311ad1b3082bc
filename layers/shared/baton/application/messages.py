"""What a recipient reads: who, what, since when, one link."""

import re
from dataclasses import dataclass
from html import escape
from textwrap import shorten
from typing import Final

from baton.domain.campaign import Reveal
from baton.domain.lead import Contact, Lead
from baton.domain.offer import Offer, OfferState
from baton.domain.recipient import Recipient
from baton.domain.zones import zone

MAX_WHO: Final = 60
"""Characters of name and place in an SMS and a subject: the whole SMS is then two segments."""
MAX_NEWS: Final = 200
"""Characters of what is new in an SMS."""
_LINK: Final = re.compile(r"\S*(://|www\.|[a-z]\.[a-z]{2,}/?)\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """One message in the forms that the channels need."""

    sms: str
    subject: str
    text: str
    html: str
    facts: str = ""
    """What is known, a line each; without a link."""
    public: str = ""
    """In a few words, where others read along or hear it: nothing by which the person could be reached or found."""
    ask: str = ""
    """What the link is for."""


def message_for(
    lead: Lead, offer: Offer, recipient: Recipient, link: str, reveal: Reveal, hold_off: str = ""
) -> Message:
    """The message of an offer; one that is the recipient's already asks nothing.

    `hold_off`: a sentence that says until when the person is to be left in peace.
    """
    pending = offer.state is OfferState.PENDING
    hidden = pending and reveal is Reveal.AFTER_ACCEPTANCE
    who = in_short(person(lead.contact, hidden=hidden))
    since = local_time(lead, recipient)
    until = _until(offer, recipient)
    heading = "New lead" if pending else "Your new lead"
    ask = f"Accept or decline{until}" if pending else "Details"
    lines = [f"{label}: {value}" for label, value in details(lead, hidden=hidden)]
    quiet = [f"{hold_off}.", ""] if hold_off else []
    sms = f"{heading}: {who}, {since}. {f'{hold_off}. ' if hold_off else ''}{ask}: {link}"
    settings = f"{link}/settings"
    away = "Away, or to hear of leads in another way:"
    text = "\n".join(
        [f"{heading}, received {since}", "", *quiet, *lines, "", f"{ask}:", link, "", away, settings, ""]
    )
    rows = "".join(
        f"<tr><th align=left>{escape(label)}</th><td>{escape(value)}</td></tr>"
        for label, value in details(lead, hidden=hidden)
    )
    html = (
        f"<h1>{heading}</h1><p>Received {escape(since)}</p>"
        f"{_strong(hold_off)}<table cellpadding=4>{rows}</table>"
        f'<p><a href="{escape(link)}">{escape(ask)}</a></p>'
        f'<p><small><a href="{escape(settings)}">{escape(away.rstrip(":"))}</a></small></p>'
    )
    stranger = in_short(person(lead.contact, hidden=True))
    return Message(
        sms=sms,
        subject=f"{heading}: {who}",
        text=text,
        html=html,
        facts="\n".join([f"Received {since}", *quiet, *lines]),
        public=f"{heading}: {stranger}, {since}. {ask if pending else ''}".rstrip(),
        ask=ask,
    )


def news_for(lead: Lead, first: Lead, hold_off: str = "") -> Message:
    """What whoever has a lead hears when the same person sends another one: the answers that are new.

    `hold_off` as in `message_for`.
    """
    who = in_short(person(first.contact, hidden=False))
    answers = {path: value for path, value in first.additions.items() if _said(lead, path) == value}
    rows = [(_label(path), _plain(value)) for path, value in answers.items()]
    lines = [f"{label}: {value}" for label, value in rows]
    short = shorten("; ".join(_LINK.sub(" ", line) for line in lines), MAX_NEWS, placeholder="...")
    heading = "News from your lead"
    table = "".join(f"<tr><th align=left>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in rows)
    quiet = [f"{hold_off}.", ""] if hold_off else []
    return Message(
        sms=f"{heading} {who}: {short}{f'. {hold_off}.' if hold_off else ''}",
        subject=f"{heading} {who}",
        text="\n".join([f"{heading} {who}", "", *quiet, *lines, ""]),
        html=f"<h1>{heading} {escape(who)}</h1>{_strong(hold_off)}<table cellpadding=4>{table}</table>",
        facts="\n".join([*quiet, *lines]),
        public=f"{heading} {in_short(person(first.contact, hidden=True))}",
    )


def _strong(sentence: str) -> str:
    return f"<p><strong>{escape(sentence)}.</strong></p>" if sentence else ""


def _said(lead: Lead, path: str) -> object:
    group, _, name = path.partition(".")
    return getattr(lead.contact, name, None) if group == "contact" else lead.attributes.get(name)


def _label(path: str) -> str:
    return path.partition(".")[2].replace("_", " ").capitalize()


def in_short(text: str) -> str:
    """What strangers wrote, as it may stand in an SMS: short, no link to tap, no sign that turns the text around."""
    plain = "".join(sign for sign in text if sign.isprintable())
    return shorten(_LINK.sub(" ", plain), MAX_WHO, placeholder="...")


def person(contact: Contact, *, hidden: bool) -> str:
    """Who the lead is, in a few words."""
    last = f"{contact.last_name[:1]}." if hidden and contact.last_name else contact.last_name
    name = " ".join(part for part in (contact.first_name, last) if part) or contact.company or "somebody"
    place = ", ".join(part for part in (contact.city, contact.state) if part)
    return f"{name} ({place})" if place else name


def details(lead: Lead, *, hidden: bool) -> list[tuple[str, str]]:
    """What is known of a lead, labelled; with `hidden` nothing by which the person could be reached or found."""
    contact = lead.contact
    rows = [
        ("Name", person(Contact(first_name=contact.first_name, last_name=contact.last_name), hidden=hidden))
    ]
    if not hidden:
        rows += [
            ("Phone", contact.phone or ""),
            ("Email", contact.email or ""),
            ("Company", contact.company or ""),
            ("Street", contact.street or ""),
        ]
    code = "" if hidden else contact.postal_code
    place = ", ".join(part for part in (code, contact.city, contact.state, contact.country) if part)
    rows.append(("Place", place))
    if not hidden:
        rows += [
            (name.replace("_", " ").capitalize(), _plain(value)) for name, value in lead.attributes.items()
        ]
    return [(label, value) for label, value in rows if value]


def local_time(lead: Lead, recipient: Recipient) -> str:
    """When the lead came in, on the recipient's clock."""
    return lead.received_at.astimezone(zone(recipient.zone)).strftime("%a %H:%M")


def _until(offer: Offer, recipient: Recipient) -> str:
    if offer.expires_at is None:
        return ""
    return " by " + offer.expires_at.astimezone(zone(recipient.zone)).strftime("%H:%M:%S")


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_plain(item)}" for key, item in value.items())
    return "" if value is None else str(value)
