-- How many leads of each campaign and month convert, and what do they bring?
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
ending AS (
  SELECT
    lead_id,
    max_by(state, seq) AS state,
    max(facts.cost_cents) AS cost_cents,
    max_by(
      CASE WHEN kind = 'LeadConverted' THEN coalesce(facts.value_cents, 0) END,
      CASE WHEN kind = 'LeadConverted' THEN coalesce(from_iso8601_timestamp(facts.happened_at), moment) END
    ) AS value_cents
  FROM event
  GROUP BY lead_id
),
-- What was sold and has not come back.
kept AS (
  SELECT sale.lead_id, sum(sale.facts.price_cents) AS price_cents, sum(sale.facts.payout_cents) AS payout_cents
  FROM event AS sale
  LEFT JOIN event AS back
    ON back.lead_id = sale.lead_id AND back.facts.offer = sale.facts.offer AND back.kind = 'LeadReturned'
  WHERE sale.kind = 'LeadSold' AND sale.facts.offer IS NOT NULL AND back.lead_id IS NULL
  GROUP BY sale.lead_id
)
SELECT
  lead.campaign_id,
  CAST(date_trunc('month', lead.arrived) AS date) AS month,
  count(*) AS leads,
  count(CASE WHEN ending.state = 'converted' THEN 1 END) AS converted,
  100e0 * count(CASE WHEN ending.state = 'converted' THEN 1 END) / count(*) AS converted_percent,
  count(kept.lead_id) AS sold,
  coalesce(sum(kept.price_cents), 0) AS price_cents,
  coalesce(sum(kept.payout_cents), 0) AS payout_cents,
  coalesce(sum(ending.cost_cents), 0) AS cost_cents,
  coalesce(sum(CASE WHEN ending.state = 'converted' THEN ending.value_cents END), 0) AS value_cents,
  coalesce(sum(kept.price_cents), 0)
    + coalesce(sum(CASE WHEN ending.state = 'converted' THEN ending.value_cents END), 0)
    - coalesce(sum(kept.payout_cents), 0)
    - coalesce(sum(ending.cost_cents), 0) AS margin_cents
FROM lead
JOIN ending ON ending.lead_id = lead.lead_id
LEFT JOIN kept ON kept.lead_id = lead.lead_id
GROUP BY 1, 2
ORDER BY 1, 2
