-- name: rule
-- How much of the plant's history goes into a pack: of the valid rows the longest region's newest.
SELECT before_s, after_s, points_most, events_most FROM evidence_rule
WHERE starts_with($1, region) AND valid_from <= $2
ORDER BY length(region) DESC, valid_from DESC
LIMIT 1;

-- name: points
-- The point of a case, then its neighbours on the same gateways: of the same instrument first; how many there are in all.
SELECT p.id, p.key, p.name, p.quantity, p.unit, p.source, p.period_ms, p.low, p.high, p.limit_ll, p.limit_l, p.limit_h,
    p.limit_hh, p.gateway_id, p.id = $2 AS own, count(*) OVER ()::int AS all_points
FROM point AS p
WHERE p.gateway_id = ANY($1::text []) AND (p.current OR p.id = $2)
ORDER BY p.id = $2 DESC NULLS LAST,
    p.source = (SELECT s.source FROM point AS s WHERE s.id = $2) DESC NULLS LAST, p.gateway_id, p.id
LIMIT $3;

-- name: samples
-- One point's rows of a stretch in the order of the plant's time, each with when the centre received it.
SELECT m.at, m.value, m.quality, l.received_at
FROM measurement AS m
INNER JOIN point AS p ON p.id = m.point_id
LEFT JOIN ledger AS l ON l.id = m.batch_id
WHERE m.point_id = $1 AND m.at >= $2 AND m.at < $3
ORDER BY m.at, m.batch_id, m.record;

-- name: packed_samples
-- The same of days that are packed: as they lie.
SELECT k.body FROM measurement_packed AS k
INNER JOIN packed_day AS d ON d.day = k.day AND k.generation <= d.generation
INNER JOIN point AS p ON p.id = k.point_id
WHERE k.point_id = $1 AND k.day BETWEEN $4::date AND $5::date AND k.from_at < $3 AND k.to_at >= $2
ORDER BY k.from_at;

-- name: received
-- When batches were received.
SELECT id, received_at FROM ledger WHERE id = ANY($1::bigint []);

-- name: events
-- What gateways told in a stretch.
SELECT e.at, e.received_at, e.gateway_id, e.kind, coalesce(p.key, '') AS point, e.alarm, e.occurrence, e.transition,
    e.state, e.value, e.quality, e.dated_by_centre, e.history, e.epoch, e.seq
FROM event AS e
LEFT JOIN point AS p ON p.id = e.point_id
WHERE e.gateway_id = ANY($1::text []) AND e.at >= $2 AND e.at < $3
ORDER BY e.at, e.id
LIMIT $4;

-- name: story
-- Every line of a case's story with when it was written.
SELECT at, recorded_at, source, kind, title, detail, who, latency_ms, level, round, step
FROM warning_event
WHERE warning_id = $1
ORDER BY at, id;

-- name: messages
-- Every call of a case, with its text and all its times.
SELECT created_at, level, round, step, agency_name, person_name, account_id, channel, address, text, state, reason,
    attempts, possibly_twice, sent_at, delivered_at, read_at, ended_at
FROM notification
WHERE warning_id = $1
ORDER BY created_at, level, round, step, person, channel;

-- name: alarms
-- The occurrences of a case.
SELECT gateway_id, alarm, occurrence, level, limit_name, raised_at, cleared_at, raises FROM warning_alarm
WHERE warning_id = $1
ORDER BY raised_at, gateway_id, alarm, occurrence;
