-- name: raises_since
-- How often an identity was raised since a moment and before another, whatever became of its cases.
SELECT count(*)
FROM warning AS w
INNER JOIN warning_event AS v ON v.warning_id = w.id AND v.kind = 'raised'
WHERE w.kind = $1 AND w.subject_type = $2 AND w.subject_id = $3 AND w.side = $4 AND w.is_test = $5
    AND v.at > $6 AND v.at <= $7;

-- name: arm
-- A condition of a case that is looked at again; what holds already keeps its beginning, unless that was over.
INSERT INTO level_wait AS t (warning_id, limit_name, side, quantity, hazard_class, since, due_at)
VALUES ($1, $3, $2, $4, $5, $6, $7)
ON CONFLICT (warning_id, limit_name) DO UPDATE
SET side = excluded.side, quantity = excluded.quantity, hazard_class = excluded.hazard_class,
    since = excluded.since, due_at = excluded.due_at;

-- name: due_case
-- Locks the case whose wait is due longest and that nobody else works on.
SELECT w.id
FROM level_wait AS t
INNER JOIN warning AS w ON w.id = t.warning_id
WHERE t.due_at <= $1
ORDER BY t.due_at
LIMIT 1
FOR NO KEY UPDATE OF w SKIP LOCKED;

-- name: due_waits
-- The conditions of a case that are due.
SELECT t.limit_name, t.side, t.quantity, t.hazard_class, t.since FROM level_wait AS t
WHERE t.warning_id = $1 AND t.due_at <= $2
ORDER BY t.due_at;

-- name: still_holds
-- Whether a condition of a case still holds: of an alarm an occurrence of this limit, of others the case itself.
SELECT w.active AND (
    w.kind NOT IN ('alarm', 'quality')
    OR EXISTS (
        SELECT 1 FROM warning_alarm AS a
        WHERE a.warning_id = w.id AND a.limit_name = $2 AND a.cleared_at IS NULL
    )
)
FROM warning AS w
WHERE w.id = $1;

-- name: wait_until
-- A wait goes on.
UPDATE level_wait SET due_at = $3 WHERE warning_id = $1 AND limit_name = $2;

-- name: put_off
-- What is due of a case that can't be worked on is tried again later.
UPDATE level_wait SET due_at = $2 WHERE warning_id = $1 AND due_at < $2;

-- name: forget
-- A wait is over.
DELETE FROM level_wait WHERE warning_id = $1 AND limit_name = $2;

-- name: set_reason
-- What people read beside a level that rose with time.
UPDATE warning SET level_reason = $2 WHERE id = $1;
