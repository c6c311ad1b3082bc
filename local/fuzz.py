"""Send the API what its OpenAPI document allows, and what it forbids: `python -m local.fuzz [MINUTES]`.

On a local AWS of its own, filled with the demo, so that whatever is sent harms nobody. Schemathesis makes the requests
and looks at every answer; an answer that blames us, a 5xx, is a failure. Its report lies in `.local/fuzz`.
"""

import json
import os
import shutil
import subprocess
import sys
from typing import Any, Final

import boto3

from local import demo, deploy, openapi, users
from local.emulator import Emulator
from local.process import free_port
from local.record import HOME, STACK_NAME, record_of

HERE: Final = HOME / "fuzz"
SCHEMATHESIS: Final = deploy.ROOT / ".tools" / "fuzz" / "bin" / "schemathesis"
DEFAULT_MINUTES: Final = 5
MAX_MINUTES: Final = 120
UNKNOWN: Final = "nobody-knows-this"
KINDS: Final = {
    "source_id": "sources",
    "campaign_id": "campaigns",
    "recipient_id": "recipients",
    "pool_id": "pools",
    "plan_id": "plans",
}
"""The section of the demo in which the ids of a path's parameter stand."""


def main(arguments: list[str]) -> int:
    """Fuzz for so many minutes; returns the exit code."""
    minutes = arguments[0] if arguments else str(DEFAULT_MINUTES)
    if len(arguments) > 1 or not minutes.isdecimal() or not 1 <= int(minutes) <= MAX_MINUTES:
        print(f"usage: python -m local.fuzz [MINUTES: 1 to {MAX_MINUTES}]", file=sys.stderr)
        return 2
    if not SCHEMATHESIS.exists():
        print("Schemathesis is not installed here. Run: python3 local/setup.py fuzz", file=sys.stderr)
        return 1
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir(parents=True)
    deploy.build(deploy.ROOT, HOME)
    with Emulator(HERE / "emulator") as emulator:
        stack = record_of(emulator, deploy.deploy(emulator, STACK_NAME, HOME), free_port())
        stack["buyers_port"] = free_port()
        users.create(stack)
        demo.seed(stack)
        return fuzz(stack, emulator, int(minutes))


def fuzz(stack: dict[str, Any], emulator: Emulator, minutes: int) -> int:
    """Run Schemathesis against the stack; returns its exit code."""
    leads = boto3.client("dynamodb", **emulator.client_options())
    schema = HERE / "openapi.json"
    schema.write_text(json.dumps(with_known_ids(openapi.document(), known_ids(stack, leads))))
    command = [
        str(SCHEMATHESIS),
        "run",
        str(schema),
        "--url",
        stack["api_url"],
        "--header",
        f"Authorization: {users.token(stack, 'admin')}",
        "--checks",
        "not_a_server_error",
        "--max-time",
        str(60 * minutes),
        "--continue-on-failure",
        "--suppress-health-check",
        "all",
        "--report",
        "junit,ndjson",
        "--report-dir",
        str(HERE / "report"),
    ]
    return subprocess.run(command, check=False, cwd=HERE, env={**os.environ, "NO_COLOR": "1"}).returncode


def known_ids(stack: dict[str, Any], dynamodb: Any) -> dict[str, list[str]]:
    """Ids of what there is, by the name of the parameter that takes them."""
    sections = demo.sections(stack["inbox_port"], stack["buyers_port"])
    ids = {name: [one["id"] for one in sections[section]] for name, section in KINDS.items()}
    rows = dynamodb.scan(TableName=stack["tables"]["leads"], ProjectionExpression="lead_id", Limit=200)
    found = sorted({row["lead_id"]["S"] for row in rows["Items"]})
    return {**ids, "lead_id": found or ["0" * 32]}


def with_known_ids(document: dict[str, Any], ids: dict[str, list[str]]) -> dict[str, Any]:
    """The document with what there is as the values of its paths' parameters, and something that there is not."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and parameter["name"] in ids:
                    parameter["schema"] = {"type": "string", "enum": [*ids[parameter["name"]], UNKNOWN]}
    return document


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
