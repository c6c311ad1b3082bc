"""Who calls, as Cognito's token says, and what they may do: admins everything, viewers read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from baton.entrypoints.problems import RequestProblem

ADMIN: Final = "admin"
VIEWER: Final = "viewer"
READING: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signed in."""

    name: str
    groups: frozenset[str]

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "User":
        """The user whose token API Gateway checked. Raises RequestProblem where there is none."""
        claims = ((event.get("requestContext") or {}).get("authorizer") or {}).get("claims") or {}
        name = claims.get("cognito:username") or claims.get("username")
        if not name:
            raise RequestProblem("unauthenticated", "send an ID token in the header Authorization")
        return cls(str(name), groups_in(claims.get("cognito:groups")))

    def check(self, *, reads: bool) -> None:
        """Raises RequestProblem unless the user's groups allow a request that changes something, or only reads."""
        needed = {ADMIN, VIEWER} if reads else {ADMIN}
        if not self.groups & needed:
            raise RequestProblem("forbidden", f"this takes the group {' or '.join(sorted(needed))}")


def groups_in(claim: Any) -> frozenset[str]:
    """The groups of a claim: a list, or a text such as `admin,viewer` or `[admin viewer]`; gateways differ."""
    names = claim if isinstance(claim, list) else re.split(r"[\s,\[\]\"]+", claim or "")
    return frozenset(name for name in names if name)
