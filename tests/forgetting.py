"""A person's whole life with Baton, over any stores: every field holds a word that is nowhere else."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final, Protocol

from baton.adapters.counters import MemoryCounters
from baton.adapters.doubles import (
    FixedClock,
    MemoryAlerts,
    MemoryNotifier,
    MemoryResting,
    MemorySecrets,
    MemoryWorkflows,
)
from baton.adapters.http_double import ScriptedHttp
from baton.adapters.identities import KeyedIdentities
from baton.adapters.learned_scores import MemoryLearnedScores
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_configuration import MemoryConfiguration
from baton.adapters.memory_ledger import MemoryLedger, MemoryReturns
from baton.adapters.memory_persons import MemoryPersons
from baton.adapters.offer_links import SignedOfferLinks
from baton.adapters.recollections import MemoryRecollections
from baton.adapters.retellings import MemoryRetellings
from baton.application.ask_outside import Recollections
from baton.application.auction_lead import AuctionLead
from baton.application.call_buyers import CallBuyers
from baton.application.channels import Channels
from baton.application.compare_leads import CompareLeads
from baton.application.deliver_lead import DeliverLead
from baton.application.find_person import KnownPersons
from baton.application.forget_person import ForgetPerson, Persons
from baton.application.hold_auction import HoldAuction
from baton.application.mail_lead import MailLead
from baton.application.merge_lead import MergeLead
from baton.application.offer_lead import OfferLead
from baton.application.outgoing import Answer, Outgoing
from baton.application.ports import Leads, Ledger
from baton.application.post_lead import PostLead
from baton.application.record_outcome import RecordOutcome
from baton.application.release_offer import ReleaseOffer
from baton.application.restart_lead import RestartLead
from baton.application.return_lead import ReturnLead, Returns
from baton.application.route_lead import Next, RouteLead
from baton.application.screen_lead import Counters
from baton.application.situations import ReadSituation
from baton.application.tell_offer import TellOffer
from baton.domain.campaign import Campaign
from baton.domain.claims import accepted
from baton.domain.dedupe import Dedupe
from baton.domain.duplicates import identity_values
from baton.domain.lead import Lead
from baton.domain.plan import PublishedPlan
from baton.domain.vetted_lead import vetted
from tests.builders import (
    MONDAY_9AM,
    SECRET,
    a_campaign,
    a_plan,
    a_pool,
    a_rep,
    a_scoring,
    a_source,
    a_stage,
    an_intake,
)
from tests.selling import a_buyer, an_auction_stage, said

PRIVATE: Final[dict[str, Any]] = {
    "first_name": "Zebedea",
    "last_name": "Quixwood",
    "email": "zquix@quixwood-family.com",
    "phone": "+12125550143",
    "company": "Quixco",
    "street": "7 Vermilion Mews",
    "city": "Yonkersvale",
    "postal_code": "10701",
    "roof_m2": 98765.5,
    "wish": "a blue staircase",
    "referrer": "https://search.example/?q=marzipan",
    "landing_page": "https://form.example/?who=halibut",
    "gclid": "clickid-oregano",
    "utm_term": "tangerine",
    "utm_content": "cinnamon",
    "external_id": "order-cardamom",
    "consent": {
        "given": True,
        "text": "I agree to be called about pistachio",
        "version": "version-nutmeg",
        "ip": "203.0.113.77",
        "page": "https://form.example/saffron",
        "jornaya": "0F4A5C1B-1111-2222-3333-ABCDEFABCDEF",
    },
}
"""What the form sends of the person."""
SHARED: Final[dict[str, Any]] = {
    "state": "NY",
    "country": "US",
    "utm_source": "newsletter",
    "utm_medium": "email",
    "utm_campaign": "autumn",
}
"""What it sends that says nothing of who it is."""
WORDS: Final = (
    "zebedea", "quixwood", "zquix", "2125550143", "quixco", "vermilion", "yonkersvale", "10701", "98765",
    "blue staircase", "marzipan", "halibut", "oregano", "tangerine", "cinnamon", "pistachio", "nutmeg",
    "203.0.113.77", "saffron", "0f4a5c1b", "aubergine", "rosemary", "wasabi", "fenugreek",
    "cardamom",
)  # fmt: skip
"""In lower case; by each of them one field is found again. The last: added later, a challenge, and a return's words."""
AGAIN: Final[dict[str, Any]] = {
    "email": PRIVATE["email"],
    "phone": PRIVATE["phone"],
    "wish": "an aubergine carpet",
}
acme = a_buyer(
    "acme", buyer={"dedupe_days": 30, "billing": {"mode": "invoiced", "credit_limit_cents": 100_000}}
)
ana = a_rep("ana")


class AnyPersons(Persons, KnownPersons, Protocol):
    """Both ports of one implementation."""


@dataclass
class Shelf:
    """All that is stored, of one implementation."""

    leads: Leads
    ledger: Ledger
    returns: Returns
    persons: AnyPersons
    counters: Counters
    recollections: Recollections
    dump: Any
    """A function that gives everything that is stored as one text."""


def memory_shelf() -> Shelf:
    """Everything in memory."""
    ledger, counters, recollections = MemoryLedger(), MemoryCounters(), MemoryRecollections()
    leads = MemoryLeads(ledger)

    def dump() -> str:
        tables = (vars(leads), vars(ledger), counters.counts, recollections.kept)
        return repr(
            [{k: v for k, v in dict(t).items() if k not in {"_ledger", "_lock", "lock"}} for t in tables]
        )

    persons = MemoryPersons(leads, ledger, counters, recollections)
    return Shelf(leads, ledger, MemoryReturns(ledger), persons, counters, recollections, dump)


@dataclass
class Life:
    """Every use case that a lead meets, over one shelf."""

    shelf: Shelf
    campaign: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = FixedClock(MONDAY_9AM)
        self.configuration = MemoryConfiguration()
        sells, asks = an_auction_stage("buyers"), a_stage("team", accept_within_s=300)
        policy = {
            "sticky": {"person": "prefer", "company": "prefer"},
            "dedupe": {"policy": "merge"},
            "pingable": ["contact.state", "contact.postal_code", "attributes.roof_m2"],
            "returns": {"auto_approve": False},
            **self.campaign,
        }
        for document in (
            a_source(spam={"per_person_per_day": 100}, **self.source),
            a_source(id="market", campaign_id="market", spam={"per_person_per_day": 100}),
            a_campaign(**policy),
            a_campaign(id="market", plan_id="market", **policy),
            a_plan(asks),
            PublishedPlan(id="plan", version=1),
            a_plan(sells, id="market"),
            PublishedPlan(id="market", version=1),
            a_pool(ana),
            a_pool(acme, pool_id="buyers"),
            ana,
            acme,
        ):
            self.configuration.put(document)
        self.posts = said("yes", ref="reference-1")
        self._wire(self.shelf)

    def _wire(self, shelf: Shelf) -> None:
        leads, ledger, configured, clock = shelf.leads, shelf.ledger, self.configuration, self.clock
        workflows, alerts, notifier = MemoryWorkflows(), MemoryAlerts(), MemoryNotifier()
        self.leads = leads
        links = SignedOfferLinks("https://baton.example", lambda: SECRET)
        self.identities = KeyedIdentities(lambda: SECRET)
        self.release = ReleaseOffer(leads, ledger, configured, clock)
        self.restart = RestartLead(leads, workflows, clock)
        scores = MemoryLearnedScores(MemoryLedger())
        self.accept = an_intake(leads, ledger, configured, workflows, clock, count(1), shelf.counters)
        self.score = a_scoring(leads, scores, configured, clock)
        compare = CompareLeads(leads, ledger, self.identities)
        self.merge = MergeLead(leads, configured, Channels(notifier), alerts, clock, compare)
        self.route = RouteLead(leads, ledger, configured, self.release, alerts, clock)
        tell = TellOffer(leads, configured, Channels(notifier), links, MemoryRetellings(), alerts, clock)
        self.offer = OfferLead(leads, tell, self.release, workflows, clock)
        call = CallBuyers(ScriptedHttp(self._answer), MemorySecrets(), clock)
        hold = HoldAuction(call, MemoryResting(), alerts, clock)
        self.auction = AuctionLead(leads, ReadSituation(leads, ledger, configured), configured, hold, clock)
        post = PostLead(leads, call, MailLead(notifier), clock)
        self.deliver = DeliverLead(leads, ledger, configured, post, self.release, alerts, clock)
        self.conclude = RecordOutcome(leads, ledger, scores, configured, clock)
        guard: Any = str  # nobody's source is paused here
        self.take_back = ReturnLead(leads, ledger, shelf.returns, configured, self.restart, guard, clock)
        self.forget = self.forgetting(shelf)

    def forgetting(self, shelf: Shelf) -> ForgetPerson:
        """The use case over stores that behave in their own way where a test says so."""
        release = ReleaseOffer(shelf.leads, shelf.ledger, self.configuration, self.clock)
        return ForgetPerson(
            shelf.leads,
            shelf.persons,
            shelf.ledger,
            self.configuration,
            self.identities,
            release,
            self.clock,
        )

    def _answer(self, request: Outgoing) -> Answer:
        return said("yes", cents=1_000, ref="bid-1") if request.url.endswith("/ping") else self.posts

    def takes_in(self, source_id: str = "web-form", **fields: Any) -> Lead:
        """A lead as the form sends it, but for these fields."""
        taken = self.accept(source_id, {**PRIVATE, **SHARED, **fields})
        return self.leads.get(taken.lead_id)

    def offered(self) -> Lead:
        """The person's lead, on offer to ana."""
        lead_id = self.takes_in().lead_id
        self.score(lead_id)
        self.route(lead_id)
        self.offer(lead_id, 1, "token")
        return self.leads.get(lead_id)

    def delivering(self) -> Lead:
        """The person's lead, about to be posted to acme."""
        lead_id = self.takes_in("market").lead_id
        self.score(lead_id)
        assert self.route(lead_id).next is Next.AUCTION
        self.auction(lead_id)
        assert self.route(lead_id).next is Next.DELIVER
        return self.leads.get(lead_id)

    def sold(self) -> Lead:
        """The person's lead, sold to acme, which then wants to give it back."""
        lead = self.delivering()
        self.deliver(lead.lead_id)
        self.take_back(lead.lead_id, acme, "wrong_person", "I know rosemary: wasabi")
        return self.leads.get(lead.lead_id)

    def merged(self) -> Lead:
        """The person once more, with another wish, merged into the first lead."""
        lead_id = self.takes_in(**AGAIN).lead_id
        self.merge(lead_id)
        return self.leads.get(lead_id)

    def whole(self) -> Lead:
        """All of it: vetted, ana's, once more and merged; and sold in another campaign, and wanted back."""
        lead = self.takes_in()
        vetting = vetted(lead, {"challenge": "passed"}, self.configuration.get(Campaign, "solar"), MONDAY_9AM)
        changed = vetting.lead.model_copy(update={"challenge": "fenugreek"})
        assert self.leads.commit(replace(vetting, lead=changed))
        self.shelf.recollections.remember(f"challenge#{lead.lead_id}", "asked", MONDAY_9AM.replace(year=2027))
        self.score(lead.lead_id)
        self.route(lead.lead_id)
        self.offer(lead.lead_id, 1, "token")
        taken = accepted(self.leads.get(lead.lead_id), self.leads.offer(lead.lead_id, 1), MONDAY_9AM)
        assert self.leads.commit(taken)
        self.merged()
        self.sold()
        return self.leads.get(lead.lead_id)

    def secrets(self, *leads: Lead) -> set[str]:
        """Every digest that stands for the person, or for what they sent."""
        found: set[str] = set()
        for lead in leads:
            dedupe = self.configuration.get(Campaign, lead.campaign_id).dedupe or Dedupe()
            found |= set(lead.person) | set(self.identities.person(lead.contact))
            found |= {lead.fingerprint, *self.identities.marks(identity_values(lead, dedupe))}
            found |= {lead.ties.company, *lead.ties.person} - {None} if lead.ties else set()  # type: ignore[arg-type]
        return found

    def left(self, *secrets: str) -> list[str]:
        """The person's words and hashes that are still stored anywhere."""
        stored = str(self.shelf.dump()).lower()
        return [word for word in (*WORDS, *secrets) if word.lower() in stored]
