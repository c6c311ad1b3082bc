"""A market seen from its other side: a vendor that pings, sends leads and waits for verdicts, over the wire."""

import json
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Final
from urllib.parse import urlsplit

from baton.application.admit_caller import AdmitCaller
from baton.application.admit_vendor import AdmitVendor
from baton.application.await_verdict import AwaitVerdict
from baton.application.quote_lead import QuoteLead
from baton.domain.access import hash_of
from baton.domain.campaign import Campaign
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from baton.entrypoints.http import Response, endpoint
from baton.entrypoints.intake import take
from baton.entrypoints.quotes import quote
from tests.builders import SECOND, an_intake
from tests.selling import Market, a_buyer
from tests.unit.wire import MAX_BYTES, Answer, an_event

ACME: Final = a_buyer("acme")
BOLT: Final = a_buyer("bolt")
HALF: Final = {"share_percent": 50}
"""A payout of half the price."""
VENDOR_KEY: Final = "vk_2b7e1d94c8a05f36"
PING: Final = {"state": "NY", "postal_code": "10001", "roof_m2": 120}
PERSON: Final = {"email": "maria@example.com", "first_name": "Maria"}


class Vendor(Market):
    """A market whose source gets half of every price and shows its key, unless its facts say otherwise.

    Where they say who is let in, nothing is shown but what a test sends: no keys and no secret is an open source.
    """

    def __init__(self, *buyers: Recipient, source: Mapping[str, Any] | None = None, **facts: Any) -> None:
        says_who = (source or {}).keys() & {"api_keys", "secret", "signature"}
        known = {} if says_who else {"api_keys": [hash_of(VENDOR_KEY)]}
        super().__init__(*buyers, source={"payout": HALF, **known, **(source or {})}, **facts)
        self._shown = {} if says_who else {"X-Api-Key": VENDOR_KEY}
        self._lead_ids, self._ping_ids = count(1), count(0xA0)
        self._visits = count(1)
        self.rewire()
        self.while_waiting: Callable[[], object] = lambda: None
        """What happens meanwhile, each time that somebody sleeps."""
        self.pauses_s: list[float] = []

    def rewire(self, leads: Any = None, ledger: Any = None) -> None:
        """Build the vendor's use cases over these stores."""
        leads, ledger = leads or self.leads, ledger or self.ledger
        configured, clock = self.configuration, self.clock
        self.accept_lead = an_intake(leads, ledger, configured, self.workflows, clock, self._lead_ids)
        self.quote_lead = QuoteLead(
            leads,
            ledger,
            configured,
            self.situation,
            self.hold,
            clock,
            lambda: f"{next(self._ping_ids):032x}",
            self.likelihoods,
        )
        self.admit = AdmitVendor(lambda: AdmitCaller(configured, self.secrets, clock))
        self.await_verdict = AwaitVerdict(leads, configured, clock, self._sleep)

    def configure(self, **facts: Any) -> None:
        """Change the source."""
        source = self.configuration.get(Source, "web-form")
        self.configuration.put(Source.model_validate({**source.model_dump(), **facts}))

    def change_campaign(self, **facts: Any) -> None:
        """Change the campaign."""
        campaign = self.configuration.get(Campaign, "solar")
        self.configuration.put(Campaign.model_validate({**campaign.model_dump(), **facts}))

    def pinged(self, body: Any = None, source_id: str = "web-form", **facts: Any) -> Answer:
        """The answer to a ping."""

        def ask(request: Any, context: Any) -> Response:
            return quote(self.quote_lead, self.admit, request, context, MAX_BYTES)

        return self._call(ask, PING if body is None else body, source_id, facts)

    def sent(self, body: Any = None, source_id: str = "web-form", **facts: Any) -> Answer:
        """The answer to a lead."""

        def ingest(request: Any, context: Any) -> Response:
            return take(
                self.accept_lead,
                request,
                context,
                MAX_BYTES,
                admit=self.admit,
                await_verdict=self.await_verdict,
            )

        if body is None:
            # Sent in the very same words it would be one lead, unless its sender says which request it is.
            keyed = "Idempotency-Key" in facts.get("headers", {})
            visit = {} if keyed else {"landing_page": f"https://example.com/?visit={next(self._visits)}"}
            body = {**PING, **PERSON, **visit}
        return self._call(ingest, body, source_id, facts)

    def promises(self, **fields: Any) -> str:
        """The id of a ping that was answered with a price."""
        answer = self.pinged({**PING, **fields}).json()
        assert answer["status"] == "priced"
        return str(answer["ping_id"])

    def lead_of(self, answer: Answer) -> str:
        """The id of the lead that was taken in."""
        assert answer.status in {200, 202}, answer.body
        return str(answer.json()["lead_id"])

    def asked(self) -> list[str]:
        """Who was pinged, in order."""
        pings = [request for request in self.http.sent if urlsplit(request.url).path == "/ping"]
        return [(urlsplit(request.url).hostname or "").removesuffix(".example") for request in pings]

    def _call(self, answer: Any, body: Any, source_id: str, facts: dict[str, Any]) -> Answer:
        facts["headers"] = {**self._shown, **facts.get("headers", {})}
        sent = json.dumps(body) if isinstance(body, dict) else body
        event = an_event(sent, pathParameters={"source_id": source_id}, **facts)
        return Answer.of(endpoint(answer)(event, None))

    def _sleep(self, seconds: float) -> None:
        self.pauses_s.append(seconds)
        self.clock.forward(seconds * SECOND)
        self.while_waiting()


def a_vendor(*buyers: Recipient, source: Mapping[str, Any] | None = None, **facts: Any) -> Vendor:
    """A vendor in a market of acme and bolt, unless other buyers are named."""
    return Vendor(*(buyers or (ACME, BOLT)), source=source, **facts)
