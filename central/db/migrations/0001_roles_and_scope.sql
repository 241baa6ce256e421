-- Jurisdiction: who may see a row is decided here, once, for every table of every later migration.
-- The roles themselves belong to the server and are made by roles.sql before the first migration.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- Nobody makes objects here but the owner; nobody calls a function that was not granted by name.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO fengsui_web, fengsui_worker;

-- An exact scope of several ranges travels as one value of this type: '{["429981101","429981101:"),…}'.
CREATE TYPE place_range AS RANGE (
    subtype = text, collation = "C", multirange_type_name = place_multirange
);

-- The row policy of a table with a place column, as text. The enclosing range comes first and in plain operators,
-- so that an index on the column serves it; the exact list is a filter and is parsed once a statement.
-- Unset settings are NULL or '' and hold no row.
CREATE FUNCTION scope_policy(place_column text) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(
        '%1$I >= current_setting(''app.place_lo'', true) AND %1$I < current_setting(''app.place_hi'', true)'
        ' AND coalesce(%1$I::text <@ (SELECT nullif(current_setting(''app.places'', true), '''')'
        '::public.place_multirange), true)',
        place_column)
$$;

-- Switches row level security on and forces it, with the policies that every kind of table shares.
CREATE FUNCTION protect_table(t regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
    -- The owner cannot log in; migrations and security definer functions act in its name.
    EXECUTE format('CREATE POLICY owner_all ON %s TO fengsui_owner USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY worker_all ON %s TO fengsui_worker USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO fengsui_worker', t);
END $$;

-- Rows that belong to a place: seen and written by whoever's scope holds it.
-- web_rights: what requests may do, for example 'SELECT, INSERT, UPDATE'.
CREATE FUNCTION scope_table(t regclass, web_rights text DEFAULT 'SELECT', place_column text DEFAULT 'place')
RETURNS void
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM protect_table(t);
    EXECUTE format('CREATE POLICY web_scope ON %s TO fengsui_web USING (%s) WITH CHECK (%s)',
                   t, scope_policy(place_column), scope_policy(place_column));
    EXECUTE format('GRANT %s ON %s TO fengsui_web', web_rights, t);
END $$;

-- Rows without a place of their own that belong to a row that has one (a step of a warning): seen with their parent.
-- The parent's own policy does the judging.
CREATE FUNCTION scope_child_table(
    t regclass, parent regclass, child_column text, parent_column text DEFAULT 'id',
    web_rights text DEFAULT 'SELECT')
RETURNS void
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    rule text := format('EXISTS (SELECT 1 FROM %s AS parent WHERE parent.%I = %s.%I)',
                        parent, parent_column, t, child_column);
BEGIN
    PERFORM protect_table(t);
    EXECUTE format('CREATE POLICY web_scope ON %s TO fengsui_web USING (%s) WITH CHECK (%s)', t, rule, rule);
    EXECUTE format('GRANT %s ON %s TO fengsui_web', web_rights, t);
END $$;

-- Reference data (regions, standards, policies): read by everybody who has any scope, written by workers only.
CREATE FUNCTION open_table(t regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM protect_table(t);
    EXECUTE format(
        'CREATE POLICY web_read ON %s FOR SELECT TO fengsui_web '
        'USING (coalesce(current_setting(''app.place_hi'', true), '''') <> '''')', t);
    EXECUTE format('GRANT SELECT ON %s TO fengsui_web', t);
END $$;

-- The machinery's own tables (cursors, timers, ledgers): requests never see them.
CREATE FUNCTION worker_table(t regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM protect_table(t);
END $$;

SELECT worker_table('schema_migration');
REVOKE INSERT, UPDATE, DELETE ON schema_migration FROM fengsui_worker;
