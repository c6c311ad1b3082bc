"""The guide to channels: its tables leave nothing out, and its file can be applied as it stands."""

import json
import re
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import fromstring

import pytest

from baton.adapters.doubles import FixedClock
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.application.channels import NOT_SET_UP, REFUSED
from baton.application.exchange_configuration import ExchangeConfiguration
from baton.application.keep_secrets import SlackSecret
from baton.application.retell_offer import Why
from baton.application.tell_by_http import TIMEOUT_MS
from baton.domain.channels import Channel, ConnectPlace, Failing, RepQuiet, SlackPlace
from baton.domain.documents import Document
from baton.domain.recipient import Recipient
from baton.domain.telling import UNAVAILABLE
from baton.entrypoints.console.plain_yaml import read
from tests.builders import MONDAY_9AM
from tests.infra.deployed import template
from tests.unit.test_channels import PHONE
from tests.unit.test_other_channels import Desk
from tests.unit.test_quarantine_guide import first_words, rows

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "channels.md").read_text()
FILES: Final = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
EXAMPLES: Final[list[Any]] = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)]


@pytest.fixture
def reps() -> MemoryConfiguration:
    """Every file of the guide, applied."""
    configuration = MemoryConfiguration()
    exchange = ExchangeConfiguration(MemoryArchive(configuration), FixedClock(MONDAY_9AM))
    for file in FILES:
        exchange.import_(read(file.encode()), replace=False, by="ops")
    return configuration


def test_every_file_can_be_applied(reps: MemoryConfiguration) -> None:
    assert reps.get(Recipient, "ana").steps == ((Channel.EMAIL,), (Channel.SMS,))


def test_every_channel_has_a_row_with_the_field_that_it_needs() -> None:
    table = {row[0].strip("`| "): row[1].strip("`| ") for row in rows(GUIDE, "## Channels, in their order")}

    assert {*table} == {*Channel}
    assert {*table.values()} <= {*Recipient.model_fields}


@pytest.mark.parametrize(
    ("heading", "place"), [("## Slack", SlackPlace), ("## Amazon Connect", ConnectPlace)]
)
def test_every_setting_has_a_row(heading: str, place: type[Document]) -> None:
    assert first_words(GUIDE, heading) == [*place.model_fields]


def test_every_channel_beside_sms_and_mail_has_an_example(reps: MemoryConfiguration) -> None:
    used = {
        channel
        for rep in ("ana", "ben", "carla", "dev", "elena")
        for step in reps.get(Recipient, rep).steps
        for channel in step
    }

    assert used == {*Channel}


def test_whoever_is_called_in_an_example_has_the_link_beside_it(reps: MemoryConfiguration) -> None:
    """What was taken is no answer: without the link, every offer would expire."""
    bring_it = {Channel.SMS, Channel.EMAIL, Channel.SLACK}
    steps = [
        step for rep in ("ana", "ben", "carla", "dev", "elena") for step in reps.get(Recipient, rep).steps
    ]

    assert [step for step in steps if not bring_it & {*step}] == []


def test_the_secrets_of_slack_are_those_that_can_be_stored() -> None:
    assert set(re.findall(r"/v1/channels/slack/secrets/([a-z-]+)", GUIDE)) == {*SlackSecret}


def a_request() -> tuple[Any, bytes]:
    """What is really posted, and its body."""
    desk = Desk("webhook")
    desk.tell()
    return desk.body, desk.http.sent[0].body


def test_the_example_of_a_request_has_the_shape_of_a_real_one() -> None:
    example, (real, _) = EXAMPLES[-1], a_request()

    assert (list(example), list(example["data"])) == (list(real), list(real["data"]))
    assert list(example["data"]["recipient"]) == list(real["data"]["recipient"])


def test_the_guide_s_code_makes_of_a_request_what_twilio_takes() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    scope: dict[str, Any] = {}
    exec(code, scope)  # noqa: S102 # the guide's own
    real, body = a_request()
    call, message = scope["call"](body, "+1"), scope["whatsapp"](body, "+1", "HX1")

    assert (call["To"], message["To"]) == (PHONE, f"whatsapp:{PHONE}")
    twiml = fromstring(call["Twiml"])  # noqa: S314 # the guide's own
    assert [child.text for child in twiml][1] == "+12025550199"
    assert json.loads(message["ContentVariables"])["2"] == real["data"]["link"]


def test_the_time_that_others_have_is_as_the_guide_says() -> None:
    assert TIMEOUT_MS == 4_000
    assert "within four seconds" in GUIDE


def test_the_parameters_of_the_template_are_named() -> None:
    assert {name for name in template()["Parameters"] if name.startswith("Connect")} == {
        *re.findall(r"`(Connect[A-Za-z]+)`", GUIDE)
    }


def test_every_reason_has_a_row() -> None:
    reasons = first_words(GUIDE, "### When one fails")

    assert {REFUSED, UNAVAILABLE, NOT_SET_UP, *Why} <= {*reasons}


def test_the_entry_of_an_address_that_fails_is_one() -> None:
    assert Failing.model_validate(EXAMPLES[0]).why == Why.BOUNCED


def test_quiet_hours_are_as_the_table_says() -> None:
    words = " ".join(row[0] for row in rows(GUIDE, "## Quiet hours"))
    without = " ".join(row[2] for row in rows(GUIDE, "## Quiet hours"))
    quiet = RepQuiet()

    assert {*re.findall(r"`(\w+)`", words)} == {*RepQuiet.model_fields}
    assert {*re.findall(r"`(\w[\w:]*)`", without)} == {quiet.begin, quiet.end, *quiet.channels}
