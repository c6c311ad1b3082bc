"""The console's files as they are in this folder, for whoever edits them: `python -m local.console`, no deployment.

The page comes from here and everything else from the running local stack, whose login is told the address.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import urllib3

from baton.domain.errors import BatonError
from baton.entrypoints.http import Request, Response
from baton.entrypoints.web_site import WebSite
from local import deploy, process
from local.record import RECORD, Stack, read
from local.users import cognito_of

FOLDER: Final = deploy.ROOT / "functions" / "console" / "static"
PLACE: Final = "/console"
# What belongs to one connection, and not to what is said over it.
HOP: Final = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}
CLIENT_FIELDS: Final = (
    "AllowedOAuthFlows",
    "AllowedOAuthFlowsUserPoolClient",
    "AllowedOAuthScopes",
    "CallbackURLs",
    "ClientId",
    "ExplicitAuthFlows",
    "LogoutURLs",
    "SupportedIdentityProviders",
    "UserPoolId",
)


class Files(BaseHTTPRequestHandler):
    """The console from this folder; the API from the stack."""

    stack: Stack
    client_id: str
    pool: urllib3.PoolManager

    def do_GET(self) -> None:
        """Answer with a file of the console, or with what the stack answers."""
        path = self.path.partition("?")[0]
        if not path.startswith(PLACE):
            self._pass_on()
            return
        settings = {"LoginUrl": self.stack["emulator_url"], "LoginClient": self.client_id}
        file = path.removeprefix(PLACE).removeprefix("/")
        asked = Request("GET", {"file": file}, {}, b"", target=path, stage=settings)
        try:
            answer = WebSite(FOLDER).answer(asked)
        except BatonError as error:
            answer = Response.problem(error)
        self._answer(answer.status, dict(answer.headers), answer.body.encode())

    def _pass_on(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        url, body = self.stack["api_url"] + self.path, self.rfile.read(length)
        answer = self.pool.request(self.command, url, body=body, headers=headers, redirect=False)
        given = {name: value for name, value in answer.headers.items() if name.lower() not in HOP}
        self._answer(answer.status, given, answer.data)

    do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815 - the names are the base class's

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def main() -> int:
    """Serve until Ctrl-C; returns the exit code."""
    stack = read(RECORD)
    if stack is None or "outputs" not in stack:
        print("Not running. Start it with `make run` or `make up`.", file=sys.stderr)
        return 1
    port = process.free_port(stack["port"] + 20)
    url = f"http://localhost:{port}{PLACE}/"
    Files.stack, Files.pool, Files.client_id = stack, urllib3.PoolManager(), allow(stack, url)
    print(f"The console of this folder: {url}  (Ctrl-C ends it)", flush=True)
    try:
        ThreadingHTTPServer((process.HOST, port), Files).serve_forever()
    except KeyboardInterrupt:
        print()
    return 0


def allow(stack: Stack, url: str) -> str:
    """Let the login send people back to that address; returns the console's client."""
    cognito, pool_id = cognito_of(stack), stack["outputs"]["UserPoolId"]
    clients = cognito.list_user_pool_clients(UserPoolId=pool_id, MaxResults=60)["UserPoolClients"]
    for found in clients:
        asked = {"UserPoolId": pool_id, "ClientId": found["ClientId"]}
        client = cognito.describe_user_pool_client(**asked)["UserPoolClient"]
        if client.get("CallbackURLs"):
            urls = sorted({*client["CallbackURLs"], url})
            kept = {name: client[name] for name in CLIENT_FIELDS if name in client}
            cognito.update_user_pool_client(**{**kept, "CallbackURLs": urls, "LogoutURLs": urls})
            return str(client["ClientId"])
    message = f"the stack {stack['emulator_url']} has no console"
    raise RuntimeError(message)


if __name__ == "__main__":
    sys.exit(main())
