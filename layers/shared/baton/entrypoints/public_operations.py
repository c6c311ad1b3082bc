"""How the OpenAPI document describes what needs no sign-in: leads, pings and offers, which read for themselves."""

from typing import Any, Final

from baton.entrypoints.problems import PROBLEMS
from baton.entrypoints.vendor_schemas import (
    LEAD,
    NO_PRICE,
    PING,
    PREFER,
    PRICED,
    RECEIPT,
    SENT_BY,
    SOURCE_ID,
    VERDICT,
)

PROBLEM: Final = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
PAGE: Final = {"text/html": {"schema": {"type": "string"}}}
TOKEN: Final = {
    "name": "token",
    "in": "path",
    "required": True,
    "description": "From the link that the rep got.",
    "schema": {"type": "string"},
}
ANSWER: Final = {
    "type": "object",
    "description": "An answer to the offer, or, of a lead that the rep has, how it goes.",
    "properties": {
        "answer": {"type": "string", "enum": ["accept", "decline", "undo"]},
        "progress": {"type": "string", "enum": ["called", "no_answer", "won", "lost"]},
        "seen": {"type": "integer", "description": "With `progress`: as the page has it."},
    },
}

WISH: Final = {
    "type": "object",
    "required": ["wish"],
    "properties": {
        "wish": {"type": "string", "enum": ["back", "away", "pause", "by_both", "by_sms", "by_email"]},
        "until": {
            "type": "string",
            "description": "With `away`: a day and time on the rep's own clock, as `2026-11-23T08:00`.",
        },
    },
}


def refused(*codes: str) -> dict[str, Any]:
    """Responses that say no, by status."""
    by_status: dict[str, list[str]] = {}
    for code in codes:
        by_status.setdefault(str(PROBLEMS[code][0]), []).append(f"`urn:baton:{code}`")
    return {
        status: {"description": ", ".join(types), "content": PROBLEM} for status, types in by_status.items()
    }


_ALWAYS: Final = (
    "malformed-body",
    "invalid-idempotency-key",
    "caller-unknown",
    "source-inactive",
    "not-found",
    "body-too-large",
    "unsupported-media-type",
    "invalid-request",
    "idempotency-key-reused",
    "source-limit-reached",
    "store-unavailable",
)
"""What a request to a source may be refused for, a lead or a ping."""

PUBLIC_OPERATIONS: Final[dict[str, dict[str, Any]]] = {
    "/v1/sources/{source_id}/leads": {
        "post": {
            "tags": ["leads"],
            "summary": "Take a lead in",
            "operationId": "take_lead_in",
            "security": [],
            "parameters": [*SENT_BY, PREFER],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": LEAD},
                    "application/x-www-form-urlencoded": {"schema": LEAD},
                },
            },
            "responses": {
                "200": {
                    "description": "The lead is stored and settled, for a caller that waited.",
                    "content": {"application/json": {"schema": VERDICT}},
                },
                "202": {
                    "description": "The lead is stored. A browser that sent a plain form gets a page.",
                    "content": {"application/json": {"schema": {"anyOf": [RECEIPT, VERDICT]}}, **PAGE},
                },
                "303": {"description": "The lead is stored, and the browser goes to `_redirect`."},
                **refused(
                    *_ALWAYS,
                    "origin-refused",
                    "ping-used",
                    "ping-expired",
                    "ping-mismatch",
                    "invalid-lead",
                ),
            },
        },
        "options": {
            "tags": ["leads"],
            "summary": "Whether a page of another web site may post here",
            "operationId": "ask_to_post",
            "security": [],
            "parameters": [SOURCE_ID],
            "responses": {
                "204": {"description": "It may."},
                "403": {"description": "It may not."},
                **refused("not-found"),
            },
        },
    },
    "/v1/sources/{source_id}/pings": {
        "post": {
            "tags": ["leads"],
            "summary": "Ask what a lead would bring, before it is sent",
            "operationId": "ask_for_price",
            "security": [],
            "parameters": SENT_BY,
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": PING},
                    "application/x-www-form-urlencoded": {"schema": PING},
                },
            },
            "responses": {
                "200": {
                    "description": "A price that holds until it expires, or why there is none.",
                    "content": {"application/json": {"schema": {"anyOf": [PRICED, NO_PRICE]}}},
                },
                **refused(*_ALWAYS, "ping-expired", "invalid-ping"),
            },
        },
    },
    "/v1/offers/{token}": {
        "get": {
            "tags": ["offers"],
            "summary": "Show an offer to its rep",
            "operationId": "show_offer",
            "security": [],
            "parameters": [TOKEN],
            "responses": {
                "200": {"description": "The offer, and what can be answered.", "content": PAGE},
                "default": {"description": "A page that says why there is no offer.", "content": PAGE},
            },
        },
        "post": {
            "tags": ["offers"],
            "summary": "Accept or decline an offer, or take that back",
            "operationId": "answer_offer",
            "security": [],
            "parameters": [TOKEN],
            "requestBody": {
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": ANSWER}},
            },
            "responses": {
                "200": {"description": "What became of it.", "content": PAGE},
                "default": {"description": "A page that says why not.", "content": PAGE},
            },
        },
    },
    "/v1/offers/{token}/settings": {
        "get": {
            "tags": ["offers"],
            "summary": "Show a rep's own settings",
            "operationId": "show_settings",
            "security": [],
            "parameters": [TOKEN],
            "responses": {
                "200": {"description": "How things stand, and what can be chosen.", "content": PAGE},
                "default": {"description": "A page that says why there is nothing.", "content": PAGE},
            },
        },
        "post": {
            "tags": ["offers"],
            "summary": "Pause, be away, come back, or hear of leads in another way",
            "operationId": "change_settings",
            "security": [],
            "parameters": [TOKEN],
            "requestBody": {
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": WISH}},
            },
            "responses": {
                "200": {"description": "How things stand now, and why if not as wished.", "content": PAGE},
                "default": {"description": "A page that says why not.", "content": PAGE},
            },
        },
    },
}
