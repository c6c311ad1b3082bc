"""The six simulated buyers answer alike in every run, never change their mind, and misbehave where they should."""

import base64
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.buyers_auth import SECRETS, by_signature
from local.buyers_six import Mirage, Slowpoke, six
from local.buyers_wire import Asked, Break, Reply
from tests.unit.baton_side import (
    GOOD,
    KEYS,
    NAMES,
    PERSON,
    POOR,
    a_buyer,
    asked,
    ping,
    post,
    said,
    signed,
    won,
)


@pytest.mark.parametrize("name", ["harbor", "summit", "slowpoke", "mirage", "flaky"])
def test_without_faults_a_buyer_takes_the_lead_at_its_bid(name: str) -> None:
    buyer = a_buyer(name)
    bid = ping(buyer, GOOD)
    terms = {"reference": bid["reference"], "price_cents": round(bid["price"])}

    answer = post(buyer, "w1", **terms)

    assert answer["status"] == "accepted"
    assert answer["price"] == bid["price"]
    assert buyer.book.document()["posts"]["w1"]["price_cents"] == terms["price_cents"]
    assert buyer.book.document()["posts"]["w1"]["lead_id"] == "l1"


@pytest.mark.parametrize("name", ["harbor", "summit", "slowpoke", "flaky"])
def test_a_good_lead_gets_a_higher_bid_than_a_poor_one(name: str) -> None:
    assert ping(a_buyer(name), GOOD)["price"] > ping(a_buyer(name), POOR)["price"]


def test_harbor_bids_12_to_38_dollars() -> None:
    harbor = a_buyer("harbor")
    prices = [
        ping(harbor, {**fields, "vehicle_year": str(y)})["price"]
        for fields in (GOOD, POOR)
        for y in range(1996, 2026)
    ]

    assert min(prices) >= 1200
    assert max(prices) <= 3800
    assert len(set(prices)) > 10


def test_harbor_bids_nothing_for_an_old_vehicle() -> None:
    assert ping(a_buyer("harbor"), {**GOOD, "vehicle_year": "1989"})["reason"] == "vehicle is too old"


def test_a_price_above_the_bid_is_refused() -> None:
    harbor = a_buyer("harbor")
    terms = won(harbor)

    assert (
        post(harbor, "w1", **{**terms, "price_cents": terms["price_cents"] + 1})["reason"]
        == "price is too high"
    )


def test_a_bid_that_was_never_made_binds_nobody() -> None:
    assert (
        post(a_buyer("summit"), "w1", reference="made-up", price_cents=1)["reason"] == "there was no such bid"
    )


def test_without_a_bid_harbor_pays_its_standing_price_and_others_nothing() -> None:
    assert post(a_buyer("harbor"), "w1", price_cents=900)["status"] == "accepted"
    assert post(a_buyer("harbor"), "w1", price_cents=901)["status"] == "rejected"
    assert post(a_buyer("summit"), "w1", price_cents=1)["status"] == "rejected"


def test_summit_bids_for_nobody_whom_it_has_bought() -> None:
    summit = a_buyer("summit")
    known = {**GOOD, "email_sha256": PERSON["email_sha256"]}
    terms, again = won(summit, known), won(summit, {**known, "state": "NY"})
    assert post(summit, "w1", **terms)["status"] == "accepted"

    assert ping(summit, known)["reason"] == "duplicate"
    assert ping(summit, {**known, "email_sha256": "0" * 64})["status"] == "bid"
    assert post(summit, "w2", **again)["reason"] == "duplicate"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("faults", [True, False])
def test_a_repeated_webhook_id_is_answered_as_the_first_time_and_counts_once(name: str, faults: bool) -> None:
    buyer = a_buyer(name, faults=faults)
    for n in range(40):
        first = post(buyer, f"w{n}", **won(buyer), email_sha256=f"{n}")
        # What a repetition says of the lead makes no difference.
        again = post(buyer, f"w{n}", price_cents=10**6, email_sha256="0")
        assert again == first or "unknown" in {again["status"], first["status"]}
    book = buyer.book.document()

    assert book["posts"].keys() | book["lost"].keys() == {f"w{n}" for n in range(40)}
    assert len(book["posts"]) + sum(book["duplicates"].values()) + sum(book["lost"].values()) == 80


def run_of_all(seed: int, order: int) -> dict[str, Reply]:
    """What all six say to sixty pings and posts, each to be found by buyer and number."""
    found: dict[str, Reply] = {}
    for buyer in six(seed, faults=True).values():
        for n in range(60)[::order]:
            fields = {**GOOD, "vehicle_year": str(1960 + n)}
            found[f"{buyer.name} ping {n}"] = buyer.answer("ping", asked(buyer, fields))
            request = asked(buyer, {"last_name": "Yardley", **won(buyer, fields)}, f"w{n}")
            found[f"{buyer.name} post {n}"] = buyer.answer("post", request)
    return found


def test_the_same_seed_gives_the_same_run_in_any_order() -> None:
    assert run_of_all(1, order=1) == run_of_all(1, order=-1)


def test_another_seed_gives_other_prices_other_waits_and_other_breaks() -> None:
    one, other = run_of_all(1, order=1), run_of_all(2, order=1)
    harbors = [a_buyer("harbor", seed=seed) for seed in (1, 2)]

    assert ping(harbors[0], GOOD)["price"] != ping(harbors[1], GOOD)["price"]
    assert [reply.after_ms for reply in one.values()] != [reply.after_ms for reply in other.values()]
    assert [reply.breaks for reply in one.values()] != [reply.breaks for reply in other.values()]


def test_slowpoke_takes_300_to_2500_ms_for_a_ping_unless_all_are_honest() -> None:
    slow, quick = Slowpoke(1, faults=True), Slowpoke(1, faults=False)
    pings = [asked(slow, {**GOOD, "vehicle_year": str(year)}) for year in range(1950, 2026)]
    waits = [slow.answer("ping", one).after_ms for one in pings]

    assert 300 <= min(waits) < 600
    assert 2200 < max(waits) <= 2500
    assert not any(quick.answer("ping", one).after_ms for one in pings)


def test_mirage_outbids_everybody_and_then_takes_few_leads_some_of_them_for_less() -> None:
    mirage = Mirage(1, faults=True)
    replies = [
        mirage.answer("ping", asked(mirage, {**GOOD, "vehicle_year": str(year)}))
        for year in range(1900, 2026)
    ]
    bids = mirage.book.document()["bids"]
    for n, (reference, cents) in enumerate(bids.items()):
        post(mirage, f"w{n}", reference=reference, price_cents=cents)
    posts = mirage.book.document()["posts"].values()
    refused = [one for one in posts if one["reason"] == "price changed"]
    cheaper = [
        one for one in posts if one["answer"] == "accepted" and one["price_cents"] < one["asked_cents"]
    ]

    assert min(bids.values()) > 4000
    assert len(replies) > len(bids)
    assert mirage.book.document()["pings"]["nonsense"] == len(replies) - len(bids)
    assert len(refused) > len(bids) / 2
    assert 0 < len(cheaper) < len(bids) / 3
    assert any(one["answer"] == "accepted" and one["price_cents"] == one["asked_cents"] for one in posts)


def test_flaky_books_the_lead_before_it_drops_the_connection() -> None:
    flaky = a_buyer("flaky", faults=True)
    fields = next(
        fields
        for fields in ({**GOOD, "vehicle_year": str(year)} for year in range(2000, 2026))
        if flaky.answer("ping", asked(flaky, fields)).breaks is Break.NOT
    )
    terms = won(flaky, fields)
    replies = {f"w{n}": flaky.answer("post", asked(flaky, {**PERSON, **terms}, f"w{n}")) for n in range(200)}
    book = flaky.book.document()
    silent = [w for w, reply in replies.items() if reply.breaks is Break.UNANSWERED and w in book["posts"]]

    assert silent
    assert all(book["posts"][w]["answer"] == "accepted" for w in silent)
    assert any(reply.breaks is Break.HALF for reply in replies.values())
    assert book["lost"]
    for w in replies:
        known = said(flaky, flaky.answer("status", asked(flaky, {}, w)))["status"]
        assert known == ("accepted" if w in book["posts"] else "unknown")


def test_grump_bids_nothing_and_refuses_every_post() -> None:
    grump = a_buyer("grump")
    replies = [
        grump.answer("ping", Asked({}, {"state": "CA", "vehicle_year": str(y)}, b"")) for y in range(50)
    ]
    refusal = grump.answer("post", asked(grump, PERSON, "w1"))

    assert {reply.status for reply in replies} == {200, 204}
    assert all(json.loads(reply.body)["price"] == 0 for reply in replies if reply.status == 200)
    assert (refusal.status, json.loads(refusal.body)["status"]) == (422, "rejected")


@pytest.mark.parametrize("name", ["harbor", "summit", "slowpoke", "mirage", "flaky"])
@pytest.mark.parametrize("action", ["ping", "post", "status", "returns"])
def test_a_caller_without_the_secret_is_turned_away_and_not_booked(name: str, action: str) -> None:
    buyer = a_buyer(name)
    stranger = Asked({"content-type": "application/json", "webhook-id": "w1"}, {"key": "guessed"}, b"{}")

    assert buyer.answer(action, stranger).status == 401
    assert buyer.book.document()["strangers"] == 1
    assert not buyer.book.document()["posts"]
    assert not buyer.book.document()["pings"]


def test_harbor_refuses_a_forged_changed_or_old_signature() -> None:
    check, body = by_signature(SECRETS["harbor-post"]), b'{"last_name": "Yardley"}'
    forged = "whsec_" + base64.b64encode(b"not the secret").decode()

    assert check(Asked(signed("w1", body), {}, body))
    assert not check(Asked(signed("w1", body, key=forged), {}, body))
    assert not check(Asked(signed("w1", body), {}, body + b" "))
    assert not check(Asked({**signed("w1", body), "webhook-id": "w2"}, {}, body))
    assert not check(Asked(signed("w1", body, at=time.time() - 600), {}, body))
    assert not check(Asked({**signed("w1", body), "webhook-timestamp": "soon"}, {}, body))


def test_one_of_several_signatures_is_enough() -> None:
    headers = signed("w1", b"{}")
    headers["webhook-signature"] = f"v1,bm90IHRoaXM= {headers['webhook-signature']}"

    assert by_signature(SECRETS["harbor-post"])(Asked(headers, {}, b"{}"))


def test_a_body_of_another_format_is_refused_with_the_reason() -> None:
    summit = a_buyer("summit")
    request = Asked({**KEYS["summit"], "content-type": "application/json"}, {}, b"{}")
    broken = Asked({**KEYS["summit"], "content-type": "text/xml"}, {}, b"<a>")

    assert summit.answer("ping", request).status == 400
    assert b"it must be application/xml" in summit.answer("ping", request).body
    assert b"is no xml" in summit.answer("ping", broken).body


def test_a_post_without_a_webhook_id_is_refused() -> None:
    slowpoke = a_buyer("slowpoke")

    assert slowpoke.answer("post", asked(slowpoke, PERSON)).status == 400


def test_a_ping_is_kept_as_it_was_sent_so_that_personal_data_in_it_can_be_found() -> None:
    harbor = a_buyer("harbor")
    body = json.dumps({"state": "CA", "extra": {"phone": "+12025550147"}}).encode()
    harbor.answer("ping", Asked({**KEYS["harbor"], "content-type": "application/json"}, {}, body))

    assert harbor.book.document()["latest_pings"] == [{"state": "CA", "extra.phone": "+12025550147"}]


def test_what_became_of_a_return_is_noted_once() -> None:
    summit = a_buyer("summit")
    for _ in range(2):
        assert (
            said(summit, summit.answer("returns", asked(summit, {"lead_id": "l1"}, "r1")))["status"]
            == "accepted"
        )

    assert summit.book.document()["return_notices"] == [{"deal.lead": "l1"}]


def test_deliveries_of_one_id_at_the_same_moment_get_one_verdict() -> None:
    harbor = a_buyer("harbor")
    terms = won(harbor)
    barrier = threading.Barrier(8)

    def deliver(cents: int) -> str:
        barrier.wait()
        return str(post(harbor, "w1", reference=terms["reference"], price_cents=cents)["status"])

    # Half of them ask for more than was bid: whichever is first decides for all.
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(deliver, [terms["price_cents"], terms["price_cents"] + 1] * 4))

    assert len(answers) == 1
    assert harbor.book.document()["duplicates"] == {"w1": 7}
