"""In-memory twins of everything that is no store: time, workflows, messages. They remember what was asked of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from baton.application.ports import Execution
from baton.domain.errors import NotificationFailed, StoreUnavailable, WorkflowUnavailable


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
class MemoryDeadLetters:
    """The DeadLetters port: as many as were put there."""

    found: dict[str, int | None] = field(default_factory=dict)

    def counts(self) -> Mapping[str, int | None]:
        """See DeadLetters.counts."""
        return dict(self.found)


@dataclass
class MemoryWatches:
    """The Watches port: remembers what was started."""

    started: list[tuple[str, int, str]] = field(default_factory=list)
    """Lead, offer, and the minute where it was started again."""
    available: bool = True

    def start(self, lead_id: str, offer_no: int, again: datetime | None = None) -> None:
        """See Watches.start."""
        if not self.available:
            raise WorkflowUnavailable
        one = (lead_id, offer_no, f"{again:%Y%m%dT%H%M}" if again else "")
        if one not in self.started:
            self.started.append(one)


@dataclass
class MemoryNotifier:
    """The Notifier port: an outbox. Addresses may be made to refuse, and the whole service to fail."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    """Address and text, in the order of sending."""
    refuses: set[str] = field(default_factory=set)
    failing: bool = False
    unavailable: set[str] = field(default_factory=set)
    """Addresses to which nothing can be sent now."""
    dies_at: set[str] = field(default_factory=set)
    """Addresses at which the process ends."""
    about: list[Mapping[str, str]] = field(default_factory=list)
    """What goes with mails that may come back."""

    def sms(self, phone: str, text: str) -> bool:
        """See Notifier.sms."""
        return self._send(phone, text)

    def email(
        self, address: str, subject: str, text: str, html: str, about: Mapping[str, str] | None = None
    ) -> bool:
        """See Notifier.email."""
        taken = self._send(address, f"{subject}\n{text}\n{html}")
        if taken and about:
            self.about.append(about)
        return taken

    def email_file(self, address: str, subject: str, text: str, name: str, content: str) -> bool:
        """See Notifier.email_file."""
        return self._send(address, f"{subject}\n{text}\n{name}\n{content}")

    def _send(self, address: str, text: str) -> bool:
        if self.failing or address in self.unavailable:
            raise NotificationFailed
        if address in self.dies_at:
            raise RuntimeError
        if address in self.refuses:
            return False
        self.sent.append((address, text))
        return True


@dataclass
class MemoryResting:
    """The Resting port: rests whom a test says so."""

    resting: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)

    def allowed_among(self, keys: Collection[str], *, trial: bool = True) -> set[str]:
        """See Resting.allowed_among."""
        return set(keys) - self.resting

    def succeeded(self, key: str) -> bool:
        """See Resting.succeeded."""
        return key in self.resting

    def failed(self, key: str) -> bool:
        """See Resting.failed."""
        self.failures.append(key)
        return False


@dataclass
class MemoryAlerts:
    """The Alerts port: what operations were told."""

    told: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def alert(self, subject: str, **facts: object) -> None:
        """See Alerts.alert."""
        self.told.append((subject, facts))


@dataclass
class MemorySecrets:
    """The Secrets port: secrets in a dictionary, which may be made to fail."""

    stored: dict[str, str] = field(default_factory=dict)
    available: bool = True

    def get(self, name: str) -> str | None:
        """See Secrets.get."""
        self._check()
        return self.stored.get(name)

    def put(self, name: str, value: str) -> None:
        """See Secrets.put."""
        self._check()
        self.stored[name] = value

    def has(self, name: str) -> bool:
        """See Secrets.has."""
        self._check()
        return name in self.stored

    def _check(self) -> None:
        if not self.available:
            raise StoreUnavailable
