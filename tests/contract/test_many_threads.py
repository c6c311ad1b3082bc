"""Many leads at the same moment: real threads on one pool with caps.

On the twins: moto undoes a failed transaction by putting whole tables back, which loses what other threads wrote.
Real concurrency on an emulator whose transactions are atomic belongs to the end-to-end tests.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from baton.domain.errors import ClaimContention
from baton.domain.lead import LeadState
from baton.domain.pool import Fairness
from tests.builders import World, a_plan, a_pool, a_rep, a_stage

THREADS = 16
LEADS = 400


@pytest.fixture(autouse=True)
def _threads_take_turns_often() -> Iterator[None]:
    """Python switches between threads every 5 ms by itself: too seldom for races to happen."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def route_all(world: World, leads: list[str]) -> None:
    """Route all leads at once; a lead that loses too many races is tried again, as its workflow would."""

    def route(lead_id: str) -> None:
        for _ in range(50):
            try:
                world.route(lead_id)
            except ClaimContention:
                continue
            return

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(route, leads))


def owners_of(world: World, leads: list[str]) -> Counter[str | None]:
    """How many leads each rep has. None: nobody."""
    return Counter(world.leads.get(lead_id).recipient_id for lead_id in leads)


@pytest.mark.parametrize("caps", [{"per_day": 12}, {"open_leads": 12}])
def test_no_cap_is_overshot_and_every_lead_has_one_owner(caps: dict[str, int]) -> None:
    """Invariants 3 and 4."""
    reps = tuple(a_rep(f"rep-{i:02}", caps=caps) for i in range(16))
    world = World(reps, plan=a_plan(a_stage(auto_accept=True)))
    leads = [world.scores() for _ in range(LEADS)]

    route_all(world, leads)

    owners = owners_of(world, leads)
    assert owners == Counter({None: LEADS - 16 * 12}) + Counter({rep.id: 12 for rep in reps})
    for rep in reps:
        usage = world.usage(rep.id)
        assert (usage.open_leads, set(usage.taken.values())) == (12, {12})
        assert world.turns(rep.id) >= 12
    for lead_id in leads:
        lead, events = world.leads.get(lead_id), world.leads.timeline(lead_id)
        assert lead.offer_no == (lead.state is LeadState.ASSIGNED)
        assert [event.seq for event in events] == [1, 2, 3]


def test_no_turn_is_lost() -> None:
    """Where members may catch up, the turns in the ledger are the leads that were given out, one for one."""
    reps = tuple(a_rep(f"rep-{i:02}") for i in range(20))
    patient = a_pool(*reps, fairness=Fairness(catch_up=1000))
    world = World(reps, plan=a_plan(a_stage(auto_accept=True)), documents=(patient,))
    leads = [world.scores() for _ in range(LEADS)]

    route_all(world, leads)

    assert owners_of(world, leads) == {rep.id: world.turns(rep.id) for rep in reps}
