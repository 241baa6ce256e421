-- name: by_enterprise
-- Warnings of a time by enterprise, those with most that nobody has handled first; one page.
WITH counted AS (
  SELECT w.enterprise_id, count(*)::int AS warnings,
         count(*) FILTER (WHERE w.state IN ('handled', 'closed', 'false_alarm'))::int AS handled,
         count(*) FILTER (WHERE w.state = 'cleared')::int AS cleared,
         count(*) FILTER (WHERE w.state IN ('open', 'acknowledged'))::int AS unhandled
  FROM warning AS w
  WHERE w.raised_at >= $1 AND w.raised_at < $2 AND NOT w.is_test AND NOT w.history
    AND w.enterprise_id IS NOT NULL AND ($4::text = '' OR w.sector = $4) AND ($5::text = '' OR w.kind = $5)
  GROUP BY w.enterprise_id
)
SELECT e.id::text AS key, e.name, r.name AS region_name, 1 AS enterprises, (coalesce(c.warnings, 0) > 0)::int AS warned,
       coalesce(c.warnings, 0) AS warnings, coalesce(c.handled, 0) AS handled, coalesce(c.cleared, 0) AS cleared,
       coalesce(c.unhandled, 0) AS unhandled, (coalesce(c.unhandled, 0) > 0)::int AS with_unhandled, e.id
FROM enterprise AS e
LEFT JOIN counted AS c ON c.enterprise_id = e.id
LEFT JOIN region AS r ON r.code = e.region_code
WHERE ($3::text = '' OR starts_with(e.region_code, $3)) AND ($4::text = '' OR e.sector = $4)
  AND CASE $6::text WHEN 'warned' THEN c.warnings > 0 WHEN 'unhandled' THEN c.unhandled > 0 ELSE true END
  AND ($7::int IS NULL OR (-coalesce(c.unhandled, 0), -coalesce(c.warnings, 0), e.id) > (-$7::int, -$8::int, $9::int))
ORDER BY -coalesce(c.unhandled, 0), -coalesce(c.warnings, 0), e.id
LIMIT $10;

-- name: by_area
-- Warnings of a time by area of so many digits; cases of agencies count in their area, and are no enterprise's.
WITH placed AS (
  SELECT left(e.region_code, $6) AS code, count(*)::int AS enterprises FROM enterprise AS e
  WHERE ($3::text = '' OR starts_with(e.region_code, $3)) AND ($4::text = '' OR e.sector = $4)
  GROUP BY 1
), counted AS (
  SELECT left(coalesce(e.region_code, g.region_code), $6) AS code, count(*)::int AS warnings,
         count(DISTINCT w.enterprise_id)::int AS warned,
         count(*) FILTER (WHERE w.state IN ('handled', 'closed', 'false_alarm'))::int AS handled,
         count(*) FILTER (WHERE w.state = 'cleared')::int AS cleared,
         count(*) FILTER (WHERE w.state IN ('open', 'acknowledged'))::int AS unhandled,
         count(DISTINCT w.enterprise_id) FILTER (WHERE w.state IN ('open', 'acknowledged'))::int AS with_unhandled
  FROM warning AS w
  LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
  LEFT JOIN agency AS g ON g.id = w.agency_id
  WHERE w.raised_at >= $1 AND w.raised_at < $2 AND NOT w.is_test AND NOT w.history
    AND ($3::text = '' OR starts_with(coalesce(e.region_code, g.region_code), $3))
    AND ($4::text = '' OR w.sector = $4) AND ($5::text = '' OR w.kind = $5)
  GROUP BY 1
)
SELECT coalesce(p.code, c.code) AS key, coalesce(r.name, coalesce(p.code, c.code)) AS name, NULL::text AS region_name,
       coalesce(p.enterprises, 0) AS enterprises, coalesce(c.warned, 0) AS warned, coalesce(c.warnings, 0) AS warnings,
       coalesce(c.handled, 0) AS handled, coalesce(c.cleared, 0) AS cleared, coalesce(c.unhandled, 0) AS unhandled,
       coalesce(c.with_unhandled, 0) AS with_unhandled
FROM placed AS p FULL JOIN counted AS c ON c.code = p.code
LEFT JOIN region AS r ON r.code = coalesce(p.code, c.code)
WHERE coalesce(p.code, c.code) IS NOT NULL
ORDER BY 1;

-- name: by_sector
-- Warnings of a time by the sector in which enterprises are supervised; a case of an agency has none.
WITH placed AS (
  SELECT e.sector AS code, count(*)::int AS enterprises FROM enterprise AS e
  WHERE ($3::text = '' OR starts_with(e.region_code, $3)) AND ($4::text = '' OR e.sector = $4)
  GROUP BY 1
), counted AS (
  SELECT w.sector AS code, count(*)::int AS warnings, count(DISTINCT w.enterprise_id)::int AS warned,
         count(*) FILTER (WHERE w.state IN ('handled', 'closed', 'false_alarm'))::int AS handled,
         count(*) FILTER (WHERE w.state = 'cleared')::int AS cleared,
         count(*) FILTER (WHERE w.state IN ('open', 'acknowledged'))::int AS unhandled,
         count(DISTINCT w.enterprise_id) FILTER (WHERE w.state IN ('open', 'acknowledged'))::int AS with_unhandled
  FROM warning AS w JOIN enterprise AS e ON e.id = w.enterprise_id
  WHERE w.raised_at >= $1 AND w.raised_at < $2 AND NOT w.is_test AND NOT w.history
    AND ($3::text = '' OR starts_with(e.region_code, $3)) AND ($4::text = '' OR w.sector = $4)
    AND ($5::text = '' OR w.kind = $5)
  GROUP BY 1
)
SELECT p.code AS key, s.name, NULL::text AS region_name, p.enterprises, coalesce(c.warned, 0) AS warned,
       coalesce(c.warnings, 0) AS warnings, coalesce(c.handled, 0) AS handled, coalesce(c.cleared, 0) AS cleared,
       coalesce(c.unhandled, 0) AS unhandled, coalesce(c.with_unhandled, 0) AS with_unhandled
FROM placed AS p JOIN sector AS s ON s.code = p.code LEFT JOIN counted AS c ON c.code = p.code
ORDER BY coalesce(c.warnings, 0) DESC, s.name;

-- name: by_kind
-- Warnings of a time by event type.
SELECT w.kind AS key, w.kind AS name, NULL::text AS region_name, 0 AS enterprises,
       count(DISTINCT w.enterprise_id)::int AS warned, count(*)::int AS warnings,
       count(*) FILTER (WHERE w.state IN ('handled', 'closed', 'false_alarm'))::int AS handled,
       count(*) FILTER (WHERE w.state = 'cleared')::int AS cleared,
       count(*) FILTER (WHERE w.state IN ('open', 'acknowledged'))::int AS unhandled,
       count(DISTINCT w.enterprise_id) FILTER (WHERE w.state IN ('open', 'acknowledged'))::int AS with_unhandled
FROM warning AS w
LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
LEFT JOIN agency AS g ON g.id = w.agency_id
WHERE w.raised_at >= $1 AND w.raised_at < $2 AND NOT w.is_test AND NOT w.history
  AND ($3::text = '' OR starts_with(coalesce(e.region_code, g.region_code), $3))
  AND ($4::text = '' OR w.sector = $4) AND ($5::text = '' OR w.kind = $5)
GROUP BY w.kind
ORDER BY count(*) DESC, w.kind;

-- name: totals
-- All of a time, and how many enterprises there are.
SELECT (SELECT count(*)::int FROM enterprise AS e
        WHERE ($3::text = '' OR starts_with(e.region_code, $3)) AND ($4::text = '' OR e.sector = $4)) AS enterprises,
       count(DISTINCT w.enterprise_id)::int AS warned, count(*)::int AS warnings,
       count(*) FILTER (WHERE w.state IN ('handled', 'closed', 'false_alarm'))::int AS handled,
       count(*) FILTER (WHERE w.state = 'cleared')::int AS cleared,
       count(*) FILTER (WHERE w.state IN ('open', 'acknowledged'))::int AS unhandled,
       count(DISTINCT w.enterprise_id) FILTER (WHERE w.state IN ('open', 'acknowledged'))::int AS with_unhandled
FROM warning AS w
LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
LEFT JOIN agency AS g ON g.id = w.agency_id
WHERE w.raised_at >= $1 AND w.raised_at < $2 AND NOT w.is_test AND NOT w.history
  AND ($3::text = '' OR starts_with(coalesce(e.region_code, g.region_code), $3))
  AND ($4::text = '' OR w.sector = $4) AND ($5::text = '' OR w.kind = $5);

-- name: periods
-- The same week by week, month by month or year by year.
SELECT date_trunc($6::text, w.raised_at AT TIME ZONE 'Asia/Shanghai')::date AS begin, count(*)::int AS warnings,
       count(*) FILTER (WHERE w.state IN ('handled', 'closed', 'false_alarm'))::int AS handled,
       count(*) FILTER (WHERE w.state = 'cleared')::int AS cleared,
       count(*) FILTER (WHERE w.state IN ('open', 'acknowledged'))::int AS unhandled
FROM warning AS w
LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
LEFT JOIN agency AS g ON g.id = w.agency_id
WHERE w.raised_at >= $1 AND w.raised_at < $2 AND NOT w.is_test AND NOT w.history
  AND ($3::text = '' OR starts_with(coalesce(e.region_code, g.region_code), $3))
  AND ($4::text = '' OR w.sector = $4) AND ($5::text = '' OR w.kind = $5)
GROUP BY 1 ORDER BY 1;

-- name: area_digits
-- How many areas of each width there are within one.
SELECT count(DISTINCT left(e.region_code, 2)) AS n2, count(DISTINCT left(e.region_code, 4)) AS n4,
       count(DISTINCT left(e.region_code, 6)) AS n6, count(DISTINCT left(e.region_code, 9)) AS n9,
       count(DISTINCT left(e.region_code, 12)) AS n12
FROM enterprise AS e WHERE $1::text = '' OR starts_with(e.region_code, $1);
