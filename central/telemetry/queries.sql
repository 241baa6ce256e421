-- name: ensure_day
-- Make the partition of one UTC day if it is not there.
SELECT ensure_measurement_day($1);

-- name: known_days
-- Names of the partitions that are there.
SELECT c.relname FROM pg_inherits AS i
JOIN pg_class AS c ON c.oid = i.inhrelid
WHERE i.inhparent = 'measurement'::regclass;

-- name: summarise
-- Tell the block range indexes about rows of the last minute.
SELECT summarise_measurement_day($1);

-- name: keep_latest
-- Newest values, forward only: two central processes may flush the same point.
INSERT INTO latest AS l (point_id, place, at, value, quality, ordinal, seq, received_at)
SELECT n.point_id, '', n.at, n.value, n.quality, n.ordinal, n.seq, n.received_at
FROM unnest($1::int[], $2::timestamptz[], $3::float8[], $4::smallint[], $5::int[], $6::bigint[], $7::timestamptz[])
     AS n (point_id, at, value, quality, ordinal, seq, received_at)
ON CONFLICT (point_id) DO UPDATE SET
  at = excluded.at, value = excluded.value, quality = excluded.quality, ordinal = excluded.ordinal,
  seq = excluded.seq, received_at = excluded.received_at
WHERE (l.ordinal, l.seq) < (excluded.ordinal, excluded.seq);

-- name: all_latest
-- What was flushed last, for a process that begins.
SELECT point_id, at, value, quality, ordinal, seq, received_at FROM latest;

-- name: newer_than_flushed
-- Values of the last committed batches, which the flush before a crash may not have seen.
SELECT DISTINCT ON (m.point_id) m.point_id, m.at, m.value, m.quality, e.ordinal,
       l.first_seq + m.record AS seq, l.received_at
FROM (SELECT id, gateway_id, epoch, first_seq, received_at FROM ledger
      WHERE stream = 2 AND received_at >= $1 ORDER BY id DESC LIMIT 20000) AS l
JOIN stream_epoch AS e ON e.gateway_id = l.gateway_id AND e.epoch = l.epoch
JOIN measurement AS m ON m.batch_id = l.id AND m.at >= $2
ORDER BY m.point_id, e.ordinal DESC, l.first_seq + m.record DESC;

-- name: places_of_points
-- Where values belong, for the live stream.
SELECT p.id, p.place, p.enterprise_id, p.sector FROM point AS p WHERE p.id = ANY ($1::int[]);

-- name: alarm_states
-- Alarms as last known.
SELECT a.gateway_id, a.alarm, a.point_id, a.occurrence, a.state, a.limit_name, a.side, a.since, a.value, a.quality,
       a.ordinal, a.seq, a.under
FROM alarm_state AS a
JOIN unnest($1::text[], $2::text[]) AS k (gateway_id, alarm) USING (gateway_id, alarm);

-- name: alarms_of_gateway
-- Every alarm of one gateway that was ever heard of.
SELECT gateway_id, alarm, point_id, occurrence, state, limit_name, side, since, value, quality, ordinal, seq,
       under, first_up, covered_by, covered_why, covered_until, covered_since
FROM alarm_state WHERE gateway_id = $1;

-- name: move_alarms
-- Alarms move forward only, by the order of epochs and sequence numbers; `$20` lets a birth speak last.
INSERT INTO alarm_state AS a (gateway_id, alarm, place, point_id, occurrence, state, limit_name, side, since, value,
                              quality, ordinal, seq, under, first_up, covered_by, covered_why, covered_until,
                              covered_since, updated_at)
SELECT n.gateway_id, n.alarm, '', n.point_id, n.occurrence, n.state, n.limit_name, n.side, n.since, n.value,
       n.quality, n.ordinal, n.seq, n.under, n.first_up, n.covered_by, n.covered_why, n.covered_until,
       CASE WHEN n.state IN ('G', 'H', 'I') THEN coalesce(n.covered_since, n.since) END, $19
FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
            $9::float8[], $10::smallint[], $11::int[], $12::bigint[], $13::text[], $14::boolean[], $15::text[],
            $16::text[], $17::timestamptz[], $18::timestamptz[])
     AS n (gateway_id, alarm, point_id, occurrence, state, limit_name, side, since, value, quality, ordinal, seq,
           under, first_up, covered_by, covered_why, covered_until, covered_since)
ON CONFLICT (gateway_id, alarm) DO UPDATE SET
  point_id = excluded.point_id, occurrence = excluded.occurrence, state = excluded.state,
  limit_name = excluded.limit_name, side = excluded.side,
  since = CASE WHEN a.occurrence = excluded.occurrence AND a.state <> 'A' AND excluded.state <> 'A'
               THEN a.since ELSE excluded.since END,
  value = excluded.value, quality = excluded.quality, ordinal = excluded.ordinal, seq = excluded.seq,
  under = excluded.under, first_up = excluded.first_up,
  covered_by = CASE WHEN excluded.state <> a.state OR excluded.covered_by <> '' THEN excluded.covered_by
                    ELSE a.covered_by END,
  covered_why = CASE WHEN excluded.state <> a.state OR excluded.covered_why <> '' THEN excluded.covered_why
                     ELSE a.covered_why END,
  covered_until = CASE WHEN excluded.state <> a.state OR excluded.covered_until IS NOT NULL
                       THEN excluded.covered_until ELSE a.covered_until END,
  covered_since = CASE WHEN excluded.state = a.state THEN coalesce(a.covered_since, excluded.covered_since)
                       ELSE excluded.covered_since END,
  updated_at = excluded.updated_at
WHERE (a.ordinal, a.seq) < (excluded.ordinal, excluded.seq)
   OR ($20 AND (a.ordinal, a.seq) = (excluded.ordinal, excluded.seq));

-- name: point_rows
-- Current points within the reader's scope, one page.
SELECT p.id, p.key, p.name, p.quantity, p.unit, p.enterprise_id, e.name AS enterprise_name, p.gateway_id, p.source,
       p.period_ms, p.low, p.high, p.limit_ll, p.limit_l, p.limit_h, p.limit_hh,
       l.at, l.value, l.quality, l.ordinal, l.seq, coalesce(g.presence = 'offline' AND g.presence_since IS NOT NULL, false) AS silent
FROM point AS p
JOIN enterprise AS e ON e.id = p.enterprise_id
LEFT JOIN latest AS l ON l.point_id = p.id
LEFT JOIN gateway_state AS g ON g.gateway_id = p.gateway_id
WHERE p.current AND p.id > $1 AND ($2::int IS NULL OR p.enterprise_id = $2)
  AND ($3::text IS NULL OR p.gateway_id = $3)
ORDER BY p.id
LIMIT $4;

-- name: point_row
-- One point within the reader's scope, also of the past.
SELECT p.id, p.key, p.name, p.quantity, p.unit, p.enterprise_id, e.name AS enterprise_name, p.gateway_id, p.source,
       p.period_ms, p.low, p.high, p.limit_ll, p.limit_l, p.limit_h, p.limit_hh,
       l.at, l.value, l.quality, l.ordinal, l.seq, coalesce(g.presence = 'offline' AND g.presence_since IS NOT NULL, false) AS silent
FROM point AS p
JOIN enterprise AS e ON e.id = p.enterprise_id
LEFT JOIN latest AS l ON l.point_id = p.id
LEFT JOIN gateway_state AS g ON g.gateway_id = p.gateway_id
WHERE p.id = $1;

-- name: alarms_of_points
-- What is not normal at some points.
SELECT point_id, alarm, side, limit_name, state, since, under, first_up, covered_by, covered_why, covered_until
FROM alarm_state
WHERE point_id = ANY ($1::int[]) AND state <> 'A'
ORDER BY since;

-- name: alarms_of_point
-- What is known of the alarms of one point, normal ones too.
SELECT alarm, side, limit_name, state, since, under, first_up, covered_by, covered_why, covered_until
FROM alarm_state WHERE point_id = $1;

-- name: covered_alarms
-- What keeps silent within the reader's scope: shelved, out of service, suppressed by design, and instruments whose
-- bad data hold their alarms back (one row an instrument). First what ends within an hour, then what has no end.
WITH listed AS (
  SELECT CASE a.state WHEN 'G' THEN 'shelved' WHEN 'H' THEN 'suppressed' ELSE 'out-of-service' END AS cover,
         a.gateway_id, a.alarm AS name, a.point_id, a.limit_name, a.side, a.under,
         coalesce(a.covered_since, a.since) AS since, a.covered_until AS until, a.covered_by, a.covered_why,
         1 AS points, p.source, p.enterprise_id
  FROM alarm_state AS a JOIN point AS p ON p.id = a.point_id
  WHERE a.state IN ('G', 'H', 'I') AND p.current
  UNION ALL
  SELECT 'quality', a.gateway_id, p.source, CASE WHEN count(DISTINCT p.id) = 1 THEN min(p.id) END,
         min(a.limit_name), 'quality', '', min(a.since), NULL, '', '', count(DISTINCT p.id)::int, p.source,
         p.enterprise_id
  FROM alarm_state AS a JOIN point AS p ON p.id = a.point_id
  WHERE a.side = 'quality' AND a.state IN ('B', 'C') AND p.current
  GROUP BY a.gateway_id, p.source, p.enterprise_id
), ranked AS (
  SELECT l.*,
         CASE WHEN l.cover = 'shelved' AND l.until <= $1::timestamptz + interval '1 hour' THEN 0
              WHEN l.cover = 'out-of-service' OR (l.cover = 'shelved' AND l.until IS NULL) THEN 1
              WHEN l.cover = 'shelved' THEN 2 WHEN l.cover = 'suppressed' THEN 3 ELSE 4 END AS rank,
         CASE WHEN l.cover = 'shelved' THEN coalesce(l.until, l.since) ELSE l.since END AS due
  FROM listed AS l
  WHERE ($2::text IS NULL OR l.cover = $2) AND ($3::int IS NULL OR l.enterprise_id = $3)
    AND ($4::text IS NULL OR l.gateway_id = $4)
), chosen AS (
  SELECT r.* FROM ranked AS r
  WHERE $5::int IS NULL OR (r.rank, r.due, r.gateway_id, r.name) > ($5::int, $6::timestamptz, $7::text, $8::text)
  ORDER BY r.rank, r.due, r.gateway_id, r.name
  LIMIT $9
)
SELECT c.*, e.name AS enterprise_name, coalesce(g.name, '') AS region_name, w.name AS gateway_name,
       p.name AS point_name, p.key AS point_key,
       CASE WHEN c.cover <> 'quality' THEN (
         SELECT count(*) FROM event AS v
         WHERE v.gateway_id = c.gateway_id AND v.alarm = c.name AND v.transition = 1 AND v.at >= c.since
           AND v.state IN ('G', 'H', 'I')) END AS raises
FROM chosen AS c
JOIN enterprise AS e ON e.id = c.enterprise_id
JOIN gateway AS w ON w.id = c.gateway_id
LEFT JOIN region AS g ON g.code = e.region_code
LEFT JOIN point AS p ON p.id = c.point_id
ORDER BY c.rank, c.due, c.gateway_id, c.name;

-- name: prefer_block_ranges
-- The planner takes block ranges for worse than they are here: rows of one commit stand together by point
-- (measured, one point of half an hour among nine million rows: 35 ms against 550).
SELECT set_config('enable_seqscan', $1, true);
