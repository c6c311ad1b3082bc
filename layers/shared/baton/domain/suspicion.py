"""Suspicions: why a lead is held until a person, or a rule, has looked at it."""

from collections.abc import Iterable
from enum import StrEnum


class Suspicion(StrEnum):
    """What is suspicious about a lead. These codes are public: conditions and integrations go by them."""

    HONEYPOT = "honeypot"
    """The field that no person sees was filled."""
    TOO_FAST = "too_fast"
    """The form was filled faster than a person can."""
    TOO_MANY_FROM_ADDRESS = "too_many_from_address"
    """More leads from one network address than the source allows."""
    TOO_MANY_OF_PERSON = "too_many_of_person"
    """More leads of one person than the source allows."""
    CHALLENGE_MISSING = "challenge_missing"
    CHALLENGE_FAILED = "challenge_failed"
    """Turnstile or reCAPTCHA did not take the sender for a person."""
    INVALID_FIELD = "invalid_field"
    """A field is not as the campaign asks, and the campaign holds such leads."""
    NO_CONSENT = "no_consent"
    CERTIFICATE_INVALID = "certificate_invalid"
    """The certificate of consent is no good."""
    DISPOSABLE_EMAIL = "disposable_email"
    DOMAIN_TAKES_NO_MAIL = "domain_takes_no_mail"
    DO_NOT_CONTACT = "do_not_contact"
    """The person is on the list of those who want no contact."""
    LOW_SCORE = "low_score"
    """The score is too low to go on, and too high to be turned away."""


def together(*groups: Iterable[Suspicion]) -> tuple[Suspicion, ...]:
    """All of them, each once, in one order whoever found them."""
    found = {one for group in groups for one in group}
    return tuple(code for code in Suspicion if code in found)
