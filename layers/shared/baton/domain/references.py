"""Which document needs which: what must exist before one is stored, and what keeps one from being deleted."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from baton.domain.campaign import Campaign
from baton.domain.documents import Configured
from baton.domain.editing import DraftPlan
from baton.domain.plan import Plan
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.reports.digest import Digest
from baton.domain.source import Source
from baton.domain.subscription import Subscription


class Reference(NamedTuple):
    """One document's need of another."""

    kind: str
    id: str
    place: str
    """Where the document names the other: a path such as `members[3].recipient_id`."""
    role: str
    """What the other is to it, in a word or two."""


def references(document: Configured) -> set[Reference]:
    """Everything that the document refers to. A plan is referred to as a whole, whichever version of it counts."""
    return set(_references(document))


def users(kind: str, key: str, documents: Iterable[Configured]) -> list[str]:
    """Who of these refers to the document of that kind and id, in words: `pool 'team' (member)`."""
    found = {
        f"{_WORDS.get(document.kind, document.kind)} '{document.id}' ({reference.role})"
        for document in documents
        for reference in references(document)
        if (reference.kind, reference.id) == (kind, key)
    }
    return sorted(found)


_WORDS = {DraftPlan.kind: "draft of plan"}


def _references(document: Configured) -> Iterator[Reference]:
    match document:
        case Source():
            yield Reference(Campaign.kind, document.campaign_id, "campaign_id", "campaign")
        case Subscription() | Digest():
            role = "digest" if isinstance(document, Digest) else "events"
            for index, campaign_id in enumerate(document.campaigns):
                yield Reference(Campaign.kind, campaign_id, f"campaigns[{index}]", role)
        case Campaign():
            yield Reference(Plan.kind, document.plan_id, "plan_id", "plan")
            yield from _escalations(document)
        case Recipient():
            for campaign_id in document.campaign_caps:
                yield Reference(Campaign.kind, campaign_id, f"campaign_caps.{campaign_id}", "caps")
        case Pool():
            for index, member in enumerate(document.members):
                place = f"members[{index}].recipient_id"
                yield Reference(Recipient.kind, member.recipient_id, place, "member")
        case Plan() | DraftPlan():
            for index, stage in enumerate(document.stages):
                yield Reference(Pool.kind, stage.pool_id, f"stages[{index}].pool_id", "stage")
            if document.fallback:
                yield Reference(Recipient.kind, document.fallback, "fallback", "fallback")
        case _:
            pass


def _escalations(campaign: Campaign) -> Iterator[Reference]:
    for index, step in enumerate(campaign.service_level.then if campaign.service_level else ()):
        for n, recipient_id in enumerate(step.to):
            place = f"service_level.then[{index}].to[{n}]"
            yield Reference(Recipient.kind, recipient_id, place, "escalation")
