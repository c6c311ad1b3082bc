"""The demo: what `make run` fills a new stack with, through the API, as any configuration file (see docs/api.md)."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import boto3
import yaml

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.parameter_secrets import ParameterSecrets
from baton.application.call_buyers import secret_name
from baton.domain.campaign import Campaign
from baton.domain.documents import Configured
from baton.domain.editing import plain
from baton.domain.plan import Plan
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from local import deploy, users
from local.buyers_auth import SECRETS
from local.emulator import ACCESS_KEY, SECRET_KEY

FILE: Final = Path(__file__).with_name("demo.yaml")
FORM_SOURCE: Final = "web-form"
SECTIONS: Final[dict[str, type[Configured]]] = {
    "recipients": Recipient,
    "pools": Pool,
    "plans": Plan,
    "campaigns": Campaign,
    "sources": Source,
}
TIMEOUT_S: Final = 60.0


def documents(file: Path = FILE, buyers_port: int = 0) -> list[Configured]:
    """The configuration in that file, with its buyers on that port. Raises ValidationError where it is wrong."""
    found = yaml.safe_load(file.read_text().replace("{buyers_port}", str(buyers_port)))
    return [kind.model_validate(entry) for name, kind in SECTIONS.items() for entry in found.get(name, [])]


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
    buyers = documents(buyers_port=stack["buyers_port"])
    store_secrets(boto3.client("ssm", **options), f"/{stack['stack_name']}/secrets", buyers)
    upload(stack["api_url"], users.token(stack, "admin"), sections(stack["inbox_port"], stack["buyers_port"]))


def store_secrets(client: Any, path: str, wanted: Iterable[Configured]) -> None:
    """Store the keys that the simulated buyers ask for, as a person would through the API."""
    secrets = ParameterSecrets(client, path)
    for document in wanted:
        if isinstance(document, Recipient) and document.buyer:
            for name in document.buyer.secrets:
                secrets.put(secret_name(document.id, name), SECRETS[name])


def sections(inbox_port: int, buyers_port: int) -> dict[str, list[dict[str, Any]]]:
    """The demo as the API takes it."""
    wanted = with_form(documents(buyers_port=buyers_port), inbox_port)
    return {
        name: [plain(document) for document in wanted if isinstance(document, kind)]
        for name, kind in SECTIONS.items()
    }


def upload(api_url: str, token: str, configuration: Mapping[str, Any]) -> dict[str, int]:
    """Import a configuration through the API; returns what changed, counted. Raises DeployFailed."""
    request = urllib.request.Request(
        f"{api_url}/v1/configuration",
        json.dumps(configuration).encode(),
        {"Authorization": token, "Content-Type": "application/json"},
        method="PUT",
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        with error:
            raise deploy.DeployFailed(f"The demo was refused: {error.read().decode()}") from None
