"""Consent as senders write it: nested or flat, with certificates under the names that their makers give the fields."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

from baton.domain.certificate import certificate_id
from baton.domain.consent import Consent, Evidence
from baton.domain.field_reader import CONTROL, CONTROL_IN_TEXT, MAX_TEXT, FieldReader
from baton.domain.page_address import page_address

if TYPE_CHECKING:
    from datetime import datetime

MAX_VERSION: Final = 100
MAX_ADDRESS: Final = 2000
"""What browsers and proxies make of a longer address differs."""

_YES: Final = frozenset({"true", "on", "yes", "1"})
_NO: Final = frozenset({"false", "off", "no", "0", ""})
_JORNAYA: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

IGNORED: Final = frozenset({"trusted_form_ping", "trusted_form_token"})
"""What TrustedForm's script puts into forms besides the certificate's address: nobody needs it."""
FLAT: Final[Mapping[str, str]] = {
    "consent": "given",
    "xxtrustedformcerturl": Evidence.TRUSTED_FORM,
    "trusted_form": Evidence.TRUSTED_FORM,
    "trustedform": Evidence.TRUSTED_FORM,
    "trusted_form_cert_url": Evidence.TRUSTED_FORM,
    "trustedform_cert_url": Evidence.TRUSTED_FORM,
    "xxtrustedformpingurl": "trusted_form_ping",
    "xxtrustedformtoken": "trusted_form_token",
    "universal_leadid": Evidence.JORNAYA,
    "leadid_token": Evidence.JORNAYA,
    "jornaya": Evidence.JORNAYA,
}
"""What a flat field is of the consent, by its name in lower case."""
KNOWN: Final = ("given", *Evidence)


def consent_name(key: str) -> str | None:
    """What the flat field of that name is of the consent; None for a field that is something else."""
    if key.startswith("consent_"):
        name = key.removeprefix("consent_")
        return FLAT.get(name.casefold(), name)
    return FLAT.get(key.casefold())


def read_consent(found: Mapping[str, Any], reader: FieldReader) -> Consent | None:
    """What was sent of the consent; None where nothing was. Errors are the reader's."""
    sent = {
        name: value
        for name, value in found.items()
        if name == "given" or not (value in (None, "") or name in IGNORED)
    }
    if not sent:
        return None
    for name in sorted(sent.keys() - set(KNOWN)):
        reader.refuse(f"consent.{name[:64]}", f"is not a consent field; known: {', '.join(KNOWN)}")
    at = sent.get("at")
    return Consent(
        given=_given(sent.get("given", False), reader),
        text=_text("text", sent, MAX_TEXT, CONTROL_IN_TEXT, reader),
        version=_version(sent, reader),
        at=_moment(at, reader) if at is not None else None,
        ip=_ip(sent, reader),
        page=_page(sent, reader),
        trusted_form=_certificate(sent, reader),
        jornaya=_token(sent, reader),
    )


def _given(sent: Any, reader: FieldReader) -> bool:
    if isinstance(sent, str) and sent.strip().lower() in _YES | _NO:
        return sent.strip().lower() in _YES
    if not isinstance(sent, bool):
        reader.refuse("consent.given", "must be true or false")
        return False
    return sent


def _text(
    name: str, sent: Mapping[str, Any], limit: int, forbidden: re.Pattern[str], reader: FieldReader
) -> str | None:
    return reader.text(f"consent.{name}", sent.get(name), limit, forbidden) or None


def _moment(sent: Any, reader: FieldReader) -> "datetime | None":
    return reader.moment("consent.at", sent)


def _version(sent: Mapping[str, Any], reader: FieldReader) -> str | None:
    version = sent.get("version")
    if isinstance(version, int) and not isinstance(version, bool):
        sent = {**sent, "version": str(version)}
    return _text("version", sent, MAX_VERSION, CONTROL, reader)


def _ip(sent: Mapping[str, Any], reader: FieldReader) -> str | None:
    text = _text("ip", sent, MAX_VERSION, CONTROL, reader)
    if text is None:
        return None
    address = plain_address(text)
    if address is None:
        reader.refuse("consent.ip", "is no IP address")
    return address


def _page(sent: Mapping[str, Any], reader: FieldReader) -> str | None:
    text = _text("page", sent, MAX_ADDRESS, CONTROL, reader)
    if text is None:
        return None
    page = page_address(text)
    if page is None:
        reader.refuse("consent.page", "is no address of a web page: it begins with https:// or http://")
    return page


def _certificate(sent: Mapping[str, Any], reader: FieldReader) -> str | None:
    text = _text("trusted_form", sent, MAX_ADDRESS, CONTROL, reader)
    if text is not None and certificate_id(text) is None:
        problem = "is no address of a certificate: https://cert.trustedform.com/ and its number"
        reader.refuse("consent.trusted_form", problem)
        return None
    return text


def _token(sent: Mapping[str, Any], reader: FieldReader) -> str | None:
    text = _text("jornaya", sent, MAX_VERSION, CONTROL, reader)
    if text is not None and not _JORNAYA.fullmatch(text):
        reader.refuse("consent.jornaya", "is no LeadiD token: 36 characters, as a UUID has them")
        return None
    return text


def plain_address(text: str) -> str | None:
    """An IP address as it is written shortest; None for what is none. One of IPv4 in the guise of IPv6 is IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address).partition("%")[0]
