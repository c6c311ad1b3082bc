"""What people do who open the web console, and look at what is wrong."""

import json

from tests.infra.recorder import Recorder, sample


def live_with_a_console(recorder: Recorder) -> None:
    """The page, and a file of a version that is gone."""
    page = sample("console/page")
    assert recorder.invoke("console", page)["statusCode"] == 308
    assert recorder.invoke("console", {**page, "path": "/console/"})["statusCode"] == 200
    assert recorder.invoke("console", sample("console/file"))["statusCode"] == 404
    look_at_what_is_wrong(recorder)


def look_at_what_is_wrong(recorder: Recorder) -> None:
    """Most queues are not there."""
    found = recorder.invoke("diagnose", sample("diagnose/troubles"))
    kinds = {one["kind"] for one in json.loads(found["body"])["items"]}
    assert "not_counted" in kinds
