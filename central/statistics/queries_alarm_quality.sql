-- name: hold
-- One process counts at a time: what one has counted, no other may write over with something older.
SELECT pg_try_advisory_xact_lock(hashtext('alarm-days'));

-- name: finish_days
-- Days that were counted before they had ended are due once more.
INSERT INTO alarm_day_due (enterprise_id, day)
SELECT a.enterprise_id, a.day FROM alarm_day AS a
WHERE NOT a.whole AND a.day < $1
  AND NOT EXISTS (SELECT FROM alarm_day_due AS d WHERE d.day = a.day AND d.enterprise_id = a.enterprise_id);

-- name: next_day
-- The oldest day that is due: what it leaves, the next one needs. A day is not counted again at once: storms tell it often.
SELECT d.enterprise_id, d.day FROM alarm_day_due AS d
LEFT JOIN alarm_day AS a ON a.enterprise_id = d.enterprise_id AND a.day = d.day
WHERE d.day <= $2::date AND (a.rolled_at IS NULL OR a.rolled_at < $1 OR a.day < $2)
ORDER BY d.day, d.enterprise_id
LIMIT 1;

-- name: take_day
-- What told of it until now; a line that comes meanwhile stays.
DELETE FROM alarm_day_due WHERE enterprise_id = $1 AND day = $2;

-- name: forget_gone
-- Enterprises that are no more have nothing to count.
DELETE FROM alarm_day_due AS d WHERE NOT EXISTS (SELECT FROM enterprise AS e WHERE e.id = d.enterprise_id);

-- name: carried
-- What stood when a day ended. `ended_at`: it holds no longer, whatever event of it is missing (a birth said so).
SELECT x.gateway_id, x.alarm, x.since, x.shown_as, x.priority, x.point_id,
       CASE WHEN s.alarm IS NOT NULL AND (CASE WHEN s.state IN ('G', 'H', 'I') THEN s.under ELSE s.state END)
                 NOT IN ('B', 'C') THEN s.updated_at END AS ended_at
FROM alarm_day_alarm AS x
LEFT JOIN alarm_state AS s ON s.gateway_id = x.gateway_id AND s.alarm = x.alarm
WHERE x.enterprise_id = $1 AND x.day = $2 AND x.since IS NOT NULL;

-- name: flooding
-- Whether a day ended in a flood.
SELECT flooding FROM alarm_day WHERE enterprise_id = $1 AND day = $2;

-- name: events_of_day
-- Alarms of an enterprise's gateways, as they happened; of an acknowledgement, since when the alarm had rung.
SELECT e.gateway_id, e.alarm, e.at, e.transition, e.state, e.point_id, e.raw,
       CASE WHEN e.transition = 3 THEN extract(epoch FROM e.at - (
         SELECT min(r.at) FROM event AS r
         WHERE r.gateway_id = e.gateway_id AND r.alarm = e.alarm AND r.occurrence = e.occurrence AND r.transition = 1
           AND r.at <= e.at AND r.at > coalesce((
             SELECT max(p.at) FROM event AS p
             WHERE p.gateway_id = e.gateway_id AND p.alarm = e.alarm AND p.occurrence = e.occurrence
               AND p.transition = 3 AND p.at < e.at), '-infinity')))::float8 END AS heard_s
FROM gateway AS g JOIN event AS e ON e.gateway_id = g.id
WHERE g.enterprise_id = $1 AND e.at >= $2 AND e.at < $3 AND e.alarm IS NOT NULL
ORDER BY e.at, e.id;

-- name: keep_day
-- The figures of a day; its place is the enterprise's.
INSERT INTO alarm_day AS a (enterprise_id, day, annunciated, covered, chattering, stale, standing, floods, flood_s,
                            flood_alarms, flooding, peak_ten, tens_over, hours_over, by_hour, by_priority, acknowledged,
                            acknowledge_s, whole, rolled_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
ON CONFLICT (enterprise_id, day) DO UPDATE SET
  annunciated = excluded.annunciated, covered = excluded.covered, chattering = excluded.chattering,
  stale = excluded.stale, standing = excluded.standing, floods = excluded.floods, flood_s = excluded.flood_s,
  flood_alarms = excluded.flood_alarms, flooding = excluded.flooding, peak_ten = excluded.peak_ten,
  tens_over = excluded.tens_over, hours_over = excluded.hours_over, by_hour = excluded.by_hour,
  by_priority = excluded.by_priority, acknowledged = excluded.acknowledged,
  acknowledge_s = excluded.acknowledge_s, whole = excluded.whole, rolled_at = excluded.rolled_at;

-- name: forget_alarms
-- Before the alarms of a day are written anew.
DELETE FROM alarm_day_alarm WHERE enterprise_id = $1 AND day = $2;

-- name: keep_alarms
-- Its alarms.
INSERT INTO alarm_day_alarm (enterprise_id, day, gateway_id, alarm, point_id, priority, annunciated, covered, chatters,
                             stood_s, stale, since, shown_as)
SELECT $1, $2, n.*
FROM unnest($3::text[], $4::text[], $5::int[], $6::smallint[], $7::int[], $8::int[], $9::int[], $10::float8[],
            $11::boolean[], $12::timestamptz[], $13::text[]) AS n;

-- name: tell_next
-- The day after must be counted: what it begins with is another now, or nobody has counted it.
INSERT INTO alarm_day_due (enterprise_id, day)
SELECT $1, $2::date WHERE $3::boolean
   OR NOT EXISTS (SELECT FROM alarm_day AS a WHERE a.enterprise_id = $1 AND a.day = $2::date);

-- name: chosen
-- Enterprises with a gateway within the scope, and how many people they have at their alarms.
SELECT count(*)::int AS enterprises, coalesce(sum(coalesce(o.positions, 1)), 0)::int AS positions
FROM enterprise AS e LEFT JOIN operator_positions AS o ON o.enterprise_id = e.id
WHERE ($1::int IS NULL OR e.id = $1) AND ($2::text = '' OR starts_with(e.region_code, $2))
  AND EXISTS (SELECT FROM gateway AS g WHERE g.enterprise_id = e.id);

-- name: days
-- Day by day.
SELECT d.day, sum(d.annunciated)::int AS annunciated, sum(d.covered)::int AS covered, sum(d.chattering)::int AS chattering,
       sum(d.stale)::int AS stale, max(d.stale)::int AS most_stale, sum(d.floods)::int AS floods,
       sum(d.flood_s) AS flood_s, sum(d.flood_alarms)::int AS flood_alarms, max(d.peak_ten)::int AS peak_ten,
       sum(d.tens_over)::int AS tens_over, sum(d.hours_over)::int AS hours_over,
       sum(d.acknowledged)::int AS acknowledged,
       sum(d.by_priority[1])::int AS lamp, sum(d.by_priority[2])::int AS low, sum(d.by_priority[3])::int AS medium,
       sum(d.by_priority[4])::int AS high
FROM alarm_day AS d JOIN enterprise AS e ON e.id = d.enterprise_id
WHERE d.day BETWEEN $3 AND $4 AND ($1::int IS NULL OR d.enterprise_id = $1)
  AND ($2::text = '' OR starts_with(e.region_code, $2))
GROUP BY d.day
ORDER BY d.day;

-- name: heard
-- How long it took until somebody at the plant acknowledged: median and 95 of 100.
SELECT count(*)::int AS many, percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY s.s) AS found
FROM alarm_day AS d JOIN enterprise AS e ON e.id = d.enterprise_id
CROSS JOIN LATERAL unnest(d.acknowledge_s) AS s (s)
WHERE d.day BETWEEN $3 AND $4 AND ($1::int IS NULL OR d.enterprise_id = $1)
  AND ($2::text = '' OR starts_with(e.region_code, $2));

-- name: answered
-- Warnings of alarms: how many, how many were false, and how long until somebody answered for them.
SELECT count(*)::int AS many, count(*) FILTER (WHERE w.state = 'false_alarm')::int AS false_alarms,
       count(w.acknowledged_at)::int AS acknowledged,
       percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM w.acknowledged_at - w.received_at))
         FILTER (WHERE w.acknowledged_at IS NOT NULL) AS found
FROM warning AS w JOIN enterprise AS e ON e.id = w.enterprise_id
WHERE w.kind = 'alarm' AND NOT w.is_test AND NOT w.history AND w.raised_at >= $3 AND w.raised_at < $4
  AND ($1::int IS NULL OR w.enterprise_id = $1) AND ($2::text = '' OR starts_with(e.region_code, $2));

-- name: covered_now
-- Alarms that are covered at this moment.
SELECT count(*)::int FROM alarm_state AS a
JOIN gateway AS g ON g.id = a.gateway_id
JOIN enterprise AS e ON e.id = g.enterprise_id
WHERE a.state IN ('G', 'H', 'I') AND ($1::int IS NULL OR e.id = $1) AND ($2::text = '' OR starts_with(e.region_code, $2));

-- name: alarms
-- Alarms of a time, by how much they have of what is asked for; one page.
WITH summed AS (
  SELECT x.gateway_id, x.alarm, min(x.enterprise_id) AS enterprise_id, max(x.point_id) AS point_id,
         sum(x.annunciated)::int AS annunciated, sum(x.covered)::int AS covered, sum(x.chatters)::int AS chatters,
         sum(x.stood_s) AS stood_s, count(*) FILTER (WHERE x.stale)::int AS stale_days,
         (array_agg(x.since ORDER BY x.day DESC))[1] AS since, max(x.priority)::int AS priority
  FROM alarm_day_alarm AS x JOIN enterprise AS e ON e.id = x.enterprise_id
  WHERE x.day BETWEEN $3 AND $4 AND ($1::int IS NULL OR x.enterprise_id = $1)
    AND ($2::text = '' OR starts_with(e.region_code, $2))
  GROUP BY x.gateway_id, x.alarm
), ranked AS (
  SELECT s.*, CASE $5::text WHEN 'chattering' THEN s.chatters WHEN 'stale' THEN s.stale_days
                            WHEN 'covered' THEN s.covered ELSE s.annunciated END AS much
  FROM summed AS s
)
SELECT r.*, e.name AS enterprise_name, p.name AS point_name, p.key AS point_key,
       coalesce(a.limit_name, split_part(r.alarm, '/', 2)) AS limit_name, coalesce(a.side, '') AS side
FROM ranked AS r
JOIN enterprise AS e ON e.id = r.enterprise_id
LEFT JOIN point AS p ON p.id = r.point_id
LEFT JOIN alarm_state AS a ON a.gateway_id = r.gateway_id AND a.alarm = r.alarm
WHERE r.much > 0
  AND ($6::int IS NULL OR (-r.much, r.gateway_id, r.alarm) > (-$6::int, $7::text COLLATE "C", $8::text))
ORDER BY -r.much, r.gateway_id, r.alarm
LIMIT $9;

-- name: enterprises
-- Enterprises of a time, by how much rang there; one page.
WITH summed AS (
  SELECT d.enterprise_id, sum(d.annunciated)::int AS annunciated, sum(d.floods)::int AS floods,
         sum(d.flood_s) AS flood_s, max(d.peak_ten)::int AS peak_ten, max(d.stale)::int AS stale,
         sum(d.chattering)::int AS chattering, sum(d.covered)::int AS covered
  FROM alarm_day AS d WHERE d.day BETWEEN $2 AND $3 GROUP BY d.enterprise_id
)
SELECT e.id, e.name, r.name AS region_name, coalesce(o.positions, 1)::int AS positions,
       coalesce(s.annunciated, 0) AS annunciated, coalesce(s.floods, 0) AS floods, coalesce(s.flood_s, 0) AS flood_s,
       coalesce(s.peak_ten, 0) AS peak_ten, coalesce(s.stale, 0) AS stale, coalesce(s.chattering, 0) AS chattering,
       coalesce(s.covered, 0) AS covered
FROM enterprise AS e
LEFT JOIN summed AS s ON s.enterprise_id = e.id
LEFT JOIN operator_positions AS o ON o.enterprise_id = e.id
LEFT JOIN region AS r ON r.code = e.region_code
WHERE ($1::text = '' OR starts_with(e.region_code, $1)) AND EXISTS (SELECT FROM gateway AS g WHERE g.enterprise_id = e.id)
  AND ($4::int IS NULL OR (-coalesce(s.annunciated, 0), e.id) > (-$4::int, $5::int))
ORDER BY -coalesce(s.annunciated, 0), e.id
LIMIT $6;

-- name: targets
-- What would be right at a moment.
SELECT DISTINCT ON (measure) measure, good, most, source FROM alarm_target
WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1)
ORDER BY measure, valid_from DESC;

-- name: say_positions
-- How many people an enterprise has at its alarms.
INSERT INTO operator_positions AS o (enterprise_id, positions, said_at, said_by)
SELECT e.id, $2, $3, $4 FROM enterprise AS e WHERE e.id = $1
ON CONFLICT (enterprise_id) DO UPDATE SET
  positions = excluded.positions, said_at = excluded.said_at, said_by = excluded.said_by
RETURNING positions;
