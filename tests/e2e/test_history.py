"""The raw history: what happens to leads lies in the bucket, in its folders, and can be asked."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from baton.domain.announcement import Announcement
from baton.domain.lead import LeadState
from local import ask, history
from tests.e2e.callers import a_user
from tests.e2e.stack import Stack, wait
from tests.e2e.team import Team


class Bucket:
    """A copy of the stack's bucket."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self._s3, self._name, self.folder = stack.client("s3"), stack.outputs["HistoryBucket"], folder
        self._texts: dict[str, str] = {}

    def text(self) -> str:
        """All that is in it; only what is new is brought."""
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._name):
            for key in (found["Key"] for found in page.get("Contents", ())):
                if key not in self._texts:
                    body = self._s3.get_object(Bucket=self._name, Key=key)["Body"].read()
                    path = self.folder / key
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(body)
                    self._texts[key] = body.decode()
        return "\n".join(self._texts.values())

    def holds(self, ids: set[str]) -> bool:
        """Whether all of these events are there."""
        text = self.text()
        return all(f'"{one}"' in text for one in ids)


@pytest.fixture(scope="module")
def bucket(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Bucket:
    """The bucket."""
    return Bucket(stack, tmp_path_factory.mktemp("bucket"))


def test_a_lead_s_life_is_in_the_history_and_its_person_is_not(stack: Stack, bucket: Bucket) -> None:
    team, admin = Team.at(stack, 1, auto_accept=True), a_user(stack, "admin")
    lead_id = stack.take_in(team.source_id)
    stack.until(lead_id, LeadState.ASSIGNED)
    assert admin("POST", f"/v1/leads/{lead_id}/outcomes", {"outcome": "contacted"}).status == 200
    life = [Announcement.of(event) for event in stack.leads.timeline(lead_id)]

    wait(lambda: bucket.holds({one.id for one in life}), "all of it is there")

    with ask.connect(str(bucket.folder / "events")) as database:
        query = "SELECT DISTINCT seq, kind, state, day FROM history WHERE lead_id = ? ORDER BY seq"
        told = database.execute(query, [lead_id]).fetchall()
        days = [str(datetime.now(UTC).date() - timedelta(days=ago)) for ago in (1, 0)]
        speed = ask.ask(database, history.queries()["speed_to_contact"], days).fetchall()
    assert told == [(one.seq, one.kind, one.state, str(one.at.date())) for one in life]
    assert [(leads, contacted) for source, _, leads, contacted, *_ in speed if source == team.source_id] == [
        (1, 1)
    ]
    text = bucket.text()
    assert {secret for secret in stack.personal if secret in text} == set()


def test_whoever_asks_finds_the_queries_and_the_table(stack: Stack) -> None:
    athena, glue = stack.client("athena"), stack.client("glue")
    saved = athena.list_named_queries(WorkGroup=stack.name)["NamedQueryIds"]
    queries = athena.batch_get_named_query(NamedQueryIds=saved)["NamedQueries"]
    database = stack.name.replace("-", "_")

    assert {one["Name"]: one["QueryString"] for one in queries} == history.queries()
    assert {one["Database"] for one in queries} == {database}
    table = glue.get_table(DatabaseName=database, Name="history")["Table"]
    columns = {column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]}
    assert columns == history.columns()
