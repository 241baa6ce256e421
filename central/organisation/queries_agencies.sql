-- name: agencies
-- Agencies of the scope, the upper first; one of them by number, or those that fit the filters after a position.
SELECT g.id, g.name, g.code, g.kind, g.rank, g.parent_id, p.name AS parent_name, g.region_code,
       r.name AS region_name,
       ARRAY(SELECT x.place_prefix FROM agency_area AS x WHERE x.agency_id = g.id ORDER BY x.place_prefix) AS areas,
       ARRAY(SELECT coalesce(y.name, f.name, x.place_prefix) FROM agency_area AS x
             LEFT JOIN region AS y ON y.code = x.place_prefix
             LEFT JOIN enterprise AS f ON f.place = x.place_prefix
             WHERE x.agency_id = g.id ORDER BY x.place_prefix) AS area_names,
       d.contact_name, d.phone, d.fax, d.address, d.description, d.longitude, d.latitude, d.administrator_id,
       a.display_name || '（' || a.login || '）' AS administrator, a.active AS administrator_active,
       (SELECT count(*) FROM agency AS c WHERE c.parent_id = g.id) AS below, g.place, g.version
FROM agency AS g
JOIN agency_detail AS d ON d.agency_id = g.id
LEFT JOIN agency AS p ON p.id = g.parent_id
LEFT JOIN region AS r ON r.code = g.region_code
LEFT JOIN account AS a ON a.id = d.administrator_id
WHERE ($1::int IS NULL OR g.id = $1)
  AND ($2::text = '' OR strpos(lower(g.name), lower($2)) > 0 OR strpos(lower(g.code), lower($2)) > 0
       OR strpos(d.contact_name, $2) > 0 OR strpos(d.phone, $2) > 0)
  AND ($3::int IS NULL OR g.rank = $3)
  AND ($4::text = '' OR g.kind = $4)
  AND ($5::int IS NULL OR g.parent_id = $5)
  AND ($6::text = '' OR starts_with(g.region_code, $6))
  AND ($7::int IS NULL OR (-g.rank, g.region_code, g.id) > ($7, $8::text, $9::int))
ORDER BY -g.rank, g.region_code, g.id
LIMIT $10;

-- name: lock_agency
-- Holds an agency of the scope while it is changed.
SELECT g.id, g.name, g.code, g.kind, g.rank, g.parent_id, g.region_code, g.version,
       ARRAY(SELECT x.place_prefix FROM agency_area AS x WHERE x.agency_id = g.id ORDER BY x.place_prefix) AS areas
FROM agency AS g
WHERE g.id = $1 AND EXISTS (SELECT 1 FROM agency_detail AS d WHERE d.agency_id = g.id)
FOR UPDATE OF g;

-- name: visible_agency
-- An agency of the scope, with its level.
SELECT g.id, g.rank, g.name, g.place FROM agency AS g JOIN agency_detail AS d ON d.agency_id = g.id WHERE g.id = $1;

-- name: agencies_above
-- An agency and those above it, lowest first; a loop ends it.
WITH RECURSIVE chain AS (
    SELECT id, parent_id, 1 AS depth FROM agency WHERE id = $1
    UNION ALL
    SELECT a.id, a.parent_id, c.depth + 1 FROM agency AS a JOIN chain AS c ON a.id = c.parent_id WHERE c.depth < 20
)
SELECT id FROM chain ORDER BY depth;

-- name: unknown_areas
-- Of some areas those that are neither a region nor the place of an enterprise in sight.
SELECT u.area FROM unnest($1::text []) AS u (area)
WHERE NOT EXISTS (SELECT 1 FROM region AS r WHERE r.code = u.area)
  AND NOT EXISTS (SELECT 1 FROM enterprise AS e WHERE e.place = u.area)
ORDER BY u.area;

-- name: insert_agency
-- Registers an agency.
INSERT INTO agency (name, code, kind, rank, parent_id, region_code) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id;

-- name: update_agency
-- Changes an agency.
UPDATE agency SET name = $2, code = $3, kind = $4, rank = $5, parent_id = $6, region_code = $7, version = version + 1
WHERE id = $1;

-- name: update_detail
-- Whom to call at an agency.
UPDATE agency_detail
SET contact_name = $2, phone = $3, fax = $4, address = $5, description = $6, longitude = $7, latitude = $8,
    administrator_id = $9
WHERE agency_id = $1;

-- name: drop_areas
-- Takes areas from an agency.
DELETE FROM agency_area WHERE agency_id = $1 AND place_prefix <> ALL ($2::text []);

-- name: add_areas
-- Gives areas to an agency.
INSERT INTO agency_area (agency_id, place_prefix) SELECT $1, unnest($2::text []) ON CONFLICT DO NOTHING;

-- name: delete_agency
-- Removes an agency that nothing refers to.
DELETE FROM agency WHERE id = $1;

-- name: agency_use
-- What hangs on an agency, as far as it is in sight.
SELECT (SELECT count(*) FROM agency WHERE parent_id = $1) AS agencies,
       (SELECT count(*) FROM account WHERE agency_id = $1) AS accounts,
       (SELECT count(*) FROM enterprise WHERE agency_id = $1) AS enterprises,
       (SELECT count(*) FROM department WHERE agency_id = $1) AS departments,
       (SELECT count(*) FROM staff WHERE agency_id = $1) AS staff,
       (SELECT count(*) FROM committee_unit WHERE agency_id = $1) AS units,
       (SELECT count(*) FROM intermediary WHERE agency_id = $1) AS intermediaries,
       (SELECT count(*) FROM number_series WHERE agency_id = $1) AS numbers;

-- name: account_of_agency
-- Whether an account in sight belongs to an agency.
SELECT EXISTS (SELECT 1 FROM account WHERE id = $1 AND agency_id = $2 AND removed_at IS NULL);
