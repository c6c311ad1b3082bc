"""Admit a source's requests: leads from anybody where the source is open, pings only from whom it knows."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from baton.application.keep_secrets import secret_name
from baton.domain.trade_errors import CallerUnknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from baton.application.admit_caller import AdmitCaller
    from baton.domain.source import Source


class Proof(StrEnum):
    """How a caller showed who it is."""

    NONE = "none"
    """Not at all."""
    KEY = "key"
    SIGNATURE = "signature"
    BODY_SIGNATURE = "body_signature"
    """In a header of the sender's choice: it says what was sent, and perhaps when, but not which request it is."""


class AdmitVendor:
    """Either a key or a signature is enough, where a source has both."""

    def __init__(self, callers: Callable[[], AdmitCaller]) -> None:
        """`callers` is asked only for sources that are not open: nobody else pays for what it takes to know callers."""
        self._callers = callers

    def lead(self, source: Source, headers: Mapping[str, str], body: bytes) -> Proof:
        """How the sender of a lead showed who it is: Proof.NONE where the source is open to everybody.

        `headers` by lower-case name; `body` exactly as it was sent: that is what was signed. Raises CallerUnknown,
        StoreUnavailable.
        """
        return self._known(source, headers, body) if source.knows_senders else Proof.NONE

    def ping(self, source: Source, headers: Mapping[str, str], body: bytes) -> Proof:
        """How the sender of a ping showed who it is, never Proof.NONE. Raises CallerUnknown, StoreUnavailable.

        Not everybody is to hear what buyers bid, nor to make us ask them.
        """
        return self._never_open(source, headers, body, "ask for prices")

    def outcome(self, source: Source, headers: Mapping[str, str], body: bytes) -> Proof:
        """How the sender of outcomes showed who it is, never Proof.NONE. Raises CallerUnknown, StoreUnavailable."""
        return self._never_open(source, headers, body, "say what became of its leads")

    def _never_open(self, source: Source, headers: Mapping[str, str], body: bytes, what: str) -> Proof:
        if not source.knows_senders:
            message = (
                f"only a vendor that its source knows may {what}, and this source knows nobody: list the"
                " SHA-256 of a key in its api_keys and send the key in X-Api-Key, or name a secret as its secret"
                " and sign the request as Standard Webhooks asks"
            )
            raise CallerUnknown(message)
        return self._known(source, headers, body)

    def _known(self, source: Source, headers: Mapping[str, str], body: bytes) -> Proof:
        callers = self._callers()
        name = secret_name(source.kind, source.id, source.secret) if source.secret else None
        proof = callers.proof_of(source.api_keys, name, headers, body)
        if proof is not Proof.NONE:
            return proof
        way = source.signature
        if way and callers.signed(way, secret_name(source.kind, source.id, way.secret), headers, body):
            return Proof.BODY_SIGNATURE
        ways = [
            *(["send its key in the header X-Api-Key"] if source.api_keys else []),
            *(["sign the request as Standard Webhooks asks"] if source.secret else []),
            *([f"sign the body in the header {way.header}"] if way else []),
        ]
        message = f"this source knows who sends: {', or '.join(ways)}"
        raise CallerUnknown(message)
