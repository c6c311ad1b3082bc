"""The two kinds of model that everything in the domain is made of.

Their validators are built at first use: a cold start then pays only for the models that it needs.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

MAX_ID: Final = 64
ID_PATTERN: Final = r"^[a-z0-9][a-z0-9_-]{0,63}$"
Id = Annotated[str, Field(pattern=ID_PATTERN)]
"""An id that people choose: safe in a URL, in a key and in a log line."""

Instant = AwareDatetime
"""A moment in time. Always aware; UTC wherever Baton itself writes it."""


class Document(BaseModel):
    """Configuration that a person writes: a misspelt key is an error and never silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with these fields changed. What was worked out from the old ones and kept is not copied."""
        copied = super().model_copy(update=update, deep=deep)
        fields = {name: value for name, value in vars(copied).items() if name in type(self).model_fields}
        object.__setattr__(copied, "__dict__", fields)
        return copied


class Configured(Document):
    """A document that has a place of its own in the configuration."""

    kind: ClassVar[str]
    id: Id

    @property
    def key(self) -> str:
        """What distinguishes the document from others of its kind."""
        return self.id


class Record(BaseModel):
    """A fact that Baton wrote itself: unknown keys are ignored, so that a rolled-back version can still read it."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
