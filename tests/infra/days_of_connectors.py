"""What a CRM hears of leads, and says of them: by a connector."""

import json

import boto3

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.domain.announcement import Announcement
from baton.domain.subscription import Subscription
from baton.domain.timeline import EventKind
from tests.connecting import a_connector
from tests.infra.days_of_telling import hear, send
from tests.infra.recorder import VALUES, Recorder, sample
from tests.systems import Served
from tests.systems_crm import Pipedrive

SAMPLE_LEAD = "0123456789abcdef0123456789abcdef"
SECRETS = {**Pipedrive.SECRETS, "hook": "baton:only samples use it"}


def live_with_a_crm(recorder: Recorder, leads: DynamoLeads, lead_id: str) -> None:
    """A lead is assigned, Pipedrive is told, and tells what became of it; nobody believes the others."""
    event = next(one for one in leads.timeline(lead_id) if one.kind is EventKind.OFFER_ACCEPTED)
    announcement, pipedrive = Announcement.of(event), Pipedrive()
    configuration = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
    for name, secret in SECRETS.items():
        boto3.client("ssm").put_parameter(
            Name=f"{VALUES['SECRETS_PATH']}/subscription/crm/{name}", Value=secret, Type="SecureString"
        )
    with Served(pipedrive) as served:
        configuration.put(a_connector(pipedrive, served.url, hook_secret="hook"))
        hear(recorder, announcement)
        send(recorder, announcement)
        told = sample("hear/pipedrive")
        told["body"] = told["body"].replace(SAMPLE_LEAD, lead_id)
        answer = recorder.invoke("hear", told)
    assert pipedrive.stages_of(lead_id) == [Pipedrive.LIFE[0]]
    assert (answer["statusCode"], json.loads(answer["body"])["heard"]) == (200, 1)
    for other in ("hubspot", "salesforce"):
        assert recorder.invoke("hear", sample(f"hear/{other}"))["statusCode"] == 401
    configuration.put(Subscription(id="crm", name="CRM", url="https://crm.example/hook", active=False))
