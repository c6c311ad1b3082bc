"""The machine's own clock and randomness."""

import random
import time
from datetime import UTC, datetime
from uuid import uuid4


class SystemClock:
    """The Clock port: the real time."""

    def now(self) -> datetime:
        """See Clock.now."""
        return datetime.now(UTC)


def back_off(tries: int) -> None:
    """Wait for a moment by chance, some 20 ms after the first try that was lost and up to a second after many."""
    time.sleep(random.uniform(0, min(0.02 * 2**tries, 1.0)))  # noqa: S311 # nothing secret hangs on it


def new_lead_id() -> str:
    """128 random bits in hexadecimal: no two leads ever share an id, and nobody can guess one."""
    return uuid4().hex
