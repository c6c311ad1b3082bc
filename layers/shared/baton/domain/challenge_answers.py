"""Challenges: what Turnstile and reCAPTCHA say of what a page's visitor was given.

Both answer `siteverify` alike: `success`, `error-codes`, and for reCAPTCHA v3 a `score` from 0 (program) to 1 (person).
"""

import json
from datetime import timedelta
from typing import Any, Final, NamedTuple

from baton.domain.findings import Finding

LATE_AFTER: Final = timedelta(seconds=30)
"""What is asked later than this after a lead came in may have grown too old in our hands: valid for two minutes with
reCAPTCHA, of which the person has used some."""
_OK: Final = 200
_SPENT: Final = "timeout-or-duplicate"
_OUR_KEY: Final = frozenset({"missing-input-secret", "invalid-input-secret", "invalid-keys"})
_NO_PERSON: Final = frozenset({"missing-input-response", "invalid-input-response"})


class Heard(NamedTuple):
    """What a challenge's maker says."""

    finding: Finding
    score: float | None = None


def read_challenge(status: int, body: bytes, min_score: float, *, repeated: bool) -> Heard:
    """What the answer means; UNKNOWN for whatever says nothing of the person.

    Each answer is good once. `repeated`: this lead may have been asked about before, or late by our own doing; that it
    is used up then says nothing.
    """
    said = _object(body)
    if status != _OK or said is None:
        return Heard(Finding.UNKNOWN)
    if said.get("success") is True:
        score = said.get("score")
        if isinstance(score, bool) or not isinstance(score, int | float):
            return Heard(Finding.PASSED)
        return Heard(Finding.PASSED if score >= min_score else Finding.LOW_SCORE, float(score))
    codes = said.get("error-codes")
    found = {code for code in codes if isinstance(code, str)} if isinstance(codes, list) else set()
    if found & _OUR_KEY:
        return Heard(Finding.KEY_REFUSED)
    if found & _NO_PERSON:
        return Heard(Finding.FAILED)
    if _SPENT in found:
        return Heard(Finding.UNKNOWN if repeated else Finding.SPENT)
    return Heard(Finding.UNKNOWN)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
