"""The guide to endpoints: its requests are what is sent, its answers are read as it says, and nothing is left out."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from baton.domain.endpoint import AuthType, BodyFormat, Endpoint, Reader
from baton.domain.reading import Reading, read
from baton.domain.rendering import render
from baton.domain.webhooks import sign

GUIDE = (Path(__file__).parents[2] / "docs" / "endpoints.md").read_text()
NOW = datetime(2026, 11, 23, 14, 30, 5, tzinfo=UTC)
SECRETS = {
    "buyer-key": "the-secret",
    "buyer-user-and-password": "baton:the-password",
    "buyer-signs": "whsec_dGhlIGtleSB0aGF0IGJvdGggc2lkZXMgaGF2ZQ==",
}


def blocks(kind: str) -> list[str]:
    """The fenced blocks of that kind."""
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.DOTALL)


FACTS = json.loads(blocks("json facts")[0])
ENDPOINTS = [Endpoint.model_validate_json(block) for block in blocks("json endpoint")]
REQUESTS = blocks("http request")


@pytest.mark.parametrize(("endpoint", "request_"), list(zip(ENDPOINTS, REQUESTS, strict=True)))
def test_a_request_is_what_is_sent(endpoint: Endpoint, request_: str) -> None:
    sent = render(endpoint, FACTS, SECRETS.get(endpoint.auth.secret or ""), "offer-1", NOW)

    headers = "".join(f"{name}: {value}\n" for name, value in sent.headers.items())
    signature = sign(SECRETS["buyer-signs"], "offer-1", NOW, sent.body)
    assert (
        f"{sent.method} {sent.url}\n{headers}\n{sent.body.decode()}".rstrip()
        == request_.replace("SIGNATURE", signature).rstrip()
    )


def readings() -> Iterator[tuple[Reader, int, str, str]]:
    """Every row of the table that follows a reader."""
    for block, rows in re.findall(r"```json reader\n([^`]*)```\n\n((?:\|.*\n)+)", GUIDE):
        reader = Reader.model_validate_json(block)
        for status, answer, said in re.findall(r"^\| (\d+) \| `(.*)` \| (.*) \|$", rows, re.MULTILINE):
            yield reader, int(status), answer, said


def in_words(reading: Reading) -> str:
    """A reading as the guide puts it."""
    words = str(reading.verdict)
    if reading.reason:
        words += f": {reading.reason}"
    if reading.price_cents is not None:
        words += f", {reading.price_cents} cents"
    return f"{words}, reference {reading.reference}" if reading.reference else words


@pytest.mark.parametrize(("reader", "status", "answer", "said"), list(readings()))
def test_an_answer_is_read_as_the_guide_says(reader: Reader, status: int, answer: str, said: str) -> None:
    assert in_words(read(reader, status, answer.encode())) == said


def prices() -> Iterator[tuple[str, str]]:
    """Every example of a price with what it means."""
    table = GUIDE.partition("### Prices")[2].partition("##")[0]
    for written, means in re.findall(r"^\| (`.*`) \| (.*) \|$", table, re.MULTILINE):
        yield from ((one, means) for one in re.findall(r"`([^`]+)`", written))


@pytest.mark.parametrize(("written", "means"), list(prices()))
def test_a_price_means_what_the_guide_says(written: str, means: str) -> None:
    plain = written.strip('"')
    cents = read(Reader(format="text", price=".+"), 200, plain.encode()).price_cents

    if means.startswith("no price"):
        assert cents is None
    elif means.startswith("19.99"):
        assert cents == 1999
    else:
        assert cents == round(float(re.sub("[^0-9.]", "", plain)) * 100)


def test_every_format_and_every_way_to_authenticate_has_an_example() -> None:
    assert {endpoint.format for endpoint in ENDPOINTS} == set(BodyFormat)
    assert {endpoint.auth.type for endpoint in ENDPOINTS} == set(AuthType)
    assert all(f"| `{way}` |" in GUIDE for way in AuthType)


def test_the_examples_of_readers_are_all_run() -> None:
    assert {reader.format for reader, *_ in readings()} == {"json", "xml", "text"}
    assert len(list(readings())) == 12
    assert len(list(prices())) > 10
