"""Which domains take mail: asked of name servers, and remembered, so that a domain is asked about once a week."""

import hmac
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from baton.application.ask_outside import MailDomains, Recollections
from baton.application.ports import Clock
from baton.domain.errors import StoreUnavailable

if TYPE_CHECKING:
    from dns.resolver import Resolver

TIMEOUT_S: Final = 2.0
"""For all questions about one domain together."""
TAKES_KEPT: Final = timedelta(days=7)
TAKES_NONE_KEPT: Final = timedelta(days=1)
"""A domain that takes no mail yet may soon."""
MOST_KEPT: Final = 2_000
"""Domains that a process remembers."""
_YES: Final = "yes"
_NO: Final = "no"


class DnsMailDomains:
    """The MailDomains port: mail servers by MX, where there are none the domain's own address (RFC 5321, 5.1).

    A null MX (RFC 7505), a domain that does not exist, and one without any address take none.
    """

    def __init__(
        self, servers: Sequence[tuple[str, int]] | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        """`servers`: address and port of name servers; None: those of the system."""
        self._servers = servers
        self._timeout_s = timeout_s

    def takes_mail(self, domain: str) -> bool | None:
        """See MailDomains.takes_mail."""
        # Here and not above: only functions that ask name servers pay for it.
        from dns.exception import DNSException
        from dns.name import IDNA_2008_UTS_46, from_text
        from dns.resolver import NXDOMAIN

        ends = time.monotonic() + self._timeout_s
        try:
            name = from_text(domain.rstrip(".") + ".", idna_codec=IDNA_2008_UTS_46)
            resolver = self._resolver()
            found = resolver.resolve(name, "MX", raise_on_no_answer=False, lifetime=self._timeout_s)
            if found.rrset:
                return any(len(record.exchange.labels) > 1 for record in found)
            for kind in ("A", "AAAA"):
                left_s = max(0.01, ends - time.monotonic())
                if resolver.resolve(name, kind, raise_on_no_answer=False, lifetime=left_s).rrset:
                    return True
        except NXDOMAIN:
            return False
        except (DNSException, OSError, UnicodeError):
            # No name server, no answer in time, or one that could not find out.
            return None
        return False

    def _resolver(self) -> "Resolver":
        from dns.nameserver import Do53Nameserver
        from dns.resolver import Resolver

        if self._servers is None:
            return Resolver()
        resolver = Resolver(configure=False)
        resolver.nameservers = [Do53Nameserver(address, port) for address, port in self._servers]
        return resolver


class RememberedMailDomains:
    """The MailDomains port over another: what it said is remembered, in this process and for all others.

    A domain may be a person's own, so it is remembered under a keyed hash. That nobody could say is not remembered.
    """

    def __init__(
        self, asked: MailDomains, recollections: Recollections, secret: Callable[[], bytes], clock: Clock
    ) -> None:
        self._asked = asked
        self._recollections = recollections
        self._secret = secret
        self._clock = clock
        self._known: dict[str, bool] = {}

    def takes_mail(self, domain: str) -> bool | None:
        """See MailDomains.takes_mail. Where nothing can be remembered, somebody is asked."""
        domain = domain.strip().casefold()
        if domain in self._known:
            return self._known[domain]
        key = self._key(domain)
        takes = self._recalled(key) if key else None
        if takes is None:
            takes = self._asked.takes_mail(domain)
            if takes is None:
                return None
            if key:
                self._remember(key, takes=takes)
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[domain] = takes
        return takes

    def _key(self, domain: str) -> str | None:
        try:
            digest = hmac.digest(self._secret(), b"mail domain\n" + domain.encode(), "sha256")
        except StoreUnavailable:
            return None
        return f"domain#{digest.hex()[:32]}"

    def _recalled(self, key: str) -> bool | None:
        try:
            said = self._recollections.recall(key, self._clock.now())
        except StoreUnavailable:
            return None
        return None if said is None else said == _YES

    def _remember(self, key: str, *, takes: bool) -> None:
        until = self._clock.now() + (TAKES_KEPT if takes else TAKES_NONE_KEPT)
        try:
            self._recollections.remember(key, _YES if takes else _NO, until)
        except StoreUnavailable:
            return


@dataclass
class MemoryMailDomains:
    """The MailDomains port: domains in a dictionary; of others nobody can say."""

    known: dict[str, bool] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def takes_mail(self, domain: str) -> bool | None:
        """See MailDomains.takes_mail."""
        self.asked.append(domain)
        return self.known.get(domain)
