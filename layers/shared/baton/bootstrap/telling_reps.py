"""What tells reps of leads: every channel, and how it goes on when one fails.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.bootstrap import console, parts
from baton.settings import SETTINGS

if TYPE_CHECKING:
    from baton.application.channels import Channels
    from baton.application.offer_lead import OfferLead
    from baton.application.retell_offer import RetellOffer
    from baton.application.tell_offer import TellOffer


@cache
def channels() -> Channels:
    """Every channel of this deployment."""
    from baton.adapters.aws import client
    from baton.adapters.messaging import AwsNotifier
    from baton.application.channels import Channels

    notifier = AwsNotifier(client("sns"), client("sesv2"), SETTINGS.sender_email, SETTINGS.mail_events)
    return Channels(notifier)


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
