"""Entries of the do-not-contact list, as they are sent: an address, a number, or both."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from baton.domain.campaign import Campaign
from baton.domain.errors import FieldError, InvalidSubmission
from baton.domain.import_errors import InvalidFile
from baton.domain.lead import Contact
from baton.domain.lead_file import guessed, read_file
from baton.domain.submission import read_submission

MAX_ENTRIES: Final = 10_000
"""What one request stores well within the half minute that API Gateway waits."""
MAX_PROBLEMS: Final = 100
"""Wrong entries that an answer names: it must not grow with what was sent."""


class ContactEntry(NamedTuple):
    """Somebody, as sent."""

    row: int
    """Its place in what was sent: from 1, or of a table as spreadsheets count."""
    email: str | None
    phone: str | None


class EntryProblem(NamedTuple):
    """What is wrong with an entry. Never repeats what it says."""

    row: int
    field: str
    problem: str


def entries_in(table: str) -> list[ContactEntry]:
    """The rows of a table whose header names addresses, numbers, or both. Raises InvalidFile."""
    file = read_file(table)
    if len(file.rows) > MAX_ENTRIES:
        problem = f"has {len(file.rows)} rows; at most {MAX_ENTRIES} are taken at once"
        raise InvalidFile([FieldError("csv", problem)])
    places = {path: place for place, path in enumerate(guessed(file.columns).values())}
    email, phone = places.get("contact.email"), places.get("contact.phone")
    if email is None and phone is None:
        raise InvalidFile([FieldError("csv", "has no column named email or phone in its first row")])

    def cell(cells: Sequence[str], place: int | None) -> str | None:
        return cells[place] if place is not None and place < len(cells) else None

    return [ContactEntry(row.no, cell(row.cells, email), cell(row.cells, phone)) for row in file.rows]


def read_entries(
    entries: Iterable[ContactEntry], region: str
) -> tuple[dict[int, Contact], list[EntryProblem]]:
    """Each entry by its row as a lead's contact is read, and what is wrong with the others.

    `region`: the country of numbers that name none.
    """
    campaign = Campaign(id="do-not-contact", name="", plan_id="none", region=region)
    good: dict[int, Contact] = {}
    problems: list[EntryProblem] = []
    for entry in entries:
        sent = {"email": entry.email, "phone": entry.phone}
        try:
            good[entry.row] = read_submission({"contact": sent}, campaign).contact
        except InvalidSubmission as error:
            problems += [
                EntryProblem(entry.row, one.field.removeprefix("contact").removeprefix("."), one.problem)
                for one in error.errors
            ]
    return good, problems
