"""What tells reps of leads: every channel, and how it goes on when one fails.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.bootstrap import console, parts, reps
from baton.domain.channels import Channel
from baton.settings import SETTINGS

if TYPE_CHECKING:
    from baton.application.channels import Channels, Sender
    from baton.application.offer_lead import OfferLead
    from baton.application.outgoing import Secrets
    from baton.application.press_button import PressButton
    from baton.application.retell_offer import RetellOffer
    from baton.application.tell_by_connect import CallCentre
    from baton.application.tell_offer import TellOffer


@cache
def channels() -> Channels:
    """Every channel of this deployment."""
    from baton.adapters.aws import client
    from baton.adapters.messaging import AwsNotifier
    from baton.application.channels import Channels

    notifier = AwsNotifier(client("sns"), client("sesv2"), SETTINGS.sender_email, SETTINGS.mail_events)
    return Channels(notifier, _sender)


def _sender(channel: Channel) -> Sender | None:
    """A channel beside SMS and mail. Made when the first rep has it: nobody else waits for what it takes."""
    match channel:
        case Channel.SLACK:
            from baton.application.tell_in_slack import SlackSites, TellInSlack

            return TellInSlack(parts.http(), _secrets(), SlackSites.under(SETTINGS.local_outside))
        case Channel.TEAMS:
            from baton.application.tell_in_teams import TellInTeams

            return TellInTeams(parts.http(), _secrets())
        case Channel.WEBHOOK:
            from baton.application.tell_by_webhook import TellByWebhook

            return TellByWebhook(parts.http(), _secrets(), parts.clock())
        case Channel.CONNECT:
            from baton.application.tell_by_connect import TellByConnect

            return TellByConnect(_call_centre())
    return None


def _call_centre() -> CallCentre | None:
    if not SETTINGS.connect_instance_id:
        return None
    from baton.adapters.aws import client
    from baton.adapters.connect import AmazonConnect

    own = (SETTINGS.connect_instance_id, SETTINGS.connect_flow_id, SETTINGS.connect_phone)
    return AmazonConnect(client("connect"), *own)


@cache
def _secrets() -> Secrets:
    from baton.adapters.aws import client
    from baton.adapters.parameter_secrets import ParameterSecrets

    return ParameterSecrets(client("ssm"), SETTINGS.secrets_path)


@cache
def tell_offer() -> TellOffer:
    """How the rep of an offer is told."""
    from baton.adapters.aws import client
    from baton.adapters.retellings import SqsRetellings
    from baton.application.tell_offer import TellOffer

    return TellOffer(
        parts.leads(),
        parts.configuration(),
        channels(),
        parts.links(),
        SqsRetellings(client("sqs"), SETTINGS.retell_queue_url),
        parts.alerts(),
        parts.clock(),
    )


@cache
def offer_lead() -> OfferLead:
    """Use case of function offer."""
    from baton.application.offer_lead import OfferLead

    return OfferLead(parts.leads(), tell_offer(), parts.release_offer(), parts.workflows(), parts.clock())


@cache
def retell_offer() -> RetellOffer:
    """Use case of function retell."""
    from baton.application.retell_offer import RetellOffer

    return RetellOffer(parts.leads(), offer_lead(), console.edit_configuration(), parts.clock())


@cache
def press_button() -> PressButton:
    """Use case of function press."""
    from baton.application.press_button import PressButton
    from baton.application.tell_in_slack import SlackSites

    sites = SlackSites.under(SETTINGS.local_outside)
    return PressButton(
        parts.leads(),
        parts.links(),
        reps.show_offer(),
        reps.answer_offer(),
        parts.configuration(),
        parts.http(),
        sites,
    )


def slack_secret() -> str | None:
    """What Slack signs its requests with."""
    from baton.application.keep_secrets import SlackSecret, slack_secret_name

    return _secrets().get(slack_secret_name(SlackSecret.SIGNING))
