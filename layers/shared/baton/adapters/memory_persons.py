"""In-memory twin of what is kept of persons."""

from collections.abc import Collection

from baton.adapters.counters import MemoryCounters
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.adapters.recollections import MemoryRecollections
from baton.application.forget_person import Traces
from baton.domain.forgetting import bare_event, bare_offer, bare_return
from baton.domain.lead import Lead


class MemoryPersons:
    """The Persons port over the dictionaries of leads and ledger."""

    def __init__(
        self,
        leads: MemoryLeads,
        ledger: MemoryLedger,
        counters: MemoryCounters | None = None,
        recollections: MemoryRecollections | None = None,
    ) -> None:
        self._leads = leads
        self._ledger = ledger
        self._counters = counters or MemoryCounters()
        self._recollections = recollections or MemoryRecollections()

    def leads_of(self, keys: Collection[str]) -> list[str]:
        """See Persons.leads_of."""
        with self._ledger.lock:
            leads = list(self._leads.leads.values())
        return [lead.lead_id for lead in leads if lead.person and lead.person[0] in keys]

    def leads_with(self, keys: Collection[str], limit: int) -> list[str]:
        """See KnownPersons.leads_with."""
        with self._ledger.lock:
            leads = list(self._leads.leads.values())
        known = [
            lead.lead_id for lead in leads if lead.forgotten_at is None and set(keys) & set(lead.person[:2])
        ]
        return known[:limit]

    def duplicates_of(self, lead_id: str) -> list[str]:
        """See Persons.duplicates_of."""
        with self._ledger.lock:
            leads = list(self._leads.leads.values())
        return [lead.lead_id for lead in leads if lead.duplicate_of == lead_id]

    def strip(self, lead: Lead) -> int | None:
        """See Persons.strip. Nobody writes meanwhile: the lock is held."""
        leads, ledger = self._leads, self._ledger
        with ledger.lock:
            offers = {
                key: bare
                for key, offer in leads.offers.items()
                if key[0] == lead.lead_id and (bare := bare_offer(offer))
            }
            returns = {
                key: told
                for key, wanted in ledger.returns.items()
                if key[0] == lead.lead_id and (told := bare_return(wanted))
            }
            events = leads.events.get(lead.lead_id, [])
            bare_events = [bare_event(event) for event in events]
            leads.offers.update(offers)
            ledger.returns.update(returns)
            leads.events[lead.lead_id] = [
                bare or event for bare, event in zip(bare_events, events, strict=True)
            ]
            said = [leads.exchanges.pop(place, {}) for place in (lead.lead_id, lead.ping_id or "")]
            place = (lead.source_id, lead.external_id or "")
            named = leads.named_by_source.get(place) == lead.lead_id
            if named:
                del leads.named_by_source[place]
            promised = leads.promises.pop(lead.ping_id or "", None) is not None
        return (
            len(offers)
            + len(returns)
            + sum(map(len, said))
            + promised
            + named
            + sum(bare is not None for bare in bare_events)
        )

    def erase(self, traces: Traces) -> int:
        """See Persons.erase."""
        ledger, ids = self._ledger, traces.lead_ids
        with ledger.lock:
            before = self._size()
            for key in traces.owners:
                if key in ledger.owners and ledger.owners[key].lead_id in ids:
                    del ledger.owners[key]
            for bought in traces.purchases:
                if bought in ledger.purchases and ledger.purchases[bought].lead_id in ids:
                    del ledger.purchases[bought]
            for key in traces.marks:
                if key in ledger.kept_marks and ledger.kept_marks[key].lead_id in ids:
                    del ledger.kept_marks[key]
            for counter in traces.counters:
                self._counters.counts.pop(counter, None)
            for key in traces.recollections:
                self._recollections.kept.pop(key, None)
            return before - self._size()

    def _size(self) -> int:
        ledger = self._ledger
        noted = len(ledger.owners) + len(ledger.purchases) + len(ledger.kept_marks)
        return noted + len(self._counters.counts) + len(self._recollections.kept)
