-- name: listing
-- Backups, newest first.
SELECT
    id, coalesce(name, '') AS name, target, state, kind, asked_by, asked_at, began_at, ended_at, bytes, raw_bytes,
    schema, encrypted, error, checked_at, check_good, check_words, gone_at
FROM backup
WHERE ($1::int IS NULL OR id < $1) AND ($2::text IS NULL OR state = $2)
ORDER BY id DESC LIMIT $3;

-- name: want
-- Somebody wants one; nothing when one waits already.
INSERT INTO backup (target, state, asked_by, asked_at) VALUES ($1, 'wanted', $2, $3)
ON CONFLICT DO NOTHING RETURNING id;

-- name: wanted
-- The one that waits.
SELECT id FROM backup WHERE state = 'wanted';

-- name: claim
-- Takes up the one that waits, if nobody else does.
UPDATE backup SET state = 'running', began_at = $1
WHERE id = (SELECT id FROM backup WHERE state = 'wanted' FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING id;

-- name: begin
-- One that is made at the terminal.
INSERT INTO backup (target, state, asked_by, asked_at, began_at, encrypted) VALUES ($1, 'running', $2, $3, $3, $4)
RETURNING id;

-- name: run
-- One that a worker took up is made now.
UPDATE backup SET state = 'running', target = $2, began_at = $3, encrypted = $4 WHERE id = $1;

-- name: made
-- It is there.
UPDATE backup
SET name = $2, state = 'good', kind = $3, bytes = $4, raw_bytes = $5, schema = $6, ended_at = $7, error = ''
WHERE id = $1;

-- name: failed
-- It is not; what has ended stays as it ended.
UPDATE backup SET state = 'failed', error = $2, ended_at = $3
WHERE id = $1 AND state IN ('wanted', 'running') RETURNING id;

-- name: orphans
-- Those that nobody works on any more: their process died.
UPDATE backup SET state = 'failed', error = $1, ended_at = $2
WHERE state = 'running' RETURNING id;

-- name: forget_unended
-- In a restored database: what was being done when the backup was made.
DELETE FROM backup WHERE state IN ('wanted', 'running');

-- name: checked
-- What a restore on trial found.
UPDATE backup SET checked_at = $2, check_good = $3, check_words = $4 WHERE name = $1;

-- name: found
-- One that lies there and is not remembered: made before a restore, or by another database's life.
INSERT INTO backup (
    name, target, state, kind, asked_by, asked_at, began_at, ended_at, bytes, raw_bytes, schema, encrypted
)
VALUES ($1, $2, 'good', $3, $4, $5, $5, $5, $6, $7, $8, $9)
ON CONFLICT (name) DO UPDATE SET gone_at = NULL, target = excluded.target
WHERE backup.gone_at IS NOT NULL;

-- name: there
-- What should lie in a folder.
SELECT name, began_at, check_good FROM backup WHERE target = $1 AND state = 'good' AND gone_at IS NULL;

-- name: gone
-- These lie there no more.
UPDATE backup SET gone_at = $2 WHERE name = any($1::text []) AND gone_at IS NULL;

-- name: last_size
-- How large the newest was.
SELECT bytes, raw_bytes FROM backup WHERE state = 'good' ORDER BY id DESC LIMIT 1;

-- name: newest
-- The newest that is there.
SELECT name, target, began_at, checked_at, check_good, encrypted FROM backup
WHERE state = 'good' AND gone_at IS NULL ORDER BY began_at DESC LIMIT 1;

-- name: last_checked
-- When one was restored on trial with success last.
SELECT max(checked_at) FROM backup WHERE check_good;

-- name: timer_set
-- The first time: when it is due, and since when it runs.
INSERT INTO backup_timer (kind, due_at, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: timer
-- When it is due.
SELECT due_at, since FROM backup_timer WHERE kind = $1;

-- name: timer_claim
-- It is due: put off to its next time, by whoever is first.
UPDATE backup_timer SET due_at = $3
WHERE kind = (SELECT kind FROM backup_timer WHERE kind = $1 AND due_at <= $2 FOR UPDATE SKIP LOCKED)
RETURNING kind;

-- name: timer_move
-- Another time for it.
UPDATE backup_timer SET due_at = $2 WHERE kind = $1;
