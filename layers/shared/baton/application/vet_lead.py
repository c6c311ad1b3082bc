"""Workflow step Vet: ask outside about a lead, note what was heard, hold what is suspicious."""

from contextlib import suppress
from typing import Final

from baton.application.archive import Configuration
from baton.application.ask_outside import AskOutside, Findings
from baton.application.ports import Alerts, Clock, Leads
from baton.domain.campaign import Campaign
from baton.domain.errors import ClaimContention, ConfigurationBroken, NotFound, NotificationFailed
from baton.domain.findings import Finding, Question
from baton.domain.lead import Lead, LeadState
from baton.domain.source import Source
from baton.domain.vetted_lead import vetted
from baton.domain.vetting import questions_about

ATTEMPTS: Final = 5
_FOR_A_PERSON: Final = frozenset({Finding.NO_KEY, Finding.KEY_REFUSED})
"""Findings that say nothing of the lead: somebody has to store a secret, or pay a bill."""


class VetLead:
    """Trouble outside never holds a lead, nor loses it: what could not be heard is noted as unknown."""

    def __init__(
        self, leads: Leads, configuration: Configuration, ask: AskOutside, alerts: Alerts, clock: Clock
    ) -> None:
        self._leads = leads
        self._configuration = configuration
        self._ask = ask
        self._alerts = alerts
        self._clock = clock
        self._told: set[tuple[str, str, str]] = set()

    def __call__(self, lead_id: str) -> Lead:
        """The lead afterwards; unchanged where there is nothing to ask, or somebody has moved it since.

        Raises NotFound; ConfigurationBroken; ClaimContention when others kept writing the lead.
        """
        lead = self._leads.get(lead_id)
        campaign, source = self._rules(lead)
        questions = questions_about(lead, campaign, source) if lead.state is LeadState.RECEIVED else ()
        if not questions:
            return lead
        findings = self._ask(questions, lead, campaign, source)
        self._tell(lead, findings)
        for _ in range(ATTEMPTS):
            change = vetted(lead, findings, campaign, self._clock.now())
            if self._leads.commit(change):
                return change.lead
            lead = self._leads.get(lead_id)
            if lead.state is not LeadState.RECEIVED or lead.vetted:
                return lead
        raise ClaimContention(lead_id)

    def _rules(self, lead: Lead) -> tuple[Campaign, Source | None]:
        sources = self._configuration.get_many(Source, [lead.source_id])
        try:
            campaign = self._configuration.get(Campaign, lead.campaign_id)
        except NotFound as error:
            raise ConfigurationBroken(str(error)) from error
        return campaign, sources.get(lead.source_id)

    def _tell(self, lead: Lead, findings: Findings) -> None:
        """Operations hear of a key that does not work: once from each process, not with every lead."""
        for question in (Question.CERTIFICATE, Question.CHALLENGE):
            finding = findings.get(question)
            owner = lead.campaign_id if question is Question.CERTIFICATE else lead.source_id
            news = (str(question), owner, str(finding))
            if finding not in _FOR_A_PERSON or news in self._told:
                continue
            with suppress(NotificationFailed):
                self._alerts.alert(
                    "Leads cannot be checked: a key is missing or refused",
                    check=str(question),
                    of=owner,
                    finding=str(finding),
                )
                self._told.add(news)
