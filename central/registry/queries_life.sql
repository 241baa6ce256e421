-- name: statuses
-- Which status an enterprise can have, in order.
SELECT code, name, name_en, runs, ended FROM enterprise_status ORDER BY sequence;

-- name: facts
-- What is kept of one enterprise of the scope.
SELECT e.id, e.code, e.name, e.credit_code, e.region_code, r.name AS region_name, e.agency_id, a.name AS agency_name,
       e.industry, e.sector, x.name AS sector_name, e.hazard_class, e.address, e.contact_name, e.contact_phone,
       e.longitude, e.latitude, e.status, s.name AS status_name, e.status_since, s.runs AS status_runs, e.place,
       e.version
FROM enterprise AS e
JOIN region AS r ON r.code = e.region_code
JOIN sector AS x ON x.code = e.sector
JOIN enterprise_status AS s ON s.code = e.status
LEFT JOIN agency AS a ON a.id = e.agency_id
WHERE e.id = $1;

-- name: lock
-- Holds an enterprise of the scope while it is changed; rows that refer to it (what its gateways bring) go on.
SELECT id, name, status, status_since, contact_name, contact_phone, place, version FROM enterprise WHERE id = $1 FOR NO KEY UPDATE;

-- name: hold_for_good
-- Waits for rows that are being added to an enterprise before they are counted: what refers to it waits, too.
SELECT id FROM enterprise WHERE id = $1 FOR UPDATE;

-- name: put_status
-- Gives an enterprise another status.
UPDATE enterprise SET status = $2, status_since = $3, version = version + 1 WHERE id = $1;

-- name: put_facts
-- Changes what is kept of an enterprise.
UPDATE enterprise
SET name = $2, credit_code = $3, industry = $4, hazard_class = $5, address = $6, contact_name = $7, contact_phone = $8,
    longitude = $9, latitude = $10, version = version + 1
WHERE id = $1;

-- name: put_position
-- Where a new enterprise is.
UPDATE enterprise SET longitude = $2, latitude = $3 WHERE id = $1;

-- name: code_for
-- The code of an enterprise that is registered by its credit code.
SELECT enterprise_code_for($1);

-- name: because
-- Why this transaction does what it does, for the audit and for the log of a life.
SELECT set_config('app.reason', $1, true);

-- name: events
-- The log of an enterprise, newest first.
SELECT id, at, kind, title, detail, reason, by_name FROM enterprise_event
WHERE enterprise_id = $1 AND ($2::bigint IS NULL OR id < $2)
ORDER BY id DESC LIMIT $3;

-- name: watched
-- Whether the person of this transaction watches an enterprise.
SELECT EXISTS (SELECT 1 FROM enterprise_watch WHERE enterprise_id = $1 AND account_id = $2);

-- name: watch
-- Watches an enterprise of the scope.
INSERT INTO enterprise_watch (account_id, enterprise_id) VALUES ($2, $1) ON CONFLICT DO NOTHING;

-- name: unwatch
-- Watches no longer.
DELETE FROM enterprise_watch WHERE enterprise_id = $1 AND account_id = $2;

-- name: tell_watchers
-- Tells who watches an enterprise what happened to it.
SELECT tell_watchers($1, $2, $3, $4, $5);

-- name: named_enterprises
-- Enterprises of the scope with what a comparison goes by, those of one region first of all.
SELECT e.id, e.name, e.credit_code, e.region_code, r.name AS region_name, e.address, e.contact_phone
FROM enterprise AS e JOIN region AS r ON r.code = e.region_code
WHERE $1::text = '' OR starts_with(e.region_code, $1)
ORDER BY e.region_code, e.id
LIMIT $2;

-- name: region_names
-- What the province, city and county around some places are called, so that a name is compared without them. The name
-- of a township stays: two filling stations of one name in two townships are two.
SELECT DISTINCT name FROM region
WHERE code IN (SELECT left(c, n) FROM unnest($1::text []) AS c, unnest(ARRAY[2, 4, 6]) AS n);

-- name: marked_pairs
-- Pairs that somebody found to be two.
SELECT first_id, second_id FROM enterprise_pair;

-- name: mark_pair
-- Keeps that two enterprises are two.
INSERT INTO enterprise_pair (first_id, second_id, place, reason, marked_at, marked_by_name)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (first_id, second_id) DO NOTHING;

-- name: unmark_pair
-- Two enterprises are compared again.
DELETE FROM enterprise_pair WHERE first_id = $1 AND second_id = $2 RETURNING first_id;

-- name: region_codes
-- Where two enterprises of the scope are.
SELECT id, region_code FROM enterprise WHERE id = ANY ($1::int []);

-- name: removals
-- Wishes to remove enterprises of the scope, newest first.
SELECT m.id, m.enterprise_id, coalesce(e.name, '已删除的企业') AS enterprise_name, m.state, m.reason, m.asked_at,
       m.asked_by, m.asked_by_name, m.asked_rank, m.decided_at, m.decided_by_name, m.opinion
FROM enterprise_removal AS m LEFT JOIN enterprise AS e ON e.id = m.enterprise_id
WHERE ($1::text = '' OR m.state = $1) AND ($2::int IS NULL OR m.id < $2) AND ($3::int IS NULL OR m.id = $3)
  AND ($5::int IS NULL OR m.enterprise_id = $5)
ORDER BY m.id DESC LIMIT $4;

-- name: ask_removal
-- Asks to remove an enterprise; nothing when it was asked already.
INSERT INTO enterprise_removal (enterprise_id, reason, asked_at, asked_by, asked_by_name, asked_rank)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id;

-- name: lock_removal
-- Holds a wish while it is decided.
SELECT id, enterprise_id, state, asked_by, asked_rank FROM enterprise_removal WHERE id = $1 FOR UPDATE;

-- name: decide_removal
-- What the agency above decided.
UPDATE enterprise_removal SET state = $2, decided_at = $3, decided_by_name = $4, opinion = $5 WHERE id = $1;

-- name: granted_removal
-- A grant that stands.
SELECT id FROM enterprise_removal
WHERE enterprise_id = $1 AND state = 'granted' AND decided_at > $2::timestamptz - interval '30 days' FOR UPDATE;

-- name: use_removal
-- A grant is good once.
UPDATE enterprise_removal SET state = 'used' WHERE id = $1;

-- name: rows_of
-- How many rows of which tables belong to an enterprise.
SELECT name, rows FROM rows_that_follow($1, $2);

-- name: active_accounts
-- Accounts of an enterprise that are not removed.
SELECT count(*) FROM account WHERE enterprise_id = $1 AND removed_at IS NULL;

-- name: remove
-- Takes an enterprise out of use for good.
UPDATE enterprise SET removed_at = $2, version = version + 1 WHERE id = $1 AND version = $3 RETURNING id;
