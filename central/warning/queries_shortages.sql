-- name: page
-- What areas must have, those that lack first, then by area and name.
SELECT m.id, m.agency_id, a.name AS agency_name, m.region, coalesce(r.name, m.region) AS region_name, m.name, m.register,
    m.field, m.choice, m.words, m.measure, m.minimum, m.unit, m.source, m.version, m.counted, m.counted_at, m.short_since,
    m.warning_id, m.told_at, m.place
FROM resource_minimum AS m
INNER JOIN agency AS a ON a.id = m.agency_id
LEFT JOIN region AS r ON r.code = m.region
WHERE m.removed_at IS NULL AND ($1::boolean IS NULL OR (m.short_since IS NOT NULL) = $1)
    AND ($2::text IS NULL OR m.register = $2) AND ($3::text IS NULL OR starts_with(m.region, $3))
    AND ($4 = '' OR strpos(lower(m.name), lower($4)) > 0) AND ($5::int IS NULL OR m.id = $5)
ORDER BY m.short_since IS NULL, m.region, m.name, m.id
LIMIT $6 OFFSET $7;

-- name: by_area
-- Areas with how many of their minimums are met and missed.
SELECT m.region, coalesce(r.name, m.region) AS region_name, count(*) AS minimums,
    count(*) FILTER (WHERE m.short_since IS NOT NULL) AS short
FROM resource_minimum AS m
LEFT JOIN region AS r ON r.code = m.region
WHERE m.removed_at IS NULL
GROUP BY m.region, r.name
ORDER BY count(*) FILTER (WHERE m.short_since IS NOT NULL) DESC, m.region;

-- name: region
-- A region that there is.
SELECT name FROM region WHERE code = $1;

-- name: add
-- An area must have so much.
INSERT INTO resource_minimum
(agency_id, region, name, register, field, choice, words, measure, minimum, unit, source)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id;

-- name: change
-- It is another; nothing when somebody was faster.
UPDATE resource_minimum SET region = $3, name = $4, register = $5, field = $6, choice = $7, words = $8, measure = $9,
    minimum = $10, unit = $11, source = $12, counted = NULL, counted_at = NULL, version = version + 1
WHERE id = $1 AND version = $2 AND removed_at IS NULL
RETURNING id;

-- name: remove
-- It is asked no more.
UPDATE resource_minimum SET removed_at = $3, version = version + 1
WHERE id = $1 AND version = $2 AND removed_at IS NULL
RETURNING id;

-- name: due
-- Those whose count is older than a moment, the oldest first, and those that are gone and still a warning.
SELECT m.id, m.agency_id, a.place, a.name AS agency_name, m.region, coalesce(r.name, m.region) AS region_name, m.name,
    m.register, m.field, m.choice, m.words, m.measure, m.minimum, m.unit, m.removed_at, m.short_since, m.told_at
FROM resource_minimum AS m
INNER JOIN agency AS a ON a.id = m.agency_id
LEFT JOIN region AS r ON r.code = m.region
WHERE CASE WHEN m.removed_at IS NULL THEN m.counted_at IS NULL OR m.counted_at < $1 ELSE m.told_at IS NOT NULL END
    AND ($2::int IS NULL OR m.id = $2)
ORDER BY m.counted_at NULLS FIRST, m.id
LIMIT $3
FOR UPDATE OF m SKIP LOCKED;

-- name: counted
-- How much there is, and since when it is too little.
UPDATE resource_minimum SET counted = $2, counted_at = $3, short_since = CASE WHEN $4 THEN coalesce(short_since, $3) END
WHERE id = $1
RETURNING short_since;

-- name: told
-- The warnings know of it; NULL: they need not any more.
UPDATE resource_minimum SET told_at = $2, warning_id = coalesce($3, warning_id) WHERE id = $1;
