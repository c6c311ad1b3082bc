"""Troubles: what is wrong now and a person has to act on, each in words with the next step."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from baton.domain.campaign import Campaign
from baton.domain.channels import Channel
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from baton.domain.subscription import Subscription


class TroubleKind(StrEnum):
    """What can be wrong. The most pressing first."""

    DEAD_LETTERS = "dead_letters"
    """Messages that a function failed at, again and again."""
    PLAN_NOT_PUBLISHED = "plan_not_published"
    BUYER_RESTED = "buyer_rested"
    """A buyer's system keeps failing, and is left in peace for a while."""
    EVENTS_GIVEN_UP = "events_given_up"
    """Events that a subscription's system did not take for three days."""
    SUBSCRIPTION_OFF = "subscription_off"
    SUBSCRIPTION_RESTED = "subscription_rested"
    ADDRESS_FAILING = "address_failing"
    """What is sent to a rep comes back."""
    SOURCE_OFF = "source_off"
    NOT_COUNTED = "not_counted"
    """A queue that could not be looked at: there may be something in it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong."""

    kind: TroubleKind
    of: str
    """The id of what it is about; of dead letters, the queue's short name."""
    words: str
    next: str
    """What to do about it."""
    count: int | None = None
    """How many, where there are many."""
    until: datetime | None = None
    """When it is tried again by itself."""
    channel: Channel | None = None


class Queue(NamedTuple):
    """What a queue of dead letters holds."""

    words: str
    """What happened to one of them; {count} of them."""
    next: str


_REDRIVE: Final = "Mend the cause, which the function's log says; then move the messages back to their queue."
DEAD_LETTERS: Final = {
    "retell": Queue("Reps could not be told of leads by a further channel: {count} times.", _REDRIVE),
    "digest": Queue(
        "Daily digests could not be sent: {count} times.",
        "They are tried again by themselves. Look at the log of function digest, then empty the queue.",
    ),
    "sweep": Queue(
        "Leads that stand still could not be looked for: {count} times.",
        "Look at the log of function sweep. It runs every minute; once it runs again, empty the queue.",
    ),
    "reweigh": Queue(
        "Weights by performance could not be brought up to date: {count} times.",
        "Pools go on with the weights that they have. Look at the log of function reweigh, then empty the queue.",
    ),
    "notice": Queue(
        "Leads that an ad platform told of could not be fetched: {count}.",
        "Mostly a token has expired: store a new one with the source. Then move the messages back to their queue.",
    ),
    "fetch": Queue(
        "Leads that an ad platform's webhooks missed could not be looked for: {count} times.",
        "Look at the log of function fetch; once it runs again, empty the queue.",
    ),
    "import": Queue(
        "Parts of an imported file could not be loaded: {count}.", "Mend the cause, then resume the import."
    ),
    "publish": Queue(
        "Events of leads could not be published: {count} times.",
        "Who listens has missed them. What to do is in the guide of events.",
    ),
    "uncounted": Queue(
        "Leads could not be counted: {count}.", "Reports lack them. Mend the cause, then rebuild the reports."
    ),
    "heard": Queue("Events could not be given to subscriptions: {count}.", _REDRIVE),
    "delivery": Queue("Deliveries of events failed at our end: {count}.", _REDRIVE),
    "entrusted": Queue(
        "What sees to reps' leads could not be started in time: {count} times.",
        "The sweep starts it by itself. Look at the log of function watch, then empty the queue.",
    ),
    "history": Queue(
        "Events are missing in the raw history: {count}.",
        "Put them there by hand, as the guide of the history says.",
    ),
}
"""By the queue's short name."""


def dead_letters(queue: str, count: int | None) -> Trouble | None:
    """What is in a queue; None where nothing is. `count` None: it could not be looked at."""
    said = DEAD_LETTERS[queue]
    if count is None:
        words = f"The queue of dead letters “{queue}” could not be looked at."
        return Trouble(TroubleKind.NOT_COUNTED, queue, words, "Look at it in the SQS console.")
    words = said.words.format(count=count)
    return Trouble(TroubleKind.DEAD_LETTERS, queue, words, said.next, count) if count else None


def of_source(source: Source) -> Trouble | None:
    """A source that takes no leads."""
    if source.active:
        return None
    words = f"The source {source.name} is switched off: it takes no leads."
    return Trouble(TroubleKind.SOURCE_OFF, source.id, words, "Switch it on again, or delete it.")


def of_campaign(campaign: Campaign, *, published: bool) -> Trouble | None:
    """A campaign whose leads have nowhere to go."""
    if published:
        return None
    words = f"The campaign {campaign.name} has no published plan: its leads go to nobody."
    return Trouble(TroubleKind.PLAN_NOT_PUBLISHED, campaign.id, words, "Publish its plan.")


def of_recipient(recipient: Recipient, rests_until: datetime | None) -> list[Trouble]:
    """A buyer whose system fails; a rep's addresses at which what is sent comes back."""
    if not recipient.active:
        return []
    if rests_until is not None:
        words = f"The system of {recipient.name} keeps failing: it is not asked for bids."
        rested = TroubleKind.BUYER_RESTED
        return [Trouble(rested, recipient.id, words, "Test the call, and tell the buyer.", until=rests_until)]
    return [
        Trouble(
            TroubleKind.ADDRESS_FAILING,
            recipient.id,
            f"What is sent to {recipient.name} by {_CHANNELS.get(channel, str(channel))} comes back.",
            "Correct the address, or let them be told in another way.",
            channel=channel,
        )
        for channel in recipient.not_working
    ]


_CHANNELS: Final = {Channel.SMS: "text message", Channel.EMAIL: "email"}


def of_subscription(subscription: Subscription, given_up: int, rests_until: datetime | None) -> list[Trouble]:
    """Another system that does not hear of events."""
    found = []
    name, who = subscription.name, subscription.id
    if not subscription.active:
        words = f"{name} hears of no events: it is switched off, by somebody or because its system wanted no more."
        found.append(
            Trouble(
                TroubleKind.SUBSCRIPTION_OFF, who, words, "Switch the subscription on again, or delete it."
            )
        )
    elif rests_until is not None:
        words = f"The system of {name} keeps failing: events for it wait."
        step = "Nothing is lost for three days. See why its system fails."
        found.append(Trouble(TroubleKind.SUBSCRIPTION_RESTED, who, words, step, until=rests_until))
    if given_up:
        words = f"Events for {name} were given up: {given_up}."
        step = "Mend its system, then send them again."
        found.append(Trouble(TroubleKind.EVENTS_GIVEN_UP, who, words, step, given_up))
    return found
