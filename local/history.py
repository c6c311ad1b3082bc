"""What the template says of the raw history, generated: the columns of its table, and its saved queries.

`python -m local.history` writes these parts of infra/template.yaml, `--check` says whether they drifted from the facts
that are announced and from infra/queries.
"""

import re
import sys
import textwrap
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, Union, get_args, get_origin

from baton.domain.announced_facts import FACTS
from baton.domain.announcement import Announcement
from baton.domain.documents import Record

ROOT: Final = Path(__file__).resolve().parent.parent
TEMPLATE: Final = ROOT / "infra" / "template.yaml"
QUERIES: Final = ROOT / "infra" / "queries"
# Of everything else, such as instants and ids, the text is kept.
SCALARS: Final[Mapping[Any, str]] = {bool: "boolean", int: "bigint", float: "double"}


def main(arguments: list[str]) -> int:
    """Write the generated parts of the template, or compare them; returns the exit code."""
    written = TEMPLATE.read_text(encoding="utf-8")
    wanted = with_generated(written)
    if arguments == ["--check"]:
        if written == wanted:
            print("history: the table has every fact, and the saved queries are those of infra/queries")
            return 0
        print("the history in infra/template.yaml is out of date: `make history` writes it", file=sys.stderr)
        return 1
    if arguments:
        print("usage: python -m local.history [--check]", file=sys.stderr)
        return 2
    TEMPLATE.write_text(wanted, encoding="utf-8")
    print(f"wrote the history's columns and queries into {TEMPLATE.relative_to(ROOT)}")
    return 0


def with_generated(template: str) -> str:
    """The template's text with what is generated in its places."""
    for name, text in (("columns", yaml_of_columns()), ("queries", yaml_of_queries())):
        place = re.compile(rf"(?<=\n)( *)(# make history: {name}\n).*?( *# make history: end\n)", re.DOTALL)
        found = place.search(template)
        assert found, f"the template has no place for {name}"
        written = found[1] + found[2] + textwrap.indent(text, found[1]) + found[3]
        template = template[: found.start()] + written + template[found.end() :]
    return template


# ----------------------------------------------------------------------------------------------------------- columns
def columns() -> dict[str, str]:
    """The table's columns and their types in Hive's words: the fields of an announcement, all facts in one of them."""
    fields = {name: hive(field.annotation) for name, field in Announcement.model_fields.items()}
    return {**fields, "facts": struct(facts())}


def facts() -> dict[str, str]:
    """Every fact that is told of any kind of event, with its type; a string, where kinds differ in it."""
    found: dict[str, str] = {}
    for model in FACTS.values():
        for name, field in model.model_fields.items():
            kind = hive(field.annotation)
            found[name] = kind if found.setdefault(name, kind) == kind else "string"
    return found


def hive(annotation: Any) -> str:
    """A type in Hive's words. What has no fixed shape is a string: its JSON."""
    if get_origin(annotation) in (Union, types.UnionType):
        (annotation,) = (one for one in get_args(annotation) if one is not types.NoneType)
    if get_origin(annotation) is Literal:
        annotation = type(get_args(annotation)[0])
    if get_origin(annotation) is list and get_origin(get_args(annotation)[0]) is not dict:
        return f"array<{hive(get_args(annotation)[0])}>"
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return struct({name: hive(field.annotation) for name, field in annotation.model_fields.items()})
    return SCALARS.get(annotation, "string")


def struct(fields: Mapping[str, str]) -> str:
    """A struct of these fields, in the order of their names."""
    return f"struct<{','.join(f'{name}:{kind}' for name, kind in sorted(fields.items()))}>"


def yaml_of_columns() -> str:
    """The columns as the template has them; the struct of facts has a line for each.

    A backslash at the end of a quoted line joins it with the next, without the space between.
    """
    plain = [f"- {{Name: {name}, Type: {kind}}}\n" for name, kind in columns().items() if name != "facts"]
    each = ",\\\n    ".join(f"{name}:{kind}" for name, kind in sorted(facts().items()))
    return "".join(plain) + f'- Name: facts\n  Type: "struct<\\\n    {each}>"\n'


# ----------------------------------------------------------------------------------------------------------- queries
def queries() -> dict[str, str]:
    """The queries by name, such as `speed_to_contact`."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(QUERIES.glob("*.sql"))}


def question(query: str) -> str:
    """What a query answers: its first line."""
    return query.partition("\n")[0].removeprefix("-- ")


def yaml_of_queries() -> str:
    """The saved queries as the template has them."""
    return "\n".join(_saved(name, query) for name, query in queries().items())


def _saved(name: str, query: str) -> str:
    return f"""\
{name.title().replace("_", "")}Query:
  Type: AWS::Athena::NamedQuery
  Condition: KeepsHistory
  Properties:
    Name: {name}
    Description: "{question(query)}"
    Database: !Ref HistoryDatabase
    WorkGroup: !Ref HistoryWorkgroup
    QueryString: |
{textwrap.indent(query, " " * 6)}"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
