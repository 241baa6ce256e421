-- name: approval_rule
-- What holds for a kind and level at a place: the longest region that says anything, then the newest.
SELECT needed, wait_s, given FROM approval_rule
WHERE starts_with($1, region) AND kind = $2 AND level = $3
    AND valid_from <= $4 AND (valid_to IS NULL OR valid_to > $4)
ORDER BY length(region) DESC, valid_from DESC
LIMIT 1;

-- name: newest
-- The newest proposal of an identity, locked.
SELECT * FROM proposal
WHERE kind = $1 AND subject_type = $2 AND subject_id = $3 AND side = $4 AND is_test = $5
ORDER BY id DESC
LIMIT 1
FOR UPDATE;

-- name: add
-- What waits for approval; no row when its subject has one that waits.
INSERT INTO proposal (
    kind, subject_type, subject_id, side, is_test, enterprise_id, agency_id, level, level_reason, title, reference, fact,
    given, proposed_at, proposed_by, proposed_name, due_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT DO NOTHING
RETURNING *;

-- name: worsen
-- What waits became worse, or is told more of: never later than it was due.
UPDATE proposal
SET level = $2, level_reason = $3, title = $4, reference = $5, fact = $6, given = $7, due_at = least(due_at, $8)
WHERE id = $1
RETURNING *;

-- name: lock
-- One proposal, locked.
SELECT * FROM proposal WHERE id = $1 FOR UPDATE;

-- name: decide
-- What became of it.
UPDATE proposal
SET state = $2, decided_at = $3, decided_by = $4, decided_name = $5, opinion = $6, warning_id = $7
WHERE id = $1;

-- name: due
-- One that nobody answered in its time and that is given then.
SELECT * FROM proposal WHERE state = 'waiting' AND given AND due_at <= $1
ORDER BY due_at
LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: next_due
-- When the next of them is given.
SELECT min(due_at) FROM proposal WHERE state = 'waiting' AND given;

-- name: approvers
-- Who may approve it: the people of the agencies above its owner that hold the right, but for who proposed it.
WITH RECURSIVE chain AS (
    SELECT g.id, g.parent_id, 0 AS height
    FROM agency AS g
    WHERE g.id = coalesce($2, (SELECT e.agency_id FROM enterprise AS e WHERE e.id = $1))
    UNION ALL
    SELECT g.id, g.parent_id, c.height + 1
    FROM chain AS c
    INNER JOIN agency AS g ON g.id = c.parent_id
    WHERE c.height < 16
)

SELECT a.id FROM chain AS c
INNER JOIN account AS a ON a.agency_id = c.id AND a.active
INNER JOIN role_operation AS o ON o.role = a.role AND o.operation = 'approve'
WHERE a.id IS DISTINCT FROM $3
ORDER BY a.id;

-- name: tell
-- Tells somebody that an approval waits; the same proposal is told once.
SELECT tell_account($1, 'proposal/' || $2::int, 'warning', $3, $4, '/approvals', $5, $6, $7);

-- name: page
-- Proposals of the reader's scope, newest first; what waits can be asked for alone.
SELECT p.*, coalesce(e.name, g.name) AS owner_name
FROM proposal AS p
LEFT JOIN enterprise AS e ON e.id = p.enterprise_id
LEFT JOIN agency AS g ON g.id = p.agency_id
WHERE ($1::boolean IS NULL OR (p.state = 'waiting') = $1) AND ($2::int IS NULL OR p.id < $2)
    AND coalesce(e.id, g.id) IS NOT NULL
ORDER BY p.id DESC
LIMIT $3;

-- name: seen
-- Whether the reader sees a proposal.
SELECT true FROM proposal WHERE id = $1;

-- name: enterprises
-- Those of some enterprises that the reader sees.
SELECT id, name, place, hazard_class FROM enterprise WHERE id = ANY($1::int []);

-- name: agencies
-- Agencies that the reader may warn in the name of: those that sit in the scope.
SELECT id, name, place FROM agency WHERE id = ANY($1::int []);
