"""Random companies and what happens to them, small enough that thousands of them run in seconds."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.domain.campaign import Sticky
from baton.domain.caps import Span, window
from baton.domain.change import received, scored
from baton.domain.claims import accepted, claim, released
from baton.domain.conclusion import concluded
from baton.domain.decision import decide
from baton.domain.lead import Contact, Lead, LeadState, Ties
from baton.domain.offer import Offer, OfferState
from baton.domain.outcome import Outcome, Report
from baton.domain.plan import Model, Plan, weighted_queue
from baton.domain.pool import Pool, Release
from baton.domain.recipient import Recipient
from baton.domain.scoring import Score
from baton.domain.situation import Decision, Situation
from tests.builders import MONDAY_9AM

REPS: Final = ("ana", "ben", "carla", "dev")
STATES: Final = ("CA", "NY", None)
SCORE: Final = Score(points=1, reasons=(), qualified=True)
MODELS: Final = tuple(Model)
caps = st.fixed_dictionaries(
    {},
    optional={
        "per_hour": st.integers(0, 3),
        "per_day": st.integers(0, 4),
        "per_week": st.integers(1, 6),
        "per_month": st.integers(1, 8),
    },
)
limits = st.builds(
    lambda windows, open_leads, pause: {**windows, "open_leads": open_leads, "min_pause_s": pause},
    caps,
    st.none() | st.integers(0, 4),
    st.sampled_from((0, 0, 600)),
)
wants = st.sampled_from((None, "CA", "NY"))
reps = st.tuples(limits, wants, st.booleans(), caps)
pools = st.tuples(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 5), st.integers(1, 2), caps),
        min_size=1,
        max_size=4,
        unique_by=lambda m: m[0],
    ),
    st.integers(0, 2),
)
stages = st.tuples(
    st.integers(0, 1), st.sampled_from(MODELS), wants, st.booleans(), st.none() | st.integers(1, 2)
)
companies = st.tuples(
    st.lists(reps, min_size=4, max_size=4),
    st.lists(pools, min_size=2, max_size=2),
    st.lists(stages, min_size=1, max_size=3),
    st.booleans(),
    st.sampled_from(("off", "off", "prefer", "require")),
)
KINDS: Final = (
    "lead",
    "lead",
    "lead",
    "accept",
    "decline",
    "expire",
    "outcome",
    "pause",
    "back",
    "wait",
    "race",
    "publish",
    "undo",
    "reassign",
    "reweigh",
    "leave",
)
histories = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 11), st.sampled_from((1, 20, 240, 1500))), max_size=18
)


@dataclass
class Company:
    """A team, its plan, and everything that has happened so far."""

    drawn: Any
    now: datetime = MONDAY_9AM
    version: int = 1
    leads_made: int = 0
    decisions: list[tuple[Situation, Decision]] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given_reps, given_pools, given_stages, fallback, sticky = self.drawn
        self.ledger = MemoryLedger()
        self.leads = MemoryLeads(self.ledger)
        self.sticky = Sticky.model_validate({"person": sticky})
        self.recipients = {who: _rep(who, *given) for who, given in zip(REPS, given_reps, strict=True)}
        self.pools = {f"p{n}": _pool(f"p{n}", *given) for n, given in enumerate(given_pools)}
        self.plans = {1: _plan(1, given_stages, fallback), 2: _plan(2, given_stages[::-1], fallback)}

    def happens(self, kind: str, which: int, minutes: int) -> None:
        """One event: `which` says to whom or what, `minutes` pass before it."""
        self.now += timedelta(minutes=minutes)
        rep = REPS[which % len(REPS)]
        match kind:
            case "lead":
                self.route(self.new_lead(which))
            case "race":
                self.race(which)
            case "accept" | "decline" | "expire":
                self.answer(kind, which)
            case "outcome":
                self.conclude(which)
            case "pause" | "back":
                paused = {"paused": kind == "pause"}
                self.recipients = self.recipients | {rep: self.recipients[rep].model_copy(update=paused)}
            case "publish":
                self.version = 3 - self.version
            case "undo":
                self.undo(which)
            case "reassign":
                self.reassign(which)
            case "reweigh" | "leave":
                self.change_pool(kind, which)

    def new_lead(self, which: int) -> str:
        """A lead comes in and is scored, on the plan version of the moment."""
        self.leads_made += 1
        lead_id = f"{self.leads_made:032x}"
        lead = Lead(
            lead_id=lead_id,
            rev=1,
            state=LeadState.RECEIVED,
            source_id="form",
            campaign_id="solar",
            received_at=self.now,
            moved_at=self.now,
            contact=Contact(state=STATES[which % 3]),
        )
        assert self.leads.commit(received(lead, self.now))
        ties = Ties(person=(f"person-{which % 2}",), days=90) if self.sticky.person != "off" else None
        self.leads.commit(scored(lead, SCORE, "plan", self.version, self.now, ties))
        self.versions[lead_id] = self.version
        return lead_id

    def situation(self, lead_id: str, attempt: int = 0) -> Situation:
        """What a decision about the lead would look at now."""
        lead = self.leads.get(lead_id)
        queues = [(queue, p) for p in self.pools.values() for queue in (p.id, weighted_queue(p.id))]
        members = [(queue, m.recipient_id) for queue, p in queues for m in p.members]
        keys = lead.ties.person if lead.ties else ()
        standings = self.ledger.standings(members, REPS, keys)
        plan = self.plans[lead.plan_version or 0]
        return Situation(
            lead, plan, self.pools, self.recipients, standings, self.now, attempt, sticky=self.sticky
        )

    def route(self, lead_id: str) -> None:
        """Decide and claim, as often as a race is lost."""
        for attempt in range(8):
            if self.leads.get(lead_id).state is not LeadState.SCORED:
                return
            if self.claim(self.situation(lead_id, attempt)):
                return

    def claim(self, situation: Situation) -> bool:
        """Decide on that situation and try to make it true."""
        decision = decide(situation)
        if self.leads.commit(claim(situation.lead, decision, situation.standings, situation.now)):
            self.decisions.append((situation, decision))
            return True
        return False

    def race(self, which: int) -> None:
        """Two leads that decide on the same standings; whoever loses decides again."""
        ids = [self.new_lead(which), self.new_lead(which + 1)]
        for situation in [self.situation(lead_id) for lead_id in ids]:
            self.claim(situation)
        for lead_id in ids:
            self.route(lead_id)

    def answer(self, kind: str, which: int) -> None:
        """Somebody answers an offer, or lets it expire; the lead goes on."""
        pending = [offer for offer in self.leads.offers.values() if offer.state is OfferState.PENDING]
        if not pending:
            return
        offer = pending[which % len(pending)]
        lead = self.leads.get(offer.lead_id)
        if kind == "accept":
            assert self.leads.commit(accepted(lead, offer, self.now))
            return
        self.give_back(offer, Release.DECLINED if kind == "decline" else Release.EXPIRED)

    def give_back(self, offer: Offer, why: Release) -> None:
        """The lead goes on to the next."""
        lead = self.leads.get(offer.lead_id)
        fairness = self.pools[offer.pool_id].fairness if offer.pool_id else None
        members = [(offer.queue, offer.recipient_id)] if offer.queue else []
        standings = self.ledger.standings(members, [offer.recipient_id])
        assert self.leads.commit(released(lead, offer, why, fairness, standings, self.now))
        self.route(lead.lead_id)

    def undo(self, which: int) -> None:
        """Somebody takes back what they have just accepted; the lead goes on."""
        taken = [
            offer
            for offer in self.leads.offers.values()
            if offer.state is OfferState.ACCEPTED
            and offer.expires_at
            and self.leads.get(offer.lead_id).state is LeadState.ASSIGNED
        ]
        if taken:
            self.give_back(taken[which % len(taken)], Release.DECLINED)

    def reassign(self, which: int) -> None:
        """A lead is taken from a rep who has it, and has not contacted its person; the lead goes on."""
        held = [lead for lead in self.leads.leads.values() if lead.state is LeadState.ASSIGNED]
        if held:
            lead = held[which % len(held)]
            self.give_back(self.leads.offer(lead.lead_id, lead.offer_no), Release.REASSIGNED)

    def change_pool(self, kind: str, which: int) -> None:
        """A pool's weights change, or somebody leaves it."""
        pool = self.pools[f"p{which % 2}"]
        members = pool.members
        if kind == "leave":
            members = members[1:] or members
        else:
            members = tuple(
                m.model_copy(update={"weight": 1 + (m.weight * 7 + n) % 50}) for n, m in enumerate(members)
            )
        self.pools = self.pools | {pool.id: pool.model_copy(update={"members": members})}

    def conclude(self, which: int) -> None:
        """What became of a lead that somebody has."""
        held = [lead for lead in self.leads.leads.values() if lead.state is LeadState.ASSIGNED]
        if not held:
            return
        lead = held[which % len(held)]
        offer = self.leads.offer(lead.lead_id, lead.offer_no)
        members = [(offer.queue, offer.recipient_id)] if offer.queue else []
        standings = self.ledger.standings(members, [offer.recipient_id])
        outcome = list(Outcome)[which % 4]
        fairness = self.pools[offer.pool_id].fairness if offer.pool_id else None
        assert self.leads.commit(
            concluded(lead, offer, Report(outcome=outcome), fairness, standings, "test", self.now)
        )

    def counted(self) -> list[Offer]:
        """Offers that count in caps: all but those given back."""
        back = {OfferState.DECLINED, OfferState.EXPIRED, OfferState.RELEASED}
        return [offer for offer in self.leads.offers.values() if offer.state not in back]

    def in_windows(self, who: str, pool_id: str | None = None) -> Counter[tuple[Span, str]]:
        """How many leads count for somebody in each window, counted from the offers themselves."""
        return Counter(
            (span, window(span, offer.made_at, self.recipients[who].zone))
            for offer in self.counted()
            if offer.recipient_id == who
            and offer.stage_name != "fallback"
            and pool_id in (None, offer.pool_id)
            for span in Span
        )


def _condition(state: str | None) -> dict[str, Any] | None:
    return {"field": "contact.state", "op": "eq", "value": state} if state else None


def _rep(
    who: str, limits: dict[str, Any], state: str | None, office: bool, campaign: dict[str, int]
) -> Recipient:
    blocks = [{"days": ["mon", "tue", "wed"], "start": "09:00", "end": "17:00"}] if office else []
    return Recipient.model_validate(
        {
            "id": who,
            "name": who,
            "phone": "+12025550100",
            "zone": "America/New_York",
            "caps": limits,
            "accepts": _condition(state),
            "schedule": {"blocks": blocks},
            "campaign_caps": {"solar": campaign},
        }
    )


def _pool(pool_id: str, members: list[tuple[int, int, int, dict[str, int]]], catch_up: int) -> Pool:
    return Pool.model_validate(
        {
            "id": pool_id,
            "name": pool_id,
            "members": [
                {"recipient_id": REPS[n], "weight": weight, "priority": priority, "caps": limits}
                for n, weight, priority, limits in members
            ],
            "fairness": {"catch_up": catch_up},
        }
    )


def _plan(version: int, given: list[Any], fallback: bool) -> Plan:
    return Plan.model_validate(
        {
            "id": "plan",
            "version": version,
            "stages": [
                {
                    "name": f"stage {n}",
                    "pool_id": f"p{pool}",
                    "model": model,
                    "when": _condition(state),
                    "auto_accept": auto,
                    "max_offers": most,
                }
                for n, (pool, model, state, auto, most) in enumerate(given)
            ],
            "fallback": "dev" if fallback else None,
        }
    )
