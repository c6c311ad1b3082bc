"""Take a lead in: check it, store it, start its workflow."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from baton.application.ports import Clock, Configuration, Leads, Workflows
from baton.domain.campaign import Campaign
from baton.domain.change import received
from baton.domain.documents import ID_PATTERN, MAX_ID
from baton.domain.errors import (
    ConfigurationBroken,
    IdempotencyConflict,
    NotFound,
    OriginRefused,
    SourceInactive,
    StoreUnavailable,
    WorkflowUnavailable,
)
from baton.domain.intake import lead_of
from baton.domain.lead import Lead, LeadState
from baton.domain.source import Source

ATTEMPTS: Final = 3
"""Writes of one lead before giving up; only an equal request at the same moment makes a second necessary."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a request."""

    lead_id: str
    state: LeadState
    source: Source
    new: bool
    """False where the same request had been received before."""
    started: bool
    """False where the workflow could not be started now; the sweep will start it."""


class AcceptLead:
    """Store a lead durably, then start its workflow. Doing it twice with one key stores one lead."""

    def __init__(
        self,
        leads: Leads,
        configuration: Configuration,
        workflows: Workflows,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._leads = leads
        self._configuration = configuration
        self._workflows = workflows
        self._clock = clock
        self._new_id = new_id

    def source(self, source_id: str) -> Source:
        """The source, if it takes leads. Raises NotFound, SourceInactive."""
        if not re.fullmatch(ID_PATTERN, source_id):
            raise NotFound(Source.kind, source_id[:MAX_ID])
        source = self._configuration.get(Source, source_id)
        if not source.active:
            message = f"source '{source_id}' is switched off"
            raise SourceInactive(message)
        return source

    def __call__(
        self, source_id: str, fields: Mapping[str, Any], *, key: str | None = None, origin: str | None = None
    ) -> Received:
        """Raises NotFound, SourceInactive, OriginRefused, InvalidSubmission, IdempotencyConflict, StoreUnavailable.

        `key` is the caller's Idempotency-Key; `origin` the web site that a browser says it posts from.
        """
        source = self.source(source_id)
        if not source.allows_page(origin):
            message = "this web site is not among the source's allowed origins"
            raise OriginRefused(message)
        lead = self._lead(source, fields, key)
        stored, new = self._store(lead)
        started = self._start(stored)
        return Received(lead_id=stored.lead_id, state=stored.state, source=source, new=new, started=started)

    def _lead(self, source: Source, fields: Mapping[str, Any], key: str | None) -> Lead:
        return lead_of(
            source,
            self._campaign(source),
            fields,
            lead_id=_id_for(source.id, key) if key else self._new_id(),
            now=self._clock.now(),
            fingerprint=_fingerprint(fields),
        )

    def _campaign(self, source: Source) -> Campaign:
        try:
            return self._configuration.get(Campaign, source.campaign_id)
        except NotFound as error:
            message = f"source '{source.id}' names a campaign that does not exist"
            raise ConfigurationBroken(message) from error

    def _store(self, lead: Lead) -> tuple[Lead, bool]:
        """The stored lead, and whether it is new: an equal request may have been first."""
        for _ in range(ATTEMPTS):
            if self._leads.commit(received(lead, lead.received_at)):
                return lead, True
            try:
                first = self._leads.get(lead.lead_id)
            except NotFound:
                continue
            if first.fingerprint != lead.fingerprint:
                message = "this Idempotency-Key was used before with another body"
                raise IdempotencyConflict(message)
            return first, False
        message = "the lead could not be stored; send it again"
        raise StoreUnavailable(message)

    def _start(self, lead: Lead) -> bool:
        if lead.state is not LeadState.RECEIVED:
            return True
        try:
            self._workflows.start(lead.lead_id, lead.attempt)
        except WorkflowUnavailable:
            return False
        return True


def _id_for(source_id: str, key: str) -> str:
    """The lead id that belongs to an Idempotency-Key: no second lookup is needed to find the first request."""
    return sha256(f"{source_id}\n{key}".encode()).hexdigest()[:32]


def _fingerprint(fields: Mapping[str, Any]) -> str:
    """A digest of what was sent, the same however the caller ordered it."""
    sent = {name: value for name, value in fields.items() if not name.startswith("_")}
    return sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()
