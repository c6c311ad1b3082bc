"""Payloads as platforms document them, and a company that takes them."""

import hmac
import json
from base64 import b64encode
from itertools import count
from typing import Any, Final

from baton.adapters.cursors import MemoryCursors
from baton.adapters.doubles import MemoryAlerts
from baton.adapters.http_double import ScriptedHttp
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.adapters.sqs_notices import MemoryNotices
from baton.application.fetch_leads import FetchLeads, LookForMissed
from baton.application.outgoing import Answer, Outgoing
from baton.application.receive_hook import ReceiveHook
from baton.domain.access import hash_of
from baton.domain.lead import Lead
from baton.entrypoints.hooks import hook
from baton.entrypoints.http import endpoint
from tests.builders import World, a_rep, a_source
from tests.unit.wire import Answer as Reply
from tests.unit.wire import an_event

KEY: Final = "vk_a_dealers_own_key"
SECRETS: Final = {
    "google": "k3y-entered-at-google",
    "app": "meta app secret",
    "verify": "our verify token",
    "page": "EAAB-page-token",
    "client": "linkedin client secret",
    "member": "linkedin member token",
    "typeform": "typeform secret",
}
HOOKS: Final[dict[str, Any]] = {
    "google_ads": {"key": "google"},
    "meta": {
        "app_secret": "app",
        "verify_token": "verify",
        "access_token": "page",
        "form_ids": ["12312312312"],
    },
    "linkedin": {"client_secret": "client", "access_token": "member"},
    "typeform": {"secret": "typeform"},
    "generic": {
        "fields": {
            "contact.email": "$.person.mail",
            "contact.name": "$.person.name",
            "attributes.interests": "$.wishes[*].what",
        },
        "constants": {"attribution.utm_source": "partner"},
        "key": "$.id",
    },
    "questions": {"what_is_your_roof_m2": "attributes.roof_m2"},
}

GOOGLE: Final[dict[str, Any]] = {
    "lead_id": "TeSter-123-ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghijklmnopqrstuvwxyz-0123456789",
    "user_column_data": [
        {"column_name": "Full Name", "string_value": "Maria Lopez", "column_id": "FULL_NAME"},
        {"column_name": "User Email", "string_value": "maria@example.com", "column_id": "EMAIL"},
        {"column_name": "User Phone", "string_value": "+12025550143", "column_id": "PHONE_NUMBER"},
        {"column_name": "City", "string_value": "Springfield", "column_id": "CITY"},
        {"string_value": "As soon as possible", "column_id": "When do you want to start?"},
    ],
    "api_version": "1.0",
    "form_id": 40000000000,
    "campaign_id": 123456789,
    "google_key": SECRETS["google"],
    "is_test": False,
    "gcl_id": "EAIaIQobChMI",
    "adgroup_id": 20000000000,
    "creative_id": 30000000000,
    "something_new": {"that": ["nobody", "knows"]},
}
META: Final[dict[str, Any]] = {
    "object": "page",
    "entry": [
        {
            "id": "153125381133",
            "time": 1438292065,
            "changes": [
                {
                    "field": "leadgen",
                    "value": {
                        "leadgen_id": "123123123123",
                        "page_id": "153125381133",
                        "form_id": "12312312312",
                        "adgroup_id": "12312312312",
                        "ad_id": "12312312312",
                        "created_time": 1440120384,
                    },
                },
                {"field": "feed", "value": {"item": "post"}},
            ],
        }
    ],
}
META_LEAD: Final[dict[str, Any]] = {
    "id": "123123123123",
    "created_time": "2026-11-23T13:59:00+0000",
    "ad_id": "12312312312",
    "form_id": "12312312312",
    "field_data": [
        {"name": "full_name", "values": ["Maria Lopez"]},
        {"name": "email", "values": ["maria@example.com"]},
        {"name": "what_is_your_roof_m2", "values": ["120"]},
        {"name": "which_days", "values": ["monday", "friday"]},
    ],
}
LINKEDIN: Final[dict[str, Any]] = {
    "type": "LEAD_ACTION",
    "leadGenForm": "urn:li:leadGenForm:3162",
    "leadGenFormResponse": "urn:li:leadGenFormResponse:c1cf0a85-1d1a-4e3f-9d1c-2b3c4d5e6f70-5",
    "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:522529623"},
    "associatedEntity": {"creative": "urn:li:sponsoredCreative:116264313"},
    "leadType": "SPONSORED",
    "leadAction": "CREATED",
    "occurredAt": 1702410534000,
}
LINKEDIN_LEAD: Final[dict[str, Any]] = {
    "id": "c1cf0a85-1d1a-4e3f-9d1c-2b3c4d5e6f70-5",
    "submittedAt": 1702410534000,
    "leadType": "SPONSORED",
    "testLead": False,
    "formResponse": {
        "answers": [
            {
                "questionId": 1,
                "name": "firstName",
                "answerDetails": {"textQuestionAnswer": {"answer": "Maria"}},
            },
            {
                "questionId": 2,
                "name": "emailAddress",
                "answerDetails": {"textQuestionAnswer": {"answer": "maria@example.com"}},
            },
            {
                "questionId": 3,
                "name": "team size",
                "answerDetails": {"multipleChoiceAnswer": {"options": ["11-50"]}},
            },
        ],
        "consentResponses": [{"consentId": 1, "accepted": True}],
    },
}
TYPEFORM: Final[dict[str, Any]] = {
    "event_id": "LtWXD3crgy",
    "event_type": "form_response",
    "form_response": {
        "form_id": "lT4Z3j",
        "token": "a3a12ec67a1365927098a606107fac15",
        "submitted_at": "2026-11-23T13:58:00Z",
        "hidden": {"utm_source": "newsletter"},
        "answers": [
            {"type": "text", "text": "Maria Lopez", "field": {"id": "JwWggjAKtOkA", "ref": "full_name"}},
            {"type": "email", "email": "maria@example.com", "field": {"id": "SMEUb7VJz92Q", "ref": "q2"}},
            {"type": "number", "number": 120, "field": {"id": "k6TP9oLGgHjl", "ref": "roof"}},
            {"type": "boolean", "boolean": True, "field": {"id": "gFFf3xAkJKsr", "ref": "owner"}},
            {
                "type": "choice",
                "choice": {"label": "Barcelona"},
                "field": {"id": "M5tXK5kG7IeA", "ref": "office"},
            },
            {
                "type": "choices",
                "choices": {"labels": ["Solar", "Battery"], "other": "Heat pump"},
                "field": {"id": "PNe8ZKBK8C2Q", "ref": "wants"},
            },
        ],
    },
}
ADF: Final = """<?xml version="1.0" encoding="UTF-8"?>
<?adf version="1.0"?>
<adf>
  <prospect status="new">
    <id sequence="1" source="cars.example">40153</id>
    <requestdate>2026-11-23T13:57:00-05:00</requestdate>
    <vehicle interest="buy" status="used">
      <year>2019</year><make>Honda</make><model>Accord</model><vin>1HGCV1F30KA000001</vin>
    </vehicle>
    <customer>
      <contact primarycontact="1">
        <name part="first">Maria</name><name part="last">Lopez</name>
        <email>maria@example.com</email>
        <phone type="voice" time="evening">202-555-0143</phone>
        <phone type="cellphone">202-555-0144</phone>
        <address><street line="1">1 Main St</street><city>Springfield</city><regioncode>IL</regioncode>
          <postalcode>62701</postalcode><country>US</country></address>
      </contact>
      <comments>Does it have a tow bar?</comments>
    </customer>
    <provider><name part="full">Cars Example</name><service>Used cars</service></provider>
  </prospect>
</adf>
"""
MAIL: Final = (
    "From: leads@cars.example\nTo: dealer@example.com\nSubject: New lead\nMIME-Version: 1.0\n"
    'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\nSee the attachment.\n'
    "--x\nContent-Type: application/xml\nContent-Transfer-Encoding: base64\n\n"
    + b64encode(ADF.encode()).decode()
    + "\n--x--\n"
)
GENERIC: Final[dict[str, Any]] = {
    "id": 4711,
    "person": {"name": "Maria Lopez", "mail": "maria@example.com"},
    "wishes": [{"what": "solar"}, {"what": "battery"}],
}


def text_of(payload: Any) -> str:
    return payload if isinstance(payload, str) else json.dumps(payload)


def signed(platform: str, body: str, secret: str | None = None) -> dict[str, str]:
    """The headers by which a platform shows who sent a body."""

    def digest(name: str) -> bytes:
        return hmac.digest((secret or SECRETS[name]).encode(), body.encode(), "sha256")

    match platform:
        case "meta":
            return {"X-Hub-Signature-256": f"sha256={digest('app').hex()}"}
        case "linkedin":
            return {"X-LI-Signature": digest("client").hex()}
        case "typeform":
            return {"Typeform-Signature": f"sha256={b64encode(digest('typeform')).decode()}"}
        case "adf" | "generic":
            return {"X-Api-Key": secret or KEY}
    return {}


class Company:
    """A source that takes every format, the queue behind it, and the platforms that are asked for leads."""

    def __init__(self, **source: Any) -> None:
        facts = {"hooks": HOOKS, "api_keys": [hash_of(KEY)], **source}
        self.world = World(reps=(a_rep(),))
        self.facts = facts
        self.configure()
        self.notices, self.cursors, self.alerts = MemoryNotices(), MemoryCursors(), MemoryAlerts()
        for name, value in SECRETS.items():
            self.world.secrets.put(f"source/web-form/{name}", value)
        world = self.world
        self.receive = ReceiveHook(
            world.configuration, world.secrets, world.accept_lead, world.admit, self.notices, self.alerts
        )
        self.leads_at_meta: dict[str, dict[str, Any]] = {}
        self.leads_at_linkedin: dict[str, dict[str, Any]] = {}
        self.says: Answer | None = None
        """What the platforms answer instead, where it is set."""
        self.http = ScriptedHttp(self._answer)
        self.fetch = FetchLeads(world.configuration, world.secrets, self.http, world.accept_lead, self.alerts)
        assert isinstance(world.configuration, MemoryConfiguration)
        archive = MemoryArchive(world.configuration)
        self.look = LookForMissed(
            archive, self.fetch, world.accept_lead, self.cursors, self.alerts, world.clock
        )
        self._pages = count(1)

    def configure(self, **source: Any) -> None:
        """Change the source."""
        self.world.configure(a_source(**{**self.facts, **source}))

    def posted(
        self, platform: str, payload: Any, media_type: str = "application/json", **headers: str
    ) -> Reply:
        """What a platform hears that posts this, signed unless other headers are given."""
        body = text_of(payload)
        return self.request(platform, body, media_type, headers or signed(platform, body))

    def request(
        self,
        platform: str,
        body: str,
        media_type: str,
        headers: dict[str, str],
        method: str = "POST",
        **query: str,
    ) -> Reply:
        """One request, as API Gateway hands it over."""
        path = {"source_id": "web-form", "format": platform}
        event = an_event(body, media_type=media_type, headers=headers, pathParameters=path)
        event |= {"httpMethod": method, "queryStringParameters": query or None}
        return Reply.of(endpoint(lambda request, context: hook(self.receive, request, context))(event, None))

    def asked(self, platform: str, **query: str) -> Reply:
        """What a platform hears that looks whether the address is ours."""
        return self.request(platform, "", "", {}, "GET", **query)

    def work(self) -> int:
        """Fetch everything that waits, once each; how many could not be fetched and wait on."""
        from baton.domain.errors import BatonError

        waiting, self.notices.waiting = self.notices.waiting, []
        for notice in waiting:
            try:
                self.fetch(*notice)
            except BatonError:
                self.notices.waiting.append(notice)
        return len(self.notices.waiting)

    @property
    def leads(self) -> list[Lead]:
        """All that there are."""
        return list(self.world.leads.leads.values())  # type: ignore[attr-defined]

    def _answer(self, request: Outgoing) -> Answer:
        if self.says is not None:
            return self.says
        path = request.url.partition("://")[2].partition("/")[2].partition("?")[0]
        last = path.rpartition("/")[2]
        if last == "leads":
            return self._page(request.url)
        kept = self.leads_at_linkedin if "leadFormResponses" in path else self.leads_at_meta
        if last not in kept:
            error = {"error": {"message": "Unsupported get request", "code": 100, "error_subcode": 33}}
            return Answer(400 if kept is self.leads_at_meta else 404, json.dumps(error).encode())
        return Answer(200, json.dumps(kept[last]).encode())

    def _page(self, url: str) -> Answer:
        """A page of one lead each: the next is named by its number."""
        found = list(self.leads_at_meta.values())
        at = int(url.rpartition("after=")[2]) if "after=" in url else 0
        page: dict[str, Any] = {"data": found[at : at + 1]}
        if at + 1 < len(found):
            page["paging"] = {"cursors": {"after": str(at + 1)}, "next": "https://graph.example/more"}
        return Answer(200, json.dumps(page).encode())
