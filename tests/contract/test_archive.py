"""The Archive port: edits with revisions, one moment for all of them, and the change log."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from baton.adapters.dynamo_archive import DynamoArchive
from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.application.archive import Archive, RevisedConfiguration
from baton.domain.documents import Configured
from baton.domain.editing import Author, Edit, Stored
from baton.domain.plan import Plan
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from tests.builders import MONDAY_9AM, a_plan, a_pool, a_rep

EVE = Author("eve", MONDAY_9AM)
type Both = tuple[Archive, RevisedConfiguration]


@pytest.fixture(params=["memory", "dynamo"])
def both(request: pytest.FixtureRequest) -> Both:
    """An archive, and the configuration that shows the same documents to everybody else."""
    if request.param == "dynamo":
        client = request.getfixturevalue("dynamodb")
        return DynamoArchive(client, "ConfigTable"), DynamoConfiguration(client, "ConfigTable")
    configuration = MemoryConfiguration()
    return MemoryArchive(configuration), configuration


@pytest.fixture
def archive(both: Both) -> Archive:
    """An archive."""
    return both[0]


def store(archive: Archive, *documents: Configured, by: Author = EVE) -> None:
    """Make these documents what is stored, in one change."""
    kinds = {type(document) for document in documents}
    found = {
        kind: archive.find_many(kind, [one.key for one in documents if type(one) is kind]) for kind in kinds
    }
    edits = [Edit(found[type(document)].get(document.key), document) for document in documents]
    assert archive.apply(edits, archive.revision(), by)


def names(archive: Archive) -> dict[str, str]:
    """The names of all reps."""
    return {stored.document.id: stored.document.name for stored in archive.every(Recipient)}


def reps(count: int, name: str = "Rep") -> list[Recipient]:
    """That many reps of that name."""
    return [a_rep(f"rep-{i:04}", name=name) for i in range(count)]


def test_nothing_has_changed_before_the_first_change(archive: Archive) -> None:
    assert archive.revision() == 0
    assert archive.find(Recipient, "ana") is None
    assert archive.every(Recipient) == []
    assert archive.page(Recipient, 10).items == ()
    assert archive.last(Recipient, "") is None
    assert archive.changes(10).items == ()


def test_a_change_is_seen_by_all_and_has_its_number_as_revision(both: Both) -> None:
    archive, configuration = both
    store(archive, a_rep("ana"))
    store(archive, a_rep("ben"), a_pool("ana", "ben"))

    assert archive.revision() == 2
    assert archive.find(Recipient, "ana") == Stored(a_rep("ana"), 1)
    assert archive.find_many(Recipient, ["ben", "ghost"]) == {"ben": Stored(a_rep("ben"), 2)}
    assert configuration.get(Pool, "team") == a_pool("ana", "ben")


def test_a_document_that_was_deleted_is_gone_and_made_anew_never_has_a_revision_again(both: Both) -> None:
    archive, configuration = both
    store(archive, a_rep("ana"))
    assert archive.apply([Edit(archive.find(Recipient, "ana"), None)], 1, EVE)
    assert archive.find(Recipient, "ana") is None
    assert configuration.get_many(Recipient, ["ana"]) == {}

    store(archive, a_rep("ana"))

    assert archive.find(Recipient, "ana") == Stored(a_rep("ana"), 3)


@pytest.mark.parametrize("count", [1, 50], ids=["one edit", "more than one transaction"])
def test_a_change_that_is_based_on_an_older_state_is_refused_whole(archive: Archive, count: int) -> None:
    store(archive, *reps(count, "Old"))
    store(archive, a_pool())

    edits = [Edit(archive.find(Recipient, rep.id), rep) for rep in reps(count, "New")]

    assert not archive.apply(edits, 1, EVE)
    assert set(names(archive).values()) == {"Old"}
    assert {entry.no for entry in archive.changes(200).items} == {1, 2}


def test_250_documents_are_made_changed_and_deleted_at_one_moment(both: Both) -> None:
    archive, configuration = both
    store(archive, *reps(150, "Old"))
    found = {stored.document.id: stored for stored in archive.every(Recipient)}
    edits = [Edit(found.get(rep.id), rep) for rep in reps(250, "New")[50:]]
    edits += [Edit(found[rep.id], None) for rep in reps(50)]

    assert archive.apply(edits, 1, EVE)

    wanted = {rep.id: "New" for rep in reps(250)[50:]}
    assert names(archive) == wanted
    assert {stored.rev for stored in archive.every(Recipient)} == {2}
    assert configuration.get_many(Recipient, [rep.id for rep in reps(250)]).keys() == wanted.keys()
    entries = archive.changes(1000).items
    assert [(entry.no, entry.before is None, entry.after is None) for entry in entries[:250]] == [
        *[(2, False, True)] * 50,
        *[(2, True, False)] * 100,
        *[(2, False, False)] * 100,
    ]
    assert len(entries) == 400


def test_documents_as_large_as_they_may_be_are_changed_at_one_moment(archive: Archive) -> None:
    def pools(weight: int) -> list[Pool]:
        caps: Any = {"per_hour": 1_000_000, "per_day": 1_000_000, "per_month": 1_000_000}
        members = [Member(recipient_id=f"{i:040}", weight=weight, caps=caps) for i in range(1000)]
        return [a_pool(*members, pool_id=f"pool-{i}") for i in range(12)]

    store(archive, *pools(1))
    store(archive, *pools(2))

    assert [stored.document for stored in archive.every(Pool)] == sorted(pools(2), key=lambda pool: pool.id)
    # Not all at once either: a page must fit into an answer.
    seen: list[str] = []
    after = None
    while after or not seen:
        page = archive.page(Pool, 12, after)
        seen += [stored.document.id for stored in page.items]
        after = page.after
    assert seen == sorted(pool.id for pool in pools(1))


def test_pages_go_through_all_keys_in_order(archive: Archive) -> None:
    store(archive, *reps(7), a_pool())
    keys: list[Sequence[str]] = []
    after = None
    while after or not keys:
        page = archive.page(Recipient, 3, after)
        keys.append([stored.document.id for stored in page.items])
        after = page.after

    everybody = [rep.id for rep in reps(7)]
    assert keys == [everybody[:3], everybody[3:6], everybody[6:]]
    assert archive.page(Recipient, 7).after is None


@pytest.mark.parametrize("after", ["", "!", "rep-0001x", "zzz", "é", "x" * 3000])
def test_a_page_may_be_asked_for_after_any_text(archive: Archive, after: str) -> None:
    store(archive, *reps(3))

    found = archive.page(Recipient, 10, after).items

    assert [stored.document.id for stored in found] == [rep.id for rep in reps(3) if rep.id > after]


def test_versions_of_one_plan_are_told_from_those_of_another_whose_name_begins_so(archive: Archive) -> None:
    versions = [a_plan(id=key, version=no) for key in ("sol", "solar", "sol-2") for no in (1, 2, 10)]
    store(archive, *versions)

    found = archive.page(Plan, 10, prefix="sol#").items
    assert [(stored.document.id, stored.document.version) for stored in found] == [
        ("sol", 1),
        ("sol", 2),
        ("sol", 10),
    ]
    assert archive.last(Plan, "sol#") == Stored(a_plan(id="sol", version=10), 1)
    assert archive.last(Plan, "so#") is None
    second = archive.page(Plan, 2, after=Plan.key_of("sol", 1), prefix="sol#")
    assert [stored.document.version for stored in second.items] == [2, 10]
    assert second.after is None


def test_the_log_says_who_changed_what_and_when_newest_first(archive: Archive) -> None:
    later = Author("rep:ana", MONDAY_9AM + timedelta(hours=1))
    store(archive, a_rep("ana"), a_rep("ben"))
    store(archive, a_rep("ana", name="Ana María"), by=later)
    assert archive.apply([Edit(archive.find(Recipient, "ben"), None)], 2, EVE)

    first = archive.changes(3)
    gone, changed, made = first.items
    assert (gone.no, gone.kind, gone.key, gone.after) == (3, "recipient", "ben", None)
    assert Recipient.model_validate(gone.before) == a_rep("ben")
    assert (changed.no, changed.by, changed.at) == (2, "rep:ana", later.at)
    assert Recipient.model_validate(changed.before) == a_rep("ana")
    assert Recipient.model_validate(changed.after) == a_rep("ana", name="Ana María")
    assert (made.key, made.before) == ("ben", None)
    rest = archive.changes(3, first.after)
    assert [entry.key for entry in rest.items] == ["ana"]
    assert rest.after is None


def test_a_key_that_no_document_can_have_is_not_found(archive: Archive) -> None:
    for key in ("", "x" * 3000, "é"):
        assert archive.find(Recipient, key) is None
