"""The demo's configuration fits the local stack."""

from baton.domain.source import Source
from local.demo import documents, with_form


def test_the_demo_form_may_post_to_its_source_and_be_led_back() -> None:
    (source,) = (d for d in with_form(documents(), 4701) if isinstance(d, Source) and d.id == "web-form")

    assert source.allows_page("http://localhost:4701")
    assert source.allows_redirect("http://localhost:4701/thanks")
    assert not source.allows_redirect("http://elsewhere.example/thanks")


def test_the_form_changes_no_other_source() -> None:
    before = {d.id: d for d in documents() if isinstance(d, Source) and d.id != "web-form"}
    after = {d.id: d for d in with_form(documents(), 4701) if isinstance(d, Source) and d.id != "web-form"}

    assert before == after
