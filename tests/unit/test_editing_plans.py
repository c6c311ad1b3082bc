"""Plans are drafted, checked, published and taken back, while leads follow what is published."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from baton.adapters.doubles import FixedClock
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.application.edit_configuration import EditConfiguration
from baton.application.publish_plan import PublishPlan
from baton.domain.documents import Configured
from baton.domain.editing import DraftPlan
from baton.domain.errors import (
    AlreadyExists,
    EditConflict,
    InUse,
    InvalidConfiguration,
    NotFound,
    PlanNotValid,
)
from baton.domain.plan import Plan, PublishedPlan
from tests.builders import MONDAY_9AM, World, a_campaign, a_pool, a_rep, a_stage


@dataclass
class Office:
    """Where plans are made, over a pool with one rep."""

    documents: tuple[Configured, ...] = ()
    configuration: MemoryConfiguration = field(default_factory=MemoryConfiguration)

    def __post_init__(self) -> None:
        for document in (a_rep("ana"), a_pool("ana"), *self.documents):
            self.configuration.put(document)
        self.archive = MemoryArchive(self.configuration)
        self.plans = PublishPlan(self.archive, FixedClock(MONDAY_9AM))
        self.edit = EditConfiguration(self.archive, FixedClock(MONDAY_9AM))

    def publishes(self, **facts: Any) -> Plan:
        """A draft made the next version."""
        stored = self.plans.save_draft(a_draft(**facts), None, "eve")
        return self.plans.publish("plan", stored.rev, "eve").document

    def followed(self) -> int:
        """The version that new leads follow."""
        return self.configuration.get(PublishedPlan, "plan").version


def a_draft(pool_id: str = "team", fallback: str = "ana", **stage: Any) -> DraftPlan:
    """A draft of one stage."""
    return DraftPlan(id="plan", stages=(a_stage(pool_id, **stage),), fallback=fallback)


def test_a_published_draft_is_the_next_version_and_no_draft_any_more() -> None:
    office = Office()

    first = office.publishes()
    second = office.publishes(max_offers=3)

    assert (first.version, second.version) == (1, 2)
    assert first.stages == a_draft().stages
    assert office.followed() == 2
    assert office.plans.published("plan").document == second
    assert office.plans.versions("plan") == [second, first]
    assert office.plans.version("plan", 1).document == first
    with pytest.raises(NotFound):
        office.plans.draft("plan")
    published = [(entry.no, entry.kind) for entry in office.edit.history(3).items]
    assert len({no for no, _ in published}) == 1
    assert {kind for _, kind in published} == {"plan", "published_plan", "draft_plan"}


def test_a_bad_draft_is_saved_but_never_published_and_leads_go_on() -> None:
    office = Office()
    office.publishes()
    bad = office.plans.save_draft(a_draft("ghosts"), None, "eve")

    assert any(
        found.is_error and found.place.startswith("stages[0]") for found in office.plans.check(bad.document)
    )
    with pytest.raises(PlanNotValid, match="ghosts") as refused:
        office.plans.publish("plan", bad.rev, "eve")

    assert all(found.is_error for found in refused.value.findings)
    assert office.followed() == 1
    assert office.plans.draft("plan") == bad
    assert len(office.plans.versions("plan")) == 1


def test_a_draft_without_stages_is_not_published() -> None:
    office = Office()
    stored = office.plans.save_draft(DraftPlan(id="plan"), None, "eve")

    with pytest.raises(PlanNotValid):
        office.plans.publish("plan", stored.rev, "eve")

    with pytest.raises(NotFound):
        office.plans.versions("plan")


def test_what_is_published_is_the_draft_that_the_person_has_seen() -> None:
    office = Office()
    seen = office.plans.save_draft(a_draft(), None, "eve")
    office.plans.save_draft(a_draft(max_offers=1), seen.rev, "ada")

    with pytest.raises(EditConflict):
        office.plans.publish("plan", seen.rev, "eve")
    with pytest.raises(EditConflict):
        office.plans.save_draft(a_draft(max_offers=2), seen.rev, "eve")
    with pytest.raises(EditConflict):
        office.plans.delete_draft("plan", seen.rev, "eve")
    with pytest.raises(AlreadyExists):
        office.plans.save_draft(a_draft(max_offers=2), None, "eve")

    assert office.plans.draft("plan").document == a_draft(max_offers=1)


def test_the_same_draft_again_changes_nothing() -> None:
    office = Office()
    stored = office.plans.save_draft(a_draft(), None, "eve")

    assert office.plans.save_draft(a_draft(), stored.rev, "eve") == stored
    assert len(office.edit.history(10).items) == 1


def test_a_draft_can_be_dropped() -> None:
    office = Office()
    stored = office.plans.save_draft(a_draft(), None, "eve")

    office.plans.delete_draft("plan", stored.rev, "eve")

    assert office.plans.plans() == []
    with pytest.raises(NotFound):
        office.plans.delete_draft("plan", None, "eve")
    with pytest.raises(NotFound):
        office.plans.save_draft(a_draft(), stored.rev, "eve")


def test_a_draft_that_is_too_large_is_refused() -> None:
    office = Office()
    leaf = {"field": "contact.state", "op": "in", "value": [f"{i:04}" * 20 for i in range(3000)]}

    with pytest.raises(InvalidConfiguration):
        office.plans.save_draft(a_draft(when=leaf), None, "eve")


def test_rolling_back_moves_the_pointer_and_the_next_version_is_still_a_new_one() -> None:
    office = Office()
    first = office.publishes()
    office.publishes(max_offers=2)

    assert office.plans.roll_back("plan", 1, None, "eve").document == first
    assert office.followed() == 1
    assert office.plans.roll_back("plan", 1, None, "eve").document == first
    assert [entry.kind for entry in office.edit.history(10).items].count("published_plan") == 3

    assert office.publishes(max_offers=3).version == 3
    assert office.plans.roll_back("plan", 2, None, "eve").document.stages[0].max_offers == 2
    with pytest.raises(NotFound):
        office.plans.roll_back("plan", 4, None, "eve")


def test_a_version_that_would_no_longer_work_is_not_rolled_back_to() -> None:
    office = Office((a_pool("ana", pool_id="old"),))
    office.publishes(pool_id="old")
    office.publishes()
    office.edit.delete(type(a_pool()), "old", None, "eve")

    with pytest.raises(PlanNotValid):
        office.plans.roll_back("plan", 1, None, "eve")

    assert office.followed() == 2


def test_a_plan_that_a_campaign_uses_is_not_deleted() -> None:
    office = Office()
    office.publishes()
    office.edit.create(a_campaign(), "eve")

    with pytest.raises(InUse, match=r"plan 'plan' is used by campaign 'solar' \(plan\)"):
        office.plans.delete("plan", None, "eve")


def test_a_deleted_plan_leaves_its_versions_and_their_numbers() -> None:
    """Leads in flight keep the version that they started with."""
    office = Office()
    first = office.publishes()
    office.plans.save_draft(a_draft(), None, "eve")

    office.plans.delete("plan", None, "eve")

    assert office.plans.plans() == []
    assert office.plans.version("plan", 1).document == first
    with pytest.raises(NotFound):
        office.plans.published("plan")
    with pytest.raises(NotFound):
        office.plans.roll_back("plan", 1, None, "eve")
    with pytest.raises(NotFound):
        office.plans.delete("plan", None, "eve")
    assert office.publishes().version == 2


def test_the_list_says_how_each_plan_stands() -> None:
    office = Office()
    office.publishes()
    office.publishes(max_offers=2)
    office.plans.roll_back("plan", 1, None, "eve")
    draft = office.plans.save_draft(DraftPlan(id="another"), None, "eve")

    rows = [(row.id, row.published, row.newest, row.draft_rev) for row in office.plans.plans()]

    assert rows == [("another", None, None, draft.rev), ("plan", 1, 2, None)]


def test_a_lead_in_flight_keeps_its_version_and_the_next_lead_follows_the_new_one() -> None:
    configuration = MemoryConfiguration()
    world = World((a_rep("ana"),), configuration=configuration)
    plans = PublishPlan(MemoryArchive(configuration), world.clock)
    before = world.scores()

    draft = plans.save_draft(a_draft(auto_accept=True), None, "eve")
    plans.publish("plan", draft.rev, "eve")
    after = world.scores(email="another@example.com")

    assert world.leads.get(before).plan_version == 1
    assert world.leads.get(after).plan_version == 2
