"""Why did a lead go where it went, and what would have had to be different for somebody else?"""

from dataclasses import dataclass, replace
from math import inf
from typing import Final

from baton.application.archive import Configuration
from baton.application.ports import Clock, Leads
from baton.application.situations import ReadSituation
from baton.domain.auction import Auction
from baton.domain.errors import NotFound
from baton.domain.exchange import Exchange
from baton.domain.explanation import Explanation, explain, unplanned
from baton.domain.lead import Lead
from baton.domain.offer import Offer, OfferState
from baton.domain.promptness import Promptness, promptness
from baton.domain.recipient import Recipient
from baton.domain.timeline import Event
from baton.domain.trace import StageTrace, Trace

MAX_EXCHANGES: Final = 200
"""Requests to buyers that are told of, the newest of them: an answer has to fit."""
_ON: Final = frozenset({OfferState.PENDING, OfferState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of a lead."""

    lead: Lead
    timeline: tuple[Event, ...]
    offers: tuple[Offer, ...]
    auctions: tuple[Auction, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    """What was said between us and buyers; the newest MAX_EXCHANGES, the oldest of them first."""
    promptness: Promptness | None = None
    """How it stands against its service level."""


class ExplainLead:
    """Read a lead's story, and question its decisions."""

    def __init__(
        self, leads: Leads, situation: ReadSituation, configuration: Configuration, clock: Clock
    ) -> None:
        self._leads = leads
        self._situation = situation
        self._configuration = configuration
        self._clock = clock

    def story(self, lead_id: str, *, exchanges: bool = True) -> Story:
        """The lead, everything that happened to it, and every decision's trace. Raises NotFound.

        `exchanges`: whether also what was said to buyers, which can be much.
        """
        lead = self._leads.get(lead_id)
        return Story(
            lead,
            tuple(self._leads.timeline(lead_id)),
            tuple(self._leads.offers_of(lead_id)),
            tuple(self._leads.auctions_of(lead_id)) if lead.auctions else (),
            self._exchanges(lead) if exchanges else (),
            promptness(lead, self._clock.now()),
        )

    def _exchanges(self, lead: Lead) -> tuple[Exchange, ...]:
        """A lead whose price was promised was sold on what was said about its ping. Of a forgotten person, nothing."""
        if lead.forgotten_at is not None:
            return ()
        before = self._leads.exchanges_of(lead.ping_id) if lead.ping_id else []
        return (*before, *self._leads.exchanges_of(lead.lead_id))[-MAX_EXCHANGES:]

    def __call__(self, lead_id: str, recipient_id: str, no: int | None = None) -> Explanation:
        """Why that recipient did not get the lead, by all its decisions or by that of offer `no`.

        Raises NotFound for a lead, an offer or a recipient that does not exist, and for a lead not decided yet.
        """
        story = self.story(lead_id, exchanges=False)
        self._configuration.get(Recipient, recipient_id)
        if no is None and any(o.recipient_id == recipient_id and o.state in _ON for o in story.offers):
            # A later decision, about who else gets a shared lead, says of its owner only that it was asked before.
            return Explanation(recipient_id=recipient_id, got_it=True, best=None, others=())
        story = _until(story, no)
        trace, before = _traces(story, no)
        if story.lead.plan_id is None:
            return unplanned(trace, recipient_id)
        # As the lead was before its first offer: earlier offers of it are in the trace already.
        followed = {"plan_id": trace.plan_id, "plan_version": trace.plan_version} if trace.plan_id else {}
        lead = story.lead.model_copy(update={"stage": 0, **followed})
        held = [auction for auction in story.auctions if _plan(auction.trace) == _plan(trace)]
        situation = self._situation(lead, self._clock.now())
        return explain(situation, trace, recipient_id, held, story.offers, before)


def _until(story: Story, no: int | None) -> Story:
    """The story without what came after offer `no`, its other offers aside. Raises NotFound."""
    if no is None:
        return story
    made_at = next((offer.made_at for offer in story.offers if offer.no == no), None)
    if made_at is None:
        raise NotFound("decision", f"{story.lead.lead_id}/{no}")
    held = tuple(auction for auction in story.auctions if auction.held_at <= made_at)
    return replace(story, auctions=held, timeline=())


def _traces(story: Story, no: int | None) -> tuple[Trace, tuple[StageTrace, ...]]:
    """The trace of an offer; without a number, of all decisions together, of each stage the last that was tried.

    The decision to ask for bids comes before any that was made by them. Beside it the stages of other versions, which
    the lead followed before a person let it begin anew.
    """
    dated = [(auction.held_at, 0, auction.trace) for auction in story.auctions]
    dated += [(offer.made_at, offer.no, offer.trace) for offer in story.offers if no in {None, offer.no}]
    dated += [(event.at, len(story.offers) + 1, event.trace) for event in story.timeline if event.trace]
    if not dated:
        raise NotFound("decision", f"{story.lead.lead_id}/last")
    found = [trace for _, _, trace in sorted(dated, key=lambda one: one[:2])]
    now = _plan(found[-1])
    tried = {(_plan(trace), stage.stage, stage.name): stage for trace in found for stage in trace.stages}
    stages = sorted((stage for (plan, *_), stage in tried.items() if plan == now), key=_place)
    before = tuple(stage for (plan, *_), stage in tried.items() if plan != now)
    return found[-1].model_copy(update={"stages": tuple(stages)}), before


def _plan(trace: Trace) -> tuple[str, int]:
    return trace.plan_id, trace.plan_version


def _place(tried: StageTrace) -> float:
    """The plan's order; the fallback owner, and whom a person chose, come last."""
    return inf if tried.stage is None else tried.stage
