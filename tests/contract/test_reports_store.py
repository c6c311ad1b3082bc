"""Counters in both implementations."""

from dataclasses import replace
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from botocore.exceptions import ClientError

from baton.adapters.dynamo_reports import SHARDS, DynamoReports
from baton.adapters.memory_reports import MemoryReports
from baton.application.count_leads import CountLeads
from baton.application.reports import Reports, Row
from baton.domain.lead import Answer, LeadState, PastOffer
from baton.domain.reports.calendar import Bucket, Calendar, Grain
from baton.domain.reports.counting import Counted, next_step
from baton.domain.reports.tally import ALL, Cell, Dimension, tally_of
from tests.builders import MONDAY_9AM, a_lead

CALENDAR = Calendar(ZoneInfo("America/New_York"))
TOTAL = Cell(ALL, Dimension.TOTAL, ALL)
HOUR = Bucket(Grain.HOUR, "2026-11-23T14:00")
DAY = Bucket(Grain.DAY, "2026-11-23")
LEAD = a_lead(
    sub_source="spring",
    offers=(PastOffer(recipient_id="ana", stage=0, pool_id="team", answer=Answer.EXPIRED),),
)


@pytest.fixture(params=["memory", "dynamo"])
def reports(request: pytest.FixtureRequest) -> Reports:
    """The counters, in memory and in DynamoDB."""
    if request.param == "memory":
        return MemoryReports()
    return DynamoReports(request.getfixturevalue("dynamodb"), "ReportsTable", "America/New_York")


def total(reports: Reports, bucket: Bucket = DAY) -> Row:
    """The counter of all leads of that day."""
    (row,) = reports.rows(ALL, Dimension.TOTAL, bucket.grain, bucket.name, bucket.name)
    return row


def test_a_lead_is_in_its_hour_in_its_day_and_beside_them(reports: Reports) -> None:
    assert CountLeads(reports, CALENDAR)([LEAD]) == 1

    for bucket in (HOUR, DAY):
        assert total(reports, bucket) == Row(bucket, TOTAL, 1, tally_of(LEAD)[TOTAL])
    (counted,) = reports.counted_in(DAY, HOUR, HOUR)
    assert counted == Counted(LEAD.lead_id, HOUR, DAY, 1, LEAD.rev, tally_of(LEAD))
    assert reports.counted([Counted.nothing_of(LEAD, CALENDAR)]) == {LEAD.lead_id: counted}


def test_of_a_lead_that_is_not_counted_there_is_nothing(reports: Reports) -> None:
    nothing = Counted.nothing_of(LEAD, CALENDAR)

    assert reports.counted([nothing]) == {LEAD.lead_id: nothing}
    assert list(reports.counted_in(DAY, HOUR, HOUR)) == []
    assert list(reports.rows(ALL, Dimension.TOTAL, Grain.DAY, "2026-01-01", "2026-12-31")) == []


def test_of_two_who_count_one_lead_one_is_too_late_and_has_added_nothing(reports: Reports) -> None:
    step = next_step(LEAD, Counted.nothing_of(LEAD, CALENDAR))
    assert step is not None

    assert reports.add([step])
    assert not reports.add([step])
    assert total(reports).measures == tally_of(LEAD)[TOTAL]


def test_one_of_a_batch_that_is_counted_already_keeps_the_others_from_being_counted_twice(
    reports: Reports,
) -> None:
    other = LEAD.model_copy(update={"lead_id": "f" * 32})
    first = next_step(LEAD, Counted.nothing_of(LEAD, CALENDAR))
    second = next_step(other, Counted.nothing_of(other, CALENDAR))
    assert first is not None
    assert second is not None
    reports.add([first])

    assert not reports.add([first, second])
    CountLeads(reports, CALENDAR)([LEAD, other])

    assert total(reports).measures["received"] == 2


def test_what_a_lead_no_longer_is_is_taken_back(reports: Reports) -> None:
    count = CountLeads(reports, CALENDAR)
    count([LEAD])

    count([LEAD.model_copy(update={"rev": 9, "state": LeadState.UNASSIGNED})])

    measures = total(reports).measures
    assert (measures["state.scored"], measures["state.unassigned"], measures["received"]) == (0, 1, 1)


def test_counters_are_read_by_bucket_and_value_over_months_and_years(reports: Reports) -> None:
    moments = [MONDAY_9AM.replace(year=year, month=month) for year in (2025, 2026) for month in (11, 12)]
    CountLeads(reports, CALENDAR)(
        a_lead(lead_id=f"{n:032x}", source_id=source, received_at=at)
        for n, (at, source) in enumerate((at, source) for at in moments for source in ("b", "a"))
    )

    def read(grain: Grain, first: str, last: str) -> list[tuple[str, str]]:
        rows = reports.rows(ALL, Dimension.SOURCE, grain, first, last)
        return [(row.bucket.name, row.cell.value) for row in rows]

    assert read(Grain.DAY, "2025-12-23", "2026-11-23") == [
        (day, source) for day in ("2025-12-23", "2026-11-23") for source in ("a", "b")
    ]
    assert read(Grain.HOUR, "2025-11-23T15:00", "2026-11-23T13:00") == [
        ("2025-12-23T14:00", "a"),
        ("2025-12-23T14:00", "b"),
    ]
    assert len(read(Grain.HOUR, "2025-11-23T14:00", "2026-12-23T14:00")) == 8


def test_a_counter_is_replaced_only_by_who_has_seen_it_as_it_is(reports: Reports) -> None:
    CountLeads(reports, CALENDAR)([LEAD])
    row = total(reports)
    mended = Row(DAY, TOTAL, row.rev + 1, {"received": 7})

    assert reports.replace(mended)
    assert not reports.replace(mended)
    assert total(reports) == mended
    new = Cell(ALL, Dimension.TOTAL, "another")
    assert reports.replace(Row(DAY, new, 1, {"received": 1}))
    assert not reports.replace(Row(DAY, new, 1, {"received": 2}))


def test_counting_after_a_counter_was_replaced_goes_on_from_there(reports: Reports) -> None:
    count = CountLeads(reports, CALENDAR)
    count([LEAD])
    row = total(reports)
    reports.replace(Row(DAY, TOTAL, row.rev + 1, {"received": 7}))

    count([LEAD.model_copy(update={"lead_id": "f" * 32})])

    assert total(reports).measures["received"] == 8


class Contended:
    """DynamoDB while others write the same rows: transactions are refused now and then, as moto never does."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.refused = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **given: Any) -> Any:
        """Refused every time but the third."""
        if self.refused % 3 != 2:
            self.refused += 1
            reasons = [{"Code": "None"} for _ in given["TransactItems"][1:]] + [
                {"Code": "TransactionConflict"}
            ]
            said = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(said, "TransactWriteItems")
        self.refused += 1
        return self._client.transact_write_items(**given)


def test_a_transaction_that_conflicts_with_others_is_tried_again_after_a_pause(dynamodb: Any) -> None:
    reports = DynamoReports(client := Contended(dynamodb), "ReportsTable", "America/New_York")
    pauses: list[int] = []

    CountLeads(reports, CALENDAR, pauses.append)([LEAD])

    assert total(reports).measures["received"] == 1
    assert (client.refused, pauses) == (3, [1, 2])


def test_counters_are_read_as_they_were_last_written(dynamodb: Any) -> None:
    """A proof reads a counter before and after its parts: an older copy would prove nothing."""

    class Watched(Contended):
        asked: ClassVar[list[bool]] = []

        def query(self, **given: Any) -> Any:
            self.asked.append(given["ConsistentRead"])
            return self._client.query(**given)

    reports = DynamoReports(client := Watched(dynamodb), "ReportsTable", "America/New_York")
    list(reports.rows(ALL, Dimension.TOTAL, Grain.DAY, "2026-11-01", "2026-11-30"))
    list(reports.counted_in(DAY, HOUR, HOUR))

    assert client.asked == [True] * (1 + SHARDS)


def test_who_counts_a_lead_anew_writes_the_same_row_in_whatever_order_they_looked(dynamodb: Any) -> None:
    step = next_step(LEAD, Counted.nothing_of(LEAD, CALENDAR))
    assert step
    tally = step.counted.tally
    backwards = {cell: dict(reversed([*measures.items()])) for cell, measures in reversed([*tally.items()])}

    DynamoReports(dynamodb, "ReportsTable", "One").add([step])
    DynamoReports(dynamodb, "ReportsTable", "Two").add(
        [replace(step, counted=replace(step.counted, tally=backwards))]
    )

    one, two = (row["tally"] for row in dynamodb.scan(TableName="ReportsTable")["Items"] if "tally" in row)
    assert one == two


def test_leads_counted_in_another_zone_are_other_counters(request: pytest.FixtureRequest) -> None:
    dynamodb = request.getfixturevalue("dynamodb")
    new_york = DynamoReports(dynamodb, "ReportsTable", "America/New_York")
    berlin = DynamoReports(dynamodb, "ReportsTable", "Europe/Berlin")

    CountLeads(new_york, CALENDAR)([LEAD])
    CountLeads(berlin, Calendar(ZoneInfo("Europe/Berlin")))([LEAD])

    assert total(new_york).measures == total(berlin).measures
