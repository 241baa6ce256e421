-- name: watch
-- A centre is there; when nobody wrote so for longer than its grace, that was the centre's own absence.
WITH was AS (SELECT seen_at, grace_s FROM centre_watch FOR UPDATE),
put AS (
    INSERT INTO centre_watch AS w (seen_at) VALUES ($1)
    ON CONFLICT (single) DO UPDATE SET seen_at = greatest(w.seen_at, excluded.seen_at)
)
INSERT INTO centre_absence (began_at, ended_at)
SELECT was.seen_at, $1::timestamptz FROM was WHERE was.seen_at + make_interval(secs => was.grace_s) < $1::timestamptz
ON CONFLICT DO NOTHING
RETURNING began_at;

-- name: all_gateways
-- Every gateway, in an order to be taken in parts.
SELECT gateway_id FROM gateway_state WHERE gateway_id > $1 ORDER BY gateway_id LIMIT $2;

-- name: name_devices
-- What gateways name behind them becomes a device, under the name that they give it.
INSERT INTO device AS d (gateway_id, enterprise_id, kind, key, name, place, first_at)
SELECT DISTINCT ON (s.gateway_id, x.source) s.gateway_id, g.enterprise_id, 'instrument', x.source,
    coalesce(nullif(x.name, ''), x.source), '', $2
FROM gateway_state AS s
INNER JOIN gateway AS g ON g.id = s.gateway_id AND g.revoked_at IS NULL
CROSS JOIN jsonb_to_recordset(s.sources) AS x (source text, name text)
WHERE s.gateway_id = ANY ($1::text []) AND x.source <> ''
ORDER BY s.gateway_id, x.source
ON CONFLICT (gateway_id, kind, key) DO UPDATE SET name = excluded.name, current = true
WHERE (d.name, d.current) IS DISTINCT FROM (excluded.name, true);

-- name: rename_gateways
-- A gateway is called as people call it, and is a device until it is shut out.
UPDATE device AS d SET name = g.name, current = g.revoked_at IS NULL, enterprise_id = g.enterprise_id
FROM gateway AS g
WHERE g.id = ANY ($1::text []) AND d.gateway_id = g.id AND d.kind = 'gateway'
    AND (d.name, d.current, d.enterprise_id) IS DISTINCT FROM (g.name, g.revoked_at IS NULL, g.enterprise_id);

-- name: retire_devices
-- What a gateway names no more, or named before it was shut out, is no device any more; its times end.
WITH gone AS (
    UPDATE device AS d SET current = false
    FROM gateway_state AS s, gateway AS g
    WHERE d.gateway_id = ANY ($1::text []) AND s.gateway_id = d.gateway_id AND g.id = d.gateway_id AND d.kind = 'instrument'
        AND d.current
        AND (g.revoked_at IS NOT NULL OR (s.sources <> '[]'::jsonb AND NOT EXISTS (
            SELECT 1 FROM jsonb_to_recordset(s.sources) AS x (source text) WHERE x.source = d.key)))
    RETURNING d.id
)
UPDATE device_period AS p SET ended_at = greatest(p.began_at, $2)
FROM device AS d
WHERE d.id = p.device_id AND p.ended_at IS NULL AND p.gateway_id = ANY ($1::text [])
    AND (NOT d.current OR d.id IN (SELECT id FROM gone));

-- name: change_devices
-- States as their gateways' last words make them, of those that changed; since when, never from while no centre was there.
WITH away AS (SELECT max(ended_at) AS ended_at FROM centre_absence),
said AS (
    SELECT s.gateway_id, s.presence, s.heard_at, x.source, x.state, x.good_age_ms
    FROM gateway_state AS s
    LEFT JOIN LATERAL jsonb_to_recordset(s.sources) AS x (source text, state text, good_age_ms bigint) ON true
    WHERE s.gateway_id = ANY ($1::text [])
),
wanted AS (
    SELECT DISTINCT ON (d.id) d.id, d.enterprise_id, d.gateway_id, d.state AS was, d.since AS was_since,
        CASE
            WHEN s.presence = 'offline' THEN 'offline'
            WHEN d.kind = 'gateway' OR s.state = 'good' THEN 'online'
            WHEN s.state = 'bad' THEN 'abnormal'
            ELSE 'offline'
        END AS state,
        CASE
            WHEN d.kind = 'gateway' THEN 'heartbeat'
            WHEN s.presence = 'offline' THEN 'gateway'
            WHEN s.state = 'bad' THEN 'bad'
            ELSE 'silent'
        END AS cause,
        CASE
            WHEN s.presence = 'offline' THEN s.heard_at
            WHEN d.kind = 'gateway' OR s.state = 'good' OR s.good_age_ms < 0 THEN $2::timestamptz
            ELSE s.heard_at - make_interval(secs => s.good_age_ms / 1000.0)
        END AS raw
    FROM device AS d
    INNER JOIN said AS s ON s.gateway_id = d.gateway_id AND (d.kind = 'gateway' OR s.source = d.key)
    WHERE d.current AND s.heard_at IS NOT NULL
)
UPDATE device AS d SET
    state = w.state,
    since = CASE WHEN w.state = 'online' THEN $2 ELSE greatest(least(w.raw, $2), a.ended_at, w.was_since) END
FROM wanted AS w, away AS a
WHERE d.id = w.id AND (w.state <> w.was OR w.was_since IS NULL)
RETURNING d.id, w.cause, w.was;

-- name: end_periods
-- The times of devices that changed. Who is heard right after a centre's absence came back in it, nobody knows when: it
-- is counted as long as somebody saw it.
UPDATE device_period AS p SET ended_at = greatest(p.began_at, CASE
    WHEN d.state = 'online' THEN coalesce((
        SELECT a.began_at FROM centre_absence AS a
        WHERE a.began_at > p.began_at
            AND a.ended_at > $2::timestamptz - make_interval(secs => greatest(30, 3 * coalesce(s.period_ms, 0) / 1000.0))
        ORDER BY a.began_at DESC LIMIT 1), $2)
    ELSE d.since
END)
FROM device AS d
INNER JOIN gateway_state AS s ON s.gateway_id = d.gateway_id
WHERE p.device_id = d.id AND d.id = ANY ($1::int []) AND p.ended_at IS NULL AND p.state <> d.state;

-- name: begin_periods
-- One open time a device, whoever tells of it and how often.
INSERT INTO device_period (device_id, gateway_id, enterprise_id, place, state, cause, began_at)
SELECT d.id, d.gateway_id, d.enterprise_id, '', d.state, c.cause, d.since
FROM device AS d
INNER JOIN unnest($1::int [], $2::text []) AS c (id, cause) ON c.id = d.id
WHERE d.state <> 'online' AND d.since IS NOT NULL
ORDER BY d.id
ON CONFLICT (device_id) WHERE ended_at IS NULL DO NOTHING;

-- name: name_enterprises
-- Whose devices these are has a row to be kept.
INSERT INTO enterprise_connection (enterprise_id, place)
SELECT DISTINCT g.enterprise_id, '' FROM gateway AS g WHERE g.id = ANY ($1::text []) ORDER BY 1
ON CONFLICT DO NOTHING;

-- name: lock_enterprises
-- Two gateways of one enterprise are reckoned one after the other.
SELECT c.enterprise_id FROM enterprise_connection AS c
WHERE c.enterprise_id IN (SELECT g.enterprise_id FROM gateway AS g WHERE g.id = ANY ($1::text []))
ORDER BY c.enterprise_id
FOR UPDATE;

-- name: reckon_enterprises
-- An enterprise as its devices are: those behind gateways, or the gateways where nothing is named behind them.
WITH own AS (
    SELECT d.enterprise_id, d.state, d.since, d.kind,
        bool_or(d.kind <> 'gateway') OVER (PARTITION BY d.enterprise_id) AS behind
    FROM device AS d WHERE d.enterprise_id = ANY ($1::int []) AND d.current
),
now_so AS (
    SELECT e.id AS enterprise_id,
        count(*) FILTER (WHERE o.state = 'online') AS online,
        count(*) FILTER (WHERE o.state = 'abnormal') AS abnormal,
        count(*) FILTER (WHERE o.state = 'offline') AS offline,
        count(o.since) AS ever,
        max(o.since) FILTER (WHERE o.state = 'offline') AS gone_since
    FROM unnest($1::int []) AS e (id)
    LEFT JOIN own AS o ON o.enterprise_id = e.id AND (o.kind <> 'gateway' OR NOT o.behind)
    GROUP BY e.id
),
worded AS (
    SELECT n.*, CASE
        WHEN n.ever = 0 THEN 'none'
        WHEN n.online + n.abnormal = 0 THEN 'offline'
        WHEN n.offline > 0 THEN 'partly'
        WHEN n.abnormal > 0 THEN 'abnormal'
        ELSE 'online'
    END AS state
    FROM now_so AS n
)
UPDATE enterprise_connection AS c SET
    state = w.state, online = w.online, abnormal = w.abnormal, offline = w.offline,
    since = CASE WHEN c.state = w.state THEN c.since WHEN w.state = 'offline' THEN w.gone_since ELSE $2::timestamptz END
FROM worded AS w
WHERE c.enterprise_id = w.enterprise_id
    AND (c.state, c.online, c.abnormal, c.offline) IS DISTINCT FROM (w.state, w.online, w.abnormal, w.offline);

-- name: enterprises_to_reckon
-- Enterprises with devices, in an order to be taken in parts.
SELECT enterprise_id FROM enterprise_connection WHERE enterprise_id > $1 ORDER BY enterprise_id LIMIT $2;

-- name: reckon_day
-- Of one day: how long devices were watched, offline and abnormal; written again it comes out the same.
WITH span AS (
    SELECT $2::date::timestamp AT TIME ZONE 'Asia/Shanghai' AS lo,
        least(($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai', $3::timestamptz) AS hi
),
own AS (
    SELECT d.id, d.enterprise_id, greatest(s.lo, d.first_at) AS lo, s.hi, d.kind,
        bool_or(d.kind <> 'gateway') OVER (PARTITION BY d.enterprise_id) AS behind
    FROM device AS d CROSS JOIN span AS s
    WHERE d.enterprise_id = ANY ($1::int []) AND d.current AND d.since IS NOT NULL AND d.first_at < s.hi
),
counted AS (SELECT * FROM own WHERE kind <> 'gateway' OR NOT behind),
lost AS (
    SELECT p.device_id, count(*) AS periods,
        sum(seen_seconds(greatest(p.began_at, c.lo), least(coalesce(p.ended_at, c.hi), c.hi)))
            FILTER (WHERE p.state = 'offline') AS offline_s,
        sum(seen_seconds(greatest(p.began_at, c.lo), least(coalesce(p.ended_at, c.hi), c.hi)))
            FILTER (WHERE p.state = 'abnormal') AS abnormal_s
    FROM counted AS c
    INNER JOIN device_period AS p ON p.device_id = c.id AND p.began_at < c.hi AND coalesce(p.ended_at, c.hi) > c.lo
    GROUP BY p.device_id
)
INSERT INTO connection_day AS k
(enterprise_id, day, place, devices, watched_s, offline_s, abnormal_s, periods, reckoned_at)
SELECT c.enterprise_id, $2::date, '', count(*), sum(seen_seconds(c.lo, c.hi)), coalesce(sum(l.offline_s), 0),
    coalesce(sum(l.abnormal_s), 0), coalesce(sum(l.periods), 0), $3
FROM counted AS c LEFT JOIN lost AS l ON l.device_id = c.id
GROUP BY c.enterprise_id
ON CONFLICT (enterprise_id, day) DO UPDATE SET
    devices = excluded.devices, watched_s = excluded.watched_s, offline_s = excluded.offline_s,
    abnormal_s = excluded.abnormal_s, periods = excluded.periods, reckoned_at = excluded.reckoned_at;

-- name: days_open
-- Past days that were reckoned before they were over.
SELECT DISTINCT day FROM connection_day
WHERE day < $1::date AND day >= $1::date - 7 AND reckoned_at < (day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
ORDER BY day;
