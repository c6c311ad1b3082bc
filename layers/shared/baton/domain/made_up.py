"""A made-up person with a made-up wish: what a buyer's system is tried with, without anybody's data."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from baton.domain.campaign import Campaign
from baton.domain.endpoint import Endpoint, Mapped
from baton.domain.fields import FieldType
from baton.domain.lead import Lead

PERSON: Final[Mapping[str, Any]] = {
    "name": "Jane Example",
    "email": "jane.example@example.com",
    # Numbers from 555-0100 to 555-0199 are kept free for stories.
    "phone": "+12125550142",
    "company": "Example Company",
    "street": "1 Example Street",
    "city": "New York",
    "state": "NY",
    "postal_code": "10001",
    "country": "US",
    "consent": True,
    "consent_text": "This is a test: nobody has agreed to anything.",
}
"""Nobody. As a form would send it."""
WORD: Final = "example"
"""The value of an attribute of which nothing is known."""
_ATTRIBUTES: Final = "attributes."


def made_up_fields(campaign: Campaign, endpoints: Iterable[Endpoint], now: datetime) -> dict[str, Any]:
    """What a form would send for nobody: with every attribute that the campaign knows or the endpoints ask for."""
    mapped = [one for endpoint in endpoints for one in (*endpoint.fields, *endpoint.query)]
    named = [*campaign.required, *campaign.pingable, *(one.field or "" for one in mapped)]
    attributes = {name: WORD for field in named if (name := _attribute(field))}
    attributes |= {name: _sample(kind, now) for name, kind in campaign.attributes.items()}
    attributes |= {name: word for one in mapped if (name := _attribute(one.field)) and (word := _word(one))}
    return {**PERSON, **{f"{_ATTRIBUTES}{name}": value for name, value in attributes.items()}}


def pingable_of(lead: Lead) -> tuple[str, ...]:
    """All that pings about the lead could carry, if its campaign marked every field that a campaign may mark."""
    return (
        *(f"contact.{name}" for name in ("city", "state", "postal_code", "country")),
        *(f"attributes.{name}" for name in lead.attributes),
        *(f"attribution.{name}" for name in lead.attribution),
        "score",
        "source",
        "campaign",
    )


def _attribute(field: str | None) -> str | None:
    """The attribute that a field is; None for any other field, and for one inside an attribute."""
    name = (field or "").removeprefix(_ATTRIBUTES)
    return name if field and field != name and "." not in name else None


def _sample(kind: FieldType, now: datetime) -> Any:
    samples = {
        FieldType.TEXT: WORD,
        FieldType.NUMBER: 1,
        FieldType.BOOLEAN: True,
        FieldType.LIST: [WORD],
        FieldType.MOMENT: now.isoformat(),
    }
    return samples[kind]


def _word(mapped: Mapped) -> str | None:
    """One of our words that the buyer has a word for."""
    return next(iter(mapped.values), None)
