"""Admit a source's requests: those that ask for a key or a signature hear only whom they know."""

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
    """Not at all, and the source does not ask."""
    KEY = "key"
    SIGNATURE = "signature"


class AdmitVendor:
    """Either a key or a signature is enough, where a source has both."""

    def __init__(self, callers: Callable[[], AdmitCaller]) -> None:
        """`callers` is asked only for sources that are not open: nobody else pays for what it takes to know callers."""
        self._callers = callers

    def __call__(self, source: Source, headers: Mapping[str, str], body: bytes) -> Proof:
        """How the caller showed who it is; a signature counts more. Raises CallerUnknown, StoreUnavailable.

        `headers` by lower-case name; `body` exactly as it was sent: that is what was signed.
        """
        if not source.api_keys and not source.secret:
            return Proof.NONE
        name = secret_name(source.kind, source.id, source.secret) if source.secret else None
        admit = self._callers()
        if admit.is_let_in((), name, headers, body):
            return Proof.SIGNATURE
        if admit.is_let_in(source.api_keys, None, headers, body):
            return Proof.KEY
        ways = [
            *(["send its key in the header X-Api-Key"] if source.api_keys else []),
            *(["sign the request as Standard Webhooks asks"] if source.secret else []),
        ]
        message = f"this source knows who sends: {', or '.join(ways)}"
        raise CallerUnknown(message)
