"""What tells the world of events: the event bus, and webhooks.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.settings import SETTINGS

if TYPE_CHECKING:
    from baton.application.publish_events import PublishEvents


@cache
def publish_events() -> PublishEvents:
    """Use case of function publish."""
    from baton.adapters.aws import client
    from baton.adapters.event_bus import EventBridgeBus
    from baton.application.publish_events import PublishEvents

    return PublishEvents(EventBridgeBus(client("events"), SETTINGS.event_bus))
