"""Look for leads that should be moving and are not; start them again, or park them and tell operations."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from baton.application.park_lead import ParkLead
from baton.application.ports import Alerts, Clock, Leads
from baton.application.record_outcome import RecordOutcome
from baton.application.restart_lead import Restarted, RestartLead
from baton.application.watches import Watches
from baton.domain.errors import NotFound

BATCH: Final = 1000
"""Leads that one sweep looks at; the next is a minute away."""
TIME_BUDGET: Final = timedelta(seconds=25)
"""A sweep stops looking at further leads after this long, so that it can tell of them before its own time is over."""
TELL_AFTER: Final = timedelta(minutes=5)
"""Operations hear of a lead that is still waiting this long after it should have moved."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep found."""

    started: int = 0
    running: int = 0
    parked: int = 0
    rejected: int = 0
    """Leads that were held for too long."""
    lapsed: int = 0
    """Leads that expire and of which nobody has said what became."""
    failed: int = 0
    """Leads that could not be helped now; the next sweep tries again."""


class SweepLeads:
    """One lead that cannot be helped never keeps the others waiting."""

    def __init__(
        self,
        leads: Leads,
        restart: RestartLead,
        park: ParkLead,
        conclude: RecordOutcome,
        alerts: Alerts,
        clock: Clock,
        watches: Watches,
    ) -> None:
        self._watches = watches
        self._conclude = conclude
        self._leads = leads
        self._restart = restart
        self._park = park
        self._alerts = alerts
        self._clock = clock

    def __call__(self) -> Sweep:
        """Raises StoreUnavailable when the overdue leads cannot even be listed."""
        begun = self._clock.now()
        counts = {"started": 0, "running": 0, "parked": 0, "rejected": 0, "lapsed": 0, "failed": 0}
        overdue = self._leads.overdue(begun, BATCH)
        # From another place every minute: leads whose workflows take their time must not hide those behind them.
        first = begun.minute * len(overdue) // 60
        for lead_id in overdue[first:] + overdue[:first]:
            counts[self._help(lead_id)] += 1
            if self._clock.now() - begun > TIME_BUDGET:
                break
        if overdue:
            self._tell(counts["failed"])
        return Sweep(**counts)

    def _help(self, lead_id: str) -> str:
        try:
            outcome = self._restart.if_idle(lead_id)
            if outcome is Restarted.GIVEN_UP:
                self._park(
                    lead_id, step="sweep", error="its workflow ended again and again without moving it"
                )
                return "parked"
            if outcome is Restarted.ENDING:
                self._conclude.lapsed(lead_id)
                return "lapsed"
            if outcome is Restarted.NEGLECTED:
                return self._watch(lead_id)
        except NotFound:
            return "running"
        except Exception:  # one lead, even one whose row cannot be read, must not keep the others waiting
            return "failed"
        if outcome is Restarted.REJECTED:
            return "rejected"
        return "started" if outcome is Restarted.STARTED else "running"

    def _watch(self, lead_id: str) -> str:
        """What was to see to the lead never began, or has died."""
        self._watches.start(lead_id, self._leads.get(lead_id).offer_no, self._clock.now())
        return "started"

    def _tell(self, failed: int) -> None:
        late = self._leads.overdue(self._clock.now() - TELL_AFTER, BATCH)
        if late or failed:
            self._alerts.alert(
                "Leads are not moving",
                waiting_over_five_minutes=len(late),
                could_not_start=failed,
                first=late[:3],
            )
