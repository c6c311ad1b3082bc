"""Suspicious leads are held, not lost: what is suspicious, what rules make of it, and how many may come from where."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.application.screen_lead import household
from baton.domain.errors import InvalidSubmission
from baton.domain.lead import WATCH_AFTER, Lead, LeadState
from baton.domain.sender import NOBODY, Sender
from baton.domain.suspicion import Suspicion
from baton.domain.timeline import EventKind
from tests.builders import MONDAY_9AM, World, a_campaign, a_source, a_world

CHALLENGE: Final = {"kind": "turnstile", "secret": "turnstile"}
HOME: Final = Sender(ip="203.0.113.7", browser=True)
VENDOR: Final = Sender(ip="203.0.113.7", known=True)
STATES: Final = {LeadState.RECEIVED, LeadState.QUARANTINED, LeadState.DISQUALIFIED}


def suspicious(code: str) -> dict[str, Any]:
    """The condition that this is among a lead's suspicions."""
    return {"field": "suspicions", "op": "contains", "value": code}


def a_form(*, campaign: dict[str, Any] | None = None, **source: Any) -> World:
    """A world whose form and campaign are so."""
    return a_world(documents=(a_source(**source), a_campaign(**(campaign or {}))))


def sent(world: World, sender: Sender = HOME, /, **fields: Any) -> Lead:
    """The lead that a form sends, as it is stored; no two are the same."""
    said = {"email": "maria@example.com", **world.visit(), **fields}
    return world.leads.get(world.accept_lead("web-form", said, sender=sender).lead_id)


# ------------------------------------------------------------------------------------- what is suspicious
def test_a_lead_about_which_nothing_is_suspicious_goes_its_way() -> None:
    world = a_form(honeypot_field="website", spam={"min_fill_ms": 2_000, "challenge": CHALLENGE})

    lead = sent(world, website="", _fill_ms="2000", **{"cf-turnstile-response": "token"})

    assert (lead.state, lead.suspicions, lead.challenge) == (LeadState.RECEIVED, (), "token")
    assert (lead.lead_id, 1) in world.workflows.executions


@pytest.mark.parametrize(
    ("source", "campaign", "fields", "code"),
    [
        ({"honeypot_field": "website"}, {}, {"website": "http://spam"}, "honeypot"),
        ({"spam": {"min_fill_ms": 2_000}}, {}, {"_fill_ms": 1_999}, "too_fast"),
        ({"spam": {"min_fill_ms": 2_000}}, {}, {"_fill_ms": "0"}, "too_fast"),
        ({"spam": {"challenge": CHALLENGE}}, {}, {}, "challenge_missing"),
        ({"spam": {"challenge": CHALLENGE}}, {}, {"cf-turnstile-response": ""}, "challenge_missing"),
        ({"spam": {"challenge": CHALLENGE}}, {}, {"g-recaptcha-response": "x" * 5_000}, "challenge_missing"),
        ({}, {"consent": {"required": True, "missing": "quarantine"}}, {}, "no_consent"),
        ({}, {"disposable": False}, {"email": "maria@mailinator.com"}, "disposable_email"),
        (
            {},
            {"fields": {"attributes.roof_m2": {"minimum": 10, "on_fault": "quarantine"}}},
            {"roof_m2": 3},
            "invalid_field",
        ),
    ],
)
def test_what_is_suspicious_holds_the_lead_and_its_timeline_says_why(
    source: dict[str, Any], campaign: dict[str, Any], fields: dict[str, Any], code: str
) -> None:
    world = a_form(campaign=campaign, **source)

    lead = sent(world, **fields)

    assert (lead.state, list(lead.suspicions), lead.watch_at) == (LeadState.QUARANTINED, [code], None)
    (event,) = world.leads.timeline(lead.lead_id)
    assert (event.kind, event.facts["why"]) == (EventKind.LEAD_QUARANTINED, [code])
    assert not world.workflows.executions


def test_everything_suspicious_is_told_at_once_always_in_one_order() -> None:
    world = a_form(
        campaign={"disposable": False},
        honeypot_field="website",
        spam={"min_fill_ms": 1_000, "challenge": CHALLENGE},
    )

    lead = sent(world, website="x", _fill_ms=1, email="maria@mailinator.com")

    assert list(lead.suspicions) == ["honeypot", "too_fast", "challenge_missing", "disposable_email"]


@pytest.mark.parametrize("fill_ms", [None, "", "soon", -1, 1.5, True, [1, 2], "9" * 13])
def test_a_form_that_does_not_say_how_long_it_took_is_not_suspicious(fill_ms: Any) -> None:
    lead = sent(a_form(spam={"min_fill_ms": 2_000}), _fill_ms=fill_ms)

    assert (lead.state, lead.attributes) == (LeadState.RECEIVED, {})


def test_who_showed_who_it_is_needs_no_challenge() -> None:
    world = a_form(spam={"challenge": CHALLENGE})

    assert sent(world, VENDOR).state is LeadState.RECEIVED


@pytest.mark.parametrize("name", ["_challenge", "cf-turnstile-response", "g-recaptcha-response"])
def test_what_a_challenge_gave_is_never_one_of_the_lead_s_answers(name: str) -> None:
    open_form = sent(a_form(), **{name: "token"})
    guarded = sent(a_form(spam={"challenge": CHALLENGE}), **{name: ["old", "token"]})

    assert (open_form.attributes, open_form.challenge) == ({}, None)
    assert (guarded.attributes, guarded.challenge) == ({}, "token")


def test_a_lead_is_kept_as_long_as_its_campaign_says() -> None:
    assert sent(a_form(campaign={"retention_days": 90})).expires_at == MONDAY_9AM + timedelta(days=90)
    assert sent(a_form()).expires_at is None


# ------------------------------------------------------------------------------------------ what rules say
def test_a_rule_lets_a_suspicious_lead_go_at_once() -> None:
    world = a_form(
        campaign={"quarantine": {"release_when": suspicious("too_fast")}}, spam={"min_fill_ms": 1_000}
    )

    lead = sent(world, _fill_ms=1)

    assert (lead.state, list(lead.suspicions), lead.watch_at) == (
        LeadState.RECEIVED,
        ["too_fast"],
        MONDAY_9AM + WATCH_AFTER,
    )
    assert (lead.lead_id, 1) in world.workflows.executions
    (event,) = world.leads.timeline(lead.lead_id)
    assert (event.kind, event.facts["why"], event.facts["by"]) == (
        EventKind.LEAD_RECEIVED,
        ["too_fast"],
        "rule",
    )


def test_a_rule_rejects_a_suspicious_lead_at_once_and_it_is_stored_all_the_same() -> None:
    rules = {"reject_when": suspicious("honeypot"), "release_when": suspicious("honeypot")}
    world = a_form(campaign={"quarantine": rules}, honeypot_field="website")

    lead = sent(world, website="x")

    assert (lead.state, lead.watch_at) == (LeadState.DISQUALIFIED, None)
    (event,) = world.leads.timeline(lead.lead_id)
    assert (event.kind, event.facts["by"]) == (EventKind.LEAD_DISQUALIFIED, "rule")
    assert not world.workflows.executions


def test_rules_are_for_suspicious_leads_alone() -> None:
    everything = {"field": "contact.email", "op": "exists", "value": True}
    world = a_form(campaign={"quarantine": {"reject_when": everything}})

    assert sent(world).state is LeadState.RECEIVED


def test_who_was_let_go_by_a_rule_is_held_for_what_the_rule_was_not_asked_about() -> None:
    """A rule about hurried forms must not let somebody through who wants no contact."""
    world = a_form(
        campaign={"quarantine": {"release_when": suspicious("too_fast")}}, spam={"min_fill_ms": 1_000}
    )
    lead = sent(world, _fill_ms=1)
    world.do_not_contact.add(lead.person, MONDAY_9AM, "maria")

    after = world.score(lead.lead_id)

    assert (after.state, list(after.suspicions)) == (LeadState.QUARANTINED, ["too_fast", "do_not_contact"])
    assert world.leads.timeline(lead.lead_id)[-1].facts["why"] == ["too_fast", "do_not_contact"]


# --------------------------------------------------------------------------------------------- how many
def test_more_leads_than_one_address_may_send_in_an_hour_are_held() -> None:
    world = a_form(spam={"per_address_per_hour": 2})

    found = [list(sent(world, email=f"m{n}@example.com").suspicions) for n in range(4)]

    assert found == [[], [], ["too_many_from_address"], ["too_many_from_address"]]
    world.clock.forward(timedelta(hours=1))
    assert sent(world, email="m9@example.com").state is LeadState.RECEIVED


def test_every_address_counts_for_itself_and_a_household_s_ipv6_addresses_as_one() -> None:
    world = a_form(spam={"per_address_per_hour": 1})

    ips = ["203.0.113.7", "203.0.113.8", "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"]
    states = [str(sent(world, Sender(ip=ip), email=f"{n}@example.com").state) for n, ip in enumerate(ips)]

    assert states == ["received", "received", "received", "quarantined", "received"]


@pytest.mark.parametrize("sender", [VENDOR, NOBODY, Sender(ip="nowhere")])
def test_leads_of_known_senders_and_from_nowhere_are_not_counted_by_address(sender: Sender) -> None:
    world = a_form(spam={"per_address_per_hour": 1})

    assert {str(sent(world, sender, email=f"{n}@example.com").state) for n in range(3)} == {"received"}


def test_more_leads_of_one_person_than_a_day_may_have_are_held_by_address_or_by_number() -> None:
    world = a_form(spam={"per_person_per_day": 2})
    number = "+14155550123"

    first = sent(world, phone=number)
    second = sent(world, email="other@example.com", phone=number)
    by_address = sent(world)
    by_number = sent(world, email="third@example.com", phone=number)
    another = sent(world, email="ben@example.com")

    assert [str(lead.state) for lead in (first, second, by_address)] == ["received"] * 3
    assert list(by_number.suspicions) == ["too_many_of_person"]
    assert another.suspicions == ()
    world.clock.forward(timedelta(days=1))
    assert sent(world, phone=number).suspicions == ()


def test_nothing_is_counted_where_the_source_sets_no_limit_nor_of_test_leads() -> None:
    plain, tests = a_form(), a_form(test=True, spam={"per_address_per_hour": 1, "per_person_per_day": 1})
    for world in (plain, tests):
        assert {str(sent(world).state) for _ in range(3)} == {"received"}
        assert not world.counters.counts


def test_counters_know_nobody() -> None:
    """Invariant 9."""
    world = a_form(spam={"per_address_per_hour": 9, "per_person_per_day": 9})
    sent(world, phone="+14155550123")

    known = str(sorted(world.counters.counts))
    assert len(world.counters.counts) == 3
    assert not any(part in known for part in ("203.0.113.7", "maria", "4155550123"))


def test_while_nothing_can_be_counted_leads_are_taken() -> None:
    world = a_form(spam={"per_address_per_hour": 1, "per_person_per_day": 1})
    world.counters.available = False

    assert {str(sent(world).state) for _ in range(3)} == {"received"}


def test_rules_see_how_many_came_too() -> None:
    rules = {"quarantine": {"reject_when": suspicious("too_many_from_address")}}
    world = a_form(campaign=rules, spam={"per_address_per_hour": 1})

    assert [str(sent(world, email=f"{n}@b.co").state) for n in range(2)] == ["received", "disqualified"]


def test_of_leads_that_come_at_once_just_as_many_pass_as_may() -> None:
    world = a_form(spam={"per_address_per_hour": 5})
    gate = Barrier(16)
    leads: list[Lead] = []

    def send(no: int) -> None:
        gate.wait()
        leads.append(sent(world, email=f"{no}@example.com"))

    threads = [Thread(target=send, args=(no,)) for no in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(str(lead.state) for lead in leads) == ["quarantined"] * 11 + ["received"] * 5


def test_a_household_is_told_from_another() -> None:
    assert household("::ffff:203.0.113.7") == household("203.0.113.7") == "203.0.113.7"
    assert household("2001:db8::1") == household("2001:db8:0:0:ffff:ffff:ffff:ffff")
    assert household("") is household(None) is household("maria") is None


# ------------------------------------------------------------------------------------------- nothing is lost
@given(
    spam=st.fixed_dictionaries(
        {},
        optional={
            "min_fill_ms": st.just(1_000),
            "per_address_per_hour": st.just(1),
            "per_person_per_day": st.just(1),
            "challenge": st.just(CHALLENGE),
        },
    ),
    rules=st.fixed_dictionaries(
        {},
        optional={
            rule: st.sampled_from([*Suspicion]).map(suspicious) for rule in ("release_when", "reject_when")
        }
        | {"reject_after_days": st.just(7)},
    ),
    fields=st.fixed_dictionaries(
        {},
        optional={
            "website": st.sampled_from(("", "x")),
            "_fill_ms": st.sampled_from((1, 5_000)),
            "_challenge": st.just("token"),
            "consent": st.booleans(),
            "email": st.sampled_from(("a@b.co", "a@mailinator.com")),
        },
    ),
    sender=st.sampled_from((HOME, VENDOR, NOBODY)),
    times=st.integers(1, 3),
)
def test_every_lead_that_is_not_refused_is_stored_in_one_state_and_moves_or_waits_for_somebody(
    spam: Any, rules: Any, fields: Any, sender: Sender, times: int
) -> None:
    """Invariants 1 and 2."""
    consent = {"required": True, "missing": "quarantine"}
    world = a_form(
        campaign={"quarantine": rules, "consent": consent, "disposable": False},
        honeypot_field="website",
        spam=spam,
    )
    for _ in range(times):
        try:
            lead = sent(world, sender, **fields)
        except InvalidSubmission:
            pytest.fail("nothing suspicious is a reason to refuse a lead")
        started = (lead.lead_id, 1) in world.workflows.executions
        (event,) = world.leads.timeline(lead.lead_id)
        assert lead.state in STATES
        assert event.state is lead.state
        assert started is (lead.state is LeadState.RECEIVED)
        assert event.facts.get("why", []) == [str(code) for code in lead.suspicions]
        assert bool(lead.suspicions) or lead.state is LeadState.RECEIVED
        waits = lead.state is LeadState.QUARANTINED and "reject_after_days" in rules
        assert (lead.watch_at is not None) is (started or waits)
