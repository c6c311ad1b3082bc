"""The workflow, run with the real use cases over the in-memory stores: whatever happens, every run comes to its end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from baton.adapters.doubles import FixedClock, MemoryAlerts, MemoryNotifier, MemoryWorkflows
from baton.adapters.identities import KeyedIdentities
from baton.adapters.learned_scores import MemoryLearnedScores
from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_configuration import MemoryConfiguration
from baton.adapters.memory_ledger import MemoryLedger
from baton.adapters.retellings import MemoryRetellings
from baton.application.channels import Channels
from baton.application.compare_leads import CompareLeads
from baton.application.merge_lead import MergeLead
from baton.application.offer_lead import OfferLead
from baton.application.park_lead import ParkLead
from baton.application.release_offer import ReleaseOffer
from baton.application.route_lead import RouteLead
from baton.application.tell_offer import TellOffer
from baton.domain.campaign import Campaign
from baton.domain.change import received
from baton.domain.claims import accepted
from baton.domain.dedupe import DuplicatePolicy
from baton.domain.errors import BatonError, ConfigurationBroken, StoreUnavailable
from baton.domain.findings import Finding, Question
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.offer import Offer
from baton.domain.plan import Plan, PublishedPlan, Stage
from baton.domain.pool import Member, Pool, Release
from baton.domain.recipient import Recipient
from baton.domain.scoring import Scoring
from baton.domain.vetted_lead import vetted
from baton.domain.vetting import VettingRules
from baton.entrypoints.tasks import (
    RETRIES,
    Done,
    LeadTask,
    MergeResult,
    OfferTask,
    ParkTask,
    RouteResult,
    ScoreResult,
    VetResult,
)
from tests.builders import a_scoring
from tests.workflow.machine import Machine, Result, StepFailed

NOW: Final = datetime(2026, 11, 23, 14, tzinfo=UTC)
LEAD: Final = "1" * 32
REPS: Final = ("ana", "ben", "carla")
# A state transition costs money and time; the way that most leads go must stay short.
MOST_STATES: Final = 8


class Links:
    """The OfferLinks port; no rep follows a link here."""

    def link(self, offer: Offer) -> str:
        """See OfferLinks.link."""
        return f"https://example.com/{offer.no}"

    def read(self, token: str, now: datetime) -> tuple[str, int] | None:
        """See OfferLinks.read."""
        return None


class Company:
    """Three reps asked in turn, a lead that has just come in, and the workflow that moves it."""

    def __init__(
        self,
        *,
        auto_accept: bool = False,
        qualify_from: int | None = None,
        vetting: bool = False,
        **facts: Any,
    ) -> None:
        """`facts` are what the lead that has come in has besides the person."""
        self.heard = Finding.TAKES_MAIL
        """What Vet hears of the address's domain."""
        self.clock = FixedClock(NOW)
        self.ledger = MemoryLedger()
        self.leads = MemoryLeads(self.ledger)
        self.notifier = MemoryNotifier()
        self.alerts = MemoryAlerts()
        self.answers: list[Release | None] = []
        """What the reps say, one after another: None accepts; nobody left in the list lets the time pass."""
        stage = Stage(name="team", pool_id="team", auto_accept=auto_accept, accept_within_s=60)
        pool = Pool(id="team", name="Team", members=tuple(Member(recipient_id=rep) for rep in REPS))
        scoring = Scoring(qualify_from=qualify_from)
        configuration = MemoryConfiguration(
            pool,
            Campaign(
                id="solar",
                name="Solar",
                plan_id="solar",
                scoring=scoring,
                vetting=VettingRules(email_domain=vetting),
            ),
            PublishedPlan(id="solar", version=1),
            Plan(id="solar", version=1, stages=(stage,)),
            *(Recipient(id=rep, name=rep.title(), email=f"{rep}@sales.example", zone="UTC") for rep in REPS),
        )
        self.configuration = configuration
        self.release = ReleaseOffer(self.leads, self.ledger, configuration, self.clock)
        self._score = a_scoring(self.leads, MemoryLearnedScores(self.ledger), configuration, self.clock)
        compare = CompareLeads(self.leads, self.ledger, KeyedIdentities(lambda: b"a secret of tests"))
        self._merge = MergeLead(
            self.leads, configuration, Channels(self.notifier), self.alerts, self.clock, compare
        )
        self._route = RouteLead(self.leads, self.ledger, configuration, self.release, self.alerts, self.clock)
        channels, self.retellings = Channels(self.notifier), MemoryRetellings()
        tell = TellOffer(
            self.leads, configuration, channels, Links(), self.retellings, self.alerts, self.clock
        )
        self.workflows = MemoryWorkflows()
        self._offer = OfferLead(self.leads, tell, self.release, self.workflows, self.clock)
        self._park = ParkLead(self.leads, self.release, self.alerts, self.clock)
        self.machine = Machine(
            {
                "${ScoreFunction}": step(self.score),
                "${VetFunction}": step(self.vet),
                "${MergeFunction}": step(self.merge),
                "${RouteFunction}": step(self.route),
                "${OfferFunction}": step(self.offer),
                "${SweepFunction}": step(self.park),
                "${AlertTopic}": self.tell,
            },
            self.answer,
        )
        lead = Lead(
            lead_id=LEAD,
            rev=1,
            state=LeadState.RECEIVED,
            source_id="form",
            campaign_id="solar",
            received_at=NOW,
            moved_at=NOW,
            contact=Contact(last_name="Quux", phone="+12025550190", email="quux@example.com"),
            **facts,
        )
        self.leads.commit(received(lead, NOW))

    def score(self, given: Result) -> Result:
        """Function score."""
        return ScoreResult.of(self._score(LeadTask.model_validate(given).lead_id)).model_dump(mode="json")

    def vet(self, given: Result) -> Result:
        """Function vet, which hears that the domain takes mail, or does not."""
        lead = self.leads.get(LeadTask.model_validate(given).lead_id)
        campaign = self.configuration.get(Campaign, "solar")
        change = vetted(lead, {Question.EMAIL_DOMAIN: self.heard}, campaign, self.clock.now())
        assert self.leads.commit(change)
        return VetResult.of(change.lead).model_dump(mode="json")

    def merge(self, given: Result) -> Result:
        """Function merge."""
        return MergeResult.of(self._merge(LeadTask.model_validate(given).lead_id)).model_dump(mode="json")

    def route(self, given: Result) -> Result:
        """Function route."""
        return RouteResult.of(self._route(LeadTask.model_validate(given).lead_id)).model_dump(mode="json")

    def offer(self, given: Result) -> Result:
        """Function offer."""
        task = OfferTask.model_validate(given)
        self._offer(task.lead_id, task.offer_no, task.task_token, last=task.is_last)
        return Done().model_dump()

    def park(self, given: Result) -> Result:
        """Function sweep, asked to park."""
        task = ParkTask.model_validate(given)
        self._park(task.lead_id, task.step, task.error)
        return Done().model_dump()

    def tell(self, message: Result) -> Result:
        """The topic that operations listen to."""
        self.alerts.alert("stuck", **message)
        return {}

    def answer(self, token: str, wait_s: int) -> Result:
        """The rep's answer, made true before the workflow hears of it; or the end of the wait; or what Offer says."""
        said = dict(self.workflows.resumed).get(token)
        if said is not None:
            return dict(said)
        lead = self.leads.get(LEAD)
        offer = self.leads.offer(LEAD, lead.offer_no)
        assert offer.task_token == token
        if not self.answers:
            self.clock.forward(timedelta(seconds=wait_s))
            raise StepFailed("States.Timeout")
        answer = self.answers.pop(0)
        if answer is None:
            assert self.leads.commit(accepted(lead, offer, self.clock.now()))
            return {"answer": "accepted"}
        assert self.release(lead, offer, answer)
        return {"answer": "declined"}

    def run(self) -> str:
        """The state in which the lead's execution ends."""
        return self.machine.run(LEAD)

    def lead(self) -> Lead:
        """The lead as it is now."""
        return self.leads.get(LEAD)

    def events(self) -> list[str]:
        """The lead's timeline, by the names of what happened."""
        return [str(event.kind) for event in self.leads.timeline(LEAD)]


def step(function: Callable[[Result], Result]) -> Callable[[Result], Result]:
    """A function as the workflow sees it: an error arrives by the name of its class."""

    def call(given: Result) -> Result:
        try:
            return function(given)
        except BatonError as error:
            raise StepFailed(type(error).__name__) from error

    return call


def failing(error: BatonError, times: int = 10**6) -> Callable[[Result], Result]:
    """A function that fails so many times and then does nothing."""
    left = [times]

    def call(given: Result) -> Result:
        left[0] -= 1
        if left[0] >= 0:
            raise StepFailed(type(error).__name__) from error
        return {}

    return call


def test_a_lead_that_the_first_rep_accepts_passes_few_states() -> None:
    company = Company()
    company.answers = [None]

    assert company.run() == "Done"
    assert company.lead().state is LeadState.ASSIGNED
    assert len(company.machine.visited) <= MOST_STATES


def test_a_declined_offer_goes_to_the_next_rep() -> None:
    company = Company()
    company.answers = [Release.DECLINED, None]

    assert company.run() == "Done"
    assert (company.lead().recipient_id, company.lead().offer_no) == ("ben", 2)


def test_an_offer_that_nobody_answers_expires_for_every_rep_until_the_plan_is_exhausted() -> None:
    company = Company()

    assert company.run() == "Done"
    assert company.lead().state is LeadState.UNASSIGNED
    assert company.events().count("OfferExpired") == len(REPS)
    assert [subject for subject, _ in company.alerts.told] == ["A lead has no taker: its plan is exhausted"]


def test_a_lead_that_is_assigned_at_once_is_announced_and_nobody_is_waited_for() -> None:
    company = Company(auto_accept=True)

    assert company.run() == "Done"
    assert "Offer" not in company.machine.visited
    assert [address for address, _ in company.notifier.sent] == ["ana@sales.example"]


def test_a_lead_that_does_not_qualify_ends_before_any_rep_hears_of_it() -> None:
    company = Company(qualify_from=10)

    assert company.run() == "Done"
    assert company.lead().state is LeadState.DISQUALIFIED
    assert company.notifier.sent == []


def test_a_lead_about_which_somebody_outside_is_asked_is_scored_after_that() -> None:
    company = Company(auto_accept=True, vetting=True)

    assert company.run() == "Done"
    assert company.machine.visited[:5] == ["Score", "WhatFirst", "Vet", "Score", "WhatFirst"]
    assert company.lead().state is LeadState.ASSIGNED


def test_a_lead_that_is_held_for_what_was_heard_goes_no_further() -> None:
    company = Company(vetting=True)
    company.heard = Finding.TAKES_NO_MAIL

    assert company.run() == "Done"
    assert company.lead().state is LeadState.QUARANTINED
    assert company.notifier.sent == []


FIRST: Final = "a" * 32


def test_a_duplicate_is_merged_into_the_first_lead_and_its_rep_is_told() -> None:
    company = Company(duplicate_of=FIRST, on_duplicate=DuplicatePolicy.MERGE, attributes={"roof_m2": 140})
    first = company.lead().model_copy(
        update={"lead_id": FIRST, "duplicate_of": None, "on_duplicate": None, "attributes": {}}
    )
    kept = first.model_copy(update={"state": LeadState.ASSIGNED, "recipient_id": "ana", "watch_at": None})
    company.leads.commit(received(kept, NOW))

    assert company.run() == "Done"
    assert company.machine.visited == ["Score", "WhatFirst", "Merge", "IsMerged", "Done"]
    assert company.lead().state is LeadState.DUPLICATE
    assert company.leads.get(FIRST).additions == {"attributes.roof_m2": 140}
    assert ["140" in text for _, text in company.notifier.sent] == [True]


def test_a_duplicate_whose_first_lead_is_gone_goes_its_own_way() -> None:
    company = Company(auto_accept=True, duplicate_of=FIRST, on_duplicate=DuplicatePolicy.MERGE)

    assert company.run() == "Done"
    assert company.lead().state is LeadState.ASSIGNED


@pytest.mark.parametrize("name", ["Score", "Route", "Offer"])
def test_a_step_that_fails_for_good_ends_with_the_lead_parked_and_operations_told(name: str) -> None:
    company = Company()
    company.machine.functions = {
        **company.machine.functions,
        f"${{{name}Function}}": failing(ConfigurationBroken("gone")),
    }

    assert company.run() == "Parked"
    lead, last = company.lead(), company.leads.timeline(LEAD)[-1]
    assert lead.state is LeadState.UNASSIGNED
    assert last.facts == {"step": name, "error": "ConfigurationBroken"}
    assert company.alerts.told[-1][1] == {"lead_id": LEAD, "step": name, "error": "ConfigurationBroken"}


def test_a_step_that_fails_a_few_times_goes_on_as_if_nothing_had_happened() -> None:
    company = Company()
    company.answers = [None]
    score, broken = company.machine.functions["${ScoreFunction}"], failing(StoreUnavailable(), RETRIES)

    def shaky(given: Result) -> Result:
        broken(given)
        return score(given)

    company.machine.functions = {**company.machine.functions, "${ScoreFunction}": shaky}

    assert company.run() == "Done"
    assert company.lead().state is LeadState.ASSIGNED


def test_a_rep_whom_no_channel_can_tell_for_now_keeps_the_lead_from_nobody() -> None:
    """The relay of one rep is dead: the others are asked, and the timeline says why she was not."""
    company = Company()
    company.notifier.unavailable = {"ana@sales.example"}
    company.answers = [None]

    assert company.run() == "Done"
    assert (company.lead().recipient_id, company.lead().state) == ("ben", LeadState.ASSIGNED)
    assert company.events().count("ChannelFailed") == 1
    (alert,) = company.alerts.told
    assert "by any channel" in alert[0]
    assert alert[1]["recipient_id"] == "ana"


def test_a_lead_that_is_the_rep_s_is_told_later_where_no_channel_works_for_now() -> None:
    company = Company(auto_accept=True)
    company.notifier.unavailable = {"ana@sales.example"}

    assert company.run() == "Done"
    assert company.lead().recipient_id == "ana"
    assert [(lead_id, no) for lead_id, no, _ in company.retellings.waiting] == [(LEAD, 1)]
    assert company.alerts.told[0][1]["recipient_id"] == "ana"
    company.notifier.unavailable = set()
    company.offer({"lead_id": LEAD, "offer_no": 1})
    assert [address for address, _ in company.notifier.sent] == ["ana@sales.example"]
    assert company.leads.offer(LEAD, 1).failed == {}


def test_operations_are_told_even_where_parking_fails_too() -> None:
    company = Company()
    broken: dict[str, Any] = {name: failing(ConfigurationBroken()) for name in company.machine.functions}
    company.machine.functions = {**broken, "${AlertTopic}": company.tell}

    assert company.run() == "Stuck"
    assert company.alerts.told == [("stuck", {"lead_id": LEAD, "error": "ConfigurationBroken"})]


def test_a_second_execution_of_a_finished_lead_changes_nothing() -> None:
    company = Company()
    company.answers = [None]
    company.run()
    before = company.lead(), company.events(), list(company.notifier.sent)

    assert company.run() == "Done"
    assert (company.lead(), company.events(), company.notifier.sent) == before
