"""Receive a hook: a platform's request becomes leads, or messages about leads that have to be fetched."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from baton.application.keep_secrets import secret_name
from baton.application.sources import active_source
from baton.domain.errors import InvalidSubmission, NotFound, NotificationFailed
from baton.domain.hooks import adf, generic, google_ads, linkedin, meta, typeform
from baton.domain.hooks.enquiry import Enquiry, Format, Notice, document
from baton.domain.sender import Sender
from baton.domain.source import Source
from baton.domain.trade_errors import CallerUnknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from baton.application.accept_lead import AcceptLead, Received
    from baton.application.admit_vendor import AdmitVendor
    from baton.application.archive import Configuration
    from baton.application.outgoing import Secrets
    from baton.application.ports import Alerts
    from baton.domain.hooks.settings import Hooks

KNOWN: Final = Sender(known=True)
FORM: Final = "application/x-www-form-urlencoded"


class Notices(Protocol):
    """Leads that platforms told of, and that wait to be fetched."""

    def put(self, source_id: str, platform: Format, notices: Sequence[Notice]) -> None:
        """Have these fetched, each at least once. Raises StoreUnavailable; then some may be fetched."""
        ...


@dataclass(frozen=True, slots=True)
class HookRequest:
    """One request of a platform, headers by lower-case name."""

    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, str]
    media_type: str
    fields: Mapping[str, Any] | None = None
    """The body's fields, where it is a form."""


class ReceiveHook:
    """Whoever sends is known before anything is read of what was sent, and all is durable before there is an answer."""

    def __init__(
        self,
        configuration: Configuration,
        secrets: Secrets,
        accept: AcceptLead,
        admit: AdmitVendor,
        notices: Notices,
        alerts: Alerts,
    ) -> None:
        self._alerts = alerts
        self._told: set[tuple[str, Format, tuple[str, ...]]] = set()
        self._configuration = configuration
        self._secrets = secrets
        self._accept = accept
        self._admit = admit
        self._notices = notices

    def challenge(self, source_id: str, platform: Format, query: Mapping[str, str]) -> str | dict[str, str]:
        """What the platform wants to hear when it looks whether the address is ours: text, or a JSON object.

        Raises NotFound, SourceInactive, CallerUnknown, StoreUnavailable.
        """
        source = active_source(self._configuration, source_id)
        hooks = source.hooks
        if platform is Format.META and hooks.meta:
            token = self._secret(source, hooks.meta.verify_token)
            found = meta.challenge_of(query, token)
            if found is None:
                message = "the verify token is not the one of this source"
                raise CallerUnknown(message)
            return found
        code = query.get("challengeCode", "")
        if platform is Format.LINKEDIN and hooks.linkedin and linkedin.is_challenge(code):
            return linkedin.challenge_response(code, self._secret(source, hooks.linkedin.client_secret))
        raise NotFound("hook", platform)

    def __call__(self, source_id: str, platform: Format, request: HookRequest) -> list[Received]:
        """What became of the leads in the request; none of those that have to be fetched first.

        Raises NotFound for a format that the source does not take; SourceInactive, CallerUnknown; UnreadableHook,
        InvalidSubmission and whatever else a lead is refused for; StoreUnavailable.
        """
        source = active_source(self._configuration, source_id)
        found = self._read(source, platform, request)
        if isinstance(found, Enquiry):
            try:
                return [take(self._accept, source.id, platform, found)]
            except InvalidSubmission as error:
                self._tell(source.id, platform, error)
                raise
        if found:
            self._notices.put(source.id, platform, found)
        return []

    def _tell(self, source_id: str, platform: Format, error: InvalidSubmission) -> None:
        """No platform asks its person again: people have to hear of it, once from each process."""
        fields = tuple(sorted({one.field for one in error.errors}))
        if (source_id, platform, fields) in self._told:
            return
        with suppress(NotificationFailed):
            subject = "Leads of a platform are refused: they lack what their campaign asks for"
            self._alerts.alert(subject, source_id=source_id, platform=str(platform), fields=list(fields))
            self._told.add((source_id, platform, fields))

    def _read(self, source: Source, platform: Format, request: HookRequest) -> Enquiry | tuple[Notice, ...]:
        hooks = source.hooks
        match platform:
            case Format.GOOGLE_ADS if hooks.google_ads:
                enquiry, key = google_ads.read(request.body, hooks.questions)
                self._check(google_ads.is_from_google(self._secret(source, hooks.google_ads.key), key))
                return enquiry
            case Format.META if hooks.meta:
                secret = self._secret(source, hooks.meta.app_secret)
                self._check(meta.is_from_meta(secret, request.headers, request.body))
                return meta.read(request.body)
            case Format.LINKEDIN if hooks.linkedin:
                secret = self._secret(source, hooks.linkedin.client_secret)
                self._check(linkedin.is_from_linkedin(secret, request.headers, request.body))
                return linkedin.read(request.body)
            case Format.TYPEFORM if hooks.typeform:
                secret = self._secret(source, hooks.typeform.secret)
                self._check(typeform.is_from_typeform(secret, request.headers, request.body))
                return typeform.read(request.body, hooks.questions)
        return self._read_known(source, platform, request, hooks)

    def _read_known(self, source: Source, platform: Format, request: HookRequest, hooks: Hooks) -> Enquiry:
        """What has no way of its own to show who sends it: the source's own ways count."""
        if platform is Format.ADF:
            self._show_who(source, request)
            return adf.read(request.body, request.media_type)
        if platform is Format.GENERIC and hooks.generic:
            self._show_who(source, request)
            sent = request.fields if request.media_type == FORM else document(request.body)
            return generic.read(sent or {}, hooks.generic)
        raise NotFound("hook", platform)

    def _show_who(self, source: Source, request: HookRequest) -> None:
        """Raises CallerUnknown, also for a source that is open to everybody: a hook has no page that may post."""
        if not source.knows_senders:
            message = (
                "this source knows no sender: give it a key, a secret or a signature before it takes hooks"
            )
            raise CallerUnknown(message)
        self._admit.lead(source, request.headers, request.body)

    def _secret(self, source: Source, name: str) -> str:
        return self._secrets.get(secret_name(source.kind, source.id, name)) or ""

    def _check(self, known: bool) -> None:
        if not known:
            message = "the request is not signed as the platform signs, or the secret is another one"
            raise CallerUnknown(message)


def take(accept: AcceptLead, source_id: str, platform: Format, enquiry: Enquiry) -> Received:
    """Make a lead of an enquiry: the same one, however often its platform tells of it.

    Also where other fields are read of it now: the source's questions may have been edited since.
    """
    fields = {**enquiry.fields, **({"test": True} if enquiry.test else {})}
    return accept(source_id, fields, key=f"{platform} {enquiry.key}", key_decides=True, sender=KNOWN)
