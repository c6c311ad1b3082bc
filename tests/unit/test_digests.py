"""The daily digest: at whose hour it is sent, how often, and what it says."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.adapters.digest_marks import MemoryMarks
from baton.adapters.doubles import MemoryNotifier
from baton.application.gather_news import GatherNews, News
from baton.application.send_digests import SendDigests
from baton.domain.errors import NotificationFailed, StoreUnavailable
from baton.domain.lead import Lead, LeadState
from baton.domain.plan import Model
from baton.domain.reports.digest import LATE, LEASE, Digest, taken_on
from baton.domain.reports.remarks import best_and_worst, duration
from tests.builders import MINUTE, MONDAY_9AM, a_lead, a_plan, a_pool, a_rep, a_source, a_stage
from tests.unit.console import an_admin
from tests.unit.reporting import House, converted_by, published, taken_by

A_DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
SEVEN_IN_NEW_YORK = MONDAY_9AM.replace(hour=12)
MARIA = "maria@example.com"


def a_digest(**facts: Any) -> Digest:
    """A digest to one manager in New York at seven."""
    known = {"id": "morning", "name": "Leads", "emails": (MARIA,), "zone": "America/New_York"}
    return Digest.model_validate({**known, **facts})


class Office:
    """A house that sends digests."""

    def __init__(
        self, *digests: Digest, leads: Any = (), documents: Any = (), zone: str = "America/New_York"
    ) -> None:
        self.house = House(zone, SEVEN_IN_NEW_YORK, list(leads), [*digests, *documents])
        self.marks, self.mails = MemoryMarks(), MemoryNotifier()

    def send(self, at: datetime = SEVEN_IN_NEW_YORK) -> int:
        """One run of the schedule; how many mails it sent."""
        self.house.clock.at = at
        return self.sender(self.mails)().sent

    def sender(self, mails: MemoryNotifier) -> SendDigests:
        """The use case."""
        house = self.house
        news = GatherNews(house.tables, house.counters, house.shares, house.configuration)
        return SendDigests(house.archive, self.marks, news, mails, house.clock)

    @property
    def text(self) -> str:
        """The only mail."""
        ((_, text),) = self.mails.sent
        return text


def quarters(zone: str, first: date, days: int) -> Iterator[datetime]:
    """Every run of the schedule in these days of the zone."""
    at = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    for number in range(days * 96 + 8):
        yield at + number * QUARTER


@given(
    st.sampled_from(
        ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana"]
    ),
    st.integers(0, 23),
    st.sampled_from(
        [date(2026, 3, 6), date(2026, 3, 27), date(2026, 10, 3), date(2026, 10, 24), date(2026, 10, 30)]
    ),
    st.integers(0, 3),
)
def test_every_local_day_has_one_digest_also_when_clocks_change(
    zone: str, hour: int, first: date, outage: int
) -> None:
    """The schedule runs every quarter of an hour, but for outages of some hours."""
    digest, mark, days = a_digest(zone=zone, hour=hour), None, []
    for number, now in enumerate(quarters(zone, first, 5)):
        if outage and number % 40 < outage * 4:
            continue
        day = digest.due(now)
        taken = day and taken_on(mark, day, now)
        if taken:
            mark = taken.settled(sent=True, now=now)
            days.append(taken.day)
            assert now.astimezone(ZoneInfo(zone)).date() - taken.day <= A_DAY

    assert days == sorted(set(days))
    assert {first + n * A_DAY for n in range(1, 5)} <= set(days)


@pytest.mark.parametrize(
    ("hour", "at"),
    [(2, "2026-03-08T07:00"), (1, "2026-11-01T05:00"), (7, "2026-11-23T12:00")],
    ids=["skipped", "twice", "plain"],
)
def test_a_digest_is_due_from_its_hour_on_and_not_before(hour: int, at: str) -> None:
    begin = datetime.fromisoformat(at).replace(tzinfo=UTC)
    digest = a_digest(hour=hour)

    assert digest.due(begin - MINUTE) is None
    assert (
        digest.due(begin)
        == digest.due(begin + LATE - MINUTE)
        == begin.astimezone(ZoneInfo(digest.zone)).date()
    )
    assert digest.due(begin + LATE) is None
    assert a_digest(hour=hour, active=False).due(begin) is None


def test_it_is_sent_once_to_each_address() -> None:
    office = Office(
        a_digest(emails=(MARIA, "joe@example.com")), a_digest(id="other", emails=("eve@example.com",))
    )

    assert office.send(SEVEN_IN_NEW_YORK - QUARTER) == 0
    assert [office.send(SEVEN_IN_NEW_YORK + n * QUARTER) for n in range(4)] == [3, 0, 0, 0]
    assert office.send(SEVEN_IN_NEW_YORK + A_DAY) == 3
    assert {address for address, _ in office.mails.sent} == {MARIA, "joe@example.com", "eve@example.com"}


def test_many_runs_at_once_send_it_once() -> None:
    office = Office(a_digest())

    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: office.send(), range(16)))

    assert sum(sent) == len(office.mails.sent) == 1


def test_a_mail_that_cannot_be_sent_is_tried_by_the_next_run_and_holds_up_no_other() -> None:
    class Half(MemoryNotifier):
        def email(
            self, address: str, subject: str, text: str, html: str, about: Mapping[str, str] | None = None
        ) -> bool:
            if address == MARIA and self.failing:
                raise NotificationFailed
            return self._send_ok(address, text)

        def _send_ok(self, address: str, text: str) -> bool:
            self.sent.append((address, text))
            return True

    office = Office(a_digest(emails=(MARIA, "joe@example.com")))
    mails = Half(failing=True)
    with pytest.raises(NotificationFailed):
        office.sender(mails)()
    assert [address for address, _ in mails.sent] == ["joe@example.com"]

    mails.failing = False
    assert office.sender(mails)().sent == 1
    assert [address for address, _ in mails.sent] == ["joe@example.com", MARIA]


def test_a_digest_that_cannot_be_gathered_holds_up_no_other() -> None:
    class Broken(GatherNews):
        def __call__(self, digest: Digest, today: date) -> News:
            if digest.id == "broken":
                raise StoreUnavailable
            return super().__call__(digest, today)

    office = Office(a_digest(id="broken", emails=("joe@example.com",)), a_digest())
    house = office.house
    news = Broken(house.tables, house.counters, house.shares, house.configuration)
    send = SendDigests(house.archive, office.marks, news, office.mails, house.clock)

    with pytest.raises(NotificationFailed):
        send()

    assert [address for address, _ in office.mails.sent] == [MARIA]
    assert office.send() == 1


def test_in_the_zone_whose_clocks_change_by_half_an_hour_every_day_has_its_digest() -> None:
    digest = a_digest(zone="Australia/Lord_Howe", hour=20)
    office = Office(digest, leads=[a_lead(received_at=SUNDAY)])

    for number in range(400):
        office.send(SEVEN_IN_NEW_YORK + number * A_DAY)

    assert len(office.mails.sent) == 400


def test_an_address_that_is_refused_for_good_is_not_tried_again_that_day() -> None:
    office = Office(a_digest())
    office.mails.refuses.add(MARIA)

    assert office.sender(office.mails)().refused == 1
    assert office.sender(office.mails)().refused == 0


class Dies(Exception):
    """The process is gone."""


@pytest.mark.parametrize("before_the_mail", [True, False])
def test_whoever_dies_on_the_way_leaves_no_manager_without_a_digest(*, before_the_mail: bool) -> None:
    class Dying(MemoryNotifier):
        def email(
            self, address: str, subject: str, text: str, html: str, about: Mapping[str, str] | None = None
        ) -> bool:
            if not before_the_mail:
                self._send(address, text)
            raise Dies

    office = Office(a_digest())
    dying = Dying()
    with pytest.raises(Dies):
        office.sender(dying)()

    assert office.send(SEVEN_IN_NEW_YORK + LEASE - MINUTE) == 0
    assert office.send(SEVEN_IN_NEW_YORK + LEASE) == 1
    assert office.send(SEVEN_IN_NEW_YORK + 2 * LEASE) == 0
    assert len(dying.sent) == (0 if before_the_mail else 1)


SUNDAY = MONDAY_9AM - A_DAY


def test_it_tells_yesterday_beside_the_same_day_of_the_week_before() -> None:
    office = Office(
        a_digest(name="Leads of <all>"),
        leads=[
            *[converted_by("ana", 12_550, at=SUNDAY)] * 2,
            a_lead(received_at=SUNDAY),
            a_lead(received_at=SUNDAY - 7 * A_DAY),
            a_lead(received_at=MONDAY_9AM - 4 * A_DAY, state=LeadState.UNASSIGNED),
        ],
    )

    office.send()

    assert office.text.startswith("Leads of <all>: 3 leads on Sunday, 2026-11-22\n")
    assert "Received               3 (1)" in office.text
    assert "Conversion             66.7% (0.0%)" in office.text
    assert "Half contacted within  5 min (-)" in office.text
    assert "Profit                 251.00 USD (0.00 USD)" in office.text
    assert "- 1 lead that nobody has" in office.text
    assert "<h1>Leads of &lt;all&gt;</h1>" in office.text


def test_it_names_the_best_and_the_worst_source_with_the_reason() -> None:
    leads = [
        *[converted_by("ana", 10_000, at=SUNDAY, source_id="good")] * 5,
        *[taken_by("ana", at=SUNDAY, source_id="good")] * 5,
        *[taken_by("ana", at=SUNDAY, source_id="dear", cost_cents=900)] * 10,
        *[a_lead(received_at=SUNDAY, source_id="tiny", cost_cents=9000)] * 3,
    ]
    office = Office(a_digest(), leads=leads, documents=[a_source(id="dear", name="Dear leads")])

    office.send()

    best = "- Best: good: 10 leads, 50.0% converted, profit a lead 50.00 USD, cost a lead 0.00 USD"
    worst = "- Worst: Dear leads: 10 leads, 0.0% converted, profit a lead -9.00 USD, cost a lead 9.00 USD"
    assert best in office.text
    assert worst in office.text


def test_where_all_sources_are_alike_none_is_called_the_worst() -> None:
    office = Office(a_digest(), leads=[taken_by("ana", at=SUNDAY, source_id=f"s{n % 2}") for n in range(40)])

    office.send()

    assert "Best" not in office.text
    assert best_and_worst({}) is None


def test_it_names_reps_out_of_step_and_reps_that_are_slow() -> None:
    leads = [
        *[converted_by("ana", 0, at=SUNDAY) for _ in range(20)],
        *[converted_by("ben", 0, at=SUNDAY, contacted_at=SUNDAY + 125 * MINUTE) for _ in range(10)],
    ]
    team = [a_pool("ana", "ben", "carla"), a_plan(a_stage("team")), a_rep("ana"), a_rep("ben", name="Ben")]
    office = Office(a_digest(), leads=leads, documents=published(*team, a_rep("carla", paused=True)))

    office.send()

    assert "- Carla: 0 leads, 10 fewer than its share; paused now" in office.text
    assert "- Ana: 20 leads, 10 more than its share" in office.text
    assert "- Ben: 2 h 4 min until half of the people were reached; all together 5 min" in office.text
    assert "Ben: 10 leads" not in office.text


def test_of_some_campaigns_it_tells_of_their_leads_alone() -> None:
    leads = [
        taken_by("ana", at=SUNDAY, campaign_id="solar"),
        taken_by("ana", at=SUNDAY, campaign_id="roofs"),
        taken_by("ana", at=SUNDAY, campaign_id="other"),
    ]
    office = Office(a_digest(campaigns=("solar", "roofs")), leads=leads)

    office.send()

    assert office.text.startswith("Leads: 2 leads on")


def test_in_a_zone_whose_days_are_not_made_of_the_house_s_hours_it_tells_of_the_house_s_days() -> None:
    office = Office(a_digest(zone="Asia/Kolkata", hour=17), leads=[a_lead(received_at=SUNDAY)])

    assert office.send() == 1

    assert "Leads: 1 lead on Sunday, 2026-11-22" in office.text
    assert "(America/New_York)" in office.text


@pytest.mark.parametrize(
    ("house", "zone", "at", "day"),
    [
        ("America/New_York", "Asia/Kolkata", "2026-11-23T01:30", "Saturday, 2026-11-21"),
        ("Asia/Kolkata", "America/New_York", "2026-11-23T12:00", "Sunday, 2026-11-22"),
    ],
)
def test_days_of_the_house_that_it_tells_of_are_over(house: str, zone: str, at: str, day: str) -> None:
    office = Office(a_digest(zone=zone), zone=house)

    assert office.send(datetime.fromisoformat(at).replace(tzinfo=UTC)) == 1

    assert f" on {day}" in office.text


def test_a_source_that_is_paid_in_another_currency_than_most_is_neither_best_nor_worst() -> None:
    leads = [
        *[taken_by("ana", at=SUNDAY, source_id="good", cost_cents=100)] * 10,
        *[taken_by("ana", at=SUNDAY, source_id="dear", cost_cents=900)] * 10,
        *[taken_by("ana", at=SUNDAY, source_id="free")] * 10,
        *[taken_by("ana", at=SUNDAY, source_id="abroad", cost_cents=5000, currency="EUR")] * 10,
    ]
    office = Office(a_digest(), leads=leads)

    office.send()

    assert "- Best: free: 10 leads" in office.text
    assert "- Worst: dear: 10 leads" in office.text


@pytest.mark.parametrize(("currency", "told"), [("USD", True), ("EUR", False)])
def test_money_that_cannot_be_compared_makes_no_source_the_worst(currency: str, told: bool) -> None:
    leads = [
        *[converted_by("ana", 10_000, at=SUNDAY, source_id="here")] * 10,
        *[converted_by("ana", 9_000, at=SUNDAY, source_id="abroad", value_currency=currency)] * 10,
    ]
    office = Office(a_digest(), leads=leads)

    office.send()

    assert ("- Worst" in office.text) is told


def test_leads_of_pools_that_promise_nothing_hide_nobody_who_got_too_few() -> None:
    leads = [
        *[taken_by("ana", at=SUNDAY)] * 15,
        *[taken_by("ben", at=SUNDAY)] * 5,
        *[in_another_pool(taken_by("ben", at=SUNDAY))] * 100,
    ]
    documents = [
        *[a_pool("ana", "ben"), a_pool("ben", pool_id="extra")],
        a_plan(a_stage("team"), a_stage("extra", model=Model.WATERFALL)),
        *[a_rep("ana"), a_rep("ben", name="Ben")],
    ]
    office = Office(a_digest(), leads=leads, documents=published(*documents))

    office.send()

    assert "- Ben: 105 leads, 5 fewer than its share" in office.text


def in_another_pool(lead: Lead) -> Lead:
    """The same lead, offered by a pool that promises nobody anything."""
    offers = tuple(offer.model_copy(update={"pool_id": "extra"}) for offer in lead.offers)
    return lead.model_copy(update={"offers": offers})


def test_nobody_s_lead_is_named() -> None:
    office = Office(a_digest(), leads=[a_lead(received_at=SUNDAY)])

    office.send()

    assert not {"Maria", "Lopez", "maria@example.com"} & set(office.text.replace("@", " @").split())


@pytest.mark.parametrize(
    ("ms", "words"), [(900, "1 s"), (89_000, "89 s"), (90_000, "2 min"), (3_600_000, "1 h 0 min")]
)
def test_durations_are_written_as_people_say_them(ms: int, words: str) -> None:
    assert duration(ms) == words


def test_a_digest_is_a_document_like_others() -> None:
    admin = an_admin()
    digest = {"id": "morning", "name": "Leads", "emails": [MARIA], "zone": "Europe/Berlin", "hour": 8}

    assert admin("POST", "/v1/digests", digest).status == 201
    assert admin("GET", "/v1/digests/morning").json["hour"] == 8
    wrong = admin("POST", "/v1/digests", {**digest, "id": "x", "hour": 24, "emails": [], "name": "a\nb"})
    assert set(wrong.errors) == {"hour", "emails", "name"}
    missing = admin("POST", "/v1/digests", {**digest, "id": "x", "campaigns": ["nowhere"]})
    assert set(missing.errors) == {"campaigns[0]"}
