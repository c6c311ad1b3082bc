"""The only place that names an adapter: each use case, wired for AWS, once per process.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.settings import SETTINGS

if TYPE_CHECKING:
    from baton.adapters.secrets import SecretsManagerSecret
    from baton.application.accept_lead import AcceptLead
    from baton.application.adjust_rep import AdjustRep
    from baton.application.answer_offer import AnswerOffer
    from baton.application.edit_configuration import EditConfiguration
    from baton.application.exchange_configuration import ExchangeConfiguration
    from baton.application.explain_lead import ExplainLead
    from baton.application.find_leads import FindLeads
    from baton.application.offer_lead import OfferLead
    from baton.application.park_lead import ParkLead
    from baton.application.ports import (
        Alerts,
        Archive,
        Clock,
        Configuration,
        Identities,
        Leads,
        Ledger,
        OfferLinks,
        Workflows,
    )
    from baton.application.publish_plan import PublishPlan
    from baton.application.record_outcome import RecordOutcome
    from baton.application.release_offer import ReleaseOffer
    from baton.application.restart_lead import RestartLead
    from baton.application.reweigh_pools import ReweighPools
    from baton.application.route_lead import RouteLead
    from baton.application.score_lead import ScoreLead
    from baton.application.show_offer import ShowOffer
    from baton.application.show_recipient import ShowRecipient
    from baton.application.simulate_lead import SimulateLead
    from baton.application.situations import ReadSituation
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

    return ScoreLead(_leads(), _configuration(), _identities(), _clock())


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


@cache
def edit_configuration() -> EditConfiguration:
    """Use case of function configure: documents, and the change log."""
    from baton.application.edit_configuration import EditConfiguration

    return EditConfiguration(_archive(), _clock())


@cache
def publish_plan() -> PublishPlan:
    """Use case of function configure: plans."""
    from baton.application.publish_plan import PublishPlan

    return PublishPlan(_archive(), _clock())


@cache
def exchange_configuration() -> ExchangeConfiguration:
    """Use case of function configure: everything as one file."""
    from baton.application.exchange_configuration import ExchangeConfiguration

    return ExchangeConfiguration(_archive(), _clock())


@cache
def adjust_rep() -> AdjustRep:
    """Use case of function adjust."""
    from baton.application.adjust_rep import AdjustRep

    return AdjustRep(edit_configuration(), _leads(), _links(), _clock())


@cache
def find_leads() -> FindLeads:
    """Use case of function explore: look for leads."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_lead_search import DynamoLeadSearch
    from baton.application.find_leads import FindLeads

    return FindLeads(DynamoLeadSearch(client("dynamodb"), SETTINGS.leads_table), _archive())


@cache
def explain_lead() -> ExplainLead:
    """Use case of function explore: a lead's story, and why it went where it went."""
    from baton.application.explain_lead import ExplainLead

    return ExplainLead(_leads(), _situation(), _configuration(), _clock())


@cache
def simulate_lead() -> SimulateLead:
    """Use case of function explore: try a lead."""
    from baton.application.simulate_lead import SimulateLead

    return SimulateLead(_leads(), _situation(), _configuration(), _archive(), _identities(), _clock())


@cache
def show_recipient() -> ShowRecipient:
    """Use case of function explore: how a recipient stands."""
    from baton.application.show_recipient import ShowRecipient

    return ShowRecipient(_configuration(), _ledger(), _clock())


@cache
def record_outcome() -> RecordOutcome:
    """Use case of function conclude: what became of a lead."""
    from baton.application.record_outcome import RecordOutcome

    return RecordOutcome(_leads(), _ledger(), _configuration(), _clock())


@cache
def reweigh_pools() -> ReweighPools:
    """Use case of function reweigh: weights by performance."""
    from baton.application.reweigh_pools import ReweighPools

    return ReweighPools(_archive(), _ledger(), _clock())


def _situation() -> ReadSituation:
    from baton.application.situations import ReadSituation

    return ReadSituation(_ledger(), _configuration())


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
def _archive() -> Archive:
    from baton.adapters.aws import client
    from baton.adapters.dynamo_archive import DynamoArchive

    return DynamoArchive(client("dynamodb"), SETTINGS.config_table)


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
def _identities() -> Identities:
    from baton.adapters.identities import KeyedIdentities

    return KeyedIdentities(_secret)


@cache
def _links() -> OfferLinks:
    from baton.adapters.offer_links import SignedOfferLinks

    return SignedOfferLinks(SETTINGS.public_url, _secret)


def _secret() -> bytes:
    return _signing_secret()()


@cache
def _signing_secret() -> SecretsManagerSecret:
    from baton.adapters.aws import client
    from baton.adapters.secrets import SecretsManagerSecret

    return SecretsManagerSecret(client("secretsmanager"), SETTINGS.signing_secret_id)
