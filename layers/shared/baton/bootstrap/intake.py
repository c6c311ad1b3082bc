"""How leads come in: use cases of functions ingest, quote, load and their like.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.bootstrap import parts
from baton.settings import SETTINGS

if TYPE_CHECKING:
    from baton.application.accept_lead import AcceptLead
    from baton.application.admit_caller import AdmitCaller
    from baton.application.admit_vendor import AdmitVendor
    from baton.application.await_verdict import AwaitVerdict
    from baton.application.fetch_leads import FetchLeads, LookForMissed
    from baton.application.hear_outcomes import HearOutcomes
    from baton.application.import_leads import ImportLeads, Imports
    from baton.application.load_leads import LoadLeads
    from baton.application.preview_leads import PreviewLeads
    from baton.application.quote_lead import QuoteLead
    from baton.application.receive_hook import ReceiveHook
    from baton.application.screen_lead import ScreenLead


@cache
def accept_lead() -> AcceptLead:
    """Use case of function ingest."""
    from baton.adapters.system import new_lead_id
    from baton.application.accept_lead import AcceptLead

    return AcceptLead(
        parts.leads(),
        parts.configuration(),
        parts.workflows(),
        parts.clock(),
        new_lead_id,
        parts.ledger(),
        parts.identities(),
        _screen_lead(),
    )


def _screen_lead() -> ScreenLead:
    from baton.adapters.aws import client
    from baton.adapters.counters import DynamoCounters, keyed_digest
    from baton.application.screen_lead import ScreenLead

    counters = DynamoCounters(client("dynamodb"), SETTINGS.ledger_table)
    return ScreenLead(counters, parts.identities(), keyed_digest(parts.secret))


@cache
def await_verdict() -> AwaitVerdict:
    """Use case of function ingest, for callers that wait."""
    import time

    from baton.application.await_verdict import AwaitVerdict

    return AwaitVerdict(parts.leads(), parts.configuration(), parts.clock(), time.sleep)


@cache
def admit_vendor() -> AdmitVendor:
    """What functions ingest, quote and hear ask before anything else."""
    from baton.application.admit_vendor import AdmitVendor

    return AdmitVendor(admit_caller)


@cache
def admit_caller() -> AdmitCaller:
    """What knows buyers and vendors by a key or a signature."""
    from baton.adapters.aws import client
    from baton.adapters.parameter_secrets import ParameterSecrets
    from baton.application.admit_caller import AdmitCaller

    secrets = ParameterSecrets(client("ssm"), SETTINGS.secrets_path)
    return AdmitCaller(parts.configuration(), secrets, parts.clock())


@cache
def hear_outcomes() -> HearOutcomes:
    """Use case of function hear."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_persons import DynamoPersons
    from baton.application.hear_outcomes import HearOutcomes

    return HearOutcomes(
        parts.leads(),
        DynamoPersons(client("dynamodb"), SETTINGS.leads_table, SETTINGS.ledger_table),
        parts.configuration(),
        parts.identities(),
        parts.record_outcome(),
    )


@cache
def quote_lead() -> QuoteLead:
    """Use case of function quote."""
    from baton.adapters.system import new_lead_id
    from baton.application.quote_lead import QuoteLead

    return QuoteLead(
        parts.leads(),
        parts.ledger(),
        parts.configuration(),
        parts.situation(),
        parts.hold_auction(),
        parts.clock(),
        new_lead_id,
        parts.likelihoods(),
    )


@cache
def preview_leads() -> PreviewLeads:
    """Use case of function load: look at a file of leads."""
    from baton.application.preview_leads import PreviewLeads

    return PreviewLeads(parts.configuration(), parts.clock())


@cache
def import_leads() -> ImportLeads:
    """Use case of function load: take a file of leads."""
    from baton.adapters.aws import client
    from baton.adapters.sqs_imports import SqsImportQueue
    from baton.application.import_leads import ImportLeads

    queue = SqsImportQueue(client("sqs"), SETTINGS.import_queue_url)
    return ImportLeads(_imports(), queue, parts.configuration(), parts.clock())


@cache
def load_leads() -> LoadLeads:
    """Use case of function load: make leads of a part of a file."""
    from baton.application.load_leads import LoadLeads

    return LoadLeads(_imports(), accept_lead())


@cache
def _imports() -> Imports:
    from baton.adapters.aws import client
    from baton.adapters.dynamo_imports import DynamoImports

    return DynamoImports(client("dynamodb"), SETTINGS.leads_table)


@cache
def receive_hook() -> ReceiveHook:
    """Use case of function hook."""
    from baton.adapters.aws import client
    from baton.adapters.parameter_secrets import ParameterSecrets
    from baton.adapters.sqs_notices import SqsNotices
    from baton.application.receive_hook import ReceiveHook

    return ReceiveHook(
        parts.configuration(),
        ParameterSecrets(client("ssm"), SETTINGS.secrets_path),
        accept_lead(),
        admit_vendor(),
        SqsNotices(client("sqs"), SETTINGS.notice_queue_url),
        parts.alerts(),
    )


@cache
def fetch_leads() -> FetchLeads:
    """Use case of function fetch: one lead."""
    from baton.adapters.aws import client
    from baton.adapters.parameter_secrets import ParameterSecrets
    from baton.application.fetch_leads import GRAPH, LINKEDIN, FetchLeads

    return FetchLeads(
        parts.configuration(),
        ParameterSecrets(client("ssm"), SETTINGS.secrets_path),
        parts.http(),
        accept_lead(),
        parts.alerts(),
        graph=SETTINGS.local_platforms or GRAPH,
        linkedin_api=SETTINGS.local_platforms or LINKEDIN,
    )


@cache
def look_for_missed() -> LookForMissed:
    """Use case of function fetch: what was missed."""
    from baton.adapters.aws import client
    from baton.adapters.cursors import DynamoCursors
    from baton.application.fetch_leads import LookForMissed

    cursors = DynamoCursors(client("dynamodb"), SETTINGS.ledger_table)
    return LookForMissed(
        parts.archive(), fetch_leads(), accept_lead(), cursors, parts.alerts(), parts.clock()
    )
