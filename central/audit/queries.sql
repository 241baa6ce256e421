-- name: links
-- The chain between two positions, each with the text that was hashed, written out here and not by a function of
-- the database, which whoever changes rows could change too. Null where the entry is gone.
SELECT c.position, c.audit_id, c.prev_hash, c.hash,
       CASE WHEN a.id IS NULL THEN NULL WHEN a.form = 1 THEN convert_to(jsonb_build_array(
           a.id, (extract(epoch FROM a.at) * 1000000)::bigint, a.actor, a.actor_name, a.action, a.subject_type,
           a.subject_id, a.before, a.after, a.reason, a.request)::text, 'UTF8')
       ELSE convert_to(jsonb_build_array(
           'v2', a.id, (extract(epoch FROM a.at) * 1000000)::bigint, a.actor, a.actor_name, a.role, a.place,
           a.address, a.device, a.kind, a.action, a.subject_type, a.subject_id, a.before, a.after, a.reason,
           a.request)::text, 'UTF8') END AS text
FROM audit_chain AS c LEFT JOIN audit AS a ON a.id = c.audit_id
WHERE c.position > $1 AND c.position <= $2
ORDER BY c.position;

-- name: next_positions
-- Where the next window of the chain ends: positions may be missing.
SELECT max(w.position) FROM (
    SELECT position FROM audit_chain WHERE position > $1 ORDER BY position LIMIT $2
) AS w;

-- name: chain_head
-- The end of the chain, or of the archive where the chain is empty.
SELECT w.position, w.hash FROM (
    (SELECT position, hash FROM audit_chain ORDER BY position DESC LIMIT 1)
    UNION ALL
    (SELECT position, hash FROM audit_archive ORDER BY position DESC LIMIT 1)
) AS w ORDER BY w.position DESC LIMIT 1;

-- name: hash_at
-- The hash at a position of the chain or at the end of an archive.
SELECT hash FROM audit_chain WHERE position = $1
UNION ALL
SELECT hash FROM audit_archive WHERE position = $1
LIMIT 1;

-- name: unchained
-- Entries that no chain holds and none waits to hold: written past the trigger.
SELECT a.id, a.at, a.action FROM audit AS a
WHERE NOT EXISTS (SELECT FROM audit_chain AS c WHERE c.audit_id = a.id)
  AND NOT EXISTS (SELECT FROM audit_pending AS p WHERE p.audit_id = a.id)
ORDER BY a.id LIMIT $1;

-- name: pending_without_entry
-- Entries that were removed before they were sealed.
SELECT p.audit_id FROM audit_pending AS p
WHERE NOT EXISTS (SELECT FROM audit AS a WHERE a.id = p.audit_id)
ORDER BY p.audit_id LIMIT $1;

-- name: numbers
-- How many entries there are and between which numbers; how many wait to be sealed.
SELECT count(*) AS entries, coalesce(min(id), 0) AS lowest, coalesce(max(id), 0) AS highest,
       (SELECT count(*) FROM audit_pending) AS unsealed
FROM audit;

-- name: roots
-- The signed roots of days, oldest first.
SELECT day, position, hash, count, sound, problem, statement, key, signature FROM audit_root ORDER BY day;

-- name: last_root
-- The newest signed root.
SELECT day, position, hash, count, sound, problem, statement, key, signature FROM audit_root
ORDER BY day DESC LIMIT 1;

-- name: root_page
-- Signed roots, newest first.
SELECT day, position, hash, count, sound, problem, statement, key, signature FROM audit_root
WHERE $1::date IS NULL OR day < $1
ORDER BY day DESC LIMIT $2;

-- name: insert_root
-- Keeps the signed root of a day; another process may have been faster.
INSERT INTO audit_root (day, position, hash, count, sound, problem, statement, key, signature)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (day) DO NOTHING;

-- name: today
-- The day of a moment in the installation's zone, and the day of the first entry.
SELECT ($2::timestamptz AT TIME ZONE $1::text)::date AS today,
       (SELECT (a.at AT TIME ZONE $1::text)::date FROM audit AS a ORDER BY a.id LIMIT 1) AS first_day;

-- name: pending_before
-- Whether entries of days before one wait to be sealed.
SELECT EXISTS (
    SELECT FROM audit_pending AS p JOIN audit AS a ON a.id = p.audit_id
    WHERE a.at < $2::date::timestamp AT TIME ZONE $1::text
);

-- name: archives
-- The files that hold the beginning of the chain.
SELECT position, hash, first_position, first_at, last_at, file, sha256 FROM audit_archive ORDER BY position;

-- name: archivable
-- How far the next file may reach: the oldest entries in one piece, all of them older than the days to keep.
SELECT max(w.position) FROM (
    SELECT c.position, bool_and(a.at < $3::timestamptz - make_interval(days => $1::int))
               OVER (ORDER BY c.position) AS old
    FROM (SELECT position, audit_id FROM audit_chain ORDER BY position LIMIT $2) AS c
    JOIN audit AS a ON a.id = c.audit_id
) AS w WHERE w.old;

-- name: to_archive
-- Lets go of what a verified file holds; the database itself refuses anything younger than half a year.
SELECT audit_to_archive($1, $2, $3, $4, $5);

-- name: lock_upkeep
-- One process at a time closes days and fills archives.
SELECT pg_try_advisory_xact_lock(1718575714);

-- name: page
-- The audit, newest first, with the reader's eyes.
SELECT a.id, a.at, a.actor, a.actor_name, a.role, coalesce(r.name, a.role) AS role_name, a.place, a.address, a.device,
       a.kind, a.action, a.subject_type, a.subject_id, a.before, a.after, a.reason, a.request
FROM audit AS a LEFT JOIN role AS r ON r.code = a.role
WHERE ($1::bigint IS NULL OR a.id < $1)
  AND ($2::timestamptz IS NULL OR a.at >= $2)
  AND ($3::timestamptz IS NULL OR a.at < $3)
  AND ($4::int IS NULL OR a.actor = $4)
  AND ($5::text IS NULL OR a.actor_name ILIKE $5)
  AND ($6::text = '' OR a.kind = $6)
  AND ($7::text = '' OR a.action = $7)
  AND ($8::text = '' OR a.subject_type = $8)
  AND ($9::text = '' OR a.subject_id = $9)
  AND ($10::text IS NULL OR a.address ILIKE $10)
  AND ($11::text IS NULL OR a.actor_name ILIKE $11 OR a.reason ILIKE $11 OR a.action ILIKE $11
       OR a.subject_type ILIKE $11 OR a.subject_id ILIKE $11 OR a.before::text ILIKE $11 OR a.after::text ILIKE $11)
ORDER BY a.id DESC
LIMIT $12;

-- name: entry
-- One entry, with the reader's eyes.
SELECT a.id, a.at, a.actor, a.actor_name, a.role, coalesce(r.name, a.role) AS role_name, a.place, a.address, a.device,
       a.kind, a.action, a.subject_type, a.subject_id, a.before, a.after, a.reason, a.request
FROM audit AS a LEFT JOIN role AS r ON r.code = a.role
WHERE a.id = $1;

-- name: request_is_written
-- Whether a request left a trace.
SELECT EXISTS (SELECT FROM audit WHERE request = $1 AND request <> '');

-- name: sealed_of_subject
-- Where the chain holds the entries of one thing, and their hashes; nothing of what they say.
SELECT c.position, encode(c.hash, 'hex') AS hash, a.id, a.at, a.actor_name, a.role, a.action
FROM audit AS a
JOIN audit_chain AS c ON c.audit_id = a.id
WHERE a.subject_type = $1 AND a.subject_id = $2
ORDER BY c.position;
