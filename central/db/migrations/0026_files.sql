-- Attached files: what is stored once by its content, who brought it, and which record uses it.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- `scan`: "clean", or "waiting" until the scanner of the settings has said so; what it refused is not kept.
-- `failed`: how often in a row the scanner had no answer for this file, or the store would not give it or let it go;
-- it is left alone until `again_at`, while the others go on.
CREATE TABLE stored_file (
    sha256 text COLLATE "C" PRIMARY KEY,
    size bigint NOT NULL,
    media_type text NOT NULL,
    thumbnail boolean NOT NULL,
    scan text NOT NULL,
    stored_at timestamptz NOT NULL,
    failed int NOT NULL DEFAULT 0,
    again_at timestamptz NOT NULL DEFAULT '-infinity',
    CONSTRAINT stored_file_sha256_form CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT stored_file_size_positive CHECK (size > 0),
    CONSTRAINT stored_file_scan_known CHECK (scan IN ('clean', 'waiting'))
);
CREATE INDEX stored_file_waiting ON stored_file (again_at, stored_at) WHERE scan = 'waiting';

-- Who brought a file: whoever did may use it. The row goes when the sweep has passed.
CREATE TABLE file_upload (
    sha256 text COLLATE "C" NOT NULL REFERENCES stored_file (sha256) ON DELETE CASCADE,
    account_id int NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (sha256, account_id)
);
CREATE INDEX file_upload_account ON file_upload (account_id);
CREATE INDEX file_upload_at ON file_upload (at);

-- Files on their way in, in parts: of each what was announced; what has come lies in a folder of the centre, as long
-- as it is. `answer`: what was said when it was whole, for whoever lost that answer. Swept after a day.
CREATE TABLE file_in_parts (
    id text COLLATE "C" PRIMARY KEY,
    account_id int NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name text NOT NULL,
    size bigint NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    answer jsonb,
    at timestamptz NOT NULL,
    CONSTRAINT file_in_parts_id_form CHECK (id ~ '^[0-9a-f]{32}$'),
    CONSTRAINT file_in_parts_size_positive CHECK (size > 0),
    CONSTRAINT file_in_parts_sha256_form CHECK (sha256 ~ '^([0-9a-f]{64})?$')
);
CREATE INDEX file_in_parts_account ON file_in_parts (account_id);
CREATE INDEX file_in_parts_at ON file_in_parts (at);
SELECT worker_table('file_in_parts');

-- Which record uses a file, or did in one of its versions: a use is never taken back, the past stays readable.
-- `register` is the name of a register, or of another thing that keeps files.
CREATE TABLE file_use (
    register text COLLATE "C" NOT NULL,
    record_id bigint NOT NULL,
    sha256 text COLLATE "C" NOT NULL REFERENCES stored_file (sha256),
    name text NOT NULL,
    enterprise_id int REFERENCES enterprise (id),
    agency_id int REFERENCES agency (id),
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    PRIMARY KEY (register, record_id, sha256),
    CONSTRAINT file_use_of_one_owner CHECK (num_nonnulls(enterprise_id, agency_id) = 1)
);
CREATE INDEX file_use_place ON file_use (place);
CREATE INDEX file_use_sha256 ON file_use (sha256, place);
CREATE INDEX file_use_enterprise ON file_use (enterprise_id);
CREATE INDEX file_use_agency ON file_use (agency_id);
CREATE TRIGGER file_use_place BEFORE INSERT OR UPDATE OF enterprise_id, agency_id ON file_use
FOR EACH ROW EXECUTE FUNCTION place_of_owner();

-- Whether an owner uses a file already: asked by the policy of that table, which may not ask the table itself.
CREATE FUNCTION file_used_at(file text, at_place text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT EXISTS (SELECT 1 FROM file_use AS u WHERE u.sha256 = file AND u.place = at_place)
$$;
GRANT EXECUTE ON FUNCTION file_used_at(text, text) TO fengsui_web, fengsui_worker;

DO $$
DECLARE
    seen text := scope_policy('place', 'sector');
BEGIN
    PERFORM protect_table('stored_file'), protect_table('file_upload'), protect_table('file_use');
    CREATE POLICY web_own ON file_upload FOR SELECT TO fengsui_web
        USING (account_id = nullif(current_setting('app.actor', true), '')::int);
    GRANT SELECT ON file_upload TO fengsui_web;
    EXECUTE format('CREATE POLICY web_scope ON file_use FOR SELECT TO fengsui_web USING (%s)', seen);
    -- Nobody claims a file by its hash: one brought it oneself, or its owner uses it already.
    EXECUTE format(
        'CREATE POLICY web_add ON file_use FOR INSERT TO fengsui_web WITH CHECK (%s AND ('
        'EXISTS (SELECT 1 FROM file_upload AS u WHERE u.sha256 = file_use.sha256) '
        'OR file_used_at(sha256, place)))', seen);
    GRANT SELECT, INSERT ON file_use TO fengsui_web;
    -- What one brought, and what is used where one sees.
    CREATE POLICY web_known ON stored_file FOR SELECT TO fengsui_web USING (
        EXISTS (SELECT 1 FROM file_upload AS u WHERE u.sha256 = stored_file.sha256)
        OR EXISTS (SELECT 1 FROM file_use AS u WHERE u.sha256 = stored_file.sha256));
    GRANT SELECT ON stored_file TO fengsui_web;
END $$;

-- Uses of an agency go where it goes; those of an enterprise are among the rows that follow it (0019).
CREATE FUNCTION file_uses_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    UPDATE file_use SET place = NEW.place WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER file_uses_follow AFTER UPDATE ON agency FOR EACH ROW
    WHEN (OLD.place IS DISTINCT FROM NEW.place) EXECUTE FUNCTION file_uses_follow();
