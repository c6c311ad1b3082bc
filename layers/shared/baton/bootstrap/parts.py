"""What use cases are made of: each adapter for AWS, and what several use cases share.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.settings import SETTINGS

if TYPE_CHECKING:
    from baton.adapters.learned_scores import DynamoLearnedScores
    from baton.adapters.secrets import SecretsManagerSecret
    from baton.application.archive import Archive, Configuration
    from baton.application.call_buyers import CallBuyers
    from baton.application.compare_leads import CompareLeads
    from baton.application.hold_auction import HoldAuction
    from baton.application.outgoing import Http
    from baton.application.ports import (
        Alerts,
        Clock,
        Identities,
        Leads,
        Ledger,
        Notifier,
        OfferLinks,
        Workflows,
    )
    from baton.application.record_outcome import RecordOutcome
    from baton.application.refuse_contact import DoNotContact
    from baton.application.release_offer import ReleaseOffer
    from baton.application.restart_lead import RestartLead
    from baton.application.score_lead import Likelihoods
    from baton.application.situations import ReadSituation


def situation() -> ReadSituation:
    """What a decision reads, gathered."""
    from baton.application.situations import ReadSituation

    return ReadSituation(leads(), ledger(), configuration())


def hold_auction() -> HoldAuction:
    """Auctions, with buyers that keep failing left in peace."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_breakers import DynamoBreakers
    from baton.adapters.resting import BreakerResting
    from baton.application.hold_auction import HoldAuction

    breakers = DynamoBreakers(client("dynamodb"), SETTINGS.ledger_table)
    return HoldAuction(call_buyers(), BreakerResting(breakers, clock()), alerts(), clock())


@cache
def call_buyers() -> CallBuyers:
    """Calls to other companies' systems, with their secrets kept in memory."""
    return new_call_buyers()


def new_call_buyers() -> CallBuyers:
    """With nothing remembered of any secret."""
    from baton.adapters.aws import client
    from baton.adapters.parameter_secrets import ParameterSecrets
    from baton.application.call_buyers import CallBuyers

    return CallBuyers(http(), ParameterSecrets(client("ssm"), SETTINGS.secrets_path), clock())


@cache
def http() -> Http:
    """Calls that go out: safe, bounded in time and size."""
    from baton.adapters.outgoing_http import ThreadedHttp

    return ThreadedHttp(allow_http=SETTINGS.local_buyers, allow_private=SETTINGS.local_buyers)


@cache
def notifier() -> Notifier:
    """SMS and mail."""
    from baton.adapters.aws import client
    from baton.adapters.messaging import AwsNotifier

    return AwsNotifier(client("sns"), client("sesv2"), SETTINGS.sender_email)


def release_offer() -> ReleaseOffer:
    """How an offer is given back."""
    from baton.application.release_offer import ReleaseOffer

    return ReleaseOffer(leads(), ledger(), configuration(), clock())


@cache
def record_outcome() -> RecordOutcome:
    """What became of a lead."""
    from baton.application.record_outcome import RecordOutcome

    return RecordOutcome(leads(), ledger(), learned_scores(), configuration(), clock())


def compare_leads() -> CompareLeads:
    """What a lead is beside others of its person."""
    from baton.application.compare_leads import CompareLeads

    return CompareLeads(leads(), ledger(), identities())


def restart_lead() -> RestartLead:
    """How a lead that stands still gets going."""
    from baton.application.restart_lead import RestartLead

    return RestartLead(leads(), workflows(), clock())


@cache
def clock() -> Clock:
    """What time it is."""
    from baton.adapters.system import SystemClock

    return SystemClock()


@cache
def leads() -> Leads:
    """The Leads table."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_leads import DynamoLeads

    return DynamoLeads(client("dynamodb"), SETTINGS.leads_table, SETTINGS.ledger_table)


@cache
def ledger() -> Ledger:
    """The Ledger table."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_ledger import DynamoLedger

    return DynamoLedger(client("dynamodb"), SETTINGS.ledger_table)


@cache
def configuration() -> Configuration:
    """Configuration as those read it who follow it: kept for a few seconds."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_configuration import CachedConfiguration, DynamoConfiguration

    stored = DynamoConfiguration(client("dynamodb"), SETTINGS.config_table)
    return CachedConfiguration(stored, clock(), SETTINGS.config_ttl_s)


@cache
def archive() -> Archive:
    """Configuration as those read it who change it."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_archive import DynamoArchive

    return DynamoArchive(client("dynamodb"), SETTINGS.config_table)


@cache
def workflows() -> Workflows:
    """The workflow that moves leads."""
    from baton.adapters.aws import client
    from baton.adapters.step_functions import StepFunctionsWorkflows

    return StepFunctionsWorkflows(client("stepfunctions"), SETTINGS.state_machine_arn)


@cache
def alerts() -> Alerts:
    """What operations are told."""
    from baton.adapters.aws import client
    from baton.adapters.messaging import SnsAlerts

    return SnsAlerts(client("sns"), SETTINGS.alert_topic_arn)


@cache
def identities() -> Identities:
    """Keyed hashes of persons and companies."""
    from baton.adapters.identities import KeyedIdentities

    return KeyedIdentities(secret)


@cache
def links() -> OfferLinks:
    """The links that reps get."""
    from baton.adapters.offer_links import SignedOfferLinks

    return SignedOfferLinks(SETTINGS.public_url, secret)


def secret() -> bytes:
    """The deployment's own secret."""
    return signing_secret()()


@cache
def signing_secret() -> SecretsManagerSecret:
    """Where the deployment's own secret lies."""
    from baton.adapters.aws import client
    from baton.adapters.secrets import SecretsManagerSecret

    return SecretsManagerSecret(client("secretsmanager"), SETTINGS.signing_secret_id)


@cache
def do_not_contact() -> DoNotContact:
    """Who wants no contact."""
    from baton.adapters.aws import client
    from baton.adapters.do_not_contact import DynamoDoNotContact

    return DynamoDoNotContact(client("dynamodb"), SETTINGS.ledger_table)


@cache
def learned_scores() -> DynamoLearnedScores:
    """What campaigns have learned."""
    from baton.adapters.aws import client
    from baton.adapters.learned_scores import DynamoLearnedScores

    return DynamoLearnedScores(client("dynamodb"), SETTINGS.ledger_table)


@cache
def likelihoods() -> Likelihoods:
    """What was learned, as a lead is rated by it; kept for a while."""
    from baton.application.likelihoods import RememberedLikelihoods

    return RememberedLikelihoods(learned_scores(), clock())
