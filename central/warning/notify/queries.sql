-- name: add_call
-- Writes one call of a rung; no row when this very call was written before.
INSERT INTO notification (
    id, warning_id, level, round, step, person, channel, account_id, person_name, agency_name, address, text,
    state, due_at, reason, created_at, sent_at, ended_at, urgency, asked_in, is_test
)
SELECT $1, w.id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, urgency_of(w.kind, $3), $19,
    w.is_test
FROM warning AS w WHERE w.id = $2
ON CONFLICT DO NOTHING
RETURNING true;

-- name: supersede
-- Calls of a case that were not handed over yet will not be.
UPDATE notification SET state = 'superseded', reason = 'answered', due_at = NULL, ended_at = $2
WHERE warning_id = $1 AND state = 'pending';

-- name: due_calls
-- Locks calls whose time has come, most urgent first, with what their case wants now; not those that were never handed
-- over, which wait for a message of their telephone, nor those that a digest carries (queries_digests.sql).
-- The join runs through the urgencies in their order and stops when it has enough: no other call is read or locked.
SELECT f.* FROM unnest($3::smallint []) AS u (urgency)
CROSS JOIN LATERAL (
    SELECT n.*, w.level = n.level AND CASE n.asked_in
        WHEN '' THEN w.state IN ('open', 'acknowledged') AND (w.paused_until IS NULL OR w.paused_until <= $1)
            AND w.held_since IS NULL
        -- A person asked for it, of whoever the case waited for in that state.
        ELSE w.state = n.asked_in
    END AS wanted
    FROM notification AS n
    INNER JOIN warning AS w ON w.id = n.warning_id
    WHERE n.urgency = u.urgency AND n.due_at <= $1 AND n.held_since IS NULL AND n.digest IS NULL
        AND NOT (n.state = 'pending' AND n.claimed_at IS NULL AND n.address <> '')
    ORDER BY n.due_at
    LIMIT $2
    FOR UPDATE OF n SKIP LOCKED
) AS f
LIMIT $2;

-- name: put_off
-- A call that could not be ended waits: it must not hold up the others.
UPDATE notification SET due_at = $3 WHERE id = $1 AND due_at <= $2;

-- name: next_due
-- When the next call or digest of some urgencies has to be looked at.
SELECT least(min(f.due_at), min(g.due_at), min(d.due_at)) FROM unnest($1::smallint []) AS u (urgency)
LEFT JOIN LATERAL (
    SELECT n.due_at FROM notification AS n
    WHERE n.urgency = u.urgency AND n.due_at IS NOT NULL AND n.held_since IS NULL AND n.digest IS NULL
        AND NOT (n.state = 'pending' AND n.claimed_at IS NULL AND n.address <> '')
    ORDER BY n.due_at
    LIMIT 1
) AS f ON true
LEFT JOIN LATERAL (
    SELECT n.due_at FROM notification AS n
    WHERE n.urgency = u.urgency AND n.state = 'pending' AND n.claimed_at IS NULL AND n.address <> ''
        AND n.held_since IS NULL
    ORDER BY n.due_at
    LIMIT 1
) AS g ON true
LEFT JOIN LATERAL (
    SELECT e.due_at FROM digest AS e
    WHERE e.urgency = u.urgency AND e.due_at IS NOT NULL AND e.held_since IS NULL
    ORDER BY e.due_at
    LIMIT 1
) AS d ON true;

-- name: call
-- One call.
SELECT * FROM notification WHERE id = $1;

-- name: lock_call
-- One call, locked; its case must be locked before.
SELECT * FROM notification WHERE id = $1 FOR UPDATE;

-- name: save_call
-- Stores the fate of a call.
UPDATE notification
SET state = $2, attempts = $3, due_at = $4, possibly_twice = $5, provider_id = $6, reason = $7, claimed_at = $8,
    sent_at = $9, delivered_at = $10, read_at = $11, ended_at = $12
WHERE id = $1;

-- name: rung
-- All calls of a rung.
SELECT * FROM notification WHERE warning_id = $1 AND level = $2 AND round = $3 AND step = $4;

-- name: calls_of_case
-- Who was called for a case, by which way, and how it ended.
SELECT n.level, n.round, n.step, n.person_name, n.agency_name, n.channel, n.state, n.reason, n.attempts,
    n.possibly_twice, n.created_at, n.sent_at, n.delivered_at, n.read_at, n.ended_at, n.digest
FROM notification AS n
WHERE n.warning_id = $1
ORDER BY level, round, step, created_at, person, channel;

-- name: unseen
-- The caller's own in-app calls that this look may change, of the cases that it shows.
SELECT id FROM notification
WHERE account_id = $1 AND channel = 'in_app' AND warning_id = ANY($2::uuid [])
    AND (state = 'sent' OR ($3::boolean AND state IN ('delivered', 'unreachable')))
ORDER BY id;

-- name: lock_unseen
-- The same, locked.
SELECT * FROM notification WHERE id = ANY($1::uuid []) ORDER BY id FOR UPDATE SKIP LOCKED;
