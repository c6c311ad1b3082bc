"""The whole configuration as one file, out and in; and the log of every change that was made to it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from baton.application.merge_file import ImportReport
from baton.domain.campaign import Campaign
from baton.domain.configuration_file import FilePlan
from baton.domain.editing import Change
from baton.domain.errors import FieldError
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.bodies import YAML, wants_yaml
from baton.entrypoints.console.caller import author_of, headers_of
from baton.entrypoints.console.preconditions import must_be_new
from baton.entrypoints.console.routes import DEFAULT_PAGE, After, Limit, Router, Routes
from baton.entrypoints.problems import InvalidRequest

if TYPE_CHECKING:
    from baton.application.edit_configuration import EditConfiguration
    from baton.application.exchange_configuration import ExchangeConfiguration

Replace = Annotated[bool, Query(description="Whether what the file does not have goes.")]


class ConfigurationFile(BaseModel):
    """The whole configuration, by section."""

    sources: list[Source] = []
    campaigns: list[Campaign] = []
    recipients: list[Recipient] = []
    pools: list[Pool] = []
    plans: list[FilePlan] = []


class Changes(BaseModel):
    """Some of the change log, the newest first."""

    items: list[Change]
    next: str | None
    """Send it as `after` for older ones; null: there are none."""


class Exchange:
    """The operations on the configuration as a whole."""

    def __init__(
        self,
        router: Router,
        edit: Callable[[], "EditConfiguration"],
        exchange: Callable[[], "ExchangeConfiguration"],
    ) -> None:
        self._router = router
        self._edit = edit
        self._exchange = exchange

    def history(self, limit: Limit = DEFAULT_PAGE, after: After = None) -> Answer:
        """List every change: who, when, before, after."""
        page = self._edit().history(limit, after)
        changes = [change.model_dump(mode="json") for change in page.items]
        return as_json(200, {"items": changes, "next": page.after})

    def read(self) -> Answer:
        """Export the whole configuration."""
        sections = self._exchange().export()
        if not wants_yaml(headers_of(self._router)):
            return as_json(200, sections)
        from baton.entrypoints.console.plain_yaml import write

        return Response(200, YAML, write(sections))

    def replace(self, document: Any, replace: Replace = False) -> Answer:
        """Import a configuration, all of it at one moment or nothing; with If-None-Match: * nothing that is there."""
        new = must_be_new(headers_of(self._router))
        if new and replace:
            problem = (
                "goes not with If-None-Match: *, which changes nothing that is there: send one of the two"
            )
            raise InvalidRequest([FieldError("replace", problem)])
        report = self._exchange().import_(document, replace, author_of(self._router), new=new)
        return as_json(200, report.model_dump(mode="json"))


def exchange(
    edit: Callable[[], "EditConfiguration"], use_case: Callable[[], "ExchangeConfiguration"]
) -> Router:
    """The routes of the configuration as a whole."""
    routes = Routes("configuration")
    serve, path = Exchange(routes.router, edit, use_case), "/v1/configuration"
    exported = described(200, ConfigurationFile, "The configuration; as YAML where that is asked for.")
    exported[200]["content"][YAML] = {"schema": {"type": "string"}}
    imported = described(
        200,
        ImportReport,
        "What was changed.",
        *(
            "malformed-body",
            "unsupported-media-type",
            "body-too-large",
            "invalid-configuration",
            "plan-not-valid",
            "already-exists",
        ),
    )
    routes.add(
        "GET", "/v1/changes", serve.history, "list_changes", described(200, Changes, "The newest first.")
    )
    routes.add("GET", path, serve.read, "export_configuration", exported)
    routes.add("PUT", path, serve.replace, "import_configuration", imported, body=dict[str, Any])
    return routes.router
