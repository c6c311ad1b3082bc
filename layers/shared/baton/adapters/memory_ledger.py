"""In-memory twins of the ledger: standings, accounts and returns.

Product code: the simulator and the unit tests run on them.
One lock, shared with the leads that are written together with them, makes a commit atomic.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from threading import RLock

from baton.domain.change import Change
from baton.domain.dealings import Intake, Purchase
from baton.domain.dedupe import Mark
from baton.domain.editing import Page
from baton.domain.lead_return import Return, ReturnState
from baton.domain.learned_document import LearnedDocument
from baton.domain.money import Entry, EntryKind, Sum, entry_time
from baton.domain.standing import Owner, Standings, Turn, Usage


class MemoryLedger:
    """The Ledger port over two dictionaries."""

    def __init__(self) -> None:
        self.turns: dict[tuple[str, str], Turn] = {}
        self.usage: dict[str, Usage] = {}
        self.owners: dict[str, Owner] = {}
        self.purchases: dict[tuple[str, str], Purchase] = {}
        self.intakes: dict[str, Intake] = {}
        self.entries: dict[tuple[str, str], Entry] = {}
        self.returns: dict[tuple[str, int], Return] = {}
        self.kept_marks: dict[str, Mark] = {}
        self.learned: dict[str, LearnedDocument] = {}
        self.lock = RLock()

    def standings(
        self,
        members: Collection[tuple[str, str]],
        recipients: Collection[str],
        owners: Collection[str] = (),
        purchases: Collection[tuple[str, str]] = (),
        intakes: Collection[str] = (),
    ) -> Standings:
        """See Ledger.standings."""
        turns = {member: self.turns[member] for member in members if member in self.turns}
        usage = {who: self.usage[who] for who in recipients if who in self.usage}
        found = {key: self.owners[key] for key in owners if key in self.owners}
        bought = {key: self.purchases[key] for key in purchases if key in self.purchases}
        sources = {who: self.intakes[who] for who in intakes if who in self.intakes}
        return Standings(turns, usage, found, bought, sources)

    def marks(self, keys: Collection[str]) -> Mapping[str, Mark]:
        """See Ledger.marks."""
        return {key: self.kept_marks[key] for key in keys if key in self.kept_marks}

    def accepts(self, change: Change) -> bool:
        """Whether the ledger's rows are as the change was made on. Call with the lock held."""
        turn, usage, intake, wanted = change.turn, change.usage, change.intake, change.lead_return
        revs: list[tuple[int, Turn | Usage | Intake | Return | LearnedDocument | None]] = []
        if turn:
            revs.append((turn.rev, self.turns.get((turn.queue, turn.recipient_id))))
        if usage:
            revs.append((usage.rev, self.usage.get(usage.recipient_id)))
        if intake:
            revs.append((intake.rev, self.intakes.get(intake.source_id)))
        if change.learned:
            revs.append((change.learned.rev, self.learned.get(change.learned.campaign_id)))
        if wanted:
            revs.append((wanted.rev, self.returns.get((wanted.lead_id, wanted.offer_no))))
        return (
            all(rev - 1 == (row.rev if row else 0) for rev, row in revs)
            and all(self._is_free(purchase) for purchase in change.purchases)
            and not any(
                mark.holds_against(self.kept_marks[mark.key])
                for mark in change.marks
                if mark.key in self.kept_marks
            )
            and not any((entry.account, entry.entry_id) in self.entries for entry in change.entries)
        )

    def write(self, change: Change) -> None:
        """Write the ledger's part of a change. Call with the lock held."""
        if change.turn:
            self.turns[change.turn.queue, change.turn.recipient_id] = change.turn
        if change.usage:
            self.usage[change.usage.recipient_id] = change.usage
        if change.intake:
            self.intakes[change.intake.source_id] = change.intake
        self.owners.update({owner.key: owner for owner in change.owners})
        self.purchases.update({(p.recipient_id, p.person): p for p in change.purchases})
        self.entries.update({(entry.account, entry.entry_id): entry for entry in change.entries})
        if change.learned:
            self.learned[change.learned.campaign_id] = change.learned
        self.kept_marks.update({mark.key: mark for mark in change.marks})
        if wanted := change.lead_return:
            self.returns[wanted.lead_id, wanted.offer_no] = wanted

    def _is_free(self, wanted: Purchase) -> bool:
        known = self.purchases.get((wanted.recipient_id, wanted.person))
        # Whole seconds, as the table's own clock for rows that expire.
        return (
            known is None
            or int(known.expires_at.timestamp()) <= int(wanted.at.timestamp())
            or known.lead_id == wanted.lead_id
        )


class MemoryAccounts:
    """The Accounts port over a ledger's entries, and what KeepAccounts needs beyond it."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger

    def book(self, entry: Entry, usage: Usage | None) -> bool:
        """See Accounts.book."""
        with self._ledger.lock:
            before = self._ledger.usage.get(usage.recipient_id) if usage else None
            if usage and usage.rev - 1 != (before.rev if before else 0):
                return False
            if (entry.account, entry.entry_id) in self._ledger.entries:
                return False
            if entry.key and self.paid(entry.account, entry.key):
                return False
            self._ledger.entries[entry.account, entry.entry_id] = entry
            if usage:
                self._ledger.usage[usage.recipient_id] = usage
            return True

    def entries(
        self, account: str, since: datetime, until: datetime, limit: int, after: str | None = None
    ) -> Page[Entry]:
        """See Accounts.entries."""
        found = [e for e in self._of(account, since, until) if after is None or e.entry_id > after]
        shown = found[:limit]
        return Page(tuple(shown), shown[-1].entry_id if len(found) > limit else None)

    def paid(self, account: str, key: str) -> Entry | None:
        """See KeptAccounts.paid."""
        with self._ledger.lock:
            entries = list(self._ledger.entries.values())
        return next((entry for entry in entries if (entry.account, entry.key) == (account, key)), None)

    def sums(self, account: str, since: datetime, until: datetime) -> Mapping[EntryKind, Sum]:
        """See KeptAccounts.sums."""
        sums: dict[EntryKind, Sum] = {}
        for entry in self._of(account, since, until):
            sums[entry.kind] = sums.get(entry.kind, Sum()).plus(entry.cents, entry.price_cents)
        return sums

    def _of(self, account: str, since: datetime, until: datetime) -> list[Entry]:
        """The account's entries of that period, by id."""
        with self._ledger.lock:
            entries = sorted(self._ledger.entries.items())
        return [entry for (whose, _), entry in entries if whose == account and since <= entry.at < until]


class MemoryReturns:
    """The Returns port over a ledger's returns."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger

    def find(self, lead_id: str, offer_no: int) -> Return | None:
        """See Returns.find."""
        return self._ledger.returns.get((lead_id, offer_no))

    def waiting(self, limit: int, after: str | None = None) -> Page[Return]:
        """See Returns.waiting."""
        left = [(place, wanted) for place, wanted in self._all() if after is None or place > after]
        shown = left[:limit]
        return Page(tuple(wanted for _, wanted in shown), shown[-1][0] if len(left) > limit else None)

    def waiting_of(self, recipient_id: str) -> Mapping[str, int]:
        """See Returns.waiting_of."""
        return Counter(w.week for _, w in self._all() if w.recipient_id == recipient_id and w.week)

    def _all(self) -> list[tuple[str, Return]]:
        with self._ledger.lock:
            found = list(self._ledger.returns.values())
        waiting = [one for one in found if one.state is ReturnState.WAITING]
        return sorted(
            ((f"{entry_time(w.asked_at)}~{w.lead_id}~{w.offer_no}", w) for w in waiting), key=_place
        )


def _place(listed: tuple[str, Return]) -> str:
    return listed[0]
