"""A market with accounts in it: buyers pay in, give leads back, and somebody decides."""

from dataclasses import dataclass, field
from typing import Any

from baton.adapters.doubles import MemoryWatches
from baton.adapters.memory_configuration import MemoryArchive
from baton.adapters.memory_ledger import MemoryAccounts, MemoryReturns
from baton.application.edit_configuration import EditConfiguration
from baton.application.guard_source import GuardSource
from baton.application.keep_accounts import KeepAccounts
from baton.application.park_lead import ParkLead
from baton.application.record_outcome import RecordOutcome
from baton.application.return_lead import ReturnLead
from baton.application.sweep_leads import SweepLeads
from baton.domain.lead import Lead
from baton.domain.lead_return import Return
from baton.domain.money import Entry, EntryKind, Payment
from baton.domain.offer import Offer
from baton.domain.outcome import Outcome, Report
from baton.domain.recipient import Recipient
from tests.selling import Market

REASON = "invalid_contact"


@dataclass
class Notices:
    """What buyers were told of their returns."""

    told: list[tuple[str, str]] = field(default_factory=list)
    """Recipient and how the return stands."""

    def __call__(self, lead: Lead, offer: Offer, decided: Return) -> None:
        """See ReturnNotice."""
        assert (lead.lead_id, offer.no) == (decided.lead_id, decided.offer_no)
        self.told.append((decided.recipient_id, str(decided.state)))


class Desk(Market):
    """A market in which leads are taken back. By default every return that keeps the rules is approved at once."""

    def __init__(self, *buyers: Recipient, returns: dict[str, Any] | None = None, **facts: Any) -> None:
        campaign = {"returns": {"auto_approve": True, **(returns or {})}, **facts.pop("campaign", {})}
        super().__init__(*buyers, campaign=campaign, **facts)
        self.buyers = {buyer.id: buyer for buyer in buyers}
        self.archive, self.notices = MemoryArchive(self.configuration), Notices()
        self.edit = EditConfiguration(self.archive, self.clock)
        self.guard = GuardSource(self.edit, self.ledger, self.alerts, self.clock)
        self.keep = KeepAccounts(MemoryAccounts(self.ledger), self.ledger, self.configuration, self.clock)
        self.conclude = RecordOutcome(
            self.leads, self.ledger, self.learned_scores, self.configuration, self.clock
        )
        park = ParkLead(self.leads, self.release, self.alerts, self.clock)
        self.sweep = SweepLeads(
            self.leads, self.restart, park, self.conclude, self.alerts, self.clock, MemoryWatches()
        )
        self.take_back = self.returning()

    def returning(self, leads: Any = None) -> ReturnLead:
        """The use case, over stores that behave in their own way where a test says so."""
        returns = MemoryReturns(self.ledger)
        return ReturnLead(
            leads or self.leads,
            self.ledger,
            returns,
            self.configuration,
            self.restart,
            self.guard,
            self.clock,
            self.notices,
        )

    def returns(self, lead: Lead | str, who: str = "acme", reason: str = REASON) -> Return:
        """That buyer gives the lead back."""
        lead_id = lead if isinstance(lead, str) else lead.lead_id
        return self.take_back(lead_id, self.buyers[who], reason, "the number is not in use")

    def concludes(self, lead: Lead, *outcomes: str) -> Lead:
        """The lead once these became of it."""
        for outcome in outcomes:
            lead = self.conclude(lead.lead_id, Report(outcome=Outcome(outcome)), "maria")
        return lead

    def pays(self, who: str, cents: int, key: str = "invoice-1") -> Entry:
        """That buyer pays in, or something is put right."""
        kind = EntryKind.TOP_UP if cents > 0 else EntryKind.CORRECTION
        return self.keep.pay(who, Payment(kind=kind, cents=cents, reason="transfer"), "maria", key)

    def entries(self, account: str) -> list[tuple[str, int]]:
        """Kind and cents of the account's entries, oldest first."""
        return [
            (str(entry.kind), entry.cents)
            for (whose, _), entry in sorted(self.ledger.entries.items())
            if whose == account
        ]

    def books(self) -> Any:
        """All that is stored."""
        leads, ledger = self.leads, self.ledger
        tables = (leads.leads, leads.offers, ledger.turns, ledger.usage, ledger.entries, ledger.returns)
        return [dict(table) for table in tables], {who: list(e) for who, e in leads.events.items()}
