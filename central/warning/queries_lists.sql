-- name: list_cases
-- The warnings of the caller's jurisdiction, newest first.
SELECT w.*, coalesce(e.name, g.name) AS enterprise_name, r.name AS region_name, p.source, s.ends_at AS held_until,
    CASE WHEN w.kind = 'presence' THEN (
        SELECT count(*) FROM warning AS k WHERE k.parent_id = w.id AND k.held_by = 'parent'
    ) ELSE 0 END AS children
FROM warning AS w
LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
LEFT JOIN agency AS g ON g.id = w.agency_id
LEFT JOIN region AS r ON r.code = coalesce(e.region_code, g.region_code)
LEFT JOIN point AS p ON p.id = w.point_id
LEFT JOIN suppression_window AS s ON s.id = w.window_id AND w.held_by = 'window'
WHERE coalesce(e.id, g.id) IS NOT NULL
    AND ($1::text [] IS NULL OR w.state = ANY($1::text []))
    AND ($2::smallint [] IS NULL OR w.level = ANY($2::smallint []))
    AND ($3::int IS NULL OR w.enterprise_id = $3)
    AND ($4::timestamptz IS NULL OR (w.raised_at, w.id) < ($4, $5::uuid))
    AND ($7::boolean OR NOT w.is_test)
    AND ($8::text [] IS NULL OR w.kind = ANY($8::text []))
    AND ($9::timestamptz IS NULL OR w.raised_at >= $9)
    AND ($10::timestamptz IS NULL OR w.raised_at < $10)
    AND (
        $11::text = '' OR strpos(w.title || ' ' || coalesce(e.name, g.name), $11) > 0
        OR 'YJ' || lpad(w.number::text, 8, '0') = upper($11)
    )
    AND ($12::int IS NULL OR $12 IN (w.assignee_id, w.acknowledged_by, w.handled_by))
    AND ($14::bigint IS NULL OR w.id IN (SELECT c.warning_id FROM notification AS c WHERE c.digest = $14))
    AND (
        NOT $13::boolean OR w.held_by IS DISTINCT FROM 'parent' OR NOT EXISTS (
            SELECT 1 FROM warning AS d
            WHERE d.id = w.parent_id
                AND ($1::text [] IS NULL OR d.state = ANY($1::text []))
                AND ($2::smallint [] IS NULL OR d.level = ANY($2::smallint []))
                AND ($8::text [] IS NULL OR d.kind = ANY($8::text []))
                AND ($9::timestamptz IS NULL OR d.raised_at >= $9)
                AND ($10::timestamptz IS NULL OR d.raised_at < $10)
                AND (
                    $11::text = '' OR strpos(d.title || ' ' || coalesce(e.name, g.name), $11) > 0
                    OR 'YJ' || lpad(d.number::text, 8, '0') = upper($11)
                )
                AND ($12::int IS NULL OR $12 IN (d.assignee_id, d.acknowledged_by, d.handled_by))
        )
    )
ORDER BY w.raised_at DESC, w.id DESC
LIMIT $6;

-- name: kept_cases
-- One foreign case that the caller's agency acted on before it left, or a page of them, newest first.
SELECT (k.kept).*, k.enterprise_name, k.region_name, NULL::text AS source, NULL::timestamptz AS held_until, 0 AS children
FROM kept_cases($1, $2, $3, $4) AS k;

-- name: kept_timeline
-- The story of such a case.
SELECT at, source, kind, title, detail, who, latency_ms FROM kept_story($1) ORDER BY at, id;

-- name: kept_rungs
-- The rungs of such a case that fired.
SELECT level, round, step, rank, agency_name, due_at, fired_at, state, reason
FROM kept_rungs($1)
ORDER BY fired_at, level, round, step;

-- name: kept_calls
-- Who was called for such a case, by which way, and how it ended.
SELECT level, round, step, person_name, agency_name, channel, state, reason, possibly_twice, sent_at, delivered_at,
    read_at, ended_at, digest
FROM kept_calls($1)
ORDER BY level, round, step, created_at, person, channel;

-- name: list_cases_by_level
-- The same, worst first, then newest; of one level lapsed papers come last, so that they hide no alarm.
SELECT w.*, coalesce(e.name, g.name) AS enterprise_name, r.name AS region_name, p.source, s.ends_at AS held_until,
    CASE WHEN w.kind = 'presence' THEN (
        SELECT count(*) FROM warning AS k WHERE k.parent_id = w.id AND k.held_by = 'parent'
    ) ELSE 0 END AS children
FROM warning AS w
LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
LEFT JOIN agency AS g ON g.id = w.agency_id
LEFT JOIN region AS r ON r.code = coalesce(e.region_code, g.region_code)
LEFT JOIN point AS p ON p.id = w.point_id
LEFT JOIN suppression_window AS s ON s.id = w.window_id AND w.held_by = 'window'
WHERE coalesce(e.id, g.id) IS NOT NULL
    AND ($1::text [] IS NULL OR w.state = ANY($1::text []))
    AND ($2::smallint [] IS NULL OR w.level = ANY($2::smallint []))
    AND ($3::int IS NULL OR w.enterprise_id = $3)
    AND (
        $4::timestamptz IS NULL
        OR (w.level, (w.kind <> 'management')::int, w.raised_at, w.id) < ($15::smallint, $16::int, $4, $5::uuid)
    )
    AND ($7::boolean OR NOT w.is_test)
    AND ($8::text [] IS NULL OR w.kind = ANY($8::text []))
    AND ($9::timestamptz IS NULL OR w.raised_at >= $9)
    AND ($10::timestamptz IS NULL OR w.raised_at < $10)
    AND (
        $11::text = '' OR strpos(w.title || ' ' || coalesce(e.name, g.name), $11) > 0
        OR 'YJ' || lpad(w.number::text, 8, '0') = upper($11)
    )
    AND ($12::int IS NULL OR $12 IN (w.assignee_id, w.acknowledged_by, w.handled_by))
    AND ($14::bigint IS NULL OR w.id IN (SELECT c.warning_id FROM notification AS c WHERE c.digest = $14))
    AND (
        NOT $13::boolean OR w.held_by IS DISTINCT FROM 'parent' OR NOT EXISTS (
            SELECT 1 FROM warning AS d
            WHERE d.id = w.parent_id
                AND ($1::text [] IS NULL OR d.state = ANY($1::text []))
                AND ($2::smallint [] IS NULL OR d.level = ANY($2::smallint []))
                AND ($8::text [] IS NULL OR d.kind = ANY($8::text []))
                AND ($9::timestamptz IS NULL OR d.raised_at >= $9)
                AND ($10::timestamptz IS NULL OR d.raised_at < $10)
                AND (
                    $11::text = '' OR strpos(d.title || ' ' || coalesce(e.name, g.name), $11) > 0
                    OR 'YJ' || lpad(d.number::text, 8, '0') = upper($11)
                )
                AND ($12::int IS NULL OR $12 IN (d.assignee_id, d.acknowledged_by, d.handled_by))
        )
    )
ORDER BY w.level DESC, w.kind <> 'management' DESC, w.raised_at DESC, w.id DESC
LIMIT $6;

-- name: show_case
-- One warning with the names that people know it by.
SELECT w.*, coalesce(e.name, g.name) AS enterprise_name, r.name AS region_name, p.source, s.ends_at AS held_until,
    CASE WHEN w.kind = 'presence' THEN (
        SELECT count(*) FROM warning AS k WHERE k.parent_id = w.id AND k.held_by = 'parent'
    ) ELSE 0 END AS children
FROM warning AS w
LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
LEFT JOIN agency AS g ON g.id = w.agency_id
LEFT JOIN region AS r ON r.code = coalesce(e.region_code, g.region_code)
LEFT JOIN point AS p ON p.id = w.point_id
LEFT JOIN suppression_window AS s ON s.id = w.window_id AND w.held_by = 'window'
WHERE w.id = $1 AND coalesce(e.id, g.id) IS NOT NULL;

-- name: timeline
-- The story of a case in the order in which things happened.
SELECT at, source, kind, title, detail, who, latency_ms FROM warning_event WHERE warning_id = $1 ORDER BY at, id;

-- name: rungs
-- The rungs of a case that fired.
SELECT level, round, step, rank, agency_name, due_at, fired_at, state, reason
FROM ladder_step
WHERE warning_id = $1
ORDER BY fired_at, level, round, step;

-- name: suppressed
-- What is held back as a false alarm, by whom and until when.
SELECT w.*, coalesce(e.name, g.name) AS enterprise_name, r.name AS region_name, p.source, s.ends_at AS held_until,
    CASE WHEN w.kind = 'presence' THEN (
        SELECT count(*) FROM warning AS k WHERE k.parent_id = w.id AND k.held_by = 'parent'
    ) ELSE 0 END AS children
FROM warning AS w
LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
LEFT JOIN agency AS g ON g.id = w.agency_id
LEFT JOIN region AS r ON r.code = coalesce(e.region_code, g.region_code)
LEFT JOIN point AS p ON p.id = w.point_id
LEFT JOIN suppression_window AS s ON s.id = w.window_id AND w.held_by = 'window'
WHERE w.suppressed_until IS NOT NULL AND coalesce(e.id, g.id) IS NOT NULL
ORDER BY w.suppressed_until;

-- name: counts
-- How many warnings wait for an answer, how many are open, what is to be reviewed and verified.
SELECT w.level,
    count(*) FILTER (WHERE w.state = 'open') AS unanswered,
    count(*) FILTER (WHERE w.state IN ('open', 'acknowledged')) AS open,
    count(*) FILTER (WHERE w.state = 'cleared' AND NOT w.history) AS review,
    count(*) FILTER (WHERE w.state = 'handled' AND w.level >= 3) AS verify,
    min(w.raised_at) FILTER (WHERE w.state = 'open') AS oldest
FROM warning AS w
WHERE w.state IN ('open', 'acknowledged', 'cleared', 'handled') AND NOT w.is_test
GROUP BY w.level;

-- name: children
-- What a dead gateway or instrument explains, or has explained: those whose calls wait first.
SELECT w.*, e.name AS enterprise_name, r.name AS region_name, p.source, NULL::timestamptz AS held_until,
    CASE WHEN w.kind = 'presence' THEN (
        SELECT count(*) FROM warning AS k WHERE k.parent_id = w.id AND k.held_by = 'parent'
    ) ELSE 0 END AS children
FROM warning AS w
INNER JOIN enterprise AS e ON e.id = w.enterprise_id
LEFT JOIN region AS r ON r.code = e.region_code
LEFT JOIN point AS p ON p.id = w.point_id
WHERE w.parent_id = $1
ORDER BY w.held_by IS NOT DISTINCT FROM 'parent' DESC, w.level DESC, w.raised_at DESC, w.id
LIMIT $2;

-- name: parent
-- The dead gateway or instrument under which a case is shown.
SELECT id, number, title, active FROM warning WHERE id = $1;

-- name: window_of
-- The window for which the calls of a case wait.
SELECT s.id, s.category, s.subject_name, s.declared_name, s.declared_for, s.reason, s.ends_at
FROM suppression_window AS s
WHERE s.id = $1;
