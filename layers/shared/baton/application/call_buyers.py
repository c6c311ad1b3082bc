"""Calls to buyers' systems: build the requests, send them side by side, read the answers, keep what was said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from baton.application.outgoing import Answer, Outgoing, Trouble
from baton.domain.disclosure import PERSONAL, other_values, personal_values
from baton.domain.exchange import Exchange, Purpose
from baton.domain.masking import kept_request, masked
from baton.domain.reading import Reading, Verdict, read
from baton.domain.rendering import MissingField, Rendered, render
from baton.domain.webhooks import UnusableSecret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from baton.application.outgoing import Http, Secrets
    from baton.application.ports import Clock
    from baton.domain.endpoint import Endpoint
    from baton.domain.lead import Lead
    from baton.domain.recipient import Recipient


HIDDEN: Final = {
    Purpose.PING: PERSONAL,
    Purpose.POST: (*PERSONAL, "attributes", "attribution"),
    Purpose.STATUS: (*PERSONAL, "attributes", "attribution"),
    Purpose.RETURN: (*PERSONAL, "attributes", "attribution"),
}
"""What is masked in the requests that are kept. Attributes of a ping are those that say nothing of a person."""
SERVER_ERROR: Final = 500
"""From here on a status says that the other side failed."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to one buyer, not yet built."""

    recipient: Recipient
    endpoint: Endpoint
    purpose: Purpose
    facts: Mapping[str, Any]
    webhook_id: str
    made_up: bool = False
    """Whether the person is nobody: then only secrets are masked."""

    @property
    def hidden(self) -> tuple[str, ...]:
        """Facts that are masked in the request that is kept."""
        return () if self.made_up else HIDDEN[self.purpose]

    def private_values(self, lead: Lead) -> tuple[str, ...]:
        """What the answer may repeat of the person: nothing where the request said nothing."""
        if self.made_up:
            return ()
        if self.purpose is Purpose.PING:
            return personal_values(lead) if any(field in self.facts for field in PERSONAL) else ()
        # Also of a return: the buyer has had the whole lead.
        return personal_values(lead) + other_values(lead)


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call."""

    call: Call
    answer: Answer | None
    """None: nothing could be sent; `why` says what was missing."""
    reading: Reading
    why: str = ""

    @property
    def may_have_arrived(self) -> bool:
        """Whether the buyer may know of the request."""
        return self.answer is not None and self.answer.may_have_arrived


class CallBuyers:
    """One way for pings, posts, status checks and return notices."""

    def __init__(self, http: Http, secrets: Secrets, clock: Clock) -> None:
        self._http = http
        self._secrets = secrets
        self._clock = clock

    def one(self, call: Call, lead: Lead, within_ms: int | None = None) -> Called:
        """What came of a single call, within the endpoint's own time or less."""
        return self.all([call], lead, within_ms or call.endpoint.timeout_ms)[0]

    def all(self, calls: Sequence[Call], lead: Lead, within_ms: int) -> list[Called]:
        """What came of calls that are made side by side, in their order; `within_ms` is for everything together."""
        begun = self._clock.now()
        built = [self._built(call) for call in calls]
        spent_ms = round((self._clock.now() - begun).total_seconds() * 1000)
        left_ms = max(1, within_ms - spent_ms)
        requests = [
            Outgoing(one.method, one.url, one.headers, one.body, min(call.endpoint.timeout_ms, left_ms))
            for call, one in zip(calls, built, strict=True)
            if not isinstance(one, str)
        ]
        if len(requests) == 1:
            answers = iter([self._http.send(requests[0])])
        else:
            answers = iter(self._http.send_all(requests, left_ms) if requests else [])
        return [
            Called(call, None, Reading(Verdict.UNCLEAR), why=one)
            if isinstance(one, str)
            else self._read(call, next(answers), lead)
            for call, one in zip(calls, built, strict=True)
        ]

    def _built(self, call: Call) -> Rendered | str:
        """The request; a text where it cannot be built, saying why."""
        name, secrets = call.endpoint.auth.secret, self._secrets_of(call)
        if name and not secrets:
            return f"no secret is stored under the name '{name}'"
        try:
            return render(
                call.endpoint, call.facts, next(iter(secrets), None), call.webhook_id, self._clock.now()
            )
        except (MissingField, UnusableSecret) as error:
            return str(error)

    def _secrets_of(self, call: Call) -> tuple[str, ...]:
        """The secret of the call's endpoint, if it needs one and there is one."""
        name = call.endpoint.auth.secret
        secret = self._secrets.get(secret_name(call.recipient.id, name)) if name else None
        return (secret,) if secret is not None else ()

    def _read(self, call: Call, answer: Answer, lead: Lead) -> Called:
        if answer.trouble:
            reading = Reading(Verdict.UNCLEAR, reason=f"{answer.trouble} {answer.detail}".strip())
        else:
            reading = read(call.endpoint.reads, answer.status, answer.body)
        # What a buyer says of a refusal, and what it calls a lead, may repeat who the person is, or our key to it.
        private, secrets = call.private_values(lead), self._secrets_of(call)
        reason = masked(reading.reason, private, secrets) if reading.reason else None
        reference = reading.reference
        if reference and masked(reference, private, secrets) != reference:
            # With a part of it masked it would be another one, and it is sent back to the buyer.
            reference = None
        return Called(call, answer, replace(reading, reason=reason, reference=reference))

    def kept(self, called: Called, lead: Lead) -> Exchange | None:
        """What is kept of a call that was made, masked. Of its own, as masking takes longer than reading."""
        call, answer = called.call, called.answer
        if answer is None:
            return None
        now, who = self._clock.now(), call.recipient.id
        return Exchange(
            lead_id=lead.lead_id,
            exchange_id=Exchange.id_at(now, who, call.purpose),
            at=now,
            recipient_id=who,
            purpose=call.purpose,
            request=kept_request(call.endpoint, call.facts, call.hidden, call.webhook_id),
            status=answer.status or None,
            response=masked(answer.body, call.private_values(lead), self._secrets_of(call)),
            trouble=f"{answer.trouble}: {answer.detail}" if answer.trouble else None,
            verdict=str(called.reading.verdict),
            took_ms=round(answer.took_ms),
            kept_until=lead.expires_at,
        )


def secret_name(recipient_id: str, name: str) -> str:
    """Under which name a buyer's secret is stored."""
    return f"recipient/{recipient_id}/{name}"


def missing_answer(called: Called) -> bool:
    """Whether the buyer's system failed, rather than answered something: what counts for resting it."""
    answer = called.answer
    if answer is None:
        return False
    return answer.trouble not in {None, Trouble.UNSAFE} or answer.status >= SERVER_ERROR
