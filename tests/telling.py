"""A world whose events go to webhooks: the way from the timeline to the subscriber, over the twins."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from baton.adapters.deliveries import MemoryDeliveries, MemoryDeliveryQueue
from baton.adapters.doubles import MemoryAlerts, MemorySecrets
from baton.adapters.http_double import ScriptedHttp
from baton.adapters.linked_rows import MemoryLinks
from baton.adapters.memory_configuration import MemoryArchive, MemoryConfiguration
from baton.adapters.resting import BreakerResting, MemoryBreakerStore
from baton.application.converse import CheckSystem, Converse
from baton.application.edit_configuration import EditConfiguration
from baton.application.follow_deliveries import FollowDeliveries
from baton.application.notify_subscribers import NotifySubscribers
from baton.application.outgoing import Answer, Http
from baton.application.post_event import PostEvent
from baton.application.send_event import SendEvent
from baton.application.subscriptions import Deliveries, RememberedSubscriptions
from baton.application.tell_system import TellSystem
from baton.domain.announcement import Announcement
from baton.domain.event_delivery import EventDelivery
from baton.domain.outcome import Outcome, Report
from baton.domain.subscription import Subscription
from tests.builders import LEAD_ID, World, a_rep, a_world

SECRET: Final = "whsec_" + b64encode(b"only these tests know this key").decode()
SECRET_NAME: Final = "subscription/crm/signing"
LIFE: Final = ["LeadReceived", "LeadScored", "LeadAssigned", "LeadContacted", "LeadConverted"]
"""What `a_converted_lead` goes through."""


def a_subscription(url: str = "https://crm.example/hook", **facts: Any) -> Subscription:
    """The subscription `crm`, to everything."""
    return Subscription.model_validate({"id": "crm", "name": "CRM", "url": url, **facts})


@dataclass
class Telling:
    """Everything between a lead's timeline and a subscriber. Time is the world's clock; nothing happens by itself."""

    world: World
    http: Http
    secret: str
    deliveries: Deliveries = field(default_factory=MemoryDeliveries)

    def __post_init__(self) -> None:
        assert isinstance(self.world.configuration, MemoryConfiguration)
        archive, clock = MemoryArchive(self.world.configuration), self.world.clock
        self.queue, self.alerts = MemoryDeliveryQueue(), MemoryAlerts()
        self.secrets = MemorySecrets({SECRET_NAME: self.secret})
        self.resting = BreakerResting(MemoryBreakerStore(), clock)
        edit = EditConfiguration(archive, clock)
        post = PostEvent(self.http, self.secrets, clock)
        converse, self.links = Converse(self.http, self.secrets, clock), MemoryLinks()
        tell = TellSystem(self.world.leads, self.world.configuration, self.links, converse, clock)
        self.notify = NotifySubscribers(
            RememberedSubscriptions(archive, clock), self.world.leads, self.deliveries, self.queue, clock
        )
        self.send = SendEvent(
            self.deliveries,
            self.queue,
            self.world.configuration,
            self.world.leads,
            post,
            tell,
            self.resting,
            edit,
            self.alerts,
            clock,
        )
        self.follow = FollowDeliveries(
            archive, self.deliveries, self.queue, post, CheckSystem(converse), clock, lambda: LEAD_ID
        )

    def tells(self, lead_id: str, *seqs: int) -> None:
        """The bus brings events of a lead: all, or those of these numbers, in this order."""
        events = {event.seq: event for event in self.world.leads.timeline(lead_id)}
        for seq in seqs or sorted(events):
            self.notify(Announcement.of(events[seq]))

    def works(self, choose: Callable[[int], int] = lambda _: 0) -> None:
        """The queue is worked off, as far as anything is due; `choose` says which of so many messages comes next."""
        later: list[tuple[str, str, timedelta]] = []
        while self.queue.waiting:
            place = choose(len(self.queue.waiting))
            subscription_id, delivery_id, wait = self.queue.waiting.pop(place)
            if wait > timedelta():
                later.append((subscription_id, delivery_id, wait))
            else:
                self.send(subscription_id, delivery_id)
        self.queue.waiting = later

    def waits(self) -> timedelta:
        """Let time pass until the next message comes back, as SQS would bring it, and work; how long it was."""
        soonest = min(wait for _, _, wait in self.queue.waiting)
        self.world.clock.forward(soonest)
        self.queue.waiting = [(who, what, wait - soonest) for who, what, wait in self.queue.waiting]
        self.works()
        return soonest

    def log(self) -> list[EventDelivery]:
        """The deliveries to the subscription, oldest event first."""
        return list(reversed(self.follow.page("crm", 200, None, None).items))

    @property
    def now(self) -> datetime:
        """The present."""
        return self.world.clock.now()


def a_telling(answers: Any = None, *subscriptions: Subscription, http: Any = None, **stores: Any) -> Telling:
    """A world with one subscription, to everything, unless it is said otherwise."""
    world = a_world(a_rep("ana"), auto_accept=True)
    world.configure(*(subscriptions or (a_subscription(),)))
    return Telling(world, http or ScriptedHttp(answers or (lambda _: Answer(status=204))), SECRET, **stores)


def a_converted_lead(telling: Telling, **fields: Any) -> str:
    """A lead that was assigned, contacted and converted."""
    world = telling.world
    lead_id = world.scores(**fields)
    world.route(lead_id)
    for outcome in (Outcome.CONTACTED, Outcome.CONVERTED):
        world.conclude(lead_id, Report(outcome=outcome), "crm")
    return lead_id
