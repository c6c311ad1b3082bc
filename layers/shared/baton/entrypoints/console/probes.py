"""A dry run for a buyer: every route of function probe."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from baton.application.try_buyer import Trial
from baton.domain.documents import Document, Id
from baton.domain.exchange import Purpose
from baton.domain.recipient import Recipient
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.caller import author_of
from baton.entrypoints.console.routes import Key, Routes, existing_id
from baton.entrypoints.observability import logger

if TYPE_CHECKING:
    from baton.application.try_buyer import Probe, Probed, TryBuyer


class BuyerTrial(Document):
    """What is to be sent to the buyer. Without a body: a ping about somebody made up."""

    post: bool = False
    """Whether a lead is posted too, whatever the ping was answered with."""
    campaign_id: Id | None = None
    """Whose pingable fields and attributes count. By default a ping carries all that any campaign may let it carry."""
    fields: dict[str, Any] | None = None
    """What a form would send, in place of what is made up. It is masked in the answer."""


class ProbedCall(BaseModel):
    """One request to the buyer and what came of it."""

    purpose: Purpose
    sent: bool
    """Whether the buyer may have got it."""
    why_not: str | None
    """Why it could not be sent."""
    notes: list[str]
    """What else should be known of it."""
    webhook_id: str | None
    request: str | None
    """Method, address, headers and body, secrets masked; null: none could be made."""
    status: int | None
    """HTTP status; null without an answer."""
    response: str | None
    trouble: str | None
    """Why there was no answer."""
    took_ms: int | None
    verdict: str | None
    """How the answer was read: accepted, rejected, unclear; null where nothing was sent."""
    price_cents: int | None
    reason: str | None
    reference: str | None
    """The buyer's own number for the bid or lead."""

    @classmethod
    def of(cls, probe: "Probe") -> "ProbedCall":
        """A request and its answer."""
        exchange, reading = probe.kept, probe.reading
        return cls(
            purpose=probe.purpose,
            sent=probe.why_not is None,
            why_not=probe.why_not,
            notes=list(probe.notes),
            webhook_id=probe.called.call.webhook_id if probe.called else None,
            request=exchange.request if exchange else None,
            status=exchange.status if exchange else None,
            response=exchange.response if exchange else None,
            trouble=exchange.trouble if exchange else None,
            took_ms=exchange.took_ms if exchange else None,
            verdict=str(reading.verdict) if reading else None,
            price_cents=reading.price_cents if reading else None,
            reason=reading.reason if reading else None,
            reference=reading.reference if reading else None,
        )


class ProbedBuyer(BaseModel):
    """What came of trying the buyer. Nothing was claimed, charged or kept."""

    recipient_id: str
    lead_id: str
    """What the buyer was told as the lead's id; there is no such lead."""
    made_up: bool
    """Whether the person was made up, and so is not masked."""
    calls: list[ProbedCall]

    @classmethod
    def of(cls, probed: "Probed") -> "ProbedBuyer":
        """The outcome of a dry run."""
        calls = [ProbedCall.of(probe) for probe in probed.probes]
        return cls(
            recipient_id=probed.recipient_id, lead_id=probed.lead_id, made_up=probed.made_up, calls=calls
        )


def probes_api(try_buyer: Callable[[], "TryBuyer"]) -> Console:
    """The handler over this use case, made for every request: so it knows secrets that were just stored."""
    routes = Routes("recipients")

    def probe(key: Key, document: Any = None) -> Answer:
        """Send a buyer a test ping, and if asked a test post, and show how its answers are read."""
        asked = document or BuyerTrial()
        trial = Trial(asked.post, asked.campaign_id, asked.fields)
        probed = try_buyer()(existing_id(Recipient, key), trial)
        logger.info("buyer tried", recipient_id=key, post=asked.post, by=author_of(routes.router))
        return as_json(200, ProbedBuyer.of(probed).model_dump(mode="json"))

    sent = ("malformed-body", "unsupported-media-type", "body-too-large", "invalid-lead")
    answer = described(200, ProbedBuyer, "What was said, and how it was read.", "not-found", *sent)
    path = "/v1/recipients/<recipient_id>/test"
    routes.add("POST", path, probe, "try_buyer", answer, body=BuyerTrial | None)
    return Console([routes.router])
