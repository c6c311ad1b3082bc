"""POST /v1/leads/{lead_id}/outcomes: what became of a lead."""

from baton.bootstrap import record_outcome
from baton.entrypoints.console.outcomes import outcomes_api

handler = outcomes_api(record_outcome)
