-- How often does each buyer win with what it bids, in bands of 5 dollars?
-- ? the first and the last day on which the leads arrived: '2026-11-01', '2026-11-30'
WITH event AS (
  SELECT *, from_iso8601_timestamp(at) AS moment
  FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY version) AS copy FROM history WHERE day >= ?)
  WHERE copy = 1 AND NOT test
),
lead AS (
  SELECT lead_id, campaign_id, source_id, moment AS arrived
  FROM event
  WHERE seq = 1 AND day <= ?
),
-- Of a lead that was auctioned again, each buyer's last bid.
bid AS (
  SELECT held.lead_id, asked.recipient_id, max_by(asked.cents, held.seq) AS cents
  FROM event AS held
  CROSS JOIN UNNEST(held.facts.bids) AS asked (cents, price_cents, reason, recipient_id, took_ms)
  WHERE held.kind = 'AuctionHeld' AND asked.cents > 0 AND held.lead_id IN (SELECT lead_id FROM lead)
  GROUP BY held.lead_id, asked.recipient_id
),
win AS (
  SELECT lead_id, facts.recipient_id AS recipient_id, max_by(facts.price_cents, seq) AS price_cents
  FROM event
  WHERE kind = 'LeadSold' AND facts.offer IS NOT NULL
  GROUP BY lead_id, facts.recipient_id
)
SELECT
  bid.recipient_id,
  bid.cents - bid.cents % 500 AS from_cents,
  count(*) AS bids,
  count(win.lead_id) AS wins,
  100e0 * count(win.lead_id) / count(*) AS won_percent,
  coalesce(sum(win.price_cents), 0) AS price_cents
FROM bid
LEFT JOIN win ON win.lead_id = bid.lead_id AND win.recipient_id = bid.recipient_id
GROUP BY 1, 2
ORDER BY 1, 2
