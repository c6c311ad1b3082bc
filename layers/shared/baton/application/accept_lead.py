"""Take a lead in: check it, store it, start its workflow."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256
from typing import Any, Final, Protocol

from baton.application.archive import Configuration
from baton.application.compare_leads import CompareLeads
from baton.application.ports import Clock, Identities, Leads, Ledger, Workflows
from baton.application.sources import active_source, campaign_of
from baton.domain.asides import with_lead
from baton.domain.campaign import Campaign
from baton.domain.change import Change, received
from baton.domain.dealings import Intake, utc_windows
from baton.domain.dedupe import DuplicatePolicy, Mark
from baton.domain.errors import (
    FieldError,
    IdempotencyConflict,
    InvalidSubmission,
    NotFound,
    OriginRefused,
    StoreUnavailable,
    WorkflowUnavailable,
)
from baton.domain.intake import lead_of
from baton.domain.lead import Lead, LeadState
from baton.domain.promise import Promise
from baton.domain.sender import NOBODY, Sender
from baton.domain.source import Source
from baton.domain.source_limits import check_limits
from baton.domain.submission import Reader
from baton.domain.vendor_errors import PingExpired, PingMismatch, PingUsed, SourceLimitReached

ATTEMPTS: Final = 20
"""Writes of one lead before giving up. Only leads of a source that counts them by day wait for one another."""
_REFUSALS: Final = (SourceLimitReached, InvalidSubmission, PingUsed, PingExpired)


class Screen(Protocol):
    """Looks at a lead for what can only be known with others in view."""

    def __call__(self, source: Source, campaign: Campaign, lead: Lead, sender: Sender) -> Lead:
        """The lead, held if there is something suspicious about it."""
        ...


class Keyed(Enum):
    """What makes two requests one."""

    NOT = auto()
    """What they say."""
    WITH_ITS_BODY = auto()
    """Their key; with it another body is a mistake."""
    ALONE = auto()
    """Their key, whatever they say."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a request."""

    lead_id: str
    state: LeadState
    source: Source
    new: bool
    """False where the same request had been received before."""
    duplicate: bool
    """Whether it is refused, as the duplicate of another lead. It is stored all the same."""
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
        ledger: Ledger,
        identities: Identities,
        screen: Screen,
    ) -> None:
        self._leads = leads
        self._ledger = ledger
        self._configuration = configuration
        self._workflows = workflows
        self._clock = clock
        self._new_id = new_id
        self._identities = identities
        self._compare = CompareLeads(leads, ledger, identities)
        self._screen = screen

    def source(self, source_id: str) -> Source:
        """The source, if it takes leads. Raises NotFound, SourceInactive."""
        return active_source(self._configuration, source_id)

    def __call__(
        self,
        source_id: str,
        fields: Mapping[str, Any],
        *,
        key: str | None = None,
        key_decides: bool = False,
        sender: Sender = NOBODY,
    ) -> Received:
        """Raises NotFound, SourceInactive, OriginRefused, InvalidSubmission, IdempotencyConflict, StoreUnavailable;

        SourceLimitReached; for a lead that names its ping PingMismatch, PingUsed, PingExpired. `key` is the caller's
        Idempotency-Key; with `key_decides` it is one lead whatever was sent with it, and no IdempotencyConflict.
        """
        source = self.source(source_id)
        if not source.allows_page(sender.origin):
            message = "this web site is not among the source's allowed origins"
            raise OriginRefused(message)
        campaign = campaign_of(self._configuration, source)
        lead = self._lead(source, campaign, fields, key, sender)
        by_key = Keyed.NOT if key is None else Keyed.ALONE if key_decides else Keyed.WITH_ITS_BODY
        stored, new = self._store(source, campaign, lead, by_key)
        return Received(
            lead_id=stored.lead_id,
            state=stored.state,
            source=source,
            new=new,
            duplicate=stored.state is LeadState.DUPLICATE and stored.on_duplicate is DuplicatePolicy.REFUSE,
            started=self._start(stored),
        )

    def _lead(
        self,
        source: Source,
        campaign: Campaign,
        fields: Mapping[str, Any],
        key: str | None,
        sender: Sender,
    ) -> Lead:
        reader = Reader()
        asides = with_lead(fields, reader, known=sender.known)
        # A ping is good for one lead: sent again without a key, it is the same lead again.
        repeated = key or (f"ping {asides.ping_id}" if asides.ping_id else None)
        lead = lead_of(
            source,
            campaign,
            asides.fields,
            lead_id=lead_id_for(source.id, repeated) if repeated else self._new_id(),
            now=self._clock.now(),
            fingerprint=_fingerprint(fields),
            test=asides.test,
            reader=reader,
            sender=sender,
        )
        known = {"external_id": asides.external_id, "ping_id": asides.ping_id, "person": self._person(lead)}
        return self._screen(source, campaign, lead.model_copy(update=known), sender)

    def _person(self, lead: Lead) -> tuple[str, ...]:
        """Who the person is, as hashes. While the key for them cannot be had, the lead is taken all the same."""
        try:
            return self._identities.person(lead.contact)
        except StoreUnavailable:
            return ()

    def _store(self, source: Source, campaign: Campaign, lead: Lead, keyed: Keyed) -> tuple[Lead, bool]:
        """The stored lead, and whether it is new: an equal request may have been first.

        A repeated request is not refused for what came after the first one, nor for what the first one used up.
        """
        marks = self._compare.marks(campaign, lead)
        for _ in range(ATTEMPTS):
            try:
                change = self._change(source, lead, marks)
            except _REFUSALS:
                first = self._first(lead, keyed) if keyed is not Keyed.NOT or lead.ping_id else None
                first = first or self._same(lead, self._compare.just_sent(marks[0]), keyed)
                if first is None:
                    raise
                return first, False
            if self._leads.commit(change):
                return change.lead, True
            first = self._first(lead, keyed)
            if first:
                return first, False
            found = self._compare.against_others(campaign, lead, marks)
            if same := self._same(lead, found.same, keyed):
                return same, False
            lead, marks = found.lead, found.marks
        message = "the lead could not be stored; send it again"
        raise StoreUnavailable(message)

    def _same(self, lead: Lead, same: Lead | None, keyed: Keyed) -> Lead | None:
        """The lead that a request has turned out to repeat. Its key names that lead from now on, however late it comes.

        Raises StoreUnavailable.
        """
        if same is not None and keyed is not Keyed.NOT:
            self._leads.alias(lead.lead_id, same)
        return same

    def _first(self, lead: Lead, keyed: Keyed) -> Lead | None:
        """The lead of an equal request that was first. Raises IdempotencyConflict for one that was not equal."""
        try:
            first = self._leads.get(lead.lead_id)
        except NotFound:
            return None
        if first.forgotten_at is not None:
            # Whose person was removed: what was sent then must not come back by being sent again.
            return first
        if first.fingerprint != lead.fingerprint and keyed is not Keyed.ALONE:
            if keyed is Keyed.NOT:
                return None
            message = "this Idempotency-Key was used before with another body"
            raise IdempotencyConflict(message)
        return first

    def _change(self, source: Source, lead: Lead, marks: tuple[Mark, ...]) -> Change:
        """What storing the lead writes, as promise and limits stand at this moment."""
        if lead.state is LeadState.DUPLICATE:
            return received(lead, lead.received_at, marks=marks)
        promise = self._promise(source, lead, lead.ping_id) if lead.ping_id else None
        intake = None
        if source.limits.are_daily and not lead.test:
            owed_cents = promise.price_cents if promise else source.payout.fixed_cents
            intake = self._counted(source, lead, owed_cents)
        return received(lead, lead.received_at, promise, intake, marks)

    def _promise(self, source: Source, lead: Lead, ping_id: str) -> Promise:
        """The promise that the lead was sent with, if it can still be kept."""
        try:
            promise = self._leads.promise(ping_id)
        except NotFound:
            promise = None
        if promise is None or promise.source_id != source.id:
            raise InvalidSubmission([FieldError("ping_id", "is no ping of this source")])
        if promise.lead_id:
            message = "a lead has come with this ping before; every lead needs its own"
            raise PingUsed(message)
        if lead.received_at >= promise.good_until or promise.campaign_id != lead.campaign_id:
            message = (
                f"the price was good until {promise.good_until:%Y-%m-%d %H:%M:%S} UTC; ask for another one"
            )
            raise PingExpired(message)
        if differences := promise.differences(lead):
            raise PingMismatch(differences)
        return promise

    def _counted(self, source: Source, lead: Lead, owed_cents: int) -> Intake | None:
        """The source's counts with one more lead; None where only money is limited. Raises SourceLimitReached."""
        intake = self._ledger.standings([], [], intakes=[source.id]).intake(source.id)
        check_limits(source.limits, intake, owed_cents, lead.received_at)
        day, _ = utc_windows(lead.received_at)
        return intake.took(day) if source.limits.per_day is not None else None

    def _start(self, lead: Lead) -> bool:
        if lead.state is not LeadState.RECEIVED:
            return True
        try:
            self._workflows.start(lead.lead_id, lead.attempt)
        except WorkflowUnavailable:
            return False
        return True


def lead_id_for(source_id: str, key: str) -> str:
    """The lead id that belongs to an Idempotency-Key: no second lookup is needed to find the first request."""
    return sha256(f"{source_id}\n{key}".encode()).hexdigest()[:32]


def _fingerprint(fields: Mapping[str, Any]) -> str:
    """A digest of what was sent, the same however the caller ordered it."""
    sent = {name: value for name, value in fields.items() if not name.startswith("_")}
    return sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()
