"""Labels: what the values of a dimension are made of, and what they are called."""

from collections.abc import Mapping
from typing import Final

from baton.domain.campaign import Campaign
from baton.domain.documents import Configured
from baton.domain.plan import Plan
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.reports.tally import Dimension
from baton.domain.source import Source
from baton.domain.trace import BY_HAND, BY_HAND_STAGE

_D = Dimension
PARTS: Final[Mapping[Dimension, tuple[str, ...]]] = {
    _D.TOTAL: (),
    _D.CAMPAIGN: ("campaign_id",),
    _D.SOURCE: ("source_id",),
    _D.SUB_SOURCE: ("source_id", "sub_source"),
    _D.RECIPIENT: ("recipient_id",),
    _D.POOL: ("pool_id",),
    _D.MEMBER: ("pool_id", "recipient_id"),
    _D.STAGE: ("plan_id", "version", "stage"),
    _D.PLAN_VERSION: ("plan_id", "version"),
    _D.BAND: ("band",),
}
_NUMBERS: Final = frozenset({"version", "stage"})
_NAMED: Final[Mapping[Dimension, tuple[type[Configured], str]]] = {
    _D.CAMPAIGN: (Campaign, "campaign_id"),
    _D.SOURCE: (Source, "source_id"),
    _D.SUB_SOURCE: (Source, "source_id"),
    _D.RECIPIENT: (Recipient, "recipient_id"),
    _D.POOL: (Pool, "pool_id"),
    _D.MEMBER: (Recipient, "recipient_id"),
}

type Ids = Mapping[str, str | int]
"""What a line of a report is about, such as `source_id` and `sub_source`."""


def ids_of(dimension: Dimension, value: str) -> Ids:
    """What a value is made of. Stages are numbered from 0."""
    parts = PARTS[dimension]
    found = value.split("/", len(parts) - 1) if parts else []
    return {name: int(part) if name in _NUMBERS else part for name, part in zip(parts, found, strict=True)}


def document_of(dimension: Dimension, ids: Ids) -> tuple[type[Configured], str] | None:
    """Kind and key of the document that says what it is called; None where there is no such document."""
    if dimension is _D.STAGE:
        return Plan, Plan.key_of(str(ids["plan_id"]), int(ids["version"]))
    if dimension not in _NAMED:
        return None
    kind, name = _NAMED[dimension]
    return kind, str(ids[name])


def name_in(document: Configured | None, ids: Ids) -> str | None:
    """What it is called in that document."""
    if isinstance(document, Plan):
        stage = int(ids["stage"])
        if stage == BY_HAND_STAGE:
            return BY_HAND
        return document.stages[stage].name if stage < len(document.stages) else None
    return getattr(document, "name", None)
