"""The API of what happens: every route of function explore. Nothing here changes anything."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from baton.entrypoints.console.app import Console
from baton.entrypoints.console.availability import availability
from baton.entrypoints.console.leads import leads
from baton.entrypoints.console.person_search import person_search
from baton.entrypoints.console.scores import scores_routes
from baton.entrypoints.console.simulations import simulations

if TYPE_CHECKING:
    from baton.application.explain_lead import ExplainLead
    from baton.application.find_leads import FindLeads
    from baton.application.find_person import FindPerson
    from baton.application.preview_scoring import PreviewScoring
    from baton.application.show_learned import ShowLearned
    from baton.application.show_recipient import ShowRecipient
    from baton.application.simulate_lead import SimulateLead
    from baton.application.try_score import TryScore


def exploration_api(
    find: Callable[[], "FindLeads"],
    explain: Callable[[], "ExplainLead"],
    simulate: Callable[[], "SimulateLead"],
    show: Callable[[], "ShowRecipient"],
    rate: Callable[[], "TryScore"],
    preview: Callable[[], "PreviewScoring"],
    learned: Callable[[], "ShowLearned"],
    person: Callable[[], "FindPerson"],
) -> Console:
    """The handler over these use cases, each made when the first request needs it."""
    scores = scores_routes(rate, preview, learned)
    return Console(
        [leads(find, explain), simulations(simulate), availability(show), scores, person_search(person)]
    )
