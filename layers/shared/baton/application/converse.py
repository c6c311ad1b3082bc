"""Converse: carry out a connector's talk, request after request, as long as all goes well."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from baton.application.keep_secrets import secret_name
from baton.application.outgoing import Outgoing, Trouble
from baton.domain.connectors.connector import Key
from baton.domain.connectors.talk import Ask, Known, NotTaken, Reply, TooEarly, UnexpectedAnswer
from baton.domain.errors import BatonError
from baton.domain.event_delivery import GONE, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from baton.application.outgoing import Answer, Http, Secrets
    from baton.application.ports import Clock
    from baton.domain.connectors.connector import Connector, OAuth
    from baton.domain.connectors.talk import Talk
    from baton.domain.subscription import Subscription

TALK_MS: Final = 22_000
"""For all that is said of one event: function send has 28 seconds."""
ASK_MS: Final = 10_000
"""For one request of it."""
EARLY: Final = timedelta(seconds=60)
"""How long before it expires a token is not used any more."""
UNAUTHORIZED: Final = 401
DONE: Final = Outcome(200)
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_CODES: Final[tuple[tuple[str | int, ...], ...]] = (
    ("category",),
    (0, "errorCode"),
    ("error", "status"),
    ("error", "code"),
    ("code",),
    ("error",),
    ("errors", 0, "category"),
)
"""Where systems say what is wrong in one word. Their sentences may repeat what was sent: they are not kept."""


class Refused(BatonError):
    """A talk came to its end too early."""

    code = "refused"

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.said or outcome.trouble or "")
        self.outcome = outcome


class Converse:
    """Every request shows who we are: by a secret, or by a token that was asked for with secrets.

    Tokens are kept in memory until shortly before they expire. One that is refused is asked for anew, once.
    """

    def __init__(self, http: Http, secrets: Secrets, clock: Clock) -> None:
        self._http = http
        self._secrets = secrets
        self._clock = clock
        self._tokens: dict[tuple[str, str], tuple[str, datetime]] = {}
        """Token and until when it is used, by subscription and by who gave it."""

    def deadline(self) -> datetime:
        """When talks that begin now have to be over."""
        return self._clock.now() + timedelta(milliseconds=TALK_MS)

    def __call__[T](
        self,
        subscription_id: str,
        connector: Connector,
        talk: Talk[T],
        until: datetime,
        remember: Callable[[Known], None] = lambda _: None,
    ) -> T:
        """What comes of the talk. Raises Refused; StoreUnavailable."""
        reply: Reply | None = None
        about, answered = "", Reply()
        try:
            while True:
                said = next(talk) if reply is None else talk.send(reply)
                if isinstance(said, Known):
                    remember(said)
                    reply = Reply()
                else:
                    about = said.about
                    reply = answered = self._ask(subscription_id, connector, said, until)
        except StopIteration as done:
            result: T = done.value
            return result
        except NotTaken:
            raise _refusal(connector, about, answered) from None
        except (TooEarly, UnexpectedAnswer) as error:
            raise Refused(Outcome(trouble=error.code, said=about)) from None
        finally:
            talk.close()

    def _ask(self, subscription_id: str, connector: Connector, ask: Ask, until: datetime) -> Reply:
        access = connector.access
        answer = self._sent(connector, ask, self._proof(subscription_id, connector, until), until)
        if answer.status == UNAUTHORIZED and not isinstance(access, Key):
            self._tokens.pop((subscription_id, access.url), None)
            answer = self._sent(connector, ask, self._proof(subscription_id, connector, until), until)
        return _reply(connector, answer, ask.about, ask.reads)

    def _sent(self, connector: Connector, ask: Ask, proof: dict[str, str], until: datetime) -> Answer:
        body = b"" if ask.body is None else json.dumps(ask.body, separators=(",", ":")).encode()
        headers = {
            "accept": "application/json",
            "user-agent": "Baton",
            **({"content-type": "application/json"} if body else {}),
            **ask.headers,
            **proof,
        }
        url = connector.url.rstrip("/") + ask.path
        return self._http.send(Outgoing(ask.method, url, headers, body, self._left(until, ask.about)))

    def _left(self, until: datetime, about: str) -> int:
        """How long the next request may take, in milliseconds. Raises Refused where there is no time for it."""
        left_ms = (until - self._clock.now()) // timedelta(milliseconds=1)
        if left_ms <= 0:
            raise Refused(Outcome(trouble=Trouble.TIMEOUT.value, said=about))
        return min(left_ms, ASK_MS)

    def _proof(self, subscription_id: str, connector: Connector, until: datetime) -> dict[str, str]:
        """The header that shows who we are. Raises Refused."""
        access = connector.access
        if isinstance(access, Key):
            return {access.header: access.prefix + self._secret(subscription_id, access.secret)}
        key = (subscription_id, access.url)
        token, good_until = self._tokens.get(key, ("", self._clock.now()))
        if self._clock.now() >= good_until:
            token, good_until = self._tokens[key] = self._token(subscription_id, connector, access, until)
        return {"authorization": f"Bearer {token}"}

    def _token(
        self, subscription_id: str, connector: Connector, access: OAuth, until: datetime
    ) -> tuple[str, datetime]:
        secrets = {name: self._secret(subscription_id, secret) for name, secret in access.secrets.items()}
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        body = urlencode({**access.form, **secrets}).encode()
        asked = Outgoing("POST", access.url, headers, body, self._left(until, "token"))
        reply = _reply(connector, self._http.send(asked), "token", ())
        token, lasts_s = reply.at("access_token"), reply.at("expires_in")
        if not isinstance(token, str) or not _is_header(token):
            raise Refused(Outcome(trouble=UnexpectedAnswer.code, said="token"))
        seconds = lasts_s if isinstance(lasts_s, int) and lasts_s > 0 else access.lasts_s
        return token, self._clock.now() + timedelta(seconds=seconds) - EARLY

    def _secret(self, subscription_id: str, name: str) -> str:
        found = self._secrets.get(secret_name("subscription", subscription_id, name))
        if found is None:
            raise Refused(Outcome(trouble="no-secret", said=name))
        return found


class CheckSystem:
    """Whether a connector's system lets us in. Changes nothing there."""

    def __init__(self, converse: Converse) -> None:
        self._converse = converse

    def __call__(self, subscription: Subscription) -> Outcome:
        """What came of asking. Raises StoreUnavailable."""
        connector = connector_of(subscription)
        try:
            self._converse(subscription.id, connector, connector.check(), self._converse.deadline())
        except Refused as refused:
            return refused.outcome
        return DONE


def connector_of(subscription: Subscription) -> Connector:
    """The connector of a subscription that is no webhook."""
    assert subscription.connector is not None, "a webhook has no connector"
    return subscription.connector


def _reply(connector: Connector, answer: Answer, about: str, reads: Collection[int]) -> Reply:
    """What was answered. Raises Refused for what is no success, unless the connector makes something of it."""
    if answer.trouble:
        raise Refused(Outcome(trouble=answer.trouble.value, said=about))
    reply = Reply(answer.status, _document(answer.body), answer.headers)
    if reply.is_good or answer.status in reads:
        return reply
    raise _refusal(connector, about, reply)


def _refusal(connector: Connector, about: str, reply: Reply) -> Refused:
    # 410 is a webhook's word for farewell, from an API it is a refusal as any other. So is a success whose connector
    # knows that it is none.
    trouble = Refused.code if reply.is_good or reply.status == GONE else None
    said, throttled = _said(about, reply), connector.is_throttled(reply)
    return Refused(Outcome(reply.status, trouble, reply.headers, said, throttled))


def _said(about: str, reply: Reply) -> str:
    codes = (str(found) for path in _CODES if isinstance(found := reply.at(*path), str | int))
    code = next((one for one in codes if _CODE.fullmatch(one)), None)
    return f"{about}: {code}" if code else about


def _document(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None


def _is_header(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable()
