"""The sample events are what the functions get: each is read by the function's own contract."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import BaseModel

from baton.adapters.items import from_item
from baton.application.answer_offer import Answer
from baton.application.note_progress import Progress
from baton.domain.outcome import NamedReport, Report
from baton.domain.timeline import Event
from baton.entrypoints.console.bodies import with_plain_body
from baton.entrypoints.console.probes import BuyerTrial
from baton.entrypoints.console.simulations import LeadToTry
from baton.entrypoints.console.users import User
from baton.entrypoints.http import Request
from baton.entrypoints.problems import RequestProblem
from baton.entrypoints.retelling import RetellTask
from baton.entrypoints.tasks import (
    AttendTask,
    DeliveryTask,
    DigestTask,
    EntrustedTask,
    HeardTask,
    LeadTask,
    LookTask,
    NoticeTask,
    OfferTask,
    ParkTask,
    PartTask,
    ReweighTask,
    SweepTask,
)
from tests.infra.deployed import functions

FOLDER: Final = Path(__file__).parents[2] / "events"
MAX_BYTES: Final = 128 * 1024
SIGNED_IN: Final = (
    *(
        "account/",
        "conclude/",
        "configure/",
        "diagnose/",
        "explore/",
        "probe/",
        "reassign/",
        "recount/",
        "report/",
        "resend/",
        "reweigh/weigh_pool",
    ),
    *("forget/", "review/", "load/import", "load/preview", "load/read", "load/refused", "load/resume"),
    "load/send_test_lead",
)
FROM_API_GATEWAY: Final = (
    *SIGNED_IN,
    "assets/",
    "console/",
    "hook/",
    "reclaim/",
    "hear/",
    "adjust/",
    "ingest/",
    "press/",
    "quote/",
    "respond/",
)
TASKS: Final[dict[str, type[BaseModel]]] = {
    "score/lead": LeadTask,
    "route/lead": LeadTask,
    "auction/lead": LeadTask,
    "deliver/lead": LeadTask,
    "offer/offer": OfferTask,
    "offer/notify": OfferTask,
    "sweep/park": ParkTask,
    "sweep/schedule": SweepTask,
    "fetch/schedule": LookTask,
    "merge/lead": LeadTask,
    "vet/lead": LeadTask,
    "reweigh/schedule": ReweighTask,
    "digest/schedule": DigestTask,
    "attend/due": AttendTask,
}

MESSAGES: Final[dict[str, type[BaseModel]]] = {
    "load/part": PartTask,
    "fetch/meta_lead": NoticeTask,
    "fetch/linkedin_lead": NoticeTask,
    "notify/event": HeardTask,
    "send/due": DeliveryTask,
    "retell/came_back": RetellTask,
    "retell/due": RetellTask,
    "watch/entrusted": EntrustedTask,
}
"""Samples that come from a queue."""
STREAMS: Final = ("publish/events", "count/leads")
"""Samples that come from the stream of leads: events, and leads."""


def sample(name: str) -> dict[str, Any]:
    """One sample event."""
    return dict(json.loads((FOLDER / f"{name}.json").read_text()))


def samples() -> list[str]:
    """All of them, as function/case."""
    return sorted(f"{path.parent.name}/{path.stem}" for path in FOLDER.glob("*/*.json"))


def requests() -> list[str]:
    """Those that come from API Gateway."""
    return [name for name in samples() if name.startswith(FROM_API_GATEWAY)]


def test_every_function_has_a_sample_and_every_sample_its_function() -> None:
    assert {name.partition("/")[0] for name in samples()} == set(functions())


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_one_that_its_function_understands(name: str) -> None:
    TASKS[name].model_validate(sample(name))


def test_every_sample_that_is_no_request_is_a_task_known_here() -> None:
    assert set(samples()) - set(requests()) == {*TASKS, *MESSAGES, *STREAMS}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_one_that_its_function_understands(name: str) -> None:
    for record in sample(name)["Records"]:
        MESSAGES[name].model_validate_json(record["body"])


def test_every_record_of_the_stream_of_events_holds_one() -> None:
    for record in sample("publish/events")["Records"]:
        event = Event.model_validate(from_item(record["dynamodb"]["NewImage"]))

        assert from_item(record["dynamodb"]["Keys"]) == {
            "lead_id": event.lead_id,
            "item": f"EVENT#{event.seq:06d}",
        }


def test_only_a_park_task_names_a_lead_to_function_sweep() -> None:
    assert ["lead_id" in sample(name) for name in ("sweep/park", "sweep/schedule")] == [True, False]


@pytest.mark.parametrize("name", requests())
def test_a_request_has_the_shape_that_api_gateway_gives_it(name: str) -> None:
    event = sample(name)
    request = Request.of(event)

    assert event["requestContext"]["httpMethod"] == request.method
    assert event["requestContext"]["resourcePath"] == event["resource"]
    assert event["resource"].format(**request.path) == event["path"]
    assert event["multiValueHeaders"] == {name: [value] for name, value in event["headers"].items()}


@pytest.mark.parametrize("name", ["ingest/json", "ingest/form", "ingest/form_base64", "ingest/honeypot"])
def test_a_lead_can_be_read_from_its_request(name: str) -> None:
    assert Request.of(sample(name)).fields(MAX_BYTES)


def test_the_malformed_sample_is_malformed() -> None:
    with pytest.raises(RequestProblem, match="not valid JSON at line 1"):
        Request.of(sample("ingest/malformed")).fields(MAX_BYTES)


def test_the_form_comes_from_a_browser_and_the_json_from_a_program() -> None:
    form, json_ = Request.of(sample("ingest/form")), Request.of(sample("ingest/json"))

    assert (form.is_form, form.wants_page) == (True, True)
    assert (json_.is_form, json_.wants_page) == (False, False)


@pytest.mark.parametrize("answer", Answer)
def test_every_answer_that_a_rep_can_give_has_a_sample(answer: Answer) -> None:
    assert Request.of(sample(f"respond/{answer}")).fields(MAX_BYTES) == {"answer": answer}


@pytest.mark.parametrize("progress", Progress)
def test_everything_that_a_rep_can_say_of_a_lead_has_a_sample(progress: Progress) -> None:
    sent = Request.of(sample(f"respond/{progress}")).fields(MAX_BYTES)

    assert sent == {"progress": progress, "seen": "4"}


@pytest.mark.parametrize("name", [name for name in samples() if name.startswith(SIGNED_IN)])
def test_whoever_uses_the_console_s_api_has_signed_in(name: str) -> None:
    user = User.of(sample(name))

    assert user.groups == {user.name}


def test_a_request_is_no_schedule_to_function_reweigh() -> None:
    assert ["httpMethod" in sample(name) for name in ("reweigh/weigh_pool", "reweigh/schedule")] == [
        True,
        False,
    ]


@pytest.mark.parametrize("name", ["try_fields", "try_past_lead"])
def test_what_is_tried_can_be_read_from_its_request(name: str) -> None:
    LeadToTry.model_validate_json(with_plain_body(sample(f"explore/{name}"))["body"])


def test_a_dry_run_can_be_read_from_its_request() -> None:
    assert BuyerTrial.model_validate_json(with_plain_body(sample("probe/post"))["body"]).post


def test_outcomes_can_be_read_from_their_requests() -> None:
    one, many = (Request.of(sample(f"hear/{name}")).fields(MAX_BYTES) for name in ("one", "many"))

    assert [NamedReport.model_validate(fields) for fields in (one, *many["outcomes"])]


def test_an_outcome_can_be_read_from_its_request() -> None:
    Report.model_validate_json(with_plain_body(sample("conclude/converted"))["body"])


@pytest.mark.parametrize(("case", "wish"), [("pause", "pause"), ("away", "away"), ("no_choice", None)])
def test_a_wish_can_be_read_from_its_request(case: str, wish: str | None) -> None:
    assert Request.of(sample(f"adjust/{case}")).fields(MAX_BYTES).get("wish") == wish


@pytest.mark.parametrize("name", ["configure/create_recipient", "configure/import_yaml"])
def test_a_configuration_can_be_read_from_its_request(name: str) -> None:
    assert json.loads(with_plain_body(sample(name))["body"])
