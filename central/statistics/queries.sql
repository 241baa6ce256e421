-- name: open_warnings
-- Real cases that still run, by level: all, and those that nobody has answered.
SELECT level, count(*) AS open, count(*) FILTER (WHERE state = 'open') AS unanswered,
       min(raised_at) FILTER (WHERE state = 'open') AS oldest
FROM warning
WHERE state IN ('open', 'acknowledged') AND NOT is_test AND NOT history
GROUP BY level;

-- name: due
-- What ended by itself since a moment and wants a look; what was handled and wants verification.
SELECT count(*) FILTER (WHERE state = 'cleared' AND updated_at >= $1) AS review,
       count(*) FILTER (WHERE state = 'handled' AND level >= 3) AS verify
FROM warning
WHERE state IN ('cleared', 'handled') AND NOT is_test AND NOT history;

-- name: enterprises
-- How many enterprises: all, with a running case, with a gateway that is not heard.
SELECT count(*) AS total,
       count(*) FILTER (WHERE EXISTS (
           SELECT 1 FROM warning AS w WHERE w.enterprise_id = e.id AND w.state IN ('open', 'acknowledged')
             AND NOT w.is_test AND NOT w.history)) AS with_open,
       count(*) FILTER (WHERE EXISTS (
           SELECT 1 FROM gateway AS g LEFT JOIN gateway_state AS s ON s.gateway_id = g.id
           WHERE g.enterprise_id = e.id AND coalesce(s.presence, 'offline') = 'offline')) AS offline
FROM enterprise AS e;

-- name: gateways
-- Gateways by presence; one that was never heard is offline.
SELECT coalesce(s.presence, 'offline') AS presence, count(*) AS count
FROM gateway AS g LEFT JOIN gateway_state AS s ON s.gateway_id = g.id
GROUP BY 1;

-- name: points
-- Points in use, and how many have a good newest value (OPC quality byte; higher bits are our own marks): none of a
-- gateway that is not heard.
SELECT count(*) AS total,
       count(*) FILTER (WHERE l.quality & 255 >= 192 AND (s.presence = 'offline' AND s.presence_since IS NOT NULL) IS NOT TRUE) AS good
FROM point AS p
LEFT JOIN latest AS l ON l.point_id = p.id
LEFT JOIN gateway_state AS s ON s.gateway_id = p.gateway_id
WHERE p.current;

-- name: covered
-- What keeps silent: alarms by their cover, instruments whose data cannot be believed, shelvings that end soon;
-- windows in force, and false alarms until their date.
SELECT count(*) FILTER (WHERE a.state = 'G') AS shelved,
       count(*) FILTER (WHERE a.state = 'I') AS out_of_service,
       count(*) FILTER (WHERE a.state = 'H') AS suppressed,
       count(DISTINCT (a.gateway_id, p.source)) FILTER (WHERE a.state IN ('B', 'C')) AS quality,
       count(*) FILTER (WHERE a.state = 'G' AND a.covered_until <= $1::timestamptz + interval '1 hour') AS soon,
       (SELECT count(*) FROM suppression_window AS w
        WHERE w.ended_at IS NULL AND w.starts_at <= $1 AND w.ends_at > $1) AS windows,
       (SELECT count(*) FROM warning AS f
        WHERE f.suppressed_until > $1 AND f.enterprise_id IS NOT NULL) AS false_alarms
FROM alarm_state AS a JOIN point AS p ON p.id = a.point_id
WHERE (a.state IN ('G', 'H', 'I') OR (a.side = 'quality' AND a.state IN ('B', 'C'))) AND p.current;

-- name: enterprise_names
-- What enterprises of the jurisdiction are called, to find them by the initials of their names.
SELECT id, name FROM enterprise;

-- name: enterprise_rows
-- Enterprises with what is wrong in them, the worst first; what is counted per point is counted for one page only.
WITH running AS (
    SELECT enterprise_id, max(level) AS worst, count(*) AS open
    FROM warning
    WHERE state IN ('open', 'acknowledged') AND NOT is_test AND NOT history
    GROUP BY enterprise_id
),
heard AS (
    SELECT g.enterprise_id,
           max(CASE coalesce(s.presence, 'offline') WHEN 'online' THEN 1 WHEN 'late' THEN 2 ELSE 3 END) AS presence
    FROM gateway AS g LEFT JOIN gateway_state AS s ON s.gateway_id = g.id
    GROUP BY g.enterprise_id
),
listed AS (
    SELECT e.id, e.code, e.name, e.credit_code, e.region_code, r.name AS region_name, a.name AS agency_name,
           e.agency_id, e.industry, e.hazard_class, e.longitude, e.latitude, e.address, e.contact_name, e.contact_phone, e.sector, e.status,
           t.name AS status_name, coalesce(w.worst, 0) AS worst, coalesce(w.open, 0) AS open, coalesce(h.presence, 0) AS presence
    FROM enterprise AS e
    JOIN region AS r ON r.code = e.region_code
    JOIN enterprise_status AS t ON t.code = e.status
    LEFT JOIN agency AS a ON a.id = e.agency_id
    LEFT JOIN running AS w ON w.enterprise_id = e.id
    LEFT JOIN heard AS h ON h.enterprise_id = e.id
    WHERE ($1::int IS NULL OR e.id = $1)
      AND ($2::text IS NULL OR e.name ILIKE $2 OR e.code ILIKE $2 OR e.credit_code ILIKE $2 OR e.id = ANY($11::int []))
      AND ($10::text = '' OR e.status = $10)
),
chosen AS (
    SELECT l.* FROM listed AS l
    WHERE CASE $3::text WHEN 'warning' THEN l.open > 0 WHEN 'offline' THEN l.presence = 3
                        WHEN 'normal' THEN l.open = 0 AND l.presence IN (0, 1) ELSE true END
      AND ($4::text <> 'worst' OR $5::int IS NULL
           OR (-l.worst, -l.open, l.id) > (-$5::int, -$6::bigint, $8::int))
      AND ($4::text <> 'name' OR $7::text IS NULL OR (l.name, l.id) > ($7::text, $8::int))
    ORDER BY CASE WHEN $4 = 'worst' THEN -l.worst END, CASE WHEN $4 = 'worst' THEN -l.open END,
             CASE WHEN $4 = 'name' THEN l.name END, l.id
    LIMIT $9
)
SELECT c.*, p.points, p.bad_points, p.newest_at
FROM chosen AS c
LEFT JOIN LATERAL (
    SELECT count(*) AS points,
           count(*) FILTER (WHERE l.quality IS NULL OR l.quality & 255 < 192
               OR s.presence = 'offline' AND s.presence_since IS NOT NULL) AS bad_points,
           max(l.at) AS newest_at
    FROM point AS q
    LEFT JOIN latest AS l ON l.point_id = q.id
    LEFT JOIN gateway_state AS s ON s.gateway_id = q.gateway_id
    WHERE q.enterprise_id = c.id AND q.current
) AS p ON true
ORDER BY CASE WHEN $4 = 'worst' THEN -c.worst END, CASE WHEN $4 = 'worst' THEN -c.open END,
         CASE WHEN $4 = 'name' THEN c.name END, c.id;
