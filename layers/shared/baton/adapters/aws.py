"""AWS clients, and which of their errors pass by themselves.

Clients come from botocore, the core of boto3: boto3 adds an S3 transfer manager and resource classes that nobody
here uses, and importing them costs every cold start about 70 ms.
"""

from functools import cache
from typing import Any, Final

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_CONFIG: Final = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 3},
    tcp_keepalive=True,
    max_pool_connections=64,
)
"""A healthy call takes milliseconds; waiting longer than this helps nobody who waits for an answer."""

AwsError: Final = (BotoCoreError, ClientError)
"""Everything that a call can raise."""

PASSING: Final = frozenset(
    {
        "InternalServerError",
        "InternalFailure",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
"""Codes after which the same call may succeed."""


@cache
def _session() -> Any:
    return botocore.session.get_session()


_ONCE: Final = frozenset({"sns", "sesv2", "connect"})
"""Services that would do a repeated call twice: an SMS whose answer was lost has been sent. The workflow decides.

Amazon Connect would not, but whoever is told by it has other channels, and no time to lose.
"""


@cache
def client(service: str) -> Any:
    """The process's one client of that service; safe to share between threads."""
    once = Config(retries={"mode": "standard", "total_max_attempts": 1})
    return _session().create_client(service, config=_CONFIG.merge(once) if service in _ONCE else _CONFIG)


def code_of(error: Exception) -> str:
    """The service's error code; '' where no answer came at all."""
    return error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""


def is_passing(error: Exception) -> bool:
    """Whether the same call may succeed later. No answer at all counts: the call may even have been carried out."""
    return not isinstance(error, ClientError) or code_of(error) in PASSING
