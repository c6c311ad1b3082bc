"""A month of business, the same in every run: reps answer as they like, buyers bid, and something becomes of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, Final

from baton.adapters.memory import MemoryLeads
from baton.application.answer_offer import Answer
from baton.domain.announcement import Announcement
from baton.domain.auction import Auction
from baton.domain.lead import Lead, LeadState
from baton.domain.lead_return import Return
from baton.domain.offer import Offer, OfferState
from baton.domain.outcome import Outcome, Report
from baton.domain.plan import PublishedPlan
from baton.domain.pool import Pool
from tests.builders import World, a_campaign, a_plan, a_pool, a_rep, a_source, a_stage
from tests.selling import a_buyer, an_auction_stage, said
from tests.trading import Desk

BEGIN: Final = datetime(2026, 11, 2, 11, 30, tzinfo=UTC)
DAYS: Final = 35
"""Into the next month, and over the end of a week."""
REPS: Final = ("ana", "ben", "carla")
BUYERS: Final = ("acme", "bolt", "core")
SOURCES: Final = ("web-form", "meta")
REASONS: Final = ("invalid_contact", "duplicate", "wrong_person")
BANDS: Final = {"hot": 20}
SECRETS: Final = ("Maria", "Lopez", "maria", "202555", "said to me")
"""Pieces of what the people of these leads are called and say."""
AUCTIONED: Final = 5_000
"""Number of the first lead that is auctioned: the teams' come before."""
type Choose = Callable[..., Any]


@dataclass(frozen=True)
class Month:
    """What happened, and how everything stood in the end."""

    announcements: tuple[Announcement, ...]
    leads: dict[str, Lead]
    offers: tuple[Offer, ...]
    auctions: tuple[Auction, ...]
    returns: tuple[Return, ...]
    undone: frozenset[tuple[str, int]]
    """Offers that were accepted, and that undone: of these a lead remembers that they were declined."""

    def real(self) -> Iterator[Lead]:
        """All leads but the test leads."""
        return (lead for lead in self.leads.values() if not lead.test)

    def offers_of(self, lead: Lead, *states: OfferState) -> list[Offer]:
        """The lead's offers in these states (or in any), in their order."""
        return [o for o in self.offers if o.lead_id == lead.lead_id and (not states or o.state in states)]


@cache
def a_month() -> Month:
    """A team that is asked for its leads, and another campaign whose leads are auctioned."""
    undone: set[tuple[str, int]] = set()
    team, desk = the_team(Random(7), undone), the_desk(Random(11))
    stores: list[MemoryLeads] = []
    for leads in (team.leads, desk.leads):
        assert isinstance(leads, MemoryLeads)
        stores.append(leads)
    told = [Announcement.of(event) for one in stores for life in one.events.values() for event in life]
    return Month(
        announcements=tuple(sorted(told, key=lambda one: (one.at, one.id))),
        leads={lead_id: lead for one in stores for lead_id, lead in one.leads.items()},
        offers=tuple(offer for one in stores for _, offer in sorted(one.offers.items())),
        auctions=tuple(auction for one in stores for _, auction in sorted(one.auctions.items())),
        returns=tuple(desk.ledger.returns.values()),
        undone=frozenset(undone),
    )


def arrivals(chance: Random, count: int) -> list[datetime]:
    """When so many leads come, at whatever hour."""
    return sorted(BEGIN + timedelta(seconds=chance.randrange(DAYS * 86_400)) for _ in range(count))


# -------------------------------------------------------------------------------------------------------------- reps
def the_team(chance: Random, undone: set[tuple[str, int]]) -> World:
    """Reps are asked in turn; what they leave goes to ben and carla at once. Later another version is published.

    Notes the offers whose acceptance was undone.
    """
    plans = [
        a_plan(
            a_stage("team", accept_within_s=300, max_offers=offers),
            a_stage("closers", auto_accept=True),
            version=version,
        )
        for version, offers in ((1, 2), (2, 1))
    ]
    rules = [
        {"reason": "owns the roof", "when": at_least(100), "points": 30},
        {"reason": "lives in a castle", "when": at_least(1_000), "points": -99},
    ]
    closers: Pool = a_pool("ben", "carla", pool_id="closers")
    meta = a_source(id="meta", name="Meta", cost_cents=700)
    tests = a_source(id="trial", name="Trial", test=True)
    campaign = a_campaign(scoring={"rules": rules, "bands": BANDS, "qualify_from": 0})
    reps = [a_rep(who, caps={"open_leads": 9}) for who in REPS]
    world = World(tuple(reps), plans[0], (plans[1], closers, meta, tests, campaign))
    world.clock.at = BEGIN
    for n, moment in enumerate(arrivals(chance, 160)):
        world.clock.at = max(moment, world.clock.now())
        if n == 80:
            world.configure(PublishedPlan(id="plan", version=2))
        lead_id = world.accept_lead(chance.choice((*SOURCES, *SOURCES, "trial")), a_form(chance, n)).lead_id
        if world.score(lead_id).state is LeadState.SCORED:
            world.step(lead_id)
        answers(world, lead_id, chance, undone)
        for lead in tuple(world.leads.leads.values()):  # type: ignore[attr-defined]
            if lead.is_held and chance.random() < 0.04:
                reports(
                    world,
                    lead,
                    chance,
                    *3 * (Outcome.CONTACTED, Outcome.CONVERTED, Outcome.LOST),
                    Outcome.RETURNED,
                )
    return world


def at_least(roof_m2: int) -> dict[str, Any]:
    """A condition: the roof has so much room."""
    return {"field": "attributes.roof_m2", "op": "gte", "value": roof_m2}


def a_form(chance: Random, n: int) -> dict[str, Any]:
    """What somebody sends; now and then somebody who has sent before."""
    person = chance.randrange(n - 3, n + 1)
    return {
        "first_name": "Maria",
        "last_name": "Lopez",
        "email": f"maria{person}@example.com",
        "phone": f"202555{person:04d}",
        "state": "NY",
        "postal_code": "10001",
        "roof_m2": chance.choice((40, 40, 180, 180, 5_000)),
        "landing_page": f"https://example.com/?visit={n}",
    }


def answers(world: World, lead_id: str, chance: Random, undone: set[tuple[str, int]]) -> None:
    """Whoever is asked answers, or does not, until the lead has an end."""
    for _ in range(6):
        lead = world.leads.get(lead_id)
        if lead.state is not LeadState.OFFERED:
            return
        world.clock.forward(timedelta(seconds=chance.randrange(5, 200)))
        answer = chance.choice((Answer.ACCEPT, Answer.DECLINE, None))
        if answer is None:
            world.clock.forward(timedelta(minutes=6))
        else:
            world.answers(lead_id, answer)
        if answer is Answer.ACCEPT and chance.random() < 0.2:
            world.clock.forward(timedelta(seconds=20))
            world.answers(lead_id, Answer.UNDO)
            undone.add((lead_id, lead.offer_no))
        if answer is not Answer.ACCEPT or world.leads.get(lead_id).state is LeadState.SCORED:
            world.step(lead_id)


def reports(world: World | Desk, lead: Lead, chance: Random, *outcomes: Outcome) -> None:
    """Somebody says what became of a lead, some time after it happened."""
    outcome = chance.choice(outcomes)
    since = (world.clock.now() - lead.received_at).total_seconds()
    at = lead.received_at + timedelta(seconds=int(since * chance.random()))
    value = chance.randrange(10_000, 90_000) if outcome is Outcome.CONVERTED else None
    reason = "said to me that Maria moved" if outcome in (Outcome.LOST, Outcome.RETURNED) else None
    world.conclude(lead.lead_id, Report(outcome=outcome, at=at, value_cents=value, reason=reason), "crm")


# ------------------------------------------------------------------------------------------------------------ buyers
def the_desk(chance: Random) -> Desk:
    """Three buyers bid for leads, take them or not, and give some back: those are sold again, or not."""
    campaign = {"id": "insurance", "name": "Insurance", "plan_id": "bids"}
    source = {"campaign_id": "insurance", "payout": {"share_percent": 40}}
    plan = a_plan(an_auction_stage(winners=2, share_percent={2: 60}), id="bids")
    buyers = [a_buyer(who) for who in BUYERS]
    pockets = dict.fromkeys(BUYERS, 10_000_000)
    desk = Desk(
        *buyers,
        plan=plan,
        campaign=campaign,
        source=source,
        pockets=pockets,
        first_id=AUCTIONED,
        returns={"max_percent": 100},
    )
    bid = {
        "yes": lambda: said("yes", cents=chance.randrange(300, 2_400)),
        "nothing": lambda: said("yes", cents=0),
    }
    moods = ("yes", "yes", "yes", "yes", "nothing", "no")
    desk.pings = {who: lambda _: bid.get(chance.choice(moods), lambda: said("no"))() for who in BUYERS}
    desk.posts = {who: lambda _: said("yes" if chance.random() < 0.8 else "no") for who in BUYERS}
    desk.clock.at = BEGIN
    for n, moment in enumerate(arrivals(chance, 90)):
        desk.clock.at = max(moment, desk.clock.now())
        lead_id = desk.takes_in(**a_form(chance, n))
        desk.clock.forward(timedelta(seconds=chance.randrange(1, 90)))
        desk.sells(lead_id)
        for who in BUYERS:
            if who in desk.leads.get(lead_id).buyers and chance.random() < 0.4:
                desk.clock.forward(timedelta(hours=1))
                desk.returns(lead_id, who, chance.choice(REASONS))
                desk.sells(lead_id)
        lead = desk.leads.get(lead_id)
        if lead.is_held and chance.random() < 0.5:
            reports(desk, lead, chance, Outcome.CONTACTED, Outcome.CONVERTED, Outcome.LOST)
    return desk
