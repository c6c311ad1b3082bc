-- How fast are leads contacted, by source and week of arrival?
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
contact AS (
  SELECT lead_id, min(coalesce(from_iso8601_timestamp(facts.happened_at), moment)) AS contacted
  FROM event
  WHERE kind = 'LeadContacted'
  GROUP BY lead_id
),
-- Those that went their way: nobody calls the others.
waited AS (
  SELECT
    lead.source_id,
    CAST(date_trunc('week', lead.arrived) AS date) AS week,
    to_unixtime(contact.contacted) - to_unixtime(lead.arrived) AS seconds
  FROM lead
  LEFT JOIN contact ON contact.lead_id = lead.lead_id
  WHERE lead.lead_id IN (SELECT lead_id FROM event WHERE kind = 'LeadScored')
),
placed AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY source_id, week ORDER BY seconds) AS place,
    count(seconds) OVER (PARTITION BY source_id, week) AS contacted
  FROM waited
)
SELECT
  source_id,
  week,
  count(*) AS leads,
  count(seconds) AS contacted,
  min(CASE WHEN place >= 0.5 * contacted THEN seconds END) AS p50_seconds,
  min(CASE WHEN place >= 0.9 * contacted THEN seconds END) AS p90_seconds
FROM placed
GROUP BY source_id, week
ORDER BY source_id, week
