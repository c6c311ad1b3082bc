"""Load a part of an import: every row becomes a lead, once, or is told what is wrong with it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from baton.application.accept_lead import lead_id_for
from baton.domain.errors import BatonError, ConfigurationBroken, FieldError, SourceInactive, StoreUnavailable
from baton.domain.import_errors import InvalidFile
from baton.domain.lead import LeadState
from baton.domain.lead_file import fields_of
from baton.domain.lead_import import ImportPart, LeadImport, PartRow, RowProblem, Tally, row_key
from baton.domain.sender import Sender
from baton.domain.vendor_errors import SourceLimitReached

if TYPE_CHECKING:
    from baton.application.accept_lead import AcceptLead
    from baton.application.import_leads import Imports

MAX_PROBLEMS: Final = 5
"""Of one row: a part has to fit its row of the store."""
_PASSING: Final = (StoreUnavailable, ConfigurationBroken, SourceInactive, SourceLimitReached)
"""Not the row's fault: the part is loaded again later, in the end when a person has it resumed."""
_SENDER: Final = Sender(known=True)
_STATES: Final = {LeadState.DUPLICATE: "duplicates", LeadState.QUARANTINED: "held"}


class LoadLeads:
    """Stopped in the middle, or done twice, a part makes no second lead of any row: each has a key of its own."""

    def __init__(self, imports: Imports, accept: AcceptLead) -> None:
        self._imports = imports
        self._accept = accept

    def __call__(self, import_id: str, no: int) -> ImportPart:
        """The part afterwards. Raises NotFound where the import has expired; StoreUnavailable, ConfigurationBroken,

        SourceInactive, SourceLimitReached: then the part is as it was.
        """
        part = self._imports.part(import_id, no)
        if part.done:
            return part
        of = self._imports.find(import_id)
        counts: Counter[str] = Counter()
        problems: list[RowProblem] = []
        for row in part.rows:
            try:
                counts[self._load(of, row)] += 1
            except _PASSING:
                raise
            except BatonError as error:
                counts["refused"] += 1
                problems += _problems(row, error)
        loaded = part.loaded(Tally(**counts), problems)
        return loaded if self._imports.finish(loaded) else self._imports.part(import_id, no)

    def _load(self, of: LeadImport, row: PartRow) -> str:
        """Make a lead of a row, and say under what it counts."""
        key = row_key(of.import_id, row.no)
        received = self._accept(of.source_id, fields_of(row.cells, dict(of.columns)), key=key, sender=_SENDER)
        if received.lead_id != lead_id_for(of.source_id, key):
            return "repeated"
        return _STATES.get(received.state, "taken")


def _problems(row: PartRow, error: BatonError) -> list[RowProblem]:
    """What is wrong with the row, never repeating what it says."""
    if isinstance(error, InvalidFile):
        found = list(error.errors)
    else:
        found = list(getattr(error, "errors", ())) or [FieldError("", str(error) or error.code)]
    return [RowProblem(row=row.no, field=one.field, problem=one.problem) for one in found[:MAX_PROBLEMS]]
