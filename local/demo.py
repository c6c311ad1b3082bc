"""The demo: what `make run` fills a new stack with.

The same file format configures a stack on AWS: `python -m local.demo --table CONFIG_TABLE FILE.yaml`.
"""

import argparse
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
FORM_SOURCE: Final = "web-form"
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


def with_form(wanted: Iterable[Configured], inbox_port: int) -> list[Configured]:
    """The configuration, with the demo form on that port among the web sites that may post leads."""
    origins = tuple(f"http://{host}:{inbox_port}" for host in ("localhost", "127.0.0.1"))
    return [
        document.model_copy(update={"allowed_origins": (*document.allowed_origins, *origins)})
        if isinstance(document, Source) and document.id == FORM_SOURCE
        else document
        for document in wanted
    ]


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
    wanted = with_form(documents(), stack["inbox_port"])
    write(boto3.client("dynamodb", **options), stack["tables"]["config"], wanted)


def main() -> int:
    """Store a configuration file in the Config table of a stack, with the AWS credentials of the environment."""
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=main.__doc__)
    parser.add_argument("--table", required=True, help="the stack's output ConfigTable")
    parser.add_argument("file", type=Path, help="a configuration such as local/demo.yaml")
    given = parser.parse_args()
    wanted = documents(given.file)
    write(boto3.client("dynamodb"), given.table, wanted)
    print(f"Stored {len(wanted)} documents.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
