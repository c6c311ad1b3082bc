"""Sources: where leads come from, and what each may send from where."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from baton.domain.documents import Configured, Id

Origin = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.\-]+(:\d{1,5})?$", max_length=253)]
"""Scheme, host and optional port of a web site, as browsers send it in the Origin header."""

_IN_A_HEADER = re.compile(r"[!-\[\]-~]{1,2000}")
"""Visible ASCII without the backslash, which browsers take for a slash."""


class Source(Configured):
    """A web form, an ad platform or a vendor that posts leads for one campaign."""

    kind = "source"

    name: str
    campaign_id: Id
    active: bool = True
    allowed_origins: tuple[Origin, ...] = ()
    """Web sites whose pages may post and be redirected to. Empty: any page may post, none is redirected to."""
    honeypot_field: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    """A form field that people cannot see. A lead that fills it is quarantined."""
    cost_cents: Annotated[int, Field(ge=0)] = 0
    """What one lead of this source costs, in cents of the campaign's currency."""

    def allows_page(self, origin: str | None) -> bool:
        """Whether a page of that web site may post here. Callers that are no browsers name no origin."""
        return not origin or not self.allowed_origins or origin in self.allowed_origins

    def allows_redirect(self, url: str) -> bool:
        """Whether a browser may be sent to that address after posting: only to the sites that are listed."""
        if not _IN_A_HEADER.fullmatch(url):
            return False
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return f"{parts.scheme}://{parts.netloc}" in self.allowed_origins
