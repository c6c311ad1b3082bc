"""What use cases need from the world. Each has a DynamoDB or AWS adapter and an in-memory twin."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from baton.domain.auction import Auction
    from baton.domain.campaign import Sticky
    from baton.domain.change import Change
    from baton.domain.dedupe import Mark
    from baton.domain.editing import Page
    from baton.domain.exchange import Exchange
    from baton.domain.lead import Contact, Lead, Ties
    from baton.domain.money import Entry
    from baton.domain.offer import Offer
    from baton.domain.outcome import Reported
    from baton.domain.promise import Promise
    from baton.domain.search import Wanted
    from baton.domain.standing import Standings, Usage
    from baton.domain.timeline import Event
    from baton.domain.waiting import Wait


class Execution(StrEnum):
    """How an execution of the workflow stands."""

    MISSING = "missing"
    RUNNING = "running"
    ENDED = "ended"


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class Leads(Protocol):
    """Leads with their offers and timelines."""

    def get(self, lead_id: str) -> Lead:
        """The lead as last committed. Raises NotFound."""
        ...

    def offer(self, lead_id: str, no: int) -> Offer:
        """The lead's offer of that number. Raises NotFound."""
        ...

    def offers_of(self, lead_id: str) -> list[Offer]:
        """All offers of the lead, by number."""
        ...

    def timeline(self, lead_id: str) -> list[Event]:
        """Everything that happened to the lead, oldest first."""
        ...

    def alias(self, lead_id: str, lead: Lead) -> None:
        """Let an id that no lead has be another name of this one, as long as it is there. Raises StoreUnavailable."""
        ...

    def named(self, source_id: str, external_id: str) -> str | None:
        """The id of the newest lead that the source has sent under an id of its own."""
        ...

    def reported(self, lead_id: str, report_id: str) -> Reported | None:
        """The report of an outcome of the lead that was recorded under that id."""
        ...

    def commit(self, change: Change) -> bool:
        """Write the whole change in one transaction.

        False: somebody else wrote one of its rows first, and nothing was written. Raises StoreUnavailable; then
        the change may have been written or not, and whoever tries again must read first.
        """
        ...

    def note(self, offer: Offer) -> bool:
        """Write what an offer has to remember. False: somebody else wrote it first, and nothing was written."""
        ...

    def auction(self, lead_id: str, no: int) -> Auction:
        """The lead's auction of that number. Raises NotFound."""
        ...

    def auctions_of(self, lead_id: str) -> list[Auction]:
        """All auctions of the lead, by number."""
        ...

    def keep(self, exchanges: Sequence[Exchange]) -> None:
        """Keep what was said between us and buyers. The same exchange again replaces itself."""
        ...

    def exchanges_of(self, lead_id: str) -> list[Exchange]:
        """What was said between us and buyers about the lead, oldest first."""
        ...

    def promise(self, ping_id: str) -> Promise:
        """The promise made for that ping. Raises NotFound."""
        ...

    def promised(self, promise: Promise) -> bool:
        """Store a new promise. False: there is one of that id."""
        ...

    def overdue(self, now: datetime, limit: int) -> list[str]:
        """Ids of at most `limit` leads that should have moved before `now`, longest overdue first."""
        ...


class LeadSearch(Protocol):
    """Leads, found by what is known of them."""

    def page(
        self,
        wanted: Wanted,
        campaigns: Collection[str],
        limit: int,
        after: str | None = None,
        unreadable: Callable[[str], None] | None = None,
    ) -> Page[Lead]:
        """At most `limit` of the wanted leads of these campaigns, newest first, after where a page ended.

        `unreadable`: told the id of each lead that cannot be read; without it, one is an error.

        There may be fewer, or none, and still more pages: one page looks at a bounded number of leads. What was
        written moments ago may be missing.
        """
        ...

    def waiting(self, wait: Wait, limit: int, after: str | None = None) -> Page[Lead]:
        """At most `limit` of the leads that wait so, those that came first first, after where a page ended.

        Only leads that wait are looked at, however many others there are. A page may be short and not the last.
        """
        ...


class Ledger(Protocol):
    """Standings: turns taken and caps used."""

    def standings(
        self,
        members: Collection[tuple[str, str]],
        recipients: Collection[str],
        owners: Collection[str] = (),
        purchases: Collection[tuple[str, str]] = (),
        intakes: Collection[str] = (),
    ) -> Standings:
        """The turns of these members (queue, recipient id), the usage of these recipients, the owners by these keys,

        the purchases of these (recipient id, person), and what these sources sent and sold.

        There may be more in it than was asked for.
        """
        ...

    def marks(self, keys: Collection[str]) -> Mapping[str, Mark]:
        """The marks of these keys, by key; those that have expired may be among them."""
        ...


class Accounts(Protocol):
    """Entries of money, by account."""

    def book(self, entry: Entry, usage: Usage | None) -> bool:
        """Write an entry, with the usage that has the new balance where a buyer's account is meant, in one transaction.

        False: the usage was written by somebody else first, or there is such an entry, and nothing was written.
        """
        ...

    def entries(
        self, account: str, since: datetime, until: datetime, limit: int, after: str | None = None
    ) -> Page[Entry]:
        """At most `limit` entries of the account from `since` to before `until`, oldest first, after an entry's id."""
        ...


class Workflows(Protocol):
    """The executions that move leads. Each is named after its lead and attempt, so starting twice is harmless."""

    def start(self, lead_id: str, attempt: int) -> None:
        """Start the execution unless it was started before. Raises WorkflowUnavailable."""
        ...

    def status(self, lead_id: str, attempt: int) -> Execution:
        """How the execution stands. Raises WorkflowUnavailable."""
        ...

    def resume(self, task_token: str, result: Mapping[str, Any]) -> None:
        """Let the execution that waits with this token go on. One that no longer waits is left alone."""
        ...


class Notifier(Protocol):
    """Messages to recipients."""

    def sms(self, phone: str, text: str) -> bool:
        """Send a text message. False: refused for good, trying again is useless. Raises NotificationFailed."""
        ...

    def email(
        self, address: str, subject: str, text: str, html: str, about: Mapping[str, str] | None = None
    ) -> bool:
        """Send a mail. False: refused for good, trying again is useless. Raises NotificationFailed.

        `about`: ids that are told with it when it comes back. Without them nothing is.
        """
        ...

    def email_file(self, address: str, subject: str, text: str, name: str, content: str) -> bool:
        """Send a mail of plain text with a CSV file of that name. As `email`."""
        ...


class Resting(Protocol):
    """Who is called, and who is left in peace for a while because calls to it keep failing."""

    def allowed_among(self, keys: Collection[str], *, trial: bool = True) -> set[str]:
        """Those that may be called now, with one read for all.

        Ask only to call: after a rest the first that may is the trial. Without `trial` nobody who rests may.
        Raises StoreUnavailable.
        """
        ...

    def succeeded(self, key: str) -> bool:
        """Note a call that came back. True where this has ended its rest. Raises StoreUnavailable."""
        ...

    def failed(self, key: str) -> bool:
        """Note a call that did not. True where its rest has just begun, not where a trial failed and it goes on.

        Raises StoreUnavailable.
        """
        ...


class Alerts(Protocol):
    """Messages to operations."""

    def alert(self, subject: str, **facts: object) -> None:
        """Tell operations of something that a person should look at. Facts carry ids, no personal data.

        Raises NotificationFailed.
        """
        ...


class Identities(Protocol):
    """What ties leads of one person or company together, without saying who they are."""

    def person(self, contact: Contact) -> tuple[str, ...]:
        """The keys of this person: of the address and of the number, as far as they are known."""
        ...

    def marks(self, values: Sequence[str]) -> tuple[str, ...]:
        """Keyed hashes of what distinguishes a lead. Raises StoreUnavailable where the key cannot be had."""
        ...

    def ties(self, contact: Contact, sticky: Sticky) -> Ties | None:
        """The keys of this person and company, as far as the campaign asks for owners; None where it does not."""
        ...


class OfferLinks(Protocol):
    """The links that reps get."""

    def link(self, offer: Offer) -> str:
        """A signed URL for this offer that says nothing about anyone."""
        ...

    def read(self, token: str, now: datetime) -> tuple[str, int] | None:
        """Lead id and offer number of a token of ours; None for one that is forged, damaged or too old."""
        ...
