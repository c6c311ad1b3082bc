"""Acknowledgements: what a person hears once a rep has their lead."""

import re
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from baton.domain.documents import Document
from baton.domain.recipient import Phone
from baton.domain.service_level import MAX_S

BLANKS: Final = ("first_name", "rep", "rep_phone", "company")
"""What a text may leave open, in curly brackets."""
_OPEN: Final = re.compile(r"\{([^{}]*)\}")
_FILL: Final = re.compile(r"( ?)\{([^{}]*)\}")
_STRAY: Final = re.compile(r"[{}]")


class MailText(Document):
    """A mail of plain text."""

    subject: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
    text: Annotated[str, Field(min_length=1, max_length=5000)]


class Acknowledgement(Document):
    """What a campaign's people hear once a rep has their lead, by SMS, by mail or by both."""

    company: Annotated[str, Field(min_length=1, max_length=100)]
    """What the person knows the company by."""
    phone: Phone | None = None
    """The number that is named for a rep who has none."""
    sms: Annotated[str, Field(min_length=1, max_length=480)] | None = None
    mail: MailText | None = None
    after_s: Annotated[int, Field(ge=0, le=MAX_S)] = 60
    """How long after the rep got the lead: for a minute the rep may take an acceptance back."""
    needs_consent: bool = False
    """Whether only people hear it who have consented. Who has refused, or is on the do-not-contact list, never does."""

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that somebody wrote for the person."""
        mail = (self.mail.subject, self.mail.text) if self.mail else ()
        return (*((self.sms,) if self.sms else ()), *mail)

    @model_validator(mode="after")
    def _says_something_that_can_be_filled_in(self) -> Self:
        if not self.texts:
            message = "an acknowledgement has an sms, a mail, or both"
            raise ValueError(message)
        for text in self.texts:
            unknown = sorted({name for name in _OPEN.findall(text) if name not in BLANKS})
            if unknown or _STRAY.search(_OPEN.sub("", text)):
                known = ", ".join(f"{{{name}}}" for name in BLANKS)
                message = f"a text may leave open {known}, and has no other curly brackets"
                raise ValueError(message)
        if self.phone is None and any("{rep_phone}" in text for text in self.texts):
            message = "a text with {rep_phone} needs phone, for a rep who has no number"
            raise ValueError(message)
        return self


def filled_in(text: str, blanks: dict[str, str]) -> str:
    """The text with everything in it that was left open; where nothing is known, the space before it goes as well.

    What is filled in is not looked into again.
    """
    return _FILL.sub(lambda found: f"{found[1]}{said}" if (said := blanks.get(found[2])) else "", text)
