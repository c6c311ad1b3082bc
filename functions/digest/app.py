"""Every quarter of an hour: send the daily digest to those whose local hour has come."""

from baton.bootstrap.reporting import send_digests
from baton.entrypoints.tasks import DigestResult, DigestTask, task


@task
def handler(_: DigestTask) -> DigestResult:
    return DigestResult.of(send_digests()())
