-- name: page
-- Faults of devices, newest first.
SELECT f.id, f.device_id, d.kind, d.name, d.key, d.scene, d.position, d.gateway_id, d.state AS device_state, f.enterprise_id,
    e.name AS enterprise_name, f.found_at, f.words, f.cause_code,
    coalesce((SELECT x.zh FROM dictionary_entry AS x WHERE x.dictionary = 'equipment-cause' AND x.code = f.cause_code), '')
        AS cause_name,
    f.state, f.made_name, f.repairer, f.repair_at, f.done_at, f.done_name, f.result, f.version
FROM device_fault AS f
INNER JOIN device AS d ON d.id = f.device_id
INNER JOIN enterprise AS e ON e.id = f.enterprise_id
WHERE ($1::text IS NULL OR f.state = ANY (string_to_array($1, ','))) AND ($2::int IS NULL OR f.enterprise_id = $2)
    AND ($3::int IS NULL OR f.device_id = $3) AND ($4::text IS NULL OR d.kind = $4)
    AND ($5 = '' OR strpos(lower(concat_ws(' ', d.name, d.key, d.scene, e.name, f.words)), lower($5)) > 0)
    AND ($6::int IS NULL OR f.id < $6) AND ($7::int IS NULL OR f.id = $7)
ORDER BY f.id DESC
LIMIT $8;

-- name: device
-- A device that may have a fault, where the reader sees it.
SELECT id, enterprise_id FROM device WHERE id = $1 AND current;

-- name: add
-- A fault; a device has one open fault at most.
INSERT INTO device_fault (device_id, enterprise_id, place, found_at, words, cause_code, made_at, made_by, made_name)
VALUES ($1, $2, '', $3, $4, $5, $6, $7, $8)
ON CONFLICT (device_id) WHERE state <> 'done' DO NOTHING
RETURNING id;

-- name: repair
-- Somebody is on it.
UPDATE device_fault SET state = 'repairing', repairer = $3, repair_at = $4, cause_code = $5, version = version + 1
WHERE id = $1 AND version = $2 AND state <> 'done'
RETURNING id;

-- name: finish
-- It works again; what was done.
UPDATE device_fault SET state = 'done', result = $3, done_at = greatest($4, found_at), done_name = $5, cause_code = $6,
    repairer = CASE WHEN repairer = '' THEN $5 ELSE repairer END, repair_at = coalesce(repair_at, $4), version = version + 1
WHERE id = $1 AND version = $2 AND state <> 'done'
RETURNING id;

-- name: analysis
-- Faults found in a time: how many by state, cause and kind of device, and how long repairs took.
SELECT d.kind, f.cause_code,
    coalesce((SELECT x.zh FROM dictionary_entry AS x WHERE x.dictionary = 'equipment-cause' AND x.code = f.cause_code), '')
        AS cause_name,
    count(*) FILTER (WHERE f.state = 'open') AS open, count(*) FILTER (WHERE f.state = 'repairing') AS repairing,
    count(*) FILTER (WHERE f.state = 'done') AS done,
    sum(extract(epoch FROM f.done_at - f.found_at)) FILTER (WHERE f.state = 'done') AS repair_s
FROM device_fault AS f
INNER JOIN device AS d ON d.id = f.device_id
WHERE f.found_at >= $1 AND f.found_at < $2 AND ($3::int IS NULL OR f.enterprise_id = $3)
GROUP BY d.kind, f.cause_code
ORDER BY count(*) DESC, d.kind, f.cause_code;
