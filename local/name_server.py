"""A name server on this machine that knows what it is told: `with NameServer({"example.com": {"MX": ["10 mx"]}})`."""

import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from local import process

BROKEN: Final = "broken"
"""A name about which the server says that it cannot find out."""
SILENT: Final = "silent"
"""A name about which it says nothing at all."""
type Zones = Mapping[str, Mapping[str, Sequence[str]] | str]


class NameServer:
    """Answers over UDP. A name that it was not told of does not exist; one without records of a kind has none."""

    def __init__(self, zones: Zones) -> None:
        self._zones = zones
        self.asked: list[tuple[str, str]] = []
        """Name and kind of each question."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((process.HOST, 0))
        self.address: tuple[str, int] = self._socket.getsockname()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.sendto(b"", self.address)
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            wire, caller = self._socket.recvfrom(4096)
            if not wire:
                return
            reply = self._reply(dns.message.from_wire(wire))
            if reply is not None:
                with suppress(OSError):
                    self._socket.sendto(reply.to_wire(), caller)

    def _reply(self, query: dns.message.Message) -> Any:
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        known = self._zones.get(name)
        if known == SILENT:
            return None
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.AA
        if known == BROKEN:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif known is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif not isinstance(known, str) and (records := known.get(kind)):
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *records))
        return reply
