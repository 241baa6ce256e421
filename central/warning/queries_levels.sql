-- name: tables
-- Tables that concern the caller (of the regions over, in and below the own area), the newest of each region first.
SELECT s.id, s.region, coalesce(g.name, '') AS region_name, s.version, s.name, s.source, s.valid_from, s.valid_to,
    CASE
        WHEN s.valid_to <= s.valid_from OR s.valid_to <= $1 THEN 'ended'
        WHEN s.valid_from > $1 THEN 'planned'
        WHEN EXISTS (
            SELECT 1 FROM level_rule_set AS n
            WHERE n.region = s.region AND n.version > s.version AND n.valid_from <= $1
                AND (n.valid_to IS NULL OR n.valid_to > $1)
        ) THEN 'replaced'
        ELSE 'in-force'
    END AS state,
    (SELECT count(*) FROM level_rule AS r WHERE r.set_id = s.id) AS rules
FROM level_rule_set AS s
LEFT JOIN region AS g ON g.code = s.region
WHERE ($2::int IS NULL OR s.id = $2)
    AND ($2::int IS NOT NULL OR $8::boolean OR starts_with(current_setting('app.place_lo', true), s.region) OR (
        s.region >= current_setting('app.place_lo', true) AND s.region < current_setting('app.place_hi', true)
    ))
    AND ($3::text IS NULL OR (s.region, -s.version) > ($3, -$4::int))
    AND ($5 = '' OR s.name ILIKE '%' || $5 || '%' OR s.region = $5 OR g.name ILIKE '%' || $5 || '%')
    AND ($7 = '' OR $7 = CASE WHEN s.valid_to <= s.valid_from OR s.valid_to <= $1 THEN 'ended'
        WHEN s.valid_from > $1 THEN 'planned' ELSE 'in-force' END)
ORDER BY s.region, s.version DESC
LIMIT $6;

-- name: table_rules
-- The rows of a table, as they were written.
SELECT r.kind, r.side, r.limit_name, r.quantity, r.hazard_class, r.level, r.reason, r.held_s, r.raises,
    r.within_h
FROM level_rule AS r
WHERE r.set_id = $1
ORDER BY r.id;

-- name: rules_around
-- The rows in force of every region that holds a region or lies in it: what grades anything that happens there.
SELECT s.region, s.version, s.source, r.kind, r.side, r.limit_name, r.quantity, r.hazard_class, r.level, r.reason,
    r.held_s, r.raises, r.within_h
FROM level_rule_set AS s
INNER JOIN level_rule AS r ON r.set_id = s.id
WHERE s.id IN (
        SELECT DISTINCT ON (v.region) v.id
        FROM level_rule_set AS v
        WHERE (starts_with($1, v.region) OR starts_with(v.region, $1))
            AND v.valid_from <= $2 AND (v.valid_to IS NULL OR v.valid_to > $2)
        ORDER BY v.region, v.version DESC
    )
ORDER BY r.id;

-- name: next_version
-- Writes a table as the next version of its region.
INSERT INTO level_rule_set (region, version, name, source, valid_from, valid_to)
SELECT $1, 1 + coalesce(max(s.version), 0), $2, $3, $4, $5 FROM level_rule_set AS s WHERE s.region = $1
RETURNING id;

-- name: add_rule
-- Writes one row of a new table.
INSERT INTO level_rule (
    set_id, kind, side, limit_name, quantity, hazard_class, level, reason, held_s, raises, within_h
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: lock_table
-- A table of the caller's area, locked for its end; the general one is nobody's.
SELECT s.id, s.region, s.version, s.name, s.valid_from, s.valid_to
FROM level_rule_set AS s
WHERE s.id = $1 AND s.region >= current_setting('app.place_lo', true)
    AND s.region < current_setting('app.place_hi', true)
FOR NO KEY UPDATE;

-- name: end_table
-- From then on a table counts no more; what was valid before it counts again.
UPDATE level_rule_set SET valid_to = $2 WHERE id = $1;

-- name: drafts
-- Drafts of the caller's area, by region and name.
SELECT d.id, d.region, coalesce(g.name, '') AS region_name, d.name, d.source, d.rules, d.based_on, d.created_at,
    d.created_by_name, d.updated_at, d.version
FROM level_draft AS d
LEFT JOIN region AS g ON g.code = d.region
WHERE $1::int IS NULL OR d.id = $1
ORDER BY d.region, d.name
LIMIT 500;

-- name: lock_draft
-- A draft, locked before it is changed.
SELECT d.id, d.version FROM level_draft AS d WHERE d.id = $1 FOR UPDATE;

-- name: add_draft
-- A new draft.
INSERT INTO level_draft (region, name, source, rules, based_on, created_by_name)
VALUES ($1, $2, $3, $4, $5, $6)
RETURNING id;

-- name: change_draft
-- A draft's new content.
UPDATE level_draft SET name = $2, source = $3, rules = $4, version = version + 1, updated_at = now() WHERE id = $1;

-- name: remove_draft
-- A draft that was thrown away or put in force.
DELETE FROM level_draft WHERE id = $1;

-- name: region_known
-- Whether there is such a region.
SELECT EXISTS (SELECT 1 FROM region AS g WHERE g.code = $1);

-- name: quantities
-- What points of the caller's area measure: words that a row may name.
SELECT DISTINCT p.quantity FROM point AS p WHERE p.current AND p.quantity <> '' ORDER BY p.quantity LIMIT 200;

-- name: happened
-- Cases of a region since a moment, newest first, with what a table compares: no test, and of each alarm its limit.
SELECT w.id, w.number, w.title, w.subject_name, w.place, w.kind, w.side, w.subject_type, w.subject_id, w.raised_at,
    e.hazard_class, coalesce(e.name, '') AS enterprise_name, strpos(w.level_reason, $6) = 0 AS alone,
    CASE
        WHEN w.kind <> 'management' THEN coalesce(p.quantity, '')
        ELSE split_part(w.subject_id, '/', 1)
    END AS quantity,
    l.limit_names, l.held_s,
    CASE
        WHEN $5::boolean THEN (
            SELECT array_agg(extract(EPOCH FROM v.at)::float8) FROM warning_event AS v
            WHERE v.warning_id = w.id AND v.kind = 'raised'
        )
    END AS raised_at_s
FROM warning AS w
LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
LEFT JOIN point AS p ON p.id = w.point_id
CROSS JOIN LATERAL (
    SELECT array_agg(h.limit_name ORDER BY h.limit_name) AS limit_names,
        CASE WHEN $5 THEN array_agg(h.held_s ORDER BY h.limit_name) END AS held_s
    FROM (
        SELECT a.limit_name,
            max(extract(EPOCH FROM least(coalesce(a.cleared_at, $4), w.handled_at) - a.raised_at))::float8 AS held_s
        FROM warning_alarm AS a
        WHERE a.warning_id = w.id
        GROUP BY a.limit_name
        UNION ALL
        SELECT
            CASE
                WHEN w.kind <> 'management' THEN w.limit_name WHEN w.subject_type = 'record' THEN 'day' ELSE 'update'
            END,
            extract(EPOCH FROM least(coalesce(w.cleared_at, $4::timestamptz), w.handled_at) - w.raised_at)::float8
        WHERE w.kind NOT IN ('alarm', 'quality')
            OR NOT EXISTS (SELECT 1 FROM warning_alarm AS b WHERE b.warning_id = w.id)
    ) AS h
) AS l
WHERE w.raised_at >= $2 AND NOT w.is_test AND w.place >= $1 AND w.place < $1 || ':'
ORDER BY w.raised_at DESC
LIMIT $3;
