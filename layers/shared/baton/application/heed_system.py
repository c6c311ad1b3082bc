"""Heed a system: what people did with leads in a CRM becomes outcomes here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from baton.application.converse import Refused
from baton.application.keep_secrets import secret_name
from baton.domain.connectors.connector import Crm
from baton.domain.errors import IllegalTransition, NotFound, StoreUnavailable
from baton.domain.hooks.enquiry import UnreadableHook
from baton.domain.outcome import InvalidOutcome, OutcomeIdReused, Report
from baton.domain.subscription import Subscription
from baton.domain.trade_errors import CallerUnknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from baton.application.archive import Configuration
    from baton.application.converse import Converse
    from baton.application.links import Links
    from baton.application.outgoing import Secrets
    from baton.application.ports import Clock, Leads
    from baton.application.record_outcome import RecordOutcome
    from baton.domain.connectors.hearing import Heard


class Heeded(NamedTuple):
    """What came of a webhook."""

    heard: int
    """Records of leads that it told of."""
    recorded: int
    """Of how many of them something new is known now."""


class HeedSystem:
    """A system speaks of the leads that it was told of, and of no others.

    What says nothing new is no report: so what Baton wrote there does not come back as something that happened.
    """

    def __init__(
        self,
        configuration: Configuration,
        secrets: Secrets,
        leads: Leads,
        links: Links,
        converse: Converse,
        record: RecordOutcome,
        clock: Clock,
    ) -> None:
        self._configuration = configuration
        self._secrets = secrets
        self._leads = leads
        self._links = links
        self._converse = converse
        self._record = record
        self._clock = clock

    def __call__(self, subscription_id: str, headers: Mapping[str, str], body: bytes) -> Heeded:
        """What came of it; doing it twice changes nothing. Headers by lower-case name.

        Raises NotFound, CallerUnknown; UnreadableHook; ClaimContention, StoreUnavailable: then it is to be sent again.
        """
        subscription, connector = self._known(subscription_id)
        self._admit(subscription, connector, headers, body)
        told = self._told(subscription, connector, body)
        recorded = sum(self._is_recorded(subscription, connector, one) for one in told)
        return Heeded(len(told), recorded)

    def _known(self, subscription_id: str) -> tuple[Subscription, Crm]:
        """One that is switched off hears nothing either. Raises NotFound."""
        found = self._configuration.get_many(Subscription, [subscription_id]).get(subscription_id)
        if found is None or not found.active or not isinstance(found.connector, Crm):
            raise NotFound(Subscription.kind, subscription_id)
        return found, found.connector

    def _admit(
        self, subscription: Subscription, connector: Crm, headers: Mapping[str, str], body: bytes
    ) -> None:
        name = connector.hook_secret
        secret = self._secrets.get(secret_name(subscription.kind, subscription.id, name)) if name else None
        if not secret or not connector.is_from(secret, headers, body, self._clock.now()):
            message = "only the system of this subscription may say what became of leads, and it has to show who it is"
            raise CallerUnknown(message)

    def _told(self, subscription: Subscription, connector: Crm, body: bytes) -> Sequence[Heard]:
        talk = connector.hear(_document(body))
        try:
            return self._converse(subscription.id, connector, talk, self._converse.deadline())
        except Refused as refused:
            message = f"the system did not say more: {refused}"
            raise StoreUnavailable(message) from None

    def _is_recorded(self, subscription: Subscription, connector: Crm, heard: Heard) -> bool:
        """Whether something new is known now."""
        outcome = connector.outcome_of(heard.stage)
        if outcome is None or not self._links.get(subscription.id, heard.lead_id).home:
            return False
        report = heard.report(outcome)
        try:
            before = self._leads.get(heard.lead_id)
            bare = Report(**report.model_dump(exclude={"id", "at"}))
            if bare.is_known(before):
                return False
            return self._record(heard.lead_id, report, subscription.author).rev > before.rev
        except (NotFound, IllegalTransition, InvalidOutcome, OutcomeIdReused):
            # Nothing that sending it again would change: the lead is gone, nobody's, or the moment cannot be.
            return False


def _document(body: bytes) -> Any:
    """Raises UnreadableHook."""
    try:
        return json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        message = "not JSON"
        raise UnreadableHook(message) from error
