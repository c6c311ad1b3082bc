"""ADF, the Auto-lead Data Format 1.0 of car dealers: XML as a body, or in a mail."""

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import Compat32
from hashlib import sha256
from typing import Any, Final
from xml.etree.ElementTree import Element

from baton.domain.hooks.enquiry import Enquiry, UnreadableHook
from baton.domain.markup import root_of

MAX_MAIL_BYTES: Final = 256 * 1024
MAX_PARTS: Final = 20
"""Parts that a mail may have: the parser takes the longer the deeper they are nested."""
MAX_HEADER: Final = 8 * 1024
"""Characters of one header."""
XML_TYPES: Final = frozenset({"application/xml", "text/xml", "application/x-adf+xml", "application/adf+xml"})
MAIL_TYPES: Final = frozenset({"message/rfc822"})
_BEGIN: Final = (b"<?adf", b"<adf", b"<?xml", b"<!--")
_VEHICLE: Final = ("year", "make", "model", "vin", "stock", "trim", "bodystyle", "doors", "odometer")
_ADDRESS: Final = {
    "street": "street",
    "city": "city",
    "regioncode": "state",
    "postalcode": "postal_code",
    "country": "country",
}


def read(body: bytes, media_type: str) -> Enquiry:
    """The first prospect. A mail is searched for its XML. Raises UnreadableHook."""
    xml = _from_mail(body) if media_type in MAIL_TYPES else body
    root = root_of(xml.strip())
    if root is None:
        message = "not well-formed XML, or XML with a document type, which is not read"
        raise UnreadableHook(message)
    prospect = root if root.tag == "prospect" else root.find("prospect")
    if prospect is None:
        message = "no prospect in it"
        raise UnreadableHook(message)
    fields = dict(_fields(prospect))
    ids = [f"{one.get('source', '')} {(one.text or '').strip()}".strip() for one in prospect.findall("id")]
    key = next((one for one in ids if one), None)
    # A digest in any case: ids of several senders may be equal, and any text may stand in one.
    return Enquiry(fields, sha256((key or "").encode() if key else xml.strip()).hexdigest())


def _fields(prospect: Element) -> Iterator[tuple[str, Any]]:
    contact = prospect.find("customer/contact")
    if contact is not None:
        yield from _contact(contact)
    vehicle = prospect.find("vehicle")
    if vehicle is not None:
        for name in _VEHICLE:
            if text := _text(vehicle.find(name)):
                yield f"attributes.vehicle_{name}", text
        if interest := vehicle.get("interest"):
            yield "attributes.interest", interest
        if status := vehicle.get("status"):
            yield "attributes.vehicle_status", status
    for path, where in (("comments", "customer/comments"), ("timeframe", "customer/timeframe/description")):
        if text := _text(prospect.find(where)):
            yield f"attributes.{path}", text
    if asked := _text(prospect.find("requestdate")):
        yield "attributes.request_date", asked
    if provider := _text(prospect.find("provider/name")):
        yield "attribution.utm_source", provider
    if service := _text(prospect.find("provider/service")):
        yield "attribution.utm_medium", service


def _contact(contact: Element) -> Iterator[tuple[str, Any]]:
    names = {one.get("part", "full"): _text(one) for one in contact.findall("name")}
    if names.get("first") or names.get("last"):
        yield from ((f"contact.{part}_name", names[part]) for part in ("first", "last") if names.get(part))
    elif names.get("full"):
        yield "contact.name", names["full"]
    if email := _text(contact.find("email")):
        yield "contact.email", email
    phones = [one for one in contact.findall("phone") if one.get("type", "voice") in {"voice", "cellphone"}]
    # The one that can be texted first.
    phones.sort(key=lambda one: one.get("type") != "cellphone")
    if phone := next(filter(None, map(_text, phones)), None):
        yield "contact.phone", phone
    address = contact.find("address")
    if address is not None:
        streets = filter(None, map(_text, address.findall("street")))
        if street := ", ".join(streets):
            yield "contact.street", street
        for tag, ours in _ADDRESS.items():
            if tag != "street" and (text := _text(address.find(tag))):
                yield f"contact.{ours}", text


def _from_mail(body: bytes) -> bytes:
    """The XML in a mail: in a part of its own, or as the text. Raises UnreadableHook."""
    if len(body) > MAX_MAIL_BYTES or body.lower().count(b"content-type:") > MAX_PARTS:
        message = f"a mail of more than {MAX_MAIL_BYTES} bytes or {MAX_PARTS} parts"
        raise UnreadableHook(message)
    try:
        for part in message_from_bytes(body, policy=_Bounded()).walk():
            content = None if part.is_multipart() else part.get_payload(decode=True)
            if isinstance(content, bytes) and content.lstrip().startswith(_BEGIN):
                return content
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError) as error:
        # Whatever the parser stumbles over is a mail that no mail program sends.
        message = "not a mail that can be read"
        raise UnreadableHook(message) from error
    message = "no ADF in this mail"
    raise UnreadableHook(message)


class _Bounded(Compat32):
    """Reads headers as they are, without taking them apart, and none without end."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        if sum(map(len, sourcelines)) > MAX_HEADER:
            message = f"a header of more than {MAX_HEADER} characters"
            raise UnreadableHook(message)
        return super().header_source_parse(sourcelines)


def _text(element: Element | None) -> str | None:
    text = " ".join("".join(element.itertext()).split()) if element is not None else ""
    return text or None
