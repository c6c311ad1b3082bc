"""How the OpenAPI document describes the endpoint for buttons that were pressed in Slack."""

from typing import Any, Final

from baton.entrypoints.public_operations import refused

PRESS: Final = {
    "type": "object",
    "required": ["payload"],
    "properties": {
        "payload": {
            "type": "string",
            "description": "JSON, as Slack sends it of a block's buttons. What else it tells of is ignored.",
        }
    },
}

PRESS_OPERATIONS: Final[dict[str, dict[str, Any]]] = {
    "/v1/slack/actions": {
        "post": {
            "tags": ["offers"],
            "summary": "Take a rep's answer from Slack, which signs what it sends",
            "operationId": "press_button",
            "security": [],
            "parameters": [
                {
                    "name": name,
                    "in": "header",
                    "required": True,
                    "description": description,
                    "schema": {"type": "string"},
                }
                for name, description in (
                    ("X-Slack-Request-Timestamp", "Seconds since 1970, at most five minutes from now."),
                    ("X-Slack-Signature", "`v0=` and the HMAC-SHA256 of `v0:<time>:<body>` in hex."),
                )
            ],
            "requestBody": {
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": PRESS}},
            },
            "responses": {
                "200": {"description": "Heard. What came of it is shown in Slack."},
                **refused(
                    "caller-unknown",
                    "malformed-body",
                    "body-too-large",
                    "unsupported-media-type",
                    "store-unavailable",
                ),
            },
        }
    }
}
