"""A trace in words: what each reason says to a person, and what would have had to be different."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from baton.domain.buyer_words import BUYERS_NEEDED, BUYERS_SAID, money
from baton.domain.own_values import own_values
from baton.domain.trace import (
    REASON_NUMBERS,
    CandidateTrace,
    Reason,
    StageOutcome,
    StageTrace,
    Trace,
    Verdict,
)
from baton.domain.turn_words import compared, earlier, got, in_turn, waited

type Facts = Mapping[str, Any]


def _cap(word: str) -> Callable[[Facts], str]:
    def said(facts: Facts) -> str:
        of = f" of {facts['of'].replace('/', ' ')}" if "of" in facts else ""
        return f"{word} cap{of} {facts.get('used')} of {facts.get('cap')}, resets {facts.get('resets')}"

    return said


def _more(word: str) -> Callable[[Facts], list[str]]:
    return lambda facts: [f"a {word} cap of at least {facts.get('used', 0) + 1} (it is {facts.get('cap')})"]


def _closed(facts: Facts) -> str:
    return f"{facts.get('why')}; open again {facts.get('opens')}"


def _how(facts: Facts) -> str:
    if "price_cents" in facts:
        return f" for {money(facts['price_cents'])}"
    return got(facts) if "turns" in facts else ""


SAID: Final[Mapping[Reason, Callable[[Facts], str]]] = {
    Reason.CHOSEN: lambda facts: f"got the lead{_how(facts)}",
    Reason.LATER_TURN: lambda facts: f"was not in turn: {waited(facts)}",
    Reason.LATER_PRIORITY: lambda facts: (
        f"priority {facts.get('priority')}, and priority {facts.get('asked_now')} is asked first"
    ),
    Reason.KEPT_FOR_OWNER: lambda _: "the lead belongs to whoever looks after this person or company",
    Reason.UNKNOWN_RECIPIENT: lambda _: "the pool names a recipient that does not exist",
    Reason.INACTIVE: lambda _: "switched off",
    Reason.ALREADY_OFFERED: lambda _: "was asked before about this lead",
    Reason.AWAY: lambda facts: f"away until {facts.get('until')}",
    Reason.NOT_A_MEMBER: lambda _: "is in no pool that the lead could come to",
    Reason.CONDITIONS_NOT_MET: lambda facts: f"does not take such leads: {facts.get('failed')}",
    Reason.OUTSIDE_WORKING_HOURS: _closed,
    Reason.HOLIDAY: _closed,
    Reason.DAY_OFF: _closed,
    Reason.ON_LEAVE: lambda facts: f"on leave {_closed(facts)}",
    Reason.QUIET_HOURS: lambda facts: (
        f"is not to be disturbed until {facts.get('until')}, and the offer would be over by then"
    ),
    Reason.HOURLY_CAP_REACHED: _cap("hourly"),
    Reason.DAILY_CAP_REACHED: _cap("daily"),
    Reason.WEEKLY_CAP_REACHED: _cap("weekly"),
    Reason.MONTHLY_CAP_REACHED: _cap("monthly"),
    Reason.OPEN_LEADS_FULL: lambda facts: f"{facts.get('open')} open leads, capacity {facts.get('cap')}",
    Reason.TOO_SOON: lambda facts: (
        f"pauses {facts.get('pause_s')} s between leads, until {facts.get('over')}"
    ),
    **BUYERS_SAID,
}
"""What a candidate's reason says."""

NEEDED: Final[Mapping[Reason, Callable[[Facts], list[str]]]] = {
    Reason.CHOSEN: lambda _: [],
    Reason.LATER_TURN: lambda facts: [earlier(facts)],
    Reason.LATER_PRIORITY: lambda facts: [
        f"priority {facts.get('asked_now')} (it is {facts.get('priority')})"
    ],
    Reason.KEPT_FOR_OWNER: lambda _: ["to look after this person or company"],
    Reason.UNKNOWN_RECIPIENT: lambda _: ["to exist as a recipient"],
    Reason.INACTIVE: lambda _: ["active: true"],
    Reason.ALREADY_OFFERED: lambda _: ["not to have been asked before about this lead"],
    Reason.AWAY: lambda facts: [f"not to be away (until {facts.get('until')})"],
    Reason.NOT_A_MEMBER: lambda _: ["membership of a pool of the plan"],
    Reason.CONDITIONS_NOT_MET: lambda facts: list(facts.get("needs") or [str(facts.get("failed"))]),
    Reason.OUTSIDE_WORKING_HOURS: lambda facts: [f"working hours at that moment: {_closed(facts)}"],
    Reason.HOLIDAY: lambda facts: [f"no holiday at that moment: {_closed(facts)}"],
    Reason.DAY_OFF: lambda facts: [f"no day off at that moment: {_closed(facts)}"],
    Reason.ON_LEAVE: lambda facts: [f"no leave at that moment: {_closed(facts)}"],
    Reason.QUIET_HOURS: lambda facts: [
        f"a channel that is not quiet (until {facts.get('until')}), or more time to accept"
    ],
    Reason.HOURLY_CAP_REACHED: _more("hourly"),
    Reason.DAILY_CAP_REACHED: _more("daily"),
    Reason.WEEKLY_CAP_REACHED: _more("weekly"),
    Reason.MONTHLY_CAP_REACHED: _more("monthly"),
    Reason.OPEN_LEADS_FULL: lambda facts: [
        f"a capacity of at least {facts.get('open', 0) + 1} open leads (it is {facts.get('cap')})"
    ],
    Reason.TOO_SOON: lambda facts: [f"a pause that is over: it lasted until {facts.get('over')}"],
    **BUYERS_NEEDED,
}
"""What would have passed, for each thing that a reason stands for."""

_OUTCOMES: Final = {
    StageOutcome.CHOSE: "gave the lead to the one in turn",
    StageOutcome.NOT_FOR_THIS_LEAD: "not for this lead",
    StageOutcome.SWITCHED_OFF: "switched off",
    StageOutcome.OFFERS_USED_UP: "asked as many as it may",
    StageOutcome.NOBODY_ELIGIBLE: "nobody could have the lead",
    StageOutcome.FALLBACK: "every stage failed: to the plan's owner of last resort",
    StageOutcome.OWNER: "to whoever looks after this person or company",
    StageOutcome.KEPT_FOR_OWNER: "kept for whoever looks after this person or company",
    StageOutcome.AUCTION_DUE: "asks buyers for bids first",
    StageOutcome.NO_ACCEPTABLE_BID: "no bid could be taken",
    StageOutcome.BY_HAND: "a person chose who gets it: hours, caps and turns were not asked",
    StageOutcome.POOL_MISSING: "its pool does not exist any more",
}


def told(trace: Trace, lead: Facts | None = None) -> dict[str, Any]:
    """A trace as the API shows it: every code with its words. `lead` is the lead as conditions see it."""
    return {
        "plan_id": trace.plan_id,
        "plan_version": trace.plan_version,
        "attempt": trace.attempt,
        "owner": trace.owner,
        "stages": [_stage(stage, lead or {}) for stage in trace.stages],
    }


def verdict(reason: Reason, facts: Facts, lead: Facts | None = None) -> dict[str, Any]:
    """One reason: number, name, words and facts, and what the lead itself has there."""
    return {
        "code": REASON_NUMBERS[reason],
        "reason": str(reason),
        "words": SAID[reason](facts),
        "facts": dict(facts),
        "own": own_values(facts.get("failed"), lead or {}),
    }


def _stage(stage: StageTrace, lead: Facts) -> dict[str, Any]:
    failed = f": {stage.facts['failed']}" if stage.facts.get("failed") else ""
    return {
        "stage": stage.stage,
        "name": stage.name,
        "outcome": str(stage.outcome),
        "words": f"{_chose(stage) if stage.outcome is StageOutcome.CHOSE else _OUTCOMES[stage.outcome]}{failed}",
        "facts": stage.facts,
        "own": own_values(stage.facts.get("failed"), lead),
        "candidates": [_candidate(stage, candidate, lead) for candidate in stage.candidates],
        "more": stage.more,
    }


def _chose(stage: StageTrace) -> str:
    """Why the one who got the lead came first, which every model decides in its own way."""
    chosen = next((one.facts for one in stage.candidates if one.reason is Reason.CHOSEN), {})
    if "price_cents" in chosen:
        return "sold the lead for the best bid"
    if (
        any(one.reason is Reason.LATER_PRIORITY for one in stage.candidates)
        or Reason.LATER_PRIORITY in stage.more
    ):
        return "gave the lead to the first in priority who could have it"
    return in_turn(stage) if "turns" in chosen else _OUTCOMES[StageOutcome.CHOSE]


def _candidate(stage: StageTrace, candidate: CandidateTrace, lead: Facts) -> dict[str, Any]:
    also = [verdict(*found, lead) for found in candidate.also]
    return {
        "recipient_id": candidate.recipient_id,
        **verdict(candidate.reason, candidate.facts, lead),
        "words": SAID[candidate.reason](compared(stage, candidate)),
        "also": also,
    }


def needed(found: Verdict) -> list[str]:
    """What would have had to be different, one entry for each thing."""
    return NEEDED[found.reason](found.facts)
