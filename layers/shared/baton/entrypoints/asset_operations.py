"""How the OpenAPI document describes what web sites include."""

from typing import Any, Final

ASSET_OPERATIONS: Final[dict[str, dict[str, Any]]] = {
    "/v1/baton.js": {
        "get": {
            "tags": ["leads"],
            "summary": "The script that makes a web site's form a reliable source of leads",
            "operationId": "read_script",
            "security": [],
            "parameters": [
                {
                    "name": "If-None-Match",
                    "in": "header",
                    "required": False,
                    "description": "The ETag of the version that is there already.",
                    "schema": {"type": "string"},
                }
            ],
            "responses": {
                "200": {
                    "description": "The script, the same for every site.",
                    "headers": {
                        "ETag": {"schema": {"type": "string"}},
                        "Cache-Control": {"schema": {"type": "string"}},
                    },
                    "content": {"text/javascript": {"schema": {"type": "string"}}},
                },
                "304": {"description": "It has not changed."},
            },
        },
    },
}
