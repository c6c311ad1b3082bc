"""How the OpenAPI document describes hooks, which platforms call and which read for themselves."""

from typing import Any, Final

from baton.domain.hooks.enquiry import Format
from baton.entrypoints.public_operations import refused
from baton.entrypoints.vendor_schemas import SOURCE_ID

FORMAT: Final = {
    "name": "format",
    "in": "path",
    "required": True,
    "description": "Whose hook it is.",
    "schema": {"type": "string", "enum": [str(one) for one in Format]},
}
ANYTHING: Final = {"schema": {"type": "object"}}
XML: Final = {"schema": {"type": "string"}}
_REFUSED: Final = (
    "malformed-body",
    "caller-unknown",
    "source-inactive",
    "not-found",
    "body-too-large",
    "invalid-lead",
    "source-limit-reached",
    "store-unavailable",
)

HOOK_OPERATIONS: Final[dict[str, dict[str, Any]]] = {
    "/v1/sources/{source_id}/hooks/{format}": {
        "get": {
            "tags": ["hooks"],
            "summary": "Prove to a platform that the address is ours",
            "operationId": "answer_challenge",
            "security": [],
            "parameters": [
                SOURCE_ID,
                FORMAT,
                *(
                    {"name": name, "in": "query", "schema": {"type": "string"}}
                    for name in ("hub.mode", "hub.challenge", "hub.verify_token", "challengeCode")
                ),
            ],
            "responses": {
                "200": {
                    "description": "What the platform expects: text for Meta, JSON for LinkedIn.",
                    "content": {"text/plain": XML, "application/json": ANYTHING},
                },
                **refused("caller-unknown", "source-inactive", "not-found", "store-unavailable"),
            },
        },
        "post": {
            "tags": ["hooks"],
            "summary": "Take what a platform sends",
            "operationId": "take_hook",
            "security": [],
            "parameters": [SOURCE_ID, FORMAT],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": ANYTHING,
                    "application/x-www-form-urlencoded": ANYTHING,
                    "application/xml": XML,
                    "message/rfc822": XML,
                },
            },
            "responses": {
                "200": {
                    "description": "It is stored: as a lead, or as a note that one has to be fetched.",
                    "content": {"application/json": ANYTHING},
                },
                **refused(*_REFUSED),
            },
        },
    }
}
