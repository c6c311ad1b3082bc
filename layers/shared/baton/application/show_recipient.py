"""How a recipient stands at this moment: available or not, from when on, and what is used of every cap."""

from dataclasses import dataclass
from datetime import datetime

from baton.application.archive import Archive, Configuration
from baton.application.ports import Clock, Ledger
from baton.domain.availability import Unavailable, next_available, unavailable
from baton.domain.booking import scopes
from baton.domain.caps import Span, resets_at, window
from baton.domain.editing import Page
from baton.domain.recipient import Recipient
from baton.domain.schedule import opening_words
from baton.domain.standing import Usage


@dataclass(frozen=True, slots=True)
class UsedCap:
    """One cap, and how much of it is used."""

    span: Span
    used: int
    cap: int
    resets_at: datetime
    campaign_id: str | None = None
    """None: in total."""


@dataclass(frozen=True, slots=True)
class RecipientView:
    """How a recipient stands."""

    recipient: Recipient
    obstacle: Unavailable | None
    """None: available."""
    next_available: datetime | None
    """None: not within a year."""
    words: str
    open_leads: int
    caps: tuple[UsedCap, ...]


class ShowRecipient:
    """Read recipients' availability and use of caps. What a single lead or pool asks for is not in it."""

    def __init__(self, configuration: Configuration, archive: Archive, ledger: Ledger, clock: Clock) -> None:
        self._configuration = configuration
        self._archive = archive
        self._ledger = ledger
        self._clock = clock

    def __call__(self, recipient_id: str) -> RecipientView:
        """Raises NotFound."""
        recipient = self._configuration.get(Recipient, recipient_id)
        used = self._ledger.standings([], [recipient_id]).used(recipient_id)
        return view_of(recipient, used, self._clock.now())

    def page(self, limit: int, after: str | None = None) -> Page[RecipientView]:
        """Those of the next `limit` recipients, by id, who are active: two reads, however many they are."""
        found = self._archive.page(Recipient, limit, after)
        active = [stored.document for stored in found.items if stored.document.active]
        standings = self._ledger.standings([], [recipient.id for recipient in active])
        now = self._clock.now()
        views = tuple(view_of(recipient, standings.used(recipient.id), now) for recipient in active)
        return Page(views, found.after)


def view_of(recipient: Recipient, usage: Usage, now: datetime) -> RecipientView:
    """How a recipient stands who has used so much."""
    obstacle, opens = unavailable(recipient, now), next_available(recipient, now)
    caps = tuple(
        UsedCap(
            span,
            usage.taken.get(f"{scope}{window(span, now, recipient.zone)}", 0),
            limit,
            resets_at(span, now, recipient.zone),
            campaign_id,
        )
        for campaign_id in (None, *sorted(recipient.campaign_caps))
        for scope, caps in scopes(None, recipient, None, campaign_id or "")
        if bool(scope) is (campaign_id is not None)
        for span, limit in caps.limits
    )
    words = _words(recipient, obstacle, opens)
    return RecipientView(recipient, obstacle, opens, words, usage.open_leads, caps)


def _words(recipient: Recipient, obstacle: Unavailable | None, opens: datetime | None) -> str:
    if obstacle is None:
        return f"{recipient.name} is available"
    if opens is None:
        return f"{recipient.name} is not available: {obstacle.words}"
    return f"{recipient.name} is next available {opening_words(opens, recipient.zone)}: {obstacle.words}"
