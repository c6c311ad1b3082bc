"""The raw history: every event with every fact gets there, nobody's name does, and nobody else gets at it."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin

import pytest

from baton.domain.announced_facts import FACTS
from baton.domain.announcement import Announcement
from baton.domain.documents import Record
from baton.domain.lead import LeadState
from baton.domain.timeline import EventKind
from local import ask, history
from tests.infra.deployed import properties, source, statements, template
from tests.infra.test_template import as_list
from tests.month import SECRETS, a_month
from tests.raw_history import deliver, folder_of, records, stream

CONDITION: Final = "KeepsHistory"
OWN: Final = "History"
JUST_BEFORE_MIDNIGHT: Final = datetime(2026, 11, 23, 23, 59, 59, 999_999, tzinfo=UTC)


# ----------------------------------------------------------------------------------------------------- what gets there
def filled(annotation: Any) -> Any:
    """Some value of a fact's type, with nothing left out."""
    if get_origin(annotation) is UnionType:
        return filled(next(one for one in get_args(annotation) if one is not NoneType))
    if get_origin(annotation) is list:
        return [filled(get_args(annotation)[0])] * 2
    if get_origin(annotation) is dict:
        return {"some": {"thing": [1, "two"]}}
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return {name: filled(field.annotation) for name, field in annotation.model_fields.items()}
    return {bool: True, int: 7, float: 0.5, str: "some text, ü"}[annotation]


def announcement(kind: EventKind, at: datetime = JUST_BEFORE_MIDNIGHT) -> Announcement:
    """An event of that kind with all facts that there may be."""
    return Announcement(
        id=f"{kind}-1",
        lead_id="a" * 32,
        seq=1,
        at=at,
        kind=kind,
        state=LeadState.ASSIGNED,
        campaign_id="solar",
        source_id="web-form",
        recipient_id="ana",
        test=False,
        facts=filled(FACTS[kind]),
    )


EVERYTHING: Final = (*map(announcement, EventKind), *a_month().announcements)


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bucket with a month of business, and an event of every kind with every fact."""
    bucket = tmp_path_factory.mktemp("bucket")
    deliver(EVERYTHING, bucket)
    return bucket


def read_back(bucket: Path) -> Iterator[dict[str, Any]]:
    """The events as the table has them."""
    with ask.connect(str(bucket / "events")) as database:
        found = database.sql("SELECT * FROM history")
        for row in found.fetchall():
            yield dict(zip(found.columns, row, strict=True))


def known(value: Any) -> Any:
    """A value without what is not known; JSON that stands in a text, opened."""
    if isinstance(value, dict):
        return {name: known(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [known(one) for one in value]
    if isinstance(value, str) and value.startswith(("{", "[")):
        return json.loads(value)
    return value


def test_every_event_comes_out_of_the_table_as_it_was_announced(bucket: Path) -> None:
    announced = {one.id: known(one.model_dump(mode="json")) for one in EVERYTHING}

    rows = {row["id"]: row for row in map(known, read_back(bucket))}

    assert {row.pop("day") for row in rows.values()} == {str(one.at.date()) for one in EVERYTHING}
    assert rows == announced


def test_an_event_is_in_the_folder_of_its_own_day_whenever_it_comes() -> None:
    (record,) = records([announcement(EventKind.LEAD_RECEIVED)])

    assert folder_of(record) == "events/day=2026-11-23/"


def test_nothing_in_it_says_who_the_people_are(bucket: Path) -> None:
    leads = " ".join(lead.model_dump_json() for lead in a_month().leads.values())
    files = " ".join(gzip.decompress(path.read_bytes()).decode() for path in bucket.rglob("*.gz"))

    assert [word for word in SECRETS if word not in leads] == [], "there was something to be kept out"
    assert [word for word in SECRETS if word in files] == []


# --------------------------------------------------------------------------------------------------------- the template
def test_the_columns_and_the_queries_are_those_of_the_code_and_the_files() -> None:
    written = history.TEMPLATE.read_text()

    assert history.with_generated(written) == written, "write them anew with `make history`"


def test_the_saved_queries_are_the_files() -> None:
    saved = {given["Name"]: given["QueryString"] for given in properties("AWS::Athena::NamedQuery").values()}

    assert len(saved) >= 6
    assert saved == history.queries()


def test_the_table_has_the_columns_of_an_announcement_and_every_fact() -> None:
    (table,) = properties("AWS::Glue::Table").values()

    columns = table["TableInput"]["StorageDescriptor"]["Columns"]

    assert [column["Name"] for column in columns] == [*Announcement.model_fields]
    facts = {part.partition(":")[0] for part in columns[-1]["Type"][len("struct<") : -1].split(",")}
    assert {name for model in FACTS.values() for name in model.model_fields} <= facts


def test_the_days_of_the_table_are_the_folders_that_firehose_writes() -> None:
    (table,) = properties("AWS::Glue::Table").values()
    asked = table["TableInput"]["Parameters"]

    assert asked["storage.location.template"] == {"Fn::Sub": "s3://${HistoryBucket}/events/day=${!day}/"}
    assert stream()["Prefix"] == "events/day=!{partitionKeyFromQuery:day}/"
    assert (asked["projection.day.type"], asked["projection.day.format"]) == ("date", "yyyy-MM-dd")
    assert table["TableInput"]["PartitionKeys"] == [{"Name": "day", "Type": "string"}]


def without_it(part: Any) -> Any:
    """A part of the template as it is where no history is kept."""
    if isinstance(part, dict):
        if part.get("Fn::If", [None])[0] == CONDITION:
            return without_it(part["Fn::If"][2])
        return {name: without_it(given) for name, given in part.items()}
    return [without_it(one) for one in part] if isinstance(part, list) else part


def test_there_is_none_of_it_where_nobody_asks_for_it() -> None:
    found = template()["Resources"]
    own = {name for name, given in found.items() if name.startswith(OWN) or "Athena" in given["Type"]}

    assert template()["Parameters"]["HistoryDays"]["Default"] == 0
    assert source()["Conditions"][CONDITION] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "HistoryDays"}, 0]}]}
    assert {name for name, given in found.items() if given.get("Condition") == CONDITION} == own
    elsewhere = json.dumps(without_it({name: given for name, given in found.items() if name not in own}))
    assert [name for name in own if f'"{name}"' in elsewhere or f"${{{name}" in elsewhere] == []


def test_the_bucket_is_private_encrypted_and_outlives_the_stack() -> None:
    ((name, bucket),) = properties("AWS::S3::Bucket").items()
    made = template()["Resources"]

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    for kept in (name, "HistoryBucketPolicy"):
        assert (made[kept]["DeletionPolicy"], made[kept]["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_nobody_reads_the_bucket_on_an_open_line() -> None:
    (policy,) = properties("AWS::S3::BucketPolicy").values()
    (rule,) = policy["PolicyDocument"]["Statement"]

    assert (rule["Effect"], rule["Principal"], rule["Action"]) == ("Deny", "*", "s3:*")
    assert rule["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len(rule["Resource"]) == 2


def test_events_are_kept_as_long_as_was_asked_for() -> None:
    (bucket,) = properties("AWS::S3::Bucket").values()
    kept = {rule["Id"]: rule.get("ExpirationInDays") for rule in bucket["LifecycleConfiguration"]["Rules"]}

    assert kept == {"events": {"Ref": "HistoryDays"}, "errors": 90, "answers": 30, "removed": None}


def test_firehose_writes_into_its_two_folders_and_nowhere_else() -> None:
    allowed = [given for role, given in statements() if role == "HistoryStreamRole"]
    written = [given for given in allowed if "s3:PutObject" in given["Action"]]

    assert [given["Resource"] for given in written] == [
        [{"Fn::Sub": "${HistoryBucket.Arn}/events/*"}, {"Fn::Sub": "${HistoryBucket.Arn}/errors/*"}]
    ]
    assert stream()["ErrorOutputPrefix"].startswith("errors/!{firehose:error-output-type}/")
    assert not [given for given in allowed if any("Delete" in action for action in as_list(given["Action"]))]


def test_the_rule_may_put_events_into_the_stream_and_nothing_else() -> None:
    allowed = [given for role, given in statements() if role == "HistoryRuleRole"]

    assert [(given["Action"], given["Resource"]) for given in allowed] == [
        (["firehose:PutRecord", "firehose:PutRecordBatch"], {"Fn::GetAtt": ["HistoryStream", "Arn"]})
    ]


def test_the_rule_hears_what_the_webhooks_hear_and_keeps_what_it_cannot_deliver() -> None:
    rules = properties("AWS::Events::Rule")
    (target,) = rules["HistoryRule"]["Targets"]

    assert rules["HistoryRule"]["EventPattern"] == rules["HeardRule"]["EventPattern"]
    assert rules["HistoryRule"]["EventBusName"] == {"Ref": "EventBus"}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["HistoryDeadLetters", "Arn"]}}


def test_a_question_is_bounded_and_its_answer_encrypted_whoever_asks() -> None:
    (workgroup,) = properties("AWS::Athena::WorkGroup").values()
    given = workgroup["WorkGroupConfiguration"]

    assert given["EnforceWorkGroupConfiguration"] is True
    assert given["BytesScannedCutoffPerQuery"] == 100 * 1024**3
    assert given["ResultConfiguration"] == {
        "OutputLocation": {"Fn::Sub": "s3://${HistoryBucket}/answers/"},
        "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
    }
