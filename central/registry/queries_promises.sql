-- name: board
-- Who owes a promise of a day within the scope, who gave one and who did not: those who did not come first.
WITH owing AS (
    SELECT e.id, e.name, e.place, e.region_code, e.sector, s.runs
    FROM enterprise AS e
    INNER JOIN enterprise_status AS s ON s.code = e.status AND NOT s.ended
    INNER JOIN (
        SELECT g.region_code, u.expected, u.sectors, u.hazards
        FROM (SELECT DISTINCT region_code FROM enterprise) AS g
        CROSS JOIN LATERAL reminder_rule_of('safety-promises', 'update', g.region_code, $2) AS u
    ) AS u ON u.region_code = e.region_code
    WHERE u.expected AND (u.sectors IS NULL OR e.sector = ANY(u.sectors) OR (u.hazards AND e.hazard_class IS NOT NULL))
        AND ($3::text = '' OR starts_with(e.place, $3))
),

lines AS (
    SELECT o.id AS enterprise_id, o.name AS enterprise_name, o.place, o.region_code, p.id AS record_id,
        CASE
            WHEN p.state IN ('valid', 'submitted') THEN p.state
            WHEN NOT o.runs THEN 'stopped'
            ELSE coalesce(p.state, 'missing')
        END AS state,
        p.submitted_at, p.payload
    FROM owing AS o
    LEFT JOIN reg_safety_promises AS p
        ON p.enterprise_id = o.id AND p.f_day = $1::date AND p.removed_at IS NULL
)

SELECT l.enterprise_id, l.enterprise_name, l.place, coalesce(r.name, '') AS region_name, l.record_id, l.state,
    l.submitted_at, coalesce(l.payload, '{}') AS payload
FROM lines AS l
LEFT JOIN region AS r ON r.code = l.region_code
WHERE ($4::text = '' OR CASE $4
        WHEN 'promised' THEN l.state IN ('valid', 'submitted')
        WHEN 'missing' THEN l.state IN ('missing', 'draft', 'returned')
        ELSE l.state = $4
    END)
    AND ($5::text = '' OR strpos(l.enterprise_name, $5) > 0)
    AND ($6::boolean IS NULL OR (l.state IN ('valid', 'submitted', 'stopped'), l.place) > ($6, $7::text))
ORDER BY l.state IN ('valid', 'submitted', 'stopped'), l.place
LIMIT $8;

-- name: counts
-- How many of each state, by township.
WITH owing AS (
    SELECT e.id, left(e.region_code, 9) AS township, s.runs
    FROM enterprise AS e
    INNER JOIN enterprise_status AS s ON s.code = e.status AND NOT s.ended
    INNER JOIN (
        SELECT g.region_code, u.expected, u.sectors, u.hazards
        FROM (SELECT DISTINCT region_code FROM enterprise) AS g
        CROSS JOIN LATERAL reminder_rule_of('safety-promises', 'update', g.region_code, $2) AS u
    ) AS u ON u.region_code = e.region_code
    WHERE u.expected AND (u.sectors IS NULL OR e.sector = ANY(u.sectors) OR (u.hazards AND e.hazard_class IS NOT NULL))
        AND ($3::text = '' OR starts_with(e.place, $3))
)

SELECT o.township AS region_code, coalesce(r.name, '') AS name,
    count(*) FILTER (WHERE o.runs OR p.state IN ('valid', 'submitted')) AS owed,
    count(*) FILTER (WHERE p.state IN ('valid', 'submitted')) AS promised,
    count(*) FILTER (WHERE p.state = 'submitted') AS waiting,
    count(*) FILTER (WHERE o.runs AND (p.state IS NULL OR p.state IN ('draft', 'returned'))) AS missing,
    count(*) FILTER (WHERE NOT o.runs AND (p.state IS NULL OR p.state IN ('draft', 'returned'))) AS stopped
FROM owing AS o
LEFT JOIN reg_safety_promises AS p ON p.enterprise_id = o.id AND p.f_day = $1::date AND p.removed_at IS NULL
LEFT JOIN region AS r ON r.code = o.township
GROUP BY o.township, r.name
ORDER BY missing DESC, o.township;

-- name: month
-- The days of a month up to one of them, with what an enterprise promised on each.
SELECT d.day::date AS day, p.id AS record_id, coalesce(p.state, 'missing') AS state, p.submitted_at
FROM enterprise AS e
CROSS JOIN generate_series($2::date, $3::date, interval '1 day') AS d (day)
LEFT JOIN reg_safety_promises AS p
    ON p.enterprise_id = e.id AND p.f_day = d.day::date AND p.removed_at IS NULL
WHERE e.id = $1
ORDER BY d.day;
