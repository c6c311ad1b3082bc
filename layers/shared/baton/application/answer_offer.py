"""A rep answers an offer: accept, decline, or take an acceptance back."""

from contextlib import suppress
from enum import StrEnum
from typing import Final

from baton.application.entrust_lead import EntrustLead
from baton.application.ports import Clock, Leads, Workflows
from baton.application.release_offer import ReleaseOffer
from baton.application.restart_lead import RestartLead
from baton.application.show_offer import OfferView, ShowOffer, Status, may_undo
from baton.domain.change import Change
from baton.domain.claims import accepted
from baton.domain.errors import ClaimContention, WorkflowUnavailable
from baton.domain.lead import Lead
from baton.domain.offer import Offer, OfferState
from baton.domain.pool import Release

ATTEMPTS: Final = 8


class Answer(StrEnum):
    """What a rep may say to an offer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    UNDO = "undo"


class AnswerOffer:
    """Make an answer true in one transaction, then wake the workflow that waits for it.

    The answer counts once it is committed: the sweep wakes a workflow that could not be woken now.
    """

    def __init__(
        self,
        leads: Leads,
        show: ShowOffer,
        release: ReleaseOffer,
        restart: RestartLead,
        workflows: Workflows,
        clock: Clock,
        entrust: EntrustLead,
    ) -> None:
        self._entrust = entrust
        self._leads = leads
        self._show = show
        self._release = release
        self._restart = restart
        self._workflows = workflows
        self._clock = clock

    def __call__(self, token: str, answer: Answer) -> OfferView:
        """How the offer stands afterwards. An answer that comes late or twice changes nothing.

        Raises ClaimContention when others kept writing the same rows; StoreUnavailable.
        """
        for _ in range(ATTEMPTS):
            found = self._show.find(token)
            if found is None:
                return OfferView(Status.INVALID)
            lead, offer = found
            if not self._applies(lead, offer, answer):
                self._wake(offer, answer)
                return self._show.view(lead, offer)
            change = self._commit(lead, offer, answer)
            if change:
                committed = change.offer or offer
                self._wake(committed, answer)
                return self._show.view(change.lead, committed)
        raise ClaimContention

    def _applies(self, lead: Lead, offer: Offer, answer: Answer) -> bool:
        if answer is Answer.UNDO:
            return may_undo(lead, offer, self._clock.now())
        return offer.no == lead.offer_no and offer.is_open(self._clock.now())

    def _commit(self, lead: Lead, offer: Offer, answer: Answer) -> Change | None:
        if answer is Answer.ACCEPT:
            now = self._clock.now()
            change = self._entrust(accepted(lead, offer, now), now)
            return change if self._leads.commit(change) else None
        return self._release(lead, offer, Release.DECLINED)

    def _wake(self, offer: Offer, answer: Answer) -> None:
        """Tell the workflow what is true, whatever was tapped last.

        Harmless when repeated, so a second tap also mends a first whose wake-up was lost; else the sweep does.
        """
        if offer.state is OfferState.PENDING:
            return
        with suppress(WorkflowUnavailable):
            if offer.task_token:
                self._workflows.resume(offer.task_token, {"answer": str(offer.state)})
            if answer is Answer.UNDO:
                self._restart.if_idle(offer.lead_id)
