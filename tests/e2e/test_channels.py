"""Where reps hear of leads, on the emulator: what comes back is told by the next channel, and quiet hours wait."""

import json
from typing import Any

import pytest

from baton.domain.channels import address_mark
from baton.domain.lead import LeadState
from baton.domain.offer import OfferState
from baton.domain.recipient import Recipient
from baton.domain.timeline import EventKind
from local.chats import BOT_TOKEN, SIGNING_SECRET, Chats
from local.outside import Outside
from tests.e2e.callers import Caller, a_user
from tests.e2e.stack import FORM, Stack, wait
from tests.e2e.team import Team
from tests.infra.days_of_channels import now_and_for_hours
from tests.telling import SECRET


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Caller:
    """An admin."""
    return a_user(stack, "admin")


def team_with(stack: Stack, **rep: Any) -> Team:
    """A team of one rep who hears of leads so."""
    team = Team.at(stack)
    stack.configure(Recipient.model_validate({**team.reps[0].model_dump(mode="json"), **rep}))
    return team


@pytest.fixture(scope="module", autouse=True)
def _as_if_from_ses(stack: Stack) -> None:
    """Nobody may put events of AWS on a bus: let the rules take those of somebody who plays SES as well."""
    events = stack.client("events")
    for rule in ("MailBouncedRule", "MailComplainedRule", "MailDelayedRule"):
        name = stack.physical(rule)
        pattern = json.loads(events.describe_rule(Name=name)["EventPattern"])
        assert pattern["source"] == ["aws.ses"]
        events.put_rule(Name=name, EventPattern=json.dumps({**pattern, "source": ["played.ses"]}))


def ses_tells(stack: Stack, kind: dict[str, Any], lead_id: str, address: str) -> None:
    """What SES puts on the account's bus of a mail that this stack has sent."""
    mail = {
        "destination": [address],
        "tags": {
            "ses:configuration-set": [stack.physical("MailEvents")],
            "lead_id": [lead_id],
            "offer_no": ["1"],
            "to": [address_mark(address, lead_id)],
        },
    }
    detail = json.dumps({**kind, "mail": mail})
    entry = {"Source": "played.ses", "DetailType": "Email", "Detail": detail}
    assert stack.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0


def sent(stack: Stack, lead_id: str) -> set[str]:
    """The channels by which the rep was told."""
    return {channel for offer in stack.leads.offers_of(lead_id)[:1] for channel in offer.sent}


BOUNCED = {"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}}
FULL = {"eventType": "Bounce", "bounce": {"bounceType": "Transient", "bounceSubType": "MailboxFull"}}
OUT_OF_OFFICE = {"eventType": "Bounce", "bounce": {"bounceType": "Transient", "bounceSubType": "General"}}
LATE = {"eventType": "DeliveryDelay"}
SPAM = {"eventType": "Complaint"}


@pytest.mark.parametrize(
    ("kind", "marks"), [(BOUNCED, "bounced"), (SPAM, "complained"), (FULL, None), (LATE, None)], ids=str
)
def test_a_mail_that_comes_back_is_followed_by_a_text_message(
    stack: Stack, admin: Caller, kind: dict[str, Any], marks: str | None
) -> None:
    team = team_with(stack, channels=[["email"], ["sms"]])
    lead_id = stack.take_in(team.source_id)
    wait(lambda: sent(stack, lead_id) == {"email"}, "the mail")
    assert stack.sms_to(team.phone(1)) == []

    ses_tells(stack, kind, lead_id, team.email(1))

    stack.answer(stack.link_to(team.phone(1)), "accept")
    stack.until(lead_id, LeadState.ASSIGNED)
    wait(lambda: "ChannelFailed" in stack.events(lead_id), "the event")
    failing = admin("GET", f"/v1/recipients/{team.reps[0].id}").json["failing"]
    assert [one["why"] for one in failing] == ([marks] if marks else [])
    stack.ended(lead_id)


def test_an_answer_that_a_machine_gave_is_no_mail_that_failed(stack: Stack) -> None:
    team = team_with(stack, channels=[["email"], ["sms"]])
    lead_id = stack.take_in(team.source_id)
    wait(lambda: sent(stack, lead_id) == {"email"}, "the mail")

    ses_tells(stack, OUT_OF_OFFICE, lead_id, team.email(1))
    ses_tells(stack, BOUNCED, lead_id, team.email(1))

    stack.answer(stack.link_to(team.phone(1)), "accept")
    stack.ended(lead_id)
    assert stack.leads.offer(lead_id, 1).failed == {"email": "bounced"}
    assert stack.events(lead_id).count(EventKind.CHANNEL_FAILED) == 1


def test_when_the_only_mail_came_back_the_lead_goes_to_the_next_rep(stack: Stack) -> None:
    team = Team.at(stack, 2)
    first = team.reps[0].model_dump(mode="json")
    stack.configure(Recipient.model_validate({**first, "channels": [["email"]]}))
    lead_id = stack.take_in(team.source_id)
    wait(lambda: sent(stack, lead_id) == {"email"}, "the mail")

    ses_tells(stack, BOUNCED, lead_id, team.email(1))

    stack.answer(stack.link_to(team.phone(2)), "accept")
    assert stack.until(lead_id, LeadState.ASSIGNED).recipient_id == team.reps[1].id
    assert stack.leads.offer(lead_id, 1).state is OfferState.RELEASED
    stack.ended(lead_id)


def test_in_quiet_hours_the_mail_goes_and_the_text_message_waits(stack: Stack) -> None:
    team = team_with(stack, quiet=now_and_for_hours(), zone="UTC")
    lead_id = stack.take_in(team.source_id)
    wait(lambda: sent(stack, lead_id) == {"email"}, "the mail")
    assert stack.sms_to(team.phone(1)) == []

    stack.configure(team.reps[0])  # who wants to be disturbed after all
    # Configuration is kept for five seconds.
    wait(lambda: sent_after_a_while(stack, lead_id) == {"email", "sms"}, "the text message")
    stack.answer(stack.link_to(team.phone(1)), "accept")
    stack.ended(lead_id)


# ------------------------------------------------------------------------------------------------------- elsewhere
USER = "U0REP"


@pytest.fixture(scope="module")
def chats(stack: Stack, outside: Outside, admin: Caller) -> Chats:
    """Slack, whose app is known to the deployment."""
    for name, value in (("bot-token", BOT_TOKEN), ("signing", SIGNING_SECRET)):
        assert admin("PUT", f"/v1/channels/slack/secrets/{name}", {"value": value}).status == 204
    return outside.chats


def pressed(stack: Stack, chats: Chats, action: str, user: str, place: str) -> int:
    """Somebody presses a button of the newest message there."""
    body, headers = chats.press(chats.to(place)[-1], action, user)
    sent = {name.replace("-", "_"): value for name, value in headers.items()}
    return stack.request("POST", "/v1/slack/actions", body, FORM, **sent).status


@pytest.mark.parametrize("place", [None, "C0SALES"])
def test_a_rep_accepts_in_slack_and_nobody_else_can(stack: Stack, chats: Chats, place: str | None) -> None:
    user = USER if place is None else f"{USER}2"
    slack = {"user": user, **({"channel": place} if place else {})}
    team = team_with(stack, channels=[["slack"], ["sms"]], slack=slack)
    lead_id = stack.take_in(team.source_id)
    wait(lambda: sent(stack, lead_id) == {"slack"}, "the message in Slack")

    assert pressed(stack, chats, "baton_accept", "U0OTHER", place or user) == 200
    assert stack.lead(lead_id).state is LeadState.OFFERED
    assert "somebody else" in json.dumps(chats.replies[-1])
    assert pressed(stack, chats, "baton_accept", user, place or user) == 200

    assert stack.lead(lead_id).state is LeadState.ASSIGNED
    assert any(reply["replace_original"] for reply in chats.replies[-2:])
    assert stack.ended(lead_id) == "SUCCEEDED"
    assert stack.sms_to(team.phone(1)) == []


def test_what_slack_did_not_sign_is_refused(stack: Stack, chats: Chats) -> None:
    answer = stack.request("POST", "/v1/slack/actions", "payload=%7B%7D", FORM)

    assert (answer.status, answer.json["type"]) == (401, "urn:baton:caller-unknown")


def test_a_rep_whom_slack_does_not_know_gets_a_text_message(stack: Stack, chats: Chats) -> None:
    chats.unknown.add("U0GONE")
    team = team_with(stack, channels=[["slack"], ["sms"]], slack={"user": "U0GONE"})
    lead_id = stack.take_in(team.source_id)

    stack.answer(stack.link_to(team.phone(1)), "accept")
    stack.ended(lead_id)
    offer = stack.leads.offer(lead_id, 1)
    assert ({*offer.sent}, offer.failed) == ({"sms"}, {"slack": "channel_not_found"})
    wait(lambda: stack.alerts_about(lead_id), "an alert")


def test_teams_and_webhooks_take_it_side_by_side(stack: Stack, outside: Outside, admin: Caller) -> None:
    team = team_with(
        stack,
        channels=[["teams", "webhook"]],
        teams={},
        webhook={"url": f"{outside.url}/calls"},
    )
    secrets = f"/v1/recipients/{team.reps[0].id}/secrets"
    for name, value in (("teams", f"{outside.url}/teams"), ("signing", SECRET)):
        assert admin("PUT", f"{secrets}/{name}", {"value": value}).status == 204
    lead_id = stack.take_in(team.source_id)
    wait(lambda: sent(stack, lead_id) == {"teams", "webhook"}, "both")

    data = next(one["data"] for one in outside.chats.calls if one["data"]["lead_id"] == lead_id)
    (button,) = outside.chats.teams[-1]["attachments"][0]["content"]["actions"]
    assert data["link"] == button["url"]
    stack.answer(button["url"], "accept")
    stack.until(lead_id, LeadState.ASSIGNED)
    stack.ended(lead_id)


def sent_after_a_while(stack: Stack, lead_id: str) -> set[str]:
    """As `sent`; the queue brings the offer again, as it does every quarter of an hour."""
    body = json.dumps({"lead_id": lead_id, "offer_no": 1})
    stack.client("sqs").send_message(QueueUrl=stack.physical("RetellQueue"), MessageBody=body)
    return sent(stack, lead_id)
