"""Imports of leads through the API: look at a file first, then load it, and see what became of every row."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, Field

from baton.domain.documents import Document
from baton.domain.errors import NotFound
from baton.domain.lead_import import RowProblem, Tally
from baton.domain.source import Source
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.bodies import CSV
from baton.entrypoints.console.caller import author_of
from baton.entrypoints.console.csv_table import csv_table
from baton.entrypoints.console.routes import Key, Routes, existing_id
from baton.entrypoints.console.trial_leads import trial_leads

if TYPE_CHECKING:
    from baton.application.accept_lead import AcceptLead
    from baton.application.import_leads import ImportLeads, Progress
    from baton.application.preview_leads import Preview, PreviewLeads

_ID: Final = re.compile(r"[0-9a-f]{32}")


class LeadTable(Document):
    """A table of leads. As text/csv, the body is the table itself, and columns are guessed from their names."""

    csv: Annotated[str, Field(min_length=1, max_length=5_000_000)]
    """The first row names the columns."""
    columns: Annotated[dict[str, str | None], Field(max_length=150)] = Field(default_factory=dict)
    """The field of a column, such as `contact.email`, where its name does not say it; null: the column is left out."""


class PreviewedColumn(BaseModel):
    """How a column would be read."""

    name: str
    field: str | None
    """null: it is left out."""
    filled: int
    """Rows that have something in it."""


class PreviewedLead(BaseModel):
    """A row as it would be stored."""

    contact: dict[str, Any]
    attributes: dict[str, Any]
    attribution: dict[str, str]
    quality: dict[str, Any]


class PreviewedImport(BaseModel):
    """What an import would make of a file. Nothing is stored."""

    columns: list[PreviewedColumn]
    rows: int
    bad: int
    """Rows that would be refused."""
    problems: list[RowProblem]
    """The first of them."""
    first: list[PreviewedLead]
    """The first good rows."""

    @classmethod
    def of(cls, preview: "Preview") -> "PreviewedImport":
        """What the API shows of it."""
        columns = [
            PreviewedColumn(name=name, field=field, filled=preview.filled[name])
            for name, field in preview.columns.items()
        ]
        first = [
            PreviewedLead(
                contact=lead.contact.model_dump(exclude_none=True),
                attributes=lead.attributes,
                attribution=lead.attribution,
                quality=lead.quality,
            )
            for lead in preview.first
        ]
        return cls(
            columns=columns, rows=preview.rows, bad=preview.bad, problems=list(preview.problems), first=first
        )


class ShownImport(BaseModel):
    """An import and how far it is."""

    import_id: str
    source_id: str
    by: str
    at: datetime
    expires_at: datetime
    """Until when it can be asked about."""
    columns: list[tuple[str, str | None]]
    """Each column with its field, in the file's order; null: left out."""
    rows: int
    waiting: int
    """Rows that are not loaded yet; 0: it is finished."""
    tally: Tally
    problems: list[RowProblem]
    """Of the rows that were refused, the first."""

    @classmethod
    def of(cls, progress: "Progress") -> "ShownImport":
        """What the API shows of it."""
        found = progress.of.model_dump(include=set(cls.model_fields))
        return cls(**found, waiting=progress.waiting, tally=progress.tally, problems=list(progress.problems))


class ImportsApi:
    """The operations on imports."""

    def __init__(
        self, routes: Routes, preview: Callable[[], "PreviewLeads"], use_case: Callable[[], "ImportLeads"]
    ) -> None:
        self._router = routes.router
        self._preview = preview
        self._import = use_case

    def preview(self, key: Key, document: Any) -> Answer:
        """Read a file of leads as an import would, and store nothing."""
        source_id = existing_id(Source, key)
        found = self._preview()(source_id, document.csv, document.columns)
        return as_json(200, PreviewedImport.of(found).model_dump(mode="json"))

    def begin(self, key: Key, document: Any) -> Answer:
        """Import a file of leads. The same file again is the same import, and goes on where it stopped."""
        by, source_id = author_of(self._router), existing_id(Source, key)
        return _shown(202, self._import().begin(source_id, document.csv, document.columns, by))

    def read(self, key: Key) -> Answer:
        """Read how far an import is, and what is wrong with which row."""
        return _shown(200, self._import().progress(existing_import(key)))

    def resume(self, key: Key) -> Answer:
        """Load what an import has not loaded yet. Rows that are leads already stay what they are."""
        return _shown(202, self._import().resume(existing_import(key)))

    def refused(self, key: Key) -> Answer:
        """Fetch the rows that were refused, with what is wrong with each, to be mended and imported again."""
        found, rows = self._import().refused(existing_import(key))
        columns = [*dict(found.columns), "problem"]
        return Response(200, CSV, csv_table(columns, ([*cells, why] for cells, why in rows)))


def imports_api(
    preview: Callable[[], "PreviewLeads"],
    use_case: Callable[[], "ImportLeads"],
    accept: Callable[[], "AcceptLead"],
) -> Console:
    """The handler over these use cases, made when the first request needs them."""
    routes = Routes("imports")
    serve = ImportsApi(routes, preview, use_case)
    sent = ("malformed-body", "unsupported-media-type", "body-too-large")
    taken = ("not-found", "source-inactive", "invalid-file", *sent)
    of_source, of_import = "/v1/sources/<source_id>/imports", "/v1/imports/<import_id>"
    previewed = described(200, PreviewedImport, "What it would make of the file.", *taken)
    begun = described(202, ShownImport, "It is being loaded.", *taken, "store-unavailable")
    routes.add("POST", f"{of_source}/preview", serve.preview, "preview_import", previewed, body=LeadTable)
    routes.add("POST", of_source, serve.begin, "import_leads", begun, body=LeadTable)
    shown = described(200, ShownImport, "The import.", "not-found")
    routes.add("GET", of_import, serve.read, "read_import", shown)
    again = described(202, ShownImport, "It goes on.", "not-found", "store-unavailable")
    routes.add("POST", f"{of_import}/resume", serve.resume, "resume_import", again)
    table = described(200, None, "The rows, as a table.", "not-found")
    table[200]["content"] = {CSV: {"schema": {"type": "string"}}}
    routes.add("GET", f"{of_import}/refused", serve.refused, "read_refused_rows", table)
    return Console([routes.router, trial_leads(accept)])


def existing_import(key: str) -> str:
    """The key, if it could be an import's at all. Raises NotFound."""
    if not _ID.fullmatch(key):
        raise NotFound("import", key)
    return key


def _shown(status: int, progress: "Progress") -> Answer:
    return as_json(status, ShownImport.of(progress).model_dump(mode="json"))
