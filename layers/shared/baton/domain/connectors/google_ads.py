"""Google Ads: offline conversions and enhanced conversions for leads, over the Data Manager API.

https://developers.google.com/data-manager/api/reference/rest/v1/events/ingest. It has taken the place of the upload of
click conversions in the Google Ads API, which takes no new users since June 2026.
"""

from re import compile as pattern
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from baton.domain.connectors.audience import email_digest, phone_digest
from baton.domain.connectors.connector import Audience, OAuth
from baton.domain.connectors.talk import News, Talk, ask, note
from baton.domain.endpoint import SecretName, Url
from baton.domain.lead import Lead, LeadState

TOKEN_URL: Final = "https://oauth2.googleapis.com/token"  # noqa: S105 # an address
TOKEN_LASTS_S: Final = 3_600
CLICKS: Final = ("gclid", "gbraid", "wbraid")
"""What Google calls the click that a lead came from: a field each of the lead's attribution."""
_REQUEST_ID: Final = pattern(r"[A-Za-z0-9_-]{1,100}")
Account = Annotated[str, Field(pattern=r"^[0-9]{6,20}$")]
"""The id of an account, without dashes."""
Permission = Literal["CONSENT_GRANTED", "CONSENT_DENIED"]


class GoogleAds(Audience):
    """An account of Google Ads, by a user's refresh token.

    Google takes two events of one transaction for one. The transaction is the lead, and each is told once.
    """

    system: Literal["google_ads"]
    url: Url = "https://datamanager.googleapis.com"
    token_url: Url = TOKEN_URL
    client_id: SecretName = "client-id"
    client_secret: SecretName = "client-secret"  # noqa: S105 # the name of a secret
    refresh_token: SecretName = "refresh-token"  # noqa: S105 # the name of a secret
    account: Account
    """The account that counts the conversions."""
    login_account: Account | None = None
    """The manager account, where access goes through one."""
    tells: dict[LeadState, Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]]
    """Ids of conversion actions, of the type for imports from clicks."""
    consent: Permission | None = None
    """What its people allow Google, where that is the same for all of them."""
    hashes: bool = True
    """Whether digests of address and number go along with the click."""

    @property
    def access(self) -> OAuth:
        """See Connector.access."""
        secrets = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
        }
        return OAuth(self.token_url, {"grant_type": "refresh_token"}, secrets, TOKEN_LASTS_S)

    def tell(self, news: News) -> Talk[str | None]:
        """See Connector.tell: Google's id of the request, by which it says later what became of it."""
        event, state = self._event(news), news.announcement.state
        if not event:
            return None
        reply = yield from ask("event", "POST", "/v1/events:ingest", self._request(state, event))
        request_id = reply.at("requestId")
        if not isinstance(request_id, str) or not _REQUEST_ID.fullmatch(request_id):
            return None
        yield from note(f"request-{state.value}", request_id)
        return f"event: {request_id}"

    def check(self) -> Talk[None]:
        """See Connector.check."""
        sample = {
            "adIdentifiers": {"gclid": "example"},
            "eventTimestamp": "2026-01-01T00:00:00Z",
            "transactionId": "example",
            "eventSource": "WEB",
        }
        request = self._request(next(iter(self.tells)), sample) | {"validateOnly": True}
        yield from ask("event", "POST", "/v1/events:ingest", request)

    def _request(self, state: LeadState, event: dict[str, Any]) -> dict[str, Any]:
        destination: dict[str, Any] = {
            "operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": self.account},
            "productDestinationId": self.tells[state],
        }
        if self.login_account:
            destination["loginAccount"] = {"accountType": "GOOGLE_ADS", "accountId": self.login_account}
        request: dict[str, Any] = {"destinations": [destination], "events": [event], "encoding": "HEX"}
        if self.consent:
            request["consent"] = {"adUserData": self.consent, "adPersonalization": self.consent}
        return request

    def _event(self, news: News) -> dict[str, Any]:
        """Empty where Google could not know whom it is about."""
        clicks = {name: click for name in CLICKS if (click := news.lead.attribution.get(name))}
        people = identifiers_of(news.lead) if self.hashes else []
        if not clicks and not people:
            return {}
        event: dict[str, Any] = {
            "transactionId": f"{news.lead.lead_id}-{news.announcement.state.value}",
            "eventTimestamp": news.happened_at.isoformat().replace("+00:00", "Z"),
            "eventSource": "WEB",
        }
        if clicks:
            event["adIdentifiers"] = clicks
        if people:
            event["userData"] = {"userIdentifiers": people}
        if news.value_cents is not None:
            event |= {"conversionValue": news.value_cents / 100, "currency": news.currency}
        return event


def identifiers_of(lead: Lead) -> list[dict[str, str]]:
    """What Google may know the person by."""
    found = []
    if lead.contact.email:
        found.append({"emailAddress": email_digest(lead.contact.email, google=True)})
    if lead.contact.phone:
        found.append({"phoneNumber": phone_digest(lead.contact.phone, plus=True)})
    return found
