-- Which reps decline what: their offers by source and score band, and how these ended?
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
rated AS (
  SELECT lead_id, max(facts.band) AS band
  FROM event
  WHERE kind = 'LeadScored'
  GROUP BY lead_id
),
-- Of an acceptance that was undone the end is that it was undone.
ending AS (
  SELECT lead_id, facts.offer AS offer, max_by(kind, seq) AS kind
  FROM event
  WHERE kind IN ('OfferAccepted', 'OfferDeclined', 'OfferExpired', 'AcceptanceUndone')
  GROUP BY lead_id, facts.offer
)
SELECT
  made.recipient_id,
  lead.source_id,
  coalesce(rated.band, '-') AS band,
  count(*) AS offers,
  count(CASE WHEN ending.kind = 'OfferAccepted' THEN 1 END) AS accepted,
  count(CASE WHEN ending.kind IN ('OfferDeclined', 'AcceptanceUndone') THEN 1 END) AS declined,
  count(CASE WHEN ending.kind = 'OfferExpired' THEN 1 END) AS expired,
  100e0 * count(CASE WHEN ending.kind IN ('OfferDeclined', 'AcceptanceUndone') THEN 1 END) / count(*) AS declined_percent
FROM lead
JOIN event AS made ON made.lead_id = lead.lead_id AND made.kind = 'OfferMade'
LEFT JOIN rated ON rated.lead_id = lead.lead_id
LEFT JOIN ending ON ending.lead_id = lead.lead_id AND ending.offer = made.facts.offer
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
