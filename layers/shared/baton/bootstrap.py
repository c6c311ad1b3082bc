"""The only place that names an adapter: each use case, wired for AWS, once per process.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.settings import SETTINGS

if TYPE_CHECKING:
    from baton.application.accept_lead import AcceptLead
    from baton.application.answer_offer import AnswerOffer
    from baton.application.offer_lead import OfferLead
    from baton.application.park_lead import ParkLead
    from baton.application.ports import Alerts, Clock, Configuration, Leads, Ledger, OfferLinks, Workflows
    from baton.application.release_offer import ReleaseOffer
    from baton.application.restart_lead import RestartLead
    from baton.application.route_lead import RouteLead
    from baton.application.score_lead import ScoreLead
    from baton.application.show_offer import ShowOffer
    from baton.application.sweep_leads import SweepLeads


@cache
def accept_lead() -> AcceptLead:
    """Use case of function ingest."""
    from baton.adapters.system import new_lead_id
    from baton.application.accept_lead import AcceptLead

    return AcceptLead(_leads(), _configuration(), _workflows(), _clock(), new_lead_id)


@cache
def score_lead() -> ScoreLead:
    """Use case of function score."""
    from baton.application.score_lead import ScoreLead

    return ScoreLead(_leads(), _configuration(), _clock())


@cache
def route_lead() -> RouteLead:
    """Use case of function route."""
    from baton.application.route_lead import RouteLead

    return RouteLead(_leads(), _ledger(), _configuration(), _release_offer(), _alerts(), _clock())


@cache
def offer_lead() -> OfferLead:
    """Use case of function offer."""
    from baton.adapters.aws import client
    from baton.adapters.messaging import AwsNotifier
    from baton.application.offer_lead import OfferLead

    notifier = AwsNotifier(client("sns"), client("sesv2"), SETTINGS.sender_email)
    return OfferLead(
        _leads(), _configuration(), notifier, _links(), _release_offer(), _workflows(), _alerts(), _clock()
    )


@cache
def show_offer() -> ShowOffer:
    """Use case of function respond: look."""
    from baton.application.show_offer import ShowOffer

    return ShowOffer(_leads(), _configuration(), _links(), _clock())


@cache
def answer_offer() -> AnswerOffer:
    """Use case of function respond: answer."""
    from baton.application.answer_offer import AnswerOffer

    return AnswerOffer(_leads(), show_offer(), _release_offer(), _restart_lead(), _workflows(), _clock())


@cache
def sweep_leads() -> SweepLeads:
    """Use case of function sweep, every minute."""
    from baton.application.sweep_leads import SweepLeads

    return SweepLeads(_leads(), _restart_lead(), park_lead(), _alerts(), _clock())


@cache
def park_lead() -> ParkLead:
    """Use case of function sweep, for a lead whose workflow cannot go on."""
    from baton.application.park_lead import ParkLead

    return ParkLead(_leads(), _release_offer(), _alerts(), _clock())


def _release_offer() -> ReleaseOffer:
    from baton.application.release_offer import ReleaseOffer

    return ReleaseOffer(_leads(), _ledger(), _configuration(), _clock())


def _restart_lead() -> RestartLead:
    from baton.application.restart_lead import RestartLead

    return RestartLead(_leads(), _workflows(), _clock())


@cache
def _clock() -> Clock:
    from baton.adapters.system import SystemClock

    return SystemClock()


@cache
def _leads() -> Leads:
    from baton.adapters.aws import client
    from baton.adapters.dynamo_leads import DynamoLeads

    return DynamoLeads(client("dynamodb"), SETTINGS.leads_table, SETTINGS.ledger_table)


@cache
def _ledger() -> Ledger:
    from baton.adapters.aws import client
    from baton.adapters.dynamo_ledger import DynamoLedger

    return DynamoLedger(client("dynamodb"), SETTINGS.ledger_table)


@cache
def _configuration() -> Configuration:
    from baton.adapters.aws import client
    from baton.adapters.dynamo_configuration import CachedConfiguration, DynamoConfiguration

    stored = DynamoConfiguration(client("dynamodb"), SETTINGS.config_table)
    return CachedConfiguration(stored, _clock(), SETTINGS.config_ttl_s)


@cache
def _workflows() -> Workflows:
    from baton.adapters.aws import client
    from baton.adapters.step_functions import StepFunctionsWorkflows

    return StepFunctionsWorkflows(client("stepfunctions"), SETTINGS.state_machine_arn)


@cache
def _alerts() -> Alerts:
    from baton.adapters.aws import client
    from baton.adapters.messaging import SnsAlerts

    return SnsAlerts(client("sns"), SETTINGS.alert_topic_arn)


@cache
def _links() -> OfferLinks:
    from baton.adapters.aws import client
    from baton.adapters.offer_links import SignedOfferLinks
    from baton.adapters.secrets import SecretsManagerSecret

    secret = SecretsManagerSecret(client("secretsmanager"), SETTINGS.signing_secret_id)
    return SignedOfferLinks(SETTINGS.public_url, secret)
