"""Access by key: other systems show who they are by a key, of which only a digest is kept."""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated

from pydantic import Field

KeyHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a key, in hex. A key is long and random: a plain digest cannot be turned back."""


def hash_of(key: str) -> str:
    """What a document holds in place of the key."""
    return sha256(key.encode()).hexdigest()


def is_known(key: str | None, hashes: Sequence[str]) -> bool:
    """Whether the key is one of those, in a time that tells nothing about how close it was."""
    if not key:
        return False
    mine = hash_of(key)
    found = [hmac.compare_digest(mine, known) for known in hashes]
    return any(found)
