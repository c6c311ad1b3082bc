"""Rate a lead without storing it: what it would score, why, and whether it would go on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from baton.application.score_lead import rated
from baton.domain.campaign import Campaign
from baton.domain.errors import FieldError, InvalidSubmission
from baton.domain.intake import lead_of
from baton.domain.lead import LeadState, facts_of
from baton.domain.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from baton.application.archive import Configuration
    from baton.application.ports import Clock
    from baton.application.score_lead import Likelihoods
    from baton.domain.scoring import Score
    from baton.domain.suspicion import Suspicion

NOBODY: Final = "0" * 32


class Outlook(StrEnum):
    """What would become of a lead."""

    QUALIFIED = "qualified"
    HELD = "held"
    DISQUALIFIED = "disqualified"


@dataclass(frozen=True, slots=True)
class Rated:
    """A lead's score, and what would become of it."""

    score: Score
    outlook: Outlook
    suspicions: tuple[Suspicion, ...]


class TryScore:
    """As intake and Score would, but for what only others know: duplicates, the do-not-contact list, vetting."""

    def __init__(self, configuration: Configuration, likelihoods: Likelihoods, clock: Clock) -> None:
        self._configuration = configuration
        self._likelihoods = likelihoods
        self._clock = clock

    def __call__(self, campaign_id: str, fields: Mapping[str, Any], source_id: str | None = None) -> Rated:
        """The lead that these fields would be, of that source if one is named. Raises NotFound, InvalidSubmission."""
        campaign = self._configuration.get(Campaign, campaign_id)
        source = self._source(campaign, source_id)
        now = self._clock.now()
        lead = lead_of(source, campaign, fields, lead_id=NOBODY, now=now, complete=False)
        score, _ = rated(campaign, lead, source, self._likelihoods, facts_of(lead, now))
        outlook = Outlook.HELD if score.held or lead.state is LeadState.QUARANTINED else Outlook.QUALIFIED
        if not score.qualified or lead.state is LeadState.DISQUALIFIED:
            outlook = Outlook.DISQUALIFIED
        return Rated(score, outlook, lead.suspicions)

    def _source(self, campaign: Campaign, source_id: str | None) -> Source:
        if source_id is None:
            return Source(id="nobody", name="nobody", campaign_id=campaign.id)
        source = self._configuration.get(Source, source_id)
        if source.campaign_id != campaign.id:
            raise InvalidSubmission([FieldError("source_id", "sends leads for another campaign")])
        return source
