"""Consent: what a person agreed to, kept as evidence, and how much of it a campaign or a buyer asks for."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from baton.domain.documents import Document, Instant, Record


class Evidence(StrEnum):
    """What may prove a consent."""

    TEXT = "text"
    VERSION = "version"
    AT = "at"
    IP = "ip"
    PAGE = "page"
    TRUSTED_FORM = "trusted_form"
    JORNAYA = "jornaya"


class Consent(Record):
    """What the person agreed to, kept as evidence."""

    given: bool
    text: str | None = None
    """The words that were shown."""
    version: str | None = None
    """Which version of the words."""
    at: Instant | None = None
    ip: str | None = None
    """The address of the person's own device."""
    page: str | None = None
    """The page on which the words stood."""
    trusted_form: str | None = None
    """Address of a TrustedForm certificate."""
    jornaya: str | None = None
    """A Jornaya LeadiD token."""


class OnFault(StrEnum):
    """What becomes of a lead that has something wrong with it."""

    REFUSE = "refuse"
    QUARANTINE = "quarantine"


Asked = Annotated[tuple[Evidence, ...], Field(max_length=len(Evidence))]
"""What must prove a consent; empty: that it was given is enough."""


class ConsentRules(Document):
    """How much consent a campaign's leads must have."""

    required: bool = False
    """Whether a lead without consent is let in at all."""
    evidence: Asked = ()
    """What must come with it. Asked for only where consent is required."""
    missing: OnFault = OnFault.REFUSE

    @property
    def asked(self) -> tuple[Evidence, ...] | None:
        """What must prove a consent; None where none is required."""
        return self.evidence if self.required else None


def lacking(consent: Mapping[str, Any], asked: Sequence[Evidence] | None) -> tuple[str, ...]:
    """What is not there of a consent that is asked for: `given`, or names of evidence.

    `consent` as conditions see it: absent fields are absent. `asked`: None where no consent is needed.
    """
    if asked is None:
        return ()
    given = () if consent.get("given") is True else ("given",)
    return (*given, *(str(name) for name in asked if consent.get(name) in (None, "")))
