"""Reports through the API: every route of function report."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from baton.domain.errors import FieldError
from baton.domain.reports.tally import Dimension
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.bodies import CSV, accepts
from baton.entrypoints.console.caller import headers_of
from baton.entrypoints.console.report_models import (
    FunnelReport,
    LeadReport,
    MemberReport,
    OfferReport,
    OverviewReport,
    RecipientReport,
    Report,
    ServiceReport,
    VersionReport,
)
from baton.entrypoints.console.report_requests import (
    Members,
    Now,
    OfDays,
    ReportFormat,
    Rows,
    RowsOfCampaign,
    RowsOfPlan,
    Served,
    ServiceLevel,
    Steps,
)
from baton.entrypoints.console.report_tables import csv_of_overview, csv_of_steps, csv_of_table
from baton.entrypoints.console.routes import Router, Routes, spread
from baton.entrypoints.problems import InvalidRequest

if TYPE_CHECKING:
    from baton.application.report_tables import Table
    from baton.application.show_overview import ShowOverview
    from baton.application.show_reports import ShowReports


class ReportsApi:
    """The operations on reports. Nothing here changes anything."""

    def __init__(
        self, router: Router, show: Callable[[], "ShowReports"], look: Callable[[], "ShowOverview"]
    ) -> None:
        self._router = router
        self._show = show
        self._look = look

    def overview(self, asked: Now) -> Answer:
        """Say what is going on: leads by state, the last hour, today and the same day a week before."""
        found = self._look().overview(asked.campaign_id, asked.zone)
        return _csv(csv_of_overview(found)) if self._wants_csv(asked) else _json(OverviewReport.of(found))

    def funnel(self, asked: Steps) -> Answer:
        """Say how far leads come: received, qualified, offered, placed, contacted, converted."""
        found = self._look().funnel(asked.asked())
        return _csv(csv_of_steps(found)) if self._wants_csv(asked) else _json(FunnelReport.of(found))

    def campaigns(self, asked: Rows) -> Answer:
        """Say what became of leads, by campaign."""
        return self._table(asked, LeadReport, self._show().leads(Dimension.CAMPAIGN, asked.asked()))

    def sources(self, asked: RowsOfCampaign) -> Answer:
        """Say what became of leads, and what they cost and brought, by source."""
        return self._table(asked, LeadReport, self._show().leads(Dimension.SOURCE, asked.asked()))

    def sub_sources(self, asked: RowsOfCampaign) -> Answer:
        """Say what became of leads, by publisher, placement or advertisement of a source."""
        return self._table(asked, LeadReport, self._show().leads(Dimension.SUB_SOURCE, asked.asked()))

    def bands(self, asked: RowsOfCampaign) -> Answer:
        """Say what became of hot, warm and cold leads."""
        return self._table(asked, LeadReport, self._show().leads(Dimension.BAND, asked.asked()))

    def recipients(self, asked: RowsOfCampaign) -> Answer:
        """Say what recipients made of their offers, and what share they got of the one they were promised."""
        return self._table(asked, RecipientReport, self._show().recipients(asked.asked()))

    def members(self, asked: Members) -> Answer:
        """Say what a pool's members made of its offers, and what share each got of the one it was promised."""
        basis, table = self._show().members(asked.pool_id, asked.asked())
        return self._table(asked, MemberReport, table, basis=basis)

    def pools(self, asked: RowsOfCampaign) -> Answer:
        """Say what became of offers, by pool."""
        return self._table(asked, OfferReport, self._show().offers(Dimension.POOL, asked.asked()))

    def stages(self, asked: RowsOfPlan) -> Answer:
        """Say what became of offers, by stage of a plan's version."""
        found = self._show().offers(Dimension.STAGE, asked.asked(), asked.plan_id)
        return self._table(asked, OfferReport, found)

    def plan_versions(self, asked: RowsOfPlan) -> Answer:
        """Hold the versions of plans side by side, and say whether they differ by more than chance."""
        return self._table(asked, VersionReport, self._show().plan_versions(asked.plan_id, asked.asked()))

    def service_level(self, asked: ServiceLevel) -> Answer:
        """Say how soon people were reached, by campaign, source, band, recipient or pool."""
        if asked.by is Served.CAMPAIGN and asked.campaign_id:
            raise InvalidRequest([FieldError("campaign_id", "is for rows by something else than campaign")])
        found = self._show().service_level(Dimension(asked.by), asked.within, asked.asked())
        return self._table(asked, ServiceReport, found)

    def _table(self, asked: OfDays, kind: type[Report[Any, Any]], table: "Table", **more: Any) -> Answer:
        if self._wants_csv(asked):
            return _csv(csv_of_table(table))
        return _json(kind.of(table, **more))

    def _wants_csv(self, asked: OfDays | Now) -> bool:
        wanted: Mapping[str, str] = headers_of(self._router)
        return asked.format is ReportFormat.CSV or (asked.format is None and accepts(wanted, {CSV}))


def reports_api(show: Callable[[], "ShowReports"], look: Callable[[], "ShowOverview"]) -> Console:
    """The handler over these use cases, each made when the first request needs it."""
    routes = Routes("reports")
    serve = ReportsApi(routes.router, show, look)

    def add(path: str, handler: Callable[..., Answer], model: type[BaseModel]) -> None:
        answer = described(200, model, "The report.", "answer-too-large")
        answer[200]["content"][CSV] = {"schema": {"type": "string"}}
        name = path.replace("-", "_")
        routes.add("GET", f"/v1/reports/{path}", spread(handler, routes.router), f"report_{name}", answer)

    add("overview", serve.overview, OverviewReport)
    add("funnel", serve.funnel, FunnelReport)
    add("campaigns", serve.campaigns, LeadReport)
    add("sources", serve.sources, LeadReport)
    add("sub-sources", serve.sub_sources, LeadReport)
    add("bands", serve.bands, LeadReport)
    add("recipients", serve.recipients, RecipientReport)
    add("members", serve.members, MemberReport)
    add("pools", serve.pools, OfferReport)
    add("stages", serve.stages, OfferReport)
    add("plan-versions", serve.plan_versions, VersionReport)
    add("service-level", serve.service_level, ServiceReport)
    return Console([routes.router])


def _json(report: BaseModel) -> Answer:
    return as_json(200, report.model_dump(mode="json", by_alias=True))


def _csv(text: str) -> Answer:
    return Response(200, CSV, text)
