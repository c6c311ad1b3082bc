"""Following leads in the running stack's tables until each is where it stays."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3

from baton.adapters.dynamo import batch_get
from baton.adapters.dynamo_archive import DynamoArchive
from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.domain.lead import MOVING, Lead, LeadState
from baton.domain.offer import Offer
from baton.domain.plan import Plan
from baton.domain.pool import Pool
from baton.domain.source import Source
from local.record import Stack, emulator_of

POLL_S: Final = 0.5
GRACE: Final = timedelta(seconds=10)
"""How long after its end an offer may still wait for its release."""
FAILED: Final = ("FAILED", "TIMED_OUT", "ABORTED")
HELD: Final = frozenset({LeadState.OFFERED, LeadState.ASSIGNED})


@dataclass(frozen=True, slots=True)
class Followed:
    """One lead as it was last seen."""

    lead: Lead
    offers: tuple[Offer, ...]
    """In the order in which they were made."""

    def is_settled(self, now: datetime) -> bool:
        """Whether the lead stays where it is until a person does something, and whoever has it was told."""
        if self.lead.state in HELD and not (self.offers and self.offers[-1].sent):
            return False
        if self.lead.state is LeadState.OFFERED:
            expires = self.offers[-1].expires_at
            return expires is not None and now < expires + GRACE
        return self.lead.state not in MOVING

    def waits_for_buyer(self, now: datetime) -> bool:
        """Whether the lead is held because a buyer did not say if it took it, and the time to ask again is to come."""
        delivery = self.offers[-1].delivery if self.offers else None
        if self.lead.state is not LeadState.DELIVERING or delivery is None or delivery.next_at is None:
            return False
        return now < delivery.next_at + GRACE


class Tables:
    """What a replay reads of the running stack."""

    def __init__(self, stack: Stack) -> None:
        options = emulator_of(stack).client_options()
        self._dynamodb = boto3.client("dynamodb", **options)
        self._workflows = boto3.client("stepfunctions", **options)
        self._leads_table = stack["tables"]["leads"]
        self._workflow = stack["outputs"]["WorkflowArn"]
        self._config_table = stack["tables"]["config"]
        self._configuration = DynamoConfiguration(self._dynamodb, self._config_table)

    def look(self, lead_ids: Iterable[str]) -> dict[str, Followed]:
        """Those leads with their offers, a hundred rows at a time; one that does not exist is absent."""
        rows = self._rows([{"lead_id": lead_id, "item": "LEAD"} for lead_id in lead_ids])
        leads = [Lead.model_validate(row) for row in rows]
        numbers = [(lead.lead_id, no) for lead in leads for no in range(1, lead.offer_no + 1)]
        found = self._rows([{"lead_id": lead_id, "item": f"OFFER#{no:04d}"} for lead_id, no in numbers])
        offers: dict[str, list[Offer]] = {lead.lead_id: [] for lead in leads}
        for offer in sorted((Offer.model_validate(row) for row in found), key=lambda offer: offer.no):
            offers[offer.lead_id].append(offer)
        return {lead.lead_id: Followed(lead, tuple(offers[lead.lead_id])) for lead in leads}

    def failed_executions(self, lead_ids: Iterable[str]) -> list[str]:
        """The executions of those leads' workflow that did not end well."""
        wanted = set(lead_ids)
        pages = self._workflows.get_paginator("list_executions")
        return [
            f"{execution['name']} {status}"
            for status in FAILED
            for page in pages.paginate(stateMachineArn=self._workflow, statusFilter=status)
            for execution in page["executions"]
            # Named after the lead, and after the attempt when it was started anew.
            if execution["name"].partition("-")[0] in wanted
        ]

    def sources(self) -> list[Source]:
        """Every source."""
        archive = DynamoArchive(self._dynamodb, self._config_table)
        return [found.document for found in archive.every(Source)]

    def plan(self, plan_id: str, version: int) -> Plan:
        """One version of a plan."""
        return self._configuration.get(Plan, Plan.key_of(plan_id, version))

    def pool(self, pool_id: str) -> Pool:
        """A pool as it is now."""
        return self._configuration.get(Pool, pool_id)

    def _rows(self, keys: Sequence[dict[str, str]]) -> Iterable[dict[str, Any]]:
        return batch_get(self._dynamodb, self._leads_table, keys)


def follow(
    tables: Tables, lead_ids: Sequence[str], patience_s: float, tick: Callable[[int], None]
) -> tuple[dict[str, Followed], list[str]]:
    """The leads as last seen, and those of them that were still not settled `patience_s` after the last that was.

    `tick` is called with the number of the settled after each look.
    """
    seen: dict[str, Followed] = {}
    waiting = set(lead_ids)
    give_up = time.monotonic() + patience_s
    while waiting:
        seen |= tables.look(sorted(waiting))
        now = datetime.now(UTC)
        settled = {lead_id for lead_id in waiting if lead_id in seen and seen[lead_id].is_settled(now)}
        waiting -= settled
        tick(len(lead_ids) - len(waiting))
        if settled:
            give_up = time.monotonic() + patience_s
        elif time.monotonic() > give_up:
            break
        if waiting:
            time.sleep(POLL_S)
    return seen, sorted(waiting)
