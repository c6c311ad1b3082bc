"""Vetting: what the workflow asks outside before a lead goes on."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from baton.domain.documents import Document
from baton.domain.endpoint import SecretName
from baton.domain.findings import Finding, Question
from baton.domain.suspicion import Suspicion

if TYPE_CHECKING:
    from baton.domain.campaign import Campaign
    from baton.domain.lead import Lead
    from baton.domain.source import Source


class CertificateUse(StrEnum):
    """What is done with a TrustedForm certificate."""

    OFF = "off"
    VERIFY = "verify"
    RETAIN = "retain"


class VettingRules(Document):
    """What is asked outside about a campaign's leads. All of it is off until it is switched on."""

    email_domain: bool = False
    """Whether the domain of the email address must take mail."""
    certificate: CertificateUse = CertificateUse.OFF
    """Of leads that come with a TrustedForm certificate."""
    certificate_key: SecretName | None = None
    """Name of the secret of the campaign that holds the TrustedForm API key."""


_SUSPICIOUS: Final[Mapping[tuple[str, str], Suspicion]] = {
    (Question.EMAIL_DOMAIN, Finding.TAKES_NO_MAIL): Suspicion.DOMAIN_TAKES_NO_MAIL,
    (Question.CERTIFICATE, Finding.MISMATCH): Suspicion.CERTIFICATE_INVALID,
    (Question.CERTIFICATE, Finding.EXPIRED): Suspicion.CERTIFICATE_INVALID,
    (Question.CERTIFICATE, Finding.NOT_FOUND): Suspicion.CERTIFICATE_INVALID,
    (Question.CERTIFICATE, Finding.NOT_A_CERTIFICATE): Suspicion.CERTIFICATE_INVALID,
    (Question.CERTIFICATE, Finding.SANDBOX): Suspicion.CERTIFICATE_INVALID,
    (Question.CHALLENGE, Finding.FAILED): Suspicion.CHALLENGE_FAILED,
    (Question.CHALLENGE, Finding.LOW_SCORE): Suspicion.CHALLENGE_FAILED,
    (Question.CHALLENGE, Finding.SPENT): Suspicion.CHALLENGE_FAILED,
}
"""The findings that hold a lead. No trouble of ours or of the other side's is among them."""


def questions_about(lead: Lead, campaign: Campaign, source: Source | None) -> tuple[Question, ...]:
    """What is to be asked outside about a lead; nothing of one that was asked about, or released, before.

    That a challenge was not answered at all is known at intake.
    """
    if lead.vetted is not None or lead.cleared or lead.forgotten_at is not None:
        return ()
    rules, consent = campaign.vetting, lead.consent
    asked = {
        Question.EMAIL_DOMAIN: rules.email_domain and bool(lead.contact.email),
        Question.CERTIFICATE: rules.certificate is not CertificateUse.OFF
        and bool(consent and consent.trusted_form),
        Question.CHALLENGE: bool(source and source.spam.challenge and lead.challenge),
    }
    return tuple(question for question, wanted in asked.items() if wanted)


def needs_vetting(lead: Lead, campaign: Campaign, source: Source | None) -> bool:
    """Whether anything is to be asked outside about the lead before it goes on."""
    return bool(questions_about(lead, campaign, source))


def suspicions_in(findings: Mapping[str, Any], *, test: bool) -> tuple[Suspicion, ...]:
    """What is suspicious about a lead of which this was heard. A test lead may have a certificate of the sandbox."""
    found = [
        suspicion
        for (question, finding), suspicion in _SUSPICIOUS.items()
        if findings.get(question) == finding and not (test and finding == Finding.SANDBOX)
    ]
    return tuple(dict.fromkeys(found))
