-- name: listed
-- Models that concern the caller (of the regions over, in and below the own area), the newest of each region first.
SELECT m.id, m.scale, m.region, coalesce(g.name, '') AS region_name, m.version, m.name, m.source, m.valid_from, m.valid_to,
    CASE
        WHEN m.valid_to <= m.valid_from OR m.valid_to <= $1 THEN 'ended'
        WHEN m.valid_from > $1 THEN 'planned'
        WHEN EXISTS (
            SELECT 1 FROM risk_model AS n
            WHERE n.scale = m.scale AND n.region = m.region AND n.version > m.version AND n.valid_from <= $1
                AND (n.valid_to IS NULL OR n.valid_to > $1)
        ) THEN 'replaced'
        ELSE 'in-force'
    END AS state
FROM risk_model AS m
LEFT JOIN region AS g ON g.code = m.region
WHERE ($2::int IS NULL OR m.id = $2)
    AND ($2::int IS NOT NULL OR starts_with(current_setting('app.place_lo', true), m.region) OR (
        m.region >= current_setting('app.place_lo', true) AND m.region < current_setting('app.place_hi', true)
    ))
    AND ($3::int IS NULL OR m.id < $3)
    AND ($5 = '' OR m.scale = $5)
ORDER BY m.id DESC
LIMIT $4;

-- name: definition
-- What a model says.
SELECT m.definition FROM risk_model AS m WHERE m.id = $1;

-- name: next_version
-- Writes a model as the next version of its region and scale.
INSERT INTO risk_model (scale, region, version, name, source, definition, valid_from)
SELECT $1, $2, 1 + coalesce(max(m.version), 0), $3, $4, $5, $6 FROM risk_model AS m WHERE m.scale = $1 AND m.region = $2
RETURNING id;

-- name: lock_model
-- A model of the caller's area, locked for its end; the general one is nobody's.
SELECT m.id, m.scale, m.region, m.version, m.name, m.valid_from, m.valid_to
FROM risk_model AS m
WHERE m.id = $1 AND m.region >= current_setting('app.place_lo', true)
    AND m.region < current_setting('app.place_hi', true)
FOR NO KEY UPDATE;

-- name: end_model
-- From then on a model counts no more; what was valid before it counts again.
UPDATE risk_model SET valid_to = $2 WHERE id = $1;

-- name: drafts
-- Drafts of the caller's area, by region and name.
SELECT d.id, d.scale, d.region, coalesce(g.name, '') AS region_name, d.name, d.source, d.definition, d.based_on,
    d.created_at, d.created_by_name, d.updated_at, d.version
FROM risk_draft AS d
LEFT JOIN region AS g ON g.code = d.region
WHERE $1::int IS NULL OR d.id = $1
ORDER BY d.region, d.scale, d.name
LIMIT 500;

-- name: lock_draft
-- A draft, locked before it is changed.
SELECT d.id, d.version FROM risk_draft AS d WHERE d.id = $1 FOR UPDATE;

-- name: add_draft
-- A new draft.
INSERT INTO risk_draft (scale, region, name, source, definition, based_on, created_by_name)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id;

-- name: change_draft
-- A draft's new content.
UPDATE risk_draft SET name = $2, source = $3, definition = $4, version = version + 1, updated_at = now() WHERE id = $1;

-- name: remove_draft
-- A draft that was thrown away or put in force.
DELETE FROM risk_draft WHERE id = $1;

-- name: region_known
-- Whether there is such a region.
SELECT EXISTS (SELECT 1 FROM region AS g WHERE g.code = $1);
