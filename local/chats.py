"""Slack, Teams and a call centre's webhook, played on this machine, below the server of `local.outside`.

After their public documentation, and without Baton's own code on purpose: what the two agree on has been understood
twice. Slack is at /slack/api and /slack/hooks, a Teams workflow at /teams, whatever takes any post at /calls.
"""

import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

BOT_TOKEN: Final = "xoxb-of-the-local-stack"  # noqa: S105 # of a server that only this machine has
SIGNING_SECRET: Final = "signing-secret-of-the-local-slack"  # noqa: S105 # likewise
type Reply = tuple[int, dict[str, Any]]


@dataclass
class Chats:
    """What was said, where, and what came of buttons."""

    url: str = ""
    """Where the server is."""
    slack: list[dict[str, Any]] = field(default_factory=list)
    """Messages in the order in which they came."""
    replies: list[dict[str, Any]] = field(default_factory=list)
    """What was answered to buttons."""
    teams: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    """Users and channels that Slack does not know."""

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """What whoever is asked answers."""
        said = json.loads(body)
        if path == "/slack/api/chat.postMessage":
            return self._message(headers, said)
        if path.startswith("/slack/hooks/"):
            self.replies.append(said)
            return 200, {"ok": True}
        if path.startswith("/teams"):
            self.teams.append(said)
            return 202, {}
        if path.startswith("/calls"):
            self.calls.append(said)
            return 200, {}
        return 404, {"message": "nobody is here"}

    def _message(self, headers: Mapping[str, str], said: dict[str, Any]) -> Reply:
        if headers.get("authorization") != f"Bearer {BOT_TOKEN}":
            return 200, {"ok": False, "error": "invalid_auth"}
        if said["channel"] in self.unknown:
            return 200, {"ok": False, "error": "channel_not_found"}
        self.slack.append(said)
        return 200, {"ok": True, "channel": said["channel"], "ts": f"{time.time():.6f}"}

    def to(self, channel: str) -> list[dict[str, Any]]:
        """The messages to a user or a channel."""
        return [one for one in self.slack if one["channel"] == channel]

    def press(
        self, message: Mapping[str, Any], action: str, user: str, now_s: float | None = None
    ) -> tuple[str, dict[str, str]]:
        """The request that Slack sends when somebody presses a button: body and headers."""
        elements = [
            one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]
        ]
        button = next(one for one in elements if one["action_id"] == action)
        place = message["channel"] if message["channel"][0] in "CG" else "D0DIRECT"
        payload = {
            "type": "block_actions",
            "user": {"id": user, "username": "somebody"},
            "channel": {"id": place, "name": "somewhere"},
            "message": dict(message),
            "response_url": f"{self.url}/slack/hooks/{user}",
            "actions": [{"type": "button", "action_id": action, "value": button["value"]}],
        }
        body, at = urlencode({"payload": json.dumps(payload)}), str(int(now_s or time.time()))
        digest = hmac.new(SIGNING_SECRET.encode(), f"v0:{at}:{body}".encode(), "sha256").hexdigest()
        return body, {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}
