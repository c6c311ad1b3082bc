"""Builders for everything that sells leads: buyers, a ping-post plan, and a market with every use case wired."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count
from typing import Any, Final
from urllib.parse import urlsplit

from baton.adapters.doubles import (
    FixedClock,
    MemoryAlerts,
    MemoryNotifier,
    MemoryResting,
    MemorySecrets,
    MemoryWorkflows,
)
from baton.adapters.http_double import ScriptedHttp
from baton.adapters.learned_scores import MemoryLearnedScores
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_configuration import MemoryConfiguration
from baton.adapters.memory_ledger import MemoryLedger
from baton.application.auction_lead import AuctionLead
from baton.application.call_buyers import CallBuyers
from baton.application.deliver_lead import Delivered, DeliverLead
from baton.application.hold_auction import HoldAuction
from baton.application.likelihoods import RememberedLikelihoods
from baton.application.mail_lead import MailLead
from baton.application.outgoing import Answer, Outgoing, Trouble
from baton.application.park_lead import ParkLead
from baton.application.post_lead import PostLead
from baton.application.release_offer import ReleaseOffer
from baton.application.restart_lead import RestartLead
from baton.application.route_lead import Next, Routed, RouteLead
from baton.application.situations import ReadSituation
from baton.domain.auction import Auction
from baton.domain.documents import Configured
from baton.domain.lead import Lead, LeadState
from baton.domain.plan import Model, Plan, PublishedPlan, Stage
from baton.domain.recipient import Recipient
from baton.domain.standing import Usage
from baton.domain.timeline import EventKind
from tests.builders import (
    MONDAY_9AM,
    NEW_YORK,
    a_campaign,
    a_plan,
    a_pool,
    a_scoring,
    a_source,
    a_stage,
    an_intake,
)

POCKET: Final = 100_000
"""Cents that every buyer of these tests has paid in."""
type Behaviour = int | str | Answer | Callable[[Outgoing], Answer]
"""How a buyer answers: a bid in cents; what it says to a post; an answer; or whatever a function gives."""


def an_endpoint(who: str, what: str, **facts: Any) -> dict[str, Any]:
    """An address of that buyer, read as JSON."""
    reads = {
        "accepted": {"path": "$.verdict", "equals": ["yes"]},
        "rejected": {"path": "$.verdict", "equals": ["no"]},
        "price": "$.cents",
        "price_unit": "cents",
        "reason": "$.why",
        "reference": "$.ref",
    }
    fields = [
        {"name": "zip", "field": "contact.postal_code"},
        {"name": "state", "field": "contact.state"},
        {"name": "email", "field": "contact.email"},
        {"name": "roof", "field": "attributes.roof_m2"},
        {"name": "hash", "field": "email_sha256"},
        {"name": "price", "field": "price_cents"},
    ]
    return {"url": f"https://{who}.example/{what}", "fields": fields, "reads": reads, **facts}


def a_buyer(
    who: str = "acme", *, bids: bool = True, price_cents: int | None = None, **facts: Any
) -> Recipient:
    """A buyer that bids, or has a fixed price, and has paid in advance."""
    buyer = {
        "post": an_endpoint(who, "post"),
        "billing": {"mode": "prepaid"},
        **({"ping": an_endpoint(who, "ping")} if bids and price_cents is None else {}),
        "price_cents": price_cents,
        **facts.pop("buyer", {}),
    }
    defaults = {"id": who, "type": "buyer", "name": who.title(), "zone": NEW_YORK, "buyer": buyer}
    return Recipient.model_validate({**defaults, **facts})


def an_auction_stage(pool_id: str = "team", **terms: Any) -> Stage:
    """A stage that asks the pool for bids."""
    return a_stage(pool_id, name="auction", model=Model.PING_POST, auction=terms)


def said(verdict: str, **facts: Any) -> Answer:
    """What a buyer's system answers: `yes` or `no`, with whatever else it says."""
    pairs = ", ".join(
        f'"{name}": {value!r}'.replace("'", '"') for name, value in {"verdict": verdict, **facts}.items()
    )
    return Answer(status=200, body=f"{{{pairs}}}".encode(), took_ms=10)


def lost(trouble: Trouble = Trouble.BROKEN) -> Answer:
    """No answer came."""
    return Answer(trouble=trouble, took_ms=10)


class Market:
    """Buyers in the pool `team`, a plan that asks them for bids, and every use case that sells."""

    def __init__(
        self,
        *buyers: Recipient,
        plan: Plan | None = None,
        documents: tuple[Configured, ...] = (),
        campaign: Mapping[str, Any] | None = None,
        source: Mapping[str, Any] | None = None,
        pockets: Mapping[str, int] | None = None,
        first_id: int = 1,
    ) -> None:
        self.clock = FixedClock(MONDAY_9AM)
        self._visits = count(1)
        self.ledger = MemoryLedger()
        self.leads = MemoryLeads(self.ledger)
        self.notifier, self.alerts, self.workflows = MemoryNotifier(), MemoryAlerts(), MemoryWorkflows()
        self.resting, self.secrets = MemoryResting(), MemorySecrets()
        self.pings: dict[str, Behaviour] = {}
        """How each buyer answers pings; who is not named bids 1,000 cents."""
        self.posts: dict[str, Behaviour] = {}
        """How each buyer answers posts; who is not named takes the lead."""
        self.statuses: dict[str, Behaviour] = {}
        self.http = ScriptedHttp(self._answer)
        plan = plan or a_plan(an_auction_stage())
        pingable = ["contact.postal_code", "contact.state", "attributes.roof_m2"]
        basics = (
            a_source(**(source or {})),
            a_campaign(**{"pingable": pingable, **(campaign or {})}),
            a_pool(*buyers),
            plan,
            PublishedPlan(id=plan.id, version=plan.version),
        )
        self.configuration = MemoryConfiguration(*basics, *buyers, *documents)
        for who in buyers:
            cents = (pockets or {}).get(who.id, POCKET)
            self.ledger.usage[who.id] = Usage(recipient_id=who.id, rev=1, balance_cents=cents)
        leads, ledger, configured, clock = self.leads, self.ledger, self.configuration, self.clock
        self.call = CallBuyers(self.http, self.secrets, clock)
        self.release = ReleaseOffer(leads, ledger, configured, clock)
        self.restart = RestartLead(leads, self.workflows, clock)
        self.park = ParkLead(leads, self.release, self.alerts, clock)
        self.situation = ReadSituation(leads, ledger, configured)
        self.hold = HoldAuction(self.call, self.resting, self.alerts, clock)
        ids = count(first_id)
        self.accept_lead = an_intake(leads, ledger, configured, self.workflows, clock, ids)
        self.learned_scores = MemoryLearnedScores(ledger)
        self.likelihoods = RememberedLikelihoods(self.learned_scores, clock)
        self.score_step = a_scoring(leads, self.learned_scores, configured, clock)
        self.route = RouteLead(leads, ledger, configured, self.release, self.alerts, clock)
        self.auction = AuctionLead(leads, self.situation, configured, self.hold, clock)
        self.post = PostLead(leads, self.call, MailLead(self.notifier), clock)
        self.deliver = DeliverLead(leads, ledger, configured, self.post, self.release, self.alerts, clock)

    def _answer(self, request: Outgoing) -> Answer:
        place = urlsplit(request.url)
        who, what = (place.hostname or "").removesuffix(".example"), place.path.strip("/")
        scripts: dict[str, tuple[dict[str, Behaviour], Behaviour]] = {
            "ping": (self.pings, 1_000),
            "post": (self.posts, "yes"),
            "status": (self.statuses, "unknown"),
            "returns": ({}, "yes"),
        }
        script, otherwise = scripts[what]
        behaviour = script.get(who, otherwise)
        if isinstance(behaviour, Answer):
            return behaviour
        if isinstance(behaviour, int):
            return said("yes", cents=behaviour, ref=f"bid-{who}")
        if isinstance(behaviour, str):
            return said(behaviour, ref=f"lead-{who}")
        return behaviour(request)

    def takes_in(self, **fields: Any) -> str:
        """A lead that a form sent and that was scored, by its id."""
        page = f"https://example.com/?visit={next(self._visits)}"
        form = {
            "email": "maria@example.com",
            "state": "NY",
            "postal_code": "10001",
            "landing_page": page,
            **fields,
        }
        return self.score(self.accept_lead("web-form", form).lead_id).lead_id

    def score(self, lead_id: str) -> Lead:
        """The lead after the step Score."""
        return self.score_step(lead_id).lead

    def step(self, lead_id: str) -> Routed | Delivered:
        """What one round of the workflow does: Route, then Auction or Deliver."""
        routed = self.route(lead_id)
        if routed.next is Next.AUCTION:
            self.auction(lead_id)
            return self.step(lead_id)
        return self.deliver(lead_id) if routed.next is Next.DELIVER else routed

    def sells(self, lead_id: str | None = None, **fields: Any) -> Lead:
        """The lead once its workflow has come to an end, however long it had to wait on the way."""
        lead_id = lead_id or self.takes_in(**fields)
        for _ in range(100):
            done = self.step(lead_id)
            if isinstance(done, Delivered) and done.wait_s:
                self.clock.forward(timedelta(seconds=done.wait_s))
            elif self.leads.get(lead_id).state not in {LeadState.SCORED, LeadState.DELIVERING}:
                break
        return self.leads.get(lead_id)

    def held(self, lead: Lead) -> Auction:
        """The lead's last auction."""
        return self.leads.auction(lead.lead_id, lead.auctions)

    def usage(self, who: str) -> Usage:
        """How the buyer's account and caps stand."""
        return self.ledger.standings([], [who]).used(who)

    def posted_to(self) -> list[str]:
        """Who was sent a lead, in order."""
        posts = [request for request in self.http.sent if urlsplit(request.url).path == "/post"]
        return [(urlsplit(request.url).hostname or "").removesuffix(".example") for request in posts]

    def kinds(self, lead: Lead) -> list[EventKind]:
        """The lead's timeline in short."""
        return [event.kind for event in self.leads.timeline(lead.lead_id)]
