"""Findings: what was heard outside about a lead."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from baton.domain.documents import Instant, Record


class Question(StrEnum):
    """What is asked outside."""

    EMAIL_DOMAIN = "email_domain"
    """Whether the domain of the email address takes mail."""
    CERTIFICATE = "certificate"
    """Whether the certificate of consent is good, and about this person."""
    CHALLENGE = "challenge"
    """Whether whoever filled the form is a person."""


class Finding(StrEnum):
    """What was heard. These codes are public: timelines and integrations go by them."""

    UNKNOWN = "unknown"
    """No answer, or none that says anything: the lead goes on as if nobody had asked."""
    NO_KEY = "no_key"
    """The secret that asking takes is not stored."""
    KEY_REFUSED = "key_refused"
    """The other side does not take our secret, or the account has run out."""

    TAKES_MAIL = "takes_mail"
    TAKES_NO_MAIL = "takes_no_mail"

    VALID = "valid"
    MISMATCH = "mismatch"
    """The certificate is about somebody else."""
    EXPIRED = "expired"
    NOT_FOUND = "not_found"
    NOT_A_CERTIFICATE = "not_a_certificate"
    """What was sent is no address of a TrustedForm certificate; nobody was asked."""
    SANDBOX = "sandbox"
    """A certificate for trying things out: it proves nothing."""

    PASSED = "passed"
    FAILED = "failed"
    LOW_SCORE = "low_score"
    """Less like a person than the source asks."""
    SPENT = "spent"
    """Used before, with another lead, or too old."""


class Vetted(Record):
    """What was heard outside about a lead."""

    at: Instant
    findings: dict[str, Any] = Field(default_factory=dict)
    """A Finding by what was asked: `email_domain`, `certificate`, `challenge`; and `challenge_score`, where there is
    one. Free of personal data."""
