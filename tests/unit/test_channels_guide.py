"""The guide to channels: its tables leave nothing out, and its file can be applied as it stands."""

import json
import re
from pathlib import Path
from typing import Any, Final

from baton.adapters.doubles import FixedClock
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.application.channels import NOT_SET_UP, REFUSED, UNAVAILABLE
from baton.application.exchange_configuration import ExchangeConfiguration
from baton.application.retell_offer import Why
from baton.domain.channels import Channel, Failing, RepQuiet
from baton.domain.recipient import Recipient
from baton.entrypoints.console.plain_yaml import read
from tests.builders import MONDAY_9AM
from tests.unit.test_quarantine_guide import first_words, rows

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "channels.md").read_text()
FILES: Final = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
EXAMPLES: Final[list[Any]] = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)]


def test_every_file_can_be_applied() -> None:
    configuration = MemoryConfiguration()
    exchange = ExchangeConfiguration(MemoryArchive(configuration), FixedClock(MONDAY_9AM))
    for file in FILES:
        exchange.import_(read(file.encode()), replace=False, by="ops")

    assert configuration.get(Recipient, "ana").steps == ((Channel.EMAIL,), (Channel.SMS,))


def test_every_channel_has_a_row_with_the_field_that_it_needs() -> None:
    table = {row[0].strip("`| "): row[1].strip("`| ") for row in rows(GUIDE, "## Channels, in their order")}

    assert {*table} <= {*Channel}
    assert {*table.values()} <= {*Recipient.model_fields}


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
