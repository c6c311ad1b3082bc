"""Preview a file of leads: how its columns would be read, and what is wrong with which row. Stores nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baton.application.sources import active_source, campaign_of
from baton.domain.errors import InvalidSubmission
from baton.domain.import_errors import InvalidFile
from baton.domain.intake import lead_of
from baton.domain.lead_file import chosen, fields_of, read_file
from baton.domain.lead_import import RowProblem
from baton.domain.sender import Sender

if TYPE_CHECKING:
    from collections.abc import Mapping

    from baton.application.archive import Configuration
    from baton.application.ports import Clock
    from baton.domain.lead import Lead

SHOWN_ROWS: Final = 10
"""Leads that a preview shows as they would be stored."""
SHOWN_PROBLEMS: Final = 200
_NOBODY: Final = "0" * 32
_KNOWN: Final = Sender(known=True)


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would make of a file."""

    columns: Mapping[str, str | None]
    filled: Mapping[str, int]
    """Rows that have something in it, by column."""
    rows: int
    bad: int
    """Rows that would be refused."""
    problems: tuple[RowProblem, ...]
    """The first of them."""
    first: tuple[Lead, ...]
    """The first good rows, as they would be stored."""


class PreviewLeads:
    """Reads every row as intake would."""

    def __init__(self, configuration: Configuration, clock: Clock) -> None:
        self._configuration = configuration
        self._clock = clock

    def __call__(self, source_id: str, text: str, columns: Mapping[str, str | None]) -> Preview:
        """`columns` says which column is which field, where a guess would be wrong.

        Raises NotFound, SourceInactive, ConfigurationBroken; InvalidFile.
        """
        source = active_source(self._configuration, source_id)
        campaign = campaign_of(self._configuration, source)
        file = read_file(text)
        read_as = chosen(file.columns, columns)
        filled: Counter[str] = Counter()
        problems: list[RowProblem] = []
        first: list[Lead] = []
        bad, now = 0, self._clock.now()
        for row in file.rows:
            filled.update(name for name, cell in zip(file.columns, row.cells, strict=False) if cell.strip())
            try:
                fields = fields_of(row.cells, read_as)
                lead = lead_of(source, campaign, fields, lead_id=_NOBODY, now=now, sender=_KNOWN)
            except (InvalidSubmission, InvalidFile) as error:
                bad += 1
                if len(problems) < SHOWN_PROBLEMS:
                    problems += [
                        RowProblem(row=row.no, field=e.field, problem=e.problem) for e in error.errors
                    ]
                continue
            if len(first) < SHOWN_ROWS:
                first.append(lead)
        return Preview(
            columns=read_as,
            filled={name: filled[name] for name in file.columns},
            rows=len(file.rows),
            bad=bad,
            problems=tuple(problems[:SHOWN_PROBLEMS]),
            first=tuple(first),
        )
