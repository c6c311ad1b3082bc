"""Any JSON or form: the source says which part of it is which field of a lead."""

import json
from collections.abc import Mapping
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from baton.domain.hooks.enquiry import Enquiry, UnreadableHook, an_id
from baton.domain.hooks.settings import Generic

MAX_FOUND: Final = 100
"""Places that a path may point to: an attribute has no more."""


def read(sent: Mapping[str, Any], settings: Generic) -> Enquiry:
    """The enquiry in a body that was read as JSON or as a form. Raises UnreadableHook."""
    fields: dict[str, Any] = dict(settings.constants)
    for path, where in settings.fields.items():
        value = _at(sent, where)
        if value not in (None, "", []):
            fields[path] = value
    if settings.key is None:
        return Enquiry(fields, sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest())
    return Enquiry(fields, an_id(_at(sent, settings.key), settings.key))


def _at(sent: Mapping[str, Any], where: str) -> Any:
    """What stands there; of several places one list."""
    if not where.startswith("$"):
        return sent.get(where)
    # Imported where it is used: few sources have such a hook.
    import jsonpath

    try:
        matches = jsonpath.finditer(where, dict(sent))
        found = [match.obj for match in islice(matches, MAX_FOUND + 1)]
    except (jsonpath.JSONPathError, RecursionError) as error:
        message = f"{where} cannot be looked up in what was sent"
        raise UnreadableHook(message) from error
    if len(found) > MAX_FOUND:
        message = f"{where} points to more than {MAX_FOUND} places in what was sent"
        raise UnreadableHook(message)
    return found[0] if len(found) == 1 else found
