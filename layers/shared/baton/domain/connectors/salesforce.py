"""Salesforce: the lead is a Lead there, found by an external id.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest: sObject Rows by External ID, headers; and the
OAuth 2.0 client credentials flow.
"""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from pydantic import Field

from baton.domain.connectors.connector import Crm, FieldKey, OAuth
from baton.domain.connectors.hearing import Heard, heard, moment_of
from baton.domain.connectors.talk import News, NotTaken, Reply, Talk, ask, decimal_of, mapped, note
from baton.domain.endpoint import Mapped, SecretName, Url
from baton.domain.lead import LeadState

FIELDS: Final = (
    Mapped(name="FirstName", field="contact.first_name"),
    # Salesforce asks for these two.
    Mapped(name="LastName", field="contact.last_name", value="Unknown"),
    Mapped(name="Company", field="contact.company", value="Unknown"),
    Mapped(name="Email", field="contact.email"),
    Mapped(name="Phone", field="contact.phone"),
    Mapped(name="Street", field="contact.street"),
    Mapped(name="City", field="contact.city"),
    Mapped(name="State", field="contact.state"),
    Mapped(name="PostalCode", field="contact.postal_code"),
    Mapped(name="Country", field="contact.country"),
    Mapped(name="LeadSource", field="source"),
)
STAGES: Final = {
    LeadState.ASSIGNED: "Open - Not Contacted",
    LeadState.CONTACTED: "Working - Contacted",
    LeadState.LOST: "Closed - Not Converted",
}
"""What every org begins with. There, only people convert a lead."""
TOKEN_LASTS_S: Final = 900
"""Salesforce does not say how long a token holds; sessions last for 15 minutes at the least, and longer while used."""
LIMIT: Final = "REQUEST_LIMIT_EXCEEDED"
"""With 403: the org's requests of a day are used up, or too many take long at this moment."""
CONVERTED_THERE: Final = "CANNOT_UPDATE_CONVERTED_LEAD"
BAD_REQUEST: Final = 400
NOT_FOUND: Final = 404


class Salesforce(Crm):
    """An org of Salesforce, by the client credentials of an external client app.

    The lead's id is its external id: so whatever is sent twice is there once. What people change there afterwards
    stays; only the status and the amount follow the lead, and the owner whenever somebody else gets it. The org's own
    assignment rules are not applied: Baton has assigned the lead. Once people have converted it, it is left alone; one
    that they have deleted is made anew.
    """

    system: Literal["salesforce"]
    url: Url
    """Of the org: `https://<my-domain>.my.salesforce.com`."""
    client_id: SecretName = "client-id"
    client_secret: SecretName = "client-secret"  # noqa: S105 # the name of a secret
    version: Annotated[str, Field(pattern=r"^v(6[1-9]|[7-9]\d|\d{3})\.0$")] = "v62.0"
    """Of the REST API. `updateOnly` came with v61.0."""
    record: FieldKey = "Lead"
    """The kind of record."""
    lead_id: FieldKey = "Baton_Lead_Id__c"
    """The field that is the external id, unique, of 32 characters at least."""
    status: FieldKey = "Status"
    amount: FieldKey | None = None
    """The field for what the lead was worth."""
    stages: dict[LeadState, Annotated[str, Field(min_length=1, max_length=100)]] = Field(
        default_factory=lambda: dict(STAGES)
    )
    allow_duplicates: bool = False
    """Whether a record is saved also where the org's rules for duplicates warn of it."""
    fields: Annotated[tuple[Mapped, ...], Field(max_length=200)] = FIELDS

    @property
    def access(self) -> OAuth:
        """See Connector.access."""
        return OAuth(
            f"{self.url.rstrip('/')}/services/oauth2/token",
            {"grant_type": "client_credentials"},
            {"client_id": self.client_id, "client_secret": self.client_secret},
            TOKEN_LASTS_S,
        )

    def tell(self, news: News) -> Talk[None]:
        """See Connector.tell."""
        if "lead" in news.known:
            reply = yield from self._put(news, fresh=False)
            if reply.status != NOT_FOUND:
                return
        reply = yield from self._put(news, fresh=True)
        if reply.is_good:
            yield from note("lead", reply.id_at("id"))

    def check(self) -> Talk[None]:
        """See Connector.check."""
        yield from ask("describe", "GET", f"{self._base}/sobjects/{self.record}")

    def is_throttled(self, reply: Reply) -> bool:
        """See Connector.is_throttled."""
        return reply.at(0, "errorCode") == LIMIT or super().is_throttled(reply)

    def is_from(self, secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
        """See Crm.is_from: a Flow sends the secret as its key."""
        return hmac.compare_digest(headers.get("x-api-key", "").encode(), secret.encode())

    def hear(self, told: Any) -> Talk[Sequence[Heard]]:
        """See Crm.hear: a Flow sends what a record has, `lead_id` and `status` at least."""
        yield from ()
        if not isinstance(told, dict):
            return ()
        at, value, currency = moment_of(told.get("at")), told.get("value"), told.get("currency")
        lead_id, status, reason = told.get("lead_id"), told.get("status"), told.get("reason")
        return tuple(heard(lead_id, status, at, value=value, currency=currency, reason=reason))

    def owner_of(self, email: str) -> Talk[str | None]:
        """See Crm.owner_of."""
        text = email.replace("\\", "\\\\").replace("'", "\\'")
        query = f"SELECT Id FROM User WHERE Email = '{text}' AND IsActive = true LIMIT 1"  # noqa: S608 # escaped
        reply = yield from ask("owner", "GET", f"{self._base}/query?q={quote(query, safe='')}")
        return reply.id_at("records", 0, "Id") if reply.at("records", 0) else None

    @property
    def _base(self) -> str:
        return f"/services/data/{self.version}"

    def _put(self, news: News, *, fresh: bool) -> Talk[Reply]:
        """404: it was not to be made, and is not there."""
        path = f"{self._base}/sobjects/{self.record}/{self.lead_id}/{news.lead.lead_id}"
        headers = {"Sforce-Auto-Assign": "FALSE"}
        if self.allow_duplicates:
            headers["Sforce-Duplicate-Rule-Header"] = "allowSave=true"
        only, reads = ("", (BAD_REQUEST,)) if fresh else ("?updateOnly=true", (BAD_REQUEST, NOT_FOUND))
        record = self._record(news, fresh=fresh)
        reply = yield from ask("lead", "PATCH", path + only, record, headers=headers, reads=reads)
        if reply.status == BAD_REQUEST and reply.at(0, "errorCode") != CONVERTED_THERE:
            raise NotTaken
        return reply

    def _record(self, news: News, *, fresh: bool) -> dict[str, Any]:
        """All of it for a fresh one, else what follows the lead."""
        record = mapped(self.fields, news.facts) if fresh else {}
        record[self.status] = self.stages[news.announcement.state]
        if self.amount and news.value_cents is not None:
            record[self.amount] = decimal_of(news.value_cents)
        if news.owner and (fresh or news.assigns):
            record["OwnerId"] = news.owner
        return record
