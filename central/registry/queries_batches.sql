-- name: place_of
-- Where an account belongs.
SELECT place FROM account WHERE id = $1;

-- name: regions_named
-- Regions of today by their codes, and those below a region by their names.
SELECT code, name FROM region
WHERE valid_to IS NULL AND (code = ANY ($1::text []) OR ($2::text <> '' AND starts_with(code, $2) AND name = ANY ($1::text [])));

-- name: existing
-- Which of some credit codes are registered, wherever.
SELECT credit_code FROM enterprise WHERE credit_code = ANY ($1::text []) AND removed_at IS NULL;

-- name: insert_batch
-- Keeps a file that was checked.
INSERT INTO enterprise_batch (place, name, made_at, made_by, made_by_name, total) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id;

-- name: insert_rows
-- Keeps its rows.
INSERT INTO enterprise_batch_row (batch_id, line, outcome, credit_code, name, facts, problems)
SELECT $1, r.line, r.outcome, r.credit_code, r.name, r.facts, r.problems
FROM jsonb_to_recordset($2::jsonb) AS r (line int, outcome text, credit_code text, name text, facts jsonb, problems jsonb);

-- name: batches
-- Files of the scope, newest first, with the outcome of their rows.
SELECT b.id, b.name, b.state, b.made_at, b.made_by_name, b.ended_at, b.total,
       count(r.*) FILTER (WHERE r.outcome = 'good')::int AS good, count(r.*) FILTER (WHERE r.outcome = 'made')::int AS made,
       count(r.*) FILTER (WHERE r.outcome = 'existing')::int AS existing,
       count(r.*) FILTER (WHERE r.outcome = 'bad')::int AS bad
FROM (SELECT * FROM enterprise_batch AS x
      WHERE ($1::int IS NULL OR x.id < $1) AND ($2::int IS NULL OR x.id = $2) ORDER BY x.id DESC LIMIT $3) AS b
LEFT JOIN enterprise_batch_row AS r ON r.batch_id = b.id
GROUP BY b.id, b.name, b.state, b.made_at, b.made_by_name, b.ended_at, b.total
ORDER BY b.id DESC;

-- name: batch_rows
-- Rows of a file in their order.
SELECT line, outcome, credit_code, name, problems, enterprise_id FROM enterprise_batch_row
WHERE batch_id = $1 AND ($2::text = '' OR outcome = $2) AND line > $3
ORDER BY line LIMIT $4;

-- name: next_rows
-- The next good rows.
SELECT line, facts FROM enterprise_batch_row WHERE batch_id = $1 AND outcome = 'good' ORDER BY line LIMIT $2;

-- name: make
-- Registers some rows at once; who is there already is left as it is. The nearest agency of the place supervises.
INSERT INTO enterprise (code, name, credit_code, region_code, agency_id, industry, sector, hazard_class, address,
                        contact_name, contact_phone, status, status_since)
SELECT enterprise_code_for(r.credit_code), r.name, r.credit_code, r.region_code,
       (SELECT g.id FROM agency AS g JOIN agency_area AS x ON x.agency_id = g.id
        WHERE starts_with(r.region_code, x.place_prefix) ORDER BY g.rank, g.name LIMIT 1),
       r.industry, r.sector, r.hazard_class, r.address, r.contact_name, r.contact_phone, r.status, $2
FROM jsonb_to_recordset($1::jsonb) AS r (
    name text, credit_code text, region_code text, industry text, sector text, hazard_class smallint, address text,
    contact_name text, contact_phone text, status text)
ON CONFLICT DO NOTHING
RETURNING id, credit_code;

-- name: settle
-- What became of some rows: made where an enterprise is named, else it was there already.
UPDATE enterprise_batch_row AS r
SET outcome = CASE WHEN v.number IS NULL THEN 'existing' ELSE 'made' END, enterprise_id = v.number
FROM unnest($2::int [], $3::int []) AS v (line, number)
WHERE r.batch_id = $1 AND r.line = v.line AND (r.outcome = 'good' OR v.number IS NOT NULL);

-- name: put_state
-- How far a file is.
UPDATE enterprise_batch SET state = $2, ended_at = $3 WHERE id = $1;
