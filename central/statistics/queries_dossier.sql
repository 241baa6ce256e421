-- name: known
-- What the portraits of some enterprises of the scope are drawn from; the second now, the third the day of the jurisdiction.
SELECT e.id, e.status, s.name AS status_name, s.runs AS status_runs, e.hazard_class,
       coalesce(w.worst, 0) AS worst_open, coalesce(w.open, 0)::int AS open_warnings, coalesce(w.month, 0)::int AS warnings_30,
       coalesce((SELECT jsonb_object_agg(r.level, r.many) FROM (
           SELECT counted #>> '{level,choice}' AS level, count(*) AS many FROM reg_risk_list
           WHERE enterprise_id = e.id AND removed_at IS NULL AND counted #>> '{level,choice}' IS NOT NULL GROUP BY 1) AS r), '{}') AS risks,
       (SELECT count(*) FROM reg_key_processes WHERE enterprise_id = e.id AND removed_at IS NULL AND counted IS NOT NULL)::int AS key_processes,
       (SELECT count(*) FROM reg_key_chemicals WHERE enterprise_id = e.id AND removed_at IS NULL AND counted IS NOT NULL)::int AS key_chemicals,
       (SELECT count(*) FROM reg_licences WHERE enterprise_id = e.id AND removed_at IS NULL
           AND counted #>> '{valid,to}' < $3::date::text AND coalesce(counted #>> '{state,choice}', '') <> 'cancelled')::int AS expired_licences,
       (SELECT count(*) FROM reg_certificates WHERE enterprise_id = e.id AND removed_at IS NULL
           AND counted #>> '{valid,to}' < $3::date::text)::int AS expired_certificates,
       coalesce(p.unclosed, 0)::int AS penalties_open, coalesce(p.year, 0)::int AS penalties_year,
       coalesce(a.many, 0)::int AS accidents_year, coalesce(a.deaths, 0)::int AS deaths_year,
       (SELECT count(*) FROM reg_major_danger_checks AS c WHERE c.enterprise_id = e.id AND c.removed_at IS NULL
           AND c.counted IS NOT NULL AND NOT EXISTS (
               SELECT 1 FROM reg_major_danger_treatment AS t
               WHERE t.enterprise_id = e.id AND t.removed_at IS NULL AND t.counted #>> '{danger,id}' = c.id::text
                 AND nullif(t.counted ->> 'finished', '') IS NOT NULL))::int AS major_dangers_open,
       ARRAY(SELECT DISTINCT jsonb_array_elements_text(c.counted #> '{lists,choices}') FROM reg_safety_credit AS c
             WHERE c.enterprise_id = e.id AND c.removed_at IS NULL AND (c.counted ->> 'listed')::boolean
               AND coalesce(c.counted #>> '{listed_days,to}', '9999-12-31') >= $3::date::text) AS credit_lists,
       coalesce((SELECT CASE min(counted #>> '{grade,choice}') WHEN '1' THEN '一级' WHEN '2' THEN '二级' WHEN '3' THEN '三级'
                                    WHEN 'small' THEN '小微' END
                 FROM reg_standardisation WHERE enterprise_id = e.id AND removed_at IS NULL
                   AND counted #>> '{state,choice}' = 'held'), '') AS standardised,
       (SELECT count(*) FROM reminder AS m WHERE m.enterprise_id = e.id AND m.settled_at IS NULL AND m.due_on < $3::date)::int AS late,
       (SELECT count(*) FROM gateway AS g LEFT JOIN gateway_state AS t ON t.gateway_id = g.id
        WHERE g.enterprise_id = e.id AND coalesce(t.presence, 'offline') = 'offline')::int AS offline,
       CASE WHEN u.expected AND (u.sectors IS NULL OR e.sector = ANY (u.sectors) OR (u.hazards AND e.hazard_class IS NOT NULL))
            THEN coalesce((SELECT d.state FROM reg_safety_promises AS d
                           WHERE d.enterprise_id = e.id AND d.removed_at IS NULL AND d.f_day = $3::date LIMIT 1), 'missing')
            ELSE '' END AS promise
FROM enterprise AS e
JOIN enterprise_status AS s ON s.code = e.status
LEFT JOIN LATERAL reminder_rule_of('safety-promises', 'update', e.place, $2::timestamptz) AS u ON true
LEFT JOIN LATERAL (
    SELECT max(level) FILTER (WHERE state IN ('open', 'acknowledged')) AS worst,
           count(*) FILTER (WHERE state IN ('open', 'acknowledged')) AS open,
           count(*) FILTER (WHERE raised_at > $2::timestamptz - interval '30 days') AS month
    FROM warning WHERE enterprise_id = e.id AND NOT is_test AND NOT history
      AND (state IN ('open', 'acknowledged') OR raised_at > $2::timestamptz - interval '30 days')
) AS w ON true
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE counted #>> '{penalty_closure,choice}' = 'running'
                               OR counted #>> '{discipline_closure,choice}' = 'running') AS unclosed,
           count(*) FILTER (WHERE counted ->> 'imposed' >= ($3::date - 365)::text) AS year
    FROM reg_penalties WHERE enterprise_id = e.id AND removed_at IS NULL AND counted IS NOT NULL
) AS p ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS many, sum((counted ->> 'deaths')::int) AS deaths
    FROM reg_accidents WHERE enterprise_id = e.id AND removed_at IS NULL AND counted ->> 'occurred' >= ($3::date - 365)::text
) AS a ON true
WHERE e.id = ANY ($1::int []);

-- name: warnings
-- Open warnings of an enterprise, and those of the last 30 days: what is open first, the worst first.
SELECT id, title, subject_name, level, state, raised_at, ended_at, kind
FROM (
    SELECT w.id, w.title, w.subject_name, w.level, w.state, w.raised_at, w.kind,
           CASE WHEN w.state IN ('open', 'acknowledged') THEN NULL ELSE w.updated_at END AS ended_at
    FROM warning AS w
    WHERE w.enterprise_id = $1 AND NOT w.is_test AND NOT w.history
      AND (w.state IN ('open', 'acknowledged') OR w.raised_at > $2::timestamptz - interval '30 days')
) AS found
ORDER BY ended_at IS NOT NULL, CASE WHEN ended_at IS NULL THEN -level END, raised_at DESC
LIMIT $3;

-- name: points
-- Newest values of an enterprise's points, those that alarm first; how many there are.
SELECT p.id, p.name, p.unit, l.at, l.value, l.quality, coalesce(s.presence = 'offline' AND s.presence_since IS NOT NULL, false) AS silent,
       count(*) OVER ()::int AS many
FROM point AS p
LEFT JOIN latest AS l ON l.point_id = p.id
LEFT JOIN gateway_state AS s ON s.gateway_id = p.gateway_id
WHERE p.enterprise_id = $1 AND p.current
ORDER BY EXISTS (SELECT 1 FROM warning AS w WHERE w.subject_type = 'point' AND w.subject_id = p.id::text
                   AND w.state IN ('open', 'acknowledged') AND NOT w.is_test) DESC, p.id
LIMIT $2;

-- name: documents
-- Newest files of an enterprise's records, and how many there are.
SELECT u.register, u.record_id, u.sha256, u.name, u.at, f.size, f.media_type, f.thumbnail, count(*) OVER ()::int AS many
FROM file_use AS u JOIN stored_file AS f ON f.sha256 = u.sha256
WHERE u.enterprise_id = $1
ORDER BY u.at DESC, u.sha256 LIMIT $2;
