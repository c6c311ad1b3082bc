"""Channel slack: a message with buttons, to the rep alone or in a channel."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from baton.application.channels import NOT_SET_UP, REFUSED
from baton.application.keep_secrets import SlackSecret, slack_secret_name
from baton.application.tell_by_http import post, secret_of, why_refused
from baton.domain.errors import NotificationFailed
from baton.domain.slack import Reference, message, shared_message

if TYPE_CHECKING:
    from baton.application.channels import Note
    from baton.application.outgoing import Http, Secrets
    from baton.domain.channels import SlackPlace
    from baton.domain.recipient import Recipient

OPEN: Final = "Open the page"
PAGE: Final = "/v1/offers/"
"""What an offer's page has in its address, behind the base."""
_PASSING: Final = frozenset(
    {"fatal_error", "internal_error", "rate_limited", "ratelimited", "request_timeout", "service_unavailable"}
)
"""What Slack says while it cannot; anything else it would say again."""
_CODE: Final = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class SlackSites:
    """Where Slack is, or who plays it on a developer's machine."""

    api: str = "https://slack.com/api"
    hooks: str = "https://hooks.slack.com/"
    """What an address for answers begins with. Nothing is sent to any other."""

    @classmethod
    def under(cls, url: str) -> SlackSites:
        """Both below that address; Slack itself where there is none."""
        return cls(f"{url}/slack/api", f"{url}/slack/hooks/") if url else cls()


class TellInSlack:
    """The Sender port."""

    def __init__(self, http: Http, secrets: Secrets, sites: SlackSites) -> None:
        self._http = http
        self._secrets = secrets
        self._sites = sites

    def __call__(self, recipient: Recipient, note: Note) -> str | None:
        """See Sender."""
        place, token = recipient.slack, secret_of(self._secrets, slack_secret_name(SlackSecret.BOT_TOKEN))
        if place is None or token is None:
            return NOT_SET_UP
        body = json.dumps(message_to(place, note), ensure_ascii=False).encode()
        url = f"{self._sites.api}/chat.postMessage"
        answer = post(self._http, url, {"Authorization": f"Bearer {token}"}, body)
        return why_refused(answer) or _said(answer.body)


def message_to(place: SlackPlace, note: Note) -> dict[str, Any]:
    """The request's body. In a channel others read along, and its links and pictures are not looked up."""
    text, asked, about = note.message, note.answerable, reference_of(note)
    shown = (
        shared_message(place.user, text.public, about, answerable=asked)
        if place.channel
        else message(
            text.subject, text.facts, note.link, OPEN if asked else text.ask, about, answerable=asked
        )
    )
    return {"channel": place.channel or place.user, "unfurl_links": False, "unfurl_media": False, **shown}


def reference_of(note: Note) -> Reference | None:
    """What stands behind the buttons; None where there is nothing to press."""
    base, known, _ = note.link.partition(PAGE)
    return Reference(base, note.lead_id, note.offer_no) if known and note.offer_no else None


def _said(body: bytes) -> str | None:
    """What Slack refused, which it says with a good status. Raises NotificationFailed for what passes."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise NotificationFailed("no_answer")  # a code
    if answer.get("ok") is True:
        return None
    code = str(answer.get("error"))
    if code in _PASSING:
        raise NotificationFailed(code)
    return code if _CODE.fullmatch(code) else REFUSED
