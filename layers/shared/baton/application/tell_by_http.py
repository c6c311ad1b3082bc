"""What the channels share that call another company's system: one request, and what its answer means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baton.application.outgoing import Outgoing, Trouble
from baton.domain.errors import NotificationFailed, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from baton.application.outgoing import Answer, Http, Secrets

TIMEOUT_MS: Final = 4_000
"""All channels of a rep have to have their say within the 28 seconds of the step that tells."""
_AGAIN: Final = frozenset({408, 425, 429})
"""Statuses that ask to come again, though they are the caller's fault by their number."""
_OK, _NOT_OK, _THEIRS = 200, 300, 500


def post(http: Http, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Post it. Raises NotificationFailed where no answer came that says anything."""
    sent = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Baton", **headers}
    answer = http.send(Outgoing("POST", url, sent, body, TIMEOUT_MS))
    if answer.trouble and answer.trouble is not Trouble.UNSAFE:
        raise NotificationFailed(answer.trouble.value)
    if answer.status >= _THEIRS or answer.status in _AGAIN:
        raise NotificationFailed(f"http_{answer.status}")
    return answer


def why_refused(answer: Answer) -> str | None:
    """Why a request was refused for good; None: it was taken."""
    if answer.trouble:
        return answer.trouble.value
    return None if _OK <= answer.status < _NOT_OK else f"http_{answer.status}"


def secret_of(secrets: Secrets, name: str) -> str | None:
    """The secret; None where there is none. Raises NotificationFailed while it cannot be had."""
    try:
        return secrets.get(name)
    except StoreUnavailable as error:
        raise NotificationFailed(error.code) from error
