"""Leads that a person gives to somebody else: /v1/leads/{lead_id}/reassignment."""

from baton.bootstrap.console import reassign_lead
from baton.entrypoints.console.reassignments import reassignments_api

handler = reassignments_api(reassign_lead)
