"""Hear from other systems what became of a source's leads: by the lead's id, the sender's own, or the person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from baton.application.present_leads import present
from baton.application.sources import campaign_of
from baton.domain.documents import ID_PATTERN, MAX_ID
from baton.domain.errors import FieldError, NotFound
from baton.domain.lead import Contact, LeadState
from baton.domain.normalizing import normalize
from baton.domain.outcome import InvalidOutcome
from baton.domain.source import Source

if TYPE_CHECKING:
    from collections.abc import Collection

    from baton.application.archive import Configuration
    from baton.application.ports import Identities, Leads
    from baton.application.record_outcome import RecordOutcome
    from baton.domain.lead import Lead
    from baton.domain.outcome import NamedReport


class PersonsLeads(Protocol):
    """Leads, found by their person."""

    def leads_of(self, keys: Collection[str]) -> list[str]:
        """Ids of leads whose person is known by one of these keys before any other. May lag by moments."""
        ...


class LeadUnknown(NotFound):
    """What a report names its lead by is no lead's of its source. Never repeats it: it may be personal."""

    def __init__(self, way: str) -> None:
        super().__init__("lead", way)
        self.args = (f"this source has no lead of this {way}",)


class HearOutcomes:
    """A sender speaks of the leads of its own source; another source's are not there for it."""

    def __init__(
        self,
        leads: Leads,
        persons: PersonsLeads,
        configuration: Configuration,
        identities: Identities,
        record: RecordOutcome,
    ) -> None:
        self._leads = leads
        self._persons = persons
        self._configuration = configuration
        self._identities = identities
        self._record = record

    def source(self, source_id: str) -> Source:
        """The source, also one that takes no leads any more: something becomes of those it sent. Raises NotFound."""
        if not re.fullmatch(ID_PATTERN, source_id):
            raise NotFound(Source.kind, source_id[:MAX_ID])
        return self._configuration.get(Source, source_id)

    def __call__(self, source: Source, report: NamedReport, request: str | None = None) -> Lead:
        """The lead afterwards.

        `request` makes two reports one that have neither an id nor a moment. Raises NotFound, InvalidOutcome, and what
        RecordOutcome raises.
        """
        lead = self._lead(source, report)
        if report.id is None and report.at is None and request is not None:
            # With a space, as no sender's own id has one.
            report = report.model_copy(update={"id": f"request {request}"})
        return self._record(lead.lead_id, report.bare, f"source:{source.id}")

    def _lead(self, source: Source, report: NamedReport) -> Lead:
        if report.lead_id is not None:
            return self._own(source, report.lead_id, "lead_id")
        if report.external_id is not None:
            lead_id = self._leads.named(source.id, report.external_id)
            if lead_id is None:
                raise LeadUnknown("external_id")
            return self._own(source, lead_id, "external_id")
        return self._of_person(source, report)

    def _own(self, source: Source, lead_id: str, way: str) -> Lead:
        """The lead of that id; of one that came again, and was found to be the same, the first."""
        lead = next(present(self._leads, [lead_id]), None)
        if lead and lead.state is LeadState.DUPLICATE and lead.duplicate_of:
            lead = next(present(self._leads, [lead.duplicate_of]), None)
        if lead is None or lead.source_id != source.id:
            raise LeadUnknown(way)
        return lead

    def _of_person(self, source: Source, report: NamedReport) -> Lead:
        """The newest lead of the person that somebody has, or had before giving it back."""
        sent = {"email": report.email, "phone": report.phone}
        contact = {name: value.strip() for name, value in sent.items() if value is not None}
        found = normalize(contact, self._region(source))
        if found.problems:
            problems = found.problems.items()
            raise InvalidOutcome(*(FieldError(path.rpartition(".")[2], said) for path, said in problems))
        keys = self._identities.person(Contact(**found.contact))
        leads = [
            lead for lead in present(self._leads, self._persons.leads_of(keys)) if lead.source_id == source.id
        ]
        held = [lead for lead in leads if lead.is_held] or [lead for lead in leads if lead.is_returned]
        if not held:
            raise LeadUnknown(" or ".join(contact))
        return max(held, key=lambda lead: (lead.received_at, lead.lead_id))

    def _region(self, source: Source) -> str:
        return campaign_of(self._configuration, source).region
