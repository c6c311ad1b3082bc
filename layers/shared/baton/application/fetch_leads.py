"""Fetch leads that platforms told of, and look for those that they forgot to tell of."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import quote, urlencode

from baton.application.keep_secrets import secret_name
from baton.application.outgoing import Outgoing
from baton.application.receive_hook import take
from baton.application.sources import active_source
from baton.domain.errors import (
    BatonError,
    InvalidSubmission,
    NotFound,
    NotificationFailed,
    StoreUnavailable,
)
from baton.domain.hooks import linkedin, meta
from baton.domain.hooks.enquiry import Enquiry, Format, UnreadableHook, document, objects
from baton.domain.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from baton.application.accept_lead import AcceptLead
    from baton.application.archive import Archive, Configuration
    from baton.application.outgoing import Http, Secrets
    from baton.application.ports import Alerts, Clock

GRAPH: Final = "https://graph.facebook.com"
LINKEDIN: Final = "https://api.linkedin.com"
TIMEOUT_MS: Final = 8_000
OVERLAP: Final = timedelta(hours=1)
"""How far a look for missed leads goes back behind the last one: platforms list leads late, too."""
FIRST_LOOK: Final = timedelta(days=1)
PAGE: Final = 100
MAX_PAGES: Final = 50
"""Pages of one form in one look."""
_KEY_TROUBLE: Final = frozenset({401, 403})
_META_TOKEN: Final = 190
"""Meta's code for a token that has expired or was withdrawn; it comes with status 400."""


class NotThereYet(BatonError):
    """The platform does not have the lead yet, or did not answer: to be asked again later."""

    code = "not-there-yet"


class KeyRefused(BatonError):
    """The platform does not take the access token: a person has to renew it."""

    code = "key-refused"


class Cursors(Protocol):
    """How far each form was looked through for leads that were missed."""

    def get(self, source_id: str, form: str) -> datetime | None:
        """Until when; None for a form that nobody has looked through. Raises StoreUnavailable."""
        ...

    def put(self, source_id: str, form: str, until: datetime) -> None:
        """Note until when. Raises StoreUnavailable."""
        ...


class FetchLeads:
    """A lead that was fetched is the one that was told of, however often: its platform's id is its key."""

    def __init__(
        self,
        configuration: Configuration,
        secrets: Secrets,
        http: Http,
        accept: AcceptLead,
        alerts: Alerts,
        *,
        graph: str = GRAPH,
        linkedin_api: str = LINKEDIN,
    ) -> None:
        """`graph` and `linkedin_api` are other addresses only where the platforms are played on this machine."""
        self._configuration = configuration
        self._secrets = secrets
        self._http = http
        self._accept = accept
        self._alerts = alerts
        self._graph = graph
        self._linkedin = linkedin_api
        self._told: set[tuple[str, Format]] = set()

    def __call__(self, source_id: str, platform: Format, ref: str) -> None:
        """Fetch one lead and take it in. Nothing happens for a source that was removed meanwhile.

        Raises NotThereYet, KeyRefused, StoreUnavailable: the message then comes again. So it does with SourceInactive
        and InvalidSubmission: such a lead waits among the dead letters until somebody has switched the source on, or
        changed what the campaign asks for.
        """
        try:
            source = active_source(self._configuration, source_id)
        except NotFound:
            return
        if (enquiry := self._fetch(source, platform, ref)) is not None:
            take(self._accept, source_id, platform, enquiry)

    def listed(self, source: Source, form: str, since: datetime) -> Iterator[Mapping[str, Any]]:
        """The leads of a form of Meta's from that moment on, as Meta gives them, page by page.

        Raises as a fetch does; NotThereYet also where there are more than a look has time for.
        """
        settings = source.hooks.meta
        if settings is None:
            return
        newer = [{"field": "time_created", "operator": "GREATER_THAN", "value": int(since.timestamp())}]
        query = {"fields": meta.FIELDS, "limit": PAGE, "filtering": json.dumps(newer)}
        path = f"/{settings.version}/{quote(form, safe='')}/leads"
        after: str | None = None
        for _ in range(MAX_PAGES):
            asked = {**query, **({"after": after} if after else {})}
            page = self._get(source, Format.META, f"{self._graph}{path}?{urlencode(asked)}")
            yield from objects(page.get("data"), "data")
            after = _next(page)
            if after is None:
                return
        raise NotThereYet

    def _fetch(self, source: Source, platform: Format, ref: str) -> Enquiry | None:
        hooks = source.hooks
        if platform is Format.META and hooks.meta:
            query = urlencode({"fields": meta.FIELDS})
            path = f"/{hooks.meta.version}/{quote(ref, safe='')}?{query}"
            return meta.lead(self._get(source, platform, self._graph + path), hooks.questions)
        if platform is Format.LINKEDIN and hooks.linkedin:
            path = f"/rest/leadFormResponses/{quote(ref, safe='')}"
            return linkedin.lead(self._get(source, platform, self._linkedin + path), hooks.questions)
        return None

    def _get(self, source: Source, platform: Format, url: str) -> dict[str, Any]:
        """What the platform answers. The token is in a header: addresses end up in logs."""
        answer = self._http.send(
            Outgoing("GET", url, headers=self._headers(source, platform), timeout_ms=TIMEOUT_MS)
        )
        if answer.status in _KEY_TROUBLE or _meta_code(answer.body, answer.status) == _META_TOKEN:
            self._tell(source.id, platform)
            raise KeyRefused
        if answer.status != 200:  # noqa: PLR2004
            raise NotThereYet
        try:
            return document(answer.body)
        except UnreadableHook as error:
            raise NotThereYet from error

    def _headers(self, source: Source, platform: Format) -> dict[str, str]:
        hooks = source.hooks
        if platform is Format.LINKEDIN and hooks.linkedin:
            name, version = hooks.linkedin.access_token, hooks.linkedin.version
            more = {"LinkedIn-Version": version, "X-Restli-Protocol-Version": "2.0.0"}
        else:
            name, more = hooks.meta.access_token if hooks.meta else "", {}
        token = self._secrets.get(secret_name(source.kind, source.id, name))
        if not token:
            self._tell(source.id, platform)
            raise KeyRefused
        return {"Authorization": f"Bearer {token}", "Accept": "application/json", **more}

    def _tell(self, source_id: str, platform: Format) -> None:
        """Operations hear of a token once from each process, not with every lead."""
        if (source_id, platform) in self._told:
            return
        with suppress(NotificationFailed):
            self._alerts.alert(
                "Leads cannot be fetched: the platform does not take the access token",
                source_id=source_id,
                platform=str(platform),
            )
            self._told.add((source_id, platform))


class LookForMissed:
    """Every quarter of an hour: whatever a platform lists and nobody has told us of becomes a lead, too."""

    def __init__(
        self,
        archive: Archive,
        fetch: FetchLeads,
        accept: AcceptLead,
        cursors: Cursors,
        alerts: Alerts,
        clock: Clock,
    ) -> None:
        self._archive = archive
        self._fetch = fetch
        self._accept = accept
        self._cursors = cursors
        self._alerts = alerts
        self._clock = clock

    def __call__(self) -> tuple[int, int]:
        """How many leads were new, and how many forms could not be looked through. Raises StoreUnavailable."""
        found = failed = 0
        for stored in self._archive.every(Source):
            source = stored.document
            for form in source.hooks.meta.form_ids if source.active and source.hooks.meta else ():
                try:
                    found += self._look(source, form)
                except StoreUnavailable:
                    raise
                except BatonError:
                    # The next look begins where the last good one ended.
                    failed += 1
        return found, failed

    def _look(self, source: Source, form: str) -> int:
        now = self._clock.now()
        since = (self._cursors.get(source.id, form) or now - FIRST_LOOK) - OVERLAP
        new = 0
        for found in self._fetch.listed(source, form, since):
            try:
                enquiry = meta.lead(found, source.hooks.questions)
                new += take(self._accept, source.id, Format.META, enquiry).new
            except (InvalidSubmission, UnreadableHook) as error:
                # One that cannot be taken keeps no other from coming in; Meta still has it.
                self._tell(source.id, str(found.get("id"))[:64], error)
        self._cursors.put(source.id, form, now)
        return new

    def _tell(self, source_id: str, lead: str, error: BatonError) -> None:
        fields = sorted({one.field for one in getattr(error, "errors", ())})
        with suppress(NotificationFailed):
            self._alerts.alert(
                "A lead was fetched that cannot be taken",
                source_id=source_id,
                lead=lead,
                problem=error.code,
                fields=fields,
            )


def _next(page: dict[str, Any]) -> str | None:
    """Where the next page begins; None after the last."""
    paging = page.get("paging")
    if not isinstance(paging, dict) or "next" not in paging:
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    return after if isinstance(after, str) else None


def _meta_code(body: bytes, status: int) -> int | None:
    if status < 400:  # noqa: PLR2004
        return None
    try:
        error = document(body).get("error")
    except UnreadableHook:
        return None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) else None
