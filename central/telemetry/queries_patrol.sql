-- name: take_round
-- Whose turn it is; nothing while another process patrols.
SELECT cursor, begun_at, looked_at, awake_since FROM patrol_round FOR UPDATE SKIP LOCKED;

-- name: keep_round
-- How far the round is.
UPDATE patrol_round SET cursor = $1, begun_at = $2, looked_at = $3, awake_since = $4;

-- name: pace
-- How the round goes now.
SELECT every_s, enterprises, cover_share, backlog, away_s FROM patrol_pace
WHERE valid_from <= $1 ORDER BY valid_from DESC, id DESC LIMIT 1;

-- name: rules
-- The rules that are valid now.
SELECT id, region, quantity, unit, version, stale_periods, stale_s, stuck_h, moves_share, rest_share, ranged, low, high,
       swing_share, swing_h, rare_share, rare_h
FROM patrol_rule WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1);

-- name: checks
-- What each check costs.
SELECT code, weight, warn_s FROM patrol_check;

-- name: next_enterprises
-- The next enterprises with a gateway.
SELECT e.id FROM enterprise AS e
WHERE e.id > $1 AND e.removed_at IS NULL AND EXISTS (SELECT FROM gateway AS g WHERE g.enterprise_id = e.id)
ORDER BY e.id LIMIT $2;

-- name: patrolled_points
-- Points of some enterprises as they stand.
SELECT p.id, p.enterprise_id, p.gateway_id, g.number AS gateway_number, p.key, p.name, p.quantity, p.unit, p.place,
       p.period_ms, p.low, p.high, least(l.at, l.received_at) AS newest_at, p.created_at,
       s.presence <> 'offline' AS present, s.back_at, s.backlog, t.runs
FROM point AS p
JOIN gateway AS g ON g.id = p.gateway_id
JOIN (
  SELECT o.id AS gateway_id, x.presence, x.waiting_measurements AS backlog,
         (SELECT a.ended_at FROM gateway_absence AS a WHERE a.gateway_id = o.id ORDER BY a.began_at DESC LIMIT 1) AS back_at
  FROM gateway AS o JOIN gateway_state AS x ON x.gateway_id = o.id WHERE o.enterprise_id = ANY ($1::int[])
) AS s ON s.gateway_id = p.gateway_id
JOIN enterprise AS e ON e.id = p.enterprise_id
JOIN enterprise_status AS t ON t.code = e.status AND NOT t.ended
LEFT JOIN latest AS l ON l.point_id = p.id
WHERE p.enterprise_id = ANY ($1::int[]) AND p.current
ORDER BY p.enterprise_id, p.id;

-- name: hours_of_points
-- What the windows of some points hold, from their hours alone; each window ends at $2. `$8`: begin of the day.
SELECT w.point_id, h.*
FROM unnest($1::int[], $3::timestamptz[], $4::timestamptz[], $5::float8[], $6::timestamptz[], $7::timestamptz[])
     AS w (point_id, flat_from, swing_from, swing_limit, rare_from, oldest)
CROSS JOIN LATERAL (
  SELECT
    count(*) FILTER (WHERE r.at >= w.flat_from AND r.count > 0) AS flat_n,
    min(r.at) FILTER (WHERE r.at >= w.flat_from AND r.count > 0) AS flat_first,
    min(r.min) FILTER (WHERE r.at >= w.flat_from) AS flat_low,
    max(r.max) FILTER (WHERE r.at >= w.flat_from) AS flat_high,
    coalesce(sum(r.count) FILTER (WHERE r.at >= $2::timestamptz - interval '1 hour' AND r.at < $2), 0) AS last_n,
    min(r.min) FILTER (WHERE r.at >= $2::timestamptz - interval '1 hour' AND r.at < $2) AS low,
    max(r.max) FILTER (WHERE r.at >= $2::timestamptz - interval '1 hour' AND r.at < $2) AS high,
    count(*) FILTER (WHERE r.at >= w.swing_from AND r.at < $2 AND r.count > 0) AS swing_n,
    count(*) FILTER (WHERE r.at >= w.swing_from AND r.at < $2 AND r.max - r.min > w.swing_limit) AS swings,
    max(r.max - r.min) FILTER (WHERE r.at >= w.swing_from AND r.at < $2) AS swing_most,
    coalesce(sum(r.count + r.bad) FILTER (WHERE r.at >= w.rare_from AND r.at < $2), 0) AS rare_count
  FROM rollup_hour AS r WHERE r.point_id = w.point_id AND r.at >= w.oldest
) AS h;

-- name: counted_values
-- Good and all values of some enterprises in a stretch of whole hours.
SELECT p.enterprise_id, coalesce(sum(r.count), 0)::bigint AS good, coalesce(sum(r.count + r.bad), 0)::bigint AS every
FROM point AS p JOIN rollup_hour AS r ON r.point_id = p.id AND r.at >= $2 AND r.at < $3
WHERE p.enterprise_id = ANY ($1::int[]) AND p.current
GROUP BY p.enterprise_id;

-- name: unreckoned
-- Gateways of whose hours in a stretch some are still to be reckoned.
SELECT g.n FROM unnest($1::int[]) AS g (n)
WHERE EXISTS (SELECT FROM rollup_due AS d WHERE d.gateway = g.n AND d.from_at < $3 AND d.to_at > $2);

-- name: absences_between
-- When some gateways were not heard in a stretch.
SELECT gateway_id, began_at, ended_at FROM gateway_absence
WHERE gateway_id = ANY ($1::text[]) AND began_at < $3 AND (ended_at IS NULL OR ended_at > $2);

-- name: standing
-- What stands at the points of some enterprises.
SELECT f.id, f.point_id, f.code, f.enterprise_id, p.current
FROM patrol_finding AS f JOIN point AS p ON p.id = f.point_id
WHERE f.enterprise_id = ANY ($1::int[]) AND f.ended_at IS NULL;

-- name: find
-- New findings; one that stands already is not made twice.
INSERT INTO patrol_finding (point_id, enterprise_id, gateway_id, code, rule_id, since, found_at, seen_at, value,
                            limit_value, unit, words, warn_at)
SELECT n.point_id, p.enterprise_id, p.gateway_id, n.code, n.rule_id, n.since, $1::timestamptz, $1::timestamptz, n.value, n.limit_value, n.unit,
       n.words, $1::timestamptz + make_interval(secs => c.warn_s)
FROM unnest($2::int[], $3::text[], $4::int[], $5::timestamptz[], $6::float8[], $7::float8[], $8::text[], $9::text[])
     AS n (point_id, code, rule_id, since, value, limit_value, unit, words)
JOIN point AS p ON p.id = n.point_id
JOIN patrol_check AS c ON c.code = n.code
ON CONFLICT DO NOTHING;

-- name: see_again
-- What still stands, with its newest figures.
UPDATE patrol_finding AS f SET seen_at = $1, value = n.value, limit_value = n.limit_value, words = n.words
FROM unnest($2::bigint[], $3::float8[], $4::float8[], $5::text[]) AS n (id, value, limit_value, words)
WHERE f.id = n.id;

-- name: end_findings
-- What stands no more, and why.
UPDATE patrol_finding AS f SET ended_at = $1, end_words = n.words
FROM unnest($2::bigint[], $3::text[]) AS n (id, words)
WHERE f.id = n.id AND f.ended_at IS NULL;

-- name: held_between
-- Findings of some enterprises that stood in a stretch.
SELECT id, point_id, gateway_id, enterprise_id, code, since, ended_at FROM patrol_finding
WHERE enterprise_id = ANY ($1::int[]) AND ended_at IS NULL
UNION ALL
SELECT id, point_id, gateway_id, enterprise_id, code, since, ended_at FROM patrol_finding
WHERE enterprise_id = ANY ($1::int[]) AND ended_at > $2 AND since < $3;

-- name: unfinished_days
-- Days before today of some enterprises whose score is not final.
SELECT enterprise_id, day FROM patrol_day
WHERE enterprise_id = ANY ($1::int[]) AND day < $2 AND NOT whole;

-- name: keep_day
-- The score of an enterprise and day.
INSERT INTO patrol_day AS d (enterprise_id, day, points, score, stability, reliability, effectiveness, values_good,
                             values_all, judged_at, whole)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (enterprise_id, day) DO UPDATE SET
  points = excluded.points, score = excluded.score, stability = excluded.stability,
  reliability = excluded.reliability, effectiveness = excluded.effectiveness, values_good = excluded.values_good,
  values_all = excluded.values_all, judged_at = excluded.judged_at, whole = excluded.whole
WHERE NOT d.whole;

-- name: drop_losses
-- The reasons of a day are written anew.
DELETE FROM patrol_loss WHERE enterprise_id = $1 AND day = $2;

-- name: keep_loss
-- One reason of a day.
INSERT INTO patrol_loss (enterprise_id, day, code, gateway_id, finding_id, since, held_s, points, lost)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: to_warn
-- Findings that have stood long enough to be a warning.
SELECT f.id, f.point_id, f.enterprise_id, f.gateway_id, f.place, f.code, f.since, f.value, f.limit_value, f.unit,
       f.words, f.end_words, f.failures, p.name, p.quantity, e.hazard_class
FROM patrol_finding AS f
JOIN point AS p ON p.id = f.point_id
JOIN enterprise AS e ON e.id = f.enterprise_id
WHERE f.ended_at IS NULL AND f.warned_at IS NULL AND f.warn_at <= $1 AND (f.try_at IS NULL OR f.try_at <= $1)
ORDER BY f.warn_at, f.id LIMIT $2
FOR UPDATE OF f SKIP LOCKED;

-- name: to_end
-- Findings that are over and whose warning is not.
SELECT f.id, f.point_id, f.enterprise_id, f.gateway_id, f.place, f.code, f.since, f.value, f.limit_value, f.unit,
       f.words, f.end_words, f.failures, p.name, p.quantity, e.hazard_class
FROM patrol_finding AS f
JOIN point AS p ON p.id = f.point_id
JOIN enterprise AS e ON e.id = f.enterprise_id
WHERE f.warned_at IS NOT NULL AND f.warning_ended_at IS NULL AND f.ended_at IS NOT NULL
  AND (f.try_at IS NULL OR f.try_at <= $1)
ORDER BY f.ended_at, f.id LIMIT $2
FOR UPDATE OF f SKIP LOCKED;

-- name: warned
-- It is a warning.
UPDATE patrol_finding SET warned_at = $2, warning_id = $3, failures = 0, try_at = NULL WHERE id = $1;

-- name: warning_ended
-- Its warning was told that it is over.
UPDATE patrol_finding SET warning_ended_at = $2, failures = 0, try_at = NULL WHERE id = $1;

-- name: set_aside
-- It could not be told; later again, with growing patience.
UPDATE patrol_finding SET failures = least(failures + 1, 16),
  try_at = $2::timestamptz + make_interval(secs => least(60 * 2.0 ^ failures, 86400)) WHERE id = $1;

-- name: scored
-- Enterprises by their score of a day, with what stands there now.
SELECT e.id AS enterprise_id, e.name AS enterprise_name, e.hazard_class, e.place, coalesce(g.name, '') AS region_name,
       d.day, d.score, d.points, d.stability, d.reliability, d.effectiveness, d.judged_at,
       (SELECT count(*) FROM patrol_finding AS f WHERE f.enterprise_id = e.id AND f.ended_at IS NULL) AS standing,
       (SELECT b.score FROM patrol_day AS b WHERE b.enterprise_id = e.id AND b.day = d.day - 1) AS score_before
FROM patrol_day AS d
JOIN enterprise AS e ON e.id = d.enterprise_id
LEFT JOIN region AS g ON g.code = e.region_code
WHERE d.day = $1::date
  AND ($2::text = '' OR e.name ILIKE '%' || $2 || '%')
  AND ($3::int IS NULL OR e.hazard_class = $3)
  AND ($4::text = '' OR starts_with(e.place, $4))
  AND ($5::text = '' OR EXISTS (
    SELECT FROM patrol_finding AS f WHERE f.enterprise_id = e.id AND f.code = $5 AND f.ended_at IS NULL))
  AND ($6::float8 IS NULL OR (d.score, e.id) > ($6, $7::int))
ORDER BY d.score, e.id
LIMIT $8;

-- name: newest_day
-- The last day that was scored within the scope.
SELECT max(day) FROM patrol_day;

-- name: days_of
-- The days of one enterprise, the newest first.
SELECT d.day, d.points, d.score, d.stability, d.reliability, d.effectiveness, d.values_good, d.values_all, d.judged_at,
       d.whole
FROM patrol_day AS d
WHERE d.enterprise_id = $1 AND d.day > $2::date - $3::int AND d.day <= $2::date
ORDER BY d.day DESC;

-- name: enterprise_head
-- Whose page it is.
SELECT e.id, e.name, e.hazard_class, coalesce(g.name, '') AS region_name
FROM enterprise AS e LEFT JOIN region AS g ON g.code = e.region_code WHERE e.id = $1;

-- name: losses_of
-- Why one enterprise lost on one day, the greatest loss first.
SELECT l.code, l.since, l.held_s, l.lost, l.points, l.gateway_id, g.name AS gateway_name, f.point_id, p.name AS point_name,
       p.key AS point_key, f.value, f.limit_value, f.unit, coalesce(f.words, '') AS words, f.ended_at,
       coalesce(f.end_words, '') AS end_words,
       f.warning_id
FROM patrol_loss AS l
JOIN gateway AS g ON g.id = l.gateway_id
LEFT JOIN patrol_finding AS f ON f.id = l.finding_id
LEFT JOIN point AS p ON p.id = f.point_id
WHERE l.enterprise_id = $1 AND l.day = $2::date
ORDER BY l.lost DESC, l.id
LIMIT $3;

-- name: finding_rows
-- What stands, or has ended, within the scope, the newest first.
SELECT f.id, f.code, f.since, f.found_at, f.ended_at, f.value, f.limit_value, f.unit, f.words, f.end_words,
       f.enterprise_id, e.name AS enterprise_name, f.gateway_id, f.point_id, p.name AS point_name, p.key AS point_key,
       f.warning_id
FROM patrol_finding AS f
JOIN point AS p ON p.id = f.point_id
JOIN enterprise AS e ON e.id = f.enterprise_id
WHERE ($1::text = '' OR f.code = $1) AND ($2::int IS NULL OR f.enterprise_id = $2)
  AND ($3::int IS NULL OR f.point_id = $3)
  AND ($4::boolean OR f.ended_at IS NULL)
  AND ($5::bigint IS NULL OR f.id < $5)
ORDER BY f.id DESC
LIMIT $6;

-- name: count_standing
-- How much stands within the scope, by check.
SELECT c.code, count(f.id) AS many, count(DISTINCT f.enterprise_id) AS enterprises
FROM patrol_check AS c LEFT JOIN patrol_finding AS f ON f.code = c.code AND f.ended_at IS NULL
WHERE c.code <> 'connection'
GROUP BY c.code, c.sequence ORDER BY c.sequence;

-- name: rule_rows
-- Rules that concern the caller (of the regions over, in and below the own area).
SELECT r.id, r.region, coalesce(g.name, '') AS region_name, r.quantity, r.unit, r.version, r.stale_periods, r.stale_s,
       r.stuck_h, r.moves_share, r.rest_share, r.ranged, r.low, r.high, r.swing_share, r.swing_h, r.rare_share, r.rare_h,
       r.source, r.valid_from, r.valid_to
FROM patrol_rule AS r LEFT JOIN region AS g ON g.code = r.region
WHERE ($1::int IS NULL OR r.id = $1)
  AND ($3::boolean OR r.valid_to IS NULL OR r.valid_to > $2)
  AND (starts_with(current_setting('app.place_lo', true), r.region) OR (
    r.region >= current_setting('app.place_lo', true) AND r.region < current_setting('app.place_hi', true)))
ORDER BY r.region, r.quantity NULLS FIRST, r.unit NULLS FIRST, r.version DESC;

-- name: check_rows
-- What each check costs, and who says so.
SELECT code, weight, warn_s, source FROM patrol_check ORDER BY sequence;

-- name: grade_rows
-- From which share on a figure is good or fair.
SELECT figure, good_from, fair_from, source FROM run_state_grade;

-- name: end_rules_before
-- The rule of a region, quantity and unit that a newer one takes the place of.
UPDATE patrol_rule SET valid_to = greatest(valid_from, $4::timestamptz)
WHERE region = $1 AND quantity IS NOT DISTINCT FROM $2 AND unit IS NOT DISTINCT FROM $3
  AND (valid_to IS NULL OR valid_to > $4);

-- name: add_rule
-- The next version of a region's rule.
INSERT INTO patrol_rule (region, quantity, unit, version, stale_periods, stale_s, stuck_h, moves_share, rest_share, ranged,
                         low, high, swing_share, swing_h, rare_share, rare_h, source, valid_from, valid_to)
SELECT $1, $2, $3, 1 + coalesce(max(r.version), 0), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
       $17::timestamptz, $18::timestamptz
FROM patrol_rule AS r
WHERE r.region = $1 AND r.quantity IS NOT DISTINCT FROM $2 AND r.unit IS NOT DISTINCT FROM $3
RETURNING id;

-- name: end_rule
-- A rule counts no more.
UPDATE patrol_rule SET valid_to = greatest(valid_from, $2::timestamptz)
WHERE id = $1 AND (valid_to IS NULL OR valid_to > $2) RETURNING region;

-- name: region_known
-- Whether there is such a region.
SELECT EXISTS (SELECT FROM region WHERE code = $1);

-- name: quantities_known
-- What gateways call quantities, with their units.
SELECT DISTINCT quantity, unit FROM point WHERE current ORDER BY quantity, unit LIMIT 500;

-- name: recent_figures
-- Means of the days since a day of some enterprises.
SELECT enterprise_id, avg(reliability) AS reliability, avg(score) AS score FROM patrol_day
WHERE enterprise_id = ANY ($1::int[]) AND day > $2::date
GROUP BY enterprise_id;
