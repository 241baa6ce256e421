-- name: keep_figures
-- One self-measurement; a run that comes again is the same.
INSERT INTO gateway_figures (gateway_id, run, place, software, model, cores, ram_mb, python, load, measured_at,
                             received_at, figures)
VALUES ($1, $2, '', $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT ON CONSTRAINT gateway_figures_key DO NOTHING;

-- name: figures_by_version
-- The newest self-measurement of each version of the software, newest first.
SELECT run, software, model, cores, ram_mb, python, load, measured_at, received_at, figures
FROM (
  SELECT *, row_number() OVER (PARTITION BY software ORDER BY received_at DESC, run) AS nth
  FROM gateway_figures WHERE gateway_id = $1
) AS newest
WHERE nth = 1
ORDER BY received_at DESC, run
LIMIT $2;
