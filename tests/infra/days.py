"""A lead's life with everything that can happen in it, lived by the real functions over moto."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3

from baton.adapters.dynamo_configuration import DynamoConfiguration
from baton.adapters.dynamo_leads import DynamoLeads
from baton.adapters.offer_links import SignedOfferLinks
from baton.domain.access import hash_of
from baton.domain.buyer import Billing, BillingMode, Buyer
from baton.domain.campaign import Campaign, Policy, Sticky
from baton.domain.change import received
from baton.domain.documents import Configured
from baton.domain.lead import Contact, Lead, LeadState
from baton.domain.plan import Model, Plan, PublishedPlan, Stage
from baton.domain.pool import Member, Pool, Weighting
from baton.domain.recipient import Recipient, RecipientType
from baton.domain.scoring import Learned, Mode, Scoring
from baton.domain.source import Limits, Source
from local.buyers import Buyers
from local.demo import documents, store_secrets
from tests.infra.days_of_care import live_with_service_levels
from tests.infra.days_of_channels import DaysOfChannels
from tests.infra.days_of_connectors import live_with_a_crm
from tests.infra.days_of_console import live_with_a_console
from tests.infra.days_of_intake import live_with_good_leads
from tests.infra.days_of_money import live_with_money
from tests.infra.days_of_reading import live_with_readers
from tests.infra.days_of_reports import live_with_reports
from tests.infra.days_of_review import live_with_held_leads
from tests.infra.days_of_telling import live_with_listeners
from tests.infra.days_of_trust import live_with_questions
from tests.infra.recorder import SENDER, STATES, VALUES, Recorder, sample

# The lead that sample events are about.
SAMPLE_LEAD: Final = sample("score/lead")["lead_id"]

# More than one transaction can change at one moment.
A_LARGE_TEAM: Final = json.dumps(
    {
        "recipients": [
            {"id": f"rep-{number}", "name": "Rep", "email": "rep@sales.example", "zone": "UTC"}
            for number in range(60)
        ]
    }
)


class Days:
    """A lead's life with everything that can happen in it, so that every function does all it can."""

    def __init__(self) -> None:
        self.recorder = Recorder()
        self.leads = DynamoLeads(boto3.client("dynamodb"), "LeadsTable", "LedgerTable")
        self.states = boto3.client("stepfunctions")
        self.seed()

    def seed(self) -> None:
        """One source, and reps whom every channel reaches, but for the first, whose only channel is refused."""
        everybody = ("ana", "ben", "carla")
        configuration = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
        # So many that their turns are read by partition; and none of them wants a lead.
        crowd = [
            Recipient(id=f"c{number}", name="C", email="c@sales.example", zone="UTC", paused=True)
            for number in range(25)
        ]
        crowded = tuple(Member(recipient_id=one.id) for one in crowd)
        stages = (Stage(name="team", pool_id="team"), Stage(name="crowd", pool_id="crowd"))
        for document in (
            Source(id="web-form", name="Form", campaign_id="solar"),
            Campaign(id="solar", name="Solar", plan_id="solar", sticky=Sticky(person=Policy.PREFER)),
            Plan(id="solar", version=1, stages=stages),
            PublishedPlan(id="solar", version=1),
            Pool(id="team", name="Team", members=tuple(Member(recipient_id=who) for who in everybody)),
            Pool(id="crowd", name="Crowd", members=crowded, weighting=Weighting.PERFORMANCE),
            Recipient(id="ana", name="Ana", email="ana@sales.example", zone="UTC"),
            Recipient(id="ben", name="Ben", email="ben@sales.example", phone="+12025550102", zone="UTC"),
            Recipient(id="carla", name="Carla", email="carla@sales.example", zone="UTC"),
            *crowd,
        ):
            configuration.put(document)

    def live(self) -> None:
        """Everything, one after another."""
        lead_id = self.take_in()
        self.score_and_route(lead_id)
        self.step(
            "offer", lead_id, offer_no=1, task_token="t1"
        )  # no mail from an unverified sender: unreachable
        boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
        self.score_and_route(lead_id)
        self.step("offer", lead_id, offer_no=2, task_token="t2")
        self.rep(lead_id, 2, "show", "accept", "undo", "adjust/show", "adjust/pause")
        self.score_and_route(lead_id)
        self.step("offer", lead_id, offer_no=3, task_token="t3")
        self.rep(lead_id, 3, "decline")
        self.step("offer", lead_id, offer_no=3, task_token="t3")  # repeated: answered meanwhile
        self.step("route", lead_id)  # exhausted
        self.sweep_up()
        self.conclude()
        self.sell()
        self.explore(lead_id)
        self.reweigh()
        live_with_good_leads(self.recorder, self.leads)
        live_with_held_leads(self.recorder)
        live_with_questions(self.recorder)
        live_with_money(self.recorder, self.leads)
        live_with_listeners(self.recorder, self.leads, lead_id)
        live_with_reports(self.recorder)
        DaysOfChannels(self.recorder, self.leads).live()
        live_with_readers(self.recorder, self.leads, lead_id)
        live_with_a_crm(self.recorder, self.leads, lead_id)
        live_with_service_levels(self.recorder, self.leads)
        live_with_a_console(self.recorder)
        self.configure()

    def take_in(self) -> str:
        """A lead, posted twice."""
        first, second = (self.recorder.invoke("ingest", sample("ingest/json")) for _ in range(2))
        assert (first["statusCode"], first["body"]) == (202, second["body"])
        return str(json.loads(first["body"])["lead_id"])

    def score_and_route(self, lead_id: str) -> None:
        """The two steps that lead to an offer."""
        assert self.step("score", lead_id)["next"] == "route"
        assert self.step("route", lead_id)["next"] == "offer"

    def step(self, function: str, lead_id: str, **task: Any) -> dict[str, Any]:
        """One step of the workflow."""
        return self.recorder.invoke(function, {"lead_id": lead_id, **task})

    def rep(self, lead_id: str, no: int, *visits: str) -> None:
        """A rep follows a link."""
        link = SignedOfferLinks("", lambda: b"made up").link(self.leads.offer(lead_id, no))
        self.end_execution(lead_id)
        for visit in visits:
            function, _, case = visit.rpartition("/")
            event = sample(f"{function or 'respond'}/{case}")
            event["pathParameters"] = {"token": link.rpartition("/")[2]}
            assert self.recorder.invoke(function or "respond", event)["statusCode"] == 200

    def end_execution(self, lead_id: str) -> None:
        """Let the lead's first execution end."""
        self.states.stop_execution(executionArn=f"{STATES}:execution:baton-lead:{lead_id}")

    def conclude(self) -> None:
        """A lead that a rep took, and what became of it."""
        lead = a_lead(3, datetime.now(UTC), 1)
        self.leads.commit(received(lead, lead.received_at))
        self.states.start_execution(stateMachineArn=f"{STATES}:stateMachine:baton-lead", name=lead.lead_id)
        self.score_and_route(lead.lead_id)
        self.step("offer", lead.lead_id, offer_no=1, task_token="t4")
        self.rep(lead.lead_id, 1, "accept")
        for outcome in ("contacted", "converted", "returned"):
            self.signed_in("conclude/converted", lead.lead_id, body=json.dumps({"outcome": outcome}))

    def sell(self) -> None:
        """Leads that buyers bid for, one that nobody answers for, and one that goes out by mail."""
        with Buyers(seed=7) as buyers:
            configuration = DynamoConfiguration(boto3.client("dynamodb"), "ConfigTable")
            for document in market(int(buyers.url.rpartition(":")[2])):
                configuration.put(document)
            store_secrets(boto3.client("ssm"), VALUES["SECRETS_PATH"], market(1))
            self.signed_in(
                "probe/post",
                pathParameters={"recipient_id": "flaky"},
                path="/v1/recipients/flaky/test",
                body=json.dumps({"post": True}),
            )
            # Until one is taken without a word: which are depends on the buyer's seed.
            assert any(self.sell_one(number, "auction") == "wait" for number in range(10, 30))
            self.vend(configuration)
        # Its server is gone: it fails, and is rested.
        for fails in (lambda: self.ask_price("unanswered"), lambda: self.sell_one(30, "auction")):
            breaker = {"scope": {"S": "breaker#flaky"}, "id": {"S": "breaker"}}
            boto3.client("dynamodb").delete_item(TableName="LedgerTable", Key=breaker)
            fails()
        self.sell_one(31, "mail")

    def vend(self, configuration: DynamoConfiguration) -> None:
        """A vendor asks for a price, sends the lead for it, and waits for the verdict."""
        limits, keys = Limits(per_day=100), (hash_of("vk_sample_3f9c0a6e5d1b"),)
        vendor = Source(
            id="insurance-vendor",
            name="Vendor",
            campaign_id="auction",
            api_keys=keys,
            secret="signing",
            limits=limits,
        )
        configuration.put(vendor)
        secret = "whsec_" + b64encode(b"only sample events are signed so").decode()
        boto3.client("ssm").put_parameter(
            Name=f"{VALUES['SECRETS_PATH']}/source/insurance-vendor/signing",
            Value=secret,
            Type="SecureString",
        )
        # Signed long ago: whose signature it is has to be looked up all the same.
        for case in ("quote/signed", "ingest/signed"):
            assert self.recorder.invoke(case.partition("/")[0], sample(case))["statusCode"] == 401
        price = next(quote for n in range(20) if (quote := self.ask_price(f"ping-{n}"))["status"] == "priced")
        event = sample("ingest/with_ping")
        event["body"] = json.dumps({**json.loads(event["body"]), "ping_id": price["ping_id"]})
        lead_id = json.loads(self.recorder.invoke("ingest", event)["body"])["lead_id"]
        self.step("score", lead_id)
        self.step("route", lead_id)
        self.step("deliver", lead_id)
        for headers in (event["headers"], event["multiValueHeaders"]):
            headers["Prefer"] = "wait=0" if headers is event["headers"] else ["wait=0"]
        assert self.recorder.invoke("ingest", event)["statusCode"] in (200, 202)

    def ask_price(self, key: str) -> dict[str, Any]:
        """A ping of its own."""
        event = sample("quote/ping")
        event["headers"]["Idempotency-Key"] = key
        event["multiValueHeaders"]["Idempotency-Key"] = [key]
        answer = self.recorder.invoke("quote", event)
        assert answer["statusCode"] == 200, answer
        return dict(json.loads(answer["body"]))

    def sell_one(self, number: int, campaign_id: str) -> str:
        """One lead until it is sold, wanted by nobody, or waits for a buyer's word: `stop` or `wait`."""
        lead = a_lead(number, datetime.now(UTC), 1).model_copy(update={"campaign_id": campaign_id})
        lead = lead.model_copy(
            update={
                "contact": Contact(last_name="Quux", state="NY", email=f"q{number}@example.com"),
                "attributes": {"vehicle_year": 2010},
            }
        )
        self.leads.commit(received(lead, lead.received_at))
        assert self.step("score", lead.lead_id)["next"] == "route"
        then = "route"
        while then not in ("stop", "wait"):
            answer = self.step(then, lead.lead_id)
            then = str(answer.get("next") or answer.get("then") or "route")
        return then

    def explore(self, lead_id: str) -> None:
        """A viewer looks at leads in every way."""
        self.signed_in("explore/list_leads")
        self.signed_in("explore/list_waiting")
        self.signed_in("explore/search_person")
        for query in ({"recipient_id": ["ana"]}, {}):
            self.signed_in(
                "explore/list_leads", queryStringParameters=None, multiValueQueryStringParameters=query
            )
        for case in (
            "read_lead",
            "explain_lead",
            "try_past_lead",
            "try_fields",
            "availability",
            "availability_of_all",
        ):
            self.signed_in(f"explore/{case}", lead_id)

    def reweigh(self) -> None:
        """The daily weighing, and one pool at once."""
        assert self.recorder.invoke("reweigh", sample("reweigh/schedule")) == {"measured": 1, "changed": 1}
        self.signed_in("reweigh/weigh_pool")

    def signed_in(self, name: str, lead_id: str = SAMPLE_LEAD, **changes: Any) -> None:
        """A request of somebody who has signed in, about that lead."""
        event = json.loads(json.dumps(sample(name)).replace(SAMPLE_LEAD, lead_id))
        answer = self.recorder.invoke(name.partition("/")[0], {**event, **changes})
        assert answer["statusCode"] == 200, answer

    def configure(self) -> None:
        """An admin changes the configuration in every way, a viewer looks."""
        ana = self.ask("create_recipient")
        self.ask("replace_recipient", if_match=ana)
        self.ask("read_recipient")
        self.ask("list_recipients")
        self.ask("import_yaml")
        draft = self.ask("save_draft")
        self.ask("check_draft")
        self.ask("publish_plan", if_match=draft)
        self.ask("roll_back_plan")
        self.ask("export_yaml")
        self.ask("list_changes")
        self.ask("delete_recipient")
        self.ask("import_yaml", body=A_LARGE_TEAM, query={"replace": "true"})
        self.ask("import_yaml", body="recipients: []", query={"replace": "true"})
        assert self.recorder.invoke("configure", sample("configure/viewer_may_not"))["statusCode"] == 403
        assert self.recorder.invoke("configure", sample("configure/invalid_recipient"))["statusCode"] == 422

    def ask(
        self, name: str, *, if_match: str = "", body: str = "", query: dict[str, str] | None = None
    ) -> str:
        """One request to the configuration API, with some of it changed; returns the answer's ETag."""
        event = sample(f"configure/{name}")
        if if_match:
            event["headers"]["If-Match"] = if_match
        if body:
            event["body"] = body
        if query:
            event["multiValueQueryStringParameters"] = {key: [value] for key, value in query.items()}
        answer = self.recorder.invoke("configure", event)
        assert answer["statusCode"] < 300, answer
        return str(answer["multiValueHeaders"].get("ETag", [""])[0])

    def sweep_up(self) -> None:
        """A lead whose workflow never started, one that can no longer be helped, and one that is on offer."""
        late = datetime.now(UTC) - timedelta(hours=1)
        for number, attempt in ((1, 1), (2, 5)):
            self.leads.commit(received(a_lead(number, late, attempt), late))
        stuck = f"{a_lead(2, late, 5).lead_id}-5"
        self.states.start_execution(stateMachineArn=f"{STATES}:stateMachine:baton-lead", name=stuck)
        self.end_execution(stuck)
        self.recorder.invoke("sweep", sample("sweep/schedule"))
        offered = a_lead(1, late, 1).lead_id
        self.score_and_route(offered)
        self.step("sweep", offered, step="Offer", error="ConfigurationBroken")


def market(buyers_port: int) -> list[Configured]:
    """The demo's buyers at an auction, and one that has no system of its own."""
    buyers = [d for d in documents(buyers_port=buyers_port) if isinstance(d, Recipient) and d.buyer]
    bidding = [buyer for buyer in buyers if buyer.id == "flaky"]
    terms = Buyer(price_cents=100, billing=Billing(mode=BillingMode.INVOICED, credit_limit_cents=10_000))
    mara = Recipient(
        id="mara", type=RecipientType.BUYER, name="Mara", email="mara@buyers.example", zone="UTC", buyer=terms
    )
    found: list[Configured] = [*bidding, mara]
    crowd = [f"c{number}" for number in range(25)]
    for name, members, model in (
        ("auction", [*(buyer.id for buyer in bidding), *crowd], Model.PING_POST),
        ("mail", [mara.id], Model.ROUND_ROBIN),
    ):
        stage = Stage(name=name, pool_id=name, model=model)
        found += [
            Pool(id=name, name=name, members=tuple(Member(recipient_id=who) for who in members)),
            Plan(id=name, version=1, stages=(stage,)),
            PublishedPlan(id=name, version=1),
            Campaign(
                id=name,
                name=name,
                plan_id=name,
                pingable=("contact.state", "attributes.vehicle_year"),
                scoring=Scoring(learned=Learned(mode=Mode.SHADOW)),
            ),
        ]
    return found


def a_lead(number: int, at: datetime, attempt: int) -> Lead:
    """A lead that should have moved long ago."""
    return Lead(
        lead_id=f"{number:032x}",
        rev=1,
        state=LeadState.RECEIVED,
        source_id="web-form",
        campaign_id="solar",
        received_at=at,
        moved_at=at,
        contact=Contact(phone="2025550143"),
        attempt=attempt,
        watch_at=at,
    )
