"""Ask outside about a lead: name servers, TrustedForm, Turnstile and reCAPTCHA. Trouble is an answer, not an error."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol
from urllib.parse import urlencode
from uuid import UUID

from baton.application.keep_secrets import secret_name
from baton.application.outgoing import Outgoing
from baton.domain.certificate import (
    API_VERSION,
    HOST,
    certificate_id,
    certificate_request,
    read_certificate,
)
from baton.domain.challenge_answers import LATE_AFTER, read_challenge
from baton.domain.errors import StoreUnavailable
from baton.domain.findings import Finding, Question
from baton.domain.spam import ChallengeKind
from baton.domain.vetting import CertificateUse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from baton.application.outgoing import Answer, Http, Secrets
    from baton.application.ports import Clock
    from baton.domain.campaign import Campaign
    from baton.domain.lead import Lead
    from baton.domain.source import Source

WITHIN_MS: Final = 3_000
"""For TrustedForm and a challenge together: they are asked side by side."""
TRIES_KEPT: Final = timedelta(days=1)
"""How long it is remembered that a challenge was asked about: longer than a workflow may be repeated."""
type Findings = dict[str, Any]


class MailDomains(Protocol):
    """Which domains take mail."""

    def takes_mail(self, domain: str) -> bool | None:
        """None: nobody could say. Never raises, and takes a few seconds at most."""
        ...


class Recollections(Protocol):
    """Small things that are remembered for a while. Forgetting one does no harm."""

    def recall(self, key: str, now: datetime) -> str | None:
        """What is remembered under that key. Raises StoreUnavailable."""
        ...

    def remember(self, key: str, value: str, until: datetime) -> None:
        """Remember it. Raises StoreUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class Places:
    """Where the outside is. Nothing that a lead or a document says changes that."""

    trusted_form: str = f"https://{HOST}"
    turnstile: str = "https://challenges.cloudflare.com/turnstile/v0/siteverify"
    recaptcha: str = "https://www.google.com/recaptcha/api/siteverify"

    @classmethod
    def under(cls, base: str) -> Places:
        """All of it played by one server of a developer's machine; '' for the real ones."""
        return (
            cls(f"{base}/trustedform", f"{base}/turnstile/v0/siteverify", f"{base}/recaptcha/api/siteverify")
            if base
            else cls()
        )


class _Asked(NamedTuple):
    """A request that is ready, and how its answer is read."""

    request: Outgoing
    read: Callable[[Answer], Findings]


class AskOutside:
    """Everything at once as far as it goes over HTTP, in five seconds at most."""

    def __init__(
        self,
        domains: MailDomains,
        http: Http,
        secrets: Secrets,
        recollections: Recollections,
        clock: Clock,
        places: Places,
    ) -> None:
        self._domains = domains
        self._http = http
        self._secrets = secrets
        self._recollections = recollections
        self._clock = clock
        self._places = places

    def __call__(
        self, questions: Collection[Question], lead: Lead, campaign: Campaign, source: Source | None
    ) -> Findings:
        """What was heard, by question."""
        findings: Findings = {}
        if Question.EMAIL_DOMAIN in questions:
            findings[Question.EMAIL_DOMAIN] = self._domain(lead)
        asked: list[_Asked] = []
        if Question.CERTIFICATE in questions:
            _sort(Question.CERTIFICATE, self._certificate(lead, campaign), findings, asked)
        if Question.CHALLENGE in questions:
            _sort(Question.CHALLENGE, self._challenge(lead, source), findings, asked)
        if asked:
            answers = self._http.send_all([one.request for one in asked], WITHIN_MS)
            for one, answer in zip(asked, answers, strict=True):
                findings |= one.read(answer)
        return findings

    def _domain(self, lead: Lead) -> Finding:
        takes = self._domains.takes_mail((lead.contact.email or "").rpartition("@")[2])
        if takes is None:
            return Finding.UNKNOWN
        return Finding.TAKES_MAIL if takes else Finding.TAKES_NO_MAIL

    def _certificate(self, lead: Lead, campaign: Campaign) -> _Asked | Finding:
        found = certificate_id((lead.consent.trusted_form if lead.consent else None) or "")
        if found is None:
            return Finding.NOT_A_CERTIFICATE
        rules = campaign.vetting
        # Keeping a certificate costs money: not for tests.
        retain = rules.certificate is CertificateUse.RETAIN and not lead.test
        body = certificate_request(lead, retain=retain)
        if body is None:
            return Finding.UNKNOWN
        key = self._secret("campaign", campaign.id, rules.certificate_key)
        if isinstance(key, Finding):
            return key
        proof = b64encode(f"API:{key}".encode()).decode()
        headers = {
            "authorization": f"Basic {proof}",
            "api-version": API_VERSION,
            "content-type": "application/json",
            "accept": "application/json",
        }
        url = f"{self._places.trusted_form}/{found}"
        request = Outgoing("POST", url, headers, json.dumps(body).encode(), WITHIN_MS)

        def read(answer: Answer) -> Findings:
            return {Question.CERTIFICATE: read_certificate(answer.status, answer.body)}

        return _Asked(request, read)

    def _challenge(self, lead: Lead, source: Source | None) -> _Asked | Finding:
        challenge = source.spam.challenge if source else None
        if source is None or challenge is None or not lead.challenge:
            return Finding.UNKNOWN
        secret = self._secret("source", source.id, challenge.secret)
        if isinstance(secret, Finding):
            return secret
        form = {"secret": secret, "response": lead.challenge}
        url = self._places.recaptcha
        if challenge.kind is ChallengeKind.TURNSTILE:
            # A lead's id is as long as a UUID: asked again for the same lead, Turnstile says the same again.
            form["idempotency_key"] = str(UUID(lead.lead_id))
            url = self._places.turnstile
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        request = Outgoing("POST", url, headers, urlencode(form).encode(), WITHIN_MS)
        repeated = self._was_asked(lead)

        def read(answer: Answer) -> Findings:
            heard = read_challenge(answer.status, answer.body, challenge.min_score, repeated=repeated)
            score = {} if heard.score is None else {"challenge_score": heard.score}
            return {Question.CHALLENGE: heard.finding, **score}

        return _Asked(request, read)

    def _was_asked(self, lead: Lead) -> bool:
        """Whether this lead's answer may be used up, or too old, by our own doing; from now on it may be.

        Written down before the request leaves: a run that dies in the middle must not condemn a person.
        """
        now, key = self._clock.now(), f"challenge#{lead.lead_id}"
        late = now - lead.received_at > LATE_AFTER
        try:
            if self._recollections.recall(key, now):
                return True
            self._recollections.remember(key, "asked", now + TRIES_KEPT)
        except StoreUnavailable:
            return True
        return late

    def _secret(self, kind: str, key: str, name: str | None) -> str | Finding:
        try:
            found = self._secrets.get(secret_name(kind, key, name)) if name else None
        except StoreUnavailable:
            return Finding.UNKNOWN
        return found or Finding.NO_KEY


def _sort(question: Question, ready: _Asked | Finding, findings: Findings, asked: list[_Asked]) -> None:
    """What is known without asking is a finding; the rest is asked."""
    if isinstance(ready, Finding):
        findings[question] = ready
    else:
        asked.append(ready)
