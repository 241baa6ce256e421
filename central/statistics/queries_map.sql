-- name: cells
-- Things in a window, gathered by cells of a grid. Families are gathered apart; of a cell with one thing, that thing.
-- What warns gravely stands for itself, the gravest of them: nobody looks for it inside a number.
WITH running AS (
    SELECT enterprise_id, max(level) AS worst, count(*) AS open, count(*) FILTER (WHERE state = 'open') AS unanswered
    FROM warning
    WHERE state IN ('open', 'acknowledged') AND NOT is_test AND NOT history AND enterprise_id IS NOT NULL
    GROUP BY enterprise_id
),
grave AS (
    SELECT enterprise_id FROM running WHERE worst >= 3 ORDER BY worst DESC, unanswered DESC, enterprise_id LIMIT $9::int
),
silent_at AS (SELECT DISTINCT enterprise_id FROM map_object WHERE silent),
found AS (
    SELECT CASE o.layer WHEN 'enterprise' THEN 0 WHEN 'gateway' THEN 1 ELSE 2 END AS family, o.layer, o.ref, o.name,
           o.enterprise_id, o.hazard_class, o.longitude, o.latitude, o.x, o.y, r.worst, r.open, r.unanswered,
           a.enterprise_id IS NOT NULL OR o.silent AS offline, v.enterprise_id AS apart
    FROM map_object AS o
    LEFT JOIN running AS r ON r.enterprise_id = o.enterprise_id AND o.layer = 'enterprise'
    LEFT JOIN grave AS v ON v.enterprise_id = o.enterprise_id AND o.layer = 'enterprise'
    LEFT JOIN silent_at AS a ON a.enterprise_id = o.enterprise_id AND o.layer = 'enterprise'
    WHERE o.x >= $3::int AND o.y >= $4::int AND o.x <= $5::int AND o.y <= $6::int AND o.layer = ANY ($1::text [])
      AND (NOT $2::boolean OR o.layer <> 'enterprise' OR o.hazard_class IS NOT NULL)
)
SELECT family, count(*) AS count, avg(x)::float8 AS x, avg(y)::float8 AS y, avg(longitude) AS longitude,
       avg(latitude) AS latitude, min(longitude) AS west, min(latitude) AS south, max(longitude) AS east,
       max(latitude) AS north, max(worst) AS worst, count(*) FILTER (WHERE open > 0) AS troubled,
       coalesce(sum(open), 0)::int AS open, coalesce(sum(unanswered), 0)::int AS unanswered,
       count(*) FILTER (WHERE offline) AS offline, min(hazard_class) AS hazard_class, any_value(layer) AS layer,
       any_value(apart) IS NOT NULL AS apart, any_value(ref) AS ref, any_value(name) AS name, any_value(enterprise_id) AS enterprise_id
FROM found
WHERE CASE $8::text WHEN 'warning' THEN open > 0 WHEN 'offline' THEN offline
                    WHEN 'normal' THEN open IS NULL AND NOT offline ELSE true END
GROUP BY family, x / $7::int, y / $7::int, apart;

-- name: presence
-- How some enterprises and gateways are heard: 1 online, 2 late, 3 not; of an enterprise its worst gateway.
SELECT g.enterprise_id, g.id AS gateway_id,
       CASE coalesce(s.presence, 'offline') WHEN 'online' THEN 1 WHEN 'late' THEN 2 ELSE 3 END AS presence
FROM gateway AS g LEFT JOIN gateway_state AS s ON s.gateway_id = g.id
WHERE g.enterprise_id = ANY ($1::int []);

-- name: quality
-- Points of some enterprises, and how many have no good newest value (OPC quality byte).
SELECT p.enterprise_id, count(*) AS points,
       count(*) FILTER (WHERE l.quality IS NULL OR l.quality & 255 < 192
           OR s.presence = 'offline' AND s.presence_since IS NOT NULL) AS bad
FROM point AS p
LEFT JOIN latest AS l ON l.point_id = p.id
LEFT JOIN gateway_state AS s ON s.gateway_id = p.gateway_id
WHERE p.enterprise_id = ANY ($1::int []) AND p.current
GROUP BY p.enterprise_id;

-- name: nearby
-- What lies within some metres of a place, the nearest first, with how many of its layer there are in all.
SELECT o.layer, o.ref, o.name, o.longitude, o.latitude, o.hazard_class, o.metres,
       count(*) OVER (PARTITION BY o.layer) AS of_layer, r.worst, coalesce(r.open, 0) AS open
FROM (
    SELECT m.*, 2 * 6371008.8 * asin(least(1, sqrt(
        sin(radians(m.latitude - $2::float8) / 2) ^ 2
        + cos(radians($2::float8)) * cos(radians(m.latitude)) * sin(radians(m.longitude - $1::float8) / 2) ^ 2))) AS metres
    FROM map_object AS m
    WHERE m.x >= $4::int AND m.y >= $5::int AND m.x <= $6::int AND m.y <= $7::int
      AND m.layer <> 'gateway' AND ($8::text [] IS NULL OR m.layer = ANY ($8))
) AS o
LEFT JOIN LATERAL (
    SELECT max(w.level) AS worst, count(*) AS open FROM warning AS w
    WHERE o.layer = 'enterprise' AND w.enterprise_id = o.enterprise_id AND w.state IN ('open', 'acknowledged')
      AND NOT w.is_test AND NOT w.history
) AS r ON true
WHERE o.metres <= $3::float8
ORDER BY o.metres, o.layer, o.ref
LIMIT $9::int;

-- name: search
-- Things on the map whose name holds some words, enterprises and short names first; no layer crowds out the others.
SELECT layer, ref, name, longitude, latitude
FROM (
    SELECT *, row_number() OVER (PARTITION BY layer ORDER BY length(name), name, ref) AS rank
    FROM map_object
    WHERE name ILIKE $1 AND layer = ANY ($2::text [])
) AS o
WHERE o.rank <= 6
ORDER BY layer <> 'enterprise', layer, o.rank
LIMIT $3::int;

-- name: layers
-- How much each layer holds.
SELECT layer, count(*) AS count, count(hazard_class) AS hazards FROM map_object GROUP BY layer;

-- name: unplaced
-- Enterprises that have no position yet.
SELECT count(*) FROM enterprise WHERE longitude IS NULL;

-- name: extent
-- The window around every enterprise of the scope; without any, around whatever else there is.
SELECT min(longitude) AS west, min(latitude) AS south, max(longitude) AS east, max(latitude) AS north
FROM map_object
WHERE layer = 'enterprise' OR NOT EXISTS (SELECT 1 FROM map_object AS e WHERE e.layer = 'enterprise');

-- name: shapes
-- Shapes of the ground: those regions that are asked for, and what else crosses a window.
SELECT kind, region, name, geometry
FROM map_shape
WHERE (kind = 'region' AND EXISTS (
           SELECT 1 FROM unnest($1::text []) AS r (code)
           WHERE starts_with(region, r.code) AND length(region) <= length(r.code) + 5 OR starts_with(r.code, region)))
   OR (kind <> 'region' AND west <= $4::float8 AND east >= $2::float8 AND south <= $5::float8 AND north >= $3::float8)
ORDER BY kind = 'region', kind = 'road', length(region), id
LIMIT $6::int;

-- name: child_regions
-- The regions of today below one.
SELECT code FROM region
WHERE parent_code = $1 AND (valid_from IS NULL OR valid_from <= $2::date) AND (valid_to IS NULL OR valid_to > $2)
ORDER BY code;

-- name: way
-- A region and those around it, the widest first.
SELECT code, name FROM region WHERE starts_with($1::text, code) ORDER BY length(code);

-- name: areas
-- How regions and parks stand: what lies in them, what runs, what today brought.
WITH area AS (
    SELECT r.code, r.name, 'region' AS kind,
           EXISTS (SELECT 1 FROM region AS c WHERE c.parent_code = r.code) AS deeper
    FROM region AS r WHERE r.code = ANY ($1::text [])
    UNION ALL
    SELECT 'agency-' || g.id, g.name, 'park', false
    FROM agency AS g
    WHERE g.kind = 'park' AND EXISTS (
        SELECT 1 FROM agency_area AS x WHERE x.agency_id = g.id AND starts_with(x.place_prefix, $2::text))
),
mine AS (
    SELECT a.code, e.id, e.hazard_class, e.longitude, e.latitude
    FROM enterprise AS e
    CROSS JOIN LATERAL (VALUES (2), (4), (6), (9), (12)) AS n (len)
    JOIN area AS a ON a.code = left(e.region_code, n.len) AND length(a.code) = n.len
    -- The region asked for itself holds what lies in none of its parts.
    WHERE a.code <> $2 OR e.region_code = $2
    UNION ALL
    SELECT DISTINCT 'agency-' || x.agency_id, e.id, e.hazard_class, e.longitude, e.latitude
    FROM agency AS g
    JOIN agency_area AS x ON x.agency_id = g.id
    JOIN enterprise AS e ON e.place >= x.place_prefix
        AND e.place < x.place_prefix || CASE WHEN strpos(x.place_prefix, '/') > 0 THEN ' ' ELSE ':' END
    WHERE g.kind = 'park' AND starts_with(x.place_prefix, $2)
),
running AS (
    SELECT enterprise_id, count(*) FILTER (WHERE state = 'open') AS unanswered,
           count(*) FILTER (WHERE level = 4) AS red, count(*) FILTER (WHERE level = 3) AS orange,
           count(*) FILTER (WHERE level = 2) AS yellow, count(*) FILTER (WHERE level = 1) AS blue
    FROM warning
    WHERE state IN ('open', 'acknowledged') AND NOT is_test AND NOT history AND enterprise_id IS NOT NULL
    GROUP BY enterprise_id
),
today AS (
    SELECT enterprise_id, count(*) FILTER (WHERE raised_at >= $3::timestamptz) AS raised,
           count(*) FILTER (WHERE raised_at >= $3 AND state <> 'open') AS answered,
           count(*) FILTER (WHERE handled_at >= $3) AS handled
    FROM warning
    -- What is handled today was raised within a month, or nobody waits for it on this page.
    WHERE raised_at >= $3 - interval '31 days' AND NOT is_test AND NOT history AND enterprise_id IS NOT NULL
    GROUP BY enterprise_id
),
silent AS (
    SELECT DISTINCT g.enterprise_id
    FROM gateway AS g LEFT JOIN gateway_state AS s ON s.gateway_id = g.id
    WHERE s.presence IS NULL OR s.presence = 'offline'
)
SELECT a.code, a.name, a.kind, a.deeper AND a.code <> $2 AS deeper, count(m.id) AS enterprises,
       count(m.hazard_class) AS hazards, count(*) FILTER (WHERE m.hazard_class <= 2) AS grave,
       count(r.enterprise_id) AS with_open, coalesce(sum(r.red), 0)::int AS red,
       coalesce(sum(r.orange), 0)::int AS orange, coalesce(sum(r.yellow), 0)::int AS yellow,
       coalesce(sum(r.blue), 0)::int AS blue, coalesce(sum(r.unanswered), 0)::int AS unanswered,
       coalesce(sum(t.raised), 0)::int AS raised_today, coalesce(sum(t.answered), 0)::int AS raised_answered,
       coalesce(sum(t.handled), 0)::int AS handled_today, count(s.enterprise_id) AS offline,
       avg(m.longitude) AS longitude, avg(m.latitude) AS latitude
FROM area AS a
LEFT JOIN mine AS m ON m.code = a.code
LEFT JOIN running AS r ON r.enterprise_id = m.id
LEFT JOIN today AS t ON t.enterprise_id = m.id
LEFT JOIN silent AS s ON s.enterprise_id = m.id
GROUP BY a.code, a.name, a.kind, a.deeper
HAVING count(m.id) > 0
ORDER BY max(CASE WHEN r.red > 0 THEN 4 WHEN r.orange > 0 THEN 3 WHEN r.yellow > 0 THEN 2
                  WHEN r.blue > 0 THEN 1 ELSE 0 END) DESC, sum(r.unanswered) DESC NULLS LAST, a.kind DESC, a.code;

-- name: standing
-- Enterprises of some ranges of places that somebody should look at: warnings, then silence, then grave hazards.
SELECT e.id, e.name, g.name AS region_name, e.hazard_class, e.longitude, e.latitude, r.worst, coalesce(r.open, 0) AS open,
       coalesce(r.unanswered, 0) AS unanswered, s.enterprise_id IS NOT NULL AS offline
FROM enterprise AS e
JOIN region AS g ON g.code = e.region_code
LEFT JOIN (
    SELECT enterprise_id, max(level) AS worst, count(*) AS open, count(*) FILTER (WHERE state = 'open') AS unanswered
    FROM warning
    WHERE state IN ('open', 'acknowledged') AND NOT is_test AND NOT history AND enterprise_id IS NOT NULL
    GROUP BY enterprise_id
) AS r ON r.enterprise_id = e.id
LEFT JOIN (
    SELECT DISTINCT w.enterprise_id
    FROM gateway AS w LEFT JOIN gateway_state AS t ON t.gateway_id = w.id
    WHERE t.presence IS NULL OR t.presence = 'offline'
) AS s ON s.enterprise_id = e.id
WHERE EXISTS (SELECT 1 FROM unnest($1::text [], $2::text []) AS x (low, high) WHERE e.place >= x.low AND e.place < x.high)
  AND (r.open > 0 OR s.enterprise_id IS NOT NULL OR e.hazard_class <= 2)
ORDER BY coalesce(r.worst, 0) DESC, coalesce(r.unanswered, 0) DESC, coalesce(r.open, 0) DESC, s.enterprise_id IS NULL,
         e.hazard_class, e.id
LIMIT $3::int;

-- name: reasons
-- The gravest running warnings of some enterprises, so many each.
SELECT w.id, w.enterprise_id, w.level, w.title, w.state, w.raised_at
FROM unnest($1::int []) AS e (id)
CROSS JOIN LATERAL (
    SELECT * FROM warning AS w
    WHERE w.enterprise_id = e.id AND w.state IN ('open', 'acknowledged') AND NOT w.is_test AND NOT w.history
    ORDER BY w.level DESC, w.raised_at
    LIMIT $2::int
) AS w;

-- name: heat
-- Enterprises with warnings since a moment, or (without one) with running ones, weighed by level.
SELECT e.longitude, e.latitude, sum(1 << (w.level - 1))::int AS weight
FROM warning AS w JOIN enterprise AS e ON e.id = w.enterprise_id
WHERE NOT w.is_test AND NOT w.history AND e.longitude IS NOT NULL
  AND ($1::timestamptz IS NULL AND w.state IN ('open', 'acknowledged') OR w.raised_at >= $1)
GROUP BY e.id, e.longitude, e.latitude
ORDER BY weight DESC
LIMIT $2::int;

-- name: park_areas
-- What a park serves.
SELECT x.place_prefix FROM agency AS g JOIN agency_area AS x ON x.agency_id = g.id WHERE g.id = $1 AND g.kind = 'park';

-- name: drop_shapes
-- Takes away what a source brought before.
DELETE FROM map_shape WHERE source = $1 OR (kind = 'region' AND region = ANY ($2::text []));

-- name: add_shape
-- One shape of the ground.
INSERT INTO map_shape (kind, region, name, geometry, west, south, east, north, source, loaded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: known_regions
-- Which of some codes are regions.
SELECT code, name FROM region WHERE code = ANY ($1::text []);

-- name: loaded
-- What is loaded, by source and kind.
SELECT source, kind, count(*) AS count, max(loaded_at) AS loaded_at FROM map_shape GROUP BY source, kind ORDER BY source, kind;
