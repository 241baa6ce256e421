-- name: parts
-- The last enterprise of each part of so many.
SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM enterprise) AS e WHERE place % $1 = 0
ORDER BY id;

-- name: hold
-- Whether nobody else looks at the same at this moment.
SELECT pg_try_advisory_xact_lock(hashtextextended('reminder/' || $1::text, 0));

-- name: apply
-- Settles what is no longer due, adds what is due now, and follows a changed number of grace days: the rows of
-- `candidate` are put in by reminding.py. $1 now, $2 today, $3 register, $4 cause, $5 field, $6 title of the register,
-- $7 words, $8 declared days, $9 and $10 first and last enterprise of the part; the part from 0 holds the agencies, too.
-- One grouping pairs what is due with what is there: its time grows with the rows, whatever the planner believes of them.
WITH candidate AS MATERIALIZED (
    SELECT
        NULL::bigint AS record_id, NULL::int AS enterprise_id, NULL::int AS agency_id, ''::text AS title,
        NULL::date AS due_on, NULL::date AS warn_on
    WHERE false
),

paired AS MATERIALIZED (
    SELECT p.record_id, p.enterprise_id, p.agency_id, p.due_on, max(p.id) AS id, bool_or(p.is_due) AS is_due,
        max(p.title) AS title, max(p.warn_on) AS warn_on, max(p.warned_from) AS warned_from
    FROM (
        SELECT c.record_id, c.enterprise_id, c.agency_id, c.due_on, NULL::bigint AS id, true AS is_due, c.title,
            CASE WHEN c.enterprise_id IS NOT NULL THEN c.warn_on END AS warn_on, NULL::date AS warned_from
        FROM candidate AS c
        WHERE $8::int IS NOT NULL AND $2::date IS NOT NULL
        UNION ALL
        SELECT o.record_id, o.enterprise_id, o.agency_id, o.due_on, o.id, false, NULL, NULL, o.warn_on
        FROM reminder AS o
        WHERE o.register = $3::text AND o.cause = $4::text AND o.field = $5::text AND o.settled_at IS NULL
            AND (o.enterprise_id BETWEEN $9::int AND $10::int OR ($9 = 0 AND o.enterprise_id IS NULL))
    ) AS p
    GROUP BY p.record_id, p.enterprise_id, p.agency_id, p.due_on
),

gone AS (
    UPDATE reminder SET settled_at = $1::timestamptz
    WHERE id = ANY(ARRAY(SELECT p.id FROM paired AS p WHERE NOT p.is_due)) AND settled_at IS NULL
    RETURNING 1
),

moved AS (
    UPDATE reminder AS o SET warn_on = p.warn_on
    FROM paired AS p
    WHERE o.id = p.id AND p.is_due AND p.warn_on IS DISTINCT FROM p.warned_from
    RETURNING 1
),

added AS (
    INSERT INTO reminder (
        register, cause, field, record_id, enterprise_id, agency_id, place, register_title, words, title, due_on,
        warn_on, found_at
    )
    SELECT $3, $4, $5, p.record_id, p.enterprise_id, p.agency_id, '', $6::text, $7::text, p.title, p.due_on, p.warn_on,
        $1
    FROM paired AS p
    WHERE p.is_due AND p.id IS NULL
    ON CONFLICT DO NOTHING
    RETURNING 1
)

SELECT (SELECT count(*) FROM gone) AS settled, (SELECT count(*) FROM added) AS found,
    (SELECT count(*) FROM moved) AS moved;

-- name: tell_owners
-- Tells the accounts of whoever owns them what was found: one message a register, with how much there is of it.
WITH told AS (
    UPDATE reminder SET told_at = $1::timestamptz
    WHERE id = ANY(ARRAY(
        SELECT id FROM reminder WHERE settled_at IS NULL AND told_at IS NULL ORDER BY id LIMIT $2
        FOR UPDATE SKIP LOCKED
    ))
    RETURNING register, field, enterprise_id, agency_id
),

-- Whose they are is joined by equality alone, the enterprises' and the agencies' apart.
open AS (
    SELECT r.*
    FROM (SELECT DISTINCT register, field, enterprise_id FROM told WHERE enterprise_id IS NOT NULL) AS t
    INNER JOIN reminder AS r
        ON r.enterprise_id = t.enterprise_id AND r.register = t.register AND r.field = t.field AND r.settled_at IS NULL
    UNION ALL
    SELECT r.*
    FROM (SELECT DISTINCT register, field, agency_id FROM told WHERE agency_id IS NOT NULL) AS t
    INNER JOIN reminder AS r
        ON r.agency_id = t.agency_id AND r.register = t.register AND r.field = t.field AND r.settled_at IS NULL
),

line AS (
    SELECT r.register, r.field, r.words, r.enterprise_id, r.agency_id, min(r.place) AS place, min(r.sector) AS sector,
        count(*) AS many, min(r.due_on) AS first, min(r.title) AS title, min(r.record_id) AS record_id
    FROM open AS r
    GROUP BY r.register, r.field, r.words, r.enterprise_id, r.agency_id
),

addressed AS (
    SELECT l.*, a.id AS account_id
    FROM line AS l
    INNER JOIN account AS a ON a.enterprise_id = l.enterprise_id AND a.active AND a.removed_at IS NULL
    UNION ALL
    SELECT l.*, a.id
    FROM line AS l
    INNER JOIN account AS a
        ON a.agency_id = l.agency_id AND a.enterprise_id IS NULL AND a.active AND a.removed_at IS NULL
),

sent AS MATERIALIZED (
    SELECT tell_account(
        l.account_id, 'reminder/' || l.register || '/' || l.field, 'reminder',
        l.words || CASE WHEN l.title <> '' AND l.many = 1 THEN '：' || l.title ELSE '' END,
        CASE WHEN l.many = 1 THEN '期限 ' || l.first ELSE '共 ' || l.many || ' 项，最早的期限 ' || l.first END,
        CASE
            WHEN l.register = 'safety-promises' THEN '/promises'
            WHEN l.many = 1 AND l.record_id IS NOT NULL THEN '/registers/' || l.register || '/' || l.record_id
            ELSE '/reminders?register=' || l.register
        END,
        l.place, l.sector, $1)
    FROM addressed AS l
)

SELECT (SELECT count(*) FROM told) AS told, (SELECT count(*) FROM sent) AS messages;

-- name: tell_agencies
-- Tells the people of the supervising agencies what is past its day, one message a register with how many there are.
WITH told AS (
    UPDATE reminder SET told_late_at = $1::timestamptz
    WHERE id = ANY(ARRAY(
        SELECT id FROM reminder
        WHERE settled_at IS NULL AND told_late_at IS NULL AND due_on < $2 AND enterprise_id IS NOT NULL
        ORDER BY id LIMIT $3
        FOR UPDATE SKIP LOCKED
    ))
    RETURNING register, field, register_title, enterprise_id
),

line AS (
    SELECT a.id AS account_id, t.register, t.field, t.register_title, count(*) AS many,
        count(DISTINCT t.enterprise_id) AS enterprises
    FROM told AS t
    INNER JOIN enterprise AS e ON e.id = t.enterprise_id
    INNER JOIN account AS a
        ON a.agency_id = e.agency_id AND a.enterprise_id IS NULL AND a.active AND a.removed_at IS NULL
    INNER JOIN role AS o
        ON o.code = a.role AND o.kind = 'supervisor' AND (o.sectors IS NULL OR e.sector = ANY(o.sectors))
    GROUP BY a.id, t.register, t.field, t.register_title
),

sent AS MATERIALIZED (
    SELECT tell_account(
        l.account_id, 'reminder-late/' || l.register || '/' || l.field, 'reminder',
        l.register_title || '逾期：' || l.enterprises || ' 家企业', '新增逾期 ' || l.many || ' 项，请督促企业办理。',
        '/reminders?state=late&register=' || l.register, '', '', $1)
    FROM line AS l
)

SELECT (SELECT count(*) FROM told) AS told, (SELECT count(*) FROM sent) AS messages;

-- name: listing
-- Reminders of the jurisdiction that are not settled, by their day.
SELECT r.id, r.register, r.register_title, r.cause, r.record_id, r.enterprise_id, r.agency_id,
    coalesce(e.name, g.name, '') AS owner_name, r.words, r.title, r.due_on, r.warning_id
FROM reminder AS r
LEFT JOIN enterprise AS e ON e.id = r.enterprise_id
LEFT JOIN agency AS g ON g.id = r.agency_id
WHERE r.settled_at IS NULL
    AND ($1::text = '' OR r.register = $1)
    AND ($2::int IS NULL OR r.enterprise_id = $2)
    AND CASE $3::text WHEN 'late' THEN r.due_on < $4::date WHEN 'near' THEN r.due_on >= $4 ELSE true END
    AND ($5::date IS NULL OR (r.due_on, r.id) > ($5, $6::bigint))
ORDER BY r.due_on, r.id
LIMIT $7;

-- name: counts
-- How many there are of each register, and how many past their day.
SELECT r.register, min(r.register_title) AS title, count(*) AS many, count(*) FILTER (WHERE r.due_on < $1::date) AS late
FROM reminder AS r
WHERE r.settled_at IS NULL AND ($2::int IS NULL OR r.enterprise_id = $2)
GROUP BY r.register
ORDER BY late DESC, many DESC, r.register;

-- name: to_warn
-- Locks what is overdue and no warning yet. Of one thing the older row is ended first: it has the same case, and ending it
-- later would end the warning of the newer one.
SELECT r.id, r.enterprise_id, r.place, r.register, r.register_title, r.cause, r.field, r.record_id, r.title, r.due_on,
    e.hazard_class, r.failures
FROM reminder AS r
INNER JOIN enterprise AS e ON e.id = r.enterprise_id
WHERE r.settled_at IS NULL AND r.warned_at IS NULL AND r.warn_on <= $1 AND (r.try_at IS NULL OR r.try_at <= $3)
    AND NOT EXISTS (
        SELECT 1 FROM reminder AS o
        WHERE o.register = r.register AND o.field = r.field
            AND coalesce(o.record_id, -o.enterprise_id) = coalesce(r.record_id, -r.enterprise_id)
            AND o.warned_at IS NOT NULL AND o.warning_ended_at IS NULL
    )
ORDER BY r.warn_on, r.id
LIMIT $2
FOR NO KEY UPDATE OF r SKIP LOCKED;

-- name: to_end
-- Locks what is settled while its warning is not told so.
SELECT r.id, r.enterprise_id, r.place, r.register, r.register_title, r.cause, r.field, r.record_id, r.title, r.due_on,
    e.hazard_class, r.failures
FROM reminder AS r
INNER JOIN enterprise AS e ON e.id = r.enterprise_id
WHERE r.warned_at IS NOT NULL AND r.warning_ended_at IS NULL AND r.settled_at IS NOT NULL
    AND (r.try_at IS NULL OR r.try_at <= $2)
ORDER BY r.id
LIMIT $1
FOR NO KEY UPDATE OF r SKIP LOCKED;

-- name: set_warned
-- It is a warning now.
UPDATE reminder SET warned_at = $2, warning_id = $3, failures = 0, failing_since = NULL, try_at = NULL
WHERE id = $1;

-- name: set_warning_ended
-- Its warning knows that it is settled.
UPDATE reminder SET warning_ended_at = $2, failures = 0, failing_since = NULL, try_at = NULL
WHERE id = $1;

-- name: set_aside
-- It could not be told and holds up no other: a minute at first, doubled each time, at most an hour.
UPDATE reminder
SET failures = least(failures + 1, 1000), failing_since = coalesce(failing_since, $2::timestamptz),
    try_at = $2 + least(3600, 60 * power(2, least(failures, 10))) * interval '1 second'
WHERE id = $1;

-- name: count_set_aside
-- How many wait because they could not be told.
SELECT count(*) FROM reminder
WHERE failing_since IS NOT NULL AND warning_ended_at IS NULL AND (settled_at IS NULL OR warned_at IS NOT NULL);
