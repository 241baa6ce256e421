-- name: page
-- Reports of being offline, newest first. $1: state as people ask for it.
SELECT r.id, r.enterprise_id, e.name AS enterprise_name, r.device_id, coalesce(d.name, '') AS device_name, r.cause, r.words,
    r.measures, r.from_at, r.until_at, r.state, r.made_at, r.made_by, r.made_name, r.decided_at, r.decided_name, r.opinion,
    r.ended_at, r.ended_name
FROM offline_report AS r
INNER JOIN enterprise AS e ON e.id = r.enterprise_id
LEFT JOIN device AS d ON d.id = r.device_id
WHERE CASE $1
        WHEN 'waiting' THEN r.state = 'waiting'
        WHEN 'running' THEN r.state = 'approved' AND r.until_at > $2
        WHEN 'over' THEN r.state NOT IN ('waiting', 'approved') OR (r.state = 'approved' AND r.until_at <= $2)
        ELSE true
    END
    AND ($3::int IS NULL OR r.enterprise_id = $3)
    AND ($4::int IS NULL OR r.id < $4) AND ($5::int IS NULL OR r.id = $5)
ORDER BY r.id DESC
LIMIT $6;

-- name: enterprise
-- Whose report it is, where the reader sees it; and how long the region lets one run.
SELECT e.id, e.name, e.place, (SELECT rule.report_days FROM connection_rule_of(e.place, $2) AS rule) AS report_days
FROM enterprise AS e WHERE e.id = $1 AND e.removed_at IS NULL;

-- name: device_of
-- A device of an enterprise.
SELECT id FROM device WHERE id = $1 AND enterprise_id = $2 AND current;

-- name: add
-- A report that waits for review.
INSERT INTO offline_report (enterprise_id, device_id, place, cause, words, measures, from_at, until_at, made_at, made_by, made_name)
VALUES ($1, $2, '', $3, $4, $5, $6, $7, $8, $9, $10)
RETURNING id;

-- name: lock
-- One report, held.
SELECT r.id, r.enterprise_id, r.state, r.made_by, r.words, r.from_at, r.until_at, r.window_id, e.name, r.place, d.kind, d.key,
    d.gateway_id
FROM offline_report AS r
INNER JOIN enterprise AS e ON e.id = r.enterprise_id
LEFT JOIN device AS d ON d.id = r.device_id
WHERE r.id = $1 FOR UPDATE OF r;

-- name: decide
-- It is approved or refused.
UPDATE offline_report SET state = $2, decided_at = $3, decided_by = $4, decided_name = $5, opinion = $6, window_id = $7
WHERE id = $1;

-- name: finish
-- It is withdrawn before it was decided, or over before its time.
UPDATE offline_report SET state = $2, ended_at = $3, ended_name = $4 WHERE id = $1;

-- name: end_window
-- The window of a report that is over is over too.
UPDATE suppression_window SET ended_at = $2, ended_by = $3, ended_name = $4, end_reason = $5, updated_at = $2,
    version = version + 1
WHERE id = $1 AND ended_at IS NULL AND ends_at > $2;

-- name: to_tell
-- Enterprises with major hazards that are wholly offline for longer than their region's rule says, said nothing of it that
-- an office agreed to, and are no warning yet.
SELECT c.enterprise_id, c.since, c.offline, e.name, e.place, e.hazard_class,
    (SELECT CASE WHEN count(*) = 1 THEN min(g.id) END FROM gateway AS g
     WHERE g.enterprise_id = e.id AND g.revoked_at IS NULL) AS gateway_id
FROM enterprise_connection AS c
INNER JOIN enterprise AS e ON e.id = c.enterprise_id AND e.removed_at IS NULL
CROSS JOIN LATERAL connection_rule_of(e.place, $1) AS rule
WHERE c.state = 'offline' AND c.told_at IS NULL AND e.hazard_class = ANY (rule.classes)
    AND seen_seconds(c.since, $1) >= rule.hold_s
    AND NOT EXISTS (
        SELECT 1 FROM offline_report AS r
        WHERE r.enterprise_id = c.enterprise_id AND r.device_id IS NULL AND r.state = 'approved' AND r.from_at <= $1
            AND r.until_at > $1)
ORDER BY c.since
LIMIT $2
FOR UPDATE OF c SKIP LOCKED;

-- name: to_settle
-- Enterprises that are a warning and need be none: heard again, gone, reported, or no matter of the rule any more.
SELECT c.enterprise_id, c.since, c.offline, c.state, e.name, e.place, e.hazard_class, NULL::text AS gateway_id,
    r.id IS NOT NULL AS reported
FROM enterprise_connection AS c
INNER JOIN enterprise AS e ON e.id = c.enterprise_id
LEFT JOIN LATERAL (
    SELECT o.id FROM offline_report AS o
    WHERE o.enterprise_id = c.enterprise_id AND o.device_id IS NULL AND o.state = 'approved' AND o.from_at <= $1
        AND o.until_at > $1
    LIMIT 1
) AS r ON true
LEFT JOIN LATERAL connection_rule_of(e.place, $1) AS rule ON true
WHERE c.told_at IS NOT NULL
    AND (c.state <> 'offline' OR e.removed_at IS NOT NULL OR r.id IS NOT NULL
         OR e.hazard_class = ANY (rule.classes) IS NOT TRUE)
ORDER BY c.enterprise_id
LIMIT $2
FOR UPDATE OF c SKIP LOCKED;

-- name: told
-- The warnings know of it; NULL: they need not any more.
UPDATE enterprise_connection SET told_at = $2, warning_id = coalesce($3, warning_id) WHERE enterprise_id = $1;
