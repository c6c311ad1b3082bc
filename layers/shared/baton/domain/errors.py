"""Every error Baton raises on purpose. `code` is stable: the API, the workflow and alarms go by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from baton.domain.plan_findings import Finding


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


MAX_ERRORS: Final = 100
"""Invalid fields that are named: an answer must not grow with what was sent."""


class InvalidSubmission(BatonError):
    """A lead was refused because of what is in it. Names every invalid field at once, up to a hundred."""

    code = "invalid-lead"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        self.errors = tuple(errors[:MAX_ERRORS])
        super().__init__("; ".join(f"{e.field or 'body'}: {e.problem}" for e in self.errors))


class DuplicateLead(BatonError):
    """A lead is not taken: its person has sent one before, within the time that the campaign asks for."""

    code = "duplicate-lead"

    def __init__(self, lead_id: str, message: str | None = None) -> None:
        super().__init__(
            message or "we have this person already; it is kept as a duplicate and goes no further"
        )
        self.lead_id = lead_id
        """For a sender, of the duplicate itself: whose it is, is nothing that a sender should know. For those who may
        look at leads, of the first."""


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


MAX_TAKEN: Final = 20
"""Taken ids that one message names."""


class AlreadyExists(BatonError):
    """Something was to be created under an id that is taken."""

    code = "already-exists"

    def __init__(self, kind: str, key: str, others: Sequence[tuple[str, str]] = ()) -> None:
        taken = [f"{kind} '{key}'" for kind, key in [(kind, key), *others[: MAX_TAKEN - 1]]]
        if len(others) >= MAX_TAKEN:
            taken.append(f"{len(others) + 1 - MAX_TAKEN} more")
        super().__init__(f"{', '.join(taken)} {'exist' if others else 'exists'} already")


class EditConflict(BatonError):
    """What is to be changed is no longer what the caller has seen."""

    code = "edit-conflict"

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"{kind} '{key}' has been changed since it was read: read it again")


class EditContention(BatonError):
    """Configuration changed whenever this change was about to be stored; trying again helps."""

    code = "edit-contention"


class InUse(BatonError):
    """Something is not deleted because other configuration still refers to it."""

    code = "in-use"
    NAMED: ClassVar[int] = 10

    def __init__(self, kind: str, key: str, users: Sequence[str]) -> None:
        named = ", ".join(users[: self.NAMED])
        more = f" and {len(users) - self.NAMED} more" if len(users) > self.NAMED else ""
        super().__init__(f"{kind} '{key}' is used by {named}{more}")
        self.users = tuple(users)


class InvalidConfiguration(BatonError):
    """Configuration was refused because of what is in it. Names everything that is wrong at once."""

    code = "invalid-configuration"
    SAID: ClassVar[int] = 100

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(f"{len(errors)} {'thing is' if len(errors) == 1 else 'things are'} wrong")
        self.errors = tuple(errors[: self.SAID])


class PlanNotValid(BatonError):
    """A plan was not published, because leads that follow it would come to harm."""

    code = "plan-not-valid"

    def __init__(self, findings: "Sequence[Finding]") -> None:
        super().__init__("; ".join(f"{found.place}: {found.problem}" for found in findings))
        self.findings = tuple(findings)
