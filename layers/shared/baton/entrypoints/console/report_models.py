"""Reports as the API shows them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from baton.domain.lead import LeadState
from baton.domain.reports.certainty import Certainty
from baton.domain.reports.figures import LeadFigures, OfferFigures
from baton.domain.reports.funnel import Step
from baton.domain.reports.service import ServiceFigures
from baton.domain.reports.shares import Basis, Share

if TYPE_CHECKING:
    from baton.application.report_tables import Frame, Line, Table
    from baton.application.show_overview import Funnel, Overview


class Between(BaseModel):
    """From one moment to before another."""

    begin: datetime
    end: datetime


class Framed(BaseModel):
    """When a report is of."""

    model_config = ConfigDict(populate_by_name=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    zone: str
    period: Between
    """The moments of those days. Of days that are compared and not over: up to the last full hour."""
    compared_with: Between | None

    @classmethod
    def frame_of(cls, frame: "Frame") -> dict[str, Any]:
        """These fields, of a report's frame."""
        theirs = frame.days.zone
        period, before = (
            span and Between(begin=span.begin.astimezone(theirs), end=span.end.astimezone(theirs))
            for span in (frame.period, frame.before)
        )
        return {
            "first": frame.days.first,
            "last": frame.days.last,
            "zone": theirs.key,
            "period": period,
            "compared_with": before,
        }


class Part[F](BaseModel):
    """A day or an hour of a row."""

    begin: datetime
    figures: F


class Row[F](BaseModel):
    """One row of a report."""

    ids: dict[str, str | int]
    """What it is about, such as `source_id` and `sub_source`."""
    name: str | None
    """What that is called now; None for what has no name, or is gone."""
    figures: F
    before: F | None
    """The same of the period that is compared with."""
    parts: list[Part[F]]
    """By day or hour, where that is asked for."""


class Report[F, R](Framed):
    """A report: rows in order, and all of them together."""

    total: F
    """All rows together, also those that are left out."""
    total_before: F | None
    total_parts: list[Part[F]]
    rows: list[R]
    left_out: int
    """How many rows there are beyond the limit."""

    @classmethod
    def of(cls, table: "Table", **more: Any) -> Self:
        """What the API shows of a table."""
        total = _shown(table.total, table)
        return cls(
            **cls.frame_of(table.frame),
            total=total["figures"],
            total_before=total["before"],
            total_parts=total["parts"],
            rows=[_shown(line, table) for line in table.lines],
            left_out=table.left_out,
            **more,
        )


class LeadReport(Report[LeadFigures, Row[LeadFigures]]):
    """What became of leads."""


class OfferReport(Report[OfferFigures, Row[OfferFigures]]):
    """What became of offers."""


class ServiceReport(Report[ServiceFigures, Row[ServiceFigures]]):
    """How soon people were reached."""


class RecipientRow(Row[OfferFigures]):
    """A recipient, and its share."""

    share: Share | None
    """None where no pool has the recipient, and where a campaign alone is looked at."""


class RecipientReport(Report[OfferFigures, RecipientRow]):
    """What became of recipients' offers."""


class MemberReport(Report[OfferFigures, RecipientRow]):
    """What became of a pool's offers."""

    basis: Basis
    """What the pool's promise is made of."""


class VersionRow(Row[LeadFigures]):
    """A plan's version, and what can be said of it beside the one before."""

    certainty: Certainty


class VersionReport(Report[LeadFigures, VersionRow]):
    """What became of leads under each version of a plan."""


class FunnelReport(Framed):
    """How far leads come."""

    steps: list[Step]
    before: list[Step] | None

    @classmethod
    def of(cls, funnel: "Funnel") -> Self:
        """What the API shows of it."""
        return cls(**cls.frame_of(funnel.frame), steps=funnel.steps, before=funnel.before)


class LastHour(Between):
    """The last hour that is over."""

    figures: LeadFigures


class Today(Framed):
    """Today, and how that is beside the same day a week before."""

    so_far: LeadFigures
    """All of today."""
    in_full_hours: LeadFigures
    """Of the hours of today that are over: this is what can be compared."""
    week_before: LeadFigures
    """Of the same hours of the same day of the week before."""


class OverviewReport(BaseModel):
    """What is going on."""

    now: datetime
    states: dict[LeadState, int]
    """Leads of the last 30 days by the state that they are in now."""
    last_hour: LastHour
    today: Today

    @classmethod
    def of(cls, found: "Overview") -> Self:
        """What the API shows of it."""
        theirs = found.today.days.zone
        begin, end = (moment.astimezone(theirs) for moment in found.last_hour)
        return cls(
            now=found.now.astimezone(theirs),
            states=found.states,
            last_hour=LastHour(begin=begin, end=end, figures=found.of_last_hour),
            today=Today(
                **Today.frame_of(found.today),
                so_far=found.so_far,
                in_full_hours=found.in_full_hours,
                week_before=found.week_before,
            ),
        )


def _shown(line: "Line", table: "Table") -> dict[str, Any]:
    """A row's fields; there may be more than its kind has."""
    theirs = table.frame.days.zone
    parts = [{"begin": begin.astimezone(theirs), "figures": figures} for begin, figures in line.parts]
    own = {name: getattr(line, name) for name in ("name", "figures", "before", "share", "certainty")}
    return {**own, "ids": dict(line.ids), "parts": parts}
