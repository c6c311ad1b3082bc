"""The connectors that there are. A new one is a module beside these, and its name here."""

from typing import Annotated

from pydantic import Field

from baton.domain.connectors.google_ads import GoogleAds
from baton.domain.connectors.hubspot import HubSpot
from baton.domain.connectors.meta import Meta
from baton.domain.connectors.pipedrive import Pipedrive
from baton.domain.connectors.salesforce import Salesforce

AnyConnector = Annotated[HubSpot | Salesforce | Pipedrive | Meta | GoogleAds, Field(discriminator="system")]
