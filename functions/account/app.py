"""Accounts, statements, payments and secrets; returns that wait for a person."""

from baton.bootstrap.trade import keep_accounts, keep_secrets, return_lead
from baton.entrypoints.console.accounts import accounts_api

handler = accounts_api(keep_accounts, keep_secrets, return_lead)
