"""POST /v1/leads/{lead_id}/outcomes: what became of a lead; and whose learned score counts from now on."""

from baton.bootstrap.console import promote_challenger
from baton.bootstrap.parts import record_outcome
from baton.entrypoints.console.outcomes import outcomes_api

handler = outcomes_api(record_outcome, promote_challenger)
