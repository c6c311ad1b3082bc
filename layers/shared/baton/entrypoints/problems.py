"""RFC 9457 problem responses: one table of codes, one way to say no."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from baton.domain.errors import MAX_ERRORS, BatonError, DuplicateLead, FieldError, InUse, PlanNotValid
from baton.domain.vendor_errors import SourceLimitReached

PROBLEMS: Final[dict[str, tuple[int, str]]] = {
    "malformed-body": (400, "The body could not be read"),
    "unauthenticated": (401, "Sign in first"),
    "caller-unknown": (401, "The key or the signature is missing or wrong"),
    "forbidden": (403, "Your groups do not allow this"),
    "source-inactive": (403, "The source is switched off"),
    "origin-refused": (403, "This web site may not post here"),
    "not-found": (404, "There is nothing here"),
    "already-exists": (409, "Something of this id exists already"),
    "duplicate-lead": (409, "The person is known already"),
    "illegal-transition": (409, "The lead cannot get there from where it is"),
    "outcome-id-reused": (409, "The id of the report was used with another body"),
    "lead-in-motion": (409, "A buyer may be about to take the lead"),
    "lead-not-sold": (409, "The lead is not sold yet"),
    "return-too-late": (409, "The lead is not taken back any more"),
    "too-many-returns": (409, "Too many leads were returned"),
    "return-decided": (409, "The return was decided already"),
    "ping-used": (409, "Another lead has come with this ping"),
    "in-use": (409, "Something else still needs this"),
    "ping-expired": (410, "The price is no longer good"),
    "edit-conflict": (412, "It has been changed since you read it"),
    "body-too-large": (413, "The body is too large"),
    "answer-too-large": (413, "The answer would be too large"),
    "unsupported-media-type": (415, "This content type is not understood"),
    "invalid-lead": (422, "The lead has invalid fields"),
    "invalid-file": (422, "The file cannot be read as leads"),
    "invalid-outcome": (422, "The lead cannot have had this outcome"),
    "invalid-ping": (422, "The ping has invalid fields"),
    "ping-mismatch": (422, "The lead is not what its ping said"),
    "invalid-request": (422, "The request has invalid fields"),
    "return-reason-unknown": (422, "Leads are not taken back for this reason"),
    "invalid-configuration": (422, "The configuration does not fit together"),
    "plan-not-valid": (422, "The plan would not work"),
    "idempotency-key-reused": (422, "The Idempotency-Key was used with another body"),
    "invalid-idempotency-key": (400, "The Idempotency-Key is not valid"),
    "precondition-required": (428, "Say which version you have seen"),
    "source-limit-reached": (429, "The source has reached its limit of a day"),
    "internal": (500, "Something went wrong on our side"),
    "configuration-broken": (500, "The configuration of this source is broken"),
    "claim-contention": (503, "Too many at once; send it again"),
    "store-unavailable": (503, "The store did not answer; send it again"),
    "edit-contention": (503, "Too many change the configuration at once; send it again"),
    "workflow-unavailable": (503, "The workflow did not answer; send it again"),
}
"""Status and title by code. Codes are stable: callers go by `urn:baton:<code>`."""
WHOLE: Final = "body"
"""The place of what is wrong with a request's body as a whole: it is missing, or its fields do not go together."""


class RequestProblem(BatonError):
    """Something wrong with a request itself, before any use case saw it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = code


class InvalidRequest(RequestProblem):
    """A request with invalid fields. Names every one of them at once, up to a hundred."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("invalid-request", "")
        self.errors = tuple(errors[:MAX_ERRORS])


def problem_body(error: BatonError) -> tuple[int, dict[str, Any]]:
    """Status and problem document of an error. Details of our own failures stay in the log."""
    code = error.problem if isinstance(error, RequestProblem) else error.code
    status, title = PROBLEMS.get(code, PROBLEMS["internal"])
    body: dict[str, Any] = {"type": f"urn:baton:{code}", "title": title, "status": status}
    if status < 500 and str(error):  # noqa: PLR2004
        body["detail"] = str(error)
    if errors := getattr(error, "errors", ()):
        body["errors"] = [{"field": found.field or WHOLE, "problem": found.problem} for found in errors]
    if isinstance(error, SourceLimitReached):
        body["limit"] = error.limit
    if isinstance(error, DuplicateLead):
        body["lead_id"] = error.lead_id
    if isinstance(error, InUse):
        body["used_by"] = list(error.users)
    if isinstance(error, PlanNotValid):
        body["findings"] = [asdict(found) for found in error.findings]
    return status, body
