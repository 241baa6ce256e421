-- Where a change came from and of which kind it is; the day's signed root; archives; who may read which part.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- form: which bytes were hashed. What was written before this migration keeps the old ones (1).
ALTER TABLE audit ADD COLUMN form smallint NOT NULL DEFAULT 1;
ALTER TABLE audit ALTER COLUMN form SET DEFAULT 2;
ALTER TABLE audit ADD COLUMN role text NOT NULL DEFAULT '';
-- Where the actor belongs to (region of the agency, place of the enterprise), as it was at that moment.
ALTER TABLE audit ADD COLUMN place text COLLATE "C" NOT NULL DEFAULT '';
-- From where: the address of a browser, 'system' of a worker, user@host at the server's own terminal.
ALTER TABLE audit ADD COLUMN address text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN device text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN kind text NOT NULL DEFAULT 'business';
ALTER TABLE audit ADD CONSTRAINT audit_kind_known CHECK (kind IN ('system', 'security', 'business')) NOT VALID;
-- For the reader's filters.
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_actor ON audit (actor, id) WHERE actor IS NOT NULL;
CREATE INDEX audit_by_kind ON audit (kind, id);
CREATE INDEX audit_by_place ON audit (place, id) WHERE place <> '';
CREATE INDEX audit_by_request ON audit (request) WHERE request <> '';

-- Which words make an entry one of security, or one of the system, whoever did it. `subject` words are tables.
CREATE TABLE audit_kind (
    part text NOT NULL,
    word text NOT NULL,
    kind text NOT NULL,
    PRIMARY KEY (part, word),
    CONSTRAINT audit_kind_part_known CHECK (part IN ('action', 'subject')),
    CONSTRAINT audit_kind_kind_known CHECK (kind IN ('system', 'security'))
);
SELECT open_table('audit_kind'), audit_table('audit_kind', 'word');
INSERT INTO audit_kind (part, word, kind) VALUES
    ('action', 'sign-in', 'security'), ('action', 'sign-in-refused', 'security'), ('action', 'sign-out', 'security'),
    ('action', 'password-changed', 'security'), ('action', 'password-refused', 'security'),
    ('action', 'password-handed-out', 'security'), ('action', 'session-ended', 'security'),
    ('action', 'unlock', 'security'), ('action', 'refused', 'security'),
    ('action', 'read-audit', 'security'), ('action', 'view-personal', 'security'),
    ('action', 'audit-archived', 'security'), ('action', 'audit-cut', 'security'),
    ('subject', 'role', 'security'), ('subject', 'role_operation', 'security'),
    ('subject', 'account_area', 'security'), ('subject', 'agency_area', 'security'),
    ('subject', 'session', 'security'), ('subject', 'api_key', 'security'), ('subject', 'sign_in_rule', 'security'),
    ('subject', 'account_totp', 'security'), ('subject', 'recovery_code', 'security'),
    ('subject', 'account_identity', 'security'),
    ('subject', 'recovery_request', 'security'), ('subject', 'audit_kind', 'security'),
    ('subject', 'setting', 'system'), ('subject', 'backup', 'system'), ('subject', 'region', 'system'),
    ('subject', 'sector', 'system'), ('subject', 'industry', 'system');

-- What the writer cannot choose: who, in which role, from where, and of which kind it is.
CREATE FUNCTION audit_fill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    of_kind text;
BEGIN
    NEW.form := 2;
    NEW.role := coalesce(current_setting('app.role', true), '');
    NEW.address := coalesce(current_setting('app.address', true), '');
    NEW.device := coalesce(current_setting('app.device', true), '');
    of_kind := (SELECT r.kind FROM role AS r WHERE r.code = NEW.role);
    NEW.place := '';
    IF NEW.actor IS NOT NULL AND of_kind IS DISTINCT FROM 'administrator' THEN
        NEW.place := coalesce((SELECT a.place FROM account AS a WHERE a.id = NEW.actor), '');
    END IF;
    NEW.kind := coalesce(
        (SELECT k.kind FROM audit_kind AS k WHERE k.part = 'action' AND k.word = NEW.action),
        (SELECT k.kind FROM audit_kind AS k WHERE k.part = 'subject' AND k.word = NEW.subject_type),
        CASE WHEN NEW.actor IS NULL OR of_kind = 'administrator' THEN 'system' END,
        'business');
    RETURN NEW;
END $$;
CREATE TRIGGER audit_fill BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_fill();

-- The text that is hashed. Stable and unpinned so that the planner can write it into the statement.
CREATE FUNCTION audit_text(entry audit) RETURNS text
LANGUAGE sql STABLE
AS $$
    SELECT CASE WHEN entry.form = 1 THEN pg_catalog.jsonb_build_array(
        entry.id, (EXTRACT(epoch FROM entry.at) * 1000000)::pg_catalog.int8, entry.actor, entry.actor_name,
        entry.action, entry.subject_type, entry.subject_id, entry.before, entry.after, entry.reason, entry.request)
    ELSE pg_catalog.jsonb_build_array(
        'v2', entry.id, (EXTRACT(epoch FROM entry.at) * 1000000)::pg_catalog.int8, entry.actor, entry.actor_name,
        entry.role, entry.place, entry.address, entry.device, entry.kind, entry.action, entry.subject_type,
        entry.subject_id, entry.before, entry.after, entry.reason, entry.request)
    END::pg_catalog.text
$$;

GRANT EXECUTE ON FUNCTION audit_text(audit) TO fengsui_worker;

CREATE OR REPLACE FUNCTION audit_digest(prev bytea, entry audit) RETURNS bytea
LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp
AS $$
    SELECT sha256(prev || convert_to(audit_text(entry), 'UTF8'))
$$;

-- The chain's head at the end of each day, signed by the centre. `statement` holds the signed bytes.
CREATE TABLE audit_root (
    day date PRIMARY KEY,
    position bigint NOT NULL,
    hash bytea NOT NULL,
    count bigint NOT NULL,
    sound boolean NOT NULL,
    problem text NOT NULL DEFAULT '',
    statement text NOT NULL,
    key bytea NOT NULL,
    signature bytea NOT NULL,
    CONSTRAINT audit_root_counts CHECK (position >= 0 AND count >= 0)
);

-- Entries that went to a file: the chain goes on from here.
CREATE TABLE audit_archive (
    position bigint PRIMARY KEY,
    hash bytea NOT NULL,
    first_position bigint NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    file text NOT NULL,
    sha256 bytea NOT NULL,
    archived_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT audit_archive_file_key UNIQUE (file)
);
SELECT worker_table('audit_root'), worker_table('audit_archive');
REVOKE UPDATE, DELETE ON audit_root FROM fengsui_worker;
REVOKE INSERT, UPDATE, DELETE ON audit_archive FROM fengsui_worker;

-- The one way out of the audit: oldest entries, older than half a year, all in one verified file.
CREATE FUNCTION audit_to_archive(
    through bigint, through_hash bytea, file_name text, file_sha256 bytea, keep_days int
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    first bigint;
    youngest timestamptz;
    oldest timestamptz;
    wanted bigint;
    gone bigint;
BEGIN
    IF keep_days < 180 THEN
        RAISE EXCEPTION 'the audit is kept for 180 days at least' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(1718575713);
    SELECT min(position) INTO first FROM audit_chain;
    IF first IS NULL OR first <> coalesce((SELECT max(position) FROM audit_archive), 0) + 1 THEN
        RAISE EXCEPTION 'the chain does not begin where the archive ends' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM FROM audit_chain WHERE position = through AND hash = through_hash;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the chain has another hash at position %', through USING ERRCODE = 'check_violation';
    END IF;
    SELECT max(a.at), min(a.at), count(*) INTO youngest, oldest, wanted
    FROM audit_chain AS c JOIN audit AS a ON a.id = c.audit_id WHERE c.position <= through;
    IF wanted <> through - first + 1 OR youngest >= now() - make_interval(days => keep_days) THEN
        RAISE EXCEPTION 'these entries may not leave the audit' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM set_config('app.audit_archiving', pg_current_xact_id()::text, true);
    DELETE FROM audit AS a USING audit_chain AS c WHERE c.audit_id = a.id AND c.position <= through;
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM audit_chain WHERE position <= through;
    PERFORM set_config('app.audit_archiving', '', true);
    INSERT INTO audit_archive (position, hash, first_position, first_at, last_at, file, sha256)
    VALUES (through, through_hash, first, oldest, youngest, file_name, file_sha256);
    RETURN gone;
END $$;
GRANT EXECUTE ON FUNCTION audit_to_archive(bigint, bytea, text, bytea, int) TO fengsui_worker;

-- Only in the owner's name, which nobody has but the function above, and inside of its transaction.
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME IN ('audit', 'audit_chain') AND current_user = 'fengsui_owner'
       AND current_setting('app.audit_archiving', true) = pg_current_xact_id_if_assigned()::text THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the audit is append only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_root_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_root
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_archive_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_archive
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- The chain goes on after an archive that took all of it.
CREATE OR REPLACE FUNCTION audit_seal(most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    entry audit;
    last_position bigint;
    last_hash bytea;
    next_hash bytea;
    sealed int := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(1718575713) THEN
        RETURN 0;
    END IF;
    SELECT position, hash INTO last_position, last_hash FROM audit_chain ORDER BY position DESC LIMIT 1;
    IF last_position IS NULL THEN
        SELECT position, hash INTO last_position, last_hash FROM audit_archive ORDER BY position DESC LIMIT 1;
    END IF;
    last_position := coalesce(last_position, 0);
    last_hash := coalesce(last_hash, '\x'::bytea);
    FOR entry IN
        SELECT a.* FROM audit_pending AS p JOIN audit AS a ON a.id = p.audit_id ORDER BY a.id LIMIT most
    LOOP
        next_hash := audit_digest(last_hash, entry);
        last_position := last_position + 1;
        INSERT INTO audit_chain (position, audit_id, prev_hash, hash)
        VALUES (last_position, entry.id, last_hash, next_hash);
        DELETE FROM audit_pending WHERE audit_id = entry.id;
        last_hash := next_hash;
        sealed := sealed + 1;
    END LOOP;
    RETURN sealed;
END $$;

-- Who reads what: the auditor everything; the administrators of system and security their parts (GB/T 22239 level 3);
-- who keeps accounts, what their own people and those below did (by the place of the actor). What an enterprise's
-- people see of an entry is the same row, with personal data masked on its way out.
DROP POLICY web_read ON audit;
DO $$
BEGIN
    EXECUTE format(
        'CREATE POLICY web_read ON audit FOR SELECT TO fengsui_web USING ('
        '(SELECT app_may(''audit'')) '
        'OR (kind = ''system'' AND (SELECT app_may(''audit-system''))) '
        'OR (kind = ''security'' AND (SELECT app_may(''audit-security''))) '
        'OR ((SELECT app_may(''account'') AND app_kind() <> ''administrator'') AND %s))', scope_policy('place'));
END $$;
