"""Wait until a lead is settled, as long as its sender wants to wait."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

from baton.application.archive import Configuration
from baton.application.ports import Clock, Leads
from baton.domain.campaign import Campaign
from baton.domain.errors import StoreUnavailable
from baton.domain.verdict import LeadVerdict, Ruling, verdict_of

FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 0.5
GROWTH: Final = 1.5
"""Each pause is so much longer than the one before: most leads are settled soon or not at all."""


class AwaitVerdict:
    """Look at a lead again and again. Writes nothing."""

    def __init__(
        self, leads: Leads, configuration: Configuration, clock: Clock, sleep: Callable[[float], None]
    ) -> None:
        """`sleep` waits for so many seconds."""
        self._leads = leads
        self._configuration = configuration
        self._clock = clock
        self._sleep = sleep

    def __call__(self, lead_id: str, wait_s: int) -> LeadVerdict:
        """The verdict, or after `wait_s` seconds that there is none yet.

        Raises NotFound; StoreUnavailable where the lead could not be read even once.
        """
        until = self._clock.now() + timedelta(seconds=wait_s)
        verdict = self._verdict(lead_id)
        pause_s = FIRST_PAUSE_S
        while verdict.ruling is Ruling.PENDING and (left := until - self._clock.now()) > timedelta(0):
            self._sleep(min(pause_s, left.total_seconds()))
            pause_s = min(pause_s * GROWTH, LONGEST_PAUSE_S)
            with suppress(StoreUnavailable):
                verdict = self._verdict(lead_id)
        return verdict

    def _verdict(self, lead_id: str) -> LeadVerdict:
        lead = self._leads.get(lead_id)
        offers = self._leads.offers_of(lead_id) if lead.is_held else []
        campaign = self._configuration.get_many(Campaign, [lead.campaign_id]).get(lead.campaign_id)
        return verdict_of(lead, offers, campaign.currency if campaign else "USD")
