-- name: known_enterprise
-- Whether an enterprise of this credit code is registered.
SELECT EXISTS (SELECT 1 FROM enterprise WHERE credit_code = $1 AND removed_at IS NULL);

-- name: region_in_force
-- A region of today by its code.
SELECT name FROM region WHERE code = $1 AND valid_to IS NULL;

-- name: served_regions
-- The widest regions in which a county or city supervises: where an applicant begins to choose.
SELECT DISTINCT r.code, r.name FROM region AS r
JOIN agency_area AS x ON x.place_prefix = r.code
JOIN agency AS a ON a.id = x.agency_id
WHERE a.rank = 3 AND r.valid_to IS NULL
ORDER BY r.code LIMIT 500;

-- name: regions_below
-- Regions right below one.
SELECT code, name FROM region WHERE parent_code = $1 AND valid_to IS NULL ORDER BY code LIMIT 500;

-- name: sectors
-- Under which kind of supervision an enterprise can stand.
SELECT code, name FROM sector ORDER BY code;

-- name: apply
-- Keeps an application; nothing when one of this credit code waits already.
INSERT INTO enterprise_application (place, sector, credit_code, name, region_code, industry, address, contact_name,
                                    contact_phone, words, came_from, receipt_hash, created_at)
VALUES ($1, $2, $3, $4, $1, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT DO NOTHING RETURNING id;

-- name: by_receipt
-- How an application went.
SELECT name, credit_code, state, created_at, decided_at, decided_by_name, opinion FROM enterprise_application
WHERE receipt_hash = $1;

-- name: applications
-- Applications of the scope, newest first.
SELECT p.id, p.credit_code, p.name, p.region_code, r.name AS region_name, p.sector, x.name AS sector_name, p.industry,
       p.address, p.contact_name, p.contact_phone, p.words, p.state, p.created_at, p.decided_at, p.decided_by_name,
       p.opinion, p.enterprise_id
FROM enterprise_application AS p
JOIN region AS r ON r.code = p.region_code
JOIN sector AS x ON x.code = p.sector
WHERE ($1::text = '' OR p.state = $1) AND ($2::int IS NULL OR p.id < $2) AND ($3::int IS NULL OR p.id = $3)
  AND ($4::text = '' OR strpos(p.name, $4) > 0 OR strpos(p.credit_code, upper($4)) > 0)
ORDER BY p.id DESC LIMIT $5;

-- name: lock_application
-- Holds an application while it is decided.
SELECT id, place, sector, credit_code, name, region_code, industry, address, contact_name, contact_phone, state
FROM enterprise_application WHERE id = $1 FOR UPDATE;

-- name: decide
-- What the county decided.
UPDATE enterprise_application
SET state = $2, decided_at = $3, decided_by = $4, decided_by_name = $5, opinion = $6, enterprise_id = $7
WHERE id = $1;

-- name: waiting
-- How many applications of the scope wait.
SELECT count(*) FROM enterprise_application WHERE state = 'open';
