-- Regions that end and have successors, industries, and the jobs by which enterprises change region, agency or
-- sector. Keeps law-warning 21: rows follow their owner, one resumable job, acted-on cases stay readable, aliases.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- regions ---------------------------------------------------------------------------------------------

-- valid_from: first day; valid_to: first day on which the code is no more (区划撤销), NULL while it lives. A code that
-- ended stays as an alias of its successors.
ALTER TABLE region
    ADD COLUMN valid_from date,
    ADD COLUMN valid_to date,
    ADD COLUMN source text NOT NULL DEFAULT '';
-- Regions so far have neither day: there is nothing to validate.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE region ADD CONSTRAINT region_days_in_order CHECK (valid_from < valid_to);
CREATE INDEX region_name ON region (name COLLATE "C" text_pattern_ops);

-- 660,000 rows from a package are one entry of the audit, written by the loader with counts and the file's hash.
DROP TRIGGER audit_row ON region;
CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON region FOR EACH ROW
    WHEN (coalesce(current_setting('app.bulk', true), '') <> 'on') EXECUTE FUNCTION audit_row('code');

-- --- industries ------------------------------------------------------------------------------------------

-- GB/T 4754: 门类 (one letter), 大类, 中类, 小类 (2, 3, 4 digits). `source` says how far a row is to be trusted.
CREATE TABLE industry (
    code text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    level smallint NOT NULL GENERATED ALWAYS AS (length(code)) STORED,
    parent_code text COLLATE "C" REFERENCES industry (code),
    initials text COLLATE "C" NOT NULL DEFAULT '',
    standard text NOT NULL DEFAULT 'GB/T 4754',
    edition text NOT NULL DEFAULT '2017',
    source text NOT NULL,
    CONSTRAINT industry_code_form CHECK (code ~ '^([A-Z]|[0-9]{2,4})$')
);
CREATE INDEX industry_parent ON industry (parent_code);
SELECT open_table('industry'), audit_table('industry', 'code');

-- --- jobs ------------------------------------------------------------------------------------------------

-- A move of one enterprise, or a reorganisation of regions and agencies. `place`: the smallest region that holds
-- everything that the job touches; whoever sees all of it sees the job. `plan` is what was asked for.
CREATE TABLE relocation (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    place text COLLATE "C" NOT NULL,
    title text NOT NULL,
    reason text NOT NULL,
    document text NOT NULL DEFAULT '',
    plan jsonb NOT NULL,
    state text NOT NULL DEFAULT 'planned',
    effective_at timestamptz NOT NULL,
    made_at timestamptz NOT NULL,
    made_by int REFERENCES account (id),
    made_by_name text NOT NULL,
    made_by_role text NOT NULL DEFAULT '',
    started_at timestamptz,
    ended_at timestamptz,
    total int NOT NULL DEFAULT 0,
    done int NOT NULL DEFAULT 0,
    rows_moved bigint NOT NULL DEFAULT 0,
    failures int NOT NULL DEFAULT 0,
    failure text NOT NULL DEFAULT '',
    retry_at timestamptz,
    CONSTRAINT relocation_kind_known CHECK (kind IN ('move', 'reorganisation')),
    CONSTRAINT relocation_state_known CHECK (state IN ('planned', 'running', 'done', 'cancelled')),
    CONSTRAINT relocation_reason_given CHECK (length(btrim(reason)) > 1)
);
CREATE INDEX relocation_waiting ON relocation (effective_at) WHERE state IN ('planned', 'running');
CREATE INDEX relocation_place ON relocation (place, id DESC);
SELECT scope_table('relocation', 'SELECT, INSERT, UPDATE');
SELECT audit_table('relocation', 'id', 'done', 'rows_moved', 'failures', 'failure', 'retry_at');

-- One enterprise of a job. NULL of what it goes to: stays. It moves with all its rows in one transaction.
CREATE TABLE relocation_item (
    relocation_id int NOT NULL REFERENCES relocation (id),
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    to_region text COLLATE "C" REFERENCES region (code),
    to_agency_id int REFERENCES agency (id),
    to_sector text COLLATE "C",
    from_place text COLLATE "C",
    to_place text COLLATE "C",
    state text NOT NULL DEFAULT 'waiting',
    rows bigint NOT NULL DEFAULT 0,
    done_at timestamptz,
    PRIMARY KEY (relocation_id, enterprise_id),
    CONSTRAINT relocation_item_state_known CHECK (state IN ('waiting', 'done'))
);
SELECT scope_child_table('relocation_item', 'relocation', 'relocation_id', 'id', 'SELECT, INSERT');
CREATE INDEX relocation_item_enterprise ON relocation_item (enterprise_id);

-- Old code to new code. `renumbered`: the one successor of this one predecessor, so that whatever names the
-- old code may name the new one instead; a code that was merged or split says only where to look.
CREATE TABLE region_successor (
    code text COLLATE "C" NOT NULL REFERENCES region (code),
    successor text COLLATE "C" NOT NULL REFERENCES region (code),
    since date NOT NULL,
    renumbered boolean NOT NULL,
    relocation_id int REFERENCES relocation (id),
    PRIMARY KEY (code, successor)
);
CREATE INDEX region_successor_of ON region_successor (successor);
SELECT open_table('region_successor'), audit_table('region_successor', 'code');

-- Where an old code is today: its successors, and theirs, that are in force. Itself when it never ended.
CREATE FUNCTION region_today(old text, today date) RETURNS SETOF text
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
    WITH RECURSIVE later (code, ended) AS (
        SELECT r.code, coalesce(r.valid_to <= today, false) FROM region AS r WHERE r.code = old
        UNION
        SELECT r.code, coalesce(r.valid_to <= today, false)
        FROM later AS l
        JOIN region_successor AS s ON s.code = l.code AND s.since <= today
        JOIN region AS r ON r.code = s.successor
        WHERE l.ended
    )
    SELECT l.code FROM later AS l WHERE NOT l.ended ORDER BY l.code
$$;
GRANT EXECUTE ON FUNCTION region_today(text, date) TO fengsui_web, fengsui_worker;

-- --- what an agency keeps --------------------------------------------------------------------------------

-- Cases that an agency acted on (or was called for) before their enterprise left its jurisdiction.
CREATE TABLE case_kept (
    warning_id uuid NOT NULL REFERENCES warning (id),
    agency_id int NOT NULL REFERENCES agency (id),
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    relocation_id int NOT NULL REFERENCES relocation (id),
    kept_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, warning_id)
);
CREATE INDEX case_kept_case ON case_kept (warning_id);
SELECT worker_table('case_kept');

-- Reading a kept case goes through these functions alone, which look up the person's own agency: a second arm in the
-- row policies of warnings made every list and count of everybody slower (measured: 1.1 to 6 times), and a foreign
-- case has no place in them.
CREATE FUNCTION kept_by_me(case_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT EXISTS (
        SELECT 1 FROM account AS a
        JOIN case_kept AS k ON k.agency_id = a.agency_id
        JOIN warning AS w ON w.id = k.warning_id
        WHERE a.id = nullif(current_setting('app.actor', true), '')::int AND a.active AND k.warning_id = case_id
          AND coalesce(w.sector = ANY (nullif(current_setting('app.sectors', true), '')::text []), true))
$$;

-- One kept case, or a page of them, newest first.
CREATE FUNCTION kept_cases(case_id uuid, before timestamptz, before_id uuid, most int)
RETURNS TABLE (kept warning, enterprise_name text, region_name text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT w, e.name, r.name
    FROM account AS a
    JOIN case_kept AS k ON k.agency_id = a.agency_id
    JOIN warning AS w ON w.id = k.warning_id
    JOIN enterprise AS e ON e.id = w.enterprise_id
    LEFT JOIN region AS r ON r.code = e.region_code
    WHERE a.id = nullif(current_setting('app.actor', true), '')::int AND a.active
      AND coalesce(w.sector = ANY (nullif(current_setting('app.sectors', true), '')::text []), true)
      AND (case_id IS NULL OR w.id = case_id)
      AND (before IS NULL OR (w.raised_at, w.id) < (before, before_id))
    ORDER BY w.raised_at DESC, w.id DESC
    LIMIT most
$$;

CREATE FUNCTION kept_story(case_id uuid) RETURNS SETOF warning_event
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$ SELECT v.* FROM warning_event AS v WHERE v.warning_id = case_id AND kept_by_me(case_id) $$;

CREATE FUNCTION kept_rungs(case_id uuid) RETURNS SETOF ladder_step
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$ SELECT s.* FROM ladder_step AS s WHERE s.warning_id = case_id AND kept_by_me(case_id) $$;

CREATE FUNCTION kept_calls(case_id uuid) RETURNS SETOF notification
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$ SELECT n.* FROM notification AS n WHERE n.warning_id = case_id AND kept_by_me(case_id) $$;
GRANT EXECUTE ON FUNCTION kept_cases(uuid, timestamptz, uuid, int), kept_story(uuid), kept_rungs(uuid),
    kept_calls(uuid) TO fengsui_web, fengsui_worker;

-- --- rows follow -----------------------------------------------------------------------------------------

-- A row that is written while its owner moves waits for the move and reads the new place: FOR KEY SHARE is what the
-- foreign key of the row takes anyway, and a move holds the owner FOR UPDATE until it commits.
CREATE OR REPLACE FUNCTION place_of_gateway() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    SELECT place, sector INTO STRICT NEW.place, NEW.sector FROM gateway WHERE id = NEW.gateway_id FOR KEY SHARE;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION place_of_enterprise() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    SELECT place, sector INTO STRICT NEW.place, NEW.sector FROM enterprise WHERE id = NEW.enterprise_id FOR KEY SHARE;
    RETURN NEW;
END $$;

-- An event of an enterprise stands where the enterprise stands now: a process may remember an older place. Only
-- "moved" speaks to those whom it leaves.
CREATE OR REPLACE FUNCTION live_event_sector() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    owner record;
BEGIN
    IF NEW.place LIKE '%/%' AND NEW.kind <> 'moved' THEN
        SELECT e.place, e.sector INTO owner FROM enterprise AS e
        WHERE e.code = split_part(NEW.place, '/', 2) FOR KEY SHARE;
        NEW.place := coalesce(owner.place, NEW.place);
        NEW.sector := coalesce(owner.sector, '');
    ELSIF NEW.kind <> 'moved' THEN
        NEW.sector := '';
    END IF;
    RETURN NEW;
END $$;

-- Every table whose rows stand at a place, found in the catalogue: a table of a later migration is in it by itself.
-- Tables that nobody may update keep what happened where it happened. `has_index`: place leads an index.
CREATE FUNCTION placed_tables() RETURNS TABLE (
    name regclass, sectored boolean, has_index boolean, by_gateway boolean, by_enterprise boolean, by_point boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT c.oid::regclass, bool_or(a.attname = 'sector'),
           EXISTS (SELECT 1 FROM pg_index AS i JOIN pg_attribute AS k ON k.attrelid = c.oid AND k.attnum = i.indkey[0]
                   WHERE i.indrelid = c.oid AND k.attname = 'place' AND i.indpred IS NULL),
           bool_or(a.attname = 'gateway_id'), bool_or(a.attname = 'enterprise_id'), bool_or(a.attname = 'point_id')
    FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND has_table_privilege('fengsui_worker', c.oid, 'UPDATE')
    GROUP BY c.oid, c.relname
    HAVING bool_or(a.attname = 'place' AND a.atttypid = 'text'::regtype)
    ORDER BY c.relname
$$;
GRANT EXECUTE ON FUNCTION placed_tables() TO fengsui_worker;

-- The condition by which the rows of one enterprise are found: $1 place, $2 enterprise. Tables without an index on the
-- place go by their owner; gateways that were once there are known by their births.
CREATE FUNCTION placed_rows(has_index boolean, by_gateway boolean, by_enterprise boolean, by_point boolean)
RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'place = $1 AND $2 IS NOT NULL' || CASE
        WHEN has_index THEN ''
        WHEN by_gateway THEN
            ' AND gateway_id IN (SELECT g.id FROM public.gateway AS g WHERE g.enterprise_id = $2'
            ' UNION SELECT b.gateway_id FROM public.birth AS b WHERE b.place = $1)'
        WHEN by_enterprise THEN ' AND enterprise_id = $2'
        WHEN by_point THEN
            ' AND point_id IN (SELECT p.id FROM public.point AS p WHERE p.enterprise_id = $2 OR p.place = $1)'
        ELSE '' END
$$;
GRANT EXECUTE ON FUNCTION placed_rows(boolean, boolean, boolean, boolean) TO fengsui_worker;

-- Copies an enterprise's new place and sector to its rows in some tables, or in all; how many rows that were.
CREATE FUNCTION rows_follow(enterprise int, old_place text, new_place text, new_sector text, only_in text [])
RETURNS bigint
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    t record;
    moved bigint;
    total bigint := 0;
BEGIN
    FOR t IN
        SELECT p.* FROM placed_tables() AS p
        WHERE p.name NOT IN ('enterprise'::regclass) AND (only_in IS NULL OR p.name::text = ANY (only_in))
        -- The births say which gateways were there: they go last.
        ORDER BY p.name = 'birth'::regclass, p.name::text
    LOOP
        EXECUTE format(
            'UPDATE %s SET place = $3%s WHERE %s AND (place <> $3%s)', t.name,
            CASE WHEN t.sectored THEN ', sector = $4' ELSE '' END,
            placed_rows(t.has_index, t.by_gateway, t.by_enterprise, t.by_point),
            CASE WHEN t.sectored THEN ' OR sector <> $4' ELSE ' OR $4 IS NULL' END)
        USING old_place, enterprise, new_place, new_sector;
        GET DIAGNOSTICS moved = ROW_COUNT;
        total := total + moved;
    END LOOP;
    RETURN total;
END $$;
GRANT EXECUTE ON FUNCTION rows_follow(int, text, text, text, text []) TO fengsui_worker;

-- How many rows of an enterprise there are, by table; for a plan.
CREATE FUNCTION rows_that_follow(enterprise int, at_place text) RETURNS TABLE (name text, rows bigint)
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT p.* FROM placed_tables() AS p LOOP
        name := t.name::text;
        EXECUTE format('SELECT count(*) FROM %s WHERE %s', t.name,
                       placed_rows(t.has_index, t.by_gateway, t.by_enterprise, t.by_point))
            INTO rows USING at_place, enterprise;
        IF rows > 0 THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION rows_that_follow(int, text) TO fengsui_worker;

-- Whoever else changes an enterprise's region, code or sector takes its rows along in the same transaction.
CREATE OR REPLACE FUNCTION enterprise_sector_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM rows_follow(NEW.id, OLD.place, NEW.place, NEW.sector, NULL);
    RETURN NULL;
END $$;
DROP TRIGGER enterprise_sector_follows ON enterprise;
CREATE TRIGGER enterprise_sector_follows AFTER UPDATE ON enterprise FOR EACH ROW
    WHEN ((OLD.place, OLD.sector) IS DISTINCT FROM (NEW.place, NEW.sector)
          AND coalesce(current_setting('app.moving', true), '') <> 'on')
    EXECUTE FUNCTION enterprise_sector_follows();

-- Whether an area (a region, or one enterprise) holds the place of an enterprise; '…/E1' does not hold '…/E10'.
CREATE FUNCTION area_holds(area text, place text) RETURNS boolean
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT area = place OR (strpos(area, '/') = 0 AND starts_with(place, area)) $$;
GRANT EXECUTE ON FUNCTION area_holds(text, text) TO fengsui_web, fengsui_worker;

-- Moves one enterprise with everything that is its own; NULL leaves region, agency or sector as it is.
-- Locks in the order of ingest (cursors, then their gateways), so that neither waits for the other in a ring; the
-- caller gives it a short lock_timeout and asks again.
CREATE FUNCTION relocate_enterprise(
    job int, enterprise_id int, to_region text, to_agency int, to_sector text, now timestamptz)
RETURNS TABLE (from_place text, to_place text, rows bigint)
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    before enterprise;
    after enterprise;
    said text;
BEGIN
    PERFORM set_config('app.moving', 'on', true);
    PERFORM 1 FROM stream_cursor AS c JOIN gateway AS g ON g.id = c.gateway_id
    WHERE g.enterprise_id = $2 ORDER BY c.gateway_id, c.stream, c.epoch FOR UPDATE OF c;
    PERFORM 1 FROM gateway AS g WHERE g.enterprise_id = $2 ORDER BY g.id FOR UPDATE;
    SELECT e.* INTO STRICT before FROM enterprise AS e WHERE e.id = $2 FOR UPDATE;
    UPDATE enterprise AS e SET
        region_code = coalesce($3, e.region_code), agency_id = coalesce($4, e.agency_id),
        sector = coalesce($5, e.sector), version = e.version + 1
    WHERE e.id = $2 RETURNING e.* INTO after;
    from_place := before.place;
    to_place := after.place;
    rows := 1 + rows_follow($2, before.place, after.place, after.sector, NULL);
    -- Whoever acted on a case and no longer sees it keeps it, to read.
    INSERT INTO case_kept (warning_id, agency_id, enterprise_id, relocation_id, kept_at)
    SELECT DISTINCT w.id, g.agency_id, w.enterprise_id, $1, $6
    FROM warning AS w
    CROSS JOIN LATERAL (
        SELECT a.agency_id FROM account AS a
        WHERE a.id IN (
            SELECT v.account_id FROM warning_event AS v WHERE v.warning_id = w.id AND v.source = 'person'
            UNION SELECT n.account_id FROM notification AS n
            WHERE n.warning_id = w.id AND n.state IN ('sent', 'delivered', 'read')
            UNION VALUES (w.acknowledged_by), (w.handled_by), (w.closed_by), (w.false_by))
        UNION SELECT w.handled_agency_id
    ) AS g
    WHERE w.enterprise_id = $2 AND g.agency_id IS NOT NULL AND before.place <> after.place
        AND EXISTS (SELECT 1 FROM agency_area AS s
                    WHERE s.agency_id = g.agency_id AND area_holds(s.place_prefix, before.place))
        AND NOT EXISTS (SELECT 1 FROM agency_area AS s
                        WHERE s.agency_id = g.agency_id AND area_holds(s.place_prefix, after.place))
    ON CONFLICT DO NOTHING;
    -- Whoever sees it again needs no exception.
    DELETE FROM case_kept AS k USING agency_area AS s
    WHERE k.enterprise_id = $2 AND s.agency_id = k.agency_id AND area_holds(s.place_prefix, after.place);
    -- The ladders of open cases go on; their story says from here on with whom.
    said := concat_ws('；',
        CASE WHEN before.region_code <> after.region_code THEN format('区划由%s变更为%s',
            (SELECT r.name FROM region AS r WHERE r.code = before.region_code),
            (SELECT r.name FROM region AS r WHERE r.code = after.region_code)) END,
        CASE WHEN before.agency_id IS DISTINCT FROM after.agency_id THEN format('监管机构由%s变更为%s',
            coalesce((SELECT a.name FROM agency AS a WHERE a.id = before.agency_id), '（无）'),
            coalesce((SELECT a.name FROM agency AS a WHERE a.id = after.agency_id), '（无）')) END,
        CASE WHEN before.sector <> after.sector THEN format('监管领域由%s变更为%s',
            (SELECT s.name FROM sector AS s WHERE s.code = before.sector),
            (SELECT s.name FROM sector AS s WHERE s.code = after.sector)) END);
    INSERT INTO warning_event (warning_id, at, recorded_at, source, kind, title, detail)
    SELECT w.id, $6, $6, 'centre', 'moved', '企业已划转，升级继续', said FROM warning AS w
    WHERE w.enterprise_id = $2 AND w.state IN ('open', 'acknowledged');
    -- Those whom it leaves are told that it left, and nothing else of it.
    INSERT INTO live_event (kind, place, payload, sector)
    SELECT DISTINCT 'moved', p.place, jsonb_build_object('enterprise_id', $2), p.sector
    FROM (VALUES (before.place, before.sector), (after.place, after.sector)) AS p (place, sector);
    -- Every process that remembers where gateways stand looks again.
    PERFORM pg_notify('fengsui_trust', '');
    PERFORM set_config('app.moving', '', true);
    RETURN NEXT;
END $$;
GRANT EXECUTE ON FUNCTION relocate_enterprise(int, int, text, int, text, timestamptz) TO fengsui_worker;

-- What names a renumbered region otherwise than by an enterprise: rows of agencies and people (place), ladders and
-- level tables (region). Where the new code has its own already, the old one's stay behind as history.
CREATE FUNCTION references_follow(job int) RETURNS bigint
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    t regclass;
    moved bigint;
    total bigint := 0;
BEGIN
    FOR t IN SELECT p.name FROM placed_tables() AS p WHERE p.name <> 'enterprise'::regclass LOOP
        EXECUTE format('UPDATE %s AS t SET place = s.successor FROM region_successor AS s'
                       ' WHERE s.relocation_id = $1 AND s.renumbered AND t.place = s.code', t) USING job;
        GET DIAGNOSTICS moved = ROW_COUNT;
        total := total + moved;
    END LOOP;
    FOR t IN
        SELECT c.oid::regclass FROM pg_class AS c
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'region' AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND a.atttypid = 'text'::regtype AND has_table_privilege('fengsui_worker', c.oid, 'UPDATE')
    LOOP
        EXECUTE format('UPDATE %1$s AS t SET region = s.successor FROM region_successor AS s'
                       ' WHERE s.relocation_id = $1 AND s.renumbered AND t.region = s.code'
                       ' AND NOT EXISTS (SELECT 1 FROM %1$s AS o WHERE o.region = s.successor)', t) USING job;
        GET DIAGNOSTICS moved = ROW_COUNT;
        total := total + moved;
    END LOOP;
    RETURN total;
END $$;
GRANT EXECUTE ON FUNCTION references_follow(int) TO fengsui_worker;

-- Whoever works on jobs looks again.
CREATE FUNCTION relocation_wake() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('fengsui_relocation', '');
    RETURN NULL;
END $$;
CREATE TRIGGER relocation_wake AFTER INSERT OR UPDATE OF state ON relocation
    FOR EACH STATEMENT EXECUTE FUNCTION relocation_wake();
