"""What a campaign asks of fields: every fault is named at once, nothing that was sent is lost or repeated."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from baton.domain.errors import InvalidSubmission
from baton.domain.form import Format
from baton.domain.lead import LeadState
from baton.domain.submission import Submission, read_submission
from baton.domain.suspicion import Suspicion
from tests.builders import World, a_campaign, a_rep

EMAIL: Final = {"email": "maria@example.com"}


def read(campaign: dict[str, Any], **fields: Any) -> Submission:
    return read_submission({**EMAIL, **fields}, a_campaign(**campaign))


def faults(campaign: dict[str, Any], **fields: Any) -> dict[str, str]:
    """What is wrong, by field."""
    try:
        read(campaign, **fields)
    except InvalidSubmission as error:
        return {one.field: one.problem for one in error.errors}
    return {}


# ---- types


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("number", "120", 120),
        ("number", "1,200.5", 1200.5),
        ("number", 7, 7),
        ("number", "", None),
        ("boolean", "yes", True),
        ("boolean", "off", False),
        ("boolean", 1, True),
        ("list", "solar", ["solar"]),
        ("list", ["a", "b"], ["a", "b"]),
        ("text", 5, "5"),
        ("text", True, "true"),
        ("moment", "2026-11-23", "2026-11-23"),
        ("moment", "2026-11-23T14:00:00Z", "2026-11-23T14:00:00Z"),
    ],
)
def test_what_forms_can_only_send_as_text_becomes_what_the_campaign_declares(
    kind: str, sent: Any, kept: Any
) -> None:
    found = read({"attributes": {"x": kind}}, x=sent)

    assert found.attributes == {"x": kept}
    assert found.raw == ({} if kept == sent and type(kept) is type(sent) else {"attributes.x": sent})


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        *[("number", text) for text in ("many", "1e400", "NaN", "12,34", "٣", "9" * 40, "9" + ",999" * 9)],
        ("number", True),
        ("number", [1]),
        ("boolean", "maybe"),
        ("boolean", 2),
        ("boolean", []),
        ("text", ["a", "b"]),
        ("moment", "soon"),
        ("moment", "2026-02-30"),
    ],
)
def test_what_is_not_of_its_type_is_named(kind: str, sent: Any) -> None:
    assert set(faults({"attributes": {"x": kind}}, x=sent)) == {"attributes.x"}


# ---- rules

RULES: Final[list[tuple[dict[str, Any], Any, Any]]] = [
    ({"allowed": ["flat", "gable"]}, "flat", "round"),
    ({"allowed": [1, 2]}, 2, 3),
    ({"min_length": 2, "max_length": 4}, "abc", "a"),
    ({"max_length": 4}, "abcd", "abcde"),
    ({"min_length": 2}, ["a", "b"], ["a"]),
    ({"max_length": 4}, 1234, 12345),
    ({"allowed": ["flat", "gable"]}, ["gable", "flat"], ["flat", "round"]),
    ({"allowed": [1]}, 1, True),
    ({"minimum": 10}, 10, 9),
    ({"maximum": 10}, 10, 11),
    ({"minimum": 10, "maximum": 20}, "1" + "5", "many"),
    ({"minimum": 10}, [10, 11], [10, 9]),
    ({"pattern": "[A-Z]{2}[0-9]+"}, "AB12", "AB12x"),
    ({"pattern": "a|bc"}, "bc", "abc"),
    ({"pattern": "(a+)+"}, "a" * 99, "a" * 99 + "!"),
    ({"pattern": "[a-z]+"}, ["solar"], ["solar", "Roof"]),
    ({"pattern": "[0-9]{4}"}, 2019, 19),
    ({"format": "email"}, "a@example.com", "a@"),
    ({"format": "phone"}, "(202) 555-0143", "(202) 000-0143"),
    ({"format": "postal_code"}, "10001-1234", "1000"),
    ({"format": "url"}, "https://example.com/a", "javascript:alert(1)"),
    ({"format": "date"}, "2026-11-26", "2026-13-01"),
    ({"format": "uuid"}, "890e4665-4dfe-4ab1-b689-ed553bceeed0", "890e4665"),
    ({"format": "url"}, ["https://example.com"], ["https://example.com", "example.com"]),
    ({"format": "date"}, "2024-02-29", "2023-02-29"),
    ({"format": "digits"}, "0123", "12a"),
    ({"format": "digits"}, 123, True),
    ({"format": "digits"}, "7", "\u0663"),
]


@pytest.mark.parametrize(("rule", "good", "bad"), RULES)
def test_a_rule_lets_good_values_through_and_names_the_field_of_bad_ones(
    rule: dict[str, Any], good: Any, bad: Any
) -> None:
    campaign = {"fields": {"attributes.x": rule}}

    assert faults(campaign, x=good) == {}
    (problem,) = faults(campaign, x=bad).values()
    assert len(str(bad)) < 5 or str(bad) not in problem  # a shorter one may be part of a word


def test_every_format_has_an_example_here() -> None:
    assert {rule["format"] for rule, _, _ in RULES if "format" in rule} == set(Format)


@pytest.mark.parametrize(
    ("country", "good", "bad"),
    [
        (None, "10001", "K1A 0B1"),
        ("Canada", "k1a0b1", "10001"),
        ("GB", "SW1A 1AA", "10001"),
        ("DE", "10115", "!"),
    ],
)
def test_a_postal_code_is_one_of_the_country_that_the_lead_names(
    country: str | None, good: str, bad: str
) -> None:
    campaign = {"fields": {"contact.postal_code": {"format": "postal_code"}}}
    where = {"country": country} if country else {}

    assert faults(campaign, postal_code=good, **where) == {}
    assert set(faults(campaign, postal_code=bad, **where)) == {"contact.postal_code"}


def test_of_many_allowed_values_a_problem_names_the_first_ten() -> None:
    campaign = {"fields": {"attributes.x": {"allowed": list(range(100, 130))}}}

    (problem,) = faults(campaign, x="none of them").values()

    assert "109 and 20 more" in problem
    assert "110" not in problem


def test_a_field_may_be_required_only_of_some_leads() -> None:
    owns = {"field": "attributes.owner", "op": "eq", "value": True}
    campaign = {
        "attributes": {"owner": "boolean", "roof": "text"},
        "fields": {"attributes.roof": {"required_if": owns}},
    }

    assert faults(campaign, owner="no") == {}
    assert faults(campaign, owner="yes") == {"attributes.roof": "is required"}
    assert faults(campaign, owner="yes", roof="flat") == {}


def test_an_empty_list_is_no_answer() -> None:
    campaign = {"attributes": {"wants": "list"}, "required": ["attributes.wants"]}

    assert faults(campaign, wants=[]) == {"attributes.wants": "is required"}


def test_every_fault_is_named_at_once() -> None:
    campaign = {
        "required": ["contact.last_name"],
        "attributes": {"size": "number"},
        "fields": {"contact.phone": {"format": "phone"}, "contact.state": {"allowed": ["NY"]}},
        "unknown": "refuse",
    }

    sent = {"email": "nobody", "phone": "(202) 000-0143", "state": "Utah", "size": "large", "what": "secret"}
    found = faults(campaign, **sent)

    assert not [value for value in sent.values() if value in str(found)]
    assert set(found) == {
        "contact.email",
        "contact.phone",
        "contact.state",
        "contact.last_name",
        "attributes.size",
        "attributes.what",
    }


def test_a_lead_may_be_held_for_a_fault_and_keeps_what_was_sent() -> None:
    world = World(reps=(a_rep(),))
    rule = {"format": "phone", "on_fault": "quarantine"}
    world.configure(a_campaign(fields={"contact.phone": rule}))

    lead = world.leads.get(world.takes_in(phone="(202) 000-0143"))

    assert (lead.state, lead.suspicions) == (LeadState.QUARANTINED, (Suspicion.INVALID_FIELD,))
    assert (lead.invalid, lead.raw["contact.phone"]) == (("contact.phone",), "(202) 000-0143")


def test_a_lead_that_is_held_says_which_fields_and_conditions_can_use_it() -> None:
    world = World(reps=(a_rep(),))
    held = {"on_fault": "quarantine"}
    world.configure(
        a_campaign(
            attributes={"size": "number", "roof": "text"},
            fields={
                "attributes.size": {**held, "minimum": 3},
                "attributes.roof": {**held, "allowed": ["flat"]},
            },
        )
    )

    lead = world.leads.get(world.takes_in(size="enormous", roof="round"))

    assert (lead.state, lead.invalid) == (LeadState.QUARANTINED, ("attributes.size", "attributes.roof"))
    assert lead.attributes == {"size": "enormous", "roof": "round"}
    assert "enormous" not in str(world.leads.timeline(lead.lead_id))


def test_one_field_that_is_refused_refuses_a_lead_that_would_be_held_for_another() -> None:
    campaign = {
        "fields": {
            "contact.phone": {"format": "phone", "on_fault": "quarantine"},
            "contact.state": {"allowed": ["NY"]},
        }
    }

    assert set(faults(campaign, phone="(202) 000-0143", state="CA")) == {"contact.state"}


@pytest.mark.parametrize(
    ("unknown", "kept", "named"),
    [("keep", {"a": "1", "b": "2"}, set()), ("drop", {"a": "1"}, set()), ("refuse", {}, {"attributes.b"})],
)
def test_attributes_that_nobody_asked_for(unknown: str, kept: dict[str, str], named: set[str]) -> None:
    campaign = {"attributes": {"a": "text"}, "unknown": unknown}

    assert set(faults(campaign, a="1", b="2")) == named
    assert named or read(campaign, a="1", b="2").attributes == kept


@pytest.mark.parametrize("unknown", ["drop", "refuse"])
def test_what_the_campaign_requires_or_compares_is_known_to_it(unknown: str) -> None:
    campaign = {
        "fields": {"attributes.a": {"max_length": 9}},
        "required": ["attributes.b"],
        "dedupe": {"by": ["attributes.c"]},
        "unknown": unknown,
    }

    assert read(campaign, a="1", b="2", c="3").attributes == {"a": "1", "b": "2", "c": "3"}


def test_where_a_campaign_names_no_attributes_all_are_taken() -> None:
    assert read({"unknown": "refuse"}, a="1").attributes == {"a": "1"}


def test_throw_away_addresses_are_held_where_the_campaign_does_not_take_them() -> None:
    world = World(reps=(a_rep(),))
    taken = world.leads.get(world.takes_in(email="maria@mailinator.com"))
    world.configure(a_campaign(disposable=False))
    held = world.leads.get(world.takes_in(email="maria@mailinator.com"))

    assert (taken.state, held.state) == (LeadState.RECEIVED, LeadState.QUARANTINED)


# ---- what a campaign may ask

OWNER: Final = {"field": "attributes.owner", "op": "eq", "value": True}


@pytest.mark.parametrize(
    ("path", "rule", "said"),
    [
        ("attributes.x", {"pattern": "("}, "must be a regular expression"),
        ("attributes.x", {"pattern": "a)|(?:b"}, "must be a regular expression"),
        ("attributes.x", {"pattern": "(?=a)b"}, "must be a regular expression"),
        ("attributes.x", {"pattern": "a{1000}{1000}"}, "fields.attributes.x.pattern"),
        ("attributes.x", {"min_length": 3, "max_length": 2}, "min_length must be at most max_length"),
        ("attributes.x", {"minimum": 3, "maximum": 2}, "minimum must be at most maximum"),
        (
            "attributes.y",
            {"minimum": 3},
            "fields: Value error, attributes.y: is not declared among the campaign's attributes; known: owner, x",
        ),
        (
            "contact.fone",
            {"format": "phone"},
            "fields: Value error, contact.fone: is not a contact field; known: first_name",
        ),
        (
            "attributes.x",
            {"required_if": {**OWNER, "op": "gt", "value": 1}},
            "fields: Value error, attributes.x.required_if: operator 'gt'",
        ),
        (
            "attributes.x",
            {"required_if": {"all": [OWNER, {**OWNER, "field": "attributes.z"}]}},
            "fields: Value error, attributes.x.required_if.all[1]: unknown field 'attributes.z'",
        ),
        (
            "attributes.x",
            {"required_if": {"not": {"field": "score", "op": "gt", "value": 1}}},
            "fields: Value error, attributes.x.required_if: score is not known yet",
        ),
    ],
)
def test_a_rule_that_cannot_be_kept_is_an_error_that_says_where(
    path: str, rule: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        a_campaign(attributes={"x": "text", "owner": "boolean"}, fields={path: rule})

    wrong = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in caught.value.errors()]
    assert said in "; ".join(wrong)


def test_the_longest_pattern_can_be_searched_as_a_whole() -> None:
    longest = "a" * 492

    assert faults({"fields": {"attributes.x": {"pattern": longest}}}, x=longest) == {}


@pytest.mark.parametrize(
    "condition",
    [
        {"any": [OWNER, {"field": "contact.state", "op": "in", "value": ["NY"]}]},
        {"field": "quality.email_domain_meant", "op": "exists", "value": True},
        {"field": "attribution.utm_source", "op": "eq", "value": "ads"},
        {"field": "consent.given", "op": "eq", "value": True},
    ],
)
def test_what_is_required_may_depend_on_all_that_was_sent(condition: dict[str, Any]) -> None:
    campaign = {
        "attributes": {"owner": "boolean", "x": "text"},
        "fields": {"attributes.x": {"required_if": condition}},
    }
    sent = {"owner": "yes", "email": "maria@gmial.com", "utm_source": "ads", "consent": True}

    assert faults(campaign, **sent) == {"attributes.x": "is required"}


# No name of a field and no message has this in it: where it is read again, a person's value was repeated.
OF_A_PERSON = "zq7xk"
sent_texts = st.text(max_size=30) | st.text(max_size=30).map(lambda text: OF_A_PERSON + text)
sent_contacts = st.dictionaries(
    st.sampled_from(["email", "phone", "first_name", "city", "state", "postal_code", "country"]),
    sent_texts | st.integers() | st.none(),
)
sent_attributes = st.dictionaries(
    st.sampled_from("ab") | st.text(max_size=12), sent_texts | st.integers() | st.booleans(), max_size=6
)


@given(sent_contacts, sent_attributes)
def test_nothing_that_is_sent_makes_reading_fail_in_another_way_than_by_naming_fields(
    contact: dict[str, Any], attributes: dict[str, Any]
) -> None:
    campaign = a_campaign(
        attributes={"a": "number", "b": "boolean"},
        fields={"attributes.a": {"minimum": 3}, "contact.phone": {"format": "phone"}},
    )
    said = ""
    try:
        read_submission({"contact": contact, "attributes": attributes}, campaign)
    except InvalidSubmission as error:
        said = str([(one.field, one.problem) for one in error.errors])
    assert OF_A_PERSON not in said
