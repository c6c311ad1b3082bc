"""Take leads back: a buyer returns one with a reason, and the campaign's rules or a person decide."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from baton.application.resell_lead import is_to_be_resold, resell
from baton.domain.campaign import Campaign, ReturnPolicy
from baton.domain.errors import ClaimContention, NotFound, NotificationFailed, WorkflowUnavailable
from baton.domain.lead_return import Return, ReturnState, approved, asked, refused
from baton.domain.offer import OfferState
from baton.domain.pool import Pool, Release
from baton.domain.return_rules import can_be_counted, check
from baton.domain.sales import Deal
from baton.domain.source import Source
from baton.domain.trade_errors import LeadNotSold, ReturnDecided

if TYPE_CHECKING:
    from collections.abc import Mapping

    from baton.application.archive import Configuration
    from baton.application.guard_source import GuardSource
    from baton.application.ports import Clock, Leads, Ledger
    from baton.application.restart_lead import RestartLead
    from baton.domain.change import Change
    from baton.domain.editing import Page
    from baton.domain.lead import Lead
    from baton.domain.offer import Offer
    from baton.domain.recipient import Recipient
    from baton.domain.standing import Standings

ATTEMPTS: Final = 8


class Returns(Protocol):
    """Returns, written together with their leads."""

    def find(self, lead_id: str, offer_no: int) -> Return | None:
        """The return of the lead that was sold by that offer."""
        ...

    def waiting(self, limit: int, after: str | None = None) -> Page[Return]:
        """At most `limit` returns that wait for a person, longest first, after where a page ended."""
        ...

    def waiting_of(self, recipient_id: str) -> Mapping[str, int]:
        """How many returns of that buyer wait, by the week of the sale."""
        ...


class ReturnNotice(Protocol):
    """Tells a buyer what became of its return."""

    def __call__(self, lead: Lead, offer: Offer, decided: Return) -> None:
        """May be called again for the same return. Never raises for what the other side does."""
        ...


class ReturnLead:
    """One transaction takes the lead back, with its money; what follows from that is mended by asking again."""

    def __init__(
        self,
        leads: Leads,
        ledger: Ledger,
        returns: Returns,
        configuration: Configuration,
        restart: RestartLead,
        guard: GuardSource,
        clock: Clock,
        notice: ReturnNotice | None = None,
    ) -> None:
        self._leads = leads
        self._ledger = ledger
        self._returns = returns
        self._configuration = configuration
        self._restart = restart
        self._guard = guard
        self._clock = clock
        self._notice = notice

    def __call__(self, lead_id: str, buyer: Recipient, reason: str, note: str | None = None) -> Return:
        """The buyer's return of that lead; of one that was asked for before, as it stands now.

        Raises NotFound for a lead that is not the buyer's; LeadNotSold, ReturnReasonUnknown, ReturnTooLate,
        TooManyReturns; ClaimContention.
        """
        for _ in range(ATTEMPTS):
            offer = self._bought(lead_id, buyer.id)
            lead = self._leads.get(lead_id)
            standings, waiting = self._standings(lead, offer), self._returns.waiting_of(buyer.id)
            # Looked for last: whoever asked for the same at the same moment must not count as another return.
            if known := self._returns.find(lead_id, offer.no):
                self._go_on(known)
                return known
            if offer.state is not OfferState.ACCEPTED:
                message = (
                    "it is not settled yet whether the lead is yours: its delivery was not answered clearly"
                )
                raise LeadNotSold(message)
            wanted, policy = Return.of(lead, offer, reason, note, self._clock.now()), self._policy(lead)
            check(policy, wanted, standings.used(buyer.id), waiting, buyer.zone)
            change = self._asked(lead, offer, wanted, standings, policy)
            if self._leads.commit(change) and (made := change.lead_return):
                self._finish(change.lead, offer, made)
                return made
        raise ClaimContention(lead_id)

    def decide(
        self, lead_id: str, offer_no: int, *, approve: bool, by: str, why: str | None = None
    ) -> Return:
        """A person's decision on a return that waits; the same decision again changes nothing.

        A person is bound by no limit. Raises NotFound; ReturnDecided where it was decided in the other way;
        IllegalTransition, ClaimContention.
        """
        verdict = ReturnState.APPROVED if approve else ReturnState.REFUSED
        for _ in range(ATTEMPTS):
            wanted = self._returns.find(lead_id, offer_no)
            if wanted is None:
                kind = "return"
                raise NotFound(kind, f"{lead_id}/{offer_no}")
            lead, offer = self._leads.get(lead_id), self._leads.offer(lead_id, offer_no)
            if wanted.state not in {ReturnState.WAITING, verdict}:
                message = f"this return was {wanted.state} on {wanted.decided_at:%Y-%m-%d} by {wanted.by}"
                raise ReturnDecided(message)
            if wanted.state is verdict:
                self._finish(lead, offer, wanted)
                return wanted
            decided = wanted.decided(verdict, by, why, self._clock.now())
            change = (
                self._approved(lead, offer, decided, self._standings(lead, offer), self._policy(lead))
                if approve
                else refused(lead, offer, decided, self._clock.now())
            )
            if self._leads.commit(change):
                self._finish(change.lead, offer, decided)
                return decided
        raise ClaimContention(lead_id)

    def on_behalf(self, lead_id: str, offer_no: int, reason: str, note: str | None, by: str) -> Return:
        """A person takes back the lead that a buyer has by that offer: approved at once, and bound by no limit.

        One that the buyer has asked for already is approved. The same again changes nothing. Raises NotFound;
        LeadNotSold where that offer is no buyer's, or its delivery was not answered clearly; ReturnDecided where it
        was refused before; IllegalTransition, ClaimContention.
        """
        for _ in range(ATTEMPTS):
            lead, offer = self._leads.get(lead_id), self._leads.offer(lead_id, offer_no)
            standings = self._standings(lead, offer)
            if self._returns.find(lead_id, offer_no):
                return self.decide(lead_id, offer_no, approve=True, by=by)
            if offer.delivery is None or offer.state is not OfferState.ACCEPTED:
                message = "no buyer has the lead by this offer"
                raise LeadNotSold(message)
            now = self._clock.now()
            wanted = Return.of(lead, offer, reason, note, now).decided(ReturnState.APPROVED, by, None, now)
            change = self._approved(lead, offer, wanted, standings, self._policy(lead))
            if self._leads.commit(change):
                self._finish(change.lead, offer, wanted)
                return wanted
        raise ClaimContention(lead_id)

    def waiting(self, limit: int, after: str | None = None) -> Page[Return]:
        """Returns that wait for a person, those that have waited longest first."""
        return self._returns.waiting(limit, after)

    def _bought(self, lead_id: str, recipient_id: str) -> Offer:
        """The buyer's offer of the lead. Raises NotFound, for a lead of somebody else as for none at all."""
        offers = [o for o in self._leads.offers_of(lead_id) if o.recipient_id == recipient_id and o.delivery]
        for offer in reversed(offers):
            returned = offer.state is OfferState.RELEASED and self._returns.find(lead_id, offer.no)
            if returned or offer.state in {OfferState.ACCEPTED, OfferState.PENDING}:
                return offer
        kind = "lead"
        raise NotFound(kind, lead_id)

    def _asked(
        self, lead: Lead, offer: Offer, wanted: Return, standings: Standings, policy: ReturnPolicy
    ) -> Change:
        """Approved at once where the campaign says so and the buyer's share can be counted."""
        if not policy.auto_approve or not can_be_counted(wanted, standings.used(offer.recipient_id)):
            return asked(lead, offer, wanted, self._clock.now())
        by = f"buyer:{offer.recipient_id}"
        decided = wanted.decided(ReturnState.APPROVED, by, None, self._clock.now())
        return self._approved(lead, offer, decided, standings, policy)

    def _approved(
        self, lead: Lead, offer: Offer, decided: Return, standings: Standings, policy: ReturnPolicy
    ) -> Change:
        refund_turn = self._gives_turns_back(offer.pool_id)
        source = self._configuration.get_many(Source, [lead.source_id]).get(lead.source_id)
        now, deal = self._clock.now(), Deal(lead, offer, source)
        again = policy.resell and lead.forgotten_at is None
        return approved(deal, decided, standings, now, refund_turn=refund_turn, resell=again)

    def _standings(self, lead: Lead, offer: Offer) -> Standings:
        members = [(offer.queue, offer.recipient_id)] if offer.queue else []
        persons = [(offer.recipient_id, person) for person in offer.person]
        return self._ledger.standings(
            members, [offer.recipient_id], purchases=persons, intakes=[lead.source_id]
        )

    def _policy(self, lead: Lead) -> ReturnPolicy:
        """The campaign's; of a campaign that is gone, the one that campaigns have by default."""
        found = self._configuration.get_many(Campaign, [lead.campaign_id]).get(lead.campaign_id)
        return found.returns if found else ReturnPolicy()

    def _gives_turns_back(self, pool_id: str | None) -> bool:
        pool = self._configuration.get_many(Pool, [pool_id]).get(pool_id) if pool_id else None
        return pool is not None and Release.RETURNED in pool.fairness.refund_on

    def _finish(self, lead: Lead, offer: Offer, made: Return) -> None:
        self._go_on(made)
        if self._notice and made.state is not ReturnState.WAITING:
            self._notice(lead, offer, made)

    def _go_on(self, made: Return) -> None:
        """What follows from an approved return. Each part may be done again, and is, whenever somebody asks again."""
        if made.state is not ReturnState.APPROVED:
            return
        lead = self._leads.get(made.lead_id)
        if is_to_be_resold(lead) and resell(self._leads, lead, self._clock.now()):
            with suppress(WorkflowUnavailable):  # the sweep starts it
                self._restart.if_idle(lead.lead_id)
        with suppress(NotificationFailed):  # the change log tells of it as well
            self._guard(made.source_id)
