-- name: add_code
-- A one-time code for a gateway; kept as its hash.
INSERT INTO enrolment_code (gateway_id, enterprise_id, place, name, hash, created_at, created_by, expires_at)
VALUES ($1, $2, '', $3, $4, $5, $6, $7)
RETURNING id;

-- name: withdraw_codes
-- Codes of a gateway that nobody used, all but one: a new code replaces them.
UPDATE enrolment_code SET withdrawn_at = $2
WHERE gateway_id = $1 AND id <> $3 AND used_at IS NULL AND withdrawn_at IS NULL;

-- name: withdraw_code
-- One of them, by its id.
UPDATE enrolment_code SET withdrawn_at = $2
WHERE id = $1 AND used_at IS NULL AND withdrawn_at IS NULL
RETURNING gateway_id;

-- name: code_rows
-- Codes within the reader's scope, newest first, one page.
SELECT c.id, c.gateway_id, c.name, c.enterprise_id, e.name AS enterprise_name, c.hash, c.tries, c.created_at,
       c.created_by, c.expires_at, c.withdrawn_at, c.used_at, c.used_from, c.used_by
FROM enrolment_code AS c JOIN enterprise AS e ON e.id = c.enterprise_id
WHERE ($1::int IS NULL OR c.id < $1) AND ($2::int IS NULL OR c.enterprise_id = $2)
ORDER BY c.id DESC
LIMIT $3;

-- name: lock_codes
-- The codes of a gateway while one of them is tried.
SELECT id, gateway_id, enterprise_id, name, hash, created_by, expires_at, tries, withdrawn_at, used_at, used_by
FROM enrolment_code WHERE gateway_id = $1 ORDER BY id DESC LIMIT 20 FOR UPDATE;

-- name: count_try
-- A wrong code was tried: every open one of this gateway counts it.
UPDATE enrolment_code SET tries = tries + 1
WHERE gateway_id = $1 AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > $2;

-- name: use_code
-- Once.
UPDATE enrolment_code SET used_at = $2, used_from = $3, used_by = $4 WHERE id = $1 AND used_at IS NULL
RETURNING true;

-- name: trust_of
-- A gateway while its trust is decided.
SELECT id, enterprise_id, public_key, revoked_at, revoked_by, revoked_why FROM gateway WHERE id = $1 FOR UPDATE;

-- name: seen_trust_of
-- The same for who only looks.
SELECT id, enterprise_id, public_key, revoked_at, revoked_by, revoked_why FROM gateway WHERE id = $1;

-- name: change_key
-- From now on only frames of the new key count; who was shut out is let in again.
UPDATE gateway SET public_key = $2, revoked_at = NULL, revoked_by = '', revoked_why = '' WHERE id = $1;

-- name: shut_out
-- No frame of it counts any more.
UPDATE gateway SET revoked_at = $2, revoked_by = $3, revoked_why = $4 WHERE id = $1 AND revoked_at IS NULL
RETURNING true;

-- name: add_certificate
-- What was issued is kept for ever.
INSERT INTO certificate (serial, gateway_id, place, signing_key, request, pem, issued_at, not_before, not_after, way)
VALUES ($1, $2, '', $3, $4, $5, $6, $7, $8, $9);

-- name: revoke_certificates
-- All of a gateway that still count.
UPDATE certificate SET revoked_at = $2, revoked_by = $3, revoked_why = $4
WHERE gateway_id = $1 AND revoked_at IS NULL AND not_after > $2;

-- name: certificates_of
-- Of one gateway, newest first.
SELECT serial, gateway_id, request, pem, issued_at, not_after, way, revoked_at, revoked_by, revoked_why
FROM certificate WHERE gateway_id = $1 ORDER BY issued_at DESC, serial LIMIT 50;

-- name: newest_certificates
-- The newest of each of some gateways.
SELECT DISTINCT ON (gateway_id) gateway_id, not_after, revoked_at
FROM certificate WHERE gateway_id = ANY ($1::text[]) ORDER BY gateway_id, issued_at DESC;

-- name: revoked_serials
-- What a revocation list names.
SELECT serial, revoked_at AS at FROM certificate WHERE revoked_at IS NOT NULL AND not_after > $1 ORDER BY serial;

-- name: admitted
-- Who may connect: gateways that are not shut out, and those whose code waits to be used.
SELECT id FROM gateway WHERE revoked_at IS NULL
UNION
SELECT gateway_id FROM enrolment_code
WHERE used_at IS NULL AND withdrawn_at IS NULL AND expires_at > $1
ORDER BY 1;
