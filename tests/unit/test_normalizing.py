"""One spelling: a contact is kept as people write who take care, what was sent stands beside it, nothing is lost."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from baton.domain.email_addresses import MAX_ADDRESS, read_address
from baton.domain.normalizing import normalize
from baton.domain.phone_numbers import read_number
from tests.builders import World


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        ("email", "Maria.Lopez+x@EXAMPLE.com", "Maria.Lopez+x@example.com"),
        ("first_name", "MARIA  JOSÉ", "Maria José"),
        ("first_name", "jean-luc", "Jean-Luc"),
        ("first_name", "ÉLODIE", "Élodie"),
        ("last_name", "o'brien", "O'Brien"),
        ("last_name", "O\u2019BRIEN", "O\u2019Brien"),
        ("last_name", "D'ANGELO", "D'Angelo"),
        ("last_name", "MCDONALD", "McDonald"),
        ("last_name", "mc", "Mc"),
        ("last_name", "van der berg", "van der Berg"),
        ("last_name", "DE LA CRUZ", "de la Cruz"),
        ("last_name", "van dyke", "Van Dyke"),
        ("last_name", "ludwig van beethoven", "Ludwig van Beethoven"),
        ("last_name", "smith-jones", "Smith-Jones"),
        ("last_name", "windsor iii", "Windsor III"),
        ("last_name", "DeVito", "DeVito"),
        ("last_name", "van der Berg", "van der Berg"),
        ("last_name", "MacLeod", "MacLeod"),
        ("last_name", "李", "李"),
        ("last_name", "x", "x"),
        ("last_name", "R2D2", "R2D2"),
        ("company", "ACME   GmbH", "ACME GmbH"),
        ("street", "12  main ST", "12 main ST"),
        ("city", "SPRINGFIELD", "Springfield"),
        ("state", "new york", "NY"),
        ("state", "N.Y.", "NY"),
        ("state", "ny", "NY"),
        ("state", "New   Mexico", "NM"),
        ("state", "Bayern", "Bayern"),
        ("postal_code", "10001", "10001"),
        ("postal_code", "100011234", "10001-1234"),
        ("postal_code", "10001 1234", "10001-1234"),
        ("postal_code", "1000", "1000"),
        ("country", "usa", "US"),
        ("country", "U.S.A.", "US"),
        ("country", "us", "US"),
        ("country", "Germany", "DE"),
        ("country", "deutschland", "DE"),
        ("country", "Nowhere", "Nowhere"),
    ],
)
def test_a_contact_is_stored_in_one_spelling_and_as_it_was_sent(field: str, sent: str, kept: str) -> None:
    found = normalize({field: sent}, "US")

    assert found.contact[field] == kept
    assert found.raw == ({} if kept == sent else {f"contact.{field}": sent})


@pytest.mark.parametrize(
    ("country", "field", "sent", "kept"),
    [
        ("Canada", "postal_code", "k1a0b1", "K1A 0B1"),
        ("Canada", "postal_code", "K1A-0B1", "K1A 0B1"),
        ("Canada", "state", "quebec", "QC"),
        ("Canada", "state", "new york", "new york"),
        ("UK", "postal_code", "sw1a1aa", "SW1A 1AA"),
        ("Netherlands", "postal_code", "1012 ab", "1012 AB"),
        ("Germany", "state", "Bayern", "Bayern"),
    ],
)
def test_states_and_postal_codes_are_written_as_their_country_does(
    country: str, field: str, sent: str, kept: str
) -> None:
    assert normalize({"country": country, field: sent}, "US").contact[field] == kept


@pytest.mark.parametrize(
    ("sent", "region", "kept"),
    [
        ("(202) 555-0143", "US", "+12025550143"),
        ("202.555.0143", "US", "+12025550143"),
        ("1 202 555 0143", "US", "+12025550143"),
        ("202-555-0143 ext. 12", "US", "+12025550143"),
        ("+34 600 123 456", "US", "+34600123456"),
        ("600 123 456", "ES", "+34600123456"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("011 34 600 123 456", "US", "+34600123456"),
        ("0151 12345678", "DE", "+4915112345678"),
        ("02 1234 5678", "IT", "+390212345678"),
    ],
)
def test_a_number_is_written_in_e164_and_is_one_of_the_region_where_it_names_no_country(
    sent: str, region: str, kept: str
) -> None:
    found = normalize({"phone": sent}, region)

    assert (found.contact["phone"], found.raw) == (kept, {"contact.phone": sent})


def test_a_number_is_one_of_the_country_that_the_lead_names() -> None:
    found = normalize({"phone": "600 123 456", "country": "Spain"}, "US")

    assert (found.contact["phone"], found.quality["phone_region"]) == ("+34600123456", "ES")


@pytest.mark.parametrize("country", ["XX", "nowhere", "-"])
def test_a_number_is_one_of_the_region_where_the_lead_names_no_country_that_there_is(country: str) -> None:
    found = normalize({"phone": "(202) 555-0143", "country": country}, "US")

    assert (found.contact["phone"], found.contact["country"]) == ("+12025550143", country)


@pytest.mark.parametrize("sent", ["", "12345", "call me", "+1 202 555 0143 0143 0143", "٢٠٢٥٥٥٠١٤٣"])
def test_what_is_no_number_is_named_and_left_as_it_was_sent(sent: str) -> None:
    found = normalize({"phone": sent}, "US")

    assert (set(found.problems), found.contact, found.raw) == ({"contact.phone"}, {"phone": sent}, {})
    assert not sent or sent not in str(found.problems)


@pytest.mark.parametrize(
    "sent",
    ["maria", "maria@", "@example.com", "maria@localhost", "a b@example.com", f"{'a' * MAX_ADDRESS}@b.co"],
)
def test_what_is_no_address_is_named_and_left_as_it_was_sent(sent: str) -> None:
    found = normalize({"email": sent}, "US")

    assert (set(found.problems), found.contact, found.quality) == ({"contact.email"}, {"email": sent}, {})
    assert sent not in str(found.problems)


@pytest.mark.parametrize(
    ("email", "flags"),
    [
        ("info@example.com", {"email_role": True, "email_free": False, "email_disposable": False}),
        ("Sales+web@example.com", {"email_role": True}),
        ("maria@gmail.com", {"email_role": False, "email_free": True, "email_disposable": False}),
        ("maria@mailinator.com", {"email_role": False, "email_free": False, "email_disposable": True}),
        ("maria@x.mailinator.com", {"email_disposable": True}),
    ],
)
def test_an_address_says_what_it_is(email: str, flags: dict[str, Any]) -> None:
    assert flags.items() <= normalize({"email": email}, "US").quality.items()


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("outlok.com", "outlook.com"),
        ("yahooo.com", "yahoo.com"),
        ("hotmail.co", "hotmail.com"),
        ("gmail.com", None),
        ("proton.me", None),
        ("mail.com", None),
        ("gmx.de", None),
        ("example.com", None),
        ("gamil.example", None),
    ],
)
def test_a_domain_that_is_one_slip_away_from_a_known_one_says_which(domain: str, meant: str | None) -> None:
    found = normalize({"email": f"maria@{domain}"}, "US")

    assert found.quality.get("email_domain_meant") == meant
    assert found.contact["email"] == f"maria@{domain}"  # nobody changes whom mail goes to


@pytest.mark.parametrize(
    ("phone", "flags"),
    [
        ("+12025550143", {"phone_valid": True, "phone_type": "fixed_line_or_mobile", "phone_region": "US"}),
        ("+14165550143", {"phone_valid": True, "phone_region": "CA"}),
        ("+4915112345678", {"phone_valid": True, "phone_type": "mobile", "phone_region": "DE"}),
        ("+18005550199", {"phone_valid": True, "phone_type": "toll_free"}),
        ("5550143", {"phone_valid": False}),
        ("(202) 000-0143", {"phone_valid": False}),
    ],
)
def test_a_number_says_what_it_is(phone: str, flags: dict[str, Any]) -> None:
    assert flags.items() <= normalize({"phone": phone}, "US").quality.items()


def test_what_was_sent_and_what_is_known_of_it_stand_in_the_lead() -> None:
    world = World()

    lead = world.leads.get(
        world.takes_in(phone="(202) 555-0143", first_name="MARIA", email="maria@gmial.com")
    )

    assert (lead.contact.phone, lead.contact.first_name) == ("+12025550143", "Maria")
    assert lead.raw == {"contact.phone": "(202) 555-0143", "contact.first_name": "MARIA"}
    assert lead.quality["email_domain_meant"] == "gmail.com"


texts = st.text(max_size=40).map(str.strip).filter(bool)
names = st.lists(
    st.sampled_from(["VAN", "der", "o'brien", "MCGEE", "de", "la", "iii", "x", "ß", "ŉ", "-", "d\u2019a"]),
    min_size=1,
).map(" ".join)
numbers = st.from_regex(
    r"(\+|00|0|1)?[ (]?[0-9]{2,4}[) -]?[0-9]{3}[ .-]?[0-9]{2,5}( ?x[0-9]{1,3})?", fullmatch=True
)
places = st.sampled_from(
    ["ny", "usa", "United Kingdom", "k1a0b1", "10001-", "123456789", "N.Y.", "xx", "österreich"]
)
contacts = st.fixed_dictionaries(
    {},
    optional={
        "email": texts | st.emails(),
        "phone": texts | numbers,
        "country": texts | places | st.sampled_from(["CA", "GB", "DE", "IT", "XX"]),
        **dict.fromkeys(("first_name", "last_name", "company", "street", "city"), texts | names),
        **dict.fromkeys(("state", "postal_code"), texts | places),
    },
)


@given(contacts, st.sampled_from(["US", "GB", "DE", "IT", "AR"]))
@example({"phone": "0000000"}, "DE")  # libphonenumber takes one zero off at each reading
def test_what_was_normalized_stays_as_it_is_and_nothing_is_lost(contact: dict[str, str], region: str) -> None:
    once = normalize(contact, region)
    twice = normalize(once.contact, region)

    assert (twice.contact, twice.quality, twice.raw) == (once.contact, once.quality, {})
    for name, sent in contact.items():
        assert sent == once.raw.get(f"contact.{name}", once.contact[name])


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(text: str) -> None:
    number, address = read_number(text, "US"), read_address(text)

    assert number is None or number.text.removeprefix("+").isdigit()
    assert address is None or "@" in address.text
