"""YAML as a person means it: text, numbers, true, false, null, lists and mappings, and nothing else.

PyYAML reads `NO` as false, `08:00` as 480 and `2026-01-01` as a date. Here all of these are text. Aliases are refused:
a few lines of them unfold to more than any machine holds.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from baton.entrypoints.problems import RequestProblem

# Events, one at a time: PyYAML's own way from text to tree crashes the process on text that nests deeply.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
MAX_DEPTH: Final = 64
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})")
_NUMBER: Final = re.compile(r"[-+]?[0-9]+\.[0-9]*([eE][-+]?[0-9]+)?")


def read(body: bytes) -> dict[str, Any]:
    """The mapping that a YAML document is. Raises RequestProblem."""
    try:
        events = yaml.parse(body.decode(), LOADER)
        value = _Reading(events).document()
    except UnicodeDecodeError as error:
        raise RequestProblem("malformed-body", f"byte {error.start} is not valid UTF-8") from error
    except yaml.MarkedYAMLError as error:
        raise _refused(error.problem_mark, "not valid YAML") from error
    except (yaml.YAMLError, ValueError) as error:
        raise RequestProblem("malformed-body", "not valid YAML") from error
    if not isinstance(value, dict):
        raise RequestProblem("malformed-body", "the body must be a mapping")
    return value


def write(values: dict[str, Any]) -> str:
    """The YAML document that `read` turns into these values again."""
    text = yaml.dump(values, Dumper=DUMPER, sort_keys=False, allow_unicode=True, width=100)
    return str(text)


class _Reading:
    """One document, event by event."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._resolver: Any = yaml.resolver.Resolver()

    def document(self) -> Any:
        """Its value; None for an empty one."""
        next(self._events)
        if not isinstance(next(self._events), yaml.DocumentStartEvent):
            return None
        value = self._value(next(self._events), 0)
        next(self._events)
        if not isinstance(event := next(self._events), yaml.StreamEndEvent):
            raise _refused(event.start_mark, "one document is enough")
        return value

    def _value(self, event: Any, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise _refused(event.start_mark, "anchors and aliases are not taken: write it out")
        if event.tag:
            raise _refused(event.start_mark, "tags are not taken")
        if depth > MAX_DEPTH:
            raise _refused(event.start_mark, "nested too deeply")
        match event:
            case yaml.ScalarEvent():
                return event.value if event.style else self._plain(event.value)
            case yaml.SequenceStartEvent():
                return [self._value(part, depth + 1) for part in self._until(yaml.SequenceEndEvent)]
            case _:
                return self._mapping(depth)

    def _mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in self._until(yaml.MappingEndEvent):
            if not isinstance(name, yaml.ScalarEvent) or name.anchor or name.tag:
                raise _refused(name.start_mark, "a name must be text")
            if name.value in found:
                raise _refused(name.start_mark, "a name appears twice in one mapping")
            found[name.value] = self._value(next(self._events), depth + 1)
        return found

    def _until(self, end: type) -> Iterator[Any]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _plain(self, text: str) -> Any:
        """What text without quotation marks means."""
        kind = self._resolver.resolve(yaml.ScalarNode, text, (True, False)).rpartition(":")[2]
        if kind == "null":
            return None
        if kind == "bool" and text.lower() in {"true", "false"}:
            return text.lower() == "true"
        if kind == "int" and _INTEGER.fullmatch(text):
            return int(text)
        if kind == "float" and _NUMBER.fullmatch(text):
            return float(text)
        return text


def _refused(mark: Any, why: str) -> RequestProblem:
    where = f" (line {mark.line + 1} column {mark.column + 1})" if mark else ""
    return RequestProblem("malformed-body", f"{why}{where}")
