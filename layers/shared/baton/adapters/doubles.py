"""In-memory twins of everything that is no store: time, workflows, messages. They remember what was asked of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from baton.application.ports import Execution
from baton.domain.errors import NotificationFailed, WorkflowUnavailable


@dataclass
class FixedClock:
    """The Clock port: stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        """See Clock.now."""
        return self.at

    def forward(self, by: timedelta) -> None:
        """Let time pass."""
        self.at += by


@dataclass
class MemoryWorkflows:
    """The Workflows port: executions that do nothing by themselves."""

    executions: dict[tuple[str, int], Execution] = field(default_factory=dict)
    resumed: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    available: bool = True

    def start(self, lead_id: str, attempt: int) -> None:
        """See Workflows.start."""
        self._check()
        self.executions.setdefault((lead_id, attempt), Execution.RUNNING)

    def status(self, lead_id: str, attempt: int) -> Execution:
        """See Workflows.status."""
        self._check()
        return self.executions.get((lead_id, attempt), Execution.MISSING)

    def resume(self, task_token: str, result: Mapping[str, Any]) -> None:
        """See Workflows.resume."""
        self._check()
        self.resumed.append((task_token, result))

    def _check(self) -> None:
        if not self.available:
            raise WorkflowUnavailable


@dataclass
class MemoryNotifier:
    """The Notifier port: an outbox. Addresses may be made to refuse, and the whole service to fail."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    """Address and text, in the order of sending."""
    refuses: set[str] = field(default_factory=set)
    failing: bool = False

    def sms(self, phone: str, text: str) -> bool:
        """See Notifier.sms."""
        return self._send(phone, text)

    def email(self, address: str, subject: str, text: str, html: str) -> bool:
        """See Notifier.email."""
        return self._send(address, f"{subject}\n{text}\n{html}")

    def _send(self, address: str, text: str) -> bool:
        if self.failing:
            raise NotificationFailed
        if address in self.refuses:
            return False
        self.sent.append((address, text))
        return True


@dataclass
class MemoryAlerts:
    """The Alerts port: what operations were told."""

    told: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def alert(self, subject: str, **facts: object) -> None:
        """See Alerts.alert."""
        self.told.append((subject, facts))
