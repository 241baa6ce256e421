-- name: rows_of_point
-- One point's rows of a stretch in the order of time, and what is packed of it as it lies, in one look: a day is in one of
-- both. The join with `point` is what limits the reader to his jurisdiction.
SELECT floor(extract(epoch FROM m.at) * 1000)::bigint AS at_ms, m.value, m.quality, NULL::bytea AS body
FROM measurement AS m
JOIN point AS p ON p.id = m.point_id
WHERE m.point_id = $1 AND m.at >= $2 AND m.at < $3
UNION ALL
SELECT floor(extract(epoch FROM k.from_at) * 1000)::bigint, NULL, NULL, k.body
FROM measurement_packed AS k
JOIN packed_day AS d ON d.day = k.day AND k.generation <= d.generation
JOIN point AS p ON p.id = k.point_id
WHERE k.point_id = $1 AND k.day BETWEEN $4::date AND $5::date AND k.from_at < $3 AND k.to_at >= $2
ORDER BY at_ms;

-- name: raised_between
-- How often the gateway told of raises of a point's alarms, by alarm and day.
SELECT e.alarm, (e.at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*)::int AS many
FROM event AS e
JOIN point AS p ON p.id = e.point_id
WHERE e.point_id = $1 AND e.at >= $2 AND e.at < $3 AND e.transition = 1
GROUP BY 1, 2;

-- name: tuning_rule
-- Where a search for quieter settings of a quantity begins.
SELECT deadband_share, on_delay_s, off_delay_s, source FROM tuning_rule AS r
WHERE EXISTS (SELECT FROM unnest(r.words) AS w (word) WHERE strpos(lower($1), w.word) > 0 OR w.word = '')
ORDER BY r.rank LIMIT 1;
