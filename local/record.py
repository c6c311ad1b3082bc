"""What runs where: `.local/stack.json`, for whoever wants to talk to the local stack."""

import json
from pathlib import Path
from typing import Any

from local import deploy
from local.emulator import REGION, Emulator

HOME = Path(__file__).resolve().parent.parent / ".local"
# There while the stack runs. Left behind, it means that the last run did not end cleanly.
RECORD = HOME / "stack.json"
# What the kept state was deployed from, and whether the demo is in it.
DEPLOYED = HOME / "deployed.json"
STACK_NAME = "baton-local"
Stack = dict[str, Any]


def record_of(emulator: Emulator, outputs: deploy.Outputs, inbox_port: int) -> Stack:
    """The record of a deployed stack."""
    inbox = f"http://localhost:{inbox_port}"
    return {
        "api_url": deploy.api_url(emulator),
        "emulator_pid": emulator.pid,
        "emulator_url": emulator.url,
        "form_url": f"{inbox}/form",
        "inbox_port": inbox_port,
        "inbox_url": f"{inbox}/",
        "outputs": outputs,
        "port": emulator.port,
        "region": REGION,
        "stack_name": STACK_NAME,
        "tables": {kind: outputs.get(f"{kind.title()}Table", "") for kind in ("leads", "config", "ledger")},
    }


def emulator_of(stack: Stack) -> Emulator:
    """The emulator that a record names."""
    return Emulator(HOME / "emulator", stack["port"], persist=True, pid=stack["emulator_pid"])


def urls(stack: Stack) -> str:
    """The four places to go to."""
    return (
        f"  console    {stack['api_url']}/console/\n  demo form  {stack['form_url']}\n"
        f"  inbox      {stack['inbox_url']}\n  API        {stack['api_url']}"
    )


def read(path: Path) -> Stack | None:
    """A file's record; None if it is not there or is no record."""
    try:
        record = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def write(path: Path, record: Stack) -> None:
    """Write a record so that a reader sees the old one or the new one, never a part."""
    half = path.with_suffix(".part")
    half.write_text(json.dumps(record, indent=2) + "\n")
    half.replace(path)
