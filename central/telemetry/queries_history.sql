-- name: mark
-- Minutes that hold new rows, told in the transaction of the rows; a packing of their day begins anew.
WITH late AS (
  UPDATE packing_day SET late = true WHERE NOT late AND day = ANY ($4::date[])
)
INSERT INTO rollup_due (level, gateway, from_at, to_at)
SELECT 0, n.gateway, n.from_at, n.to_at
FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) AS n (gateway, from_at, to_at);

-- name: hold
-- One process reckons at a time: what one has read, no other may write over with something older.
SELECT pg_try_advisory_xact_lock(hashtext('rollup'));

-- name: next_due
-- The newest stretch of a level that is over: screens show what is now; a backlog has time.
SELECT from_at FROM rollup_due WHERE level = $1 AND to_at <= $2 ORDER BY from_at DESC LIMIT 1;

-- name: take_due
-- What is due of one slice. Rows that are told of later have a line of their own, which stays.
DELETE FROM rollup_due
WHERE level = $1 AND from_at >= $2 AND from_at < $3 AND to_at <= $4
RETURNING gateway, from_at, to_at;

-- name: tell_above
-- What follows from it one level higher, once.
INSERT INTO rollup_due (level, gateway, from_at, to_at)
SELECT $1, n.gateway, $3, $4 FROM unnest($2::int[]) AS n (gateway)
WHERE NOT EXISTS (
  SELECT FROM rollup_due AS d WHERE d.level = $1 AND d.gateway = n.gateway AND d.from_at = $3);

-- name: roll_minutes
-- Minutes from their rows, those that were packed given: bad ones are counted, never averaged. The sum is bounded, so that one absurd number of an
-- instrument, which lowest and highest show, overflows nothing.
INSERT INTO rollup_minute AS r (at, min, max, total, point_id, count, bad)
SELECT date_bin('1 minute', m.at, 'epoch'),
       min(m.value) FILTER (WHERE m.quality & 192 = 192),
       max(m.value) FILTER (WHERE m.quality & 192 = 192),
       coalesce(sum(least(greatest(m.value, -1e290), 1e290)) FILTER (WHERE m.quality & 192 = 192), 0),
       m.point_id,
       count(*) FILTER (WHERE m.quality & 192 = 192),
       count(*) FILTER (WHERE m.quality & 192 <> 192)
FROM (
  SELECT r.at, r.value, r.quality, r.point_id FROM measurement AS r
  WHERE r.at >= $1 AND r.at < $2 AND r.gateway = ANY ($3::int[])
  UNION ALL
  SELECT u.at, u.value, u.quality, u.point_id
  FROM unnest($4::timestamptz[], $5::float8[], $6::smallint[], $7::int[]) AS u (at, value, quality, point_id)
) AS m
GROUP BY 1, m.point_id
ON CONFLICT (point_id, at) DO UPDATE SET
  min = excluded.min, max = excluded.max, total = excluded.total, count = excluded.count, bad = excluded.bad;

-- name: roll_hours
-- An hour from its minutes.
INSERT INTO rollup_hour AS r (at, min, max, total, point_id, count, bad)
SELECT $1::timestamptz, min(m.min), max(m.max), sum(m.total), m.point_id, sum(m.count), sum(m.bad)
FROM gateway AS g
JOIN point AS p ON p.gateway_id = g.id
JOIN rollup_minute AS m ON m.point_id = p.id AND m.at >= $1 AND m.at < $2
WHERE g.number = ANY ($3::int[])
GROUP BY m.point_id
ON CONFLICT (point_id, at) DO UPDATE SET
  min = excluded.min, max = excluded.max, total = excluded.total, count = excluded.count, bad = excluded.bad;

-- name: roll_days
-- A day from its hours.
INSERT INTO rollup_day AS r (at, min, max, total, point_id, count, bad)
SELECT $1::timestamptz, min(h.min), max(h.max), sum(h.total), h.point_id, sum(h.count), sum(h.bad)
FROM gateway AS g
JOIN point AS p ON p.gateway_id = g.id
JOIN rollup_hour AS h ON h.point_id = p.id AND h.at >= $1 AND h.at < $2
WHERE g.number = ANY ($3::int[])
GROUP BY h.point_id
ON CONFLICT (point_id, at) DO UPDATE SET
  min = excluded.min, max = excluded.max, total = excluded.total, count = excluded.count, bad = excluded.bad;

-- name: due_of_point
-- What is to be reckoned anew of a point's gateway within a stretch.
SELECT d.level, d.from_at, d.to_at
FROM point AS p
JOIN gateway AS g ON g.id = p.gateway_id
JOIN rollup_due AS d ON d.gateway = g.number
WHERE p.id = $1 AND d.from_at < $3 AND d.to_at > $2;

-- name: rows_in_buckets
-- One point's rows in buckets, and what is packed of them as it lies, in one look: a day is in one of both; only good values have a minimum, maximum and sum. The join with `point` is what
-- limits the reader to his jurisdiction.
SELECT date_bin($4::interval, m.at, $5::timestamptz) AS t,
       min(m.value) FILTER (WHERE m.quality & 192 = 192) AS min,
       max(m.value) FILTER (WHERE m.quality & 192 = 192) AS max,
       coalesce(sum(least(greatest(m.value, -1e290), 1e290)) FILTER (WHERE m.quality & 192 = 192), 0) AS total,
       count(*) FILTER (WHERE m.quality & 192 = 192) AS count,
       count(*) FILTER (WHERE m.quality & 192 <> 192) AS bad, NULL::bytea AS body
FROM measurement AS m
JOIN point AS p ON p.id = m.point_id
WHERE m.point_id = $1 AND m.at >= $2 AND m.at < $3
GROUP BY 1
UNION ALL
SELECT NULL, NULL, NULL, NULL, NULL, NULL, k.body
FROM measurement_packed AS k
JOIN packed_day AS d ON d.day = k.day AND k.generation <= d.generation
JOIN point AS p ON p.id = k.point_id
WHERE k.point_id = $1 AND k.day BETWEEN $6::date AND $7::date AND k.from_at < $3 AND k.to_at >= $2;

-- name: minutes_in_buckets
-- The same from minutes.
SELECT date_bin($4::interval, m.at, $5::timestamptz) AS t, min(m.min) AS min, max(m.max) AS max,
       sum(m.total) AS total, sum(m.count)::bigint AS count, sum(m.bad)::bigint AS bad
FROM rollup_minute AS m
JOIN point AS p ON p.id = m.point_id
WHERE m.point_id = $1 AND m.at >= $2 AND m.at < $3
GROUP BY 1
ORDER BY 1;

-- name: hours_in_buckets
-- The same from hours.
SELECT date_bin($4::interval, m.at, $5::timestamptz) AS t, min(m.min) AS min, max(m.max) AS max,
       sum(m.total) AS total, sum(m.count)::bigint AS count, sum(m.bad)::bigint AS bad
FROM rollup_hour AS m
JOIN point AS p ON p.id = m.point_id
WHERE m.point_id = $1 AND m.at >= $2 AND m.at < $3
GROUP BY 1
ORDER BY 1;

-- name: days_in_buckets
-- The same from days.
SELECT date_bin($4::interval, m.at, $5::timestamptz) AS t, min(m.min) AS min, max(m.max) AS max,
       sum(m.total) AS total, sum(m.count)::bigint AS count, sum(m.bad)::bigint AS bad
FROM rollup_day AS m
JOIN point AS p ON p.id = m.point_id
WHERE m.point_id = $1 AND m.at >= $2 AND m.at < $3
GROUP BY 1
ORDER BY 1;

-- name: raised_at_points
-- Alarms that began at some points within a stretch, the newest first.
SELECT e.point_id, e.at, e.alarm, e.value, coalesce(a.limit_name, '') AS limit_name, coalesce(a.side, '') AS side
FROM event AS e
JOIN point AS p ON p.id = e.point_id
LEFT JOIN alarm_state AS a ON a.gateway_id = e.gateway_id AND a.alarm = e.alarm
WHERE e.point_id = ANY ($1::int[]) AND e.at >= $2 AND e.at < $3 AND e.transition = $4
ORDER BY e.at DESC
LIMIT $5;

-- name: packed_of_gateways
-- What is packed of some gateways' points within a stretch of one day.
SELECT k.point_id, k.body
FROM gateway AS g
JOIN point AS p ON p.gateway_id = g.id
JOIN measurement_packed AS k ON k.point_id = p.id AND k.day = $1
JOIN packed_day AS d ON d.day = k.day AND k.generation <= d.generation
WHERE g.number = ANY ($2::int[]) AND k.from_at < $4 AND k.to_at >= $3;

-- name: days_to_pack
-- Days that are old enough, the oldest first, of which nothing is due: late rows come in crowds.
SELECT d.day FROM (
  SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS day
  FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'measurement'::regclass AND c.relname ~ '^measurement_[0-9]{8}$') AS d
WHERE d.day <= $1::date - (
    SELECT r.after_days FROM packing_rule AS r WHERE r.valid_from <= $2 ORDER BY r.valid_from DESC, r.id DESC LIMIT 1)
  AND NOT EXISTS (
    SELECT FROM rollup_due AS u WHERE u.level = 0 AND u.from_at >= d.day::timestamp AT TIME ZONE 'UTC'
      AND u.from_at < (d.day + 1)::timestamp AT TIME ZONE 'UTC')
ORDER BY d.day;

-- name: begin_packing
-- The generation of what is packed now.
SELECT begin_packing($1);

-- name: finish_packing
-- Whether the packed rows took the place of the day's.
SELECT finish_packing($1, $2);

-- name: rows_of_day
-- Every row of a day, point by point.
SELECT point_id, (extract(epoch FROM at) * 1000000)::bigint AS at_us, value, quality, batch_id, gateway, record
FROM measurement WHERE at >= $1 AND at < $2
ORDER BY point_id, at, batch_id, record;

-- name: keep_packed
-- One body.
INSERT INTO measurement_packed (from_at, to_at, point_id, day, generation, part, rows, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: every_packed
-- All that is packed, point by point and day by day, for the audit of sequence.
SELECT k.point_id, k.day, k.rows, k.body
FROM measurement_packed AS k
JOIN packed_day AS d ON d.day = k.day AND k.generation <= d.generation
ORDER BY k.point_id, k.day, k.generation, k.part;

-- name: be_patient
-- So long a lock is waited for.
SELECT set_config('lock_timeout', $1, true);
