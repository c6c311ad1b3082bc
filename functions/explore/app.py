"""Leads, looked for, told, explained, tried and rated; how recipients stand, and what campaigns have learned."""

from baton.bootstrap.console import (
    explain_lead,
    find_leads,
    find_person,
    preview_scoring,
    show_learned,
    show_recipient,
    simulate_lead,
    try_score,
)
from baton.entrypoints.console.exploration import exploration_api

handler = exploration_api(
    find_leads,
    explain_lead,
    simulate_lead,
    show_recipient,
    try_score,
    preview_scoring,
    show_learned,
    find_person,
)
