"""What can be asked of reports: the parameters of their addresses, written once."""

from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, Field

from baton.application.report_tables import Asked
from baton.domain.documents import ID_PATTERN
from baton.domain.reports.ordering import Order
from baton.domain.reports.periods import Compare, Grouping
from baton.domain.reports.tally import Dimension

DEFAULT_ROWS: Final = 100
MAX_ROWS: Final = 1000
MAX_MINUTES: Final = 30 * 24 * 60
FIRST: Final = date(2000, 1, 1)
LAST: Final = date(2099, 12, 31)

Day = Annotated[date, Field(ge=FIRST, le=LAST)]
ById = Annotated[str, Field(pattern=ID_PATTERN)]


class ReportFormat(StrEnum):
    """In what form a report is answered."""

    JSON = "json"
    CSV = "csv"


Format = Annotated[ReportFormat | None, Field(description="By default what the header `Accept` asks for.")]


class Served(StrEnum):
    """By what a service level is told apart."""

    CAMPAIGN = Dimension.CAMPAIGN.value
    SOURCE = Dimension.SOURCE.value
    BAND = Dimension.BAND.value
    RECIPIENT = Dimension.RECIPIENT.value
    POOL = Dimension.POOL.value


class OfZone(BaseModel):
    """Whose days."""

    zone: str | None = Field(None, max_length=64, description="IANA time zone; by default the house's.")


class OfCampaign(BaseModel):
    """Of which leads."""

    campaign_id: ById | None = Field(None, description="Leads of that campaign alone.")


class OfDays(OfZone):
    """Of which days, and beside which."""

    first: Day | None = Field(None, alias="from", description="The first day; by default the last one.")
    last: Day | None = Field(None, alias="to", description="The last day, included; by default today.")
    compare: Compare = Field(Compare.NONE, description="The days before, or those of weeks before.")
    format: Format = None

    def asked(self) -> Asked:
        """The same in the use cases' words."""
        return Asked(
            first=self.first,
            last=self.last,
            zone=self.zone,
            compare=self.compare,
            campaign_id=getattr(self, "campaign_id", None),
        )


class OfRows(OfDays):
    """Which rows."""

    group: Grouping = Field(Grouping.NONE, description="Whether rows are divided by day or hour.")
    sort: str | None = Field(
        None,
        pattern=r"^-?[a-z][a-z0-9_]{0,63}$",
        description="By which figure, such as `-profit`: with `-` the greatest first.",
    )
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$", description="By whose amounts money is sorted.")
    limit: int = Field(DEFAULT_ROWS, ge=1, le=MAX_ROWS, description="How many rows at most.")

    def asked(self) -> Asked:
        """The same in the use cases' words."""
        days = super().asked()
        order = Order.named(self.sort) if self.sort else None
        return replace(days, grouping=self.group, order=order, currency=self.currency, limit=self.limit)


class Now(OfZone, OfCampaign):
    """Parameters of the overview."""

    format: Format = None


class Steps(OfDays, OfCampaign):
    """Parameters of the funnel."""


class Rows(OfRows):
    """Parameters of reports of all campaigns together."""


class RowsOfCampaign(OfRows, OfCampaign):
    """Parameters of reports that may be of one campaign."""


class Members(OfRows):
    """Parameters of the report on a pool's members."""

    pool_id: ById


class RowsOfPlan(OfRows):
    """Parameters of reports on versions and stages of plans."""

    plan_id: ById | None = Field(None, description="Of that plan alone.")


class ServiceLevel(OfRows, OfCampaign):
    """Parameters of the report on the service level."""

    by: Served = Field(Served.RECIPIENT, description="By what rows are told apart.")
    minutes: int = Field(5, ge=1, le=MAX_MINUTES, description="Within how many minutes is in time.")

    @property
    def within(self) -> timedelta:
        """How soon is in time."""
        return timedelta(minutes=self.minutes)
