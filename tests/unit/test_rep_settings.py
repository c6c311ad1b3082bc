"""A rep's own settings: only a deliberate choice changes anything, on the rep's own clock, and the log says who."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.application.adjust_rep import AdjustRep
from baton.application.edit_configuration import EditConfiguration
from baton.domain.editing import Change
from baton.domain.errors import StoreUnavailable
from baton.domain.recipient import Recipient
from baton.entrypoints.http import Response, endpoint
from baton.entrypoints.rep_settings import adjust_settings
from tests.builders import MINUTE, World, a_rep, a_world
from tests.unit.wire import FORM_TYPE, JSON_TYPE, Answer, an_event


class Ana:
    """A rep with an offer's link, before or after she used it."""

    def __init__(self, **facts: Any) -> None:
        self.world = a_world(a_rep("ana", **facts), a_rep("ben"))
        assert isinstance(self.world.configuration, MemoryConfiguration)
        self.archive = MemoryArchive(self.world.configuration)
        edit = EditConfiguration(self.archive, self.world.clock)
        self.adjust = AdjustRep(edit, self.world.leads, self.world.links, self.world.clock)
        self.token = self.world.token(self.world.offers())

    def sees(self, body: str | bytes | None = None, token: str | None = None, **facts: Any) -> Answer:
        """Her page; with a body, after posting it."""

        def handler(request: Any, _: Any) -> Response:
            return adjust_settings(self.adjust, request)

        event = an_event(
            body,
            **{
                "method": "GET" if body is None else "POST",
                "media_type": FORM_TYPE,
                "pathParameters": {"token": self.token if token is None else token},
                **facts,
            },
        )
        return Answer.of(endpoint(handler)(event, None))

    def wishes(self, wish: str, until: str = "") -> str:
        """What she sees after choosing; browsers send the time's field also when it is empty."""
        answer = self.sees(urlencode({"wish": wish, "until": until}))
        assert answer.status == 200
        return answer.body

    @property
    def settings(self) -> Recipient:
        """As they are stored."""
        return self.world.configuration.get(Recipient, "ana")

    @property
    def log(self) -> tuple[Change, ...]:
        """The change log, newest first."""
        return self.archive.changes(10).items


# ---------------------------------------------------------------------------------------------- only a choice counts
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(method: str) -> None:
    """Invariant 8."""
    ana = Ana()
    before = ana.settings

    assert {ana.sees(method=method).status for _ in range(3)} == {200}
    assert (ana.settings, ana.log) == (before, ())


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("", FORM_TYPE),
        ("until=", FORM_TYPE),
        ("until=2026-12-01T08%3A00", FORM_TYPE),
        ("wish=&until=", FORM_TYPE),
        ("wish=PAUSE", FORM_TYPE),
        ("wish=holiday", FORM_TYPE),
        ("wish=pause&wish=back", FORM_TYPE),
        ("wish=pause&" + "x" * 5000, FORM_TYPE),
        ("wish=%FF", FORM_TYPE),
        ("wish=pause", "text/plain"),
        ('{"wish": ["pause"]}', JSON_TYPE),
        ("{", JSON_TYPE),
    ],
)
def test_a_form_without_a_clear_choice_changes_nothing_and_asks_again(body: str, media_type: str) -> None:
    ana = Ana()
    before = ana.settings
    answer = ana.sees(body, media_type=media_type)

    assert (answer.status, "Please choose first." in answer.body) == (200, True)
    assert (ana.settings, ana.log) == (before, ())


def test_nothing_is_chosen_before_a_person_chooses() -> None:
    page = Ana().sees().body

    assert "checked" not in page
    assert page.count('type="radio"') == 6
    assert page.count("<button") == 1


# ------------------------------------------------------------------------------------------------------- the wishes
def test_a_rep_pauses_and_comes_back() -> None:
    ana = Ana()

    assert "You take no leads at present." in ana.wishes("pause")
    assert ana.settings.paused
    assert ana.world.leads.get(ana.world.offers()).recipient_id == "ben"

    assert "You take leads in your working hours." in ana.wishes("back")
    assert not ana.settings.is_away(ana.world.clock.now())


def test_a_rep_is_away_until_the_time_on_her_own_clock() -> None:
    ana = Ana()

    page = ana.wishes("away", "2026-11-30T08:00")

    assert "You are away until Mon 30 Nov 08:00." in page
    assert "Times are those of America/New_York." in page
    assert ana.settings.away_until == datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
    ana.world.clock.forward(timedelta(days=7))
    assert not ana.settings.is_away(ana.world.clock.now())


@pytest.mark.parametrize(
    ("until", "utc"),
    [
        ("2027-03-14T01:59", datetime(2027, 3, 14, 6, 59, tzinfo=UTC)),
        ("2027-03-14T03:00", datetime(2027, 3, 14, 7, 0, tzinfo=UTC)),
        # Clocks go from 02:00 to 03:00: half past two is half an hour after that.
        ("2027-03-14T02:30", datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),
        ("2027-03-14T08:00", datetime(2027, 3, 14, 12, 0, tzinfo=UTC)),
        # Clocks go from 02:00 to 01:00: of the two hours it is the first, so that no lead is missed.
        ("2027-11-07T01:30", datetime(2027, 11, 7, 5, 30, tzinfo=UTC)),
        ("2027-11-07T08:00", datetime(2027, 11, 7, 13, 0, tzinfo=UTC)),
    ],
)
def test_away_ends_when_a_person_would_expect_on_the_days_when_clocks_change(
    until: str, utc: datetime
) -> None:
    ana = Ana()
    ana.wishes("away", until)

    assert ana.settings.away_until == utc
    assert ana.settings.is_away(utc - MINUTE)
    assert not ana.settings.is_away(utc)


@pytest.mark.parametrize(
    "until", ["", "soon", "2026-11-23T09:00", "2026-11-22T23:59", "2026-02-30T08:00", "0001-01-01"]
)
def test_away_needs_a_time_that_is_still_to_come(until: str) -> None:
    ana = Ana()

    assert "Please choose a day and time that is still to come" in ana.wishes("away", until)
    assert (ana.settings.away_until, ana.log) == (None, ())


def test_to_be_away_ends_a_pause_and_a_pause_ends_being_away() -> None:
    ana = Ana()
    ana.wishes("pause")
    ana.wishes("away", "2026-11-30T08:00")
    assert (ana.settings.paused, ana.settings.away_until is None) == (False, False)

    ana.wishes("pause")
    assert (ana.settings.paused, ana.settings.away_until) == (True, None)


@pytest.mark.parametrize(
    ("wish", "how", "address"),
    [("by_sms", "by SMS.", "+12025550111"), ("by_email", "by email.", "ana@sales.example")],
)
def test_a_rep_chooses_how_to_hear_of_leads(wish: str, how: str, address: str) -> None:
    ana = Ana(phone="+12025550111")
    first = [to for to, _ in ana.world.notifier.sent]

    assert f"You hear of leads {how}" in ana.wishes(wish)

    ana.world.notifier.sent.clear()
    for _ in range(2):
        ana.world.offers()
    told = {to for to, _ in ana.world.notifier.sent}
    assert sorted(first) == ["+12025550111", "ana@sales.example"]
    assert told & set(first) == {address}
    assert "by SMS and email." in ana.wishes("by_both")


def test_a_way_that_would_never_reach_the_rep_is_not_taken() -> None:
    ana = Ana(phone=None)

    assert "We have no number or address" in ana.wishes("by_sms")
    assert (ana.settings.channels, ana.log) == ((("sms", "email"),), ())


# --------------------------------------------------------------------------------------------------- log and links
def test_the_change_log_says_that_it_was_the_rep() -> None:
    ana = Ana()
    ana.wishes("pause")

    (entry,) = ana.log
    assert (entry.by, entry.kind, entry.key) == ("rep:ana", "recipient", "ana")
    assert (entry.before or {})["paused"] is False
    assert entry.after == {**(entry.before or {}), "paused": True}


def test_the_same_wish_twice_is_one_change() -> None:
    """Invariant 8."""
    ana = Ana()
    for _ in range(2):
        ana.wishes("pause")

    assert len(ana.log) == 1


@pytest.mark.parametrize("token", ["", "x", "A" * 51, "../..", "é"])
def test_a_forged_link_shows_and_changes_nothing(token: str) -> None:
    ana = Ana()

    for body in (None, "wish=pause"):
        answer = ana.sees(body, token)
        assert (answer.status, "This link does not work" in answer.body) == (404, True)
    assert ana.log == ()


def test_a_link_with_one_sign_changed_is_forged() -> None:
    ana = Ana()
    other = "A" if ana.token[10] != "A" else "B"

    assert ana.sees("wish=pause", ana.token[:10] + other + ana.token[11:]).status == 404
    assert ana.log == ()


def test_a_link_works_for_two_weeks_after_its_offer_and_no_longer() -> None:
    ana = Ana()
    ana.world.clock.forward(timedelta(days=14))
    assert ana.sees("wish=pause").status == 200

    ana.world.clock.forward(timedelta(hours=1))
    assert ana.sees("wish=back").status == 404
    assert ana.settings.paused


def test_whoever_is_gone_has_no_settings() -> None:
    ana = Ana()
    assert isinstance(ana.world.configuration, MemoryConfiguration)
    del ana.world.configuration.stored["recipient", "ana"]

    assert ana.sees("wish=pause").status == 404


def test_a_failing_store_is_a_page_that_asks_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ana = Ana()

    def fails(*_: Any) -> bool:
        raise StoreUnavailable

    monkeypatch.setattr(ana.archive, "apply", fails)

    assert ana.sees("wish=pause").status == 503


def test_the_page_says_nothing_of_the_lead_and_runs_nothing() -> None:
    """Invariant 9."""
    ana = Ana()
    answer = ana.sees()

    assert "maria" not in answer.body.lower()
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")


def test_the_mail_of_an_offer_has_the_link_to_the_settings() -> None:
    world: World = Ana().world

    assert any("/settings" in text for address, text in world.notifier.sent if "@" in address)


def test_what_operations_change_at_the_same_moment_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading the rep and storing the wish, operations switch the rep off."""
    ana = Ana()
    edit = EditConfiguration(ana.archive, ana.world.clock)
    find, calls = edit.find, list[str]()

    def found_then_changed(kind: type[Recipient], key: str) -> Any:
        stored = find(kind, key)
        if not calls:
            calls.append(key)
            edit.replace(ana.settings.model_copy(update={"active": False}), None, "ops")
        return stored

    monkeypatch.setattr(edit, "find", found_then_changed)
    ana.adjust = AdjustRep(edit, ana.world.leads, ana.world.links, ana.world.clock)

    ana.wishes("pause")

    assert (ana.settings.active, ana.settings.paused) == (False, True)


def test_nobody_is_away_for_longer_than_two_years_by_the_link() -> None:
    ana = Ana()

    assert "within two years" in ana.wishes("away", "9999-12-31T10:00")
    assert ana.settings.away_until is None


# ---------------------------------------------------------------------------- channels that operations have set
ELSEWHERE: dict[str, Any] = {"channels": [["slack"], ["sms"]], "slack": {"user": "U012ABC"}}


def test_a_rep_whose_channels_have_an_order_sees_it_and_cannot_change_it() -> None:
    ana = Ana(**ELSEWHERE)
    page = ana.sees().body

    assert "You hear of leads by Slack, then by SMS." in page
    assert page.count('type="radio"') == 3
    before = ana.settings
    assert "they have set that" in ana.wishes("by_email")
    assert (ana.settings, ana.log) == (before, ())


def test_a_rep_whose_channels_have_an_order_can_still_be_away() -> None:
    ana = Ana(**ELSEWHERE)
    ana.wishes("pause")

    assert ana.settings.paused
    assert ana.settings.steps == (("slack",), ("sms",))


def test_a_rep_sees_that_mails_came_back_and_brings_the_address_back_by_choosing_it() -> None:
    since = "2026-11-23T14:00:00Z"
    failing = {"channel": "email", "address": "ana@sales.example", "why": "bounced", "since": since}
    ana = Ana(failing=[failing])

    assert "What we sent you by email came back" in ana.sees().body
    ana.wishes("by_sms")
    assert [one.channel for one in ana.settings.failing] == ["email"], "of that she has said nothing"
    assert "came back" not in ana.wishes("by_both")
    assert ana.settings.failing == ()
