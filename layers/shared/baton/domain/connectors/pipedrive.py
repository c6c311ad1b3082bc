"""Pipedrive: a person, and a deal for the lead.

https://developers.pipedrive.com/docs/api/v1: version 2 of persons and deals and their search; users are of version 1.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from pydantic import Field

from baton.domain.connectors.connector import Crm, Key
from baton.domain.connectors.hearing import Heard, heard, moment_of, text_at
from baton.domain.connectors.talk import News, NotTaken, Talk, TooEarly, UnexpectedAnswer, ask, mapped, note
from baton.domain.endpoint import Mapped, SecretName, Url
from baton.domain.lead import LeadState

FieldHash = Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
"""What Pipedrive calls a custom field."""

PERSON: Final = (Mapped(name="name", field="name", value="Unknown"),)
DEAL: Final = (Mapped(name="title", field="name", value="Lead"),)
CLOSED: Final = frozenset({"won", "lost"})
"""Stages that are none: the deal stays in its column, and is over."""
GONE: Final = (404, 410)
REFUSED: Final = frozenset(range(400, 500)) - {408}
"""By these answers nothing was made. After any other, or none, something may have been."""
LAG: Final = timedelta(minutes=2)
"""After this, the search finds what was made. It lags by seconds; the request may have taken some as well."""


class Pipedrive(Crm):
    """A company at Pipedrive, by a user's API token.

    Pipedrive makes a new record whenever it is asked to. So each holds the lead's id in a field of its own, is looked
    for by that before it is made, and is known by its id from then on. Where an answer got lost, none is made before
    the search must have found the other. What people change there afterwards stays; only stage, status and value follow
    the lead, and the owner whenever somebody else gets it.
    """

    system: Literal["pipedrive"]
    url: Url
    """Of the company: `https://<company>.pipedrive.com`."""
    token: SecretName = "token"  # noqa: S105 # the name of a secret
    person_lead_id: FieldHash
    """The persons' custom field, of type text, that holds the lead's id."""
    deal_lead_id: FieldHash
    """That of the deals."""
    stages: dict[LeadState, Annotated[str, Field(pattern=r"^([0-9]{1,12}|won|lost)$")]]
    """Ids of stages, or `won` and `lost`."""
    person: Annotated[tuple[Mapped, ...], Field(max_length=200)] = PERSON
    """Beside address and number, which always go along."""
    deal: Annotated[tuple[Mapped, ...], Field(max_length=200)] = DEAL
    custom_fields: Annotated[tuple[Mapped, ...], Field(max_length=200)] = ()
    """Of the deal, by their hashes."""

    @property
    def access(self) -> Key:
        """See Connector.access."""
        return Key(self.token, "x-api-token", "")

    def tell(self, news: News) -> Talk[None]:
        """See Connector.tell."""
        change, known = self._change(news), news.known.get("deal")
        if known and (yield from self._is_changed(known, change, news)):
            return
        found = yield from self._find("deal", self.deal_lead_id, news)
        if found and (yield from self._is_changed(found, change, news)):
            yield from note("deal", found)
            return
        person_id = yield from self._person(news)
        deal = mapped(self.deal, news.facts) | change | _owned(news) | {"person_id": person_id}
        custom = mapped(self.custom_fields, news.facts) | {self.deal_lead_id: news.lead.lead_id}
        yield from self._make("deal", deal | {"custom_fields": custom}, news)

    def check(self) -> Talk[None]:
        """See Connector.check."""
        yield from ask("user", "GET", "/api/v1/users/me")

    def is_from(self, secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
        """See Crm.is_from: a webhook shows `user:password`, as it was given when the webhook was made."""
        wanted = f"Basic {b64encode(secret.encode()).decode()}"
        return hmac.compare_digest(headers.get("authorization", "").encode(), wanted.encode())

    def hear(self, told: Any) -> Talk[Sequence[Heard]]:
        """See Crm.hear: version 2 of Pipedrive's webhooks. What came by its API may be our own, and is passed over."""
        yield from ()
        meta, deal = (told.get("meta"), told.get("data")) if isinstance(told, dict) else (None, None)
        if not isinstance(meta, dict) or not isinstance(deal, dict):
            return ()
        if meta.get("entity") != "deal" or meta.get("change_source") == "api":
            return ()
        status = text_at(deal, "status")
        stage = status if status in CLOSED else str(deal.get("stage_id"))
        fields = deal.get("custom_fields")
        field = fields.get(self.deal_lead_id) if isinstance(fields, dict) else None
        lead_id = field.get("value") if isinstance(field, dict) else field
        at, value, currency = moment_of(deal.get("update_time")), deal.get("value"), deal.get("currency")
        reason = deal.get("lost_reason")
        return tuple(heard(lead_id, stage, at, value=value, currency=currency, reason=reason))

    def owner_of(self, email: str) -> Talk[str | None]:
        """See Crm.owner_of."""
        query = f"search_by_email=1&term={quote(email, safe='')}"
        reply = yield from ask("owner", "GET", f"/api/v1/users/find?{query}")
        users = reply.at("data")
        for index, user in enumerate(users if isinstance(users, list) else ()):
            if not isinstance(user, dict) or user.get("active_flag") is False:
                continue
            if str(user.get("email", "")).lower() == email.lower():
                return reply.id_at("data", index, "id")
        return None

    def _person(self, news: News) -> Talk[int]:
        known = news.known.get("person") or (yield from self._find("person", self.person_lead_id, news))
        if known is None:
            contact = news.lead.contact
            person = mapped(self.person, news.facts) | _owned(news)
            if contact.email:
                person["emails"] = [{"value": contact.email, "primary": True, "label": "work"}]
            if contact.phone:
                person["phones"] = [{"value": contact.phone, "primary": True, "label": "work"}]
            custom = {"custom_fields": {self.person_lead_id: news.lead.lead_id}}
            known = yield from self._make("person", person | custom, news)
        elif "person" not in news.known:
            yield from note("person", known)
        if not known.isdigit():
            raise UnexpectedAnswer
        return int(known)

    def _make(self, kind: str, record: dict[str, Any], news: News) -> Talk[str]:
        """The id of a new record. None is made as long as one may be there that the search does not find yet."""
        mark = f"making-{kind}"
        begun = news.known.get(mark)
        if begun and news.now - datetime.fromisoformat(begun) < LAG:
            raise TooEarly
        yield from note(mark, news.now.isoformat())
        made = yield from ask(kind, "POST", f"/api/v2/{kind}s", record, reads=REFUSED)
        if made.is_good:
            yield from note(kind, made.id_at("data", "id"))
        yield from note(mark, "")
        if not made.is_good:
            raise NotTaken
        return made.id_at("data", "id")

    def _is_changed(self, deal_id: str, change: dict[str, Any], news: News) -> Talk[bool]:
        """Whether there is still such a deal; then it is as the lead now."""
        owner = _owned(news) if news.assigns else {}
        reply = yield from ask("deal", "PATCH", f"/api/v2/deals/{deal_id}", change | owner, reads=GONE)
        return reply.is_good

    def _find(self, kind: str, field: str, news: News) -> Talk[str | None]:
        """The record that holds the lead's id in that field."""
        query = f"term={news.lead.lead_id}&fields=custom_fields&exact_match=true&limit=1"
        reply = yield from ask(kind, "GET", f"/api/v2/{kind}s/search?{query}")
        return reply.id_at("data", "items", 0, "item", "id") if reply.at("data", "items", 0) else None

    def _change(self, news: News) -> dict[str, Any]:
        """What of the deal follows the lead."""
        stage = self.stages[news.announcement.state]
        change: dict[str, Any] = (
            {"status": stage} if stage in CLOSED else {"status": "open", "stage_id": int(stage)}
        )
        if stage == "lost" and news.lead.lost_reason:
            change["lost_reason"] = news.lead.lost_reason
        if news.value_cents is not None:
            change |= {"value": news.value_cents / 100, "currency": news.currency}
        return change


def _owned(news: News) -> dict[str, Any]:
    return {"owner_id": int(news.owner)} if news.owner and news.owner.isdigit() else {}
