"""Post an event to a subscriber: one signed request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from baton.application.keep_secrets import secret_name
from baton.application.outgoing import Outgoing
from baton.domain.event_delivery import Outcome
from baton.domain.subscription import Subscription
from baton.domain.webhooks import UnusableSecret, sign

if TYPE_CHECKING:
    from baton.application.outgoing import Http, Secrets
    from baton.application.ports import Clock
    from baton.domain.announcement import Announcement
    from baton.domain.lead import Contact

TIMEOUT_MS: Final = 15_000
"""As Standard Webhooks has it."""


class PostEvent:
    """Signed by Standard Webhooks, with each secret of the subscription that is stored."""

    def __init__(self, http: Http, secrets: Secrets, clock: Clock) -> None:
        self._http = http
        self._secrets = secrets
        self._clock = clock

    def __call__(
        self, subscription: Subscription, announcement: Announcement, contact: Contact | None = None
    ) -> Outcome:
        """What came of it. `contact`: of the lead, where the subscription asks for it. Raises StoreUnavailable."""
        assert subscription.url is not None, "a webhook has an address"
        now, body = self._clock.now(), body_of(subscription, announcement, contact)
        try:
            signatures = [
                sign(secret, announcement.id, now, body) for secret in self._secrets_of(subscription)
            ]
        except UnusableSecret:
            return Outcome(trouble="unusable-secret")
        if not signatures:
            return Outcome(trouble="no-secret")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Baton",
            "webhook-id": announcement.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        }
        answer = self._http.send(Outgoing("POST", subscription.url, headers, body, TIMEOUT_MS))
        trouble = answer.trouble.value if answer.trouble else None
        return Outcome(answer.status, trouble, answer.headers)

    def _secrets_of(self, subscription: Subscription) -> list[str]:
        names = [secret_name(Subscription.kind, subscription.id, name) for name in subscription.secrets]
        return [secret for name in names if (secret := self._secrets.get(name)) is not None]


def body_of(subscription: Subscription, announcement: Announcement, contact: Contact | None) -> bytes:
    """What is sent. With personal data, `contact` is null where the lead is gone or its person was forgotten."""
    data: dict[str, Any] = announcement.model_dump(mode="json")
    if subscription.personal_data:
        data["contact"] = contact.model_dump(mode="json", exclude_none=True) if contact else None
    message = {"type": announcement.kind.value, "timestamp": data["at"], "data": data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
