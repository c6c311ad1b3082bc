"""What a page says besides the lead: how long its form took, where it stood, and that a person passed its challenge.

Whatever is wrong with it never makes a lead refused: nobody who fills in a form could mend it.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from baton.domain.page_address import page_address

CHALLENGES: Final = ("_challenge", "cf-turnstile-response", "g-recaptcha-response")
"""Where pages put what their challenge gave the person; the first that is filled counts."""
MAX_CHALLENGE: Final = 4096
"""Turnstile's are 2,048 characters at most, reCAPTCHA's hardly more."""
_WHOLE: Final = re.compile(r"[0-9]{1,12}")
_VISIBLE: Final = re.compile(r"[!-~]+")


class FormAsides(NamedTuple):
    """A form's fields, and what its page says besides them."""

    fields: dict[str, Any]
    fill_ms: int | None = None
    """Milliseconds from when the form was there until it was sent."""
    page: str | None = None
    """The page with the form, without query and fragment."""
    challenge: str | None = None


def with_form(fields: Mapping[str, Any]) -> FormAsides:
    """What a page says is told apart from the lead's own fields."""
    rest = {name: value for name, value in fields.items() if name not in CHALLENGES}
    tokens = (_token(fields.get(name)) for name in CHALLENGES)
    return FormAsides(
        rest,
        fill_ms=_fill_ms(fields.get("_fill_ms")),
        page=_page(fields.get("_page")),
        challenge=next((token for token in tokens if token), None),
    )


def _fill_ms(sent: Any) -> int | None:
    if isinstance(sent, str) and _WHOLE.fullmatch(sent.strip()):
        return int(sent)
    whole = isinstance(sent, int) and not isinstance(sent, bool)
    return int(sent) if whole and sent >= 0 else None


def _page(sent: Any) -> str | None:
    return page_address(sent.strip(), bare=True) if isinstance(sent, str) else None


def _token(sent: Any) -> str | None:
    """A challenge's answer; of one that was sent several times the last, as of widgets that were shown anew."""
    if isinstance(sent, list):
        sent = next((one for one in reversed(sent) if one), None)
    fits = isinstance(sent, str) and len(sent) <= MAX_CHALLENGE and _VISIBLE.fullmatch(sent)
    return sent if fits else None
