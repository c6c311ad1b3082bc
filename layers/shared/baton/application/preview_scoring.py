"""Preview scoring rules: past leads rated by rules that are not saved yet, beside those that are. Stores nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from baton.application.present_leads import present
from baton.application.score_lead import rated
from baton.domain.campaign import Campaign
from baton.domain.lead import Lead, facts_of
from baton.domain.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from baton.application.archive import Configuration
    from baton.application.ports import Clock, Leads
    from baton.application.score_lead import Likelihoods
    from baton.domain.scoring import Score, Scoring


@dataclass(frozen=True, slots=True)
class Compared:
    """A lead's score by the rules as they are stored, and by the others."""

    lead_id: str
    before: Score
    after: Score


class PreviewScoring:
    """Both scores are of this moment, so that points that fade differ by the rules alone and not by the day."""

    def __init__(
        self, leads: Leads, configuration: Configuration, likelihoods: Likelihoods, clock: Clock
    ) -> None:
        self._leads = leads
        self._configuration = configuration
        self._likelihoods = likelihoods
        self._clock = clock

    def __call__(self, campaign_id: str, lead_ids: Sequence[str], scoring: Scoring) -> list[Compared]:
        """These leads in their order; those that are gone or another campaign's are left out. Raises NotFound."""
        campaign = self._configuration.get(Campaign, campaign_id)
        other = campaign.model_copy(update={"scoring": scoring})
        leads = [lead for lead in self._as_they_came(lead_ids) if lead.campaign_id == campaign.id]
        sources = self._configuration.get_many(Source, sorted({lead.source_id for lead in leads}))
        now = self._clock.now()
        compared = []
        for lead in leads:
            facts, source = facts_of(lead, now), sources.get(lead.source_id)
            before, _ = rated(campaign, lead, source, self._likelihoods, facts)
            after, _ = rated(other, lead, source, self._likelihoods, facts)
            compared.append(Compared(lead.lead_id, before, after))
        return compared

    def _as_they_came(self, lead_ids: Sequence[str]) -> Iterator[Lead]:
        """What they were rated before is no fact to rate them by."""
        return (lead.model_copy(update=_UNRATED) for lead in present(self._leads, lead_ids))


_UNRATED: Final[Mapping[str, Any]] = {"score": None, "band": None, "probability": None}
