"""Keep secrets: what an admin stores, so that others can be asked, and show who they are."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baton.application.archive import Configuration
    from baton.application.outgoing import Secrets
    from baton.domain.campaign import Campaign
    from baton.domain.recipient import Recipient
    from baton.domain.source import Source
    from baton.domain.subscription import Subscription


class SlackSecret(StrEnum):
    """What Slack and Baton know each other by."""

    BOT_TOKEN = "bot-token"  # noqa: S105 # the name of one
    """With which Baton posts messages: `xoxb-...`."""
    SIGNING = "signing"
    """With which Slack signs what it sends."""


class KeepSecrets:
    """A secret can be stored and replaced, and never be read back through the API."""

    def __init__(self, secrets: Secrets, configuration: Configuration) -> None:
        self._secrets = secrets
        self._configuration = configuration

    def __call__(
        self, kind: type[Recipient | Source | Campaign | Subscription], key: str, name: str, value: str
    ) -> None:
        """Store a secret of one of them. Raises NotFound where there is no such; StoreUnavailable.

        Functions that have read the old one go on with it for up to five minutes.
        """
        self._configuration.get(kind, key)
        self._secrets.put(secret_name(kind.kind, key, name), value)

    def of_source(self, key: str) -> dict[str, bool]:
        """Every secret that a source speaks of, and whether it is stored. Raises NotFound, StoreUnavailable."""
        from baton.domain.source import Source

        source = self._configuration.get(Source, key)
        return {name: self._secrets.has(secret_name(source.kind, key, name)) for name in source.secret_names}

    def of_slack(self, name: SlackSecret, value: str) -> None:
        """Store a secret of the deployment's Slack app. Raises StoreUnavailable."""
        self._secrets.put(slack_secret_name(name), value)


def secret_name(kind: str, key: str, name: str) -> str:
    """Under which name a secret of a recipient, a source, a campaign or a subscription is stored."""
    return f"{kind}/{key}/{name}"


def slack_secret_name(name: SlackSecret) -> str:
    """Under which name a secret of the Slack app is stored: it is the deployment's, not a rep's."""
    return secret_name("channel", "slack", name)
