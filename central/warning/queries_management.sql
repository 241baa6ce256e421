-- name: take_management_round
-- Whose turn it is; nothing while another process has it.
SELECT cursor, begun_at FROM management_round FOR UPDATE SKIP LOCKED;

-- name: keep_management_round
-- How far the round is.
UPDATE management_round SET cursor = $1, begun_at = $2;

-- name: thresholds
-- The rows that are valid now.
SELECT id, region, item, version, limit_value, asked, sectors, hazards FROM management_threshold
WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1);

-- name: standing_beyond
-- What is beyond its threshold between two enterprises.
SELECT id, enterprise_id, item, value, limit_value FROM management_finding
WHERE enterprise_id > $1 AND enterprise_id <= $2 AND ended_at IS NULL;

-- name: begin_beyond
-- A figure is beyond its threshold from now on.
INSERT INTO management_finding (enterprise_id, item, threshold_id, value, limit_value, since, seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id;

-- name: keep_case
-- The case that it opened.
UPDATE management_finding SET warning_id = $2 WHERE id = $1;

-- name: see_beyond
-- It still is, with its newest figure.
UPDATE management_finding SET threshold_id = $2, value = $3, limit_value = $4, seen_at = $5 WHERE id = $1;

-- name: end_beyond
-- It is no more.
UPDATE management_finding SET ended_at = $2 WHERE id = $1;

-- name: place_of_enterprise
-- Whose case it is.
SELECT place, hazard_class FROM enterprise WHERE id = $1;

-- name: threshold_rows
-- Rows that concern the caller (of the regions over, in and below the own area).
SELECT t.id, t.region, coalesce(g.name, '') AS region_name, t.item, t.version, t.limit_value AS "limit", t.asked,
    t.sectors, t.hazards, t.source, t.valid_from, t.valid_to, t.changed_by_name
FROM management_threshold AS t LEFT JOIN region AS g ON g.code = t.region
WHERE ($1::int IS NULL OR t.id = $1)
    AND ($3::boolean OR t.valid_to IS NULL OR t.valid_to > $2)
    AND (starts_with(current_setting('app.place_lo', true), t.region) OR (
        t.region >= current_setting('app.place_lo', true) AND t.region < current_setting('app.place_hi', true)
    ))
ORDER BY t.region, t.item, t.version DESC;

-- name: count_beyond
-- How many enterprises within the scope are beyond each threshold.
SELECT item, count(*) AS many FROM management_finding WHERE ended_at IS NULL GROUP BY item;

-- name: beyond_rows
-- What is beyond its threshold within the scope, the newest first.
SELECT f.id, f.item, f.value, f.limit_value AS "limit", f.since, f.seen_at, f.enterprise_id, e.name AS enterprise_name,
    coalesce(g.name, '') AS region_name, f.warning_id
FROM management_finding AS f
INNER JOIN enterprise AS e ON e.id = f.enterprise_id
LEFT JOIN region AS g ON g.code = e.region_code
WHERE f.ended_at IS NULL AND ($1::text = '' OR f.item = $1) AND ($2::int IS NULL OR f.enterprise_id = $2)
    AND ($3::bigint IS NULL OR f.id < $3)
ORDER BY f.id DESC LIMIT $4;

-- name: end_thresholds_before
-- The row of a region and item that a newer one takes the place of.
UPDATE management_threshold SET valid_to = greatest(valid_from, $3::timestamptz)
WHERE region = $1 AND item = $2 AND (valid_to IS NULL OR valid_to > $3);

-- name: add_threshold
-- The next version of a region's threshold.
INSERT INTO management_threshold (
    region, item, version, limit_value, asked, sectors, hazards, source, valid_from, valid_to, changed_by_name
)
SELECT $1, $2, 1 + coalesce(max(t.version), 0), $3, $4, $5, $6, $7, $8::timestamptz, $9::timestamptz, $10
FROM management_threshold AS t WHERE t.region = $1 AND t.item = $2
RETURNING id;

-- name: end_threshold
-- A row counts no more.
UPDATE management_threshold SET valid_to = greatest(valid_from, $2::timestamptz)
WHERE id = $1 AND (valid_to IS NULL OR valid_to > $2) RETURNING region, item;

-- name: threshold_region_known
-- Whether there is such a region.
SELECT EXISTS (SELECT FROM region WHERE code = $1);

-- name: sectors_known
-- Sectors, as rows and as people name them.
SELECT code, name FROM sector ORDER BY code;
