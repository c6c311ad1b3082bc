"""Amazon Connect: tasks and calls. And its twin in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from baton.adapters.aws import AwsError, code_of
from baton.domain.errors import NotificationFailed

_REFUSED: Final = frozenset(
    {
        "DestinationNotAllowedException",
        "InvalidParameterException",
        "InvalidRequestException",
        "OutboundContactNotPermittedException",
        "ResourceNotFoundException",
    }
)
"""Asked again, Connect would say the same."""


class AmazonConnect:
    """The CallCentre port. A flow that is not named is the deployment's own."""

    def __init__(self, client: Any, instance_id: str, flow_id: str, source_phone: str) -> None:
        self._client = client
        self._instance = instance_id
        self._flow = flow_id
        self._source = source_phone

    def task(
        self, flow: str | None, name: str, text: str, link: str, attributes: Mapping[str, str], key: str
    ) -> bool:
        """See CallCentre.task."""
        return _taken(
            self._client.start_task_contact,
            InstanceId=self._instance,
            ContactFlowId=flow or self._flow,
            Name=name,
            Description=text,
            References={"Lead": {"Value": link, "Type": "URL"}} if link else {},
            Attributes=dict(attributes),
            ClientToken=key,
        )

    def call(self, flow: str | None, phone: str, attributes: Mapping[str, str], key: str) -> bool:
        """See CallCentre.call."""
        source = {"SourcePhoneNumber": self._source} if self._source else {}
        return _taken(
            self._client.start_outbound_voice_contact,
            InstanceId=self._instance,
            ContactFlowId=flow or self._flow,
            DestinationPhoneNumber=phone,
            Attributes=dict(attributes),
            ClientToken=key,
            **source,
        )


@dataclass
class MemoryCallCentre:
    """The CallCentre port: remembers what it was asked for, each key once."""

    started: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    """By key: a task's name or the phone that was called, and the attributes."""
    refuses: bool = False
    available: bool = True

    def task(
        self, flow: str | None, name: str, text: str, link: str, attributes: Mapping[str, str], key: str
    ) -> bool:
        """See CallCentre.task."""
        return self._start(key, name, attributes)

    def call(self, flow: str | None, phone: str, attributes: Mapping[str, str], key: str) -> bool:
        """See CallCentre.call."""
        return self._start(key, phone, attributes)

    def _start(self, key: str, what: str, attributes: Mapping[str, str]) -> bool:
        if not self.available:
            raise NotificationFailed
        if self.refuses:
            return False
        self.started.setdefault(key, (what, dict(attributes)))
        return True


def _taken(call: Any, **request: Any) -> bool:
    try:
        call(**request)
    except AwsError as error:
        if code_of(error) in _REFUSED:
            return False
        raise NotificationFailed(code_of(error) or type(error).__name__) from error
    return True
