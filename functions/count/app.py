"""From the Leads table's stream: bring the counters of reports up to what every lead is now."""

from baton.bootstrap.counting import count_every
from baton.entrypoints.lead_stream import lead_stream

handler = lead_stream(count_every)
