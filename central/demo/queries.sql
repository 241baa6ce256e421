-- name: furnished
-- Whether the demo county has been set up.
SELECT EXISTS (SELECT 1 FROM enterprise WHERE code = $1);

-- name: shorten_policy
-- A version of a level's ladder for one region with other times, valid from now on; running cases keep theirs.
INSERT INTO policy (
    region, level, version, name, source, handling_s, repeat_s, retry_s, clear_after_s, suppress_s, valid_from
)
VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, now())
ON CONFLICT (region, level, version) DO NOTHING
RETURNING id;

-- name: shorten_step
-- One rung of it.
INSERT INTO policy_step (policy_id, index, delay_s, rank, channels) VALUES ($1, $2, $3, $4, ARRAY['in_app', 'sms']);
