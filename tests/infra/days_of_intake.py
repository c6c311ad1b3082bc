"""What the functions do by which good leads come in: files, hooks, duplicates, and a score that learns."""

import json
from datetime import UTC, datetime
from typing import Any, Final

import boto3

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.adapters.offer_links import SignedOfferLinks
from baton.domain.access import hash_of
from baton.domain.campaign import Campaign
from baton.domain.change import received
from baton.domain.claims import accepted
from baton.domain.dedupe import Dedupe, DuplicatePolicy
from baton.domain.lead import Contact, LeadState
from baton.domain.plan import Plan, PublishedPlan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.scoring import Learned, Mode, Scoring
from baton.domain.source import Source
from baton.domain.spam import SpamGuard
from local.platforms import Platforms
from tests.builders import a_pool, a_rep
from tests.infra.recorder import VALUES, Recorder, sample
from tests.unit.platforms import HOOKS, KEY, LINKEDIN_LEAD, META_LEAD, SECRETS

SAMPLE_IMPORT: Final = sample("load/read")["pathParameters"]["import_id"]
TOKEN: Final = SECRETS["page"]


def live_with_good_leads(recorder: Recorder, leads: DynamoLeads) -> None:
    """Everything, one after another."""
    seed()
    ask(recorder, "assets/script")
    import_a_file(recorder)
    take_from_platforms(recorder)
    meet_somebody_again(recorder, leads)
    learn(recorder, leads)
    hear(recorder, leads)


def seed() -> None:
    """A source that takes every hook and counts its senders, and a campaign that compares leads and learns."""
    configuration = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
    guard = SpamGuard(per_address_per_hour=100, per_person_per_day=100)
    learned = Learned(mode=Mode.SHADOW)
    for document in (
        Source(
            id="hooked",
            name="Hooked",
            campaign_id="known",
            api_keys=(hash_of(KEY),),
            hooks=HOOKS,
            spam=guard,
        ),
        Campaign(
            id="known",
            name="Known",
            plan_id="known",
            dedupe=Dedupe(policy=DuplicatePolicy.MERGE),
            scoring=Scoring(learned=learned),
        ),
        Plan(id="known", version=1, stages=(Stage(name="team", pool_id="known"),)),
        PublishedPlan(id="known", version=1),
        Pool(id="known", name="Known", members=(Member(recipient_id="ben"),)),
    ):
        configuration.put(document)
    for name, value in {**SECRETS, "member": TOKEN}.items():
        path = f"{VALUES['SECRETS_PATH']}/source/hooked/{name}"
        boto3.client("ssm").put_parameter(Name=path, Value=value, Type="SecureString")


def import_a_file(recorder: Recorder) -> None:
    """A file of two rows, one of which is nobody's, for a source that counts."""
    ask(recorder, "load/preview")
    import_id = ask(recorder, "load/import", expected=202)["import_id"]
    event = json.loads(json.dumps(sample("load/part")).replace(SAMPLE_IMPORT, import_id))
    assert recorder.invoke("load", event) == {"batchItemFailures": []}
    assert ask(recorder, "load/read", import_id)["tally"]["taken"] == 1
    ask(recorder, "load/resume", import_id, expected=202)
    ask(recorder, "load/send_test_lead", expected=202)
    event = json.loads(json.dumps(sample("load/refused")).replace(SAMPLE_IMPORT, import_id))
    assert recorder.invoke("load", event)["statusCode"] == 200
    # Of a source that counts, and of people who are known: twice in other words.
    for note in ("one", "two"):
        table = f"email,note\ncarla@example.com,{note}\n"
        event = json.loads(json.dumps(sample("load/import")).replace("web-form", "hooked"))
        begun = recorder.invoke("load", {**event, "body": json.dumps({"csv": table})})
        part = json.loads(
            json.dumps(sample("load/part")).replace(SAMPLE_IMPORT, json.loads(begun["body"])["import_id"])
        )
        assert recorder.invoke("load", part) == {"batchItemFailures": []}


def take_from_platforms(recorder: Recorder) -> None:
    """Every format, what it tells of, and a look for what it did not tell of."""
    for case in ("google_ads", "typeform", "adf", "adf_mail", "generic", "meta", "linkedin"):
        ask(recorder, f"hook/{case}")
    event = sample("hook/google_ads")
    event["body"] = json.dumps({**json.loads(event["body"]), "lead_id": "nobody", "user_column_data": []})
    assert recorder.invoke("hook", event)["statusCode"] == 422
    for case in ("meta_challenge", "linkedin_challenge"):
        assert recorder.invoke("hook", sample(f"hook/{case}"))["statusCode"] == 200
    with Platforms(TOKEN) as platforms:
        VALUES["LOCAL_PLATFORMS"] = platforms.url
        platforms.meta["123123123123"] = META_LEAD
        platforms.linkedin[LINKEDIN_LEAD["id"]] = LINKEDIN_LEAD
        for case in ("meta_lead", "linkedin_lead"):
            assert recorder.invoke("fetch", sample(f"fetch/{case}")) == {"batchItemFailures": []}
        missed = {**META_LEAD, "id": "9", "field_data": [{"name": "email", "values": ["dora@example.com"]}]}
        refused = {**META_LEAD, "id": "8", "field_data": [{"name": "email", "values": ["no address"]}]}
        platforms.meta |= {"9": missed, "8": refused}
        assert recorder.invoke("fetch", sample("fetch/schedule")) == {"new": 1, "failed": 0}
    VALUES["LOCAL_PLATFORMS"] = ""


def meet_somebody_again(recorder: Recorder, leads: DynamoLeads) -> None:
    """A lead that a rep has, and another one of the same person."""
    first, second = (f"{number:032x}" for number in (0xD1, 0xD2))
    now = datetime.now(UTC)
    for lead_id, known in (
        (first, {"state": LeadState.ASSIGNED, "recipient_id": "ben", "attributes": {"roof": "flat"}}),
        (
            second,
            {"duplicate_of": first, "on_duplicate": DuplicatePolicy.MERGE, "attributes": {"roof": "gable"}},
        ),
    ):
        lead = a_lead(lead_id, now).model_copy(update=known)
        leads.commit(received(lead, now))
    assert recorder.invoke("score", {"lead_id": second})["next"] == "merge"
    assert recorder.invoke("merge", {"lead_id": second}) == {"merged": True}
    gone = a_lead(f"{0xD4:032x}", now).model_copy(
        update={"duplicate_of": f"{0xD5:032x}", "on_duplicate": DuplicatePolicy.MERGE}
    )
    leads.commit(received(gone, now))
    assert recorder.invoke("merge", {"lead_id": gone.lead_id}) == {"merged": False}


def learn(recorder: Recorder, leads: DynamoLeads) -> None:
    """A lead of a campaign that learns, rated, taken and concluded; and what the campaign knows then."""
    lead = a_lead(f"{0xD3:032x}", datetime.now(UTC))
    leads.commit(received(lead, lead.received_at))
    assert recorder.invoke("score", {"lead_id": lead.lead_id})["next"] == "route"
    rating = json.loads(json.dumps(sample("explore/rate_lead")).replace("solar", "known"))
    rating["body"] = json.dumps({"fields": {"email": "dora@example.com"}})
    previewing = json.loads(json.dumps(sample("explore/preview_scoring")).replace("solar", "known"))
    previewing["body"] = previewing["body"].replace(f"{1:032x}", lead.lead_id)
    reading = json.loads(json.dumps(sample("explore/read_learned_score")).replace("solar", "known"))
    promoting = json.loads(json.dumps(sample("conclude/promote_challenger")).replace("solar", "known"))
    for function, event in (
        ("explore", rating),
        ("explore", previewing),
        ("explore", reading),
        ("conclude", promoting),
    ):
        answer = recorder.invoke(function, event)
        assert answer["statusCode"] == 200, answer


def hear(recorder: Recorder, leads: DynamoLeads) -> None:
    """What the vendor of a lead that a rep took says of it: by its own id and by the person, signed and with a key."""
    name = sample("hear/one")["pathParameters"]["source_id"]
    key = hash_of(sample("hear/one")["headers"]["X-Api-Key"])
    source = Source(id=name, name="Vendor", campaign_id="known", api_keys=(key,), secret="signing")
    configuration = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
    for document in (source, a_rep("vera"), a_pool("vera", pool_id="known")):
        configuration.put(document)
    now = datetime.now(UTC)
    received_at = datetime.fromisoformat(json.loads(sample("hear/one")["body"])["at"])
    lead = a_lead(f"{0xD6:032x}", min(now, received_at)).model_copy(
        update={"source_id": name, "external_id": json.loads(sample("hear/one")["body"])["external_id"]}
    )
    leads.commit(received(lead, now))
    assert recorder.invoke("score", {"lead_id": lead.lead_id})["next"] == "route"
    assert recorder.invoke("route", {"lead_id": lead.lead_id})["next"] == "offer"
    leads.commit(accepted(leads.get(lead.lead_id), leads.offer(lead.lead_id, 1), now))
    event = sample("hear/one")
    event["headers"] |= {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": "v1,bm9uZQ=="}
    assert recorder.invoke("hear", event)["statusCode"] == 200
    answer = recorder.invoke("hear", sample("hear/many"))
    assert [one["status"] for one in json.loads(answer["body"])["outcomes"]] == [200, 404, 404]
    link = SignedOfferLinks("", lambda: b"made up").link(leads.offer(lead.lead_id, 1))
    for progress in ("no_answer", "lost"):
        event = sample(f"respond/{progress}")
        event["pathParameters"] = {"token": link.rpartition("/")[2]}
        assert "This lead is yours" in recorder.invoke("respond", event)["body"]
    assert leads.get(lead.lead_id).state is LeadState.LOST


def a_lead(lead_id: str, now: datetime) -> Any:
    """A lead of the campaign that compares and learns."""
    from baton.domain.lead import Lead

    return Lead(
        lead_id=lead_id,
        rev=1,
        state=LeadState.RECEIVED,
        source_id="hooked",
        campaign_id="known",
        received_at=now,
        moved_at=now,
        contact=Contact(email="erika@example.com"),
        watch_at=now,
    )


def ask(recorder: Recorder, name: str, import_id: str = SAMPLE_IMPORT, expected: int = 200) -> dict[str, Any]:
    """One request."""
    event = json.loads(json.dumps(sample(name)).replace(SAMPLE_IMPORT, import_id))
    answer = recorder.invoke(name.partition("/")[0], event)
    assert answer["statusCode"] == expected, (name, answer)
    return dict(json.loads(answer["body"])) if answer["body"].startswith("{") else {}
