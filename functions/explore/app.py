"""Leads: looked for, told, explained and tried."""

from baton.bootstrap import explain_lead, find_leads, simulate_lead
from baton.entrypoints.console.exploration import exploration_api

handler = exploration_api(find_leads, explain_lead, simulate_lead)
