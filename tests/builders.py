"""Builders: each states only what matters to a test. `World` wires every use case on the in-memory twins."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

from baton.adapters.counters import MemoryCounters, keyed_digest
from baton.adapters.do_not_contact import MemoryDoNotContact
from baton.adapters.doubles import (
    FixedClock,
    MemoryAlerts,
    MemoryNotifier,
    MemorySecrets,
    MemoryWatches,
    MemoryWorkflows,
)
from baton.adapters.identities import KeyedIdentities
from baton.adapters.learned_scores import MemoryLearnedScores
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_configuration import MemoryConfiguration
from baton.adapters.memory_ledger import MemoryLedger
from baton.adapters.offer_links import SignedOfferLinks
from baton.adapters.retellings import MemoryRetellings
from baton.application.accept_lead import AcceptLead
from baton.application.acknowledge_lead import AcknowledgeLead
from baton.application.admit_caller import AdmitCaller
from baton.application.admit_vendor import AdmitVendor
from baton.application.answer_offer import Answer, AnswerOffer
from baton.application.archive import Configuration
from baton.application.attend_lead import AttendLead
from baton.application.await_verdict import AwaitVerdict
from baton.application.channels import Channels, Sender
from baton.application.compare_leads import CompareLeads
from baton.application.entrust_lead import EntrustLead
from baton.application.explain_lead import ExplainLead
from baton.application.likelihoods import LearnedScores, RememberedLikelihoods
from baton.application.merge_lead import MergeLead
from baton.application.note_progress import NoteProgress
from baton.application.offer_lead import OfferLead
from baton.application.park_lead import ParkLead
from baton.application.ports import Leads, Ledger, Workflows
from baton.application.reassign_lead import ReassignLead
from baton.application.record_outcome import RecordOutcome
from baton.application.refuse_contact import DoNotContact, RefuseContact
from baton.application.release_offer import ReleaseOffer
from baton.application.restart_lead import RestartLead
from baton.application.review_lead import ReviewLead
from baton.application.route_lead import Routed, RouteLead
from baton.application.score_lead import ScoreLead
from baton.application.screen_lead import Counters, ScreenLead
from baton.application.show_offer import OfferView, ShowOffer
from baton.application.situations import ReadSituation
from baton.application.sweep_leads import SweepLeads
from baton.application.tell_offer import TellOffer
from baton.application.tell_once import Marks, TellOnce
from baton.application.tell_rep_once import TellRepOnce
from baton.domain.campaign import Campaign
from baton.domain.channels import Channel
from baton.domain.documents import Configured
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.offer import Offer, OfferState
from baton.domain.plan import Model, Plan, PublishedPlan, Stage
from baton.domain.pool import Fairness, Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from baton.domain.standing import Standings, Turn, Usage, day_window
from baton.domain.timeline import EventKind
from baton.domain.trace import Trace

NEW_YORK: Final = "America/New_York"
MONDAY_9AM: Final = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""Nine in the morning in New York, where reps of these tests live unless they say otherwise."""
MONDAY_8PM: Final = MONDAY_9AM + timedelta(hours=11)
SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)
SECRET: Final = b"a secret that only tests know"
LEAD_ID: Final = f"{1:032x}"


def a_rep(who: str = "ana", **facts: Any) -> Recipient:
    """A rep who can be reached and has no limits."""
    defaults = {
        "name": who.title(),
        "phone": "+12025550100",
        "email": f"{who}@sales.example",
        "zone": NEW_YORK,
    }
    return Recipient.model_validate({"id": who, **defaults, **facts})


def a_pool(*members: Recipient | Member | str, pool_id: str = "team", **facts: Any) -> Pool:
    """A pool of these members, all of weight and priority 1 unless given as Member."""
    fairness = facts.pop("fairness", Fairness())
    return Pool(id=pool_id, name=pool_id, members=tuple(map(_member, members)), fairness=fairness, **facts)


def a_member(who: str, **facts: Any) -> Member:
    """A member of weight and priority 1, without caps."""
    return Member.model_validate({"recipient_id": who, **facts})


def a_stage(pool_id: str = "team", **facts: Any) -> Stage:
    """A round robin stage over the pool `team`."""
    return Stage.model_validate({"name": f"ask {pool_id}", "pool_id": pool_id, **facts})


def a_plan(*stages: Stage, **facts: Any) -> Plan:
    """Version 1 of the plan `plan`."""
    return Plan.model_validate({"id": "plan", "version": 1, "stages": stages or (a_stage(),), **facts})


def a_campaign(**facts: Any) -> Campaign:
    """A campaign that qualifies every lead."""
    return Campaign.model_validate({"id": "solar", "name": "Solar", "plan_id": "plan", **facts})


def a_source(**facts: Any) -> Source:
    """A source that takes leads from everywhere."""
    return Source.model_validate({"id": "web-form", "name": "Web form", "campaign_id": "solar", **facts})


def a_lead(**facts: Any) -> Lead:
    """A scored lead at the start of the plan."""
    defaults: dict[str, Any] = {
        "lead_id": LEAD_ID,
        "rev": 2,
        "state": LeadState.SCORED,
        "source_id": "web-form",
        "campaign_id": "solar",
        "received_at": MONDAY_9AM,
        "moved_at": MONDAY_9AM,
        "contact": Contact(first_name="Maria", last_name="Lopez", email="maria@example.com"),
        "plan_id": "plan",
        "plan_version": 1,
    }
    return Lead(**{**defaults, **facts})


def an_offer(**facts: Any) -> Offer:
    """A pending offer of `a_lead()` to ana."""
    defaults: dict[str, Any] = {
        "lead_id": LEAD_ID,
        "no": 1,
        "recipient_id": "ana",
        "stage": 0,
        "stage_name": "ask team",
        "pool_id": "team",
        "queue": "team",
        "state": OfferState.PENDING,
        "made_at": MONDAY_9AM,
        "expires_at": MONDAY_9AM + 5 * MINUTE,
        "windows": (day_window(MONDAY_9AM, NEW_YORK),),
        "trace": Trace(plan_id="plan", plan_version=1, attempt=0, stages=()),
    }
    return Offer(**{**defaults, **facts})


def standings(
    turns: Mapping[str, int] | None = None, usage: Iterable[Usage] = (), pool_id: str = "team"
) -> Standings:
    """Turns taken in one pool by recipient, and usage rows."""
    rows = [Turn(pool_id, who, turns=n, rev=n) for who, n in (turns or {}).items()]
    return Standings({(t.queue, t.recipient_id): t for t in rows}, {u.recipient_id: u for u in usage})


def used(who: str, today: int = 0, *, open_leads: int = 0, now: datetime = MONDAY_9AM) -> Usage:
    """What a rep in New York has used of its caps."""
    return Usage(recipient_id=who, rev=1, open_leads=open_leads, taken={day_window(now, NEW_YORK): today})


def an_intake(
    leads: Leads,
    ledger: Ledger,
    configuration: Configuration,
    workflows: Workflows,
    clock: FixedClock,
    numbers: Iterator[int],
    counters: Counters | None = None,
) -> AcceptLead:
    """Intake over these stores; leads are numbered."""
    identities = KeyedIdentities(lambda: SECRET)
    screen = ScreenLead(counters or MemoryCounters(), identities, keyed_digest(lambda: SECRET))
    return AcceptLead(
        leads, configuration, workflows, clock, lambda: f"{next(numbers):032x}", ledger, identities, screen
    )


def a_scoring(
    leads: Leads,
    scores: LearnedScores,
    configuration: Configuration,
    clock: FixedClock,
    do_not_contact: DoNotContact | None = None,
) -> ScoreLead:
    """The step Score over these stores."""
    identities, listed = KeyedIdentities(lambda: SECRET), do_not_contact or MemoryDoNotContact()
    likelihoods = RememberedLikelihoods(scores, clock)
    return ScoreLead(leads, configuration, identities, listed, likelihoods, clock)


@dataclass
class World:
    """Every use case, over twins that start empty but for one source, one campaign, one plan and one pool."""

    reps: tuple[Recipient, ...] = ()
    plan: Plan = field(default_factory=a_plan)
    documents: tuple[Configured, ...] = ()
    stores: InitVar[tuple[Leads, Ledger] | None] = None
    configuration: Configuration = field(default_factory=MemoryConfiguration)
    clock: FixedClock = field(default_factory=lambda: FixedClock(MONDAY_9AM))
    senders: dict[Channel, Sender] = field(default_factory=dict)
    """Channels beside SMS and mail."""

    def __post_init__(self, stores: tuple[Leads, Ledger] | None) -> None:
        self.leads, self.ledger = stores or _memory()
        self.workflows, self.notifier, self.alerts = MemoryWorkflows(), MemoryNotifier(), MemoryAlerts()
        self.links = SignedOfferLinks("https://baton.example", lambda: SECRET)
        self._ids, self._visits = count(1), count(1)
        current = PublishedPlan(id=self.plan.id, version=self.plan.version)
        basics = (a_source(), a_campaign(), a_pool(*self.reps), self.plan, current)
        self.configure(*basics, *self.reps, *self.documents)
        leads, ledger, configured, clock = self.leads, self.ledger, self.configuration, self.clock
        workflows, alerts, links = self.workflows, self.alerts, self.links
        release = ReleaseOffer(leads, ledger, configured, clock)
        self.restart = RestartLead(leads, workflows, clock)
        self.counters = MemoryCounters()
        self.accept_lead = an_intake(leads, ledger, configured, workflows, clock, self._ids, self.counters)
        self.secrets = MemorySecrets()
        self.admit = AdmitVendor(lambda: AdmitCaller(configured, self.secrets, clock))
        self.await_verdict = AwaitVerdict(leads, configured, clock, lambda s: clock.forward(s * SECOND))
        self.do_not_contact = MemoryDoNotContact()
        kept = ledger if isinstance(ledger, MemoryLedger) else MemoryLedger()
        self.learned_scores = MemoryLearnedScores(kept)
        self.likelihoods = RememberedLikelihoods(self.learned_scores, clock)
        self.score_step = a_scoring(leads, self.learned_scores, configured, clock, self.do_not_contact)
        compare = CompareLeads(leads, ledger, KeyedIdentities(lambda: SECRET))
        channels = Channels(self.notifier, self.senders.get)
        self.merge = MergeLead(leads, configured, channels, alerts, clock, compare)
        self.route = RouteLead(leads, ledger, configured, release, alerts, clock)
        self.retellings = MemoryRetellings()
        tell = TellOffer(leads, configured, channels, links, self.retellings, alerts, clock)
        self.offer_lead = OfferLead(leads, tell, release, workflows, clock)
        self.show = ShowOffer(leads, configured, links, clock)
        self.answer = AnswerOffer(
            leads, self.show, release, self.restart, workflows, clock, EntrustLead(configured)
        )
        self.park = ParkLead(leads, release, alerts, clock)
        self.conclude = RecordOutcome(leads, ledger, self.learned_scores, configured, clock)
        self.note = NoteProgress(leads, self.show, self.conclude, clock)
        self.situation = ReadSituation(leads, ledger, configured)
        self.explain = ExplainLead(leads, self.situation, configured, clock)
        self.watches = MemoryWatches()
        self.sweep = SweepLeads(leads, self.restart, self.park, self.conclude, alerts, clock, self.watches)
        marks = Marks(leads, clock)
        once, rep_once = TellOnce(marks, self.notifier), TellRepOnce(marks, channels, clock)
        acknowledge = AcknowledgeLead(once, KeyedIdentities(lambda: SECRET), self.do_not_contact, clock)
        self.attend = AttendLead(
            leads,
            configured,
            self.situation,
            release,
            self.restart,
            acknowledge,
            rep_once,
            links,
            alerts,
            clock,
        )
        self.reassign = ReassignLead(leads, configured, release, self.restart, workflows, clock)
        self.review = ReviewLead(leads, workflows, clock, configured, compare)
        self.refuse = RefuseContact(self.do_not_contact, KeyedIdentities(lambda: SECRET), clock)

    def configure(self, *documents: Configured) -> None:
        """Write configuration, replacing what had the same kind and id."""
        for document in documents:
            self.configuration.put(document)  # type: ignore[attr-defined] # both adapters have it, the port has not

    def score(self, lead_id: str) -> Lead:
        """The lead after the step Score."""
        return self.score_step(lead_id).lead

    def takes_in(self, **fields: Any) -> str:
        """A lead that a form sent, by its id."""
        sent = {"email": "maria@example.com", **self.visit(), **fields}
        return self.accept_lead("web-form", sent).lead_id

    def visit(self) -> dict[str, str]:
        """What tells one enquiry from another that says the same: sent twice, it would be one."""
        return {"landing_page": f"https://example.com/?visit={next(self._visits)}"}

    def scores(self, **fields: Any) -> str:
        """A lead that is ready to be routed."""
        return self.score(self.takes_in(**fields)).lead_id

    def offers(self, lead_id: str | None = None, **fields: Any) -> str:
        """A lead that was routed and, if somebody has to answer, offered by message."""
        lead_id = lead_id or self.scores(**fields)
        self.step(lead_id)
        return lead_id

    def step(self, lead_id: str) -> Routed:
        """What one round of the workflow does: Route, then Offer or Notify."""
        routed = self.route(lead_id)
        if routed.next != "stop":
            no = routed.lead.offer_no
            self.offer_lead(lead_id, no, f"wait-{lead_id}-{no}" if routed.next == "offer" else None)
        return routed

    def answers(self, lead_id: str, answer: Answer, no: int | None = None) -> OfferView:
        """What the rep sees after answering the newest offer (or number `no`)."""
        return self.answer(self.token(lead_id, no), answer)

    def token(self, lead_id: str, no: int | None = None) -> str:
        """The token in the link of the lead's newest offer (or number `no`)."""
        offer = self.leads.offer(lead_id, no or self.leads.get(lead_id).offer_no)
        return self.links.link(offer).rpartition("/")[2]

    def kinds(self, lead_id: str) -> list[EventKind]:
        """The lead's timeline in short."""
        return [event.kind for event in self.leads.timeline(lead_id)]

    def usage(self, who: str) -> Usage:
        """What the rep has used of its caps."""
        return self.ledger.standings([], [who]).used(who)

    def turns(self, who: str) -> float:
        """How many turns the rep has taken in the pool `team`."""
        return self.ledger.standings([("team", who)], []).turn("team", who).turns


def a_world(*reps: Recipient, model: Model | None = None, auto_accept: bool = False, **facts: Any) -> World:
    """A world with these reps in the pool `team`, asked round robin unless a model is named."""
    if model or auto_accept:
        stage = a_stage(model=model or Model.ROUND_ROBIN, auto_accept=auto_accept)
        facts.setdefault("plan", a_plan(stage))
    return World(reps, **facts)


def _memory() -> tuple[Leads, Ledger]:
    ledger = MemoryLedger()
    return MemoryLeads(ledger), ledger


def _member(member: Recipient | Member | str) -> Member:
    if isinstance(member, Member):
        return member
    return Member(recipient_id=member if isinstance(member, str) else member.id)
