"""What would have had to be different for a recipient to get a lead: the fewest checks that failed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from pydantic import Field

from baton.domain.auction import Auction
from baton.domain.condition_repairs import repairs
from baton.domain.documents import Record
from baton.domain.eligibility import obstacles
from baton.domain.offer import Offer, OfferState
from baton.domain.own_values import own_values
from baton.domain.plan import Model
from baton.domain.roster import roster_of
from baton.domain.situation import Situation
from baton.domain.stages import closed_stage
from baton.domain.trace import (
    BY_HAND,
    REASON_NUMBERS,
    CandidateTrace,
    Reason,
    StageOutcome,
    StageTrace,
    Trace,
    Verdict,
)
from baton.domain.trace_words import SAID, needed
from baton.domain.turn_words import compared

STAGE: Final = "stage"
"""What a check is called that is the stage's and not the recipient's."""
AT_AUCTION: Final = 400
"""From here on numbers are of reasons that only an auction can tell."""
SETTLED: Final = frozenset(
    {Reason.LATER_TURN, Reason.LATER_PRIORITY, Reason.KEPT_FOR_OWNER, Reason.LOWER_BID}
    | {reason for reason, number in REASON_NUMBERS.items() if number >= AT_AUCTION}
)
"""Reasons of those who could have had the lead, or were asked for a bid: nothing else keeps them from it."""


class Check(Record):
    """One thing that failed, and what would have passed."""

    check: str
    """The reason's name; `stage` where the stage itself was not for the lead."""
    code: int | None
    words: str
    needs: str
    own: dict[str, str] = Field(default_factory=dict)
    """What the lead itself has, by field, where a condition failed."""


class Path(Record):
    """One stage at which the recipient could have got the lead, and all that stood in the way there."""

    stage: int | None
    name: str
    checks: tuple[Check, ...]
    recorded: bool
    """True: as the decision recorded it. False: worked out now, from today's configuration and standings."""


class Explanation(Record):
    """Why a recipient did not get a lead."""

    recipient_id: str
    got_it: bool
    best: Path | None
    """The way with the fewest failed checks; None where the recipient got it."""
    others: tuple[Path, ...]
    """The other stages, in the plan's order."""


def explain(
    situation: Situation,
    trace: Trace,
    recipient_id: str,
    auctions: Sequence[Auction] = (),
    offers: Sequence[Offer] = (),
    before: Sequence[StageTrace] = (),
) -> Explanation:
    """`situation` is today's, under the plan version of the trace; it serves where the trace does not say.

    `auctions` are those that were held before, the oldest first; `offers` are the lead's.
    `before` are stages of versions that the lead followed earlier: of those, what was recorded is told, and no more.
    """
    paths: list[Path] = []
    held: dict[int | None, Auction] = {auction.stage: auction for auction in auctions}
    answered = {offer.recipient_id: offer for offer in offers}.get(recipient_id)
    for tried in trace.stages:
        mine = next((c for c in tried.candidates if c.recipient_id == recipient_id), None)
        if mine and mine.reason is Reason.CHOSEN:
            return Explanation(recipient_id=recipient_id, got_it=True, best=None, others=())
        if mine and (tried.in_full or mine.reason in SETTLED):
            path: Path | None = _recorded(tried, mine, answered)
        else:
            path = _bid(situation, tried, held, recipient_id) or _unsaid(situation, tried, recipient_id)
        if path:
            paths.append(path)
    paths += _never_tried(situation, trace, recipient_id)
    for tried in before:
        mine = next((c for c in tried.candidates if c.recipient_id == recipient_id), None)
        if mine:
            lost = replace(mine, reason=Reason.ALREADY_OFFERED) if mine.reason is Reason.CHOSEN else mine
            paths.append(_recorded(tried, lost, answered))
    if not paths:
        checks = _checks([Verdict(Reason.NOT_A_MEMBER, {})])
        paths = [Path(stage=None, name="", checks=checks, recorded=False)]
    paths = [_with_own(path, situation) for path in paths]
    best = min(paths, key=lambda path: len(path.checks))
    others = tuple(path for path in paths if path is not best)
    return Explanation(recipient_id=recipient_id, got_it=False, best=best, others=others)


def _with_own(path: Path, situation: Situation) -> Path:
    """The same, with the lead's own values beside the conditions that failed."""
    asked = {STAGE, str(Reason.CONDITIONS_NOT_MET)}
    checks = (
        check.model_copy(update={"own": own_values(check.words, situation.facts)})
        if check.check in asked
        else check
        for check in path.checks
    )
    return path.model_copy(update={"checks": tuple(checks)})


def unplanned(trace: Trace, recipient_id: str) -> Explanation:
    """Of a lead that came to no plan, because a person gave it to somebody before."""
    got_it = trace.reason_for(recipient_id) is Reason.CHOSEN
    path = Path(stage=None, name=BY_HAND, checks=(_BY_HAND,), recorded=True)
    return Explanation(recipient_id=recipient_id, got_it=got_it, best=None if got_it else path, others=())


def _recorded(tried: StageTrace, mine: CandidateTrace, answered: Offer | None) -> Path:
    found = [Verdict(mine.reason, compared(tried, mine)), *mine.also]
    checks = tuple(_as_answered(check, answered) for check in _checks(found))
    return Path(stage=tried.stage, name=tried.name, checks=checks, recorded=True)


def _as_answered(check: Check, offer: Offer | None) -> Check:
    """Of somebody who was asked before: what came of it."""
    if check.check != Reason.ALREADY_OFFERED or offer is None or offer.state not in _ANSWERED:
        return check
    words, needs = _ANSWERED[offer.state]
    why = f": {offer.delivery.reason}" if offer.delivery and offer.delivery.reason else ""
    return check.model_copy(update={"words": f"{words}{why}", "needs": needs})


_ANSWERED: Final = {
    OfferState.DECLINED: ("was asked and said no", "to say yes when it was asked"),
    OfferState.EXPIRED: ("was asked and did not answer in time", "an answer in time"),
    OfferState.RELEASED: ("was given the lead, and it came back", "to keep the lead"),
}


def _bid(
    situation: Situation, tried: StageTrace, held: Mapping[int | None, Auction], recipient_id: str
) -> Path | None:
    """What became of a bid that the trace does not name: the auction has every one of them."""
    auction = held.get(tried.stage)
    bid = next((bid for bid in auction.bids if bid.recipient_id == recipient_id), None) if auction else None
    if auction is None or bid is None:
        return None
    checks = _of_stage(situation, tried)
    if bid.price_cents is None or tried.outcome is StageOutcome.AUCTION_DUE:
        checks += _checks([Verdict(bid.reason, bid.facts)])
    elif not checks:
        best = {"bid_cents": bid.cents, "best_cents": auction.acceptable()[0].cents}
        checks = _checks([Verdict(Reason.LOWER_BID, bid.facts | best)])
    return Path(stage=tried.stage, name=tried.name, checks=checks, recorded=True)


def _worked_out(situation: Situation, tried: StageTrace, recipient_id: str) -> Path | None:
    """A stage that was not for the lead, or whose trace counted this recipient among many.

    Without checks where nothing would keep the recipient from the lead today.
    """
    if tried.stage is None or tried.stage >= len(situation.plan.stages):
        return None
    stage = situation.plan.stages[tried.stage]
    pool = situation.pools.get(stage.pool_id)
    if pool is None:
        return None
    roster = roster_of(pool, situation.recipients)
    seat = next(iter(roster.members(roster.bit(recipient_id))), None)
    if seat is None:
        return None
    used = situation.standings.used(recipient_id)
    found = list(obstacles(seat.member, seat.recipient, used, situation.case(stage)))
    checks = _of_stage(situation, tried) + _checks(found)
    return Path(stage=tried.stage, name=tried.name, checks=checks, recorded=False)


def _unsaid(situation: Situation, tried: StageTrace, recipient_id: str) -> Path | None:
    """As worked out; and of somebody who could have the lead today, that nobody noted why it was not so then."""
    path = _worked_out(situation, tried, recipient_id)
    if path is None or path.checks:
        return path
    asks = situation.plan.stages[path.stage or 0].model is Model.PING_POST
    checks = (_NOT_ASKED,) if asks else _checks([Verdict(Reason.LATER_TURN, {})])
    return path.model_copy(update={"checks": checks})


def _of_stage(situation: Situation, tried: StageTrace) -> tuple[Check, ...]:
    stage = situation.plan.stages[tried.stage or 0]
    if tried.outcome is StageOutcome.NOT_FOR_THIS_LEAD:
        missing = repairs(stage.when, situation.facts) or ()
        words = f"the stage is not for this lead: {tried.facts.get('failed')}"
        needs = [f"{repair.field}: {repair.needs}" for repair in missing] or [words]
        return tuple(Check(check=STAGE, code=None, words=words, needs=need) for need in needs)
    if tried.outcome is StageOutcome.SWITCHED_OFF:
        return (
            Check(check=STAGE, code=None, words="the stage is switched off", needs="the stage switched on"),
        )
    if tried.outcome is StageOutcome.POOL_MISSING:
        words = "the stage's pool did not exist at that moment"
        return (Check(check=STAGE, code=None, words=words, needs=f"a pool '{tried.facts.get('pool_id')}'"),)
    if tried.outcome is StageOutcome.OFFERS_USED_UP:
        made = tried.facts.get("made", 0)
        words, more = f"the stage had asked {made} already", f"max_offers of at least {made + 1}"
        return (Check(check=STAGE, code=None, words=words, needs=more),)
    return ()


def _never_tried(situation: Situation, trace: Trace, recipient_id: str) -> list[Path]:
    """The stages that the decision never came to, where the recipient is a member."""
    tried = {stage.stage for stage in trace.stages}
    before = _BY_HAND if any(stage.outcome is StageOutcome.BY_HAND for stage in trace.stages) else _BEFORE
    paths = []
    for index, stage in enumerate(situation.plan.stages):
        if index in tried:
            continue
        as_if = StageTrace(stage=index, name=stage.name, outcome=StageOutcome.NOBODY_ELIGIBLE)
        path = _worked_out(situation, closed_stage(situation, index) or as_if, recipient_id)
        if path:
            paths.append(path.model_copy(update={"checks": (before, *path.checks)}))
    return paths


_BEFORE: Final = Check(
    check=STAGE,
    code=None,
    words="an earlier stage had somebody for the lead",
    needs="nobody for the lead at the stages before",
)
_BY_HAND: Final = Check(
    check=STAGE, code=None, words="a person chose who gets it", needs="to be the one whom the person chose"
)
_NOT_ASKED: Final = Check(
    check=STAGE,
    code=None,
    words="was not asked for a bid, and could be today",
    needs="to be one of those who could be asked when the auction was held",
)


def _checks(found: list[Verdict]) -> tuple[Check, ...]:
    return tuple(
        Check(
            check=str(one.reason),
            code=REASON_NUMBERS[one.reason],
            words=SAID[one.reason](one.facts),
            needs=needs,
        )
        for one in found
        for needs in needed(one)
    )
