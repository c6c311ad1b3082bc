"""Count leads: bring the counters of reports up to what leads are now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from baton.domain.errors import StoreUnavailable
from baton.domain.reports.counting import Counted, next_step, transactions
from baton.domain.reports.tally import tally_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from baton.application.reports import Reports
    from baton.domain.lead import Lead
    from baton.domain.reports.calendar import Calendar

ATTEMPTS: Final = 20
"""Rounds in a row in which somebody else was faster with every one of the leads."""


class CountLeads:
    """Each lead adds by how much it has changed since it was last counted, so that counting it again adds nothing."""

    def __init__(
        self, reports: Reports, calendar: Calendar, pause: Callable[[int], None] = lambda _: None
    ) -> None:
        """`pause`: waits for a moment after a round that was lost to others, longer with every one."""
        self._reports = reports
        self._calendar = calendar
        self._pause = pause

    def __call__(self, leads: Iterable[Lead]) -> int:
        """How many of the leads had changed. Of one lead the newest revision counts.

        Raises StoreUnavailable; some may be counted then, and counting all of them again is harmless.
        """
        newest: dict[str, Lead] = {}
        for lead in sorted(leads, key=lambda lead: lead.rev):
            newest[lead.lead_id] = lead
        counted = self._read(list(newest.values()))
        changed: set[str] = set()
        tries = 0
        while steps := [step for lead in newest.values() if (step := next_step(lead, counted[lead.lead_id]))]:
            lost: list[Lead] = []
            for transaction in transactions(steps):
                if self._reports.add(transaction):
                    tries = 0
                    counted |= {step.counted.lead_id: step.counted for step in transaction}
                    changed |= {step.counted.lead_id for step in transaction}
                else:
                    lost += [newest[step.counted.lead_id] for step in transaction]
            if (tries := tries + 1) > ATTEMPTS:
                message = "others are counting the same leads"
                raise StoreUnavailable(message)
            if lost:
                self._pause(tries)
                counted |= self._read(lost)
        return len(changed)

    def is_odd(self, lead: Lead) -> bool:
        """Whether it cannot be said what the lead adds, or where to: whatever the counters are."""
        try:
            tally_of(lead)
            Counted.nothing_of(lead, self._calendar)
        except (
            Exception
        ):  # whatever it is that cannot be worked out: nothing was read or written to fail for itself
            return True
        return False

    def _read(self, leads: Sequence[Lead]) -> dict[str, Counted]:
        return self._reports.counted(Counted.nothing_of(lead, self._calendar) for lead in leads)


class Aside(Protocol):
    """Where leads are put that cannot be counted, for a person to look at."""

    def put(self, lead_ids: Sequence[str]) -> None:
        """Put their ids there. Raises StoreUnavailable."""
        ...


class Done(NamedTuple):
    """What became of some leads."""

    changed: int
    failed: int


class CountEvery:
    """Count what the stream brings: one that cannot be counted is set aside, and does not hold up the others.

    The order of leads does not matter, so nothing waits for it; once what was wrong is mended, a rebuild counts it.
    """

    def __init__(self, count: CountLeads, aside: Aside) -> None:
        self._count = count
        self._aside = aside

    def __call__(self, leads: Sequence[Lead], unreadable: Sequence[str] = ()) -> Done:
        """Raises StoreUnavailable, or what else keeps every counter from being written: all should be given again."""
        failed = set(unreadable)
        try:
            changed = self._count(leads)
        except StoreUnavailable:
            raise
        except Exception as error:  # one of them may be to blame: each by itself
            changed = self._each(leads, failed, error)
        if failed:
            self._aside.put(sorted(failed))
        return Done(changed, len(failed))

    def _each(self, leads: Sequence[Lead], failed: set[str], error: Exception) -> int:
        """How many had changed; ids of those that fail, and of which others do not, go to `failed`."""
        changed, bad = 0, set[str]()
        for lead in leads:
            try:
                changed += self._count([lead])
            except StoreUnavailable:
                raise
            except Exception:  # whatever it is: it is set aside by its id, with an alarm
                bad.add(lead.lead_id)
        if bad == {lead.lead_id for lead in leads} and not all(map(self._count.is_odd, leads)):
            # Nothing at all can be counted: that is no lead's fault.
            raise error
        failed |= bad
        return changed
