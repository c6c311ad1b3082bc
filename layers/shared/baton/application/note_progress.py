"""A rep says on the offer's page how it goes with the lead: called, no answer, won, lost."""

from enum import StrEnum
from typing import Final

from baton.application.ports import Clock, Leads
from baton.application.record_outcome import RecordOutcome
from baton.application.show_offer import OfferView, ShowOffer, Status
from baton.domain.conclusion import attempted
from baton.domain.errors import ClaimContention, IllegalTransition
from baton.domain.lead import Lead
from baton.domain.offer import Offer
from baton.domain.outcome import Outcome, Report, named_attempt

ATTEMPTS: Final = 8


class Progress(StrEnum):
    """What a rep may say of a lead that they have."""

    CALLED = "called"
    NO_ANSWER = "no_answer"
    WON = "won"
    LOST = "lost"


_OUTCOMES: Final = {
    Progress.CALLED: Outcome.CONTACTED,
    Progress.WON: Outcome.CONVERTED,
    Progress.LOST: Outcome.LOST,
}


class NoteProgress:
    """An outcome is recorded as any other; that nobody answered is an event and no more."""

    def __init__(self, leads: Leads, show: ShowOffer, record: RecordOutcome, clock: Clock) -> None:
        self._leads = leads
        self._show = show
        self._record = record
        self._clock = clock

    def __call__(self, token: str, progress: Progress, seen: int) -> OfferView:
        """How the offer stands afterwards. Of a lead that the rep has no more, nothing is noted.

        `seen`: the lead's revision on the page that was sent. The same page sent again is one attempt. Raises
        ClaimContention, StoreUnavailable.
        """
        for _ in range(ATTEMPTS):
            found = self._show.find(token)
            if found is None:
                return OfferView(Status.INVALID)
            view = self._show.view(*found)
            if not view.may_report:
                return view
            after = self._noted(*found, progress, seen)
            if after is not None:
                return self._show.view(after, found[1])
        raise ClaimContention

    def _noted(self, lead: Lead, offer: Offer, progress: Progress, seen: int) -> Lead | None:
        """The lead afterwards; None where it was changed meanwhile."""
        by = f"rep:{offer.recipient_id}"
        if outcome := _OUTCOMES.get(progress):
            try:
                return self._record(lead.lead_id, Report(outcome=outcome), by)
            except IllegalTransition:
                return None  # given back at this very moment: the next look says so
        reported = named_attempt(offer.no, seen)
        if self._leads.reported(lead.lead_id, reported.report_id):
            return lead
        change = attempted(lead, offer, reported, by, self._clock.now())
        return change.lead if self._leads.commit(change) else None
