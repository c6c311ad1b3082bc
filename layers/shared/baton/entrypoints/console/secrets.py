"""Secrets of documents and channels through the API: stored and replaced, never read."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import AfterValidator, BaseModel, Field

from baton.application.keep_secrets import SlackSecret
from baton.domain.campaign import Campaign
from baton.domain.documents import ID_PATTERN, Document
from baton.domain.recipient import Recipient
from baton.domain.source import Source
from baton.domain.subscription import Subscription
from baton.entrypoints.console.answers import Answer, as_json, described, nothing
from baton.entrypoints.console.caller import author_of
from baton.entrypoints.console.routes import Key, Router, Routes, existing_id
from baton.entrypoints.observability import logger

if TYPE_CHECKING:
    from baton.application.keep_secrets import KeepSecrets

Name = Annotated[
    str,
    Path(
        pattern=ID_PATTERN,
        description="As an endpoint's `auth.secret`, a source's `secret`, a campaign's `certificate_key`, a "
        "subscription's or a rep's `webhook.secrets` or `teams.secret` have it.",
    ),
]


def _without_references(value: str) -> str:
    """Where secrets are stored, this would be taken for another secret's name."""
    if "{{" in value:
        message = "must not contain {{"
        raise ValueError(message)
    return value


class StoredSecret(Document):
    """A secret. Nothing gives it back."""

    value: Annotated[str, Field(pattern=r"^[ -~]{1,4096}$"), AfterValidator(_without_references)]
    """Visible ASCII characters: it has to fit into a header."""


class KnownSecrets(BaseModel):
    """The secrets that a document speaks of, by name."""

    stored: list[str]
    missing: list[str]


def secrets(store: Callable[[], "KeepSecrets"]) -> Router:
    """The routes of secrets."""
    routes = Routes("secrets")
    sent = ("malformed-body", "unsupported-media-type", "body-too-large")
    stored = described(
        204, None, "It is stored. It is used everywhere after five minutes.", "not-found", *sent
    )
    owners = (
        (Recipient, "recipients"),
        (Source, "sources"),
        (Campaign, "campaigns"),
        (Subscription, "subscriptions"),
    )
    for kind, plural in owners:
        routes.add(
            "PUT",
            f"/v1/{plural}/<{kind.kind}_id>/secrets/<name>",
            _keeper(kind, store, routes.router),
            f"store_{kind.kind}_secret",
            stored,
            summary=f"Store a secret of a {kind.kind}",
            body=StoredSecret,
        )
    listed = described(200, KnownSecrets, "Their names.", "not-found", "store-unavailable")

    def names(key: Key) -> Answer:
        """Say which of the secrets that a source speaks of are stored."""
        found = store().of_source(existing_id(Source, key))
        shown = KnownSecrets(
            stored=[name for name, there in found.items() if there],
            missing=[name for name, there in found.items() if not there],
        )
        return as_json(200, shown.model_dump(mode="json"))

    routes.add("GET", "/v1/sources/<source_id>/secrets", names, "list_source_secrets", listed)
    routes.add(
        "PUT",
        "/v1/channels/slack/secrets/<name>",
        _slack_keeper(store, routes.router),
        "store_slack_secret",
        described(204, None, "It is stored. It is used everywhere after five minutes.", *sent),
        summary="Store a secret of the Slack app",
        body=StoredSecret,
    )
    return routes.router


def _slack_keeper(store: Callable[[], "KeepSecrets"], router: Router) -> Callable[..., Answer]:
    def keep(
        name: Annotated[SlackSecret, Path(description="Of the app, as Slack shows it.")], document: Any
    ) -> Answer:
        store().of_slack(name, document.value)
        logger.info("secret stored", kind="channel", owner="slack", secret_name=name, by=author_of(router))
        return nothing()

    return keep


def _keeper(
    kind: type[Recipient | Source | Campaign | Subscription],
    store: Callable[[], "KeepSecrets"],
    router: Router,
) -> Callable[..., Answer]:
    def keep(key: Key, name: Name, document: Any) -> Answer:
        store()(kind, existing_id(kind, key), name, document.value)
        logger.info("secret stored", kind=kind.kind, owner=key, secret_name=name, by=author_of(router))
        return nothing()

    return keep
