-- name: level_rules
-- The rules that are valid at a place: of each region that holds it, the newest valid version.
SELECT s.region, s.version, s.source, r.kind, r.side, r.limit_name, r.quantity, r.hazard_class, r.level, r.reason,
    r.held_s, r.raises, r.within_h
FROM level_rule_set AS s
INNER JOIN level_rule AS r ON r.set_id = s.id
WHERE r.kind = $3
    AND s.id IN (
        SELECT DISTINCT ON (v.region) v.id
        FROM level_rule_set AS v
        WHERE starts_with($1, v.region) AND v.valid_from <= $2 AND (v.valid_to IS NULL OR v.valid_to > $2)
        ORDER BY v.region, v.version DESC
    );

-- name: policy
-- The ladder for a level at a place: that of the kind before the general one, the longest region's newest version.
SELECT p.region, p.level, p.version, p.name, p.source, p.handling_s, p.repeat_s, p.retry_s, p.clear_after_s,
    p.suppress_s, p.kind, p.hour_from, p.hour_to, p.look_s,
    (
        SELECT jsonb_agg(
            jsonb_build_object('delay_s', s.delay_s, 'rank', s.rank, 'channels', s.channels) ORDER BY s.index
        )
        FROM policy_step AS s
        WHERE s.policy_id = p.id
    ) AS steps
FROM policy AS p
WHERE starts_with($1, p.region) AND p.level = $2 AND p.kind IN ('', $4)
    AND p.valid_from <= $3 AND (p.valid_to IS NULL OR p.valid_to > $3)
ORDER BY p.kind <> '' DESC, length(p.region) DESC, p.version DESC
LIMIT 1;

-- name: add_policy
-- Writes the next version of a region's ladder for a level, and a kind of case.
INSERT INTO policy (
    region, level, version, name, source, handling_s, repeat_s, retry_s, clear_after_s, suppress_s, valid_from,
    kind, hour_from, hour_to, look_s
)
SELECT $1, $2, 1 + coalesce(max(p.version), 0), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
FROM policy AS p
WHERE p.region = $1 AND p.level = $2 AND p.kind = $11
RETURNING id, version;

-- name: add_policy_step
-- Writes one rung of a new ladder.
INSERT INTO policy_step (policy_id, index, delay_s, rank, channels) VALUES ($1, $2, $3, $4, $5);

-- name: alarm_row
-- The occurrence of an alarm, if it belongs to a case.
SELECT warning_id, cleared_at, raises FROM warning_alarm
WHERE gateway_id = $1 AND alarm = $2 AND occurrence = $3 AND is_test = $4;

-- name: uncleared_alarms
-- The occurrences of a gateway that no clear was heard of.
SELECT alarm, occurrence, warning_id FROM warning_alarm
WHERE gateway_id = $1 AND is_test = $2 AND cleared_at IS NULL;

-- name: add_alarm
-- Attaches an occurrence to a case, or brings it back when it was over; no row when it is active already.
INSERT INTO warning_alarm (
    gateway_id, alarm, occurrence, is_test, warning_id, level, limit_name, raised_at, cleared_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (gateway_id, alarm, occurrence, is_test) DO UPDATE
SET warning_id = excluded.warning_id, level = excluded.level, raised_at = excluded.raised_at,
    cleared_at = excluded.cleared_at, raises = warning_alarm.raises + 1
WHERE warning_alarm.cleared_at IS NOT NULL
RETURNING true;

-- name: clear_alarm
-- One occurrence of a locked case is over; an earlier time than the one known replaces it.
UPDATE warning_alarm SET cleared_at = least(cleared_at, $5)
WHERE gateway_id = $1 AND alarm = $2 AND occurrence = $3 AND is_test = $4 AND warning_id = $6
RETURNING true;

-- name: clear_older_occurrences
-- A new occurrence of an alarm says that its older ones are over.
UPDATE warning_alarm SET cleared_at = $5
WHERE gateway_id = $1 AND alarm = $2 AND occurrence <> $3 AND is_test = $4 AND warning_id = $6
    AND cleared_at IS NULL;

-- name: active_alarms
-- How many occurrences of a case are not over.
SELECT count(*) FROM warning_alarm WHERE warning_id = $1 AND cleared_at IS NULL;

-- name: move_active_alarms
-- The occurrences that are not over go to the case that takes their place.
UPDATE warning_alarm SET warning_id = $2 WHERE warning_id = $1 AND cleared_at IS NULL;

-- name: holding_case
-- Locks the case that a raise belongs to: the open one, one that lives on in another, or one suppressed as false.
SELECT * FROM warning
WHERE kind = $1 AND subject_type = $2 AND subject_id = $3 AND side = $4 AND is_test = $5
    AND (state IN ('open', 'acknowledged') OR occupied OR suppressed_until > $6)
ORDER BY state IN ('open', 'acknowledged') OR occupied DESC, number DESC
LIMIT 1
FOR NO KEY UPDATE;

-- name: lock_to_merge
-- Cases that are to become one; fails at once when somebody works on one of them.
SELECT * FROM warning WHERE id = ANY($1::uuid []) ORDER BY id FOR NO KEY UPDATE NOWAIT;

-- name: explains_others
-- Whether one of these explains others, which wait under it.
SELECT EXISTS (SELECT 1 FROM warning WHERE parent_id = ANY($1::uuid []) AND state IN ('open', 'acknowledged'));

-- name: set_merged
-- It lives on in another, and its identity stays taken.
UPDATE warning SET merged_into = $2, occupied = true WHERE id = $1;

-- name: set_free
-- The case in which it lived on has ended: its identity is free.
UPDATE warning SET occupied = false WHERE id = $1;

-- name: set_clock
-- The earliest clock of those that became one.
UPDATE warning SET raised_at = $2, received_at = $3 WHERE id = $1;

-- name: members
-- The cases that live on in one, oldest first.
SELECT id, number, title, level FROM warning WHERE merged_into = $1 ORDER BY number;

-- name: newest_case
-- The last case of an identity, whatever became of it.
SELECT id FROM warning
WHERE kind = $1 AND subject_type = $2 AND subject_id = $3 AND side = $4 AND is_test = $5 AND id <> $6
ORDER BY number DESC
LIMIT 1;

-- name: lock_active_cases
-- Locks all cases of an identity whose condition holds, handled ones too, oldest first.
SELECT * FROM warning
WHERE kind = $1 AND subject_type = $2 AND subject_id = $3 AND side = $4 AND is_test = $5 AND active
ORDER BY number
FOR NO KEY UPDATE;

-- name: history_case
-- Locks a history case of an identity with a raise near a moment: what came back soon belongs together.
SELECT w.* FROM warning AS w
WHERE w.kind = $1 AND w.subject_type = $2 AND w.subject_id = $3 AND w.side = $4 AND w.is_test = $5 AND w.history
    AND EXISTS (
        SELECT 1 FROM warning_alarm AS a
        WHERE a.warning_id = w.id
            AND a.raised_at BETWEEN $6::timestamptz - $7::interval AND $6::timestamptz + $7::interval
    )
ORDER BY w.number DESC
LIMIT 1
FOR NO KEY UPDATE OF w;

-- name: insert_case
-- Opens a case; no row when the identity has an open one or this very case exists.
INSERT INTO warning (
    id, kind, subject_type, subject_id, side, is_test, enterprise_id, gateway_id, point_id, previous_id,
    title, subject_name, state, active, level, policy, due_at, level_reason, occurrence, limit_name, limit_value,
    value, unit, raised_at, received_at, late, history, updated_at, agency_id, place
)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
    $24, $25, $26, $27, $28, $29, ''
)
ON CONFLICT DO NOTHING
RETURNING *;

-- name: lock_case
-- One case, locked against everybody else who decides about it; children may still refer to it.
SELECT * FROM warning WHERE id = $1 FOR NO KEY UPDATE;

-- name: case_by_id
-- One case.
SELECT * FROM warning WHERE id = $1;

-- name: save_case
-- Stores what the core decided.
UPDATE warning
SET state = $2, active = $3, level = $4, policy = $5, round = $6, step = $7, due_at = $8,
    acknowledged_at = $9, paused_until = $10, clear_due_at = $11, suppressed_until = $12, false_by = $13,
    revision = $14, updated_at = $15, held_by = $16, held_since = $17, hold_due_at = $18, climb = $19
WHERE id = $1;

-- name: save_timers
-- Makes the timers of a case those that its core wants.
WITH wanted AS (
    SELECT w.kind, w.due_at FROM unnest($2::text [], $3::timestamptz []) AS w (kind, due_at)
),

gone AS (
    DELETE FROM timer AS t WHERE t.warning_id = $1 AND t.kind <> ALL($2::text [])
)

INSERT INTO timer (warning_id, kind, due_at, urgency)
SELECT c.id, w.kind, w.due_at, urgency_of(c.kind, c.level) FROM wanted AS w
INNER JOIN warning AS c ON c.id = $1
ON CONFLICT (warning_id, kind) DO UPDATE
SET due_at = excluded.due_at, urgency = excluded.urgency, failures = 0
WHERE timer.due_at <> excluded.due_at OR timer.urgency <> excluded.urgency OR timer.failures > 0;

-- name: due_case
-- Locks the most urgent case that is due and that nobody else works on, of those the one that is due longest.
-- The join runs through the urgencies in their order and stops at the first case: no other is read or locked.
SELECT f.id FROM unnest($2::smallint []) AS u (urgency)
CROSS JOIN LATERAL (
    SELECT w.id FROM timer AS t
    INNER JOIN warning AS w ON w.id = t.warning_id
    WHERE t.urgency = u.urgency AND t.due_at <= $1
    ORDER BY t.due_at
    LIMIT 1
    FOR NO KEY UPDATE OF w SKIP LOCKED
) AS f
LIMIT 1;

-- name: next_due
-- When the next timer is due.
SELECT min(due_at) FROM timer;

-- name: put_off_timers
-- A case that could not be worked on waits, longer each time, at most a minute: it must not hold up the others.
UPDATE timer
SET failures = least(failures + 1, 100),
    due_at = $2::timestamptz + least(60, power(2, least(failures, 6))) * interval '1 second'
WHERE warning_id = $1 AND due_at <= $2::timestamptz;

-- name: set_raise
-- What people read of the raise that gives the case its level.
UPDATE warning
SET title = $2, level_reason = $3, occurrence = $4, limit_name = $5, limit_value = $6, value = $7
WHERE id = $1;

-- name: set_occurrence
-- The newest occurrence of a case.
UPDATE warning SET occurrence = $2 WHERE id = $1;

-- name: set_history_level
-- A history case shows the worst of what it gathers.
UPDATE warning
SET title = $2, level_reason = $3, limit_name = $4, limit_value = $5, value = $6, level = $7, updated_at = $8
WHERE id = $1 AND level < $7;

-- name: set_cleared
-- When the condition went.
UPDATE warning SET cleared_at = $2 WHERE id = $1;

-- name: set_unconfirmed
-- Since when nobody knows what people did about a case; NULL when somebody answered.
UPDATE warning SET unconfirmed_since = $2 WHERE id = $1;

-- name: set_acknowledged
-- Who answers for it; null when nobody does any more.
UPDATE warning SET acknowledged_by = $2, acknowledged_name = $3 WHERE id = $1;

-- name: set_handled
-- Who handled it and what they say.
UPDATE warning
SET handled_at = $2, handled_by = $3, handled_name = $4, handled_agency_id = $5, cause = $6, measures = $7
WHERE id = $1;

-- name: set_false
-- Who called it a false alarm and why.
UPDATE warning SET false_reason = $2, false_name = $3 WHERE id = $1;

-- name: set_closed
-- Who verified and closed it.
UPDATE warning SET closed_at = $2, closed_by = $3, closed_name = $4, opinion = $5 WHERE id = $1;

-- name: add_event
-- One line of the story.
INSERT INTO warning_event (
    warning_id, at, recorded_at, source, kind, title, detail, account_id, who, latency_ms, level, round, step
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: owner
-- What a call says about whose case it is: the plant, or the agency.
SELECT name, place FROM enterprise WHERE id = $1
UNION ALL
SELECT name, place FROM agency WHERE id = $2;

-- name: enterprise_people
-- Who is on call at the plant itself.
SELECT e.name AS agency_name, a.id AS account_id, a.display_name, a.phone, a.phone_verified_at IS NOT NULL AS verified
FROM enterprise AS e
LEFT JOIN (account AS a INNER JOIN role AS o ON o.code = a.role AND o.kind = 'enterprise')
    ON a.enterprise_id = e.id AND a.active AND a.on_call
WHERE e.id = $1
ORDER BY a.id;

-- name: agency_people
-- Who is on call now in the agencies of a rank above the plant, up the agency tree; rank 9 is its root. The tree of an
-- agency's own case begins with it: rank 0 and every rank below its own are that agency.
WITH RECURSIVE owner AS (
    SELECT e.place, e.sector, e.agency_id, 0::smallint AS rank FROM enterprise AS e WHERE e.id = $1
    UNION ALL
    SELECT g.place, '', g.id, g.rank FROM agency AS g WHERE g.id = $3
),

chain AS (
    SELECT g.id, g.parent_id, g.rank, g.name, 0 AS height
    FROM owner AS w
    INNER JOIN agency AS g ON g.id = w.agency_id
    UNION ALL
    SELECT g.id, g.parent_id, g.rank, g.name, c.height + 1
    FROM chain AS c
    INNER JOIN agency AS g ON g.id = c.parent_id
    WHERE c.height < 16
)

SELECT c.name AS agency_name, a.id AS account_id, a.display_name, a.phone,
    a.phone_verified_at IS NOT NULL AS verified
FROM chain AS c
CROSS JOIN owner AS e
LEFT JOIN (account AS a INNER JOIN role AS o ON o.code = a.role AND o.kind = 'supervisor')
    -- Nobody is called for what he may not see: other sectors, areas of other colleagues, another agency's own.
    ON a.agency_id = c.id AND a.active AND a.on_call
    AND (o.sectors IS NULL OR e.sector = '' OR e.sector = ANY (o.sectors))
    AND (o.data_scope <> 'own' OR e.agency_id = a.agency_id)
    AND (
        o.data_scope IN ('all', 'own')
        OR EXISTS (
            SELECT 1 FROM account_area AS x
            WHERE x.account_id = a.id AND (
                x.place_prefix = e.place
                OR (x.place_prefix NOT LIKE '%/%' AND starts_with(e.place, x.place_prefix))
            )
        )
        OR (o.data_scope = 'own-and-below' AND NOT EXISTS (SELECT 1 FROM account_area AS x WHERE x.account_id = a.id))
    )
WHERE c.rank = greatest($2, e.rank) OR ($2 = 9 AND c.height = (SELECT max(h.height) FROM chain AS h))
ORDER BY c.height, a.id;

-- name: test_people
-- Who is called for TEST cases at a place.
SELECT '测试接收人' AS agency_name, a.id AS account_id, a.display_name, a.phone,
    a.phone_verified_at IS NOT NULL AS verified
FROM test_receiver AS t
INNER JOIN account AS a ON a.id = t.account_id AND a.active
WHERE starts_with($1, t.region)
ORDER BY a.id;

-- name: add_rung
-- A rung fired.
INSERT INTO ladder_step (warning_id, level, round, step, rank, agency_name, due_at, fired_at, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'fired')
ON CONFLICT DO NOTHING;

-- name: mark_gap
-- A rung reached nobody.
UPDATE ladder_step SET state = 'gap', reason = $5
WHERE warning_id = $1 AND level = $2 AND round = $3 AND step = $4 AND state = 'fired'
RETURNING true;

-- name: agency_chain
-- The agencies above a plant, or an agency and those above it, lowest first.
WITH RECURSIVE chain AS (
    SELECT g.id, g.parent_id, g.rank, g.name, 0 AS height
    FROM agency AS g
    WHERE g.id = coalesce($2, (SELECT e.agency_id FROM enterprise AS e WHERE e.id = $1))
    UNION ALL
    SELECT g.id, g.parent_id, g.rank, g.name, c.height + 1
    FROM chain AS c
    INNER JOIN agency AS g ON g.id = c.parent_id
    WHERE c.height < 16
)

SELECT c.id, c.rank, c.name, c.height FROM chain AS c ORDER BY c.height;
