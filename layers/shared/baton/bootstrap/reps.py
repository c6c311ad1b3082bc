"""What reps do with the links that they get.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.bootstrap import console, parts

if TYPE_CHECKING:
    from baton.application.adjust_rep import AdjustRep
    from baton.application.answer_offer import AnswerOffer
    from baton.application.note_progress import NoteProgress
    from baton.application.show_offer import ShowOffer


@cache
def show_offer() -> ShowOffer:
    """Use case of function respond: look."""
    from baton.application.show_offer import ShowOffer

    return ShowOffer(parts.leads(), parts.configuration(), parts.links(), parts.clock())


@cache
def answer_offer() -> AnswerOffer:
    """Use case of function respond: answer."""
    from baton.application.answer_offer import AnswerOffer
    from baton.application.entrust_lead import EntrustLead

    return AnswerOffer(
        parts.leads(),
        show_offer(),
        parts.release_offer(),
        parts.restart_lead(),
        parts.workflows(),
        parts.clock(),
        EntrustLead(parts.configuration()),
    )


@cache
def note_progress() -> NoteProgress:
    """Use case of function respond: how it goes with a lead."""
    from baton.application.note_progress import NoteProgress

    return NoteProgress(parts.leads(), show_offer(), parts.record_outcome(), parts.clock())


@cache
def adjust_rep() -> AdjustRep:
    """Use case of function adjust."""
    from baton.application.adjust_rep import AdjustRep

    return AdjustRep(console.edit_configuration(), parts.leads(), parts.links(), parts.clock())
