"""An emulator with the real template for the end-to-end tests of each worker, with IAM enforced."""

import json
from collections.abc import Iterator

import pytest

from local import deploy
from local.emulator import Emulator
from local.name_server import NameServer
from local.outside import Outside
from local.platforms import Platforms
from tests.e2e import left_behind
from tests.e2e.left_behind import LeftBehind
from tests.e2e.stack import Stack

OUT = deploy.ROOT / ".local"
STACK_NAME = "baton-e2e"
PLATFORM_TOKEN = "a token that the platforms know"  # of servers that only this machine has


def pytest_sessionstart(session: pytest.Session) -> None:
    """Whoever starts the workers, or is alone, forgets what an earlier run left."""
    if not hasattr(session.config, "workerinput"):
        left_behind.forget()


@pytest.fixture(scope="session")
def platforms() -> Iterator[Platforms]:
    """Meta and LinkedIn."""
    with Platforms(PLATFORM_TOKEN) as platforms:
        yield platforms


@pytest.fixture(scope="session")
def outside() -> Iterator[Outside]:
    """TrustedForm, Turnstile and reCAPTCHA."""
    with Outside() as outside:
        yield outside


@pytest.fixture(scope="session")
def names() -> Iterator[NameServer]:
    """A name server that knows one domain that takes mail."""
    with NameServer({"private.example": {"MX": ["10 mail.private.example."]}}) as names:
        yield names


@pytest.fixture(scope="session")
def stack(
    tmp_path_factory: pytest.TempPathFactory,
    platforms: Platforms,
    outside: Outside,
    names: NameServer,
    worker_id: str,
) -> Iterator[Stack]:
    """Baton, built, deployed, and with operations listening to its alerts; one for each worker."""
    deploy.build(deploy.ROOT, OUT)
    elsewhere = {
        "LocalPlatforms": platforms.url,
        "LocalOutside": outside.url,
        "LocalResolver": ":".join(map(str, names.address)),
        "HistoryDays": "30",
    }
    left_behind.expect(worker_id)
    with Emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        outputs = deploy.deploy(emulator, STACK_NAME, OUT, parameters=elsewhere)
        stack = Stack(emulator, outputs, STACK_NAME)
        stack.client("ses").verify_email_identity(EmailAddress=stack.outputs["SenderToVerify"])
        listen_to_alerts(stack)
        yield stack
        LeftBehind.on(stack).keep(worker_id)


def listen_to_alerts(stack: Stack) -> None:
    """Subscribe a queue to the topic, as a person would an address."""
    sqs, topic = stack.client("sqs"), stack.outputs["AlertTopicArn"]
    stack.queue_url = sqs.create_queue(QueueName="operations")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=stack.queue_url, AttributeNames=["QueueArn"])["Attributes"]
    allow = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": queue["QueueArn"],
            }
        ],
    }
    sqs.set_queue_attributes(QueueUrl=stack.queue_url, Attributes={"Policy": json.dumps(allow)})
    stack.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue["QueueArn"])
