"""What CRMs tell of leads: the stage that people have moved one to, and what that says became of it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from hashlib import sha256
from re import compile as pattern
from typing import Any, Final, NamedTuple

from baton.domain.outcome import MAX_VALUE_CENTS, Outcome, Report

_LEAD_ID: Final = pattern(r"[0-9a-f]{32}")
_CURRENCY: Final = pattern(r"[A-Z]{3}")
_NUMBER: Final = pattern(r"[0-9]{1,15}(\.[0-9]{1,20})?")
MAX_REASON: Final = 200


class Heard(NamedTuple):
    """A record of a lead, as it stands there now."""

    lead_id: str
    stage: str
    at: datetime | None = None
    """When it came to that; None: the system does not say."""
    value_cents: int | None = None
    currency: str | None = None
    reason: str | None = None

    def report(self, outcome: Outcome) -> Report:
        """What it says became of the lead. The same record told again is the same report."""
        won = outcome is Outcome.CONVERTED
        facts: dict[str, Any] = {
            "value_cents": self.value_cents if won else None,
            "currency": self.currency if won and self.value_cents is not None else None,
            "reason": self.reason if outcome in {Outcome.LOST, Outcome.RETURNED} else None,
        }
        said = f"{self.stage} {self.at} {facts}"
        name = f"stage-{sha256(said.encode()).hexdigest()[:32]}" if self.at else None
        return Report(outcome=outcome, id=name, at=self.at, **facts)


def heard(
    lead_id: Any,
    stage: Any,
    at: datetime | None,
    *,
    value: Any = None,
    currency: Any = None,
    reason: Any = None,
) -> Iterable[Heard]:
    """What was told of a lead; nothing where it is no lead's."""
    if not isinstance(lead_id, str) or not _LEAD_ID.fullmatch(lead_id) or not isinstance(stage, str):
        return
    known = currency if isinstance(currency, str) and _CURRENCY.fullmatch(currency) else None
    yield Heard(lead_id, stage, at, cents_of(value), known, _tidy(reason))


def cents_of(value: Any) -> int | None:
    """Money as systems write it, in cents; None for what is none, or more than any lead is worth."""
    text = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    if not _NUMBER.fullmatch(text):
        return None
    cents = round(Fraction(text) * 100)
    return cents if cents <= MAX_VALUE_CENTS else None


def moment_of(said: Any) -> datetime | None:
    """A moment as systems write it: milliseconds, or ISO 8601 with its zone."""
    try:
        if isinstance(said, int) and not isinstance(said, bool):
            return datetime.fromtimestamp(said / 1000, UTC)
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
        return at.astimezone(UTC) if at and at.tzinfo else None
    except (ValueError, OverflowError, OSError):
        return None


def text_at(found: Any, *path: str) -> str:
    """The text at that place of a document; '' where there is none."""
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


def _tidy(reason: Any) -> str | None:
    if not isinstance(reason, str):
        return None
    return "".join(one for one in reason if one.isprintable()).strip()[:MAX_REASON] or None
