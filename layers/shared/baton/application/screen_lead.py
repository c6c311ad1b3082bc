"""Screen a lead before it is stored: too many from one address, or of one person, are held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final, Protocol

from baton.domain.errors import StoreUnavailable
from baton.domain.screening import screened
from baton.domain.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from baton.application.ports import Identities
    from baton.domain.campaign import Campaign
    from baton.domain.lead import Lead
    from baton.domain.sender import Sender
    from baton.domain.source import Source

HOUSEHOLD: Final = 64
"""Bits of an IPv6 address that one household has; a device changes the others as it likes."""
_KEPT: Final = timedelta(hours=1)
"""How long a counter stays after its time is over."""


class Counters(Protocol):
    """Counts of what happened within a while."""

    def count(self, key: str, window: str, expires_at: datetime) -> int:
        """Count one more in that window, atomically, and say how many there are. Raises StoreUnavailable."""
        ...


class ScreenLead:
    """One write for each limit that the source sets, none where it sets none.

    A request that is sent again counts again. It is the first lead all the same; only later ones may be held for it.
    """

    def __init__(self, counters: Counters, identities: Identities, digest: Callable[[str], str]) -> None:
        """`digest` makes a keyed hash of an address."""
        self._counters = counters
        self._identities = identities
        self._digest = digest

    def __call__(self, source: Source, campaign: Campaign, lead: Lead, sender: Sender) -> Lead:
        """The lead with what is suspicious about how many came before it. Never raises for a store that fails."""
        if lead.test:
            return lead
        found = [*self._from_address(source, lead, sender), *self._of_person(source, lead)]
        return screened(lead, found, campaign, lead.received_at) if found else lead

    def _from_address(self, source: Source, lead: Lead, sender: Sender) -> Iterator[Suspicion]:
        """Only of senders that did not show who they are: a vendor's leads all come from one address."""
        limit = source.spam.per_address_per_hour
        if limit is None or sender.known or not (address := household(sender.ip)):
            return
        at = lead.received_at.astimezone(UTC)
        hour = at.replace(minute=0, second=0, microsecond=0)
        try:
            key = f"address#{source.id}#{self._digest(address)}"
            count = self._counters.count(key, f"{hour:%Y-%m-%dT%H}", hour + timedelta(hours=1) + _KEPT)
        except StoreUnavailable:
            return
        if count > limit:
            yield Suspicion.TOO_MANY_FROM_ADDRESS

    def _of_person(self, source: Source, lead: Lead) -> Iterator[Suspicion]:
        """By address and by number, each for itself: whichever is over the limit counts."""
        limit = source.spam.per_person_per_day
        if limit is None:
            return
        at = lead.received_at.astimezone(UTC)
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        try:
            counts = [
                self._counters.count(
                    f"person#{source.id}#{mark}", f"{day:%Y-%m-%d}", day + timedelta(days=1) + _KEPT
                )
                for mark in lead.person or self._identities.person(lead.contact)
            ]
        except StoreUnavailable:
            return
        if max(counts, default=0) > limit:
            yield Suspicion.TOO_MANY_OF_PERSON


def household(ip: str | None) -> str | None:
    """What one household's addresses have in common; None for what is no address."""
    try:
        address = ip_address(ip or "")
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    if address.version == 4 or mapped:  # noqa: PLR2004 # the number of the protocol
        return str(mapped or address)
    return str(ip_network((int(address), HOUSEHOLD), strict=False))
