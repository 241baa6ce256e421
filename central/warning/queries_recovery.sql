-- name: recovery
-- The running recovery of a restored centre, with what is still held and unconfirmed.
SELECT
    r.began_at,
    r.begun_by,
    (SELECT count(*) FROM notification WHERE held_since IS NOT NULL AND ended_at IS NULL) AS held,
    (
        SELECT count(*) FROM warning WHERE unconfirmed_since IS NOT NULL AND state IN ('open', 'acknowledged')
    ) AS unconfirmed
FROM recovery AS r WHERE r.ended_at IS NULL;

-- name: begin_recovery
-- The centre was restored.
INSERT INTO recovery (began_at, begun_by) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: end_recovery
-- The running recovery is over.
UPDATE recovery SET ended_at = $1, ended_by = $2 WHERE ended_at IS NULL;

-- name: hold_calls
-- Calls and digests that had not ended when the backup was made are held.
WITH digests AS (
    UPDATE digest SET held_since = $1 WHERE settled_at IS NULL AND held_since IS NULL
)

UPDATE notification SET held_since = $1 WHERE ended_at IS NULL AND held_since IS NULL;

-- name: release_calls
-- What was held is due now.
WITH digests AS (
    UPDATE digest SET held_since = NULL, due_at = $1 WHERE held_since IS NOT NULL AND settled_at IS NULL
)

UPDATE notification SET held_since = NULL, due_at = $1 WHERE held_since IS NOT NULL AND ended_at IS NULL;

-- name: discard_calls
-- What was held is not sent; of what a provider had already nobody knows what became of it.
WITH digests AS (
    UPDATE digest
    SET state = CASE WHEN ended_at IS NOT NULL THEN state WHEN state = 'sent' THEN 'failed' ELSE 'superseded' END,
        reason = CASE WHEN ended_at IS NULL THEN 'restored' ELSE reason END, due_at = NULL,
        ended_at = coalesce(ended_at, $1), settled_at = $1
    WHERE held_since IS NOT NULL AND settled_at IS NULL
)

UPDATE notification
SET state = CASE state WHEN 'sent' THEN 'failed' ELSE 'superseded' END, reason = 'restored', due_at = NULL,
    ended_at = $1
WHERE held_since IS NOT NULL AND ended_at IS NULL;

-- name: unsettled_cases
-- Cases that somebody may have answered since, and suppressions that may have ended, locked.
SELECT * FROM warning
WHERE state IN ('open', 'acknowledged') OR suppressed_until IS NOT NULL
ORDER BY id FOR NO KEY UPDATE;

-- name: move_home
-- Remembers where the database lives; gives where it lived before.
WITH before AS (
    SELECT h.fingerprint FROM home AS h
),

moved AS (
    INSERT INTO home (fingerprint, seen_at) VALUES ($1, $2)
    ON CONFLICT (only_one) DO UPDATE SET fingerprint = excluded.fingerprint, seen_at = excluded.seen_at
)

SELECT before.fingerprint FROM before;
