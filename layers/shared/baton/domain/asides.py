"""Asides: what a request says besides the lead itself."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from baton.domain.outcome import EXTERNAL_ID
from baton.domain.submission import Reader

MIN_TIMEOUT_MS: Final = 100
MAX_TIMEOUT_MS: Final = 20_000
"""API Gateway gives up after 29 seconds."""
_PING_ID: Final = re.compile(r"[0-9a-f]{32}")
_YES: Final = ("true", "1", "yes", "on")
_NO: Final = ("false", "0", "no", "off", "")


class Asides(NamedTuple):
    """A request's fields, and what it says besides them."""

    fields: dict[str, Any]
    external_id: str | None = None
    """With a lead: what its sender calls it."""
    ping_id: str | None = None
    """With a lead: the ping in which its price was promised."""
    test: bool = False
    timeout_ms: int | None = None
    """With a ping: when the answer has to be there."""


def with_lead(fields: Mapping[str, Any], reader: Reader, *, known: bool) -> Asides:
    """What comes with a lead. Only `known` callers may send tests; of others `test` is a field like any other."""
    rest, test = _test(fields, reader, known=known)
    ping_id = rest.pop("ping_id", None)
    if ping_id == "":
        ping_id = None
    if ping_id is not None and not (isinstance(ping_id, str) and _PING_ID.fullmatch(ping_id)):
        reader.refuse("ping_id", "is no id of a ping: 32 hexadecimal digits")
        ping_id = None
    return Asides(rest, _external_id(rest.pop("external_id", None), reader), ping_id, test)


def with_ping(fields: Mapping[str, Any], reader: Reader) -> Asides:
    """What comes with a ping, whose caller is always known."""
    rest, test = _test(fields, reader, known=True)
    if "ping_id" in rest:
        reader.refuse("ping_id", "comes with the answer; send it with the lead, to the source's leads")
    # Comes again with the lead.
    rest.pop("external_id", None)
    sent = rest.pop("timeout_ms", None)
    timeout_ms = int(sent) if isinstance(sent, str) and re.fullmatch(r"[0-9]{1,6}", sent) else sent
    if timeout_ms is None:
        return Asides(rest, test=test)
    whole = isinstance(timeout_ms, int) and not isinstance(timeout_ms, bool)
    if not whole or not MIN_TIMEOUT_MS <= timeout_ms <= MAX_TIMEOUT_MS:
        reader.refuse("timeout_ms", f"must be a whole number from {MIN_TIMEOUT_MS} to {MAX_TIMEOUT_MS}")
        return Asides(rest, test=test)
    return Asides(rest, test=test, timeout_ms=timeout_ms)


def _external_id(sent: Any, reader: Reader) -> str | None:
    """The sender's own id of a lead; a whole number is one too."""
    if isinstance(sent, int) and not isinstance(sent, bool):
        sent = str(sent)
    if sent is None or sent == "":
        return None
    if isinstance(sent, str) and re.fullmatch(EXTERNAL_ID, sent):
        return sent
    reader.refuse("external_id", "must be 1 to 128 visible ASCII characters")
    return None


def _test(fields: Mapping[str, Any], reader: Reader, *, known: bool) -> tuple[dict[str, Any], bool]:
    rest = dict(fields)
    if not known or "test" not in rest:
        return rest, False
    sent = rest.pop("test")
    word = str(sent).lower() if isinstance(sent, str | bool | int) else None
    if word not in (*_YES, *_NO):
        reader.refuse("test", "must be true or false")
    return rest, word in _YES
