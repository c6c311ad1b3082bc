"""Workflow step Merge: add a duplicate's new answers to the first lead of its person, and tell whoever has that."""

from typing import Final

from baton.application.archive import Configuration
from baton.application.channels import Channels, Note
from baton.application.compare_leads import CompareLeads
from baton.application.messages import news_for
from baton.application.ports import Alerts, Clock, Leads
from baton.domain.campaign import Campaign
from baton.domain.contact_hours import hold_off_words
from baton.domain.dedupe import DuplicatePolicy, Mark
from baton.domain.duplicates import is_first
from baton.domain.errors import ClaimContention, NotFound
from baton.domain.lead import Lead, LeadState
from baton.domain.merging import added, merged, new_answers, on_its_own
from baton.domain.recipient import Recipient
from baton.domain.timeline import EventKind

ATTEMPTS: Final = 8


class MergeLead:
    """Both leads change at one moment. Done twice, it changes nothing the second time."""

    def __init__(
        self,
        leads: Leads,
        configuration: Configuration,
        channels: Channels,
        alerts: Alerts,
        clock: Clock,
        compare: CompareLeads,
    ) -> None:
        self._leads = leads
        self._compare = compare
        self._configuration = configuration
        self._channels = channels
        self._alerts = alerts
        self._clock = clock

    def __call__(self, lead_id: str) -> Lead:
        """The duplicate afterwards: merged, or on its own way where the first lead is gone or was turned away.

        Raises NotFound; NotificationFailed when the owner could not be told; ClaimContention, StoreUnavailable.
        """
        for _ in range(ATTEMPTS):
            lead = self._leads.get(lead_id)
            first = self._first(lead)
            if lead.state is LeadState.DUPLICATE and first is not None:
                # Merged before, and perhaps nobody was told: the step is done again only when it failed.
                if added(lead, first):
                    self._tell(lead, first)
                return lead
            waits = lead.state is LeadState.RECEIVED and lead.on_duplicate is DuplicatePolicy.MERGE
            if not waits:
                return lead
            now = self._clock.now()
            if first is not None and is_first(first):
                change = merged(lead, first, now)
            else:
                change = on_its_own(lead, self._marks(lead), now)
            if not self._leads.commit(change):
                continue
            if first is not None and change.other is not None and new_answers(lead, first):
                self._tell(lead, change.other[0])
            return change.lead
        raise ClaimContention(lead_id)

    def _first(self, lead: Lead) -> Lead | None:
        try:
            return self._leads.get(lead.duplicate_of) if lead.duplicate_of else None
        except NotFound:
            return None

    def _marks(self, lead: Lead) -> tuple[Mark, ...]:
        """The person's marks, which the lead that was first need not have any more."""
        campaign = self._configuration.get_many(Campaign, [lead.campaign_id]).get(lead.campaign_id)
        return self._compare.of_person(campaign, lead).marks if campaign else ()

    def _tell(self, lead: Lead, first: Lead) -> None:
        """Tell the rep who has the first lead what is new, by the channels of an offer; one that takes it is enough."""
        if not first.is_held or not first.recipient_id or first.forgotten_at:
            return
        found = self._configuration.get_many(Recipient, [first.recipient_id]).get(first.recipient_id)
        if found is None or found.buyer is not None:
            return
        campaign = self._configuration.get_many(Campaign, [first.campaign_id]).get(first.campaign_id)
        quiet = hold_off_words(first, campaign, self._clock.now()) if campaign else ""
        note = Note(
            news_for(lead, first, quiet),
            first.lead_id,
            held_by=first.offer_no or None,
            id=f"news_{lead.lead_id}",
            kind=EventKind.LEAD_MERGED,
            lead_phone=first.contact.phone,
        )
        told = self._channels.tell_at_once(found, note, self._clock.now())
        if told.by:
            return
        if told.passing:
            raise next(iter(told.passing.values()))
        self._alerts.alert(
            "A recipient could not be told of a person's new enquiry by any channel",
            recipient_id=found.id,
            lead_id=first.lead_id,
            refused=sorted({**found.not_working, **told.refused}),
        )
