"""Secrets from AWS Secrets Manager, kept in memory for a few minutes."""

import time
from typing import Any, Final

from baton.adapters.aws import AwsError
from baton.adapters.dynamo import translated

_TTL_S: Final = 300
"""A rotated secret is used everywhere after this long."""


class SecretsManagerSecret:
    """One secret, read when it is first needed."""

    def __init__(self, client: Any, secret_id: str) -> None:
        self._client = client
        self._id = secret_id
        self._value = b""
        self._read_at = float("-inf")

    def __call__(self) -> bytes:
        """The secret's bytes; the old ones while a new reading fails. Raises StoreUnavailable."""
        if time.monotonic() - self._read_at > _TTL_S:
            try:
                self._value = self._client.get_secret_value(SecretId=self._id)["SecretString"].encode()
                self._read_at = time.monotonic()
            except AwsError as error:
                if not self._value:
                    raise translated(error) from error
        return self._value
