"""Leads found by campaign, recipient, source, state and time, over the indexes of the Leads table."""

import time
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, Final

from pydantic import ValidationError

from baton.adapters.dynamo import BATCH, batch_get, query
from baton.adapters.dynamo_leads import WATCH_SHARDS, sortable, waiting_key
from baton.adapters.items import to_item
from baton.adapters.retention import live
from baton.domain.editing import Page
from baton.domain.lead import Lead
from baton.domain.search import Wanted
from baton.domain.waiting import Wait, wait_of

MAX_LOOKED_AT: Final = 1000
"""Leads that one page looks at, of which few may be wanted: a rare state must not make a request run out of time."""
_FOREVER: Final = "9999"
type Place = tuple[str, str]
"""When a lead arrived, and its id: no two leads have the same."""


class DynamoLeadSearch:
    """The LeadSearch port: the indexes say in which order leads arrived, then the leads are read by their keys."""

    def __init__(self, client: Any, table: str, seconds: Callable[[], float] = time.time) -> None:
        """`seconds`: the present second of the epoch; what has expired by then is not found."""
        self._client = client
        self._table = table
        self._seconds = seconds

    def page(
        self,
        wanted: Wanted,
        campaigns: Collection[str],
        limit: int,
        after: str | None = None,
        unreadable: Callable[[str], None] | None = None,
    ) -> Page[Lead]:
        """See LeadSearch.page."""
        return self._page(
            lambda place: self._places(wanted, campaigns, place), wanted.fits, limit, after, unreadable
        )

    def waiting(self, wait: Wait, limit: int, after: str | None = None) -> Page[Lead]:
        """See LeadSearch.waiting. A lead that was just decided on may still be in the index: its row says so."""
        return self._page(
            lambda place: self._waiting(wait, place), lambda lead: wait_of(lead) is wait, limit, after
        )

    def _page(
        self,
        places_after: Callable[[Place | None], Iterator[Place]],
        fits: Callable[[Lead], bool],
        limit: int,
        after: str | None,
        unreadable: Callable[[str], None] | None = None,
    ) -> Page[Lead]:
        places = islice(places_after(_read(after)), MAX_LOOKED_AT)
        found: list[Lead] = []
        last: Place | None = None
        while batch := list(islice(places, BATCH)):
            leads = self._leads(batch, unreadable)
            for last in batch:
                lead = leads.get(last[1])
                if lead and fits(lead):
                    found.append(lead)
                if len(found) == limit:
                    return Page(tuple(found), _written(last))
        looked_at_all = last is None or not next(places_after(last), None)
        return Page(tuple(found), None if looked_at_all else _written(last))

    def _waiting(self, wait: Wait, after: Place | None) -> Iterator[Place]:
        """Where leads lie that wait so, oldest first."""
        since = after[0] if after else "0"
        shards = [
            self._arrivals(
                "by_waiting", "waiting", waiting_key(wait, shard), since, _FOREVER, newest_first=False
            )
            for shard in range(WATCH_SHARDS)
        ]
        return (place for place in merge(*shards) if after is None or place > after)

    def _places(self, wanted: Wanted, campaigns: Collection[str], after: Place | None) -> Iterator[Place]:
        """Where leads lie that may be wanted, newest first, read page by page as they are asked for."""
        if wanted.recipient_id is not None:
            streams = [self._stream("by_recipient", "recipient_id", wanted.recipient_id, wanted, after)]
        else:
            chosen = sorted(campaigns) if wanted.campaign_id is None else [wanted.campaign_id]
            streams = [self._stream("by_campaign", "campaign_id", one, wanted, after) for one in chosen]
        return (place for place in merge(*streams, reverse=True) if after is None or place < after)

    def _stream(
        self, index: str, key: str, value: str, wanted: Wanted, after: Place | None
    ) -> Iterator[Place]:
        since, until = _time(wanted.since, "0"), after[0] if after else _time(wanted.until, _FOREVER)
        return self._arrivals(index, key, value, since, until, newest_first=True)

    def _arrivals(
        self, index: str, key: str, value: str, since: str, until: str, *, newest_first: bool
    ) -> Iterator[Place]:
        if since > until:
            return iter(())  # DynamoDB calls it an error
        rows = query(
            self._client,
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression="#key = :value AND arrived BETWEEN :since AND :until",
            ExpressionAttributeNames={"#key": key},
            ExpressionAttributeValues=to_item({":value": value, ":since": since, ":until": until}),
            ScanIndexForward=not newest_first,
            # Read as they are asked for: a page looks at few of the leads that there are.
            Limit=BATCH,
        )
        # Of leads that arrived in the same microsecond an index gives any one first.
        return _by_id(((row["arrived"], row["lead_id"]) for row in rows), falling=newest_first)

    def _leads(self, places: list[Place], unreadable: Callable[[str], None] | None) -> dict[str, Lead]:
        keys = [{"lead_id": lead_id, "item": "LEAD"} for _, lead_id in places]
        rows = live(batch_get(self._client, self._table, keys), self._seconds())
        leads = {}
        for row in rows:
            try:
                leads[row["lead_id"]] = Lead.model_validate(row)
            except ValidationError:
                if unreadable is None:
                    raise
                unreadable(row["lead_id"])
        return leads


def _by_id(places: Iterator[Place], *, falling: bool) -> Iterator[Place]:
    """The places in order also where the times are equal."""
    same: list[Place] = []
    for place in places:
        if same and place[0] != same[0][0]:
            yield from sorted(same, reverse=falling)
            same = []
        same.append(place)
    yield from sorted(same, reverse=falling)


def _time(at: datetime | None, otherwise: str) -> str:
    return sortable(at) if at else otherwise


def _read(after: str | None) -> Place | None:
    if after is None:
        return None
    arrived, _, lead_id = after.partition("~")
    return arrived, lead_id


def _written(place: Place | None) -> str | None:
    return "~".join(place) if place else None
