"""Campaigns: what a lead is for."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from baton.domain.acknowledgement import Acknowledgement
from baton.domain.buyer import Currency
from baton.domain.consent import ConsentRules
from baton.domain.dedupe import Dedupe, DuplicatePolicy, Scope
from baton.domain.documents import Configured, Document, Id
from baton.domain.fields import FieldType
from baton.domain.form import FieldPath, FieldRule, Unknown
from baton.domain.quarantine import QuarantineRules
from baton.domain.quiet import QuietHours
from baton.domain.scoring import Scoring
from baton.domain.service_level import ServiceLevel
from baton.domain.vetting import VettingRules


class Reveal(StrEnum):
    """When a rep sees a lead's personal details in full."""

    AT_ONCE = "at_once"
    AFTER_ACCEPTANCE = "after_acceptance"


class Policy(StrEnum):
    """What a tie to an earlier lead's owner means for a lead."""

    OFF = "off"
    PREFER = "prefer"
    """The owner goes first, if eligible; else the plan goes on as for any lead."""
    REQUIRE = "require"
    """Nobody but the owner: if the owner is not eligible, the lead waits unassigned."""


class Sticky(Document):
    """Who gets the lead of a person, or of a company, that somebody already looks after."""

    person: Policy = Policy.OFF
    """A lead with the same email address or phone number as an earlier one."""
    company: Policy = Policy.OFF
    """A lead with the same email domain as an earlier one; domains of mail providers do not count."""
    window_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """For how long somebody is the owner after their last lead of that person or company."""


class ReturnPolicy(Document):
    """Which leads buyers may give back."""

    reasons: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")], ...], Field(max_length=50)
    ] = (
        "invalid_contact",
        "duplicate",
        "wrong_person",
        "no_consent",
    )
    window_days: Annotated[int, Field(ge=0, le=365)] = 7
    """How long after the sale. 0: no returns."""
    max_percent: Annotated[float, Field(ge=0, le=100)] = 20
    """Most returns of a buyer, in percent of the leads that it bought in this calendar week and the three before."""
    auto_approve: bool = False
    """Whether a return that keeps the rules is approved at once. If not it waits for a person."""
    resell: bool = True
    """Whether a returned lead is offered to those who have not had it."""


_PINGABLE = (
    r"^(contact\.(city|state|postal_code|country)|attributes\.[^.]+|attribution\.[a-z0-9_]+"
    r"|score|source|campaign)$"
)
PingField = Annotated[str, Field(pattern=_PINGABLE)]
"""A field that a ping may carry. Of the contact only where somebody lives: no name, address line, email or number."""


class Campaign(Configured):
    """The fields a lead must have, how it is scored, and the plan that distributes it."""

    kind = "campaign"

    name: str
    plan_id: Id
    required: tuple[Annotated[str, Field(pattern=r"^(contact|attributes)\.[^.]+$")], ...] = ()
    """Fields that a lead must have, as `contact.email` or `attributes.product`."""
    scoring: Scoring = Scoring()
    reveal: Reveal = Reveal.AT_ONCE
    sticky: Sticky = Sticky()
    attributes: Annotated[dict[str, FieldType], Field(max_length=200)] = Field(default_factory=dict)
    """The attributes that leads of this campaign have, with their types. Empty: any, of any type."""
    fields: Annotated[dict[FieldPath, FieldRule], Field(max_length=200)] = Field(default_factory=dict)
    """What is asked of each field beyond its type."""
    unknown: Unknown = Unknown.KEEP
    """What becomes of attributes that the campaign names nowhere, where `attributes` or `fields` name any."""
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "US"
    """Where phone numbers and postal codes without a country belong; ISO 3166-1 alpha-2."""
    disposable: bool = True
    """Whether throw-away email addresses are taken. If not, such leads are held."""
    dedupe: Dedupe | None = None
    """Which leads are duplicates; None: none are looked for."""
    consent: ConsentRules = ConsentRules()
    honour_do_not_contact: bool = True
    """Whether leads of people who want no contact are held."""
    quiet_hours: QuietHours | None = None
    vetting: VettingRules = VettingRules()
    quarantine: QuarantineRules = QuarantineRules()
    retention_days: Annotated[int, Field(ge=30, le=3650)] | None = None
    """For how long leads are kept after they came in; None: for ever."""
    currency: Currency = "USD"
    """Of all prices, bids and costs."""
    pingable: Annotated[tuple[PingField, ...], Field(max_length=200)] = ()
    """What pings to buyers may carry: `contact.state`, `contact.postal_code`, `attributes.roof_m2`, `score`."""
    returns: ReturnPolicy = ReturnPolicy()
    service_level: ServiceLevel | None = None
    """Within what time leads are to be contacted; None: nobody is reminded, and no lead is taken back."""
    acknowledgement: Acknowledgement | None = None
    """What the person hears once a rep has the lead; None: nothing."""

    @field_validator("fields")
    @classmethod
    def _can_be_kept(cls, fields: dict[str, FieldRule], info: ValidationInfo) -> dict[str, FieldRule]:
        if fields and "attributes" in info.data:
            # Here, because few campaigns have rules, and checking them needs what a cold start should not load.
            from baton.domain.form_rules import rule_problems

            if problems := rule_problems(fields, info.data["attributes"]):
                raise ValueError("; ".join(problems))
        return fields

    @property
    def known_attributes(self) -> frozenset[str]:
        """Attributes that somebody wants: declared, ruled, required or compared. Empty: any are taken as they are."""
        ruled = [path for path in self.fields if path.startswith("attributes.")]
        if not self.attributes and not ruled:
            return frozenset()
        named = (*ruled, *self.required, *(self.dedupe.by if self.dedupe else ()))
        wanted = (path.removeprefix("attributes.") for path in named if path.startswith("attributes."))
        return frozenset((*self.attributes, *wanted))

    @property
    def stickiness(self) -> Sticky:
        """How leads are tied to owners: as `sticky` says, and for duplicates that go to the same owner at least so."""
        dedupe = self.dedupe
        if dedupe is None or dedupe.policy is not DuplicatePolicy.SAME_OWNER:
            return self.sticky
        person = Policy.PREFER if self.sticky.person is Policy.OFF else self.sticky.person
        days = max(self.sticky.window_days, dedupe.window_days)
        return self.sticky.model_copy(update={"person": person, "window_days": days})

    @property
    def days_per_buyer(self) -> int | None:
        """For how long no buyer of this campaign's leads gets a person twice, whatever the buyer itself says."""
        per_buyer = self.dedupe is not None and self.dedupe.scope is Scope.BUYER
        return self.dedupe.window_days if self.dedupe and per_buyer else None
