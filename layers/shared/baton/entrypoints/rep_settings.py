"""The page of a rep's own settings, behind the link in the rep's mails."""

from datetime import UTC, datetime
from html import escape
from typing import Final

from baton.application.adjust_rep import Adjusted, AdjustRep, Wish, chooses_channels
from baton.domain.channels import Channel
from baton.domain.recipient import Recipient
from baton.domain.zones import zone
from baton.entrypoints.http import Request, Response
from baton.entrypoints.observability import logger, places_of, problem_of
from baton.entrypoints.offer_pages import retry_page
from baton.entrypoints.page import page
from baton.entrypoints.problems import RequestProblem

MAX_BODY_BYTES: Final = 4096
_CHOICES: Final = {
    Wish.BACK: "I take leads",
    Wish.AWAY: "I am away until:",
    Wish.PAUSE: "I take no leads until I say so",
    Wish.BY_BOTH: "Tell me of leads by SMS and email",
    Wish.BY_SMS: "Tell me by SMS only",
    Wish.BY_EMAIL: "Tell me by email only",
}
_BY_CHANNELS: Final = frozenset({Wish.BY_BOTH, Wish.BY_SMS, Wish.BY_EMAIL})
_NAMES: Final = {
    Channel.SMS: "SMS",
    Channel.EMAIL: "email",
    Channel.SLACK: "Slack",
    Channel.TEAMS: "Microsoft Teams",
    Channel.WEBHOOK: "your company's own system",
    Channel.CONNECT: "Amazon Connect",
}


def adjust_settings(adjust: AdjustRep, request: Request) -> Response:
    """GET shows and changes nothing. POST changes what a person chose; a form without a choice changes nothing."""
    token = request.path.get("token", "")
    try:
        shown = adjust(token)
        if shown is None:
            text = "<p>Please open the link from the newest message once more.</p>"
            return Response.page(404, page("This link does not work", text))
        if request.method != "POST":
            return Response.page(200, _page(shown))
        wish, until = _wish(request, shown.recipient)
        if wish is None:
            return Response.page(200, _page(shown, "Please choose first."))
        done = adjust(token, wish, until) or shown
    except Exception as error:  # a rep on a phone gets a page, whatever went wrong
        logger.error("settings could not be changed now", error=problem_of(error), at=places_of(error))
        return Response.page(503, retry_page())
    logger.info("settings changed", wish=wish, refused=bool(done.refused), recipient_id=done.recipient.id)
    return Response.page(200, _page(done, done.refused or "Saved."))


def _wish(request: Request, recipient: Recipient) -> tuple[Wish | None, datetime | None]:
    """The one thing that was chosen, and until when; no wish for no choice or something that is no form."""
    try:
        fields = request.fields(MAX_BODY_BYTES)
    except RequestProblem:
        return None, None
    wish, until = fields.get("wish"), fields.get("until")
    if not isinstance(wish, str) or wish not in list(Wish):
        return None, None
    return Wish(wish), _moment(until, recipient) if isinstance(until, str) else None


def _moment(text: str, recipient: Recipient) -> datetime | None:
    """A day and time off the rep's own clock, as browsers write them."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone(recipient.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _page(shown: Adjusted, note: str = "") -> str:
    recipient = shown.recipient
    how = ", then by ".join(" and ".join(_NAMES[one] for one in step) for step in recipient.steps)
    # Nothing is chosen beforehand: a mail scanner that sends the form as it finds it changes nothing.
    choices = "".join(
        f'<label><input type="radio" name="wish" value="{wish}">{text}{_until(wish)}</label>'
        for wish, text in _CHOICES.items()
        if wish not in _BY_CHANNELS or chooses_channels(recipient)
    )
    body = (
        (f"<p><strong>{escape(note)}</strong></p>" if note else "")
        + f"<p>{escape(_now(shown))} You hear of leads by {escape(how)}.{_came_back(recipient)}</p>"
        + f'<form method="post">{choices}<button>Save</button></form>'
        + f'<p class="note">Times are those of {escape(recipient.zone)}.</p>'
    )
    return page("Your settings", body)


def _came_back(recipient: Recipient) -> str:
    names = " and ".join(_NAMES[channel] for channel in recipient.not_working)
    return f" What we sent you by {names} came back, so we do not use it now." if names else ""


def _until(wish: Wish) -> str:
    return ' <input type="datetime-local" name="until" class="when">' if wish is Wish.AWAY else ""


def _now(shown: Adjusted) -> str:
    recipient = shown.recipient
    if recipient.paused:
        return "You take no leads at present."
    if recipient.away_until and recipient.is_away(shown.now):
        return f"You are away until {recipient.away_until.astimezone(zone(recipient.zone)):%a %d %b %H:%M}."
    return "You take leads in your working hours."
