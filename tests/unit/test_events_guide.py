"""The guide to events: its tables leave nothing out, its examples are what is sent, and its code checks signatures."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from baton.adapters.event_bus import SOURCE
from baton.adapters.http_double import ScriptedHttp
from baton.application.converse import Refused
from baton.application.outgoing import Outgoing, Trouble
from baton.application.post_event import TIMEOUT_MS
from baton.domain.announced_facts import WITHHELD
from baton.domain.announcement import Announcement, schema_of
from baton.domain.connectors.talk import TooEarly, UnexpectedAnswer
from baton.domain.event_delivery import (
    DELIVERY_ID_PATTERN,
    KEPT,
    NOTHING_NEW,
    SCHEDULE,
    DeliveryState,
    Ending,
)
from baton.domain.rendering import MissingField
from baton.domain.subscription import Subscription
from baton.domain.timeline import EventKind
from tests.telling import SECRET, a_converted_lead, a_subscription, a_telling
from tests.unit.test_quarantine_guide import first_words

DOCS: Final = Path(__file__).parents[2] / "docs"
GUIDE: Final = (DOCS / "events.md").read_text()


def examples() -> list[Any]:
    """The guide's JSON."""
    return [json.loads(text) for text in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)]


def test_every_field_of_an_event_has_a_row_in_its_order() -> None:
    assert first_words(GUIDE, "## What an event looks like") == [*Announcement.model_fields]


def test_every_kind_has_a_row_and_no_other_has() -> None:
    assert set(first_words(GUIDE, "## The kinds")) == {*EventKind}


def test_the_example_is_an_event_as_its_schema_has_it() -> None:
    event = examples()[0]

    Draft202012Validator(schema_of(EventKind(event["kind"]))).validate(event)
    assert Announcement.model_validate(event).id == event["id"]


def test_the_example_of_a_rule_names_kinds_and_fields_that_exist() -> None:
    rule = examples()[1]

    assert rule["source"] == [SOURCE]
    assert set(rule["detail-type"]) <= {*EventKind}
    assert set(rule["detail"]) <= set(Announcement.model_fields)


def test_what_is_withheld_is_named() -> None:
    assert all(f"`{name}`" in GUIDE for name in WITHHELD)


# --------------------------------------------------------------------------------------------------------- webhooks
def test_every_setting_of_a_subscription_has_a_row() -> None:
    assert first_words(GUIDE, "## Webhooks") == [*Subscription.model_fields]


def test_the_example_of_a_subscription_is_one() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    (written,) = yaml.safe_load(text)["subscriptions"]

    assert Subscription.model_validate(written).secrets == ("signing",)


def a_request() -> Outgoing:
    """An event as it is posted to a subscriber that asks for the contact."""
    telling = a_telling(None, a_subscription(personal_data=True))
    telling.world.clock.at = datetime.now(UTC)
    telling.tells(a_converted_lead(telling), 1, 2, 3)
    telling.works()
    assert isinstance(telling.http, ScriptedHttp)
    return telling.http.sent[2]


def test_the_example_of_a_request_has_the_shape_of_a_real_one() -> None:
    example, real = examples()[2], json.loads(a_request().body)

    assert (list(example), list(example["data"])) == (list(real), list(real["data"]))
    assert set(example["data"]["facts"]) == set(real["data"]["facts"])


def test_the_guide_s_code_knows_what_baton_signed_from_what_it_did_not() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    scope: dict[str, Any] = {}
    exec(code, scope)  # noqa: S102 # the guide's own
    request, check = a_request(), scope["is_from_baton"]

    assert check(SECRET, request.headers, request.body)
    assert not check(SECRET, request.headers, request.body + b" ")
    assert not check("whsec_b3RoZXI=", request.headers, request.body)
    assert not check(SECRET, {**request.headers, "webhook-timestamp": "1"}, request.body)


def test_every_trouble_has_a_row_and_no_other_has() -> None:
    connectors = {NOTHING_NEW, UnexpectedAnswer.code, TooEarly.code, MissingField.code, Refused.code}
    known = {*Trouble, *Ending, "no-secret", "unusable-secret", *connectors}

    assert set(first_words(GUIDE, "### The log, and sending again")) == known


def test_the_schedule_is_as_the_guide_says() -> None:
    minutes = [wait.total_seconds() / 60 for wait in SCHEDULE[2:]]

    assert (len(SCHEDULE), SCHEDULE[0].total_seconds(), SCHEDULE[1].total_seconds()) == (10, 0, 5)
    assert "then after 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours" in GUIDE
    assert minutes == [5, 30, *(60 * hours for hours in (2, 5, 10, 14, 20, 24))]
    assert f"You have {TIMEOUT_MS // 1000} seconds" in GUIDE
    assert f"kept for {KEPT.days} days" in GUIDE


def test_how_a_delivery_stands_and_what_it_is_called_is_as_the_guide_says() -> None:
    assert "`pending`, `delivered` or `dead`" in GUIDE
    assert {*DeliveryState} == {"pending", "delivered", "dead"}
    (called,) = re.findall(r"deliveries/(\S+)/replay", GUIDE)
    assert re.fullmatch(DELIVERY_ID_PATTERN, called)
