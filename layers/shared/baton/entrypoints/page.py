"""What every page looks like: plain HTML that an old phone shows without scripts."""

from html import escape

_STYLE = """
body{font:18px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#111827}
main{max-width:34em;margin:0 auto;padding:1.2em;background:#fff;min-height:100vh;box-sizing:border-box}
h1{font-size:1.4em;margin:.2em 0 .6em}
h2{font-size:1.1em;margin:1.4em 0 .4em}
table{border-collapse:collapse;width:100%;margin:1em 0;table-layout:fixed}
th,td{text-align:left;padding:.4em 0;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600;color:#4b5563;width:38%;padding-right:1em}
label{display:block;padding:.9em;margin:.5em 0;border:2px solid #d1d5db;border-radius:.5em}
input{width:1.2em;height:1.2em;margin-right:.6em;vertical-align:-.15em}
input.when{display:block;width:100%;height:auto;margin:.5em 0 0;padding:.4em;font:inherit;box-sizing:border-box}
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
