"""Reports over counters in memory: what tests count, and who asks."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from baton.adapters.doubles import FixedClock
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.adapters.memory_reports import MemoryReports
from baton.application.count_leads import CountLeads
from baton.application.read_counters import ReadCounters
from baton.application.read_shares import ReadShares
from baton.application.report_tables import ReportTables
from baton.application.show_overview import ShowOverview
from baton.application.show_reports import ShowReports
from baton.domain.documents import Configured
from baton.domain.lead import Answer, Lead, LeadState, PastOffer
from baton.domain.plan import Plan, PublishedPlan
from baton.domain.reports.calendar import Calendar
from baton.entrypoints.console.reports import reports_api
from tests.builders import LEAD_ID, MINUTE, MONDAY_9AM, a_lead
from tests.unit.console import Caller

_SOLD_FOR: Final = {"price_cents": 4000, "payout_cents": 1500}


@dataclass
class House:
    """A house that counts its leads, and people who look at its reports."""

    zone: str = "America/New_York"
    now: datetime = MONDAY_9AM
    leads: list[Lead] = field(default_factory=list)
    documents: list[Configured] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = FixedClock(self.now)
        self.reports = MemoryReports()
        calendar, configuration = Calendar(ZoneInfo(self.zone)), MemoryConfiguration()
        for document in self.documents:
            configuration.put(document)
        count = CountLeads(self.reports, calendar)
        count(lead.model_copy(update={"lead_id": f"{n:032x}"}) for n, lead in enumerate(self.leads))
        self.configuration, self.archive = configuration, MemoryArchive(configuration)
        self.counters = ReadCounters(self.reports, calendar)
        self.tables = ReportTables(self.counters, configuration, self.clock)
        self.shares = ReadShares(configuration, self.archive, self.clock)
        self.show = ShowReports(self.tables, self.shares)
        self.look = ShowOverview(self.tables, self.counters, self.clock)
        self.viewer = Caller(reports_api(lambda: self.show, lambda: self.look), "vera", "viewer")

    def get(self, path: str) -> Any:
        """A report, as a viewer gets it."""
        answer = self.viewer("GET", f"/v1/reports/{path}")
        assert answer.status == 200, answer
        return answer.json

    def figures(self, path: str, key: str) -> dict[str, Any]:
        """The figures of each row, by one of its ids."""
        return {str(row["ids"][key]): row["figures"] for row in self.get(path)["rows"]}


def a_sale(to: str = "acme", *, at: datetime = MONDAY_9AM, returned: bool = False, **facts: Any) -> Lead:
    """A lead that a buyer bought for 40 dollars, of which its source gets 15."""
    answer = Answer.RETURNED if returned else Answer.ACCEPTED
    offer = PastOffer(recipient_id=to, stage=0, pool_id="buyers", answer=answer, **_SOLD_FOR)
    known = {
        "lead_id": LEAD_ID,
        "state": LeadState.RETURNED if returned else LeadState.SOLD,
        "offers": (offer,),
        "recipient_id": to,
        "received_at": at,
        "placed_at": at + MINUTE,
    }
    return a_lead(**{**known, **facts})


def taken_by(who: str, *declined: str, at: datetime = MONDAY_9AM, **facts: Any) -> Lead:
    """A lead that a rep of the team took, after others had declined it."""
    offers = (
        *(
            PastOffer(recipient_id=other, stage=0, pool_id="team", answer=Answer.DECLINED)
            for other in declined
        ),
        PastOffer(
            recipient_id=who,
            stage=0,
            pool_id="team",
            answer=Answer.ACCEPTED,
            contacted_at=facts.get("contacted_at"),
        ),
    )
    known = {
        "state": LeadState.ASSIGNED,
        "offers": offers,
        "recipient_id": who,
        "received_at": at,
        "placed_at": at + MINUTE,
    }
    return a_lead(**{**known, **facts})


def converted_by(who: str, cents: int, *declined: str, at: datetime = MONDAY_9AM, **facts: Any) -> Lead:
    """A lead that a rep contacted after five minutes, and that was worth so much."""
    known = {
        "state": LeadState.CONVERTED,
        "contacted_at": at + 5 * MINUTE,
        "value_cents": cents,
        "value_currency": "USD",
    }
    return taken_by(who, *declined, at=at, **{**known, **facts})


def published(*documents: Configured) -> list[Configured]:
    """Documents, with their plans in force."""
    plans = [document for document in documents if isinstance(document, Plan)]
    return [*documents, *(PublishedPlan(id=plan.id, version=plan.version) for plan in plans)]
