-- name: settings_of
-- What one account set for itself.
SELECT value FROM account_setting WHERE account_id = $1;

-- name: change_settings
-- Only what was named changes: two devices never undo each other. A list's columns and views go with a null.
INSERT INTO account_setting AS s (account_id, value, changed_at)
VALUES ($1, $2::jsonb || jsonb_build_object(
        'columns', jsonb_strip_nulls($3::jsonb), 'views', jsonb_strip_nulls($4::jsonb)), $5)
ON CONFLICT (account_id) DO UPDATE
SET value = s.value || $2::jsonb || jsonb_build_object(
        'columns', jsonb_strip_nulls(coalesce(s.value -> 'columns', '{}') || $3::jsonb),
        'views', jsonb_strip_nulls(coalesce(s.value -> 'views', '{}') || $4::jsonb)),
    changed_at = $5
RETURNING value;

-- name: messages_of
-- Messages to one account, newest first; $2: only those not read.
SELECT id, at, kind, title, text, link, read_at
FROM message
WHERE account_id = $1 AND (NOT $2::boolean OR read_at IS NULL)
  AND ($3::timestamptz IS NULL OR (at, id) < ($3, $4::bigint))
ORDER BY at DESC, id DESC
LIMIT $5;

-- name: unread_messages
-- How many messages to one account were not read; more than a thousand are not counted.
SELECT count(*) FROM (SELECT 1 FROM message WHERE account_id = $1 AND read_at IS NULL LIMIT 1000) AS unread;

-- name: read_messages
-- Marks messages to one account as read; all of them with NULL.
UPDATE message SET read_at = $3
WHERE account_id = $1 AND read_at IS NULL AND ($2::bigint [] IS NULL OR id = ANY($2));

-- name: tell_account
-- Tells an account something.
SELECT tell_account($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: forget_messages
-- Messages older than a moment.
DELETE FROM message WHERE at < $1;

-- name: holders_of
-- Accounts whose role may do something.
SELECT a.id FROM account AS a
JOIN role_operation AS o ON o.role = a.role
WHERE o.operation = $1 AND a.active
ORDER BY a.id;

-- name: keepers_of
-- Accounts that may do something at a place: administrators of everything, the agencies whose area holds it, the
-- enterprise itself. Areas are whole codes, so that a prefix is a region; a place of its own is one enterprise.
SELECT a.id FROM account AS a
JOIN role AS r ON r.code = a.role
JOIN role_operation AS o ON o.role = a.role AND o.operation = $1
WHERE a.active AND (
    r.data_scope = 'all'
    OR EXISTS (
        SELECT 1 FROM agency_area AS g
        WHERE g.agency_id = a.agency_id AND r.kind = 'supervisor'
          AND ($2 = g.place_prefix OR strpos(g.place_prefix, '/') = 0 AND starts_with($2, g.place_prefix)))
    OR EXISTS (SELECT 1 FROM enterprise AS e WHERE e.id = a.enterprise_id AND e.place = $2))
ORDER BY a.id;
