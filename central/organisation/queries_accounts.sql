-- name: accounts
-- Accounts inside the scope by login; one by number, or those that fit the filters after a login. A telephone is found
-- whole or not at all.
SELECT * FROM (
    SELECT a.id, a.login, a.display_name, a.role, r.name AS role_name, r.kind, a.agency_id, g.name AS agency_name,
           a.enterprise_id, e.name AS enterprise_name, a.committee_unit_id, u.name AS committee_unit_name,
           a.intermediary_id, i.name AS intermediary_name, d.name AS department_name, coalesce(a.phone, '') AS phone,
           a.phone_verified_at IS NOT NULL AS phone_verified, a.on_call,
           ARRAY(SELECT x.place_prefix FROM account_area AS x WHERE x.account_id = a.id ORDER BY x.place_prefix) AS areas,
           ARRAY(SELECT coalesce(y.name, f.name, x.place_prefix) FROM account_area AS x
                 LEFT JOIN region AS y ON y.code = x.place_prefix
                 LEFT JOIN enterprise AS f ON f.place = x.place_prefix
                 WHERE x.account_id = a.id ORDER BY x.place_prefix) AS area_names,
           CASE WHEN a.removed_at IS NOT NULL THEN 'removed' WHEN a.review <> 'approved' THEN a.review
                WHEN NOT a.active THEN 'off' WHEN a.locked_until > $2::timestamptz THEN 'locked'
                ELSE 'active' END AS state,
           a.locked_until, a.review_opinion, a.reviewed_by, a.reviewed_at, a.created_at, a.place, a.version
    FROM account AS a
    JOIN role AS r ON r.code = a.role
    LEFT JOIN agency AS g ON g.id = a.agency_id
    LEFT JOIN enterprise AS e ON e.id = a.enterprise_id
    LEFT JOIN committee_unit AS u ON u.id = a.committee_unit_id
    LEFT JOIN intermediary AS i ON i.id = a.intermediary_id
    LEFT JOIN staff AS s ON s.account_id = a.id
    LEFT JOIN department AS d ON d.id = s.department_id
    WHERE ($1::int IS NULL OR a.id = $1)
) AS found
WHERE ($3::text = '' OR strpos(login, lower($3)) > 0 OR strpos(display_name, $3) > 0 OR phone = $3)
  AND ($4::text = '' OR kind = $4)
  AND ($5::text = '' OR role = $5)
  AND ($6::int IS NULL OR agency_id = $6)
  AND ($7::int IS NULL OR enterprise_id = $7)
  AND ($8::int IS NULL OR committee_unit_id = $8)
  AND ($9::int IS NULL OR intermediary_id = $9)
  AND CASE WHEN $1 IS NOT NULL THEN true WHEN $10::text = '' THEN state <> 'removed' ELSE state = $10 END
  AND ($11::text IS NULL OR login > $11)
ORDER BY login
LIMIT $12;

-- name: lock_account
-- Holds an account of the scope while it is changed.
SELECT id, login, role, agency_id, enterprise_id, committee_unit_id, intermediary_id, phone, phone_verified_at,
       active, review, removed_at, version
FROM account WHERE id = $1 FOR UPDATE;

-- name: role_of
-- The role of an account of the scope.
SELECT role FROM account WHERE id = $1;

-- name: lock_role_holders
-- Holds every account in sight that has a role and could sign in, so that two do not switch each other off.
SELECT id FROM account WHERE role = $1 AND active ORDER BY id FOR UPDATE;

-- name: owners_in_sight
-- Which of an agency, an enterprise, a member unit and an intermediary lie inside the scope; the agency of the latter.
SELECT EXISTS (SELECT 1 FROM agency_detail WHERE agency_id = $1::int) AS agency,
       EXISTS (SELECT 1 FROM enterprise WHERE id = $2::int) AS enterprise,
       (SELECT agency_id FROM committee_unit WHERE id = $3::int) AS unit_agency,
       (SELECT agency_id FROM intermediary WHERE id = $4::int) AS intermediary_agency;

-- name: insert_account
-- Makes an account without a password: nobody signs in before one was handed out.
INSERT INTO account (login, password_hash, display_name, role, agency_id, enterprise_id, committee_unit_id,
                     intermediary_id, phone, phone_verified_at, on_call, active, review)
VALUES ($1, '', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id;

-- name: update_account
-- Changes an account.
UPDATE account
SET display_name = $2, role = $3, agency_id = $4, enterprise_id = $5, committee_unit_id = $6, intermediary_id = $7,
    phone = $8, phone_verified_at = $9, on_call = $10, version = version + 1
WHERE id = $1;

-- name: switch_account
-- Switches an account on or off.
UPDATE account SET active = $2, version = version + 1 WHERE id = $1;

-- name: remove_account
-- Takes an account out of use for good; what it did keeps its name.
UPDATE account SET active = false, on_call = false, removed_at = $2, version = version + 1 WHERE id = $1;

-- name: free_account
-- Nobody is reached by a removed account any more.
UPDATE staff SET account_id = NULL, version = version + 1 WHERE account_id = $1;

-- name: free_administrator
-- No agency names a removed account as its administrator.
UPDATE agency_detail SET administrator_id = NULL WHERE administrator_id = $1;

-- name: review_account
-- What the supervising agency decided.
UPDATE account
SET review = $2, active = ($2 = 'approved'), review_opinion = $3, reviewed_by = $4, reviewed_at = $5,
    version = version + 1
WHERE id = $1;

-- name: renumber_account
-- A password was handed out or a lock lifted: whoever edits an older state is told.
UPDATE account SET version = version + 1 WHERE id = $1;
