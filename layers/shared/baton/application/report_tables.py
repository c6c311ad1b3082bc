"""Tables of reports: lines by value of a dimension, named, compared, divided and put in order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from baton.application.read_counters import Counters
from baton.domain.errors import FieldError
from baton.domain.reports.figures import flat
from baton.domain.reports.labels import document_of, ids_of, name_in
from baton.domain.reports.ordering import in_currency, main_currency
from baton.domain.reports.periods import (
    Compare,
    Days,
    Division,
    Grouping,
    Period,
    ReportRefused,
    compared,
    division,
    spans,
)
from baton.domain.reports.tally import ALL
from baton.domain.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from baton.application.archive import Configuration
    from baton.application.ports import Clock
    from baton.application.read_counters import ReadCounters
    from baton.domain.documents import Configured, Record
    from baton.domain.reports.certainty import Certainty
    from baton.domain.reports.labels import Ids
    from baton.domain.reports.ordering import Order
    from baton.domain.reports.shares import Share
    from baton.domain.reports.tally import Dimension, Measures


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see."""

    first: date | None = None
    last: date | None = None
    zone: str | None = None
    """None: the house's."""
    grouping: Grouping = Grouping.NONE
    compare: Compare = Compare.NONE
    campaign_id: str | None = None
    order: Order | None = None
    currency: str | None = None
    """In which lines are put in order by money; None: in the one that most lines have."""
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Frame:
    """When a report is of."""

    days: Days
    period: Period
    """All of the days; of days that are compared and not over, as far as whole hours have passed."""
    before: Period | None
    division: Division | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report."""

    value: str
    ids: Ids
    figures: Any
    """LeadFigures, OfferFigures or ServiceFigures."""
    before: Any
    counted: Counters
    """What the figures are read off."""
    parts: list[tuple[datetime, Any]] = field(default_factory=list)
    """By when each begins; only of lines that are shown."""
    name: str | None = None
    share: Share | None = None
    certainty: Certainty | None = None

    def flat(self, currency: str | None) -> dict[str, Any]:
        """All its figures, money in one currency."""
        beside = [extra for extra in (self.share, self.certainty) if extra is not None]
        found = {name: figure for some in (self.figures, *beside) for name, figure in flat(some).items()}
        return in_currency(found, currency)


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that a report could show."""

    total: Line
    lines: list[Line]
    """By value."""
    figures: Callable[[Measures], Record]

    beside: type[Record] | None = None
    """What lines may have beside their figures."""

    def in_order(self, order: Order, currency: str | None) -> list[Line]:
        """The lines in order. Raises ReportRefused where no figure is called so."""
        figures = in_currency(flat(self.figures({"cost.-": 0})), "-")
        known = [*figures, *(self.beside.model_fields if self.beside else ())]
        return order.sorted(self.lines, lambda line: line.flat(currency), known)


@dataclass(frozen=True, slots=True)
class Table:
    """A report."""

    dimension: Dimension
    frame: Frame
    total: Line
    """All lines together, also those that are left out."""
    lines: list[Line]
    currency: str | None
    left_out: int


class ReportTables:
    """Makes tables of counters."""

    def __init__(self, counters: ReadCounters, configuration: Configuration, clock: Clock) -> None:
        self._counters = counters
        self._configuration = configuration
        self._clock = clock

    def today(self) -> date:
        """Which day it is in the house."""
        return self._clock.now().astimezone(self._counters.house.zone).date()

    def frame(self, asked: Asked) -> Frame:
        """When a report is of. Raises ReportRefused."""
        house, now = self._counters.house, self._clock.now()
        try:
            theirs = zone(asked.zone) if asked.zone else house.zone
        except ValueError as error:
            raise ReportRefused(FieldError("zone", str(error))) from error
        wanted = Days.named(asked.first, asked.last, theirs, now)
        period, before = compared(wanted, asked.compare, house, now)
        for some in (period, before or period):
            spans(some, house)
        return Frame(wanted, period, before, division(wanted, asked.grouping, house))

    def lines(
        self,
        dimension: Dimension,
        frame: Frame,
        figures: Callable[[Measures], Record],
        scope: str = ALL,
        keep: Callable[[str], bool] = lambda _: True,
        always: Iterable[str] = (),
    ) -> Found:
        """The lines of those values that are to be kept, and of some also where nothing was counted.

        Raises ReportRefused, StoreUnavailable.
        """
        now = self._counters(scope, dimension, frame.period, frame.division)
        past = self._counters(scope, dimension, frame.before) if frame.before else None
        values = sorted({value for value in {*now, *(past or ())} if keep(value)} | set(always))
        nothing = Counters()

        def line(value: str, ids: Ids, found: Counters, earlier: Counters) -> Line:
            return Line(
                value,
                ids,
                figures(found.all),
                figures(earlier.all) if past is not None else None,
                found,
            )

        lines = [
            line(value, ids_of(dimension, value), now.get(value, nothing), (past or {}).get(value, nothing))
            for value in values
        ]
        whole, whole_past = (
            Counters.sum(found[v] for v in values if v in found) for found in (now, past or {})
        )
        return Found(line(ALL, {}, whole, whole_past), lines, figures)

    def table(
        self, dimension: Dimension, asked: Asked, frame: Frame, found: Found, order: Order | None
    ) -> Table:
        """The lines in order, as many as are wanted, with the names of what they are about. Raises ReportRefused."""
        currencies = (getattr(line.figures, "money", {}) for line in found.lines)
        currency = asked.currency or main_currency(currencies)
        order = asked.order or order
        ordered = found.in_order(order, currency) if order else found.lines
        shown = ordered[: asked.limit]
        names = self.names(dimension, shown)
        total, *lines = (
            replace(line, name=names.get(line.value), parts=_parts(line, frame, found.figures))
            for line in (found.total, *shown)
        )
        return Table(dimension, frame, total, lines, currency, len(ordered) - len(shown))

    def names(self, dimension: Dimension, lines: Sequence[Line]) -> Mapping[str, str | None]:
        """What the lines are about is called, by value, with one read."""
        wanted = {line.value: document_of(dimension, line.ids) for line in lines}
        kinds: dict[type[Configured], set[str]] = {}
        for place in wanted.values():
            if place:
                kinds.setdefault(place[0], set()).add(place[1])
        found = {
            (kind, key): document
            for kind, keys in kinds.items()
            for key, document in self._configuration.get_many(kind, sorted(keys)).items()
        }
        return {
            line.value: name_in(found.get(place), line.ids) for line in lines if (place := wanted[line.value])
        }


def _parts(line: Line, frame: Frame, figures: Callable[[Measures], Record]) -> list[tuple[datetime, Record]]:
    """The line's figures by day or hour, also where nothing was counted, as far as the period goes."""
    begins = frame.division.begins if frame.division else ()
    return [
        (begin, figures(line.counted.parts.get(begin, {}))) for begin in begins if begin < frame.period.end
    ]
