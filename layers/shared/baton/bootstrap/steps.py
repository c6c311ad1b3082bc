"""How leads move: the steps of the workflow, and the sweep.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.bootstrap import parts, telling_reps
from baton.settings import SETTINGS

if TYPE_CHECKING:
    from baton.application.attend_lead import AttendLead
    from baton.application.auction_lead import AuctionLead
    from baton.application.deliver_lead import DeliverLead
    from baton.application.merge_lead import MergeLead
    from baton.application.park_lead import ParkLead
    from baton.application.route_lead import RouteLead
    from baton.application.score_lead import ScoreLead
    from baton.application.sweep_leads import SweepLeads
    from baton.application.vet_lead import VetLead
    from baton.application.watches import Watches, WatchLead


@cache
def score_lead() -> ScoreLead:
    """Use case of function score."""
    from baton.application.score_lead import ScoreLead

    return ScoreLead(
        parts.leads(),
        parts.configuration(),
        parts.identities(),
        parts.do_not_contact(),
        parts.likelihoods(),
        parts.clock(),
    )


@cache
def merge_lead() -> MergeLead:
    """Use case of function merge."""
    from baton.application.merge_lead import MergeLead

    return MergeLead(
        parts.leads(),
        parts.configuration(),
        telling_reps.channels(),
        parts.alerts(),
        parts.clock(),
        parts.compare_leads(),
    )


@cache
def vet_lead() -> VetLead:
    """Use case of function vet."""
    from baton.adapters.aws import client
    from baton.adapters.mail_domains import DnsMailDomains, RememberedMailDomains
    from baton.adapters.parameter_secrets import ParameterSecrets
    from baton.adapters.recollections import DynamoRecollections
    from baton.application.ask_outside import AskOutside, Places
    from baton.application.vet_lead import VetLead

    host, _, port = SETTINGS.local_resolver.rpartition(":")
    recollections = DynamoRecollections(client("dynamodb"), SETTINGS.ledger_table)
    servers = DnsMailDomains([(host, int(port))] if host else None)
    ask = AskOutside(
        RememberedMailDomains(servers, recollections, parts.secret, parts.clock()),
        parts.http(),
        ParameterSecrets(client("ssm"), SETTINGS.secrets_path),
        recollections,
        parts.clock(),
        Places.under(SETTINGS.local_outside),
    )
    return VetLead(parts.leads(), parts.configuration(), ask, parts.alerts(), parts.clock())


@cache
def route_lead() -> RouteLead:
    """Use case of function route."""
    from baton.application.route_lead import RouteLead

    return RouteLead(
        parts.leads(),
        parts.ledger(),
        parts.configuration(),
        parts.release_offer(),
        parts.alerts(),
        parts.clock(),
    )


@cache
def auction_lead() -> AuctionLead:
    """Use case of function auction."""
    from baton.application.auction_lead import AuctionLead

    return AuctionLead(
        parts.leads(), parts.situation(), parts.configuration(), parts.hold_auction(), parts.clock()
    )


@cache
def deliver_lead() -> DeliverLead:
    """Use case of function deliver."""
    from baton.application.deliver_lead import DeliverLead
    from baton.application.mail_lead import MailLead
    from baton.application.post_lead import PostLead

    return DeliverLead(
        parts.leads(),
        parts.ledger(),
        parts.configuration(),
        PostLead(parts.leads(), parts.call_buyers(), MailLead(parts.notifier()), parts.clock()),
        parts.release_offer(),
        parts.alerts(),
        parts.clock(),
    )


@cache
def attend_lead() -> AttendLead:
    """Use case of function attend."""
    from baton.application.acknowledge_lead import AcknowledgeLead
    from baton.application.attend_lead import AttendLead
    from baton.application.tell_once import Marks, TellOnce
    from baton.application.tell_rep_once import TellRepOnce

    marks = Marks(parts.leads(), parts.clock())
    tell = TellOnce(marks, parts.notifier())
    acknowledge = AcknowledgeLead(tell, parts.identities(), parts.do_not_contact(), parts.clock())
    return AttendLead(
        parts.leads(),
        parts.configuration(),
        parts.situation(),
        parts.release_offer(),
        parts.restart_lead(),
        acknowledge,
        TellRepOnce(marks, telling_reps.channels(), parts.clock()),
        parts.links(),
        parts.alerts(),
        parts.clock(),
    )


@cache
def watch_lead() -> WatchLead:
    """Use case of function watch."""
    from baton.application.watches import WatchLead

    return WatchLead(watches())


def watches() -> Watches:
    """The workflow that sees to leads which reps have."""
    from baton.adapters.aws import client
    from baton.adapters.step_functions import StepFunctionsWatches

    return StepFunctionsWatches(client("stepfunctions"), SETTINGS.assignment_machine_arn)


@cache
def sweep_leads() -> SweepLeads:
    """Use case of function sweep, every minute."""
    from baton.application.sweep_leads import SweepLeads

    return SweepLeads(
        parts.leads(),
        parts.restart_lead(),
        park_lead(),
        parts.record_outcome(),
        parts.alerts(),
        parts.clock(),
        watches(),
    )


@cache
def park_lead() -> ParkLead:
    """Use case of function sweep, for a lead whose workflow cannot go on."""
    from baton.application.park_lead import ParkLead

    return ParkLead(parts.leads(), parts.release_offer(), parts.alerts(), parts.clock())
