"""What function console does: people open the web console."""

from tests.infra.recorder import Recorder, sample


def live_with_a_console(recorder: Recorder) -> None:
    """The page, and a file of a version that is gone."""
    page = sample("console/page")
    assert recorder.invoke("console", page)["statusCode"] == 308
    assert recorder.invoke("console", {**page, "path": "/console/"})["statusCode"] == 200
    assert recorder.invoke("console", sample("console/file"))["statusCode"] == 404
