-- name: industries
-- Industries by code, part of a name or first letters, or below one; in code order.
SELECT i.code, i.name, i.level, i.parent_code, i.standard, i.edition, i.source,
    EXISTS (SELECT 1 FROM industry AS c WHERE c.parent_code = i.code) AS children
FROM industry AS i
WHERE i.code > $4
    AND CASE
        WHEN $1::text <> '' THEN starts_with(i.code, $2) OR strpos(i.name, $1) > 0 OR strpos(i.initials, lower($1)) > 0
        ELSE i.parent_code IS NOT DISTINCT FROM $3::text
    END
ORDER BY i.code
LIMIT $5;

-- name: known
-- Codes and names of the whole classification.
SELECT code, name FROM industry;

-- name: put_industry
-- Adds an industry or renames it.
INSERT INTO industry AS i (code, name, parent_code, initials, edition, source)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (code) DO UPDATE
SET name = excluded.name, parent_code = excluded.parent_code, initials = excluded.initials,
    edition = excluded.edition, source = excluded.source
WHERE (i.name, i.parent_code, i.edition, i.source) IS DISTINCT FROM (
    excluded.name, excluded.parent_code, excluded.edition, excluded.source);

-- name: used
-- What the enterprises of this jurisdiction name as their industry.
SELECT industry, count(*) AS enterprises FROM enterprise WHERE industry <> '' GROUP BY industry ORDER BY industry;
