"""An API for the console that has every answer ready: 10,000 leads, 500 reps, in the shapes of the real one."""

import gzip
import json
from base64 import urlsafe_b64encode
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from baton.application.explain_lead import Story
from baton.application.show_recipient import view_of
from baton.domain.campaign import Campaign
from baton.domain.change import received
from baton.domain.editing import plain
from baton.domain.errors import BatonError
from baton.domain.lead import Contact, Lead, LeadState, PastOffer
from baton.domain.offer import Offer, OfferState
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from baton.domain.standing import Usage
from baton.domain.trace import CandidateTrace, Reason, StageOutcome, StageTrace, Trace
from baton.entrypoints.console.availability import Availability
from baton.entrypoints.console.stories import LeadRow, WholeLead
from baton.entrypoints.http import Request, Response
from baton.entrypoints.web_site import WebSite

LEADS: Final = 10_000
REPS: Final = 500
FOLDER: Final = Path(__file__).parents[1] / "functions" / "console" / "static"
NOW: Final = datetime.now(UTC)
STATES: Final = (LeadState.ASSIGNED,) * 7 + (LeadState.CONTACTED, LeadState.UNASSIGNED, LeadState.OFFERED)
MANY: Final = 100
"""Candidates of the lead that is opened: as many as a trace names at one stage."""


class Double:
    """A server with the console's files and the API's answers."""

    def __init__(self) -> None:
        self.bytes_sent = 0
        self._site = WebSite(FOLDER)
        self._reps = [a_rep(number) for number in range(REPS)]
        self._leads = [a_lead(number) for number in range(LEADS)]
        self._rows = [LeadRow.of(lead).model_dump(mode="json") for lead in self._leads]
        self._documents: dict[str, list[dict[str, Any]]] = {
            "recipients": [plain(rep) for rep in self._reps],
            "campaigns": [plain(Campaign(id="solar", name="Solar roofs", plan_id="solar"))],
            "sources": [plain(Source(id="web-form", name="Form", campaign_id="solar"))],
            "availability": [
                Availability.of(view_of(rep, Usage(rep.id), NOW)).model_dump(mode="json")
                for rep in self._reps
            ],
        }

    def __enter__(self) -> Self:
        double = self

        class Handler(BaseHTTPRequestHandler):
            """One connection."""

            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                double.serve(self)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                double.serve(self)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        url = urlsplit(handler.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        status, headers, text = self._answer(url.path, asked)
        body = gzip.compress(text.encode(), 6) if text else b""
        if url.path.startswith("/console"):
            self.bytes_sent += len(body)
        handler.send_response(status)
        zipped = {"Content-Encoding": "gzip"} if text else {}
        for name, value in {**headers, **zipped, "Content-Length": str(len(body))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def _answer(self, path: str, asked: dict[str, str]) -> tuple[int, dict[str, str], str]:
        if path.startswith("/console"):
            return self._file(path)
        if path == "/oauth2/authorize":
            back = f"{asked['redirect_uri']}?{urlencode({'code': 'c', 'state': asked['state']})}"
            return 302, {"Location": back}, ""
        if path == "/oauth2/token":
            found: Any = {"id_token": a_token(), "refresh_token": "r", "expires_in": 3600}
        else:
            found = self._said(path.removeprefix("/v1/"), asked)
        return 200, {"Content-Type": "application/json"}, json.dumps(found)

    def _file(self, path: str) -> tuple[int, dict[str, str], str]:
        file = path.removeprefix("/console").removeprefix("/")
        stage = {"LoginUrl": self.url, "LoginClient": "bench"}
        try:
            answer = self._site.answer(Request("GET", {"file": file}, {}, b"", target=path, stage=stage))
        except BatonError as error:
            answer = Response.problem(error)
        return answer.status, dict(answer.headers), answer.body

    def _said(self, path: str, asked: dict[str, str]) -> dict[str, Any]:
        """What the API would say."""
        if path == "leads":
            rows = [row for row in self._rows if asked.get("state", row["state"]) == row["state"]]
            return page_of(rows, asked)
        if path.startswith("leads/"):
            return a_story(self._leads[int(path.partition("/")[2], 16)], self._reps)
        if path in self._documents:
            return {**page_of(self._documents[path], asked), "etags": {}}
        if path == "reports/overview":
            return an_overview(Counter(str(lead.state) for lead in self._leads))
        if path == "reports/service-level":
            return {"total": {"contacted": 40, "in_time_rate": 0.9}}
        return {"items": [], "next": None}


def page_of(items: list[dict[str, Any]], asked: dict[str, str]) -> dict[str, Any]:
    """Some of them, after where a page ended."""
    begin, limit = int(asked.get("after", "0")), int(asked.get("limit", "50"))
    end = begin + limit
    return {"items": items[begin:end], "next": str(end) if end < len(items) else None}


def a_rep(number: int) -> Recipient:
    """Every tenth is paused."""
    paused = number % 10 == 0
    return Recipient(
        id=f"rep-{number:03}", name=f"Rep {number:03}", email="rep@sales.example", zone="UTC", paused=paused
    )


def a_lead(number: int) -> Lead:
    """The newest is number 0."""
    at = NOW - timedelta(seconds=10 * number)
    who = f"rep-{number % REPS:03}"
    return Lead(
        lead_id=f"{number:032x}",
        rev=5,
        state=STATES[number % len(STATES)],
        source_id="web-form",
        campaign_id="solar",
        received_at=at,
        moved_at=at,
        contact=Contact(first_name="Maria", last_name=f"Lopez {number}", city="Austin", state="TX"),
        score=number % 100,
        plan_id="solar",
        plan_version=1,
        recipient_id=who,
        offers=(PastOffer(recipient_id=who, stage=0),),
    )


def a_story(lead: Lead, reps: list[Recipient]) -> dict[str, Any]:
    """A lead whose trace names many."""
    others = (CandidateTrace(rep.id, Reason.INACTIVE) for rep in reps[: MANY - 1])
    candidates = (CandidateTrace(lead.recipient_id or "", Reason.CHOSEN), *others)
    stage = StageTrace(stage=0, name="The team", outcome=StageOutcome.CHOSE, candidates=candidates)
    trace = Trace(plan_id="solar", plan_version=1, attempt=0, stages=(stage,))
    offer = Offer(
        lead_id=lead.lead_id,
        no=1,
        recipient_id=lead.recipient_id or "",
        stage=0,
        stage_name="The team",
        state=OfferState.ACCEPTED,
        made_at=lead.received_at,
        trace=trace,
    )
    event = received(lead, lead.received_at).event
    story = Story(lead, (event,), (offer,), (), (), None)
    return WholeLead.of(story, traces=True).model_dump(mode="json")


def an_overview(states: Counter[str]) -> dict[str, Any]:
    """Today's figures."""
    figures = {"received": 900, "placed": 800, "qualified": 850, "place_rate": 0.94}
    hours = {"routing": {"p50_ms": 900, "p95_ms": 2000}}
    today = {"so_far": {**figures, **hours}, "in_full_hours": figures, "week_before": figures}
    return {"states": states, "today": today}


def a_token() -> str:
    """What the console reads of a token; nobody checks it here."""
    claims = json.dumps({"cognito:username": "bench", "cognito:groups": ["admin"]})
    return f"x.{urlsafe_b64encode(claims.encode()).decode().rstrip('=')}.x"
