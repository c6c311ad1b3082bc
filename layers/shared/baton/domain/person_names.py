"""Names: as people write them who take care, from what was typed in capitals or in none."""

import re
from typing import Final

_SPACE: Final = re.compile(r"\s+")
_PARTICLES: Final = frozenset(
    (
        "da",
        "dal",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "la",
        "le",
        "van",
        "von",
        "y",
        "zu",
    )
)
"""Words inside a name that stay small."""
_ROMAN: Final = frozenset(("ii", "iii", "iv"))
_WORD: Final = re.compile(r"[^\W\d_]+")
_NAME: Final = re.compile(r"(?:[^\W\d_]|[ .'\u2019-])+")
"""What names are made of; anything else is left as it is."""


def tidy_name(text: str) -> str:
    """The name with single spaces; one that is all capitals or all small gets capitals where they belong.

    Who writes in both has a reason. Scripts without capitals are left alone.
    """
    name = _SPACE.sub(" ", text).strip()
    letters = "".join(filter(str.isalpha, name))
    in_one_case = letters.isupper() or letters.islower()
    if len(letters) < 2 or not in_one_case or not _NAME.fullmatch(name):  # noqa: PLR2004 - an initial is a name
        return name
    words = name.lower().split(" ")
    # A last name begins with a small letter where two such words do: van der Berg, but Van Dyke.
    first_small = 0 if len(words) > 2 and _PARTICLES.issuperset(words[:2]) else 1  # noqa: PLR2004 - and a name
    return " ".join(
        word if word in _PARTICLES and first_small <= place < len(words) - 1 else _capitals(word, place)
        for place, word in enumerate(words)
    )


def _capitals(word: str, place: int) -> str:
    if place and word in _ROMAN:
        return word.upper()
    return (
        _WORD.sub(lambda found: _capital(found[0]), word)
        if "'" not in word and "\u2019" not in word
        else _irish(word)
    )


def _capital(word: str) -> str:
    if word.startswith("mc") and len(word) > 3:  # noqa: PLR2004 - McGee, and not Mc
        return "Mc" + word[2:].capitalize()
    return word.capitalize()


def _irish(word: str) -> str:
    """O'Brien and D'Angelo have two capitals, Lu's has one."""
    head, mark, rest = re.split(r"(['\u2019])", word, maxsplit=1)
    if len(head) == 1 and len(rest) > 1:
        return head.upper() + mark + _WORD.sub(lambda found: _capital(found[0]), rest)
    return _WORD.sub(lambda found: _capital(found[0]), head) + mark + rest
