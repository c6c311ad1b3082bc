"""The pages of an offer, for every way in which it can stand."""

from html import escape
from typing import Final

from baton.application.note_progress import Progress
from baton.application.show_offer import OfferView, Status
from baton.domain.lead import LeadState
from baton.entrypoints.page import page

_PROGRESS: Final = {
    Progress.CALLED: "Called: I reached the person",
    Progress.NO_ANSWER: "No answer",
    Progress.WON: "Won",
    Progress.LOST: "Lost",
}
_SAID: Final = {LeadState.CONTACTED: "called", LeadState.CONVERTED: "won", LeadState.LOST: "lost"}


def offer_page(view: OfferView, *, unanswered: bool = False) -> tuple[int, str]:
    """Status and page of an offer. `unanswered`: the form came back without a choice."""
    match view.status:
        case Status.OPEN:
            return 200, page(f"Lead: {view.who}", _open(view, unanswered=unanswered))
        case Status.YOURS:
            return 200, page("This lead is yours", _yours(view, unanswered=unanswered))
        case Status.DECLINED:
            return 200, page("You declined this lead", "<p>It went on to the next in turn.</p>")
        case Status.TAKEN:
            holder = view.holder or "A colleague"
            return 200, page(f"{holder} already has this lead", "<p>Nothing more to do here.</p>")
        case Status.PASSED_ON:
            text = "<p>The time to accept it is over and it went on to the next in turn.</p>"
            return 200, page("This lead was passed on", text)
        case Status.REMOVED:
            text = "<p>The person asked for that. Please delete what you have noted of them yourself.</p>"
            return 200, page("This lead was removed on request", text)
        case Status.INVALID:
            text = "<p>Please open the link from the newest message once more.</p>"
            return 404, page("This link does not work", text)


def retry_page() -> str:
    """For the moment when the store or the workflow does not answer."""
    return page("One moment, please", "<p>That did not go through. Please go back and send it again.</p>")


def _open(view: OfferView, *, unanswered: bool) -> str:
    hint = "<p><strong>Please choose first.</strong></p>" if unanswered else ""
    # Nothing is chosen beforehand and one button sends: a mail scanner that follows the link, or sends the form as
    # it finds it, answers nothing.
    return (
        f'<p class="note">Received {escape(view.since)}. Please answer by {escape(view.until)}.</p>'
        f'{_hold_off(view)}{_table(view)}{hint}<form method="post">'
        '<label><input type="radio" name="answer" value="accept" required>I take this lead</label>'
        '<label><input type="radio" name="answer" value="decline" required>Pass it to the next</label>'
        "<button>Send my answer</button></form>"
    )


def _yours(view: OfferView, *, unanswered: bool) -> str:
    undo = (
        '<form method="post"><label><input type="checkbox" name="answer" value="undo" required>'
        'I took it by mistake, pass it to the next</label><button class="quiet">Undo</button></form>'
        '<p class="note">You can undo this for one minute.</p>'
        if view.can_undo
        else ""
    )
    shown = f'<p class="note">Received {escape(view.since)}.</p>{_hold_off(view)}{_table(view)}'
    hint = "<p><strong>Please choose first.</strong></p>" if unanswered else ""
    return f"{shown}{hint}{_progress(view) if view.may_report else ''}{undo}"


def _progress(view: OfferView) -> str:
    """How it goes with the lead. Nothing is chosen beforehand here either."""
    said = f'<p class="note">So far: {_SAID[view.said]}.</p>' if view.said else ""
    choices = "".join(
        f'<label><input type="radio" name="progress" value="{value}" required>{text}</label>'
        for value, text in _PROGRESS.items()
    )
    return (
        f'<h2>How is it going?</h2>{said}<form method="post">'
        f'<input type="hidden" name="seen" value="{view.seen}">{choices}<button>Save</button></form>'
    )


def _hold_off(view: OfferView) -> str:
    return f"<p><strong>{escape(view.hold_off)}.</strong></p>" if view.hold_off else ""


def _table(view: OfferView) -> str:
    rows = "".join(
        f"<tr><th>{escape(label)}</th><td>{_linked(label, value)}</td></tr>" for label, value in view.rows
    )
    return f"<table>{rows}</table>"


def _linked(label: str, value: str) -> str:
    """A phone number or an address that can be tapped."""
    scheme = {"Phone": "tel", "Email": "mailto"}.get(label)
    return f'<a href="{scheme}:{escape(value)}">{escape(value)}</a>' if scheme else escape(value)
