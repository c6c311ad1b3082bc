"""Marketing tools, played after their public documentation, as far as Baton speaks with them."""

import re
from typing import Any, ClassVar, Final

from tests.systems import Refusal, Said, System
from tests.systems_crm import TOKEN, gets_in

SHA256: Final = re.compile(r"[0-9a-f]{64}")


class MetaAds(System):
    """Conversions of a dataset. Two events of one name and id are one; what is not hashed is refused."""

    CONNECTOR: ClassVar[dict[str, Any]] = {"system": "meta", "dataset_id": "1234567890"}
    SECRETS: ClassVar[dict[str, str]] = {"token": TOKEN}
    STEPS: ClassVar[tuple[str, ...]] = ("events",)
    TOO_MUCH: ClassVar[tuple[tuple[int, Any], ...]] = (
        (403, {"error": {"code": 4, "type": "OAuthException", "message": "(#4) Application request limit"}}),
        (400, {"error": {"code": 17, "type": "OAuthException", "message": "User request limit reached"}}),
        (400, {"error": {"code": 613, "message": "Calls to this api have exceeded the rate limit."}}),
        (400, {"error": {"code": 80004, "message": "There have been too many calls to this ad-account."}}),
    )
    LIFE: ClassVar[tuple[str, ...]] = ("Assigned", "Contacted", "Converted")

    def __init__(self) -> None:
        super().__init__()
        self.events: dict[tuple[str, str], dict[str, Any]] = {}
        """By name and id."""

    def serve(self, said: Said) -> tuple[int, Any]:
        """See System.serve."""
        if not gets_in(said):
            raise Refusal(401, {"error": {"code": 190, "type": "OAuthException", "message": "Invalid token"}})
        if said.path == "/v25.0/1234567890" and said.method == "GET":
            return 200, {"id": "1234567890"}
        if said.path != "/v25.0/1234567890/events":
            raise Refusal(400, {"error": {"code": 100, "message": "Unsupported request"}})
        for event in said.body["data"]:
            user = event["user_data"]
            hashed = all(SHA256.fullmatch(one) for name in set(user) - {"lead_id"} for one in user[name])
            if not user or not hashed or event["action_source"] != "system_generated":
                raise Refusal(400, {"error": {"code": 100, "message": "Invalid parameter"}})
            self.events.setdefault((event["event_name"], event["event_id"]), event)
        return 200, {"events_received": len(said.body["data"]), "fbtrace_id": "A1"}

    def stages_of(self, lead_id: str) -> list[str]:
        """The events of a lead, in the order in which they came."""
        return [name for name, key in self.events if key.startswith(lead_id)]

    def is_once(self, lead_id: str) -> bool:
        """Whether each event is there once, the last with its value."""
        last = [event for (_, key), event in self.events.items() if key.startswith(lead_id)][-1]
        worth = (last["custom_data"]["value"], last["custom_data"]["currency"])
        return len(self.events) == len(self.LIFE) and worth == (1299.05, "USD")


class DataManager(System):
    """Google's Data Manager API, with its token's address beside it. Two events of one transaction are one."""

    CONNECTOR: ClassVar[dict[str, Any]] = {
        "system": "google_ads",
        "account": "1234567890",
        "tells": {"assigned": "71", "contacted": "72", "converted": "73"},
    }
    SECRETS: ClassVar[dict[str, str]] = {"client-id": "baton", "client-secret": "x", "refresh-token": TOKEN}
    STEPS: ClassVar[tuple[str, ...]] = ("token", "events:ingest")
    LIFE: ClassVar[tuple[str, ...]] = ("71", "72", "73")
    REQUEST: Final = "126365e1-16d0-4c81-9de9-f362711e250a"
    """What it calls its requests, with a number after it."""

    def __init__(self) -> None:
        super().__init__()
        self.events: dict[tuple[str, str], dict[str, Any]] = {}
        """By conversion action and transaction."""
        self.tokens = 0

    def serve(self, said: Said) -> tuple[int, Any]:
        """See System.serve."""
        if said.path == "/token":
            if said.body.get("grant_type") != "refresh_token" or said.body.get("refresh_token") != TOKEN:
                raise Refusal(400, {"error": "invalid_grant", "error_description": "Bad Request"})
            self.tokens += 1
            return 200, {"access_token": f"ya29.{self.tokens}", "expires_in": 3599, "token_type": "Bearer"}
        if not self.tokens or not gets_in(said, value=f"Bearer ya29.{self.tokens}"):
            raise Refusal(401, {"error": {"code": 401, "status": "UNAUTHENTICATED"}})
        if said.path != "/v1/events:ingest":
            raise Refusal(404, {"error": {"code": 404, "status": "NOT_FOUND"}})
        return 200, self._ingest(said.body)

    def _ingest(self, body: dict[str, Any]) -> dict[str, Any]:
        (destination,), events = body["destinations"], body["events"]
        assert body["encoding"] == "HEX"
        assert destination["operatingAccount"] == {"accountType": "GOOGLE_ADS", "accountId": "1234567890"}
        for event in events:
            people = event.get("userData", {}).get("userIdentifiers", [])
            hashed = all(SHA256.fullmatch(one) for person in people for one in person.values())
            if not hashed or not (people or event.get("adIdentifiers")):
                raise Refusal(400, {"error": {"code": 400, "status": "INVALID_ARGUMENT"}})
            if not body.get("validateOnly"):
                key = (destination["productDestinationId"], event["transactionId"])
                self.events.setdefault(key, event)
        return {"requestId": f"{self.REQUEST}-{len(self.asked('ingest'))}"}

    def stages_of(self, lead_id: str) -> list[str]:
        """The conversions of a lead, in the order in which they came."""
        return [action for action, key in self.events if key.startswith(lead_id)]

    def is_once(self, lead_id: str) -> bool:
        """Whether each event is there once, the last with its value."""
        last = [event for (_, key), event in self.events.items() if key.startswith(lead_id)][-1]
        worth = (last["conversionValue"], last["currency"])
        return len(self.events) == len(self.LIFE) and worth == (1299.05, "USD")
