"""RFC 9457 problem responses: one table of codes, one way to say no."""

from typing import Any, Final

from baton.domain.errors import BatonError, InvalidSubmission

PROBLEMS: Final[dict[str, tuple[int, str]]] = {
    "malformed-body": (400, "The body could not be read"),
    "source-inactive": (403, "The source is switched off"),
    "origin-refused": (403, "This web site may not post here"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "This method is not allowed here"),
    "body-too-large": (413, "The body is too large"),
    "unsupported-media-type": (415, "This content type is not understood"),
    "invalid-lead": (422, "The lead has invalid fields"),
    "idempotency-key-reused": (422, "The Idempotency-Key was used with another body"),
    "invalid-idempotency-key": (400, "The Idempotency-Key is not valid"),
    "internal": (500, "Something went wrong on our side"),
    "configuration-broken": (500, "The configuration of this source is broken"),
    "claim-contention": (503, "Too many at once; send it again"),
    "store-unavailable": (503, "The store did not answer; send it again"),
    "workflow-unavailable": (503, "The workflow did not answer; send it again"),
}
"""Status and title by code. Codes are stable: callers go by `urn:baton:<code>`."""


class RequestProblem(BatonError):
    """Something wrong with a request itself, before any use case saw it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = code


def problem_body(error: BatonError) -> tuple[int, dict[str, Any]]:
    """Status and problem document of an error. Details of our own failures stay in the log."""
    code = error.problem if isinstance(error, RequestProblem) else error.code
    status, title = PROBLEMS.get(code, PROBLEMS["internal"])
    body: dict[str, Any] = {"type": f"urn:baton:{code}", "title": title, "status": status}
    if status < 500 and str(error):  # noqa: PLR2004
        body["detail"] = str(error)
    if isinstance(error, InvalidSubmission):
        body["errors"] = [{"field": found.field, "problem": found.problem} for found in error.errors]
    return status, body
