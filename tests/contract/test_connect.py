"""The CallCentre port over Amazon Connect and in memory: what is asked for, what is refused, and what passes."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import botocore.session
import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber

from baton.adapters.connect import AmazonConnect, MemoryCallCentre
from baton.application.tell_by_connect import CallCentre
from baton.domain.errors import NotificationFailed

INSTANCE, FLOW, OTHER = (f"1f0c6c2e-0000-4000-8000-00000000000{n}" for n in range(3))
PHONE: Final = "+12025550101"
FACTS: Final = {"lead_id": "x", "text": "New lead"}
LINK: Final = "https://baton.example/v1/offers/x"
ASK: Final[dict[str, Callable[[CallCentre], bool]]] = {
    "start_task_contact": lambda centre: centre.task(None, "New lead", "facts", LINK, FACTS, "offer_x_1"),
    "start_outbound_voice_contact": lambda centre: centre.call(OTHER, PHONE, FACTS, "offer_x_1"),
}
every_way = pytest.mark.parametrize("operation", ASK)


@pytest.fixture
def connect() -> Iterator[tuple[AmazonConnect, Stubber]]:
    """Amazon Connect, checked against the service's own model, and what it is to answer."""
    session = botocore.session.get_session()
    client = session.create_client(
        "connect", "us-east-1", aws_access_key_id="none", aws_secret_access_key="none"
    )
    with Stubber(client) as stubber:
        yield AmazonConnect(client, INSTANCE, FLOW, "+12025550100"), stubber


def test_a_task_has_the_deployment_s_flow_a_link_and_a_key(connect: tuple[AmazonConnect, Stubber]) -> None:
    centre, stubber = connect
    expected = {
        "InstanceId": INSTANCE,
        "ContactFlowId": FLOW,
        "Name": "New lead",
        "Description": "facts",
        "References": {"Lead": {"Value": LINK, "Type": "URL"}},
        "Attributes": FACTS,
        "ClientToken": "offer_x_1",
    }
    stubber.add_response("start_task_contact", {"ContactId": "1"}, expected)

    assert ASK["start_task_contact"](centre)


def test_a_call_goes_to_the_rep_from_the_deployment_s_number(connect: tuple[AmazonConnect, Stubber]) -> None:
    centre, stubber = connect
    expected = {
        "InstanceId": INSTANCE,
        "ContactFlowId": OTHER,
        "DestinationPhoneNumber": PHONE,
        "SourcePhoneNumber": "+12025550100",
        "Attributes": FACTS,
        "ClientToken": "offer_x_1",
    }
    stubber.add_response("start_outbound_voice_contact", {"ContactId": "1"}, expected)

    assert ASK["start_outbound_voice_contact"](centre)


@every_way
@pytest.mark.parametrize(
    "code", ["InvalidParameterException", "ResourceNotFoundException", "DestinationNotAllowedException"]
)
def test_what_connect_will_never_do_is_a_no(
    connect: tuple[AmazonConnect, Stubber], operation: str, code: str
) -> None:
    centre, stubber = connect
    stubber.add_client_error(operation, code)

    assert ASK[operation](centre) is False
    assert ASK[operation](MemoryCallCentre(refuses=True)) is False


@every_way
@pytest.mark.parametrize("code", ["LimitExceededException", "ThrottlingException", "AccessDeniedException"])
def test_everything_else_may_pass_and_names_nobody(
    connect: tuple[AmazonConnect, Stubber], operation: str, code: str
) -> None:
    """Invariant 9."""
    centre, stubber = connect
    stubber.add_client_error(operation, code, f"{PHONE} is busy")

    with pytest.raises(NotificationFailed) as failed:
        ASK[operation](centre)
    with pytest.raises(NotificationFailed):
        ASK[operation](MemoryCallCentre(available=False))
    assert PHONE not in str(failed.value)


@every_way
def test_no_answer_at_all_may_pass(operation: str) -> None:
    class Silent:
        def __getattr__(self, name: str) -> Any:
            def ask(**_: Any) -> None:
                raise ReadTimeoutError(endpoint_url="https://connect.example")

            return ask

    with pytest.raises(NotificationFailed):
        ASK[operation](AmazonConnect(Silent(), INSTANCE, FLOW, ""))


@every_way
def test_asked_twice_under_one_key_it_does_it_once(operation: str) -> None:
    centre = MemoryCallCentre()

    assert [ASK[operation](centre) for _ in range(2)] == [True, True]
    assert len(centre.started) == 1
