"""Guard against sources whose leads come back: switch one off by itself, and tell operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baton.domain.errors import ClaimContention, EditConflict, NotFound
from baton.domain.return_rules import Share, weeks_up_to
from baton.domain.source import Source

if TYPE_CHECKING:
    from baton.application.edit_configuration import EditConfiguration
    from baton.application.ports import Alerts, Clock, Ledger

ATTEMPTS: Final = 5
BY_ITSELF: Final = "baton"
"""The author of what Baton does by itself, in the change log."""


class GuardSource:
    """Look at a source after one of its leads came back."""

    def __init__(self, edit: EditConfiguration, ledger: Ledger, alerts: Alerts, clock: Clock) -> None:
        self._edit = edit
        self._ledger = ledger
        self._alerts = alerts
        self._clock = clock

    def __call__(self, source_id: str) -> bool:
        """Whether the source was switched off now.

        It is where more than `max_return_percent` of the leads that it sold in this calendar week (UTC) and the three
        before came back, of `returns_from` at least. Raises ClaimContention, EditContention, StoreUnavailable;
        NotificationFailed once it is switched off.
        """
        for _ in range(ATTEMPTS):
            try:
                stored = self._edit.find(Source, source_id)
            except NotFound:
                return False
            source, share = stored.document, self._share(source_id)
            limits = source.limits
            if not source.active or limits.max_return_percent is None or share.sold < limits.returns_from:
                return False
            if not share.exceeds(limits.max_return_percent):
                return False
            try:
                self._edit.replace(source.model_copy(update={"active": False}), stored.rev, BY_ITSELF)
            except EditConflict:
                continue
            self._alerts.alert(
                "A source was switched off: too many of its leads come back",
                source_id=source_id,
                sold=share.sold,
                returned=share.returned,
                max_return_percent=limits.max_return_percent,
            )
            return True
        raise ClaimContention(source_id)

    def _share(self, source_id: str) -> Share:
        intake = self._ledger.standings([], [], intakes=[source_id]).intake(source_id)
        return Share.of(intake.sold, intake.returned, weeks_up_to(self._clock.now(), "UTC"))
