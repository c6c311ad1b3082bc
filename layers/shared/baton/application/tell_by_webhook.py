"""Channel webhook: another company's system tells a rep in its own way, such as a voice call or WhatsApp."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from baton.application.channels import NOT_SET_UP
from baton.application.keep_secrets import secret_name
from baton.application.tell_by_http import post, secret_of, why_refused
from baton.domain.recipient import Recipient
from baton.domain.webhooks import UnusableSecret, sign

if TYPE_CHECKING:
    from baton.application.channels import Note
    from baton.application.outgoing import Http, Secrets
    from baton.application.ports import Clock


class TellByWebhook:
    """The Sender port: one request, signed by Standard Webhooks, with the same id however often it is repeated."""

    def __init__(self, http: Http, secrets: Secrets, clock: Clock) -> None:
        self._http = http
        self._secrets = secrets
        self._clock = clock

    def __call__(self, recipient: Recipient, note: Note) -> str | None:
        """See Sender."""
        place, now = recipient.webhook, self._clock.now()
        if place is None:
            return NOT_SET_UP
        names = [secret_name(Recipient.kind, recipient.id, name) for name in place.secrets]
        secrets = [secret for name in names if (secret := secret_of(self._secrets, name))]
        body = body_of(recipient, note, now.isoformat())
        try:
            signatures = [sign(secret, note.id, now, body) for secret in secrets]
        except UnusableSecret:
            return NOT_SET_UP
        if not signatures:
            return NOT_SET_UP
        headers = {
            "webhook-id": note.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        }
        return why_refused(post(self._http, place.url, headers, body))


def body_of(recipient: Recipient, note: Note, at: str) -> bytes:
    """What is sent: who is to hear it, in which words, and where the answer goes."""
    data: dict[str, Any] = {
        "lead_id": note.lead_id,
        "offer": note.offer_no,
        "recipient": {
            "id": recipient.id,
            "name": recipient.name,
            "phone": recipient.phone,
            "email": recipient.email,
        },
        "answer_until": note.answer_until.isoformat() if note.answer_until else None,
        "link": note.link or None,
        "text": note.message.sms,
        "subject": note.message.subject,
        "facts": note.message.facts,
        "lead_phone": note.lead_phone,
    }
    message = {"type": note.kind, "timestamp": at, "data": data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
