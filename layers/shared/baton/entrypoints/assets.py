"""The script that web sites include, as a browser gets it."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from baton.entrypoints.http import Request, Response

SCRIPT: Final = Path(__file__).with_name("assets") / "baton.js"
FRESH_S: Final = 300
"""A new version reaches everybody after as long, and one request in five minutes is cheap for a page's visitor."""
STALE_S: Final = 24 * 60 * 60
"""How much longer the old one may run while the new one is fetched: a page never waits for it."""
_TAG: Final = re.compile(r'"[^"]*"')


def script(request: Request) -> Response:
    """Answer GET /v1/baton.js, with 304 where the browser has it already.

    It is text, never compressed here: bytes would need binary media types, and they change what every other function is
    given. API Gateway compresses what is larger than the API's MinimumCompressionSize itself; hence the weak tag.
    """
    tag = f'"{_version()}"'
    headers = {
        "Cache-Control": f"public, max-age={FRESH_S}, stale-while-revalidate={STALE_S}",
        "ETag": f"W/{tag}",
        # Any site may include it: with `crossorigin`, and under a Cross-Origin-Embedder-Policy too.
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    seen = request.headers.get("if-none-match", "")
    if seen.strip() == "*" or tag in _TAG.findall(seen):
        return Response(304, headers=headers)
    return Response(200, served(), {"Content-Type": "text/javascript; charset=utf-8", **headers})


@cache
def served() -> str:
    """The script without its indentation and the lines that are only comments; the first line says where it is from.

    Safe because no text in it goes over several lines, which a test watches over.
    """
    lines = (line.strip() for line in SCRIPT.read_text(encoding="utf-8").splitlines())
    code = [line for line in lines if line and not line.startswith("//")]
    return "\n".join(["// baton.js, see docs/forms.md of Baton", *code, ""])


@cache
def _version() -> str:
    return sha256(served().encode()).hexdigest()[:16]
