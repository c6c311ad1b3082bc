"""Whether a stage can do anything: does a lead ever get there, and is there ever anybody left to ask?"""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from baton.domain.caps import Caps, WindowCaps
from baton.domain.condition_never import never
from baton.domain.conditions import AllOf, Condition, Leaf
from baton.domain.plan import Model, Stage
from baton.domain.plan_findings import Finding, Scene, error, warning
from baton.domain.plan_sales import no_deal
from baton.domain.pool import Member
from baton.domain.recipient import Recipient
from baton.domain.schedule import DAYS_AHEAD, Schedule


def unasked(scene: Scene, stage: Stage, member: Member) -> str | None:
    """Why that member can never get a lead of the stage, whatever comes; None where it may.

    Being paused or away is no such reason: it ends.
    """
    recipient = scene.recipients.get(member.recipient_id)
    if recipient is None:
        return "does not exist"
    if not recipient.active:
        return "is inactive"
    if why := no_deal(scene, stage, recipient):
        return why
    if never(recipient.accepts):
        return "accepts no lead at all"
    if recipient.accepts and never(AllOf(all=[*_parts(stage.when), *_parts(recipient.accepts)])):
        return "accepts none of the leads that the stage is for"
    if _has_cap_of_none(scene, recipient, member):
        return "has a cap of 0"
    back = max(scene.now, recipient.away_until) if recipient.away_until else scene.now
    if not _ever_opens(recipient.schedule, recipient.zone, back):
        return f"has no working hours in the next {DAYS_AHEAD} days"
    return None


@lru_cache(maxsize=4096)
def _ever_opens(schedule: Schedule, zone_name: str, since: datetime) -> bool:
    """Remembered: a team shares its hours, and stages share a team."""
    return schedule.next_opening(since, zone_name) is not None


def unreached(scene: Scene, index: int) -> Iterator[Finding]:
    """What earlier stages leave of a stage: at most the one thing that explains it best."""
    stage = scene.stages[index]
    place = f"stages[{index}]"
    before = [(n, earlier) for n, earlier in enumerate(scene.stages[:index]) if not earlier.off]
    wider = [n for n, earlier in before if _is_as_wide(earlier, stage)]
    asked_by = next((n for n in reversed(wider) if _asks_all_of(scene, n, stage)), None)
    placed_by = next(((n, who) for n in wider if (who := _always_places(scene, n))), None)
    if asked_by is not None and asked_by == before[-1][0]:
        yield error(
            place,
            f"everybody whom the stage could ask was asked by stage '{scene.stages[asked_by].name}' just before",
        )
    elif placed_by:
        name, who = scene.stages[placed_by[0]].name, placed_by[1]
        yield warning(
            place,
            f"as things stand no lead gets here: stage '{name}' places every one, since '{who}' takes all at any time",
        )
    elif asked_by is not None:
        yield warning(
            place,
            f"stage '{scene.stages[asked_by].name}' asked everybody before:"
            " only who could not be asked then is left",
        )
    elif (first := next((n for n, earlier in before if _goes_before(earlier, stage)), None)) is not None:
        yield warning(
            place,
            f"stage '{scene.stages[first].name}' has these leads first whenever somebody there can take one:"
            " if they are meant for this stage, move it up",
        )


def _goes_before(earlier: Stage, later: Stage) -> bool:
    """Whether a stage for some leads comes after one that is for these and for others, its hours aside.

    A later stage for the same leads is what is left over, and meant so; an auction comes first for its prices.
    """
    if earlier.model is Model.PING_POST:
        return False
    wide, narrow = ([part for part in _parts(one.when) if not _is_of_time(part)] for one in (earlier, later))
    return all(part in narrow for part in wide) and any(part not in wide for part in narrow)


def _is_of_time(part: Condition) -> bool:
    return isinstance(part, Leaf) and part.field == "time.now"


def _is_as_wide(earlier: Stage, later: Stage) -> bool:
    """Whether the earlier stage is certainly for every lead that the later one is for."""
    later_parts = _parts(later.when)
    return all(part in later_parts for part in _parts(earlier.when))


def _parts(condition: Condition | None) -> list[Condition]:
    """What all must hold for the condition to hold."""
    if isinstance(condition, AllOf):
        return [part for inner in condition.all for part in _parts(inner)]
    return [] if condition is None else [condition]


def _asks_all_of(scene: Scene, index: int, later: Stage) -> bool:
    """Whether a stage, before it lets go of a lead, asks every member of the later stage's who may be asked.

    A cap on what a member gets through the one pool does not hold in the other. An auction offers the lead to nobody
    whose bid it cannot take: at other terms they may still come to have it.
    """
    stage = scene.stages[index]
    pool = scene.pools.get(stage.pool_id)
    if pool is None or stage.max_offers is not None or stage.model is Model.PING_POST:
        return False
    asked = {
        member.recipient_id
        for member in pool.members
        if not member.caps.limits
        and not ((known := scene.recipients.get(member.recipient_id)) and no_deal(scene, stage, known))
    }
    return all(member.recipient_id in asked for member in scene.pools[later.pool_id].members)


def _always_places(scene: Scene, index: int) -> str | None:
    """Somebody to whom a stage can give every lead without asking; None where there is nobody certain."""
    stage = scene.stages[index]
    pool = scene.pools.get(stage.pool_id)
    if pool is None or not stage.auto_accept or stage.model is Model.PING_POST:
        return None
    before = [scene.pools.get(earlier.pool_id) for earlier in scene.stages[:index] if not earlier.off]
    asked_before = {member.recipient_id for earlier in before if earlier for member in earlier.members}
    for member in pool.members:
        recipient = scene.recipients.get(member.recipient_id)
        # Who was asked before may have declined, and is not asked again.
        if recipient and recipient.id not in asked_before and _takes_everything(scene, recipient, member):
            return recipient.id
    return None


def _takes_everything(scene: Scene, recipient: Recipient, member: Member) -> bool:
    """A buyer may always refuse."""
    return (
        recipient.active
        and recipient.buyer is None
        and not recipient.is_away(scene.now)
        and not _parts(recipient.accepts)
        and recipient.schedule.is_unlimited
        and recipient.caps == Caps()
        and not recipient.campaign_caps
        and not member.caps.limits
    )


def _has_cap_of_none(scene: Scene, recipient: Recipient, member: Member) -> bool:
    """Whether a cap of 0 keeps every lead of the plan's campaigns away."""
    everywhere = [*recipient.caps.limits, *member.caps.limits]
    by_campaign = [recipient.campaign_caps.get(campaign.id, WindowCaps()) for campaign in scene.campaigns]
    return (
        recipient.caps.open_leads == 0
        or any(limit == 0 for _, limit in everywhere)
        or (bool(by_campaign) and all(any(limit == 0 for _, limit in caps.limits) for caps in by_campaign))
    )
