"""How the OpenAPI document describes the web console's files."""

from typing import Any, Final

_TEXT: Final = {"schema": {"type": "string"}}
WEB_SITE_OPERATIONS: Final[dict[str, dict[str, Any]]] = {
    "/console": {
        "get": {
            "tags": ["console"],
            "summary": "The web console, for people",
            "operationId": "read_console",
            "security": [],
            "responses": {
                "200": {
                    "description": "The page, asked for with a slash at the end.",
                    "content": {"text/html": _TEXT},
                },
                "304": {"description": "It has not changed."},
                "308": {"description": "To the page, asked for without."},
            },
        },
    },
    "/console/{file}": {
        "get": {
            "tags": ["console"],
            "summary": "A file of the web console, which never changes",
            "operationId": "read_console_file",
            "security": [],
            "parameters": [
                {
                    "name": "file",
                    "in": "path",
                    "required": True,
                    "description": "Its name, with a hash of its content.",
                    "schema": {"type": "string"},
                }
            ],
            "responses": {
                "200": {
                    "description": "The file.",
                    "content": {"text/javascript": _TEXT, "text/css": _TEXT, "image/svg+xml": _TEXT},
                },
                "404": {"description": "There is none, or it was of an earlier version."},
            },
        },
    },
}
