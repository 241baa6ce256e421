-- name: insert_job
-- A file that waits for its turn.
INSERT INTO import_job (register, account_id, file_name, bytes, sha256, content, dry_run, submit, overwrite, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
RETURNING id;

-- name: open_jobs
-- How many files of one person wait or run.
SELECT count(*) FROM import_job WHERE account_id = $1 AND state IN ('waiting', 'running');

-- name: jobs
-- One job, or those of whoever asks, newest first.
SELECT id, register, file_name, bytes, dry_run, submit, overwrite, state, total, done, created, changed, unchanged, bad,
    outdated, notices, error, content IS NOT NULL AS has_content, created_at, began_at, ended_at
FROM import_job
WHERE ($1::bigint IS NULL OR id = $1) AND ($2::bigint IS NULL OR id < $2) AND ($3::text = '' OR register = $3)
ORDER BY id DESC
LIMIT $4;

-- name: start_again
-- A dry run that becomes a real one.
UPDATE import_job
SET dry_run = false, state = 'waiting', total = NULL, done = 0, created = 0, changed = 0, unchanged = 0, bad = 0,
    outdated = 0, overwrite = overwrite OR $2, notices = '{}', ended_at = NULL, claimed_until = NULL
WHERE id = $1 AND state = 'checked' AND content IS NOT NULL
RETURNING id;

-- name: forget_bad_rows
-- What a dry run found wrong.
DELETE FROM import_bad_row WHERE job_id = $1;

-- name: bad_rows
-- Bad rows in the order of the file.
SELECT row_order, found FROM import_bad_row WHERE job_id = $1 AND row_order > $2 ORDER BY row_order LIMIT $3;

-- name: claim
-- The next job that waits, or that whoever worked on it left alone.
UPDATE import_job SET state = 'running', began_at = coalesce(began_at, $1), claimed_until = $2
WHERE id = (
    SELECT id FROM import_job
    WHERE state = 'waiting' OR (state = 'running' AND claimed_until < $1)
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, register, account_id, content, dry_run, submit, overwrite, done, claimed_until;

-- name: keep
-- Still at it; nothing comes back where somebody else has taken over.
UPDATE import_job SET claimed_until = $3
WHERE id = $1 AND state = 'running' AND claimed_until = $2
RETURNING id;

-- name: release
-- Left for the next who looks.
UPDATE import_job SET claimed_until = $3
WHERE id = $1 AND state = 'running' AND claimed_until = $2;

-- name: begin
-- What the head of a file says that has no row to deal with.
UPDATE import_job SET total = $3, notices = $4
WHERE id = $1 AND state = 'running' AND claimed_until = $2
RETURNING id;

-- name: advance
-- Rows that were dealt with, in the transaction that wrote them, and what the head of the file says; only from where
-- the file stood. Still at it.
UPDATE import_job
SET done = done + $4 + $5 + $6 + $7, created = created + $4, changed = changed + $5, unchanged = unchanged + $6,
    bad = bad + $7, claimed_until = clock_timestamp() + $8::interval, total = coalesce($9, total),
    notices = coalesce($10, notices), outdated = outdated + $11
WHERE id = $1 AND state = 'running' AND claimed_until = $2 AND done = $3
RETURNING claimed_until;

-- name: insert_bad_rows
-- Rows that were refused.
INSERT INTO import_bad_row (job_id, row_order, found)
SELECT $1, g.place, g.found FROM unnest($2::int [], $3::jsonb []) AS g (place, found);

-- name: end_job
-- The last row was dealt with, or the file failed; the file of a dry run stays for the real one.
UPDATE import_job
SET state = $3, error = $4, ended_at = $5, claimed_until = NULL,
    content = CASE WHEN $3 = 'checked' THEN content END
WHERE id = $1 AND state = 'running' AND claimed_until = $2
RETURNING id;

-- name: drop_contents
-- Files of dry runs that nobody carried out.
UPDATE import_job SET content = NULL WHERE state = 'checked' AND content IS NOT NULL AND ended_at < $1;

-- name: drop_jobs
-- Old ones with their bad rows.
DELETE FROM import_job WHERE ended_at < $1;

-- name: former_states
-- What records were at some versions, of those that are so no longer.
SELECT v.record_id, v.version, v.payload
FROM unnest($2::bigint [], $3::int []) AS w (record_id, version)
JOIN record_version AS v ON v.register = $1 AND v.record_id = w.record_id AND v.version = w.version;

-- name: enterprises_by_code
-- Enterprises of the scope by credit code.
SELECT id, credit_code AS name FROM enterprise WHERE credit_code = ANY($1::text []);

-- name: credit_codes
-- Credit codes of enterprises of the scope.
SELECT id, credit_code FROM enterprise WHERE id = ANY($1::int []);

-- name: agencies_by_name
-- Agencies of the scope by name.
SELECT a.id, a.name FROM agency AS a JOIN agency_detail AS d ON d.agency_id = a.id WHERE a.name = ANY($1::text []);

-- name: agency_names
-- Names of agencies.
SELECT id, name FROM agency WHERE id = ANY($1::int []);

-- name: words
-- The words of dictionaries that are offered, in their order.
SELECT dictionary, code, zh FROM dictionary_entry
WHERE dictionary = ANY($1::text []) AND active ORDER BY dictionary, sequence, code;
