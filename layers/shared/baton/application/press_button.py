"""A rep presses a button in Slack: the same answer as on the offer's page, and the message says what came of it."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from baton.application.answer_offer import Answer
from baton.application.outgoing import Outgoing
from baton.application.show_offer import OfferView, Status
from baton.application.tell_in_slack import OPEN, PAGE
from baton.domain import slack
from baton.domain.errors import NotFound
from baton.domain.recipient import Recipient
from baton.domain.slack import Action, Press

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baton.application.answer_offer import AnswerOffer
    from baton.application.archive import Configuration
    from baton.application.outgoing import Http
    from baton.application.ports import Leads, OfferLinks
    from baton.application.show_offer import ShowOffer
    from baton.application.tell_in_slack import SlackSites

TIMEOUT_MS: Final = 1_000
"""Slack waits three seconds for us, and may have started us just for this."""
_ANSWERS: Final = {Action.ACCEPT: Answer.ACCEPT, Action.DECLINE: Answer.DECLINE}
_SAID: Final = {
    Status.YOURS: "The lead is yours.",
    Status.DECLINED: "You have declined. The next in turn is asked.",
    Status.PASSED_ON: "Too late: the lead was passed on.",
    Status.REMOVED: "The person has asked to be forgotten.",
    Status.INVALID: "This offer is over.",
}


class Heard(StrEnum):
    """What became of a press."""

    DONE = "done"
    NOT_THEIRS = "not_theirs"
    NOTHING = "nothing"


class PressButton:
    """Only the rep who was asked may answer. Pressing twice, or late, changes nothing."""

    def __init__(
        self,
        leads: Leads,
        links: OfferLinks,
        show: ShowOffer,
        answer: AnswerOffer,
        configuration: Configuration,
        http: Http,
        sites: SlackSites,
    ) -> None:
        self._leads = leads
        self._links = links
        self._show = show
        self._answer = answer
        self._configuration = configuration
        self._http = http
        self._sites = sites

    def __call__(self, press: Press) -> Heard:
        """Raises ClaimContention, StoreUnavailable: then the answer may not be stored, and can be given again."""
        token = self._token(press)
        found = self._show.find(token) if token else None
        if token is None or found is None:
            self._reply(press, [slack.for_one(_SAID[Status.INVALID])])
            return Heard.NOTHING
        recipient = self._configuration.get_many(Recipient, [found[1].recipient_id]).get(
            found[1].recipient_id
        )
        if recipient is None or recipient.slack is None or recipient.slack.user != press.user:
            self._reply(press, [slack.for_one("This lead is offered to somebody else.")])
            return Heard.NOT_THEIRS
        chosen = _ANSWERS.get(press.action)
        view = self._answer(token, chosen) if chosen else self._show.view(*found)
        link = f"{press.about.base}{PAGE}{token}"
        self._reply(press, _in_public(press, view, link) if press.shared else _alone(press, view, link))
        return Heard.DONE

    def _token(self, press: Press) -> str | None:
        """That of the offer's link; None where there is no such offer any more."""
        try:
            offer = self._leads.offer(press.about.lead_id, press.about.offer_no)
        except NotFound:
            return None
        return self._links.link(offer).rpartition("/")[2]

    def fails(self, press: Press) -> None:
        """Say that it could not be done now."""
        self._reply(press, [slack.for_one("That did not work just now. Please press once more.")])

    def _reply(self, press: Press, replies: Iterable[dict[str, Any]]) -> None:
        """Whether it arrives or not, the answer counts: a further press says how things stand."""
        if not press.response_url.startswith(self._sites.hooks):
            return
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Baton"}
        bodies = [json.dumps(reply, ensure_ascii=False).encode() for reply in replies]
        self._http.send_all(
            [Outgoing("POST", press.response_url, headers, body, TIMEOUT_MS) for body in bodies], TIMEOUT_MS
        )


def _alone(press: Press, view: OfferView, link: str) -> list[dict[str, Any]]:
    """Nobody else sees it: the message is what the page would show."""
    if view.status not in {Status.OPEN, Status.YOURS}:
        return [slack.instead(slack.said(_words(view)))]
    facts = "\n".join(f"{label}: {value}" for label, value in view.rows)
    facts = f"{view.hold_off}.\n\n{facts}" if view.hold_off else facts
    heading = "Your lead" if view.status is Status.YOURS else "New lead"
    asked = view.status is Status.OPEN
    ask = OPEN if asked else "Details"
    shown = slack.message(f"{heading}: {view.who}", facts, link, ask, press.about, answerable=asked)
    return [slack.instead(shown)]


def _in_public(press: Press, view: OfferView, link: str) -> list[dict[str, Any]]:
    """Others see the message: it says what came of it, and the link is for the rep alone."""
    mine = slack.for_one(_words(view), link)
    if press.action is Action.SHOW or view.status is Status.OPEN:
        return [mine]
    public = {Status.YOURS: "Taken.", Status.DECLINED: "Declined. The next in turn is asked."}
    return [slack.instead(slack.said(public.get(view.status, "This offer is over."))), mine]


def _words(view: OfferView) -> str:
    if view.status is Status.TAKEN:
        return f"{view.holder or 'Somebody else'} has the lead."
    if view.status is Status.OPEN:
        return f"The lead waits for your answer{f' until {view.until}' if view.until else ''}."
    return _SAID[view.status]
