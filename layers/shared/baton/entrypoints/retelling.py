"""Messages of the queue that tells reps by a further channel: our own, and what SES says of mails."""

from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from baton.application.retell_offer import CameBack, Why

_OURS: Final = ("lead_id", "offer_no", "to")
"""The tags of a mail that are ours: SES adds some of its own."""


class RetellTask(BaseModel):
    """Whose turn has come, by ids alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lead_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    offer_no: int = Field(ge=1)
    to: str | None = Field(None, pattern=r"^[0-9a-f]{16}$")
    why: Why | None = None
    """What became of the mail; None: quiet hours are over."""

    @model_validator(mode="before")
    @classmethod
    def _of_tags(cls, given: Any) -> Any:
        """A mail's tags come as SES has them: a list of values for each."""
        tags = given.get("tags") if isinstance(given, dict) else None
        if not isinstance(tags, dict):
            return given
        ours = {name: tags[name][0] for name in _OURS if isinstance(tags.get(name), list) and tags[name]}
        return {**{name: value for name, value in given.items() if name != "tags"}, **ours}

    @model_validator(mode="after")
    def _knows_the_address(self) -> Self:
        if (self.why is None) != (self.to is None):
            message = "a mail that came back has the mark of its address, and nothing else has"
            raise ValueError(message)
        return self

    @property
    def came_back(self) -> CameBack | None:
        """The mail that came back."""
        return CameBack(self.why, self.to) if self.why and self.to else None
