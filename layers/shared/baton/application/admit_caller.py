"""Admit other systems by key or signature: a buyer that returns a lead, a vendor that sends one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baton.application.admit_vendor import Proof
from baton.application.keep_secrets import secret_name
from baton.domain.access import is_known
from baton.domain.recipient import Recipient
from baton.domain.trade_errors import CallerUnknown
from baton.domain.webhooks import verify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from baton.application.archive import Configuration
    from baton.application.outgoing import Secrets
    from baton.application.ports import Clock
    from baton.domain.body_signature import BodySignature

KEY_HEADER: Final = "x-api-key"


class AdmitCaller:
    """Either an API key of which a digest is known, or a Standard Webhooks signature over the body."""

    def __init__(self, configuration: Configuration, secrets: Secrets, clock: Clock) -> None:
        self._configuration = configuration
        self._secrets = secrets
        self._clock = clock

    def buyer(self, recipient_id: str, headers: Mapping[str, str], body: bytes) -> tuple[Recipient, Proof]:
        """The buyer that sent the request, and how it showed that; headers by lower-case name.

        Raises CallerUnknown, the same for a buyer that there is not, one without keys, and a wrong key.
        """
        found = self._configuration.get_many(Recipient, [recipient_id]).get(recipient_id)
        buyer = found.buyer if found else None
        keys = buyer.return_keys if buyer else ()
        secret = buyer.return_secret if buyer else None
        name = secret_name(Recipient.kind, recipient_id, secret) if secret else None
        proof = self.proof_of(keys, name, headers, body)
        if found is None or proof is Proof.NONE:
            message = "send the key in X-Api-Key, or sign the request as Standard Webhooks asks"
            raise CallerUnknown(message)
        return found, proof

    def proof_of(
        self, keys: Sequence[str], secret: str | None, headers: Mapping[str, str], body: bytes
    ) -> Proof:
        """How a request shows who sent it: signed with the secret of that full name, or by one of these keys.

        `keys` are digests. A signature counts more, where a request has both: it also says what was sent.
        """
        if secret is not None and "webhook-signature" in headers:
            value = self._secrets.get(secret)
            if value is not None and verify([value], headers, body, self._clock.now()):
                return Proof.SIGNATURE
        return Proof.KEY if is_known(headers.get(KEY_HEADER), keys) else Proof.NONE

    def signed(self, way: BodySignature, secret: str, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the body is signed in that way, with the secret of that full name."""
        if way.header.lower() not in headers:
            return False
        value = self._secrets.get(secret)
        return value is not None and way.verify(value, headers, body, self._clock.now())
