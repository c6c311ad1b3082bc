"""What became of events at subscribers: /v1/subscriptions/{subscription_id}/deliveries; and a try of a webhook."""

from baton.bootstrap.telling import follow_deliveries
from baton.entrypoints.console.deliveries import deliveries_api

handler = deliveries_api(follow_deliveries)
