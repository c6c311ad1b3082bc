"""Build and deploy the real template with the real SAM CLI, to the local AWS.

Separate from a build for AWS in `.aws-sam`: there the layer holds arm64 modules, here this machine's.
"""

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from local import process
from local.emulator import Emulator

ROOT = Path(__file__).resolve().parent.parent
SAM = ROOT / ".tools" / "sam" / "bin" / "sam"
INPUTS = ("functions", "layers", "infra")
API_ID = "batonlocal"
STAGE = "dev"
SENDER_EMAIL = "leads@baton.example"
ALERT_EMAIL = "alerts@baton.example"
OUTPUT_LINES_SHOWN = 25
# Somebody's own settings; and what keeps Python from keeping compiled modules: the CLI compiles 2,300 at every start.
NOT_INHERITED = ("AWS_", "SAM_CLI_", "PYTHONDONTWRITEBYTECODE")
# It polls every 5 seconds of its own accord.
SAM_ENVIRON = {"AWS_DEFAULT_REGION": "us-east-1", "SAM_CLI_POLL_DELAY": "0.2", "SAM_CLI_TELEMETRY": "0"}
Outputs = dict[str, str]


class DeployFailed(Exception):
    """The SAM CLI said no; the text is the end of what it said."""


def build(root: Path, out: Path) -> str:
    """Build into `out/build` unless that is done already; returns the fingerprint of what was built."""
    with process.only_one(out / "build.lock"):
        fingerprint, stamp = fingerprint_of(root), out / "build.stamp"
        if stamp.exists() and stamp.read_text() == fingerprint and (out / "build" / "template.yaml").exists():
            return fingerprint
        stamp.unlink(missing_ok=True)
        folders = ["--build-dir", str(out.resolve() / "build"), "--cache-dir", str(out.resolve() / "cache")]
        template = ["--template-file", str(root.resolve() / "infra" / "template.yaml")]
        _sam(["build", *template, *folders, "--cached", "--parallel"], out, {"BATON_LAYER_PLATFORM": "host"})
        stamp.write_text(fingerprint)
        return fingerprint


def deploy(
    emulator: Emulator,
    stack_name: str,
    out: Path,
    *,
    api_id: str = API_ID,
    parameters: Mapping[str, str] | None = None,
) -> Outputs:
    """Deploy what was built in `out`; returns the stack's outputs. Raises DeployFailed."""
    remove_failed(emulator, stack_name)
    values = {
        "Stage": STAGE,
        "SenderEmail": SENDER_EMAIL,
        "AlertEmail": ALERT_EMAIL,
        "PublicUrl": api_url(emulator, api_id),
        "LocalBuyers": "true",
        "LocalLogin": emulator.url,
        **(parameters or {}),
    }
    _sam(
        [
            "deploy",
            *("--template-file", str(out.resolve() / "build" / "template.yaml")),
            *("--stack-name", stack_name),
            *("--capabilities", "CAPABILITY_IAM", "--resolve-s3"),
            *("--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"),
            # MiniStack gives a REST API the id that this tag names: its URL is known before it exists.
            *("--tags", f"ms-custom-id={api_id}"),
            *("--parameter-overrides", *(f"{name}={value}" for name, value in values.items())),
        ],
        out,
        emulator.env(),
    )
    outputs = outputs_of(emulator, stack_name)
    if outputs is None:
        raise DeployFailed(f"The stack {stack_name} is not there after its deployment.")
    return outputs


def api_url(emulator: Emulator, api_id: str = API_ID, stage: str = STAGE) -> str:
    """Where the API of a stack deployed here answers."""
    return f"{emulator.url}/_aws/execute-api/{api_id}/{stage}"


def outputs_of(emulator: Emulator, stack_name: str) -> Outputs | None:
    """The outputs of a completely deployed stack; None if there is no such stack."""
    stack = _describe(emulator, stack_name)
    if not stack or not str(stack["StackStatus"]).endswith(("CREATE_COMPLETE", "UPDATE_COMPLETE")):
        return None
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def remove_failed(emulator: Emulator, stack_name: str) -> None:
    """Delete a stack whose first deployment failed: CloudFormation takes no update to such a one."""
    stack = _describe(emulator, stack_name)
    if stack and stack["StackStatus"] in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"):
        client = boto3.client("cloudformation", **emulator.client_options())
        client.delete_stack(StackName=stack_name)
        client.get_waiter("stack_delete_complete").wait(StackName=stack_name, WaiterConfig={"Delay": 1})


def fingerprint_of(root: Path) -> str:
    """A hash over everything that goes into a build."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in INPUTS for path in (root / folder).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _describe(emulator: Emulator, stack_name: str) -> dict[str, Any] | None:
    client = boto3.client("cloudformation", **emulator.client_options())
    try:
        return dict(client.describe_stacks(StackName=stack_name)["Stacks"][0])
    except ClientError:
        return None


def _sam(arguments: list[str], out: Path, env: Mapping[str, str]) -> None:
    """Run the SAM CLI with this project's Python 3.13 and an empty configuration. Raises DeployFailed."""
    out.mkdir(parents=True, exist_ok=True)
    config = out.resolve() / "samconfig.toml"
    config.write_text("version = 0.1\n")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
    path = os.pathsep.join([str(ROOT / ".venv" / "bin"), os.environ.get("PATH", "")])
    done = subprocess.run(
        [str(SAM), *arguments, "--config-file", str(config)],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=out,
        env={**inherited, **SAM_ENVIRON, "PATH": path, **env},
    )
    (out / f"sam-{arguments[0]}.log").write_text(done.stdout)
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-OUTPUT_LINES_SHOWN:])
        raise DeployFailed(f"`sam {arguments[0]}` failed:\n{tail}")
