"""Forget a person: remove their data everywhere it is kept, keep the numbers, leave a record that it was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from baton.application.present_leads import present
from baton.domain.campaign import Campaign
from baton.domain.dedupe import Dedupe, Match, Scope
from baton.domain.duplicates import identity_values, payload_mark
from baton.domain.errors import ClaimContention, NotFound
from baton.domain.forgetting import LeadInMotion, forgotten
from baton.domain.lead import LeadState
from baton.domain.pool import Release

if TYPE_CHECKING:
    from collections.abc import Collection

    from baton.application.archive import Configuration
    from baton.application.ports import Clock, Identities, Leads, Ledger
    from baton.application.release_offer import ReleaseOffer
    from baton.domain.lead import Lead

ATTEMPTS: Final = 8
TIME_BUDGET: Final = timedelta(seconds=20)
"""After this long no further lead is begun; whoever asks again goes on where this ended."""


@dataclass(frozen=True, slots=True)
class Traces:
    """Where the ledger may have something of a person, by keys that say nothing of who it is."""

    lead_ids: frozenset[str]
    """Only what was noted for one of these leads goes; another lead's notes are somebody else's."""
    owners: tuple[str, ...] = ()
    purchases: tuple[tuple[str, str], ...] = ()
    """Buyer and person."""
    marks: tuple[str, ...] = ()
    counters: tuple[tuple[str, str], ...] = ()
    """Key and window; these go whosesoever they are: counts of a day."""
    recollections: tuple[str, ...] = ()


class Persons(Protocol):
    """What is kept of persons, found and removed."""

    def leads_of(self, keys: Collection[str]) -> list[str]:
        """Ids of leads whose person is known by one of these keys before any other. May lag by moments."""
        ...

    def duplicates_of(self, lead_id: str) -> list[str]:
        """Ids of leads that came in as duplicates of this one. May lag by moments."""
        ...

    def strip(self, lead: Lead) -> int | None:
        """Remove what lies beside the lead and its ping: how many rows. None: somebody wrote one; do it again."""
        ...

    def erase(self, traces: Traces) -> int:
        """Remove traces from the ledger: how many rows. Raises StoreUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed."""

    lead: Lead
    """As it is now."""
    leads: int
    """How many of the person's leads were emptied by this request."""
    rows: int
    """How many other rows."""
    done: bool
    """False: there was more than time; ask again."""


class ForgetPerson:
    """Every lead of the person by itself, the one that was named last: until then asking again finds the others.

    Of each lead its own row is emptied last, where nobody has written it meanwhile. So whatever dies in the middle,
    asking again finishes it, and whatever others write meanwhile is removed too.
    """

    def __init__(
        self,
        leads: Leads,
        persons: Persons,
        ledger: Ledger,
        configuration: Configuration,
        identities: Identities,
        release: ReleaseOffer,
        clock: Clock,
    ) -> None:
        self._leads = leads
        self._persons = persons
        self._ledger = ledger
        self._configuration = configuration
        self._identities = identities
        self._release = release
        self._clock = clock

    def __call__(self, lead_id: str, by: str) -> Forgotten:
        """Raises NotFound; LeadInMotion, once all that can be forgotten is; ClaimContention, StoreUnavailable."""
        begun, leads, rows = self._clock.now(), 0, 0
        root, waits = self._leads.get(lead_id), ""
        for other in self._others(root):
            if self._clock.now() - begun > TIME_BUDGET:
                return Forgotten(root, leads, rows, done=False)
            try:
                removed = self._forget(other, by, leads=1, rows=0)
            except NotFound:
                continue
            except LeadInMotion:
                waits = other
                continue
            leads, rows = leads + removed.leads, rows + removed.rows
        if waits:
            raise LeadInMotion(waits)
        last = self._forget(lead_id, by, leads=leads + 1, rows=rows)
        return Forgotten(last.lead, leads + last.leads, rows + last.rows, done=True)

    def _others(self, root: Lead) -> list[str]:
        """The person's other leads: with the same address or number, and those that were duplicates, either way."""
        same = [root, *present(self._leads, self._persons.leads_of(self._keys(root)))]
        linked = [one for lead in same for one in self._persons.duplicates_of(lead.lead_id)]
        firsts = [lead.duplicate_of for lead in same if lead.duplicate_of]
        ids = {*(lead.lead_id for lead in same), *linked, *firsts} - {root.lead_id}
        return sorted(ids)

    def _keys(self, lead: Lead) -> tuple[str, ...]:
        """The person's keys; worked out for a lead that came in while they could not be."""
        if lead.forgotten_at is not None:
            return ()
        return tuple(dict.fromkeys((*lead.person, *self._identities.person(lead.contact))))

    def _forget(self, lead_id: str, by: str, *, leads: int, rows: int) -> Forgotten:
        """One lead. `leads` and `rows` are what its record says besides its own rows."""
        removed = 0
        for _ in range(ATTEMPTS):
            lead = self._leads.get(lead_id)
            if lead.forgotten_at is not None:
                # What came in at the very moment, such as what a buyer answered.
                return Forgotten(lead, 0, removed + (self._persons.strip(lead) or 0), done=True)
            free = self._off_its_plan(lead)
            if free is None:
                continue
            traces = self._traces(free)
            stripped = self._persons.strip(free)
            if stripped is None:
                continue
            removed += stripped + self._persons.erase(traces)
            change = forgotten(free, by, self._clock.now(), leads=leads, rows=rows + removed)
            if self._leads.commit(change):
                return Forgotten(change.lead, 1, removed, done=True)
        raise ClaimContention(lead_id)

    def _off_its_plan(self, lead: Lead) -> Lead | None:
        """The lead once it is on offer to nobody. None: somebody was faster; read again. Raises LeadInMotion."""
        if lead.state not in {LeadState.OFFERED, LeadState.DELIVERING}:
            return lead
        offer = self._leads.offer(lead.lead_id, lead.offer_no)
        if lead.state is LeadState.DELIVERING and (offer.delivery is None or offer.delivery.tries):
            raise LeadInMotion(lead.lead_id)
        change = self._release(lead, offer, Release.UNDELIVERED)
        return change.lead if change else None

    def _traces(self, lead: Lead) -> Traces:
        """Where the ledger may know of this lead's person. Read before anything is removed."""
        keys, offers = self._keys(lead), self._leads.offers_of(lead.lead_id)
        keys = tuple(dict.fromkeys((*keys, *(key for offer in offers for key in offer.person))))
        company = (lead.ties.company,) if lead.ties and lead.ties.company else ()
        owners = tuple(dict.fromkeys((*keys, *(lead.ties.person if lead.ties else ()), *company)))
        purchases = tuple((who, key) for who in sorted({o.recipient_id for o in offers}) for key in keys)
        marks = (payload_mark(lead).key, *(f"identity#{one}" for one in self._marks(lead)))
        day = f"{lead.received_at.astimezone(UTC):%Y-%m-%d}"
        standings = self._ledger.standings([], [], owners=owners, purchases=purchases)
        noted = {owner.lead_id for owner in standings.owners.values()}
        noted |= {purchase.lead_id for purchase in standings.purchases.values()}
        return Traces(
            lead_ids=frozenset({lead.lead_id, *self._gone(noted - {lead.lead_id})}),
            owners=owners,
            purchases=purchases,
            marks=marks,
            counters=tuple((f"person#{lead.source_id}#{key}", day) for key in keys),
            recollections=(f"challenge#{lead.lead_id}",),
        )

    def _marks(self, lead: Lead) -> tuple[str, ...]:
        """By which duplicates of the lead are found: as its campaign asks now, and as it may have asked before."""
        found = self._configuration.get_many(Campaign, [lead.campaign_id]).get(lead.campaign_id)
        now = found.dedupe if found and found.dedupe else Dedupe()
        parts = tuple(dict.fromkeys((*now.by, "email", "phone")))
        variants = [
            Dedupe(by=by, match=match, scope=scope)
            for scope in (Scope.CAMPAIGN, Scope.ACCOUNT)
            for by, match in ((parts[:5], Match.ANY), (now.by, Match.ALL), (("email", "phone"), Match.ALL))
        ]
        values = [value for variant in variants for value in identity_values(lead, variant)]
        return self._identities.marks(tuple(dict.fromkeys(values)))

    def _gone(self, lead_ids: Collection[str]) -> set[str]:
        """Those that were deleted with time or forgotten: what is still noted for them is nobody else's."""
        there = {lead.lead_id for lead in present(self._leads, lead_ids) if lead.forgotten_at is None}
        return set(lead_ids) - there
