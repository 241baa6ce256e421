-- What every register (台账) shares: typed columns out of a payload, who sees a record, former states, search, lists of
-- words. The tables themselves are made from the declarations, after the migrations (central/registry/tables.py).
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

INSERT INTO role_operation (role, operation)
SELECT g.role, g.operation FROM (VALUES
    ('province', 'register'), ('city', 'register'), ('county', 'register'), ('township', 'register'),
    ('village', 'register'), ('enterprise', 'register'), ('enterprise-head', 'register'),
    ('enterprise-staff', 'register'), ('inspector', 'register'), ('committee', 'register'),
    ('intermediary', 'register'), ('province', 'review'), ('city', 'review'), ('county', 'review'),
    ('township', 'review'), ('admin', 'dictionary')) AS g (role, operation);

-- --- typed columns ---------------------------------------------------------------------------------------

-- A field of a payload as a column. A value of another type (a declaration that changed) is none: it stays in the
-- payload and stops no migration. Numbers are double precision and bigint, whose operators an index under row level
-- security may use; those of numeric may not.
CREATE FUNCTION field_text(payload jsonb, field text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(payload -> field) = 'string' THEN payload ->> field END;

CREATE FUNCTION field_number(payload jsonb, field text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(payload -> field) = 'number' THEN (payload -> field)::double precision END;

CREATE FUNCTION field_whole(payload jsonb, field text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(payload -> field) = 'number' AND abs((payload -> field)::numeric) < 9e18
            THEN (payload -> field)::bigint END;

CREATE FUNCTION field_yes(payload jsonb, field text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(payload -> field) = 'boolean' THEN (payload -> field)::boolean END;

-- The first of the month and days after it: no text of this form makes it fail.
CREATE FUNCTION day_of(text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 ~ '^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
            THEN make_date(substr($1, 1, 4)::int, substr($1, 6, 2)::int, 1) + (substr($1, 9, 2)::int - 1) END;

CREATE FUNCTION field_day(payload jsonb, field text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN day_of(payload ->> field);

CREATE FUNCTION field_part(payload jsonb, field text, part text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(payload -> field -> part) = 'string' THEN payload -> field ->> part END;

CREATE FUNCTION field_edge(payload jsonb, field text, part text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN day_of(payload -> field ->> part);

CREATE FUNCTION field_parts(payload jsonb, field text) RETURNS text []
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(payload -> field -> 'choices') = 'array'
            THEN ARRAY(SELECT jsonb_array_elements_text(payload -> field -> 'choices')) END;

-- Pairs of neighbouring characters of a title and of its pinyin initials, and each Chinese character by itself, for the
-- index of the search: trigrams know no Chinese where the database's locale is C, and names of two characters have none.
-- In a loop: a third of the time that a query over generate_series takes for a name.
CREATE FUNCTION title_pairs(title text, initials text) RETURNS text []
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    part text;
    found text [] := '{}';
BEGIN
    FOREACH part IN ARRAY ARRAY[lower(title), initials] LOOP
        FOR n IN 1 .. length(part) LOOP
            IF n < length(part) THEN
                found := found || substr(part, n, 2);
            END IF;
            IF ascii(substr(part, n, 1)) > 127 THEN
                found := found || substr(part, n, 1);
            END IF;
        END LOOP;
    END LOOP;
    RETURN found;
END $$;

-- What of an index of title_pairs() holds some words: their pairs; a Chinese character; none for one letter or digit.
CREATE FUNCTION pairs(words text) RETURNS text []
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN length(words) > 1
            THEN ARRAY(SELECT DISTINCT substr(words, n, 2) FROM generate_series(1, length(words) - 1) AS n)
            WHEN ascii(words) > 127 THEN ARRAY[words] ELSE '{}' END;

GRANT EXECUTE ON FUNCTION field_text(jsonb, text), field_number(jsonb, text), field_whole(jsonb, text),
    field_yes(jsonb, text), day_of(text), field_day(jsonb, text), field_part(jsonb, text, text),
    field_edge(jsonb, text, text), field_parts(jsonb, text), title_pairs(text, text), pairs(text)
    TO fengsui_web, fengsui_worker;

-- --- who sees a record -----------------------------------------------------------------------------------

-- The agencies in whose area somebody of this transaction stands, wholly with one of the ranges of the scope: what
-- they put in force for everyone there is read by that somebody. A county is not read by the next one, nor is the
-- whole city part of a county.
CREATE FUNCTION agencies_over_me() RETURNS int []
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT coalesce(array_agg(DISTINCT x.agency_id), '{}')
    FROM unnest(coalesce(
        nullif(current_setting('app.places', true), '')::place_multirange,
        CASE WHEN current_setting('app.place_hi', true) <> '' THEN place_multirange(place_range(
            current_setting('app.place_lo', true), current_setting('app.place_hi', true))) END,
        '{}'::place_multirange)) AS mine (range)
    JOIN agency_area AS x
        ON place_range(x.place_prefix, x.place_prefix || CASE WHEN strpos(x.place_prefix, '/') > 0 THEN ' ' ELSE ':' END)
           @> mine.range
$$;
GRANT EXECUTE ON FUNCTION agencies_over_me() TO fengsui_web, fengsui_worker;

-- What every table of a register has: seen and written inside the scope, audited, placed with its owner. The audit
-- leaves out what follows from the rest (typed columns are told as `derived`).
CREATE FUNCTION register_table(t regclass, shared boolean, VARIADIC derived text []) RETURNS void
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM scope_table(t, 'SELECT, INSERT, UPDATE');
    -- Of a hundred thousand places the usual hundred steps say nothing about a township: ranges were taken for a
    -- thirtieth of what they hold, and pages read by the wrong index.
    EXECUTE format('ALTER TABLE %s ALTER COLUMN place SET STATISTICS 1000', t);
    IF shared THEN
        EXECUTE format('CREATE POLICY web_shared ON %s FOR SELECT TO fengsui_web USING (counted IS NOT NULL '
                       'AND removed_at IS NULL AND agency_id = ANY ((SELECT agencies_over_me())::int []))', t);
    END IF;
    EXECUTE format('CREATE TRIGGER record_place BEFORE INSERT OR UPDATE OF enterprise_id, agency_id, place ON %s '
                   'FOR EACH ROW EXECUTE FUNCTION place_of_owner()', t);
    EXECUTE format('SELECT audit_table(%L, %s)', t,
                   (SELECT string_agg(quote_literal(name), ', ' ORDER BY place) FROM unnest(
                        ARRAY['id', 'place', 'sector', 'version', 'initials', 'grams', 'changed_at', 'counted_title',
                              'counted_initials', 'counted_version', 'counted_from', 'counted_at', 'counted_name']
                        || derived)
                    WITH ORDINALITY AS d (name, place)));
END $$;

-- An agency that moves takes its records along; those of an enterprise follow with rows_follow().
CREATE FUNCTION records_follow_agency() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    t regclass;
BEGIN
    FOR t IN SELECT c.oid::regclass FROM pg_class AS c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname LIKE 'reg\_%'
             ORDER BY c.relname
    LOOP
        EXECUTE format('UPDATE %s SET place = '''' WHERE agency_id = $1', t) USING NEW.id;
    END LOOP;
    UPDATE record_version SET place = NEW.place WHERE place = OLD.place;
    RETURN NULL;
END $$;
CREATE TRIGGER records_follow_agency AFTER UPDATE ON agency
    FOR EACH ROW WHEN (OLD.place IS DISTINCT FROM NEW.place) EXECUTE FUNCTION records_follow_agency();

-- --- former states ---------------------------------------------------------------------------------------

-- What a record was before each of its changes; the newest state is the record itself. Written once.
CREATE TABLE record_version (
    register text COLLATE "C" NOT NULL,
    record_id bigint NOT NULL,
    version int NOT NULL,
    at timestamptz NOT NULL,
    by int,
    by_name text NOT NULL,
    reason text NOT NULL DEFAULT '',
    state text NOT NULL,
    valid_from date,
    payload jsonb NOT NULL,
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (register, record_id, version)
);
CREATE INDEX record_version_place ON record_version (place);
SELECT scope_table('record_version', 'SELECT, INSERT');

-- --- search ----------------------------------------------------------------------------------------------

-- The records of a register whose title, or its pinyin initials, hold some words: all of them, or the first ones of an
-- order. An index on pairs cannot serve a policy's reader (its operator may leak), so this one function reads in its
-- owner's name and applies the policies of the table itself, word by word; whoever joins its answer to the table is
-- judged by them once more. What else narrows a list narrows here: nothing is cut off before it.
--
-- narrowed: a JSON array of [column, sign, value], where a sign is = < <= > >=, "in" (one of a list), "holds" (a list
-- that has the value), "open" (empty, or >=), "filled", "empty", or "<id" and ">id" (the pair of the column and id,
-- compared with [value, id]). Names of columns are looked up and values quoted: no SQL comes from outside.
-- sorted, turned: a column, which id follows; descending. most: how many, all when NULL.
-- What it looks up is planned once a session (planning it each time took half of a search); what it finds by is planned
-- for its values each time, as EXECUTE does.
CREATE FUNCTION search_register(
    register text, wanted text, narrowed jsonb DEFAULT '[]', sorted text DEFAULT 'id', turned boolean DEFAULT true,
    most int DEFAULT NULL) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    t regclass := to_regclass('public.' || quote_ident('reg_' || replace(register, '-', '_')));
    words text := lower(wanted);
    way text := CASE WHEN turned THEN 'DESC' ELSE 'ASC' END;
    seen text;
    ranges text;
    terms text [];
BEGIN
    SELECT string_agg('(' || pg_get_expr(p.polqual, p.polrelid) || ')', ' OR ') INTO seen FROM pg_policy AS p
    WHERE p.polrelid = t AND p.polpermissive AND p.polcmd IN ('r', '*')
      AND p.polroles = ARRAY['fengsui_web'::regrole::oid];
    IF seen IS NULL THEN
        RETURN;
    END IF;
    -- Several ranges, written out: the policy knows them as a filter only. What is shared lies outside of them.
    IF current_setting('app.places', true) <> '' AND strpos(seen, 'agencies_over_me') = 0 THEN
        SELECT string_agg(format('place >= %L AND place < %L', lower(one), upper(one)), ' OR ') INTO ranges
        FROM unnest(current_setting('app.places')::place_multirange) AS one;
    END IF;
    SELECT coalesce(array_agg(
        CASE
            WHEN a.attname IS NULL THEN NULL
            WHEN one ->> 1 IN ('=', '<', '<=', '>', '>=')
                THEN format('%I %s %L::%s', a.attname, one ->> 1, one ->> 2, format_type(a.atttypid, a.atttypmod))
            WHEN one ->> 1 = 'in'
                THEN format('%I = ANY (%L::%s[])', a.attname, ARRAY(SELECT jsonb_array_elements_text(one -> 2)),
                            format_type(a.atttypid, a.atttypmod))
            WHEN one ->> 1 = 'holds' THEN format('%L = ANY (%I)', one ->> 2, a.attname)
            WHEN one ->> 1 = 'open'
                THEN format('(%I IS NULL OR %1$I >= %2$L::%3$s)', a.attname, one ->> 2,
                            format_type(a.atttypid, a.atttypmod))
            WHEN one ->> 1 = 'filled' THEN format('%I IS NOT NULL', a.attname)
            WHEN one ->> 1 = 'empty' THEN format('%I IS NULL', a.attname)
            WHEN one ->> 1 IN ('<id', '>id')
                THEN format('(%I, id) %s (%L::%s, %L::bigint)', a.attname, left(one ->> 1, 1), one -> 2 ->> 0,
                            format_type(a.atttypid, a.atttypmod), one -> 2 ->> 1)
        END), '{}') INTO terms
    FROM jsonb_array_elements(narrowed) AS one
    LEFT JOIN pg_attribute AS a
        ON a.attrelid = t AND a.attname = one ->> 0 AND a.attnum > 0 AND NOT a.attisdropped;
    IF array_position(terms, NULL) IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM pg_attribute WHERE attrelid = t AND attname = sorted AND attnum > 0 AND NOT attisdropped)
    THEN
        RAISE EXCEPTION '% has no such column, or there is no such sign: %, %', t, narrowed, sorted;
    END IF;
    IF cardinality(pairs(words)) > 0 THEN
        terms := format('grams @> %L::text[]', pairs(words)) || terms;
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT id FROM %s WHERE removed_at IS NULL AND (%s)%s%s'
        ' AND (strpos(lower(title), %5$L) > 0 OR strpos(initials, %5$L) > 0)%6$s',
        t, seen, ' AND (' || ranges || ')', ' AND ' || array_to_string(nullif(terms, '{}'), ' AND '), words,
        CASE WHEN most IS NOT NULL
            THEN ' ORDER BY ' || CASE WHEN sorted <> 'id' THEN format('%I %s, ', sorted, way) ELSE '' END
                 || format('id %s LIMIT %s', way, most) END);
END $$;
GRANT EXECUTE ON FUNCTION search_register(text, text, jsonb, text, boolean, int) TO fengsui_web, fengsui_worker;

-- --- lists of words --------------------------------------------------------------------------------------

-- Words that an administrator keeps and that forms offer; first entries come with the program.
CREATE TABLE dictionary_entry (
    dictionary text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    zh text NOT NULL,
    en text NOT NULL DEFAULT '',
    sequence int NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT true,
    version int NOT NULL DEFAULT 1,
    PRIMARY KEY (dictionary, code),
    CONSTRAINT dictionary_entry_name_form CHECK (dictionary ~ '^[a-z][a-z0-9-]{0,47}$'),
    CONSTRAINT dictionary_entry_code_form CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,47}$'),
    CONSTRAINT dictionary_entry_zh_key UNIQUE (dictionary, zh)
);
SELECT open_table('dictionary_entry'), audit_table('dictionary_entry', 'code', 'version');
