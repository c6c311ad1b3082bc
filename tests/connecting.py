"""A world with a connector, between a lead's timeline and a system that is played here."""

from collections.abc import Mapping
from typing import Any, Final

from baton.domain.outcome import Outcome, Report
from baton.domain.subscription import Subscription
from tests.systems import System
from tests.systems_ads import DataManager, MetaAds
from tests.systems_crm import HubSpot, Pipedrive, Salesforce
from tests.telling import Telling, a_telling

SYSTEMS: Final[tuple[type[System], ...]] = (HubSpot, Salesforce, Pipedrive, MetaAds, DataManager)
HOME: Final = "https://system.example"


def a_connector(system: System, url: str = HOME, subscription_id: str = "crm", **facts: Any) -> Subscription:
    """The subscription that tells the system."""
    connector = {**system.CONNECTOR, "url": url, **facts}
    if connector["system"] == "google_ads":
        connector["token_url"] = f"{url}/token"
    document = {"id": subscription_id, "name": subscription_id, "connector": connector}
    return Subscription.model_validate(document)


def a_company(
    system: System,
    *,
    http: Any = None,
    url: str = HOME,
    stores: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Telling:
    """A world that tells the system of everything."""
    telling = a_telling(system.script, a_connector(system, url, **facts), http=http, **(stores or {}))
    system.now = lambda: telling.now
    for name, secret in system.SECRETS.items():
        telling.secrets.put(f"subscription/crm/{name}", secret)
    return telling


def lives(telling: Telling, **fields: Any) -> str:
    """A lead that is assigned, contacted and converted, with a value."""
    world = telling.world
    lead_id = world.scores(**{"first_name": "Maria", "phone": "+12025550123", **fields})
    world.route(lead_id)
    world.conclude(lead_id, Report(outcome=Outcome.CONTACTED), "dialler")
    world.conclude(lead_id, Report(outcome=Outcome.CONVERTED, value_cents=129_905), "dialler")
    return lead_id


def works_off(telling: Telling) -> None:
    """Let time pass until nothing waits."""
    telling.works()
    for _ in range(60):
        if telling.queue.waiting:
            telling.waits()
    assert telling.queue.waiting == []
