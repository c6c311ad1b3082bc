"""In-memory twins of the leads. Product code: the simulator and the unit tests run on them.

The ledger's lock makes a commit as atomic as the transaction that it stands for.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime

from baton.adapters.memory_ledger import MemoryLedger
from baton.domain.auction import Auction
from baton.domain.change import Change
from baton.domain.editing import Page
from baton.domain.errors import NotFound
from baton.domain.exchange import Exchange
from baton.domain.forgetting import sealed
from baton.domain.lead import Lead
from baton.domain.offer import Offer
from baton.domain.outcome import Reported
from baton.domain.promise import Promise
from baton.domain.search import Wanted
from baton.domain.timeline import Event
from baton.domain.waiting import Wait, wait_of


class MemoryLeads:
    """The Leads and LeadSearch ports over dictionaries; writes a claim's standings to its ledger in the same step."""

    def __init__(self, ledger: MemoryLedger, seconds: Callable[[], float] | None = None) -> None:
        """`seconds`: the present second of the epoch, by which leads expire; None: they do not."""
        self._ledger = ledger
        self._seconds = seconds
        self._lock = ledger.lock
        self.leads: dict[str, Lead] = {}
        self.offers: dict[tuple[str, int], Offer] = {}
        self.events: dict[str, list[Event]] = {}
        self.auctions: dict[tuple[str, int], Auction] = {}
        self.exchanges: dict[str, dict[str, Exchange]] = {}
        self.promises: dict[str, Promise] = {}
        self.named_by_source: dict[tuple[str, str], str] = {}
        """Ids of leads, by source and what it called them."""
        self.reports: dict[tuple[str, str], Reported] = {}
        """By lead and the report's id."""
        self._aliases: dict[str, str] = {}

    def get(self, lead_id: str) -> Lead:
        """See Leads.get."""
        lead_id = self._aliases.get(lead_id, lead_id)
        self._expire(lead_id)
        if lead_id not in self.leads:
            raise NotFound("lead", lead_id)
        return self.leads[lead_id]

    def alias(self, lead_id: str, lead: Lead) -> None:
        """See Leads.alias."""
        with self._lock:
            if lead_id not in self.leads:
                self._aliases.setdefault(lead_id, lead.lead_id)

    def _is_over(self, lead: Lead) -> bool:
        """Whether the lead has expired: in whole seconds, as the table's own clock has it."""
        until = lead.expires_at
        return until is not None and self._seconds is not None and int(until.timestamp()) <= self._seconds()

    def _expire(self, lead_id: str) -> None:
        """Delete the lead and everything of it, once it has expired."""
        with self._lock:
            lead = self.leads.get(lead_id)
            if lead is None or not self._is_over(lead):
                return
            for of_lead in (self.leads, self.events, self.exchanges):
                of_lead.pop(lead_id, None)
            for numbered in (self.offers, self.auctions, self._ledger.returns):
                for place in [place for place in numbered if place[0] == lead_id]:
                    del numbered[place]
            for named in [named for named in self.reports if named[0] == lead_id]:
                del self.reports[named]

    def offer(self, lead_id: str, no: int) -> Offer:
        """See Leads.offer."""
        self._expire(lead_id)
        if (lead_id, no) not in self.offers:
            raise NotFound("offer", f"{lead_id}/{no}")
        return self.offers[lead_id, no]

    def offers_of(self, lead_id: str) -> list[Offer]:
        """See Leads.offers_of."""
        self._expire(lead_id)
        return [self.offers[key] for key in sorted(self.offers) if key[0] == lead_id]

    def timeline(self, lead_id: str) -> list[Event]:
        """See Leads.timeline."""
        self._expire(lead_id)
        return list(self.events.get(lead_id, []))

    def named(self, source_id: str, external_id: str) -> str | None:
        """See Leads.named."""
        lead_id = self.named_by_source.get((source_id, external_id))
        if lead_id is not None:
            self._expire(lead_id)
        return lead_id if lead_id in self.leads else None

    def reported(self, lead_id: str, report_id: str) -> Reported | None:
        """See Leads.reported."""
        self._expire(lead_id)
        return self.reports.get((lead_id, report_id))

    def commit(self, change: Change) -> bool:
        """See Leads.commit. Nobody brings the data of a forgotten person back."""
        change = sealed(change)
        lead, offer, promise, auction = change.lead, change.offer, change.promise, change.auction
        report = change.reported
        with self._lock:
            self._expire(lead.lead_id)
            stored: list[tuple[int, Lead | Offer | Promise | None]] = [
                (lead.rev, self.leads.get(lead.lead_id))
            ]
            if offer:
                stored.append((offer.rev, self.offers.get((offer.lead_id, offer.no))))
            if change.other:
                other, told = change.other
                stored.append((other.rev, self.leads.get(other.lead_id)))
            if promise:
                stored.append((promise.rev, self.promises.get(promise.ping_id)))
            if (
                any(rev - 1 != (row.rev if row else 0) for rev, row in stored)
                or lead.lead_id in self._aliases
            ):
                return False
            if auction and (auction.lead_id, auction.no) in self.auctions:
                return False
            if report and (lead.lead_id, report.report_id) in self.reports:
                return False
            if not self._ledger.accepts(change):
                return False
            self.leads[lead.lead_id] = lead
            self.events.setdefault(lead.lead_id, []).append(change.event)
            if change.other:
                self.leads[other.lead_id] = other
                self.events.setdefault(other.lead_id, []).append(told)
            if offer:
                self.offers[offer.lead_id, offer.no] = offer
            self._note_names(lead, report)
            if promise:
                self.promises[promise.ping_id] = promise
            if auction:
                self.auctions[auction.lead_id, auction.no] = auction
            self._ledger.write(change)
            return True

    def _note_names(self, lead: Lead, report: Reported | None) -> None:
        """By what a lead and a report are found that others have named."""
        if lead.rev == 1 and lead.external_id:
            self.named_by_source[lead.source_id, lead.external_id] = lead.lead_id
        if report:
            self.reports[lead.lead_id, report.report_id] = report

    def auction(self, lead_id: str, no: int) -> Auction:
        """See Leads.auction."""
        self._expire(lead_id)
        if (lead_id, no) not in self.auctions:
            raise NotFound("auction", f"{lead_id}/{no}")
        return self.auctions[lead_id, no]

    def auctions_of(self, lead_id: str) -> list[Auction]:
        """See Leads.auctions_of."""
        self._expire(lead_id)
        return [self.auctions[key] for key in sorted(self.auctions) if key[0] == lead_id]

    def keep(self, exchanges: Sequence[Exchange]) -> None:
        """See Leads.keep."""
        for exchange in exchanges:
            self.exchanges.setdefault(exchange.lead_id, {})[exchange.exchange_id] = exchange

    def exchanges_of(self, lead_id: str) -> list[Exchange]:
        """See Leads.exchanges_of."""
        self._expire(lead_id)
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
        self,
        wanted: Wanted,
        campaigns: Collection[str],
        limit: int,
        after: str | None = None,
        unreadable: Callable[[str], None] | None = None,
    ) -> Page[Lead]:
        """See LeadSearch.page. Here every lead can be read."""
        found = sorted(
            (
                (_place(lead), lead)
                for lead in self.leads.values()
                if wanted.fits(lead)
                and not self._is_over(lead)
                and (wanted.campaign_id or wanted.recipient_id or lead.campaign_id in campaigns)
            ),
            key=lambda pair: pair[0],
            reverse=True,
        )
        left = [pair for pair in found if after is None or pair[0] < after]
        shown = left[:limit]
        return Page(tuple(lead for _, lead in shown), shown[-1][0] if len(left) > limit else None)

    def waiting(self, wait: Wait, limit: int, after: str | None = None) -> Page[Lead]:
        """See LeadSearch.waiting."""
        found = sorted(
            (
                (_place(lead), lead)
                for lead in self.leads.values()
                if wait_of(lead) is wait and not self._is_over(lead)
            ),
            key=lambda pair: pair[0],
        )
        left = [pair for pair in found if after is None or pair[0] > after]
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


def _place(lead: Lead) -> str:
    """Where a lead lies in the order of arrival."""
    return f"{lead.received_at.astimezone(UTC).isoformat(timespec='microseconds')}~{lead.lead_id}"
