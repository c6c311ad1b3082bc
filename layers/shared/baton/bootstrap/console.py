"""What people do who have signed in, and the daily weighing.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.bootstrap import parts
from baton.settings import SETTINGS

if TYPE_CHECKING:
    from baton.application.edit_configuration import EditConfiguration
    from baton.application.exchange_configuration import ExchangeConfiguration
    from baton.application.explain_lead import ExplainLead
    from baton.application.find_leads import FindLeads
    from baton.application.find_person import FindPerson
    from baton.application.forget_person import ForgetPerson
    from baton.application.preview_scoring import PreviewScoring
    from baton.application.promote_challenger import PromoteChallenger
    from baton.application.publish_plan import PublishPlan
    from baton.application.reassign_lead import ReassignLead
    from baton.application.refuse_contact import RefuseContact
    from baton.application.review_lead import ReviewLead
    from baton.application.reweigh_pools import ReweighPools
    from baton.application.show_learned import ShowLearned
    from baton.application.show_recipient import ShowRecipient
    from baton.application.show_troubles import ShowTroubles
    from baton.application.simulate_lead import SimulateLead
    from baton.application.try_score import TryScore


@cache
def edit_configuration() -> EditConfiguration:
    """Use case of function configure: documents, and the change log."""
    from baton.application.edit_configuration import EditConfiguration

    return EditConfiguration(parts.archive(), parts.clock())


@cache
def publish_plan() -> PublishPlan:
    """Use case of function configure: plans."""
    from baton.application.publish_plan import PublishPlan

    return PublishPlan(parts.archive(), parts.clock())


@cache
def exchange_configuration() -> ExchangeConfiguration:
    """Use case of function configure: everything as one file."""
    from baton.application.exchange_configuration import ExchangeConfiguration

    return ExchangeConfiguration(parts.archive(), parts.clock())


@cache
def find_leads() -> FindLeads:
    """Use case of function explore: look for leads."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_lead_search import DynamoLeadSearch
    from baton.application.find_leads import FindLeads

    return FindLeads(DynamoLeadSearch(client("dynamodb"), SETTINGS.leads_table), parts.archive())


@cache
def find_person() -> FindPerson:
    """Use case of function explore: somebody's leads."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_persons import DynamoPersons
    from baton.application.find_person import FindPerson

    persons = DynamoPersons(client("dynamodb"), SETTINGS.leads_table, SETTINGS.ledger_table)
    return FindPerson(parts.leads(), persons, parts.identities(), parts.archive())


@cache
def explain_lead() -> ExplainLead:
    """Use case of function explore: a lead's story, and why it went where it went."""
    from baton.application.explain_lead import ExplainLead

    return ExplainLead(parts.leads(), parts.situation(), parts.configuration(), parts.clock())


@cache
def simulate_lead() -> SimulateLead:
    """Use case of function explore: try a lead."""
    from baton.application.simulate_lead import SimulateLead

    return SimulateLead(
        parts.leads(),
        parts.situation(),
        parts.configuration(),
        parts.archive(),
        parts.identities(),
        parts.likelihoods(),
        parts.clock(),
    )


@cache
def try_score() -> TryScore:
    """Use case of function explore: rate a lead without storing it."""
    from baton.application.try_score import TryScore

    return TryScore(parts.configuration(), parts.likelihoods(), parts.clock())


@cache
def preview_scoring() -> PreviewScoring:
    """Use case of function explore: rate past leads by rules that are not stored."""
    from baton.application.preview_scoring import PreviewScoring

    return PreviewScoring(parts.leads(), parts.configuration(), parts.likelihoods(), parts.clock())


@cache
def show_learned() -> ShowLearned:
    """Use case of function explore: what a campaign has learned."""
    from baton.application.show_learned import ShowLearned

    return ShowLearned(parts.learned_scores(), parts.configuration())


@cache
def promote_challenger() -> PromoteChallenger:
    """Use case of function conclude: let the challenger count."""
    from baton.application.promote_challenger import PromoteChallenger

    return PromoteChallenger(parts.learned_scores(), parts.configuration())


@cache
def show_recipient() -> ShowRecipient:
    """Use case of function explore: how a recipient stands."""
    from baton.application.show_recipient import ShowRecipient

    return ShowRecipient(parts.configuration(), parts.archive(), parts.ledger(), parts.clock())


@cache
def review_lead() -> ReviewLead:
    """Use case of function review: leads that are held."""
    from baton.application.review_lead import ReviewLead

    return ReviewLead(
        parts.leads(), parts.workflows(), parts.clock(), parts.configuration(), parts.compare_leads()
    )


@cache
def show_troubles() -> ShowTroubles:
    """Use case of function diagnose."""
    from baton.adapters.aws import client
    from baton.adapters.deliveries import DynamoDeliveries
    from baton.adapters.dynamo_breakers import DynamoBreakers
    from baton.adapters.resting import BreakerResting
    from baton.adapters.sqs_dead_letters import SqsDeadLetters
    from baton.application.show_troubles import ShowTroubles

    dynamodb = client("dynamodb")
    return ShowTroubles(
        parts.archive(),
        SqsDeadLetters(client("sqs"), SETTINGS.dead_letter_queues),
        BreakerResting(DynamoBreakers(dynamodb, SETTINGS.ledger_table), parts.clock()),
        DynamoDeliveries(dynamodb, SETTINGS.ledger_table),
        parts.clock(),
    )


@cache
def reassign_lead() -> ReassignLead:
    """Use case of function reassign."""
    from baton.application.reassign_lead import ReassignLead

    return ReassignLead(
        parts.leads(),
        parts.configuration(),
        parts.release_offer(),
        parts.restart_lead(),
        parts.workflows(),
        parts.clock(),
    )


@cache
def refuse_contact() -> RefuseContact:
    """Use case of function review: the do-not-contact list."""
    from baton.application.refuse_contact import RefuseContact

    return RefuseContact(parts.do_not_contact(), parts.identities(), parts.clock())


@cache
def forget_person() -> ForgetPerson:
    """Use case of function forget."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_persons import DynamoPersons
    from baton.application.forget_person import ForgetPerson

    persons = DynamoPersons(client("dynamodb"), SETTINGS.leads_table, SETTINGS.ledger_table)
    return ForgetPerson(
        parts.leads(),
        persons,
        parts.ledger(),
        parts.configuration(),
        parts.identities(),
        parts.release_offer(),
        parts.clock(),
    )


@cache
def reweigh_pools() -> ReweighPools:
    """Use case of function reweigh: weights by performance."""
    from baton.application.reweigh_pools import ReweighPools

    return ReweighPools(parts.archive(), parts.ledger(), parts.clock())
