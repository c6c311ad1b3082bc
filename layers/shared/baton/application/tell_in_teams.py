"""Channel teams: a card in Microsoft Teams, posted by a workflow of the rep's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from baton.application.channels import NOT_SET_UP
from baton.application.keep_secrets import secret_name
from baton.application.tell_by_http import post, secret_of, why_refused
from baton.domain.recipient import Recipient

if TYPE_CHECKING:
    from baton.application.channels import Note
    from baton.application.outgoing import Http, Secrets

MAX_FACTS: Final = 4_000
"""Characters, of up to six bytes: Teams takes 28 KB in all, and whoever posts for us is told that it is too much."""
_CARD: Final = "application/vnd.microsoft.card.adaptive"


class TellInTeams:
    """The Sender port. A workflow's URL is as good as a password: it is a secret of the rep's."""

    def __init__(self, http: Http, secrets: Secrets) -> None:
        self._http = http
        self._secrets = secrets

    def __call__(self, recipient: Recipient, note: Note) -> str | None:
        """See Sender."""
        place = recipient.teams
        url = place and secret_of(self._secrets, secret_name(Recipient.kind, recipient.id, place.secret))
        if not url:
            return NOT_SET_UP
        body = json.dumps(message_of(note), ensure_ascii=False).encode()
        return why_refused(post(self._http, url, {}, body))


def message_of(note: Note) -> dict[str, Any]:
    """An Adaptive Card in a message. What others wrote stands in text runs, in which nothing is a link or a format."""
    message, facts = note.message, _shortened(note.message.facts)
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": message.subject,
        "body": [
            _plain(message.subject, size="Large", weight="Bolder"),
            *([_plain(facts)] if facts else []),
        ],
        "actions": [{"type": "Action.OpenUrl", "title": message.ask, "url": note.link}] if note.link else [],
    }
    return {"type": "message", "attachments": [{"contentType": _CARD, "contentUrl": None, "content": card}]}


def _shortened(facts: str) -> str:
    """In one piece: a block for every line would take ten times the room."""
    lines = "\n".join(line for line in facts.split("\n") if line.strip())
    return lines if len(lines) <= MAX_FACTS else f"{lines[:MAX_FACTS]}..."


def _plain(text: str, **look: str) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **look}]}
