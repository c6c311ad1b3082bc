"""Quiet hours: nobody is called or texted at night, on the person's own clock, whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from baton.domain.contact_hours import hold_off_of, hold_off_words
from baton.domain.lead import Contact
from baton.domain.person_zones import CANADA, US, zones_of_country, zones_of_zip
from baton.domain.quiet import QuietHours, Whereabouts, hold_off, zones_of
from baton.domain.zones import zone
from tests.builders import MONDAY_8PM, MONDAY_9AM, a_campaign, a_lead, a_rep, a_world
from tests.selling import Market, a_buyer

NIGHT: Final = QuietHours()
ALL_ZONES: Final = sorted({name for zones in (*US.values(), *CANADA.values()) for name in zones})
MINUTE: Final = timedelta(minutes=1)


def until(name: str, *local: int, quiet: QuietHours = NIGHT, also: tuple[str, ...] = ()) -> str | None:
    """Until when it is quiet at that moment on a zone's clock, on the same clock."""
    at = datetime(*local, tzinfo=zone(name))  # type: ignore[arg-type, misc]
    found = hold_off(quiet, (name, *also), at)
    return found and f"{found.until.astimezone(zone(name)):%m-%d %H:%M %Z}"


def is_quiet(quiet: QuietHours, name: str, at: datetime) -> bool:
    """Whether a clock there shows a time within the quiet hours: said once more, and simply."""
    clock = f"{at.astimezone(zone(name)):%H:%M}"
    if quiet.begin < quiet.end:
        return quiet.begin <= clock < quiet.end
    return clock >= quiet.begin or clock < quiet.end


# ---------------------------------------------------------------------------------------------- when
@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [
        (20, 59, None),
        (21, 0, "11-24 08:00 EST"),
        (23, 59, "11-24 08:00 EST"),
        (0, 0, "11-23 08:00 EST"),
        (7, 59, "11-23 08:00 EST"),
        (8, 0, None),
        (12, 0, None),
    ],
)
def test_it_is_quiet_from_nine_in_the_evening_to_eight_in_the_morning(
    hour: int, minute: int, expected: str | None
) -> None:
    assert until("America/New_York", 2026, 11, 23, hour, minute) == expected


def test_quiet_hours_may_lie_within_a_day() -> None:
    siesta = QuietHours(begin="13:00", end="15:30")

    assert until("Europe/Madrid", 2026, 11, 23, 13, 0, quiet=siesta) == "11-23 15:30 CET"
    assert until("Europe/Madrid", 2026, 11, 23, 15, 30, quiet=siesta) is None


def test_the_night_in_which_clocks_go_forward_ends_at_eight_as_well() -> None:
    at = datetime(2026, 3, 8, 3, 0, tzinfo=UTC)  # Ten in the evening in New York.
    found = hold_off(NIGHT, ("America/New_York",), at)

    assert found
    assert (found.words, found.until) == (
        "Sun 08:00 (their time, EDT)",
        datetime(2026, 3, 8, 12, 0, tzinfo=UTC),
    )


def test_the_night_in_which_clocks_go_back_ends_at_eight_as_well() -> None:
    at = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
    found = hold_off(NIGHT, ("America/New_York",), at)

    assert found
    assert (found.words, found.until) == (
        "Sun 08:00 (their time, EST)",
        datetime(2026, 11, 1, 13, 0, tzinfo=UTC),
    )


def test_an_end_that_the_clock_skips_is_when_it_has_gone_past_it() -> None:
    quiet = QuietHours(begin="22:00", end="02:30")

    assert until("America/New_York", 2026, 3, 8, 1, 0, quiet=quiet) == "03-08 03:30 EDT"


def test_of_an_end_that_the_clock_shows_twice_the_later_counts() -> None:
    quiet = QuietHours(begin="22:00", end="01:30")

    assert until("America/New_York", 2026, 11, 1, 0, 30, quiet=quiet) == "11-01 01:30 EST"


def test_where_somebody_may_live_in_two_zones_it_is_quiet_when_it_is_in_either() -> None:
    central, mountain = "America/Chicago", ("America/Denver",)

    assert until(central, 2026, 11, 23, 20, 59, also=mountain) is None
    assert until(central, 2026, 11, 23, 21, 0, also=mountain) == "11-24 09:00 CST"
    assert until(central, 2026, 11, 23, 8, 30, also=mountain) == "11-23 09:00 CST"
    assert until(central, 2026, 11, 23, 9, 0, also=mountain) is None


clocks = st.builds(lambda h, m: f"{h:02d}:{m:02d}", st.integers(0, 23), st.integers(0, 59))


@given(
    begin=clocks,
    hours=st.integers(1, 18),
    zones=st.lists(st.sampled_from(ALL_ZONES), min_size=1, max_size=2, unique=True),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 # hypothesis wants naive bounds
)
def test_a_person_is_left_in_peace_until_it_is_quiet_nowhere_that_they_may_be(
    begin: str, hours: int, zones: list[str], at: datetime
) -> None:
    end = f"{(int(begin[:2]) + hours) % 24:02d}{begin[2:]}"
    if len(zones) > 1 and hours > 12:
        return  # Two zones that are apart by half a day could leave no time at all.
    quiet, now = QuietHours(begin=begin, end=end), at.replace(tzinfo=UTC)

    found = hold_off(quiet, tuple(zones), now)

    if found is None:
        assert not any(is_quiet(quiet, name, now) for name in zones)
        return
    assert any(is_quiet(quiet, name, now) for name in zones)
    assert now < found.until <= now + timedelta(hours=2 * 24)
    assert not any(is_quiet(quiet, name, found.until) for name in zones)
    assert found.zone in zones


@pytest.mark.parametrize(
    ("begin", "end"), [("08:00", "08:00"), ("01:00", "20:00"), ("9:00", "08:00"), ("24:00", "1:00")]
)
def test_quiet_hours_leave_some_time_to_call(begin: str, end: str) -> None:
    with pytest.raises(ValidationError):
        QuietHours(begin=begin, end=end)


# --------------------------------------------------------------------------------------------- where
@pytest.mark.parametrize(
    ("where", "zones"),
    [
        ({"state": "CA"}, ["America/Los_Angeles"]),
        ({"state": " ca "}, ["America/Los_Angeles"]),
        ({"state": "TX"}, ["America/Chicago", "America/Denver"]),
        ({"state": "AZ"}, ["America/Phoenix", "America/Denver"]),
        ({"state": "CA", "phone_country": "GB"}, ["America/Los_Angeles"]),
        ({"postal_code": "90210"}, ["America/Los_Angeles"]),
        ({"postal_code": "79901-1234"}, ["America/Chicago", "America/Denver"]),
        ({"postal_code": "96799"}, ["Pacific/Pago_Pago"]),
        ({"postal_code": "09001", "phone_country": "US"}, ["America/New_York"]),
        ({"country": "DE"}, ["Europe/Berlin", "Europe/Busingen"]),
        ({"country": "FR", "state": "CA", "postal_code": "90210"}, ["Europe/Paris"]),
        ({"country": "CA", "state": "BC"}, ["America/Vancouver", "America/Edmonton"]),
        ({"country": "AU", "state": "WA"}, ["America/New_York"]),
        ({"phone_country": "GB"}, ["Europe/London"]),
        ({"phone_country": "US"}, ["America/New_York"]),
        ({"state": "Bavaria"}, ["America/New_York"]),
        ({}, ["America/New_York"]),
    ],
)
def test_the_best_that_is_known_of_where_somebody_lives_counts(
    where: dict[str, str], zones: list[str]
) -> None:
    assert list(zones_of(Whereabouts(**where), NIGHT, "US")) == zones


def test_states_without_a_country_are_those_of_the_campaigns_region() -> None:
    in_perth = Whereabouts(state="WA")

    assert zones_of(in_perth, QuietHours(zone="Australia/Perth"), "AU") == ("Australia/Perth",)
    assert zones_of(in_perth, NIGHT, "US") == ("America/Los_Angeles",)


def test_every_state_has_its_zones_and_every_zone_exists() -> None:
    assert len(US) == 56  # Fifty states, the district and five territories.
    assert len(CANADA) == 13
    assert {zone(name).key for name in ALL_ZONES} == set(ALL_ZONES)


@pytest.mark.parametrize("code", ["", "9021", "9021O", "00401", "٩٠٢١٠", "SW1A 1AA"])
def test_what_is_no_us_postal_code_is_nowhere(code: str) -> None:
    assert zones_of_zip(code) == ()


@pytest.mark.parametrize(
    ("country", "zones"), [("GB", 1), ("DE", 2), ("ES", 3), ("US", 0), ("AU", 0), ("XX", 0), (None, 0)]
)
def test_a_country_says_where_somebody_lives_if_it_is_not_too_wide(country: str | None, zones: int) -> None:
    assert len(zones_of_country(country)) == zones


# --------------------------------------------------------------------------------- who is told of it
IN_CALIFORNIA: Final = {"state": "CA", "phone": "+14155550123"}
QUIET: Final = a_campaign(quiet_hours={})


def test_the_rep_reads_it_in_every_message_and_on_the_page() -> None:
    world = a_world(a_rep("ana"), documents=(QUIET,))
    world.clock.at = MONDAY_9AM  # Six in the morning in California.
    lead_id = world.offers(**IN_CALIFORNIA)

    said = "Do not call or text before Mon 08:00 (their time, PST)"
    assert [said in text for _, text in world.notifier.sent] == [True, True]
    assert world.show(world.token(lead_id)).hold_off == said


def test_at_a_decent_hour_nothing_is_said() -> None:
    world = a_world(a_rep("ana"), documents=(QUIET,))
    world.clock.at = MONDAY_8PM  # Five in the afternoon in California.
    lead_id = world.offers(**IN_CALIFORNIA)

    assert not any("Do not call" in text for _, text in world.notifier.sent)
    assert world.show(world.token(lead_id)).hold_off == ""


def test_who_hears_news_of_a_lead_reads_it_too() -> None:
    campaign = a_campaign(quiet_hours={}, dedupe={"policy": "merge"})
    world = a_world(a_rep("ana"), auto_accept=True, documents=(campaign,))
    world.offers(**IN_CALIFORNIA)
    world.notifier.sent.clear()

    world.merge(world.takes_in(**IN_CALIFORNIA, roof_m2=120))

    said = "Do not call or text before Mon 08:00 (their time, PST)"
    assert [said in text for _, text in world.notifier.sent] == [True, True]


def test_a_campaign_without_quiet_hours_says_nothing_about_them() -> None:
    world = a_world(a_rep("ana"))
    world.offers(**IN_CALIFORNIA)

    assert not any("Do not call" in text for _, text in world.notifier.sent)
    assert hold_off_of(a_lead(), a_campaign(), MONDAY_9AM) is None


def test_an_sms_with_it_is_still_two_segments() -> None:
    world = a_world(a_rep("ana"), documents=(QUIET,))
    world.offers(first_name="M" * 80, last_name="L" * 80, city="C" * 80, **IN_CALIFORNIA)

    texts = [text for to, text in world.notifier.sent if to.startswith("+")]
    assert [len(text) <= 2 * 153 for text in texts] == [True]


def test_a_buyer_is_told_the_moment() -> None:
    post = {"url": "https://acme.example/post", "fields": [{"name": "not_before", "field": "contact_from"}]}
    market = Market(a_buyer("acme", buyer={"post": post}), campaign={"quiet_hours": {}})

    market.sells(**IN_CALIFORNIA)
    market.clock.at = MONDAY_8PM
    market.sells(**IN_CALIFORNIA, email="ben@example.com")

    bodies = [request.body.decode() for request in market.http.sent if request.url.endswith("/post")]
    assert '"2026-11-23T16:00:00+00:00"' in bodies[0]
    assert "2026-11-2" not in bodies[1]


def test_a_buyer_that_gets_leads_by_mail_is_told_the_moment_too() -> None:
    market = Market(
        a_buyer("acme", email="acme@buyers.example", buyer={"ping": None, "post": None, "price_cents": 900}),
        campaign={"quiet_hours": {}},
    )

    market.sells(**IN_CALIFORNIA)

    assert any("contact_from: 2026-11-23T16:00:00+00:00" in text for _, text in market.notifier.sent)


def test_somebody_of_whom_nothing_is_known_is_left_in_peace_as_the_campaign_has_it() -> None:
    campaign = a_campaign(quiet_hours={"zone": "Asia/Tokyo"})
    lead = a_lead(contact=Contact(email="a@b.co"))

    assert (
        hold_off_words(lead, campaign, MONDAY_9AM) == "Do not call or text before Tue 08:00 (their time, JST)"
    )
