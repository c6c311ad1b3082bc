-- On which stage do leads find their first owner, after how many offers, and how long after they arrived?
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
owner AS (
  SELECT
    lead_id,
    min(moment) AS found,
    min_by(facts.stage, seq) AS stage,
    min_by(facts.offer, seq) AS offers
  FROM event
  WHERE kind IN ('LeadAssigned', 'OfferAccepted', 'LeadSold')
  GROUP BY lead_id
),
waited AS (
  SELECT
    lead.campaign_id,
    coalesce(owner.stage, 'nobody') AS stage,
    owner.offers,
    to_unixtime(owner.found) - to_unixtime(lead.arrived) AS seconds
  FROM lead
  LEFT JOIN owner ON owner.lead_id = lead.lead_id
),
placed AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY campaign_id, stage ORDER BY seconds) AS place,
    count(*) OVER (PARTITION BY campaign_id, stage) AS leads
  FROM waited
)
SELECT
  campaign_id,
  stage,
  count(*) AS leads,
  avg(offers) AS offers,
  min(CASE WHEN place >= 0.5 * leads THEN seconds END) AS p50_seconds,
  min(CASE WHEN place >= 0.9 * leads THEN seconds END) AS p90_seconds
FROM placed
GROUP BY campaign_id, stage
ORDER BY campaign_id, stage
