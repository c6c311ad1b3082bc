"""Sticky leads: whoever looks after a person or a company goes first, where the campaign says so."""

from datetime import timedelta
from typing import Any

import pytest

from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.application.answer_offer import Answer
from baton.domain.campaign import Campaign
from baton.domain.editing import Author, Edit
from baton.domain.lead import LeadState
from baton.domain.trace import Reason, StageOutcome
from tests.builders import MONDAY_9AM, World, a_campaign, a_plan, a_pool, a_rep, a_stage, a_world

ana, ben, carla = a_rep("ana"), a_rep("ben"), a_rep("carla")
MARIA = {"email": "maria@acme.example", "phone": "+1 202 555 0143"}


def company(*reps: Any, sticky: dict[str, Any], **facts: Any) -> World:
    """A team whose campaign is sticky; leads are assigned at once."""
    documents = (a_campaign(sticky=sticky), *facts.pop("documents", ()))
    return a_world(*(reps or (ana, ben, carla)), auto_accept=True, documents=documents, **facts)


def owner(world: World, **fields: Any) -> str | None:
    """Who gets a lead with these fields."""
    return world.leads.get(world.offers(**fields)).recipient_id


@pytest.mark.parametrize(
    "again", [{"email": "MARIA@acme.example"}, {"email": "m@x.example", "phone": "2025550143"}]
)
def test_a_returning_person_goes_to_the_rep_who_had_them(again: dict[str, str]) -> None:
    world = company(sticky={"person": "prefer"})
    assert owner(world, **MARIA) == "ana"
    assert owner(world) == "ben"

    assert owner(world, **again) == "ana"


def test_it_counts_as_a_turn() -> None:
    world = company(ana, ben, sticky={"person": "prefer"})
    others = [{"email": f"somebody{n}@x.example"} for n in range(4)]
    owner(world, **MARIA)
    owner(world, **MARIA)

    assert [owner(world, **other) for other in others] == ["ben", "ben", "ana", "ben"]


def test_off_means_that_nobody_is_remembered() -> None:
    world = company(sticky={"person": "off"})
    owner(world, **MARIA)

    assert owner(world, **MARIA) == "ben"


def test_after_the_window_the_person_is_anybodys() -> None:
    world = company(sticky={"person": "prefer", "window_days": 30})
    owner(world, **MARIA)
    world.clock.forward(timedelta(days=31))

    assert owner(world, **MARIA) == "ben"


def test_a_preferred_owner_who_is_away_is_passed_by_and_the_trace_names_both() -> None:
    world = company(sticky={"person": "prefer"})
    owner(world, **MARIA)
    world.configure(a_rep("ana", paused=True))
    lead_id = world.offers(**MARIA)
    trace = world.leads.offer(lead_id, 1).trace

    assert world.leads.get(lead_id).recipient_id == "ben"
    assert (trace.owner, trace.reason_for("ana")) == ("ana", Reason.AWAY)


def test_a_required_owner_who_is_away_leaves_the_lead_waiting_and_the_trace_says_for_whom() -> None:
    world = company(sticky={"person": "require"})
    owner(world, **MARIA)
    world.configure(a_rep("ana", paused=True))
    lead_id = world.offers(**MARIA)
    trace = world.leads.timeline(lead_id)[-1].trace

    assert world.leads.get(lead_id).state is LeadState.UNASSIGNED
    assert trace
    assert trace.stages[0].outcome is StageOutcome.KEPT_FOR_OWNER
    assert (trace.reason_for("ana"), trace.reason_for("ben")) == (Reason.AWAY, Reason.KEPT_FOR_OWNER)


def test_a_required_owner_who_left_the_team_leaves_the_lead_waiting() -> None:
    world = company(sticky={"person": "require"})
    owner(world, **MARIA)
    world.configure(a_pool(ben, carla))
    lead_id = world.offers(**MARIA)
    trace = world.leads.timeline(lead_id)[-1].trace

    assert trace
    assert trace.reason_for("ana") is Reason.NOT_A_MEMBER


def test_an_owner_who_declines_sends_the_lead_through_the_whole_plan() -> None:
    """The owner's stage is the plan's last: those before it have not been asked yet."""
    plan = a_plan(a_stage("first"), a_stage("team", name="last"))
    world = a_world(
        ana, ben, documents=(a_campaign(sticky={"person": "prefer"}), a_pool(ben, pool_id="first")), plan=plan
    )
    world.configure(a_pool(ana))
    first = world.offers(**MARIA)
    world.answers(first, Answer.DECLINE)
    world.step(first)
    world.answers(first, Answer.ACCEPT)
    assert world.leads.get(first).recipient_id == "ana"

    again = world.offers(**MARIA)
    assert world.leads.get(again).recipient_id == "ana"
    world.answers(again, Answer.DECLINE)
    world.step(again)

    assert world.leads.get(again).recipient_id == "ben"


def test_a_lead_that_was_only_offered_ties_nobody() -> None:
    world = a_world(ana, ben, documents=(a_campaign(sticky={"person": "prefer"}),))
    world.offers(**MARIA)

    assert world.leads.get(world.offers(**MARIA)).recipient_id == "ben"


def test_a_colleague_of_a_customer_goes_to_the_accounts_owner() -> None:
    world = company(sticky={"company": "prefer"})
    owner(world, **MARIA)

    assert owner(world, email="jo@ACME.example", phone=None) == "ana"


def test_two_people_with_one_mail_provider_are_not_one_company() -> None:
    world = company(sticky={"company": "prefer"})
    owner(world, email="maria@gmail.com")

    assert owner(world, email="jo@gmail.com") == "ben"


def test_what_ties_leads_together_does_not_say_who_they_are() -> None:
    """Invariant 9."""
    world = company(sticky={"person": "prefer", "company": "prefer"})
    lead = world.leads.get(world.offers(**MARIA))

    assert lead.ties
    stored = lead.ties.model_dump_json()
    assert not any(secret in stored for secret in ("maria", "acme", "5550143"))


def test_who_takes_a_lead_for_a_moment_does_not_keep_others_from_it() -> None:
    world = a_world(ana, ben, documents=(a_campaign(sticky={"person": "require"}),))
    lead_id = world.offers(**MARIA)
    world.answers(lead_id, Answer.ACCEPT)
    world.answers(lead_id, Answer.UNDO)
    world.step(lead_id)

    assert world.leads.get(lead_id).recipient_id == "ben"


def test_a_lead_goes_on_though_its_campaign_is_gone() -> None:
    world = company(sticky={"person": "prefer"})
    lead_id = world.scores(**MARIA)
    assert isinstance(world.configuration, MemoryConfiguration)
    MemoryArchive(world.configuration).apply(
        [Edit(MemoryArchive(world.configuration).find(Campaign, "solar"), None)],
        MemoryArchive(world.configuration).revision(),
        Author("ops", MONDAY_9AM),
    )

    assert world.route(lead_id).lead.recipient_id == "ana"
