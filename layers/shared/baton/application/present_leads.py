"""Leads by ids that an index gave: it lags, so some of them may be gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baton.domain.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from baton.application.ports import Leads
    from baton.domain.lead import Lead


def present(leads: Leads, lead_ids: Iterable[str]) -> Iterator[Lead]:
    """Those of them that are there, in the order given, each once."""
    for lead_id in dict.fromkeys(lead_ids):
        try:
            yield leads.get(lead_id)
        except NotFound:
            continue
