"""The Links port, in memory and in DynamoDB."""

from datetime import timedelta

import pytest

from baton.adapters.linked_rows import DynamoLinks, MemoryLinks
from baton.application.links import Links
from baton.domain.connectors.talk import Linked
from tests.builders import LEAD_ID, MONDAY_9AM

UNTIL = MONDAY_9AM + timedelta(days=730)
OTHER = f"{2:032x}"


@pytest.fixture(params=["memory", "dynamo"])
def links(request: pytest.FixtureRequest) -> Links:
    """The port, in memory and in DynamoDB."""
    if request.param == "memory":
        return MemoryLinks()
    return DynamoLinks(request.getfixturevalue("dynamodb"), "LedgerTable")


def test_of_a_lead_that_nobody_was_told_of_nothing_is_known(links: Links) -> None:
    assert links.get("crm", LEAD_ID) == Linked()


def test_what_is_known_of_a_lead_is_given_back_by_subscription_and_lead(links: Links) -> None:
    linked = Linked(home="hubspot https://api.hubapi.com", known={"deal": "5001", "contact": "5000"}, told=4)
    links.put("crm", LEAD_ID, Linked(known={"deal": "1"}), UNTIL)
    links.put("crm", LEAD_ID, linked, UNTIL)

    assert links.get("crm", LEAD_ID) == linked
    assert links.get("crm", OTHER) == links.get("bi", LEAD_ID) == Linked()


def test_a_row_says_when_it_is_to_be_deleted(dynamodb: object) -> None:
    links = DynamoLinks(dynamodb, "LedgerTable")
    links.put("crm", LEAD_ID, Linked(), UNTIL)

    rows = dynamodb.scan(TableName="LedgerTable")["Items"]  # type: ignore[attr-defined] # boto3 has no types
    assert {row["expires_epoch"]["N"] for row in rows} == {str(int(UNTIL.timestamp()))}
