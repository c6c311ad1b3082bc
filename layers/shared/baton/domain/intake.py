"""Intake: a form's fields become a lead."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from baton.domain.campaign import Campaign
from baton.domain.consent import Consent, OnFault
from baton.domain.consent_reader import plain_address
from baton.domain.errors import FieldError, InvalidSubmission
from baton.domain.form_asides import FormAsides, with_form
from baton.domain.lead import WATCH_AFTER, Lead, LeadState
from baton.domain.page_address import page_address
from baton.domain.screening import Signs, lacking_consent, screened, suspicions_of
from baton.domain.sender import NOBODY, Sender
from baton.domain.source import Source
from baton.domain.submission import Reader, Submission, read_submission
from baton.domain.suspicion import Suspicion


def lead_of(
    source: Source,
    campaign: Campaign,
    fields: Mapping[str, Any],
    *,
    lead_id: str,
    now: datetime,
    fingerprint: str = "",
    test: bool = False,
    reader: Reader | None = None,
    sender: Sender = NOBODY,
    complete: bool = True,
) -> Lead:
    """The lead that was sent; held, let go on or rejected where something is suspicious. Raises InvalidSubmission.

    All leads of a test source are tests; `reader` as in `read_submission`. Of what is not `complete`, as a ping or
    a try, neither consent nor challenge is asked for: nothing but the field that no person sees makes it suspicious.
    """
    trap = source.honeypot_field
    trapped = bool(trap and fields.get(trap))
    asides = with_form({name: value for name, value in fields.items() if name != trap})
    consent, submission = _read(campaign, asides, reader, sender, now, complete=complete)
    lacks = lacking_consent(campaign, consent) if complete else ()
    lead = Lead(
        lead_id=lead_id,
        rev=1,
        state=LeadState.RECEIVED,
        source_id=source.id,
        sub_source=source.sub_source_of(submission.attribution),
        campaign_id=campaign.id,
        received_at=now,
        moved_at=now,
        contact=submission.contact,
        attributes=submission.attributes,
        consent=consent,
        attribution=submission.attribution,
        fingerprint=fingerprint,
        test=source.test or test,
        cost_cents=source.cost_cents,
        currency=campaign.currency,
        raw=submission.raw,
        quality=submission.quality,
        invalid=tuple(dict.fromkeys((*submission.invalid, *lacks))),
        challenge=asides.challenge if source.spam.challenge and complete and not sender.known else None,
        expires_at=now + timedelta(days=campaign.retention_days) if campaign.retention_days else None,
        watch_at=now + WATCH_AFTER,
    )
    if not complete:
        return screened(lead, [Suspicion.HONEYPOT] if trapped else [], campaign, now)
    signs = Signs(trapped, asides.fill_ms, challenged=asides.challenge is not None, known=sender.known)
    return screened(lead, suspicions_of(lead, source, campaign, signs), campaign, now)


def _read(
    campaign: Campaign,
    asides: FormAsides,
    reader: Reader | None,
    sender: Sender,
    now: datetime,
    *,
    complete: bool,
) -> tuple[Consent | None, Submission]:
    """What was sent, and its consent as evidence. Raises InvalidSubmission, which names what the consent lacks too."""
    submission: Submission | None = None
    errors: tuple[FieldError, ...] = ()
    try:
        submission = read_submission(asides.fields, campaign, reader)
    except InvalidSubmission as invalid:
        if not complete:
            raise
        errors = invalid.errors
    # Of a submission with errors too: a sender is to learn of all of them at once.
    sent = submission.consent if submission else _consent(asides.fields)
    consent = evidence_of(sent, asides.page, sender, now)
    if complete and campaign.consent.missing is OnFault.REFUSE:
        known = {error.field for error in errors}
        lacks = [path for path in lacking_consent(campaign, consent) if path not in known]
        errors = (*errors, *(FieldError(path, "is required") for path in lacks))
    if submission is None or errors:
        raise InvalidSubmission(errors)
    return consent, submission


def _consent(fields: Mapping[str, Any]) -> Consent | None:
    """The consent of a submission with errors, as far as it can be read."""
    reader = Reader()
    return reader.consent(reader.sort(fields)["consent"])


def evidence_of(consent: Consent | None, page: str | None, sender: Sender, now: datetime) -> Consent | None:
    """The consent with what the request itself proves of it, where it came from the person's own browser.

    Its address then is the request's, whatever was sent: nobody vouches for another. Time and page are what was sent;
    without that a consent was given now, on the page that the form or the browser names.
    """
    if consent is None or not sender.browser:
        return consent
    shown = consent.page or page or (page_address(sender.page, bare=True) if sender.page else None)
    ip = plain_address(sender.ip) if sender.ip else None
    at = consent.at or (now if consent.given else None)
    return consent.model_copy(update={"ip": ip, "page": shown, "at": at})
