"""Signed links: short enough for an SMS, and saying nothing about anyone."""

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from baton.domain.offer import Offer

READABLE_FOR: Final = timedelta(days=14)
"""How long after its offer ended a link still shows how things stand."""
_BODY: Final = struct.Struct(">16sHI")
_SIGNATURE_BYTES: Final = 16


class SignedOfferLinks:
    """The OfferLinks port: lead id, offer number and last day, with a truncated HMAC-SHA256 behind them."""

    def __init__(self, public_url: str, secret: Callable[[], bytes]) -> None:
        self._public_url = public_url.rstrip("/")
        self._secret = secret

    def link(self, offer: Offer) -> str:
        """See OfferLinks.link."""
        until = (offer.expires_at or offer.made_at) + READABLE_FOR
        body = _BODY.pack(bytes.fromhex(offer.lead_id), offer.no, int(until.timestamp()))
        token = urlsafe_b64encode(body + self._sign(body)).rstrip(b"=").decode()
        return f"{self._public_url}/v1/offers/{token}"

    def read(self, token: str, now: datetime) -> tuple[str, int] | None:
        """See OfferLinks.read."""
        try:
            raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (NotBase64, ValueError):
            return None
        body, signature = raw[: _BODY.size], raw[_BODY.size :]
        if len(body) != _BODY.size or not hmac.compare_digest(signature, self._sign(body)):
            return None
        lead, no, until = _BODY.unpack(body)
        return (lead.hex(), no) if now.timestamp() <= until else None

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self._secret(), b"offer\n" + body, "sha256")[:_SIGNATURE_BYTES]
