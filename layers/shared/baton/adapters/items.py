"""DynamoDB's attribute values, made from plain JSON values and turned back.

boto3's own serializer would bring all of boto3 into every cold start, and `Decimal` into the code.
"""

from collections.abc import Mapping
from typing import Any

type Item = dict[str, dict[str, Any]]


def to_item(values: Mapping[str, Any]) -> Item:
    """A row of these values. None at the top is left out: a key of an index must not be null."""
    return {key: to_attribute(value) for key, value in values.items() if value is not None}


def from_item(item: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The plain values of a row."""
    return {key: from_attribute(attribute) for key, attribute in item.items()}


def to_attribute(value: Any) -> dict[str, Any]:
    """One value, tagged with its type. Raises TypeError for what JSON does not know."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case bytes():
            return {"B": value}
        case int() | float():
            return {"N": repr(value)}
        case list() | tuple():
            return {"L": [to_attribute(item) for item in value]}
        case Mapping():
            return {"M": {key: to_attribute(item) for key, item in value.items()}}
        case _:
            message = f"{type(value).__name__} is no JSON value"
            raise TypeError(message)


def from_attribute(attribute: Mapping[str, Any]) -> Any:
    """The plain value of a tagged one."""
    ((tag, value),) = attribute.items()
    match tag:
        case "N":
            return int(value) if value.lstrip("-").isdigit() else float(value)
        case "M":
            return from_item(value)
        case "L":
            return [from_attribute(item) for item in value]
        case "NULL":
            return None
        case _:
            return value
