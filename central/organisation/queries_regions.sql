-- name: children
-- The regions right below a region, or the topmost ones; in code order.
SELECT r.code, r.name, r.level, r.parent_code, r.valid_from, r.valid_to, r.source,
    EXISTS (SELECT 1 FROM region AS c WHERE c.parent_code = r.code) AS children
FROM region AS r
WHERE r.parent_code IS NOT DISTINCT FROM $1::text AND r.code > $2
    AND ($3::date IS NULL
         OR ((r.valid_from IS NULL OR r.valid_from <= $3) AND (r.valid_to IS NULL OR r.valid_to > $3)))
ORDER BY r.code
LIMIT $4;

-- name: found
-- Regions by a part of their name or the beginning of their code, in code order, below a region if one is given.
SELECT r.code, r.name, r.level, r.parent_code, r.valid_from, r.valid_to, r.source,
    EXISTS (SELECT 1 FROM region AS c WHERE c.parent_code = r.code) AS children
FROM region AS r
WHERE (starts_with(r.code, $1) OR strpos(r.name, $1) > 0) AND r.code > $2
    AND ($3::date IS NULL
         OR ((r.valid_from IS NULL OR r.valid_from <= $3) AND (r.valid_to IS NULL OR r.valid_to > $3)))
    AND ($5::text IS NULL OR starts_with(r.code, $5))
    AND ($6::smallint IS NULL OR r.level = $6)
ORDER BY r.code
LIMIT $4;

-- name: by_codes
-- Regions by their codes.
SELECT r.code, r.name, r.level, r.parent_code, r.valid_from, r.valid_to, r.source,
    EXISTS (SELECT 1 FROM region AS c WHERE c.parent_code = r.code) AS children
FROM region AS r
WHERE r.code = ANY($1::text [])
ORDER BY r.code;

-- name: successors
-- What a code became.
SELECT successor FROM region_successor WHERE code = $1 ORDER BY successor;

-- name: predecessors
-- What a code was.
SELECT code FROM region_successor WHERE successor = $1 ORDER BY code;

-- name: today
-- The codes that hold an old code's ground on a day.
SELECT region_today($1, $2) AS code;

-- name: day
-- The day it is in China.
SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date;

-- name: begin_bulk
-- Changes of regions in this transaction are one entry of the audit.
SELECT set_config('app.bulk', 'on', true);
