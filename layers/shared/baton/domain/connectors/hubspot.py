"""HubSpot: a contact for the person, a deal for the lead.

https://developers.hubspot.com/docs/api-reference: contacts and deals (batch upsert), owners, associations v4.
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from pydantic import Field

from baton.domain.connectors.connector import Crm, FieldKey, Key, RemoteId
from baton.domain.connectors.hearing import Heard, heard, moment_of, text_at
from baton.domain.connectors.talk import News, NotTaken, Reply, Talk, ask, decimal_of, mapped, note
from baton.domain.endpoint import Mapped, SecretName, Url
from baton.domain.lead import LeadState

CONTACT: Final = (
    Mapped(name="firstname", field="contact.first_name"),
    Mapped(name="lastname", field="contact.last_name"),
    Mapped(name="email", field="contact.email"),
    Mapped(name="phone", field="contact.phone"),
    Mapped(name="company", field="contact.company"),
    Mapped(name="address", field="contact.street"),
    Mapped(name="city", field="contact.city"),
    Mapped(name="state", field="contact.state"),
    Mapped(name="zip", field="contact.postal_code"),
    Mapped(name="country", field="contact.country"),
)
DEAL: Final = (Mapped(name="dealname", field="name", value="Lead"),)
STAGES: Final = {
    LeadState.ASSIGNED: "appointmentscheduled",
    LeadState.CONTACTED: "qualifiedtobuy",
    LeadState.CONVERTED: "closedwon",
    LeadState.LOST: "closedlost",
}
"""Of the pipeline that every account begins with."""
DEALS: Final = "0-3"
"""What webhooks call the type of deals."""
TOLERANCE_S: Final = 300
"""How far the time of a webhook may be off."""
MAX_TIME_DIGITS: Final = 13
NOT_FOUND: Final = 404


class HubSpot(Crm):
    """An account of HubSpot, by the token of a private app.

    Contacts are found by their address, deals by the lead's id, in a property that has unique values: so whatever is
    sent twice is there once. What people change in HubSpot afterwards stays; only stage and amount follow the lead, and
    the owner whenever somebody else gets it. A contact that is there already only gets what it does not have; a deal
    that people have deleted is made anew.
    """

    system: Literal["hubspot"]
    url: Url = "https://api.hubapi.com"
    token: SecretName = "token"  # noqa: S105 # the name of a secret
    lead_id: FieldKey = "baton_lead_id"
    """The property with unique values, of deals, and of contacts where leads may have no address."""
    pipeline: RemoteId = "default"
    currency: FieldKey | None = None
    """The deals' property for the currency, `deal_currency_code`, where the account has several."""
    stages: dict[LeadState, RemoteId] = Field(default_factory=lambda: dict(STAGES))
    hook_url: Url | None = None
    """The address of Baton as it was entered at HubSpot, which signs it. The secret is that of the app's client."""
    contact: Annotated[tuple[Mapped, ...], Field(max_length=200)] = CONTACT
    deal: Annotated[tuple[Mapped, ...], Field(max_length=200)] = DEAL

    @property
    def access(self) -> Key:
        """See Connector.access."""
        return Key(self.token)

    def tell(self, news: News) -> Talk[None]:
        """See Connector.tell."""
        owner = {"hubspot_owner_id": news.owner} if news.owner else {}
        contact_id = news.known.get("contact")
        if contact_id is None:
            contact_id = yield from self._contact(news, owner)
        deal_id = yield from self._deal(news, owner)
        if news.known.get("associated") != deal_id:
            reply = yield from self._associate(deal_id, contact_id, reads=(NOT_FOUND,))
            if reply.status == NOT_FOUND:
                # Somebody has deleted or merged the contact since.
                yield from self._associate(deal_id, (yield from self._contact(news, owner)))
            yield from note("associated", deal_id)

    def check(self) -> Talk[None]:
        """See Connector.check."""
        yield from ask("owners", "GET", "/crm/v3/owners?limit=1")

    def is_from(self, secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
        """See Crm.is_from: version 3 of HubSpot's signatures, at most five minutes old."""
        at = headers.get("x-hubspot-request-timestamp", "")
        if not self.hook_url or not (at.isascii() and at.isdigit()) or len(at) > MAX_TIME_DIGITS:
            return False
        if abs(now.timestamp() - int(at) / 1000) > TOLERANCE_S:
            return False
        signed = b"POST" + self.hook_url.encode() + body + at.encode()
        wanted = b64encode(hmac.digest(secret.encode(), signed, "sha256"))
        return hmac.compare_digest(headers.get("x-hubspot-signature-v3", "").encode(), wanted)

    def hear(self, told: Any) -> Talk[Sequence[Heard]]:
        """See Crm.hear: a webhook says which deals have changed, and their stage and amount are looked up."""
        changed: dict[str, int] = {}
        for event in told if isinstance(told, list) else ():
            if isinstance(event, dict) and _is_change(event):
                key = str(event["objectId"])
                changed[key] = max(changed.get(key, 0), event["occurredAt"])
        if not changed:
            return ()
        properties = ["dealstage", "pipeline", "amount", "closed_lost_reason", self.lead_id]
        request = {
            "inputs": [{"id": key} for key in changed],
            "properties": [*properties, *filter(None, [self.currency])],
        }
        reply = yield from ask("deals", "POST", "/crm/v3/objects/deals/batch/read", request)
        deals = reply.at("results")
        return [
            one
            for deal in (deals if isinstance(deals, list) else ())
            if text_at(deal, "properties", "pipeline") == self.pipeline
            for one in self._heard(deal["properties"], changed.get(text_at(deal, "id")))
        ]

    def _heard(self, deal: Mapping[str, Any], at_ms: int | None) -> Iterable[Heard]:
        return heard(
            deal.get(self.lead_id),
            deal.get("dealstage"),
            moment_of(at_ms),
            value=deal.get("amount"),
            currency=deal.get(self.currency) if self.currency else None,
            reason=deal.get("closed_lost_reason"),
        )

    def owner_of(self, email: str) -> Talk[str | None]:
        """See Crm.owner_of."""
        reply = yield from ask("owner", "GET", f"/crm/v3/owners?limit=1&email={quote(email, safe='')}")
        return reply.id_at("results", 0, "id") if reply.at("results", 0) else None

    def _associate(self, deal_id: str, contact_id: str, **more: Any) -> Talk[Reply]:
        path = f"/crm/v4/objects/deals/{deal_id}/associations/default/contacts/{contact_id}"
        return (yield from ask("association", "PUT", path, **more))

    def _contact(self, news: News, owner: dict[str, str]) -> Talk[str]:
        properties = mapped(self.contact, news.facts)
        email, lead_id = news.lead.contact.email, news.lead.lead_id
        # HubSpot has addresses in lower case.
        found_by, value = ("email", email.lower()) if email else (self.lead_id, lead_id)
        asked = {"idProperty": found_by, "inputs": [{"id": value}], "properties": [*properties]}
        reply = yield from ask("contact", "POST", "/crm/v3/objects/contacts/batch/read", asked)
        theirs = reply.at("results", 0, "properties")
        if isinstance(theirs, dict):
            contact_id = reply.id_at("results", 0, "id")
            missing = {name: one for name, one in properties.items() if not theirs.get(name)}
            if missing:
                yield from self._update("contact", contact_id, missing)
        else:
            new = properties | owner | {found_by: value}
            contact_id = yield from self._upsert("contacts", found_by, value, new)
        yield from note("contact", contact_id)
        return contact_id

    def _deal(self, news: News, owner: dict[str, str]) -> Talk[str]:
        """The deal as the lead is now: what follows the lead where it is there still, else all of it."""
        change, known = self._change(news), news.known.get("deal")
        if known:
            change_there = change | (owner if news.assigns else {})
            reply = yield from self._update("deal", known, change_there, reads=(NOT_FOUND,))
            if reply.is_good:
                return known
        lead_id = news.lead.lead_id
        deal = mapped(self.deal, news.facts) | change | owner | {self.lead_id: lead_id}
        deal_id = yield from self._upsert("deals", self.lead_id, lead_id, deal)
        yield from note("deal", deal_id)
        return deal_id

    def _change(self, news: News) -> dict[str, Any]:
        """What of the deal follows the lead."""
        state = news.announcement.state
        change: dict[str, Any] = {"dealstage": self.stages[state], "pipeline": self.pipeline}
        if news.value_cents is not None:
            change["amount"] = decimal_of(news.value_cents)
            if self.currency:
                change[self.currency] = news.currency
        return change

    def _update(self, kind: str, key: str, properties: dict[str, Any], **more: Any) -> Talk[Reply]:
        path = f"/crm/v3/objects/{kind}s/{key}"
        return (yield from ask(kind, "PATCH", path, {"properties": properties}, **more))

    def _upsert(self, kind: str, found_by: str, value: str, properties: dict[str, Any]) -> Talk[str]:
        """The id of the one record that has this value there, made unless there was one."""
        record = {"idProperty": found_by, "id": value, "properties": properties}
        path = f"/crm/v3/objects/{kind}/batch/upsert"
        reply = yield from ask(kind.removesuffix("s"), "POST", path, {"inputs": [record]})
        if reply.at("errors", 0) is not None:
            raise NotTaken  # 207: a success with what failed in it
        return reply.id_at("results", 0, "id")


def _is_change(event: Mapping[str, Any]) -> bool:
    """Whether it tells of a deal's stage or amount, changed by somebody else than this very app."""
    kind, at = event.get("subscriptionType"), event.get("occurredAt")
    is_deal = kind == "deal.propertyChange" or (
        kind == "object.propertyChange" and event.get("objectTypeId") == DEALS
    )
    by_app = event.get("changeSource") == "INTEGRATION"
    is_ours = by_app and str(event.get("sourceId")) == str(event.get("appId"))
    known = isinstance(at, int) and isinstance(event.get("objectId"), int | str)
    return is_deal and known and not is_ours and event.get("propertyName") in {"dealstage", "amount"}
