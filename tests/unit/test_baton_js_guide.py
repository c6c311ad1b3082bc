"""The guide to forms names what the script knows, and its numbers are the script's."""

import re
from html.parser import HTMLParser
from pathlib import Path

from baton.domain.submission import ATTRIBUTION_FIELDS, read_submission
from baton.entrypoints.assets import SCRIPT

GUIDE = (Path(__file__).parents[2] / "docs" / "forms.md").read_text()
CODE = SCRIPT.read_text()


def constant(name: str) -> float:
    """A number of the script, by its name."""
    (found,) = re.findall(rf"const {name} = (.*);", CODE)
    return float(eval(found))  # noqa: S307 - a product of numbers from this repository


def test_the_guide_names_every_attribute_and_event_of_the_script_and_no_other() -> None:
    built = {"data-baton-sent", "data-baton-waiting", "data-baton-refused"}
    in_code = set(re.findall(r"data-baton-[a-z]+(?:-[a-z]+)*", CODE)) | built

    assert set(re.findall(r"data-baton-[a-z]+(?:-[a-z]+)*", GUIDE)) == in_code
    assert set(re.findall(r"`baton:(\w+)`", GUIDE)) == {"queued", "sent", "refused"}
    assert all(f"'{name}'" in CODE for name in ("queued", "sent", "refused"))


def test_the_limits_are_those_of_the_script() -> None:
    day_ms, hour_ms = 24 * 3600 * 1000, 3600 * 1000

    assert f"At most {constant('MAX_KEPT'):.0f} leads" in GUIDE
    assert constant("MAX_AGE_MS") == 3 * day_ms
    assert "three days at most" in GUIDE
    assert constant("MAX_RETRY_AFTER_MS") == hour_ms
    assert "an hour at most" in GUIDE
    assert f"no answer for {constant('TIMEOUT_MS') / 1000:.0f} seconds" in GUIDE
    assert constant("MAX_PAUSE_MS") == 5 * 60_000
    assert "to five\n   minutes" in GUIDE
    assert f"longer than {constant('REDIRECT_WITHIN_MS') / 1000:.0f} seconds" in GUIDE
    assert f"{constant('MAX_TEXT'):,.0f} characters" in GUIDE
    assert f"consent at {constant('MAX_CONSENT'):,.0f}" in GUIDE


def test_every_click_id_that_intake_knows_is_captured_and_named() -> None:
    for name in ATTRIBUTION_FIELDS:
        assert name in CODE
        assert f"`{name}`" in GUIDE


def test_the_guides_form_makes_a_lead() -> None:
    names: list[str] = []

    class Names(HTMLParser):
        """Collects the names of a form's fields."""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            names.extend(value for name, value in attrs if (tag, name) == ("input", "name") and value)

    Names().feed("".join(re.findall(r"```html\n(.*?)```", GUIDE, re.DOTALL)))
    values = {"email": "maria@example.com", "phone": "+1 202 555 0147", "website": "", "consent": "yes"}
    lead = read_submission({name: values.get(name, "Lopez") for name in names})

    assert {"last_name", "email", "phone", "consent"} <= set(names)
    assert lead.consent
    assert lead.consent.given
