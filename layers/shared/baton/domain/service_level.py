"""Service levels: within what time a campaign's leads are to be contacted, and what happens where they are not."""

from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from baton.domain.documents import Document, Id

MAX_S: Final = 7 * 24 * 3600
"""A week: whoever waits longer for a call has called somebody else."""
Seconds = Annotated[int, Field(ge=1, le=MAX_S)]


class Counts(StrEnum):
    """Which time counts."""

    WORKING_HOURS = "working_hours"
    """That in which the rep works, by the rep's schedule, on the rep's clock."""
    ALWAYS = "always"


class Do(StrEnum):
    """What may happen where a lead was not contacted."""

    REMIND = "remind"
    REASSIGN = "reassign"
    ESCALATE = "escalate"


class Step(Document):
    """One thing that happens where a lead was not contacted."""

    after_s: Seconds
    """Since the rep has the lead; for an escalation, since any rep first had it."""
    do: Do
    to: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    """Reps who hear of it when it is escalated. Empty: operations do."""

    @model_validator(mode="after")
    def _tells_somebody_only_in_an_escalation(self) -> Self:
        if self.to and self.do is not Do.ESCALATE:
            message = "to goes with escalate alone"
            raise ValueError(message)
        return self


class ServiceLevel(Document):
    """Within what time somebody is to reach the person, and what happens where nobody does."""

    contact_within_s: Seconds
    """Since the lead came in."""
    counts: Counts = Counts.WORKING_HOURS
    attempts_count: bool = True
    """Whether a call that nobody answered is as good as a contact: the rep has done what was asked."""
    then: Annotated[tuple[Step, ...], Field(max_length=10)] = ()

    @model_validator(mode="after")
    def _can_all_happen(self) -> Self:
        reassigned = [step.after_s for step in self.then if step.do is Do.REASSIGN]
        if len(reassigned) > 1:
            message = "a rep loses a lead once: name one reassign"
            raise ValueError(message)
        late = [step.after_s for step in self.then if step.do is Do.REMIND]
        if reassigned and late and max(late) >= reassigned[0]:
            message = "a reminder comes before the rep loses the lead"
            raise ValueError(message)
        return self
