"""How the OpenAPI document describes what vendors and forms send to a source, and what they hear."""

from typing import Any, Final

from baton.domain.asides import MAX_TIMEOUT_MS, MIN_TIMEOUT_MS
from baton.domain.pricing import NoPrice
from baton.domain.verdict import REASONS, Ruling
from baton.entrypoints.vendors import MAX_WAIT_S

_ID: Final = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_CENTS: Final = {"type": "integer", "minimum": 0}

SOURCE_ID: Final = {
    "name": "source_id",
    "in": "path",
    "required": True,
    "description": "The source that the lead comes from.",
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "The same key with the same body gives the same lead, or the same answer to a ping, however often it is sent."
        " Of a signed request the `webhook-id` is the key; another one beside it is refused."
    ),
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
API_KEY: Final = {
    "name": "X-Api-Key",
    "in": "header",
    "required": False,
    "description": (
        "The source's key, where it asks for one; pings always need one. Where the source has a secret, a Standard"
        " Webhooks signature over the body (`webhook-id`, `webhook-timestamp`, `webhook-signature`) is as good."
    ),
    "schema": {"type": "string"},
}
PREFER: Final = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "description": (
        f"`wait=N`: answer when the lead is settled, or after N seconds, {MAX_WAIT_S} at most (RFC 7240). Ignored of"
        " callers that show neither a key nor a signature."
    ),
    "schema": {"type": "string", "examples": ["wait=10"]},
}
SENT_BY: Final = [SOURCE_ID, IDEMPOTENCY_KEY, API_KEY]

TEST: Final = {
    "type": "boolean",
    "description": "A test: it reaches test buyers only and costs nothing. Only from callers that are known.",
}
LEAD: Final = {
    "type": "object",
    "title": "Lead as it is sent",
    "description": (
        "Names of contact fields (email, phone, first_name, last_name, state, ...) are understood however they are"
        " spelt; consent and attribution (utm_source, gclid, ...) likewise. Every other field becomes an attribute."
    ),
    "properties": {
        "ping_id": {
            **_ID,
            "description": "The ping that told the price. Everything that it said the lead has to say too.",
        },
        "external_id": {
            "type": "string",
            "pattern": "^[!-~]{1,128}$",
            "description": "What you call the lead: outcomes may name it so. Of two leads of one id the newest.",
        },
        "test": TEST,
        "_redirect": {
            "type": "string",
            "format": "uri",
            "description": "Where a plain form's browser goes afterwards, on a web site that the source lists.",
        },
    },
    "additionalProperties": True,
}
RECEIPT: Final = {
    "type": "object",
    "title": "Receipt",
    "required": ["lead_id", "status"],
    "properties": {
        "lead_id": _ID,
        "status": {"type": "string", "description": "The lead's state, such as `received` or `duplicate`."},
    },
}
VERDICT: Final = {
    "type": "object",
    "title": "Verdict",
    "description": "What became of a lead whose sender waited.",
    "required": ["lead_id", "status", "verdict", "reason", "price_cents", "currency", "reference"],
    "properties": {
        **RECEIPT["properties"],  # type: ignore[dict-item]
        "verdict": {"type": "string", "enum": [str(ruling) for ruling in Ruling]},
        "reason": {
            "type": "string",
            "enum": list(REASONS),
        },
        "price_cents": {"type": ["integer", "null"], "description": "What the source gets."},
        "currency": {"type": ["string", "null"]},
        "reference": {"type": ["string", "null"], "description": "The buyer's number for the lead."},
    },
}
PING: Final = {
    "type": "object",
    "title": "Ping",
    "description": (
        "A lead without what would say who the person is: of the contact only city, state, postal_code and country;"
        " attributes; attribution; whether consent was given. Names, addresses and numbers of a person are refused."
    ),
    "properties": {
        "timeout_ms": {
            "type": "integer",
            "minimum": MIN_TIMEOUT_MS,
            "maximum": MAX_TIMEOUT_MS,
            "description": "How long the caller waits; less than the plan's own deadline leaves buyers less time.",
        },
        "test": TEST,
    },
    "additionalProperties": True,
}
PRICED: Final = {
    "type": "object",
    "title": "Price",
    "required": ["ping_id", "status", "price_cents", "currency", "expires_at", "bids"],
    "properties": {
        "ping_id": _ID,
        "status": {"const": "priced"},
        "price_cents": {
            **_CENTS,
            "description": "What the source gets if all who are to have the lead take it.",
        },
        "currency": {"type": "string"},
        "expires_at": {"type": "string", "format": "date-time"},
        "bids": {
            "type": "array",
            "description": "One for each buyer that is to have the lead, without their names.",
            "items": {
                "type": "object",
                "required": ["bid_id", "price_cents"],
                "properties": {"bid_id": {"type": "string"}, "price_cents": _CENTS},
            },
        },
        "test": {"const": True, "description": "Only with the answer to a test: then nothing will be paid."},
    },
}
NO_PRICE: Final[dict[str, Any]] = {
    "type": "object",
    "title": "No price",
    "required": ["status", "reason"],
    "properties": {
        "status": {"const": "no_price"},
        "reason": {"type": "string", "enum": [str(reason) for reason in NoPrice]},
    },
}
