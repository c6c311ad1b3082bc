"""CRMs, played after their public documentation, as far as Baton speaks with them."""

import hmac
import json
from base64 import b64encode
from datetime import datetime, timedelta
from itertools import count
from typing import Any, ClassVar, Final

from tests.systems import Refusal, Said, System

TOKEN: Final = "a token that only tests know"
OWNERS: Final = {"ana@sales.example": "101", "ben@sales.example": "102"}
"""Users of each CRM, by address."""


def gets_in(said: Said, header: str = "authorization", value: str = f"Bearer {TOKEN}") -> bool:
    """Whether the request shows the token."""
    return said.headers.get(header) == value


class HubSpot(System):
    """Contacts and deals with properties that it checks; an address, or a property of its own, is there once."""

    KNOWN: Final = {
        "contacts": {
            *("firstname", "lastname", "email", "phone", "company", "address", "city", "state", "zip"),
            *("country", "hubspot_owner_id", "baton_lead_id"),
        },
        "deals": {
            *("dealname", "dealstage", "pipeline", "amount", "deal_currency_code", "hubspot_owner_id"),
            "baton_lead_id",
        },
    }
    UNIQUE: Final = {"contacts": {"email", "baton_lead_id"}, "deals": {"baton_lead_id"}}
    STAGES: Final = {"appointmentscheduled", "qualifiedtobuy", "closedwon", "closedlost"}

    CONNECTOR: ClassVar[dict[str, Any]] = {"system": "hubspot"}
    SECRETS: ClassVar[dict[str, str]] = {"token": TOKEN}
    STEPS: ClassVar[tuple[str, ...]] = (
        "owners",
        "contacts/batch/read",
        "contacts/batch/upsert",
        "deals/batch",
        "associations",
        "PATCH",
    )
    LIFE: ClassVar[tuple[str, ...]] = ("appointmentscheduled", "qualifiedtobuy", "closedwon")

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, dict[str, dict[str, Any]]] = {"contacts": {}, "deals": {}}
        self._ids = count(5000)
        self.associated: set[tuple[str, str]] = set()
        """Deals and their contacts."""
        self.stages: list[tuple[str, str]] = []
        """Which lead's deal came to which stage, in the order of time."""

    def serve(self, said: Said) -> tuple[int, Any]:
        """See System.serve."""
        if not gets_in(said):
            raise Refusal(401, {"status": "error", "category": "INVALID_AUTHENTICATION"})
        match said.path.strip("/").split("/"):
            case ["crm", "v3", "owners"] if said.method == "GET":
                found = [
                    (email, key) for email, key in OWNERS.items() if said.query.get("email") in (None, email)
                ]
                return 200, {"results": [{"id": key, "email": email} for email, key in found]}
            case ["crm", "v3", "objects", kind, "batch", "upsert"] if said.method == "POST":
                results = [self._upsert(kind, one) for one in said.body["inputs"]]
                created = any(one["new"] for one in results)
                return 201 if created else 200, {"status": "COMPLETE", "results": results}
            case ["crm", "v3", "objects", kind, "batch", "read"]:
                return self._read(kind, said.body)
            case ["crm", "v3", "objects", kind, key] if said.method == "PATCH":
                if key not in self.records[kind]:
                    raise Refusal(404, {"status": "error", "category": "OBJECT_NOT_FOUND"})
                return 200, self._put(kind, key, said.body["properties"])
            case ["crm", "v4", "objects", "deals", deal, "associations", "default", "contacts", contact]:
                if deal not in self.records["deals"] or contact not in self.records["contacts"]:
                    raise Refusal(404, {"status": "error", "category": "OBJECT_NOT_FOUND"})
                self.associated.add((deal, contact))
                return 200, {"status": "COMPLETE", "results": []}
        raise Refusal(404, {"status": "error", "category": "OBJECT_NOT_FOUND"})

    def _read(self, kind: str, asked: dict[str, Any]) -> tuple[int, Any]:
        by, wanted = asked.get("idProperty"), [one["id"] for one in asked["inputs"]]
        if by is not None and by not in self.UNIQUE[kind]:
            raise Refusal(400, {"status": "error", "category": "VALIDATION_ERROR"})
        found = [
            {"id": key, "properties": {name: record.get(name) for name in asked["properties"]}}
            for key, record in self.records[kind].items()
            if (record.get(by) if by else key) in wanted
        ]
        missing = [{"status": "error", "category": "OBJECT_NOT_FOUND"}] * (len(found) < len(wanted))
        return 207 if missing else 200, {"results": found, **({"errors": missing} if missing else {})}

    def _upsert(self, kind: str, given: dict[str, Any]) -> dict[str, Any]:
        properties, by, value = given["properties"], given["idProperty"], given["id"]
        if by not in self.UNIQUE[kind]:
            raise Refusal(400, {"status": "error", "category": "VALIDATION_ERROR"})
        found = next((key for key, record in self.records[kind].items() if record.get(by) == value), None)
        record = self._put(kind, found or str(next(self._ids)), {**properties, by: value})
        return {**record, "new": found is None}

    def _put(self, kind: str, key: str, properties: dict[str, Any]) -> dict[str, Any]:
        wrong = not set(properties) <= self.KNOWN[kind]
        wrong = wrong or properties.get("dealstage", "closedwon") not in self.STAGES
        if wrong or properties.get("hubspot_owner_id", "101") not in {*OWNERS.values(), "199"}:
            raise Refusal(400, {"status": "error", "category": "VALIDATION_ERROR"})
        records = self.records[kind]
        records[key] = {**records.get(key, {}), **properties}
        if "email" in properties:
            records[key]["email"] = properties["email"].lower()  # and is found by that alone
        if kind == "deals":
            self.stages.append((records[key]["baton_lead_id"], properties["dealstage"]))
        return {"id": key, "properties": records[key]}

    def deal_of(self, lead_id: str) -> dict[str, Any]:
        """The one deal of a lead."""
        (deal,) = (one for one in self.records["deals"].values() if one["baton_lead_id"] == lead_id)
        return deal

    def is_once(self, lead_id: str) -> bool:
        """Whether there is one record of each kind, and they belong together."""
        ((deal,), (contact,)) = self.records["deals"], self.records["contacts"]
        return self.deal_of(lead_id)["amount"] == "1299.05" and self.associated == {(deal, contact)}

    def stages_of(self, lead_id: str) -> list[str]:
        """Where a lead's deal came to, one after another."""
        return [stage for lead, stage in self.stages if lead == lead_id]


class Salesforce(System):
    """Leads with an external id. It gives a token to who knows the client's secret, and takes none but the last."""

    REQUIRED: Final = {"LastName", "Company"}
    STATUSES: Final = {"Open - Not Contacted", "Working - Contacted", "Qualified", "Closed - Not Converted"}
    CONNECTOR: ClassVar[dict[str, Any]] = {
        "system": "salesforce",
        "amount": "Value__c",
        "stages": {
            "assigned": "Open - Not Contacted",
            "contacted": "Working - Contacted",
            "converted": "Qualified",
        },
    }
    SECRETS: ClassVar[dict[str, str]] = {"client-id": "baton", "client-secret": TOKEN}
    STEPS: ClassVar[tuple[str, ...]] = ("oauth2/token", "query", "sobjects")
    TOO_MUCH: ClassVar[tuple[tuple[int, Any], ...]] = (
        (403, [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]),
    )
    LIFE: ClassVar[tuple[str, ...]] = ("Open - Not Contacted", "Working - Contacted", "Qualified")

    def __init__(self) -> None:
        super().__init__()
        self.leads: dict[str, dict[str, Any]] = {}
        """By external id."""
        self.history: list[tuple[str, str]] = []
        self.token = ""
        self.tokens = 0

    def serve(self, said: Said) -> tuple[int, Any]:
        """See System.serve."""
        match said.path.strip("/").split("/"):
            case ["services", "oauth2", "token"]:
                return self._token(said.body)
            case _ if not self.token or not gets_in(said, value=f"Bearer {self.token}"):
                raise Refusal(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired"}])
            case ["services", "data", "v62.0", "query"]:
                found = [key for email, key in OWNERS.items() if f"Email = '{email}'" in said.query["q"]]
                return 200, {"totalSize": len(found), "done": True, "records": [{"Id": key} for key in found]}
            case ["services", "data", "v62.0", "sobjects", "Lead"]:
                return 200, {"objectDescribe": {"name": "Lead"}}
            case ["services", "data", "v62.0", "sobjects", "Lead", "Baton_Lead_Id__c", key]:
                return self._upsert(key, said)
        raise Refusal(404, [{"errorCode": "NOT_FOUND"}])

    def _token(self, form: dict[str, str]) -> tuple[int, Any]:
        wanted = {"grant_type": "client_credentials", "client_id": "baton", "client_secret": TOKEN}
        if form != wanted:
            raise Refusal(400, {"error": "invalid_client", "error_description": "invalid client credentials"})
        self.tokens += 1
        self.token = f"00D!{self.tokens}"
        return 200, {"access_token": self.token, "token_type": "Bearer", "issued_at": "1795442402000"}

    def _upsert(self, key: str, said: Said) -> tuple[int, Any]:
        before, fields = self.leads.get(key), said.body
        if before is None and said.query.get("updateOnly") == "true":
            raise Refusal(404, [{"errorCode": "NOT_FOUND"}])
        missing = [] if before else [name for name in self.REQUIRED if not fields.get(name)]
        if missing:
            raise Refusal(400, [{"errorCode": "REQUIRED_FIELD_MISSING", "fields": missing}])
        if "Baton_Lead_Id__c" in fields or fields.get("Status") not in self.STATUSES:
            raise Refusal(400, [{"errorCode": "INVALID_FIELD"}])
        if before and before.get("IsConverted"):
            raise Refusal(400, [{"errorCode": "CANNOT_UPDATE_CONVERTED_LEAD"}])
        assert said.headers["sforce-auto-assign"] == "FALSE"
        self.leads[key] = {**(before or {"Id": f"00Q{len(self.history)}"}), **fields}
        self.history.append((key, fields["Status"]))
        answer = {"id": self.leads[key]["Id"], "success": True, "created": before is None, "errors": []}
        return 200 if before else 201, answer

    def stages_of(self, lead_id: str) -> list[str]:
        """Which statuses a lead came to, one after another."""
        return [status for lead, status in self.history if lead == lead_id]

    def is_once(self, lead_id: str) -> bool:
        """Whether there is one record, with its owner and value."""
        (lead,) = self.leads.values()
        return lead is self.leads[lead_id] and (lead["OwnerId"], lead["Value__c"]) == ("101", "1299.05")


PERSON_FIELD: Final = "a" * 40
DEAL_FIELD: Final = "b" * 40


class Pipedrive(System):
    """Persons and deals. It makes a new one whenever it is asked to, and finds them by what a custom field holds.

    What was made is not found at once.
    """

    LAG: Final = timedelta(seconds=45)
    CONNECTOR: ClassVar[dict[str, Any]] = {
        "system": "pipedrive",
        "person_lead_id": PERSON_FIELD,
        "deal_lead_id": DEAL_FIELD,
        "stages": {"assigned": "1", "contacted": "2", "converted": "won", "lost": "lost"},
    }
    SECRETS: ClassVar[dict[str, str]] = {"token": TOKEN}
    STEPS: ClassVar[tuple[str, ...]] = (
        "users",
        "persons/search",
        "POST /api/v2/persons",
        "deals/search",
        "POST /api/v2/deals",
        "PATCH",
    )
    LIFE: ClassVar[tuple[str, ...]] = ("1", "2", "won")

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, dict[int, dict[str, Any]]] = {"persons": {}, "deals": {}}
        self.history: list[tuple[str, str]] = []
        self._found_from: dict[int, datetime] = {}
        self.left = {"100"}
        """Users who were deactivated: one of them had the address of a user of today."""

    def serve(self, said: Said) -> tuple[int, Any]:
        """See System.serve."""
        if not gets_in(said, "x-api-token", TOKEN):
            raise Refusal(401, {"success": False, "error": "unauthorized access"})
        match said.path.strip("/").split("/"):
            case ["api", "v1", "users", "find"]:
                assert said.query["search_by_email"] == "1"
                term, everybody = said.query["term"].lower(), [("ana@sales.example", "100"), *OWNERS.items()]
                users = [
                    {"id": int(key), "email": email, "active_flag": key not in self.left}
                    for email, key in everybody
                    if term in email.lower()
                ]
                return 200, {"success": True, "data": users}
            case ["api", "v1", "users", "me"]:
                return 200, {"success": True, "data": {"id": 1}}
            case ["api", "v2", kind, "search"] if said.method == "GET":
                assert said.query["fields"] == "custom_fields"
                term, found = said.query["term"], self.records[kind].items()
                hits = [
                    key
                    for key, record in found
                    if term in record["custom_fields"].values() and self.now() >= self._found_from[key]
                ]
                return 200, {"success": True, "data": {"items": [{"item": {"id": key}} for key in hits]}}
            case ["api", "v2", kind] if said.method == "POST":
                made = self._put(kind, key := 1 + len(self._found_from), said.body)
                self._found_from[key] = self.now() + self.LAG
                return 201, made
            case ["api", "v2", kind, key] if said.method == "PATCH" and int(key) in self.records[kind]:
                return 200, self._put(kind, int(key), said.body)
        raise Refusal(404, {"success": False, "error": "Not found"})

    def _put(self, kind: str, key: int, fields: dict[str, Any]) -> dict[str, Any]:
        record = {**self.records[kind].get(key, {}), **fields}
        if "id" in fields or not record.get("title" if kind == "deals" else "name"):
            raise Refusal(
                400, {"success": False, "error": "Validation failed", "code": "ERR_SCHEMA_VALIDATION"}
            )
        self.records[kind][key] = record
        if kind == "deals":
            stage = str(record["stage_id"]) if record["status"] == "open" else record["status"]
            self.history.append((record["custom_fields"][DEAL_FIELD], stage))
        return {"success": True, "data": {"id": key, **record}}

    def stages_of(self, lead_id: str) -> list[str]:
        """Which stages a lead's deal came to, one after another."""
        return [stage for lead, stage in self.history if lead == lead_id]

    def is_once(self, lead_id: str) -> bool:
        """Whether there is one record of each kind, with its owner and value, and they belong together."""
        (person,), (deal,) = self.records["persons"], self.records["deals"].values()
        return (deal["person_id"], deal["owner_id"], deal["value"]) == (person, 101, 1299.05)


HOOK_SECRET: Final = "baton:a secret of webhooks that only tests know"


def hubspot_webhook(
    hubspot: HubSpot, url: str, now: datetime, *changes: dict[str, Any]
) -> tuple[dict[str, str], bytes]:
    """What HubSpot sends of changes of deals: headers and body."""
    at_ms = int(now.timestamp() * 1000)
    common = {
        "appId": 1160452,
        "occurredAt": at_ms,
        "subscriptionType": "deal.propertyChange",
        "propertyName": "dealstage",
        "changeSource": "CRM_UI",
        "sourceId": "userId:77",
    }
    body = json.dumps([{**common, **change} for change in changes]).encode()
    signed = f"POST{url}".encode() + body + str(at_ms).encode()
    signature = b64encode(hmac.digest(HOOK_SECRET.encode(), signed, "sha256")).decode()
    return {"x-hubspot-request-timestamp": str(at_ms), "x-hubspot-signature-v3": signature}, body


def salesforce_webhook(**record: Any) -> tuple[dict[str, str], bytes]:
    """What a Flow sends of a record."""
    return {"x-api-key": HOOK_SECRET}, json.dumps(record).encode()


def pipedrive_webhook(deal: dict[str, Any], **meta: Any) -> tuple[dict[str, str], bytes]:
    """What Pipedrive sends of a deal."""
    told = {"meta": {"entity": "deal", "action": "change", "change_source": "app", **meta}, "data": deal}
    proof = b64encode(HOOK_SECRET.encode()).decode()
    return {"authorization": f"Basic {proof}"}, json.dumps(told).encode()
