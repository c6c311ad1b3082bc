"""The script for web sites as it is served: small, cacheable, and nothing that a site's policy would stop."""

import gzip
import re

import pytest

from baton.entrypoints.assets import FRESH_S, SCRIPT, script, served
from baton.entrypoints.http import endpoint
from tests.unit.wire import Answer, an_event

MAX_BYTES = 4000
SOURCE = SCRIPT.read_text()


def get(**headers: str) -> Answer:
    """What a browser is answered."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer.of(endpoint(lambda request, _: script(request))(an_event(method="GET", headers=sent), None))


def test_it_is_under_4_kb_gzipped() -> None:
    assert len(gzip.compress(served().encode(), 6)) < MAX_BYTES


def test_every_site_may_include_it_and_a_browser_asks_again_after_minutes() -> None:
    answer = get()

    assert (answer.status, answer.body) == (200, served())
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"].startswith(f"public, max-age={FRESH_S}, stale-while-revalidate=")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("form", ["{tag}", '"other", {tag}', "*"])
def test_who_has_it_already_is_not_sent_it_again(form: str) -> None:
    tag = get().headers["etag"]
    again = get(If_None_Match=form.format(tag=tag))

    assert (again.status, again.body, again.headers["etag"]) == (304, "", tag)
    # A proxy may have made the tag a strong one.
    assert get(If_None_Match=tag.removeprefix("W/")).status == 304


@pytest.mark.parametrize("other", ['W/"0123456789abcdef"', "", "nonsense"])
def test_who_has_another_version_is_sent_this_one(other: str) -> None:
    assert get(If_None_Match=other).body == served()


def test_only_comments_and_indentation_are_left_out() -> None:
    code = [line.strip() for line in SOURCE.splitlines()]
    wanted = [line for line in code if line and not line.startswith("//")]

    assert served().splitlines()[1:] == wanted
    assert 100 < len(wanted) < len(code)


def test_no_text_goes_over_several_lines_so_that_no_line_of_one_can_be_taken_for_a_comment() -> None:
    for number, line in enumerate(SOURCE.splitlines(), 1):
        assert line.count("`") % 2 == 0, f"line {number}"
        assert "/*" not in line, f"line {number}"
        assert not line.endswith("\\"), f"line {number}"


@pytest.mark.parametrize(
    "banned", [r"\beval\b", r"new Function", r"innerHTML", r"document\.write", r"import\b"]
)
def test_nothing_in_it_needs_more_than_script_src_and_connect_src(banned: str) -> None:
    assert not re.search(banned, served())


@pytest.mark.parametrize(
    "newer", [r"\?\.", r"\?\?", r"\.\.\.\w+[,}]\s*[:=}]", r"catch \{", r"\.at\(", r"#\w+ ?[=(]"]
)
def test_nothing_in_it_is_newer_than_ecmascript_2017(newer: str) -> None:
    assert not re.search(newer, served())


def test_its_source_reads_as_the_rest_does() -> None:
    assert max(len(line) for line in SOURCE.splitlines()) <= 120
