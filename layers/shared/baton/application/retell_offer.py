"""Tell a rep by the next channel: when a message came back, and when quiet hours are over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from baton.domain.channels import Channel, Failing, address_mark
from baton.domain.errors import EditConflict, EditContention, NotFound
from baton.domain.recipient import Recipient
from baton.domain.telling import is_to_be_told

if TYPE_CHECKING:
    from baton.application.edit_configuration import EditConfiguration
    from baton.application.offer_lead import OfferLead
    from baton.application.ports import Clock, Leads
    from baton.domain.offer import Offer

ATTEMPTS: Final = 5
BY_ITSELF: Final = "baton"
"""The author of what Baton does by itself, in the change log."""


class Why(StrEnum):
    """What became of a mail that was sent."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    """The rep has called it spam."""
    DELAYED = "delayed"
    """It may still arrive; a lead does not wait for that."""


FOR_GOOD: Final = frozenset({Why.BOUNCED, Why.COMPLAINED})
"""After these nothing more is sent to the address."""


@dataclass(frozen=True, slots=True)
class CameBack:
    """A mail that was sent and did not arrive."""

    why: Why
    mark: str
    """Of the address that it went to; see `address_mark`."""


class RetellOffer:
    """Doing it twice tells twice at most. Nobody is told of what they have answered, or of what is no longer theirs."""

    def __init__(self, leads: Leads, offer: OfferLead, edit: EditConfiguration, clock: Clock) -> None:
        self._leads = leads
        self._offer = offer
        self._edit = edit
        self._clock = clock

    def __call__(self, lead_id: str, no: int, came_back: CameBack | None = None) -> None:
        """Raises NotificationFailed when no channel works now; ClaimContention, EditContention, StoreUnavailable."""
        try:
            offer = self._leads.offer(lead_id, no)
            try:
                if is_to_be_told(self._leads.get(lead_id), offer, self._clock.now()):
                    failed = {Channel.EMAIL: str(came_back.why)} if came_back else None
                    self._offer(lead_id, no, came_back=failed)
            finally:
                # Afterwards: a lead waits for nobody's document. And whatever became of it: so it was with the mail.
                if came_back and came_back.why in FOR_GOOD:
                    self._mark(offer, came_back)
        except NotFound:
            return  # the lead or the rep is gone

    def _mark(self, offer: Offer, came_back: CameBack) -> None:
        """Note with the rep that the address fails, unless it is another one by now."""
        for _ in range(ATTEMPTS):
            stored = self._edit.find(Recipient, offer.recipient_id)
            recipient = stored.document
            address = recipient.email
            if not address or address_mark(address, offer.lead_id) != came_back.mark:
                return
            if Channel.EMAIL in recipient.not_working:
                return
            failing = Failing(
                channel=Channel.EMAIL, address=address, why=came_back.why, since=self._clock.now()
            )
            others = tuple(one for one in recipient.failing if one.channel is not Channel.EMAIL)
            after = recipient.model_copy(update={"failing": (*others, failing)})
            try:
                self._edit.replace(after, stored.rev, BY_ITSELF)
            except EditConflict:
                continue  # somebody else changed the rep meanwhile: what they changed must stay
            return
        raise EditContention
