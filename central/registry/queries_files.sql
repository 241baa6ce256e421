-- name: lock_file
-- One at a time stores or sweeps a file, until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtextextended('file ' || $1::text, 0));

-- name: stored_file
-- A file by its content.
SELECT sha256, size, media_type, thumbnail, scan FROM stored_file WHERE sha256 = $1;

-- name: keep_file
-- Remembers a stored file; a scan that said clean is not forgotten.
INSERT INTO stored_file (sha256, size, media_type, thumbnail, scan, stored_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (sha256) DO UPDATE SET scan = CASE WHEN excluded.scan = 'clean' THEN 'clean' ELSE stored_file.scan END
RETURNING sha256, size, media_type, thumbnail, scan;

-- name: keep_upload
-- Remembers who brought a file, and when last.
INSERT INTO file_upload (sha256, account_id, name, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (sha256, account_id) DO UPDATE SET name = excluded.name, at = excluded.at;

-- name: unused_bytes
-- How much somebody brought that no record uses yet.
SELECT coalesce(sum(f.size), 0)::bigint FROM file_upload AS u JOIN stored_file AS f USING (sha256)
WHERE u.account_id = $1 AND NOT EXISTS (SELECT 1 FROM file_use AS x WHERE x.sha256 = u.sha256);

-- name: known_files
-- Of each named file what is stored, where this account brought it or the owner at that place uses it already.
SELECT w.sha256, w.place, f.size, f.media_type, f.scan
FROM unnest($1::text[], $2::text[]) AS w (sha256, place)
JOIN stored_file AS f ON f.sha256 = w.sha256
WHERE EXISTS (SELECT 1 FROM file_upload AS u WHERE u.sha256 = w.sha256 AND u.account_id = $3)
    OR EXISTS (SELECT 1 FROM file_use AS x WHERE x.sha256 = w.sha256 AND x.place = w.place);

-- name: use_files
-- Records which files records use; a use that is known stays as it is.
INSERT INTO file_use (register, record_id, sha256, name, enterprise_id, agency_id, at)
SELECT DISTINCT ON (w.record_id, w.sha256) $1::text, w.record_id, w.sha256, w.name, w.enterprise_id, w.agency_id, $7::timestamptz
FROM unnest($2::bigint[], $3::text[], $4::text[], $5::int[], $6::int[])
    AS w (record_id, sha256, name, enterprise_id, agency_id)
ON CONFLICT (register, record_id, sha256) DO NOTHING;

-- name: used_file
-- A file as a record uses it.
SELECT f.sha256, f.size, f.media_type, f.thumbnail, f.scan, u.name, u.place, u.sector
FROM file_use AS u JOIN stored_file AS f USING (sha256)
WHERE u.register = $1 AND u.record_id = $2 AND u.sha256 = $3;

-- name: unused_files
-- What nobody uses, and nobody brought since; what failed lately is left alone for a while.
SELECT f.sha256 FROM stored_file AS f
WHERE f.stored_at < $1 AND f.again_at <= now()
    AND NOT EXISTS (SELECT 1 FROM file_use AS x WHERE x.sha256 = f.sha256)
    AND NOT EXISTS (SELECT 1 FROM file_upload AS u WHERE u.sha256 = f.sha256 AND u.at >= $1)
ORDER BY f.again_at, f.stored_at LIMIT $2;

-- name: forget_file
-- Forgets a file, unless it was used or brought again meanwhile.
DELETE FROM stored_file AS f
WHERE f.sha256 = $1 AND NOT EXISTS (SELECT 1 FROM file_use AS x WHERE x.sha256 = f.sha256)
    AND NOT EXISTS (SELECT 1 FROM file_upload AS u WHERE u.sha256 = f.sha256 AND u.at >= $2)
RETURNING f.sha256;

-- name: forget_uploads
-- Who brought what is used by now need not be known: the record says who wrote it.
DELETE FROM file_upload AS u
WHERE u.at < $1 AND EXISTS (SELECT 1 FROM file_use AS x WHERE x.sha256 = u.sha256);

-- name: waiting_files
-- What the scanner has not judged yet: first what was not asked about, then what has waited longest.
SELECT sha256 FROM stored_file WHERE scan = 'waiting' AND again_at <= now() ORDER BY again_at, stored_at LIMIT $1;

-- name: file_is_clean
-- The scanner has judged it.
UPDATE stored_file SET scan = 'clean', failed = 0, again_at = '-infinity' WHERE sha256 = $1;

-- name: file_failed
-- Leaves a file alone for half a minute, then twice as long each time, a quarter of an hour at most.
UPDATE stored_file SET failed = failed + 1, again_at = now() + least(30 * 2 ^ least(failed, 10), 900) * interval '1 second'
WHERE sha256 = $1 RETURNING failed;

-- name: drop_file
-- The scanner refused it before anybody could use it.
DELETE FROM stored_file WHERE sha256 = $1 AND scan = 'waiting';

-- name: brought_by
-- Who brought a file.
SELECT account_id, name FROM file_upload WHERE sha256 = $1 ORDER BY account_id;

-- name: begin_parts
-- Announces a file that comes in parts.
INSERT INTO file_in_parts (id, account_id, name, size, sha256, at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: file_in_parts
-- A file on its way in; nobody else's.
SELECT id, name, size, sha256, answer FROM file_in_parts WHERE id = $1 AND account_id = $2;

-- name: parts_under_way
-- How many files of somebody are on their way in, and how large they will be.
SELECT count(*)::int AS files, coalesce(sum(size), 0)::bigint AS bytes FROM file_in_parts
WHERE account_id = $1 AND answer IS NULL;

-- name: parts_whole
-- Keeps what was answered when the last part had come.
UPDATE file_in_parts SET answer = $2 WHERE id = $1;

-- name: drop_parts
-- A file that was whole and refused.
DELETE FROM file_in_parts WHERE id = $1;

-- name: sweep_parts
-- What was announced too long ago.
DELETE FROM file_in_parts WHERE at < $1;

-- name: parts_known
-- The files that are still on their way in.
SELECT id FROM file_in_parts WHERE answer IS NULL;
