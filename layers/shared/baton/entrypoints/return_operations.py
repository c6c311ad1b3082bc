"""How the OpenAPI document describes the endpoint for buyers that give leads back."""

from typing import Any, Final

from baton.entrypoints.public_operations import refused

LEAD_ID: Final = {
    "name": "lead_id",
    "in": "path",
    "required": True,
    "description": "The lead, as the post to the buyer named it.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
}
API_KEY: Final = {
    "name": "X-Api-Key",
    "in": "header",
    "required": False,
    "description": (
        "A key whose digest is in the buyer's `return_keys`. Without one, sign as Standard Webhooks asks, with"
        " `lead_id` in the body: the signature does not cover the path."
    ),
    "schema": {"type": "string"},
}
WANTED: Final = {
    "type": "object",
    "title": "Return that is asked for",
    "required": ["recipient_id", "reason"],
    "properties": {
        "recipient_id": {"type": "string"},
        "lead_id": {
            "type": "string",
            "pattern": "^[0-9a-f]{32}$",
            "description": "The same as in the path. Required where the request is signed.",
        },
        "reason": {"type": "string", "description": "One that the campaign lists."},
        "note": {"type": "string", "maxLength": 2000, "description": "What is wrong, in words."},
    },
    "additionalProperties": False,
}
MADE: Final = {
    "type": "object",
    "title": "Return as it stands",
    "required": ["lead_id", "recipient_id", "state", "reason", "asked_at", "refund_cents", "currency"],
    "properties": {
        "lead_id": {"type": "string"},
        "recipient_id": {"type": "string"},
        "state": {"type": "string", "enum": ["waiting", "approved", "refused"]},
        "reason": {"type": "string"},
        "asked_at": {"type": "string", "format": "date-time"},
        "decided_at": {"type": ["string", "null"], "format": "date-time"},
        "why": {"type": ["string", "null"]},
        "refund_cents": {"type": "integer"},
        "currency": {"type": "string"},
    },
}
_MADE: Final = {"application/json": {"schema": MADE}}

RETURN_OPERATIONS: Final[dict[str, dict[str, Any]]] = {
    "/v1/leads/{lead_id}/returns": {
        "post": {
            "tags": ["returns"],
            "summary": "Give a lead back",
            "operationId": "return_lead",
            "security": [],
            "parameters": [LEAD_ID, API_KEY],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": WANTED},
                    "application/x-www-form-urlencoded": {"schema": WANTED},
                },
            },
            "responses": {
                "200": {
                    "description": "It is decided, now or before: asked again, the answer is the same.",
                    "content": _MADE,
                },
                "202": {"description": "It waits for a person.", "content": _MADE},
                **refused(
                    "malformed-body",
                    "caller-unknown",
                    "not-found",
                    "lead-not-sold",
                    "return-too-late",
                    "too-many-returns",
                    "illegal-transition",
                    "body-too-large",
                    "unsupported-media-type",
                    "invalid-request",
                    "return-reason-unknown",
                    "claim-contention",
                    "store-unavailable",
                ),
            },
        },
    },
}
