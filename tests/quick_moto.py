"""moto without the work that it does again and again: copies of whole tables, and everything that botocore loads."""

import copy
from collections import defaultdict
from functools import cache
from typing import Any, Final

import botocore.session
import pytest
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table

from baton.adapters import dynamo_import


def quick_moto(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto copies the whole table for every write of a transaction, and its transactions do not survive threads.

    An update works on a copy of its item, so that nothing changes a stored one in place, and a copy of a table may
    share its items. And of every attribute that it answers, moto asks whether it is not each of ten types, under
    several names each.
    """
    monkeypatch.setattr(DynamoDBBackend, "update_item", _update_item)
    monkeypatch.setattr(Item, "__deepcopy__", lambda item, _: item)
    monkeypatch.setattr(Table, "__deepcopy__", _with_the_same_items, raising=False)
    monkeypatch.setattr(BaseJSONSerializer, "_serialize_type_structure", _serialize_structure)
    monkeypatch.setattr(dynamo_import, "WRITERS", 1)


@cache
def loader() -> Any:
    """The services' descriptions, for every session: each would read the same megabytes anew."""
    return botocore.session.get_session().get_component("data_loader")


@cache
def session() -> Any:
    """One session; what is registered with a client of it is not registered with the next."""
    return botocore.session.get_session()


_update_in_place: Final = DynamoDBBackend.update_item


def _update_item(
    self: DynamoDBBackend, table_name: str, key: dict[str, Any], *args: Any, **given: Any
) -> Any:
    before = self.get_item(table_name, key)
    if before is not None:
        own = copy.copy(before)
        own.attrs = copy.deepcopy(before.attrs)
        rows = self.get_table(table_name).items[before.hash_key]
        if isinstance(rows, dict):
            rows[before.range_key] = own
    return _update_in_place(self, table_name, key, *args, **given)


_serialize_any_structure: Final = BaseJSONSerializer._serialize_type_structure


def _serialize_structure(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
    if shape.name != "AttributeValue" or not isinstance(value, dict):
        _serialize_any_structure(self, serialized, value, shape, key)
        return
    attribute: dict[str, Any] = {}
    for name, content in value.items():
        self._serialize(attribute, content, shape.members[name], name)
    self._default_serialize(serialized, attribute, shape, key)


def _with_the_same_items(table: Table, _: Any) -> Table:
    twin = copy.copy(table)
    twin.items = defaultdict(dict, {key: dict(rows) for key, rows in table.items.items()})
    if table.stream_shard:
        twin.stream_shard = copy.copy(table.stream_shard)
        twin.stream_shard.table = twin
        twin.stream_shard.items = list(table.stream_shard.items)
    return twin
