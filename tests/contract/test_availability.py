"""How everybody stands, over DynamoDB: with two calls for a page, and as the twins say."""

from typing import Any

import pytest

from baton.adapters.doubles import FixedClock
from baton.adapters.dynamo_archive import DynamoArchive
from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_ledger import DynamoLedger, usage_put
from baton.application.show_recipient import RecipientView, ShowRecipient
from baton.domain.standing import Usage
from tests.builders import MONDAY_9AM, a_rep
from tests.contract.test_ledger import Counting


@pytest.mark.parametrize("limit", [100, 20])
def test_a_page_of_everybody_takes_two_calls_however_many_they_are(dynamodb: Any, limit: int) -> None:
    reps = [a_rep(f"rep-{n:03}", active=n % 50 != 0) for n in range(130)]
    configuration = DynamoConfiguration(dynamodb, "ConfigTable")
    for rep in reps:
        configuration.put(rep)
    busy = usage_put("LedgerTable", Usage("rep-101", rev=1, open_leads=4))
    dynamodb.put_item(TableName="LedgerTable", Item=busy["Item"])
    client = Counting(dynamodb)
    show = ShowRecipient(
        configuration,
        DynamoArchive(client, "ConfigTable"),
        DynamoLedger(client, "LedgerTable"),
        FixedClock(MONDAY_9AM),
    )

    views: list[RecipientView] = []
    pages, after = 0, None
    while pages == 0 or after:
        page = show.page(limit, after)
        views, after, pages = [*views, *page.items], page.after, pages + 1

    assert [view.recipient.id for view in views] == [rep.id for rep in reps if rep.active]
    assert [view.recipient.id for view in views if view.open_leads] == ["rep-101"]
    assert client.calls == {"query": pages, "batch_get_item": pages}
