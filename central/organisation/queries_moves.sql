-- name: movable
-- An enterprise as a move sees it, in the reader's scope.
SELECT e.id, e.code, e.name, e.place, e.region_code, e.agency_id, e.sector FROM enterprise AS e WHERE e.id = $1;

-- name: agency_name
-- An agency's name.
SELECT name FROM agency WHERE id = $1;

-- name: sector_known
-- Whether a sector is known.
SELECT EXISTS (SELECT 1 FROM sector WHERE code = $1);

-- name: rows_that_follow
-- What of an enterprise would move, by table, most first.
SELECT name, rows FROM rows_that_follow($1, $2) ORDER BY rows DESC, name;

-- name: agencies_that_see
-- Agencies one of whose areas holds a place.
SELECT DISTINCT g.id, g.name FROM agency_area AS a JOIN agency AS g ON g.id = a.agency_id
WHERE area_holds(a.place_prefix, $1) ORDER BY g.id;

-- name: leaf_grants
-- Agencies and people to whom this very enterprise was assigned.
SELECT g.name FROM agency_area AS a JOIN agency AS g ON g.id = a.agency_id WHERE a.place_prefix = $1
UNION
SELECT p.display_name FROM account_area AS a JOIN account AS p ON p.id = a.account_id WHERE a.place_prefix = $1
ORDER BY 1;

-- name: belongings
-- Gateways and open warnings of some enterprises.
SELECT
    (SELECT count(*) FROM gateway WHERE enterprise_id = ANY($1::int [])) AS gateways,
    (SELECT count(*) FROM warning WHERE enterprise_id = ANY($1::int []) AND state IN ('open', 'acknowledged')) AS warnings;

-- name: busy
-- Jobs that have this enterprise and have not ended.
SELECT r.id, r.title FROM relocation AS r JOIN relocation_item AS i ON i.relocation_id = r.id
WHERE i.enterprise_id = $1 AND i.state = 'waiting' AND r.state IN ('planned', 'running');

-- name: insert_job
-- Keeps what was asked for.
INSERT INTO relocation (kind, place, title, reason, document, plan, effective_at, made_at, made_by, made_by_name,
                        made_by_role, total)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING id;

-- name: insert_item
-- An enterprise of a job.
INSERT INTO relocation_item (relocation_id, enterprise_id, to_region, to_agency_id, to_sector)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- name: jobs
-- Jobs of this jurisdiction, newest first.
SELECT r.id, r.kind, r.title, r.reason, r.document, r.state, r.effective_at, r.made_at, r.made_by_name, r.started_at,
    r.ended_at, r.total, r.done, r.rows_moved, r.failure
FROM relocation AS r
WHERE r.kind = $1 AND ($2::int IS NULL OR r.id < $2) AND ($3::text IS NULL OR r.state = $3)
ORDER BY r.id DESC
LIMIT $4;

-- name: job
-- One job with what was asked for.
SELECT r.id, r.kind, r.title, r.reason, r.document, r.state, r.effective_at, r.made_at, r.made_by_name, r.started_at,
    r.ended_at, r.total, r.done, r.rows_moved, r.failure, r.plan
FROM relocation AS r
WHERE r.id = $1 AND r.kind = $2;

-- name: items
-- The enterprises of a job, those that wait first.
SELECT i.enterprise_id, e.name AS enterprise_name, i.from_place, i.to_place, i.to_region, i.state, i.rows, i.done_at
FROM relocation_item AS i
LEFT JOIN enterprise AS e ON e.id = i.enterprise_id
WHERE i.relocation_id = $1
ORDER BY i.state DESC, i.enterprise_id
LIMIT 500;

-- name: cancel
-- A job that has not begun is called off.
UPDATE relocation SET state = 'cancelled', ended_at = $2 WHERE id = $1 AND state = 'planned' RETURNING id;

-- name: replan
-- More was said about a job that runs: it is tried again at once.
UPDATE relocation SET plan = $2, failure = '', retry_at = NULL WHERE id = $1 AND state IN ('planned', 'running')
RETURNING id;

-- name: due_job
-- Locks the job that is due longest and that nobody else works on.
SELECT r.id, r.kind, r.plan, r.state, r.reason, r.document, r.effective_at, r.made_by, r.made_by_name, r.made_by_role,
    r.failures
FROM relocation AS r
WHERE r.state IN ('planned', 'running') AND r.effective_at <= $1 AND (r.retry_at IS NULL OR r.retry_at <= $1)
ORDER BY r.effective_at, r.id
LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: next_due
-- When a job is due next.
SELECT min(greatest(effective_at, retry_at)) FROM relocation WHERE state IN ('planned', 'running');

-- name: begin
-- A job begins.
UPDATE relocation SET state = 'running', started_at = $2 WHERE id = $1;

-- name: next_item
-- The next enterprise of a job, with where it stands now.
SELECT i.enterprise_id, i.to_region, i.to_agency_id, i.to_sector, e.place, e.code, e.region_code, e.sector
FROM relocation_item AS i JOIN enterprise AS e ON e.id = i.enterprise_id
WHERE i.relocation_id = $1 AND i.state = 'waiting'
ORDER BY i.enterprise_id
LIMIT 1;

-- name: rows_ahead
-- Copies the new place to the great tables that only grow, before anything is locked.
SELECT rows_follow($1, $2, $3, $4, ARRAY['event', 'ledger']);

-- name: relocate
-- Moves an enterprise with everything that is its own.
SELECT from_place, to_place, rows FROM relocate_enterprise($1, $2, $3, $4, $5, $6);

-- name: item_done
-- An enterprise has moved.
UPDATE relocation_item SET state = 'done', from_place = $3, to_place = $4, rows = $5, done_at = $6
WHERE relocation_id = $1 AND enterprise_id = $2;

-- name: progress
-- How far a job is.
UPDATE relocation AS r
SET done = (SELECT count(*) FROM relocation_item AS i WHERE i.relocation_id = r.id AND i.state = 'done'),
    total = (SELECT count(*) FROM relocation_item AS i WHERE i.relocation_id = r.id),
    rows_moved = r.rows_moved + $2, failures = 0, failure = '', retry_at = NULL
WHERE r.id = $1;

-- name: end_job
-- A job has ended.
UPDATE relocation SET state = 'done', ended_at = $2, failure = '', retry_at = NULL WHERE id = $1;

-- name: fail
-- A step failed; it is tried again later, and what is done stays done.
UPDATE relocation SET failures = failures + 1, failure = $2,
    retry_at = $3::timestamptz + least(300, power(2, least(failures, 8))) * interval '1 second'
WHERE id = $1;

-- name: regions_of
-- Regions in force: those that are named, and everything below some.
SELECT code, name FROM region
WHERE valid_to IS NULL
    AND (code = ANY($1::text []) OR EXISTS (SELECT 1 FROM unnest($2::text []) AS o (old) WHERE starts_with(code, o.old)));

-- name: enterprises_below
-- Enterprises of some regions or agencies, in the reader's scope.
SELECT e.id, e.name, e.region_code, e.agency_id, e.place FROM enterprise AS e
WHERE e.agency_id = ANY($2::int []) OR e.region_code = ANY($1::text [])
ORDER BY e.id;

-- name: areas_below
-- Who serves a region, by agency and by person.
SELECT 'agency' AS of, a.agency_id AS id, g.name, a.place_prefix AS area
FROM agency_area AS a JOIN agency AS g ON g.id = a.agency_id
WHERE split_part(a.place_prefix, '/', 1) = ANY($1::text [])
UNION ALL
SELECT 'account', a.account_id, p.display_name, a.place_prefix
FROM account_area AS a JOIN account AS p ON p.id = a.account_id
WHERE split_part(a.place_prefix, '/', 1) = ANY($1::text [])
ORDER BY 1 DESC, 2, 4;

-- name: make_region
-- A region that a reorganisation makes, or one that comes back.
INSERT INTO region AS r (code, name, parent_code, valid_from, source)
SELECT $1, $2, (
    SELECT p.code FROM region AS p
    WHERE p.code IN (left($1, 2), left($1, 4), left($1, 6), left($1, 9)) AND length(p.code) < length($1)
    ORDER BY length(p.code) DESC LIMIT 1
), $3, $4
ON CONFLICT (code) DO UPDATE SET name = excluded.name, valid_from = excluded.valid_from, valid_to = NULL,
    parent_code = excluded.parent_code, source = excluded.source
WHERE r.valid_to IS NOT NULL;

-- name: end_region
-- A code is no more from a day on; it stays as an alias.
UPDATE region SET valid_to = $2, valid_from = CASE WHEN valid_from < $2 THEN valid_from END
WHERE code = $1 AND valid_to IS NULL;

-- name: succeed
-- What an old code became.
INSERT INTO region_successor (code, successor, since, renumbered, relocation_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (code, successor) DO UPDATE
SET since = excluded.since, renumbered = excluded.renumbered, relocation_id = excluded.relocation_id;

-- name: day_of
-- The day in China of a moment.
SELECT ($1::timestamptz AT TIME ZONE 'Asia/Shanghai')::date;

-- name: areas_open
-- Whoever serves a renumbered region serves the new code too, before the first row stands there.
WITH agencies AS (
    INSERT INTO agency_area (agency_id, place_prefix)
    SELECT a.agency_id, s.successor FROM agency_area AS a JOIN region_successor AS s ON s.code = a.place_prefix
    WHERE s.relocation_id = $1 AND s.renumbered
    ON CONFLICT DO NOTHING
)

INSERT INTO account_area (account_id, place_prefix)
SELECT a.account_id, s.successor FROM account_area AS a JOIN region_successor AS s ON s.code = a.place_prefix
WHERE s.relocation_id = $1 AND s.renumbered
ON CONFLICT DO NOTHING;

-- name: leaves_follow
-- Whoever was given this one enterprise (a park, an inspector) keeps it: its region was renamed, it never moved.
WITH agencies AS (
    INSERT INTO agency_area (agency_id, place_prefix)
    SELECT a.agency_id, $2 FROM agency_area AS a WHERE a.place_prefix = $1 ON CONFLICT DO NOTHING
),

left_agencies AS (
    DELETE FROM agency_area AS a WHERE a.place_prefix = $1
),

people AS (
    INSERT INTO account_area (account_id, place_prefix)
    SELECT a.account_id, $2 FROM account_area AS a WHERE a.place_prefix = $1 ON CONFLICT DO NOTHING
)

DELETE FROM account_area AS a WHERE a.place_prefix = $1;

-- name: area_open
-- An agency serves one region more.
INSERT INTO agency_area (agency_id, place_prefix) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: areas_close
-- The renumbered codes hold nothing any more.
WITH agencies AS (
    DELETE FROM agency_area AS a USING region_successor AS s
    WHERE s.relocation_id = $1 AND s.renumbered AND s.code = a.place_prefix
)

DELETE FROM account_area AS a USING region_successor AS s
WHERE s.relocation_id = $1 AND s.renumbered AND s.code = a.place_prefix;

-- name: references_follow
-- Rows of agencies and people, ladders and level tables of renumbered regions.
SELECT references_follow($1);

-- name: offices_follow
-- Agencies that sit in a region with one successor sit there from now on, with everything that is theirs; where a
-- region was split, somebody says where its offices are.
UPDATE agency AS g SET region_code = s.successor, version = g.version + 1
FROM region_successor AS s
WHERE s.relocation_id = $1 AND g.region_code = s.code
    AND NOT EXISTS (SELECT 1 FROM region_successor AS o
                    WHERE o.relocation_id = $1 AND o.code = s.code AND o.successor <> s.successor);

-- name: say_why
-- What the audit writes as the reason of every change of this transaction.
SELECT set_config('app.reason', $1, true);

-- name: concerned
-- Enterprises of regions that a running reorganisation changes, with what their region became, and those of agencies
-- that others take over.
SELECT e.id, e.name, e.region_code, e.agency_id, r.valid_to IS NOT NULL AS ended,
    array_remove(array_agg(s.successor ORDER BY s.successor), NULL) AS successors
FROM enterprise AS e
JOIN region AS r ON r.code = e.region_code
LEFT JOIN region_successor AS s ON s.code = e.region_code AND s.relocation_id = $1
WHERE (s.code IS NOT NULL OR e.agency_id = ANY($2::int []) OR e.id = ANY($3::int []))
    AND NOT EXISTS (SELECT 1 FROM relocation_item AS i WHERE i.relocation_id = $1 AND i.enterprise_id = e.id)
GROUP BY e.id, r.valid_to
ORDER BY e.id;
