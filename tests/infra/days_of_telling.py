"""What the world hears of leads."""

from tests.infra.recorder import Recorder, sample


def live_with_listeners(recorder: Recorder) -> None:
    """Everything, one after another."""
    assert recorder.invoke("publish", sample("publish/events")) == {"batchItemFailures": []}
