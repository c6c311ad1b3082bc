"""Compare a lead with those that came before: has it just been sent, is its person known?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from baton.application.ports import Identities, Leads, Ledger
from baton.domain.campaign import Campaign
from baton.domain.dedupe import Mark
from baton.domain.duplicates import as_duplicate, identity_marks, identity_values, is_first, payload_mark
from baton.domain.errors import NotFound
from baton.domain.lead import Lead, LeadState


@dataclass(frozen=True, slots=True)
class Compared:
    """What a lead is, seen beside others, and the marks that it may be stored with."""

    lead: Lead
    marks: tuple[Mark, ...]
    same: Lead | None = None
    """The lead that was sent in the very same words a moment ago."""


class CompareLeads:
    """Nothing is read for a lead that is the first with its marks: storing it says so."""

    def __init__(self, leads: Leads, ledger: Ledger, identities: Identities) -> None:
        self._leads = leads
        self._ledger = ledger
        self._identities = identities

    def marks(self, campaign: Campaign, lead: Lead) -> tuple[Mark, ...]:
        """What nobody else may have just sent, and what distinguishes the lead where its campaign compares leads.

        A lead that is held, or turned away, keeps no other from being the first of its person. Raises
        StoreUnavailable.
        """
        sent = payload_mark(lead)
        if campaign.dedupe is None or lead.state is not LeadState.RECEIVED:
            return (sent,)
        hashes = self._identities.marks(identity_values(lead, campaign.dedupe))
        return (sent, *identity_marks(lead, campaign.dedupe, hashes))

    def against_others(self, campaign: Campaign, lead: Lead, marks: tuple[Mark, ...]) -> Compared:
        """The lead that could not be stored with these marks, as what it is beside those that have them.

        Marks of leads that are gone, or do not count as a first, may be taken over.
        """
        (sent, *_), earlier, free = marks, *self._earlier(marks, lambda mark: mark is marks[0])
        if same := earlier.pop(sent.key, None):
            return Compared(lead, marks, same)
        if not earlier or campaign.dedupe is None:
            return Compared(lead, tuple(free))
        # The person's marks stay with the first.
        return Compared(as_duplicate(lead, _oldest(earlier), campaign.dedupe.policy), tuple(free[:1]))

    def of_person(self, campaign: Campaign, lead: Lead) -> Compared:
        """A stored lead that counts from now on, as it is to be stored: another of its person may have come meanwhile.

        Raises StoreUnavailable.
        """
        _, *marks = self.marks(campaign, lead)
        earlier, free = self._earlier(marks, lambda _: False)
        if not earlier or campaign.dedupe is None:
            return Compared(lead, tuple(free))
        return Compared(as_duplicate(lead, _oldest(earlier), campaign.dedupe.policy), ())

    def _earlier(
        self, marks: Sequence[Mark], whatever_it_is: Callable[[Mark], bool]
    ) -> tuple[dict[str, Lead], list[Mark]]:
        """The leads that have these marks, by mark; and the marks as they may be written over all others."""
        known = self._ledger.marks([mark.key for mark in marks]) if marks else {}
        earlier: dict[str, Lead] = {}
        free: list[Mark] = []
        for mark in marks:
            other = known.get(mark.key)
            first = self._find(other.lead_id) if other and mark.holds_against(other) else None
            if first and (whatever_it_is(mark) or is_first(first)):
                earlier[mark.key] = first
            free.append(mark.model_copy(update={"over": other.lead_id}) if other else mark)
        return earlier, free

    def just_sent(self, sent: Mark) -> Lead | None:
        """The lead that the source sent in the very same words a moment ago, by the mark of these words."""
        other = self._ledger.marks([sent.key]).get(sent.key)
        return self._find(other.lead_id) if other and sent.holds_against(other) else None

    def _find(self, lead_id: str) -> Lead | None:
        try:
            return self._leads.get(lead_id)
        except NotFound:
            return None


def _oldest(earlier: Mapping[str, Lead]) -> Lead:
    return min(earlier.values(), key=lambda one: (one.received_at, one.lead_id))
