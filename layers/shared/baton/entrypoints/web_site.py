"""A web site of static modules, as a browser gets it: one page that is always fresh, files that never change.

Every file is served under a name with a hash of its content, and the page's import map says which that is. So the
modules import each other by their plain names, there is no build, and a new version is a new name.
"""

import json
import re
from base64 import b64encode
from functools import cached_property
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from baton.entrypoints.http import Request, Response
from baton.entrypoints.problems import RequestProblem

PAGE: Final = "index.html"
MAIN: Final = "app.js"
LIBRARIES: Final = "libraries.json"
"""Which of the files are other people's, and the name that modules import each by."""
HASH_DIGITS: Final = 10
TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
FOR_EVER: Final = "public, max-age=31536000, immutable"
_IMPORT: Final = re.compile(r'^(?:import|export)\b[^;]*?["\']([^"\']+)["\'];', re.MULTILINE)
_LINK: Final = re.compile(r'(?<=href=")[\w.-]+(?=")')
_TAG: Final = re.compile(r'"[^"]*"')


class WebSite:
    """The files of a folder, all of them at one level, and the page that starts them.

    They are text, never compressed here: bytes would need binary media types, and they change what every other function
    is given. API Gateway compresses what is larger than the API's MinimumCompressionSize itself.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def answer(self, request: Request) -> Response:
        """Answer a GET of the folder, of its page, or of a file. Raises RequestProblem where there is no such file."""
        file = request.path.get("file", "")
        if file:
            return self._file(file)
        if not request.target.endswith("/"):
            # What the page names lies beside it only where its own address ends so.
            where = request.target.rpartition("/")[2]
            return Response(308, headers={"Location": f"{where}/", "Cache-Control": "no-cache"})
        return self._page(request)

    @cached_property
    def names(self) -> dict[str, str]:
        """The name with a hash that each file is served by."""
        return {
            name: f"{stem}.{sha256(text.encode()).hexdigest()[:HASH_DIGITS]}{suffix}"
            for name, text in self._texts.items()
            for stem, suffix in [(Path(name).stem, Path(name).suffix)]
        }

    @cached_property
    def import_map(self) -> str:
        """Which name stands for which module, as it is in the page."""
        plain = {f"./{name}": f"./{served}" for name, served in self.names.items()}
        bare = {called: f"./{self.names[name]}" for called, name in self._libraries.items()}
        return json.dumps({"imports": {**bare, **plain}}, separators=(",", ":"), sort_keys=True)

    def page(self, settings: dict[str, str]) -> str:
        """The page, with the names of the files, what to fetch at once, and these settings."""
        first = "".join(
            f'<link rel="modulepreload" href="{self.names[name]}">\n' for name in self._needed_at_once
        )
        told = "".join(
            f'<meta name="{escape(name)}" content="{escape(value)}">\n' for name, value in settings.items()
        )
        text = (self._folder / PAGE).read_text(encoding="utf-8")
        text = _LINK.sub(lambda link: self.names.get(link[0], link[0]), text)
        given = f'{told}<script type="importmap">{self.import_map}</script>\n{first}'
        main = f'<script type="module" src="{self.names[MAIN]}"></script>\n'
        return text.replace("</head>\n", f"{given}{main}</head>\n")

    def policy(self, login_url: str) -> str:
        """What the page may load, and whom it may talk to."""
        shown = b64encode(sha256(self.import_map.encode()).digest()).decode()
        login = urlsplit(login_url)
        origin = f" {login.scheme}://{login.netloc}" if login.netloc else ""
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src 'self' 'sha256-{shown}'",
                "style-src 'self'",
                "img-src 'self'",
                f"connect-src 'self'{origin}",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types 'none'",
            )
        )

    def _page(self, request: Request) -> Response:
        login_url = request.stage.get("LoginUrl", "")
        settings = {"baton-login": login_url, "baton-client": request.stage.get("LoginClient", "")}
        text = self.page(settings)
        tag = f'"{sha256(text.encode()).hexdigest()[:16]}"'
        headers = {
            "Cache-Control": "no-cache",
            "Content-Security-Policy": self.policy(login_url),
            "Cross-Origin-Opener-Policy": "same-origin",
            # Compressed on the way it is another text of the same meaning: hence weak.
            "ETag": f"W/{tag}",
            "Referrer-Policy": "no-referrer",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        }
        if tag in _TAG.findall(request.headers.get("if-none-match", "")):
            return Response(304, headers=headers)
        return Response(200, text, {"Content-Type": "text/html; charset=utf-8", **headers})

    def _file(self, served: str) -> Response:
        name = self._served.get(served)
        if name is None:
            # Also one of an earlier version, whose page is still open somewhere.
            raise RequestProblem("not-found", "there is no such file")
        return Response(
            200,
            self._texts[name],
            {
                "Content-Type": f"{TYPES[Path(name).suffix]}; charset=utf-8",
                "Cache-Control": FOR_EVER,
                "Cross-Origin-Resource-Policy": "same-origin",
                "Vary": "Accept-Encoding",
                "X-Content-Type-Options": "nosniff",
            },
        )

    @cached_property
    def _texts(self) -> dict[str, str]:
        found = (path for path in sorted(self._folder.iterdir()) if path.suffix in TYPES)
        return {path.name: path.read_text(encoding="utf-8") for path in found}

    @cached_property
    def _served(self) -> dict[str, str]:
        return {served: name for name, served in self.names.items()}

    @cached_property
    def _libraries(self) -> dict[str, str]:
        """The file of each name that modules import a library by."""
        listed = json.loads((self._folder / LIBRARIES).read_text(encoding="utf-8"))
        return {entry["import"]: name for name, entry in listed.items() if "import" in entry}

    @property
    def _needed_at_once(self) -> list[str]:
        """The modules that the first one imports, and theirs: a browser would find them one after another."""
        found, waiting = list[str](), [MAIN]
        while waiting:
            for imported in _IMPORT.findall(self._texts[waiting.pop()]):
                name = self._libraries.get(imported) or imported.removeprefix("./")
                if name in self._texts and name not in found:
                    found.append(name)
                    waiting.append(name)
        return sorted(found)
