"""Workflow step Score: rate a lead and say whether it goes on."""

from typing import Final

from baton.application.ports import Clock, Configuration, Identities, Leads
from baton.domain.campaign import Campaign
from baton.domain.change import scored
from baton.domain.errors import ClaimContention, ConfigurationBroken, NotFound
from baton.domain.lead import Lead, LeadState, facts_of
from baton.domain.plan import PublishedPlan
from baton.domain.scoring import rate

ATTEMPTS: Final = 5


class ScoreLead:
    """Give a lead its points and the plan version that it will follow; disqualify it below the threshold."""

    def __init__(
        self, leads: Leads, configuration: Configuration, identities: Identities, clock: Clock
    ) -> None:
        self._leads = leads
        self._configuration = configuration
        self._identities = identities
        self._clock = clock

    def __call__(self, lead_id: str) -> Lead:
        """The lead after scoring; unchanged if it had been scored before.

        Raises NotFound; ConfigurationBroken; ClaimContention when others kept writing the lead.
        """
        for _ in range(ATTEMPTS):
            lead = self._leads.get(lead_id)
            if lead.state is not LeadState.RECEIVED:
                return lead
            campaign, plan = self._rules(lead)
            now = self._clock.now()
            score = rate(campaign.scoring, facts_of(lead, now))
            ties = self._identities.ties(lead.contact, campaign.sticky)
            person = self._identities.person(lead.contact)
            change = scored(lead, score, plan.id, plan.version, now, ties, person)
            if self._leads.commit(change):
                return change.lead
        raise ClaimContention(lead_id)

    def _rules(self, lead: Lead) -> tuple[Campaign, PublishedPlan]:
        try:
            campaign = self._configuration.get(Campaign, lead.campaign_id)
            return campaign, self._configuration.get(PublishedPlan, campaign.plan_id)
        except NotFound as error:
            raise ConfigurationBroken(str(error)) from error
