"""How the OpenAPI document describes what needs no sign-in: intake and offers, which route and read by themselves."""

from typing import Any, Final

from baton.entrypoints.problems import PROBLEMS

PROBLEM: Final = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
PAGE: Final = {"text/html": {"schema": {"type": "string"}}}
SOURCE_ID: Final = {
    "name": "source_id",
    "in": "path",
    "required": True,
    "description": "The source that the lead comes from.",
    "schema": {"type": "string"},
}
TOKEN: Final = {
    "name": "token",
    "in": "path",
    "required": True,
    "description": "From the link that the rep got.",
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body gives the same lead, however often it is sent.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
LEAD: Final = {
    "type": "object",
    "title": "Lead as it is sent",
    "description": (
        "Names of contact fields (email, phone, first_name, last_name, state, ...) are understood however they are"
        " spelt; consent and attribution (utm_source, gclid, ...) likewise. Every other field becomes an attribute."
    ),
    "properties": {
        "_redirect": {
            "type": "string",
            "format": "uri",
            "description": "Where a plain form's browser goes afterwards, on a web site that the source lists.",
        }
    },
    "additionalProperties": True,
}
RECEIPT: Final = {
    "type": "object",
    "title": "Receipt",
    "required": ["lead_id", "status"],
    "properties": {
        "lead_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "status": {"type": "string", "description": "The lead's state, such as `received` or `duplicate`."},
    },
}
ANSWER: Final = {
    "type": "object",
    "required": ["answer"],
    "properties": {"answer": {"type": "string", "enum": ["accept", "decline", "undo"]}},
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


PUBLIC_OPERATIONS: Final[dict[str, dict[str, Any]]] = {
    "/v1/sources/{source_id}/leads": {
        "post": {
            "tags": ["leads"],
            "summary": "Take a lead in",
            "operationId": "take_lead_in",
            "security": [],
            "parameters": [SOURCE_ID, IDEMPOTENCY_KEY],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": LEAD},
                    "application/x-www-form-urlencoded": {"schema": LEAD},
                },
            },
            "responses": {
                "202": {
                    "description": "The lead is stored. A browser that sent a plain form gets a page.",
                    "content": {"application/json": {"schema": RECEIPT}, **PAGE},
                },
                "303": {"description": "The lead is stored, and the browser goes to `_redirect`."},
                **refused(
                    "malformed-body",
                    "invalid-idempotency-key",
                    "source-inactive",
                    "origin-refused",
                    "not-found",
                    "body-too-large",
                    "unsupported-media-type",
                    "invalid-lead",
                    "idempotency-key-reused",
                    "store-unavailable",
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
