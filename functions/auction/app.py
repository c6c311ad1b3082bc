"""Workflow step Auction: ask buyers for bids, all at once, until the deadline."""

from baton.bootstrap.steps import auction_lead
from baton.entrypoints.tasks import AuctionResult, LeadTask, task


@task
def handler(event: LeadTask) -> AuctionResult:
    return AuctionResult.of(auction_lead()(event.lead_id))
