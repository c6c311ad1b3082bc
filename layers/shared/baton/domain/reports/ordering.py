"""In which order the lines of a report stand."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from baton.domain.errors import FieldError
from baton.domain.reports.periods import ReportRefused


@dataclass(frozen=True, slots=True)
class Order:
    """By which figure, and whether the greatest comes first."""

    figure: str
    descending: bool = True

    @classmethod
    def named(cls, written: str) -> "Order":
        """As callers write it: `conversion`, or `-profit` for the greatest first."""
        return cls(written.removeprefix("-"), written.startswith("-"))

    def sorted[L](
        self, lines: Sequence[L], figures: Callable[[L], Mapping[str, Any]], known: Collection[str]
    ) -> list[L]:
        """The lines in this order, those without the figure last; equal ones stay as they were.

        `known`: the names of all figures that a line may have. Raises ReportRefused.
        """
        name = next((n for n in known if n.removesuffix("_cents") == self.figure or n == self.figure), None)
        if name is None:
            names = ", ".join(sorted(known))
            raise ReportRefused(FieldError("sort", f"is no figure of this report; there are {names}"))
        found = [(figures(line).get(name), line) for line in lines]
        with_it = sorted(
            ((figure, line) for figure, line in found if figure is not None),
            key=lambda pair: pair[0],
            reverse=self.descending,
        )
        return [line for _, line in [*with_it, *(pair for pair in found if pair[0] is None)]]


def in_currency(figures: Mapping[str, Any], currency: str | None) -> dict[str, Any]:
    """Figures that lie flat, of money those of one currency, under their plain names."""
    found = {}
    for name, figure in figures.items():
        plain, _, its_currency = name.partition(".")
        if its_currency in ("", currency):
            found[plain] = figure
    return found


def main_currency(currencies: Iterable[Iterable[str]]) -> str | None:
    """The currency that occurs in most lines; of equal ones the first by name."""
    counts = Counter(currency for some in currencies for currency in some)
    return min(counts, key=lambda currency: (-counts[currency], currency), default=None)
