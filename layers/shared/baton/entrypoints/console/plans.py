"""Plans: drafts that people edit and check, versions that leads follow, and the step from one to the other."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field

from baton.domain.documents import Document
from baton.domain.editing import DraftPlan, plain
from baton.domain.errors import FieldError
from baton.domain.plan import Plan
from baton.entrypoints.console.answers import Answer, Findings, as_json, described, nothing, of_stored
from baton.entrypoints.console.caller import author_of, headers_of
from baton.entrypoints.console.preconditions import etag, expected_rev, must_be_new
from baton.entrypoints.console.routes import Key, Router, Routes, existing_id
from baton.entrypoints.problems import InvalidRequest

if TYPE_CHECKING:
    from baton.application.publish_plan import PublishPlan
    from baton.domain.editing import Stored

MAX_VERSION: Final = 999_999
"""What keys of versions have digits for."""
Version = Annotated[int, Path(ge=1, le=MAX_VERSION, description="The version's number.")]


class RollBack(Document):
    """Which earlier version leads are to follow again."""

    version: Annotated[int, Field(ge=1, le=MAX_VERSION)]


class PlanStatus(BaseModel):
    """How a plan stands."""

    id: str
    published: int | None
    """The version that new leads follow; null: none yet, and no campaign can use the plan."""
    newest: int | None
    """The highest version; more than `published` after going back to an earlier one."""
    draft_etag: str | None
    """The ETag of the draft, where there is one."""


class PlanStatuses(BaseModel):
    """Every plan that is published or has a draft."""

    items: list[PlanStatus]


class Versions(BaseModel):
    """Every version of a plan, the newest first."""

    items: list[Plan]


class Plans:
    """The operations on plans."""

    def __init__(self, router: Router, publish: Callable[[], "PublishPlan"]) -> None:
        self._router = router
        self._publish = publish

    def every(self) -> Answer:
        """List plans."""
        plans = [
            {
                "id": plan.id,
                "published": plan.published,
                "newest": plan.newest,
                "draft_etag": etag(plan.draft_rev) if plan.draft_rev else None,
            }
            for plan in self._publish().plans()
        ]
        return as_json(200, {"items": plans})

    def read(self, key: Key) -> Answer:
        """Read the version that new leads follow."""
        return of_stored(self._publish().published(existing_id(Plan, key)), headers_of(self._router))

    def delete(self, key: Key) -> Answer:
        """Delete a plan and its draft; leads in flight keep their version."""
        self._publish().delete(existing_id(Plan, key), self._current(key), author_of(self._router))
        return nothing()

    def read_draft(self, key: Key) -> Answer:
        """Read a draft: what the next version may become."""
        return of_stored(self._draft(key), headers_of(self._router))

    def save_draft(self, key: Key, document: Any) -> Answer:
        """Save a draft, good or bad; leads never see it."""
        if document.id != key:
            raise InvalidRequest([FieldError("id", f"must be '{key}', as in the address")])
        author, new = author_of(self._router), must_be_new(headers_of(self._router))
        rev = None if new else self._seen(key) or self._draft(key).rev
        return of_stored(self._publish().save_draft(document, rev, author), status=201 if new else 200)

    def delete_draft(self, key: Key) -> Answer:
        """Drop a draft."""
        self._publish().delete_draft(existing_id(DraftPlan, key), self._seen(key), author_of(self._router))
        return nothing()

    def check_draft(self, key: Key) -> Answer:
        """Find what would go wrong with a draft."""
        found = self._publish().check(self._draft(key).document)
        return as_json(200, {"findings": [asdict(finding) for finding in found]})

    def publish(self, key: Key) -> Answer:
        """Publish: make the draft the version that new leads follow."""
        published = self._publish().publish(
            existing_id(DraftPlan, key), self._seen(key), author_of(self._router)
        )
        return of_stored(published, status=201, Location=f"versions/{published.document.version}")

    def roll_back(self, key: Key, document: Any) -> Answer:
        """Let new leads follow an earlier version again."""
        author, rev = author_of(self._router), self._current(key)
        return of_stored(self._publish().roll_back(existing_id(Plan, key), document.version, rev, author))

    def versions(self, key: Key) -> Answer:
        """List every version there ever was."""
        found = self._publish().versions(existing_id(Plan, key))
        return as_json(200, {"items": [plain(plan) for plan in found]})

    def read_version(self, key: Key, version: Version) -> Answer:
        """Read one version."""
        return of_stored(self._publish().version(existing_id(Plan, key), version), headers_of(self._router))

    def _current(self, key: str) -> int | None:
        """What the caller has seen of the published version or, where there is none, of the draft."""
        existing_id(Plan, key)
        return expected_rev(headers_of(self._router), lambda: self._publish().standing(key).rev)

    def _seen(self, key: str) -> int | None:
        return expected_rev(headers_of(self._router), lambda: self._draft(key).rev)

    def _draft(self, key: str) -> "Stored[DraftPlan]":
        return self._publish().draft(existing_id(DraftPlan, key))


def plans(publish: Callable[[], "PublishPlan"]) -> Router:
    """The routes of plans."""
    routes = Routes("plans")
    serve, add = Plans(routes.router, publish), routes.add
    one, draft = "/v1/plans/<plan_id>", "/v1/plans/<plan_id>/draft"
    locked = ("not-found", "precondition-required", "edit-conflict")
    sent = ("malformed-body", "unsupported-media-type", "body-too-large")
    version = described(200, Plan, "The version.", "not-found")
    first, saved = (
        described(status, DraftPlan, "The draft.", *locked, *sent, "already-exists", "invalid-configuration")
        for status in (201, 200)
    )
    published = described(201, Plan, "The new version.", *locked, "plan-not-valid")
    rolled_back = described(200, Plan, "That version.", *locked, "plan-not-valid", *sent)
    found = described(200, Findings, "What was found, each with its place.", "not-found")
    read = described(200, DraftPlan, "The draft; its ETag is what If-Match wants.", "not-found")
    add("GET", "/v1/plans", serve.every, "list_plans", described(200, PlanStatuses, "The plans, by id."))
    add("GET", one, serve.read, "read_plan", version)
    add(
        "DELETE",
        one,
        serve.delete,
        "delete_plan",
        described(204, None, "They are gone.", "not-found", "in-use"),
    )
    add("GET", draft, serve.read_draft, "read_draft", read)
    add("PUT", draft, serve.save_draft, "save_draft", first, saved, body=DraftPlan)
    add("DELETE", draft, serve.delete_draft, "delete_draft", described(204, None, "It is gone.", *locked))
    add("POST", f"{draft}/check", serve.check_draft, "check_draft", found, reads=True)
    add("POST", f"{one}/publish", serve.publish, "publish_plan", published)
    add("POST", f"{one}/rollback", serve.roll_back, "roll_back_plan", rolled_back, body=RollBack)
    add(
        "GET",
        f"{one}/versions",
        serve.versions,
        "list_versions",
        described(200, Versions, "The newest first.", "not-found"),
    )
    add("GET", f"{one}/versions/<version>", serve.read_version, "read_version", version)
    return routes.router
