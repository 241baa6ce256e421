-- An enterprise's life: its status with history and reason, applications to be registered, files of the market
-- registration, marked pairs, removals that the agency above grants, and who is told what changes.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- status ----------------------------------------------------------------------------------------------

-- No document lists the choices (企业状态): these are a proposal. `runs`: daily duties such as the promise are owed.
CREATE TABLE enterprise_status (
    code text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    name_en text NOT NULL,
    runs boolean NOT NULL,
    ended boolean NOT NULL DEFAULT false,
    sequence smallint NOT NULL,
    CONSTRAINT enterprise_status_form CHECK (code ~ '^[a-z][a-z-]{1,31}$'),
    CONSTRAINT enterprise_status_name_key UNIQUE (name)
);
INSERT INTO enterprise_status (code, name, name_en, runs, ended, sequence) VALUES
    ('working', '在产', 'in operation', true, false, 1),
    ('trial', '试生产', 'trial operation', true, false, 2),
    ('building', '在建', 'under construction', false, false, 3),
    ('stopped', '停产', 'stopped', false, false, 4),
    ('suspended', '责令停产停业', 'suspended by order', false, false, 5),
    ('closed', '关闭', 'closed', false, true, 6),
    ('cancelled', '注销', 'deregistered', false, true, 7),
    ('revoked', '吊销', 'licence revoked', false, true, 8);
SELECT open_table('enterprise_status'), audit_table('enterprise_status', 'code');

ALTER TABLE enterprise
    ADD COLUMN status text COLLATE "C" NOT NULL DEFAULT 'working',
    ADD COLUMN status_since timestamptz,
    ADD COLUMN longitude double precision,
    ADD COLUMN latitude double precision,
    -- A removed enterprise stays, so that the audit keeps a name; its code is never given again.
    ADD COLUMN removed_at timestamptz;
-- Every enterprise is new to these columns: there is nothing to validate.
ALTER TABLE enterprise
    -- squawk-ignore adding-foreign-key-constraint
    ADD CONSTRAINT enterprise_status_fkey FOREIGN KEY (status) REFERENCES enterprise_status (code),
    ADD CONSTRAINT enterprise_position CHECK (
        (longitude IS NULL) = (latitude IS NULL) AND longitude BETWEEN -180 AND 180 AND latitude BETWEEN -90 AND 90);
CREATE INDEX enterprise_status_of ON enterprise (status);
-- Who was removed may be registered anew.
ALTER TABLE enterprise DROP CONSTRAINT enterprise_credit_code_key;
CREATE UNIQUE INDEX enterprise_credit_code_key ON enterprise (credit_code) WHERE removed_at IS NULL;

-- No request sees a removed enterprise any more.
DO $$
BEGIN
    DROP POLICY web_scope ON enterprise;
    EXECUTE format('CREATE POLICY web_scope ON enterprise TO fengsui_web USING (removed_at IS NULL AND %1$s) '
                   'WITH CHECK (removed_at IS NULL AND %1$s)', scope_policy('place', 'sector'));
END $$;

-- The code of an enterprise that is registered by its credit code; with a number behind it after a removal.
CREATE FUNCTION enterprise_code_for(of_credit_code text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT of_credit_code || coalesce('-' || nullif(count(*), 0) + 1, '')
    FROM enterprise WHERE credit_code = of_credit_code OR code = of_credit_code
$$;
GRANT EXECUTE ON FUNCTION enterprise_code_for(text) TO fengsui_web, fengsui_worker;

-- --- the log of a life, and who watches -------------------------------------------------------------------

-- What happened to an enterprise as such, in words; `detail` holds before and after by field. Contacts are named as
-- changed, never kept here.
CREATE TABLE enterprise_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT 'other',
    at timestamptz NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    reason text NOT NULL DEFAULT '',
    by_account int,
    by_name text NOT NULL DEFAULT '',
    CONSTRAINT enterprise_event_kind_known CHECK (kind IN ('registered', 'status', 'changed', 'removed'))
);
CREATE INDEX enterprise_event_of ON enterprise_event (enterprise_id, id DESC);
CREATE INDEX enterprise_event_place ON enterprise_event (place, at DESC);
CREATE TRIGGER enterprise_event_place BEFORE INSERT ON enterprise_event
    FOR EACH ROW EXECUTE FUNCTION place_from('enterprise', 'enterprise_id');
SELECT scope_table('enterprise_event');

CREATE TABLE enterprise_watch (
    account_id int NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT 'other',
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, enterprise_id)
);
CREATE INDEX enterprise_watch_of ON enterprise_watch (enterprise_id);
CREATE INDEX enterprise_watch_place ON enterprise_watch (place);
CREATE TRIGGER enterprise_watch_place BEFORE INSERT ON enterprise_watch
    FOR EACH ROW EXECUTE FUNCTION place_from('enterprise', 'enterprise_id');
DO $$
DECLARE
    mine text := 'account_id = nullif(current_setting(''app.actor'', true), '''')::int AND '
                 || scope_policy('place', 'sector');
BEGIN
    PERFORM protect_table('enterprise_watch');
    EXECUTE format('CREATE POLICY web_own ON enterprise_watch TO fengsui_web USING (%1$s) WITH CHECK (%1$s)', mine);
END $$;
GRANT SELECT, INSERT, DELETE ON enterprise_watch TO fengsui_web;

-- Tells everybody who watches an enterprise, but not whoever did it. Who no longer sees the place no longer reads it.
CREATE FUNCTION tell_watchers(of_enterprise int, about text, in_short text, in_full text, moment timestamptz)
RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT tell_account(w.account_id, about, 'enterprise', e.name || '：' || in_short, in_full,
                        '/enterprises/' || e.id, e.place, e.sector, moment)
    FROM enterprise_watch AS w JOIN enterprise AS e ON e.id = w.enterprise_id
    WHERE w.enterprise_id = of_enterprise
      AND w.account_id IS DISTINCT FROM nullif(current_setting('app.actor', true), '')::int
$$;
GRANT EXECUTE ON FUNCTION tell_watchers(int, text, text, text, timestamptz) TO fengsui_web, fengsui_worker;

CREATE FUNCTION enterprise_event_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM tell_watchers(NEW.enterprise_id, 'enterprise-event/' || NEW.id, NEW.title, NEW.reason, NEW.at);
    RETURN NULL;
END $$;
CREATE TRIGGER enterprise_event_told AFTER INSERT ON enterprise_event
    FOR EACH ROW EXECUTE FUNCTION enterprise_event_told();

-- Whoever changes an enterprise, by whichever way, leaves a line in its log.
CREATE FUNCTION enterprise_lives() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    changes jsonb := '{}';
    words text[] := '{}';
    field record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO enterprise_event (enterprise_id, at, kind, title, detail, reason, by_account, by_name)
        VALUES (NEW.id, now(), 'registered', '企业登记', jsonb_build_object('status', jsonb_build_array(NULL, NEW.status)),
                coalesce(current_setting('app.reason', true), ''),
                nullif(current_setting('app.actor', true), '')::int, coalesce(current_setting('app.actor_name', true), ''));
        RETURN NULL;
    END IF;
    IF OLD.status <> NEW.status THEN
        INSERT INTO enterprise_event (enterprise_id, at, kind, title, detail, reason, by_account, by_name)
        SELECT NEW.id, now(), 'status', format('状态由“%s”变为“%s”', b.name, a.name),
               jsonb_build_object('status', jsonb_build_array(OLD.status, NEW.status)),
               coalesce(current_setting('app.reason', true), ''),
               nullif(current_setting('app.actor', true), '')::int, coalesce(current_setting('app.actor_name', true), '')
        FROM enterprise_status AS b, enterprise_status AS a WHERE b.code = OLD.status AND a.code = NEW.status;
    END IF;
    FOR field IN
        SELECT f.name, f.title, to_jsonb(OLD) -> f.name AS was, to_jsonb(NEW) -> f.name AS is_now
        FROM (VALUES ('name', '名称'), ('credit_code', '统一社会信用代码'), ('region_code', '所在区划'),
                     ('agency_id', '监管机构'), ('industry', '行业类别'), ('sector', '监管领域'),
                     ('hazard_class', '重大危险源等级'), ('address', '地址'), ('longitude', '位置'),
                     ('latitude', '位置'), ('contact_name', '联系人'), ('contact_phone', '联系电话'))
            AS f (name, title)
    LOOP
        IF field.was IS DISTINCT FROM field.is_now THEN
            IF NOT field.title = ANY (words) THEN
                words := words || field.title;
            END IF;
            changes := changes || jsonb_build_object(field.name, CASE
                WHEN field.name LIKE 'contact%' THEN 'null'::jsonb
                ELSE jsonb_build_array(field.was, field.is_now) END);
        END IF;
    END LOOP;
    IF cardinality(words) > 0 THEN
        INSERT INTO enterprise_event (enterprise_id, at, kind, title, detail, reason, by_account, by_name)
        VALUES (NEW.id, now(), 'changed', '登记信息变更：' || array_to_string(words, '、'), changes,
                coalesce(current_setting('app.reason', true), ''),
                nullif(current_setting('app.actor', true), '')::int, coalesce(current_setting('app.actor_name', true), ''));
    END IF;
    IF OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL THEN
        INSERT INTO enterprise_event (enterprise_id, at, kind, title, reason, by_account, by_name)
        VALUES (NEW.id, now(), 'removed', '企业删除', coalesce(current_setting('app.reason', true), ''),
                nullif(current_setting('app.actor', true), '')::int, coalesce(current_setting('app.actor_name', true), ''));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER enterprise_lives AFTER INSERT OR UPDATE ON enterprise FOR EACH ROW EXECUTE FUNCTION enterprise_lives();

-- --- declared stops --------------------------------------------------------------------------------------

-- A declared stop of a whole enterprise that counts: its first and last day, when it began and ended here, and what it did:
-- `put_at` is the enterprise's status_since as this stop put it, `former` the status before. Whatever anybody else decides
-- has another status_since, and this stop ends nothing of it.
CREATE TABLE declared_stop (
    record_id bigint PRIMARY KEY,
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT '',
    name text NOT NULL,
    first_day date NOT NULL,
    last_day date,
    begun_at timestamptz,
    ended_at timestamptz,
    put_at timestamptz,
    former text COLLATE "C"
);
CREATE INDEX declared_stop_place ON declared_stop (place);
CREATE INDEX declared_stop_enterprise ON declared_stop (enterprise_id);
CREATE INDEX declared_stop_due ON declared_stop (first_day) WHERE ended_at IS NULL;
CREATE TRIGGER declared_stop_place BEFORE INSERT OR UPDATE ON declared_stop
    FOR EACH ROW EXECUTE FUNCTION place_from('enterprise', 'enterprise_id');
SELECT scope_table('declared_stop', 'SELECT, INSERT, UPDATE');

-- --- applications ----------------------------------------------------------------------------------------

-- An enterprise that is not registered asks to be (自助注册). `place`: the region that it names; whoever may register
-- there decides. `receipt_hash`: of the number by which the applicant asks how it went.
CREATE TABLE enterprise_application (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL REFERENCES sector (code),
    credit_code text COLLATE "C" NOT NULL,
    name text NOT NULL,
    region_code text COLLATE "C" NOT NULL REFERENCES region (code),
    industry text NOT NULL DEFAULT '',
    address text NOT NULL,
    contact_name text NOT NULL,
    contact_phone text NOT NULL,
    words text NOT NULL DEFAULT '',
    came_from text NOT NULL DEFAULT '',
    receipt_hash bytea NOT NULL,
    state text NOT NULL DEFAULT 'open',
    created_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by int REFERENCES account (id),
    decided_by_name text NOT NULL DEFAULT '',
    opinion text NOT NULL DEFAULT '',
    enterprise_id int REFERENCES enterprise (id),
    CONSTRAINT enterprise_application_state_known CHECK (state IN ('open', 'approved', 'refused'))
);
CREATE INDEX enterprise_application_place ON enterprise_application (place, id DESC);
CREATE INDEX enterprise_application_region ON enterprise_application (region_code);
CREATE INDEX enterprise_application_sector ON enterprise_application (sector);
CREATE INDEX enterprise_application_decided_by ON enterprise_application (decided_by);
CREATE INDEX enterprise_application_enterprise ON enterprise_application (enterprise_id);
CREATE UNIQUE INDEX enterprise_application_receipt ON enterprise_application (receipt_hash);
CREATE UNIQUE INDEX enterprise_application_one_open ON enterprise_application (credit_code) WHERE state = 'open';
SELECT scope_table('enterprise_application'),
       audit_table('enterprise_application', 'id', 'receipt_hash', 'came_from');

-- --- files of the market registration ----------------------------------------------------------------------

CREATE TABLE enterprise_batch (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place text COLLATE "C" NOT NULL,
    name text NOT NULL,
    state text NOT NULL DEFAULT 'checked',
    made_at timestamptz NOT NULL,
    made_by int REFERENCES account (id),
    made_by_name text NOT NULL,
    ended_at timestamptz,
    total int NOT NULL,
    CONSTRAINT enterprise_batch_state_known CHECK (state IN ('checked', 'running', 'done'))
);
CREATE INDEX enterprise_batch_place ON enterprise_batch (place, id DESC);
CREATE INDEX enterprise_batch_made_by ON enterprise_batch (made_by);
-- A file holds enterprises of any sector: whoever brought it sees it, and nobody else.
DO $$
BEGIN
    PERFORM protect_table('enterprise_batch');
    EXECUTE format('CREATE POLICY web_own ON enterprise_batch FOR SELECT TO fengsui_web USING (made_by = '
                   'nullif(current_setting(''app.actor'', true), '''')::int AND %s)', scope_policy('place'));
END $$;
GRANT SELECT ON enterprise_batch TO fengsui_web;
SELECT audit_table('enterprise_batch', 'id');

-- One row of a file. outcome: good (will be made), existing (is there already), bad, made.
CREATE TABLE enterprise_batch_row (
    batch_id int NOT NULL REFERENCES enterprise_batch (id) ON DELETE CASCADE,
    line int NOT NULL,
    outcome text NOT NULL,
    credit_code text COLLATE "C" NOT NULL,
    name text NOT NULL,
    facts jsonb NOT NULL,
    problems jsonb NOT NULL DEFAULT '[]',
    enterprise_id int REFERENCES enterprise (id),
    PRIMARY KEY (batch_id, line),
    CONSTRAINT enterprise_batch_row_outcome_known CHECK (outcome IN ('good', 'existing', 'bad', 'made'))
);
CREATE INDEX enterprise_batch_row_enterprise ON enterprise_batch_row (enterprise_id);
CREATE INDEX enterprise_batch_row_good ON enterprise_batch_row (batch_id, line) WHERE outcome = 'good';
SELECT scope_child_table('enterprise_batch_row', 'enterprise_batch', 'batch_id');

-- --- pairs that are no duplicates ---------------------------------------------------------------------------

-- Two enterprises that look alike and are two: somebody looked. `place`: the smallest region that holds both.
CREATE TABLE enterprise_pair (
    first_id int NOT NULL REFERENCES enterprise (id),
    second_id int NOT NULL REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    marked_at timestamptz NOT NULL,
    marked_by_name text NOT NULL,
    PRIMARY KEY (first_id, second_id),
    CONSTRAINT enterprise_pair_in_order CHECK (first_id < second_id)
);
CREATE INDEX enterprise_pair_second ON enterprise_pair (second_id);
CREATE INDEX enterprise_pair_place ON enterprise_pair (place);
SELECT scope_table('enterprise_pair', 'SELECT, INSERT, DELETE'), audit_table('enterprise_pair', 'first_id');

-- --- removals --------------------------------------------------------------------------------------------

-- Who wants to remove an enterprise asks; an agency above grants it after review (REG-05).
CREATE TABLE enterprise_removal (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT 'other',
    state text NOT NULL DEFAULT 'asked',
    reason text NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by int NOT NULL REFERENCES account (id),
    asked_by_name text NOT NULL,
    asked_rank smallint NOT NULL,
    decided_at timestamptz,
    decided_by_name text NOT NULL DEFAULT '',
    opinion text NOT NULL DEFAULT '',
    CONSTRAINT enterprise_removal_state_known CHECK (state IN ('asked', 'granted', 'refused', 'used'))
);
CREATE INDEX enterprise_removal_place ON enterprise_removal (place, id DESC);
CREATE INDEX enterprise_removal_asked_by ON enterprise_removal (asked_by);
CREATE UNIQUE INDEX enterprise_removal_one_open ON enterprise_removal (enterprise_id)
    WHERE state IN ('asked', 'granted');
CREATE INDEX enterprise_removal_enterprise ON enterprise_removal (enterprise_id);
CREATE TRIGGER enterprise_removal_place BEFORE INSERT ON enterprise_removal
    FOR EACH ROW EXECUTE FUNCTION place_from('enterprise', 'enterprise_id');
SELECT scope_table('enterprise_removal', 'SELECT, INSERT, UPDATE'), audit_table('enterprise_removal', 'id');

-- --- who may ---------------------------------------------------------------------------------------------

INSERT INTO role_operation (role, operation) VALUES
    ('province', 'enterprise-life'), ('city', 'enterprise-life'), ('county', 'enterprise-life'), ('admin', 'enterprise-life');
