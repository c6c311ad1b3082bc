"""The Notifier and Alerts ports over SNS and SES: what is sent, what is refused for good, and what passes."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

from baton.adapters.doubles import MemoryNotifier
from baton.adapters.messaging import AwsNotifier, SnsAlerts
from baton.application.ports import Notifier
from baton.domain.errors import NotificationFailed

ACCOUNT = "123456789012"
"""Moto's own."""
REGION, SENDER = "eu-west-1", "leads@example.com"
PHONE, ADDRESS = "+12025550101", "ana@sales.example"
SEND: dict[str, Callable[[Notifier], bool]] = {
    "sms": lambda notifier: notifier.sms(PHONE, "New lead: José"),
    "email": lambda notifier: notifier.email(ADDRESS, "New lead: José", "text", "<p>html</p>"),
}


class Refusing:
    """A client of which every operation fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        def operation(**_: Any) -> Any:
            raise self._error

        return operation


def an_error(code: str) -> ClientError:
    """An error as botocore raises it."""
    return ClientError({"Error": {"Code": code, "Message": f"{PHONE} is opted out"}}, "Publish")


@pytest.fixture
def notifier(aws: Callable[[str], Any]) -> AwsNotifier:
    """The port over SNS and SES, with a verified sender."""
    ses = aws("sesv2")
    ses.create_email_identity(EmailIdentity=SENDER)
    return AwsNotifier(aws("sns"), ses, SENDER)


def test_a_text_message_goes_to_the_phone(notifier: AwsNotifier) -> None:
    assert notifier.sms(PHONE, "New lead: José 👩🏽‍🚀")

    sent = sns_backends[ACCOUNT][REGION].sms_messages.values()
    assert list(sent) == [(PHONE, "New lead: José 👩🏽‍🚀")]


def test_a_mail_goes_to_the_address_from_the_sender(notifier: AwsNotifier) -> None:
    assert notifier.email(ADDRESS, "New lead: José", "text", "<p>html</p>")

    (sent,) = ses_backends[ACCOUNT][REGION].sent_messages
    assert (sent.source, sent.destinations["ToAddresses"]) == (SENDER, [ADDRESS])
    assert sent.subject == "New lead: José"


@pytest.mark.parametrize("send", SEND.values(), ids=SEND)
def test_both_implementations_say_that_a_message_was_taken(
    send: Callable[[Notifier], bool], notifier: AwsNotifier
) -> None:
    assert send(notifier)
    assert send(MemoryNotifier())


@pytest.mark.parametrize("send", SEND.values(), ids=SEND)
@pytest.mark.parametrize("code", ["InvalidParameter", "OptedOut", "MessageRejected", "BadRequestException"])
def test_an_address_that_is_refused_is_a_no_and_no_error(send: Callable[[Notifier], bool], code: str) -> None:
    refusing = Refusing(an_error(code))

    assert send(AwsNotifier(refusing, refusing, SENDER)) is False
    assert send(MemoryNotifier(refuses={PHONE, ADDRESS})) is False


@pytest.mark.parametrize("send", SEND.values(), ids=SEND)
@pytest.mark.parametrize(
    "error",
    [
        an_error("Throttling"),
        an_error("TooManyRequestsException"),
        an_error("InternalError"),
        an_error("AccountSuspendedException"),
        an_error("AuthorizationError"),
        ReadTimeoutError(endpoint_url="https://sns.example"),
    ],
    ids=str,
)
def test_everything_else_may_pass_and_names_nobody(
    send: Callable[[Notifier], bool], error: Exception
) -> None:
    """Invariant 9."""
    refusing = Refusing(error)

    with pytest.raises(NotificationFailed) as failed:
        send(AwsNotifier(refusing, refusing, SENDER))
    with pytest.raises(NotificationFailed):
        send(MemoryNotifier(failing=True))

    assert PHONE not in str(failed.value)


def test_an_alert_reaches_the_topic_with_its_facts(aws: Callable[[str], Any]) -> None:
    sns = aws("sns")
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    SnsAlerts(sns, topic).alert("A lead is stuck and was parked " * 9, lead_id="x")

    _, message, subject, *_ = sns_backends[ACCOUNT][REGION].topics[topic].sent_notifications[0]
    assert '"lead_id": "x"' in message
    assert subject
    assert len(subject) <= 100


@pytest.mark.parametrize(
    "error", [an_error("Throttling"), ReadTimeoutError(endpoint_url="https://sns.example")], ids=str
)
def test_an_alert_that_cannot_be_sent_fails_in_batons_words(error: Exception) -> None:
    with pytest.raises(NotificationFailed):
        SnsAlerts(Refusing(error), "arn").alert("A lead is stuck")


OPTED_OUT = "+12025550199"
"""Moto holds numbers that end so for opted out."""


def test_a_number_that_has_opted_out_is_a_no_though_sns_would_take_the_message(notifier: AwsNotifier) -> None:
    assert notifier.sms(OPTED_OUT, "New lead") is False
    assert sns_backends[ACCOUNT][REGION].sms_messages == {}


def test_where_sns_cannot_say_who_has_opted_out_the_message_is_sent(notifier: AwsNotifier) -> None:
    class CannotSay:
        def __init__(self, sns: Any) -> None:
            self.publish = sns.publish

        def check_if_phone_number_is_opted_out(self, **_: Any) -> Any:
            raise an_error("Throttled")

    assert AwsNotifier(CannotSay(notifier._sns), notifier._ses, SENDER).sms(PHONE, "New lead")


@pytest.mark.parametrize("code", ["AuthorizationError", "AccessDenied"])
def test_a_permission_that_is_missing_is_seen_and_not_passed_over(code: str, notifier: AwsNotifier) -> None:
    class MayNotAsk:
        def check_if_phone_number_is_opted_out(self, **_: Any) -> Any:
            raise an_error(code)

    with pytest.raises(NotificationFailed, match=code):
        AwsNotifier(MayNotAsk(), notifier._ses, SENDER).sms(PHONE, "New lead")


@pytest.mark.parametrize(("events", "told"), [("baton-mails", True), ("", False)])
def test_a_mail_says_whose_it_is_where_somebody_is_told_that_it_came_back(events: str, told: bool) -> None:
    class Ses:
        sent: dict[str, Any] = {}  # noqa: RUF012 # of one test

        def send_email(self, **request: Any) -> None:
            self.sent.update(request)

    ses = Ses()
    ses.sent.clear()
    AwsNotifier(None, ses, SENDER, events).email(ADDRESS, "New lead", "text", "html", {"lead_id": "x"})

    expected = [{"Name": "lead_id", "Value": "x"}] if told else None
    assert (ses.sent.get("EmailTags"), ses.sent.get("ConfigurationSetName")) == (expected, events or None)
