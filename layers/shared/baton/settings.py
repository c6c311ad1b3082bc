"""What a deployment decides, read from the environment here and nowhere else."""

import os
from dataclasses import dataclass, field
from functools import cache
from typing import Any


def _env(name: str, default: str | None = None) -> Any:
    """A field read from that variable. Raises KeyError at the first use where it is missing and has no default."""
    return field(
        default_factory=lambda: os.environ[name] if default is None else os.environ.get(name, default)
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Names and limits of this deployment. Each function gets just the variables that it needs."""

    leads_table: str = _env("LEADS_TABLE", "")
    config_table: str = _env("CONFIG_TABLE", "")
    ledger_table: str = _env("LEDGER_TABLE", "")
    state_machine_arn: str = _env("STATE_MACHINE_ARN", "")
    alert_topic_arn: str = _env("ALERT_TOPIC_ARN", "")
    signing_secret_id: str = _env("SIGNING_SECRET_ID", "")
    sender_email: str = _env("SENDER_EMAIL", "")
    public_url: str = _env("PUBLIC_URL", "")
    config_ttl_s: float = field(default_factory=lambda: float(os.environ.get("CONFIG_TTL_S", "5")))


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
