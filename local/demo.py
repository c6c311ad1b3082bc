"""The demo: what `make run` fills a new stack with."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import boto3
import yaml

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.domain.campaign import Campaign
from baton.domain.documents import Configured
from baton.domain.plan import Plan, PublishedPlan
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from local.emulator import ACCESS_KEY, SECRET_KEY

FILE: Final = Path(__file__).with_name("demo.yaml")
SECTIONS: Final[dict[str, type[Configured]]] = {
    "recipients": Recipient,
    "pools": Pool,
    "plans": Plan,
    "published_plans": PublishedPlan,
    "campaigns": Campaign,
    "sources": Source,
}
"""In the order of reference: whoever reads meanwhile never finds a name without its document."""


def documents(file: Path = FILE) -> list[Configured]:
    """The configuration in that file. Raises pydantic's ValidationError where it is wrong."""
    sections = yaml.safe_load(file.read_text())
    return [kind.model_validate(entry) for name, kind in SECTIONS.items() for entry in sections.get(name, [])]


def write(client: Any, table: str, wanted: Iterable[Configured]) -> None:
    """Store configuration in that Config table."""
    configuration = DynamoConfiguration(client, table)
    for document in wanted:
        configuration.put(document)


def seed(stack: dict[str, Any]) -> None:
    """Fill the running stack with the demo; doing it again changes nothing. Verifies the sender's address too."""
    options: dict[str, Any] = {
        "endpoint_url": stack["emulator_url"],
        "region_name": stack["region"],
        "aws_access_key_id": ACCESS_KEY,
        "aws_secret_access_key": SECRET_KEY,
    }
    boto3.client("ses", **options).verify_email_identity(EmailAddress=stack["outputs"]["SenderToVerify"])
    write(boto3.client("dynamodb", **options), stack["tables"]["config"], documents())
