"""POST /v1/recipients/{recipient_id}/test: a dry run for a buyer."""

from baton.bootstrap.trade import try_buyer
from baton.entrypoints.console.probes import probes_api

handler = probes_api(try_buyer)
