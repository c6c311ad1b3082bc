"""TrustedForm, Turnstile, reCAPTCHA and chats on this machine: `python -m local.outside --port N`, or `with Outside()`

After their public documentation, and without Baton's own code on purpose: what the two agree on has been understood
twice. A certificate is issued by `issue`, or by POST /_issue with {"email": ..., "phone": ...}. What a page's visitor
is given is a text: `person-...` passes, `person-0.3-...` with that score, `robot-...` does not; each is good once.
"""

import argparse
import json
import re
import threading
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qs

from local import process
from local.chats import Chats

TRUSTED_FORM_KEY: Final = "trustedform-key-of-the-local-stack"
SITE_SECRET: Final = "site-secret-of-the-local-stack"  # noqa: S105 # of a server that only this machine has
POLL_S: Final = 0.02
MAX_BODY: Final = 100_000
_SCORED: Final = re.compile(r"person-(0\.\d+|1\.0)-.*")
type Reply = tuple[int, dict[str, Any]]


@dataclass
class Certificate:
    """A certificate as it was issued for a form."""

    email: str = ""
    phone: str = ""
    expired: bool = False
    sandbox: bool = False
    retained: list[dict[str, Any]] = field(default_factory=list)
    """What it was kept with, each time that it was."""

    def operate(self, body: Mapping[str, Any]) -> Reply:
        """Run the operations that the body asks for."""
        match = body.get("match_lead")
        if not isinstance(match, dict) or not (match.get("email") or match.get("phone")):
            return 422, {"outcome": "error", "reason": "match_lead needs an email or a phone"}
        result: dict[str, Any] = {}
        if "email" in match:
            result["email_match"] = _email(match["email"]) == _email(self.email) != ""
        if "phone" in match:
            result["phone_match"] = _phone(match["phone"]) == _phone(self.phone) != ""
        success = any(result.values())
        said: dict[str, Any] = {
            "outcome": "success" if success else "failure",
            "reason": None if success else "lead not found in certificate",
            "match_lead": {**match, "result": {**result, "success": success}},
        }
        if "retain" in body:
            said["retain"] = {**body["retain"], "results": {"previously_retained": bool(self.retained)}}
            self.retained.append(dict(body["retain"]))
        return 200, said


class Outside:
    """One server for all of them, on this machine only."""

    def __init__(self, port: int = 0) -> None:
        """On any free port if none is given."""
        self.certificates: dict[str, Certificate] = {}
        self.requests: list[tuple[str, Mapping[str, str], bytes]] = []
        """Path, headers by lower-case name and body of each, in order."""
        self.fails_with: int | None = None
        """A status that everybody answers with instead."""
        self._used: dict[str, tuple[str, Reply]] = {}
        self._lock = threading.Lock()
        self.server = _Server(port, self)
        self.url = f"http://{process.HOST}:{self.server.server_port}"
        self.chats = Chats(self.url)
        self._thread = threading.Thread(target=self.server.serve_forever, args=(POLL_S,), daemon=True)

    def issue(self, email: str = "", phone: str = "", *, expired: bool = False, sandbox: bool = False) -> str:
        """The address of a new certificate, as a form would send it."""
        with self._lock:
            found = sha1(f"{len(self.certificates)}".encode(), usedforsecurity=False).hexdigest()
            self.certificates[found] = Certificate(email, phone, expired, sandbox)
        return f"https://cert.trustedform.com/{found}"

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """What whoever is asked answers."""
        with self._lock:
            self.requests.append((path, headers, body))
        if self.fails_with:
            return self.fails_with, {}
        if path == "/_issue":
            return 201, {"url": self.issue(**json.loads(body))}
        if path.startswith("/trustedform/"):
            return self._trusted_form(path.removeprefix("/trustedform/"), headers, body)
        if path in {"/turnstile/v0/siteverify", "/recaptcha/api/siteverify"}:
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            return self._verify(form, scored="recaptcha" in path)
        return self.chats.answer(path, headers, body)

    def _trusted_form(self, found: str, headers: Mapping[str, str], body: bytes) -> Reply:
        proof = b64encode(f"API:{TRUSTED_FORM_KEY}".encode()).decode()
        if headers.get("authorization") != f"Basic {proof}":
            return 403, {"outcome": "error", "reason": "incorrect API key"}
        certificate = self.certificates.get(found)
        if certificate is None:
            return 404, {"outcome": "error", "reason": "certificate not found"}
        if certificate.sandbox:
            return 405, {"outcome": "error", "reason": "certificate is sandboxed"}
        if certificate.expired:
            return 404, {"outcome": "error", "reason": "certificate expired"}
        if headers.get("api-version") != "4.0":
            return 400, {"outcome": "error", "reason": "unknown api version"}
        with self._lock:
            return certificate.operate(json.loads(body))

    def _verify(self, form: Mapping[str, str], *, scored: bool) -> Reply:
        if form.get("secret") != SITE_SECRET:
            return 200, _no("invalid-input-secret")
        token, key = form.get("response", ""), form.get("idempotency_key", "")
        if not token:
            return 200, _no("missing-input-response")
        with self._lock:
            if token in self._used:
                used_with, reply = self._used[token]
                return reply if key and key == used_with else (200, _no("timeout-or-duplicate"))
            reply = (200, _verdict(token, scored=scored))
            self._used[token] = (key, reply)
        return reply

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, outside: Outside) -> None:
        super().__init__((process.HOST, port), _Requests)
        self.outside = outside


class _Requests(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Every one of them is asked by POST."""
        length = min(int(self.headers.get("content-length") or 0), MAX_BODY)
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, said = self.server.outside.answer(self.path, headers, self.rfile.read(length))
        body = json.dumps(said).encode()
        self.send_response(HTTPStatus(status))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""


def _verdict(token: str, *, scored: bool) -> dict[str, Any]:
    if not token.startswith("person-"):
        return _no("invalid-input-response")
    said: dict[str, Any] = {"success": True, "hostname": "localhost", "error-codes": []}
    if scored and (found := _SCORED.fullmatch(token)):
        said["score"] = float(found[1])
    return said


def _no(code: str) -> dict[str, Any]:
    return {"success": False, "error-codes": [code]}


def _email(text: str) -> str:
    return text.strip().lower()


def _phone(text: str) -> str:
    return re.sub(r"\D", "", text)[-10:]


def main() -> None:
    """Play until somebody ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    with Outside(parser.parse_args().port) as outside:
        print(f"the outside is at {outside.url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
