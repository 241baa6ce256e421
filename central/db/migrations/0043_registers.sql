-- Policies whose cost the planner knows; files that say which state of a record they carry; duplicates that are merged.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- the row policy, as the planner counts it ----------------------------------------------------------------

-- "coalesce(…, true)" counts as one half, whatever is inside: two of them let the planner expect a quarter of the rows
-- that come, and a page of fifty was sorted out of all instead of read from an index. What nearly everybody's scope is,
-- one range and every sector, lets every row through: this operator is <@ that says so (neqsel without a negator is
-- 0.995), and IS NOT FALSE, which means what coalesce meant, counts as what it asks about.
CREATE OPERATOR <@@ (
    LEFTARG = anyelement, RIGHTARG = anymultirange, FUNCTION = pg_catalog.elem_contained_by_multirange,
    RESTRICT = neqsel
);

CREATE OR REPLACE FUNCTION scope_policy(place_column text) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(
        '%1$I >= current_setting(''app.place_lo'', true) AND %1$I < current_setting(''app.place_hi'', true)'
        ' AND (%1$I::text OPERATOR(public.<@@) (SELECT nullif(current_setting(''app.places'', true), '''')'
        '::public.place_multirange)) IS NOT FALSE',
        place_column)
$$;

CREATE OR REPLACE FUNCTION scope_policy(place_column text, sector_column text) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp
AS $$
    SELECT scope_policy(place_column) || format(
        ' AND (%1$I = ANY ((SELECT nullif(current_setting(''app.sectors'', true), ''''))::text[])) IS NOT FALSE',
        sector_column)
$$;

-- The policies that are there already, in these words: of the text that PostgreSQL keeps, the two forms that
-- scope_policy() made become the two that it makes now, and nothing else of a policy is touched.
DO $$
DECLARE
    p record;
    places text := $re$COALESCE\(\((\w+(?:\.\w+)?) <@ (\( SELECT \(NULLIF\(current_setting\('app\.places'::text, true\), ''::text\)\)::place_multirange AS "nullif"\))\), true\)$re$;
    sectors text := $re$COALESCE\(\((\w+(?:\.\w+)?) = ANY \((\(\( SELECT NULLIF\(current_setting\('app\.sectors'::text, true\), ''::text\) AS "nullif"\)\)::text\[\])\)\), true\)$re$;
    using_ text;
    check_ text;
BEGIN
    FOR p IN
        SELECT polname, polrelid::regclass AS t, pg_get_expr(polqual, polrelid) AS using_,
               pg_get_expr(polwithcheck, polrelid) AS check_
        FROM pg_policy ORDER BY polrelid::regclass::text, polname
    LOOP
        using_ := regexp_replace(regexp_replace(p.using_, places, '((\1 OPERATOR(public.<@@) \2) IS NOT FALSE)', 'g'),
                                 sectors, '((\1 = ANY (\2)) IS NOT FALSE)', 'g');
        check_ := regexp_replace(regexp_replace(p.check_, places, '((\1 OPERATOR(public.<@@) \2) IS NOT FALSE)', 'g'),
                                 sectors, '((\1 = ANY (\2)) IS NOT FALSE)', 'g');
        IF using_ IS DISTINCT FROM p.using_ OR check_ IS DISTINCT FROM p.check_ THEN
            EXECUTE format('ALTER POLICY %I ON %s %s %s', p.polname, p.t, 'USING (' || using_ || ')',
                           'WITH CHECK (' || check_ || ')');
        END IF;
    END LOOP;
END $$;

-- --- files that say which state of a record they carry -------------------------------------------------------

-- Whether rows are written whose records were changed since the file was taken away; how many were refused for that.
ALTER TABLE import_job ADD COLUMN overwrite boolean NOT NULL DEFAULT false, ADD COLUMN outdated int NOT NULL DEFAULT 0;
