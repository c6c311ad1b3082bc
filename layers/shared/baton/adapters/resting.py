"""Which companies' systems are rested because they keep failing: circuit breakers whose state can be shared.

The breaker is pybreaker's: after so many failures in a row the circuit opens, and when the rest is over a trial decides
whether it closes. What is added here: its state lives in a store that processes can share, time is Baton's clock, and
only one trial is under way at a time.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from pybreaker import STATE_CLOSED, STATE_HALF_OPEN, STATE_OPEN, CircuitBreaker, CircuitBreakerStorage

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from baton.application.ports import Clock

FAIL_MAX: Final = 5
REST_S: Final = 60


class BreakerStore(Protocol):
    """Breakers' rows by key: small maps of text and whole numbers.

    Two processes that write the same row at the same moment may lose a count or try twice; nothing worse.
    """

    def get(self, keys: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """The rows that there are, all with one read. Raises StoreUnavailable."""
        ...

    def put(self, key: str, row: Mapping[str, Any]) -> None:
        """Write or replace a row. Raises StoreUnavailable."""
        ...


@dataclass
class MemoryBreakerStore:
    """The BreakerStore of one process alone."""

    rows: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def get(self, keys: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """See BreakerStore.get."""
        return {key: self.rows[key] for key in keys if key in self.rows}

    def put(self, key: str, row: Mapping[str, Any]) -> None:
        """See BreakerStore.put."""
        self.rows[key] = row


class BreakerResting:
    """The Resting port. Safe to share between threads."""

    def __init__(
        self, store: BreakerStore, clock: Clock, *, fail_max: int = FAIL_MAX, rest_s: float = REST_S
    ) -> None:
        self._store = store
        self._clock = clock
        self._fail_max = fail_max
        self._rest = timedelta(seconds=rest_s)
        self._lock = threading.Lock()
        self._clean: set[str] = set()
        """Keys without a failure when they were last asked for: a success changes nothing, and costs nothing."""

    def allowed(self, key: str) -> bool:
        """See Resting.allowed."""
        return key in self.allowed_among([key])

    def allowed_among(self, keys: Collection[str], *, trial: bool = True) -> set[str]:
        """See Resting.allowed_among."""
        with self._lock:
            rows = self._store.get(keys)
            return {key for key in keys if self._allows(self._circuit(key, rows), trial=trial)}

    def succeeded(self, key: str) -> bool:
        """See Resting.succeeded."""
        with self._lock:
            if key in self._clean:
                return False
            circuit = self._circuit(key, self._store.get([key]))
            if circuit.state == STATE_OPEN:
                return False
            was_resting = circuit.state == STATE_HALF_OPEN
            self._breaker(circuit).call(_succeed)
            self._save(circuit)
            return was_resting

    def failed(self, key: str) -> bool:
        """See Resting.failed."""
        with self._lock:
            circuit = self._circuit(key, self._store.get([key]))
            if circuit.state == STATE_OPEN:
                return False
            was_working = circuit.state == STATE_CLOSED
            with suppress(_Failure):
                self._breaker(circuit).call(_fail)
            self._save(circuit)
            return was_working and circuit.state == STATE_OPEN

    def resting(self, keys: Collection[str]) -> Mapping[str, datetime]:
        """Those of the keys who rest, and when a trial is due. Asks for none."""
        with self._lock:
            rows = self._store.get(keys)
            circuits = [self._circuit(key, rows) for key in keys if key in rows]
            return {
                circuit.name: (circuit.trial_at or circuit.opened_at or self._clock.now()) + self._rest
                for circuit in circuits
                if circuit.state != STATE_CLOSED
            }

    def _allows(self, circuit: _Circuit, *, trial: bool) -> bool:
        if circuit.state == STATE_CLOSED or not trial:
            return circuit.state == STATE_CLOSED
        since = circuit.opened_at if circuit.state == STATE_OPEN else circuit.trial_at
        if since and self._clock.now() < since + self._rest:
            return False
        # The rest is over; or a trial has begun so long ago that its end will not be heard of any more.
        self._breaker(circuit).half_open()
        circuit.begin_trial()
        self._save(circuit)
        return True

    def _circuit(self, key: str, rows: Mapping[str, Mapping[str, Any]]) -> _Circuit:
        circuit = _Circuit(key, rows.get(key, {}), self._clock)
        if circuit.state == STATE_CLOSED and not circuit.counter:
            self._clean.add(key)
        else:
            self._clean.discard(key)
        return circuit

    def _breaker(self, circuit: _Circuit) -> CircuitBreaker:
        # It is asked only while the circuit lets calls through, so that its own reset_timeout is never looked at.
        return CircuitBreaker(self._fail_max, state_storage=circuit, throw_new_error_on_trip=False)

    def _save(self, circuit: _Circuit) -> None:
        self._clean.discard(circuit.name)
        self._store.put(circuit.name, circuit.row)


class _Failure(Exception):
    """Tells the breaker that a call failed."""


def _succeed() -> None:
    pass


def _fail() -> None:
    raise _Failure


class _Circuit(CircuitBreakerStorage):
    """One breaker's state as pybreaker wants it, over a row of the store."""

    def __init__(self, key: str, row: Mapping[str, Any], clock: Clock) -> None:
        super().__init__(key)
        self._clock = clock
        self._successes = 0
        self.row = {"state": STATE_CLOSED, "failures": 0, "opened_at": "", "trial_at": "", **row}

    @property
    def state(self) -> str:
        return str(self.row["state"])

    @state.setter
    def state(self, state: str) -> None:
        self.row["state"] = state

    @property
    def counter(self) -> int:
        return int(self.row["failures"])

    def increment_counter(self) -> None:
        self.row["failures"] = self.counter + 1

    def reset_counter(self) -> None:
        self.row["failures"] = 0

    @property
    def success_counter(self) -> int:
        return self._successes

    def increment_success_counter(self) -> None:
        self._successes += 1

    def reset_success_counter(self) -> None:
        self._successes = 0

    @property
    def opened_at(self) -> datetime | None:
        return _moment(self.row["opened_at"])

    @opened_at.setter
    def opened_at(self, _: datetime) -> None:
        self.row["opened_at"] = self._clock.now().isoformat()

    @property
    def trial_at(self) -> datetime | None:
        return _moment(self.row["trial_at"])

    def begin_trial(self) -> None:
        self.row["trial_at"] = self._clock.now().isoformat()


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
