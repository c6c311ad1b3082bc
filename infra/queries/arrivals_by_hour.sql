-- When do leads arrive, by weekday (1 is Monday) and hour, and how many of them does nobody get?
-- ? the first and the last day on which the leads arrived: '2026-11-01', '2026-11-30'
-- The hours are those of New York: write your own zone instead.
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
missed AS (
  SELECT DISTINCT lead_id FROM event WHERE kind = 'LeadUnassigned'
)
SELECT
  day_of_week(lead.arrived AT TIME ZONE 'America/New_York') AS weekday,
  hour(lead.arrived AT TIME ZONE 'America/New_York') AS hour,
  count(*) AS leads,
  count(missed.lead_id) AS unassigned,
  100e0 * count(missed.lead_id) / count(*) AS unassigned_percent
FROM lead
LEFT JOIN missed ON missed.lead_id = lead.lead_id
GROUP BY 1, 2
ORDER BY 1, 2
