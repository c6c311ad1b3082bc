"""Editing sources, campaigns, recipients and pools: no edit is lost, and no name is left without its document."""

from collections.abc import Callable
from typing import Any

import pytest

from baton.adapters.doubles import FixedClock
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.application.edit_configuration import EditConfiguration
from baton.domain.campaign import Campaign
from baton.domain.documents import Configured
from baton.domain.editing import Author, DraftPlan, Edit, json_text, plain, same
from baton.domain.errors import (
    AlreadyExists,
    EditConflict,
    EditContention,
    InUse,
    InvalidConfiguration,
    NotFound,
)
from baton.domain.plan import PublishedPlan
from baton.domain.pool import Fairness, Member, Pool, Release
from baton.domain.recipient import Recipient
from baton.domain.references import references, users
from baton.domain.source import Source
from tests.builders import MONDAY_9AM, a_campaign, a_plan, a_pool, a_rep, a_source, a_stage


class Interrupted(MemoryArchive):
    """An archive in which somebody else changes something just before a change is stored."""

    def __init__(self, configuration: MemoryConfiguration, *others: Callable[[], object]) -> None:
        super().__init__(configuration)
        self._others = list(others)

    def apply(self, edits: Any, revision: int, author: Author) -> bool:
        """See Archive.apply."""
        if self._others:
            self._others.pop(0)()
        return super().apply(edits, revision, author)


def an_archive(*documents: Configured) -> MemoryArchive:
    """An archive of these documents."""
    return MemoryArchive(MemoryConfiguration(*documents))


def editing(*documents: Configured, archive: MemoryArchive | None = None) -> EditConfiguration:
    """The use case, over these documents."""
    return EditConfiguration(archive or an_archive(*documents), FixedClock(MONDAY_9AM))


def everything() -> list[Configured]:
    """A configuration in which everything refers to something."""
    return [
        a_rep("ana", campaign_caps={"solar": {"per_day": 3}}),
        a_rep("ben"),
        a_rep("owner"),
        a_pool("ana"),
        a_plan(fallback="owner"),
        PublishedPlan(id="plan", version=1),
        a_campaign(),
        a_source(),
    ]


def test_of_two_people_who_edit_at_once_the_second_is_told_and_nothing_is_lost() -> None:
    edit = editing(a_rep("ana"))
    seen = edit.find(Recipient, "ana")
    first = edit.replace(a_rep("ana", name="Ana María"), seen.rev, "eve")

    with pytest.raises(EditConflict, match="recipient 'ana' has been changed"):
        edit.replace(a_rep("ana", active=False), seen.rev, "ada")
    with pytest.raises(EditConflict):
        edit.delete(Recipient, "ana", seen.rev, "ada")

    assert edit.find(Recipient, "ana") == first
    assert first.document.name == "Ana María"


def test_whoever_edits_what_was_deleted_and_made_anew_is_told_too() -> None:
    edit = editing()
    seen = edit.create(a_rep("ana"), "eve")
    edit.delete(Recipient, "ana", seen.rev, "ada")
    edit.create(a_rep("ana", name="Another Ana"), "ada")

    with pytest.raises(EditConflict):
        edit.replace(a_rep("ana", active=False), seen.rev, "eve")


def test_an_edit_that_is_stored_between_reading_and_writing_is_seen() -> None:
    configuration = MemoryConfiguration(a_rep("ana"))
    archive = Interrupted(configuration, lambda: configuration.put(a_rep("ana", name="Ana María")))
    edit = editing(archive=archive)

    with pytest.raises(EditConflict):
        edit.replace(a_rep("ana", active=False), 1, "ada")

    assert edit.find(Recipient, "ana").document.name == "Ana María"


def test_an_unrelated_edit_at_the_same_time_disturbs_nobody() -> None:
    configuration = MemoryConfiguration(a_rep("ana"))
    edit = editing(archive=Interrupted(configuration, lambda: configuration.put(a_rep("ben"))))

    stored = edit.replace(a_rep("ana", active=False), 1, "ada")

    assert stored == edit.find(Recipient, "ana")


def test_whoever_loses_every_race_is_told_to_try_again() -> None:
    configuration = MemoryConfiguration(a_rep("ana"))
    others = [lambda: configuration.put(a_rep("ben"))] * 100
    edit = editing(archive=Interrupted(configuration, *others))

    with pytest.raises(EditContention):
        edit.create(a_rep("carla"), "ada")


def test_a_reference_to_what_is_deleted_at_the_same_time_is_refused() -> None:
    configuration = MemoryConfiguration(a_rep("ana"))
    other = editing(archive=MemoryArchive(configuration))
    archive = Interrupted(configuration, lambda: other.delete(Recipient, "ana", None, "eve"))

    with pytest.raises(InvalidConfiguration):
        editing(archive=archive).create(a_pool("ana"), "ada")


def test_whoever_has_seen_no_revision_takes_whichever_there_is() -> None:
    edit = editing(a_rep("ana"))

    edit.replace(a_rep("ana", active=False), None, "eve")
    edit.delete(Recipient, "ana", None, "eve")

    with pytest.raises(NotFound, match="recipient 'ana' does not exist"):
        edit.find(Recipient, "ana")
    with pytest.raises(NotFound):
        edit.replace(a_rep("ana"), None, "eve")
    with pytest.raises(NotFound):
        edit.delete(Recipient, "ana", None, "eve")


def test_an_id_that_is_taken_is_refused_and_the_document_stays() -> None:
    edit = editing(a_rep("ana"))

    with pytest.raises(AlreadyExists, match="recipient 'ana' exists already"):
        edit.create(a_rep("ana", name="Another Ana"), "eve")

    assert edit.find(Recipient, "ana").document == a_rep("ana")


def test_the_same_edit_again_changes_nothing_and_logs_nothing() -> None:
    edit = editing(a_rep("ana"))
    stored = edit.replace(a_rep("ana", active=False), 1, "eve")

    assert edit.replace(a_rep("ana", active=False), stored.rev, "eve") == stored
    # The answer to the first may have been lost on its way: RFC 9110 section 13.1.1 lets the second succeed.
    assert edit.replace(a_rep("ana", active=False), 1, "eve") == stored

    assert len(edit.history(10).items) == 1


def test_a_value_of_another_type_is_another_value() -> None:
    def accepting(value: object) -> Recipient:
        return a_rep("ana", accepts={"field": "attributes.owner", "op": "eq", "value": value})

    edit = editing(accepting(1))

    assert edit.replace(accepting(True), 1, "eve").rev == 2


def test_every_change_is_in_the_log_with_who_when_before_and_after() -> None:
    edit = editing()
    made = edit.create(a_rep("ana"), "eve")
    changed = edit.replace(a_rep("ana", active=False), made.rev, "rep:ana")
    edit.delete(Recipient, "ana", changed.rev, "baton")

    log = edit.history(10).items
    assert [(entry.by, entry.at, entry.key) for entry in log] == [
        ("baton", MONDAY_9AM, "ana"),
        ("rep:ana", MONDAY_9AM, "ana"),
        ("eve", MONDAY_9AM, "ana"),
    ]
    active = [
        (entry.before and entry.before["active"], entry.after and entry.after["active"]) for entry in log
    ]
    assert active == [(False, None), (True, False), (None, True)]


@pytest.mark.parametrize(
    ("document", "place", "problem"),
    [
        (a_pool("ana", "ghost"), "members[1].recipient_id", "recipient 'ghost' does not exist"),
        (a_source(campaign_id="ghost"), "campaign_id", "campaign 'ghost' does not exist"),
        (a_campaign(plan_id="ghost"), "plan_id", "published plan 'ghost' does not exist"),
        (a_campaign(plan_id="drafted"), "plan_id", "published plan 'drafted' does not exist"),
        (a_rep(campaign_caps={"ghost": {}}), "campaign_caps.ghost", "campaign 'ghost' does not exist"),
    ],
    ids=lambda value: value.kind if isinstance(value, Configured) else "",
)
def test_what_refers_to_nothing_is_refused_at_its_place(
    document: Configured, place: str, problem: str
) -> None:
    present = [found for found in everything() if (found.kind, found.key) != (document.kind, document.key)]
    edit = editing(*present, DraftPlan(id="drafted"))

    with pytest.raises(InvalidConfiguration) as refused:
        edit.create(document, "eve")

    assert [(error.field, error.problem) for error in refused.value.errors] == [(place, problem)]


def test_a_document_that_refers_to_nothing_may_not_replace_one_either() -> None:
    edit = editing(*everything())

    with pytest.raises(InvalidConfiguration):
        edit.replace(a_pool("ghost"), None, "eve")

    assert edit.find(Pool, "team").document == a_pool("ana")


@pytest.mark.parametrize(
    ("kind", "key", "used_by"),
    [
        (Recipient, "ana", "pool 'team' (member)"),
        (Recipient, "owner", "plan 'plan' (fallback)"),
        (Campaign, "solar", "recipient 'ana' (caps), source 'web-form' (campaign)"),
        (Pool, "team", "plan 'plan' (stage)"),
    ],
)
def test_what_is_in_use_is_not_deleted_and_the_user_is_named(
    kind: type[Configured], key: str, used_by: str
) -> None:
    edit = editing(*everything())

    with pytest.raises(InUse) as refused:
        edit.delete(kind, key, None, "eve")

    assert str(refused.value) == f"{kind.kind} '{key}' is used by {used_by}"
    assert edit.find(kind, key).rev
    assert not edit.history(10).items


def test_what_nobody_uses_is_deleted() -> None:
    edit = editing(*everything())

    edit.delete(Source, "web-form", None, "eve")
    edit.delete(Recipient, "ben", None, "eve")

    assert [entry.key for entry in edit.history(10).items] == ["ben", "web-form"]


def test_a_draft_keeps_what_it_names_and_an_earlier_version_does_not() -> None:
    versions = [
        a_plan(a_stage("old")),
        a_plan(a_stage("new"), version=2),
        PublishedPlan(id="plan", version=2),
    ]
    draft = DraftPlan(id="plan", stages=(a_stage("next"),))
    edit = editing(*[a_pool(pool_id=key) for key in ("old", "new", "next")], *versions, draft)

    edit.delete(Pool, "old", None, "eve")
    with pytest.raises(InUse, match=r"draft of plan 'plan' \(stage\)"):
        edit.delete(Pool, "next", None, "eve")
    with pytest.raises(InUse, match=r"by plan 'plan' \(stage\)"):
        edit.delete(Pool, "new", None, "eve")


def test_at_most_ten_users_are_named() -> None:
    pools = [a_pool("ana", pool_id=f"pool-{i:02}") for i in range(12)]

    with pytest.raises(InUse) as refused:
        editing(a_rep("ana"), *pools).delete(Recipient, "ana", None, "eve")

    assert str(refused.value).endswith("pool 'pool-09' (member) and 2 more")


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"name": "x" * 201_000}, "is larger than 200 KB"),
        ({"campaign_id": "solar", "name": "half a character: \ud83d"}, "cannot be stored"),
    ],
    ids=["too large", "half a character"],
)
def test_what_the_store_cannot_take_is_refused_clearly(facts: dict[str, Any], problem: str) -> None:
    source = Source.model_construct(**{**dict(a_source()), **facts})

    with pytest.raises(InvalidConfiguration) as refused:
        editing(*everything()).replace(source, None, "eve")

    assert problem in refused.value.errors[0].problem


def test_a_number_without_end_is_refused_clearly() -> None:
    accepts = {"field": "score", "op": "eq", "value": float("inf")}

    with pytest.raises(InvalidConfiguration):
        editing().create(a_rep("ana", accepts=accepts), "eve")


def test_a_pool_of_a_thousand_members_with_all_their_caps_can_be_stored() -> None:
    caps: Any = {"per_hour": 100, "per_day": 1000, "per_week": 10_000, "per_month": 100_000}
    reps = [a_rep(f"a-name-of-usual-length-{i:04}") for i in range(1000)]
    members = [Member(recipient_id=rep.id, weight=100, caps=caps) for rep in reps]

    assert editing(*reps).create(a_pool(*members), "eve").rev == 1001


def test_equal_documents_have_equal_texts_in_every_process() -> None:
    """Python orders a set of texts anew in every process."""
    pool = a_pool(fairness=Fairness(refund_on=frozenset(Release)))

    assert plain(pool)["fairness"]["refund_on"] == sorted(Release)
    assert Pool.model_validate_json(json_text(pool)) == pool
    assert not same(pool, a_pool())
    assert not same(a_rep("ana"), a_pool(pool_id="ana"))


def test_an_edit_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="an edit of nothing"):
        _ = Edit(None, None).document


def test_everything_that_a_document_names_is_a_reference() -> None:
    plan = a_plan(a_stage("team"), a_stage("other"), fallback="owner")

    found = {(one.kind, one.id, one.place) for one in references(plan)}

    assert found == {
        ("pool", "team", "stages[0].pool_id"),
        ("pool", "other", "stages[1].pool_id"),
        ("recipient", "owner", "fallback"),
    }
    assert references(PublishedPlan(id="plan", version=1)) == set()
    assert users("pool", "other", [plan, a_pool()]) == ["plan 'plan' (stage)"]


def with_words(text: str | None, version: str = "1") -> Source:
    """A source whose form has people agree to these words."""
    return a_source(form={"consent": {"text": text, "version": version} if text else None})


def test_words_of_consent_that_change_need_another_version() -> None:
    desk = editing(*everything())
    first = desk.replace(with_words("I agree."), None, "ann")

    with pytest.raises(InvalidConfiguration) as refused:
        desk.replace(with_words("I agree to all."), None, "ann")
    assert [(error.field, error.problem) for error in refused.value.errors] == [
        ("form.consent.version", "has to be another one, since the words are others")
    ]
    assert desk.find(Source, "web-form") == first

    for good in (with_words("I agree to all.", "2"), with_words("I agree to all.", "3"), with_words(None)):
        assert desk.replace(good, None, "ann").document == good


def test_a_source_from_before_there_were_words_says_none() -> None:
    source = Source.model_validate_json('{"id": "web-form", "name": "Web form", "campaign_id": "solar"}')

    assert source.form is None
