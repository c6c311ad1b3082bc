"""The endpoint for systems that say what became of a source's leads: one report, or many at once."""

import time
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from baton.application.admit_vendor import AdmitVendor
from baton.application.hear_outcomes import HearOutcomes
from baton.domain.errors import BatonError, FieldError, StoreUnavailable
from baton.domain.outcome import NamedReport
from baton.domain.source import Source
from baton.entrypoints.http import Request, Response
from baton.entrypoints.observability import follow, logger, problem_of
from baton.entrypoints.problems import InvalidRequest, problem_body
from baton.entrypoints.vendors import MAX_BODY_BYTES, idempotency_key, refusal_of

MANY: Final = "outcomes"
MAX_REPORTS: Final = 100
TIME_BUDGET_S: Final = 20.0
"""After this long no further report is begun: API Gateway gives up after 29 seconds, and each can be sent again."""


def hear(hear_outcomes: HearOutcomes, admit: AdmitVendor, request: Request, context: Any) -> Response:
    """Answer one request. Raises BatonError only where the source itself is unknown."""
    source = hear_outcomes.source(request.path.get("source_id", ""))
    try:
        proof = admit.outcome(source, request.headers, request.body)
        fields = request.fields(MAX_BODY_BYTES)
        key = idempotency_key(request, proof, one_body=True)
        if MANY in fields:
            return _answer_many(hear_outcomes, source, _many(fields), key)
        return _answer_one(hear_outcomes, source, fields, key, context)
    except BatonError as error:
        logger.info("outcomes refused", source_id=source.id, error=problem_of(error))
        return refusal_of(error)


def _answer_one(
    hear_outcomes: HearOutcomes, source: Source, fields: Mapping[str, Any], key: str | None, context: Any
) -> Response:
    lead = hear_outcomes(source, _read(fields), key)
    follow(lead.lead_id, context)
    logger.info("outcome heard", source_id=source.id, state=lead.state)
    return Response.json(200, {"lead_id": lead.lead_id, "state": lead.state})


def _answer_many(
    hear_outcomes: HearOutcomes, source: Source, reports: list[Any], key: str | None
) -> Response:
    """An answer for each, in their order: what is wrong with one is no other's business."""
    until = time.monotonic() + TIME_BUDGET_S
    answers = [
        _answer(hear_outcomes, source, fields, f"{key} {index}" if key else None, until)
        for index, fields in enumerate(reports)
    ]
    failed = sum("problem" in answer for answer in answers)
    logger.info("outcomes heard", source_id=source.id, reports=len(answers), failed=failed)
    return Response.json(200, {"failed": failed, MANY: answers})


def _answer(
    hear_outcomes: HearOutcomes, source: Source, fields: Any, key: str | None, until: float
) -> dict[str, Any]:
    try:
        if time.monotonic() > until:
            message = "there was no time left"
            raise StoreUnavailable(message)
        lead = hear_outcomes(source, _read(fields), key)
    except BatonError as error:
        status, problem = problem_body(error)
        return {"status": status, "problem": problem}
    return {"status": 200, "lead_id": lead.lead_id, "state": lead.state}


def _many(fields: Mapping[str, Any]) -> list[Any]:
    """The reports of a request. Raises InvalidRequest."""
    reports = fields[MANY]
    errors = [FieldError(name, "does not belong beside `outcomes`") for name in fields if name != MANY]
    if not isinstance(reports, list) or not 1 <= len(reports) <= MAX_REPORTS:
        errors.append(FieldError(MANY, f"must be a list of 1 to {MAX_REPORTS} reports"))
    if errors:
        raise InvalidRequest(errors)
    return list(reports)


def _read(fields: Any) -> NamedReport:
    """One report. Raises InvalidRequest with every invalid field, and no value."""
    try:
        return NamedReport.model_validate(fields)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        raise InvalidRequest(
            [
                FieldError(".".join(map(str, one["loc"])), one["msg"].removeprefix("Value error, "))
                for one in found
            ]
        ) from None
