"""The browser tests find a browser that is here, and say what to do where there is none."""

import os
from pathlib import Path

import pytest

from local import chromium

RUNS = "#!/bin/sh\necho 'Chromium 1.2.3'\n"
# Ubuntu's package of that name.
POINTS_ELSEWHERE = "#!/bin/sh\necho 'Install the snap instead' >&2; exit 1\n"


def program(folder: Path, name: str, text: str) -> str:
    """A program of that name."""
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


@pytest.fixture(autouse=True)
def _a_bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    monkeypatch.setattr(chromium, "ELSEWHERE", ())
    monkeypatch.setattr(chromium, "NAMES", ("a-browser", "another"))
    monkeypatch.delenv(chromium.OWN, raising=False)


def test_a_browser_on_the_path_is_taken_and_one_that_does_not_start_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path, "a-browser", POINTS_ELSEWHERE)
    runs = program(tmp_path, "another", RUNS)

    assert chromium.bring() == runs


def test_one_that_was_named_is_taken_or_complained_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "a-browser", RUNS)
    mine = program(tmp_path, "mine", RUNS)
    monkeypatch.setenv(chromium.OWN, mine)
    assert chromium.find() == mine

    Path(mine).unlink()
    with pytest.raises(chromium.NoBrowser, match=chromium.OWN):
        chromium.find()


def test_who_may_not_install_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "root_prefix", lambda: None)

    with pytest.raises(chromium.NoBrowser, match="sudo apt install chromium"):
        chromium.bring()


def test_what_apt_get_says_is_shown_when_it_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, "apt-get", "#!/bin/sh\necho 'E: no such mirror'; exit 100\n")
    program(tmp_path, "apt-cache", "#!/bin/sh\n")
    monkeypatch.setattr(chromium, "root_prefix", list)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")

    with pytest.raises(chromium.NoBrowser, match="E: no such mirror"):
        chromium.bring()
