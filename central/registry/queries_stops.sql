-- name: put
-- Keeps from when to when a declared stop lasts; one that had ended and lasts again begins anew.
INSERT INTO declared_stop AS s (record_id, enterprise_id, place, name, first_day, last_day)
VALUES ($1, $2, '', $3, $4, $5)
ON CONFLICT (record_id) DO UPDATE SET name = $3, first_day = $4, last_day = $5,
    begun_at = CASE WHEN s.ended_at IS NULL THEN s.begun_at END,
    put_at = CASE WHEN s.ended_at IS NULL THEN s.put_at END,
    former = CASE WHEN s.ended_at IS NULL THEN s.former END,
    ended_at = NULL;

-- name: cancel
-- A stop that is none any more ended before it began.
UPDATE declared_stop SET last_day = first_day - 1 WHERE record_id = $1;

-- name: of_enterprise
-- The stops of an enterprise, held, the one that lasts longest first.
SELECT record_id, name, first_day, last_day, begun_at, ended_at, put_at, former FROM declared_stop
WHERE enterprise_id = $1
ORDER BY last_day DESC NULLS FIRST, record_id
FOR UPDATE;

-- name: begin
-- It has begun; with what it did to the status, if anything.
UPDATE declared_stop SET begun_at = $2, put_at = $3, former = $4 WHERE record_id = $1;

-- name: take_over
-- The status is this one's now.
UPDATE declared_stop SET put_at = $2, former = $3 WHERE record_id = $1;

-- name: end
-- It has ended.
UPDATE declared_stop SET ended_at = $2 WHERE record_id = $1;

-- name: due
-- Enterprises of which a stop begins or ends by a day.
SELECT DISTINCT s.enterprise_id
FROM declared_stop AS s
INNER JOIN enterprise AS e ON e.id = s.enterprise_id AND e.removed_at IS NULL
WHERE s.ended_at IS NULL
    AND CASE
        WHEN s.begun_at IS NULL THEN s.first_day <= $1::date AND (s.last_day IS NULL OR s.last_day >= $1)
        ELSE s.last_day < $1
    END
ORDER BY s.enterprise_id
LIMIT $2;
