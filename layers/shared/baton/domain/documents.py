"""The two kinds of model that everything in the domain is made of.

Their validators are built at first use: a cold start then pays only for the models that it needs.
"""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
"""An id that people choose: safe in a URL, in a key and in a log line."""

Instant = AwareDatetime
"""A moment in time. Always aware; UTC wherever Baton itself writes it."""


class Document(BaseModel):
    """Configuration that a person writes: a misspelt key is an error and never silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


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
