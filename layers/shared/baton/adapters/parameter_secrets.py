"""Secrets as encrypted parameters of AWS Systems Manager, kept in memory for a few minutes.

A parameter for each secret, `SecureString` under the account's own key: of the standard tier, which costs nothing.
"""

import time
from collections.abc import Callable
from typing import Any, Final

from baton.adapters.aws import AwsError, code_of
from baton.adapters.dynamo import translated
from baton.domain.errors import StoreUnavailable

KEPT_S: Final = 300
"""A secret that was replaced is used everywhere after this long."""
MISSING_KEPT_S: Final = 15
"""That there is none is believed for less long: somebody may be about to store it."""
RETRY_S: Final = 15
"""How long an old secret is used before another try, where a new reading failed."""
_PASSING: Final = frozenset({"TooManyUpdates", "InternalServerError"})


class ParameterSecrets:
    """The Secrets port. Names are paths, such as `recipient/harbor/post-token`, below `path`."""

    def __init__(self, client: Any, path: str, seconds: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._path = path.rstrip("/")
        self._seconds = seconds
        self._known: dict[str, tuple[str | None, float]] = {}
        """Value and until when it is believed, by name."""

    def get(self, name: str) -> str | None:
        """See Secrets.get. While a new reading fails, the old value holds."""
        value, until = self._known.get(name, (None, float("-inf")))
        if self._seconds() < until:
            return value
        try:
            return self._keep(name, self._read(name))
        except StoreUnavailable:
            if value is None:
                raise
            self._known[name] = (value, self._seconds() + RETRY_S)
            return value

    def put(self, name: str, value: str) -> None:
        """See Secrets.put."""
        try:
            self._client.put_parameter(
                Name=self._name(name), Value=value, Type="SecureString", Tier="Standard", Overwrite=True
            )
        except AwsError as error:
            raise _said(error) from error
        self._keep(name, value)

    def has(self, name: str) -> bool:
        """See Secrets.has. The value comes encrypted, and is not looked at."""
        try:
            self._client.get_parameter(Name=self._name(name), WithDecryption=False)
        except AwsError as error:
            if code_of(error) == "ParameterNotFound":
                return False
            raise _said(error) from error
        return True

    def _read(self, name: str) -> str | None:
        try:
            answer = self._client.get_parameter(Name=self._name(name), WithDecryption=True)
        except AwsError as error:
            if code_of(error) == "ParameterNotFound":
                return None
            raise _said(error) from error
        return str(answer["Parameter"]["Value"])

    def _keep(self, name: str, value: str | None) -> str | None:
        kept_s = MISSING_KEPT_S if value is None else KEPT_S
        self._known[name] = (value, self._seconds() + kept_s)
        return value

    def _name(self, name: str) -> str:
        return f"{self._path}/{name}"


def _said(error: Exception) -> Exception:
    """StoreUnavailable for what passes. The store's own words may repeat what was sent: only its code is told."""
    code = code_of(error)
    return StoreUnavailable(code) if code in _PASSING else translated(error)
