"""Connectors over real sockets: a system that fails in the middle of a lead's life still has all of it, once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from baton.adapters.deliveries import DynamoDeliveries
from baton.adapters.linked_rows import DynamoLinks
from baton.adapters.outgoing_http import ThreadedHttp
from baton.domain.event_delivery import DeliveryState
from tests.builders import SECOND
from tests.connecting import SYSTEMS, a_company, lives, works_off
from tests.systems import Fault, Served, System
from tests.telling import Telling

every_system = pytest.mark.parametrize("kind", SYSTEMS)


@contextmanager
def a_company_over_sockets(system: System, **stores: Any) -> Iterator[Telling]:
    """A world that tells the system of everything."""
    http = ThreadedHttp(allow_http=True, allow_private=True)
    with Served(system) as served:
        yield a_company(system, http=http, url=served.url, stores=stores)
    http.close()


@every_system
@pytest.mark.parametrize(
    ("fault", "waits_at_least"),
    [
        (Fault(401), 0 * SECOND),
        (Fault(409), 5 * SECOND),
        (Fault(429, {"Retry-After": "90"}), 90 * SECOND),
        (Fault(500, is_done=True), 5 * SECOND),
        (Fault(0, is_done=True), 5 * SECOND),
    ],
    ids=lambda one: str(one.status) if isinstance(one, Fault) else "",
)
def test_a_life_with_a_fault_in_its_middle_arrives_in_order_and_once(
    kind: type[System], fault: Fault, waits_at_least: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baton.application.converse.ASK_MS", 400)
    system = kind()
    with a_company_over_sockets(system) as telling:
        lead_id = lives(telling)
        telling.tells(lead_id, 1, 2, 3)
        telling.works()
        before = system.stages_of(lead_id)
        system.faults.append(fault)
        telling.tells(lead_id, 4, 5)
        telling.works()
        waited = telling.waits() if telling.queue.waiting else 0 * SECOND
        works_off(telling)

    assert before == [kind.LIFE[0]]
    assert fault.status in system.answered
    assert waited >= waits_at_least
    assert {one.state for one in telling.log()} == {DeliveryState.DELIVERED}
    assert tuple(dict.fromkeys(system.stages_of(lead_id))) == kind.LIFE
    assert system.is_once(lead_id)


@every_system
def test_processes_that_come_at_the_same_moment_tell_it_once(kind: type[System], dynamodb: Any) -> None:
    """Each message of the queue comes four times at once; the stores are DynamoDB's."""
    system = kind()
    stores = {
        "deliveries": DynamoDeliveries(dynamodb, "LedgerTable"),
        "links": DynamoLinks(dynamodb, "LedgerTable"),
    }
    with a_company_over_sockets(system, **stores) as telling:
        lead_id = lives(telling)
        telling.tells(lead_id)
        while due := [one for one in telling.queue.waiting if not one[2]]:
            telling.queue.waiting = [one for one in telling.queue.waiting if one[2]]
            with ThreadPoolExecutor(8) as processes:
                list(processes.map(lambda one: telling.send(one[0], one[1]), due * 4))
        works_off(telling)

    assert tuple(system.stages_of(lead_id)) == kind.LIFE
    assert system.is_once(lead_id)
    assert sum(one.attempts for one in telling.log()) == len(kind.LIFE)
