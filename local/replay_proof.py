"""Whether reports equal the leads after a replay: conservation, a rebuild that changes nothing, exact percentiles."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any, Final
from zoneinfo import ZoneInfo

import boto3

from baton.adapters.dynamo_lead_search import DynamoLeadSearch
from baton.adapters.dynamo_reports import DynamoReports
from baton.domain.lead import Lead
from baton.domain.reports.calendar import Calendar, Grain
from baton.domain.reports.histogram import percentile
from baton.domain.reports.tally import ALL, IN_CAMPAIGNS, RESPONSE, ROUTING, Dimension
from baton.domain.search import Wanted
from local import users
from local.record import Stack, emulator_of
from local.replay_follow import Tables
from local.replay_post import Wire

ZONE: Final = "UTC"
"""In which the local stack counts days."""
PATIENCE_S: Final = 180.0
PERCENTS: Final = (50, 90, 99)
CLOSE: Final = 0.02
PAGE: Final = 1000
MS: Final = timedelta(milliseconds=1)


@dataclass(slots=True)
class Shown:
    """What a proof has found."""

    leads: int = 0
    counters: int = 0
    waited_s: float = 0.0
    named: list[dict[str, Any]] = field(default_factory=list)
    rebuilt: int = 0
    """Counters and leads that a rebuild had to write anew: none, where nothing was wrong."""
    changed: int = 0
    """Counters that are different after the rebuild."""
    percentiles: list[tuple[str, int, float, float]] = field(default_factory=list)
    """What is measured, the percent, as reported, and exactly; in milliseconds."""

    @property
    def far_off(self) -> list[str]:
        """Percentiles that are not close to the exact ones."""
        return [
            f"{what} p{percent}: {reported:.0f} ms reported, {exact:.0f} ms exactly"
            for what, percent, reported, exact in self.percentiles
            if abs(reported - exact) > max(CLOSE * exact, 1.0)
        ]


class Proof:
    """Over the API, and over the tables for what no report shows."""

    def __init__(self, stack: Stack, tables: Tables) -> None:
        options = emulator_of(stack).client_options()
        dynamodb = boto3.client("dynamodb", **options)
        resource = boto3.client("cloudformation", **options).describe_stack_resource(
            StackName=stack["stack_name"], LogicalResourceId="ReportsTable"
        )
        self._reports = DynamoReports(dynamodb, resource["StackResourceDetail"]["PhysicalResourceId"], ZONE)
        self._search = DynamoLeadSearch(dynamodb, stack["tables"]["leads"])
        self._wire = Wire(stack["api_url"])
        self._token = users.token(stack, "admin")
        self._tables = tables
        self.shown = Shown()

    def of(self, lead_ids: Iterable[str]) -> Shown:
        """Wait until everything is counted, then compare, for the days of these leads."""
        leads = [
            one.lead
            for part in batched(sorted(lead_ids), PAGE, strict=False)
            for one in self._tables.look(part).values()
        ]
        days = sorted({Calendar(ZoneInfo(ZONE)).day_of(lead.received_at).name for lead in leads})
        if not days:
            return self.shown
        self._settle(days[0], days[-1])
        before = dict(self._counters(days, leads))
        self.shown.rebuilt = sum(part["repaired"] for part in self._ask("POST", "rebuild", days[0], days[-1]))
        after = dict(self._counters(days, leads))
        self.shown.changed = sum(before.get(key) != after.get(key) for key in before | after)
        self._compare_percentiles(days, {lead.campaign_id for lead in leads})
        return self.shown

    def _settle(self, first: str, last: str) -> None:
        began = time.monotonic()
        while True:
            parts = list(self._ask("GET", "conservation", first, last))
            self.shown.waited_s = time.monotonic() - began
            if all(part["clean"] for part in parts) or self.shown.waited_s > PATIENCE_S:
                break
            time.sleep(1)
        self.shown.leads = sum(part["leads"] for part in parts)
        self.shown.counters = sum(part["counters"] for part in parts)
        self.shown.named = [one for part in parts for one in part["named"]]

    def _ask(self, verb: str, what: str, first: str, last: str) -> Iterator[dict[str, Any]]:
        after = ""
        while True:
            path = f"/v1/reports/{what}?from={first}&to={last}{after}"
            status, answer, failure = self._wire.send(verb, path, b"", {"Authorization": self._token})
            if status != 200:  # noqa: PLR2004
                raise RuntimeError(f"{verb} {path}: {status} {failure}")
            part = json.loads(answer)
            yield part
            if part["next"] is None:
                return
            after = f"&after={part['next']}"

    def _counters(self, days: list[str], leads: Iterable[Lead]) -> Iterator[tuple[str, dict[str, int]]]:
        scopes = {ALL: tuple(Dimension), **{lead.campaign_id: IN_CAMPAIGNS for lead in leads}}
        for scope, dimensions in scopes.items():
            for dimension in dimensions:
                for row in self._reports.rows(scope, dimension, Grain.DAY, days[0], days[-1]):
                    yield f"{row.bucket.name} {row.cell}", {name: n for name, n in row.measures.items() if n}

    def _compare_percentiles(self, days: list[str], campaigns: set[str]) -> None:
        """Percentiles of these campaigns' counters, beside those of their leads one by one."""
        exact: dict[str, list[float]] = {RESPONSE: [], ROUTING: []}
        for lead in self._leads(days, campaigns):
            if lead.contacted_at:
                exact[RESPONSE].append((lead.contacted_at - lead.received_at) / MS)
            if lead.placed_at:
                exact[ROUTING].append((lead.placed_at - lead.received_at) / MS)
        counted: dict[str, Counter[int]] = {RESPONSE: Counter(), ROUTING: Counter()}
        for row in self._reports.rows(ALL, Dimension.CAMPAIGN, Grain.DAY, days[0], days[-1]):
            for name, number in row.measures.items() if row.cell.value in campaigns else ():
                what, _, bucket = name.partition(".")
                if what in counted:
                    counted[what][int(bucket)] += number
        for what, values in exact.items():
            values.sort()
            for percent in PERCENTS if values else ():
                reported = percentile(counted[what], percent) or 0.0
                place = int((len(values) - 1) * percent / 100)
                self.shown.percentiles.append((what, percent, reported, values[place]))

    def _leads(self, days: list[str], campaigns: set[str]) -> Iterator[Lead]:
        begin = datetime.fromisoformat(days[0]).replace(tzinfo=UTC)
        end = datetime.fromisoformat(days[-1]).replace(tzinfo=UTC) + timedelta(days=1)
        after: str | None = None
        while True:
            page = self._search.page(Wanted(since=begin, until=end), campaigns, PAGE, after)
            yield from (lead for lead in page.items if not lead.test)
            if (after := page.after) is None:
                return


def proof_lines(shown: Shown) -> list[str]:
    """What was found, in lines."""
    return [
        f"reports      {shown.leads} leads, {shown.counters} counters, {len(shown.named)} disagree"
        f" (all counted after {shown.waited_s:.1f} s)",
        f"rebuild      {shown.rebuilt} repaired, {shown.changed} counters changed",
        *(
            f"{what:<10} p{percent:<2} {reported:>9.0f} ms reported, {exact:>9.0f} ms exactly,"
            f" off by {abs(reported - exact) / max(exact, 1):.2%}"
            for what, percent, reported, exact in shown.percentiles
        ),
    ]


def agrees(proof: Proof) -> list[str]:
    """What does not agree."""
    shown = proof.shown
    off = [f"{one['fault']} {one['bucket']} {one['where']}" for one in shown.named]
    return off + shown.far_off + ([f"{shown.changed} counters after a rebuild"] if shown.changed else [])
