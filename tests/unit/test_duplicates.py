"""Duplicates: one enquiry is one lead however often it is sent; a known person is treated as the campaign says."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Final

import pytest
from pydantic import ValidationError

from baton.adapters.memory import MemoryLeads
from baton.adapters.memory_ledger import MemoryLedger
from baton.domain.campaign import Campaign
from baton.domain.dedupe import DuplicatePolicy, Match, Scope
from baton.domain.errors import DuplicateLead, IdempotencyConflict
from baton.domain.lead import Lead, LeadState
from baton.domain.timeline import EventKind
from tests.builders import SECOND, World, a_campaign, a_plan, a_rep, a_source, a_stage
from tests.unit.interleaving import Stepwise, Task, each
from tests.unit.vendor import PERSON, PING, a_vendor

MARIA: Final = {"email": "maria@example.com", "phone": "(202) 555-0143"}
AT_ONCE: Final = 64


def a_world(*, stores: Any = None, **dedupe: Any) -> World:
    """A campaign that compares leads, and reps who take what comes."""
    plan = a_plan(a_stage(auto_accept=True))
    world = World(reps=(a_rep("ana"), a_rep("ben")), plan=plan, stores=stores)
    world.configure(a_campaign(dedupe=dedupe or None))
    return world


def send(world: World, *, note: str = "", key: str | None = None, **fields: Any) -> Lead:
    """The lead that is answered to this form."""
    sent = {**MARIA, **({"note": note} if note else {}), **fields}
    fields = {name: value for name, value in sent.items() if value is not None}
    return world.leads.get(world.accept_lead("web-form", fields, key=key).lead_id)


def leads_of(world: World) -> list[Lead]:
    return list(world.leads.leads.values())  # type: ignore[attr-defined]


# ---- the same in the same words


@pytest.mark.parametrize("policy", [None, *DuplicatePolicy])
def test_what_is_sent_again_within_a_minute_is_the_same_lead_whatever_the_policy(
    policy: DuplicatePolicy | None,
) -> None:
    world = a_world(**({"policy": policy} if policy else {}))
    first = send(world)
    world.clock.forward(59 * SECOND)

    assert send(world).lead_id == first.lead_id
    assert send(world, key="a").lead_id == first.lead_id
    assert send(world, key="b").lead_id == first.lead_id
    assert (len(leads_of(world)), len(world.workflows.executions)) == (1, 1)


def test_a_key_that_came_with_a_repetition_names_that_lead_however_late_it_comes_again() -> None:
    """Invariant 8."""
    world = a_world()
    first, repeated = send(world, key="a"), send(world, key="b")
    world.clock.forward(timedelta(days=1))

    assert first.lead_id == repeated.lead_id == send(world, key="b").lead_id
    assert len(leads_of(world)) == 1
    with pytest.raises(IdempotencyConflict):
        send(world, key="b", note="other words")


# ---- held, and released after all


def a_held_lead(policy: DuplicatePolicy) -> tuple[World, Lead, Lead]:
    """A lead that fell into the honeypot, and one of the same person that came later and goes its way."""
    world = a_world(policy=policy)
    world.configure(a_source(honeypot_field="website"))
    held = send(world, website="x")
    world.clock.forward(61 * SECOND)
    good = send(world)
    assert (held.state, good.state) == (LeadState.QUARANTINED, LeadState.RECEIVED)
    return world, held, good


def test_a_released_lead_whose_person_came_in_meanwhile_is_refused_where_duplicates_are() -> None:
    world, held, good = a_held_lead(DuplicatePolicy.REFUSE)

    with pytest.raises(DuplicateLead) as refused:
        world.review.release(held.lead_id, "maria")

    assert refused.value.lead_id == good.lead_id
    assert world.leads.get(held.lead_id) == held


@pytest.mark.parametrize("policy", [DuplicatePolicy.MARK, DuplicatePolicy.MERGE, DuplicatePolicy.SAME_OWNER])
def test_else_it_goes_as_the_duplicate_that_it_is(policy: DuplicatePolicy) -> None:
    world, held, good = a_held_lead(policy)

    lead = world.review.release(held.lead_id, "maria").lead

    assert (lead.state, lead.duplicate_of, lead.on_duplicate) == (LeadState.RECEIVED, good.lead_id, policy)
    assert world.leads.timeline(held.lead_id)[-1].facts["duplicate_of"] == good.lead_id


@pytest.mark.parametrize("times", [1, 2])
def test_who_comes_after_a_released_lead_is_its_duplicate(times: int) -> None:
    world = a_world(policy=DuplicatePolicy.REFUSE)
    world.configure(a_source(honeypot_field="website"))
    held = [send(world, website="x", note=str(n)) for n in range(times)]
    world.review.release(held[0].lead_id, "maria")
    for other in held[1:]:
        with pytest.raises(DuplicateLead):
            world.review.release(other.lead_id, "maria")
    world.clock.forward(61 * SECOND)

    assert send(world).duplicate_of == held[0].lead_id


@pytest.mark.parametrize("policy", [None, *DuplicatePolicy])
def test_a_minute_later_it_is_another_lead(policy: DuplicatePolicy | None) -> None:
    world = a_world(**({"policy": policy} if policy else {}))
    first = send(world)
    world.clock.forward(60 * SECOND)
    second = send(world)

    assert len(leads_of(world)) == 2
    assert second.duplicate_of == (first.lead_id if policy else None)


def test_one_request_by_its_key_is_one_lead_for_ever() -> None:
    world = a_world(policy="refuse")
    first = send(world, key="a")
    world.clock.forward(timedelta(days=365))

    assert send(world, key="a").lead_id == first.lead_id


def test_what_another_source_sends_in_the_same_words_is_another_lead() -> None:
    world = a_world()
    world.configure(a_source(id="other"))
    first = send(world)

    assert world.accept_lead("other", MARIA).lead_id != first.lead_id


def test_what_is_sent_again_is_not_refused_for_the_limit_that_it_used_up_itself() -> None:
    world = a_world(policy="refuse")
    world.configure(a_source(limits={"per_day": 1}))
    first = send(world)

    assert send(world).lead_id == first.lead_id
    assert send(world, key="another").lead_id == first.lead_id


def test_what_is_held_and_sent_again_is_the_same_lead() -> None:
    world = a_world(policy="refuse")
    world.configure(a_source(honeypot_field="website"))

    assert send(world, website="spam").lead_id == send(world, website="spam").lead_id


def test_the_order_of_fields_and_what_is_for_baton_itself_make_no_difference() -> None:
    world = a_world()
    first = world.accept_lead("web-form", {"email": "a@b.co", "city": "Reno", "_fill_ms": 5000})
    again = world.accept_lead("web-form", {"_fill_ms": 9000, "city": "Reno", "email": "a@b.co"})

    assert again.lead_id == first.lead_id


def test_tests_and_live_leads_never_meet() -> None:
    world = a_world(policy="refuse")
    send(world)
    world.configure(a_source(test=True))

    assert send(world).test
    assert [(lead.state, lead.duplicate_of) for lead in leads_of(world)] == [(LeadState.RECEIVED, None)] * 2
    assert send(world, note="again").state is LeadState.DUPLICATE  # of the first test


def test_sixty_four_at_the_same_moment_are_one_lead() -> None:
    world = a_world()
    with ThreadPoolExecutor(AT_ONCE) as people:
        answered = set(people.map(lambda _: world.accept_lead("web-form", MARIA).lead_id, range(AT_ONCE)))

    assert len(answered) == len(leads_of(world)) == 1


def in_every_order(*forms: dict[str, Any], **dedupe: Any) -> list[World]:
    """The world as every interleaving of these forms, sent at the same moment, leaves it."""

    def build() -> tuple[World, Sequence[Task]]:
        ledger = MemoryLedger()
        leads: Any = Stepwise(MemoryLeads(ledger))
        world = a_world(stores=(leads, Stepwise(ledger)), **dedupe)
        return world, [lambda form=form: world.accept_lead("web-form", form) for form in forms]

    return list(each(build))


@pytest.mark.parametrize("policy", DuplicatePolicy)
def test_in_whatever_order_two_equal_ones_are_stored_they_are_one(policy: DuplicatePolicy) -> None:
    worlds = in_every_order(MARIA, MARIA, policy=policy)

    assert len(worlds) > 1
    assert {len(leads_of(world)) for world in worlds} == {1}
    assert {len(world.workflows.executions) for world in worlds} == {1}


def test_in_whatever_order_two_of_one_person_are_stored_one_is_the_first() -> None:
    worlds = in_every_order({**MARIA, "note": "a"}, {**MARIA, "note": "b"}, policy="refuse")

    assert len(worlds) > 1
    for world in worlds:
        first, second = sorted(leads_of(world), key=lambda lead: lead.state, reverse=True)
        assert (first.state, second.state) == (LeadState.RECEIVED, LeadState.DUPLICATE)
        assert (first.duplicate_of, second.duplicate_of) == (None, first.lead_id)
        assert set(world.workflows.executions) == {(first.lead_id, 1)}


def test_in_whatever_order_two_that_share_another_mark_each_are_stored_nobody_is_lost() -> None:
    """Each has what the other has not: whoever is stored second is the duplicate, and never both."""
    by_phone = {"email": "m@example.org", "phone": MARIA["phone"]}
    for world in in_every_order(MARIA, by_phone, policy="refuse"):
        assert sorted(lead.state for lead in leads_of(world)) == [LeadState.DUPLICATE, LeadState.RECEIVED]


# ---- the same person in other words


def test_a_duplicate_that_is_refused_is_kept_and_goes_nowhere() -> None:
    world = a_world(policy="refuse")
    first, second = send(world), send(world, note="again")

    assert (second.state, second.duplicate_of) == (LeadState.DUPLICATE, first.lead_id)
    assert set(world.workflows.executions) == {(first.lead_id, 1)}
    (event,) = world.leads.timeline(second.lead_id)
    assert event.kind is EventKind.LEAD_DUPLICATE
    assert event.facts["duplicate_of"] == first.lead_id
    assert "maria" not in str(event)


def test_sixty_four_in_other_words_are_one_first_and_the_rest_its_duplicates() -> None:
    world = a_world(policy="refuse")
    with ThreadPoolExecutor(AT_ONCE) as people:
        list(people.map(lambda n: send(world, note=str(n)), range(AT_ONCE)))

    states = Counter(lead.state for lead in leads_of(world))
    assert states == {LeadState.RECEIVED: 1, LeadState.DUPLICATE: AT_ONCE - 1}


def test_a_duplicate_that_is_marked_goes_its_way_and_says_whose_it_is() -> None:
    world = a_world(policy="mark")
    first, second = send(world), send(world, note="again")

    assert (second.state, second.duplicate_of) == (LeadState.RECEIVED, first.lead_id)
    assert world.score(second.lead_id).state is LeadState.SCORED


def test_a_duplicate_goes_to_whoever_has_the_first_one() -> None:
    world = a_world(policy="same_owner")
    first = world.route(world.score(send(world).lead_id).lead_id).lead
    for number in range(4):
        later = world.route(world.score(send(world, note=str(number)).lead_id).lead_id).lead
        assert later.recipient_id == first.recipient_id


def test_without_that_policy_leads_of_one_person_go_in_turn() -> None:
    world = a_world(policy="mark")
    taken = [world.route(world.score(send(world, note=note).lead_id).lead_id).lead for note in ("a", "b")]

    assert {lead.recipient_id for lead in taken} == {"ana", "ben"}


@pytest.mark.parametrize(
    ("sticky", "person", "days"),
    [({}, "prefer", 90), ({"person": "require", "window_days": 10}, "require", 30)],
)
def test_the_same_owner_is_tied_at_least_as_long_as_duplicates_are_looked_for(
    sticky: dict[str, Any], person: str, days: int
) -> None:
    tied = a_campaign(dedupe={"policy": "same_owner"}, sticky=sticky).stickiness

    assert (tied.person, tied.window_days) == (person, days)
    assert a_campaign(dedupe={"policy": "mark"}, sticky=sticky).stickiness == a_campaign(sticky=sticky).sticky


def test_a_known_vendor_hears_that_the_person_is_known_and_nobody_else_does() -> None:
    vendor = a_vendor(campaign={"dedupe": {"policy": "refuse"}})
    vendor.sent()
    heard = vendor.sent()
    again = vendor.sent({**PING, **PERSON, "landing_page": "https://example.com/?visit=2"})
    vendor.configure(api_keys=[])
    stranger = vendor.sent()

    assert (heard.status, heard.json()["type"]) == (409, "urn:baton:duplicate-lead")
    assert again.json()["lead_id"] == heard.json()["lead_id"]
    assert (stranger.status, stranger.json()["status"]) == (202, "received")
    first = min(vendor.leads.leads)
    assert first not in (heard.json()["lead_id"], stranger.json()["lead_id"])


def test_a_duplicate_that_is_refused_uses_up_no_limit() -> None:
    vendor = a_vendor(campaign={"dedupe": {"policy": "refuse"}}, source={"limits": {"per_day": 2}})
    vendor.sent()
    assert [vendor.sent().status for _ in range(3)] == [409, 409, 409]

    other = vendor.sent({**PING, "email": "ben@example.com", "last_name": "Ito"})
    too_many = vendor.sent({**PING, "email": "eve@example.com", "last_name": "Ito"})

    assert (other.status, too_many.status) == (202, 429)


# ---- who is the same


@pytest.mark.parametrize(
    ("by", "match", "other", "same"),
    [
        (["email", "phone"], Match.ANY, {"phone": "+1 415 555 0100"}, True),
        (["email", "phone"], Match.ANY, {"email": "m@example.org", "phone": "+1 (202) 555-0143"}, True),
        (["email", "phone"], Match.ANY, {"email": "m@example.org", "phone": "+14155550100"}, False),
        (["email", "phone"], Match.ALL, {"phone": "+14155550100"}, False),
        (["email", "phone"], Match.ALL, {"phone": None}, False),
        (["email", "phone"], Match.ALL, {"email": "MARIA@Example.com", "phone": "2025550143"}, True),
        (["email"], Match.ANY, {"phone": "+14155550100"}, True),
        (
            ["attributes.policy"],
            Match.ANY,
            {"email": "m@example.org", "phone": None, "policy": " ab  1 "},
            True,
        ),
        (["attributes.policy"], Match.ANY, {"policy": "AB 2"}, False),
    ],
)
def test_what_makes_two_leads_one(by: list[str], match: Match, other: dict[str, Any], same: bool) -> None:
    world = a_world(by=by, match=match, policy="mark")
    send(world, policy="AB 1")

    assert (send(world, note="x", **{"policy": "AB 1", **other}).duplicate_of is not None) is same


@pytest.mark.parametrize(
    ("scope", "same"), [(Scope.CAMPAIGN, False), (Scope.ACCOUNT, True), (Scope.BUYER, False)]
)
def test_among_which_leads_duplicates_are_looked_for(scope: Scope, same: bool) -> None:
    world = a_world(scope=scope)
    world.configure(
        a_campaign(id="roofs", dedupe={"scope": scope}), a_source(id="other", campaign_id="roofs")
    )
    send(world)

    other = world.leads.get(world.accept_lead("other", MARIA).lead_id)

    assert (other.duplicate_of is not None) is same


def test_the_window_is_counted_from_the_first_lead() -> None:
    world = a_world(window_days=10)
    first = send(world)
    world.clock.forward(timedelta(days=9))
    assert send(world, note="a").duplicate_of == first.lead_id
    world.clock.forward(timedelta(days=1))

    assert send(world, note="b").duplicate_of is None


def test_no_buyer_gets_a_person_twice_where_the_campaign_says_so() -> None:
    vendor = a_vendor(campaign={"dedupe": {"scope": "buyer", "window_days": 30}})
    sold = []
    for _ in range(3):
        lead_id = vendor.lead_of(vendor.sent())
        vendor.score(lead_id)
        vendor.sells(lead_id)
        lead = vendor.leads.get(lead_id)
        sold.append(lead.recipient_id if lead.state is LeadState.SOLD else None)

    assert sorted(map(str, sold)) == ["None", "acme", "bolt"]


@pytest.mark.parametrize(("scope", "days"), [("campaign", None), ("account", None), ("buyer", 7)])
def test_only_the_scope_of_buyers_says_how_long_none_of_them_gets_a_person_twice(
    scope: str, days: int | None
) -> None:
    assert a_campaign(dedupe={"scope": scope, "window_days": 7}).days_per_buyer == days
    assert a_campaign().days_per_buyer is None


@pytest.mark.parametrize("value", [["AB 1"], {"no": 1}, None, "   "])
def test_what_is_no_plain_value_makes_no_two_leads_one(value: Any) -> None:
    world = a_world(by=["attributes.policy"])
    send(world, policy=value)

    assert send(world, note="x", policy=value).duplicate_of is None


# ---- which first counts


def test_a_lead_that_is_held_keeps_no_other_from_being_the_first() -> None:
    world = a_world(policy="refuse")
    world.configure(a_source(honeypot_field="website"))
    held = send(world, website="spam")

    assert (held.state, send(world, note="real").state) == (LeadState.QUARANTINED, LeadState.RECEIVED)


def test_a_lead_that_was_turned_away_swallows_no_good_one() -> None:
    world = a_world(policy="refuse")
    world.configure(a_campaign(dedupe={"policy": "refuse"}, scoring={"qualify_from": 1}))
    first = send(world)
    assert world.score(first.lead_id).state is LeadState.DISQUALIFIED

    second, third = send(world, note="a"), send(world, note="b")

    assert (second.state, third.duplicate_of) == (LeadState.RECEIVED, second.lead_id)


def test_a_duplicate_of_a_duplicate_is_one_of_the_first() -> None:
    world = a_world(policy="mark")
    first = send(world)

    assert {send(world, note=str(n)).duplicate_of for n in range(3)} == {first.lead_id}


def test_a_lead_whose_person_was_forgotten_keeps_no_other_from_being_the_first() -> None:
    world = a_world(policy="refuse")
    first = send(world)
    stored: Any = world.leads
    stored.leads[first.lead_id] = first.model_copy(update={"forgotten_at": world.clock.now()})

    assert send(world, note="a").state is LeadState.RECEIVED


def test_a_lead_that_is_gone_keeps_no_other_from_being_the_first() -> None:
    world = a_world(policy="refuse")
    stored: Any = world.leads
    del stored.leads[send(world).lead_id]

    assert send(world, note="a").state is LeadState.RECEIVED


def test_a_held_lead_is_compared_with_nobody_even_where_its_person_is_known() -> None:
    world = a_world(policy="refuse")
    world.configure(a_source(honeypot_field="website"))
    send(world)

    held = send(world, website="spam")

    assert (held.state, held.duplicate_of) == (LeadState.QUARANTINED, None)


def test_of_two_firsts_the_earlier_one_is_named() -> None:
    world = a_world(policy="mark")
    by_mail = send(world, phone=None)
    world.clock.forward(SECOND)
    send(world, email="m@example.org")
    world.clock.forward(SECOND)

    assert send(world, note="both").duplicate_of == by_mail.lead_id


@pytest.mark.parametrize(
    ("dedupe", "where"),
    [
        ({"by": []}, "by"),
        ({"by": ["name"]}, "by"),
        ({"by": ["email", "email"]}, "by"),
        ({"window_days": 0}, "window_days"),
    ],
)
def test_what_cannot_be_compared_is_an_error_that_says_where(dedupe: dict[str, Any], where: str) -> None:
    with pytest.raises(ValidationError, match=where):
        Campaign.model_validate({**a_campaign().model_dump(), "dedupe": dedupe})
