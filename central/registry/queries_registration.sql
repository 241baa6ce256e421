-- name: registration
-- What an enterprise tells of itself.
SELECT e.id, e.name, e.credit_code, e.place, e.address, e.contact_name, e.contact_phone, e.agency_id, e.sector, e.version
FROM enterprise AS e WHERE e.id = $1;

-- name: agencies_for
-- The agencies that serve a place, nearest first: the rank tells how high one stands.
SELECT DISTINCT g.id, g.name, g.rank
FROM agency AS g JOIN agency_area AS x ON x.agency_id = g.id
WHERE starts_with($1, x.place_prefix)
ORDER BY g.rank, g.name;

-- name: sectors
-- Under which kind of supervision an enterprise can stand.
SELECT code, name FROM sector ORDER BY code;

-- name: register_self
-- An enterprise completes its registration, when nobody was faster.
UPDATE enterprise
SET address = $3, contact_name = $4, contact_phone = $5, agency_id = $6, sector = $7, version = version + 1
WHERE id = $1 AND version = $2 RETURNING version;
