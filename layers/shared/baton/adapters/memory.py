"""In-memory twins of the leads. Product code: the simulator and the unit tests run on them.

The ledger's lock makes a commit as atomic as the transaction that it stands for.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from baton.adapters.memory_ledger import MemoryLedger
from baton.domain.auction import Auction
from baton.domain.change import Change
from baton.domain.editing import Page
from baton.domain.errors import NotFound
from baton.domain.exchange import Exchange
from baton.domain.lead import Lead
from baton.domain.offer import Offer
from baton.domain.promise import Promise
from baton.domain.search import Wanted
from baton.domain.timeline import Event


class MemoryLeads:
    """The Leads and LeadSearch ports over dictionaries; writes a claim's standings to its ledger in the same step."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger
        self._lock = ledger.lock
        self.leads: dict[str, Lead] = {}
        self.offers: dict[tuple[str, int], Offer] = {}
        self.events: dict[str, list[Event]] = {}
        self.auctions: dict[tuple[str, int], Auction] = {}
        self.exchanges: dict[str, dict[str, Exchange]] = {}
        self.promises: dict[str, Promise] = {}

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
        lead, offer, promise, auction = change.lead, change.offer, change.promise, change.auction
        with self._lock:
            stored: list[tuple[int, Lead | Offer | Promise | None]] = [
                (lead.rev, self.leads.get(lead.lead_id))
            ]
            if offer:
                stored.append((offer.rev, self.offers.get((offer.lead_id, offer.no))))
            if promise:
                stored.append((promise.rev, self.promises.get(promise.ping_id)))
            if any(rev - 1 != (row.rev if row else 0) for rev, row in stored):
                return False
            if auction and (auction.lead_id, auction.no) in self.auctions:
                return False
            if not self._ledger.accepts(change):
                return False
            self.leads[lead.lead_id] = lead
            self.events.setdefault(lead.lead_id, []).append(change.event)
            if offer:
                self.offers[offer.lead_id, offer.no] = offer
            if promise:
                self.promises[promise.ping_id] = promise
            if auction:
                self.auctions[auction.lead_id, auction.no] = auction
            self._ledger.write(change)
            return True

    def auction(self, lead_id: str, no: int) -> Auction:
        """See Leads.auction."""
        if (lead_id, no) not in self.auctions:
            raise NotFound("auction", f"{lead_id}/{no}")
        return self.auctions[lead_id, no]

    def auctions_of(self, lead_id: str) -> list[Auction]:
        """See Leads.auctions_of."""
        return [self.auctions[key] for key in sorted(self.auctions) if key[0] == lead_id]

    def keep(self, exchanges: Sequence[Exchange]) -> None:
        """See Leads.keep."""
        for exchange in exchanges:
            self.exchanges.setdefault(exchange.lead_id, {})[exchange.exchange_id] = exchange

    def exchanges_of(self, lead_id: str) -> list[Exchange]:
        """See Leads.exchanges_of."""
        return [exchange for _, exchange in sorted(self.exchanges.get(lead_id, {}).items())]

    def promise(self, ping_id: str) -> Promise:
        """See Leads.promise."""
        if ping_id not in self.promises:
            raise NotFound("ping", ping_id)
        return self.promises[ping_id]

    def promised(self, promise: Promise) -> bool:
        """See Leads.promised."""
        with self._lock:
            if promise.ping_id in self.promises:
                return False
            self.promises[promise.ping_id] = promise
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
