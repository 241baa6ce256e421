-- name: dead
-- The gateway and instruments of a gateway that are dead as far as their cases know.
SELECT w.id, w.number, w.title, w.subject_type, w.subject_id, w.gateway_id, w.level, w.state, w.active, w.is_test
FROM warning AS w
WHERE w.gateway_id = $1 AND w.kind = 'presence' AND w.active AND NOT w.history;

-- name: lasting_windows
-- The windows of an enterprise that are in force.
SELECT id, category, subject_type, subject_id, subject_name, kinds, enterprise_id, starts_at, ends_at, reason,
    declared_name, holds_red AND consent_at IS NOT NULL AS consented
FROM suppression_window
WHERE enterprise_id = $1 AND ended_at IS NULL AND starts_at <= $2 AND ends_at > $2;

-- name: source_of_point
-- The instrument behind which a point lies.
SELECT source FROM point WHERE id = $1;

-- name: set_explained
-- Under which case this one is shown, and which window covers it.
UPDATE warning SET parent_id = $2, window_id = $3 WHERE id = $1;

-- name: still_dead
-- Whether a gateway or instrument is dead as far as its case knows.
SELECT active FROM warning WHERE id = $1;

-- name: settle_s
-- How long a cause of a kind may take to show that it is over.
SELECT settle_s FROM settle_rule WHERE kind = $1;

-- name: claim_task
-- Locks the task that is due longest and that nobody else works on.
SELECT id, warning_id, parent_id, window_id FROM hold_task
WHERE due_at <= $1
ORDER BY due_at, id
LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: end_task
-- A task is done.
DELETE FROM hold_task WHERE id = $1;

-- name: put_off_task
-- A task that failed waits.
UPDATE hold_task SET due_at = $2 WHERE id = $1;

-- name: next_task
-- When the next task is due.
SELECT min(due_at) FROM hold_task WHERE due_at > 'epoch';

-- name: look_around_dead
-- One task for each case that a dead gateway or instrument may explain, or has explained.
INSERT INTO hold_task (warning_id, due_at)
SELECT c.id, 'epoch' FROM warning AS c
INNER JOIN warning AS d ON d.id = $1
WHERE c.gateway_id = d.gateway_id AND c.id <> d.id AND c.kind = ANY($2::text [])
    AND c.state IN ('open', 'acknowledged')
ORDER BY c.number;

-- name: look_around_window
-- One task for each case that a window may cover, or has covered.
INSERT INTO hold_task (warning_id, due_at)
SELECT c.id, 'epoch' FROM warning AS c
INNER JOIN suppression_window AS s ON s.id = $1
WHERE c.enterprise_id = s.enterprise_id AND c.state IN ('open', 'acknowledged') AND c.kind = ANY($2::text [])
    AND (s.subject_type = 'enterprise' OR c.gateway_id = s.gateway_id OR c.window_id = s.id)
ORDER BY c.number;
