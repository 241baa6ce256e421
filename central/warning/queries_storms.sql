-- name: neighbours
-- The case before and the one after a new case, of the same gateway and enterprise and within the window, by the time at
-- the plant; `first`: nothing within the window is before it.
WITH this AS (
    SELECT w.id, w.gateway_id, w.enterprise_id, w.is_test, w.raised_at, w.number,
        r.first_up_s * interval '1 second' AS near
    FROM warning AS w
    CROSS JOIN LATERAL storm_rule_of(w.place, $2) AS r
    WHERE w.id = $1
),

found AS (
    SELECT true AS earlier, b.id, b.raised_at, b.number, b.first_up
    FROM this AS t
    CROSS JOIN LATERAL (
        SELECT w.id, w.raised_at, w.number, w.first_up FROM warning AS w
        WHERE w.gateway_id = t.gateway_id AND w.enterprise_id = t.enterprise_id AND w.is_test = t.is_test
            AND w.kind = ANY($3::text []) AND w.raised_at >= t.raised_at - t.near
            AND (w.raised_at, w.number) < (t.raised_at, t.number)
        ORDER BY w.raised_at DESC, w.number DESC
        LIMIT 1
    ) AS b
    UNION ALL
    SELECT false, a.id, a.raised_at, a.number, a.first_up
    FROM this AS t
    CROSS JOIN LATERAL (
        SELECT w.id, w.raised_at, w.number, w.first_up FROM warning AS w
        WHERE w.gateway_id = t.gateway_id AND w.enterprise_id = t.enterprise_id AND w.is_test = t.is_test
            AND w.kind = ANY($3::text []) AND w.raised_at <= t.raised_at + t.near
            AND (w.raised_at, w.number) > (t.raised_at, t.number)
        ORDER BY w.raised_at, w.number
        LIMIT 1
    ) AS a
)

SELECT f.earlier, f.id, f.first_up AS marked,
    NOT EXISTS (
        SELECT 1 FROM warning AS w
        WHERE w.gateway_id = t.gateway_id AND w.enterprise_id = t.enterprise_id AND w.is_test = t.is_test
            AND w.kind = ANY($3::text []) AND w.raised_at >= f.raised_at - t.near
            AND (w.raised_at, w.number) < (f.raised_at, f.number)
    ) AS first
FROM found AS f CROSS JOIN this AS t;

-- name: set_first_up
-- Whether a case came first of several.
UPDATE warning SET first_up = $2 WHERE id = $1;

-- name: storm
-- What is open and reached the centre lately, by whose it is, the worst first: the rows of the storm panel; papers, which
-- come by thousands each morning, are no storm. Of each the case that came first: what is marked, then the earliest.
WITH lately AS (
    SELECT w.id, w.enterprise_id, w.agency_id, w.level, w.title, w.raised_at, w.first_up
    FROM warning AS w
    WHERE w.state IN ('open', 'acknowledged') AND NOT w.is_test AND w.received_at > $1 AND w.kind <> ALL($3::text [])
),

firsts AS (
    SELECT DISTINCT ON (l.enterprise_id, l.agency_id) l.enterprise_id, l.agency_id, l.id, l.title, l.raised_at, l.first_up
    FROM lately AS l
    ORDER BY l.enterprise_id, l.agency_id, l.first_up DESC, l.raised_at, l.id
),

counted AS (
    SELECT l.enterprise_id, l.agency_id, count(*) AS cases, max(l.level) AS worst,
        count(*) FILTER (WHERE l.level = 4) AS red, count(*) FILTER (WHERE l.level = 3) AS orange,
        count(*) FILTER (WHERE l.level = 2) AS yellow, count(*) FILTER (WHERE l.level = 1) AS blue
    FROM lately AS l
    GROUP BY l.enterprise_id, l.agency_id
)

SELECT c.*, coalesce(e.name, g.name) AS name, f.id AS first_id, f.title AS first_title, f.raised_at AS first_at,
    f.first_up, sum(c.cases) OVER ()::int AS total, count(*) OVER ()::int AS owners
FROM counted AS c
INNER JOIN firsts AS f
    ON f.enterprise_id IS NOT DISTINCT FROM c.enterprise_id AND f.agency_id IS NOT DISTINCT FROM c.agency_id
LEFT JOIN enterprise AS e ON e.id = c.enterprise_id
LEFT JOIN agency AS g ON g.id = c.agency_id
WHERE coalesce(e.id, g.id) IS NOT NULL
ORDER BY c.red DESC, c.orange DESC, c.yellow DESC, c.blue DESC, name
LIMIT $2;
