-- name: handling_rule
-- How often people may urge at a place.
SELECT urge_every_s, urge_most, photos_most FROM handling_rule
WHERE starts_with($1, region) AND valid_from <= $2
ORDER BY length(region) DESC, valid_from DESC
LIMIT 1;

-- name: photos
-- The photographs of a case.
SELECT sha256, name, at, who FROM warning_photo WHERE warning_id = $1 ORDER BY at, sha256;

-- name: add_photos
-- Keeps photographs of a case; one that is there already stays as it is.
INSERT INTO warning_photo (warning_id, sha256, name, at, account_id, who)
SELECT DISTINCT ON (p.sha256) $1::uuid, p.sha256, p.name, $4::timestamptz, $5::int, $6::text
FROM unnest($2::text [], $3::text []) AS p (sha256, name)
ON CONFLICT DO NOTHING;

-- name: shown_photo
-- Whether a case that the caller sees has this photograph; the case's number, under which the file is used.
SELECT w.number FROM warning_photo AS p
INNER JOIN warning AS w ON w.id = p.warning_id
WHERE p.warning_id = $1 AND p.sha256 = $2;

-- name: note_read
-- Somebody opened a case.
INSERT INTO warning_read (warning_id, account_id, who, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: readers
-- Who opened a case, in the order in which they did.
SELECT who, at FROM warning_read WHERE warning_id = $1 ORDER BY at, account_id;

-- name: set_cause_code
-- Which cause of the list it was.
UPDATE warning SET cause_code = $2 WHERE id = $1;

-- name: set_assignee
-- Who it is given to; the call to them is counted.
UPDATE warning
SET assignee_id = $2, assignee_name = $3, assigned_at = $4, assigned_by = $5, asked = asked + 1
WHERE id = $1;

-- name: set_urged
-- Somebody urged: one call more was asked for.
UPDATE warning SET urges = urges + 1, urged_at = $2, asked = asked + 1 WHERE id = $1;

-- name: colleagues
-- Who of one agency or one plant answers for warnings, those on call first.
SELECT a.id, a.display_name AS name, a.on_call, coalesce(g.place, e.place) AS place
FROM account AS a
LEFT JOIN agency AS g ON g.id = a.agency_id
LEFT JOIN enterprise AS e ON e.id = a.enterprise_id
WHERE a.active AND (a.agency_id = $1::int OR a.enterprise_id = $2::int)
    AND EXISTS (SELECT 1 FROM role_operation AS o WHERE o.role = a.role AND o.operation = 'handle')
ORDER BY a.on_call DESC, a.display_name, a.id
LIMIT 200;

-- name: account_to_call
-- One account as a rung would find it.
SELECT coalesce(g.name, e.name, '') AS agency_name, a.id AS account_id, a.display_name, a.phone,
    a.phone_verified_at IS NOT NULL AS verified
FROM account AS a
LEFT JOIN agency AS g ON g.id = a.agency_id
LEFT JOIN enterprise AS e ON e.id = a.enterprise_id
WHERE a.id = $1 AND a.active;

-- name: similar
-- Earlier cases of the same owner: of the same subject first, then of the same kind, newest first.
SELECT w.*, coalesce(e.name, g.name) AS enterprise_name, r.name AS region_name, p.source,
    w.subject_type = $4 AND w.subject_id = $5 AS same, NULL::timestamptz AS held_until, 0 AS children
FROM warning AS w
LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
LEFT JOIN agency AS g ON g.id = w.agency_id
LEFT JOIN region AS r ON r.code = coalesce(e.region_code, g.region_code)
LEFT JOIN point AS p ON p.id = w.point_id
WHERE (w.enterprise_id = $2 OR w.agency_id = $3)
    AND w.id <> $1 AND w.is_test = $7 AND w.raised_at <= $8 AND w.raised_at > $8::timestamptz - interval '2 years'
    AND (w.kind = $6 OR (w.subject_type = $4 AND w.subject_id = $5))
ORDER BY same DESC, w.raised_at DESC, w.id
LIMIT 8;

-- name: count_similar
-- How often the same subject warned of the same kind in the month and in the year before.
SELECT count(*) FILTER (WHERE w.raised_at > $8::timestamptz - interval '30 days')::int AS month, count(*)::int AS year
FROM warning AS w
WHERE (w.enterprise_id = $2 OR w.agency_id = $3)
    AND w.id <> $1 AND w.is_test = $7 AND w.raised_at <= $8 AND w.raised_at > $8::timestamptz - interval '365 days'
    AND w.subject_type = $4 AND w.subject_id = $5 AND w.kind = $6;
