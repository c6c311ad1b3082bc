"""Normalizing: a contact in one spelling, with what was sent kept beside it and what is known of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from baton.domain.addresses import country_code, is_country, postal_code, state_code
from baton.domain.email_addresses import read_address
from baton.domain.person_names import tidy_name
from baton.domain.phone_numbers import read_number


class Normalized(NamedTuple):
    """A contact as it is stored."""

    contact: dict[str, str]
    raw: dict[str, str]
    """What was sent, by path, where it differs."""
    quality: dict[str, Any]
    problems: dict[str, str]
    """What is wrong, by path. What is wrong is left as it was sent."""


NOT_AN_EMAIL: Final = "is not an email address"
NOT_A_PHONE: Final = "is not a phone number: 7 to 15 digits, optionally after a +"


def normalize(contact: Mapping[str, str], region: str) -> Normalized:
    """The contact in one spelling. `region` is where it is from unless it says otherwise; ISO 3166-1 alpha-2."""
    done = dict(contact)
    quality: dict[str, Any] = {}
    problems: dict[str, str] = {}
    if "email" in contact:
        _email(done, quality, problems)
    if "country" in contact:
        done["country"] = country_code(contact["country"])
    named = done.get("country", "")
    country = named if is_country(named) else region
    if "phone" in contact:
        _phone(done, country, quality, problems)
    for name, tidied in _rules(named or region).items():
        if name in contact:
            done[name] = tidied(contact[name])
    raw = {f"contact.{name}": text for name, text in contact.items() if done[name] != text}
    return Normalized(done, raw, quality, problems)


def _rules(country: str) -> dict[str, Callable[[str], str]]:
    return {
        "first_name": tidy_name,
        "last_name": tidy_name,
        "company": _single_spaces,
        "street": _single_spaces,
        "city": tidy_name,
        "state": lambda text: state_code(text, country),
        "postal_code": lambda text: postal_code(text, country),
    }


def _email(contact: dict[str, str], quality: dict[str, Any], problems: dict[str, str]) -> None:
    address = read_address(contact["email"])
    if address is None:
        problems["contact.email"] = NOT_AN_EMAIL
        return
    contact["email"] = address.text
    quality |= {
        "email_disposable": address.disposable,
        "email_role": address.role,
        "email_free": address.free,
        **({"email_domain_meant": address.meant} if address.meant else {}),
    }


def _phone(contact: dict[str, str], region: str, quality: dict[str, Any], problems: dict[str, str]) -> None:
    number = read_number(contact["phone"], region)
    if number is None:
        problems["contact.phone"] = NOT_A_PHONE
        return
    contact["phone"] = number.text
    quality |= {
        "phone_valid": number.valid,
        **({"phone_type": number.kind} if number.kind else {}),
        **({"phone_region": number.region} if number.region else {}),
    }


def _single_spaces(text: str) -> str:
    return " ".join(text.split())
