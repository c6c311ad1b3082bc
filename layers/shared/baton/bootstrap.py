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
    from baton.application.admit_caller import AdmitCaller
    from baton.application.admit_vendor import AdmitVendor
    from baton.application.answer_offer import AnswerOffer
    from baton.application.auction_lead import AuctionLead
    from baton.application.await_verdict import AwaitVerdict
    from baton.application.call_buyers import CallBuyers
    from baton.application.deliver_lead import DeliverLead
    from baton.application.edit_configuration import EditConfiguration
    from baton.application.exchange_configuration import ExchangeConfiguration
    from baton.application.explain_lead import ExplainLead
    from baton.application.find_leads import FindLeads
    from baton.application.hold_auction import HoldAuction
    from baton.application.keep_accounts import KeepAccounts
    from baton.application.keep_secrets import KeepSecrets
    from baton.application.offer_lead import OfferLead
    from baton.application.outgoing import Http
    from baton.application.park_lead import ParkLead
    from baton.application.ports import (
        Alerts,
        Archive,
        Clock,
        Configuration,
        Identities,
        Leads,
        Ledger,
        Notifier,
        OfferLinks,
        Workflows,
    )
    from baton.application.publish_plan import PublishPlan
    from baton.application.quote_lead import QuoteLead
    from baton.application.record_outcome import RecordOutcome
    from baton.application.release_offer import ReleaseOffer
    from baton.application.restart_lead import RestartLead
    from baton.application.return_lead import ReturnLead
    from baton.application.reweigh_pools import ReweighPools
    from baton.application.route_lead import RouteLead
    from baton.application.score_lead import ScoreLead
    from baton.application.show_offer import ShowOffer
    from baton.application.show_recipient import ShowRecipient
    from baton.application.simulate_lead import SimulateLead
    from baton.application.situations import ReadSituation
    from baton.application.sweep_leads import SweepLeads
    from baton.application.try_buyer import TryBuyer


@cache
def accept_lead() -> AcceptLead:
    """Use case of function ingest."""
    from baton.adapters.system import new_lead_id
    from baton.application.accept_lead import AcceptLead

    return AcceptLead(_leads(), _configuration(), _workflows(), _clock(), new_lead_id, _ledger())


@cache
def await_verdict() -> AwaitVerdict:
    """Use case of function ingest, for callers that wait."""
    import time

    from baton.application.await_verdict import AwaitVerdict

    return AwaitVerdict(_leads(), _configuration(), _clock(), time.sleep)


@cache
def admit_vendor() -> AdmitVendor:
    """What functions ingest and quote ask before anything else."""
    from baton.application.admit_vendor import AdmitVendor

    return AdmitVendor(admit_caller)


@cache
def admit_caller() -> AdmitCaller:
    """What knows buyers and vendors by a key or a signature."""
    from baton.adapters.aws import client
    from baton.adapters.parameter_secrets import ParameterSecrets
    from baton.application.admit_caller import AdmitCaller

    secrets = ParameterSecrets(client("ssm"), SETTINGS.secrets_path)
    return AdmitCaller(_configuration(), secrets, _clock())


@cache
def quote_lead() -> QuoteLead:
    """Use case of function quote."""
    from baton.adapters.system import new_lead_id
    from baton.application.quote_lead import QuoteLead

    return QuoteLead(
        _leads(), _ledger(), _configuration(), _situation(), _hold_auction(), _clock(), new_lead_id
    )


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
def auction_lead() -> AuctionLead:
    """Use case of function auction."""
    from baton.application.auction_lead import AuctionLead

    return AuctionLead(_leads(), _situation(), _configuration(), _hold_auction(), _clock())


@cache
def deliver_lead() -> DeliverLead:
    """Use case of function deliver."""
    from baton.application.deliver_lead import DeliverLead
    from baton.application.mail_lead import MailLead
    from baton.application.post_lead import PostLead

    return DeliverLead(
        _leads(),
        _ledger(),
        _configuration(),
        PostLead(_leads(), _call_buyers(), MailLead(_notifier()), _clock()),
        _release_offer(),
        _alerts(),
        _clock(),
    )


@cache
def offer_lead() -> OfferLead:
    """Use case of function offer."""
    from baton.application.offer_lead import OfferLead

    return OfferLead(
        _leads(), _configuration(), _notifier(), _links(), _release_offer(), _workflows(), _alerts(), _clock()
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


def try_buyer() -> TryBuyer:
    """Use case of function probe. Made for every request, so that it reads secrets which were just stored."""
    from baton.adapters.system import new_lead_id
    from baton.application.try_buyer import TryBuyer

    return TryBuyer(_archive(), _new_call_buyers(), _clock(), new_lead_id)


@cache
def keep_accounts() -> KeepAccounts:
    """Use case of function account: balances, payments, statements."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_accounts import DynamoAccounts
    from baton.application.keep_accounts import KeepAccounts

    accounts = DynamoAccounts(client("dynamodb"), SETTINGS.ledger_table)
    return KeepAccounts(accounts, _ledger(), _configuration(), _clock())


@cache
def keep_secrets() -> KeepSecrets:
    """Use case of function account: secrets."""
    from baton.adapters.aws import client
    from baton.adapters.parameter_secrets import ParameterSecrets
    from baton.application.keep_secrets import KeepSecrets

    secrets = ParameterSecrets(client("ssm"), SETTINGS.secrets_path)
    return KeepSecrets(secrets, _configuration())


@cache
def return_lead() -> ReturnLead:
    """Use case of functions account and reclaim: leads that come back."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_returns import DynamoReturns
    from baton.application.guard_source import GuardSource
    from baton.application.return_lead import ReturnLead
    from baton.application.tell_return import TellReturn

    returns = DynamoReturns(client("dynamodb"), SETTINGS.leads_table, SETTINGS.ledger_table)
    guard = GuardSource(edit_configuration(), _ledger(), _alerts(), _clock())
    tell = TellReturn(_leads(), _configuration(), _call_buyers())
    return ReturnLead(_leads(), _ledger(), returns, _configuration(), _restart_lead(), guard, _clock(), tell)


def _situation() -> ReadSituation:
    from baton.application.situations import ReadSituation

    return ReadSituation(_leads(), _ledger(), _configuration())


def _hold_auction() -> HoldAuction:
    from baton.adapters.aws import client
    from baton.adapters.dynamo_breakers import DynamoBreakers
    from baton.adapters.resting import BreakerResting
    from baton.application.hold_auction import HoldAuction

    breakers = DynamoBreakers(client("dynamodb"), SETTINGS.ledger_table)
    return HoldAuction(_call_buyers(), BreakerResting(breakers, _clock()), _alerts(), _clock())


@cache
def _call_buyers() -> CallBuyers:
    return _new_call_buyers()


def _new_call_buyers() -> CallBuyers:
    """With nothing remembered of any secret."""
    from baton.adapters.aws import client
    from baton.adapters.parameter_secrets import ParameterSecrets
    from baton.application.call_buyers import CallBuyers

    return CallBuyers(_http(), ParameterSecrets(client("ssm"), SETTINGS.secrets_path), _clock())


@cache
def _http() -> Http:
    from baton.adapters.outgoing_http import ThreadedHttp

    return ThreadedHttp(allow_http=SETTINGS.local_buyers, allow_private=SETTINGS.local_buyers)


@cache
def _notifier() -> Notifier:
    from baton.adapters.aws import client
    from baton.adapters.messaging import AwsNotifier

    return AwsNotifier(client("sns"), client("sesv2"), SETTINGS.sender_email)


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
