"""What buyers, vendors and those who look after them do.

Everything is imported where it is used: a function pays at its cold start for what it needs and no more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from baton.bootstrap import console, parts
from baton.settings import SETTINGS

if TYPE_CHECKING:
    from baton.application.keep_accounts import KeepAccounts
    from baton.application.keep_secrets import KeepSecrets
    from baton.application.return_lead import ReturnLead
    from baton.application.try_buyer import TryBuyer


def try_buyer() -> TryBuyer:
    """Use case of function probe. Made for every request, so that it reads secrets which were just stored."""
    from baton.adapters.system import new_lead_id
    from baton.application.try_buyer import TryBuyer

    return TryBuyer(parts.archive(), parts.new_call_buyers(), parts.clock(), new_lead_id)


@cache
def keep_accounts() -> KeepAccounts:
    """Use case of function account: balances, payments, statements."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_accounts import DynamoAccounts
    from baton.application.keep_accounts import KeepAccounts

    accounts = DynamoAccounts(client("dynamodb"), SETTINGS.ledger_table)
    return KeepAccounts(accounts, parts.ledger(), parts.configuration(), parts.clock())


@cache
def keep_secrets() -> KeepSecrets:
    """Use case of function account: secrets."""
    from baton.adapters.aws import client
    from baton.adapters.parameter_secrets import ParameterSecrets
    from baton.application.keep_secrets import KeepSecrets

    secrets = ParameterSecrets(client("ssm"), SETTINGS.secrets_path)
    return KeepSecrets(secrets, parts.configuration())


@cache
def return_lead() -> ReturnLead:
    """Use case of functions account and reclaim: leads that come back."""
    from baton.adapters.aws import client
    from baton.adapters.dynamo_returns import DynamoReturns
    from baton.application.guard_source import GuardSource
    from baton.application.return_lead import ReturnLead
    from baton.application.tell_return import TellReturn

    returns = DynamoReturns(client("dynamodb"), SETTINGS.leads_table, SETTINGS.ledger_table)
    guard = GuardSource(console.edit_configuration(), parts.ledger(), parts.alerts(), parts.clock())
    tell = TellReturn(parts.leads(), parts.configuration(), parts.call_buyers())
    return ReturnLead(
        parts.leads(),
        parts.ledger(),
        returns,
        parts.configuration(),
        parts.restart_lead(),
        guard,
        parts.clock(),
        tell,
    )
