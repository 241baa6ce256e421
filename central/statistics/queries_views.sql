-- name: areas
-- Every region, however wide, in which an enterprise of the scope stands; in the order of their codes.
WITH places AS (SELECT DISTINCT region_code FROM enterprise),
wider AS (
    SELECT DISTINCT left(p.region_code, n) AS code
    FROM places AS p CROSS JOIN unnest(ARRAY[2, 4, 6, 9, 12]) AS n
    WHERE length(p.region_code) >= n
)
SELECT r.code, r.name FROM wider AS w JOIN region AS r ON r.code = w.code ORDER BY r.code LIMIT $1;

-- name: sectors
-- Sectors in which an enterprise of the scope works.
SELECT s.code, s.name FROM sector AS s
WHERE s.code IN (SELECT DISTINCT sector FROM enterprise) ORDER BY s.name;

-- name: days
-- Real warnings since a moment, by day of a zone and level.
SELECT (raised_at AT TIME ZONE $2::interval)::date AS day, level, count(*) AS count
FROM warning
WHERE raised_at >= $1 AND NOT is_test AND NOT history
GROUP BY 1, 2;
