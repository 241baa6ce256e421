-- name: account
-- One account by login or id, with its agency, its enterprise and the areas that decide its scope.
SELECT a.id, a.login, a.password_hash, a.display_name, a.role, o.name AS role_name, o.kind, o.data_scope, o.sectors,
       ARRAY(SELECT p.operation FROM role_operation AS p WHERE p.role = a.role) AS operations,
       a.agency_id, g.name AS agency_name, g.rank AS agency_rank, g.place AS agency_place, a.enterprise_id, e.name AS enterprise_name, e.place AS enterprise_place,
       coalesce(own.areas, '{}') AS own_areas, coalesce(own.names, '{}') AS own_names,
       coalesce(served.areas, '{}') AS areas, coalesce(served.names, '{}') AS area_names,
       CASE WHEN o.data_scope = 'own'
            THEN ARRAY(SELECT w.place FROM enterprise AS w WHERE w.agency_id = a.agency_id ORDER BY w.place)
            ELSE '{}' END AS supervised,
       a.active, a.failures, a.locked_until
FROM account AS a
JOIN role AS o ON o.code = a.role
LEFT JOIN agency AS g ON g.id = a.agency_id
LEFT JOIN enterprise AS e ON e.id = a.enterprise_id
LEFT JOIN LATERAL (
    SELECT array_agg(x.place_prefix ORDER BY x.place_prefix) AS areas,
           array_agg(coalesce(r.name, f.name, x.place_prefix) ORDER BY x.place_prefix) AS names
    FROM account_area AS x
    LEFT JOIN region AS r ON r.code = x.place_prefix
    LEFT JOIN enterprise AS f ON f.place = x.place_prefix
    WHERE x.account_id = a.id
) AS own ON own.areas IS NOT NULL
LEFT JOIN LATERAL (
    SELECT array_agg(x.place_prefix ORDER BY x.place_prefix) AS areas,
           array_agg(coalesce(r.name, f.name, x.place_prefix) ORDER BY x.place_prefix) AS names
    FROM agency_area AS x
    LEFT JOIN region AS r ON r.code = x.place_prefix
    LEFT JOIN enterprise AS f ON f.place = x.place_prefix
    WHERE x.agency_id = a.agency_id
) AS served ON true
WHERE a.login = $1::text OR a.id = $2::int;

-- name: set_failures
-- Counts refused sign-ins.
UPDATE account SET failures = $2, locked_until = $3 WHERE id = $1;

-- name: insert_account
-- Makes an account.
INSERT INTO account (login, password_hash, display_name, role, agency_id, enterprise_id, phone,
                     phone_verified_at, on_call, owes, plain)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id;

-- name: insert_account_area
-- Gives a person an area of their own.
INSERT INTO account_area (account_id, place_prefix) VALUES ($1, $2);

-- name: let_in_plainly
-- Accounts of the demonstration are asked for nothing but their password.
UPDATE account SET plain = true WHERE login = ANY ($1::text []) AND NOT plain;

-- name: set_password
-- Changes a password and forgets refused sign-ins.
UPDATE account
SET password_hash = $2, password_changed_at = $3, initial_until = NULL, failures = 0, locked_until = NULL
WHERE login = $1 RETURNING id;

-- name: roots
-- The topmost regions of this installation.
SELECT code FROM region WHERE parent_code IS NULL ORDER BY code;

-- name: end_sessions
-- Ends the open sessions of an account, on one kind of device or on all.
UPDATE session SET ended_at = $2, end_reason = $3
WHERE account_id = $1 AND ended_at IS NULL AND ($4::text IS NULL OR device_kind = $4);

-- name: session
-- A session by the hash of its token, also one that ended lately, and the time.
SELECT account_id, device_kind, created_at, seen_at, end_reason, clock_timestamp() AS now, steps, way FROM session WHERE token_hash = $1;

-- name: touch_session
-- Remembers that somebody is there.
UPDATE session SET seen_at = $2 WHERE token_hash = $1;

-- name: end_session
-- Ends one session.
UPDATE session SET ended_at = $2, end_reason = $3 WHERE token_hash = $1 AND ended_at IS NULL;

-- name: forget_sessions
-- Drops sessions that ended long ago.
DELETE FROM session WHERE ended_at < $1;

-- name: delete_sessions
-- Every session, of whoever.
DELETE FROM session;

-- name: insert_audit
-- Writes what somebody did; actor, name and request come from the transaction's settings, the reason from there
-- too when none is given.
INSERT INTO audit (action, subject_type, subject_id, before, after, reason)
VALUES ($1, $2, $3, $4, $5, coalesce(nullif($6::text, ''), current_setting('app.reason', true), ''));

-- name: seal_audit
-- Adds waiting entries to the hash chain.
SELECT audit_seal($1);

-- name: put_region
-- Adds a region or renames it.
INSERT INTO region (code, name, parent_code) VALUES ($1, $2, $3)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, parent_code = excluded.parent_code;

-- name: region_codes
-- Every region there is.
SELECT code FROM region;

-- name: insert_agency
-- Registers an agency.
INSERT INTO agency (name, parent_id, kind, rank) VALUES ($1, $2, $3, $4) RETURNING id;

-- name: insert_agency_area
-- Says what an agency serves.
INSERT INTO agency_area (agency_id, place_prefix) VALUES ($1, $2);

-- name: agency_by_name
-- An agency's number.
SELECT id FROM agency WHERE name = $1;

-- name: supervision
-- The chain of agencies above an agency, itself first; a loop in the tree ends it.
WITH RECURSIVE chain AS (
    SELECT id, name, rank, parent_id, 1 AS depth FROM agency WHERE id = $1
    UNION ALL
    SELECT a.id, a.name, a.rank, a.parent_id, c.depth + 1
    FROM agency AS a JOIN chain AS c ON a.id = c.parent_id
    WHERE c.depth < 10
)
SELECT rank, name FROM chain ORDER BY depth;
