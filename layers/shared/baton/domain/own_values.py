"""What a lead itself has where a condition failed: looked up when somebody reads why, and never kept in a trace."""

import re
from typing import Any, Final

from baton.domain.condition_tests import Facts, reader
from baton.domain.condition_words import plain
from baton.domain.conditions import ROOTS, Op

MAX_FIELDS: Final = 5
"""Fields of one condition whose values are told."""
_ROOTS: Final = "|".join(sorted(ROOTS - {"time"}))
_COMPARED: Final = re.compile(rf"(?<![\w.])((?:{_ROOTS})(?:\.[^\s()\[\];]+)?) (?:{'|'.join(Op)})\b")


def own_values(failed: object, lead: Facts) -> dict[str, str]:
    """The lead's values by field, for the comparisons named in `failed`; a field that it does not have is left out.

    `failed` is as `condition_words` says it. The time is no value of the lead's own.
    """
    if not isinstance(failed, str):
        return {}
    fields = list(dict.fromkeys(_COMPARED.findall(failed)))[:MAX_FIELDS]
    return {field: _said(value) for field in fields if (value := reader(field)(lead)) is not None}


def _said(value: Any) -> str:
    return ", ".join(map(plain, value)) if isinstance(value, list) else plain(value)
