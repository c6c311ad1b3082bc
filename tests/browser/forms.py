"""Forms as web sites have them, plain HTML with baton.js beside it."""

from typing import Final

FIELDS: Final = """
<p><label>Name <input name="last_name" required></label></p>
<p><label>Email <input name="email" type="email" required></label></p>
<p><label>Phone <input name="phone" aria-describedby="hint"></label> <small id="hint">With area code</small></p>
"""
CONSENT: Final = """
<p><label data-baton-consent-version="2026-11"><input type="checkbox" name="consent" value="yes">
I agree that <b>Sunny Roofs</b> may call me.</label></p>
"""
THANKS: Final = "<p data-baton-thanks hidden>Thank you, we call you.</p>"


def a_form(api: str, fields: str = FIELDS, *, source: str = "web-form", **attributes: str) -> str:
    """A form that posts to a source, with more attributes (underscores as hyphens) if a test needs them."""
    more = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    action = f"{api}/v1/sources/{source}/leads"
    return (
        f'<form data-baton-source="{source}" action="{action}" method="post"{more}>'
        f"{fields}<button>Send</button></form>"
    )


def a_page(api: str, *parts: str) -> str:
    """A page with those parts on it."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sunny Roofs</title>'
        f'<link rel="icon" href="data:,"><script src="{api}/v1/baton.js" defer></script></head>'
        f"<body>{''.join(parts)}</body></html>"
    )
