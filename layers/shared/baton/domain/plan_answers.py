"""Whether leads say what a condition asks for: what the forms of the plan's campaigns ask, as far as that is known."""

from collections.abc import Iterator, Sequence
from typing import Final

from baton.domain.campaign import Campaign
from baton.domain.condition_spelling import misspelt
from baton.domain.conditions import AllOf, Condition, Leaf, Op
from baton.domain.plan_findings import Finding, in_words, warning
from baton.domain.recipient import Recipient

_ALWAYS: Final = frozenset(f"contact.{name}" for name in ("first_name", "last_name", "email", "phone"))
"""What every form may ask without a word from its campaign."""


def unknown_answers(
    condition: Condition | None, place: str, campaigns: Sequence[Campaign]
) -> Iterator[Finding]:
    """Fields without which the condition never holds, and which no form is known to ask."""
    for field, those in _unasked(condition, campaigns):
        problem = (
            f"the form of campaign {those} does not ask {field}: leads that do not have it never come here"
        )
        yield warning(place, problem)


def of_wishes(recipient: Recipient, place: str, campaigns: Sequence[Campaign]) -> Iterator[Finding]:
    """What keeps somebody from the leads whom they say they take."""
    for field, those in _unasked(recipient.accepts, campaigns):
        problem = (
            f"'{recipient.id}' takes leads by {field} only, and the form of campaign {those} does not ask it"
        )
        yield warning(place, problem)
    for _, problem in misspelt(recipient.accepts):
        yield warning(place, f"which leads '{recipient.id}' takes: {problem}")


def _unasked(condition: Condition | None, campaigns: Sequence[Campaign]) -> Iterator[tuple[str, str]]:
    """Each such field, and the campaigns whose form does not ask it."""
    for field in dict.fromkeys(_needed(condition)):
        those = [f"'{campaign.id}'" for campaign in campaigns if _leaves_out(campaign, field)]
        if those:
            yield field, in_words(those)


def _needed(condition: Condition | None) -> Iterator[str]:
    """The fields of a contact that a lead has to have for the condition to hold."""
    match condition:
        case AllOf(all=parts):
            for part in parts:
                yield from _needed(part)
        case Leaf(field=field, op=op, value=value) if field.startswith("contact."):
            if not (op is Op.EXISTS and value is False):
                yield field


def _leaves_out(campaign: Campaign, field: str) -> bool:
    """Whether a campaign says of contacts what is asked, and does not name this.

    One that has no rules for any field of a contact takes whatever comes, and nothing is known of its forms.
    """
    named = {*campaign.fields, *campaign.required, *campaign.pingable}
    return any(path.startswith("contact.") for path in campaign.fields) and field not in named | _ALWAYS
