"""Imports of leads: a file as a spreadsheet saves it, row by row, each a lead once."""

import csv
import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_imports import MemoryImportQueue, MemoryImports
from baton.application.import_leads import ImportLeads, Progress
from baton.application.load_leads import LoadLeads
from baton.application.preview_leads import PreviewLeads
from baton.domain.dedupe import DuplicatePolicy
from baton.domain.errors import NotFound, SourceInactive, StoreUnavailable
from baton.domain.import_errors import InvalidFile
from baton.domain.lead import LeadState
from baton.domain.lead_file import chosen, fields_of, guessed, read_file
from baton.domain.lead_import import PART_ROWS, in_parts
from baton.domain.vendor_errors import SourceLimitReached
from tests.builders import SECOND, World, a_campaign, a_rep, a_source

FILE: Final = """E-Mail,Full Name,ZIP,Roof m2,utm_source
maria@example.com,Maria Lopez,10001,120,google
not an address,Ben Ito,94110,80,bing
cara@example.com,Cara Jones,60601,,
"""
GOOD, BAD = 2, 1


class Office:
    """Somebody who imports files, and the worker that loads them."""

    def __init__(self) -> None:
        self.world = World(reps=(a_rep(),))
        assert isinstance(self.world.leads, MemoryLeads)
        self.stored = self.world.leads.leads
        self.imports, self.queue = MemoryImports(), MemoryImportQueue()
        configured, clock = self.world.configuration, self.world.clock
        self.preview = PreviewLeads(configured, clock)
        self.leads = ImportLeads(self.imports, self.queue, configured, clock)
        self.load = LoadLeads(self.imports, self.world.accept_lead)

    def begin(self, text: str = FILE, columns: Mapping[str, str | None] | None = None) -> Progress:
        return self.leads.begin("web-form", text, columns or {}, "maria")

    def work(self) -> None:
        """Load everything that waits."""
        while self.queue.waiting:
            self.load(*self.queue.waiting.pop(0))

    @property
    def emails(self) -> list[str]:
        """Of all leads that there are."""
        return sorted(str(lead.contact.email) for lead in self.stored.values())


@pytest.fixture
def office() -> Office:
    return Office()


def test_every_good_row_becomes_a_lead_and_every_bad_one_says_what_is_wrong_with_it(office: Office) -> None:
    begun = office.begin()
    office.work()

    after = office.leads.progress(begun.of.import_id)
    assert (begun.waiting, after.waiting) == (3, 0)
    assert (after.tally.taken, after.tally.refused) == (GOOD, BAD)
    assert office.emails == ["cara@example.com", "maria@example.com"]
    assert [(one.row, one.field) for one in after.problems] == [(3, "contact.email")]
    assert "not an address" not in str(after.problems)


def test_the_leads_are_distributed_like_any_other(office: Office) -> None:
    office.begin()
    office.work()

    leads = office.stored.values()
    assert {lead.state for lead in leads} == {LeadState.RECEIVED}
    assert set(office.world.workflows.executions) == {(lead.lead_id, 1) for lead in leads}


def test_columns_are_understood_by_their_names(office: Office) -> None:
    office.begin()
    office.work()

    maria = next(lead for lead in office.stored.values() if lead.contact.first_name == "Maria")
    assert (maria.contact.last_name, maria.contact.postal_code) == ("Lopez", "10001")
    assert maria.attributes == {"roof_m2": "120"}
    assert maria.attribution == {"utm_source": "google"}


def test_a_column_may_be_named_or_left_out(office: Office) -> None:
    office.begin(columns={"Roof m2": "attributes.size", "utm_source": None})
    office.work()

    maria = next(lead for lead in office.stored.values() if lead.contact.first_name == "Maria")
    assert (maria.attributes, maria.attribution) == ({"size": "120"}, {})


def test_the_same_file_again_is_the_same_import_and_makes_no_second_lead(office: Office) -> None:
    first = office.begin()
    office.work()
    second = office.begin()
    office.work()

    assert second.of == first.of
    assert len(office.emails) == GOOD


def test_a_worker_that_stops_in_the_middle_loses_and_doubles_nothing(office: Office) -> None:
    begun = office.begin()
    stopped = LoadLeads(office.imports, _StopsAfter(office.world.accept_lead, 1))  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailable):
        stopped(begun.of.import_id, 1)

    office.leads.resume(begun.of.import_id)
    office.work()

    after = office.leads.progress(begun.of.import_id)
    assert (after.tally.taken, after.tally.refused, after.waiting) == (GOOD, BAD, 0)
    assert office.emails == ["cara@example.com", "maria@example.com"]


def test_rows_that_say_the_same_stay_one_lead_when_a_part_is_loaded_again_much_later(office: Office) -> None:
    office.begin("email,name\nmaria@example.com,Maria\nmaria@example.com,Maria\n")
    waiting = list(office.queue.waiting)
    finish = office.imports.finish
    office.imports.finish = lambda part: part.rev < 0  # type: ignore[method-assign]
    office.work()
    office.imports.finish = finish  # type: ignore[method-assign]
    office.world.clock.forward(timedelta(minutes=3))
    office.queue.waiting = waiting
    office.work()

    assert office.emails == ["maria@example.com"]


@pytest.mark.parametrize("limits", [{"active": False}, {"limits": {"per_day": 1}}])
def test_rows_wait_while_their_source_takes_no_leads(office: Office, limits: dict[str, Any]) -> None:
    begun = office.begin()
    office.world.configure(a_source(**limits))
    with pytest.raises((SourceInactive, SourceLimitReached)):
        office.work()
    office.world.configure(a_source())
    office.leads.resume(begun.of.import_id)
    office.work()

    assert (len(office.emails), office.leads.progress(begun.of.import_id).waiting) == (GOOD, 0)


def test_an_import_of_which_only_a_part_has_expired_is_begun_anew(office: Office) -> None:
    begun = office.begin()
    office.imports.kept.clear()

    assert office.begin() == begun
    office.work()
    assert len(office.emails) == GOOD


def test_empty_cells_behind_the_last_column_are_nothing() -> None:
    file = read_file("email\nmaria@example.com" + "," * 16_000 + "\n")

    assert [row.cells for row in file.rows] == [("maria@example.com",)]


def test_a_message_that_comes_twice_counts_once(office: Office) -> None:
    begun = office.begin()
    office.queue.waiting *= 2
    office.work()

    assert office.leads.progress(begun.of.import_id).tally.taken == GOOD


def test_a_queue_that_is_down_stops_nothing_but_the_answer(office: Office) -> None:
    office.queue.available = False
    with pytest.raises(StoreUnavailable):
        office.begin()
    office.queue.available = True

    office.begin()
    office.work()

    assert len(office.emails) == GOOD


def test_rows_that_say_the_same_are_one_lead(office: Office) -> None:
    begun = office.begin("email\nmaria@example.com\nmaria@example.com\n")
    office.work()

    tally = office.leads.progress(begun.of.import_id).tally
    assert (tally.taken, tally.repeated) == (1, 1)
    assert office.emails == ["maria@example.com"]


@pytest.mark.parametrize(("later", "counted"), [(59, "repeated"), (61, "taken")])
def test_a_row_that_another_import_had_within_a_minute_is_that_lead(
    office: Office, later: int, counted: str
) -> None:
    office.begin("email\nmaria@example.com\n")
    office.work()
    office.world.clock.forward(later * SECOND)

    begun = office.begin("email\nben@example.com\nmaria@example.com\n")
    office.work()

    tally = office.leads.progress(begun.of.import_id).tally
    assert (tally.taken, getattr(tally, counted)) == ((1, 1) if counted == "repeated" else (2, 2))


@pytest.mark.parametrize("policy", DuplicatePolicy)
def test_only_where_duplicates_are_refused_is_a_known_person_counted_apart(
    office: Office, policy: DuplicatePolicy
) -> None:
    office.world.configure(a_campaign(dedupe={"policy": policy}))
    begun = office.begin("email,note\nmaria@example.com,one\nmaria@example.com,two\n")
    office.work()

    tally = office.leads.progress(begun.of.import_id).tally
    refused = policy is DuplicatePolicy.REFUSE
    assert (tally.taken, tally.duplicates) == ((1, 1) if refused else (2, 0))


def test_what_was_loaded_is_not_kept_and_what_was_refused_can_be_fetched_with_why(office: Office) -> None:
    begun = office.begin()
    office.work()

    _, rows = office.leads.refused(begun.of.import_id)
    assert [cells[0] for cells, _ in rows] == ["not an address"]
    assert rows[0][1].startswith("contact.email ")
    assert "maria@example.com" not in str(office.imports.kept)


def test_a_preview_says_what_would_happen_and_stores_nothing(office: Office) -> None:
    preview = office.preview("web-form", FILE, {})

    assert preview.columns["E-Mail"] == "contact.email"
    assert (preview.rows, preview.bad, preview.filled["Roof m2"]) == (3, 1, 2)
    assert [one.row for one in preview.problems] == [3]
    assert [lead.contact.first_name for lead in preview.first] == ["Maria", "Cara"]
    assert not office.stored


def test_a_row_with_too_many_cells_is_refused_alone(office: Office) -> None:
    begun = office.begin("email,city\nmaria@example.com,New York, NY\ncara@example.com,Chicago\n")
    office.work()

    after = office.leads.progress(begun.of.import_id)
    assert [(one.row, one.problem[:11]) for one in after.problems] == [(2, "has 3 cells")]
    assert office.emails == ["cara@example.com"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("email,,phone\na@example.com,,\n", "column 2 has no name"),
        ("email,email\na@example.com,b@example.com\n", "1 names stand over more than one column"),
        ("email\n", "has no rows"),
        ('email\n"maria@example.com\n', "a quote is open"),
        ("email\x00\na", "NUL"),
        ("email,note\n" + "x" * 60_000 + "," + "y" * 60_000 + "\n", "row 2 is longer than"),
        ("email\n" + "x" * 200_000 + "\n", "a cell is too long"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(text: str, says: str) -> None:
    with pytest.raises(InvalidFile, match=says):
        read_file(text)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_spreadsheets_of_every_country_are_read(delimiter: str) -> None:
    text = "\ufeff" + FILE.replace(",", delimiter).replace("\n", "\r\n")

    file = read_file(text)

    assert file.columns == ("E-Mail", "Full Name", "ZIP", "Roof m2", "utm_source")
    assert [row.no for row in file.rows] == [2, 3, 4]


def test_cells_may_hold_line_ends_and_empty_rows_count_for_spreadsheets_only() -> None:
    file = read_file('email,note\na@example.com,"two\nlines"\n\nb@example.com,\n')

    assert [(row.no, row.cells[1]) for row in file.rows] == [(2, "two\nlines"), (4, "")]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"Email": "contact.email"}, "is no column of the file"),
        ({"E-Mail": "contact.mail"}, "is not a contact field"),
        ({"E-Mail": "email"}, "must be a field such as"),
        ({"E-Mail": "contact.phone", "ZIP": "contact.phone"}, "2 columns are to be contact.phone"),
    ],
)
def test_columns_that_lead_nowhere_are_named(columns: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidFile, match=says):
        chosen(read_file(FILE).columns, columns)


def test_a_file_that_is_unknown_or_expired_is_not_there(office: Office) -> None:
    with pytest.raises(NotFound):
        office.leads.resume("0" * 32)


def test_a_file_is_cut_into_parts_that_fit_the_store() -> None:
    rows = read_file("email\n" + "a@example.com\n" * (2 * PART_ROWS + 1)).rows

    assert [len(part) for part in in_parts(rows)] == [PART_ROWS, PART_ROWS, 1]


cells = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8))
def test_whatever_a_spreadsheet_writes_is_read_back_or_refused_by_name(rows: list[list[str]]) -> None:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["email", "note", "städte"])
    table.writerows(rows)
    try:
        file = read_file(text.getvalue())
    except InvalidFile:
        assert not any(cell.strip() for row in rows for cell in row)
        return
    wanted = [tuple(_universal(cell) for cell in row) for row in rows if any(cell.strip() for cell in row)]
    assert [tuple(_universal(cell) for cell in row.cells) for row in file.rows] == wanted


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=12, unique=True))
def test_no_two_columns_become_one_field(columns: list[str]) -> None:
    fields = [path for path in guessed(columns).values() if path]

    assert len(fields) == len(set(fields))
    assert fields_of(["x"] * len(columns), guessed(columns)).keys() == set(fields)


def _universal(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _StopsAfter:
    """An AcceptLead whose store fails after so many leads."""

    def __init__(self, accept: Any, leads: int) -> None:
        self._accept, self._left = accept, leads

    def __call__(self, *args: Any, **facts: Any) -> Any:
        if not self._left:
            raise StoreUnavailable
        self._left -= 1
        return self._accept(*args, **facts)
