"""Whether reports equal a recount of the leads, and their repair: the routes of function recount."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final, Self

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from baton.domain.errors import FieldError
from baton.domain.reports.conservation import Disagreement, Fault
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.routes import Routes, check_parameters
from baton.entrypoints.problems import InvalidRequest

if TYPE_CHECKING:
    from baton.application.prove_reports import Proof, ProveReports

MAX_DAYS: Final = 400
FIRST: Final = date(2000, 1, 1)
LAST: Final = date(2099, 12, 31)

PARAMETERS: Final = ("after", "from", "to")

_HOUR: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d"
AFTER: Final = rf"^{_HOUR}(~{_HOUR}~[0-9T:.Z-]{{20,40}}~[0-9a-f]{{32}})?$"
"""An hour, and perhaps a place among the leads of those after it."""

First = Annotated[
    date, Query(alias="from", ge=FIRST, le=LAST, description="The first day, in the house's zone.")
]
Last = Annotated[date, Query(alias="to", ge=FIRST, le=LAST, description="The last day; it is included.")]
After = Annotated[
    str | None,
    Query(pattern=AFTER, description="`next` of the answer before this one."),
]


class Named(BaseModel):
    """One thing that does not add up."""

    fault: Fault
    bucket: str
    """The hour, in UTC, or the day, in the house's zone."""
    where: str
    """The lead's id, or the counter: `scope|dimension|value`."""
    expected: dict[str, int]
    """What differs, as it should be."""
    found: dict[str, int]

    @classmethod
    def of(cls, found: Disagreement) -> Self:
        """As the API shows it."""
        return cls(
            fault=found.fault,
            bucket=found.bucket.name,
            where=found.where,
            expected=dict(found.expected),
            found=dict(found.found),
        )


class ShownProof(BaseModel):
    """What a recount of the leads came to."""

    clean: bool
    """Whether everything agreed, as far as was looked at."""
    leads: int
    """Leads that there are of these days; tests are none."""
    counted: int
    """Leads of which something is counted: those that have expired since are among them."""
    states: dict[str, int]
    """How many leads are in each state: their sum is `leads`."""
    counters: int
    """Counters that were compared."""
    unsettled: int
    """Counters that were being written all the time, so that nothing can be said of them: ask again."""
    disagreements: int
    named: list[Named]
    """The first hundred of them."""
    repaired: int
    """Leads that were counted anew, and counters that were written anew."""
    next: str | None
    """Send it as `after` to go on; null: these were all the days."""

    @classmethod
    def of(cls, proof: "Proof") -> Self:
        """As the API shows it."""
        balance = proof.balance
        return cls(
            clean=not balance.disagreements and not balance.unsettled,
            leads=balance.leads,
            counted=balance.counted,
            states=dict(sorted(balance.states.items())),
            counters=balance.counters,
            unsettled=balance.unsettled,
            disagreements=balance.disagreements,
            named=[Named.of(one) for one in balance.named],
            repaired=balance.repaired,
            next=proof.next,
        )


def conservation_api(prove: Callable[[], "ProveReports"]) -> Console:
    """The handler over this use case, made when the first request needs it."""
    routes = Routes("reports")

    def conservation(first: First, last: Last, after: After = None) -> Answer:
        """Recount reports from the leads, and name what disagrees."""
        check_parameters(routes.router, PARAMETERS)
        _check(first, last)
        return as_json(200, ShownProof.of(prove()(first, last, after)).model_dump(mode="json"))

    def rebuild(first: First, last: Last, after: After = None) -> Answer:
        """Count leads anew, and write the counters anew that disagree with them."""
        check_parameters(routes.router, PARAMETERS)
        _check(first, last)
        return as_json(200, ShownProof.of(prove()(first, last, after, repair=True)).model_dump(mode="json"))

    said = described(200, ShownProof, "What was compared, and what disagreed.", "store-unavailable")
    done = described(200, ShownProof, "What disagreed, and how much was repaired.", "store-unavailable")
    routes.add("GET", "/v1/reports/conservation", conservation, "prove_reports", said)
    routes.add("POST", "/v1/reports/rebuild", rebuild, "rebuild_reports", done)
    return Console([routes.router])


def _check(first: date, last: date) -> None:
    """Raises InvalidRequest."""
    if last < first:
        raise InvalidRequest([FieldError("to", "must not be before `from`")])
    if (last - first).days >= MAX_DAYS:
        raise InvalidRequest([FieldError("to", f"must be less than {MAX_DAYS} days after `from`")])
