-- name: rows
-- Indices of the scope: by scale, period, region, industry, levels and name, or one subject; the worst first.
SELECT i.subject, i.scale, i.period, i.enterprise_id, i.place, i.sector, i.model_id, i.score, i.level, i.missing,
    i.inputs_at, i.day,
    CASE
        WHEN i.scale = 'enterprise' THEN coalesce(e.name, '')
        WHEN i.scale = 'industry' THEN coalesce(s.name, i.sector)
        ELSE coalesce(g.name, i.place)
    END AS name,
    split_part(i.place, '/', 1) AS region, coalesce(g.name, '') AS region_name, coalesce(s.name, '') AS sector_name,
    round((i.score - y.score)::numeric, 2)::float8 AS change,
    CASE
        WHEN EXISTS (SELECT 1 FROM risk_mark AS k WHERE k.place = i.place) THEN 'inputs'
        WHEN i.day < $1::date THEN 'day'
        ELSE ''
    END AS outdated
FROM risk_index AS i
LEFT JOIN enterprise AS e ON e.id = i.enterprise_id
LEFT JOIN region AS g ON g.code = split_part(i.place, '/', 1)
LEFT JOIN sector AS s ON s.code = i.sector
LEFT JOIN risk_day AS y ON y.subject = i.subject AND y.day = $1::date - 1
WHERE ($2::text IS NULL OR i.subject = $2)
    AND ($3::text IS NULL OR i.scale = $3)
    AND ($4::text IS NULL OR i.period = $4)
    AND ($5::text IS NULL OR (i.place >= $5 AND i.place < $5 || ':'))
    AND ($6::text IS NULL OR i.sector = $6)
    AND ($7::smallint [] IS NULL OR i.level = ANY ($7))
    AND ($8 = '' OR e.name ILIKE '%' || $8 || '%')
    AND ($9::float8 IS NULL OR (-i.score, i.subject) > (-$9, $10))
ORDER BY i.score DESC, i.subject
LIMIT $11;

-- name: own_and_below
-- The area and industry indices of the scope, to choose from which are its own and which are ranked.
SELECT i.subject, i.scale, i.period, i.place FROM risk_index AS i
WHERE i.scale <> 'enterprise'
ORDER BY length(i.place), i.place
LIMIT 5000;

-- name: spread
-- Enterprises of the scope by level; how many indices are older than their inputs, and enterprises without one.
SELECT count(*) FILTER (WHERE i.level = 4)::int AS red, count(*) FILTER (WHERE i.level = 3)::int AS orange,
    count(*) FILTER (WHERE i.level = 2)::int AS yellow, count(*) FILTER (WHERE i.level = 1)::int AS blue,
    count(*) FILTER (
        WHERE i.day < $1::date OR EXISTS (SELECT 1 FROM risk_mark AS k WHERE k.place = i.place)
    )::int AS outdated,
    (SELECT count(*) FROM enterprise AS e WHERE e.removed_at IS NULL)::int - count(*)::int AS unknown
FROM risk_index AS i
WHERE i.scale = 'enterprise';

-- name: inputs
-- What an index was made of.
SELECT i.inputs, i.model_id FROM risk_index AS i WHERE i.subject = $1;

-- name: day_of
-- An index of a past day.
SELECT d.inputs, d.model_id, d.score, d.level, d.inputs_at FROM risk_day AS d WHERE d.subject = $1 AND d.day = $2;

-- name: trend
-- Days, months, quarters or years of an index: of each the last score, the worst, the mean.
SELECT date_trunc($4, d.day::timestamp)::date AS day, (array_agg(d.score ORDER BY d.day DESC)) [1] AS score,
    max(d.worst) AS worst, round(avg(d.score)::numeric, 2)::float8 AS mean, count(*)::int AS days,
    (array_agg(d.level ORDER BY d.day DESC)) [1]::int AS level, (array_agg(d.model_id ORDER BY d.day DESC)) [1] AS model_id
FROM risk_day AS d
WHERE d.subject = $1 AND d.day >= $2::date AND d.day <= $3::date
GROUP BY 1
ORDER BY 1;

-- name: standing
-- Inputs of today's indices of a scale in a region, for a preview: the worst first.
SELECT i.subject, i.enterprise_id, i.score, i.level, i.inputs, i.place,
    CASE
        WHEN i.scale = 'enterprise' THEN coalesce(e.name, '')
        WHEN i.scale = 'industry' THEN coalesce(g.name, '') || coalesce(s.name, i.sector)
        ELSE coalesce(g.name, i.place)
    END AS name
FROM risk_index AS i
LEFT JOIN enterprise AS e ON e.id = i.enterprise_id
LEFT JOIN region AS g ON g.code = split_part(i.place, '/', 1)
LEFT JOIN sector AS s ON s.code = i.sector
WHERE i.scale = $1 AND i.place >= $2 AND i.place < $2 || ':'
ORDER BY i.score DESC, i.subject
LIMIT $3;
