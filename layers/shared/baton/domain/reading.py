"""Readings: what another company's answer says, whatever bytes it is made of."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from baton.domain.endpoint import Match, PriceUnit, Reader
from baton.domain.places import parsed, place, text_of

MAX_REASON: Final = 200
"""Characters of a reason; it is for people."""
MAX_REFERENCE: Final = 200
"""Characters of a reference. A longer one is none: cut, it would be another one."""
MAX_PRICE_CENTS: Final = 10_000_000
"""Nobody pays more for a lead: it is a mistake, or the wrong unit."""
ASKS_FOR_PATIENCE: Final = frozenset({408, 425, 429})
"""Statuses of refusals that say nothing about the lead: too slow, too early, too many."""

CONFLICT: Final = 409
"""The status of what is there already."""

_PRICE: Final = re.compile(r"[$€£]?[ ]?([0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,12})(?:\.([0-9]{1,20}))?")


class Verdict(StrEnum):
    """What an answer comes to."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNCLEAR = "unclear"
    """Neither can be told: the other side may or may not have taken what was sent."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer says."""

    verdict: Verdict
    price_cents: int | None = None
    """Of an answer that accepts; None where there is none that can be read."""
    reason: str | None = None
    """Of an answer that does not accept. It may repeat personal data: mask it before it is kept."""
    reference: str | None = None
    explicit: bool = field(default=False, compare=False)
    """Of a rejection: whether the reader found it said, and did not only take an error for one."""


def read(reader: Reader, status: int, body: bytes) -> Reading:
    """What the answer says to that reader. Never raises, whatever was answered."""
    answer = _Answer(reader, status, body)
    verdict = answer.verdict
    accepted = verdict is Verdict.ACCEPTED
    return Reading(
        verdict=verdict,
        price_cents=_cents(answer.first(reader.price), reader.price_unit) if accepted else None,
        reason=_said(answer.texts(reader.reason)) if reader.reason and not accepted else None,
        reference=_reference(answer.first(reader.reference)),
        explicit=verdict is Verdict.REJECTED and answer.rejects,
    )


def says_duplicate(reader: Reader, status: int, body: bytes) -> bool:
    """Whether the buyer says that it has the lead already: at a repetition that is no refusal."""
    return status == CONFLICT or _Answer(reader, status, body).fits(reader.duplicate, lambda _: True)


class _Answer:
    """An answer, parsed when a place in it is first asked for."""

    def __init__(self, reader: Reader, status: int, body: bytes) -> None:
        self._reader = reader
        self._status = status
        self._body = body

    @property
    def verdict(self) -> Verdict:
        """Rejections are looked at first: an answer that says both yes and no has not taken the lead."""
        reader, status = self._reader, self._status
        if self.rejects:
            return Verdict.REJECTED
        if self.fits(reader.accepted, _is_success):
            return Verdict.ACCEPTED
        return Verdict.REJECTED if _refuses(status) else Verdict.UNCLEAR

    @property
    def rejects(self) -> bool:
        """Whether the reader finds a rejection said."""
        rejected = self._reader.rejected
        return rejected is not None and self.fits(rejected, lambda code: _is_success(code) or _refuses(code))

    def first(self, path: str | None) -> str | None:
        """The first text there."""
        texts = self.texts(path) if path else []
        return texts[0] if texts else None

    def texts(self, path: str | None) -> list[str]:
        """All texts there, or for None the whole of it."""
        if path is None:
            whole = text_of(self._body).strip()
            return [whole] if whole else []
        return place(self._reader.format, path)(self._parsed)

    @cached_property
    def _parsed(self) -> Any:
        return parsed(self._reader.format, self._body)

    def fits(self, match: Match, by_itself: Callable[[int], bool]) -> bool:
        """Whether the answer says that; `by_itself` is asked about its status where the match names none."""
        if not (self._status in match.status if match.status else by_itself(self._status)):
            return False
        if not (match.path or match.equals or match.contains):
            return True
        texts = [text.casefold() for text in self.texts(match.path)]
        if match.equals:
            wanted = {text.strip().casefold() for text in match.equals}
            texts = [text for text in texts if text in wanted]
        if match.contains:
            part = match.contains.casefold()
            texts = [text for text in texts if part in text]
        return bool(texts)


def _is_success(status: int) -> bool:
    return 200 <= status < 300  # noqa: PLR2004


def _refuses(status: int) -> bool:
    return 400 <= status < 500 and status not in ASKS_FOR_PATIENCE  # noqa: PLR2004


def _cents(text: str | None, unit: PriceUnit) -> int | None:
    """A price in whole cents, rounded down: nobody is to pay more than it said. None if it is not written as one."""
    written = _PRICE.fullmatch(text) if text else None
    if written is None:
        return None
    whole, decimals = int(written[1].replace(",", "")), written[2] or ""
    cents = whole if unit is PriceUnit.CENTS else whole * 100 + int(f"{decimals}00"[:2])
    return cents if cents <= MAX_PRICE_CENTS else None


def _said(texts: list[str]) -> str | None:
    """Texts as one line that people can read."""
    line = _storable(" ".join("; ".join(texts).split()))
    return (line if len(line) <= MAX_REASON else f"{line[: MAX_REASON - 1]}…") or None


def _reference(text: str | None) -> str | None:
    reference = _storable(text or "")
    return reference if 0 < len(reference) <= MAX_REFERENCE else None


def _storable(text: str) -> str:
    """The text without control characters, and without halves of characters, which no store can hold."""
    return "".join(one for one in text if one.isprintable())
