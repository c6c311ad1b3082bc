"""In-memory twins of the stores. Product code: the simulator and the unit tests run on them.

One lock makes a commit as atomic as the transaction that it stands for.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from threading import Lock

from baton.domain.change import Change
from baton.domain.editing import Page
from baton.domain.errors import NotFound
from baton.domain.lead import Lead
from baton.domain.offer import Offer
from baton.domain.search import Wanted
from baton.domain.standing import Owner, Standings, Turn, Usage
from baton.domain.timeline import Event


class MemoryLedger:
    """The Ledger port over two dictionaries."""

    def __init__(self) -> None:
        self.turns: dict[tuple[str, str], Turn] = {}
        self.usage: dict[str, Usage] = {}
        self.owners: dict[str, Owner] = {}

    def standings(
        self,
        members: Collection[tuple[str, str]],
        recipients: Collection[str],
        owners: Collection[str] = (),
    ) -> Standings:
        """See Ledger.standings."""
        turns = {member: self.turns[member] for member in members if member in self.turns}
        usage = {who: self.usage[who] for who in recipients if who in self.usage}
        found = {key: self.owners[key] for key in owners if key in self.owners}
        return Standings(turns, usage, found)


class MemoryLeads:
    """The Leads and LeadSearch ports over dictionaries; writes a claim's standings to its ledger in the same step."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger
        self._lock = Lock()
        self.leads: dict[str, Lead] = {}
        self.offers: dict[tuple[str, int], Offer] = {}
        self.events: dict[str, list[Event]] = {}

    def get(self, lead_id: str) -> Lead:
        """See Leads.get."""
        if lead_id not in self.leads:
            raise NotFound("lead", lead_id)
        return self.leads[lead_id]

    def offer(self, lead_id: str, no: int) -> Offer:
        """See Leads.offer."""
        if (lead_id, no) not in self.offers:
            raise NotFound("offer", f"{lead_id}/{no}")
        return self.offers[lead_id, no]

    def offers_of(self, lead_id: str) -> list[Offer]:
        """See Leads.offers_of."""
        return [self.offers[key] for key in sorted(self.offers) if key[0] == lead_id]

    def timeline(self, lead_id: str) -> list[Event]:
        """See Leads.timeline."""
        return list(self.events.get(lead_id, []))

    def commit(self, change: Change) -> bool:
        """See Leads.commit."""
        lead, offer, turn, usage = change.lead, change.offer, change.turn, change.usage
        with self._lock:
            stored: list[tuple[int, Lead | Offer | Turn | Usage | None]] = [
                (lead.rev, self.leads.get(lead.lead_id))
            ]
            if offer:
                stored.append((offer.rev, self.offers.get((offer.lead_id, offer.no))))
            if turn:
                stored.append((turn.rev, self._ledger.turns.get((turn.queue, turn.recipient_id))))
            if usage:
                stored.append((usage.rev, self._ledger.usage.get(usage.recipient_id)))
            if any(rev - 1 != (row.rev if row else 0) for rev, row in stored):
                return False
            self.leads[lead.lead_id] = lead
            self.events.setdefault(lead.lead_id, []).append(change.event)
            if offer:
                self.offers[offer.lead_id, offer.no] = offer
            if turn:
                self._ledger.turns[turn.queue, turn.recipient_id] = turn
            if usage:
                self._ledger.usage[usage.recipient_id] = usage
            self._ledger.owners.update({owner.key: owner for owner in change.owners})
            return True

    def note(self, offer: Offer) -> bool:
        """See Leads.note."""
        with self._lock:
            stored = self.offers.get((offer.lead_id, offer.no))
            if offer.rev - 1 != (stored.rev if stored else 0):
                return False
            self.offers[offer.lead_id, offer.no] = offer
            return True

    def page(
        self, wanted: Wanted, campaigns: Collection[str], limit: int, after: str | None = None
    ) -> Page[Lead]:
        """See LeadSearch.page."""
        found = sorted(
            (
                (
                    f"{lead.received_at.astimezone(UTC).isoformat(timespec='microseconds')}~{lead.lead_id}",
                    lead,
                )
                for lead in self.leads.values()
                if wanted.fits(lead)
                and (wanted.campaign_id or wanted.recipient_id or lead.campaign_id in campaigns)
            ),
            key=lambda pair: pair[0],
            reverse=True,
        )
        left = [pair for pair in found if after is None or pair[0] < after]
        shown = left[:limit]
        return Page(tuple(lead for _, lead in shown), shown[-1][0] if len(left) > limit else None)

    def overdue(self, now: datetime, limit: int) -> list[str]:
        """See Leads.overdue."""
        late = [
            (lead.watch_at, lead.lead_id)
            for lead in self.leads.values()
            if lead.watch_at and lead.watch_at < now
        ]
        return [lead_id for _, lead_id in sorted(late)[:limit]]
