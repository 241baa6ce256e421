-- name: level
-- The level of what is told in the words of CAP: the row that says most.
SELECT level, source FROM cap_level
WHERE severity IN ('', $1) AND urgency IN ('', $2) AND certainty IN ('', $3)
ORDER BY (severity <> '')::int + (urgency <> '')::int + (certainty <> '')::int DESC, level DESC
LIMIT 1;

-- name: agency_of_region
-- Who answers for a region: the agency whose area holds it most closely, that of emergencies before others.
SELECT a.id, a.name, a.place FROM agency AS a
INNER JOIN agency_area AS x ON x.agency_id = a.id
WHERE starts_with($1, x.place_prefix) AND strpos(x.place_prefix, '/') = 0
ORDER BY length(x.place_prefix) DESC, a.kind = 'emergency' DESC, a.id
LIMIT 1;

-- name: known_region
-- The closest region that a code of six to fourteen digits names; what it says beyond a region is zeros.
SELECT r.code FROM region AS r
WHERE starts_with($1, r.code) AND rtrim(substr($1, length(r.code) + 1), '0') = ''
ORDER BY length(r.code) DESC
LIMIT 1;

-- name: plants_within
-- Enterprises in a box, with the agency that supervises each.
SELECT e.longitude, e.latitude, g.id, g.name, g.place FROM enterprise AS e
INNER JOIN agency AS g ON g.id = e.agency_id
WHERE e.longitude BETWEEN $1 AND $2 AND e.latitude BETWEEN $3 AND $4 AND e.removed_at IS NULL;

-- name: plant
-- An enterprise by its code.
SELECT id, name, place, sector, hazard_class FROM enterprise WHERE code = $1 AND removed_at IS NULL;

-- name: told_before
-- What a sender told before under some identifiers, locked.
SELECT * FROM external_warning WHERE sender = $1 AND identifiers && $2::text [] ORDER BY id FOR UPDATE;

-- name: add
-- What is told for the first time; no row when it is known.
INSERT INTO external_warning (
    sender, identifier, identifiers, source_name, kind, enterprise_id, agency_id, is_test, level, level_reason, title,
    text, at, received_at, updated_at, expires_at, brought_by, raw
)
VALUES ($1, $2, ARRAY[$2], $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15, $16)
ON CONFLICT DO NOTHING
RETURNING *;

-- name: tell_again
-- What is told of it now.
UPDATE external_warning
SET identifiers = array_append(identifiers, $2), level = $3, level_reason = $4, title = $5, text = $6, expires_at = $7,
    updated_at = $8, raw = $9
WHERE id = $1
RETURNING *;

-- name: end
-- It is over.
UPDATE external_warning
SET ended_at = $2, updated_at = $2, identifiers = array_append(identifiers, $3) WHERE id = $1 AND ended_at IS NULL;

-- name: set_warning
-- The case that it became.
UPDATE external_warning SET warning_id = $2 WHERE id = $1;

-- name: expired
-- One whose time is over, locked.
SELECT * FROM external_warning WHERE ended_at IS NULL AND expires_at <= $1
ORDER BY expires_at
LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: page
-- What others told, of the reader's scope, newest first.
SELECT o.*, coalesce(e.name, g.name) AS owner_name
FROM external_warning AS o
LEFT JOIN enterprise AS e ON e.id = o.enterprise_id
LEFT JOIN agency AS g ON g.id = o.agency_id
WHERE ($1::boolean IS NULL OR (o.ended_at IS NULL) = $1) AND ($2::text = '' OR o.kind = $2)
    AND ($3::int IS NULL OR o.id < $3) AND coalesce(e.id, g.id) IS NOT NULL
ORDER BY o.id DESC
LIMIT $4;
