-- name: rule
-- The numbers of notices at a place.
SELECT remind_every_s, files_most FROM notice_rule
WHERE starts_with($1, region) AND valid_from <= $2
ORDER BY length(region) DESC, valid_from DESC
LIMIT 1;

-- name: notices
-- Notices that the caller sees, newest first, with how far their receivers are, and whether one's own reply is owed.
SELECT n.id, n.title, n.agency_id, g.name AS agency_name, n.sent_at, n.sent_name, n.reply_by, n.warning_id,
    w.number AS warning_number, c.*
FROM notice AS n
INNER JOIN agency AS g ON g.id = n.agency_id
LEFT JOIN warning AS w ON w.id = n.warning_id
CROSS JOIN LATERAL (
    SELECT count(*)::int AS receivers, count(r.read_at)::int AS seen, count(r.replied_at)::int AS replied,
        (count(*) FILTER (WHERE r.replied_at IS NULL AND n.reply_by < $1))::int AS overdue,
        coalesce(bool_or(r.replied_at IS NULL AND n.reply_by IS NOT NULL)
            FILTER (WHERE r.enterprise_id = $2 OR r.agency_id = $3), false) AS owed,
        coalesce(bool_or(r.read_at IS NULL) FILTER (WHERE r.enterprise_id = $2 OR r.agency_id = $3), false) AS unread
    FROM notice_receiver AS r
    WHERE r.notice_id = n.id
) AS c
WHERE ($4::int IS NULL OR n.id < $4)
    AND ($5::uuid IS NULL OR n.warning_id = $5)
    AND ($6::text = '' OR strpos(n.title || ' ' || n.body || ' ' || g.name, $6) > 0)
    AND CASE $7::text
        WHEN 'owed' THEN c.owed
        WHEN 'waiting' THEN n.reply_by IS NOT NULL AND c.replied < c.receivers
        WHEN 'overdue' THEN c.overdue > 0
        ELSE true
    END
    AND CASE $8::text WHEN 'sent' THEN n.agency_id = $3 WHEN 'received' THEN n.agency_id IS DISTINCT FROM $3 ELSE true END
ORDER BY n.id DESC
LIMIT $9;

-- name: notice
-- One notice that the caller sees.
SELECT n.*, g.name AS agency_name, w.number AS warning_number, w.title AS warning_title
FROM notice AS n
INNER JOIN agency AS g ON g.id = n.agency_id
LEFT JOIN warning AS w ON w.id = n.warning_id
WHERE n.id = $1;

-- name: receivers
-- To whom it went, those whose reply is owed first.
SELECT r.*, coalesce(e.name, g.name, '') AS name
FROM notice_receiver AS r
LEFT JOIN enterprise AS e ON e.id = r.enterprise_id
LEFT JOIN agency AS g ON g.id = r.agency_id
WHERE r.notice_id = $1
ORDER BY r.replied_at IS NOT NULL, r.read_at IS NOT NULL, r.id
LIMIT 2000;

-- name: files
-- Files of a notice and of replies that the caller sees.
SELECT f.receiver_id, f.sha256, f.name, s.size FROM notice_file AS f
INNER JOIN stored_file AS s ON s.sha256 = f.sha256
WHERE f.notice_id = $1
ORDER BY f.receiver_id NULLS FIRST, f.name, f.sha256;

-- name: file
-- One file that the caller sees: whose it is.
SELECT f.receiver_id FROM notice_file AS f
WHERE f.notice_id = $1 AND f.sha256 = $2
ORDER BY f.receiver_id NULLS FIRST
LIMIT 1;

-- name: enterprises
-- Which of these the caller has in sight.
SELECT id FROM enterprise WHERE id = ANY($1::int []);

-- name: agencies
-- Where agencies sit.
SELECT id, place, name FROM agency WHERE id = ANY($1::int []);

-- name: by_key
-- The notice that a form has sent already.
SELECT id FROM notice WHERE key = $1;

-- name: add
-- A new notice.
INSERT INTO notice (key, agency_id, title, body, reply_by, warning_id, sent_at, sent_by, sent_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (key) DO NOTHING
RETURNING id;

-- name: add_receivers
-- To whom it goes.
INSERT INTO notice_receiver (notice_id, enterprise_id, agency_id)
SELECT $1::int, e, NULL::int FROM unnest($2::int []) AS e
UNION ALL
SELECT $1::int, NULL, a FROM unnest($3::int []) AS a;

-- name: add_files
-- Files of it, or of a receiver's reply.
INSERT INTO notice_file (notice_id, receiver_id, sha256, name)
SELECT $1::int, $2::int, f.sha256, f.name FROM unnest($3::text [], $4::text []) AS f (sha256, name)
ON CONFLICT DO NOTHING;

-- name: own
-- The caller's own row, locked.
SELECT r.id, r.read_at, r.replied_at, r.place, r.enterprise_id, r.agency_id, n.reply_by, n.sent_by, n.title
FROM notice_receiver AS r
INNER JOIN notice AS n ON n.id = r.notice_id
WHERE r.notice_id = $1 AND (r.enterprise_id = $2 OR r.agency_id = $3)
FOR NO KEY UPDATE OF r;

-- name: set_read
-- Who read it first, and when.
UPDATE notice_receiver SET read_at = $2, read_name = $3 WHERE id = $1 AND read_at IS NULL;

-- name: set_reply
-- What a receiver answers.
UPDATE notice_receiver SET reply = $2, replied_at = $3, replied_by = $4, replied_name = $5 WHERE id = $1;

-- name: to_remind
-- Receivers that owe a reply and were not reminded lately; locked.
SELECT r.id, r.enterprise_id, r.agency_id, r.place, r.sector FROM notice_receiver AS r
WHERE r.notice_id = $1 AND r.replied_at IS NULL AND (r.reminded_at IS NULL OR r.reminded_at <= $2)
ORDER BY r.id
FOR NO KEY UPDATE;

-- name: set_reminded
-- They were reminded.
UPDATE notice_receiver SET reminders = reminders + 1, reminded_at = $2 WHERE id = ANY($1::int []);

-- name: overdue
-- Receivers whose day is over and who were not told so; some at a time, nobody else works on them.
SELECT r.id, r.notice_id, r.enterprise_id, r.agency_id, r.place, r.sector, n.title, n.reply_by, n.sent_by,
    coalesce(e.name, g.name, '') AS name
FROM notice_receiver AS r
INNER JOIN notice AS n ON n.id = r.notice_id
LEFT JOIN enterprise AS e ON e.id = r.enterprise_id
LEFT JOIN agency AS g ON g.id = r.agency_id
WHERE r.replied_at IS NULL AND NOT r.overdue_told AND n.reply_by <= $1
ORDER BY n.reply_by, r.id
LIMIT 100
FOR NO KEY UPDATE OF r SKIP LOCKED;

-- name: set_overdue_told
-- They know.
UPDATE notice_receiver SET overdue_told = true WHERE id = ANY($1::int []);

-- name: people
-- Who answers for an organisation.
SELECT a.id FROM account AS a
WHERE a.active AND (a.enterprise_id = $1::int OR a.agency_id = $2::int)
    AND EXISTS (SELECT 1 FROM role_operation AS o WHERE o.role = a.role AND o.operation = 'handle')
ORDER BY a.id
LIMIT 200;
