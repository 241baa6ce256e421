-- name: units
-- Member units of the scope; one of them by number, or those that fit the filters after a position.
SELECT u.id, u.agency_id, g.name AS agency_name, u.name, u.code, u.contact_name, u.phone, u.address, u.duties,
       ARRAY(SELECT a.display_name || '（' || a.login || '）' FROM account AS a
             WHERE a.committee_unit_id = u.id AND a.active ORDER BY a.login) AS administrators,
       u.place, u.version
FROM committee_unit AS u
JOIN agency AS g ON g.id = u.agency_id
WHERE ($1::int IS NULL OR u.id = $1)
  AND ($2::text = '' OR strpos(lower(u.name), lower($2)) > 0 OR strpos(lower(u.code), lower($2)) > 0
       OR strpos(u.contact_name, $2) > 0 OR strpos(u.phone, $2) > 0)
  AND ($3::int IS NULL OR u.agency_id = $3)
  AND ($4::text IS NULL OR (u.place, u.id) > ($4, $5::int))
ORDER BY u.place, u.id
LIMIT $6;

-- name: lock_unit
-- Holds a member unit of the scope while it is changed.
SELECT id, agency_id, name, version FROM committee_unit WHERE id = $1 FOR UPDATE;

-- name: insert_unit
-- Adds a member unit.
INSERT INTO committee_unit (agency_id, name, code, contact_name, phone, address, duties)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id;

-- name: update_unit
-- Changes a member unit.
UPDATE committee_unit
SET name = $2, code = $3, contact_name = $4, phone = $5, address = $6, duties = $7, version = version + 1
WHERE id = $1;

-- name: delete_unit
-- Removes a member unit.
DELETE FROM committee_unit WHERE id = $1;

-- name: unit_accounts
-- How many accounts belong to a member unit.
SELECT count(*) FROM account WHERE committee_unit_id = $1 AND removed_at IS NULL;

-- name: intermediaries
-- Intermediaries of the scope with their state on a day; one by number, or those that fit the filters after a position.
SELECT * FROM (
    SELECT i.id, i.agency_id, g.name AS agency_name, i.name, i.credit_code, i.kind, i.qualification,
           i.qualification_no, i.valid_from, i.valid_until,
           CASE WHEN i.valid_until < $7::date THEN 'expired' WHEN i.valid_from > $7::date THEN 'not-yet'
                WHEN i.valid_until < $7::date + 90 THEN 'expiring' ELSE 'valid' END AS state,
           i.services, i.contact_name, i.phone, i.address, i.place, i.version
    FROM intermediary AS i
    JOIN agency AS g ON g.id = i.agency_id
    WHERE ($1::int IS NULL OR i.id = $1)
      AND ($2::text = '' OR strpos(lower(i.name), lower($2)) > 0 OR strpos(i.credit_code, upper($2)) > 0
           OR strpos(lower(i.qualification_no), lower($2)) > 0)
      AND ($3::text = '' OR i.kind = $3)
) AS found
WHERE ($4::text = '' OR state = $4)
  AND ($5::date IS NULL OR (valid_until, id) > ($5, $6::int))
ORDER BY valid_until, id
LIMIT $8;

-- name: lock_intermediary
-- Holds an intermediary of the scope while it is changed.
SELECT id, agency_id, name, version FROM intermediary WHERE id = $1 FOR UPDATE;

-- name: insert_intermediary
-- Adds an intermediary.
INSERT INTO intermediary (agency_id, name, credit_code, kind, qualification, qualification_no, valid_from,
                          valid_until, services, contact_name, phone, address)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id;

-- name: update_intermediary
-- Changes an intermediary.
UPDATE intermediary
SET name = $2, credit_code = $3, kind = $4, qualification = $5, qualification_no = $6, valid_from = $7,
    valid_until = $8, services = $9, contact_name = $10, phone = $11, address = $12, version = version + 1
WHERE id = $1;

-- name: delete_intermediary
-- Removes an intermediary.
DELETE FROM intermediary WHERE id = $1;

-- name: intermediary_accounts
-- How many accounts belong to an intermediary.
SELECT count(*) FROM account WHERE intermediary_id = $1 AND removed_at IS NULL;

-- name: agency_in_sight
-- Whether an agency lies inside the scope.
SELECT EXISTS (SELECT 1 FROM agency_detail WHERE agency_id = $1);
