"""Why did a lead go where it went, and what would have had to be different for somebody else?"""

from dataclasses import dataclass
from math import inf

from baton.application.ports import Clock, Configuration, Leads
from baton.application.situations import ReadSituation
from baton.domain.errors import NotFound
from baton.domain.explanation import Explanation, explain
from baton.domain.lead import Lead
from baton.domain.offer import Offer
from baton.domain.recipient import Recipient
from baton.domain.timeline import Event
from baton.domain.trace import Trace


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of a lead."""

    lead: Lead
    timeline: tuple[Event, ...]
    offers: tuple[Offer, ...]


class ExplainLead:
    """Read a lead's story, and question its decisions."""

    def __init__(
        self, leads: Leads, situation: ReadSituation, configuration: Configuration, clock: Clock
    ) -> None:
        self._leads = leads
        self._situation = situation
        self._configuration = configuration
        self._clock = clock

    def story(self, lead_id: str) -> Story:
        """The lead, everything that happened to it, and every decision's trace. Raises NotFound."""
        lead = self._leads.get(lead_id)
        return Story(lead, tuple(self._leads.timeline(lead_id)), tuple(self._leads.offers_of(lead_id)))

    def __call__(self, lead_id: str, recipient_id: str, no: int | None = None) -> Explanation:
        """Why that recipient did not get the lead, by all its decisions or by that of offer `no`.

        Raises NotFound for a lead, an offer or a recipient that does not exist, and for a lead not decided yet.
        """
        story = self.story(lead_id)
        self._configuration.get(Recipient, recipient_id)
        trace = _trace(story, no)
        # As the lead was before its first offer: earlier offers of it are in the trace already.
        situation = self._situation(story.lead.model_copy(update={"stage": 0}), self._clock.now())
        return explain(situation, trace, recipient_id)


def _trace(story: Story, no: int | None) -> Trace:
    """The trace of an offer; without a number, of all decisions together, of each stage the last that was tried."""
    if no is not None:
        found = [offer.trace for offer in story.offers if offer.no == no]
    else:
        dated = [(offer.made_at, offer.no, offer.trace) for offer in story.offers]
        dated += [(event.at, len(story.offers) + 1, event.trace) for event in story.timeline if event.trace]
        found = [trace for _, _, trace in sorted(dated, key=lambda one: one[:2])]
    if not found:
        raise NotFound("decision", f"{story.lead.lead_id}/{no or 'last'}")
    stages = {stage.stage: stage for trace in found for stage in trace.stages}
    return found[-1].model_copy(update={"stages": tuple(stages[key] for key in sorted(stages, key=_place))})


def _place(stage: int | None) -> float:
    """The plan's order; the fallback owner comes last."""
    return inf if stage is None else stage
