-- name: begin_absence
-- Nothing was heard of a gateway since its last heartbeat; one absence at a time.
INSERT INTO gateway_absence (gateway_id, began_at, place, boot_before)
SELECT s.gateway_id, coalesce(s.heard_at, $2), '', s.boot FROM gateway_state AS s WHERE s.gateway_id = $1
ON CONFLICT DO NOTHING;

-- name: end_absence
-- It is heard again; what its first heartbeat said is in its state already.
UPDATE gateway_absence AS a SET
  ended_at = greatest($2, a.began_at), boot_after = s.boot, waiting_events = s.waiting_events,
  waiting_measurements = s.waiting_measurements
FROM gateway_state AS s
WHERE a.gateway_id = $1 AND a.ended_at IS NULL AND s.gateway_id = a.gateway_id;

-- name: absences
-- When a gateway was not heard, newest first, with the events of that time that came afterwards.
SELECT a.began_at, a.ended_at, a.boot_before, a.boot_after, a.waiting_events, a.waiting_measurements,
       (SELECT count(*) FROM event AS e
        WHERE e.gateway_id = a.gateway_id AND e.at >= a.began_at AND e.at < coalesce(a.ended_at, $2)
          AND e.received_at >= coalesce(a.ended_at, $2)) AS late_events,
       (SELECT e.raw FROM event AS e
        WHERE e.gateway_id = a.gateway_id AND e.kind = 'start' AND e.boot = a.boot_after
          AND e.at >= a.began_at - interval '1 day'
        ORDER BY e.at LIMIT 1) AS start
FROM gateway_absence AS a
WHERE a.gateway_id = $1 AND a.began_at < $3
ORDER BY a.began_at DESC
LIMIT $4;

-- name: revocation_of
-- Since when a gateway is shut out.
SELECT revoked_at FROM gateway WHERE id = $1;

-- name: keep_tape
-- A dump as it came.
INSERT INTO gateway_tape (gateway_id, place, name, reason, asked_by, fetched_at, sha256, content)
VALUES ($1, '', $2, $3, $4, $5, $6, $7)
RETURNING id;

-- name: forget_tapes
-- All but the newest of a gateway.
DELETE FROM gateway_tape
WHERE gateway_id = $1
  AND id NOT IN (SELECT t.id FROM gateway_tape AS t WHERE t.gateway_id = $1 ORDER BY t.id DESC LIMIT $2);

-- name: tapes
-- Those of a gateway, newest first.
SELECT id, gateway_id, name, reason, asked_by, fetched_at, octet_length(content) AS size, encode(sha256, 'hex') AS sha256
FROM gateway_tape WHERE gateway_id = $1 ORDER BY id DESC;

-- name: tape
-- One, with what it holds.
SELECT name, content FROM gateway_tape WHERE gateway_id = $1 AND id = $2;

-- name: switched
-- The last order to each output of a gateway.
SELECT DISTINCT ON (output) output, command, actor, reason, created_at, result, detail
FROM command
WHERE gateway_id = $1 AND command IN ('switch-on', 'switch-off')
ORDER BY output, created_at DESC;

-- name: outputs_heard
-- What the last heartbeat said of outputs.
SELECT outputs, heard_at, presence FROM gateway_state WHERE gateway_id = $1;
