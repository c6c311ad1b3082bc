"""How the OpenAPI document describes the endpoint for systems that say what became of a source's leads."""

from typing import Any, Final

from baton.domain.documents import ID_PATTERN
from baton.domain.outcome import MAX_VALUE_CENTS, Outcome
from baton.entrypoints.outcomes import MAX_REPORTS
from baton.entrypoints.public_operations import PROBLEM, refused
from baton.entrypoints.vendor_schemas import SENT_BY

REPORT: Final = {
    "type": "object",
    "title": "Report",
    "description": "The lead is named by `lead_id`, by `external_id`, or by `email` and `phone` (either or both).",
    "required": ["outcome"],
    "properties": {
        "lead_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "external_id": {
            "type": "string",
            "pattern": "^[!-~]{1,128}$",
            "description": "What the lead was sent with. The newest lead of it is meant.",
        },
        "email": {"type": "string", "description": "The person's newest lead that somebody has is meant."},
        "phone": {"type": "string", "description": "As `email`; alone for leads that have no address."},
        "outcome": {"type": "string", "enum": [str(outcome) for outcome in Outcome]},
        "id": {
            "type": "string",
            "pattern": "^[!-~]{1,128}$",
            "description": "The sender's own name of this report: sent again it counts once.",
        },
        "at": {"type": "string", "format": "date-time", "description": "When it happened; by default now."},
        "value_cents": {
            "type": "integer",
            "minimum": 0,
            "maximum": MAX_VALUE_CENTS,
            "description": "What the lead was worth, with `converted`.",
        },
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "description": "By default the lead's."},
        "reason": {"type": "string", "maxLength": 200, "description": "With `lost` and `returned`."},
    },
    "additionalProperties": False,
}
MANY: Final = {
    "type": "object",
    "title": "Reports",
    "required": ["outcomes"],
    "properties": {"outcomes": {"type": "array", "minItems": 1, "maxItems": MAX_REPORTS, "items": REPORT}},
    "additionalProperties": False,
}
_LEAD: Final = {"lead_id": {"type": "string"}, "state": {"type": "string"}}
HEARD: Final = {
    "type": "object",
    "title": "Lead after its report",
    "required": ["lead_id", "state"],
    "properties": _LEAD,
}
ALL_HEARD: Final = {
    "type": "object",
    "title": "Answers to reports",
    "required": ["failed", "outcomes"],
    "properties": {
        "failed": {"type": "integer", "description": "How many have a `problem`."},
        "outcomes": {
            "type": "array",
            "description": "One for each report, in their order.",
            "items": {
                "type": "object",
                "required": ["status"],
                "properties": {
                    "status": {"type": "integer", "description": "What the report alone would have had."},
                    **_LEAD,
                    "problem": PROBLEM["application/problem+json"]["schema"],
                },
            },
        },
    },
}

HEEDED: Final = {
    "type": "object",
    "title": "What came of a webhook",
    "required": ["heard", "recorded"],
    "properties": {
        "heard": {"type": "integer", "description": "Records of leads that it told of."},
        "recorded": {"type": "integer", "description": "Of how many something new is known now."},
    },
}

OUTCOME_OPERATIONS: Final[dict[str, dict[str, Any]]] = {
    "/v1/subscriptions/{subscription_id}/outcomes": {
        "post": {
            "tags": ["leads"],
            "summary": "Take a CRM's webhook: what people did with leads there",
            "operationId": "heed_system",
            "security": [],
            "parameters": [
                {
                    "name": "subscription_id",
                    "in": "path",
                    "required": True,
                    "description": "The subscription whose connector tells the CRM.",
                    "schema": {"type": "string", "pattern": ID_PATTERN},
                }
            ],
            "requestBody": {"required": True, "content": {"application/json": {"schema": {}}}},
            "responses": {
                "200": {
                    "description": "What is new is recorded.",
                    "content": {"application/json": {"schema": HEEDED}},
                },
                **refused(
                    "malformed-body",
                    "caller-unknown",
                    "not-found",
                    "body-too-large",
                    "claim-contention",
                    "store-unavailable",
                ),
            },
        },
    },
    "/v1/sources/{source_id}/outcomes": {
        "post": {
            "tags": ["leads"],
            "summary": "Say what became of a source's leads",
            "operationId": "hear_outcomes",
            "security": [],
            "parameters": SENT_BY,
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"anyOf": [REPORT, MANY]}}},
            },
            "responses": {
                "200": {
                    "description": "It is recorded; of many reports, each was answered by itself.",
                    "content": {"application/json": {"schema": {"anyOf": [HEARD, ALL_HEARD]}}},
                },
                **refused(
                    "malformed-body",
                    "invalid-idempotency-key",
                    "caller-unknown",
                    "not-found",
                    "illegal-transition",
                    "outcome-id-reused",
                    "body-too-large",
                    "unsupported-media-type",
                    "invalid-request",
                    "invalid-outcome",
                    "claim-contention",
                    "store-unavailable",
                ),
            },
        },
    },
}
