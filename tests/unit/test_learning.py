"""The score that learns: what it says, that its reasons add up to it, and that it stays small whatever comes."""

import csv
from functools import cache
from math import exp, log
from pathlib import Path
from random import Random
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.domain.learning import Learner
from baton.domain.learning_evaluation import Evaluation
from baton.domain.learning_field import PLACES
from baton.domain.learning_fields import MAX_CELLS, MAX_FIELDS
from baton.domain.learning_prediction import Prediction, Settings

LEADS = Path(__file__).parents[3] / "shared" / "data" / "xeducation-leads.csv"
INTAKE = (
    "Lead Origin",
    "Lead Source",
    "TotalVisits",
    "Total Time Spent on Website",
    "Specialization",
    "What is your current occupation",
)
BYTES = 60_000

type Example = tuple[dict[str, object], bool]

few = settings(max_examples=20)
answers = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=60),
    st.lists(st.one_of(st.text(max_size=5), st.integers(), st.none()), max_size=20),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)
leads = st.dictionaries(st.text(max_size=8), answers, max_size=8)


def taught(examples: list[Example], settings: Settings | None = None) -> Learner:
    """A learner that has learned of these leads."""
    learner = Learner(settings or Settings())
    for facts, converted in examples:
        learner.learn(facts, converted)
    return learner


def some_leads(count: int = 1500) -> list[Example]:
    """Leads of which we know how likely each was to convert: by source, by an odd number, and by a code."""
    dice = Random(11)
    made: list[Example] = []
    for _ in range(count):
        source, code = dice.choice(["search", "friends", "ads"]), dice.choice([3, 7, 20, 21])
        turnover = dice.lognormvariate(12, 3)
        odds = {"search": 0.0, "friends": 1.5, "ads": -1.5}[source] + {3: 1.0, 7: -1.0, 20: 1.0, 21: -1.0}[
            code
        ]
        odds += 1.0 if turnover > exp(12) else -1.0
        facts: dict[str, object] = {
            "source": source,
            "code": code,
            "turnover": turnover,
            "noise": dice.random(),
        }
        made.append((facts, dice.random() < 1 / (1 + exp(-odds))))
    return made


@cache
def learned() -> Learner:
    """A learner that has learned of some leads; for asking only."""
    return taught(some_leads())


def odds_of(prediction: Prediction) -> float:
    """The log-odds of what was predicted."""
    return log(prediction.probability / (1 - prediction.probability))


def test_a_learner_tells_good_leads_from_bad_ones_and_its_probabilities_are_true() -> None:
    examples = some_leads(1800)
    learner = taught(examples[:1000])
    found = Evaluation(half_life=None)

    for facts, converted in examples[1000:]:
        found.count(learner.predict(facts).probability, converted)

    assert (found.auc or 0) > 0.85
    assert (found.brier or 1) < 0.16
    assert (found.calibration_error or 1) < 0.08


def test_codes_that_are_numbers_are_told_apart_one_by_one() -> None:
    learner = learned()

    by_code = {code: learner.predict({"code": code}).probability for code in (3, 7, 20, 21)}

    assert min(by_code[3], by_code[20]) > max(by_code[7], by_code[21]) + 0.2


def test_turnovers_between_cents_and_billions_are_compared_by_their_order() -> None:
    learner = learned()

    low, high, beyond = (learner.predict({"turnover": amount}) for amount in (900.0, 9e6, 1e300))

    assert high.probability > low.probability + 0.15
    assert beyond.probability > low.probability + 0.15


def test_what_speaks_for_a_lead_stands_first_with_its_value() -> None:
    found = learned().predict({"source": "Friends ", "noise": 0.5})

    strongest = found.reasons[0]
    assert (strongest.field, strongest.value) == ("source", "friends")
    assert strongest.log_odds > 0.5
    assert next(reason for reason in found.reasons if reason.field == "noise").log_odds == pytest.approx(
        0, abs=0.3
    )


def test_a_number_is_explained_by_its_range() -> None:
    found = learned().predict({"turnover": 160_000.0})

    value = next(reason.value for reason in found.reasons if reason.field == "turnover")
    low, high = (float(end) for end in value.split(" to "))
    assert low <= 160_000 <= high < 50 * low


def test_before_there_are_enough_outcomes_of_both_kinds_a_learner_says_so() -> None:
    only_lost: list[Example] = [({"source": "ads"}, False)] * 150

    assert not Learner().predict({}).enough
    assert not taught(some_leads(99)).predict({}).enough
    assert not taught(only_lost).predict({}).enough
    assert taught(some_leads(150)).predict({}).enough
    assert taught(some_leads(150)).predict({}).outcomes == 150


def test_a_learner_that_knows_nothing_gives_every_lead_one_half() -> None:
    assert Learner().predict({"source": "ads"}).probability == 0.5


def test_values_that_never_came_before_say_next_to_nothing() -> None:
    learner = learned()

    found = learner.predict({"source": "a word of its own", "code": "x", "never heard of": 3})

    assert abs(next(reason.log_odds for reason in found.reasons if reason.field == "source")) < 0.3


def test_an_absent_answer_says_something_where_leads_without_it_end_otherwise() -> None:
    dice = Random(3)
    examples: list[Example] = []
    for _ in range(600):
        budget = dice.random() < 0.5
        examples.append(
            ({"budget": 10.0 * dice.randrange(9)} if budget else {}, dice.random() < 0.2 + 0.5 * budget)
        )
    learner = taught(examples)

    assert learner.predict({}).probability == pytest.approx(0.2, abs=0.08)
    assert learner.predict({"budget": 40}).probability == pytest.approx(0.7, abs=0.08)
    assert learner.predict({}).reasons[0].value == "(none)"


def test_each_element_of_a_list_counts() -> None:
    dice = Random(4)
    examples: list[Example] = []
    for _ in range(1500):
        likes = [thing for thing in "pqr" if dice.random() < 0.4]
        odds = 1.5 * ("p" in likes) - 1.5 * ("q" in likes)
        examples.append(({"likes": likes}, dice.random() < 1 / (1 + exp(-odds))))
    learner = taught(examples)

    said = {likes: learner.predict({"likes": list(likes)}).probability for likes in ("p", "q", "pq", "r", "")}

    assert said["p"] > max(said["pq"], said["r"]) + 0.1
    assert said["q"] < min(said["pq"], said["r"]) - 0.1
    assert said["r"] == pytest.approx(said[""], abs=0.12)


def test_yes_from_a_form_is_the_same_as_true_and_a_number_in_a_text_is_a_number() -> None:
    dice = Random(8)
    examples: list[Example] = [
        ({"owner": dice.random() < 0.5, "rooms": dice.randrange(9)}, False) for _ in range(400)
    ]
    learner = taught([(facts, dice.random() < (0.7 if facts["owner"] else 0.3)) for facts, _ in examples])

    assert learner.predict({"owner": "True", "rooms": "4"}) == learner.predict({"owner": True, "rooms": 4})
    assert learner.predict({"owner": 1}).probability != learner.predict({"owner": True}).probability


@few
@given(st.lists(st.tuples(leads, st.booleans()), max_size=30), leads)
def test_reasons_and_base_sum_to_the_prediction_whatever_the_leads(
    examples: list[Example], lead: dict[str, object]
) -> None:
    found = taught(examples).predict(lead)

    assert 0 < found.probability < 1
    assert found.base + sum(reason.log_odds for reason in found.reasons) == pytest.approx(
        odds_of(found), abs=1e-6
    )


@few
@given(st.lists(st.tuples(leads, st.booleans()), max_size=30), leads)
def test_a_learner_is_the_same_after_it_was_stored(examples: list[Example], lead: dict[str, object]) -> None:
    learner = taught(examples)
    stored = learner.to_json()

    again = Learner.from_json(stored)

    assert again.to_json() == stored
    assert again.predict(lead).probability == pytest.approx(learner.predict(lead).probability, abs=1e-3)


def test_a_learner_that_is_stored_after_every_outcome_learns_as_well() -> None:
    examples = some_leads(250)
    stored = Learner()
    for facts, converted in examples:
        stored = stored.copy()
        stored.learn(facts, converted)

    kept = taught(examples)

    for facts, _ in examples[:50]:
        assert stored.predict(facts).probability == pytest.approx(kept.predict(facts).probability, abs=0.01)


def test_equal_histories_give_equal_documents() -> None:
    other_order = [(dict(reversed(facts.items())), converted) for facts, converted in some_leads(300)]

    assert taught(some_leads(300)).to_json() == taught(other_order).to_json()


def test_asking_changes_nothing() -> None:
    learner = taught(some_leads(300))
    before = learner.to_json()

    for facts, _ in some_leads(500):
        learner.predict(facts)

    assert learner.to_json() == before


def test_a_document_stays_small_whatever_it_is_fed() -> None:
    dice = Random(1)
    learner = Learner()
    letters = ['"', "\\", "\u0000", "\U0001f600", "z", "é"]
    for number in range(150):
        often: dict[str, object] = {
            f"field {n} {'é' * 30}": dice.choice(letters) * 9 + str(dice.randrange(60)) for n in range(45)
        }
        once: dict[str, object] = {f"{number} {n}": dice.random() for n in range(5)}
        numbers: dict[str, object] = {f"number {n}": dice.gauss(0, 1) ** 9 for n in range(10)}
        learner.learn(often | once | numbers, dice.random() < 0.3)

    kept = learner.as_json()["fields"]["known"]
    assert len(learner.to_json().encode()) < BYTES
    assert len(kept) <= MAX_FIELDS
    assert sum(len(one["words"]) + len(one["ranges"]) for one in kept.values()) <= MAX_CELLS


def test_a_word_that_comes_often_keeps_its_place_among_thousands_that_come_once() -> None:
    dice = Random(2)
    examples: list[Example] = []
    for number in range(2000):
        often = dice.random() < 0.1
        examples.append(
            ({"company": "acme" if often else f"company {number}"}, dice.random() < (0.8 if often else 0.2))
        )

    learner = taught(examples)

    assert learner.predict({"company": "Acme"}).probability == pytest.approx(0.8, abs=0.1)
    assert learner.predict({"company": "company 99999"}).probability == pytest.approx(0.2, abs=0.1)


def test_a_word_that_begins_to_come_often_gets_a_place_although_all_are_taken() -> None:
    dice = Random(12)
    examples: list[Example] = [
        ({"company": f"early {number % PLACES}"}, number % 5 == 0) for number in range(5 * PLACES)
    ]
    for number in range(1000):
        often = dice.random() < 0.1
        examples.append(
            ({"company": "acme" if often else f"company {number}"}, dice.random() < (0.8 if often else 0.2))
        )

    assert taught(examples).predict({"company": "acme"}).probability > 0.55


def test_a_field_that_comes_later_and_often_takes_the_place_of_one_that_came_once() -> None:
    dice = Random(6)
    once: list[Example] = [({f"odd {n}": "x"}, n % 2 == 0) for n in range(MAX_FIELDS)]
    later: list[Example] = []
    for _ in range(260):
        owner = dice.random() < 0.5
        later.append(({"owner": owner}, dice.random() < (0.8 if owner else 0.2)))

    learner = taught(once + later)

    assert learner.predict({"owner": True}).probability == pytest.approx(0.8, abs=0.1)


def test_what_people_wrote_is_not_in_the_document_however_often_they_wrote_it() -> None:
    secret = "maria lopez"
    examples: list[Example] = [
        ({"who": f"person {n}", "channel": "web", "phone": "2025550143"}, n % 3 == 0) for n in range(80)
    ]

    hers: list[Example] = [({"who": secret}, True)] * 20
    stored = taught([*examples, *hers]).to_json()

    assert not [text for text in (secret, "person 7", "web", "2025550143") if text in stored]


def test_an_answer_that_gives_the_outcome_away_is_found_and_left_out() -> None:
    examples = [
        (facts | {"status": "closed won" if converted else "closed lost"}, converted)
        for facts, converted in some_leads(800)
    ]
    learner = taught(examples)

    assert list(learner.left_out) == ["status"]
    assert "status" not in {reason.field for reason in learner.predict(examples[0][0]).reasons}
    honest = taught(some_leads(800))
    differences = [
        abs(learner.predict(facts).probability - honest.predict(facts).probability)
        for facts, _ in examples[-300:]
    ]
    assert mean(differences) < 0.03


def test_a_field_that_only_lost_leads_have_is_found_and_left_out() -> None:
    examples = [
        (facts if converted or number % 4 else facts | {"why_lost": "price"}, converted)
        for number, (facts, converted) in enumerate(some_leads(800))
    ]

    assert taught(examples).left_out == {"why_lost": "is there only in leads that were lost"}


def test_honest_fields_stay_however_good_they_are() -> None:
    dice = Random(9)
    examples: list[Example] = []
    for _ in range(2000):
        friend = dice.random() < 0.3
        examples.append(
            (
                {"by": "friend" if friend else f"ad {dice.randrange(999)}"},
                dice.random() < (0.9 if friend else 0.15),
            )
        )

    assert not taught(examples).left_out


def test_a_field_that_somebody_vouches_for_is_learned_from_and_one_to_be_ignored_is_not() -> None:
    examples = [
        (
            {"status": "won" if converted else "lost", "crm.note": str(converted), "source": facts["source"]},
            converted,
        )
        for facts, converted in some_leads(500)
    ]

    learner = taught(examples, Settings(trusted=("status",), ignore=("crm",)))

    assert not learner.left_out
    assert {reason.field for reason in learner.predict({}).reasons} == {"status", "source"}
    assert learner.predict({"status": "won"}).probability > 0.8


def test_what_somebody_says_of_a_field_later_holds_for_what_was_learned_before() -> None:
    learner = taught([(facts | {"status": "won" if won else "lost"}, won) for facts, won in some_leads(400)])
    assert list(learner.left_out) == ["status"]

    learner.follow(Settings(trusted=("status",), ignore=("noise",)))
    for facts, converted in some_leads(200):
        learner.learn(facts | {"status": "won" if converted else "lost"}, converted)

    assert list(learner.left_out) == ["noise"]
    assert learner.predict({"status": "won"}).reasons[0].field == "status"


def test_a_lead_that_converts_after_all_counts_as_converted() -> None:
    examples = some_leads(600)
    flipped, (facts, _) = taught(examples), examples[0]
    flipped.learn(facts, False)
    flipped.learn(facts, True, was=False)
    straight = taught(examples)
    straight.learn(facts, True)

    assert (flipped.won, flipped.lost) == (straight.won, straight.lost)
    assert flipped.predict(facts).probability == pytest.approx(straight.predict(facts).probability, abs=0.02)


def test_hearing_the_same_outcome_again_changes_nothing() -> None:
    learner = taught(some_leads(200))
    before = learner.to_json()

    learner.learn(some_leads(1)[0][0], True, was=True)

    assert learner.to_json() == before


def test_a_learner_with_a_short_memory_follows_when_the_world_turns() -> None:
    turned: list[Example] = [(facts, not converted) for facts, converted in some_leads(500)]
    steady, quick = (
        taught(some_leads(900) + turned, Settings(memory=memory, half_life=half_life))
        for memory, half_life in ((2000, None), (300, 200))
    )

    for learner, expected in ((quick, True), (steady, False)):
        said = [learner.predict({"source": source}).probability for source in ("ads", "friends")]
        assert (said[0] > said[1] + 0.2) is expected


@pytest.mark.skipif(not LEADS.exists(), reason=f"../shared/data/{LEADS.name} is not there")
def test_real_leads_are_rated_as_well_as_by_a_regression_over_all_of_them_at_once() -> None:
    with LEADS.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: float(row["Lead Number"]))
    examples: list[Example] = [
        ({name: row[name] for name in INTAKE}, row["Converted"] == "1.0") for row in rows
    ]
    cut = int(0.7 * len(examples))
    learner, found = taught(examples[:cut]), Evaluation(half_life=None)

    for facts, converted in examples[cut:]:
        found.count(learner.predict(facts).probability, converted)

    assert (found.auc or 0) > 0.875
    assert (found.brier or 1) < 0.14
    assert (found.calibration_error or 1) < 0.06
