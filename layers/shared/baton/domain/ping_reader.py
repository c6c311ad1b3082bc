"""What a ping may say of a lead: everything but who the person is."""

import re
from collections.abc import Mapping
from typing import Any, Final

from baton.domain.lead import Consent
from baton.domain.submission import CONTACT_FIELDS, Reader

PLACES: Final = frozenset({"city", "state", "postal_code", "country"})
"""Of the contact, what a ping may say: where somebody lives."""
PERSONAL: Final = frozenset({*CONTACT_FIELDS, "name"}) - PLACES
"""What of the contact would identify the person."""
_MISPLACED: Final = (PERSONAL - {"company", "name"}) | {"email_sha256", "phone_sha256"}
"""The same under the name of an attribute; an insurance company, say, may well be one."""
_ADDRESS: Final = re.compile(r"[\w.+-]@[\w-]+\.\w")
"""The middle of an email address. Not the whole: looking for its beginning would take too long in a long text."""
_IDENTIFIES: Final = "would say who the person is: a ping says only where somebody lives"


class PingReader(Reader):
    """Reads what a ping may say, and refuses by name whatever would say who the person is."""

    def contact(self, found: dict[str, Any]) -> dict[str, str]:
        """Where somebody lives."""
        for name in sorted(found.keys() & PERSONAL):
            self.refuse(f"contact.{name}", _IDENTIFIES)
        return super().contact({name: value for name, value in found.items() if name not in PERSONAL})

    def attributes(self, found: dict[str, Any]) -> dict[str, Any]:
        """Attributes that hold no address and are not called like what would identify somebody."""
        attributes = super().attributes(found)
        for name, value in attributes.items():
            if name in _MISPLACED or _holds_address(value):
                self.refuse(f"attributes.{name}", _IDENTIFIES)
        return attributes

    def attribution(self, found: dict[str, Any]) -> dict[str, str]:
        """Where the enquiry came from, without an address."""
        attribution = super().attribution(found)
        for name, value in attribution.items():
            if _holds_address(value):
                self.refuse(f"attribution.{name}", _IDENTIFIES)
        return attribution

    def consent(self, found: dict[str, Any]) -> Consent | None:
        """Whether there is consent. Its words and time are evidence, and come with the lead."""
        for name in sorted(found.keys() & {"text", "at"}):
            self.refuse(f"consent.{name}", "is evidence: send it with the lead")
        return super().consent({name: value for name, value in found.items() if name not in {"text", "at"}})

    def check_required(
        self, required: tuple[str, ...], contact: Mapping[str, str], attributes: Mapping[str, Any]
    ) -> None:
        """Of what a lead must have, what a ping can have."""
        groups = {"contact": contact, "attributes": attributes}
        wrong = {error.field for error in self.errors}
        for path in required:
            group, _, name = path.partition(".")
            can_say = group == "attributes" or name in PLACES
            if can_say and groups[group].get(name) in (None, "") and path not in wrong:
                self.refuse(path, "is required")


def _holds_address(value: Any) -> bool:
    """Whether there is an email address in it."""
    if isinstance(value, str):
        return _ADDRESS.search(value) is not None
    if isinstance(value, list):
        return any(_holds_address(item) for item in value)
    return isinstance(value, dict) and any(map(_holds_address, value.values()))
