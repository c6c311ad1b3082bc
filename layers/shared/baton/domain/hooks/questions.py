"""Questions of forms: which field of a lead an answer is, by what its platform calls the question."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from baton.domain.field_reader import MAX_KEY

_KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "contact.name": ("fullname", "name", "yourname"),
    "contact.first_name": ("firstname", "givenname"),
    "contact.last_name": ("lastname", "familyname", "surname"),
    "contact.email": ("email", "useremail", "emailaddress", "workemail", "emailalias"),
    "contact.phone": ("phone", "phonenumber", "userphone", "workphone", "workphonenumber", "mobile", "tel"),
    "contact.company": ("company", "companyname", "organization"),
    "contact.street": ("street", "streetaddress", "address"),
    "contact.city": ("city",),
    "contact.state": ("state", "province", "region"),
    "contact.postal_code": ("postalcode", "zipcode", "zip", "postcode"),
    "contact.country": ("country", "countrycode"),
}
_PATHS: Final = {name: path for path, names in _KNOWN.items() for name in names}


def path_of(question: str, chosen: Mapping[str, str]) -> str:
    """The field of a lead that a question asks for: as chosen, or a known one, or else an attribute of that name."""
    if question in chosen:
        return chosen[question]
    bare = re.sub(r"[^a-z0-9]", "", question.casefold())
    if bare in _PATHS:
        return _PATHS[bare]
    name = re.sub(r"[^a-z0-9]+", "_", question.casefold()).strip("_")[:MAX_KEY]
    return f"attributes.{name or 'answer'}"


def answers(found: Iterable[tuple[str, Any]], chosen: Mapping[str, str]) -> dict[str, Any]:
    """Questions and answers as fields of a lead. The first answer to what is asked twice counts; empty ones do not."""
    fields: dict[str, Any] = {}
    for question, answer in found:
        path = path_of(question, chosen)
        if answer not in (None, "", []) and path not in fields:
            fields[path] = answer
    if "contact.first_name" in fields or "contact.last_name" in fields:
        fields.pop("contact.name", None)
    return fields
