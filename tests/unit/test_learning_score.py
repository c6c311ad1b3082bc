"""Champion, challenger and rules side by side: how good each is, who leads, and when to change."""

from math import exp
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.domain.learning_evaluation import Evaluation
from baton.domain.learning_points import PointsRate
from baton.domain.learning_score import LearnedScore, Scorer, Why, standing

BYTES = 150_000

type Said = list[tuple[float, bool]]
type Example = tuple[dict[str, object], float, bool]

predictions = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60)


def evaluated(said: Said, half_life: int | None = None) -> Evaluation:
    """What came of these predictions."""
    evaluation = Evaluation(half_life)
    for probability, converted in said:
        evaluation.count(probability, converted)
    return evaluation


def leads_in(world: str, count: int, seed: int = 0) -> list[Example]:
    """Leads with the rules' points; in the world "turned" what was good is bad."""
    dice = Random(f"{world}{seed}")
    made: list[Example] = []
    for _ in range(count):
        source, visits = dice.choice(["ads", "friends"]), dice.randrange(10)
        odds = (1.5 if (source == "friends") is (world == "usual") else -1.5) + (visits - 4.5) / 4
        made.append(
            ({"source": source, "visits": visits}, 10.0 * visits, dice.random() < 1 / (1 + exp(-odds)))
        )
    return made


def after(*examples: Example) -> LearnedScore:
    """The learned score of a campaign with these leads."""
    score = LearnedScore()
    for facts, points, converted in examples:
        score.learn(facts, converted, points=points)
    return score


def test_figures_of_four_predictions_are_those_that_one_works_out_by_hand() -> None:
    found = evaluated([(0.9, True), (0.6, False), (0.4, True), (0.1, False)])

    assert found.auc == 0.75
    assert found.brier == pytest.approx((0.01 + 0.36 + 0.36 + 0.01) / 4)
    assert found.log_loss == pytest.approx((0.10536 + 0.91629) / 2, abs=1e-4)
    assert found.calibration_error == pytest.approx((0.1 + 0.6 + 0.6 + 0.1) / 4)


def test_nothing_is_said_of_no_outcomes_and_no_auc_of_one_kind() -> None:
    nothing, only_lost = evaluated([]), evaluated([(0.2, False)])
    figures = (nothing.auc, nothing.brier, nothing.log_loss, nothing.calibration_error)

    assert [figure for figure in figures if figure is not None] == []
    assert nothing.calibration == ()
    assert only_lost.auc is None
    assert only_lost.brier == pytest.approx(0.04)


@settings(max_examples=30)
@given(predictions)
def test_the_auc_from_counts_is_nearly_the_one_from_all_pairs(said: Said) -> None:
    won = [given for given, converted in said if converted]
    lost = [given for given, converted in said if not converted]
    found = evaluated(said).auc

    if not won or not lost:
        assert found is None
        return
    # Pairs closer than a bin, or beyond the last one, may count as ties.
    near = sum(abs(a - b) < 0.06 for a in won for b in lost) / 2
    exact = sum((a > b) + (a == b) / 2 for a in won for b in lost)
    assert found == pytest.approx(exact / (len(won) * len(lost)), abs=near / (len(won) * len(lost)) + 1e-9)


@settings(max_examples=30)
@given(predictions, predictions)
def test_two_evaluations_together_are_one_of_all_their_outcomes(first: Said, second: Said) -> None:
    both = evaluated(first).merged(evaluated(second))

    assert both.counted == len(first) + len(second)
    assert both.auc == pytest.approx(evaluated(first + second).auc)
    assert both.brier == pytest.approx(evaluated(first + second).brier)


def test_an_evaluation_is_the_same_after_it_was_stored() -> None:
    found = evaluated([(0.9, True), (0.6, False), (0.4, True), (0.1, False)] * 50, half_life=30)

    again = Evaluation.from_json(found.to_json())

    assert again.auc == pytest.approx(found.auc, abs=1e-4)
    assert again.brier == pytest.approx(found.brier, abs=1e-4)
    assert again.calibration_error == pytest.approx(found.calibration_error, abs=1e-4)
    assert len(again.to_json()) < 4000


def test_an_outcome_that_changes_is_counted_once() -> None:
    found = evaluated([(0.7, True), (0.3, False)])
    found.count(0.7, False, was=True)

    assert (found.counted, *found.outcomes) == (2, 2.0, 0.0)
    assert found.brier == pytest.approx((0.49 + 0.09) / 2)


def test_old_predictions_fade() -> None:
    bad: Said = [(0.9, False), (0.1, True)]
    good: Said = [(0.9, True), (0.1, False)]

    found = evaluated(bad * 100 + good * 100, half_life=20)

    assert (found.brier or 1) < 0.02
    assert sum(found.outcomes) == pytest.approx(20 / 0.693, rel=0.05)


def test_points_become_the_conversion_of_leads_with_about_as_many() -> None:
    rates, dice = PointsRate(), Random(1)
    for _ in range(2000):
        points = dice.randrange(0, 100)
        rates.learn(points, dice.random() < points / 100)

    assert PointsRate().probability(50) == 0.5
    assert rates.probability(15) == pytest.approx(0.15, abs=0.08)
    assert rates.probability(85) == pytest.approx(0.85, abs=0.08)
    assert PointsRate.of(rates.as_json()).probability(85) == rates.probability(85)


def test_until_the_learners_have_seen_enough_the_rules_lead() -> None:
    found = standing(after(*leads_in("usual", 90)))

    assert (found.leader, found.promote, found.why, found.compared) == (Scorer.RULES, False, Why.TOO_FEW, 0)


def test_in_a_steady_world_the_champion_stays() -> None:
    score = after(*leads_in("usual", 600))
    found = standing(score)
    marks = score.evaluations

    assert not found.promote
    assert found.leader is not Scorer.RULES
    assert (marks[Scorer.CHAMPION].auc or 0) > (marks[Scorer.RULES].auc or 1)
    assert (marks[Scorer.CHAMPION].brier or 1) < (marks[Scorer.RULES].brier or 0)
    assert found.compared == marks[Scorer.CHAMPION].counted == 500


def test_when_the_world_has_turned_the_challenger_is_suggested_and_takes_over_with_its_figures() -> None:
    score = after(*leads_in("usual", 800), *leads_in("turned", 500))
    found, figures = standing(score), score.evaluations[Scorer.CHALLENGER]
    challenger = score.challenger

    assert (found.leader, found.promote, found.why) == (Scorer.CHALLENGER, True, Why.BETTER)
    score.promote()

    assert score.champion is challenger
    assert score.evaluations[Scorer.CHAMPION] is figures
    assert standing(score).why is Why.TOO_FEW


def test_two_that_are_equally_good_are_left_where_they_are() -> None:
    score = LearnedScore()
    for facts, points, converted in leads_in("usual", 350):
        score.learn(facts, converted, points=points, given=dict.fromkeys(Scorer, 0.5))

    found = standing(score)

    assert (found.promote, found.why, found.sureness) == (False, Why.NOT_SURE, 0.0)


def test_what_was_said_at_intake_is_judged_and_not_what_would_be_said_today() -> None:
    score = after(*leads_in("usual", 150))
    score.learn({"source": "ads", "visits": 1}, True, given={Scorer.CHAMPION: 0.01})

    straight = after(*leads_in("usual", 150))
    straight.learn({"source": "ads", "visits": 1}, True)
    judged, otherwise = (one.evaluations[Scorer.CHAMPION].brier or 0 for one in (score, straight))
    assert judged > otherwise


def test_a_lead_that_converts_after_all_is_judged_once() -> None:
    score = after(*leads_in("usual", 150))
    counted, outcomes = score.evaluations[Scorer.CHAMPION].counted, score.champion.outcomes
    facts: dict[str, object] = {"source": "ads", "visits": 1}

    score.learn(facts, False, points=10, given=dict.fromkeys(Scorer, 0.2))
    score.learn(facts, True, points=10, given=dict.fromkeys(Scorer, 0.2), was=False)

    assert [score.evaluations[scorer].counted for scorer in Scorer] == [counted + 1] * 3
    assert score.champion.outcomes == outcomes + 1
    assert standing(score).compared == counted + 1


def test_everything_learned_fits_into_one_document_and_is_the_same_afterwards() -> None:
    score, dice = LearnedScore(), Random(7)
    for number in range(110):
        facts: dict[str, object] = {f"field {n}": f"word {dice.randrange(100)}" for n in range(45)}
        facts["number"] = dice.gauss(0, 1) ** 5
        score.learn(facts, number % 3 == 0, points=dice.randrange(100))
    stored = score.to_json()

    again = LearnedScore.from_json(stored)

    assert len(stored.encode()) < BYTES
    assert again.to_json() == stored
    assert standing(again) == standing(score)
    assert again.predict({"field 1": "word 1"}).probability == pytest.approx(
        score.predict({"field 1": "word 1"}).probability, abs=1e-3
    )
