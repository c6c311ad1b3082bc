"""What CRMs hear of leads: by a connector."""

import boto3

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.domain.announcement import Announcement
from baton.domain.subscription import Subscription
from baton.domain.timeline import EventKind
from tests.connecting import a_connector
from tests.infra.days_of_telling import hear, send
from tests.infra.recorder import VALUES, Recorder
from tests.systems import Served
from tests.systems_crm import HubSpot


def live_with_a_crm(recorder: Recorder, leads: DynamoLeads, lead_id: str) -> None:
    """A lead is assigned, and HubSpot is told."""
    event = next(one for one in leads.timeline(lead_id) if one.kind is EventKind.OFFER_ACCEPTED)
    announcement, hubspot = Announcement.of(event), HubSpot()
    configuration = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
    for name, secret in hubspot.SECRETS.items():
        boto3.client("ssm").put_parameter(
            Name=f"{VALUES['SECRETS_PATH']}/subscription/crm/{name}", Value=secret, Type="SecureString"
        )
    with Served(hubspot) as served:
        configuration.put(a_connector(hubspot, served.url))
        hear(recorder, announcement)
        send(recorder, announcement)
    assert hubspot.stages_of(lead_id) == [HubSpot.LIFE[0]]
    configuration.put(Subscription(id="crm", name="CRM", url="https://crm.example/hook", active=False))
