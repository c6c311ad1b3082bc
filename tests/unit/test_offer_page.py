"""The offer's page: looking changes nothing, only a choice does, and what a lead carries stays text."""

import re
from base64 import b64encode
from typing import Any

import pytest

from baton.application.answer_offer import Answer as Said
from baton.application.note_progress import Progress
from baton.domain.outcome import Outcome, Report
from baton.domain.timeline import EventKind
from baton.entrypoints.http import Response, endpoint
from baton.entrypoints.offers import respond
from tests.builders import MINUTE, World, a_rep, a_world
from tests.unit.wire import FORM_TYPE, JSON_TYPE, Answer, an_event

SCRIPT = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"


def a_page(world: World, token: str, body: str | None = None, **facts: Any) -> Answer:
    """The page behind the token; with a body, after posting it."""

    def handler(request: Any, _: Any) -> Response:
        return respond(world.show, world.answer, lambda: world.note, request)

    method = "GET" if body is None else "POST"
    event = an_event(
        body, **{"method": method, "media_type": FORM_TYPE, "pathParameters": {"token": token}, **facts}
    )
    return Answer.of(endpoint(handler)(event, None))


def offered(**fields: Any) -> tuple[World, str, str]:
    """A world with an offered lead, its id and its token."""
    world = a_world(a_rep("ana"), a_rep("ben"))
    lead_id = world.offers(**fields)
    return world, lead_id, world.token(lead_id)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing_however_often(method: str) -> None:
    """Invariant 8."""
    world, lead_id, token = offered()
    before = world.leads.get(lead_id), world.leads.offer(lead_id, 1)
    pages = {a_page(world, token, method=method).status for _ in range(5)}

    assert pages == {200}
    assert (world.leads.get(lead_id), world.leads.offer(lead_id, 1)) == before


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("", FORM_TYPE),
        ("answer=", FORM_TYPE),
        ("answer=maybe", FORM_TYPE),
        ("answer=ACCEPT", FORM_TYPE),
        ("answer=accept&answer=decline", FORM_TYPE),
        ("answer=accept&" + "x" * 5000, FORM_TYPE),
        ("answer=%FF", FORM_TYPE),
        ("answer=accept", "text/plain"),
        ("answer=accept", "multipart/form-data; boundary=x"),
        ('{"answer": ["accept"]}', JSON_TYPE),
        ("{", JSON_TYPE),
    ],
)
def test_a_form_without_a_clear_choice_changes_nothing_and_asks_again(body: str, media_type: str) -> None:
    world, lead_id, token = offered()
    before = world.leads.get(lead_id), world.leads.offer(lead_id, 1)
    answer = a_page(world, token, body, media_type=media_type)

    assert (answer.status, "Please choose first." in answer.body) == (200, True)
    assert (world.leads.get(lead_id), world.leads.offer(lead_id, 1)) == before


@pytest.mark.parametrize(
    ("body", "title"), [("answer=accept", "This lead is yours"), ("answer=decline", "You declined this lead")]
)
def test_a_choice_counts(body: str, title: str) -> None:
    world, _, token = offered()

    assert title in a_page(world, token, body).body


def test_nothing_is_chosen_before_a_person_chooses() -> None:
    world, _, token = offered()
    page = a_page(world, token).body

    assert "checked" not in page
    assert page.count("<button") == 1


def test_a_script_in_anything_that_a_lead_carries_stays_text() -> None:
    world, lead_id, token = offered(first_name=SCRIPT, city=SCRIPT, note=SCRIPT, **{"<b>x</b>": SCRIPT})
    pages = [a_page(world, token).body, a_page(world, token, "answer=accept").body]
    mails = [text for _, text in world.notifier.sent if "<h1>" in text]

    assert all("<script" not in page and "<img" not in page and "<b>" not in page for page in pages)
    assert all("<script" not in mail.partition("<h1>")[2] for mail in mails)
    assert world.leads.get(lead_id).contact.first_name == SCRIPT


def test_a_page_runs_loads_frames_and_keeps_nothing() -> None:
    world, _, token = offered()
    headers = a_page(world, token).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")


@pytest.mark.parametrize("token", ["", "x", "A" * 51, "../..", "é", b64encode(b"\x00" * 38).decode()])
def test_a_link_that_is_none_of_ours_is_a_page_that_says_so(token: str) -> None:
    world, *_ = offered()

    assert a_page(world, token).status == a_page(world, token, "answer=accept").status == 404


def test_a_late_click_says_who_has_the_lead_and_nothing_about_the_person() -> None:
    """Invariant 9."""
    world, lead_id, token = offered(first_name="Maria")
    world.clock.forward(6 * MINUTE)
    world.step(lead_id)
    world.answers(lead_id, Said.ACCEPT)
    page = a_page(world, token).body

    assert "Ben already has this lead" in page
    assert "Maria" not in page


def test_the_address_of_an_offer_says_nothing_about_anyone_and_fits_an_sms() -> None:
    """Invariant 9."""
    world, lead_id, _ = offered(first_name="Maria")
    link = world.links.link(world.leads.offer(lead_id, 1))

    assert "Maria" not in link
    assert "ana" not in link.removeprefix("https://baton.example")
    assert len(link) < 120


# ---------------------------------------------------------------------------------------------------- how it is going
def ours(**fields: Any) -> tuple[World, str, str]:
    """A world in which ana has a lead, its id and the token of its offer."""
    world, lead_id, token = offered(**fields)
    world.answers(lead_id, Said.ACCEPT)
    return world, lead_id, token


def seen_on(page: str) -> str:
    """What the page says of itself in its form."""
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


def says(world: World, token: str, progress: str) -> Answer:
    """The page after a rep opened it and said how it goes."""
    return a_page(world, token, f"progress={progress}&seen={seen_on(a_page(world, token).body)}")


@pytest.mark.parametrize(
    ("progress", "state", "kind"),
    [
        ("called", "contacted", EventKind.LEAD_CONTACTED),
        ("no_answer", "assigned", EventKind.ATTEMPT_MADE),
        ("won", "converted", EventKind.LEAD_CONVERTED),
        ("lost", "lost", EventKind.LEAD_LOST),
    ],
)
def test_a_rep_says_how_it_goes_with_a_lead_of_theirs(progress: str, state: str, kind: EventKind) -> None:
    world, lead_id, token = ours()

    page = says(world, token, progress)

    assert (page.status, "This lead is yours" in page.body) == (200, True)
    event = world.leads.timeline(lead_id)[-1]
    assert (world.leads.get(lead_id).state, event.kind, event.facts["by"]) == (state, kind, "rep:ana")


def test_the_page_shows_what_was_said_and_a_slip_can_be_put_right() -> None:
    world, lead_id, token = ours()
    assert "So far: lost." in says(world, token, "lost").body
    world.clock.forward(MINUTE)

    assert "So far: won." in says(world, token, "won").body
    assert world.leads.get(lead_id).state == "converted"


def test_the_same_page_sent_twice_is_one_attempt_and_another_visit_another_one() -> None:
    """Invariant 8."""
    world, lead_id, token = ours()
    seen = seen_on(a_page(world, token).body)
    for _ in range(3):
        a_page(world, token, f"progress=no_answer&seen={seen}")
    assert world.kinds(lead_id).count(EventKind.ATTEMPT_MADE) == 1

    says(world, token, "no_answer")

    assert world.kinds(lead_id).count(EventKind.ATTEMPT_MADE) == 2


def test_an_attempt_frees_no_capacity_and_stops_no_undo() -> None:
    world, _, token = ours()

    page = says(world, token, "no_answer").body

    assert world.usage("ana").open_leads == 1
    assert 'value="undo"' in page
    assert 'value="undo"' not in says(world, token, "called").body


@pytest.mark.parametrize(
    "body",
    [
        "progress=",
        "progress=won",
        "seen=4",
        "progress=maybe&seen=4",
        "progress=won&seen=x",
        "progress=won&progress=lost&seen=4",
        "progress=won&seen=4&answer=undo",
    ],
)
def test_a_form_that_does_not_say_clearly_how_it_goes_changes_nothing_and_asks_again(body: str) -> None:
    world, lead_id, token = ours()
    before = world.leads.get(lead_id)

    answer = a_page(world, token, body)

    assert (answer.status, "Please choose first." in answer.body) == (200, True)
    assert world.leads.get(lead_id) == before


def test_nothing_of_how_it_goes_is_chosen_before_a_person_chooses() -> None:
    world, _, token = ours()

    assert "checked" not in a_page(world, token).body


@pytest.mark.parametrize("progress", Progress)
def test_only_who_has_the_lead_says_how_it_goes(progress: Progress) -> None:
    world, lead_id, token = offered()
    open_page = a_page(world, token, f"progress={progress}&seen=4").body
    world.answers(lead_id, Said.DECLINE)
    world.step(lead_id)
    before = world.leads.get(lead_id)

    page = a_page(world, token, f"progress={progress}&seen=4").body

    assert "progress" not in open_page + page
    assert world.leads.get(lead_id) == before


def test_a_lead_that_was_given_back_is_no_business_of_the_rep_s_any_more() -> None:
    world, lead_id, token = ours()
    world.conclude(lead_id, Report(outcome=Outcome.RETURNED), "maria")

    page = a_page(world, token, "progress=won&seen=4")

    assert "progress" not in page.body
    assert world.leads.get(lead_id).conclusion is None
