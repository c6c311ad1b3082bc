-- Which of two versions of a plan converts more leads, and is the difference more than chance?
-- ? the first and the last day on which the leads arrived: '2026-11-01', '2026-11-30'
-- ? the plan, then its versions A and B: 'solar', 3, 4
-- 95 of 100 such intervals hold the true difference (Agresti and Caffo, 2000). One that has 0 in it shows no difference.
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
-- A lead follows to its end the version that it was scored under.
followed AS (
  SELECT lead_id, max(facts.plan_version) AS plan_version
  FROM event
  WHERE kind = 'LeadScored' AND facts.plan_id = ? AND lead_id IN (SELECT lead_id FROM lead)
  GROUP BY lead_id
),
ending AS (
  SELECT lead_id, max_by(state, seq) AS state
  FROM event
  GROUP BY lead_id
),
counted AS (
  SELECT
    followed.plan_version,
    count(*) AS leads,
    count(CASE WHEN ending.state = 'converted' THEN 1 END) AS converted,
    -- One success and one failure more than there were keep the interval honest for small numbers.
    (count(CASE WHEN ending.state = 'converted' THEN 1 END) + 1) / CAST(count(*) + 2 AS double) AS rate
  FROM followed
  JOIN ending ON ending.lead_id = followed.lead_id
  GROUP BY followed.plan_version
),
a AS (
  SELECT *, rate * (1 - rate) / (leads + 2) AS variance FROM counted WHERE plan_version = ?
),
b AS (
  SELECT *, rate * (1 - rate) / (leads + 2) AS variance FROM counted WHERE plan_version = ?
)
SELECT
  a.leads AS leads_a,
  a.converted AS converted_a,
  b.leads AS leads_b,
  b.converted AS converted_b,
  100e0 * b.converted / b.leads - 100.0 * a.converted / a.leads AS b_better_by_percent,
  100 * (b.rate - a.rate - 1.96 * sqrt(a.variance + b.variance)) AS at_least,
  100 * (b.rate - a.rate + 1.96 * sqrt(a.variance + b.variance)) AS at_most
FROM a
CROSS JOIN b
