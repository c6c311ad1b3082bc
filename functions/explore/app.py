"""Leads, looked for, told, explained and tried; and how recipients stand."""

from baton.bootstrap import explain_lead, find_leads, show_recipient, simulate_lead
from baton.entrypoints.console.exploration import exploration_api

handler = exploration_api(find_leads, explain_lead, simulate_lead, show_recipient)
