"""The console's API as its callers see it: over in-memory twins, with API Gateway's events."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from baton.adapters.doubles import FixedClock
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.application.edit_configuration import EditConfiguration
from baton.application.exchange_configuration import ExchangeConfiguration
from baton.application.publish_plan import PublishPlan
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.configuration import configuration_api
from tests.builders import MONDAY_9AM

JSON: Final = "application/json"
YAML: Final = "application/yaml"
ANA: Final = {"id": "ana", "name": "Ana", "email": "ana@sales.example", "zone": "UTC"}
BEN: Final = {"id": "ben", "name": "Ben", "email": "ben@sales.example", "zone": "UTC"}
TEAM: Final = {"id": "team", "name": "Team", "members": [{"recipient_id": "ana"}, {"recipient_id": "ben"}]}
DRAFT: Final = {"id": "solar", "stages": [{"name": "team", "pool_id": "team"}], "fallback": "ana"}


@dataclass(frozen=True)
class Answer:
    """A response as the caller sees it, header names in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.text)

    @property
    def etag(self) -> str:
        """What If-Match wants."""
        return self.headers["etag"]

    @property
    def code(self) -> str:
        """The code of a problem."""
        assert self.headers["content-type"] == "application/problem+json"
        assert self.json["status"] == self.status
        return str(self.json["type"].removeprefix("urn:baton:"))

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong with which field."""
        return {error["field"]: error["problem"] for error in self.json["errors"]}


@dataclass
class Caller:
    """Somebody who has signed in."""

    console: Console
    name: str = "maria"
    groups: Any = "admin"
    claims: dict[str, Any] | None = field(default=None)

    def __call__(
        self, method: str, path: str, body: Any = None, *, media_type: str = JSON, **headers: str
    ) -> Answer:
        """Send one request; a body that is no text is sent as JSON."""
        event = an_event(method, path, body, media_type, headers)
        event["requestContext"] = {
            "stage": "dev",
            "path": f"/dev{event['path']}",
            "authorizer": self._authorizer(),
        }
        return answer_of(self.console(event, None))

    def _authorizer(self) -> dict[str, Any]:
        given = {"cognito:username": self.name, "cognito:groups": self.groups}
        return {"claims": given if self.claims is None else self.claims}


def an_event(
    method: str, path: str, body: Any, media_type: str, headers: Mapping[str, str]
) -> dict[str, Any]:
    """What API Gateway makes of a request."""
    path, _, query = path.partition("?")
    asked = dict(part.partition("=")[::2] for part in query.split("&")) if query else None
    sent = {name.replace("_", "-").title(): value for name, value in headers.items()}
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    if text is not None and media_type:
        sent["Content-Type"] = media_type
    return {
        "httpMethod": method,
        "path": path,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": asked,
        "multiValueQueryStringParameters": {name: [value] for name, value in asked.items()}
        if asked
        else None,
        "pathParameters": None,
        "body": text,
        "isBase64Encoded": False,
    }


def answer_of(event: Mapping[str, Any]) -> Answer:
    """What API Gateway makes of a response."""
    json.dumps(event, ensure_ascii=False).encode()
    headers = {name.lower(): ", ".join(values) for name, values in event["multiValueHeaders"].items()}
    headers |= {name.lower(): value for name, value in event.get("headers", {}).items()}
    return Answer(event["statusCode"], headers, event["body"] or "")


def a_console() -> Console:
    """The configuration API over an empty configuration."""
    archive, clock = MemoryArchive(MemoryConfiguration()), FixedClock(MONDAY_9AM)
    edit = EditConfiguration(archive, clock)
    publish = PublishPlan(archive, clock)
    exchange = ExchangeConfiguration(archive, clock)
    return configuration_api(lambda: edit, lambda: publish, lambda: exchange)


def an_admin() -> Caller:
    """An admin who looks at an empty configuration."""
    return Caller(a_console())


def an_admin_with_a_team() -> Caller:
    """An admin who has made two reps and their pool."""
    admin = an_admin()
    for path, document in (("recipients", ANA), ("recipients", BEN), ("pools", TEAM)):
        assert admin("POST", f"/v1/{path}", document).status == 201
    return admin


def as_yaml(value: Any) -> str:
    """The value as PyYAML writes it."""
    return str(yaml.safe_dump(value))
