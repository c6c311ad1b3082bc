"""The fields of a lead and their types, so that a condition can be checked before any lead meets it."""

from enum import StrEnum


class FieldType(StrEnum):
    """What the values of a field are."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    LIST = "list"
    MOMENT = "moment"
