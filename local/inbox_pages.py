"""The inbox's pages as HTML. Whatever a lead or a rep is called stays text."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from local.inbox_box import Contents, Rep
from local.inbox_messages import LINK, Message

FOLDER = Path(__file__).with_name("pages")
MAX_SHOWN = 200
UTM = {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "solar-roofs"}
CONSENT = "I agree that Sunny Roofs may call, text or email me about my request."


def inbox_page(contents: Contents, version: str, rep_id: str | None) -> str:
    """The newest messages, of everybody or of one rep."""
    found = messages_of(contents, rep_id)
    shown = "".join(_message(message, contents.rep_of(message)) for message in found[:MAX_SHOWN])
    older = len(found) - MAX_SHOWN
    return _page(
        "inbox.html",
        title=f"Inbox ({len(found)})",
        version=escape(version),
        chips=_chips(contents, rep_id),
        problem=f'<p class="problem" role="alert">{escape(contents.problem)}</p>' if contents.problem else "",
        messages=shown or '<li class="empty">No messages yet. Send a lead with the demo form.</li>',
        older=f'<p class="note">... and {older} older ones.</p>' if older > 0 else "",
    )


def form_page(api_url: str, thanks_url: str, query: Mapping[str, str]) -> str:
    """The demo form. `utm_*` in its own address go with the lead, as on a real landing page.

    It works without scripts; with them, baton.js sends it, and keeps what could not be sent.
    """
    utm = {**UTM, **{name: value for name, value in query.items() if name.startswith("utm_")}}
    hidden = {"_redirect": thanks_url, "consent_text": CONSENT, **utm}
    return _page(
        "form.html",
        action=escape(f"{api_url}/v1/sources/web-form/leads"),
        script=escape(f"{api_url}/v1/baton.js"),
        hidden="".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in hidden.items()
        ),
        consent=escape(CONSENT),
    )


def thanks_page() -> str:
    """Where the demo form leads to."""
    return _page("thanks.html")


def messages_of(contents: Contents, rep_id: str | None) -> list[Message]:
    """All messages of that rep, or of everybody, newest first."""
    return [m for m in contents.messages if rep_id is None or contents.rep_of(m).id == rep_id]


def linked(text: str) -> str:
    """A text as HTML, its links clickable."""
    parts, end = [], 0
    for match in LINK.finditer(text):
        link = escape(match[0])
        parts += [
            escape(text[end : match.start()]),
            f'<a href="{link}" target="_blank" rel="noopener noreferrer">{link}</a>',
        ]
        end = match.end()
    return "".join([*parts, escape(text[end:])])


def _page(name: str, **values: str) -> str:
    return Template((FOLDER / name).read_text(encoding="utf-8")).substitute(values)


def _message(message: Message, rep: Rep) -> str:
    at = datetime.fromtimestamp(message.at, UTC)
    subject = f"<h2>{escape(message.subject)}</h2>" if message.channel == "email" else ""
    return (
        f'<li class="{message.channel}" id="m-{escape(message.id)}"><header>'
        f"<b>{'SMS' if message.channel == 'sms' else 'Mail'}</b> to <strong>{escape(rep.name)}</strong> "
        f'<span>{escape(message.to)}</span><time datetime="{at.isoformat()}">'
        f"{at.astimezone().strftime('%a %d %b %H:%M:%S')}</time></header>"
        f"{subject}<p>{linked(message.text)}</p></li>"
    )


def _chips(contents: Contents, rep_id: str | None) -> str:
    """A link per rep with the number of messages, and one for everybody."""
    counts = Counter(contents.rep_of(message).id for message in contents.messages)
    reps = {rep.id: rep.name for rep in contents.reps.values()}
    names = reps | {who: who for who in counts if who not in reps}
    chips = [_chip("/", "Everybody", len(contents.messages), rep_id is None)]
    for who, name in sorted(names.items(), key=lambda rep: rep[1]):
        chips.append(_chip("/?" + urlencode({"rep": who}), name, counts[who], who == rep_id))
    return "".join(chips)


def _chip(link: str, name: str, count: int, chosen: bool) -> str:
    current = ' aria-current="true"' if chosen else ""
    return f'<a href="{escape(link)}"{current}>{escape(name)} <span>{count}</span></a>'
