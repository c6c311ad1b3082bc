"""What DynamoDB answers under load and no emulator does: conflicts, throttling, time-outs, half of what was asked."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from baton.adapters.aws import client as production_client
from baton.domain.change import received
from baton.domain.errors import StoreUnavailable
from baton.domain.lead import LeadState
from tests.builders import LEAD_ID, MONDAY_9AM, World, a_lead, a_rep, an_offer
from tests.contract.conftest import Stores, dynamo_stores

type Call = Callable[..., Any]

NEW = received(a_lead(state=LeadState.RECEIVED, rev=1), MONDAY_9AM)
URL = "https://dynamodb.example"
READS: dict[str, Callable[[Stores], object]] = {
    "get_item": lambda stores: stores.leads.get(LEAD_ID),
    "query": lambda stores: stores.leads.timeline(LEAD_ID),
    "batch_get_item": lambda stores: stores.ledger.standings([], ["ana"]),
}
SILENCE = [
    ReadTimeoutError(endpoint_url=URL),
    ConnectTimeoutError(endpoint_url=URL),
    EndpointConnectionError(endpoint_url=URL),
]


class Disturbed:
    """A DynamoDB client of which some operations are answered by somebody else."""

    def __init__(self, inner: Any, **operations: Call) -> None:
        self._inner, self._operations = inner, operations

    def __getattr__(self, name: str) -> Any:
        return self._operations.get(name) or getattr(self._inner, name)


def fails(error: Exception) -> Call:
    """An operation that fails without having done anything."""

    def operation(**_: Any) -> Any:
        raise error

    return operation


def an_error(code: str, **more: Any) -> ClientError:
    """An error as botocore raises it."""
    return ClientError({"Error": {"Code": code, "Message": "..."}, **more}, "Operation")


def cancelled(*reasons: str) -> ClientError:
    """A cancelled transaction, with a reason per row."""
    return an_error("TransactionCanceledException", CancellationReasons=[{"Code": code} for code in reasons])


@pytest.mark.parametrize(
    "reasons",
    [
        ("ConditionalCheckFailed", "None"),
        ("None", "TransactionConflict"),
        ("TransactionConflict", "ThrottlingError"),
    ],
)
def test_a_transaction_that_met_another_is_a_lost_race(dynamodb: Any, reasons: tuple[str, ...]) -> None:
    stores = dynamo_stores(Disturbed(dynamodb, transact_write_items=fails(cancelled(*reasons))))

    assert stores.leads.commit(NEW) is False


@pytest.mark.parametrize(
    "error",
    [
        cancelled("ThrottlingError", "None"),
        cancelled("ProvisionedThroughputExceeded"),
        an_error("ProvisionedThroughputExceededException"),
        an_error("ThrottlingException"),
        an_error("RequestLimitExceeded"),
        an_error("InternalServerError"),
        an_error("TransactionInProgressException"),
        *SILENCE,
    ],
    ids=str,
)
def test_a_write_that_was_not_answered_well_says_that_the_store_is_unavailable(
    dynamodb: Any, error: Exception
) -> None:
    stores = dynamo_stores(Disturbed(dynamodb, transact_write_items=fails(error), put_item=fails(error)))

    with pytest.raises(StoreUnavailable):
        stores.leads.commit(NEW)


@pytest.mark.parametrize(
    "error", [an_error("ThrottlingException"), an_error("InternalServerError"), *SILENCE], ids=str
)
@pytest.mark.parametrize("operation", READS)
def test_a_read_that_was_not_answered_well_says_that_the_store_is_unavailable(
    dynamodb: Any, operation: str, error: Exception
) -> None:
    stores = dynamo_stores(Disturbed(dynamodb, **{operation: fails(error)}))

    with pytest.raises(StoreUnavailable):
        READS[operation](stores)


@pytest.mark.parametrize("operation", READS)
def test_what_a_person_has_to_mend_is_not_called_passing(dynamodb: Any, operation: str) -> None:
    stores = dynamo_stores(Disturbed(dynamodb, **{operation: fails(an_error("AccessDeniedException"))}))

    with pytest.raises(ClientError):
        READS[operation](stores)


def writes_and_is_silent(dynamodb: Any, times: int = 1) -> Call:
    """A transaction that is carried out, but whose answer is lost on the way, for the first so many times."""
    left = [times]

    def operation(**request: Any) -> Any:
        answer = dynamodb.transact_write_items(**request)
        if left[0]:
            left[0] -= 1
            raise ReadTimeoutError(endpoint_url=URL)
        return answer

    return operation


def test_a_claim_whose_answer_was_lost_is_found_again_and_changes_nothing_more(dynamodb: Any) -> None:
    """Invariants 3, 4 and 8."""
    healthy = dynamo_stores(dynamodb)
    before = World((a_rep("ana"), a_rep("ben")), stores=(healthy.leads, healthy.ledger))
    lead_id = before.scores()
    silent = dynamo_stores(Disturbed(dynamodb, transact_write_items=writes_and_is_silent(dynamodb)))
    world = World((a_rep("ana"), a_rep("ben")), stores=(silent.leads, silent.ledger))
    with pytest.raises(StoreUnavailable):
        world.route(lead_id)

    routed = world.route(lead_id)

    assert (routed.next, routed.lead.offer_no, routed.lead.recipient_id) == ("offer", 1, "ana")
    assert (world.turns("ana"), world.turns("ben")) == (1, 0)
    assert world.usage("ana").open_leads == 1
    assert world.kinds(lead_id) == ["LeadReceived", "LeadScored", "OfferMade"]


def test_a_lead_whose_answer_was_lost_is_the_same_lead_when_the_caller_sends_it_again(dynamodb: Any) -> None:
    """Invariants 1 and 8."""
    silent = dynamo_stores(Disturbed(dynamodb, transact_write_items=writes_and_is_silent(dynamodb)))
    world = World(stores=(silent.leads, silent.ledger))
    with pytest.raises(StoreUnavailable):
        world.accept_lead("web-form", {"email": "a@b.co"}, key="k1")

    again = world.accept_lead("web-form", {"email": "a@b.co"}, key="k1")

    assert (again.new, again.started) == (False, True)
    assert world.kinds(again.lead_id) == ["LeadReceived"]


def test_rows_that_were_left_out_of_an_answer_are_asked_for_again(dynamodb: Any, on_dynamo: Stores) -> None:
    world = World((a_rep("ana"), a_rep("ben")), stores=(on_dynamo.leads, on_dynamo.ledger))
    for _ in range(2):
        world.route(world.scores())

    def one_at_a_time(**request: Any) -> Any:
        wanted = request["RequestItems"]["LedgerTable"]
        first = {"LedgerTable": {**wanted, "Keys": wanted["Keys"][:1]}}
        answer = dynamodb.batch_get_item(RequestItems=first)
        rest = wanted["Keys"][1:]
        return {**answer, "UnprocessedKeys": {"LedgerTable": {**wanted, "Keys": rest}} if rest else {}}

    stores = dynamo_stores(Disturbed(dynamodb, batch_get_item=one_at_a_time))

    assert set(stores.ledger.standings([], ["ana", "ben"]).usage) == {"ana", "ben"}


def test_rows_that_are_left_out_again_and_again_say_that_the_store_is_unavailable(
    dynamodb: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(**request: Any) -> Any:
        return {"Responses": {}, "UnprocessedKeys": request["RequestItems"]}

    monkeypatch.setattr("time.sleep", lambda _: None)
    stores = dynamo_stores(Disturbed(dynamodb, batch_get_item=nothing))

    with pytest.raises(StoreUnavailable):
        stores.ledger.standings([], ["ana"])


def test_no_call_waits_longer_than_a_caller_would(aws: Callable[[str], Any]) -> None:
    config = production_client("dynamodb").meta.config

    assert config.retries["total_max_attempts"] * (config.connect_timeout + config.read_timeout) < 15


def test_a_note_that_met_a_transaction_is_a_lost_race(dynamodb: Any) -> None:
    stores = dynamo_stores(Disturbed(dynamodb, put_item=fails(an_error("TransactionConflictException"))))

    assert stores.leads.note(an_offer()) is False
