-- name: rule
-- The sign-in rules of this installation.
SELECT min_length, min_classes, max_age_days, no_reuse, initial_days, captcha_after, lock_after, lock_minutes,
       totp_kinds, version
FROM sign_in_rule;

-- name: set_rule
-- Changes the rules, when nobody was faster.
UPDATE sign_in_rule
SET min_length = $2, min_classes = $3, max_age_days = $4, no_reuse = $5, initial_days = $6, captcha_after = $7,
    lock_after = $8, lock_minutes = $9, totp_kinds = $10, version = version + 1
WHERE version = $1 RETURNING version;

-- name: signer
-- What a sign-in has to know of an account, by login or id; the second factor and the browser where they are known.
SELECT a.id, a.login, a.display_name, a.role, r.kind, a.password_hash, a.active, a.failures, a.locked_until,
       a.owes, a.plain, a.initial_until, a.password_changed_at, a.enterprise_id,
       EXISTS (SELECT 1 FROM role_operation AS p WHERE p.role = a.role AND p.operation = 'organisation')
           AS keeps_organisation,
       t.secret AS totp_secret, t.confirmed_at IS NOT NULL AS totp_on, coalesce(t.last_step, 0) AS totp_step,
       d.token_hash AS device_hash, coalesce(d.failures, 0::smallint) AS device_failures,
       d.locked_until AS device_locked_until
FROM account AS a
JOIN role AS r ON r.code = a.role
LEFT JOIN account_totp AS t ON t.account_id = a.id
LEFT JOIN known_device AS d ON d.account_id = a.id AND d.token_hash = $3::bytea
WHERE a.login = $1::text OR a.id = $2::int;

-- name: lock_signer
-- Holds an account while its sign-in is decided.
SELECT id FROM account WHERE id = $1 FOR UPDATE;

-- name: stranger
-- What strangers failed under a name or from an address, unless it is long ago.
SELECT failures, locked_until FROM stranger_failure WHERE subject = $1 AND at > $2;

-- name: stranger_failed
-- Counts a failure; an old count begins again.
INSERT INTO stranger_failure (subject, failures, at) VALUES ($1, 1, $2)
ON CONFLICT (subject) DO UPDATE
SET failures = CASE WHEN stranger_failure.at < $3 THEN 1 ELSE least(stranger_failure.failures + 1, 30000) END, at = $2
RETURNING failures;

-- name: lock_stranger
-- Locks a name that does not exist, just as one that does.
UPDATE stranger_failure SET failures = 0, locked_until = $2 WHERE subject = $1;

-- name: forget_stranger
-- Whoever signed in is none.
DELETE FROM stranger_failure WHERE subject = $1;

-- name: device_failed
-- Counts failures of a browser that its person knows.
UPDATE known_device SET failures = $3, locked_until = $4 WHERE account_id = $1 AND token_hash = $2;

-- name: know_device
-- Remembers a browser after a sign-in that went well.
INSERT INTO known_device (token_hash, account_id, seen_at) VALUES ($1, $2, $3)
ON CONFLICT (token_hash, account_id) DO UPDATE SET failures = 0, locked_until = NULL, seen_at = $3;

-- name: forget_devices
-- A changed password makes every browser a stranger.
DELETE FROM known_device WHERE account_id = $1;

-- name: open_session
-- Opens a session with what is still owed.
INSERT INTO session (token_hash, account_id, device_kind, address, created_at, seen_at, steps, way)
VALUES ($1, $2, $3, $4, $5, $5, $6, $7);

-- name: end_other_sessions
-- Whoever was signed in elsewhere has to show the new password.
UPDATE session SET ended_at = $3, end_reason = 'password-changed'
WHERE account_id = $1 AND token_hash <> $2 AND ended_at IS NULL;

-- name: settle_step
-- Takes a step off the open sessions of an account.
UPDATE session SET steps = array_remove(steps, $2) WHERE account_id = $1 AND ended_at IS NULL;

-- name: settle_debt
-- Takes a step off what an account owes.
UPDATE account SET owes = array_remove(owes, $2) WHERE id = $1 AND $2 = ANY (owes);

-- name: owe
-- Says what an account owes before anything else.
UPDATE account SET owes = $2 WHERE id = $1;

-- name: set_initial_password
-- A one-time password: to be replaced at the next sign-in, and useless after a while.
UPDATE account
SET password_hash = $2, password_changed_at = $3, initial_until = $4, failures = 0, locked_until = NULL,
    owes = array_append(array_remove(owes, 'password'), 'password')
WHERE id = $1 RETURNING login;

-- name: set_own_password
-- A password that its owner chose.
UPDATE account
SET password_hash = $2, password_changed_at = $3, initial_until = NULL, failures = 0, locked_until = NULL,
    owes = array_remove(owes, 'password')
WHERE id = $1;

-- name: keep_password
-- Remembers a former password.
INSERT INTO password_history (account_id, password_hash, at) VALUES ($1, $2, $3);

-- name: former_passwords
-- The latest former passwords.
SELECT password_hash FROM password_history WHERE account_id = $1 ORDER BY id DESC LIMIT $2;

-- name: forget_passwords
-- Drops what the rule does not ask for any more.
DELETE FROM password_history WHERE account_id = $1 AND id NOT IN (
    SELECT id FROM password_history WHERE account_id = $1 ORDER BY id DESC LIMIT 24);

-- name: words_of
-- Names and numbers that a person's password must not be made of.
SELECT a.login, a.display_name, coalesce(a.phone, '') AS phone, coalesce(e.name, '') AS enterprise,
       coalesce(e.code, '') AS enterprise_code, coalesce(e.credit_code, '') AS credit_code,
       coalesce(g.name, '') AS agency
FROM account AS a
LEFT JOIN enterprise AS e ON e.id = a.enterprise_id
LEFT JOIN agency AS g ON g.id = a.agency_id
WHERE a.id = $1;

-- name: new_captcha
-- Keeps the answer of a captcha.
INSERT INTO captcha (id, answer_hash, expires_at) VALUES ($1, $2, $3);

-- name: take_captcha
-- A captcha is asked once, whether the answer fits or not.
DELETE FROM captcha WHERE id = $1 RETURNING answer_hash, expires_at;

-- name: tidy
-- Drops what is over: captchas, journeys to a provider, old failures, browsers not seen for half a year.
WITH a AS (DELETE FROM captcha WHERE expires_at < $1),
     b AS (DELETE FROM oidc_journey WHERE expires_at < $1),
     c AS (DELETE FROM stranger_failure WHERE at < $1 - interval '1 day'),
     d AS (DELETE FROM known_device WHERE seen_at < $1 - interval '180 days')
UPDATE recovery_request SET state = 'expired' WHERE state = 'open' AND created_at < $1 - interval '30 days';

-- name: put_totp
-- A new secret, not yet in use.
INSERT INTO account_totp (account_id, secret) VALUES ($1, $2)
ON CONFLICT (account_id) DO UPDATE SET secret = $2, confirmed_at = NULL, last_step = 0;

-- name: confirm_totp
-- From now on this account is asked for a code.
UPDATE account_totp SET confirmed_at = $2, last_step = $3 WHERE account_id = $1;

-- name: take_totp_step
-- A time step counts once: whoever comes second with the same code gets no row.
UPDATE account_totp SET last_step = $2 WHERE account_id = $1 AND last_step < $2 RETURNING account_id;

-- name: drop_totp
-- Takes the second factor away.
DELETE FROM account_totp WHERE account_id = $1;

-- name: drop_recovery_codes
-- Makes former recovery codes useless.
DELETE FROM recovery_code WHERE account_id = $1;

-- name: put_recovery_code
-- Keeps one recovery code.
INSERT INTO recovery_code (account_id, hash) VALUES ($1, $2);

-- name: use_recovery_code
-- A recovery code opens once.
UPDATE recovery_code SET used_at = $3 WHERE account_id = $1 AND hash = $2 AND used_at IS NULL RETURNING account_id;

-- name: profile
-- What a person may know of their own account.
SELECT a.id, a.login, a.display_name, a.phone, a.phone_verified_at IS NOT NULL AS phone_verified, a.language,
       a.password_changed_at, a.password_hash <> '' AS has_password, r.kind, a.plain,
       coalesce(t.confirmed_at IS NOT NULL, false) AS totp_on,
       (SELECT count(*) FROM recovery_code AS c WHERE c.account_id = a.id AND c.used_at IS NULL) AS codes_left,
       (SELECT count(*) FROM account_identity AS i WHERE i.account_id = a.id) AS identities
FROM account AS a
JOIN role AS r ON r.code = a.role
LEFT JOIN account_totp AS t ON t.account_id = a.id
WHERE a.id = $1;

-- name: lock_profile
-- Holds what a person may change of themselves.
SELECT display_name, phone, language FROM account WHERE id = $1 FOR UPDATE;

-- name: set_profile
-- A new telephone number is not verified yet.
UPDATE account
SET display_name = $2, phone_verified_at = CASE WHEN phone IS DISTINCT FROM $3 THEN NULL ELSE phone_verified_at END,
    phone = $3, language = $4
WHERE id = $1;

-- name: open_sessions
-- Where an account is signed in.
SELECT token_hash, device_kind, address, created_at, seen_at, way FROM session
WHERE account_id = $1 AND ended_at IS NULL ORDER BY seen_at DESC;

-- name: end_session_of
-- Ends one session of an account, named by the beginning of its hash.
UPDATE session SET ended_at = $3, end_reason = 'ended-elsewhere'
WHERE account_id = $1 AND ended_at IS NULL AND substr(encode(token_hash, 'hex'), 1, 16) = $2 RETURNING account_id;

-- name: sign_ins
-- The latest sign-ins of an account, good and refused.
SELECT id, at, action, coalesce(after ->> 'address', '') AS address, coalesce(after ->> 'device', '') AS device
FROM audit
WHERE subject_type = 'account' AND subject_id = $1 AND action IN ('sign-in', 'sign-in-refused', 'sign-in-locked')
ORDER BY id DESC LIMIT $2;

-- name: new_key
-- Keeps a key of a machine.
INSERT INTO api_key (prefix, hash, account_id, place, name, areas, sectors, operations, created_at, expires_at)
VALUES ($1, $2, $3, account_place($3), $4, $5, $6, $7, $8, $9) RETURNING id;

-- name: key
-- A key by its prefix, and the time.
SELECT id, hash, account_id, name, areas, sectors, operations, expires_at, last_used_at, revoked_at,
       clock_timestamp() AS now
FROM api_key WHERE prefix = $1;

-- name: touch_key
-- Remembers that a key is used.
UPDATE api_key SET last_used_at = $2, last_address = $3 WHERE id = $1;

-- name: keys
-- Keys, newest first: one's own, or all that the scope holds.
SELECT k.id, k.prefix, k.name, k.account_id, k.areas, k.sectors, k.operations, k.created_at, k.expires_at,
       k.last_used_at, k.last_address, k.revoked_at, k.revoked_why
FROM api_key AS k
WHERE ($1::int IS NULL OR k.account_id = $1) AND ($2::int IS NULL OR k.id < $2)
ORDER BY k.id DESC LIMIT $3;

-- name: count_keys
-- How many keys of an account are alive.
SELECT count(*) FROM api_key WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2;

-- name: owners
-- Names of the owners of keys.
SELECT id, login, display_name FROM account WHERE id = ANY ($1::int []);

-- name: revoke_key
-- From now on the key opens nothing.
UPDATE api_key SET revoked_at = $2, revoked_by = $3, revoked_why = $4 WHERE id = $1 AND revoked_at IS NULL
RETURNING id;

-- name: new_journey
-- A browser leaves for the provider.
INSERT INTO oidc_journey (state_hash, browser_hash, nonce, verifier, next, expires_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: end_journey
-- It comes back, once.
DELETE FROM oidc_journey WHERE state_hash = $1 RETURNING browser_hash, nonce, verifier, next, expires_at;

-- name: account_of_identity
-- The account that is linked with a foreign identity.
SELECT account_id FROM account_identity WHERE issuer = $1 AND subject = $2;

-- name: identity_of_account
-- The foreign identity of an account at a provider.
SELECT subject FROM account_identity WHERE issuer = $1 AND account_id = $2;

-- name: link_identity
-- Links a foreign identity with an account.
INSERT INTO account_identity (issuer, subject, account_id, linked_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (issuer, subject) DO NOTHING;

-- name: unlink_identities
-- Takes foreign identities off an account.
DELETE FROM account_identity WHERE account_id = $1;

-- name: enterprise_by_credit_code
-- An enterprise by its unified social credit code.
SELECT id, name, place FROM enterprise WHERE credit_code = $1;

-- name: enterprise_account
-- The account of an enterprise whose login is the credit code.
SELECT id FROM account WHERE enterprise_id = $1 AND login = $2;

-- name: ask
-- A request for help; one at a time for an account or enterprise.
INSERT INTO recovery_request (kind, place, account_id, enterprise_id, issuer, subject, applicant, contact, words,
                              address, created_at)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
ON CONFLICT DO NOTHING RETURNING id;

-- name: account_by_login
-- An account that is asked for by its name, and where it sits.
SELECT a.id, account_place(a.id) AS place, a.plain FROM account AS a WHERE a.login = $1;

-- name: requests
-- Requests for help of the scope, newest first.
SELECT q.id, q.kind, q.place, q.account_id, q.enterprise_id, q.applicant, q.contact, q.words, q.address, q.state,
       q.created_at, q.decided_at, q.reason, q.issuer <> '' AS by_identity
FROM recovery_request AS q
WHERE ($1::text IS NULL OR q.state = $1) AND ($2::int IS NULL OR q.id < $2)
ORDER BY q.id DESC LIMIT $3;

-- name: request
-- One request of the scope.
SELECT q.id, q.kind, q.place, q.account_id, q.enterprise_id, q.applicant, q.contact, q.words, q.address, q.state,
       q.created_at, q.decided_at, q.reason, q.issuer <> '' AS by_identity
FROM recovery_request AS q WHERE q.id = $1;

-- name: asked_for
-- For whom help is asked.
SELECT a.id, a.login, a.display_name, a.role, r.kind, r.name AS role_name, a.active,
       coalesce(g.rank, CASE WHEN r.kind IN ('enterprise', 'inspector', 'installer', 'committee', 'intermediary')
                             THEN 0 END) AS rank,
       coalesce(e.name, g.name, '') AS unit
FROM account AS a
JOIN role AS r ON r.code = a.role
LEFT JOIN agency AS g ON g.id = a.agency_id
LEFT JOIN enterprise AS e ON e.id = a.enterprise_id
WHERE a.id = ANY ($1::int []);

-- name: enterprises_named
-- Names and credit codes of enterprises.
SELECT id, name, credit_code FROM enterprise WHERE id = ANY ($1::int []);

-- name: lock_request
-- Holds a request while it is decided.
SELECT kind, account_id, enterprise_id, issuer, subject, state, applicant FROM recovery_request WHERE id = $1 FOR UPDATE;

-- name: decide
-- Ends a request.
UPDATE recovery_request SET state = $2, decided_at = $3, decided_by = $4, reason = $5 WHERE id = $1;
