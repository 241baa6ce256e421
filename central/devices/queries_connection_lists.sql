-- name: totals
-- Devices within the reader's scope, by kind and state.
SELECT d.kind, d.state, count(*) AS number, count(*) FILTER (WHERE d.since IS NULL) AS never
FROM device AS d WHERE d.current GROUP BY d.kind, d.state;

-- name: point_totals
-- Points within the reader's scope, by state: that of their instrument, else of their newest value.
SELECT x.state, count(*) AS number
FROM (
    SELECT CASE
        WHEN coalesce(d.state, 'offline') = 'offline' THEN 'offline'
        WHEN d.state = 'abnormal' OR coalesce(l.quality, 0) < 192 THEN 'abnormal'
        ELSE 'online'
    END AS state
    FROM point AS p
    LEFT JOIN device AS d ON d.gateway_id = p.gateway_id AND d.kind = 'instrument' AND d.key = p.source AND d.current
    LEFT JOIN latest AS l ON l.point_id = p.id
    WHERE p.current
) AS x
GROUP BY x.state;

-- name: classes
-- Enterprises within the reader's scope by class of their major hazards, and how they are connected.
SELECT e.hazard_class, coalesce(c.state, 'none') AS state, count(*) AS number,
    count(*) FILTER (WHERE EXISTS (
        SELECT 1 FROM offline_report AS r
        WHERE r.enterprise_id = e.id AND r.device_id IS NULL AND r.state = 'approved' AND r.from_at <= $1
            AND r.until_at > $1)) AS reported
FROM enterprise AS e
LEFT JOIN enterprise_connection AS c ON c.enterprise_id = e.id
WHERE e.removed_at IS NULL AND (e.hazard_class IS NOT NULL OR c.enterprise_id IS NOT NULL)
GROUP BY e.hazard_class, coalesce(c.state, 'none');

-- name: online_share
-- Seconds of a day within the reader's scope: to be watched, and offline.
SELECT coalesce(sum(watched_s), 0) AS watched_s, coalesce(sum(offline_s), 0) AS offline_s
FROM connection_day WHERE day = $1;

-- name: away
-- When no centre was there, newest first.
SELECT began_at, ended_at FROM centre_absence WHERE ended_at > $1 ORDER BY began_at DESC LIMIT 20;

-- name: enterprises
-- Enterprises and how they are connected, worst first. $3: a class, 0 for those without one; $4 words.
SELECT x.*
FROM (
    SELECT e.id, e.name, e.hazard_class, r.name AS region_name, coalesce(c.state, 'none') AS state, c.since,
        coalesce(c.online, 0) AS online, coalesce(c.abnormal, 0) AS abnormal, coalesce(c.offline, 0) AS offline,
        c.warning_id, c.told_at, k.watched_s, k.offline_s,
        (SELECT max(o.until_at) FROM offline_report AS o
         WHERE o.enterprise_id = e.id AND o.device_id IS NULL AND o.state = 'approved' AND o.from_at <= $1
             AND o.until_at > $1) AS reported_until,
        CASE coalesce(c.state, 'none') WHEN 'offline' THEN 0 WHEN 'partly' THEN 1 WHEN 'abnormal' THEN 2 WHEN 'none' THEN 3
            ELSE 4 END AS rank
    FROM enterprise AS e
    LEFT JOIN enterprise_connection AS c ON c.enterprise_id = e.id
    LEFT JOIN region AS r ON r.code = e.region_code
    LEFT JOIN connection_day AS k ON k.enterprise_id = e.id AND k.day = $5
    WHERE e.removed_at IS NULL AND (e.hazard_class IS NOT NULL OR c.enterprise_id IS NOT NULL)
        AND ($2::text IS NULL OR coalesce(c.state, 'none') = ANY (string_to_array($2, ',')))
        AND ($3::int IS NULL OR coalesce(e.hazard_class, 0) = $3)
        AND ($4 = '' OR strpos(lower(e.name), lower($4)) > 0)
) AS x
WHERE $6::int IS NULL OR (x.rank, x.id) > ($6, $7::int)
ORDER BY x.rank, x.id
LIMIT $8;

-- name: devices
-- Devices, worst first, and of those the longest away first.
SELECT x.*
FROM (
    SELECT d.id, d.gateway_id, d.enterprise_id, e.name AS enterprise_name, e.hazard_class, d.kind, d.key, d.name, d.scene,
        d.position, d.state, d.since, d.version, g.name AS gateway_name, p.cause,
        (SELECT max(o.until_at) FROM offline_report AS o
         WHERE o.enterprise_id = d.enterprise_id AND (o.device_id IS NULL OR o.device_id = d.id) AND o.state = 'approved'
             AND o.from_at <= $1 AND o.until_at > $1) AS reported_until,
        f.id AS fault_id, f.state AS fault_state,
        CASE d.state WHEN 'offline' THEN 0 WHEN 'abnormal' THEN 1 ELSE 2 END AS rank,
        coalesce(d.since, 'infinity') AS away
    FROM device AS d
    INNER JOIN enterprise AS e ON e.id = d.enterprise_id
    INNER JOIN gateway AS g ON g.id = d.gateway_id
    LEFT JOIN device_period AS p ON p.device_id = d.id AND p.ended_at IS NULL
    LEFT JOIN device_fault AS f ON f.device_id = d.id AND f.state <> 'done'
    WHERE d.current AND ($2::int IS NULL OR d.enterprise_id = $2) AND ($3::text IS NULL OR d.kind = ANY (string_to_array($3, ',')))
        AND ($4::text IS NULL OR d.state = ANY (string_to_array($4, ',')))
        AND ($5::int IS NULL OR coalesce(e.hazard_class, 0) = $5)
        AND ($6 = '' OR strpos(lower(concat_ws(' ', d.name, d.key, d.scene, d.position, e.name, g.name)), lower($6)) > 0)
        AND ($7::text IS NULL OR d.gateway_id = $7)
) AS x
WHERE $8::int IS NULL OR (x.rank, x.away, x.id) > ($8, coalesce($9::timestamptz, 'infinity'), $10::int)
ORDER BY x.rank, x.away, x.id
LIMIT $11;

-- name: points
-- Points as devices: they go with the instrument behind which they lie, and are abnormal when their value is bad.
SELECT x.*
FROM (
    SELECT p.id, p.gateway_id, p.enterprise_id, e.name AS enterprise_name, e.hazard_class, 'point'::text AS kind, p.key,
        p.name, coalesce(d.scene, '') AS scene, coalesce(d.position, '') AS position, g.name AS gateway_name,
        CASE
            WHEN coalesce(d.state, 'offline') = 'offline' THEN 'offline'
            WHEN d.state = 'abnormal' OR coalesce(l.quality, 0) < 192 THEN 'abnormal'
            ELSE 'online'
        END AS state,
        CASE WHEN d.state = 'online' AND coalesce(l.quality, 0) < 192 THEN l.at ELSE d.since END AS since,
        CASE WHEN d.state = 'online' THEN 'bad' ELSE q.cause END AS cause,
        NULL::timestamptz AS reported_until, NULL::int AS fault_id, NULL::text AS fault_state, 1 AS version
    FROM point AS p
    INNER JOIN enterprise AS e ON e.id = p.enterprise_id
    INNER JOIN gateway AS g ON g.id = p.gateway_id
    LEFT JOIN device AS d ON d.gateway_id = p.gateway_id AND d.kind = 'instrument' AND d.key = p.source AND d.current
    LEFT JOIN device_period AS q ON q.device_id = d.id AND q.ended_at IS NULL
    LEFT JOIN latest AS l ON l.point_id = p.id
    WHERE p.current AND ($1::int IS NULL OR p.enterprise_id = $1)
        AND ($3::int IS NULL OR coalesce(e.hazard_class, 0) = $3)
        AND ($4 = '' OR strpos(lower(concat_ws(' ', p.name, p.key, e.name, g.name)), lower($4)) > 0)
        AND ($5::text IS NULL OR p.gateway_id = $5)
) AS x
WHERE ($2::text IS NULL OR x.state = ANY (string_to_array($2, ','))) AND ($6::int IS NULL OR x.id > $6)
ORDER BY x.id
LIMIT $7;

-- name: describe
-- What people say of a device: scene and position; nothing when somebody was faster.
UPDATE device SET scene = $3, position = $4, version = version + 1 WHERE id = $1 AND version = $2 AND current
RETURNING id;

-- name: seen_device
-- One device, where the reader sees it.
SELECT d.id, d.enterprise_id, d.version, d.name, d.current, e.place FROM device AS d
INNER JOIN enterprise AS e ON e.id = d.enterprise_id
WHERE d.id = $1;

-- name: periods
-- Every time that a device was offline or abnormal, newest first; how long of it a centre was there to see.
SELECT p.id, p.device_id, p.enterprise_id, e.name AS enterprise_name, d.kind, d.name, d.key, d.scene, d.position,
    p.gateway_id, p.state, p.cause, p.began_at, p.ended_at, seen_seconds(p.began_at, coalesce(p.ended_at, $1)) AS lasted_s
FROM device_period AS p
INNER JOIN device AS d ON d.id = p.device_id
INNER JOIN enterprise AS e ON e.id = p.enterprise_id
WHERE ($2::int IS NULL OR p.enterprise_id = $2) AND ($3::int IS NULL OR p.device_id = $3)
    AND ($4::text IS NULL OR d.kind = ANY (string_to_array($4, ',')))
    AND ($5::text IS NULL OR p.state = $5)
    AND ($6::boolean IS NULL OR (p.ended_at IS NULL) = $6)
    AND ($7::timestamptz IS NULL OR coalesce(p.ended_at, $1) > $7) AND ($8::timestamptz IS NULL OR p.began_at < $8)
    AND ($9 = '' OR strpos(lower(concat_ws(' ', d.name, d.key, d.scene, d.position, e.name)), lower($9)) > 0)
    AND ($10::timestamptz IS NULL OR (p.began_at, p.id) < ($10, $11::bigint))
ORDER BY p.began_at DESC, p.id DESC
LIMIT $12;

-- name: rates_by_day
-- The online rate day by day.
SELECT k.day::text AS key, k.day::text AS name, sum(k.devices) AS devices, sum(k.watched_s) AS watched_s,
    sum(k.offline_s) AS offline_s, sum(k.abnormal_s) AS abnormal_s, sum(k.periods) AS periods
FROM connection_day AS k
WHERE k.day BETWEEN $1 AND $2 AND ($3::int IS NULL OR k.enterprise_id = $3)
GROUP BY k.day ORDER BY k.day DESC LIMIT $4;

-- name: rates_by_enterprise
-- The online rate by enterprise, the worst first.
SELECT k.enterprise_id::text AS key, e.name, max(k.devices) AS devices, sum(k.watched_s) AS watched_s,
    sum(k.offline_s) AS offline_s, sum(k.abnormal_s) AS abnormal_s, sum(k.periods) AS periods
FROM connection_day AS k INNER JOIN enterprise AS e ON e.id = k.enterprise_id
WHERE k.day BETWEEN $1 AND $2 AND ($3::int IS NULL OR k.enterprise_id = $3)
GROUP BY k.enterprise_id, e.name
ORDER BY sum(k.offline_s) / greatest(sum(k.watched_s), 1) DESC, k.enterprise_id LIMIT $4;

-- name: rates_by_area
-- The online rate by area: regions of so many digits ($5), the worst first.
SELECT left(e.region_code, $5) AS key, coalesce(max(r.name), left(e.region_code, $5)) AS name,
    count(DISTINCT k.enterprise_id) AS devices, sum(k.watched_s) AS watched_s, sum(k.offline_s) AS offline_s,
    sum(k.abnormal_s) AS abnormal_s, sum(k.periods) AS periods
FROM connection_day AS k
INNER JOIN enterprise AS e ON e.id = k.enterprise_id
LEFT JOIN region AS r ON r.code = left(e.region_code, $5)
WHERE k.day BETWEEN $1 AND $2 AND ($3::int IS NULL OR k.enterprise_id = $3)
GROUP BY left(e.region_code, $5)
ORDER BY sum(k.offline_s) / greatest(sum(k.watched_s), 1) DESC, 1 LIMIT $4;
