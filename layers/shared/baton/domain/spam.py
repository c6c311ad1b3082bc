"""Spam: what a source asks of its senders before their leads go on."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from baton.domain.documents import Document
from baton.domain.endpoint import SecretName


class ChallengeKind(StrEnum):
    """Whose challenge a page shows."""

    TURNSTILE = "turnstile"
    RECAPTCHA = "recaptcha"


class Challenge(Document):
    """A challenge that tells people from programs, checked in the workflow."""

    kind: ChallengeKind
    secret: SecretName
    """Name of the site's secret key."""
    min_score: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Only for reCAPTCHA v3, whose answers are scored."""


class SpamGuard(Document):
    """What makes a lead suspicious. Suspicious leads are held, not lost."""

    min_fill_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    """Forms that say how long they took are suspicious below this; 0: never."""
    per_address_per_hour: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Leads that one network address may send in an hour. For forms in people's own browsers."""
    per_person_per_day: Annotated[int, Field(ge=1, le=1_000)] | None = None
    """Leads of one person, by address or number, in a day (UTC)."""
    challenge: Challenge | None = None
