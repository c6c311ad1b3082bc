"""What tells the world of events: the event bus, and webhooks.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.bootstrap import console, parts
from baton.settings import SETTINGS

if TYPE_CHECKING:
    from baton.application.converse import Converse
    from baton.application.follow_deliveries import FollowDeliveries
    from baton.application.heed_system import HeedSystem
    from baton.application.links import Links
    from baton.application.notify_subscribers import NotifySubscribers
    from baton.application.outgoing import Secrets
    from baton.application.post_event import PostEvent
    from baton.application.publish_events import PublishEvents
    from baton.application.send_event import SendEvent
    from baton.application.subscriptions import Deliveries, DeliveryQueue
    from baton.application.tell_system import TellSystem


@cache
def publish_events() -> PublishEvents:
    """Use case of function publish."""
    from baton.adapters.aws import client
    from baton.adapters.event_bus import EventBridgeBus
    from baton.application.publish_events import PublishEvents

    return PublishEvents(EventBridgeBus(client("events"), SETTINGS.event_bus))


@cache
def notify_subscribers() -> NotifySubscribers:
    """Use case of function notify."""
    from baton.application.notify_subscribers import NotifySubscribers
    from baton.application.subscriptions import RememberedSubscriptions

    subscriptions = RememberedSubscriptions(parts.archive(), parts.clock())
    return NotifySubscribers(subscriptions, parts.leads(), _deliveries(), _queue(), parts.clock())


@cache
def send_event() -> SendEvent:
    """Use case of function send."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_breakers import DynamoBreakers
    from baton.adapters.resting import BreakerResting
    from baton.application.send_event import SendEvent

    breakers = DynamoBreakers(client("dynamodb"), SETTINGS.ledger_table)
    return SendEvent(
        _deliveries(),
        _queue(),
        parts.configuration(),
        parts.leads(),
        _post_event(),
        _tell_system(),
        BreakerResting(breakers, parts.clock()),
        console.edit_configuration(),
        parts.alerts(),
        parts.clock(),
    )


def follow_deliveries() -> FollowDeliveries:
    """Use case of function resend. Made for every request, so that it knows secrets which were just stored."""
    from baton.adapters.system import new_lead_id
    from baton.application.converse import CheckSystem
    from baton.application.follow_deliveries import FollowDeliveries

    check = CheckSystem(_converse())
    return FollowDeliveries(
        parts.archive(), _deliveries(), _queue(), _post_event(), check, parts.clock(), new_lead_id
    )


def _post_event() -> PostEvent:
    from baton.application.post_event import PostEvent

    return PostEvent(parts.http(), _secrets(), parts.clock())


@cache
def heed_system() -> HeedSystem:
    """Use case of function hear, for CRMs."""
    from baton.application.heed_system import HeedSystem

    return HeedSystem(
        parts.configuration(),
        _secrets(),
        parts.leads(),
        _links(),
        _converse(),
        parts.record_outcome(),
        parts.clock(),
    )


def _tell_system() -> TellSystem:
    from baton.application.tell_system import TellSystem

    return TellSystem(parts.leads(), parts.configuration(), _links(), _converse(), parts.clock())


def _converse() -> Converse:
    from baton.application.converse import Converse

    return Converse(parts.http(), _secrets(), parts.clock())


def _links() -> Links:
    from baton.adapters.aws import client
    from baton.adapters.linked_rows import DynamoLinks

    return DynamoLinks(client("dynamodb"), SETTINGS.ledger_table)


def _secrets() -> Secrets:
    from baton.adapters.aws import client
    from baton.adapters.parameter_secrets import ParameterSecrets

    return ParameterSecrets(client("ssm"), SETTINGS.secrets_path)


@cache
def _deliveries() -> Deliveries:
    from baton.adapters.aws import client
    from baton.adapters.deliveries import DynamoDeliveries

    return DynamoDeliveries(client("dynamodb"), SETTINGS.ledger_table)


@cache
def _queue() -> DeliveryQueue:
    from baton.adapters.aws import client
    from baton.adapters.deliveries import SqsDeliveryQueue

    return SqsDeliveryQueue(client("sqs"), SETTINGS.delivery_queue_url)
