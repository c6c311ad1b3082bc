"""Merging: what a second enquiry says beyond the first is added to it, and whoever has that hears it."""

from collections.abc import Sequence
from typing import Any, Final

import pytest

from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.domain.channels import Failing, address_mark
from baton.domain.errors import NotificationFailed
from baton.domain.lead import Lead, LeadState
from baton.domain.merging import MAX_ADDITIONS, MAX_ADDITIONS_BYTES
from baton.domain.recipient import Recipient
from baton.domain.timeline import EventKind
from tests.builders import MINUTE, MONDAY_9AM, World, a_campaign, a_plan, a_rep, a_stage
from tests.unit.interleaving import Stepwise, Task, each

MARIA: Final = {"email": "maria@example.com", "phone": "(202) 555-0143", "first_name": "Maria"}


def a_world(stores: Any = None) -> World:
    """A campaign that merges duplicates, and a rep who takes what comes."""
    plan = a_plan(a_stage(auto_accept=True))
    return World((a_rep(),), plan, (a_campaign(dedupe={"policy": "merge"}),), stores)


def send(world: World, **fields: Any) -> Lead:
    """The lead that is answered to this form."""
    return world.leads.get(world.accept_lead("web-form", {**MARIA, **fields}).lead_id)


def owned(world: World, **fields: Any) -> Lead:
    """A first lead that the rep has. What she heard of it is forgotten."""
    lead = world.route(world.score(send(world, **fields).lead_id).lead_id).lead
    world.notifier.sent.clear()
    return lead


def merged(world: World, first: Lead, **fields: Any) -> tuple[Lead, Lead]:
    """The first lead and a duplicate of it that says this, once they are merged."""
    second = send(world, **fields)
    assert world.score_step(second.lead_id).then == "merge"
    world.merge(second.lead_id)
    return world.leads.get(first.lead_id), world.leads.get(second.lead_id)


def messages(world: World) -> list[str]:
    """The text messages that the rep received."""
    return [text for address, text in world.notifier.sent if address.startswith("+")]


# ---- what is added


def test_new_answers_stand_beside_what_the_first_lead_said() -> None:
    world = a_world()
    first, second = merged(world, owned(world, roof="flat"), roof="gable", budget=5000, city="reno")

    assert (second.state, second.duplicate_of) == (LeadState.DUPLICATE, first.lead_id)
    assert (first.attributes, first.contact.city) == ({"roof": "flat"}, None)
    assert first.additions == {"attributes.roof": "gable", "attributes.budget": 5000, "contact.city": "Reno"}
    assert first.state is LeadState.ASSIGNED


def test_what_is_left_empty_takes_nothing_away() -> None:
    world = a_world()
    first, _ = merged(world, owned(world, roof="flat", city="Reno"), roof="", city="")

    assert (first.attributes["roof"], first.contact.city, first.additions) == ("flat", "Reno", {})


def test_the_latest_answer_of_several_duplicates_counts() -> None:
    world = a_world()
    first = owned(world, roof="flat")
    for roof in ("gable", "hip"):
        first, _ = merged(world, first, roof=roof)

    assert first.additions == {"attributes.roof": "hip"}


def test_events_name_the_fields_and_repeat_no_value() -> None:
    world = a_world()
    first, second = merged(world, owned(world), roof="gable", last_name="Lopez")

    for lead, kind in ((first, EventKind.LEAD_MERGED), (second, EventKind.LEAD_DUPLICATE)):
        last = world.leads.timeline(lead.lead_id)[-1]
        assert (last.kind, last.facts["fields"]) == (kind, ["attributes.roof", "contact.last_name"])
        assert not [value for value in ("gable", "Lopez", *MARIA.values()) if value in str(last)]


# ---- who hears


def test_the_rep_hears_what_is_new_and_nothing_else() -> None:
    world = a_world()
    merged(world, owned(world, roof="flat", budget=5000), roof="gable", budget=5000)

    (told,) = messages(world)
    assert "gable" in told
    assert "5000" not in told


def test_merging_twice_changes_neither_lead() -> None:
    world = a_world()
    first, second = merged(world, owned(world), roof="gable")

    world.merge(second.lead_id)

    assert (world.leads.get(first.lead_id), world.leads.get(second.lead_id)) == (first, second)
    assert [event.kind for event in world.leads.timeline(first.lead_id)].count(EventKind.LEAD_MERGED) == 1


def test_what_says_nothing_new_is_merged_and_nobody_is_told_however_often() -> None:
    world = a_world()
    first, second = merged(
        world, owned(world, roof="flat"), roof="flat", landing_page="https://example.com/2"
    )

    world.merge(second.lead_id)

    assert (second.state, first.additions, world.notifier.sent) == (LeadState.DUPLICATE, {}, [])


def test_however_much_duplicates_say_the_first_lead_stays_one_row() -> None:
    world = a_world()
    first = send(world)
    for number in range(8):
        world.clock.forward(2 * MINUTE)
        more = {f"said_{number}_{n}": "x" * 3900 for n in range(15)}
        duplicate = send(world, **more)
        assert world.merge(duplicate.lead_id).state is LeadState.DUPLICATE
        assert duplicate.attributes == more

    richer = world.leads.get(first.lead_id)
    assert 0 < len(richer.additions) <= MAX_ADDITIONS
    assert len(richer.model_dump_json()) < 2 * MAX_ADDITIONS_BYTES


def test_what_an_earlier_duplicate_said_is_not_new() -> None:
    world = a_world()
    first, _ = merged(world, owned(world), roof="gable")
    _, third = merged(world, first, roof="gable", landing_page="https://example.com/3")

    assert len(messages(world)) == 1
    assert world.leads.timeline(third.lead_id)[-1].facts["fields"] == []


def test_while_nobody_has_the_first_lead_nobody_is_told() -> None:
    world = a_world()
    first, _ = merged(world, send(world), roof="gable")

    assert (first.state, first.additions, world.notifier.sent) == (
        LeadState.RECEIVED,
        {"attributes.roof": "gable"},
        [],
    )


def test_a_rep_who_could_not_be_told_is_told_when_the_step_is_done_again() -> None:
    world = a_world()
    first, second = owned(world), send(world, roof="gable")
    world.notifier.failing = True
    with pytest.raises(NotificationFailed):
        world.merge(second.lead_id)
    world.notifier.failing = False

    world.merge(second.lead_id)

    assert len(messages(world)) == 1
    assert world.leads.get(first.lead_id).additions == {"attributes.roof": "gable"}


def test_operations_hear_of_a_rep_who_could_not_be_told_at_all() -> None:
    world = a_world()
    owned(world)
    second = send(world, roof="gable")
    world.notifier.failing = True
    with pytest.raises(NotificationFailed):
        world.merge(second.lead_id)

    world.park(second.lead_id, step="Merge", error="NotificationFailed")

    assert [facts["lead_id"] for _, facts in world.alerts.told] == [second.lead_id]


@pytest.mark.parametrize("failing", [False, True])
def test_operations_hear_of_a_rep_whose_channels_will_never_take_the_news(failing: bool) -> None:
    """Refused now, or known to fail: nothing raises, so nothing else would say so."""
    world = a_world()
    first, rep = owned(world), world.configuration.get(Recipient, "ana")
    if failing:
        gone = {"channel": "email", "address": rep.email, "why": "bounced", "since": MONDAY_9AM}
        world.configure(rep.model_copy(update={"phone": None, "failing": (Failing.model_validate(gone),)}))
    else:
        world.notifier.refuses = {str(rep.phone), str(rep.email)}
    merged(world, first, roof="gable")

    ((subject, facts),) = world.alerts.told
    assert "by any channel" in subject
    assert (facts["recipient_id"], facts["lead_id"]) == ("ana", first.lead_id)
    assert "email" in str(facts["refused"])


def test_a_mail_with_news_says_whose_it_is_when_it_comes_back() -> None:
    world = a_world()
    first = owned(world)
    world.notifier.about.clear()
    merged(world, first, roof="gable")

    (about,) = world.notifier.about
    address = str(world.configuration.get(Recipient, "ana").email)
    assert (about["lead_id"], about["offer_no"]) == (first.lead_id, "1")
    assert about["to"] == address_mark(address, first.lead_id)


# ---- a first lead that is none


def gone(world: World, first: Lead) -> None:
    """The lead is deleted."""
    stored: Any = world.leads
    del stored.leads[first.lead_id]


def forgotten(world: World, first: Lead) -> None:
    """The lead's person is removed."""
    stored: Any = world.leads
    stored.leads[first.lead_id] = first.model_copy(update={"forgotten_at": world.clock.now()})


def turned_away(world: World, first: Lead) -> None:
    """The lead turns out to be none that the campaign wants."""
    dedupe = {"policy": "merge"}
    world.configure(a_campaign(dedupe=dedupe, scoring={"qualify_from": 1}))
    assert world.score(first.lead_id).state is LeadState.DISQUALIFIED
    world.configure(a_campaign(dedupe=dedupe))


@pytest.mark.parametrize("happens", [gone, forgotten, turned_away])
def test_a_duplicate_whose_first_lead_is_none_any_more_goes_its_own_way(happens: Any) -> None:
    world = a_world()
    first, second = send(world), send(world, roof="gable")
    happens(world, first)

    after = world.merge(second.lead_id)

    assert (after.state, after.on_duplicate, after.duplicate_of) == (
        LeadState.RECEIVED,
        "mark",
        first.lead_id,
    )
    assert world.route(world.score(second.lead_id).lead_id).lead.recipient_id == "ana"


@pytest.mark.parametrize("happens", [gone, forgotten, turned_away])
def test_who_comes_after_it_is_merged_into_it(happens: Any) -> None:
    world = a_world()
    first, second = send(world), send(world, roof="gable")
    happens(world, first)
    world.merge(second.lead_id)

    third = send(world, roof="flat")

    assert (third.duplicate_of, third.on_duplicate) == (second.lead_id, "merge")


def test_a_lead_that_is_no_duplicate_is_left_as_it_is() -> None:
    world = a_world()
    first = send(world)

    assert world.merge(first.lead_id) == first


# ---- at the same moment


def a_stepwise_world() -> World:
    """A world whose stores let others go on before every call."""
    ledger = MemoryLedger()
    leads: Any = Stepwise(MemoryLeads(ledger))
    return a_world((leads, Stepwise(ledger)))


def test_in_whatever_order_two_duplicates_are_merged_no_answer_is_lost() -> None:
    def build() -> tuple[World, Sequence[Task]]:
        world = a_stepwise_world()
        owned(world)
        ids = [send(world, roof="gable").lead_id, send(world, budget=5000).lead_id]
        return world, [lambda one=one: world.merge(one) for one in ids]

    worlds = list(each(build))

    assert len(worlds) > 1
    for world in worlds:
        first, *duplicates = (world.leads.get(f"{number:032x}") for number in (1, 2, 3))
        assert first.additions == {"attributes.roof": "gable", "attributes.budget": 5000}
        assert [lead.state for lead in duplicates] == [LeadState.DUPLICATE] * 2
        assert len(messages(world)) == 2


def test_in_whatever_order_the_first_lead_moves_on_while_one_is_merged_into_it_nothing_is_lost() -> None:
    def build() -> tuple[World, Sequence[Task]]:
        world = a_stepwise_world()
        first = world.score(send(world).lead_id)
        second = send(world, roof="gable")
        return world, [lambda: world.route(first.lead_id), lambda: world.merge(second.lead_id)]

    for world in each(build):
        first = world.leads.get(f"{1:032x}")
        assert (first.state, first.recipient_id) == (LeadState.ASSIGNED, "ana")
        assert first.additions == {"attributes.roof": "gable"}


def test_a_minute_between_first_and_duplicate_makes_no_difference() -> None:
    world = a_world()
    first = owned(world, roof="flat")
    world.clock.forward(MINUTE)
    after, second = merged(world, first, roof="flat")

    assert (second.state, after.additions) == (LeadState.DUPLICATE, {})


@pytest.mark.parametrize(("quiet", "texts"), [(["sms"], 0), (["sms", "email"], 1)])
def test_in_a_rep_s_quiet_hours_news_come_by_what_wakes_nobody_and_are_never_lost(
    quiet: list[str], texts: int
) -> None:
    hours = {"begin": "08:00", "end": "10:00", "channels": quiet}
    world = a_world()
    world.configure(a_rep(quiet=hours))
    merged(world, owned(world, roof="flat"), roof="gable")

    assert len(messages(world)) == texts
    assert len(world.notifier.sent) == texts + 1
