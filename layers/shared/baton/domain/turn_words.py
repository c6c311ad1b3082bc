"""Whose turn it was, in words: what those who could have had a lead are compared by."""

from collections.abc import Mapping
from typing import Any, Final

from baton.domain.trace import CandidateTrace, Reason, StageTrace

type Facts = Mapping[str, Any]

MAX_TIED: Final = 2
"""Of those whose turn was due together with the chosen one's: how many are named."""


def compared(stage: StageTrace, candidate: CandidateTrace) -> dict[str, Any]:
    """The candidate's numbers, with those of whoever got the lead in `first` and everybody's together in `all`."""
    turn = candidate.reason in {Reason.CHOSEN, Reason.LATER_TURN} and "turns" in candidate.facts
    chosen = next((one for one in stage.candidates if one.reason is Reason.CHOSEN), None)
    if not turn or chosen is None or "turns" not in chosen.facts:
        return candidate.facts
    first = {**chosen.facts, "id": chosen.recipient_id}
    together: dict[str, Any] = {"first": first, "id_before": candidate.recipient_id < chosen.recipient_id}
    if candidate is chosen:
        order = ("begun", "due", "open", "last_lead_s")
        together["tied"] = [
            one.recipient_id
            for one in _sharing(stage)
            if (one.facts.get("last_s") or 0) > (first["last_s"] or 0)
            and all(one.facts.get(key) == first.get(key) for key in order)
        ]
    if Reason.LATER_TURN not in stage.more:
        those = [one.facts for one in _sharing(stage) if "turns" in one.facts]
        waits = Reason.LATER_PRIORITY in stage.more or any(
            one.reason is Reason.LATER_PRIORITY for one in stage.candidates
        )
        totals = {"waits": waits, "turns": sum(one["turns"] for one in those), "members": len(those)}
        together["all"] = totals | {"weight": sum(one.get("weight", 1) for one in those)}
    return {**candidate.facts, **together}


def got(facts: Facts) -> str:
    """Why whoever got the lead came first."""
    if _is_alone(facts):
        return f": nobody else{' of that priority' if facts['all']['waits'] else ''} could have it"
    if "open" in facts:
        return f": had {_open(facts)}"
    if "last_lead_s" in facts:
        return f": {'had waited longest for one' if facts['last_lead_s'] else 'had none before'}"
    tied = facts.get("tied")
    if not tied or facts["last_s"] is None:
        return f": {_had(facts)}"
    others = " and ".join(f"'{one}'" for one in tied[:MAX_TIED])
    more = f" and {len(tied) - MAX_TIED} more" if len(tied) > MAX_TIED else ""
    return f": {_had(facts)}; just as due as {others}{more}, and had waited longer"


def waited(facts: Facts) -> str:
    """Why somebody else came first."""
    if "turns" not in facts:
        return "whose turn it was is not known any more"
    first = facts.get("first")
    if first is None:
        return _had(facts)
    who = _named(first)
    if "open" in facts and facts["open"] > first["open"]:
        return f"had {_open(facts)}, {who} {first['open']}"
    if "last_lead_s" in facts and facts["last_lead_s"] > first["last_lead_s"]:
        return f"{who} had waited longer for a lead"
    if _rushed(facts):
        return "others decided at that moment too, and this lead went to one of the next in turn"
    if facts["begun"] != first["begun"] or facts["due"] != first["due"]:
        return f"{_had(facts)}; {who} was due before"
    longer = "had waited longer" if first["last_s"] or facts["last_s"] else "comes first in the list"
    return f"{_had(facts)}; {who} was just as due, and {longer}"


def earlier(facts: Facts) -> str:
    """What would have come before the one who was chosen, whose own numbers are in `first`."""
    first = facts.get("first")
    if not first or "due" not in facts:
        return "the first turn among those who could have it"
    who = _named(first)
    if "open" in facts and facts["open"] > first["open"]:
        return f"at most {_open(first)}, as {who} had: it had {facts['open']}"
    if "last_lead_s" in facts and facts["last_lead_s"] > first["last_lead_s"]:
        return f"to have waited longer for a lead than {who}"
    if _rushed(facts):
        return "nothing: others decided at that moment too, and a further try takes one of the next in turn"
    if (first["begun"] and not facts["begun"]) or facts["due"] > first["due"]:
        return f"a turn that was due before that of {who}: {_had(facts)}"
    if facts["last_s"] or first["last_s"]:
        return f"to have waited longer than {who}: both were just as due"
    return f"an id before {who}: both were just as due, and neither had had a turn"


def in_turn(stage: StageTrace) -> str:
    """Why the one in turn at a stage was that one."""
    chosen = next(one for one in stage.candidates if one.reason is Reason.CHOSEN)
    facts = compared(stage, chosen)
    if _is_alone(facts):
        return "gave the lead to the only one who could have it"
    if "open" in facts:
        return "gave the lead to the one with the fewest open leads"
    if "last_lead_s" in facts:
        return "gave the lead to the one who had waited longest for one"
    return "gave the lead to the one in turn" + (", by share" if "weight" in facts else "")


def _sharing(stage: StageTrace) -> list[CandidateTrace]:
    return [one for one in stage.candidates if one.reason in {Reason.CHOSEN, Reason.LATER_TURN}]


def _is_alone(facts: Facts) -> bool:
    return "all" in facts and facts["all"]["members"] == 1


def _rushed(facts: Facts) -> bool:
    """Whether the candidate stood before the chosen one, who was taken because many leads decided at once."""
    first = facts["first"]
    mine, theirs = [
        (
            *(one.get(rank, 0) for rank in ("open", "last_lead_s")),
            not one["begun"],
            one["due"],
            one["last_s"] or 0,
        )
        for one in (facts, first)
    ]
    return mine < theirs or (mine == theirs and bool(facts.get("id_before")))


def _had(facts: Facts) -> str:
    """How many turns somebody had, of how many, and what their share is."""
    together = facts.get("all")
    if together is None:
        return f"had {_turns(facts['turns'])} so far"
    share = f"for a share of {facts.get('weight', 1)} in {together['weight']}"
    return f"had {_number(facts['turns'])} of {_turns(together['turns'])} so far, {share}"


def _turns(number: float) -> str:
    return "1 turn" if number == 1 else f"{_number(number)} turns"


def _number(number: float) -> str:
    """Turns are moved to another scale where somebody was away or has another weight: parts of one say nothing."""
    return str(int(number)) if float(number).is_integer() else f"about {round(number)}"


def _open(facts: Facts) -> str:
    return "1 open lead" if facts["open"] == 1 else f"{facts['open']} open leads"


def _named(first: Facts) -> str:
    return f"'{first['id']}'"
