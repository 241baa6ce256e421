-- name: longest
-- The longest that a window of each category may last at a place, in seconds: the longest region's newest rule.
SELECT DISTINCT ON (category) category, longest_s, source
FROM window_rule
WHERE starts_with($1, region) AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)
ORDER BY category, length(region) DESC, valid_from DESC;

-- name: enterprise
-- The enterprise of a window.
SELECT id, name, place, NULL::text AS gateway_id, NULL::int AS point_id FROM enterprise WHERE id = $1;

-- name: gateway
-- The gateway of a window, with its enterprise.
SELECT e.id, g.name, e.place, g.id AS gateway_id, NULL::int AS point_id
FROM gateway AS g
INNER JOIN enterprise AS e ON e.id = g.enterprise_id
WHERE g.id = $1;

-- name: instrument
-- An instrument of a window: it has points.
SELECT DISTINCT e.id, p.source AS name, e.place, p.gateway_id, NULL::int AS point_id
FROM point AS p
INNER JOIN enterprise AS e ON e.id = p.enterprise_id
WHERE p.gateway_id = $1 AND p.source = $2 AND p.current;

-- name: point
-- A point of a window, with its enterprise.
SELECT e.id, p.name, e.place, p.gateway_id, p.id AS point_id
FROM point AS p
INNER JOIN enterprise AS e ON e.id = p.enterprise_id
WHERE p.id = $1;

-- name: add
-- Declares a window.
INSERT INTO suppression_window (
    category, subject_type, subject_id, subject_name, kinds, enterprise_id, gateway_id, point_id, reason, permit_no,
    starts_at, ends_at, declared_at, declared_by, declared_name, declared_for, declared_agency_id, holds_red,
    consent_at, consent_by, consent_name, consent_for, updated_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $13)
RETURNING id;

-- name: lock
-- One window, locked; no case is locked by whoever holds it.
SELECT * FROM suppression_window WHERE id = $1 FOR NO KEY UPDATE;

-- name: edit
-- Changes what a window says; the consent goes unless it still fits.
UPDATE suppression_window
SET kinds = $2, reason = $3, permit_no = $4, starts_at = $5, ends_at = $6, holds_red = $7,
    consent_at = CASE WHEN $8 THEN consent_at END, consent_by = CASE WHEN $8 THEN consent_by END,
    consent_name = CASE WHEN $8 THEN consent_name ELSE '' END,
    consent_for = CASE WHEN $8 THEN consent_for ELSE '' END,
    consent_words = CASE WHEN $8 THEN consent_words ELSE '' END,
    version = version + 1, updated_at = $9
WHERE id = $1;

-- name: set_consent
-- An agency consents that red ones wait too, or takes that back.
UPDATE suppression_window
SET consent_at = $2, consent_by = $3, consent_name = $4, consent_for = $5, consent_words = $6,
    version = version + 1, updated_at = $7
WHERE id = $1;

-- name: end_now
-- A window ends before its time.
UPDATE suppression_window
SET ended_at = $2, ended_by = $3, ended_name = $4, end_reason = $5, version = version + 1, updated_at = $2
WHERE id = $1;

-- name: listed
-- Windows of the caller's jurisdiction: those in force by their end, then those to come, then those that are over.
WITH ranked AS (
    SELECT s.*,
        CASE
            WHEN s.ended_at IS NOT NULL THEN 'ended'
            WHEN s.ends_at <= $1 THEN 'over'
            WHEN s.starts_at > $1 THEN 'planned'
            ELSE 'current'
        END AS state
    FROM suppression_window AS s
    INNER JOIN enterprise AS o ON o.id = s.enterprise_id
    WHERE ($2::int IS NULL OR s.enterprise_id = $2) AND ($3::text IS NULL OR s.category = $3)
        AND ($10::int IS NULL OR s.id = $10)
        AND ($9::text = '' OR strpos(s.subject_name || ' ' || o.name || ' ' || s.reason || ' ' || s.permit_no, $9) > 0)
),

keyed AS (
    SELECT r.*,
        CASE r.state WHEN 'current' THEN 0 WHEN 'planned' THEN 1 ELSE 2 END AS rank,
        CASE
            WHEN r.state = 'current' THEN extract(EPOCH FROM r.ends_at)
            WHEN r.state = 'planned' THEN extract(EPOCH FROM r.starts_at)
            ELSE -extract(EPOCH FROM coalesce(r.ended_at, r.ends_at))
        END::double precision AS due
    FROM ranked AS r
    WHERE ($4::text [] IS NULL OR r.state = ANY($4::text []))
),

chosen AS (
    SELECT * FROM keyed AS k
    WHERE $5::int IS NULL OR (k.rank, k.due, k.id) > ($5, $6::double precision, $7::int)
    ORDER BY k.rank, k.due, k.id
    LIMIT $8
)

SELECT c.*, e.name AS enterprise_name, coalesce(r.name, '') AS region_name,
    (SELECT count(*) FROM warning AS w WHERE w.window_id = c.id AND w.held_since IS NOT NULL) AS waiting,
    (SELECT count(*) FROM warning AS w WHERE w.window_id = c.id) AS covered
FROM chosen AS c
INNER JOIN enterprise AS e ON e.id = c.enterprise_id
LEFT JOIN region AS r ON r.code = e.region_code
ORDER BY c.rank, c.due, c.id;

-- name: silent
-- What the centre itself holds back now: windows in force, and false alarms until their date; what ends soon first.
WITH listed AS (
    SELECT 'window' AS cover, s.category, s.enterprise_id, s.gateway_id, s.point_id, s.subject_name AS title,
        s.starts_at AS since, s.ends_at AS until, s.declared_name AS by, s.reason AS why, s.holds_red, s.consent_at,
        s.id AS window_id, NULL::uuid AS warning_id, 'window/' || lpad(s.id::text, 10, '0') AS name
    FROM suppression_window AS s
    WHERE s.ended_at IS NULL AND s.starts_at <= $1 AND s.ends_at > $1
    UNION ALL
    SELECT 'false-alarm', '', w.enterprise_id, w.gateway_id, w.point_id, w.title, w.updated_at, w.suppressed_until,
        coalesce(w.false_name, ''), coalesce(w.false_reason, ''), false, NULL, NULL, w.id, 'warning/' || w.id
    FROM warning AS w
    WHERE w.suppressed_until > $1 AND w.enterprise_id IS NOT NULL
),

ranked AS (
    SELECT l.*, CASE WHEN l.until <= $1::timestamptz + interval '1 hour' THEN 0 ELSE 2 END AS rank
    FROM listed AS l
    WHERE ($2::text IS NULL OR l.cover = $2) AND ($3::int IS NULL OR l.enterprise_id = $3)
        AND ($4::text IS NULL OR l.gateway_id = $4)
),

chosen AS (
    SELECT r.* FROM ranked AS r
    WHERE $5::int IS NULL
        OR (r.rank, r.until, '', r.name COLLATE "C") > ($5::int, $6::timestamptz, $7::text, $8::text COLLATE "C")
    ORDER BY r.rank, r.until, r.name COLLATE "C"
    LIMIT $9
)

SELECT c.*, e.name AS enterprise_name, coalesce(g.name, '') AS region_name, coalesce(w.name, '') AS gateway_name,
    p.name AS point_name, p.key AS point_key, coalesce(p.source, '') AS source,
    CASE c.cover
        WHEN 'window' THEN (SELECT count(*) FROM warning AS x WHERE x.window_id = c.window_id AND x.held_by = 'window')
        ELSE (SELECT x.active::int FROM warning AS x WHERE x.id = c.warning_id)
    END::int AS waiting
FROM chosen AS c
INNER JOIN enterprise AS e ON e.id = c.enterprise_id
LEFT JOIN gateway AS w ON w.id = c.gateway_id
LEFT JOIN region AS g ON g.code = e.region_code
LEFT JOIN point AS p ON p.id = c.point_id
ORDER BY c.rank, c.until, c.name COLLATE "C";
