-- name: roles
-- All roles, or one; built-in ones in the order of their making, then those made here.
SELECT r.code, r.name, r.kind, r.built_in, r.data_scope, r.sectors, r.note, r.version,
       ARRAY(SELECT o.operation FROM role_operation AS o WHERE o.role = r.code ORDER BY o.operation) AS operations,
       (SELECT count(*) FROM account AS a WHERE a.role = r.code) AS accounts
FROM role AS r
WHERE $1::text IS NULL OR r.code = $1
ORDER BY r.built_in DESC, array_position(ARRAY['supervisor', 'enterprise', 'inspector', 'installer', 'committee',
                                               'intermediary', 'administrator'], r.kind), r.code COLLATE "C";

-- name: lock_role
-- Holds a role while it is edited.
SELECT version FROM role WHERE code = $1 FOR UPDATE;

-- name: insert_role
-- Makes a role.
INSERT INTO role (code, name, kind, data_scope, sectors, note) VALUES ($1, $2, $3, $4, $5, $6);

-- name: update_role
-- Changes a role; who has it sees and may do otherwise with the next request.
UPDATE role SET name = $2, data_scope = $3, sectors = $4, note = $5, version = version + 1 WHERE code = $1;

-- name: add_operations
-- Ticks operations.
INSERT INTO role_operation (role, operation) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING;

-- name: drop_operations
-- Unticks every operation that is not among these.
DELETE FROM role_operation WHERE role = $1 AND operation <> ALL ($2::text[]);

-- name: delete_role
-- Drops a role that nobody has.
DELETE FROM role WHERE code = $1;

-- name: holders
-- Who has a role: the first few.
SELECT display_name FROM account WHERE role = $1 ORDER BY id LIMIT $2;

-- name: own_codes
-- The codes of roles that were made here and count on.
SELECT code FROM role WHERE code ~ '^own-[0-9]{1,6}$';

-- name: sectors
-- All sectors.
SELECT code, name FROM sector ORDER BY code = 'other', code;

-- name: put_sector
-- Adds a sector or renames it.
INSERT INTO sector (code, name) VALUES ($1, $2) ON CONFLICT (code) DO UPDATE SET name = excluded.name;

-- name: sector_users
-- Whom the loss of a sector would touch: enterprises and roles.
SELECT (SELECT count(*) FROM enterprise WHERE sector = $1) AS enterprises,
       (SELECT count(*) FROM role WHERE $1 = ANY (sectors)) AS roles;

-- name: delete_sector
-- Drops a sector that nothing uses.
DELETE FROM sector WHERE code = $1 RETURNING code;

-- name: known_areas
-- Of some codes those that are regions or places of enterprises.
SELECT code FROM region WHERE code = ANY ($1::text[])
UNION ALL
SELECT place FROM enterprise WHERE place = ANY ($1::text[]);

-- name: known_sectors
-- Of some codes those that are sectors.
SELECT code FROM sector WHERE code = ANY ($1::text[]);

-- name: set_areas
-- Gives a person these areas and no others.
WITH gone AS (DELETE FROM account_area WHERE account_id = $1 AND place_prefix <> ALL ($2::text[]))
INSERT INTO account_area (account_id, place_prefix) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING;

-- name: set_role
-- Gives an account another role.
UPDATE account SET role = $2 WHERE login = $1 RETURNING id;
