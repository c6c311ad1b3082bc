"""Why did a lead go where it went, and what would have had to be different for somebody else?"""

from dataclasses import dataclass

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
        """Why that recipient did not get the lead by its last decision, or by that of offer `no`.

        Raises NotFound for a lead, an offer or a recipient that does not exist, and for a lead not decided yet.
        """
        story = self.story(lead_id)
        self._configuration.get(Recipient, recipient_id)
        trace = _trace(story, no)
        # As the lead was before its first offer: earlier offers of it are in the trace already.
        situation = self._situation(story.lead.model_copy(update={"stage": 0}), self._clock.now())
        return explain(situation, trace, recipient_id)


def _trace(story: Story, no: int | None) -> Trace:
    """The trace of an offer, or of the last decision, which may have been that nobody can have the lead."""
    if no is not None:
        found = next((offer.trace for offer in story.offers if offer.no == no), None)
    else:
        traces = [(offer.made_at, offer.trace) for offer in story.offers]
        traces += [(event.at, event.trace) for event in story.timeline if event.trace]
        found = max(traces, key=lambda pair: pair[0])[1] if traces else None
    if found is None:
        raise NotFound("decision", f"{story.lead.lead_id}/{no or 'last'}")
    return found
