"""Any JSON or form: the source says which part of it is which field of a lead."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from baton.domain.hooks.enquiry import Enquiry, UnreadableHook, an_id
from baton.domain.hooks.settings import Generic


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
        found = list(jsonpath.findall(where, dict(sent)))
    except (jsonpath.JSONPathError, RecursionError) as error:
        message = f"{where} cannot be looked up in what was sent"
        raise UnreadableHook(message) from error
    return found[0] if len(found) == 1 else found
