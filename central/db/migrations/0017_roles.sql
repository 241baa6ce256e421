-- Roles as data, and the second half of a scope: the sectors (行业监管领域) that somebody supervises.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- sectors ---------------------------------------------------------------------------------------------

CREATE TABLE sector (
    code text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    CONSTRAINT sector_code_form CHECK (code ~ '^[a-z][a-z0-9-]{0,31}$'),
    CONSTRAINT sector_name_key UNIQUE (name)
);
INSERT INTO sector (code, name) VALUES
    ('chemical', '危险化学品'), ('mine', '矿山'), ('trade', '工贸'), ('firework', '烟花爆竹'),
    ('gas', '城镇燃气'), ('construction', '建筑施工'), ('transport', '交通运输'), ('other', '其他');
SELECT open_table('sector'), audit_table('sector', 'code');

-- Every enterprise is new to this column: there is nothing to validate.
ALTER TABLE enterprise ADD COLUMN sector text COLLATE "C" NOT NULL DEFAULT 'other';
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ALTER TABLE enterprise ADD CONSTRAINT enterprise_sector_fkey FOREIGN KEY (sector) REFERENCES sector (code);

-- The row policy of a table with a place and a sector, as text. The sectors are a filter, never an index condition,
-- and are parsed once a statement; unset settings mean every sector, of the places that the scope holds.
CREATE FUNCTION scope_policy(place_column text, sector_column text) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp
AS $$
    SELECT scope_policy(place_column) || format(
        ' AND coalesce(%1$I = ANY ((SELECT nullif(current_setting(''app.sectors'', true), ''''))::text[]), true)',
        sector_column)
$$;

-- Rows that belong to a place: seen and written by whoever's scope holds it, and its sector where the table has one.
CREATE OR REPLACE FUNCTION scope_table(t regclass, web_rights text DEFAULT 'SELECT', place_column text DEFAULT 'place')
RETURNS void
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    rule text := CASE WHEN has_sector(t) THEN scope_policy(place_column, 'sector') ELSE scope_policy(place_column) END;
BEGIN
    PERFORM protect_table(t);
    EXECUTE format('CREATE POLICY web_scope ON %s TO fengsui_web USING (%s) WITH CHECK (%s)', t, rule, rule);
    EXECUTE format('GRANT %s ON %s TO fengsui_web', web_rights, t);
END $$;

CREATE FUNCTION has_sector(t regclass) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = t AND attname = 'sector' AND NOT attisdropped)
$$;
GRANT EXECUTE ON FUNCTION has_sector(regclass) TO fengsui_web, fengsui_worker;

-- Every table that has a place gets the sector of what stands there.
DO $$
DECLARE
    t regclass;
BEGIN
    FOR t IN
        SELECT p.polrelid::regclass FROM pg_policy AS p
        JOIN pg_attribute AS a ON a.attrelid = p.polrelid AND a.attname = 'place' AND NOT a.attisdropped
        WHERE p.polname = 'web_scope' ORDER BY 1
    LOOP
        IF NOT has_sector(t) THEN
            -- What happens without an enterprise (an event of a region) has no sector and is held by every list.
            EXECUTE format('ALTER TABLE %s ADD COLUMN sector text COLLATE "C" NOT NULL DEFAULT %L', t,
                           CASE WHEN t = 'live_event'::regclass THEN '' ELSE 'other' END);
        END IF;
        EXECUTE format('DROP POLICY web_scope ON %s', t);
        EXECUTE format('CREATE POLICY web_scope ON %s TO fengsui_web USING (%s) WITH CHECK (%s)',
                       t, scope_policy('place', 'sector'), scope_policy('place', 'sector'));
    END LOOP;
END $$;

-- Copies place and, where the table has one, sector of a row's owner:
-- CREATE TRIGGER … BEFORE INSERT … EXECUTE FUNCTION place_from('enterprise', 'enterprise_id').
-- Reads the owner with the writer's own eyes: an owner outside the scope has no place, and NOT NULL refuses the row.
CREATE OR REPLACE FUNCTION place_from() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    IF has_sector(TG_RELID) THEN
        EXECUTE format('SELECT place, sector FROM %I WHERE id = ($1).%I', TG_ARGV[0], TG_ARGV[1])
            INTO NEW.place, NEW.sector USING NEW;
    ELSE
        EXECUTE format('SELECT place FROM %I WHERE id = ($1).%I', TG_ARGV[0], TG_ARGV[1]) INTO NEW.place USING NEW;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION place_of_gateway() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    SELECT place, sector INTO STRICT NEW.place, NEW.sector FROM gateway WHERE id = NEW.gateway_id;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION place_of_enterprise() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    SELECT place, sector INTO STRICT NEW.place, NEW.sector FROM enterprise WHERE id = NEW.enterprise_id;
    RETURN NEW;
END $$;

-- An event of an enterprise carries its sector, found by the place it names.
CREATE FUNCTION live_event_sector() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    NEW.sector := coalesce((SELECT e.sector FROM enterprise AS e WHERE e.place = NEW.place), '');
    RETURN NEW;
END $$;
CREATE TRIGGER live_event_sector BEFORE INSERT ON live_event FOR EACH ROW EXECUTE FUNCTION live_event_sector();

-- An enterprise that changes its sector takes with it whatever hangs on it, in the same transaction.
CREATE FUNCTION enterprise_sector_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    t regclass;
BEGIN
    FOR t IN
        SELECT c.oid::regclass FROM pg_class AS c
        JOIN pg_attribute AS p ON p.attrelid = c.oid AND p.attname = 'place' AND NOT p.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND c.oid <> 'enterprise'::regclass AND has_sector(c.oid)
    LOOP
        EXECUTE format('UPDATE %s SET sector = $1 WHERE place IN ($2, $3) AND sector <> $1', t)
            USING NEW.sector, OLD.place, NEW.place;
    END LOOP;
    -- Every process that remembers where gateways stand looks again.
    PERFORM pg_notify('fengsui_trust', '');
    RETURN NULL;
END $$;
CREATE TRIGGER enterprise_sector_follows AFTER UPDATE OF sector ON enterprise
    FOR EACH ROW WHEN (OLD.sector IS DISTINCT FROM NEW.sector) EXECUTE FUNCTION enterprise_sector_follows();

-- --- roles -----------------------------------------------------------------------------------------------

-- kind: what code branches on. data_scope: all, custom (areas of the account), own (enterprises that the agency
-- itself supervises), own-and-below (the agency's areas), self (the enterprise; of an inspector, what is assigned).
CREATE TABLE role (
    code text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL,
    built_in boolean NOT NULL DEFAULT false,
    data_scope text NOT NULL,
    sectors text [],
    note text NOT NULL DEFAULT '',
    version int NOT NULL DEFAULT 1,
    CONSTRAINT role_code_form CHECK (code ~ '^[a-z][a-z0-9-]{1,31}$'),
    CONSTRAINT role_name_key UNIQUE (name),
    CONSTRAINT role_kind_known CHECK (kind IN (
        'supervisor', 'enterprise', 'inspector', 'installer', 'committee', 'intermediary', 'administrator')),
    CONSTRAINT role_data_scope_known CHECK (data_scope IN ('all', 'custom', 'own', 'own-and-below', 'self')),
    -- An enterprise sees itself, whatever agency its people know.
    CONSTRAINT role_of_an_enterprise CHECK (kind <> 'enterprise' OR data_scope = 'self'),
    CONSTRAINT role_sectors_some CHECK (cardinality(sectors) > 0)
);

CREATE TABLE role_operation (
    role text COLLATE "C" NOT NULL REFERENCES role (code) ON DELETE CASCADE,
    operation text COLLATE "C" NOT NULL,
    PRIMARY KEY (role, operation),
    CONSTRAINT role_operation_form CHECK (operation ~ '^[a-z][a-z-]{1,31}$')
);

INSERT INTO role (code, name, kind, built_in, data_scope) VALUES
    ('province', '省级监管', 'supervisor', true, 'own-and-below'),
    ('city', '市级监管', 'supervisor', true, 'own-and-below'),
    ('county', '县级监管', 'supervisor', true, 'own-and-below'),
    ('township', '乡镇监管', 'supervisor', true, 'own-and-below'),
    ('village', '村级网格', 'supervisor', true, 'own-and-below'),
    ('enterprise', '企业管理员', 'enterprise', true, 'self'),
    ('enterprise-head', '企业部门负责人', 'enterprise', true, 'self'),
    ('enterprise-staff', '企业员工', 'enterprise', true, 'self'),
    ('inspector', '网格巡查员', 'inspector', true, 'self'),
    ('installer', '安装调试员', 'installer', true, 'own-and-below'),
    ('committee', '安委会成员单位管理员', 'committee', true, 'custom'),
    ('intermediary', '中介机构', 'intermediary', true, 'custom'),
    ('admin', '系统管理员', 'administrator', true, 'all'),
    ('security', '安全管理员', 'administrator', true, 'all'),
    ('auditor', '审计管理员', 'administrator', true, 'all');

-- Closing is the supervising agency's verification; an enterprise never verifies itself. An administrator keeps the
-- system and answers for no warning; the three administrators share no power (GB/T 22239 level 3), and the auditor
-- changes nothing. To cover an alarm keeps a horn silent: for those alone who stand at the plant.
INSERT INTO role_operation (role, operation)
SELECT g.role, unnest(string_to_array(g.operations, ' '))
FROM (VALUES
    ('province', 'see acknowledge handle false-alarm close command organisation account personal'),
    ('city', 'see acknowledge handle false-alarm close command organisation account personal'),
    ('county', 'see acknowledge handle false-alarm close command organisation account personal'),
    ('township', 'see acknowledge handle false-alarm close command personal'),
    ('village', 'see acknowledge handle false-alarm close command personal'),
    ('enterprise', 'see acknowledge handle false-alarm command cover organisation account'),
    ('enterprise-head', 'see acknowledge handle false-alarm command cover'),
    ('enterprise-staff', 'see acknowledge handle'),
    ('inspector', 'see acknowledge handle'),
    ('installer', 'see command cover device'),
    ('committee', 'see'),
    ('intermediary', 'see'),
    ('admin', 'see account organisation registry device region backup audit-system'),
    ('security', 'see role api-key audit-security account'),
    ('auditor', 'see audit audit-system audit-security')
) AS g (role, operations);

SELECT open_table('role'), open_table('role_operation');
SELECT audit_table('role', 'code', 'version'), audit_table('role_operation', 'role');

ALTER TABLE account DROP CONSTRAINT account_role_known;
ALTER TABLE account DROP CONSTRAINT account_role_has_its_place;
-- A table of some thousand people, rewritten in milliseconds.
-- squawk-ignore changing-column-type
ALTER TABLE account ALTER COLUMN role TYPE text COLLATE "C";
-- The built-in roles hold every role that the old constraint let in.
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ALTER TABLE account ADD CONSTRAINT account_role_fkey FOREIGN KEY (role) REFERENCES role (code);
CREATE INDEX account_role ON account (role);

-- What a kind of person must belong to.
CREATE FUNCTION account_role_has_its_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    of_kind text := (SELECT kind FROM role WHERE code = NEW.role);
BEGIN
    IF (of_kind = 'enterprise' AND NEW.enterprise_id IS NULL) OR (of_kind = 'supervisor' AND NEW.agency_id IS NULL) THEN
        RAISE EXCEPTION 'account % of kind % belongs nowhere', NEW.login, of_kind
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_role_has_its_place';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_role_has_its_place BEFORE INSERT OR UPDATE OF role, agency_id, enterprise_id ON account
    FOR EACH ROW EXECUTE FUNCTION account_role_has_its_place();

-- Whether the person of this transaction may do something; for policies, as `(SELECT app_may('audit'))`.
CREATE FUNCTION app_may(word text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT EXISTS (
        SELECT 1 FROM role_operation WHERE role = current_setting('app.role', true) AND operation = word)
$$;

-- The kind of role of the person of this transaction; NULL for a stranger.
CREATE FUNCTION app_kind() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT kind FROM role WHERE code = current_setting('app.role', true)
$$;
GRANT EXECUTE ON FUNCTION app_may(text), app_kind() TO fengsui_web, fengsui_worker;

DROP POLICY web_own ON account;
CREATE POLICY web_own ON account FOR SELECT TO fengsui_web USING (
    id = nullif(current_setting('app.actor', true), '')::int
    OR ((SELECT app_kind()) = 'administrator' AND (SELECT app_may('account'))));
DROP POLICY web_read ON audit;
CREATE POLICY web_read ON audit FOR SELECT TO fengsui_web USING (
    (SELECT app_may('audit') OR app_may('audit-system') OR app_may('audit-security')));
