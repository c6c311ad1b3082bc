"""Messages to recipients by SNS (SMS) and SES (mail), and alerts to operations by an SNS topic."""

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

from baton.adapters.aws import AwsError, code_of
from baton.domain.errors import NotificationFailed

_REFUSED: Final = frozenset(
    {
        "BadRequestException",
        "InvalidParameter",
        "InvalidParameterValue",
        "InvalidParameterException",
        "MessageRejected",
        "OptedOut",
        "OptedOutException",
    }
)
"""The address itself is refused: sending again would be refused again."""
_FORBIDDEN: Final = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError"})
"""What AWS says to a role that lacks a permission."""
_SUBJECT_LENGTH: Final = 100


class AwsNotifier:
    """The Notifier port."""

    def __init__(self, sns: Any, ses: Any, sender: str, events: str = "") -> None:
        """`events`: the configuration set that tells of mails which came back; '': none does."""
        self._sns = sns
        self._ses = ses
        self._sender = sender
        self._events = events

    def sms(self, phone: str, text: str) -> bool:
        """See Notifier.sms. Transactional: carriers deliver it at once and with priority."""
        if self._has_opted_out(phone):
            return False
        kind = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
        return handed_over(
            self._sns.publish, _REFUSED, PhoneNumber=phone, Message=text, MessageAttributes=kind
        )

    def _has_opted_out(self, phone: str) -> bool:
        """Whether SNS would take a message and throw it away. Where it cannot say just now, the message is sent.

        Raises NotificationFailed where we may not ask: it would stay so, and nobody would see whom we do not reach.
        """
        try:
            return bool(self._sns.check_if_phone_number_is_opted_out(phoneNumber=phone)["isOptedOut"])
        except AwsError as error:
            if code_of(error) in _FORBIDDEN:
                raise NotificationFailed(code_of(error)) from error
            return False

    def email(
        self, address: str, subject: str, text: str, html: str, about: Mapping[str, str] | None = None
    ) -> bool:
        """See Notifier.email."""
        tags = [{"Name": name, "Value": value} for name, value in (about or {}).items()]
        traced = {"ConfigurationSetName": self._events, "EmailTags": tags} if self._events and tags else {}
        return handed_over(
            self._ses.send_email,
            _REFUSED,
            **traced,
            FromEmailAddress=self._sender,
            Destination={"ToAddresses": [address]},
            Content={
                "Simple": {
                    "Subject": {"Data": subject, "Charset": "UTF-8"},
                    "Body": {
                        "Text": {"Data": text, "Charset": "UTF-8"},
                        "Html": {"Data": html, "Charset": "UTF-8"},
                    },
                }
            },
        )

    def email_file(self, address: str, subject: str, text: str, name: str, content: str) -> bool:
        """See Notifier.email_file."""
        from email.message import EmailMessage

        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, address, subject
        message.set_content(text)
        message.add_attachment(content.encode(), maintype="text", subtype="csv", filename=name)
        return handed_over(
            self._ses.send_email,
            _REFUSED,
            FromEmailAddress=self._sender,
            Destination={"ToAddresses": [address]},
            Content={"Raw": {"Data": message.as_bytes()}},
        )


class SnsAlerts:
    """The Alerts port."""

    def __init__(self, sns: Any, topic_arn: str) -> None:
        self._sns = sns
        self._topic = topic_arn

    def alert(self, subject: str, **facts: object) -> None:
        """See Alerts.alert."""
        title, text = f"Baton: {subject}"[:_SUBJECT_LENGTH], json.dumps({"alert": subject, **facts}, indent=2)
        try:
            self._sns.publish(TopicArn=self._topic, Subject=title, Message=text)
        except AwsError as error:
            raise NotificationFailed(code_of(error) or type(error).__name__) from error


def handed_over(call: Any, refused: Collection[str], **request: Any) -> bool:
    """Whether a service took what it was given; not with one of these codes, after which it never will.

    Raises NotificationFailed for everything else, which may pass; it says no more than the code.
    """
    try:
        call(**request)
    except AwsError as error:
        if code_of(error) in refused:
            return False
        raise NotificationFailed(code_of(error) or type(error).__name__) from error
    return True
