"""The Configuration port, and the short memory in front of it."""

from datetime import timedelta
from typing import Any, cast

import pytest
from pydantic import ValidationError

from baton.adapters.doubles import FixedClock
from baton.adapters.dynamo_configuration import CachedConfiguration
from baton.application.archive import Configuration, RevisedConfiguration
from baton.domain.campaign import Campaign
from baton.domain.documents import Configured
from baton.domain.errors import NotFound
from baton.domain.plan import Plan, PublishedPlan
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from tests.builders import MONDAY_9AM, SECOND, a_campaign, a_plan, a_pool, a_rep, a_source, a_stage
from tests.contract.conftest import Stores

NESTED = {"not": {"any": [{"field": "score", "op": "between", "value": [1, 2.5]}, {"all": []}]}}
DOCUMENTS: list[Configured] = [
    a_source(allowed_origins=["https://forms.example"], honeypot_field="website", cost_cents=1200),
    a_campaign(
        required=["contact.email"],
        scoring={"rules": [{"reason": "José", "points": -5, "when": NESTED}], "qualify_from": 0},
    ),
    a_rep(
        "ana",
        accepts=NESTED,
        caps={"per_day": 0},
        schedule={"blocks": [{"days": ["mon"], "start": "09:00", "end": "00:00"}]},
    ),
    a_pool(Member(recipient_id="ana", weight=1_000_000, priority=2), "ben"),
    a_plan(a_stage(when=NESTED, max_offers=3), a_stage("other", model="waterfall"), fallback="ana"),
    PublishedPlan(id="plan", version=7),
]


def put(configuration: Configuration, *documents: Configured) -> None:
    """Write documents: a thing that both implementations can and the port need not."""
    writer: Any = configuration
    for document in documents:
        writer.put(document)


def revised(stores: Stores) -> RevisedConfiguration:
    """What a memory needs to be put before."""
    return cast("RevisedConfiguration", stores.configuration)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.kind)
def test_a_document_comes_back_as_it_was_written(stores: Stores, document: Configured) -> None:
    put(stores.configuration, document)

    assert stores.configuration.get(type(document), document.key) == document


def test_what_nobody_wrote_is_not_found_and_says_what(stores: Stores) -> None:
    with pytest.raises(NotFound, match="recipient 'ana' does not exist"):
        stores.configuration.get(Recipient, "ana")


def test_kinds_do_not_mix(stores: Stores) -> None:
    put(stores.configuration, a_pool(pool_id="solar"), a_campaign())

    assert isinstance(stores.configuration.get(Pool, "solar"), Pool)
    assert isinstance(stores.configuration.get(Campaign, "solar"), Campaign)
    with pytest.raises(NotFound):
        stores.configuration.get(Source, "solar")


def test_many_are_read_at_once_and_those_that_are_missing_are_left_out(stores: Stores) -> None:
    reps = [a_rep(f"rep-{i:03}") for i in range(150)]
    put(stores.configuration, *reps)

    found = stores.configuration.get_many(Recipient, [*(rep.id for rep in reps), "ghost", "rep-000"])

    assert found == {rep.id: rep for rep in reps}
    assert stores.configuration.get_many(Recipient, []) == {}


def test_versions_of_a_plan_stand_side_by_side(stores: Stores) -> None:
    first, second = a_plan(), a_plan(a_stage("other"), version=2)
    put(stores.configuration, first, second)

    assert stores.configuration.get(Plan, Plan.key_of("plan", 1)) == first
    assert stores.configuration.get(Plan, Plan.key_of("plan", 2)) == second


@pytest.mark.parametrize("key", ["x" * 3000, ""], ids=["3000 characters", "nothing"])
def test_a_key_that_no_document_can_have_is_not_found(stores: Stores, key: str) -> None:
    """A source's id comes from the caller's URL. Invariant 11."""
    cached = CachedConfiguration(revised(stores), FixedClock(MONDAY_9AM), 5)

    with pytest.raises(NotFound):
        cached.get(Source, key)


def test_a_change_reaches_everybody_after_the_memory_has_faded(stores: Stores) -> None:
    clock = FixedClock(MONDAY_9AM)
    cached = CachedConfiguration(revised(stores), clock, 5)
    put(stores.configuration, a_rep("ana"))
    assert cached.get(Recipient, "ana").active
    put(stores.configuration, a_rep("ana", active=False))

    clock.forward(timedelta(seconds=4.9))
    assert cached.get(Recipient, "ana").active
    clock.forward(SECOND)
    assert not cached.get(Recipient, "ana").active


def test_a_document_that_did_not_change_stays_the_same_object_with_all_that_was_compiled_from_it(
    stores: Stores,
) -> None:
    clock = FixedClock(MONDAY_9AM)
    cached = CachedConfiguration(revised(stores), clock, 5)
    put(stores.configuration, a_rep("ana", accepts=NESTED), a_rep("ben"))
    ana, ben = cached.get(Recipient, "ana"), cached.get(Recipient, "ben")
    put(stores.configuration, a_rep("ben", active=False))

    clock.forward(6 * SECOND)
    found = cached.get_many(Recipient, ["ana", "ben"])

    assert found["ana"] is ana
    assert found["ana"].accepts_test is ana.accepts_test
    assert found["ben"] is not ben
    assert not found["ben"].active


def test_that_something_is_missing_is_never_remembered(stores: Stores) -> None:
    cached = CachedConfiguration(revised(stores), FixedClock(MONDAY_9AM), 5)
    assert cached.get_many(Recipient, ["ana"]) == {}

    put(stores.configuration, a_rep("ana"))

    assert cached.get(Recipient, "ana") == a_rep("ana")


def test_a_stored_document_that_is_no_longer_valid_is_an_error_and_not_half_read(
    dynamodb: Any, on_dynamo: Stores
) -> None:
    document = {"S": '{"id":"ana"}'}
    row = {"kind": {"S": "recipient"}, "id": {"S": "ana"}, "rev": {"N": "1"}, "document": document}
    dynamodb.put_item(TableName="ConfigTable", Item=row)

    with pytest.raises(ValidationError):
        on_dynamo.configuration.get(Recipient, "ana")
