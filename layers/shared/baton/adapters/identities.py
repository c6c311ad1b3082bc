"""Keyed hashes of what identifies people: they say whether two are equal, and nothing else to nobody else."""

import hmac
from collections.abc import Callable, Sequence

from baton.domain.campaign import Policy, Sticky
from baton.domain.identity import company_mark, person_marks
from baton.domain.lead import Contact, Ties


class KeyedIdentities:
    """The Identities port: HMAC-SHA256 under a secret of the deployment."""

    def __init__(self, secret: Callable[[], bytes]) -> None:
        self._secret = secret

    def person(self, contact: Contact) -> tuple[str, ...]:
        """See Identities.person."""
        return tuple(map(self._hash, person_marks(contact)))

    def marks(self, values: Sequence[str]) -> tuple[str, ...]:
        """See Identities.marks."""
        return tuple(self._hash(f"mark\n{value}") for value in values)

    def ties(self, contact: Contact, sticky: Sticky) -> Ties | None:
        """See Identities.ties."""
        by_person, by_company = sticky.person is not Policy.OFF, sticky.company is not Policy.OFF
        company = company_mark(contact) if by_company else None
        person = person_marks(contact) if by_person else ()
        if not person and company is None:
            return None
        return Ties(
            person=tuple(map(self._hash, person)),
            company=self._hash(company) if company else None,
            days=sticky.window_days,
        )

    def _hash(self, mark: str) -> str:
        return hmac.digest(self._secret(), b"identity\n" + mark.encode(), "sha256").hex()[:32]
