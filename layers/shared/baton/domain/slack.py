"""Slack: messages with buttons as Block Kit has them, who pressed one, and whether it was Slack that said so.

https://docs.slack.dev/authentication/verifying-requests-from-slack, https://docs.slack.dev/interactivity.
What others wrote stands in plain text, in which nothing is a link, a mention or a format.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

TOLERANCE_S: Final = 300
"""How far a request's time may be off; an older one may have been overheard and sent again."""
MAX_TIME_DIGITS: Final = 12
MAX_HEADER: Final = 150
"""Characters of a header block."""
MAX_BUTTON: Final = 75
"""Characters of a button."""
MAX_SECTION: Final = 3000
"""Characters of a section block."""


_REFERENCE: Final = re.compile(r"(https?://\S{1,1500}) ([0-9a-f]{32}) ([0-9]{1,6})")


class Action(StrEnum):
    """What a button says."""

    ACCEPT = "baton_accept"
    DECLINE = "baton_decline"
    SHOW = "baton_show"
    """In a channel, where the link is for the rep alone: show it to whoever presses."""
    OPEN = "baton_open"
    """A link to the page. Slack tells of it, and nobody has to do anything."""


class Reference(NamedTuple):
    """What stands behind a button. It opens nothing: whoever can read a channel can read it there."""

    base: str
    """Base URL of the API, for the link that the rep is shown."""
    lead_id: str
    offer_no: int

    def written(self) -> str:
        """As the value of a button."""
        return f"{self.base} {self.lead_id} {self.offer_no}"


class Press(NamedTuple):
    """Somebody pressed a button."""

    action: Action
    user: str
    about: "Reference"
    """Which offer."""
    shared: bool
    """Whether others can see the message."""
    response_url: str


def signature(secret: str, time: str, body: bytes) -> str:
    """What Slack puts into `X-Slack-Signature` for a body sent at that time."""
    return "v0=" + hmac.digest(secret.encode(), f"v0:{time}:".encode() + body, "sha256").hex()


def is_from_slack(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether the holder of the signing secret sent this body lately. Headers by lower-case name. Never raises."""
    time, sent = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not secret or not (time.isascii() and time.isdigit()) or len(time) > MAX_TIME_DIGITS:
        return False
    if abs(now.timestamp() - int(time)) > TOLERANCE_S:
        return False
    return hmac.compare_digest(sent.encode(errors="replace"), signature(secret, time, body).encode())


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Id(_Part):
    id: str = Field(max_length=64)


class _Button(_Part):
    action_id: str
    value: str = Field("", max_length=2000)


class _Payload(_Part):
    type: str
    user: _Id
    channel: _Id | None = None
    actions: tuple[_Button, ...] = Field(min_length=1)
    response_url: str = Field("", max_length=1000)


def press_of(payload: str) -> Press | None:
    """What was pressed; None for whatever else Slack tells of."""
    try:
        said = _Payload.model_validate_json(payload)
    except ValidationError:
        return None
    button = said.actions[0]
    if said.type != "block_actions" or button.action_id not in list(Action):
        return None
    about = _REFERENCE.fullmatch(button.value)
    if about is None:
        return None
    alone = said.channel is not None and said.channel.id.startswith("D")
    reference = Reference(about[1], about[2], int(about[3]))
    return Press(Action(button.action_id), said.user.id, reference, not alone, said.response_url)


def message(
    title: str, facts: str, link: str, ask: str, about: Reference | None = None, *, answerable: bool = False
) -> dict[str, Any]:
    """A message to one person, with the link."""
    answers = _answers(about) if about and answerable else []
    blocks = [
        {"type": "header", "text": _plain(title, MAX_HEADER)},
        *([{"type": "section", "text": _plain(facts, MAX_SECTION)}] if facts else []),
        *([{"type": "actions", "elements": [*answers, _page(ask, link)]}] if link else []),
    ]
    return {"text": _unformatted(title), "blocks": blocks}


def shared_message(
    user: str, title: str, about: Reference | None = None, *, answerable: bool = False
) -> dict[str, Any]:
    """A message to one person that others can see: it says no more than they may know, and has no link."""
    answers = _answers(about) if about and answerable else []
    show = [_button("Details", Action.SHOW, about.written())] if about else []
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"<@{user}>"}},
        {"type": "section", "text": _plain(title, MAX_SECTION)},
        *([{"type": "actions", "elements": [*answers, *show]}] if about else []),
    ]
    return {"text": _unformatted(title), "blocks": blocks}


def for_one(text: str, link: str = "") -> dict[str, Any]:
    """An answer that only whoever pressed can see."""
    blocks: list[dict[str, Any]] = [{"type": "section", "text": _plain(text, MAX_SECTION)}]
    if link:
        blocks.append({"type": "actions", "elements": [_page("Open the page", link)]})
    return {
        "response_type": "ephemeral",
        "replace_original": False,
        "text": _unformatted(text),
        "blocks": blocks,
    }


def instead(shown: Mapping[str, Any]) -> dict[str, Any]:
    """An answer that takes the place of the message with the button."""
    return {"replace_original": True, **shown}


def said(text: str) -> dict[str, Any]:
    """A message without buttons."""
    return {"text": _unformatted(text), "blocks": [{"type": "section", "text": _plain(text, MAX_SECTION)}]}


def _answers(about: Reference) -> list[dict[str, Any]]:
    return [
        _button("Accept", Action.ACCEPT, about.written(), style="primary"),
        _button("Decline", Action.DECLINE, about.written(), style="danger"),
    ]


def _page(text: str, link: str) -> dict[str, Any]:
    return _button(text, Action.OPEN, "page", url=link)


def _button(text: str, action: Action, value: str, **more: str) -> dict[str, Any]:
    return {
        "type": "button",
        "text": _plain(text, MAX_BUTTON),
        "action_id": action.value,
        "value": value,
        **more,
    }


def _plain(text: str, most: int) -> dict[str, Any]:
    short = text if len(text) <= most else f"{text[: most - 3]}..."
    return {"type": "plain_text", "text": short, "emoji": False}


def _unformatted(text: str) -> str:
    """For the line of a notification, in which these three signs are Slack's own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
