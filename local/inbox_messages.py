"""What the local AWS took for delivery: SMS and mails, each with its time, newest first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

# A link ends at what may not stand in one; punctuation at its end belongs to the sentence around it.
LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One SMS or mail, as its recipient would see it."""

    id: str
    channel: Literal["sms", "email"]
    to: str
    """A phone number or an address."""
    subject: str
    text: str
    at: float
    """When it was sent, in seconds since 1970; of an SMS the earliest moment at which it is known to be sent."""


def messages(sms: Sequence[Record], mails: Sequence[Record], seen: Mapping[str, float]) -> list[Message]:
    """All messages, newest first. `sms` and `mails` are MiniStack's records, `seen` when each id was first seen.

    MiniStack notes no time for an SMS. The mail with the same link follows it within milliseconds and has one; so an
    SMS keeps its place when the inbox is started after it. An SMS without such a mail has the time of its discovery.
    """
    written = [
        Message(
            id=mail["MessageId"],
            channel="email",
            to=", ".join(mail["To"]),
            subject=mail["Subject"],
            text=mail["BodyText"],
            at=mail["Timestamp"],
        )
        for mail in mails
    ]
    mailed: dict[str, float] = {}
    for mail in sorted(written, key=lambda message: message.at):
        for link in LINK.findall(mail.text):
            mailed.setdefault(link, mail.at)
    texted = [
        Message(
            id=record["MessageId"],
            channel="sms",
            to=record["PhoneNumber"],
            subject="",
            text=record["Message"],
            at=min(
                [seen[record["MessageId"]]]
                + [mailed[link] for link in LINK.findall(record["Message"]) if link in mailed]
            ),
        )
        for record in sms
    ]
    # Of two at the same moment, the SMS came first.
    return sorted(
        [*texted, *written], key=lambda message: (message.at, message.channel == "email"), reverse=True
    )
