"""What decisions are made on: a lead's rules and standings, read for routing, for trying out and for explaining."""

from dataclasses import dataclass, replace
from datetime import datetime

from baton.application.archive import Configuration
from baton.application.ports import Leads, Ledger
from baton.domain.campaign import Campaign, Sticky
from baton.domain.errors import ConfigurationBroken, NotFound
from baton.domain.lead import Lead
from baton.domain.plan import Plan
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.situation import Situation
from baton.domain.source import Source
from baton.domain.stages import closed_stage
from baton.domain.standing import Standings


@dataclass(frozen=True, slots=True)
class ReadSituation:
    """Read all that a decision may look at, and of standings only what this lead can still come to."""

    leads: Leads
    ledger: Ledger
    configuration: Configuration

    def __call__(self, lead: Lead, now: datetime, attempt: int = 0, plan: Plan | None = None) -> Situation:
        """The lead's situation under its own plan version, or under `plan`. Raises ConfigurationBroken."""
        plan = plan or self._plan(lead)
        rules = self._rules(lead, plan, now, attempt)
        queues = {
            stage.queue: rules.pools[stage.pool_id]
            for index, stage in enumerate(plan.stages)
            if index >= lead.stage and not closed_stage(rules, index)
        }
        members = [(queue, member.recipient_id) for queue, pool in queues.items() for member in pool.members]
        everybody = {who for _, who in members} | ({plan.fallback} if plan.fallback else set())
        purchases = [
            (who, person)
            for who in sorted(everybody)
            if (known := rules.recipients.get(who)) and known.buyer and known.buyer.dedupe_days
            for person in lead.person
        ]
        standings = self.ledger.standings(members, everybody, _keys(lead), purchases)
        return replace(rules, standings=standings)

    def _plan(self, lead: Lead) -> Plan:
        try:
            return self.configuration.get(Plan, plan_key(lead))
        except NotFound as error:
            raise ConfigurationBroken(str(error)) from error

    def _rules(self, lead: Lead, plan: Plan, now: datetime, attempt: int) -> Situation:
        """The situation without standings. A stage whose pool is gone is passed by."""
        pools = self.configuration.get_many(Pool, sorted({s.pool_id for s in plan.stages[lead.stage :]}))
        everybody = {member.recipient_id for pool in pools.values() for member in pool.members}
        if plan.fallback:
            everybody.add(plan.fallback)
        recipients = self.configuration.get_many(Recipient, sorted(everybody))
        sells = any(recipient.buyer for recipient in recipients.values())
        found = self.configuration.get_many(Campaign, [lead.campaign_id]) if lead.ties or sells else {}
        campaign = found.get(lead.campaign_id)
        if campaign and campaign.days_per_buyer:
            recipients = {
                who: recipient.wanting_nobody_twice_in(campaign.days_per_buyer)
                for who, recipient in recipients.items()
            }
        return Situation(
            lead,
            plan,
            pools,
            recipients,
            Standings(),
            now,
            attempt,
            sticky=campaign.stickiness if campaign else Sticky(),
            currency=campaign.currency if campaign else "USD",
            source=self.configuration.get_many(Source, [lead.source_id]).get(lead.source_id)
            if sells
            else None,
            auction=self.leads.auction(lead.lead_id, lead.auctions)
            if lead.auction_stage is not None
            else None,
        )


def plan_key(lead: Lead) -> str:
    """The key of the plan version that a lead follows."""
    return Plan.key_of(lead.plan_id or "", lead.plan_version or 0)


def _keys(lead: Lead) -> tuple[str, ...]:
    if lead.ties is None:
        return ()
    return (*lead.ties.person, *((lead.ties.company,) if lead.ties.company else ()))
