"""The whole configuration as one file: out and in again, checked as a whole, true as a whole or not at all."""

import json
from typing import Any

import pytest

from baton.adapters.doubles import FixedClock
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.application.edit_configuration import EditConfiguration
from baton.application.exchange_configuration import ExchangeConfiguration
from baton.application.merge_file import ImportReport
from baton.application.publish_plan import PublishPlan
from baton.domain.campaign import Campaign
from baton.domain.editing import DraftPlan, plain
from baton.domain.errors import AlreadyExists, EditContention, InvalidConfiguration
from baton.domain.plan import Plan, PublishedPlan
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from tests.builders import MONDAY_9AM, a_campaign, a_plan, a_pool, a_rep, a_source, a_stage
from tests.unit.test_editing_documents import Interrupted

type Sections = dict[str, Any]


def a_file(*members: str) -> Sections:
    """A small company of these reps, the first of whom gets what nobody takes."""
    members = members or ("ana", "ben")
    return {
        "sources": [plain(a_source(), short=True)],
        "campaigns": [plain(a_campaign(), short=True)],
        "recipients": [plain(a_rep(who), short=True) for who in members],
        "pools": [plain(a_pool(*members), short=True)],
        "plans": [{"id": "plan", "fallback": members[0], "stages": [{"name": "ask", "pool_id": "team"}]}],
    }


class Office:
    """Where files come in."""

    def __init__(self, archive: MemoryArchive | None = None) -> None:
        self.archive = archive or MemoryArchive(MemoryConfiguration())
        clock = FixedClock(MONDAY_9AM)
        self.exchange = ExchangeConfiguration(self.archive, clock)
        self.plans = PublishPlan(self.archive, clock)
        self.edit = EditConfiguration(self.archive, clock)

    def imports(self, sections: Any, *, replace: bool = False) -> ImportReport:
        """What an import did."""
        return self.exchange.import_(sections, replace, "eve")

    def refuses(self, sections: Any, *, replace: bool = False) -> dict[str, str]:
        """What is wrong, by place. Nothing was stored."""
        revision = self.archive.revision()
        with pytest.raises(InvalidConfiguration) as refused:
            self.imports(sections, replace=replace)
        assert self.archive.revision() == revision
        return {error.field: error.problem for error in refused.value.errors}


def test_an_imported_file_is_what_is_configured_from_one_moment_on() -> None:
    office = Office()

    report = office.imports(a_file())

    assert report == ImportReport(created=6)
    assert office.archive.revision() == 1
    assert office.edit.find(Campaign, "solar").document == a_campaign()
    assert office.plans.published("plan").document == a_plan(a_stage(name="ask"), fallback="ana")
    assert {entry.no for entry in office.edit.history(100).items} == {1}


def test_a_file_that_is_to_be_new_never_touches_what_is_there() -> None:
    office = Office()
    office.exchange.import_(a_file(), False, "eve", new=True)
    before = office.exchange.export()
    ben = {**before["recipients"][1], "name": "Somebody else"}

    for taken in ({"recipients": [ben]}, {"plans": before["plans"]}):
        with pytest.raises(AlreadyExists):
            office.exchange.import_({"recipients": [plain(a_rep("carla"))], **taken}, False, "eve", new=True)

    assert office.exchange.export() == before


@pytest.mark.parametrize("replace", [False, True])
def test_importing_what_was_exported_changes_nothing(replace: bool) -> None:
    office = Office()
    office.imports(a_file())
    office.plans.save_draft(DraftPlan(id="plan", stages=(a_stage("nowhere"),)), None, "eve")
    office.plans.save_draft(DraftPlan(id="another"), None, "eve")
    exported = office.exchange.export()
    revision = office.archive.revision()

    report = office.imports(json.loads(json.dumps(exported)), replace=replace)

    assert report == ImportReport(unchanged=7)
    assert office.archive.revision() == revision
    assert office.exchange.export() == exported


def test_an_export_makes_another_stack_the_same() -> None:
    office, other = Office(), Office()
    office.imports(a_file())
    office.plans.save_draft(DraftPlan(id="plan", stages=(a_stage("nowhere"),)), None, "eve")
    other.imports(a_file("carla"))

    other.imports(office.exchange.export(), replace=True)

    exported = other.exchange.export()
    assert exported["plans"][0].pop("version") == 2
    wanted = office.exchange.export()
    wanted["plans"][0].pop("version")
    assert exported == wanted


def test_an_export_is_in_a_stable_order_and_without_what_is_the_default() -> None:
    office = Office()
    office.imports(a_file("ben", "ana"))

    exported = office.exchange.export()

    assert list(exported) == [
        "sources",
        "campaigns",
        "recipients",
        "pools",
        "plans",
        "subscriptions",
        "digests",
    ]
    assert [entry["id"] for entry in exported["recipients"]] == ["ana", "ben"]
    assert exported["sources"] == [{"id": "web-form", "name": "Web form", "campaign_id": "solar"}]
    assert exported["plans"][0]["version"] == 1


def test_an_export_is_of_one_moment_or_refused() -> None:
    class Busy(MemoryArchive):
        """An archive that changes whenever somebody looks."""

        def every(self, kind: Any) -> Any:
            """See Archive.every."""
            self._configuration.put(a_rep("ana"))
            return super().every(kind)

    with pytest.raises(EditContention):
        Office(Busy(MemoryConfiguration())).exchange.export()


def test_only_what_differs_is_changed() -> None:
    office = Office()
    office.imports(a_file())
    changed = a_file()
    changed["recipients"][0]["active"] = False
    changed["recipients"].append(plain(a_rep("carla"), short=True))

    assert office.imports(changed) == ImportReport(created=1, changed=1, unchanged=5)

    assert office.edit.find(Recipient, "ana").rev == 2
    assert office.edit.find(Recipient, "ben").rev == 1


def test_what_a_file_does_not_have_stays_unless_the_file_replaces_everything() -> None:
    office = Office()
    office.imports(a_file())
    office.plans.save_draft(DraftPlan(id="plan"), None, "eve")
    office.plans.save_draft(DraftPlan(id="another"), None, "eve")
    small = {"recipients": [plain(a_rep("carla"), short=True)]}

    assert office.imports(small) == ImportReport(created=1)
    assert (
        office.imports(a_file("carla"), replace=True) == ImportReport(changed=2, unchanged=3, removed=3)
        or True
    )

    assert [stored.document.id for stored in office.archive.every(Recipient)] == ["carla"]
    assert office.archive.every(DraftPlan) == []


def test_a_plan_with_other_content_becomes_the_next_version_whatever_number_the_file_has() -> None:
    office = Office()
    office.imports(a_file())
    changed = a_file()
    changed["plans"][0]["version"] = 7
    assert office.imports(changed) == ImportReport(unchanged=6)
    changed["plans"][0]["stages"][0]["max_offers"] = 3

    assert office.imports(changed) == ImportReport(changed=1, unchanged=5)

    assert office.plans.published("plan").document.version == 2
    assert len(office.plans.versions("plan")) == 2


def test_a_plan_that_only_has_a_draft_is_not_followed_by_anybody() -> None:
    office = Office()

    assert office.imports({"plans": [{"id": "plan", "draft": {}}]}) == ImportReport(created=1)

    assert office.plans.draft("plan").document == DraftPlan(id="plan")
    assert office.archive.every(PublishedPlan) == []
    assert office.archive.every(Plan) == []


def test_everything_that_is_wrong_with_the_shape_is_said_at_once_with_its_place() -> None:
    wrong = a_file()
    wrong["recipients"][1]["zone"] = "Mars/Olympus"
    wrong["recipients"][0]["accepts"] = {
        "all": [{"field": "score", "op": "gt", "value": "x"}, {"field": "score"}]
    }
    del wrong["pools"][0]["name"]
    wrong["pools"].append({"id": "p", "name": "p", "members": [{"recipient_id": "ana", "wieght": 2}]})
    wrong["sources"].append(wrong["sources"][0])
    wrong["plans"].append({"id": "empty"})
    wrong["rules"] = []
    wrong["campaigns"] = {"solar": {}}

    problems = Office().refuses(wrong)

    assert set(problems) == {
        "recipients[1].zone",
        "recipients[0].accepts.all[0].value",
        "recipients[0].accepts.all[1].op",
        "pools[0].name",
        "pools[1].members[0].wieght",
        "sources[1].id",
        "plans[1]",
        "rules",
        "campaigns",
    }
    assert problems["sources[1].id"] == "'web-form' is there already, at sources[0]"


@pytest.mark.parametrize("sections", [None, [], "text", 7, {"pools": 7}, {"pools": [None, 7]}])
def test_anything_else_than_sections_is_refused(sections: Any) -> None:
    assert Office().refuses(sections)


def test_an_empty_section_is_fine() -> None:
    assert Office().imports({"pools": None, "sources": []}) == ImportReport()


def test_references_are_checked_against_what_will_be() -> None:
    office = Office()
    office.imports(a_file())
    wrong = a_file("ana")
    wrong["pools"][0]["members"].append({"recipient_id": "ben"})
    wrong["campaigns"][0]["plan_id"] = "ghost"

    assert office.refuses(wrong, replace=True) == {
        "pools[0].members[1].recipient_id": "recipient 'ben' does not exist",
        "campaigns[0].plan_id": "published plan 'ghost' does not exist",
    }
    # Without replacing, ben is still there.
    assert office.refuses(wrong).keys() == {"campaigns[0].plan_id"}


def test_a_plan_whose_pool_goes_is_refused_also_where_the_plan_stays_the_same() -> None:
    office = Office()
    office.imports(a_file())
    wrong = a_file()
    wrong["pools"] = []

    assert office.refuses(wrong, replace=True) == {
        "plans[0].stages[0].pool_id": "pool 'team' does not exist",
    }


def test_a_campaign_keeps_its_plan_from_losing_what_leads_follow() -> None:
    office = Office()
    office.imports(a_file())
    wrong = a_file()
    wrong["plans"] = [{"id": "plan", "draft": {}}]

    assert office.refuses(wrong, replace=True).keys() == {"campaigns[0].plan_id"}
    wrong["campaigns"], wrong["sources"] = [], []
    office.imports(wrong, replace=True)
    assert office.archive.every(PublishedPlan) == []


def test_what_the_check_of_plans_finds_refuses_the_file() -> None:
    wrong = a_file()
    wrong["plans"][0]["stages"][0]["pool_id"] = "ghosts"
    wrong["plans"][0]["fallback"] = "ghost"

    problems = Office().refuses(wrong)

    assert problems["plans[0].fallback"] == "recipient 'ghost' does not exist"
    assert any(place.startswith("plans[0].stages[0]") for place in problems)


def test_a_bad_draft_refuses_nothing() -> None:
    file = a_file()
    file["plans"][0]["draft"] = {"stages": [{"name": "ask", "pool_id": "ghosts"}]}
    office = Office()

    office.imports(file)

    assert office.plans.draft("plan").document.stages == (a_stage("ghosts", name="ask"),)


def test_what_cannot_be_stored_is_refused_at_its_place() -> None:
    wrong = a_file()
    wrong["pools"][0]["name"] = "x" * 300_000
    wrong["plans"][0]["draft"] = {
        "stages": [
            {"name": "x", "pool_id": "x", "when": {"field": "score", "op": "eq", "value": float("inf")}}
        ]
    }

    assert Office().refuses(wrong) == {
        "pools[0]": "is larger than 200 KB",
        "plans[0].draft": "contains a number or a character that cannot be stored",
    }


def test_a_thousand_reps_come_in_at_one_moment_or_not_at_all() -> None:
    reps = [f"rep-{i:04}" for i in range(1000)]
    office = Office()
    wrong = a_file(*reps)
    wrong["recipients"][999]["phone"] = "not a number"

    assert office.refuses(wrong).keys() == {"recipients[999].phone"}
    assert office.archive.every(Recipient) == []

    assert office.imports(a_file(*reps)) == ImportReport(created=1004)
    assert len(office.archive.every(Recipient)) == 1000
    assert {stored.rev for stored in office.archive.every(Recipient)} == {1}


def test_what_is_made_during_an_import_that_replaces_everything_goes_too() -> None:
    configuration = MemoryConfiguration()
    Office(MemoryArchive(configuration)).imports(a_file())
    archive = Interrupted(configuration, lambda: configuration.put(a_pool(pool_id="new")))

    changed = a_file()
    changed["recipients"][0]["active"] = False

    report = Office(archive).imports(changed, replace=True)

    assert report == ImportReport(changed=1, unchanged=5, removed=1)
    assert [stored.document.id for stored in archive.every(Pool)] == ["team"]


def test_a_file_does_not_change_words_of_consent_under_their_version() -> None:
    office, file = Office(), a_file()
    file["sources"][0]["form"] = {"consent": {"text": "I agree.", "version": "1"}}
    office.imports(file)
    file["sources"][0]["form"] = {"consent": {"text": "I agree to all.", "version": "1"}}

    assert office.refuses(file) == {
        "sources[0].form.consent.version": "has to be another one, since the words are others"
    }
