"""Regular expressions that need linear time (RE2): no pattern and no lead can stall a function."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

type Finder = Callable[[str], bool]

MAX_PATTERN: Final = 500
"""Characters of a pattern."""
MAX_SEARCHED: Final = 10_000
"""Characters of a text that are searched; what comes after them is not seen, and for `$` the text ends there."""
MAX_MEMORY: Final = 256 * 1024
"""Bytes that one pattern may use."""
MAX_PROGRAM: Final = 5_000
"""Steps that a pattern compiles to. At this size the worst search takes a third of a second; repeats make it grow."""


@lru_cache(maxsize=512)
def finder(pattern: str) -> Finder:
    """A function that says whether the pattern is found anywhere in a text.

    Raises ValueError, which says what is wrong with the pattern.
    """
    if len(pattern) > MAX_PATTERN:
        message = f"must be a regular expression of at most {MAX_PATTERN} characters"
        raise ValueError(message)
    # Here, because few conditions search texts.
    import re2

    options = re2.Options()
    options.max_mem = MAX_MEMORY
    options.log_errors = False
    options.never_capture = True
    try:
        # In bytes: searching text, the library would count characters nobody asks for.
        compiled = re2.compile(pattern.encode(), options)
    except (re2.error, UnicodeEncodeError) as error:
        message = f"must be a regular expression that RE2 can use: {_reason(error)}"
        raise ValueError(message) from error
    if compiled.programsize > MAX_PROGRAM:
        message = "must repeat less: the regular expression would take too long to search"
        raise ValueError(message)
    search = compiled.search
    return lambda text: search(text[:MAX_SEARCHED].encode(errors="replace")) is not None


def _reason(error: Exception) -> str:
    said = error.args[0]
    return said.decode(errors="replace") if isinstance(said, bytes) else "not a valid text"
