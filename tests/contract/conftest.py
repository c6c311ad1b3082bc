"""Both implementations of each port. A test that asks for one of these fixtures runs over memory and over AWS's API."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any

import pytest
from moto import mock_aws

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.adapters.dynamo_ledger import DynamoLedger
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_configuration import MemoryConfiguration
from baton.adapters.memory_ledger import MemoryLedger
from baton.application.archive import Configuration
from baton.application.ports import Leads, Ledger
from tests.contract.tables import create_tables
from tests.quick_moto import quick_moto, session


@dataclass
class Stores:
    """The three stores of one implementation, over the same rows."""

    leads: Leads
    ledger: Ledger
    configuration: Configuration


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """A maker of clients for a made-up account that starts empty."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    quick_moto(monkeypatch)
    with mock_aws():
        yield session().create_client


class OneAtATime:
    """A client whose every call is atomic, as DynamoDB's are: moto's calls are not, from several threads."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if not callable(found):
            return found

        def alone(*which: Any, **given: Any) -> Any:
            with self._lock:
                return found(*which, **given)

        return alone


@pytest.fixture
def dynamodb(aws: Callable[[str], Any]) -> Any:
    """A DynamoDB client, with the template's tables."""
    client = aws("dynamodb")
    create_tables(client)
    return OneAtATime(client)


@pytest.fixture
def on_dynamo(dynamodb: Any) -> Stores:
    """The stores in DynamoDB."""
    return dynamo_stores(dynamodb)


@pytest.fixture(params=["memory", "dynamo"])
def stores(request: pytest.FixtureRequest) -> Stores:
    """The stores, in memory and in DynamoDB."""
    if request.param == "dynamo":
        found = request.getfixturevalue("on_dynamo")
        assert isinstance(found, Stores)
        return found
    ledger = MemoryLedger()
    return Stores(MemoryLeads(ledger), ledger, MemoryConfiguration())


def dynamo_stores(client: Any) -> Stores:
    """The stores over that client."""
    return Stores(
        DynamoLeads(client, "LeadsTable", "LedgerTable"),
        DynamoLedger(client, "LedgerTable"),
        DynamoConfiguration(client, "ConfigTable"),
    )
