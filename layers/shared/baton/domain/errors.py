"""Every error Baton raises on purpose. `code` is stable: the API, the workflow and alarms go by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class BatonError(Exception):
    """The root of them all."""

    code: ClassVar[str] = "internal"


class NotFound(BatonError):
    """Something was asked for by id and is not there."""

    code = "not-found"

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"{kind} '{key}' does not exist")
        self.kind = kind
        self.key = key


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field of what a caller sent."""

    field: str
    """Where: a dotted path such as `contact.email`, or '' for the body as a whole."""
    problem: str
    """What: a sentence for the person who has to fix it. Never repeats the value: it may be personal."""


class InvalidSubmission(BatonError):
    """A lead was refused because of what is in it. Names every invalid field at once."""

    code = "invalid-lead"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{e.field or 'body'}: {e.problem}" for e in errors))
        self.errors = tuple(errors)


class SourceInactive(BatonError):
    """Somebody switched the source off."""

    code = "source-inactive"


class IdempotencyConflict(BatonError):
    """An Idempotency-Key was used again with another body."""

    code = "idempotency-key-reused"


class OriginRefused(BatonError):
    """A browser posted from a site that the source does not list."""

    code = "origin-refused"


class IllegalTransition(BatonError):
    """A lead was asked to enter a state that it cannot reach from where it is."""

    code = "illegal-transition"


class ClaimContention(BatonError):
    """Every attempt to claim lost its race. Passing: the workflow tries again."""

    code = "claim-contention"


class StoreUnavailable(BatonError):
    """The store throttled or did not answer. Passing: the caller tries again."""

    code = "store-unavailable"


class WorkflowUnavailable(BatonError):
    """A workflow could not be started now. The sweep starts it later."""

    code = "workflow-unavailable"


class NotificationFailed(BatonError):
    """A message could not be handed over now. Passing: the workflow tries again."""

    code = "notification-failed"


class ConfigurationBroken(BatonError):
    """Configuration refers to something that does not exist. Not passing: a person has to mend it."""

    code = "configuration-broken"


class StepFailed(BatonError):
    """Something unforeseen went wrong in a step. Says where and what kind of thing, never what data it met."""

    code = "step-failed"
