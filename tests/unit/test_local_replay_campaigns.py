"""A replay for a campaign sends leads as one of its sources would, with the fields that the campaign needs."""

from typing import Any

import pytest

from baton.domain.source import Source
from baton.domain.submission import read_submission
from local.replay_campaigns import PLAIN, NoSource, insurance_lead, recipe_for, source_for
from local.replay_rows import leads
from tests.builders import a_campaign


def test_every_insurance_lead_of_the_demo_file_has_what_the_campaign_asks_for() -> None:
    recipe = recipe_for("auto-insurance")
    found = leads(recipe.file, None, recipe.lead_of)

    assert len(found) == 60
    required = ("contact.last_name", "contact.state", "attributes.vehicle_year")
    for lead in found:
        read_submission(lead, a_campaign(required=required))
        assert lead["contact"]["email"].endswith("@example.com")
        assert "55501" in lead["contact"]["phone"]
        assert isinstance(lead["attributes"]["vehicle_year"], int)
        assert {lead["attributes"]["homeowner"], lead["attributes"]["insured"]} <= {"yes", "no"}


def test_what_an_insurance_lead_needs_is_made_up_always_alike_and_not_for_all_alike() -> None:
    rows = [{"lead_number": str(n), "city": "Reno"} for n in range(40)]
    found = [insurance_lead(row) for row in rows]

    assert found == [insurance_lead(row) for row in rows]
    assert len({lead["contact"]["state"] for lead in found}) > 5
    assert {lead["attributes"]["homeowner"] for lead in found} == {"yes", "no"}
    assert {lead["attributes"]["insured"] for lead in found} == {"yes", "no"}
    for lead in found:
        assert len(lead["contact"]["postal_code"]) == 5


def test_what_the_row_says_of_an_insurance_lead_is_kept_whatever_its_column_is_called() -> None:
    row = {
        "state": "NV",
        "zip": "89501",
        "car_year": "2011",
        "owner": "no",
        "has_insurance": "yes",
        "make": "Kia",
    }
    lead = insurance_lead(row)

    assert (lead["contact"]["state"], lead["contact"]["postal_code"]) == ("NV", "89501")
    assert lead["attributes"] == {"vehicle_year": 2011, "homeowner": "no", "insured": "yes", "make": "Kia"}


def test_a_made_up_postal_code_lies_in_the_state_of_the_row() -> None:
    assert insurance_lead({"state": "TX"})["contact"]["postal_code"] == "78701"
    assert "postal_code" not in insurance_lead({"state": "NV"})["contact"]


def test_a_choice_that_was_not_made_is_made_up() -> None:
    assert insurance_lead({"owner": "Select"})["attributes"]["homeowner"] in {"yes", "no"}


def test_without_a_campaign_rows_are_sent_as_they_are() -> None:
    assert recipe_for(None) is recipe_for("solar") is PLAIN
    assert leads(PLAIN.file, 3, PLAIN.lead_of) == leads(PLAIN.file, 3)


def a_source(source_id: str, campaign_id: str = "auto-insurance", **facts: Any) -> Source:
    return Source(id=source_id, name=source_id, campaign_id=campaign_id, **facts)


def test_a_campaign_gets_its_leads_from_its_vendor_rather_than_from_its_form() -> None:
    form, vendor = a_source("a-form", honeypot_field="website"), a_source("vendor")
    others = [a_source("a", "solar"), a_source("b", active=False)]

    assert source_for("auto-insurance", [form, vendor, *others]) == "vendor"
    assert source_for("auto-insurance", [form, *others]) == "a-form"


def test_a_campaign_that_nobody_sends_leads_for_is_named_with_those_that_there_are() -> None:
    with pytest.raises(NoSource, match=r"CAMPAIGN=boats; campaigns that have one: auto-insurance, solar"):
        source_for("boats", [a_source("a"), a_source("b", "solar"), a_source("c", "boats", active=False)])
