"""A rep's own settings: away, back again, and how to hear of leads. Changed through the link in the rep's mails."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from baton.application.edit_configuration import EditConfiguration
from baton.application.ports import Clock, Leads, OfferLinks
from baton.domain.channels import SMS_AND_EMAIL, Channel, Steps
from baton.domain.editing import Stored
from baton.domain.errors import EditConflict, EditContention, NotFound
from baton.domain.recipient import Recipient

ATTEMPTS: Final = 5
LONGEST: Final = timedelta(days=730)
"""How long a rep may be away by the link: longer ones are for operations."""


class Wish(StrEnum):
    """What a rep may say."""

    PAUSE = "pause"
    AWAY = "away"
    BACK = "back"
    BY_SMS = "by_sms"
    BY_EMAIL = "by_email"
    BY_BOTH = "by_both"


_CHANNELS: Final[Mapping[Wish, Steps]] = {
    Wish.BY_SMS: ((Channel.SMS,),),
    Wish.BY_EMAIL: ((Channel.EMAIL,),),
    Wish.BY_BOTH: SMS_AND_EMAIL,
}


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The rep as they are now, and whether a wish was carried out."""

    recipient: Recipient
    now: datetime
    refused: str = ""
    """Why a wish was not, in words for the rep."""


class AdjustRep:
    """Read and change the few settings that are a rep's own business. Every change is in the change log."""

    def __init__(self, edit: EditConfiguration, leads: Leads, links: OfferLinks, clock: Clock) -> None:
        self._edit = edit
        self._leads = leads
        self._links = links
        self._clock = clock

    def __call__(
        self, token: str, wish: Wish | None = None, until: datetime | None = None
    ) -> Adjusted | None:
        """The rep behind the token of an offer's link, after the wish; None for a token that is not ours or too old.

        `until` goes with Wish.AWAY. Raises EditContention, StoreUnavailable.
        """
        for _ in range(ATTEMPTS):
            now = self._clock.now()
            stored = self._recipient(token, now)
            if stored is None or wish is None:
                return Adjusted(stored.document, now) if stored else None
            recipient = stored.document
            if wish is Wish.AWAY and (until is None or not now < until < now + LONGEST):
                return Adjusted(
                    recipient, now, "Please choose a day and time that is still to come, within two years."
                )
            if wish in _CHANNELS and not chooses_channels(recipient):
                return Adjusted(recipient, now, "Please ask those who look after Baton: they have set that.")
            after = recipient.model_copy(update=_after(recipient, wish, until))
            if not after.steps:
                return Adjusted(recipient, now, "We have no number or address for that way of reaching you.")
            with suppress(
                EditConflict
            ):  # somebody else changed the rep meanwhile: what they changed must stay
                return Adjusted(self._edit.replace(after, stored.rev, f"rep:{recipient.id}").document, now)
        raise EditContention

    def _recipient(self, token: str, now: datetime) -> Stored[Recipient] | None:
        read = self._links.read(token, now)
        if read is None:
            return None
        try:
            offer = self._leads.offer(*read)
            return self._edit.find(Recipient, offer.recipient_id)
        except NotFound:
            return None


def chooses_channels(recipient: Recipient) -> bool:
    """Whether how the rep hears of leads is theirs to choose: by SMS, email or both, in no order."""
    return len(recipient.channels) == 1 and {*recipient.channels[0]} <= {*SMS_AND_EMAIL[0]}


def _after(recipient: Recipient, wish: Wish, until: datetime | None) -> dict[str, Any]:
    match wish:
        case Wish.PAUSE:
            return {"paused": True, "away_until": None}
        case Wish.AWAY:
            return {"paused": False, "away_until": until}
        case Wish.BACK:
            return {"paused": False, "away_until": None}
        case _:
            # Whoever asks for an address to be used says that it works again; of any other it says nothing.
            chosen = {channel for step in _CHANNELS[wish] for channel in step}
            others = tuple(one for one in recipient.failing if one.channel not in chosen)
            return {"channels": _CHANNELS[wish], "failing": others}
