"""The machine's own clock and randomness."""

from datetime import UTC, datetime
from uuid import uuid4


class SystemClock:
    """The Clock port: the real time."""

    def now(self) -> datetime:
        """See Clock.now."""
        return datetime.now(UTC)


def new_lead_id() -> str:
    """128 random bits in hexadecimal: no two leads ever share an id, and nobody can guess one."""
    return uuid4().hex
