"""Baton's side of the talk with the simulated buyers: requests as each of them wants them, answers in our words."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from local.buyers_auth import SECRETS
from local.buyers_company import Company
from local.buyers_six import six
from local.buyers_wire import Asked, Reply, element, nested

NAMES = ("harbor", "summit", "slowpoke", "mirage", "flaky", "grump")
BASIC = "Basic " + base64.b64encode(SECRETS["slowpoke"].encode()).decode()
KEYS: Mapping[str, Mapping[str, str]] = {
    "harbor": {"x-api-key": SECRETS["harbor-ping"]},
    "summit": {"authorization": f"Bearer {SECRETS['summit']}"},
    "slowpoke": {"authorization": BASIC},
    "flaky": {"x-flaky-key": SECRETS["flaky"]},
}
PERSON = {
    "last_name": "Yardley",
    "lead_id": "l1",
    "email_sha256": hashlib.sha256(b"a@example.com").hexdigest(),
}
GOOD = {"state": "CA", "vehicle_year": "2022", "homeowner": "yes", "insured": "yes"}
POOR = {"state": "OH", "vehicle_year": "2001", "homeowner": "no", "insured": "no"}


def signed(webhook_id: str, body: bytes, at: float | None = None, key: str = "") -> dict[str, str]:
    """Headers of Standard Webhooks."""
    secret = base64.b64decode((key or SECRETS["harbor-post"]).removeprefix("whsec_"))
    sent_at = str(int(time.time() if at is None else at))
    digest = hmac.digest(secret, f"{webhook_id}.{sent_at}.".encode() + body, "sha256")
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": webhook_id, "webhook-timestamp": sent_at, "webhook-signature": signature}


def asked(buyer: Company, fields: Mapping[str, Any], webhook_id: str = "") -> Asked:
    """A request as that buyer wants it; `fields` go by our names, those that it does not know are left out."""
    theirs = {ours: name for name, ours in buyer.dialect.names.items()}
    sent = {theirs[name]: value for name, value in fields.items() if name in theirs}
    body = {
        "json": lambda: json.dumps(nested(sent)).encode(),
        "form": lambda: urlencode(sent).encode(),
        "xml": lambda: ElementTree.tostring(element("enquiry", nested(sent))),
    }[buyer.dialect.reads]()
    media_type = {"json": "application/json", "form": "application/x-www-form-urlencoded", "xml": "text/xml"}
    headers = {"content-type": media_type[buyer.dialect.reads], "webhook-id": webhook_id}
    headers |= KEYS.get(buyer.name, {})
    if buyer.name == "harbor" and webhook_id:
        headers |= signed(webhook_id, body)
    query = {"key": SECRETS["mirage"]} if buyer.name == "mirage" else {}
    return Asked(headers, query, body)


def said(buyer: Company, reply: Reply) -> dict[str, Any]:
    """An answer under our names for its parts; the status in our words."""
    if buyer.dialect.writes == "xml":
        root = ElementTree.fromstring(reply.body)  # noqa: S314 - our own
        found = {k: root.findtext(place.replace(".", "/")) for k, place in buyer.dialect.places.items()}
    else:
        found = {}
        for key, place in buyer.dialect.places.items():
            at = json.loads(reply.body)
            for part in place.split("."):
                at = at.get(part, {})
            found[key] = at if at != {} else None
    words = {theirs: ours for ours, theirs in buyer.dialect.words.items()}
    price = None if found["price"] is None else float(found["price"]) * (1 if buyer.dialect.cents else 100)
    return {**found, "status": words[str(found["status"])], "price": price}


def ping(buyer: Company, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the buyer says to a ping."""
    return said(buyer, buyer.answer("ping", asked(buyer, fields)))


def post(buyer: Company, webhook_id: str, **fields: Any) -> dict[str, Any]:
    """What the buyer says to a post, whether or not the answer comes through."""
    return said(buyer, buyer.answer("post", asked(buyer, {**GOOD, **PERSON, **fields}, webhook_id)))


def a_buyer(name: str, *, faults: bool = False, seed: int = 1) -> Company:
    """One of the six."""
    return six(seed, faults=faults)[name]


def won(buyer: Company, fields: Mapping[str, Any] = GOOD) -> dict[str, Any]:
    """What a post names after that buyer's bid, whether or not the bid came through."""
    request = asked(buyer, fields)
    buyer.answer("ping", request)
    bid = buyer.bid(request.fingerprint, fields)
    return {"reference": bid.reference, "price_cents": bid.price_cents}
