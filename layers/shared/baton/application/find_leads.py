"""Look for leads by campaign, recipient, source, state and time."""

from baton.application.archive import Archive
from baton.application.ports import LeadSearch
from baton.domain.campaign import Campaign
from baton.domain.editing import Page
from baton.domain.lead import Lead
from baton.domain.search import Wanted
from baton.domain.waiting import Wait


class FindLeads:
    """Newest first, page by page."""

    def __init__(self, search: LeadSearch, archive: Archive) -> None:
        self._search = search
        self._archive = archive

    def __call__(self, wanted: Wanted, limit: int, after: str | None = None) -> Page[Lead]:
        """At most `limit` leads. A page may be empty and still say where the next one begins."""
        anywhere = wanted.campaign_id is None and wanted.recipient_id is None
        campaigns = [stored.document.id for stored in self._archive.every(Campaign)] if anywhere else []
        return self._search.page(wanted, campaigns, limit, after)

    def waiting(self, wait: Wait, limit: int, after: str | None = None) -> Page[Lead]:
        """At most `limit` of the leads that wait so, those that came first before others."""
        return self._search.waiting(wait, limit, after)
