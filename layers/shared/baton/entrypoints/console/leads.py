"""Leads: looked for, told with everything that happened to them, and explained."""

import re
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Callable
from inspect import signature
from typing import TYPE_CHECKING, Annotated, Final

from aws_lambda_powertools.event_handler.openapi.params import Query

from baton.domain.documents import ID_PATTERN
from baton.domain.errors import FieldError
from baton.domain.explanation import Explanation
from baton.domain.lead import LeadState
from baton.domain.reports.funnel import STEPS
from baton.domain.search import Wanted
from baton.domain.waiting import Wait
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.moments import Moment
from baton.entrypoints.console.routes import (
    DEFAULT_PAGE,
    After,
    Key,
    Limit,
    Router,
    Routes,
    check_parameters,
    existing_lead,
)
from baton.entrypoints.console.stories import LeadPage, LeadRow, WholeLead
from baton.entrypoints.problems import InvalidRequest

if TYPE_CHECKING:
    from baton.application.explain_lead import ExplainLead
    from baton.application.find_leads import FindLeads

MAX_OFFER_NO: Final = 9999
"""What keys of offers have digits for."""
_PLACE: Final = re.compile(r"[0-9T:.Z+-]{20,40}~[0-9a-f]{32}")
"""What a page of the search ends with: when its last lead arrived, and the lead's id."""

ById = Annotated[str | None, Query(pattern=ID_PATTERN)]
State = Annotated[LeadState | None, Query(description="The state that they are in now.")]
Since = Annotated[Moment | None, Query(description="Received then or later.")]
Until = Annotated[Moment | None, Query(description="Received before then.")]
SubSource = Annotated[str | None, Query(max_length=200, description="The part of a source.")]
Version = Annotated[int | None, Query(ge=1, description="The version of their plan.")]
Step = Annotated[
    str | None,
    Query(pattern=f"^({'|'.join(STEPS)})$", description="That came at least to this step of the funnel."),
]
Kind = Annotated[
    Wait,
    Query(
        description="`parked`: unassigned or quarantined; `returned`: a rep gave it back; `moving`: on the way."
    ),
]
Test = Annotated[bool | None, Query(description="Whether they are tests; by default both.")]
Traces = Annotated[bool, Query(description="Whether to give the traces too: they are most of the answer.")]
Exchanges = Annotated[bool, Query(description="Whether to give what was said to buyers and by them too.")]
Who = Annotated[str, Query(pattern=ID_PATTERN, description="The recipient in question.")]
OfferNo = Annotated[
    int | None,
    Query(ge=1, le=MAX_OFFER_NO, description="The offer in question; by default the last decision."),
]


class Leads:
    """The operations on leads."""

    def __init__(
        self, router: Router, find: Callable[[], "FindLeads"], explain: Callable[[], "ExplainLead"]
    ) -> None:
        self._router = router
        self._find = find
        self._explain = explain

    def page(
        self,
        campaign_id: ById = None,
        recipient_id: ById = None,
        source_id: ById = None,
        state: State = None,
        since: Since = None,
        until: Until = None,
        sub_source: SubSource = None,
        band: ById = None,
        plan_id: ById = None,
        version: Version = None,
        step: Step = None,
        test: Test = None,
        limit: Limit = DEFAULT_PAGE,
        after: After = None,
    ) -> Answer:
        """List leads, the newest first."""
        check_parameters(self._router, sorted(signature(self.page).parameters))
        if version is not None and plan_id is None:
            raise InvalidRequest([FieldError("version", "needs plan_id: each plan has its own versions")])
        wanted = Wanted(
            *(campaign_id, recipient_id, source_id, state, since, until),
            *(sub_source, band, plan_id, version, step, test),
        )
        found = self._find()(wanted, limit, _read(after))
        shown = LeadPage(items=[LeadRow.of(lead) for lead in found.items], next=_written(found.after))
        return as_json(200, shown.model_dump(mode="json"))

    def waiting(self, kind: Kind = Wait.PARKED, limit: Limit = DEFAULT_PAGE, after: After = None) -> Answer:
        """List leads that wait, those that wait longest first."""
        check_parameters(self._router, sorted(signature(self.waiting).parameters))
        found = self._find().waiting(kind, limit, _read(after))
        shown = LeadPage(items=[LeadRow.of(lead) for lead in found.items], next=_written(found.after))
        return as_json(200, shown.model_dump(mode="json"))

    def read(self, key: Key, traces: Traces = True, exchanges: Exchanges = True) -> Answer:
        """Read a lead: the person, everything that happened, every offer and bid, and why."""
        story = self._explain().story(existing_lead(key), exchanges=exchanges)
        return as_json(200, WholeLead.of(story, traces=traces).model_dump(mode="json"))

    def explain(self, key: Key, recipient: Who, offer: OfferNo = None) -> Answer:
        """Say what would have had to be different for a recipient to get a lead."""
        explanation = self._explain()(existing_lead(key), recipient, offer)
        return as_json(200, explanation.model_dump(mode="json"))


def leads(find: Callable[[], "FindLeads"], explain: Callable[[], "ExplainLead"]) -> Router:
    """The routes of leads."""
    routes = Routes("leads")
    serve, add, one = Leads(routes.router, find, explain), routes.add, "/v1/leads/<lead_id>"
    whole = described(200, WholeLead, "The lead and its story.", "not-found", "answer-too-large")
    why = described(200, Explanation, "The fewest checks that failed.", "not-found")
    add("GET", "/v1/leads", serve.page, "list_leads", described(200, LeadPage, "The newest first."))
    waiting = described(200, LeadPage, "Those that came first, first.")
    add("GET", "/v1/waiting", serve.waiting, "list_waiting_leads", waiting)
    add("GET", one, serve.read, "read_lead", whole)
    add("GET", f"{one}/explain", serve.explain, "explain_lead", why)
    return routes.router


def _written(after: str | None) -> str | None:
    """Where a page ended, as callers hand it back without reading it."""
    return b64encode(after.encode(), altchars=b"-_").rstrip(b"=").decode() if after else None


def _read(cursor: str | None) -> str | None:
    """Where the page before ended. Raises InvalidRequest."""
    if cursor is None:
        return None
    try:
        after = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:
        after = ""
    if not _PLACE.fullmatch(after) or _written(after) != cursor:
        raise InvalidRequest([FieldError("after", "is no `next` of a page of leads")])
    return after
