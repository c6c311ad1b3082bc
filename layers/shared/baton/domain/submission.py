"""What a caller sends, sorted into a lead's parts. Names every invalid field at once and repeats no value."""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from baton.domain.campaign import Campaign
from baton.domain.consent import Consent, OnFault
from baton.domain.consent_reader import consent_name, read_consent
from baton.domain.errors import InvalidSubmission
from baton.domain.field_reader import CONTROL, MAX_KEY, MAX_TEXT, FieldReader
from baton.domain.form import Unknown
from baton.domain.form_check import converted, problems_of
from baton.domain.lead import Contact
from baton.domain.normalizing import normalize

MAX_ATTRIBUTES: Final = 100
MAX_CONTACT_TEXT: Final = 250
MAX_ATTRIBUTES_BYTES: Final = 64 * 1024
"""Together with contact, consent and attribution a lead stays far below the 400 KB of a DynamoDB item."""
CONTACT_FIELDS: Final = tuple(Contact.model_fields)
ATTRIBUTION_FIELDS: Final = (
    "referrer",
    "landing_page",
    "gclid",
    "wbraid",
    "gbraid",
    "fbclid",
    "msclkid",
    "ttclid",
    "li_fat_id",
)
GROUPS: Final = ("contact", "attributes", "consent", "attribution")


class Submission(BaseModel):
    """A caller's fields, checked and sorted."""

    model_config = ConfigDict(frozen=True)

    contact: Contact
    attributes: dict[str, Any]
    consent: Consent | None
    attribution: dict[str, str]
    raw: dict[str, Any]
    """What was sent, by path, where something else stands here now."""
    quality: dict[str, Any]
    """What is known of the contact."""
    invalid: tuple[str, ...]
    """Paths of fields that are not as the campaign asks, where it holds such leads."""


def read_submission(
    fields: Mapping[str, Any], campaign: Campaign | None = None, reader: "Reader | None" = None
) -> Submission:
    """Sort, check and normalize a caller's fields, nested by group or flat as forms send them.

    A flat name is a contact field, an attribution field (`utm_*`, click ids), consent, or else an attribute.
    Names that begin with an underscore are for Baton itself and are left out. Without a campaign nothing is asked for.
    `reader` may be one that refuses more, or has found something wrong already. Raises InvalidSubmission.
    """
    reader = reader or Reader()
    campaign = campaign or NO_CAMPAIGN
    groups = reader.sort(fields)
    sent = reader.contact(groups["contact"])
    contact, raw, quality, problems = normalize(sent, campaign.region)
    for path, problem in problems.items():
        reader.refuse(path, problem)
    attributes = reader.typed(reader.attributes(groups["attributes"]), campaign, raw)
    consent = reader.consent(groups["consent"])
    attribution = reader.attribution(groups["attribution"])
    reader.check_required(campaign.required, contact, attributes)
    facts = {
        "contact": contact,
        "attributes": attributes,
        "attribution": attribution,
        "consent": consent.model_dump(exclude_none=True) if consent else {},
        "quality": quality,
    }
    reader.check_rules(campaign, facts)
    if reader.errors:
        raise InvalidSubmission(reader.errors)
    return Submission(
        contact=Contact(**contact),
        attributes=attributes,
        consent=consent,
        attribution=attribution,
        raw=raw,
        quality=quality,
        invalid=tuple(dict.fromkeys(reader.held)),
    )


NO_CAMPAIGN: Final = Campaign(id="none", name="none", plan_id="none")
"""Asks for nothing."""


class Reader(FieldReader):
    """Reads the parts of a lead."""

    def sort(self, fields: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        groups: dict[str, dict[str, Any]] = {group: {} for group in GROUPS}
        for key, value in fields.items():
            root, _, rest = key.partition(".")
            if key in GROUPS and isinstance(value, Mapping):
                groups[key].update(value)
            elif key in GROUPS and key != "consent":
                self.refuse(key, "must be an object")
            elif root in GROUPS and rest:
                groups[root][rest] = value
            elif not key.startswith("_"):
                group, name = _place(key)
                groups[group][name] = value
        return groups

    def contact(self, found: dict[str, Any]) -> dict[str, str]:
        texts = {}
        for name, value in found.items():
            field = f"contact.{name[:MAX_KEY]}"
            if name not in CONTACT_FIELDS and name != "name":
                self.refuse(field, f"is not a contact field; known: {', '.join(CONTACT_FIELDS)}")
            elif (text := self.text(field, value, MAX_CONTACT_TEXT, CONTROL)) is not None and text:
                texts[name] = text
        full = texts.pop("name", "")
        if full and "first_name" not in texts and "last_name" not in texts:
            first, _, last = full.partition(" ")
            texts.update({"first_name": first, **({"last_name": last.strip()} if last else {})})
        return texts

    def attributes(self, found: dict[str, Any]) -> dict[str, Any]:
        if len(found) > MAX_ATTRIBUTES:
            self.refuse("attributes", f"has {len(found)} entries; at most {MAX_ATTRIBUTES} are allowed")
            return {}
        before = len(self.errors)
        attributes = {name: self.value(f"attributes.{name}", value, 1) for name, value in found.items()}
        for name in found:
            self.key("attributes", name)
        if len(self.errors) == before and len(json.dumps(attributes)) > MAX_ATTRIBUTES_BYTES:
            self.refuse("attributes", f"is larger than {MAX_ATTRIBUTES_BYTES} bytes")
        return attributes

    def typed(self, attributes: dict[str, Any], campaign: Campaign, raw: dict[str, Any]) -> dict[str, Any]:
        """Attributes as the types that the campaign declares; what was sent instead goes to `raw`."""
        known = campaign.known_attributes
        done: dict[str, Any] = {}
        for name, value in attributes.items():
            path = f"attributes.{name}"
            if known and name not in known and campaign.unknown is not Unknown.KEEP:
                if campaign.unknown is Unknown.REFUSE:
                    self.refuse(path, "is not a field of this campaign")
                continue
            wanted = campaign.attributes.get(name)
            done[name], problem = converted(value, wanted) if wanted else (value, None)
            if problem:
                self.fault(path, problem, campaign)
            elif done[name] != value or type(done[name]) is not type(value):
                raw[path] = value
        return done

    def consent(self, found: dict[str, Any]) -> Consent | None:
        """What was agreed to, with its evidence."""
        return read_consent(found, self)

    def attribution(self, found: dict[str, Any]) -> dict[str, str]:
        if len(found) > MAX_ATTRIBUTES:
            self.refuse("attribution", f"has {len(found)} entries; at most {MAX_ATTRIBUTES} are allowed")
            return {}
        texts = {}
        for name, value in found.items():
            self.key("attribution", name)
            text = self.text(f"attribution.{name[:MAX_KEY]}", value, MAX_TEXT, CONTROL)
            if text:
                texts[name] = text
        return texts

    def check_required(
        self, required: tuple[str, ...], contact: Mapping[str, str], attributes: Mapping[str, Any]
    ) -> None:
        wrong = {error.field for error in self.errors}
        groups = {"contact": contact, "attributes": attributes}
        for path in required:
            group, _, name = path.partition(".")
            if groups[group].get(name) in (None, "", []) and path not in wrong:
                self.refuse(path, "is required")
        reachable = {"contact.email", "contact.phone"}
        if not (reachable & (wrong | set(required)) or "email" in contact or "phone" in contact):
            self.refuse("contact", "needs an email or a phone")

    def check_rules(self, campaign: Campaign, facts: Mapping[str, Any]) -> None:
        """Whether every field is as the campaign asks."""
        if not campaign.fields:
            return
        wrong = {error.field for error in self.errors}
        for path, problem, _ in problems_of(campaign.fields, facts, campaign.region):
            if path not in wrong:
                self.fault(path, problem, campaign)

    def fault(self, path: str, problem: str, campaign: Campaign) -> None:
        """Refuse a field, or hold the lead for it, as the campaign says."""
        rule = campaign.fields.get(path)
        if rule is not None and rule.on_fault is OnFault.QUARANTINE:
            self.held.append(path)
        else:
            self.refuse(path, problem)


def _place(key: str) -> tuple[str, str]:
    """The group and name of a flat field."""
    if key in CONTACT_FIELDS or key == "name":
        return "contact", key
    if key.startswith("utm_") or key in ATTRIBUTION_FIELDS:
        return "attribution", key
    if (name := consent_name(key)) is not None:
        return "consent", name
    return "attributes", key
