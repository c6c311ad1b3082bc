"""Admit other systems by key or signature: a buyer that returns a lead, a vendor that sends one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baton.application.keep_secrets import secret_name
from baton.domain.access import is_known
from baton.domain.recipient import Recipient
from baton.domain.trade_errors import CallerUnknown
from baton.domain.webhooks import verify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from baton.application.outgoing import Secrets
    from baton.application.ports import Clock, Configuration

KEY_HEADER: Final = "x-api-key"


class AdmitCaller:
    """Either an API key of which a digest is known, or a Standard Webhooks signature over the body."""

    def __init__(self, configuration: Configuration, secrets: Secrets, clock: Clock) -> None:
        self._configuration = configuration
        self._secrets = secrets
        self._clock = clock

    def buyer(self, recipient_id: str, headers: Mapping[str, str], body: bytes) -> Recipient:
        """The buyer that sent the request; headers by lower-case name.

        Raises CallerUnknown, the same for a buyer that there is not, one without keys, and a wrong key.
        """
        found = self._configuration.get_many(Recipient, [recipient_id]).get(recipient_id)
        buyer = found.buyer if found else None
        keys = buyer.return_keys if buyer else ()
        secret = buyer.return_secret if buyer else None
        name = secret_name(Recipient.kind, recipient_id, secret) if secret else None
        if found is None or not self.is_let_in(keys, name, headers, body):
            message = "send the key in X-Api-Key, or sign the request as Standard Webhooks asks"
            raise CallerUnknown(message)
        return found

    def is_let_in(
        self, keys: Sequence[str], secret: str | None, headers: Mapping[str, str], body: bytes
    ) -> bool:
        """Whether a request shows one of these keys, by digest, or is signed with the secret of that full name."""
        if is_known(headers.get(KEY_HEADER), keys):
            return True
        if secret is None or "webhook-signature" not in headers:
            return False
        value = self._secrets.get(secret)
        return value is not None and verify([value], headers, body, self._clock.now())
