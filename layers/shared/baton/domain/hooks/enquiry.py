"""What all hooks come to: an enquiry whose answers are here, or the notice of one that has to be fetched."""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from baton.domain.errors import BatonError


class Format(StrEnum):
    """Whose hook it is, as it stands in the address."""

    GOOGLE_ADS = "google-ads"
    META = "meta"
    LINKEDIN = "linkedin"
    TYPEFORM = "typeform"
    ADF = "adf"
    GENERIC = "generic"


class UnreadableHook(BatonError):
    """A body that is not what its platform sends. Says where, and repeats nothing of it."""

    code = "malformed-body"


@dataclass(frozen=True, slots=True)
class Enquiry:
    """One lead, in the fields that intake reads."""

    fields: dict[str, Any]
    key: str
    """What makes two deliveries one, within the format."""
    test: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Word of a lead that its platform keeps: only its ids."""

    ref: str
    """The platform's id of the lead."""
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What a request of a hook holds."""

    enquiries: tuple[Enquiry, ...] = ()
    notices: tuple[Notice, ...] = field(default=())


def document(body: bytes) -> dict[str, Any]:
    """The JSON object that was sent. Raises UnreadableHook."""
    try:
        found = json.loads(body.decode())
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is not valid UTF-8"
        raise UnreadableHook(message) from error
    except json.JSONDecodeError as error:
        message = f"not valid JSON at line {error.lineno} column {error.colno}"
        raise UnreadableHook(message) from error
    except (RecursionError, ValueError) as error:
        message = "not JSON that anybody would send"
        raise UnreadableHook(message) from error
    if not isinstance(found, dict):
        message = "the body must be a JSON object"
        raise UnreadableHook(message)
    return found


def objects(found: Any, where: str) -> Iterator[Mapping[str, Any]]:
    """The objects of a list. Raises UnreadableHook for what is no list of objects."""
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        message = f"{where} must be a list of objects"
        raise UnreadableHook(message)
    yield from found


def an_id(found: Any, where: str) -> str:
    """An id, which platforms send as text or as a number. Raises UnreadableHook."""
    text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    if not 0 < len(text) <= MAX_ID or not text.isprintable() or not text.isascii():
        message = f"{where} must be an id"
        raise UnreadableHook(message)
    return text


def is_signed(secret: str, body: bytes, sent: str, prefix: str = "") -> bool:
    """Whether a header holds the HMAC-SHA256 of the body in hex, in a time that tells nothing of how close it was."""
    wanted = prefix + hmac.digest(secret.encode(), body, "sha256").hex()
    return bool(secret) and hmac.compare_digest(sent.encode(errors="replace"), wanted.encode())


MAX_ID = 300
