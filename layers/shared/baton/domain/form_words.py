"""What the form of a source says: the words that people agree to with their version, and what it leaves out."""

from typing import Annotated

from pydantic import Field

from baton.domain.documents import Document
from baton.domain.form import FieldPath


class ConsentWords(Document):
    """What people agree to who tick the box. Leads keep both, so that it can be shown to what somebody agreed."""

    text: Annotated[str, Field(min_length=1, max_length=4000)]
    version: Annotated[str, Field(pattern=r"^[!-~]([ -~]{0,98}[!-~])?$")]
    """Another one for other words: what says `2026-11` in one lead says the same in all."""


class FormWords(Document):
    """A form as people see it. What it asks is the campaign's; here is what it says, and what it does without."""

    consent: ConsentWords | None = None
    """None: nobody is asked."""
    button: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    thanks: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    unasked: Annotated[tuple[FieldPath, ...], Field(max_length=200)] = ()
    """What the campaign takes and this form does not ask."""


def is_reworded(before: FormWords | None, after: FormWords | None) -> bool:
    """Whether other words stand under the version of those before: leads could not tell any more which they mean."""
    old, new = before and before.consent, after and after.consent
    return bool(old and new and old.version == new.version and old.text != new.text)
