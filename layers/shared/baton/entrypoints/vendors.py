"""What leads and pings have in common on the wire: repeated requests, waiting, and how a refusal is worded."""

import re
from hashlib import sha256
from typing import Final

from baton.application.admit_vendor import Proof
from baton.domain.errors import BatonError, FieldError
from baton.domain.trade_errors import CallerUnknown
from baton.domain.vendor_errors import SourceLimitReached
from baton.entrypoints.http import Request, Response
from baton.entrypoints.problems import InvalidRequest, RequestProblem

MAX_BODY_BYTES: Final = 128 * 1024
"""Far more than any form needs, and far below the 400 KB that a DynamoDB item may have."""
MAX_WAIT_S: Final = 20
"""API Gateway gives up after 29 seconds."""
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
_WAIT: Final = re.compile(r'wait\s*=\s*"?(\d{1,9})"?', re.IGNORECASE)


def idempotency_key(request: Request, proof: Proof, *, one_body: bool = False) -> str | None:
    """What says that two requests are one: the Idempotency-Key, but of a signed request its `webhook-id` alone.

    An Idempotency-Key is not signed: if it counted, whoever overheard a request could send it as many new ones.
    One that differs is refused, not ignored: its sender expects that requests with that key are one. Where only the
    body is signed and `one_body` is asked for, the same body is the same request, whatever key it comes with. Raises
    RequestProblem.
    """
    key = request.headers.get("idempotency-key")
    if proof is Proof.BODY_SIGNATURE and one_body:
        return f"body-{sha256(request.body).hexdigest()}"
    if proof is Proof.SIGNATURE:
        signed = request.headers["webhook-id"]
        if key not in (None, signed):
            problem = (
                "of a signed request the webhook-id is the key: leave this out, or send the same in both"
            )
            raise InvalidRequest([FieldError("Idempotency-Key", problem)])
        key = signed
    if key is not None and not _KEY.fullmatch(key):
        raise RequestProblem("invalid-idempotency-key", "it must be 1 to 200 visible ASCII characters")
    return key


def preferred_wait_s(request: Request, proof: Proof) -> int | None:
    """How long the caller would rather wait for the outcome (RFC 7240), in whole seconds, MAX_WAIT_S at most.

    None: not at all. A preference that cannot be read is none, as the RFC has it; the first of several counts. Of a
    caller that showed nothing it is ignored: the verdict tells prices, and waiting keeps a function busy.
    """
    if proof is Proof.NONE:
        return None
    for preference in request.headers.get("prefer", "").split(","):
        found = _WAIT.fullmatch(preference.partition(";")[0].strip())
        if found:
            return min(int(found[1]), MAX_WAIT_S)
    return None


def refusal_of(error: BatonError) -> Response:
    """A refusal as a problem document, with what its caller may do about it."""
    headers: dict[str, str] = {}
    if isinstance(error, SourceLimitReached):
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, CallerUnknown):
        headers["WWW-Authenticate"] = "ApiKey"
    return Response.problem(error).with_headers(headers)
