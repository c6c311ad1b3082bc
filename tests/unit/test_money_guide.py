"""The guide to money tells the truth: its documents are valid, and its answers are what the API gives."""

import json
import re
from pathlib import Path
from typing import Any, Final

import yaml

from baton.domain.campaign import Campaign
from baton.domain.documents import Configured
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from tests.builders import MINUTE, a_plan, a_stage
from tests.trading import Desk
from tests.unit.test_accounts_api import a_caller

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "money.md").read_text(encoding="utf-8")
KINDS: Final[dict[str, type[Configured]]] = {
    "recipients": Recipient,
    "campaigns": Campaign,
    "sources": Source,
}


def blocks(language: str) -> list[str]:
    """The guide's examples in that language."""
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def documents() -> dict[str, Any]:
    """Every document of the guide, by kind and id; of several states the last."""
    return {
        f"{kind}/{one['id']}": KINDS[kind].model_validate(one)
        for block in blocks("yaml")
        for kind, found in yaml.safe_load(block).items()
        for one in found
    }


def answers() -> dict[str, Any]:
    """The guide's answers, by the address that was asked."""
    asked = re.findall(r'^baton "?\$API(\S+?)"?\n```\n```json\n(.*?)```', GUIDE, re.DOTALL | re.MULTILINE)
    return {path: json.loads(text) for path, text in asked}


def the_guide_s_november() -> Desk:
    """Harbor pays in, buys three leads of the vendor and gives one back."""
    found = documents()
    harbor, campaign, source = (
        found["recipients/harbor"],
        found["campaigns/auto-insurance"],
        found["sources/vendor"],
    )
    desk = Desk(harbor, plan=a_plan(a_stage()), pockets={"harbor": 0}, returns={"resell": False})
    desk.configuration.put(source)
    desk.configuration.put(campaign.model_copy(update={"plan_id": "plan"}))
    return desk


def test_what_the_api_answers_is_what_the_guide_says() -> None:
    desk = the_guide_s_november()
    admin = a_caller(desk)
    body = re.search(r"payments \\\n    -d '(.*?)'", GUIDE)
    assert body
    paid = admin(
        "POST", "/v1/recipients/harbor/payments", json.loads(body[1]), idempotency_key="transfer-2026-11-20"
    )
    assert paid.status == 201
    leads = []
    for n in range(3):
        desk.clock.forward(MINUTE)
        form = {"email": f"m{n}@example.com", "state": "NY"}
        lead_id = desk.score(desk.accept_lead("vendor", form).lead_id).lead_id
        leads.append(desk.sells(lead_id))
    assert [lead.state for lead in leads] == ["sold"] * 3
    desk.returns(leads[0], "harbor")
    desk.take_back.decide(leads[0].lead_id, 1, approve=True, by="maria")

    told = answers()

    assert len(told) == 3
    for path, expected in told.items():
        answer = admin("GET", path).json
        assert answer == expected, path


def test_the_table_of_checks_names_every_code_and_in_the_order_of_the_code() -> None:
    named = [code for code in re.findall(r"`([a-z-]+)` \|$", GUIDE, re.MULTILINE) if "-" in code]

    assert named == ["lead-not-sold", "return-reason-unknown", "return-too-late", "too-many-returns"]
