"""Intake: a form's fields become a lead."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from baton.domain.campaign import Campaign
from baton.domain.lead import WATCH_AFTER, Lead, LeadState
from baton.domain.source import Source
from baton.domain.submission import Reader, read_submission


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
) -> Lead:
    """The lead that was sent; quarantined where the field that no person sees was filled. Raises InvalidSubmission.

    All leads of a test source are tests; `reader` as in `read_submission`.
    """
    trap = source.honeypot_field
    trapped = bool(trap and fields.get(trap))
    seen = {name: value for name, value in fields.items() if name != trap}
    submission = read_submission(seen, campaign.required, reader)
    return Lead(
        lead_id=lead_id,
        rev=1,
        state=LeadState.QUARANTINED if trapped else LeadState.RECEIVED,
        source_id=source.id,
        campaign_id=campaign.id,
        received_at=now,
        moved_at=now,
        contact=submission.contact,
        attributes=submission.attributes,
        consent=submission.consent,
        attribution=submission.attribution,
        fingerprint=fingerprint,
        test=source.test or test,
        watch_at=None if trapped else now + WATCH_AFTER,
    )
