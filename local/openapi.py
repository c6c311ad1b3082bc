"""The API as OpenAPI: `python -m local.openapi` writes docs/openapi.json, `--check` says whether it drifted.

What is behind the sign-in comes from the routes themselves; what is public is described beside its entrypoints.
"""

import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from aws_lambda_powertools.event_handler.openapi.models import APIKey, APIKeyIn

from baton.domain.errors import BatonError
from baton.entrypoints.asset_operations import ASSET_OPERATIONS
from baton.entrypoints.console.accounts import accounts_api
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.bodies import JSON, YAML
from baton.entrypoints.console.configuration import configuration_api
from baton.entrypoints.console.conservation import conservation_api
from baton.entrypoints.console.deliveries import deliveries_api
from baton.entrypoints.console.exploration import exploration_api
from baton.entrypoints.console.imports import imports_api
from baton.entrypoints.console.outcomes import outcomes_api
from baton.entrypoints.console.persons import persons_api
from baton.entrypoints.console.probes import probes_api
from baton.entrypoints.console.reassignments import reassignments_api
from baton.entrypoints.console.reports import reports_api
from baton.entrypoints.console.reviews import reviews_api
from baton.entrypoints.console.troubles import troubles_api
from baton.entrypoints.console.weights import weights_api
from baton.entrypoints.hook_operations import HOOK_OPERATIONS
from baton.entrypoints.outcome_operations import OUTCOME_OPERATIONS
from baton.entrypoints.press_operations import PRESS_OPERATIONS
from baton.entrypoints.public_operations import PUBLIC_OPERATIONS
from baton.entrypoints.return_operations import RETURN_OPERATIONS
from baton.entrypoints.web_site_operations import WEB_SITE_OPERATIONS

ROOT: Final = Path(__file__).resolve().parent.parent
FILE: Final = ROOT / "docs" / "openapi.json"
VERSION: Final = "3.1.0"
SIGN_IN: Final = "idToken"
# Powertools' own description of a refusal, which is never sent.
NOT_SENT: Final = {"HTTPValidationError", "ValidationError", "ResponseValidationError"}
OPERATIONS: Final = (
    ASSET_OPERATIONS
    | HOOK_OPERATIONS
    | OUTCOME_OPERATIONS
    | PRESS_OPERATIONS
    | PUBLIC_OPERATIONS
    | RETURN_OPERATIONS
    | WEB_SITE_OPERATIONS
)
"""What needs no sign-in."""
METHODS: Final = ("get", "post", "put", "delete", "options")


def main(arguments: list[str]) -> int:
    """Write the document, or compare it with what is written; returns the exit code."""
    text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if arguments == ["--check"]:
        if FILE.exists() and FILE.read_text(encoding="utf-8") == text:
            print("openapi: docs/openapi.json says what the routes do")
            return 0
        print(
            "docs/openapi.json is not what the routes do: write it anew with `make openapi`", file=sys.stderr
        )
        return 1
    if arguments:
        print("usage: python -m local.openapi [--check]", file=sys.stderr)
        return 2
    FILE.write_text(text, encoding="utf-8")
    print(f"wrote {FILE.relative_to(ROOT)}")
    return 0


def document() -> dict[str, Any]:
    """The whole API."""
    paths: dict[str, dict[str, Any]] = {path: dict(operations) for path, operations in OPERATIONS.items()}
    schemas: dict[str, Any] = {}
    for console in consoles():
        part = described(console)
        schemas |= part["components"]["schemas"]
        for path, operations in part["paths"].items():
            paths.setdefault(path, {}).update(operations)
    return {
        "openapi": VERSION,
        "info": {
            "title": "Baton",
            "version": tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"],
            "description": "Lead distribution. docs/api.md says how to sign in, page, and write without losing edits.",
        },
        "servers": [{"url": "/"}],
        "security": [{SIGN_IN: []}],
        "paths": {path: in_order(paths[path]) for path in sorted(paths)},
        "components": {
            "schemas": {name: schemas[name] for name in sorted(schemas)},
            "securitySchemes": {
                SIGN_IN: {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "A Cognito ID token of a user in the group admin or viewer.",
                }
            },
        },
    }


def consoles() -> Iterator[Console]:
    """Everything that is behind the sign-in, without the use cases that it would call."""
    yield configuration_api(_not_here, _not_here, _not_here)
    yield exploration_api(*[_not_here] * 8)
    yield outcomes_api(_not_here, _not_here)
    yield weights_api(_not_here)
    yield accounts_api(_not_here, _not_here, _not_here)
    yield probes_api(_not_here)
    yield imports_api(_not_here, _not_here, _not_here)
    yield reviews_api(_not_here, _not_here)
    yield persons_api(_not_here)
    yield reassignments_api(_not_here)
    yield troubles_api(_not_here)
    yield deliveries_api(_not_here)
    yield conservation_api(_not_here)
    yield reports_api(_not_here, _not_here)


def described(console: Console) -> dict[str, Any]:
    """What a console says of itself, in plain JSON."""
    scheme: dict[str, Any] = {SIGN_IN: APIKey(name="Authorization", **{"in": APIKeyIn.header})}
    text = console.resolver.get_openapi_json_schema(openapi_version=VERSION, security_schemes=scheme)
    # What is stored is what was sent: two descriptions of each document, one with its defaults, would only confuse.
    part = json.loads(text.replace("-Output", "").replace("-Input", ""))
    part["components"]["schemas"] = {
        name: schema for name, schema in part["components"]["schemas"].items() if name not in NOT_SENT
    }
    for schema in part["components"]["schemas"].values():
        for field in schema.get("properties", {}).values():
            if "default" in field:
                field["default"] = steady(field["default"])
    for operations in part["paths"].values():
        for operation in operations.values():
            complete(operation)
    return dict(part)


def steady(default: Any) -> Any:
    """A default value with its lists sorted: most were sets, and a set has another order in every process."""
    if isinstance(default, dict):
        return {name: steady(value) for name, value in default.items()}
    return sorted(default, key=json.dumps) if isinstance(default, list) else default


def complete(operation: dict[str, Any]) -> None:
    """Say what the resolver cannot know: that every body may be YAML, and that an import takes what an export gives."""
    content = operation.get("requestBody", {}).get("content")
    if not content:
        return
    if operation["operationId"] == "import_configuration":
        content[JSON]["schema"] = {"$ref": "#/components/schemas/ConfigurationFile"}
    content[YAML] = content[JSON]


def in_order(operations: dict[str, Any]) -> dict[str, Any]:
    """Operations by method, their responses by status."""
    return {
        method: {**operations[method], "responses": dict(sorted(operations[method]["responses"].items()))}
        for method in METHODS
        if method in operations
    }


def _not_here() -> Any:
    raise BatonError


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
