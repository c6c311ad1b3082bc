"""The inbox's memory: looks at the local AWS again and again, and keeps what it saw and when."""

import json
import threading
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import boto3

from baton.adapters.dynamo_archive import DynamoArchive
from baton.domain.recipient import Recipient
from local.inbox_messages import Message, messages
from local.record import Stack, emulator_of

PAUSE_S = 0.5
# However many messages there are, looking at them takes no more than this part of the time.
MAX_LOAD = 0.05
NAMES_EVERY_S = 5.0
TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Rep:
    """Somebody whom messages go to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in the inbox at one moment."""

    messages: tuple[Message, ...] = ()
    reps: Mapping[str, Rep] = field(default_factory=dict)
    """Phone number or mail address to the rep who has it."""
    problem: str = ""
    """Why what is here may be old."""

    def rep_of(self, message: Message) -> Rep:
        """Whom the message is for; somebody who is not configured goes by the address."""
        return self.reps.get(message.to) or Rep(message.to, message.to)


class Box:
    """All messages of a local stack."""

    def __init__(self, stack: Stack) -> None:
        self._url = stack["emulator_url"]
        self._config_table = stack["tables"]["config"]
        self._dynamodb = boto3.client("dynamodb", **emulator_of(stack).client_options())
        self._seen: dict[str, float] = {}
        self._names_at = float("-inf")
        self._started = time.time()
        self._changes = 0
        self.contents = Contents()

    @property
    def version(self) -> str:
        """Another one whenever the contents are."""
        return f"{self._started:.3f}-{self._changes}"

    def keep_looking(self) -> None:
        """Look from now on, in a thread that ends with the program."""
        threading.Thread(target=self._look_again_and_again, daemon=True).start()

    def look(self) -> None:
        """Take over what is new. A local AWS that does not answer is part of the contents, no error."""
        try:
            found = self._found()
        except Exception as error:  # whatever it is: the page says it, and the next look may succeed
            known = self.contents
            found = Contents(known.messages, known.reps, f"The local AWS does not answer: {error!r}")
        if found != self.contents:
            self.contents = found
            self._changes += 1

    def _look_again_and_again(self) -> None:
        while True:
            began = time.monotonic()
            self.look()
            took = time.monotonic() - began
            time.sleep(max(PAUSE_S, took / MAX_LOAD))

    def _found(self) -> Contents:
        by_phone = self._listing("sns/sms-messages", "sms_messages")
        by_account = self._listing("ses/messages", "messages")
        sms = list(chain.from_iterable(by_phone.values()))
        now = time.time()
        self._seen = {record["MessageId"]: self._seen.get(record["MessageId"], now) for record in sms}
        mails = list(chain.from_iterable(by_account.values()))
        return Contents(tuple(messages(sms, mails, self._seen)), self._reps())

    def _listing(self, path: str, name: str) -> dict[str, list[dict[str, Any]]]:
        with urllib.request.urlopen(f"{self._url}/_ministack/{path}", timeout=TIMEOUT_S) as answer:
            return dict(json.load(answer)[name])

    def _reps(self) -> Mapping[str, Rep]:
        if time.monotonic() - self._names_at < NAMES_EVERY_S:
            return self.contents.reps
        people = [
            found.document for found in DynamoArchive(self._dynamodb, self._config_table).every(Recipient)
        ]
        self._names_at = time.monotonic()
        return {
            address: Rep(person.id, person.name)
            for person in people
            for address in (person.phone, person.email)
            if address
        }
