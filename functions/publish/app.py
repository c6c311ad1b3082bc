"""From the Leads table's stream: put every event of every lead on the event bus."""

from baton.bootstrap.telling import publish_events
from baton.entrypoints.timeline_stream import timeline_stream

handler = timeline_stream(publish_events)
