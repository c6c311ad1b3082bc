"""What a replay sends for which campaign: the source that the leads come from, and the fields that they need."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from baton.domain.source import Source
from local.replay_rows import NO_CHOICE, identity, lead_of

HERE: Final = Path(__file__).parent
DEFAULT_SOURCE: Final = "vendor"
"""Where leads come from when no campaign is named."""
MEANINGS: Final = {
    "zip": "postal_code",
    "zip_code": "postal_code",
    "postcode": "postal_code",
    "year": "vehicle_year",
    "model_year": "vehicle_year",
    "car_year": "vehicle_year",
    "owner": "homeowner",
    "home_owner": "homeowner",
    "own_home": "homeowner",
    "currently_insured": "insured",
    "has_insurance": "insured",
}
"""Other names under which files have what an insurance lead needs."""
POSTAL_CODES: Final = {
    "AZ": "85001",
    "CA": "92101",
    "CO": "80202",
    "CT": "06103",
    "FL": "33101",
    "GA": "30301",
    "IL": "60601",
    "MA": "02108",
    "MI": "48201",
    "NC": "27601",
    "NJ": "07102",
    "NY": "10001",
    "OH": "43085",
    "OR": "97201",
    "PA": "19103",
    "TX": "78701",
    "VA": "23219",
    "WA": "98101",
}
"""A place in each of some states."""
VEHICLE_YEARS: Final = range(1992, 2026)
HOMEOWNERS, INSURED = 0.6, 0.7
"""Shares of those who own their home, and of those who are insured."""


class NoSource(Exception):
    """There is no source for a campaign; the text says for which there is."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a campaign's leads are made."""

    file: Path
    """What is sent when no file is named."""
    lead_of: Callable[[Mapping[str, str]], dict[str, Any]]
    """The body to post for a row."""


def insurance_lead(row: Mapping[str, str]) -> dict[str, Any]:
    """The body to post for an enquiry about car insurance. What the row does not say is made up, always alike."""
    said = {MEANINGS.get(name, name): value for name, value in row.items()}
    given = {name for name, value in said.items() if value and value.lower() != NO_CHOICE}
    state = said["state"] if "state" in given else chosen(tuple(POSTAL_CODES), row, "state")
    needed = {
        "state": state,
        "postal_code": POSTAL_CODES.get(state.upper(), ""),
        "vehicle_year": str(chosen(VEHICLE_YEARS, row, "vehicle_year")),
        "homeowner": "yes" if luck(row, "homeowner") < HOMEOWNERS else "no",
        "insured": "yes" if luck(row, "insured") < INSURED else "no",
    }
    lead = lead_of(said | {name: value for name, value in needed.items() if name not in given})
    year = lead["attributes"]["vehicle_year"]
    lead["attributes"]["vehicle_year"] = int(year) if year.isdecimal() else year
    return lead


def chosen[T](options: Sequence[T], row: Mapping[str, str], what: str) -> T:
    """One of the options: for the same row and purpose always the same."""
    return options[int(luck(row, what) * len(options))]


def luck(row: Mapping[str, str], what: str) -> float:
    """A number from 0 up to 1: for the same row and purpose always the same."""
    digest = blake2b(f"{what}\n{identity(row)}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


RECIPES: Final = {"auto-insurance": Recipe(HERE / "demo_insurance_leads.csv", insurance_lead)}
PLAIN: Final = Recipe(HERE / "demo_leads.csv", lead_of)


def recipe_for(campaign_id: str | None) -> Recipe:
    """How leads are made for that campaign; None: for the default source."""
    return RECIPES.get(campaign_id or "", PLAIN)


def source_for(campaign_id: str, sources: Iterable[Source]) -> str:
    """Id of the source to send as: an active one of the campaign, rather a vendor than a form. Raises NoSource."""
    active = [source for source in sources if source.active]
    fit = [source for source in active if source.campaign_id == campaign_id]
    if not fit:
        known = ", ".join(sorted({source.campaign_id for source in active})) or "none"
        raise NoSource(f"No source sends leads for CAMPAIGN={campaign_id}; campaigns that have one: {known}")
    return min(fit, key=lambda source: (source.honeypot_field is not None, source.id)).id
