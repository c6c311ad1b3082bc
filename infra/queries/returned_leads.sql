-- What becomes of leads that are given back, by campaign and reason?
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
-- The first time; a rep gives no reason of the campaign's list.
back AS (
  SELECT
    lead_id,
    min(seq) AS seq,
    min_by(coalesce(facts.return_reason, 'by a rep'), seq) AS reason
  FROM event
  WHERE kind = 'LeadReturned' AND lead_id IN (SELECT lead_id FROM lead)
  GROUP BY lead_id
),
after AS (
  SELECT
    back.lead_id,
    max_by(event.state, event.seq) AS state,
    count(CASE WHEN event.kind = 'LeadSold' AND event.facts.offer IS NOT NULL AND event.seq > back.seq THEN 1 END) AS sales
  FROM back
  JOIN event ON event.lead_id = back.lead_id
  GROUP BY back.lead_id
)
SELECT
  lead.campaign_id,
  back.reason,
  count(*) AS leads,
  count(CASE WHEN after.sales > 0 THEN 1 END) AS sold_again,
  count(CASE WHEN after.state = 'converted' THEN 1 END) AS converted,
  count(CASE WHEN after.state = 'returned' THEN 1 END) AS left_returned,
  count(CASE WHEN after.state = 'unassigned' THEN 1 END) AS left_unassigned
FROM back
JOIN lead ON lead.lead_id = back.lead_id
JOIN after ON after.lead_id = back.lead_id
GROUP BY 1, 2
ORDER BY 1, 2
