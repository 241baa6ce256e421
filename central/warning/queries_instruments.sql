-- name: instrument_of_point
-- The instrument of a point, its gateway, and how many points lie behind it.
SELECT p.source, p.gateway_id, g.name AS gateway_name,
    (
        SELECT count(*) FROM point AS o
        WHERE o.gateway_id = p.gateway_id AND o.source = p.source AND o.current
    ) AS points
FROM point AS p
INNER JOIN gateway AS g ON g.id = p.gateway_id
WHERE p.id = $1;
