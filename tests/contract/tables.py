"""The tables of the template, made in whatever answers like DynamoDB: what is tested is what is deployed."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

TEMPLATE: Final = Path(__file__).parents[2] / "infra" / "template.yaml"
CREATED_WITH: Final = frozenset(
    {"BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "StreamSpecification"}
)
"""What of a table's properties CreateTable knows and a contract can depend on."""


class _Template(yaml.SafeLoader):
    """A loader to which an intrinsic function is its argument: no property that is used here depends on one."""


def _argument(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Any:
    match node:
        case yaml.ScalarNode():
            return loader.construct_scalar(node)
        case yaml.SequenceNode():
            return loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            return loader.construct_mapping(node, deep=True)


_Template.add_multi_constructor("!", _argument)


@cache
def tables() -> dict[str, dict[str, Any]]:
    """CreateTable's arguments by logical name."""
    resources = yaml.load(TEMPLATE.read_text(), _Template)["Resources"]  # noqa: S506 # a SafeLoader with intrinsics
    return {
        name: {key: _plain(value) for key, value in resource["Properties"].items() if key in CREATED_WITH}
        for name, resource in resources.items()
        if resource["Type"] == "AWS::DynamoDB::Table"
    }


def create_tables(client: Any) -> None:
    """Make every table of the template, named after its logical name."""
    for name, properties in tables().items():
        client.create_table(TableName=name, **properties)


def _plain(value: Any) -> Any:
    """CloudFormation says that a stream is there by describing it, the API with one word more."""
    if isinstance(value, dict) and "StreamViewType" in value:
        return {"StreamEnabled": True, **value}
    return value
