"""Standings: what is written is read, and reading a large pool takes no more calls than reading a middling one."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from baton.adapters.dynamo_ledger import DynamoLedger, turn_put, usage_put
from baton.adapters.items import to_item
from baton.domain.change import Change, received
from baton.domain.lead import LeadState
from baton.domain.standing import Owner, Turn, Usage
from tests.builders import MONDAY_9AM, a_lead
from tests.contract.conftest import Stores

NEW = received(a_lead(state=LeadState.RECEIVED, rev=1), MONDAY_9AM)


class Counting:
    """A client that counts what it is asked."""

    def __init__(self, inner: Any) -> None:
        self.calls: Counter[str] = Counter()
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        def call(**request: Any) -> Any:
            self.calls[name] += 1
            return getattr(self._inner, name)(**request)

        return call


def fill(client: Any, members: list[str]) -> None:
    """A turn and a usage row for each."""
    for who in members:
        for put in (
            turn_put("LedgerTable", Turn("team", who, rev=1, turns=3)),
            usage_put("LedgerTable", Usage(who, rev=1)),
        ):
            client.put_item(TableName="LedgerTable", Item=put["Item"])


@pytest.mark.parametrize(("members", "calls"), [(15, 1), (50, 5), (250, 20), (1000, 20)])
def test_the_calls_for_a_pools_standings_do_not_grow_with_it(dynamodb: Any, members: int, calls: int) -> None:
    team = [f"rep-{n:04}" for n in range(members)]
    fill(dynamodb, [team[0], team[-1]])
    client = Counting(dynamodb)

    standings = DynamoLedger(client, "LedgerTable").standings([("team", who) for who in team], team)

    assert client.calls.total() == calls
    assert (standings.turn("team", team[-1]).turns, standings.used(team[0]).rev) == (3, 1)


def test_a_pool_of_any_size_is_read_whole(dynamodb: Any) -> None:
    team = [f"rep-{n:04}" for n in range(130)]
    fill(dynamodb, team)

    standings = DynamoLedger(dynamodb, "LedgerTable").standings([("team", who) for who in team], team)

    assert {who for _, who in standings.turns} == set(standings.usage) == set(team)


def test_a_row_of_an_older_version_is_read_as_one_without_what_it_did_not_know(dynamodb: Any) -> None:
    old = {
        "scope": "usage#0",
        "id": "x",
        "recipient_id": "x",
        "rev": 4,
        "open_leads": 2,
        "taken": {},
        "gone": 1,
    }
    fill(dynamodb, ["x"])
    row = usage_put("LedgerTable", Usage("x", rev=1))["Item"]
    dynamodb.put_item(TableName="LedgerTable", Item={**to_item(old), "scope": row["scope"]})

    used = DynamoLedger(dynamodb, "LedgerTable").standings([], ["x"]).used("x")

    assert (used.rev, used.open_leads, used.last_at) == (4, 2, None)


def test_who_looks_after_somebody_is_remembered_with_the_change_that_made_it_so(stores: Stores) -> None:
    owner = Owner(
        key="k1", recipient_id="ana", lead_id="x", at=MONDAY_9AM, expires_at=MONDAY_9AM + timedelta(days=90)
    )

    assert stores.leads.commit(Change(lead=NEW.lead, event=NEW.event, owners=(owner,)))
    assert stores.ledger.standings([], [], ["k1", "k2"]).owners == {"k1": owner}


def test_a_change_that_is_refused_makes_nobody_an_owner(stores: Stores) -> None:
    owner = Owner(key="k1", recipient_id="ana", lead_id="x", at=MONDAY_9AM, expires_at=MONDAY_9AM)
    stores.leads.commit(NEW)

    assert not stores.leads.commit(Change(lead=NEW.lead, event=NEW.event, owners=(owner,)))
    assert stores.ledger.standings([], [], ["k1"]).owners == {}
