"""A file's rows made into leads as a vendor would post them. The same row always gives the same person."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any, Final

from baton.domain.field_reader import MAX_KEY
from baton.domain.submission import ATTRIBUTION_FIELDS, CONTACT_FIELDS

NO_CHOICE: Final = "select"
"""What some forms send for a choice that the visitor did not make."""
CONSENT: Final = {"consent": "given", "consent_given": "given", "consent_text": "text", "consent_at": "at"}
NUMBERS: Final = ("lead_number", "lead_id", "prospect_id", "id")
"""Columns that tell one row from all others, the best first."""
NAMES: Final = ({"name"}, {"first_name", "last_name"})
FIRST_NAMES: Final = ("Ada", "Bruno", "Cora", "Edna", "Felix", "Gina", "Hugo", "Ines", "Jonas", "Kira", "Leo")
LAST_NAMES: Final = (
    "Abel",
    "Brandt",
    "Cruz",
    "Doyle",
    "Ford",
    "Gray",
    "Hale",
    "Keller",
    "Lang",
    "Moss",
    "Otto",
)


def leads(
    file: Path,
    count: int | None = None,
    made_by: Callable[[Mapping[str, str]], dict[str, Any]] | None = None,
    outcomes: str | None = None,
) -> list[dict[str, Any]]:
    """The bodies to post, one for each of the file's rows (or of its first `count`), without the column `outcomes`."""
    return [
        (made_by or lead_of)({name: value for name, value in row.items() if name != outcomes})
        for row in rows(file, count)
    ]


def rows(file: Path, count: int | None = None) -> Iterator[dict[str, str]]:
    """The file's rows under their names."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        found = csv.DictReader(text)
        names = column_names(found.fieldnames or [])
        for row in islice(found, count):
            yield named(row, names)


def column_names(headings: Sequence[str]) -> dict[str, str]:
    """A snake_case name for each heading, no two the same."""
    names: dict[str, str] = {}
    for heading in headings:
        slug = re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_")[:MAX_KEY].strip("_") or "column"
        name, no = slug, 1
        while name in names.values():
            no += 1
            name = f"{slug[: MAX_KEY - 4]}_{no}"
        names[heading] = name
    return names


def named(row: Mapping[str | Any, Any], names: Mapping[str, str]) -> dict[str, str]:
    """A row under its names; a cell without a heading is left out, one that is missing is empty."""
    return {name: (row.get(heading) or "").strip() for heading, name in names.items()}


def lead_of(row: Mapping[str, str]) -> dict[str, Any]:
    """The body to post for a row; with a made-up contact as far as the file has no column for one."""
    lead: dict[str, dict[str, Any]] = {"contact": {}, "attribution": {}, "consent": {}, "attributes": {}}
    for name, value in row.items():
        if value and value.lower() != NO_CHOICE:
            group, key = place(name)
            lead[group][key] = value
    lead["contact"] = {**made_up(row), **lead["contact"]}
    return {group: fields for group, fields in lead.items() if fields}


def place(name: str) -> tuple[str, str]:
    """The part of a lead that a column belongs to, and its name there."""
    if name in CONTACT_FIELDS or name == "name":
        return "contact", name
    if name.startswith("utm_") or name in ATTRIBUTION_FIELDS:
        return "attribution", name
    if name in CONSENT:
        return "consent", CONSENT[name]
    return "attributes", name


def made_up(row: Mapping[str, str]) -> dict[str, str]:
    """Name, mail address and phone of a person who does not exist, for what the file does not have."""
    digest = blake2b(identity(row).encode(), digest_size=8).digest()
    first = FIRST_NAMES[digest[0] % len(FIRST_NAMES)]
    last = LAST_NAMES[digest[1] % len(LAST_NAMES)]
    person = {"email": f"{first}.{last}.{digest[2:6].hex()}@example.com".lower()}
    # 555-0100 to 555-0199 belong to nobody.
    person["phone"] = f"+120255501{digest[6] % 100:02d}"
    person = {field: value for field, value in person.items() if field not in row}
    if not has_any(row, *NAMES):
        person |= {"first_name": first, "last_name": last}
    return person


def has_any(row: Mapping[str, str], *columns: Iterable[str]) -> bool:
    """Whether the file has one of those columns."""
    return any(name in row for group in columns for name in group)


def identity(row: Mapping[str, str]) -> str:
    """What tells this row from others: its number, or everything in it."""
    number = next((row[name] for name in NUMBERS if row.get(name)), None)
    return number or "\n".join(f"{name}={value}" for name, value in sorted(row.items()))
