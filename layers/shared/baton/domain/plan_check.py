"""Checking a plan before leads follow it: what would go wrong, and where.

An error is what cannot work; publishing is refused for it. A warning is what may be meant so, or may work another day.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from baton.domain.campaign import Campaign
from baton.domain.condition_never import never
from baton.domain.condition_spelling import misspelt
from baton.domain.condition_types import type_problems
from baton.domain.conditions import Condition
from baton.domain.editing import DraftPlan
from baton.domain.plan import Model, Plan, Stage
from baton.domain.plan_answers import of_wishes, unknown_answers
from baton.domain.plan_findings import Finding, Scene, error, in_words, warning
from baton.domain.plan_reach import unasked, unreached
from baton.domain.plan_sales import sales
from baton.domain.pool import Pool, Weighting
from baton.domain.recipient import Recipient


def findings(
    plan: DraftPlan | Plan,
    pools: Mapping[str, Pool],
    recipients: Mapping[str, Recipient],
    campaigns: Sequence[Campaign],
    now: datetime,
) -> list[Finding]:
    """Everything wrong with the plan, in the order of its stages.

    `campaigns` are those that use the plan; `pools` and `recipients` are at least those that it names. `now` is where
    working hours and leave are looked at from.
    """
    scene = Scene(plan.stages, pools, recipients, tuple(campaigns), now)
    of_stages = (found for index in range(len(plan.stages)) for found in _of_stage(scene, index))
    return [*_of_plan(plan, scene), *of_stages]


def _of_plan(plan: DraftPlan | Plan, scene: Scene) -> Iterator[Finding]:
    if not plan.stages:
        yield error("stages", "the plan has no stages")
    elif all(stage.off for stage in plan.stages):
        yield warning("stages", "every stage is switched off")
    owner = scene.recipients.get(plan.fallback) if plan.fallback else None
    if plan.fallback is None:
        yield warning("fallback", "without a fallback, a lead that no stage places waits unassigned")
    elif owner is None:
        yield error("fallback", f"recipient '{plan.fallback}' does not exist")
    elif not owner.active:
        yield error("fallback", f"recipient '{plan.fallback}' is inactive")
    elif owner.buyer:
        yield error(
            "fallback", f"recipient '{plan.fallback}' is a buyer: the owner of last resort has to be a rep"
        )


def _of_stage(scene: Scene, index: int) -> Iterator[Finding]:
    stage = scene.stages[index]
    place = f"stages[{index}]"
    if any(earlier.name == stage.name for earlier in scene.stages[:index]):
        yield error(f"{place}.name", f"another stage is called '{stage.name}' too")
    if stage.off:
        # Nothing comes there; what is wrong with it is said when it is switched on.
        return
    yield from _of_condition(stage.when, f"{place}.when", scene.campaigns)
    pool = scene.pools.get(stage.pool_id)
    if pool is None:
        yield error(f"{place}.pool_id", f"pool '{stage.pool_id}' does not exist")
        return
    if not pool.members:
        yield error(f"{place}.pool_id", f"pool '{pool.id}' has no members")
        return
    why = {member.recipient_id: unasked(scene, stage, member) for member in pool.members}
    yield from _of_members(pool, why, f"{place}.pool_id")
    for member in pool.members:
        if (known := scene.recipients.get(member.recipient_id)) and not why[member.recipient_id]:
            yield from of_wishes(known, f"{place}.pool_id", scene.campaigns)
    yield from _of_numbers(stage, pool, place)
    yield from sales(scene, stage, pool, [who for who, reason in why.items() if not reason], place)
    if not never(stage.when):
        yield from unreached(scene, index)


def _of_condition(
    condition: Condition | None, place: str, campaigns: Sequence[Campaign]
) -> Iterator[Finding]:
    if condition is None:
        return
    by_campaign = {campaign.id: type_problems(condition, campaign.attributes) for campaign in campaigns}
    every = list(by_campaign.values()) or [type_problems(condition, None)]
    for at, problem in dict.fromkeys(found for problems in every for found in problems):
        where = place if not at else f"{place}{at}" if at.startswith("[") else f"{place}.{at}"
        if all((at, problem) in problems for problems in every):
            yield error(where, problem)
        else:
            # A stage may be there for one campaign's leads alone.
            those = [f"'{who}'" for who, problems in by_campaign.items() if (at, problem) in problems]
            yield warning(where, f"for leads of campaign {in_words(those)}: {problem}")
    for at, problem in misspelt(condition):
        yield warning(f"{place}{'' if not at or at.startswith('[') else '.'}{at}", problem)
    yield from unknown_answers(condition, place, campaigns)
    if never(condition):
        yield error(place, "the condition can never hold, so that the stage is for no lead at all")


def _of_members(pool: Pool, why: Mapping[str, str | None], place: str) -> Iterator[Finding]:
    """`why`: what keeps each of the pool's members from ever getting a lead there."""
    never_asked = [f"'{who}' {reason}" for who, reason in why.items() if reason]
    if len(never_asked) == len(why):
        yield error(place, f"nobody of pool '{pool.id}' can ever get a lead: {in_words(never_asked)}")
    elif never_asked:
        yield warning(place, f"some of pool '{pool.id}' can never get a lead: {in_words(never_asked)}")


def _of_numbers(stage: Stage, pool: Pool, place: str) -> Iterator[Finding]:
    size = len(pool.members)
    if stage.max_offers is not None and stage.max_offers > size:
        members = "member" if size == 1 else "members"
        yield warning(
            f"{place}.max_offers", f"{stage.max_offers} are to be asked, but the pool has {size} {members}"
        )
    if stage.model is not Model.WEIGHTED and pool.weighting is Weighting.PERFORMANCE:
        problem = (
            f"the weights of pool '{pool.id}' follow performance, but only the model weighted goes by weights"
        )
        yield warning(f"{place}.model", problem)
