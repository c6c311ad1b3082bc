"""People who have signed in, and call the API as the console or `curl` would."""

import itertools
import json
from dataclasses import dataclass
from typing import Any, Final

from local import users
from tests.e2e.stack import JSON, Answer, Stack

_numbers: Final = itertools.count(1)


@dataclass(frozen=True)
class Caller:
    """Somebody with a token, or without."""

    stack: Stack
    token: str

    def __call__(
        self, method: str, path: str, body: Any = None, media_type: str = JSON, **headers: str
    ) -> Answer:
        """Send one request; a body that is no text is sent as JSON."""
        text = "" if body is None else body if isinstance(body, str) else json.dumps(body)
        given = {**headers, **({"authorization": self.token} if self.token else {})}
        return self.stack.request(method, path, text, media_type if text else "", **given)

    def creates(self, kind: str, *documents: dict[str, Any]) -> None:
        """Store new documents of a kind."""
        for document in documents:
            answer = self("POST", f"/v1/{kind}", document)
            assert answer.status == 201, answer

    def changes(self, path: str, **fields: Any) -> None:
        """Change some fields of a document, as it is now."""
        now = self("GET", path)
        answer = self("PUT", path, {**now.json, **fields}, if_match=now.headers["etag"])
        assert answer.status == 200, answer

    def publishes(self, plan_id: str, **plan: Any) -> None:
        """Draft a plan and make it the one that new leads follow."""
        path = f"/v1/plans/{plan_id}"
        drafted = self("PUT", f"{path}/draft", {"id": plan_id, **plan}, if_none_match="*")
        assert drafted.status in (200, 201), drafted
        published = self("POST", f"{path}/publish", if_match=drafted.headers["etag"])
        assert published.status == 201, published


def a_user(stack: Stack, group: str) -> Caller:
    """A user of that group who has signed in; '' for none."""
    cognito, password = stack.client("cognito-idp"), users.new_password()
    name = f"{group or 'nobody'}-{next(_numbers)}"
    users.add(cognito, stack.outputs["UserPoolId"], name, password, group)
    return Caller(stack, users.sign_in(cognito, stack.outputs["UserPoolClientId"], name, password))
