-- name: storm_rule
-- The numbers that hold at a place.
SELECT messages, window_s, red_only, papers, gather_s, first_up_s, storm_cases, storm_s, source
FROM storm_rule_of($1, $2);

-- name: waiting_telephones
-- Whose calls are due and were never handed over, the most urgent first.
SELECT f.address, f.is_test, f.channel, f.urgency, f.place FROM unnest($3::smallint []) AS u (urgency)
CROSS JOIN LATERAL (
    SELECT n.address, n.is_test, n.channel, n.urgency, coalesce(e.place, g.place, w.place) AS place
    FROM notification AS n
    INNER JOIN warning AS w ON w.id = n.warning_id
    LEFT JOIN account AS a ON a.id = n.account_id
    LEFT JOIN enterprise AS e ON e.id = a.enterprise_id
    LEFT JOIN agency AS g ON g.id = a.agency_id
    WHERE n.urgency = u.urgency AND n.due_at <= $1 AND n.held_since IS NULL
        AND n.state = 'pending' AND n.claimed_at IS NULL AND n.address <> ''
    ORDER BY n.due_at
    LIMIT $2
) AS f;

-- name: waiting_unserved
-- Calls by ways that this centre has not: nobody hands them over.
SELECT n.id FROM unnest($3::smallint []) AS u (urgency)
CROSS JOIN LATERAL (
    SELECT c.id, c.channel FROM notification AS c
    WHERE c.urgency = u.urgency AND c.due_at <= $1 AND c.held_since IS NULL
        AND c.state = 'pending' AND c.claimed_at IS NULL AND c.address <> '' AND c.channel <> ALL($4::text [])
    ORDER BY c.due_at
    LIMIT $2
) AS n
LIMIT $2;

-- name: hold_telephone
-- Says whether this transaction may count what a telephone is given; another that does so now is not waited for.
SELECT pg_try_advisory_xact_lock(hashtextextended('telephone ' || $1::text, 0));

-- name: handed
-- When a telephone was given each message since a moment; what surely never left is none.
SELECT n.claimed_at AS at FROM notification AS n
WHERE n.address = $1 AND n.is_test = $2 AND n.claimed_at > $3 AND n.digest IS NULL
    AND NOT (n.state IN ('failed', 'superseded') AND n.provider_id IS NULL AND NOT n.possibly_twice)
UNION ALL
SELECT d.claimed_at FROM digest AS d
WHERE d.address = $1 AND d.is_test = $2 AND d.claimed_at > $3
    AND NOT (d.state IN ('failed', 'superseded') AND d.provider_id IS NULL AND NOT d.possibly_twice);

-- name: gathering
-- Until when calls of a telephone wait that are not due yet, by urgency.
SELECT n.urgency, min(n.due_at) AS until FROM notification AS n
WHERE n.address = $1 AND n.is_test = $2 AND n.due_at > $3 AND n.urgency = ANY($4::smallint [])
    AND n.state = 'pending' AND n.claimed_at IS NULL AND n.address <> '' AND n.held_since IS NULL
GROUP BY n.urgency;

-- name: waiting_calls
-- Locks calls of a telephone that were never handed over and are due by a moment (NULL: all), with what their case wants.
SELECT n.*, w.level = n.level AND CASE n.asked_in
        WHEN '' THEN w.state IN ('open', 'acknowledged') AND (w.paused_until IS NULL OR w.paused_until <= $3)
            AND w.held_since IS NULL
        ELSE w.state = n.asked_in
    END AS wanted,
    coalesce(e.name, g.name) AS owner, w.first_up, w.title, w.raised_at
FROM notification AS n
INNER JOIN warning AS w ON w.id = n.warning_id
LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
LEFT JOIN agency AS g ON g.id = w.agency_id
WHERE n.address = $1 AND n.is_test = $2 AND n.urgency = ANY($4::smallint [])
    AND n.state = 'pending' AND n.claimed_at IS NULL AND n.address <> '' AND n.held_since IS NULL
    AND ($5::timestamptz IS NULL OR n.due_at <= $5)
ORDER BY n.urgency, n.created_at, n.id
FOR UPDATE OF n SKIP LOCKED;

-- name: put_off_waiting
-- Locked calls wait for a message of their telephone.
UPDATE notification SET due_at = $2 WHERE id = ANY($1::uuid []);

-- name: add_digest
-- Writes a digest as claimed by this sender.
INSERT INTO digest (
    id, channel, address, is_test, account_id, enterprise_id, agency_id, place, sector, person_name, agency_name, urgency,
    levels, text, state, attempts, due_at, created_at, claimed_at
)
SELECT $1, n.channel, n.address, n.is_test, n.account_id, a.enterprise_id, CASE WHEN a.enterprise_id IS NULL THEN a.agency_id END,
    coalesce(e.place, g.place, w.place), CASE WHEN g.id IS NULL THEN coalesce(e.sector, w.sector) ELSE '' END,
    n.person_name, n.agency_name, n.urgency, $3, '', $4, $5, $6, $7, $7
FROM notification AS n
INNER JOIN warning AS w ON w.id = n.warning_id
LEFT JOIN account AS a ON a.id = n.account_id
LEFT JOIN enterprise AS e ON e.id = a.enterprise_id
LEFT JOIN agency AS g ON g.id = a.agency_id AND a.enterprise_id IS NULL
WHERE n.id = $2
RETURNING *;

-- name: set_digest_text
-- What a digest says, and how many cases of which level it tells of.
UPDATE digest SET text = $2, levels = $3 WHERE id = $1;

-- name: bundle_calls
-- Locked calls go with a digest.
UPDATE notification SET digest = $2, state = 'sending', attempts = attempts + 1, due_at = $3
WHERE id = ANY($1::uuid []);

-- name: tell_bundled
-- Each case says in its story with which digest its call goes.
INSERT INTO warning_event (warning_id, at, recorded_at, source, kind, title, detail, who, level, round, step)
SELECT n.warning_id, $2, $2, 'centre', 'bundled', $3::text || n.person_name, $4, n.person_name, n.level, n.round, n.step
FROM notification AS n
WHERE n.id = ANY($1::uuid []);

-- name: due_digests
-- Locks digests that have not ended and whose time has come, most urgent first.
SELECT * FROM digest
WHERE due_at <= $1 AND ended_at IS NULL AND held_since IS NULL AND urgency = ANY($3::smallint [])
ORDER BY urgency, due_at
LIMIT $2
FOR UPDATE SKIP LOCKED;

-- name: carried_calls
-- Locks the calls of a digest that have not ended, with what their case wants now.
SELECT n.*, w.level = n.level AND CASE n.asked_in
        WHEN '' THEN w.state IN ('open', 'acknowledged') AND (w.paused_until IS NULL OR w.paused_until <= $2)
            AND w.held_since IS NULL
        ELSE w.state = n.asked_in
    END AS wanted,
    coalesce(e.name, g.name) AS owner, w.first_up, w.title, w.raised_at
FROM notification AS n
INNER JOIN warning AS w ON w.id = n.warning_id
LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
LEFT JOIN agency AS g ON g.id = w.agency_id
WHERE n.digest = $1 AND n.ended_at IS NULL
ORDER BY n.urgency, n.created_at, n.id
FOR UPDATE OF n SKIP LOCKED;

-- name: take_out
-- Calls of a digest that nobody is to be called with any more: somebody answered before it left again.
UPDATE notification SET state = 'superseded', reason = 'answered', due_at = NULL, ended_at = $2, possibly_twice = $3
WHERE id = ANY($1::uuid []);

-- name: open_calls
-- How many calls of a digest have not ended.
SELECT count(*) FROM notification WHERE digest = $1 AND ended_at IS NULL;

-- name: lock_digest
-- One digest, locked.
SELECT * FROM digest WHERE id = $1 FOR UPDATE;

-- name: digest
-- One digest by its number.
SELECT * FROM digest WHERE number = $1;

-- name: save_digest
-- Stores the fate of a digest; until its calls have ended it stays due.
UPDATE digest
SET state = $2, attempts = $3, due_at = $4, possibly_twice = $5, provider_id = $6, reason = $7, claimed_at = $8,
    sent_at = $9, delivered_at = $10, read_at = $11, ended_at = $12, settled_at = $13
WHERE id = $1;

-- name: carry
-- Calls of a digest are as it is: accepted, or ended well. What a late receipt brings counts for calls that failed as well.
WITH changed AS (
    UPDATE notification AS n
    SET state = $2, sent_at = coalesce(n.sent_at, $3), delivered_at = $4, read_at = $5, ended_at = $6,
        due_at = CASE WHEN $6::timestamptz IS NULL THEN coalesce(n.due_at, $7) END, reason = '',
        possibly_twice = n.possibly_twice OR $8
    WHERE n.digest = $1 AND n.state IN ('sending', 'sent', 'failed', 'delivered') AND n.state <> $2
    RETURNING n.warning_id, n.person_name, n.level, n.round, n.step, n.created_at
)

INSERT INTO warning_event (
    warning_id, at, recorded_at, source, kind, title, detail, who, latency_ms, level, round, step
)
SELECT c.warning_id, $7, $7, 'provider', $2, $9::text || c.person_name, $10, c.person_name,
    round(extract(EPOCH FROM $7 - c.created_at) * 1000)::int, c.level, c.round, c.step
FROM changed AS c;

-- name: unfollowed
-- Calls of digests that failed, which have not ended yet: the most urgent first.
SELECT n.id FROM digest AS d
INNER JOIN notification AS n ON n.digest = d.number
WHERE d.due_at <= $1 AND d.ended_at IS NOT NULL AND d.held_since IS NULL AND d.urgency = ANY($3::smallint [])
    AND n.ended_at IS NULL
ORDER BY d.urgency, n.urgency, n.created_at, n.id
LIMIT $2;

-- name: settle_digests
-- Digests all of whose calls have ended are done with.
UPDATE digest AS d SET settled_at = $1, due_at = NULL
WHERE d.due_at <= $1 AND d.ended_at IS NOT NULL AND d.held_since IS NULL AND d.urgency = ANY($2::smallint [])
    AND NOT EXISTS (SELECT 1 FROM notification AS n WHERE n.digest = d.number AND n.ended_at IS NULL);
