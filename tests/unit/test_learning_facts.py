"""What a learned score is told of a lead, and what it is not."""

import pytest

from baton.domain.consent import Consent
from baton.domain.lead import Contact
from baton.domain.learning import Learner
from baton.domain.learning_facts import MAX_FACTS, intake_facts
from tests.builders import a_lead

MARIA = Contact(
    first_name="Maria",
    last_name="Lopez",
    email="maria.lopez@gmail.com",
    phone="+12025550143",
    company="Lopez Roofing",
    street="1 Main Street",
    city="Oakland",
    state="CA",
    postal_code="94601",
    country="US",
)


def test_places_answers_and_origin_are_told_and_moments_by_hour_and_weekday() -> None:
    facts = intake_facts(
        a_lead(
            contact=MARIA,
            attributes={
                "roof": {"age": 12, "kind": "tile"},
                "likes": ["sun", "wind"],
                "owner": True,
                "visits": "3",
            },
            attribution={"utm_source": "google", "referrer": "https://news.example/story?id=1"},
            consent=Consent(given=True, text="You may call me."),
            quality={"phone_type": "mobile", "email_free": True},
        )
    )

    assert facts["contact.state"] == "CA"
    assert facts["attributes.roof.age"] == 12
    assert facts["attributes.roof.kind"] == "tile"
    assert facts["attributes.likes"] == ["sun", "wind"]
    assert facts["attribution.utm_source"] == "google"
    assert facts["attribution.referrer"] == "news.example"
    assert (facts["consent.given"], facts["email"], facts["quality.phone_type"]) == (True, "free", "mobile")
    assert (facts["source_id"], facts["time.hour"], facts["time.weekday"]) == ("web-form", 14, "monday")


def test_nothing_that_says_who_the_person_is_is_told() -> None:
    facts = intake_facts(
        a_lead(
            contact=MARIA,
            attributes={"remarks": "Maria Lopez, please call me on +12025550143 after six"},
            attribution={"gclid": "EAIaIQobChMI", "fbclid": "IwAR0"},
        )
    )

    told = repr(facts)
    for private in ("Maria", "Lopez", "@", "5550143", "Main Street", "Roofing", "EAIa", "IwAR"):
        assert private not in told
    assert facts["contact.phone"] is True
    assert facts["attributes.remarks.length"] == 53


def test_what_was_found_out_or_decided_later_is_not_told() -> None:
    early = a_lead(contact=MARIA)
    later = early.revised(
        score=80, band="hot", probability=0.7, recipient_id="ana", additions={"attributes.x": 1}
    )

    assert intake_facts(later) == intake_facts(early)


def test_an_address_is_told_by_its_kind() -> None:
    def kind(email: str | None, **quality: bool) -> object:
        return intake_facts(a_lead(contact=Contact(email=email), quality=quality))["email"]

    assert kind(None) == "none"
    assert kind("maria@gmail.com") == "free"
    assert kind("maria@lopez-roofing.example") == "own domain"
    assert kind("maria@mail.example", email_disposable=True, email_free=True) == "disposable"


@pytest.mark.parametrize(
    "text", ["maria@corp.example", "123-45-6789", "+1 (202) 555-0143", "DE89 3704 0044 0532 0130 00"]
)
def test_of_what_may_say_who_somebody_is_counts_only_that_it_was_given(text: str) -> None:
    facts = intake_facts(a_lead(attributes={"other": text, "several": [text, "solar"]}))

    assert facts["attributes.other"] is True
    assert facts["attributes.several"] == ["solar"]


@pytest.mark.parametrize("text", ["10001-1234", "2026-11-27", "3 to 4", "2500000", 2500000])
def test_postal_codes_days_and_amounts_count_as_they_are(text: object) -> None:
    assert intake_facts(a_lead(attributes={"other": text}))["attributes.other"] == text


def test_a_lead_with_thousands_of_answers_is_told_in_part() -> None:
    deep: dict[str, object] = {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}
    facts = intake_facts(a_lead(attributes={f"answer {n}": n for n in range(5000)} | deep))

    assert len(facts) <= MAX_FACTS


def test_what_is_told_can_be_learned_from() -> None:
    learner = Learner()
    learner.learn(intake_facts(a_lead(contact=MARIA)), True)

    assert "contact.state" in {reason.field for reason in learner.predict({}).reasons}
