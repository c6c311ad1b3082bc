"""The pages that reps and form senders see: plain HTML that an old phone shows without scripts."""

from html import escape

from baton.application.show_offer import OfferView, Status

_STYLE = """
body{font:18px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#111827}
main{max-width:34em;margin:0 auto;padding:1.2em;background:#fff;min-height:100vh;box-sizing:border-box}
h1{font-size:1.4em;margin:.2em 0 .6em}
table{border-collapse:collapse;width:100%;margin:1em 0;table-layout:fixed}
th,td{text-align:left;padding:.4em 0;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600;color:#4b5563;width:38%;padding-right:1em}
label{display:block;padding:.9em;margin:.5em 0;border:2px solid #d1d5db;border-radius:.5em}
input{width:1.2em;height:1.2em;margin-right:.6em;vertical-align:-.15em}
button{width:100%;padding:.9em;font:inherit;font-weight:600;border:0;border-radius:.5em;background:#1d4ed8;color:#fff}
button.quiet{background:#e5e7eb;color:#111827}
.note{color:#4b5563}
"""


def page(title: str, body: str) -> str:
    """A whole page. `body` is HTML; `title` is text."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def offer_page(view: OfferView, *, unanswered: bool = False) -> tuple[int, str]:
    """Status and page of an offer. `unanswered`: the form came back without a choice."""
    match view.status:
        case Status.OPEN:
            return 200, page(f"Lead: {view.who}", _open(view, unanswered=unanswered))
        case Status.YOURS:
            return 200, page("This lead is yours", _yours(view))
        case Status.DECLINED:
            return 200, page("You declined this lead", "<p>It went on to the next in turn.</p>")
        case Status.TAKEN:
            holder = view.holder or "A colleague"
            return 200, page(f"{holder} already has this lead", "<p>Nothing more to do here.</p>")
        case Status.PASSED_ON:
            text = "<p>The time to accept it is over and it went on to the next in turn.</p>"
            return 200, page("This lead was passed on", text)
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
        f'{_table(view)}{hint}<form method="post">'
        '<label><input type="radio" name="answer" value="accept" required>I take this lead</label>'
        '<label><input type="radio" name="answer" value="decline" required>Pass it to the next</label>'
        "<button>Send my answer</button></form>"
    )


def _yours(view: OfferView) -> str:
    undo = (
        '<form method="post"><label><input type="checkbox" name="answer" value="undo" required>'
        'I took it by mistake, pass it to the next</label><button class="quiet">Undo</button></form>'
        '<p class="note">You can undo this for one minute.</p>'
        if view.can_undo
        else ""
    )
    return f'<p class="note">Received {escape(view.since)}.</p>{_table(view)}{undo}'


def _table(view: OfferView) -> str:
    rows = "".join(
        f"<tr><th>{escape(label)}</th><td>{_linked(label, value)}</td></tr>" for label, value in view.rows
    )
    return f"<table>{rows}</table>"


def _linked(label: str, value: str) -> str:
    """A phone number or an address that can be tapped."""
    scheme = {"Phone": "tel", "Email": "mailto"}.get(label)
    return f'<a href="{scheme}:{escape(value)}">{escape(value)}</a>' if scheme else escape(value)
