-- name: make
-- A configuration of the centre; its version is above all that the gateway may have seen.
INSERT INTO gateway_configuration (gateway_id, version, place, content, hash, reason, made_at, made_by, changed_at)
SELECT s.gateway_id,
       greatest(coalesce((SELECT max(version) FROM gateway_configuration WHERE gateway_id = $1), 0),
                coalesce(s.config_version, 0), s.config_newest) + 1,
       '', $2, $3, $4, $5, $6, $5
FROM gateway_state AS s WHERE s.gateway_id = $1
RETURNING version;

-- name: lock_gateway
-- Versions of one gateway are made one after another.
SELECT pg_advisory_xact_lock(hashtextextended('configuration ' || $1::text, 0));

-- name: listing
-- Configurations of a gateway, newest first, without their text.
SELECT version, hash, reason, made_at, made_by, state, detail, changed_at
FROM gateway_configuration WHERE gateway_id = $1 ORDER BY version DESC LIMIT $2;

-- name: one
-- One of them, whole.
SELECT version, hash, reason, made_at, made_by, state, detail, changed_at, content
FROM gateway_configuration WHERE gateway_id = $1 AND version = $2;

-- name: in_force
-- Who is master of what a gateway runs with.
SELECT master, config_version FROM gateway_state WHERE gateway_id = $1;

-- name: tell
-- What became of sending it; what the gateway told since by an event stays.
UPDATE gateway_configuration SET state = $3, detail = $4, changed_at = $5
WHERE gateway_id = $1 AND version = $2 AND state IN ('draft', 'pending')
RETURNING version;

-- name: pending
-- Configurations that wait for gateways which are there, for whoever comes first.
SELECT c.gateway_id, c.version, c.content, c.reason, c.made_at, c.made_by
FROM gateway_configuration AS c JOIN gateway_state AS s ON s.gateway_id = c.gateway_id
WHERE c.state = 'pending' AND s.presence = 'online'
  AND NOT EXISTS (SELECT FROM gateway_configuration AS newer
                  WHERE newer.gateway_id = c.gateway_id AND newer.version > c.version
                    AND newer.state IN ('pending', 'trial', 'kept'))
ORDER BY c.changed_at
LIMIT $1
FOR UPDATE OF c SKIP LOCKED;

-- name: fared
-- What a gateway told of one, moving forward only.
UPDATE gateway_configuration SET state = $3, detail = $4, changed_at = $5, ordinal = $6, seq = $7
WHERE gateway_id = $1 AND version = $2 AND (ordinal, seq) < ($6, $7);

-- name: ran
-- What a gateway runs with, moving forward only.
UPDATE gateway_state SET master = $2, config_version = $3, config_ordinal = $4, config_seq = $5
WHERE gateway_id = $1 AND (config_ordinal, config_seq) < ($4, $5)
RETURNING gateway_id;

-- name: saw
-- The highest version of ours that a gateway told of.
UPDATE gateway_state SET config_newest = $2 WHERE gateway_id = $1 AND config_newest < $2;

-- name: settle
-- Trials whose end was not told: what runs without one was kept ($2), what does not run was taken back; $3 goes on.
UPDATE gateway_configuration
SET state = CASE WHEN version = $2 THEN 'kept' ELSE 'taken-back' END, changed_at = $4, ordinal = $5, seq = $6
WHERE gateway_id = $1 AND state = 'trial' AND version <> $3 AND (ordinal, seq) < ($5, $6);
