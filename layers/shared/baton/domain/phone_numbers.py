"""Phone numbers: in E.164, by the plan of their country."""

import re
from typing import Final, NamedTuple

_WRITTEN: Final = re.compile(r"[\s().\-/\u2010-\u2015\u00a0]")
"""What people put between digits."""
_DIGITS: Final = re.compile(r"\+?[0-9]{7,15}")
_EXTENSION: Final = re.compile(r"\s*(?:;ext=|,|#|\b(?:ext|extension|x)\.?)\s*[0-9]{1,7}\s*$", re.IGNORECASE)
_KINDS: Final = {
    0: "fixed_line",
    1: "mobile",
    2: "fixed_line_or_mobile",
    3: "toll_free",
    4: "premium_rate",
    5: "shared_cost",
    6: "voip",
    7: "personal",
    8: "pager",
    9: "uan",
    10: "voicemail",
}
"""libphonenumber's kinds of numbers."""


class Number(NamedTuple):
    """A number as it is stored, and what is known of it."""

    text: str
    """E.164 where its country is known, else the digits as they were sent."""
    valid: bool
    """Whether its country's plan has such numbers."""
    kind: str | None
    region: str | None
    """ISO 3166-1 alpha-2."""


def read_number(text: str, region: str) -> Number | None:
    """The number, read as one of that region where it names no country; None if it is none.

    An extension is left out: nothing that sends texts or dials for others can use it.
    """
    digits = _WRITTEN.sub("", _EXTENSION.sub("", text))
    if not _DIGITS.fullmatch(digits):
        return None
    # Here and not above: what is no form's business does not pay for it at a cold start.
    import phonenumbers

    try:
        found = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return Number(digits, valid=False, kind=None, region=None)
    written = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    if not (phonenumbers.is_possible_number(found) and _DIGITS.fullmatch(written)):
        return Number(digits, valid=False, kind=None, region=None)
    if not phonenumbers.is_valid_number(found):
        # The E.164 of a number that does not exist may read as another: such a number stays as it was sent.
        same = phonenumbers.is_number_match(written, found) == phonenumbers.MatchType.EXACT_MATCH
        return Number(written if same else digits, valid=False, kind=None, region=None)
    return Number(
        written,
        valid=True,
        kind=_KINDS.get(phonenumbers.number_type(found)),
        region=phonenumbers.region_code_for_number(found),
    )
