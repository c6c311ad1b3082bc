"""Buttons in Slack: believed when Slack signed them, heard from the rep alone, and answered where they were pressed."""

import json
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.adapters.http_double import ScriptedHttp
from baton.application.answer_offer import Answer as Says
from baton.application.outgoing import Answer, Trouble
from baton.application.press_button import PressButton
from baton.application.tell_in_slack import SlackSites
from baton.domain.errors import StoreUnavailable
from baton.domain.lead import LeadState
from baton.domain.offer import OfferState
from baton.domain.slack import is_from_slack, press_of, signature
from baton.entrypoints.http import Response, endpoint
from baton.entrypoints.presses import MAX_BODY_BYTES, pressed
from tests.builders import LEAD_ID, MINUTE, MONDAY_9AM
from tests.unit.test_channels import PHONE
from tests.unit.test_other_channels import USER, Desk, buttons
from tests.unit.wire import FORM_TYPE, an_event
from tests.unit.wire import Answer as Seen

SECRET: Final = "8f742231b10e8888abcd99yyyzzz85a5"
HOOK: Final = "https://hooks.slack.com/actions/T0/1/abc"
IN_CHANNEL: Final = {"slack": {"user": USER, "channel": "C012ABC"}}
NOW: Final = str(int(MONDAY_9AM.timestamp()))


class Chat:
    """A message in Slack about an offer to ana, and what comes of pressing its buttons."""

    def __init__(self, **facts: Any) -> None:
        self.desk = Desk("slack", **facts)
        self.desk.tell()
        self.message, self.world = self.desk.body, self.desk.world
        self.http = ScriptedHttp(lambda _: Answer(200))
        self.press = PressButton(
            self.world.leads,
            self.world.links,
            self.world.show,
            self.world.answer,
            self.world.configuration,
            self.http,
            SlackSites(),
        )
        self.secret: str | None = SECRET

    def pressed(
        self, action: str, user: str = USER, hook: str = HOOK, secret: str = SECRET, **facts: Any
    ) -> Seen:
        """What Slack gets back."""
        button = next(
            one
            for block in self.message["blocks"]
            for one in block.get("elements", ())
            if one["action_id"] == action
        )
        place = self.message["channel"]
        payload = {
            "type": "block_actions",
            "user": {"id": user},
            "channel": {"id": "D0" if place == USER else place},
            "response_url": hook,
            "actions": [{"action_id": action, "value": button["value"]}],
            **facts,
        }
        return self.posted(urlencode({"payload": json.dumps(payload)}), secret)

    def posted(self, body: str, secret: str = SECRET, time: str = NOW, **headers: str) -> Seen:
        """A request to the endpoint."""

        def handler(request: Any, _: Any) -> Response:
            return pressed(self.press, lambda: self.secret, self.world.clock, request)

        event = an_event(body, method="POST", media_type=FORM_TYPE)
        event["headers"] |= {
            "X-Slack-Request-Timestamp": time,
            "X-Slack-Signature": signature(secret, time, body.encode()),
            **headers,
        }
        return Seen.of(endpoint(handler)(event, None))

    @property
    def state(self) -> LeadState:
        """Where the lead is."""
        return self.world.leads.get(self.desk.lead_id).state

    @property
    def replies(self) -> list[Any]:
        """What is shown in Slack, the newest last."""
        return [json.loads(request.body) for request in self.http.sent]


# ------------------------------------------------------------------------------------------------ who is believed
def test_the_signature_is_the_one_of_slack_s_own_example() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
        b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )

    assert (
        signature(SECRET, "1531420618", body)
        == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    )


@pytest.mark.parametrize("stored", [None, "", "another secret"])
def test_whatever_slack_did_not_sign_is_refused_and_changes_nothing(stored: str | None) -> None:
    chat = Chat()
    chat.secret = stored

    assert chat.pressed("baton_accept").status == 401
    assert (chat.state, chat.http.sent) == (LeadState.OFFERED, [])


@pytest.mark.parametrize("seconds", [-301, 301])
def test_what_was_signed_long_ago_or_will_be_is_refused(seconds: int) -> None:
    chat = Chat()
    body = urlencode({"payload": "{}"})

    assert chat.posted(body, time=str(int(NOW) + seconds)).status == 401
    assert chat.posted(body, time=str(int(NOW) + seconds // 301 * 299)).status == 200


@given(
    time=st.one_of(st.just(NOW), st.text(max_size=20)), sent=st.text(max_size=80), body=st.binary(max_size=50)
)
def test_nothing_that_anybody_sends_is_believed_by_chance_or_breaks_anything(
    time: str, sent: str, body: bytes
) -> None:
    headers = {"x-slack-request-timestamp": time, "x-slack-signature": sent}

    assert not is_from_slack(SECRET, headers, body, MONDAY_9AM)


@given(
    st.one_of(
        st.text(),
        st.recursive(
            st.none() | st.text(),
            lambda x: (
                st.lists(x)
                | st.dictionaries(
                    st.sampled_from(["type", "user", "actions", "channel", "id", "action_id", "value"]), x
                )
            ),
        ).map(json.dumps),
    )
)
def test_whatever_else_slack_tells_of_is_nothing(payload: str) -> None:
    assert press_of(payload) is None


def test_a_body_that_is_too_large_is_refused_unread() -> None:
    assert Chat().posted("payload=" + "x" * MAX_BODY_BYTES).status == 413


@pytest.mark.parametrize("body", ["", "payload=", "payload=%7B", "other=1", "payload=" + "%5B" * 5000])
def test_a_signed_request_that_says_nothing_is_heard_and_does_nothing(body: str) -> None:
    chat = Chat()

    assert chat.posted(body).status == 200
    assert chat.http.sent == []


# ------------------------------------------------------------------------------------------------ who may press
@pytest.mark.parametrize("facts", [{}, IN_CHANNEL])
@pytest.mark.parametrize("action", ["baton_accept", "baton_decline"])
def test_whoever_was_not_asked_gets_a_no_that_nobody_else_sees(facts: dict[str, Any], action: str) -> None:
    chat = Chat(**facts)

    assert chat.pressed(action, user="U999XYZ").status == 200
    assert chat.state is LeadState.OFFERED
    (reply,) = chat.replies
    assert (reply["response_type"], reply["replace_original"]) == ("ephemeral", False)
    assert chat.desk.lead_id not in json.dumps(reply)


def test_a_rep_who_left_slack_can_press_no_more() -> None:
    chat = Chat()
    rep = chat.world.configuration.get(type(chat.world.reps[0]), "ana")
    chat.world.configure(rep.model_copy(update={"slack": None, "channels": (("sms",),)}))
    chat.pressed("baton_accept")

    assert chat.state is LeadState.OFFERED


@pytest.mark.parametrize(
    "value", [f"https://baton.example {'f' * 32} 1", f"https://baton.example {LEAD_ID} 2", "x", ""]
)
def test_a_button_of_an_offer_that_is_not_there_does_nothing(value: str) -> None:
    chat = Chat()
    chat.message["blocks"][-1]["elements"][0]["value"] = value
    assert chat.pressed("baton_accept").status == 200

    assert chat.state is LeadState.OFFERED


def test_what_stands_behind_the_buttons_of_a_channel_opens_no_page() -> None:
    """Whoever reads a channel by Slack's API can read it."""
    chat = Chat(**IN_CHANNEL)

    assert chat.world.token(chat.desk.lead_id) not in json.dumps(chat.message)


# ------------------------------------------------------------------------------------------------ what comes of it
def test_accepting_makes_the_lead_the_rep_s_and_the_message_what_the_page_would_show() -> None:
    chat = Chat(reveal="after_acceptance")
    chat.pressed("baton_accept")
    (reply,) = chat.replies

    assert (chat.state, chat.world.workflows.resumed) == (
        LeadState.ASSIGNED,
        [("a token", {"answer": "accepted"})],
    )
    assert reply["replace_original"] is True
    assert "+12025550199" in json.dumps(reply)
    assert buttons(reply) == ["baton_open"]


def test_declining_lets_the_next_be_asked() -> None:
    chat = Chat()
    chat.pressed("baton_decline")

    assert chat.world.leads.offer(chat.desk.lead_id, 1).state is OfferState.DECLINED
    assert chat.replies[0]["replace_original"] is True
    assert buttons(chat.replies[0]) == []


def test_in_a_channel_all_see_that_it_is_taken_and_the_rep_alone_gets_the_link() -> None:
    chat = Chat(**IN_CHANNEL)
    chat.pressed("baton_accept")
    public, mine = chat.replies

    assert (public["replace_original"], buttons(public)) == (True, [])
    assert (mine["response_type"], buttons(mine)) == ("ephemeral", ["baton_open"])
    assert not any(word in json.dumps([public, mine]) for word in ("Lopez", "2025550199"))


def test_the_details_in_a_channel_are_shown_to_the_rep_and_change_nothing() -> None:
    chat = Chat(**IN_CHANNEL)
    chat.pressed("baton_show")
    chat.pressed("baton_show", user="U999XYZ")

    assert chat.state is LeadState.OFFERED
    assert [buttons(reply) for reply in chat.replies] == [["baton_open"], []]


@pytest.mark.parametrize("later", ["baton_accept", "baton_decline"])
def test_pressing_again_changes_nothing_and_says_how_things_stand(later: str) -> None:
    """Invariant 8."""
    chat = Chat()
    chat.pressed("baton_accept")
    rev = chat.world.leads.get(chat.desk.lead_id).rev
    chat.pressed(later)

    assert (chat.state, chat.world.leads.get(chat.desk.lead_id).rev) == (LeadState.ASSIGNED, rev)
    assert chat.replies[0] == chat.replies[1]


def test_a_press_that_comes_too_late_says_so() -> None:
    chat = Chat()
    chat.world.clock.forward(10 * MINUTE)
    body = urlencode(
        {
            "payload": json.dumps(
                {
                    "type": "block_actions",
                    "user": {"id": USER},
                    "channel": {"id": "D0"},
                    "response_url": HOOK,
                    "actions": [chat.message["blocks"][-1]["elements"][0]],
                }
            )
        }
    )
    chat.posted(body, time=str(int(chat.world.clock.now().timestamp())))

    assert chat.state is LeadState.OFFERED
    assert "Too late" in json.dumps(chat.replies)


@pytest.mark.parametrize(
    "hook",
    [
        "",
        "http://hooks.slack.com/actions",
        "https://hooks.slack.com.evil.example/",
        "https://hooks.slack.com@evil.example/",
        "https://169.254.169.254/latest",
    ],
)
def test_nothing_is_sent_to_any_other_address_than_slack_s_and_the_answer_counts(hook: str) -> None:
    chat = Chat()
    chat.pressed("baton_accept", hook=hook)

    assert (chat.state, chat.http.sent) == (LeadState.ASSIGNED, [])


def test_an_answer_counts_though_slack_cannot_be_told() -> None:
    chat = Chat()
    chat.http.script = lambda _: Answer(trouble=Trouble.TIMEOUT)

    assert chat.pressed("baton_accept").status == 200
    assert chat.state is LeadState.ASSIGNED


def test_what_cannot_be_stored_now_is_said_and_can_be_pressed_again() -> None:
    chat = Chat()
    commit = chat.world.leads.commit

    def breaks(change: Any) -> bool:
        raise StoreUnavailable

    chat.world.leads.commit = breaks  # type: ignore[method-assign] # the store fails for a moment
    assert chat.pressed("baton_accept").status == 200
    assert "once more" in json.dumps(chat.replies)
    chat.world.leads.commit = commit  # type: ignore[method-assign]
    chat.pressed("baton_accept")
    assert chat.state is LeadState.ASSIGNED


def test_slack_and_the_page_are_one_answer() -> None:
    chat = Chat()
    chat.world.answers(chat.desk.lead_id, Says.DECLINE)
    chat.pressed("baton_accept")

    assert chat.world.leads.offer(chat.desk.lead_id, 1).state is OfferState.DECLINED
    assert PHONE not in json.dumps(chat.replies)
