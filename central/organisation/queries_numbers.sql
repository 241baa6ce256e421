-- name: formats
-- Formats inside the scope; one by number, or those that fit the filters after a position.
SELECT f.id, f.agency_id, g.name AS agency_name, g.code AS agency_code, f.kind, f.name, f.pattern, f.serial_length,
       f.resets, f.for_below,
       (SELECT coalesce(sum(s.last), 0)::int FROM number_series AS s WHERE s.format_id = f.id) AS given,
       (SELECT coalesce(max(s.last), 0) FROM number_series AS s
        WHERE s.format_id = f.id AND s.agency_id = f.agency_id
          AND s.period = CASE f.resets WHEN 'yearly' THEN to_char($7::date, 'YYYY')
                                       WHEN 'monthly' THEN to_char($7::date, 'YYYY-MM') ELSE '' END) AS last,
       f.place, f.version
FROM number_format AS f
JOIN agency AS g ON g.id = f.agency_id
JOIN agency_detail AS d ON d.agency_id = f.agency_id
WHERE ($1::int IS NULL OR f.id = $1)
  AND ($2::text = '' OR strpos(lower(f.name), lower($2)) > 0 OR strpos(f.kind, lower($2)) > 0
       OR strpos(lower(f.pattern), lower($2)) > 0)
  AND ($3::int IS NULL OR f.agency_id = $3)
  AND ($4::text IS NULL OR (f.place, f.id) > ($4, $5::int))
ORDER BY f.place, f.id
LIMIT $6;

-- name: lock_format
-- Holds a format of the scope while it is changed.
SELECT f.id, f.agency_id, f.name, f.version,
       EXISTS (SELECT 1 FROM number_series AS s WHERE s.format_id = f.id) AS used
FROM number_format AS f
WHERE f.id = $1 AND EXISTS (SELECT 1 FROM agency_detail AS d WHERE d.agency_id = f.agency_id)
FOR UPDATE OF f;

-- name: insert_format
-- Adds a format.
INSERT INTO number_format (agency_id, kind, name, pattern, serial_length, resets, for_below)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id;

-- name: update_format
-- Changes a format.
UPDATE number_format
SET kind = $2, name = $3, pattern = $4, serial_length = $5, resets = $6, for_below = $7, version = version + 1
WHERE id = $1;

-- name: delete_format
-- Removes a format that gave out no number.
DELETE FROM number_format WHERE id = $1;

-- name: format_for
-- The format by which an agency numbers a kind of document: its own, else the nearest above that serves those below.
WITH RECURSIVE chain AS (
    SELECT id, parent_id, 1 AS depth FROM agency WHERE id = $1
    UNION ALL
    SELECT a.id, a.parent_id, c.depth + 1 FROM agency AS a JOIN chain AS c ON a.id = c.parent_id WHERE c.depth < 20
)
SELECT f.id, f.pattern, f.serial_length, f.resets, own.code AS agency_code
FROM chain AS c
JOIN number_format AS f ON f.agency_id = c.id AND f.kind = $2 AND (c.depth = 1 OR f.for_below)
JOIN agency AS own ON own.id = $1
ORDER BY c.depth
LIMIT 1;

-- name: take_serial
-- The next serial of a series, held until the caller's transaction ends.
INSERT INTO number_series AS s (format_id, agency_id, period, last) VALUES ($1, $2, $3, 1)
ON CONFLICT (format_id, agency_id, period) DO UPDATE SET last = s.last + 1
RETURNING last;

-- name: agency_of_format
-- The code of an agency inside the scope.
SELECT g.code FROM agency AS g JOIN agency_detail AS d ON d.agency_id = g.id WHERE g.id = $1;
