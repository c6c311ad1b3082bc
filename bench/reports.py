"""A day's reports of 100 sources and 50 reps, after 1,000, 10,000 and 100,000 leads: table reads, and time warm.

The reads are those of the use cases; the time is that of a request to the real gateway of the local AWS, which runs on
the same processors.
"""

import random
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any, Final
from zoneinfo import ZoneInfo

from baton.adapters.dynamo import read_items_plainly
from baton.adapters.dynamo_archive import DynamoArchive
from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_reports import DynamoReports
from baton.adapters.system import SystemClock
from baton.application.read_counters import ReadCounters
from baton.application.read_shares import ReadShares
from baton.application.report_tables import Asked, ReportTables
from baton.application.reports import Row as CounterRow
from baton.application.show_reports import ShowReports
from baton.domain.lead import Answer, Contact, Lead, LeadState, PastOffer
from baton.domain.plan import Plan, PublishedPlan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.reports.calendar import Bucket, Calendar
from baton.domain.reports.tally import Cell, Dimension, tally_of
from baton.domain.source import Source
from bench.cloud import Cloud, cloud
from bench.table import Row
from local import users

SIZES: Final = (1_000, 10_000, 100_000)
SOURCES: Final = 100
REPS: Final = 50
REQUESTS: Final = 30
FIRST: Final = datetime(2026, 11, 2, tzinfo=UTC)
UTC_DAYS: Final = Calendar(ZoneInfo("UTC"))


def measure() -> list[Row]:
    """A row per report and number of leads."""
    with cloud() as stack:
        stack.configure(*documents())
        show, reads = counted_use_cases(stack)
        token = token_of(stack)
        found = []
        for number, leads in enumerate(SIZES):
            day = FIRST + timedelta(days=number)
            fill(stack, day, leads)
            asked = Asked(first=day.date(), last=day.date())
            reports: tuple[tuple[str, Callable[[], object]], ...] = (
                ("sources", partial(show.leads, Dimension.SOURCE, asked)),
                ("recipients", partial(show.recipients, asked)),
            )
            for name, call in reports:
                reads.clear()
                call()
                row: Row = {"report": name, "leads": leads, "table reads": len(reads)}
                found.append(row | timed(stack, token, name, day) | {"own cpu ms": own_time(call)})
        return found


def timed(stack: Cloud, token: str, name: str, day: datetime) -> Row:
    """How long the report takes warm, as a caller sees it."""
    url = f"{stack.api_url}/v1/reports/{name}?from={day.date()}&to={day.date()}"
    request = urllib.request.Request(url, headers={"Authorization": token})
    times = []
    for _ in range(REQUESTS + 3):
        begun = time.perf_counter()
        with urllib.request.urlopen(request) as answer:
            answer.read()
        times.append((time.perf_counter() - begun) * 1e3)
    warm = sorted(times[3:])
    return {"fastest ms": round(warm[0]), "median ms": round(median(warm)), "p90 ms": round(warm[-4])}


def own_time(call: Callable[[], object]) -> int:
    """Processor time of the use case and its client alone, in ms: what others do on the machine is no part of it."""
    times = []
    for _ in range(9):
        begun = time.process_time()
        call()
        times.append((time.process_time() - begun) * 1e3)
    return round(median(times))


def counted_use_cases(stack: Cloud) -> tuple[ShowReports, list[str]]:
    """The use cases, and the calls to DynamoDB that they have made."""
    client: Any = read_items_plainly(stack.client("dynamodb"))
    calls: list[str] = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    client.meta.events.register("before-call.dynamodb.*", note)
    table, clock = stack.outputs["ConfigTable"], SystemClock()
    reports = DynamoReports(client, reports_table(stack), "UTC")
    configuration = DynamoConfiguration(client, table)
    shares = ReadShares(configuration, DynamoArchive(client, table), clock)
    return ShowReports(ReportTables(ReadCounters(reports, UTC_DAYS), configuration, clock), shares), calls


def reports_table(stack: Cloud) -> str:
    """What the Reports table is called."""
    found = stack.client("cloudformation").describe_stack_resource(
        StackName="baton-bench", LogicalResourceId="ReportsTable"
    )
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def token_of(stack: Cloud) -> str:
    """A viewer's token."""
    cognito, password = stack.client("cognito-idp"), users.new_password()
    users.add(cognito, stack.outputs["UserPoolId"], "bench", password, "viewer")
    return users.sign_in(cognito, stack.outputs["UserPoolClientId"], "bench", password)


def documents() -> list[Any]:
    """Sources, reps, their pool and the plan that asks it."""
    reps = [Recipient(id=f"rep-{n}", name=f"Rep {n}", phone="+12025550100", zone="UTC") for n in range(REPS)]
    return [
        *(Source(id=f"source-{n}", name=f"Source {n}", campaign_id="solar") for n in range(SOURCES)),
        *reps,
        Pool(id="team", name="Team", members=tuple(Member(recipient_id=rep.id) for rep in reps)),
        Plan(id="solar", version=1, stages=(Stage(name="all", pool_id="team"),)),
        PublishedPlan(id="solar", version=1),
    ]


def fill(stack: Cloud, day: datetime, leads: int) -> None:
    """Counters of a day with so many leads, counted the sum of what each of them adds."""
    counters: dict[tuple[Bucket, Cell], Counter[str]] = {}
    for lead in leads_of(day, leads):
        for bucket in UTC_DAYS.buckets_of(lead.received_at):
            for cell, measures in tally_of(lead).items():
                counters.setdefault((bucket, cell), Counter()).update(measures)
    table = DynamoReports(stack.client("dynamodb"), reports_table(stack), "UTC")
    rows = [CounterRow(bucket, cell, 1, measures) for (bucket, cell), measures in counters.items()]
    write: Callable[[CounterRow], bool] = table.replace
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(write, rows))


def leads_of(day: datetime, leads: int) -> Iterator[Lead]:
    """Leads over eight hours, half of them taken at their first offer, a tenth of them converted."""
    chance = random.Random(leads)
    for number in range(leads):
        at = day + timedelta(hours=9, seconds=chance.randrange(8 * 3600))
        who, other = (f"rep-{chance.randrange(REPS)}" for _ in range(2))
        contacted = at + timedelta(seconds=chance.lognormvariate(5, 1.5))
        yield Lead(
            lead_id=f"{number:032x}",
            rev=5,
            state=LeadState.CONVERTED if chance.random() < 0.1 else LeadState.CONTACTED,
            source_id=f"source-{chance.randrange(SOURCES)}",
            campaign_id="solar",
            received_at=at,
            moved_at=at,
            contact=Contact(),
            plan_id="solar",
            plan_version=1,
            band=chance.choice(("hot", "warm", "cold")),
            cost_cents=chance.randrange(500),
            value_cents=chance.randrange(100_000),
            placed_at=at + timedelta(seconds=chance.randrange(1, 300)),
            contacted_at=contacted,
            recipient_id=who,
            offers=(
                PastOffer(recipient_id=other, stage=0, pool_id="team", answer=Answer.DECLINED),
                PastOffer(recipient_id=who, stage=0, pool_id="team", answer=Answer.ACCEPTED),
            )[chance.randrange(2) :],
        )
