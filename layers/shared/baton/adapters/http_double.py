"""In-memory twin of the calls to other companies' systems: their answers come from a function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from baton.application.outgoing import Answer, Outgoing, Trouble


@dataclass
class ScriptedHttp:
    """The Http port: nothing leaves the process, and no time passes."""

    script: Callable[[Outgoing], Answer]
    """What the other side answers. Its `took_ms` is believed: an answer that takes too long is a timeout."""
    sent: list[Outgoing] = field(default_factory=list)
    """In the order of sending."""

    def send(self, request: Outgoing) -> Answer:
        """See Http.send."""
        return self._answer(request, request.timeout_ms)

    def send_all(self, requests: Sequence[Outgoing], within_ms: int) -> list[Answer]:
        """See Http.send_all."""
        return [self._answer(request, min(within_ms, request.timeout_ms)) for request in requests]

    def _answer(self, request: Outgoing, within_ms: int) -> Answer:
        self.sent.append(request)
        answer = self.script(request)
        if answer.took_ms <= within_ms:
            return answer
        if not answer.may_have_arrived:
            return Answer(trouble=answer.trouble, detail=answer.detail, took_ms=within_ms)
        return Answer(trouble=Trouble.TIMEOUT, detail="no answer in time", took_ms=within_ms)
