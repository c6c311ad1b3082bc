"""Files of leads: a table as spreadsheets save it, and which column is which field of a lead."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from itertools import islice
from typing import Final, NamedTuple

from baton.domain.errors import FieldError
from baton.domain.field_reader import MAX_KEY
from baton.domain.import_errors import InvalidFile
from baton.domain.submission import ATTRIBUTION_FIELDS, CONTACT_FIELDS

MAX_ROWS: Final = 20_000
"""Rows of one file. A file of 5 MB has about as many."""
MAX_COLUMNS: Final = 150
MAX_ROW_BYTES: Final = 100_000
"""Longer than any lead can be."""
DELIMITERS: Final = ",;\t|"
MAX_NAMED: Final = 20

_CONSENT_FIELDS: Final = ("given", "text", "version", "at", "ip", "page", "trusted_form", "jornaya")
_GROUPS: Final = {"contact": (*CONTACT_FIELDS, "name"), "consent": _CONSENT_FIELDS}
"""Groups whose fields are known; attributes and attribution take any."""
_SAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "contact.email": ("email", "emailaddress", "mail", "emailid"),
    "contact.phone": (
        "phone",
        "phonenumber",
        "telephone",
        "tel",
        "mobile",
        "mobilephone",
        "cell",
        "cellphone",
    ),
    "contact.first_name": ("firstname", "givenname", "forename"),
    "contact.last_name": ("lastname", "surname", "familyname"),
    "contact.name": ("name", "fullname", "leadname", "contactname"),
    "contact.company": ("company", "companyname", "organization", "organisation", "employer"),
    "contact.street": ("street", "streetaddress", "address", "address1", "addressline1"),
    "contact.city": ("city", "town"),
    "contact.state": ("state", "province", "region"),
    "contact.postal_code": ("postalcode", "zip", "zipcode", "postcode"),
    "contact.country": ("country", "countrycode"),
    "consent.given": ("consent", "optin", "consentgiven"),
    "consent.text": ("consenttext",),
    "consent.at": ("consentat", "consenttime", "consentdate", "optintime"),
    "consent.ip": ("consentip", "ip", "ipaddress"),
    "consent.trusted_form": ("trustedform", "trustedformcerturl", "xxtrustedformcerturl"),
    "consent.jornaya": ("jornaya", "leadid", "universalleadid", "jornayaleadid"),
}
_BY_NAME: Final = {name: path for path, names in _SAYS.items() for name in names}


class Row(NamedTuple):
    """One line of the table under its header."""

    no: int
    """As spreadsheets count: the header is row 1."""
    cells: tuple[str, ...]


class LeadFile(NamedTuple):
    """A table with named columns."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_file(text: str) -> LeadFile:
    """The table in a text of comma, semicolon, tab or bar separated values; empty rows are left out.

    Raises InvalidFile for what is no table of leads at all. A row with too many cells is a matter of that row alone:
    see `fields_of`.
    """
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        raise InvalidFile([FieldError("csv", "holds NUL characters: save it as CSV in UTF-8")])
    lines = _lines(text)
    _, header = next(lines, (1, []))
    columns = tuple(name.strip() for name in header)
    if errors := _header_problems(columns):
        raise InvalidFile(errors)
    filled = (
        Row(no, _cut(cells, len(columns))) for no, cells in lines if any(cell.strip() for cell in cells)
    )
    rows = tuple(islice(filled, MAX_ROWS + 1))
    if not rows:
        raise InvalidFile([FieldError("csv", "has no rows under its header")])
    if len(rows) > MAX_ROWS:
        raise InvalidFile([FieldError("csv", f"has more than {MAX_ROWS} rows: split it")])
    long = [row.no for row in rows if sum(len(cell.encode()) for cell in row.cells) > MAX_ROW_BYTES]
    if long:
        raise InvalidFile([FieldError("csv", f"row {long[0]} is longer than {MAX_ROW_BYTES} bytes")])
    return LeadFile(columns, rows)


def guessed(columns: Sequence[str]) -> dict[str, str | None]:
    """The field that each column most likely is. Of two columns for one field the second becomes an attribute."""
    fields: dict[str, str | None] = {}
    for column in columns:
        path = _guess(column)
        if path in fields.values():
            path = f"attributes.{_slug(column)}"
        fields[column] = None if path in fields.values() else path
    return fields


def chosen(columns: Sequence[str], wanted: Mapping[str, str | None]) -> dict[str, str | None]:
    """The field of each column: as `wanted`, else as guessed among what is left. None: the column is left out.

    Raises InvalidFile, naming everything that is wrong.
    """
    errors = [
        FieldError(f"columns.{name[:MAX_KEY]}", "is no column of the file")
        for name in wanted.keys() - set(columns)
    ]
    for name, path in wanted.items():
        if path is not None and (problem := _path_problem(path)):
            errors.append(FieldError(f"columns.{name[:MAX_KEY]}", problem))
    for path, times in Counter(path for path in wanted.values() if path is not None).items():
        if times > 1:
            errors.append(FieldError("columns", f"{times} columns are to be {path[: 2 * MAX_KEY]}"))
    if errors:
        raise InvalidFile(errors)
    taken = set(wanted.values())
    guesses = guessed(columns)
    return {
        name: wanted[name] if name in wanted else None if guesses[name] in taken else guesses[name]
        for name in columns
    }


def fields_of(cells: Sequence[str], columns: Mapping[str, str | None]) -> dict[str, str]:
    """A row's cells as the fields of a lead, empty ones left out. Raises InvalidFile for a row that is too long."""
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        problem = f"has {len(cells)} cells, and the header {len(columns)}: is a quote or a delimiter missing?"
        raise InvalidFile([FieldError("", problem)])
    named = zip(columns.values(), cells, strict=False)
    return {path: cell.strip() for path, cell in named if path is not None and cell.strip()}


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The table's lines with their numbers, as a spreadsheet would show them."""
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    no = 0
    while True:
        no += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problem = f"cannot be read at row {no}: a quote is open, or a cell is too long"
            raise InvalidFile([FieldError("csv", problem)]) from error
        yield no, cells


def _cut(cells: Sequence[str], wanted: int) -> tuple[str, ...]:
    """A row without what is empty behind its last column; of what is not, enough to see that it is too much."""
    beyond = [cell for cell in cells[wanted:] if cell.strip()]
    return (*cells[:wanted], *beyond[:1])


def _header_problems(columns: Sequence[str]) -> list[FieldError]:
    if not any(columns):
        return [FieldError("csv", "is empty: the first row names the columns")]
    if len(columns) > MAX_COLUMNS:
        return [FieldError("csv", f"has {len(columns)} columns; at most {MAX_COLUMNS} are taken")]
    errors = [
        FieldError("csv", f"column {index} has no name")
        for index, name in enumerate(columns, start=1)
        if not name
    ]
    errors += [
        FieldError("csv", f"column {index} has a name of more than {MAX_KEY} characters")
        for index, name in enumerate(columns, start=1)
        if len(name) > MAX_KEY
    ]
    again = [name for name, times in Counter(columns).items() if times > 1 and name]
    errors += [FieldError("csv", f"{len(again)} names stand over more than one column")] if again else []
    return errors[:MAX_NAMED]


def _guess(column: str) -> str:
    if _path_problem(column) is None:
        return column
    name = re.sub(r"[^a-z0-9]", "", column.lower())
    if name in _BY_NAME:
        return _BY_NAME[name]
    slug = _slug(column)
    if slug.startswith("utm_") or slug in ATTRIBUTION_FIELDS:
        return f"attribution.{slug}"
    return f"attributes.{slug}"


def _slug(column: str) -> str:
    """A name for an attribute; of one without any Latin letter or digit, the name itself."""
    slug = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")[:MAX_KEY]
    return slug or re.sub(r"[.\s]+", "_", column)[:MAX_KEY]


def _path_problem(path: str) -> str | None:
    group, _, name = path.partition(".")
    if not name or group not in {"contact", "attributes", "attribution", "consent"}:
        return "must be a field such as contact.email, attributes.product or attribution.utm_source, or null"
    if group in _GROUPS and name not in _GROUPS[group]:
        return f"is not a {group} field; known: {', '.join(_GROUPS[group])}"
    return f"is longer than {MAX_KEY} characters" if len(name) > MAX_KEY else None
