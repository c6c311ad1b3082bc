"""The guide to the raw history: its table leaves no query out, and what it shows does what it says."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from local import ask, history
from tests.month import a_month
from tests.raw_history import deliver
from tests.unit.test_quarantine_guide import first_words

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "history.md").read_text(encoding="utf-8")
DAYS: Final = ["2026-11-01", "2026-11-30"]


def blocks(language: str) -> list[str]:
    """The guide's examples in that language."""
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A copy of the events in the bucket, every ninth of them twice."""
    bucket, announcements = tmp_path_factory.mktemp("bucket"), a_month().announcements
    deliver([*announcements, *announcements[::9]], bucket)
    return str(bucket / "events")


def test_every_query_has_a_row_that_says_what_it_answers() -> None:
    assert {*first_words(GUIDE, "## Questions that are answered")} == {*history.queries()}
    assert all(
        f"| `{name}` | {history.question(query)} |" in GUIDE for name, query in history.queries().items()
    )


def test_the_two_tables_of_the_guide_are_those_that_all_queries_begin_with() -> None:
    begin, _, _ = blocks("sql")[0].partition("\n)\nSELECT")

    assert all(begin in query for query in history.queries().values())


def test_the_example_counts_leads_by_source(events: str) -> None:
    with ask.connect(events) as database:
        counted = dict(ask.ask(database, blocks("sql")[0], DAYS).fetchall())

    month = [lead for lead in a_month().real() if DAYS[0] <= str(lead.received_at.date()) <= DAYS[1]]
    assert counted == {
        source: sum(lead.source_id == source for lead in month) for source in ("web-form", "meta")
    }


def test_duckdb_reads_the_files_as_the_guide_says(events: str) -> None:
    query = blocks("sql")[1].partition(");\n")[2].replace("s3://BUCKET/events", events)

    with ask.connect(events) as database:
        counted = dict(database.sql(query).fetchall())

    november = [one.kind for one in a_month().announcements if f"{one.at:%Y-%m}" == "2026-11"]
    assert counted == {kind: november.count(kind) for kind in set(november)}


def test_the_policy_for_who_asks_is_json_and_deletes_nothing() -> None:
    (policy,) = (json.loads(text) for text in blocks("json"))

    assert "Delete" not in json.dumps(policy)


# ---------------------------------------------------------------------------------------------------- on one machine
def test_a_query_is_asked_on_one_machine(events: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask.main([events, "speed_to_contact", *DAYS]) == 0
    assert "web-form" in capsys.readouterr().out

    assert ask.main([events, "plan_versions", *DAYS, "plan", "1", "2"]) == 0
    assert "b_better_by_percent" in capsys.readouterr().out


def test_who_asks_for_a_query_that_there_is_not_hears_which_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ask.main(["events", "everything"]) == 2
    assert "speed_to_contact" in capsys.readouterr().err


@pytest.mark.parametrize("values", [[], ["2026-11-01"]])
def test_who_leaves_a_value_out_is_told(
    events: str, values: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask.main([events, "speed_to_contact", *values]) == 1
    assert capsys.readouterr().err


def test_a_folder_without_events_is_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask.main([str(tmp_path), "speed_to_contact", *DAYS]) == 1
    assert "No files found" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------ the generated parts
def test_a_template_that_has_drifted_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    drifted = tmp_path / "template.yaml"
    drifted.write_text(
        history.TEMPLATE.read_text().replace("{Name: seq, Type: bigint}", "{Name: seq, Type: string}")
    )
    monkeypatch.setattr(history, "TEMPLATE", drifted)

    assert history.main(["--check"]) == 1
    drifted.write_text(history.with_generated(drifted.read_text()))
    assert history.main(["--check"]) == 0
