"""The local AWS with the real stack, for benchmarks that need one: a fresh one, removed afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config

from baton.domain.documents import Configured
from local.demo import write
from local.deploy import STAGE, api_url, build, deploy
from local.emulator import Emulator

ROOT: Final = Path(__file__).resolve().parent.parent
CONNECTIONS: Final = 128


@dataclass(frozen=True)
class Cloud:
    """A running stack and how to reach it."""

    emulator: Emulator
    outputs: dict[str, str]
    api_url: str

    def client(self, service: str) -> Any:
        """A client with an administrator's rights."""
        config = Config(max_pool_connections=CONNECTIONS, retries={"total_max_attempts": 1})
        return boto3.client(service, config=config, **self.emulator.client_options())

    def configure(self, *documents: Configured) -> None:
        """Store configuration."""
        write(self.client("dynamodb"), self.outputs["ConfigTable"], documents)


@contextmanager
def cloud() -> Iterator[Cloud]:
    """A stack of its own."""
    with tempfile.TemporaryDirectory() as folder, Emulator(Path(folder)) as emulator:
        build(ROOT, ROOT / ".local")
        outputs = deploy(emulator, "baton-bench", ROOT / ".local", api_id="batonbench")
        emulator_cloud = Cloud(emulator, outputs, api_url(emulator, "batonbench", STAGE))
        emulator_cloud.client("ses").verify_email_identity(EmailAddress=outputs["SenderToVerify"])
        yield emulator_cloud


def point_baton_at(stack: Cloud) -> None:
    """Let baton.bootstrap in this process use that stack."""
    os.environ.update(
        stack.emulator.env()
        | {
            "LEADS_TABLE": stack.outputs["LeadsTable"],
            "CONFIG_TABLE": stack.outputs["ConfigTable"],
            "LEDGER_TABLE": stack.outputs["LedgerTable"],
            "STATE_MACHINE_ARN": stack.outputs["WorkflowArn"],
            "ALERT_TOPIC_ARN": stack.outputs["AlertTopicArn"],
            "SENDER_EMAIL": stack.outputs["SenderToVerify"],
            "MAIL_EVENTS": "",
            "RETELL_QUEUE_URL": "",
            "SECRETS_PATH": "/baton/secrets",
            "PUBLIC_URL": stack.api_url,
            "SIGNING_SECRET_ID": stack.client("secretsmanager").list_secrets()["SecretList"][0]["ARN"],
        }
    )
