"""Forgetting, whatever happens meanwhile: crashes in the middle, others at work, late answers; and through the API."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from baton.adapters.doubles import MemoryWorkflows
from baton.adapters.identities import KeyedIdentities
from baton.adapters.offer_links import SignedOfferLinks
from baton.application.answer_offer import Answer, AnswerOffer
from baton.application.compare_leads import CompareLeads
from baton.application.entrust_lead import EntrustLead
from baton.application.explain_lead import ExplainLead
from baton.application.restart_lead import Restarted
from baton.application.review_lead import ReviewLead
from baton.application.show_offer import ShowOffer, Status
from baton.application.situations import ReadSituation
from baton.domain.claims import accepted
from baton.domain.dedupe import DuplicatePolicy
from baton.domain.errors import IllegalTransition, StoreUnavailable
from baton.domain.forgetting import without_person
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.lead_return import ReturnState
from baton.domain.outcome import Outcome, Report
from baton.entrypoints.console.persons import PersonForgotten, persons_api
from baton.entrypoints.console.stories import LeadRow, WholeLead
from baton.entrypoints.offer_pages import offer_page
from tests.builders import LEAD_ID, MINUTE, MONDAY_9AM, SECRET, a_lead
from tests.forgetting import AGAIN, PRIVATE, Life, acme, memory_shelf
from tests.selling import said
from tests.unit.console import Caller

THIRD = f"{3:032x}"


class Dies:
    """A store whose calls work until their number is up; then the process is dead."""

    def __init__(self, inner: Any, left: list[int]) -> None:
        self._inner = inner
        self._left = left

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)

        def call(*arguments: Any, **named: Any) -> Any:
            if self._left[0] == 0:
                raise StoreUnavailable
            self._left[0] -= 1
            return found(*arguments, **named)

        return call if callable(found) else found


# ------------------------------------------------------------------------------------------------ crashes and others
def test_whenever_it_dies_asking_again_finishes_it() -> None:
    for calls in count():
        life = Life(memory_shelf())
        root = life.whole()
        secrets, left, shelf = life.secrets(root), [calls], life.shelf
        dying = {name: Dies(getattr(shelf, name), left) for name in ("leads", "ledger", "persons")}
        try:
            life.forgetting(replace(shelf, **dying))(root.lead_id, "maria")
        except StoreUnavailable:
            life.forget(root.lead_id, "maria")
            assert life.left(*secrets) == []
            continue
        assert calls > 20
        return


class Interrupted:
    """A store before one call of which somebody else does all they have to do."""

    def __init__(self, inner: Any, left: list[int], other: Callable[[], object]) -> None:
        self._inner = inner
        self._left = left
        self._other = other

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self._left[0] -= 1
            if self._left[0] == 0:
                self._other()
            return found(*arguments, **named)

        return call if callable(found) else found


def meanwhile(life: Life, calls: int, other: Callable[[], object]) -> tuple[Life, list[int]]:
    """The same life, in which that happens before the call of that number; and how many calls are left till then."""
    left, shelf = [calls], life.shelf
    stores = {name: Interrupted(getattr(shelf, name), left, other) for name in ("leads", "persons")}
    slow = Life(replace(shelf, **stores))
    slow.posts = life.posts
    return slow, left


MARIA = Contact(email=PRIVATE["email"], phone=PRIVATE["phone"])


def everybody(life: Life) -> list[Lead]:
    """All leads."""
    leads: Any = life.shelf.leads
    return list(leads.leads.values())


def _tolerant(task: Callable[[], object]) -> None:
    """What others do may be refused: the lead is no longer theirs to move."""
    try:
        task()
    except IllegalTransition:
        return


def accepts(life: Life) -> object:
    """Ana accepts, whatever else happens."""
    for _ in range(5):
        lead, offer = life.leads.get(LEAD_ID), life.leads.offer(LEAD_ID, 1)
        if lead.state is not LeadState.OFFERED or life.leads.commit(accepted(lead, offer, MONDAY_9AM)):
            return None
    return None


@pytest.mark.parametrize(
    ("start", "task"),
    [
        (lambda life: life.takes_in(), lambda life: life.score(LEAD_ID)),
        (lambda life: life.score(life.takes_in().lead_id), lambda life: life.route(LEAD_ID)),
        (lambda life: life.offered(), accepts),
        (lambda life: life.offered(), lambda life: life.offer(LEAD_ID, 1, "another token")),
        (
            lambda life: (life.offered(), accepts(life)),
            lambda life: life.conclude(LEAD_ID, Report(outcome=Outcome.CONTACTED), "ana"),
        ),
        (lambda life: (life.offered(), life.takes_in(**AGAIN)), lambda life: life.merge(f"{2:032x}")),
        (lambda life: life.sold(), lambda life: life.take_back.decide(LEAD_ID, 1, approve=True, by="x", why="wasabi")),
    ],
    ids=["score", "route", "accept", "message", "outcome", "merge", "return"],
)  # fmt: skip
def test_whatever_others_do_in_the_middle_nothing_of_the_person_is_left(
    start: Callable[[Life], object], task: Callable[[Life], object]
) -> None:
    def forgets(life: Life) -> object:
        return life.forget(LEAD_ID, "maria")

    for first, second in ((forgets, task), (task, forgets)):
        for calls in count(1):
            life = Life(memory_shelf())
            start(life)
            slow, left = meanwhile(life, calls, lambda other=second, at=life: _tolerant(lambda: other(at)))  # type: ignore[misc]
            _tolerant(lambda run=first, at=slow: run(at))  # type: ignore[misc]
            if left[0] > 0:
                break
            assert [lead.lead_id for lead in everybody(life) if not lead.forgotten_at] == []
            assert life.left(*life.identities.person(MARIA)) == []


def test_whoever_writes_a_forgotten_lead_late_brings_nothing_back() -> None:
    life = Life(memory_shelf())
    root = life.offered()
    life.forget(LEAD_ID, "maria")
    bare = life.leads.get(LEAD_ID)
    late = accepted(root, life.leads.offer(LEAD_ID, 1), MONDAY_9AM)

    assert not life.leads.commit(late)
    assert life.leads.commit(
        replace(
            late, lead=root.model_copy(update={"rev": bare.rev + 1, "forgotten_at": MONDAY_9AM}), offer=None
        )
    )

    assert life.left(*root.person) == []


def test_what_was_not_named_as_harmless_is_taken_for_personal() -> None:
    full = a_lead(
        contact=Contact(state="somewhere near the river", country="US"),
        attribution={"utm_source": "maria@example.com", "utm_campaign": "x" * 65, "utm_medium": "cpc"},
        quality={"email_role": True, "email_suggestion": "maria@example.com"},
        on_duplicate=DuplicatePolicy.MARK,
    )

    bare = without_person(full)

    assert bare.contact == Contact(country="US")
    assert (bare.attribution, bare.quality) == ({"utm_medium": "cpc"}, {"email_role": True})


# ---------------------------------------------------------------------------------------------- what still goes on
def forgotten_life() -> Life:
    """A person who was forgotten after all of it."""
    life = Life(memory_shelf())
    life.forget(life.whole().lead_id, "maria")
    return life


def test_a_forgotten_lead_goes_nowhere_any_more_and_the_sweep_leaves_it_alone() -> None:
    life = forgotten_life()

    for no in (1, 2, 3):
        assert life.restart.if_idle(f"{no:032x}") is Restarted.NOT_NEEDED
        with pytest.raises(IllegalTransition):
            life.leads.get(f"{no:032x}").moved(LeadState.SCORED, MONDAY_9AM)
    assert life.leads.overdue(MONDAY_9AM.replace(year=2030), 10) == []


def test_a_waiting_return_of_a_forgotten_lead_can_be_decided_and_it_is_not_sold_again() -> None:
    life = forgotten_life()

    decided = life.take_back.decide(THIRD, 1, approve=True, by="maria", why="fine by rosemary")

    lead = life.leads.get(THIRD)
    assert (decided.state, lead.state, lead.watch_at) == (ReturnState.APPROVED, LeadState.RETURNED, None)
    assert life.restart.if_idle(THIRD) is Restarted.NOT_NEEDED
    assert life.left() == []


def test_outcomes_of_a_forgotten_lead_still_count() -> None:
    life = forgotten_life()

    assert life.conclude(LEAD_ID, Report(outcome=Outcome.CONVERTED), "maria").state is LeadState.CONVERTED
    assert life.left() == []


def test_its_rep_sees_that_it_was_removed_on_request_and_can_undo_nothing() -> None:
    life = Life(memory_shelf())
    life.offered()
    accepts(life)
    life.forget(LEAD_ID, "maria")
    links = SignedOfferLinks("https://baton.example", lambda: SECRET)
    token = links.link(life.leads.offer(LEAD_ID, 1)).rpartition("/")[2]
    show = ShowOffer(life.leads, life.configuration, links, life.clock)
    workflows = MemoryWorkflows()
    answer = AnswerOffer(
        life.leads, show, life.release, life.restart, workflows, life.clock, EntrustLead(life.configuration)
    )

    views = [show(token), *(answer(token, word) for word in Answer)]

    assert {view.status for view in views} == {Status.REMOVED}
    status, page = offer_page(views[0])
    assert (status, "removed on request" in page) == (200, True)
    assert [word for word in PRIVATE.values() if str(word) in page] == []


def test_the_console_tells_the_story_without_the_person() -> None:
    life = forgotten_life()
    situation = ReadSituation(life.leads, life.shelf.ledger, life.configuration)
    explain = ExplainLead(life.leads, situation, life.configuration, life.clock)

    story = explain.story(THIRD)
    whole = WholeLead.of(story, traces=True)

    assert LeadRow.of(story.lead).who == "removed on request"
    assert (whole.lead.forgotten_at, whole.exchanges) == (MONDAY_9AM, [])
    assert explain(THIRD, acme.id).got_it


# -------------------------------------------------------------------------------------------------------- the API
def asks(life: Life, lead_id: str = LEAD_ID, groups: str = "admin") -> Any:
    """The answer to somebody who asks for a person to be forgotten."""
    return Caller(persons_api(lambda: life.forget), groups=groups)("DELETE", f"/v1/leads/{lead_id}/person")


def test_an_admin_has_a_person_forgotten_and_hears_how_much_that_was() -> None:
    life = Life(memory_shelf())
    life.whole()

    first, second = asks(life), asks(life)

    assert (first.status, first.json["leads"], first.json["lead_id"]) == (200, 3, LEAD_ID)
    assert first.json["rows"] > 3
    assert (second.status, second.json["leads"], second.json["rows"]) == (200, 0, 0)
    assert first.json["forgotten_at"] == second.json["forgotten_at"]
    assert life.leads.timeline(LEAD_ID)[-1].facts["by"] == "maria"


@pytest.mark.parametrize(("lead_id", "groups", "code"), [
    (LEAD_ID, "viewer", "forbidden"), (f"{9:032x}", "admin", "not-found"), ("nonsense", "admin", "not-found"),
])  # fmt: skip
def test_who_may_not_or_asks_for_nobody_is_told_so(lead_id: str, groups: str, code: str) -> None:
    life = Life(memory_shelf())
    life.offered()

    assert asks(life, lead_id, groups).code == code
    assert life.leads.get(LEAD_ID).forgotten_at is None


def test_while_a_buyer_has_not_said_whether_it_took_the_lead_the_answer_is_to_ask_again() -> None:
    life = Life(memory_shelf())
    life.posts = said("perhaps")
    life.deliver(life.delivering().lead_id)

    answer = asks(life)

    assert (answer.status, answer.code) == (409, "lead-in-motion")
    assert LEAD_ID in answer.json["detail"]


def test_of_more_leads_than_there_is_time_for_the_rest_waits_for_the_next_request() -> None:
    life = Life(memory_shelf(), campaign={"dedupe": {"policy": "mark"}})
    for visit in range(3):
        life.takes_in(landing_page=f"https://form.example/?visit={visit}")
    commit = life.shelf.leads.commit

    def slowly(change: Any) -> bool:
        life.clock.forward(MINUTE)
        return commit(change)

    life.shelf.leads.commit = slowly  # type: ignore[method-assign]

    answers = [asks(life) for _ in range(3)]

    assert [(answer.status, answer.json["leads"]) for answer in answers] == [(202, 1), (200, 2), (200, 0)]
    assert answers[0].json["forgotten_at"] is None


def test_the_guide_shows_the_answer_as_it_is() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text()
    shown = json.loads(guide.split("```json\n")[1].split("```")[0])

    assert PersonForgotten.model_validate(shown).model_dump(mode="json") == shown


def test_a_forgotten_lead_that_was_held_is_not_released() -> None:
    life = Life(memory_shelf())
    life.takes_in()
    life.forget(LEAD_ID, "maria")
    compare = CompareLeads(life.leads, life.shelf.ledger, KeyedIdentities(lambda: SECRET))
    review = ReviewLead(life.leads, MemoryWorkflows(), life.clock, life.configuration, compare)

    with pytest.raises(IllegalTransition):
        review.release(LEAD_ID, "ben")
