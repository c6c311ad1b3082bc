"""Workflow steps Offer and Notify: tell a recipient of a lead."""

from collections.abc import Mapping
from typing import Final

from baton.application.ports import Clock, Leads, Workflows
from baton.application.release_offer import ReleaseOffer
from baton.application.tell_offer import TellOffer
from baton.domain.channels import Channel
from baton.domain.errors import ClaimContention
from baton.domain.lead import Lead
from baton.domain.offer import Offer, OfferState
from baton.domain.pool import Release

ATTEMPTS: Final = 5


class OfferLead:
    """Remember who waits for the answer, then send the messages that were not sent yet."""

    def __init__(
        self,
        leads: Leads,
        tell: TellOffer,
        release: ReleaseOffer,
        workflows: Workflows,
        clock: Clock,
    ) -> None:
        self._leads = leads
        self._tell = tell
        self._release = release
        self._workflows = workflows
        self._clock = clock

    def __call__(
        self,
        lead_id: str,
        no: int,
        task_token: str | None = None,
        came_back: Mapping[Channel, str] | None = None,
        *,
        last: bool = False,
    ) -> Offer:
        """The offer as it is afterwards. `task_token` is given where the workflow waits for an answer.

        `came_back` and `last` as in TellOffer. Raises NotFound; NotificationFailed when no channel works now;
        ClaimContention.
        """
        offer = self._await_answer(lead_id, no, task_token)
        if task_token and not offer.is_open(self._clock.now()):
            # Answered already, or over: an expired one is still pending until Route gives it back.
            self._workflows.resume(task_token, {"answer": str(offer.state)})
            return offer
        lead = self._leads.get(lead_id)
        offer, reached = self._tell(lead, offer, came_back, last=last)
        if not reached:
            self._unreachable(self._leads.get(lead_id), offer)
        return offer

    def _await_answer(self, lead_id: str, no: int, task_token: str | None) -> Offer:
        """The offer, holding the token if it is still pending. An answer may come at this very moment."""
        for _ in range(ATTEMPTS):
            offer = self._leads.offer(lead_id, no)
            if not task_token or offer.state is not OfferState.PENDING or offer.task_token == task_token:
                return offer
            noted = offer.noted(task_token=task_token)
            if self._leads.note(noted):
                return noted
        raise ClaimContention(lead_id)

    def _unreachable(self, lead: Lead, offer: Offer) -> None:
        """Nobody was told, so nobody can answer: the next recipient is asked at once."""
        if offer.state is not OfferState.PENDING:
            return
        for _ in range(ATTEMPTS):
            if self._release(lead, offer, Release.UNDELIVERED):
                break
            lead, offer = self._leads.get(lead.lead_id), self._leads.offer(offer.lead_id, offer.no)
            if offer.state is not OfferState.PENDING:
                break
        if offer.task_token:
            self._workflows.resume(offer.task_token, {"answer": str(Release.UNDELIVERED)})
