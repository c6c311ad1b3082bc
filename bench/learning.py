"""The score that learns beside scikit-learn: how well it tells leads apart, how true it is, what it costs.

Oldest 70% of the leads to learn from, once and in the order of time; newest 30% to judge, of which nothing is learned.
"as it goes" goes on learning while it is judged, as it does in use. The real leads are not part of the project: without
them only the made-up ones are measured. Draws the picture in docs/scoring-learned.md.
"""

import csv
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import exp, log
from pathlib import Path
from random import Random
from typing import Any, Final

from baton.domain.learning import Learner
from baton.domain.learning_evaluation import Evaluation
from bench.table import Row

ROOT: Final = Path(__file__).resolve().parent.parent
LEADS: Final = ROOT.parent / "shared" / "data" / "xeducation-leads.csv"
PICTURE: Final = ROOT / "docs" / "images" / "calibration.svg"
AFTERWARDS: Final = (
    "Tags",
    "Lead Quality",
    "Lead Profile",
    "Last Activity",
    "Last Notable Activity",
    "Asymmetrique Activity Index",
    "Asymmetrique Profile Index",
    "Asymmetrique Activity Score",
    "Asymmetrique Profile Score",
)
"""Fields that were filled in when the lead had been worked on."""
NOT_FACTS: Final = ("Prospect ID", "Lead Number", "Converted")
LEARNED_PART: Final = 0.7
BINS: Final = 10
TIMED: Final = 300

type Example = tuple[dict[str, object], bool]


def measure() -> list[Row]:
    """A row for each set of leads and method."""
    rows = _rows("made up", made_up_leads())
    if LEADS.exists():
        return _rows("real", real_leads(), picture=PICTURE) + rows
    print(f"  Skipped: the real leads, because ../shared/data/{LEADS.name} is not there.")
    return rows


def real_leads(after: Sequence[str] = AFTERWARDS) -> list[Example]:
    """Leads of an education company by what was known at intake, oldest first."""
    with LEADS.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: float(row["Lead Number"]))
    left_out = {*after, *NOT_FACTS}
    return [
        (
            {f"attributes.{name}": text for name, text in row.items() if text and name not in left_out},
            float(row["Converted"]) == 1,
        )
        for row in rows
    ]


def made_up_leads(leads: int = 6000) -> list[Example]:
    """Leads with odd scales, numbers that are codes, rare words, lists, and answers that nobody else gave."""
    dice = Random(5)
    codes = {7: 1.5, 13: -1.0, 21: 0.0, 22: 1.2, 101: -0.5, 404: -2.0, 999: 0.3}
    made: list[Example] = []
    for number in range(leads):
        income, code, visits = (
            dice.lognormvariate(10, 2),
            dice.choice([*codes]),
            int(dice.paretovariate(0.7)) - 1,
        )
        source, balance = int(dice.paretovariate(0.8)), 1000 * dice.gauss(0, 1) ** 3
        likes = [thing for thing in "pqrst" if dice.random() < 0.3]
        odds = -1.8 + 0.3 * (log(income) - 10) + codes[code] + 0.4 * log(1 + visits) + (balance < -200)
        odds += Random(source).gauss(0, 0.8) + 0.9 * ("p" in likes) - 0.7 * ("q" in likes)
        facts: dict[str, object] = {
            "attributes.income": income,
            "attributes.balance": balance,
            "attributes.product_code": code,
            "attributes.visits": visits,
            "attribution.utm_source": f"source {source}",
            "attributes.address": f"someone{number}@example{dice.randrange(900)}.com",
            "attributes.likes": likes,
        }
        if dice.random() < 0.4:
            facts["attributes.budget_is_approved"] = True
            odds += 0.7
        made.append((facts, dice.random() < 1 / (1 + exp(-odds))))
    return made


def _rows(leads: str, examples: list[Example], picture: Path | None = None) -> list[Row]:
    cut = int(LEARNED_PART * len(examples))
    old, new = examples[:cut], examples[cut:]
    outcomes = [converted for _, converted in new]
    learner = Learner()
    for facts, converted in old:
        learner.learn(facts, converted)
    said = [learner.predict(facts).probability for facts, _ in new]
    row = _row(leads, "ours", said, outcomes)
    rows = [
        row
        | {
            "us a lead": _microseconds(lambda one: learner.predict(one[0]), new),
            "document bytes": _size(learner),
        }
    ]
    going = list(_as_it_goes(learner, new))
    rows.append(_row(leads, "ours, as it goes", going, outcomes))
    if picture:
        picture.write_text(calibration_picture(_evaluated(said, outcomes), _evaluated(going, outcomes)))
    matrix = _matrix(examples, cut)
    for name, model in _models().items():
        model.fit(matrix[:cut], [converted for _, converted in old])
        row = _row(leads, name, [float(both[1]) for both in model.predict_proba(matrix[cut:])], outcomes)
        rate_one = partial(_rate_one, model)
        rows.append(row | {"us a lead": _microseconds(rate_one, matrix[cut:])})
    return rows


def _rate_one(model: Any, features: Any) -> Any:
    return model.predict_proba(features[None])


def _as_it_goes(learner: Learner, examples: Iterable[Example]) -> Iterable[float]:
    for facts, converted in examples:
        yield learner.predict(facts).probability
        learner.learn(facts, converted)


def _row(leads: str, method: str, said: list[float], outcomes: list[bool]) -> Row:
    from sklearn.metrics import brier_score_loss, roc_auc_score  # type: ignore[import-untyped]

    return {
        "leads": leads,
        "method": method,
        "AUC": f"{roc_auc_score(outcomes, said):.4f}",
        "Brier": f"{brier_score_loss(outcomes, said):.4f}",
        "calibration error": f"{_evaluated(said, outcomes).calibration_error or 0:.4f}",
        "us a lead": "",
        "document bytes": "",
    }


def _evaluated(said: list[float], outcomes: list[bool]) -> Evaluation:
    evaluation = Evaluation(half_life=None)
    for probability, converted in zip(said, outcomes, strict=True):
        evaluation.count(probability, converted)
    return evaluation


def _microseconds(predict: Callable[[Any], Any], leads: Sequence[Any]) -> float:
    """Processor time for one lead, the others having been rated before: the best of three rounds."""
    rounds = []
    for _ in range(3):
        begun = time.process_time()
        for one in leads[:TIMED]:
            predict(one)
        rounds.append((time.process_time() - begun) / min(TIMED, len(leads)))
    return 1e6 * min(rounds)


def _size(learner: Learner) -> int:
    return len(learner.to_json().encode())


def _models() -> dict[str, Any]:
    from sklearn.ensemble import GradientBoostingClassifier  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from sklearn.naive_bayes import BernoulliNB  # type: ignore[import-untyped]

    return {
        "logistic regression": LogisticRegression(max_iter=2000),
        "gradient boosting": GradientBoostingClassifier(random_state=0),
        "naive Bayes": BernoulliNB(),
    }


def _matrix(examples: list[Example], cut: int) -> Any:
    """One column for each value that 5 of the first `cut` leads have, and for each tenth of a number's values."""
    import numpy

    columns: list[list[str]] = []
    for path in sorted({path for facts, _ in examples for path in facts}):
        values = [facts.get(path) for facts, _ in examples]
        numbers = [_number(value) for value in values]
        if all(number is not None or value is None for number, value in zip(numbers, values, strict=True)):
            known = [number for number in numbers[:cut] if number is not None]
            if len(set(known)) > BINS:
                edges = numpy.unique(numpy.quantile(known, [n / BINS for n in range(1, BINS)]))
                bins = [
                    None if n is None else int(numpy.searchsorted(edges, n, side="right")) for n in numbers
                ]
                columns.append([f"{path}={one}" for one in bins])
                continue
        if any(isinstance(value, list) for value in values):
            elements = sorted({one for value in values if isinstance(value, list) for one in value})
            lists = [value if isinstance(value, list) else [] for value in values]
            columns += [[f"{path}[{one}]={one in value}" for value in lists] for one in elements]
            continue
        columns.append([f"{path}={value}" for value in values])
    names: dict[str, int] = {}
    for column in columns:
        old = column[:cut]
        for name in dict.fromkeys(old):
            if old.count(name) >= 5:
                names.setdefault(name, len(names))
    matrix = numpy.zeros((len(examples), len(names)))
    for column in columns:
        for at, name in enumerate(column):
            if name in names:
                matrix[at, names[name]] = 1
    return matrix


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except ValueError:
        return None


def calibration_picture(frozen: Evaluation, going: Evaluation) -> str:
    """Predicted and real conversion as an SVG: for each tenth a dot as large as it has leads, and its error bar."""
    size, edge = 300, 50
    groups = going.calibration
    most = max(group.outcomes for group in groups)

    def across(part: float) -> float:
        return round(edge + size * part, 1)

    def down(part: float) -> float:
        return round(20 + size * (1 - part), 1)

    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 380 380" font-family="system-ui,sans-serif" '
        'font-size="12" role="img" aria-label="Predicted and real conversion lie close together">',
        '<rect width="380" height="380" rx="10" fill="#ffffff"/>',
    ]
    for n in range(0, 11, 2):
        part = n / 10
        lines += [
            f'<path d="M{across(part)} {down(0)}V{down(1)}M{across(0)} {down(part)}H{across(1)}" stroke="#e5e7eb"/>',
            f'<text x="{across(part)}" y="{down(0) + 17}" text-anchor="middle" fill="#374151">{n * 10}%</text>',
            f'<text x="{edge - 6}" y="{down(part) + 4}" text-anchor="end" fill="#374151">{n * 10}%</text>',
        ]
    lines.append(
        f'<path d="M{across(0)} {down(0)}L{across(1)} {down(1)}" stroke="#9ca3af" stroke-dasharray="5 4"/>'
    )
    lines += [
        f'<circle cx="{across(group.predicted)}" cy="{down(group.converted)}" r="5" fill="none" stroke="#6b7280"/>'
        for group in frozen.calibration
    ]
    for group in groups:
        error = 1.96 * (group.predicted * (1 - group.predicted) / group.outcomes) ** 0.5
        low, high = max(0.0, group.predicted - error), min(1.0, group.predicted + error)
        x, radius = across(group.predicted), round(3 + 5 * (group.outcomes / most) ** 0.5, 1)
        lines += [
            f'<path d="M{x} {down(low)}V{down(high)}" stroke="#93c5fd" stroke-width="5"/>',
            f'<circle cx="{x}" cy="{down(group.converted)}" r="{radius}" fill="#1d4ed8"/>',
        ]
    lines += [
        f'<text x="{across(0.5)}" y="364" text-anchor="middle" fill="#111827">predicted</text>',
        f'<text transform="translate(14 {down(0.5)}) rotate(-90)" text-anchor="middle" fill="#111827">converted</text>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"
