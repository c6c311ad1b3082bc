"""A file of leads, from the upload to the reps' phones, through the real queue."""

import pytest

from baton.domain.lead import LeadState
from tests.e2e.callers import Caller, a_user
from tests.e2e.stack import Answer, Person, Stack, wait
from tests.e2e.team import Team

CSV = "text/csv"


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Caller:
    return a_user(stack, "admin")


def a_file(stack: Stack, rows: int) -> str:
    """A table of that many people, with one row that is nobody's."""
    people = [Person.new() for _ in range(rows)]
    stack.personal.update(value for person in people for value in person.fields.values())
    lines = [f"{one.first_name},{one.last_name},{one.email},{one.phone}" for one in people]
    return "\n".join(["First name,Last name,E-Mail,Mobile", *lines, "Nobody,At all,,", ""])


def finished(admin: Caller, import_id: str) -> Answer:
    """The import, once nothing of it waits."""
    path = f"/v1/imports/{import_id}"
    wait(lambda: admin("GET", path).json["waiting"] == 0, "the import is finished")
    return admin("GET", path)


def test_a_file_becomes_leads_that_reps_get_each_once(stack: Stack, admin: Caller) -> None:
    team = Team.at(stack, size=2, auto_accept=True)
    path, table = f"/v1/sources/{team.source_id}/imports", a_file(stack, 6)

    preview = admin("POST", f"{path}/preview", table, CSV)
    begun = admin("POST", path, table, CSV)
    assert begun.status == 202, (begun, stack.complaints_of("load"))
    import_id = begun.json["import_id"]
    after = finished(admin, import_id)
    again = admin("POST", path, table, CSV)
    resumed = admin("POST", f"/v1/imports/{import_id}/resume")
    refused = admin("GET", f"/v1/imports/{import_id}/refused")

    assert (preview.status, preview.json["bad"], begun.status) == (200, 1, 202)
    assert (after.json["tally"]["taken"], after.json["tally"]["refused"]) == (6, 1)
    assert again.json["tally"] == resumed.json["tally"] == after.json["tally"]
    assert refused.text.splitlines()[1].startswith("Nobody,At all,,,")
    leads = stack.leads_of(team.source_id)
    assert len(leads) == 6
    for lead in leads:
        stack.until(lead.lead_id, LeadState.ASSIGNED)


def test_somebody_who_stopped_the_queue_finds_everything_after_a_resume(stack: Stack, admin: Caller) -> None:
    team = Team.at(stack, auto_accept=True)
    path, table = f"/v1/sources/{team.source_id}/imports", a_file(stack, 3)

    with stack.taken_away("load", "Parts"):
        begun = admin("POST", path, table, CSV)
    assert begun.status in (500, 503), begun

    admin("POST", path, table, CSV)
    wait(lambda: len(stack.leads_of(team.source_id)) == 3, "all three are leads")
