-- name: hold
-- One worker at a time reckons; false when another one does.
SELECT pg_try_advisory_xact_lock(7170410);

-- name: models_in_force
-- Every model that counts at a moment: the newest valid version of each scale and region.
SELECT DISTINCT ON (m.scale, m.region) m.id, m.scale, m.region, m.version, m.name, m.definition
FROM risk_model AS m
WHERE m.valid_from <= $1 AND (m.valid_to IS NULL OR m.valid_to > $1)
ORDER BY m.scale, m.region, m.version DESC;

-- name: models
-- Some models with what they say, whether they count now or not.
SELECT m.id, m.scale, m.region, m.version, m.name, m.source, m.definition FROM risk_model AS m WHERE m.id = ANY ($1::int []);

-- name: take_marked
-- Takes the marks of places of which inputs changed, the longest ago first, before anything of them is read.
DELETE FROM risk_mark AS d
USING (
    SELECT m.place FROM risk_mark AS m WHERE strpos(m.place, '/') > 0 GROUP BY m.place ORDER BY min(m.id) LIMIT $1
) AS k
WHERE d.place = k.place
RETURNING d.place;

-- name: at_places
-- The enterprises at some places.
SELECT e.id FROM enterprise AS e WHERE e.place = ANY ($1::text []) AND e.removed_at IS NULL;

-- name: take_marked_areas
-- Takes the marks of regions in which an index changed before a moment.
DELETE FROM risk_mark AS d
USING (
    SELECT m.place FROM risk_mark AS m WHERE strpos(m.place, '/') = 0
    GROUP BY m.place HAVING min(m.at) <= $1 ORDER BY min(m.id) LIMIT $2
) AS k
WHERE d.place = k.place
RETURNING d.place;

-- name: mark
-- These have to be reckoned anew.
INSERT INTO risk_mark (place, at) SELECT p.place, $2 FROM unnest($1::text []) AS p (place);

-- name: unreckoned
-- Enterprises without an index of today, for the daily sweep.
SELECT e.place, e.id AS enterprise_id
FROM enterprise AS e
LEFT JOIN risk_index AS i ON i.subject = 'enterprise/' || e.id
WHERE e.removed_at IS NULL AND (i.day IS NULL OR i.day < $1) AND e.id > $2
ORDER BY e.id
LIMIT $3;

-- name: unreckoned_areas
-- Regions with enterprises and without an index of today.
SELECT r.code AS place FROM region AS r
LEFT JOIN risk_index AS i ON i.subject = 'area/' || r.code
WHERE length(r.code) BETWEEN 4 AND 9 AND (i.day IS NULL OR i.day < $1) AND r.code > $2
    AND EXISTS (
        SELECT 1 FROM enterprise AS e
        WHERE e.place >= r.code AND e.place < r.code || ':' AND e.removed_at IS NULL
    )
ORDER BY r.code
LIMIT $3;

-- name: enterprise_inputs
-- Every input of some enterprises; null is missing. The second is now, the third the day of the jurisdiction.
SELECT e.id, e.place, e.sector,
    e.hazard_class::float8 AS hazard_class,
    CASE WHEN k.many = 0 AND e.sector = 'chemical' THEN NULL ELSE k.many::float8 END AS key_hazards,
    CASE WHEN r.many > 0 THEN r.high::float8 END AS risks_high,
    n.people AS people_near,
    a.many::float8 AS accidents_year,
    coalesce(w.red, 0)::float8 AS alarm_red, coalesce(w.orange, 0)::float8 AS alarm_orange,
    coalesce(w.yellow, 0)::float8 AS alarm_yellow, coalesce(w.blue, 0)::float8 AS alarm_blue,
    coalesce(w.month, 0)::float8 AS alarms_30, coalesce(w.unanswered, 0)::float8 AS unanswered,
    coalesce(w.quality, 0)::float8 AS quality_open,
    p.score AS patrol_score, g.offline,
    m.papers::float8 AS papers_late, m.forms::float8 AS forms_late, m.promises::float8 AS promises_late,
    d.many::float8 AS major_dangers
FROM enterprise AS e
CROSS JOIN LATERAL (
    SELECT (SELECT count(*) FROM reg_key_processes AS p
            WHERE p.enterprise_id = e.id AND p.removed_at IS NULL AND p.counted IS NOT NULL)
        + (SELECT count(*) FROM reg_key_chemicals AS c
           WHERE c.enterprise_id = e.id AND c.removed_at IS NULL AND c.counted IS NOT NULL) AS many
) AS k
CROSS JOIN LATERAL (
    SELECT count(*) AS many, count(*) FILTER (WHERE l.counted #>> '{level,choice}' IN ('major', 'larger')) AS high
    FROM reg_risk_list AS l WHERE l.enterprise_id = e.id AND l.removed_at IS NULL AND l.counted IS NOT NULL
) AS r
CROSS JOIN LATERAL (
    SELECT CASE WHEN count(*) > 0 THEN coalesce(sum(field_number(s.counted, 'people'))
        FILTER (WHERE field_number(s.counted, 'distance') <= 500), 0) END AS people
    FROM reg_surroundings AS s WHERE s.enterprise_id = e.id AND s.removed_at IS NULL AND s.counted IS NOT NULL
) AS n
CROSS JOIN LATERAL (
    SELECT count(*) AS many FROM reg_accidents AS x
    WHERE x.enterprise_id = e.id AND x.removed_at IS NULL AND x.counted ->> 'occurred' >= ($3::date - 365)::text
) AS a
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE c.level = 4 AND c.holds) AS red, count(*) FILTER (WHERE c.level = 3 AND c.holds) AS orange,
        count(*) FILTER (WHERE c.level = 2 AND c.holds) AS yellow, count(*) FILTER (WHERE c.level = 1 AND c.holds) AS blue,
        count(*) FILTER (WHERE c.raised_at > $2::timestamptz - interval '30 days' AND c.kind = 'alarm') AS month,
        count(*) FILTER (WHERE c.state = 'open' AND c.kind = 'alarm') AS unanswered,
        count(*) FILTER (WHERE c.state IN ('open', 'acknowledged') AND c.kind = 'quality') AS quality
    FROM (
        SELECT v.level, v.state, v.kind, v.raised_at, v.kind = 'alarm' AND v.state IN ('open', 'acknowledged') AS holds
        FROM warning AS v
        WHERE v.enterprise_id = e.id AND v.kind IN ('alarm', 'quality') AND NOT v.is_test AND NOT v.history
            AND (v.state IN ('open', 'acknowledged') OR v.raised_at > $2::timestamptz - interval '30 days')
    ) AS c
) AS w
CROSS JOIN LATERAL (
    SELECT round(100.0 * count(*) FILTER (WHERE coalesce(t.presence, 'offline') = 'offline') / nullif(count(*), 0), 1)::float8
        AS offline
    FROM gateway AS y LEFT JOIN gateway_state AS t ON t.gateway_id = y.id WHERE y.enterprise_id = e.id
) AS g
LEFT JOIN LATERAL (
    SELECT round(y.score::numeric, 2)::float8 AS score FROM patrol_day AS y
    WHERE y.enterprise_id = e.id AND y.day >= $3::date - 1 AND y.points > 0 ORDER BY y.day DESC LIMIT 1
) AS p ON true
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE b.cause = 'day') AS papers,
        count(*) FILTER (WHERE b.cause = 'update' AND b.register <> 'safety-promises') AS forms,
        count(*) FILTER (WHERE b.cause = 'update' AND b.register = 'safety-promises') AS promises
    FROM reminder AS b WHERE b.enterprise_id = e.id AND b.settled_at IS NULL AND b.due_on < $3::date
) AS m
CROSS JOIN LATERAL (
    SELECT count(*) AS many FROM reg_major_danger_checks AS c
    WHERE c.enterprise_id = e.id AND c.removed_at IS NULL AND c.counted IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM reg_major_danger_treatment AS t
        WHERE t.enterprise_id = e.id AND t.removed_at IS NULL AND t.counted #>> '{danger,id}' = c.id::text
            AND nullif(t.counted ->> 'finished', '') IS NOT NULL
    )
) AS d
WHERE e.id = ANY ($1::int []);

-- name: industry_inputs
-- Every input of each industry in some regions, from the enterprises' indices.
SELECT r.code, s.sector, max(s.worst) AS worst, round(avg(s.mean_all)::numeric, 2)::float8 AS mean,
    round(100.0 * sum(s.high) / sum(s.many), 2)::float8 AS share_high, sum(s.red)::float8 AS red,
    sum(s.orange)::float8 AS orange, max(s.high)::float8 AS coupled
FROM unnest($1::text []) AS r (code)
CROSS JOIN LATERAL (
    SELECT i.sector, left(i.place, 9) AS town, count(*) AS many, max(i.score) AS worst,
        count(*) FILTER (WHERE i.level >= 3) AS high, count(*) FILTER (WHERE i.level = 4) AS red,
        count(*) FILTER (WHERE i.level = 3) AS orange,
        sum(sum(i.score)) OVER (PARTITION BY i.sector) / sum(count(*)) OVER (PARTITION BY i.sector) AS mean_all
    FROM risk_index AS i
    WHERE i.place >= r.code AND i.place < r.code || ':' AND i.scale = 'enterprise'
    GROUP BY i.sector, left(i.place, 9)
) AS s
GROUP BY r.code, s.sector;

-- name: area_inputs
-- Every input of some regions; what stands at the place of an agency over a region counts by its own region alone.
SELECT r.code, x.worst, x.mean, x.share_high, x.red, x.orange, h.many::float8 AS major_hazards,
    CASE WHEN n.many > 0 THEN n.high::float8 END AS nature,
    coalesce(w.level, 0)::float8 AS weather,
    CASE WHEN t.many > 0 THEN t.many::float8 END AS teams,
    CASE WHEN s.many > 0 THEN s.many::float8 END AS supplies,
    CASE WHEN l.many > 0 THEN l.places END AS shelters
FROM unnest($1::text []) AS r (code)
CROSS JOIN LATERAL (
    SELECT max(i.score) AS worst, round(avg(i.score)::numeric, 2)::float8 AS mean,
        round(100.0 * count(*) FILTER (WHERE i.level >= 3) / nullif(count(*), 0), 2)::float8 AS share_high,
        CASE WHEN count(*) > 0 THEN count(*) FILTER (WHERE i.level = 4)::float8 END AS red,
        CASE WHEN count(*) > 0 THEN count(*) FILTER (WHERE i.level = 3)::float8 END AS orange
    FROM risk_index AS i
    WHERE i.place >= r.code AND i.place < r.code || ':' AND i.scale = 'enterprise'
) AS x
CROSS JOIN LATERAL (
    SELECT count(*) AS many FROM enterprise AS e
    WHERE e.place >= r.code AND e.place < r.code || ':' AND e.removed_at IS NULL AND e.hazard_class <= 2
) AS h
CROSS JOIN LATERAL (
    SELECT count(*) AS many,
        count(*) FILTER (WHERE p.counted #>> '{level,choice}' IN ('major', 'larger')
                           AND p.counted #>> '{state,choice}' IN ('listed', 'treating')) AS high
    FROM reg_natural_disaster_points AS p
    WHERE p.removed_at IS NULL AND p.counted IS NOT NULL
        AND starts_with(coalesce(p.counted #>> '{region,id}', split_part(p.place, '/', 1)), r.code)
) AS n
CROSS JOIN LATERAL (
    SELECT max(v.level) AS level FROM warning AS v
    WHERE v.kind = 'weather' AND v.state IN ('open', 'acknowledged') AND NOT v.is_test
        AND (starts_with(v.place, r.code) OR starts_with(r.code, split_part(v.place, '/', 1)))
) AS w
CROSS JOIN LATERAL (
    SELECT count(*) AS many FROM reg_rescue_teams AS p
    WHERE p.removed_at IS NULL AND p.counted IS NOT NULL
        AND starts_with(coalesce(p.counted #>> '{region,id}', split_part(p.place, '/', 1)), r.code)
) AS t
CROSS JOIN LATERAL (
    SELECT count(*) AS many FROM reg_emergency_supplies AS p
    WHERE p.removed_at IS NULL AND p.counted IS NOT NULL
        AND starts_with(coalesce(p.counted #>> '{region,id}', split_part(p.place, '/', 1)), r.code)
) AS s
CROSS JOIN LATERAL (
    SELECT count(*) AS many, coalesce(sum(field_number(p.counted, 'capacity')), 0) AS places FROM reg_shelters AS p
    WHERE p.removed_at IS NULL AND p.counted IS NOT NULL
        AND starts_with(coalesce(p.counted #>> '{region,id}', split_part(p.place, '/', 1)), r.code)
) AS l;

-- name: time_inputs
-- Every input of some regions since the first day of a period.
SELECT r.code, d.worst AS worst_day, d.mean AS mean_day, d.days_high,
    w.many::float8 AS weather_cases,
    CASE WHEN n.many > 0 THEN n.high::float8 END AS nature,
    CASE WHEN d.days > 1 THEN round((d.last_score - d.first_score)::numeric, 2)::float8 END AS rise
FROM unnest($1::text []) AS r (code)
CROSS JOIN LATERAL (
    SELECT max(y.worst) AS worst, round(avg(y.score)::numeric, 2)::float8 AS mean, count(*) AS days,
        round(100.0 * count(*) FILTER (WHERE y.level >= 3) / nullif(count(*), 0), 2)::float8 AS days_high,
        (array_agg(y.score ORDER BY y.day DESC)) [1] AS last_score, (array_agg(y.score ORDER BY y.day)) [1] AS first_score
    FROM risk_day AS y WHERE y.subject = 'area/' || r.code AND y.day >= $2::date
) AS d
CROSS JOIN LATERAL (
    SELECT count(*) AS many FROM warning AS v
    WHERE v.kind = 'weather' AND v.level >= 2 AND NOT v.is_test AND v.raised_at >= $3::timestamptz
        AND (starts_with(v.place, r.code) OR starts_with(r.code, split_part(v.place, '/', 1)))
) AS w
CROSS JOIN LATERAL (
    SELECT count(*) AS many,
        count(*) FILTER (WHERE p.counted #>> '{level,choice}' IN ('major', 'larger')
                           AND p.counted #>> '{state,choice}' IN ('listed', 'treating')) AS high
    FROM reg_natural_disaster_points AS p
    WHERE p.removed_at IS NULL AND p.counted IS NOT NULL
        AND starts_with(coalesce(p.counted #>> '{region,id}', split_part(p.place, '/', 1)), r.code)
) AS n;

-- name: put
-- What stands now.
INSERT INTO risk_index (
    subject, scale, period, enterprise_id, place, sector, model_id, score, level, inputs, missing, inputs_at, day
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (subject) DO UPDATE
SET place = excluded.place, sector = excluded.sector, model_id = excluded.model_id, score = excluded.score,
    level = excluded.level, inputs = excluded.inputs, missing = excluded.missing, inputs_at = excluded.inputs_at,
    day = excluded.day;

-- name: put_day
-- The day's last index, and its worst so far.
INSERT INTO risk_day (
    subject, day, scale, enterprise_id, place, sector, model_id, score, worst, level, inputs, inputs_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11)
ON CONFLICT (subject, day) DO UPDATE
SET place = excluded.place, sector = excluded.sector, model_id = excluded.model_id, score = excluded.score,
    worst = greatest(risk_day.worst, excluded.score), level = excluded.level, inputs = excluded.inputs,
    inputs_at = excluded.inputs_at;

-- name: drop_gone
-- Enterprises that were removed have no index any more; their days stay.
DELETE FROM risk_index AS i USING enterprise AS e
WHERE e.id = i.enterprise_id AND e.removed_at IS NOT NULL AND i.place = ANY ($1::text [])
RETURNING i.subject;

-- name: drop_of_areas
-- Regions and industries that have nothing to reckon from any more.
DELETE FROM risk_index AS i
WHERE i.scale <> 'enterprise' AND i.place = ANY ($1::text []) AND NOT i.subject = ANY ($2::text [])
RETURNING i.subject;

-- name: lowest
-- The lowest score of some subjects within so many days before a day; of those with a day that far back or further.
SELECT d.subject, min(d.score) FILTER (WHERE d.day >= $2::date - $3::int) AS score
FROM risk_day AS d
WHERE d.subject = ANY ($1::text []) AND d.day < $2::date AND d.day >= $2::date - ($3::int + 31)
GROUP BY d.subject
HAVING min(d.day) <= $2::date - $3::int AND count(*) FILTER (WHERE d.day >= $2::date - $3::int) > 0;

-- name: alerts
-- Thresholds that some subjects have passed and not left.
SELECT a.subject, a.kind, a.level, a.since FROM risk_alert AS a WHERE a.subject = ANY ($1::text []);

-- name: put_alert
-- A threshold was passed, or a worse one.
INSERT INTO risk_alert (subject, kind, level, since, told_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (subject, kind) DO UPDATE SET level = excluded.level, told_at = excluded.told_at;

-- name: drop_alert
-- It is well below again.
DELETE FROM risk_alert WHERE subject = $1 AND kind = $2;

-- name: enterprise_owner
-- Whose warning it is.
SELECT e.id, e.name, e.place, e.hazard_class FROM enterprise AS e WHERE e.id = $1;

-- name: area_owner
-- Who answers for a region: the agency whose area holds it most closely, that of emergencies before others.
SELECT a.id, a.place, g.name, coalesce(c.name, '') AS sector_name FROM agency AS a
INNER JOIN agency_area AS x ON x.agency_id = a.id
INNER JOIN region AS g ON g.code = $1
LEFT JOIN sector AS c ON c.code = $2
WHERE starts_with($1, x.place_prefix) AND strpos(x.place_prefix, '/') = 0
ORDER BY length(x.place_prefix) DESC, a.kind = 'emergency' DESC, a.id
LIMIT 1;
