"""API Gateway's events, and what a Lambda handler answers to them."""

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from baton.entrypoints.http import Response, endpoint
from baton.entrypoints.intake import take
from tests.builders import World

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
MAX_BYTES = 128 * 1024


@dataclass
class Answer:
    """A response as the caller sees it, header names in lower case."""

    status: int
    headers: dict[str, str]
    body: str

    @classmethod
    def of(cls, event: dict[str, Any]) -> "Answer":
        """Read what a handler gave to API Gateway, which takes UTF-8 only."""
        json.dumps(event, ensure_ascii=False).encode()
        headers = {name.lower(): value for name, value in event["headers"].items()}
        return cls(event["statusCode"], headers, event["body"])

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


def an_event(
    body: str | bytes | None = None, *, method: str = "POST", media_type: str = JSON_TYPE, **facts: Any
) -> dict[str, Any]:
    """One request; bytes travel in base64 as API Gateway sends them."""
    headers = {"Content-Type": media_type, **facts.pop("headers", {})}
    binary = isinstance(body, bytes)
    text = b64encode(body).decode() if isinstance(body, bytes) else body
    base = {"httpMethod": method, "headers": headers, "body": text, "isBase64Encoded": binary}
    return {**base, "pathParameters": None, **facts}


def post_lead(world: World, body: str | bytes | None, source_id: str = "web-form", **facts: Any) -> Answer:
    """Post that body to a source of the world."""

    def ingest(request: Any, context: Any) -> Response:
        return take(
            world.accept_lead,
            request,
            context,
            MAX_BYTES,
            admit=world.admit,
            await_verdict=world.await_verdict,
        )

    event = an_event(body, pathParameters={"source_id": source_id}, **facts)
    return Answer.of(endpoint(ingest)(event, None))


def post_form(world: World, body: str, **facts: Any) -> Answer:
    """Post a plain form, as a program would."""
    return post_lead(world, body, media_type=FORM_TYPE, **facts)
