-- name: measured
-- The next enterprises whose management is measured.
SELECT e.id, e.place, e.sector, e.hazard_class, s.runs, (e.created_at AT TIME ZONE 'Asia/Shanghai')::date AS since
FROM enterprise AS e JOIN enterprise_status AS s ON s.code = e.status AND NOT s.ended
WHERE e.id > $1 AND e.removed_at IS NULL
ORDER BY e.id LIMIT $2;

-- name: overdue
-- What some enterprises owe or let lapse today, by register.
SELECT enterprise_id, register, cause, count(*) AS many, min(due_on) AS first_due
FROM reminder
WHERE enterprise_id = ANY ($1::int[]) AND settled_at IS NULL AND due_on < $2::date
GROUP BY enterprise_id, register, cause;
