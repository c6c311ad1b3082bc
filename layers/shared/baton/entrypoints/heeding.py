"""The endpoint for webhooks of CRMs that a connector tells of leads: what people did there."""

import re

from baton.application.heed_system import HeedSystem
from baton.domain.documents import ID_PATTERN, MAX_ID
from baton.domain.errors import BatonError, NotFound
from baton.domain.subscription import Subscription
from baton.entrypoints.http import Request, Response
from baton.entrypoints.observability import logger, problem_of
from baton.entrypoints.problems import RequestProblem
from baton.entrypoints.vendors import MAX_BODY_BYTES, refusal_of


def heed(heed_system: HeedSystem, request: Request) -> Response:
    """Answer one webhook. Never raises BatonError: a refusal says what is wrong."""
    subscription_id = request.path.get("subscription_id", "")
    try:
        if not re.fullmatch(ID_PATTERN, subscription_id):
            raise NotFound(Subscription.kind, subscription_id[:MAX_ID])
        if len(request.body) > MAX_BODY_BYTES:
            raise RequestProblem("body-too-large", f"the body is larger than {MAX_BODY_BYTES} bytes")
        heeded = heed_system(subscription_id, request.headers, request.body)
    except BatonError as error:
        logger.info("webhook refused", subscription_id=subscription_id[:MAX_ID], error=problem_of(error))
        return refusal_of(error)
    logger.info("webhook heeded", subscription_id=subscription_id, **heeded._asdict())
    return Response.json(200, heeded._asdict())
