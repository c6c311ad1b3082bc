"""Slack, Teams, webhooks and Amazon Connect: what is said there, to whom, and what counts as taken."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from baton.adapters.connect import MemoryCallCentre
from baton.adapters.doubles import MemorySecrets
from baton.adapters.http_double import ScriptedHttp
from baton.application.answer_offer import Answer as Says
from baton.application.channels import Note, Sender
from baton.application.messages import Message
from baton.application.outgoing import Answer, Trouble
from baton.application.tell_by_connect import TellByConnect
from baton.application.tell_by_webhook import TellByWebhook
from baton.application.tell_in_slack import SlackSites, TellInSlack
from baton.application.tell_in_teams import TellInTeams, message_of
from baton.domain.channels import Channel
from baton.domain.dedupe import Dedupe, DuplicatePolicy
from baton.domain.errors import NotificationFailed
from baton.domain.webhooks import verify
from tests.builders import LEAD_ID, World, a_campaign, a_plan, a_rep, a_stage, a_world
from tests.unit.test_channels import PHONE, failures, told

KEY: Final = "whsec_" + b64encode(b"only these tests know this key").decode()
SECRETS: Final = {
    "channel/slack/bot-token": "xoxb-made-up",
    "recipient/ana/teams": "https://prod-1.westus.logic.azure.com/workflows/made-up?sig=secret",
    "recipient/ana/signing": KEY,
}
USER: Final = "U012ABC"
PLACES: Final[dict[str, Any]] = {
    "slack": {"user": USER},
    "teams": {},
    "webhook": {"url": "https://calls.example/ana"},
    "connect": {"how": "call"},
}
OK: Final = Answer(200, b'{"ok": true}')
OTHERS: Final = ["slack", "teams", "webhook"]
EVIL: Final = "<!channel> [win](https://evil.example) *now*"


class Desk:
    """A lead that is offered to ana, who hears of it elsewhere."""

    def __init__(
        self,
        channel: str,
        answer: Callable[[Any], Answer] = lambda _: OK,
        *,
        secrets: dict[str, str] | None = None,
        reveal: str = "at_once",
        auto_accept: bool = False,
        lead: dict[str, Any] | None = None,
        **rep: Any,
    ) -> None:
        self.http, self.secrets = ScriptedHttp(answer), MemorySecrets(SECRETS if secrets is None else secrets)
        self.centre = MemoryCallCentre()
        places = {"channels": [[channel], ["sms"]], channel: PLACES[channel], **rep}
        self.world = a_world(
            a_rep("ana", phone=PHONE, **places),
            a_rep("ben"),
            documents=(a_campaign(reveal=reveal, dedupe=Dedupe(policy=DuplicatePolicy.MERGE)),),
            plan=a_plan(a_stage(auto_accept=auto_accept)),
        )
        self.world.senders.update(self.senders(self.world))
        fields = {"first_name": "Maria", "last_name": "Lopez", "phone": "2025550199", **(lead or {})}
        self.lead_id = self.world.scores(**fields)
        self.world.route(self.lead_id)
        self.token = None if auto_accept else "a token"

    def senders(self, world: World) -> dict[Channel, Sender]:
        """Every one of them."""
        return {
            Channel.SLACK: TellInSlack(self.http, self.secrets, SlackSites()),
            Channel.TEAMS: TellInTeams(self.http, self.secrets),
            Channel.WEBHOOK: TellByWebhook(self.http, self.secrets, world.clock),
            Channel.CONNECT: TellByConnect(self.centre),
        }

    def tell(self) -> None:
        """The step Offer."""
        self.world.offer_lead(self.lead_id, 1, self.token)

    @property
    def failed(self) -> dict[str, str]:
        """Why channels failed."""
        return self.world.leads.offer(self.lead_id, 1).failed

    @property
    def body(self) -> Any:
        """What was posted last."""
        return json.loads(self.http.sent[-1].body)


# ------------------------------------------------------------------------------------------------------ taken, or not
@pytest.mark.parametrize("channel", OTHERS)
def test_what_is_taken_is_told_once_and_nobody_is_texted(channel: str) -> None:
    desk = Desk(channel)
    for _ in range(2):
        desk.tell()

    assert len(desk.http.sent) == 1
    assert (told(desk.world), desk.failed) == ([], {})
    assert set(desk.world.leads.offer(desk.lead_id, 1).sent) == {channel}


@pytest.mark.parametrize("channel", OTHERS)
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(404), "http_404"),
        (Answer(302), "http_302"),
        (Answer(503), "unavailable"),
        (Answer(429), "unavailable"),
        (Answer(trouble=Trouble.TIMEOUT), "unavailable"),
        (Answer(trouble=Trouble.UNREACHABLE), "unavailable"),
        (Answer(trouble=Trouble.UNSAFE), "unsafe"),
    ],
    ids=str,
)
def test_what_is_not_taken_falls_to_the_next_channel_at_once(channel: str, answer: Answer, why: str) -> None:
    desk = Desk(channel, lambda _: answer)
    desk.tell()

    assert (told(desk.world), desk.failed) == ([PHONE], {channel: why})
    assert failures(desk.world, desk.lead_id)[0].facts["told"] == ["sms"]


@pytest.mark.parametrize("channel", OTHERS)
def test_without_its_secret_a_channel_is_not_set_up(channel: str) -> None:
    desk = Desk(channel, secrets={})
    desk.tell()

    assert (told(desk.world), desk.failed, desk.http.sent) == ([PHONE], {channel: "not_set_up"}, [])


@pytest.mark.parametrize("channel", OTHERS)
def test_while_secrets_cannot_be_read_the_next_channel_is_used(channel: str) -> None:
    desk = Desk(channel)
    desk.secrets.available = False
    desk.tell()

    assert (told(desk.world), desk.failed) == ([PHONE], {channel: "unavailable"})


@pytest.mark.parametrize("channel", [*OTHERS, "connect"])
def test_no_event_and_no_alert_names_anybody_or_any_place(channel: str) -> None:
    """Invariant 9."""
    desk = Desk(channel, lambda _: Answer(500), reveal="after_acceptance")
    desk.centre.refuses = True
    desk.tell()

    known = str([desk.world.leads.timeline(desk.lead_id), desk.world.alerts.told])
    assert not any(word in known for word in ("Maria", "Lopez", USER, "calls.example", "logic.azure", PHONE))


# ------------------------------------------------------------------------------------------------------------- Slack
@pytest.mark.parametrize(
    ("error", "why"),
    [("channel_not_found", "channel_not_found"), ("ratelimited", "unavailable"), ("<script>", "refused")],
)
def test_slack_says_no_with_a_good_status(error: str, why: str) -> None:
    desk = Desk("slack", lambda _: Answer(200, json.dumps({"ok": False, "error": error}).encode()))
    desk.tell()

    assert (told(desk.world), desk.failed) == ([PHONE], {"slack": why})


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}"])
def test_an_answer_of_slack_that_says_nothing_is_no_yes(body: bytes) -> None:
    desk = Desk("slack", lambda _: Answer(200, body))
    desk.tell()

    assert told(desk.world) == [PHONE]


def test_the_rep_alone_sees_the_lead_and_three_buttons() -> None:
    desk = Desk("slack")
    desk.tell()
    request = desk.http.sent[0]

    assert request.url == "https://slack.com/api/chat.postMessage"
    assert request.headers["Authorization"] == "Bearer xoxb-made-up"
    assert desk.body["channel"] == USER
    assert buttons(desk.body) == ["baton_accept", "baton_decline", "baton_open"]
    assert "+12025550199" in json.dumps(desk.body)


def test_a_lead_that_is_the_rep_s_without_asking_has_no_buttons_to_answer() -> None:
    desk = Desk("slack", auto_accept=True)
    desk.tell()

    assert buttons(desk.body) == ["baton_open"]


def test_in_a_channel_nobody_sees_whom_to_call_nor_where_to_answer() -> None:
    desk = Desk("slack", slack={"user": USER, "channel": "C012ABC"})
    desk.tell()
    shown = json.dumps([block for block in desk.body["blocks"] if block["type"] != "actions"])

    assert desk.body["channel"] == "C012ABC"
    assert f"<@{USER}>" in shown
    assert not any(word in json.dumps(desk.body) for word in ("Lopez", "2025550199", '"url"'))
    assert buttons(desk.body) == ["baton_accept", "baton_decline", "baton_show"]


def buttons(message: dict[str, Any]) -> list[str]:
    """What can be pressed."""
    return [one["action_id"] for block in message["blocks"] for one in block.get("elements", ())]


@pytest.mark.parametrize("place", [{"user": USER}, {"user": USER, "channel": "C012ABC"}])
def test_what_a_stranger_wrote_is_neither_a_mention_nor_a_link_in_slack(place: dict[str, str]) -> None:
    desk = Desk("slack", slack=place, lead={"first_name": EVIL, "wish": EVIL})
    desk.tell()

    texts = [block["text"] for block in desk.body["blocks"] if "text" in block]
    assert [one["text"] for one in texts if one["type"] != "plain_text"] in ([], [f"<@{USER}>"])
    assert "<!channel>" not in desk.body["text"]


def test_a_long_lead_fits_into_a_message_of_slack() -> None:
    desk = Desk("slack", lead={f"answer_{n}": "x" * 3000 for n in range(20)})
    desk.tell()

    assert max(len(block["text"]["text"]) for block in desk.body["blocks"] if "text" in block) <= 3000


# ------------------------------------------------------------------------------------------------------------- Teams
def test_the_card_in_teams_opens_the_page_and_formats_nothing_that_a_stranger_wrote() -> None:
    desk = Desk("teams", lead={"wish": EVIL})
    desk.tell()
    (card,) = (one["content"] for one in desk.body["attachments"])

    assert desk.http.sent[0].url == SECRETS["recipient/ana/teams"]
    (button,) = card["actions"]
    assert button["url"] == desk.world.links.link(desk.world.leads.offer(desk.lead_id, 1))
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert any(EVIL in run["text"] for block in card["body"] for run in block["inlines"])


@pytest.mark.parametrize("written", ["a\n" * 2000, "\U0001f600" * 4000, "\n" * 4000, "x" * 9000], ids=len)
def test_whatever_a_stranger_writes_the_card_fits_into_a_message_of_teams(written: str) -> None:
    """Teams takes 28 KB, and says nothing to us when it is more."""
    message = Message("sms", "subject", "text", "html", facts=f"Name: Maria\n{written}")
    note = Note(message, LEAD_ID, 1, link="https://leads.example/v1/offers/abc")

    assert len(json.dumps(message_of(note), ensure_ascii=False).encode()) < 20_000
    assert "Maria" in str(message_of(note))


# ----------------------------------------------------------------------------------------------------------- webhooks
def test_a_webhook_is_signed_and_says_who_is_to_hear_what_and_where_to_answer() -> None:
    desk = Desk("webhook")
    desk.tell()
    request, data = desk.http.sent[0], desk.body["data"]

    assert verify([KEY], request.headers, request.body, desk.world.clock.now())
    assert (desk.body["type"], data["recipient"]["phone"]) == ("OfferMade", PHONE)
    assert data["link"] in data["text"]
    assert data["lead_phone"] == "+12025550199"
    offer = desk.world.leads.offer(desk.lead_id, 1)
    assert data["answer_until"] == (offer.expires_at and offer.expires_at.isoformat())


def test_a_webhook_that_is_repeated_has_the_same_id() -> None:
    answers = iter([Answer(503), OK])
    desk = Desk("webhook", lambda _: next(answers), channels=[["webhook"]])
    with pytest.raises(NotificationFailed):
        desk.tell()
    desk.world.clock.forward(timedelta(seconds=30))
    desk.tell()

    assert len({request.headers["webhook-id"] for request in desk.http.sent}) == 1
    assert len(desk.http.sent) == 2


@pytest.mark.parametrize("channel", ["webhook", "slack", "teams", "connect"])
def test_what_a_rep_may_know_only_after_accepting_is_not_said_before(channel: str) -> None:
    desk = Desk(channel, reveal="after_acceptance")
    desk.tell()

    said = json.dumps([json.loads(request.body) for request in desk.http.sent]) + str(desk.centre.started)
    assert "Maria" in said
    assert not any(word in said for word in ("Lopez", "2025550199"))


# ------------------------------------------------------------------------------------------------------------ Connect
@pytest.mark.parametrize(("how", "what"), [("task", "New lead: Maria Lopez"), ("call", PHONE)])
def test_connect_has_a_task_or_a_call_with_what_its_flow_needs(how: str, what: str) -> None:
    desk = Desk("connect", connect={"how": how})
    for _ in range(2):
        desk.tell()
    ((started, attributes),) = desk.centre.started.values()

    assert started == what
    assert (attributes["lead_phone"], attributes["recipient_id"]) == ("+12025550199", "ana")
    assert "Lopez" not in attributes["text"]


def test_a_call_that_connect_will_not_make_falls_to_the_next_channel() -> None:
    desk = Desk("connect")
    desk.centre.refuses = True
    desk.tell()

    assert (told(desk.world), desk.failed) == ([PHONE], {"connect": "refused"})


def test_a_rep_without_a_phone_cannot_be_called() -> None:
    with pytest.raises(ValueError, match="connect"):
        a_rep("ana", phone=None, channels=[["connect"]], connect={"how": "call"})


# --------------------------------------------------------------------------------------------------------------- news
@pytest.mark.parametrize("channel", [*OTHERS, "connect"])
def test_news_of_a_lead_come_the_same_way(channel: str) -> None:
    desk = Desk(channel, lead={"roof": "flat"})
    desk.tell()
    desk.world.answers(desk.lead_id, Says.ACCEPT)
    second = desk.world.takes_in(first_name="Maria", phone="2025550199", roof="gable")
    assert desk.world.score_step(second).then == "merge"
    desk.world.merge(second)

    assert len(desk.http.sent) + len(desk.centre.started) == 2
    assert "gable" in (desk.http.sent[1].body.decode() if desk.http.sent else "gable")
    assert told(desk.world) == []
