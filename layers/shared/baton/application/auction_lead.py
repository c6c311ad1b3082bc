"""Workflow step Auction: ask buyers for bids, and store what they answered with the lead."""

from typing import Final

from baton.application.archive import Configuration
from baton.application.hold_auction import Held, HoldAuction
from baton.application.ports import Clock, Leads
from baton.application.situations import ReadSituation
from baton.domain.campaign import Campaign
from baton.domain.change import auctioned
from baton.domain.decision import decide
from baton.domain.errors import ClaimContention
from baton.domain.lead import Lead, LeadState
from baton.domain.situation import Decision, Situation

ATTEMPTS: Final = 5


class AuctionLead:
    """One auction for the stage that the lead has come to. Done twice it asks nobody a second time."""

    def __init__(
        self,
        leads: Leads,
        situation: ReadSituation,
        configuration: Configuration,
        hold: HoldAuction,
        clock: Clock,
    ) -> None:
        self._leads = leads
        self._situation = situation
        self._configuration = configuration
        self._hold = hold
        self._clock = clock

    def __call__(self, lead_id: str) -> Lead:
        """The lead afterwards; unchanged where no auction is due.

        Raises NotFound; ConfigurationBroken; ClaimContention.
        """
        held: Held | None = None
        for _ in range(ATTEMPTS):
            lead = self._leads.get(lead_id)
            if lead.state is not LeadState.SCORED or lead.meant_for:
                # Whom a person has chosen gets it: no buyer is asked about what nobody can win.
                return lead
            situation = self._situation(lead, self._clock.now())
            decision = decide(situation)
            if decision.auction is None:
                return lead
            if held is None or held.auction.no != lead.auctions + 1:
                held = self._asked(situation, decision, decision.auction)
            if self._leads.commit(auctioned(lead, held.auction, self._clock.now())):
                self._leads.keep(held.exchanges)
                return self._leads.get(lead_id)
        raise ClaimContention(lead_id)

    def _asked(self, situation: Situation, decision: Decision, index: int) -> Held:
        campaign = self._configuration.get(Campaign, situation.lead.campaign_id)
        return self._hold(situation, index, campaign, decision.trace)
