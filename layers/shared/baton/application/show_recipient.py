"""How a recipient stands at this moment: available or not, from when on, and what is used of every cap."""

from dataclasses import dataclass
from datetime import datetime

from baton.application.archive import Configuration
from baton.application.ports import Clock, Ledger
from baton.domain.availability import Unavailable, next_available, unavailable
from baton.domain.booking import scopes
from baton.domain.caps import Span, resets_at, window
from baton.domain.recipient import Recipient
from baton.domain.schedule import opening_words


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
    """Read a recipient's availability and use of caps. What a single lead or pool asks for is not in it."""

    def __init__(self, configuration: Configuration, ledger: Ledger, clock: Clock) -> None:
        self._configuration = configuration
        self._ledger = ledger
        self._clock = clock

    def __call__(self, recipient_id: str) -> RecipientView:
        """Raises NotFound."""
        recipient, now = self._configuration.get(Recipient, recipient_id), self._clock.now()
        usage = self._ledger.standings([], [recipient_id]).used(recipient_id)
        obstacle, opens = unavailable(recipient, now), next_available(recipient, now)
        caps = [
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
        ]
        return RecipientView(
            recipient, obstacle, opens, _words(recipient, obstacle, opens), usage.open_leads, tuple(caps)
        )


def _words(recipient: Recipient, obstacle: Unavailable | None, opens: datetime | None) -> str:
    if obstacle is None:
        return f"{recipient.name} is available"
    if opens is None:
        return f"{recipient.name} is not available: {obstacle.words}"
    return f"{recipient.name} is next available {opening_words(opens, recipient.zone)}: {obstacle.words}"
