"""The configuration API: every route of function configure."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from baton.entrypoints.console.app import Console
from baton.entrypoints.console.documents import RESOURCES, documents
from baton.entrypoints.console.exchange import exchange
from baton.entrypoints.console.plans import plans

if TYPE_CHECKING:
    from baton.application.edit_configuration import EditConfiguration
    from baton.application.exchange_configuration import ExchangeConfiguration
    from baton.application.publish_plan import PublishPlan


def configuration_api(
    edit: Callable[[], "EditConfiguration"],
    publish: Callable[[], "PublishPlan"],
    whole: Callable[[], "ExchangeConfiguration"],
) -> Console:
    """The handler over these use cases, each made when the first request needs it."""
    routers = [documents(resource, edit) for resource in RESOURCES]
    return Console([*routers, plans(publish), exchange(edit, whole)])
