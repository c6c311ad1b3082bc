"""Entrust a rep with a lead: what is to be done about it from now on is written with the claim itself."""

from datetime import datetime

from baton.application.archive import Configuration
from baton.domain.campaign import Campaign
from baton.domain.change import Change
from baton.domain.lead import LeadState
from baton.domain.promptness import entrusted
from baton.domain.recipient import Recipient


class EntrustLead:
    """In one transaction with the claim: no crash leaves a rep with a lead that nobody looks after."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    def __call__(self, change: Change, now: datetime) -> Change:
        """The change, with what its campaign's service level and acknowledgement ask for."""
        lead = change.lead
        if lead.state is not LeadState.ASSIGNED or lead.recipient_id is None:
            return change
        campaign = self._configuration.get_many(Campaign, [lead.campaign_id]).get(lead.campaign_id)
        if campaign is None or not (campaign.service_level or campaign.acknowledgement or lead.duties):
            return change
        found = self._configuration.get_many(Recipient, [lead.recipient_id]).get(lead.recipient_id)
        return entrusted(change, campaign, found, now) if found else change
