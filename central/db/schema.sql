-- What the migrations in migrations/ make, one after another. Generated: `fengsui central schema --write`.

CREATE TYPE public.place_range AS RANGE (
    subtype = text,
    multirange_type_name = public.place_multirange,
    collation = pg_catalog."C"
);

ALTER TYPE public.place_range OWNER TO fengsui_owner;

CREATE FUNCTION public.account_off_ends_sessions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE session SET ended_at = clock_timestamp(), end_reason = 'deactivated'
    WHERE account_id = NEW.id AND ended_at IS NULL;
    RETURN NULL;
END $$;

ALTER FUNCTION public.account_off_ends_sessions() OWNER TO fengsui_owner;

CREATE FUNCTION public.account_place(account_number integer) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT coalesce(
        e.place,
        (SELECT min(x.place_prefix) FROM agency_area AS x WHERE x.agency_id = a.agency_id),
        (SELECT min(x.place_prefix) FROM account_area AS x WHERE x.account_id = a.id),
        (SELECT min(r.code) FROM region AS r WHERE r.parent_code IS NULL),
        '')
    FROM account AS a LEFT JOIN enterprise AS e ON e.id = a.enterprise_id
    WHERE a.id = account_number
$$;

ALTER FUNCTION public.account_place(account_number integer) OWNER TO fengsui_owner;

CREATE FUNCTION public.account_role_has_its_place() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    of_kind text := (SELECT kind FROM role WHERE code = NEW.role);
BEGIN
    IF (of_kind = 'enterprise' AND NEW.enterprise_id IS NULL) OR (of_kind = 'supervisor' AND NEW.agency_id IS NULL) THEN
        RAISE EXCEPTION 'account % of kind % belongs nowhere', NEW.login, of_kind
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_role_has_its_place';
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION public.account_role_has_its_place() OWNER TO fengsui_owner;

CREATE FUNCTION public.account_sits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    low text;
    high text;
    length_of_code int;
BEGIN
    NEW.sector := '';
    IF NEW.enterprise_id IS NOT NULL THEN
        SELECT place, sector INTO NEW.place, NEW.sector FROM enterprise WHERE id = NEW.enterprise_id;
    ELSIF NEW.agency_id IS NOT NULL THEN
        NEW.place := (SELECT place FROM agency WHERE id = NEW.agency_id);
    ELSE
        SELECT min(split_part(place_prefix, '/', 1)), max(split_part(place_prefix, '/', 1)) INTO low, high
        FROM account_area WHERE account_id = NEW.id;
        NEW.place := coalesce((SELECT min(code) FROM region WHERE parent_code IS NULL), '');
        FOREACH length_of_code IN ARRAY ARRAY[2, 4, 6, 9, 12] LOOP
            IF length(low) >= length_of_code AND left(low, length_of_code) = left(high, length_of_code) THEN
                NEW.place := left(low, length_of_code);
            END IF;
        END LOOP;
    END IF;
    NEW.place := coalesce(NEW.place, '');
    NEW.sector := coalesce(NEW.sector, '');
    RETURN NEW;
END $$;

ALTER FUNCTION public.account_sits() OWNER TO fengsui_owner;

CREATE FUNCTION public.account_sits_with_its_areas() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE account SET place = '' WHERE id = coalesce(NEW.account_id, OLD.account_id);
    RETURN NULL;
END $$;

ALTER FUNCTION public.account_sits_with_its_areas() OWNER TO fengsui_owner;

CREATE FUNCTION public.agencies_over_me() RETURNS integer[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
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

ALTER FUNCTION public.agencies_over_me() OWNER TO fengsui_owner;

CREATE FUNCTION public.agency_has_detail() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO agency_detail (agency_id, place) VALUES (NEW.id, NEW.place);
    RETURN NULL;
END $$;

ALTER FUNCTION public.agency_has_detail() OWNER TO fengsui_owner;

CREATE FUNCTION public.agency_sits() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.place := NEW.region_code || '/@' || NEW.id;
    RETURN NEW;
END $$;

ALTER FUNCTION public.agency_sits() OWNER TO fengsui_owner;

CREATE FUNCTION public.agency_sits_at_its_area() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE agency SET region_code = split_part(NEW.place_prefix, '/', 1)
    WHERE id = NEW.agency_id AND region_code = '';
    RETURN NULL;
END $$;

ALTER FUNCTION public.agency_sits_at_its_area() OWNER TO fengsui_owner;

CREATE FUNCTION public.alarm_days_told() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO alarm_day_due (enterprise_id, day)
    SELECT DISTINCT g.enterprise_id, (t.at AT TIME ZONE 'Asia/Shanghai')::date
    FROM told AS t JOIN gateway AS g ON g.id = t.gateway_id
    WHERE t.alarm IS NOT NULL;
    RETURN NULL;
END $$;

ALTER FUNCTION public.alarm_days_told() OWNER TO fengsui_owner;

CREATE FUNCTION public.app_kind() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT kind FROM role WHERE code = current_setting('app.role', true)
$$;

ALTER FUNCTION public.app_kind() OWNER TO fengsui_owner;

CREATE FUNCTION public.app_may(word text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM role_operation WHERE role = current_setting('app.role', true) AND operation = word)
$$;

ALTER FUNCTION public.app_may(word text) OWNER TO fengsui_owner;

CREATE FUNCTION public.area_holds(area text, place text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT area = place OR (strpos(area, '/') = 0 AND starts_with(place, area)) $$;

ALTER FUNCTION public.area_holds(area text, place text) OWNER TO fengsui_owner;

CREATE TABLE public.audit (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor integer DEFAULT (NULLIF(current_setting('app.actor'::text, true), ''::text))::integer,
    actor_name text DEFAULT COALESCE(current_setting('app.actor_name'::text, true), ''::text) NOT NULL,
    action text NOT NULL,
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    before jsonb,
    after jsonb,
    reason text DEFAULT COALESCE(current_setting('app.reason'::text, true), ''::text) NOT NULL,
    request text DEFAULT COALESCE(current_setting('app.request'::text, true), ''::text) NOT NULL,
    form smallint DEFAULT 2 NOT NULL,
    role text DEFAULT ''::text NOT NULL,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    address text DEFAULT ''::text NOT NULL,
    device text DEFAULT ''::text NOT NULL,
    kind text DEFAULT 'business'::text NOT NULL
);

ALTER TABLE ONLY public.audit FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit OWNER TO fengsui_owner;

CREATE FUNCTION public.audit_digest(prev bytea, entry public.audit) RETURNS bytea
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT sha256(prev || convert_to(audit_text(entry), 'UTF8'))
$$;

ALTER FUNCTION public.audit_digest(prev bytea, entry public.audit) OWNER TO fengsui_owner;

CREATE FUNCTION public.audit_fill() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
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

ALTER FUNCTION public.audit_fill() OWNER TO fengsui_owner;

CREATE FUNCTION public.audit_is_append_only() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME IN ('audit', 'audit_chain') AND current_user = 'fengsui_owner'
       AND current_setting('app.audit_archiving', true) = pg_current_xact_id_if_assigned()::text THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the audit is append only' USING ERRCODE = 'insufficient_privilege';
END $$;

ALTER FUNCTION public.audit_is_append_only() OWNER TO fengsui_owner;

CREATE FUNCTION public.audit_queue() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO audit_pending (audit_id) VALUES (NEW.id);
    RETURN NULL;
END $$;

ALTER FUNCTION public.audit_queue() OWNER TO fengsui_owner;

CREATE FUNCTION public.audit_row() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    hidden text[] := TG_ARGV[1:];
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END;
BEGIN
    IF old_row IS DISTINCT FROM new_row THEN
        INSERT INTO audit (action, subject_type, subject_id, before, after)
        VALUES (lower(TG_OP), TG_TABLE_NAME, coalesce(new_row, old_row) ->> TG_ARGV[0], old_row, new_row);
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION public.audit_row() OWNER TO fengsui_owner;

CREATE FUNCTION public.audit_seal(most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
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

ALTER FUNCTION public.audit_seal(most integer) OWNER TO fengsui_owner;

CREATE FUNCTION public.audit_table(t regclass, key_column text, VARIADIC hidden text[] DEFAULT '{}'::text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION audit_row(%s)',
        t, (SELECT string_agg(quote_literal(argument), ', ' ORDER BY place)
            FROM unnest(key_column || hidden) WITH ORDINALITY AS a (argument, place)));
END $$;

ALTER FUNCTION public.audit_table(t regclass, key_column text, VARIADIC hidden text[]) OWNER TO fengsui_owner;

CREATE FUNCTION public.audit_text(entry public.audit) RETURNS text
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

ALTER FUNCTION public.audit_text(entry public.audit) OWNER TO fengsui_owner;

CREATE FUNCTION public.audit_to_archive(through bigint, through_hash bytea, file_name text, file_sha256 bytea, keep_days integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
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

ALTER FUNCTION public.audit_to_archive(through bigint, through_hash bytea, file_name text, file_sha256 bytea, keep_days integer) OWNER TO fengsui_owner;

CREATE FUNCTION public.begin_packing(of_day date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  part text := 'measurement_' || to_char(of_day, 'YYYYMMDD');
  before int := coalesce((SELECT generation FROM packed_day WHERE day = of_day), 0);
BEGIN
  EXECUTE format('LOCK TABLE public.%I IN SHARE MODE', part);
  DELETE FROM measurement_packed WHERE day = of_day AND generation > before;
  INSERT INTO packing_day (day, generation) VALUES (of_day, before + 1)
  ON CONFLICT (day) DO UPDATE SET generation = excluded.generation, late = false;
  RETURN before + 1;
END $$;

ALTER FUNCTION public.begin_packing(of_day date) OWNER TO fengsui_owner;

CREATE FUNCTION public.belongings_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF TG_TABLE_NAME = 'enterprise' THEN
        UPDATE department SET place = '' WHERE enterprise_id = NEW.id;
        UPDATE post SET place = '' WHERE enterprise_id = NEW.id;
        UPDATE staff SET place = '' WHERE enterprise_id = NEW.id;
        UPDATE account SET place = '' WHERE enterprise_id = NEW.id;
        UPDATE organisation_check SET place = '' WHERE enterprise_id = NEW.id;
    ELSE
        UPDATE agency_detail SET place = NEW.place WHERE agency_id = NEW.id;
        UPDATE department SET place = '' WHERE agency_id = NEW.id;
        UPDATE post SET place = '' WHERE agency_id = NEW.id;
        UPDATE staff SET place = '' WHERE agency_id = NEW.id;
        UPDATE account SET place = '' WHERE agency_id = NEW.id AND enterprise_id IS NULL;
        UPDATE committee_unit SET place = '' WHERE agency_id = NEW.id;
        UPDATE intermediary SET place = '' WHERE agency_id = NEW.id;
        UPDATE number_format SET place = '' WHERE agency_id = NEW.id;
        UPDATE number_series SET place = '' WHERE agency_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION public.belongings_follow() OWNER TO fengsui_owner;

CREATE FUNCTION public.cases_follow_agency() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE warning SET agency_id = NEW.id WHERE agency_id = NEW.id;
    UPDATE proposal SET agency_id = NEW.id WHERE agency_id = NEW.id;
    UPDATE external_warning SET agency_id = NEW.id WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;

ALTER FUNCTION public.cases_follow_agency() OWNER TO fengsui_owner;

CREATE FUNCTION public.code_revocations_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE code_revocation SET place = NEW.place WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;

ALTER FUNCTION public.code_revocations_follow() OWNER TO fengsui_owner;

CREATE TABLE public.connection_rule (
    id integer NOT NULL,
    region text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    classes smallint[] NOT NULL,
    hold_s double precision NOT NULL,
    report_days integer NOT NULL,
    source text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT connection_rule_region_form CHECK ((region ~ '^[0-9]{0,12}$'::text)),
    CONSTRAINT connection_rule_sane CHECK (((hold_s >= (60)::double precision) AND ((report_days >= 1) AND (report_days <= 366))))
);

ALTER TABLE ONLY public.connection_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.connection_rule OWNER TO fengsui_owner;

CREATE FUNCTION public.connection_rule_of(at_place text, moment timestamp with time zone) RETURNS SETOF public.connection_rule
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT r.* FROM connection_rule AS r
    WHERE starts_with(at_place, r.region) AND r.valid_from <= moment AND (r.valid_to IS NULL OR r.valid_to > moment)
    ORDER BY length(r.region) DESC, r.version DESC
    LIMIT 1
$$;

ALTER FUNCTION public.connection_rule_of(at_place text, moment timestamp with time zone) OWNER TO fengsui_owner;

CREATE FUNCTION public.day_of(text) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ($1 ~ '^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'::text) THEN (make_date((substr($1, 1, 4))::integer, (substr($1, 6, 2))::integer, 1) + ((substr($1, 9, 2))::integer - 1)) ELSE NULL::date END;

ALTER FUNCTION public.day_of(text) OWNER TO fengsui_owner;

CREATE FUNCTION public.dead_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO hold_task (parent_id, due_at) VALUES (NEW.id, 'epoch');
    RETURN NULL;
END $$;

ALTER FUNCTION public.dead_changed() OWNER TO fengsui_owner;

CREATE FUNCTION public.digests_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE digest SET place = NEW.place WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;

ALTER FUNCTION public.digests_follow() OWNER TO fengsui_owner;

CREATE FUNCTION public.ensure_measurement_day(day date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  part text := 'measurement_' || to_char(day, 'YYYYMMDD');
  lo timestamptz := day::timestamp AT TIME ZONE 'UTC';
  hi timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('measurement_day'));
  IF to_regclass('public.' || part) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE public.%I (LIKE public.measurement INCLUDING ALL)', part);
  EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT day CHECK (at >= %L AND at < %L)', part, lo, hi);
  -- Rows that came when nobody expected this day yet move out of the default partition.
  EXECUTE format(
    'WITH moved AS (DELETE FROM public.measurement_default WHERE at >= %L AND at < %L RETURNING *)'
    ' INSERT INTO public.%I SELECT * FROM moved', lo, hi, part);
  EXECUTE format(
    'ALTER TABLE public.measurement ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', part, lo, hi);
  EXECUTE format('ALTER TABLE public.%I DROP CONSTRAINT day', part);
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON public.%I TO fengsui_worker', part);
  RETURN true;
END $$;

ALTER FUNCTION public.ensure_measurement_day(day date) OWNER TO fengsui_owner;

CREATE FUNCTION public.enterprise_code_for(of_credit_code text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT of_credit_code || coalesce('-' || nullif(count(*), 0) + 1, '')
    FROM enterprise WHERE credit_code = of_credit_code OR code = of_credit_code
$$;

ALTER FUNCTION public.enterprise_code_for(of_credit_code text) OWNER TO fengsui_owner;

CREATE FUNCTION public.enterprise_event_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM tell_watchers(NEW.enterprise_id, 'enterprise-event/' || NEW.id, NEW.title, NEW.reason, NEW.at);
    RETURN NULL;
END $$;

ALTER FUNCTION public.enterprise_event_told() OWNER TO fengsui_owner;

CREATE FUNCTION public.enterprise_lives() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
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

ALTER FUNCTION public.enterprise_lives() OWNER TO fengsui_owner;

CREATE FUNCTION public.enterprise_on_map() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NEW.removed_at IS NOT NULL OR NEW.longitude IS NULL THEN
        DELETE FROM map_object WHERE enterprise_id = NEW.id AND layer IN ('enterprise', 'gateway');
        RETURN NULL;
    END IF;
    PERFORM put_on_map('enterprise', NEW.id::text, NEW.id, NULL, NEW.place, NEW.sector, false, NEW.name,
                       NEW.hazard_class, NEW.longitude, NEW.latitude);
    PERFORM put_on_map('gateway', g.id, NEW.id, NULL, NEW.place, NEW.sector, false, g.name, NULL, NEW.longitude,
                       NEW.latitude)
    FROM gateway AS g WHERE g.enterprise_id = NEW.id;
    UPDATE map_object SET silent = is_silent(ref) WHERE enterprise_id = NEW.id AND layer = 'gateway';
    RETURN NULL;
END $$;

ALTER FUNCTION public.enterprise_on_map() OWNER TO fengsui_owner;

CREATE FUNCTION public.enterprise_place() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.place := NEW.region_code || '/' || NEW.code;
    RETURN NEW;
END $$;

ALTER FUNCTION public.enterprise_place() OWNER TO fengsui_owner;

CREATE FUNCTION public.enterprise_sector_follows() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM rows_follow(NEW.id, OLD.place, NEW.place, NEW.sector, NULL);
    RETURN NULL;
END $$;

ALTER FUNCTION public.enterprise_sector_follows() OWNER TO fengsui_owner;

CREATE FUNCTION public.field_day(payload jsonb, field text) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN public.day_of((payload ->> field));

ALTER FUNCTION public.field_day(payload jsonb, field text) OWNER TO fengsui_owner;

CREATE FUNCTION public.field_edge(payload jsonb, field text, part text) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN public.day_of(((payload -> field) ->> part));

ALTER FUNCTION public.field_edge(payload jsonb, field text, part text) OWNER TO fengsui_owner;

CREATE FUNCTION public.field_number(payload jsonb, field text) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (jsonb_typeof((payload -> field)) = 'number'::text) THEN ((payload -> field))::double precision ELSE NULL::double precision END;

ALTER FUNCTION public.field_number(payload jsonb, field text) OWNER TO fengsui_owner;

CREATE FUNCTION public.field_part(payload jsonb, field text, part text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (jsonb_typeof(((payload -> field) -> part)) = 'string'::text) THEN ((payload -> field) ->> part) ELSE NULL::text END;

ALTER FUNCTION public.field_part(payload jsonb, field text, part text) OWNER TO fengsui_owner;

CREATE FUNCTION public.field_parts(payload jsonb, field text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (jsonb_typeof(((payload -> field) -> 'choices'::text)) = 'array'::text) THEN ARRAY(SELECT jsonb_array_elements_text(((payload -> field) -> 'choices'::text)) AS jsonb_array_elements_text) ELSE NULL::text[] END;

ALTER FUNCTION public.field_parts(payload jsonb, field text) OWNER TO fengsui_owner;

CREATE FUNCTION public.field_text(payload jsonb, field text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (jsonb_typeof((payload -> field)) = 'string'::text) THEN (payload ->> field) ELSE NULL::text END;

ALTER FUNCTION public.field_text(payload jsonb, field text) OWNER TO fengsui_owner;

CREATE FUNCTION public.field_whole(payload jsonb, field text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((jsonb_typeof((payload -> field)) = 'number'::text) AND (abs(((payload -> field))::numeric) < '9000000000000000000'::numeric)) THEN ((payload -> field))::bigint ELSE NULL::bigint END;

ALTER FUNCTION public.field_whole(payload jsonb, field text) OWNER TO fengsui_owner;

CREATE FUNCTION public.field_yes(payload jsonb, field text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (jsonb_typeof((payload -> field)) = 'boolean'::text) THEN ((payload -> field))::boolean ELSE NULL::boolean END;

ALTER FUNCTION public.field_yes(payload jsonb, field text) OWNER TO fengsui_owner;

CREATE FUNCTION public.file_used_at(file text, at_place text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT EXISTS (SELECT 1 FROM file_use AS u WHERE u.sha256 = file AND u.place = at_place)
$$;

ALTER FUNCTION public.file_used_at(file text, at_place text) OWNER TO fengsui_owner;

CREATE FUNCTION public.file_uses_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE file_use SET place = NEW.place WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;

ALTER FUNCTION public.file_uses_follow() OWNER TO fengsui_owner;

CREATE FUNCTION public.finish_packing(of_day date, moment timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  part text := 'measurement_' || to_char(of_day, 'YYYYMMDD');
  mine packing_day;
  stored bigint;
  packed bigint;
BEGIN
  EXECUTE format('LOCK TABLE public.%I IN SHARE ROW EXCLUSIVE MODE', part);
  SELECT * INTO STRICT mine FROM packing_day WHERE day = of_day;
  IF mine.late THEN
    RETURN false;
  END IF;
  EXECUTE format('SELECT count(*) FROM public.%I', part) INTO stored;
  SELECT coalesce(sum(rows), 0) INTO packed FROM measurement_packed
  WHERE day = of_day AND generation = mine.generation;
  IF stored <> packed THEN
    RAISE EXCEPTION '% holds % rows, % were packed', part, stored, packed;
  END IF;
  LOCK TABLE ONLY public.measurement IN ACCESS EXCLUSIVE MODE;
  EXECUTE format('DROP TABLE public.%I', part);
  INSERT INTO packed_day AS d (day, generation, rows, packed_at) VALUES (of_day, mine.generation, packed, moment)
  ON CONFLICT (day) DO UPDATE SET
    generation = excluded.generation, rows = d.rows + excluded.rows, packed_at = excluded.packed_at;
  DELETE FROM packing_day WHERE day = of_day;
  RETURN true;
END $$;

ALTER FUNCTION public.finish_packing(of_day date, moment timestamp with time zone) OWNER TO fengsui_owner;

CREATE FUNCTION public.gateway_heard_on_map() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE map_object SET silent = (NEW.presence = 'offline') WHERE layer = 'gateway' AND ref = NEW.gateway_id;
    RETURN NULL;
END $$;

ALTER FUNCTION public.gateway_heard_on_map() OWNER TO fengsui_owner;

CREATE FUNCTION public.gateway_is_device() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO device (gateway_id, enterprise_id, kind, key, name, first_at)
    SELECT g.id, g.enterprise_id, 'gateway', '', g.name, clock_timestamp() FROM gateway AS g WHERE g.id = NEW.gateway_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

ALTER FUNCTION public.gateway_is_device() OWNER TO fengsui_owner;

CREATE FUNCTION public.gateway_on_map() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM put_on_map('gateway', NEW.id, e.id, NULL, e.place, e.sector, false, NEW.name, NULL, e.longitude, e.latitude)
    FROM enterprise AS e
    WHERE e.id = NEW.enterprise_id AND e.longitude IS NOT NULL AND e.removed_at IS NULL;
    UPDATE map_object SET silent = is_silent(ref) WHERE layer = 'gateway' AND ref = NEW.id;
    RETURN NULL;
END $$;

ALTER FUNCTION public.gateway_on_map() OWNER TO fengsui_owner;

CREATE FUNCTION public.has_sector(t regclass) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = t AND attname = 'sector' AND NOT attisdropped)
$$;

ALTER FUNCTION public.has_sector(t regclass) OWNER TO fengsui_owner;

CREATE FUNCTION public.is_silent(gateway text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT NOT EXISTS (SELECT 1 FROM gateway_state AS s WHERE s.gateway_id = gateway AND s.presence <> 'offline')
$$;

ALTER FUNCTION public.is_silent(gateway text) OWNER TO fengsui_owner;

CREATE FUNCTION public.kept_by_me(case_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM account AS a
        JOIN case_kept AS k ON k.agency_id = a.agency_id
        JOIN warning AS w ON w.id = k.warning_id
        WHERE a.id = nullif(current_setting('app.actor', true), '')::int AND a.active AND k.warning_id = case_id
          AND coalesce(w.sector = ANY (nullif(current_setting('app.sectors', true), '')::text []), true))
$$;

ALTER FUNCTION public.kept_by_me(case_id uuid) OWNER TO fengsui_owner;

CREATE TABLE public.notification (
    id uuid NOT NULL,
    warning_id uuid NOT NULL,
    level smallint NOT NULL,
    round integer NOT NULL,
    step smallint NOT NULL,
    person text NOT NULL,
    channel text NOT NULL,
    account_id integer,
    person_name text NOT NULL,
    agency_name text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    text text NOT NULL,
    state text NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    due_at timestamp with time zone,
    possibly_twice boolean DEFAULT false NOT NULL,
    provider_id text,
    reason text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    claimed_at timestamp with time zone,
    sent_at timestamp with time zone,
    delivered_at timestamp with time zone,
    read_at timestamp with time zone,
    ended_at timestamp with time zone,
    held_since timestamp with time zone,
    urgency smallint DEFAULT 0 NOT NULL,
    asked_in text DEFAULT ''::text NOT NULL,
    is_test boolean DEFAULT false NOT NULL,
    digest bigint,
    CONSTRAINT notification_ends CHECK (((ended_at IS NULL) = (state = ANY (ARRAY['pending'::text, 'sending'::text, 'sent'::text])))),
    CONSTRAINT notification_never_forgotten CHECK (((ended_at IS NULL) = (due_at IS NOT NULL))),
    CONSTRAINT notification_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'read'::text, 'failed'::text, 'superseded'::text, 'unreachable'::text])))
);

ALTER TABLE ONLY public.notification FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notification OWNER TO fengsui_owner;

CREATE FUNCTION public.kept_calls(case_id uuid) RETURNS SETOF public.notification
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$ SELECT n.* FROM notification AS n WHERE n.warning_id = case_id AND kept_by_me(case_id) $$;

ALTER FUNCTION public.kept_calls(case_id uuid) OWNER TO fengsui_owner;

CREATE TABLE public.warning (
    id uuid NOT NULL,
    number bigint NOT NULL,
    kind text NOT NULL,
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    side text NOT NULL,
    is_test boolean NOT NULL,
    enterprise_id integer,
    place text NOT NULL COLLATE pg_catalog."C",
    gateway_id text COLLATE pg_catalog."C",
    point_id integer,
    previous_id uuid,
    title text NOT NULL,
    subject_name text NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    level smallint NOT NULL,
    policy jsonb NOT NULL,
    round integer DEFAULT 0 NOT NULL,
    step smallint DEFAULT '-1'::integer NOT NULL,
    due_at timestamp with time zone,
    acknowledged_at timestamp with time zone,
    paused_until timestamp with time zone,
    clear_due_at timestamp with time zone,
    suppressed_until timestamp with time zone,
    false_by integer,
    revision integer DEFAULT 1 NOT NULL,
    level_reason text NOT NULL,
    occurrence text NOT NULL,
    limit_name text DEFAULT ''::text NOT NULL,
    limit_value double precision,
    value double precision,
    unit text DEFAULT ''::text NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    late boolean DEFAULT false NOT NULL,
    history boolean DEFAULT false NOT NULL,
    cleared_at timestamp with time zone,
    acknowledged_by integer,
    acknowledged_name text,
    handled_at timestamp with time zone,
    handled_by integer,
    handled_name text,
    handled_agency_id integer,
    cause text,
    measures text,
    false_reason text,
    false_name text,
    closed_at timestamp with time zone,
    closed_by integer,
    closed_name text,
    opinion text,
    updated_at timestamp with time zone NOT NULL,
    unconfirmed_since timestamp with time zone,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    agency_id integer,
    cause_code text DEFAULT ''::text NOT NULL,
    assignee_id integer,
    assignee_name text,
    assigned_at timestamp with time zone,
    assigned_by text,
    asked integer DEFAULT 0 NOT NULL,
    urges integer DEFAULT 0 NOT NULL,
    urged_at timestamp with time zone,
    parent_id uuid,
    window_id integer,
    held_by text,
    held_since timestamp with time zone,
    hold_due_at timestamp with time zone,
    climb integer DEFAULT 0 NOT NULL,
    first_up boolean DEFAULT false NOT NULL,
    merged_into uuid,
    occupied boolean DEFAULT false NOT NULL,
    CONSTRAINT warning_held_by_known CHECK ((((held_since IS NULL) OR (held_by = ANY (ARRAY['parent'::text, 'window'::text, 'settle'::text]))) AND ((held_since IS NULL) = (held_by IS NULL)) AND ((held_since IS NULL) = (hold_due_at IS NULL)))),
    CONSTRAINT warning_level_check CHECK (((level >= 1) AND (level <= 4))),
    CONSTRAINT warning_occupied_by_merged CHECK (((NOT occupied) OR (merged_into IS NOT NULL))),
    CONSTRAINT warning_one_owner CHECK ((num_nonnulls(enterprise_id, agency_id) = 1)),
    CONSTRAINT warning_side_check CHECK ((side = ANY (ARRAY['high'::text, 'low'::text, 'rate'::text, 'deviation'::text, 'discrete'::text, 'quality'::text, 'presence'::text, 'other'::text]))),
    CONSTRAINT warning_state_check CHECK ((state = ANY (ARRAY['open'::text, 'acknowledged'::text, 'handled'::text, 'closed'::text, 'cleared'::text, 'false_alarm'::text])))
);

ALTER TABLE ONLY public.warning FORCE ROW LEVEL SECURITY;

ALTER TABLE public.warning OWNER TO fengsui_owner;

CREATE FUNCTION public.kept_cases(case_id uuid, before timestamp with time zone, before_id uuid, most integer) RETURNS TABLE(kept public.warning, enterprise_name text, region_name text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
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

ALTER FUNCTION public.kept_cases(case_id uuid, before timestamp with time zone, before_id uuid, most integer) OWNER TO fengsui_owner;

CREATE TABLE public.ladder_step (
    warning_id uuid NOT NULL,
    level smallint NOT NULL,
    round integer NOT NULL,
    step smallint NOT NULL,
    rank smallint NOT NULL,
    agency_name text DEFAULT ''::text NOT NULL,
    due_at timestamp with time zone,
    fired_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT ladder_step_state_check CHECK ((state = ANY (ARRAY['fired'::text, 'gap'::text])))
);

ALTER TABLE ONLY public.ladder_step FORCE ROW LEVEL SECURITY;

ALTER TABLE public.ladder_step OWNER TO fengsui_owner;

CREATE FUNCTION public.kept_rungs(case_id uuid) RETURNS SETOF public.ladder_step
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$ SELECT s.* FROM ladder_step AS s WHERE s.warning_id = case_id AND kept_by_me(case_id) $$;

ALTER FUNCTION public.kept_rungs(case_id uuid) OWNER TO fengsui_owner;

CREATE TABLE public.warning_event (
    id bigint NOT NULL,
    warning_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    source text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    account_id integer,
    who text DEFAULT ''::text NOT NULL,
    latency_ms bigint,
    level smallint,
    round integer,
    step smallint,
    CONSTRAINT warning_event_source_check CHECK ((source = ANY (ARRAY['instrument'::text, 'gateway'::text, 'centre'::text, 'person'::text, 'provider'::text])))
);

ALTER TABLE ONLY public.warning_event FORCE ROW LEVEL SECURITY;

ALTER TABLE public.warning_event OWNER TO fengsui_owner;

CREATE FUNCTION public.kept_story(case_id uuid) RETURNS SETOF public.warning_event
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$ SELECT v.* FROM warning_event AS v WHERE v.warning_id = case_id AND kept_by_me(case_id) $$;

ALTER FUNCTION public.kept_story(case_id uuid) OWNER TO fengsui_owner;

CREATE FUNCTION public.level_wait_of_alarm() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NEW.warning_id <> OLD.warning_id THEN
        INSERT INTO level_wait (warning_id, limit_name, side, quantity, hazard_class, since, due_at)
        SELECT NEW.warning_id, t.limit_name, t.side, t.quantity, t.hazard_class, t.since, t.due_at
        FROM level_wait AS t
        WHERE t.warning_id = OLD.warning_id AND t.limit_name = NEW.limit_name
        ON CONFLICT DO NOTHING;
        DELETE FROM level_wait AS t WHERE t.warning_id = OLD.warning_id AND t.limit_name = NEW.limit_name;
    ELSIF NEW.cleared_at IS NOT NULL THEN
        DELETE FROM level_wait AS t
        WHERE t.warning_id = NEW.warning_id AND t.limit_name = NEW.limit_name
            AND NOT EXISTS (
                SELECT 1 FROM warning_alarm AS a
                WHERE a.warning_id = NEW.warning_id AND a.limit_name = NEW.limit_name AND a.cleared_at IS NULL
            );
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION public.level_wait_of_alarm() OWNER TO fengsui_owner;

CREATE FUNCTION public.level_wait_of_case() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM level_wait AS t WHERE t.warning_id = NEW.id;
    RETURN NULL;
END $$;

ALTER FUNCTION public.level_wait_of_case() OWNER TO fengsui_owner;

CREATE FUNCTION public.live_event_sector() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.live_event_sector() OWNER TO fengsui_owner;

CREATE FUNCTION public.live_event_told() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM pg_notify('fengsui_live', '');
    RETURN NULL;
END $$;

ALTER FUNCTION public.live_event_told() OWNER TO fengsui_owner;

CREATE FUNCTION public.map_x(longitude double precision) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (floor((((longitude + (180)::double precision) / (360)::double precision) * (1073741823)::double precision)))::integer;

ALTER FUNCTION public.map_x(longitude double precision) OWNER TO fengsui_owner;

CREATE FUNCTION public.map_y(latitude double precision) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (floor((((0.5)::double precision - (ln(tan(((pi() / (4)::double precision) + (radians(LEAST(GREATEST(latitude, ('-85'::integer)::double precision), (85)::double precision)) / (2)::double precision)))) / ((2)::double precision * pi()))) * (1073741823)::double precision)))::integer;

ALTER FUNCTION public.map_y(latitude double precision) OWNER TO fengsui_owner;

CREATE FUNCTION public.message_of_call() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    w record;
    rule storm_rule;
    about text;
    most int;
    told int;
BEGIN
    SELECT c.kind, c.title, c.place, c.sector INTO w FROM warning AS c WHERE c.id = NEW.warning_id;
    about := CASE WHEN w.kind = 'management' THEN 'papers' ELSE 'warning/' || NEW.warning_id END;
    IF TG_OP = 'UPDATE' THEN
        UPDATE message SET read_at = NEW.read_at
        WHERE account_id = NEW.account_id AND key = about AND read_at IS NULL;
        RETURN NULL;
    ELSIF w.kind = 'management' THEN
        -- It names no enterprise: it stays when one of them leaves the jurisdiction.
        PERFORM tell_account(
            NEW.account_id, about, 'warning', '管理预警', '有资料或证照逾期的管理预警待处理，请查看预警列表。',
            '/warnings', '', '', NEW.created_at);
        RETURN NULL;
    ELSIF w.kind IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO rule FROM storm_rule_of(w.place, NEW.created_at);
    most := greatest(1, rule.messages - 1 - CASE WHEN NEW.urgency = 0 THEN 0 ELSE rule.red_only END);
    SELECT count(*) INTO told FROM (
        SELECT 1 FROM message AS m
        WHERE m.account_id = NEW.account_id AND m.key <> about AND starts_with(m.key, 'warning/')
          AND m.at > NEW.created_at - rule.window_s * interval '1 second'
        LIMIT most) AS lately;
    IF told < most THEN
        PERFORM tell_account(
            NEW.account_id, about, 'warning', w.title, NEW.text, '/warnings/' || NEW.warning_id, w.place, w.sector,
            NEW.created_at);
    ELSE
        PERFORM tell_account(
            NEW.account_id, 'storm', 'warning', '预警集中发生', '短时间内有多条预警呼叫您，已合并提示，请查看预警列表。',
            '/warnings', '', '', NEW.created_at);
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION public.message_of_call() OWNER TO fengsui_owner;

CREATE FUNCTION public.minimums_follow_agency() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE resource_minimum SET agency_id = NEW.id WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;

ALTER FUNCTION public.minimums_follow_agency() OWNER TO fengsui_owner;

CREATE FUNCTION public.notices_follow_agency() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE notice_receiver SET agency_id = NEW.id WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;

ALTER FUNCTION public.notices_follow_agency() OWNER TO fengsui_owner;

CREATE FUNCTION public.office_table(t regclass, word text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $_$
DECLARE
    seen text := CASE WHEN has_sector(t) THEN scope_policy('place', 'sector') ELSE scope_policy('place') END;
BEGIN
    PERFORM protect_table(t);
    EXECUTE format('CREATE POLICY web_scope ON %s FOR SELECT TO fengsui_web USING (%s)', t, seen);
    EXECUTE format('CREATE POLICY web_add ON %s FOR INSERT TO fengsui_web WITH CHECK ((SELECT app_may(%L)) AND %s)',
                   t, word, seen);
    EXECUTE format('CREATE POLICY web_change ON %1$s FOR UPDATE TO fengsui_web '
                   'USING ((SELECT app_may(%2$L)) AND %3$s) WITH CHECK ((SELECT app_may(%2$L)) AND %3$s)',
                   t, word, seen);
    EXECUTE format('CREATE POLICY web_drop ON %s FOR DELETE TO fengsui_web USING ((SELECT app_may(%L)) AND %s)',
                   t, word, seen);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO fengsui_web', t);
END $_$;

ALTER FUNCTION public.office_table(t regclass, word text) OWNER TO fengsui_owner;

CREATE FUNCTION public.open_table(t regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM protect_table(t);
    EXECUTE format(
        'CREATE POLICY web_read ON %s FOR SELECT TO fengsui_web '
        'USING (coalesce(current_setting(''app.place_hi'', true), '''') <> '''')', t);
    EXECUTE format('GRANT SELECT ON %s TO fengsui_web', t);
END $$;

ALTER FUNCTION public.open_table(t regclass) OWNER TO fengsui_owner;

CREATE FUNCTION public.outbox_wake() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM pg_notify('fengsui_outbox', '');
    RETURN NULL;
END $$;

ALTER FUNCTION public.outbox_wake() OWNER TO fengsui_owner;

CREATE FUNCTION public.pairs(words text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (length(words) > 1) THEN ARRAY(SELECT DISTINCT substr(pairs.words, n.n, 2) AS substr FROM generate_series(1, (length(pairs.words) - 1)) n(n)) WHEN (ascii(words) > 127) THEN ARRAY[words] ELSE '{}'::text[] END;

ALTER FUNCTION public.pairs(words text) OWNER TO fengsui_owner;

CREATE FUNCTION public.place_from() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $_$
BEGIN
    IF has_sector(TG_RELID) THEN
        EXECUTE format('SELECT place, sector FROM %I WHERE id = ($1).%I', TG_ARGV[0], TG_ARGV[1])
            INTO NEW.place, NEW.sector USING NEW;
    ELSE
        EXECUTE format('SELECT place FROM %I WHERE id = ($1).%I', TG_ARGV[0], TG_ARGV[1]) INTO NEW.place USING NEW;
    END IF;
    RETURN NEW;
END $_$;

ALTER FUNCTION public.place_from() OWNER TO fengsui_owner;

CREATE FUNCTION public.place_of_agency() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.place := (SELECT place FROM agency WHERE id = NEW.agency_id);
    RETURN NEW;
END $$;

ALTER FUNCTION public.place_of_agency() OWNER TO fengsui_owner;

CREATE FUNCTION public.place_of_case() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NEW.agency_id IS NULL THEN
        SELECT place, sector INTO STRICT NEW.place, NEW.sector FROM enterprise WHERE id = NEW.enterprise_id FOR KEY SHARE;
    ELSE
        SELECT place, '' INTO STRICT NEW.place, NEW.sector FROM agency WHERE id = NEW.agency_id FOR KEY SHARE;
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION public.place_of_case() OWNER TO fengsui_owner;

CREATE FUNCTION public.place_of_enterprise() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    SELECT place, sector INTO STRICT NEW.place, NEW.sector FROM enterprise WHERE id = NEW.enterprise_id FOR KEY SHARE;
    RETURN NEW;
END $$;

ALTER FUNCTION public.place_of_enterprise() OWNER TO fengsui_owner;

CREATE FUNCTION public.place_of_gateway() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    SELECT place, sector INTO STRICT NEW.place, NEW.sector FROM gateway WHERE id = NEW.gateway_id FOR KEY SHARE;
    RETURN NEW;
END $$;

ALTER FUNCTION public.place_of_gateway() OWNER TO fengsui_owner;

CREATE FUNCTION public.place_of_minimum() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.place := (SELECT place FROM agency WHERE id = NEW.agency_id);
    RETURN NEW;
END $$;

ALTER FUNCTION public.place_of_minimum() OWNER TO fengsui_owner;

CREATE FUNCTION public.place_of_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NEW.enterprise_id IS NOT NULL THEN
        SELECT place, sector INTO NEW.place, NEW.sector FROM enterprise WHERE id = NEW.enterprise_id;
    ELSE
        NEW.place := (SELECT place FROM agency WHERE id = NEW.agency_id);
        NEW.sector := '';
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION public.place_of_owner() OWNER TO fengsui_owner;

CREATE FUNCTION public.placed_rows(has_index boolean, by_gateway boolean, by_enterprise boolean, by_point boolean) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
    SELECT 'place = $1 AND $2 IS NOT NULL' || CASE
        WHEN has_index THEN ''
        WHEN by_gateway THEN
            ' AND gateway_id IN (SELECT g.id FROM public.gateway AS g WHERE g.enterprise_id = $2'
            ' UNION SELECT b.gateway_id FROM public.birth AS b WHERE b.place = $1)'
        WHEN by_enterprise THEN ' AND enterprise_id = $2'
        WHEN by_point THEN
            ' AND point_id IN (SELECT p.id FROM public.point AS p WHERE p.enterprise_id = $2 OR p.place = $1)'
        ELSE '' END
$_$;

ALTER FUNCTION public.placed_rows(has_index boolean, by_gateway boolean, by_enterprise boolean, by_point boolean) OWNER TO fengsui_owner;

CREATE FUNCTION public.placed_tables() RETURNS TABLE(name regclass, sectored boolean, has_index boolean, by_gateway boolean, by_enterprise boolean, by_point boolean)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
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

ALTER FUNCTION public.placed_tables() OWNER TO fengsui_owner;

CREATE FUNCTION public.protect_table(t regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
    -- The owner cannot log in; migrations and security definer functions act in its name.
    EXECUTE format('CREATE POLICY owner_all ON %s TO fengsui_owner USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY worker_all ON %s TO fengsui_worker USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO fengsui_worker', t);
END $$;

ALTER FUNCTION public.protect_table(t regclass) OWNER TO fengsui_owner;

CREATE FUNCTION public.put_on_map(on_layer text, its_ref text, of_enterprise integer, of_agency integer, at_place text, of_sector text, is_shared boolean, called text, hazard smallint, east double precision, north double precision) RETURNS void
    LANGUAGE sql
    SET search_path TO 'public', 'pg_temp'
    AS $$
    INSERT INTO map_object (layer, ref, enterprise_id, agency_id, place, sector, shared, name, hazard_class, longitude,
                            latitude)
    VALUES (on_layer, its_ref, of_enterprise, of_agency, at_place, of_sector, is_shared, called, hazard, east, north)
    ON CONFLICT (layer, ref) DO UPDATE
    SET enterprise_id = excluded.enterprise_id, agency_id = excluded.agency_id, place = excluded.place,
        sector = excluded.sector, shared = excluded.shared, name = excluded.name, hazard_class = excluded.hazard_class,
        longitude = excluded.longitude, latitude = excluded.latitude
$$;

ALTER FUNCTION public.put_on_map(on_layer text, its_ref text, of_enterprise integer, of_agency integer, at_place text, of_sector text, is_shared boolean, called text, hazard smallint, east double precision, north double precision) OWNER TO fengsui_owner;

CREATE FUNCTION public.record_on_map() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    spot jsonb := NEW.counted #> TG_ARGV[2]::text [];
BEGIN
    IF NEW.removed_at IS NULL AND jsonb_typeof(spot -> 'longitude') = 'number'
       AND jsonb_typeof(spot -> 'latitude') = 'number' THEN
        PERFORM put_on_map(TG_ARGV[0], NEW.id::text, NEW.enterprise_id, NEW.agency_id, NEW.place, NEW.sector,
                           TG_ARGV[1]::boolean, NEW.title, NULL, (spot -> 'longitude')::double precision,
                           (spot -> 'latitude')::double precision);
    ELSE
        DELETE FROM map_object WHERE layer = TG_ARGV[0] AND ref = NEW.id::text;
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION public.record_on_map() OWNER TO fengsui_owner;

CREATE FUNCTION public.records_follow_agency() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
END $_$;

ALTER FUNCTION public.records_follow_agency() OWNER TO fengsui_owner;

CREATE FUNCTION public.references_follow(job integer) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
END $_$;

ALTER FUNCTION public.references_follow(job integer) OWNER TO fengsui_owner;

CREATE FUNCTION public.region_today(old text, today date) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
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

ALTER FUNCTION public.region_today(old text, today date) OWNER TO fengsui_owner;

CREATE FUNCTION public.register_on_map(t regclass, layer text, shared boolean, way text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $_$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER record_on_map AFTER INSERT OR UPDATE ON %s FOR EACH ROW '
                   'WHEN (NEW.counted IS NOT NULL OR NEW.removed_at IS NOT NULL) '
                   'EXECUTE FUNCTION record_on_map(%L, %L, %L)', t, layer, shared::text, way::text);
    EXECUTE format('DELETE FROM map_object WHERE layer = %L', layer);
    EXECUTE format(
        'INSERT INTO map_object (layer, ref, enterprise_id, agency_id, place, sector, shared, name, longitude, latitude) '
        'SELECT %1$L, id::text, enterprise_id, agency_id, place, sector, %2$L::boolean, title, '
        '(counted #> (%3$L::text [] || ''longitude''::text))::double precision, '
        '(counted #> (%3$L::text [] || ''latitude''::text))::double precision FROM %4$s WHERE removed_at IS NULL '
        'AND jsonb_typeof(counted #> (%3$L::text [] || ''longitude''::text)) = ''number'' '
        'AND jsonb_typeof(counted #> (%3$L::text [] || ''latitude''::text)) = ''number''', layer, shared, way, t);
END $_$;

ALTER FUNCTION public.register_on_map(t regclass, layer text, shared boolean, way text[]) OWNER TO fengsui_owner;

CREATE FUNCTION public.register_table(t regclass, shared boolean, VARIADIC derived text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
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

ALTER FUNCTION public.register_table(t regclass, shared boolean, VARIADIC derived text[]) OWNER TO fengsui_owner;

CREATE FUNCTION public.relocate_enterprise(job integer, enterprise_id integer, to_region text, to_agency integer, to_sector text, now timestamp with time zone) RETURNS TABLE(from_place text, to_place text, rows bigint)
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
END $_$;

ALTER FUNCTION public.relocate_enterprise(job integer, enterprise_id integer, to_region text, to_agency integer, to_sector text, now timestamp with time zone) OWNER TO fengsui_owner;

CREATE FUNCTION public.relocation_wake() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM pg_notify('fengsui_relocation', '');
    RETURN NULL;
END $$;

ALTER FUNCTION public.relocation_wake() OWNER TO fengsui_owner;

CREATE TABLE public.reminder_rule (
    id integer NOT NULL,
    region text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    register text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    cause text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    days integer,
    grace_days integer,
    expected boolean DEFAULT false NOT NULL,
    sectors text[],
    hazards boolean DEFAULT false NOT NULL,
    asked_from date DEFAULT CURRENT_DATE NOT NULL,
    while_stopped boolean DEFAULT true NOT NULL,
    source text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT reminder_rule_cause_known CHECK ((cause = ANY (ARRAY['day'::text, 'update'::text]))),
    CONSTRAINT reminder_rule_days CHECK ((((days >= 0) AND (days <= 3650)) AND ((grace_days >= 0) AND (grace_days <= 3650)))),
    CONSTRAINT reminder_rule_region_form CHECK ((region ~ '^[0-9]{0,12}$'::text))
);

ALTER TABLE ONLY public.reminder_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.reminder_rule OWNER TO fengsui_owner;

CREATE FUNCTION public.reminder_rule_of(of_register text, of_cause text, at_place text, moment timestamp with time zone) RETURNS SETOF public.reminder_rule
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT r.* FROM reminder_rule AS r
    WHERE r.cause = of_cause AND r.register IN ('', of_register) AND starts_with(at_place, r.region)
      AND r.valid_from <= moment AND (r.valid_to IS NULL OR r.valid_to > moment)
    ORDER BY r.register <> '' DESC, length(r.region) DESC, r.version DESC
    LIMIT 1
$$;

ALTER FUNCTION public.reminder_rule_of(of_register text, of_cause text, at_place text, moment timestamp with time zone) OWNER TO fengsui_owner;

CREATE FUNCTION public.revoked_codes(of_register text, record_ids bigint[]) RETURNS TABLE(record_id bigint, issue integer, revoked_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT r.record_id, r.issue, r.revoked_at FROM code_revocation AS r
    WHERE r.register = of_register AND r.record_id = ANY (record_ids)
$$;

ALTER FUNCTION public.revoked_codes(of_register text, record_ids bigint[]) OWNER TO fengsui_owner;

CREATE FUNCTION public.risk_mark_model() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NEW.scale = 'enterprise' THEN
        INSERT INTO risk_mark (place)
        SELECT e.place FROM enterprise AS e
        WHERE e.removed_at IS NULL AND (NEW.region = '' OR (e.place >= NEW.region AND e.place < NEW.region || ':'));
    ELSE
        INSERT INTO risk_mark (place)
        SELECT DISTINCT i.place FROM risk_index AS i
        WHERE i.scale <> 'enterprise' AND (NEW.region = '' OR (i.place >= NEW.region AND i.place < NEW.region || ':'));
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION public.risk_mark_model() OWNER TO fengsui_owner;

CREATE FUNCTION public.risk_mark_records() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO risk_mark (place) SELECT DISTINCT v.place FROM written AS v;
    RETURN NULL;
END $$;

ALTER FUNCTION public.risk_mark_records() OWNER TO fengsui_owner;

CREATE FUNCTION public.risk_mark_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO risk_mark (place) VALUES (NEW.place);
    RETURN NULL;
END $$;

ALTER FUNCTION public.risk_mark_row() OWNER TO fengsui_owner;

CREATE FUNCTION public.rows_follow(enterprise integer, old_place text, new_place text, new_sector text, only_in text[]) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
END $_$;

ALTER FUNCTION public.rows_follow(enterprise integer, old_place text, new_place text, new_sector text, only_in text[]) OWNER TO fengsui_owner;

CREATE FUNCTION public.rows_that_follow(enterprise integer, at_place text) RETURNS TABLE(name text, rows bigint)
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
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

ALTER FUNCTION public.rows_that_follow(enterprise integer, at_place text) OWNER TO fengsui_owner;

CREATE FUNCTION public.scope_child_table(t regclass, parent regclass, child_column text, parent_column text DEFAULT 'id'::text, web_rights text DEFAULT 'SELECT'::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    rule text := format('EXISTS (SELECT 1 FROM %s AS parent WHERE parent.%I = %s.%I)',
                        parent, parent_column, t, child_column);
BEGIN
    PERFORM protect_table(t);
    EXECUTE format('CREATE POLICY web_scope ON %s TO fengsui_web USING (%s) WITH CHECK (%s)', t, rule, rule);
    EXECUTE format('GRANT %s ON %s TO fengsui_web', web_rights, t);
END $$;

ALTER FUNCTION public.scope_child_table(t regclass, parent regclass, child_column text, parent_column text, web_rights text) OWNER TO fengsui_owner;

CREATE FUNCTION public.scope_policy(place_column text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
    SELECT format(
        '%1$I >= current_setting(''app.place_lo'', true) AND %1$I < current_setting(''app.place_hi'', true)'
        ' AND (%1$I::text OPERATOR(public.<@@) (SELECT nullif(current_setting(''app.places'', true), '''')'
        '::public.place_multirange)) IS NOT FALSE',
        place_column)
$_$;

ALTER FUNCTION public.scope_policy(place_column text) OWNER TO fengsui_owner;

CREATE FUNCTION public.scope_policy(place_column text, sector_column text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'public', 'pg_temp'
    AS $_$
    SELECT scope_policy(place_column) || format(
        ' AND (%1$I = ANY ((SELECT nullif(current_setting(''app.sectors'', true), ''''))::text[])) IS NOT FALSE',
        sector_column)
$_$;

ALTER FUNCTION public.scope_policy(place_column text, sector_column text) OWNER TO fengsui_owner;

CREATE FUNCTION public.scope_table(t regclass, web_rights text DEFAULT 'SELECT'::text, place_column text DEFAULT 'place'::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    rule text := CASE WHEN has_sector(t) THEN scope_policy(place_column, 'sector') ELSE scope_policy(place_column) END;
BEGIN
    PERFORM protect_table(t);
    EXECUTE format('CREATE POLICY web_scope ON %s TO fengsui_web USING (%s) WITH CHECK (%s)', t, rule, rule);
    EXECUTE format('GRANT %s ON %s TO fengsui_web', web_rights, t);
END $$;

ALTER FUNCTION public.scope_table(t regclass, web_rights text, place_column text) OWNER TO fengsui_owner;

CREATE FUNCTION public.search_register(register text, wanted text, narrowed jsonb DEFAULT '[]'::jsonb, sorted text DEFAULT 'id'::text, turned boolean DEFAULT true, most integer DEFAULT NULL::integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $_$
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
END $_$;

ALTER FUNCTION public.search_register(register text, wanted text, narrowed jsonb, sorted text, turned boolean, most integer) OWNER TO fengsui_owner;

CREATE FUNCTION public.sector_of_place() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.sector := coalesce((SELECT e.sector FROM enterprise AS e WHERE e.place = NEW.place), '');
    RETURN NEW;
END $$;

ALTER FUNCTION public.sector_of_place() OWNER TO fengsui_owner;

CREATE FUNCTION public.seen_seconds(lo timestamp with time zone, hi timestamp with time zone) RETURNS double precision
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT greatest(0, extract(epoch FROM hi - lo) - coalesce((
        SELECT sum(extract(epoch FROM least(a.ended_at, hi) - greatest(a.began_at, lo)))
        FROM centre_absence AS a WHERE a.began_at < hi AND a.ended_at > lo), 0))::double precision
$$;

ALTER FUNCTION public.seen_seconds(lo timestamp with time zone, hi timestamp with time zone) OWNER TO fengsui_owner;

CREATE TABLE public.storm_rule (
    region text NOT NULL COLLATE pg_catalog."C",
    valid_from timestamp with time zone NOT NULL,
    messages integer NOT NULL,
    window_s double precision NOT NULL,
    red_only integer NOT NULL,
    papers integer NOT NULL,
    gather_s double precision NOT NULL,
    first_up_s double precision NOT NULL,
    storm_cases integer NOT NULL,
    storm_s integer NOT NULL,
    source text NOT NULL,
    CONSTRAINT storm_rule_check CHECK (((red_only >= 0) AND (red_only < messages))),
    CONSTRAINT storm_rule_check1 CHECK (((papers >= 1) AND (papers <= messages))),
    CONSTRAINT storm_rule_first_up_s_check CHECK (((first_up_s > (0)::double precision) AND (first_up_s <= (3600)::double precision))),
    CONSTRAINT storm_rule_gather_s_check CHECK (((gather_s >= (0)::double precision) AND (gather_s <= (60)::double precision))),
    CONSTRAINT storm_rule_messages_check CHECK (((messages >= 1) AND (messages <= 1000000))),
    CONSTRAINT storm_rule_region_check CHECK ((region ~ '^[0-9]{0,12}$'::text)),
    CONSTRAINT storm_rule_storm_cases_check CHECK ((storm_cases > 0)),
    CONSTRAINT storm_rule_storm_s_check CHECK (((storm_s >= 60) AND (storm_s <= 86400))),
    CONSTRAINT storm_rule_window_s_check CHECK (((window_s > (0)::double precision) AND (window_s <= (3600)::double precision)))
);

ALTER TABLE ONLY public.storm_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.storm_rule OWNER TO fengsui_owner;

CREATE FUNCTION public.storm_rule_of(at_place text, moment timestamp with time zone) RETURNS SETOF public.storm_rule
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT r.* FROM storm_rule AS r
    WHERE starts_with(at_place, r.region) AND r.valid_from <= moment
    ORDER BY length(r.region) DESC, r.valid_from DESC
    LIMIT 1
$$;

ALTER FUNCTION public.storm_rule_of(at_place text, moment timestamp with time zone) OWNER TO fengsui_owner;

CREATE FUNCTION public.summarise_measurement_day(day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
DECLARE
  child regclass := to_regclass('public.measurement_' || to_char(day, 'YYYYMMDD'));
  index regclass;
BEGIN
  FOR index IN
    SELECT i.indexrelid FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
    JOIN pg_am AS a ON a.oid = c.relam WHERE i.indrelid = child AND a.amname = 'brin'
  LOOP
    PERFORM brin_summarize_new_values(index);
  END LOOP;
END $$;

ALTER FUNCTION public.summarise_measurement_day(day date) OWNER TO fengsui_owner;

CREATE FUNCTION public.tell_account(to_account integer, about text, of_kind text, in_short text, in_full text DEFAULT ''::text, page text DEFAULT ''::text, at_place text DEFAULT ''::text, of_sector text DEFAULT ''::text, moment timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    INSERT INTO message (account_id, key, kind, title, text, link, place, sector, at)
    VALUES (to_account, about, of_kind, in_short, in_full, page, at_place, of_sector, moment)
    ON CONFLICT (account_id, key) DO UPDATE
    SET kind = excluded.kind, title = excluded.title, text = excluded.text, link = excluded.link,
        place = excluded.place, sector = excluded.sector, at = excluded.at, read_at = NULL
$$;

ALTER FUNCTION public.tell_account(to_account integer, about text, of_kind text, in_short text, in_full text, page text, at_place text, of_sector text, moment timestamp with time zone) OWNER TO fengsui_owner;

CREATE FUNCTION public.tell_watchers(of_enterprise integer, about text, in_short text, in_full text, moment timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT tell_account(w.account_id, about, 'enterprise', e.name || '：' || in_short, in_full,
                        '/enterprises/' || e.id, e.place, e.sector, moment)
    FROM enterprise_watch AS w JOIN enterprise AS e ON e.id = w.enterprise_id
    WHERE w.enterprise_id = of_enterprise
      AND w.account_id IS DISTINCT FROM nullif(current_setting('app.actor', true), '')::int
$$;

ALTER FUNCTION public.tell_watchers(of_enterprise integer, about text, in_short text, in_full text, moment timestamp with time zone) OWNER TO fengsui_owner;

CREATE FUNCTION public.timer_wake() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM pg_notify('fengsui_timer', '');
    RETURN NULL;
END $$;

ALTER FUNCTION public.timer_wake() OWNER TO fengsui_owner;

CREATE FUNCTION public.title_pairs(title text, initials text) RETURNS text[]
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

ALTER FUNCTION public.title_pairs(title text, initials text) OWNER TO fengsui_owner;

CREATE FUNCTION public.trust_changed() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM pg_notify('fengsui_trust', '');
  RETURN NULL;
END $$;

ALTER FUNCTION public.trust_changed() OWNER TO fengsui_owner;

CREATE FUNCTION public.urgency_of(kind text, level smallint) RETURNS smallint
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$ SELECT (CASE WHEN kind IN ('management', 'shortage', 'patrol') THEN 8 ELSE 4 END - level)::smallint $$;

ALTER FUNCTION public.urgency_of(kind text, level smallint) OWNER TO fengsui_owner;

CREATE FUNCTION public.window_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO hold_task (window_id, due_at) VALUES (NEW.id, 'epoch');
    IF NEW.ended_at IS NULL AND NEW.starts_at > NEW.updated_at THEN
        INSERT INTO hold_task (window_id, due_at) VALUES (NEW.id, NEW.starts_at);
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION public.window_changed() OWNER TO fengsui_owner;

CREATE FUNCTION public.worker_table(t regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM protect_table(t);
END $$;

ALTER FUNCTION public.worker_table(t regclass) OWNER TO fengsui_owner;

CREATE OPERATOR public.<@@ (
    FUNCTION = elem_contained_by_multirange,
    LEFTARG = anyelement,
    RIGHTARG = anymultirange,
    RESTRICT = neqsel
);

ALTER OPERATOR public.<@@ (anyelement, anymultirange) OWNER TO fengsui_owner;

CREATE TABLE public.account (
    id integer NOT NULL,
    login text NOT NULL COLLATE pg_catalog."C",
    password_hash text NOT NULL,
    display_name text NOT NULL,
    role text NOT NULL COLLATE pg_catalog."C",
    agency_id integer,
    enterprise_id integer,
    phone text,
    phone_verified_at timestamp with time zone,
    on_call boolean DEFAULT false NOT NULL,
    active boolean DEFAULT true NOT NULL,
    failures smallint DEFAULT 0 NOT NULL,
    locked_until timestamp with time zone,
    password_changed_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    committee_unit_id integer,
    intermediary_id integer,
    review text DEFAULT 'approved'::text NOT NULL,
    review_opinion text DEFAULT ''::text NOT NULL,
    reviewed_by text DEFAULT ''::text NOT NULL,
    reviewed_at timestamp with time zone,
    removed_at timestamp with time zone,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    owes text[] DEFAULT '{}'::text[] NOT NULL,
    plain boolean DEFAULT false NOT NULL,
    initial_until timestamp with time zone,
    language text DEFAULT ''::text NOT NULL,
    CONSTRAINT account_language_known CHECK ((language = ANY (ARRAY[''::text, 'zh-CN'::text, 'en'::text]))),
    CONSTRAINT account_login_form CHECK ((login ~ '^[a-z0-9][a-z0-9._-]{1,62}$'::text)),
    CONSTRAINT account_owes_known CHECK ((owes <@ '{password,registration,organisation}'::text[])),
    CONSTRAINT account_removed_is_off CHECK (((removed_at IS NULL) OR (NOT active))),
    CONSTRAINT account_review_before_active CHECK (((review = 'approved'::text) OR (NOT active))),
    CONSTRAINT account_review_known CHECK ((review = ANY (ARRAY['pending'::text, 'approved'::text, 'refused'::text])))
);

ALTER TABLE ONLY public.account FORCE ROW LEVEL SECURITY;

ALTER TABLE public.account OWNER TO fengsui_owner;

CREATE TABLE public.account_area (
    account_id integer NOT NULL,
    place_prefix text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT account_area_form CHECK ((place_prefix ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})(/[A-Za-z0-9-]{1,32})?$'::text))
);

ALTER TABLE ONLY public.account_area FORCE ROW LEVEL SECURITY;

ALTER TABLE public.account_area OWNER TO fengsui_owner;

ALTER TABLE public.account ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    account_id integer NOT NULL,
    linked_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.account_identity FORCE ROW LEVEL SECURITY;

ALTER TABLE public.account_identity OWNER TO fengsui_owner;

CREATE TABLE public.account_setting (
    account_id integer NOT NULL,
    value jsonb DEFAULT '{}'::jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT account_setting_small CHECK ((octet_length((value)::text) <= 65536))
);

ALTER TABLE ONLY public.account_setting FORCE ROW LEVEL SECURITY;

ALTER TABLE public.account_setting OWNER TO fengsui_owner;

CREATE TABLE public.account_totp (
    account_id integer NOT NULL,
    secret bytea NOT NULL,
    confirmed_at timestamp with time zone,
    last_step bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY public.account_totp FORCE ROW LEVEL SECURITY;

ALTER TABLE public.account_totp OWNER TO fengsui_owner;

CREATE TABLE public.agency (
    id integer NOT NULL,
    name text NOT NULL,
    parent_id integer,
    kind text DEFAULT 'emergency'::text NOT NULL,
    rank smallint NOT NULL,
    code text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    region_code text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT agency_code_form CHECK ((code ~ '^[A-Za-z0-9-]{0,32}$'::text)),
    CONSTRAINT agency_not_own_parent CHECK ((parent_id <> id)),
    CONSTRAINT agency_rank_known CHECK (((rank >= 1) AND (rank <= 5))),
    CONSTRAINT agency_region_form CHECK ((region_code ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$'::text))
);

ALTER TABLE ONLY public.agency FORCE ROW LEVEL SECURITY;

ALTER TABLE public.agency OWNER TO fengsui_owner;

CREATE TABLE public.agency_area (
    agency_id integer NOT NULL,
    place_prefix text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT agency_area_form CHECK ((place_prefix ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})(/[A-Za-z0-9-]{1,32})?$'::text))
);

ALTER TABLE ONLY public.agency_area FORCE ROW LEVEL SECURITY;

ALTER TABLE public.agency_area OWNER TO fengsui_owner;

CREATE TABLE public.agency_detail (
    agency_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    contact_name text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    fax text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    longitude double precision,
    latitude double precision,
    administrator_id integer,
    CONSTRAINT agency_detail_position CHECK ((((longitude IS NULL) = (latitude IS NULL)) AND ((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)) AND ((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))))
);

ALTER TABLE ONLY public.agency_detail FORCE ROW LEVEL SECURITY;

ALTER TABLE public.agency_detail OWNER TO fengsui_owner;

ALTER TABLE public.agency ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.agency_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.alarm_day (
    enterprise_id integer NOT NULL,
    day date NOT NULL,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    annunciated integer NOT NULL,
    covered integer NOT NULL,
    chattering integer NOT NULL,
    stale integer NOT NULL,
    standing integer NOT NULL,
    floods integer NOT NULL,
    flood_s double precision NOT NULL,
    flood_alarms integer NOT NULL,
    flooding boolean NOT NULL,
    peak_ten integer NOT NULL,
    tens_over smallint NOT NULL,
    hours_over smallint NOT NULL,
    by_hour integer[] NOT NULL,
    by_priority integer[] NOT NULL,
    acknowledged integer NOT NULL,
    acknowledge_s real[] NOT NULL,
    whole boolean NOT NULL,
    rolled_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.alarm_day FORCE ROW LEVEL SECURITY;

ALTER TABLE public.alarm_day OWNER TO fengsui_owner;

CREATE TABLE public.alarm_day_alarm (
    enterprise_id integer NOT NULL,
    day date NOT NULL,
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    alarm text NOT NULL,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    point_id integer,
    priority smallint NOT NULL,
    annunciated integer NOT NULL,
    covered integer NOT NULL,
    chatters integer NOT NULL,
    stood_s double precision NOT NULL,
    stale boolean NOT NULL,
    since timestamp with time zone,
    shown_as text DEFAULT ''::text NOT NULL
);

ALTER TABLE ONLY public.alarm_day_alarm FORCE ROW LEVEL SECURITY;

ALTER TABLE public.alarm_day_alarm OWNER TO fengsui_owner;

CREATE TABLE public.alarm_day_due (
    id bigint NOT NULL,
    enterprise_id integer NOT NULL,
    day date NOT NULL,
    told_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.alarm_day_due FORCE ROW LEVEL SECURITY;

ALTER TABLE public.alarm_day_due OWNER TO fengsui_owner;

ALTER TABLE public.alarm_day_due ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.alarm_day_due_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.alarm_load (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    annunciator text NOT NULL,
    hour timestamp with time zone NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    most integer NOT NULL,
    flood boolean NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.alarm_load FORCE ROW LEVEL SECURITY;

ALTER TABLE public.alarm_load OWNER TO fengsui_owner;

CREATE TABLE public.alarm_state (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    alarm text NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    point_id integer NOT NULL,
    occurrence text NOT NULL,
    state text NOT NULL,
    limit_name text NOT NULL,
    side text NOT NULL,
    since timestamp with time zone NOT NULL,
    value double precision,
    quality smallint NOT NULL,
    ordinal integer NOT NULL,
    seq bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    under text DEFAULT ''::text NOT NULL,
    first_up boolean DEFAULT false NOT NULL,
    covered_by text DEFAULT ''::text NOT NULL,
    covered_why text DEFAULT ''::text NOT NULL,
    covered_until timestamp with time zone,
    covered_since timestamp with time zone,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.alarm_state FORCE ROW LEVEL SECURITY;

ALTER TABLE public.alarm_state OWNER TO fengsui_owner;

CREATE TABLE public.alarm_target (
    measure text NOT NULL COLLATE pg_catalog."C",
    good double precision NOT NULL,
    most double precision NOT NULL,
    source text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT alarm_target_order CHECK ((good <= most))
);

ALTER TABLE ONLY public.alarm_target FORCE ROW LEVEL SECURITY;

ALTER TABLE public.alarm_target OWNER TO fengsui_owner;

CREATE TABLE public.api_key (
    id integer NOT NULL,
    prefix text NOT NULL COLLATE pg_catalog."C",
    hash bytea NOT NULL,
    account_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    areas text[] DEFAULT '{}'::text[] NOT NULL,
    sectors text[],
    operations text[] DEFAULT '{see}'::text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    last_address text DEFAULT ''::text NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by integer,
    revoked_why text DEFAULT ''::text NOT NULL,
    CONSTRAINT api_key_expires CHECK (((expires_at > created_at) AND (expires_at <= (created_at + '366 days'::interval))))
);

ALTER TABLE ONLY public.api_key FORCE ROW LEVEL SECURITY;

ALTER TABLE public.api_key OWNER TO fengsui_owner;

ALTER TABLE public.api_key ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.api_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.approval_rule (
    id integer NOT NULL,
    region text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    level smallint NOT NULL,
    needed boolean NOT NULL,
    wait_s double precision NOT NULL,
    given boolean NOT NULL,
    source text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT approval_rule_kind_gated CHECK ((kind = ANY (ARRAY['manual'::text, 'model'::text]))),
    CONSTRAINT approval_rule_level_known CHECK (((level >= 1) AND (level <= 4))),
    CONSTRAINT approval_rule_red_is_given CHECK (((level < 4) OR given)),
    CONSTRAINT approval_rule_region_form CHECK ((region ~ '^[0-9]{0,12}$'::text)),
    CONSTRAINT approval_rule_wait CHECK ((wait_s > (0)::double precision))
);

ALTER TABLE ONLY public.approval_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.approval_rule OWNER TO fengsui_owner;

ALTER TABLE public.approval_rule ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.approval_rule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit_archive (
    "position" bigint NOT NULL,
    hash bytea NOT NULL,
    first_position bigint NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    file text NOT NULL,
    sha256 bytea NOT NULL,
    archived_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.audit_archive FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_archive OWNER TO fengsui_owner;

CREATE TABLE public.audit_chain (
    "position" bigint NOT NULL,
    audit_id bigint NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL
);

ALTER TABLE ONLY public.audit_chain FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_chain OWNER TO fengsui_owner;

ALTER TABLE public.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit_kind (
    part text NOT NULL,
    word text NOT NULL,
    kind text NOT NULL,
    CONSTRAINT audit_kind_kind_known CHECK ((kind = ANY (ARRAY['system'::text, 'security'::text]))),
    CONSTRAINT audit_kind_part_known CHECK ((part = ANY (ARRAY['action'::text, 'subject'::text])))
);

ALTER TABLE ONLY public.audit_kind FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_kind OWNER TO fengsui_owner;

CREATE TABLE public.audit_pending (
    audit_id bigint NOT NULL
);

ALTER TABLE ONLY public.audit_pending FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_pending OWNER TO fengsui_owner;

CREATE TABLE public.audit_root (
    day date NOT NULL,
    "position" bigint NOT NULL,
    hash bytea NOT NULL,
    count bigint NOT NULL,
    sound boolean NOT NULL,
    problem text DEFAULT ''::text NOT NULL,
    statement text NOT NULL,
    key bytea NOT NULL,
    signature bytea NOT NULL,
    CONSTRAINT audit_root_counts CHECK ((("position" >= 0) AND (count >= 0)))
);

ALTER TABLE ONLY public.audit_root FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_root OWNER TO fengsui_owner;

CREATE TABLE public.backup (
    id integer NOT NULL,
    name text COLLATE pg_catalog."C",
    target text NOT NULL,
    state text NOT NULL,
    kind text DEFAULT ''::text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    began_at timestamp with time zone,
    ended_at timestamp with time zone,
    bytes bigint,
    raw_bytes bigint,
    schema integer,
    encrypted boolean DEFAULT false NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    checked_at timestamp with time zone,
    check_good boolean,
    check_words text DEFAULT ''::text NOT NULL,
    gone_at timestamp with time zone,
    CONSTRAINT backup_good_has_name CHECK (((state <> 'good'::text) OR ((name IS NOT NULL) AND (bytes IS NOT NULL)))),
    CONSTRAINT backup_state_known CHECK ((state = ANY (ARRAY['wanted'::text, 'running'::text, 'good'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.backup FORCE ROW LEVEL SECURITY;

ALTER TABLE public.backup OWNER TO fengsui_owner;

ALTER TABLE public.backup ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.backup_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.backup_timer (
    kind text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT backup_timer_kind_known CHECK ((kind = ANY (ARRAY['backup'::text, 'check'::text])))
);

ALTER TABLE ONLY public.backup_timer FORCE ROW LEVEL SECURITY;

ALTER TABLE public.backup_timer OWNER TO fengsui_owner;

CREATE TABLE public.birth (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    hash bytea NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    description bytea NOT NULL,
    config_version bigint NOT NULL,
    config_hash text NOT NULL,
    software text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.birth FORCE ROW LEVEL SECURITY;

ALTER TABLE public.birth OWNER TO fengsui_owner;

CREATE TABLE public.cap_level (
    severity text NOT NULL,
    urgency text NOT NULL,
    certainty text NOT NULL,
    level smallint NOT NULL,
    source text NOT NULL,
    CONSTRAINT cap_level_known CHECK (((level >= 1) AND (level <= 4)))
);

ALTER TABLE ONLY public.cap_level FORCE ROW LEVEL SECURITY;

ALTER TABLE public.cap_level OWNER TO fengsui_owner;

CREATE TABLE public.captcha (
    id bytea NOT NULL,
    answer_hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.captcha FORCE ROW LEVEL SECURITY;

ALTER TABLE public.captcha OWNER TO fengsui_owner;

CREATE TABLE public.case_kept (
    warning_id uuid NOT NULL,
    agency_id integer NOT NULL,
    enterprise_id integer NOT NULL,
    relocation_id integer NOT NULL,
    kept_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.case_kept FORCE ROW LEVEL SECURITY;

ALTER TABLE public.case_kept OWNER TO fengsui_owner;

CREATE TABLE public.centre_absence (
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    CONSTRAINT centre_absence_forward CHECK ((ended_at > began_at))
);

ALTER TABLE ONLY public.centre_absence FORCE ROW LEVEL SECURITY;

ALTER TABLE public.centre_absence OWNER TO fengsui_owner;

CREATE TABLE public.centre_watch (
    single boolean DEFAULT true NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    grace_s double precision DEFAULT 15 NOT NULL,
    CONSTRAINT centre_watch_once CHECK (single)
);

ALTER TABLE ONLY public.centre_watch FORCE ROW LEVEL SECURITY;

ALTER TABLE public.centre_watch OWNER TO fengsui_owner;

CREATE TABLE public.certificate (
    serial text NOT NULL COLLATE pg_catalog."C",
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    place text NOT NULL COLLATE pg_catalog."C",
    signing_key bytea NOT NULL,
    request bytea NOT NULL,
    pem text NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    not_before timestamp with time zone NOT NULL,
    not_after timestamp with time zone NOT NULL,
    way text NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by text DEFAULT ''::text NOT NULL,
    revoked_why text DEFAULT ''::text NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT certificate_way CHECK ((way = ANY (ARRAY['code'::text, 'renewal'::text])))
);

ALTER TABLE ONLY public.certificate FORCE ROW LEVEL SECURITY;

ALTER TABLE public.certificate OWNER TO fengsui_owner;

CREATE TABLE public.code_revocation (
    register text NOT NULL COLLATE pg_catalog."C",
    record_id bigint NOT NULL,
    issue integer NOT NULL,
    enterprise_id integer,
    agency_id integer,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL,
    revoked_at timestamp with time zone NOT NULL,
    revoked_by integer NOT NULL,
    revoked_name text NOT NULL,
    CONSTRAINT code_revocation_issue_known CHECK (((issue >= 1) AND (issue <= 65535))),
    CONSTRAINT code_revocation_of_one_owner CHECK ((num_nonnulls(enterprise_id, agency_id) = 1))
);

ALTER TABLE ONLY public.code_revocation FORCE ROW LEVEL SECURITY;

ALTER TABLE public.code_revocation OWNER TO fengsui_owner;

CREATE TABLE public.command (
    id uuid NOT NULL,
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    place text NOT NULL COLLATE pg_catalog."C",
    boot bigint NOT NULL,
    command text NOT NULL,
    alarm text NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_mono_ms bigint NOT NULL,
    answered_at timestamp with time zone,
    result text DEFAULT 'sent'::text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    for_s integer,
    output text DEFAULT ''::text NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT command_command_check CHECK ((command = ANY (ARRAY['silence'::text, 'acknowledge'::text, 'reset'::text, 'shelve'::text, 'unshelve'::text, 'out-of-service'::text, 'in-service'::text, 'test'::text, 'switch-on'::text, 'switch-off'::text, 'tape'::text]))),
    CONSTRAINT command_result_check CHECK ((result = ANY (ARRAY['sent'::text, 'done'::text, 'refused'::text, 'expired'::text, 'foreign'::text, 'repeated'::text, 'silent'::text])))
);

ALTER TABLE ONLY public.command FORCE ROW LEVEL SECURITY;

ALTER TABLE public.command OWNER TO fengsui_owner;

CREATE TABLE public.committee_unit (
    id integer NOT NULL,
    agency_id integer NOT NULL,
    name text NOT NULL,
    code text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    contact_name text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    duties text DEFAULT ''::text NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL
);

ALTER TABLE ONLY public.committee_unit FORCE ROW LEVEL SECURITY;

ALTER TABLE public.committee_unit OWNER TO fengsui_owner;

ALTER TABLE public.committee_unit ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.committee_unit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.connection_day (
    enterprise_id integer NOT NULL,
    day date NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    devices integer NOT NULL,
    watched_s double precision NOT NULL,
    offline_s double precision NOT NULL,
    abnormal_s double precision NOT NULL,
    periods integer NOT NULL,
    reckoned_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.connection_day FORCE ROW LEVEL SECURITY;

ALTER TABLE public.connection_day OWNER TO fengsui_owner;

ALTER TABLE public.connection_rule ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.connection_rule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.declared_stop (
    record_id bigint NOT NULL,
    enterprise_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    first_day date NOT NULL,
    last_day date,
    begun_at timestamp with time zone,
    ended_at timestamp with time zone,
    put_at timestamp with time zone,
    former text COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.declared_stop FORCE ROW LEVEL SECURITY;

ALTER TABLE public.declared_stop OWNER TO fengsui_owner;

CREATE TABLE public.department (
    id integer NOT NULL,
    agency_id integer,
    enterprise_id integer,
    parent_id integer,
    name text NOT NULL,
    head_id integer,
    phone text DEFAULT ''::text NOT NULL,
    duties text DEFAULT ''::text NOT NULL,
    sequence smallint DEFAULT 0 NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT department_not_own_parent CHECK ((parent_id <> id)),
    CONSTRAINT department_one_owner CHECK ((num_nonnulls(agency_id, enterprise_id) = 1))
);

ALTER TABLE ONLY public.department FORCE ROW LEVEL SECURITY;

ALTER TABLE public.department OWNER TO fengsui_owner;

ALTER TABLE public.department ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.department_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.device (
    id integer NOT NULL,
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    enterprise_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    scene text DEFAULT ''::text NOT NULL,
    "position" text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'offline'::text NOT NULL COLLATE pg_catalog."C",
    since timestamp with time zone,
    current boolean DEFAULT true NOT NULL,
    first_at timestamp with time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT device_kind_known CHECK ((kind = ANY (ARRAY['gateway'::text, 'instrument'::text, 'camera'::text]))),
    CONSTRAINT device_state_known CHECK ((state = ANY (ARRAY['online'::text, 'abnormal'::text, 'offline'::text])))
);

ALTER TABLE ONLY public.device FORCE ROW LEVEL SECURITY;

ALTER TABLE public.device OWNER TO fengsui_owner;

CREATE TABLE public.device_fault (
    id integer NOT NULL,
    device_id integer NOT NULL,
    enterprise_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    found_at timestamp with time zone NOT NULL,
    words text NOT NULL,
    cause_code text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    state text DEFAULT 'open'::text NOT NULL COLLATE pg_catalog."C",
    made_at timestamp with time zone NOT NULL,
    made_by integer NOT NULL,
    made_name text NOT NULL,
    repairer text DEFAULT ''::text NOT NULL,
    repair_at timestamp with time zone,
    done_at timestamp with time zone,
    done_name text DEFAULT ''::text NOT NULL,
    result text DEFAULT ''::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT device_fault_forward CHECK ((done_at >= found_at)),
    CONSTRAINT device_fault_state_known CHECK ((state = ANY (ARRAY['open'::text, 'repairing'::text, 'done'::text])))
);

ALTER TABLE ONLY public.device_fault FORCE ROW LEVEL SECURITY;

ALTER TABLE public.device_fault OWNER TO fengsui_owner;

ALTER TABLE public.device_fault ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.device_fault_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.device ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.device_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.device_period (
    id bigint NOT NULL,
    device_id integer NOT NULL,
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    enterprise_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    cause text NOT NULL COLLATE pg_catalog."C",
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT device_period_cause_known CHECK ((cause = ANY (ARRAY['heartbeat'::text, 'gateway'::text, 'silent'::text, 'bad'::text]))),
    CONSTRAINT device_period_forward CHECK ((ended_at >= began_at)),
    CONSTRAINT device_period_state_known CHECK ((state = ANY (ARRAY['offline'::text, 'abnormal'::text])))
);

ALTER TABLE ONLY public.device_period FORCE ROW LEVEL SECURITY;

ALTER TABLE public.device_period OWNER TO fengsui_owner;

ALTER TABLE public.device_period ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.device_period_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.dictionary_entry (
    dictionary text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    zh text NOT NULL,
    en text DEFAULT ''::text NOT NULL,
    sequence integer DEFAULT 0 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT dictionary_entry_code_form CHECK ((code ~ '^[a-z0-9][a-z0-9-]{0,47}$'::text)),
    CONSTRAINT dictionary_entry_name_form CHECK ((dictionary ~ '^[a-z][a-z0-9-]{0,47}$'::text))
);

ALTER TABLE ONLY public.dictionary_entry FORCE ROW LEVEL SECURITY;

ALTER TABLE public.dictionary_entry OWNER TO fengsui_owner;

CREATE TABLE public.digest (
    id uuid NOT NULL,
    number bigint NOT NULL,
    channel text NOT NULL,
    address text NOT NULL,
    is_test boolean NOT NULL,
    account_id integer,
    enterprise_id integer,
    agency_id integer,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    person_name text NOT NULL,
    agency_name text DEFAULT ''::text NOT NULL,
    urgency smallint NOT NULL,
    levels jsonb NOT NULL,
    text text NOT NULL,
    state text NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    due_at timestamp with time zone,
    possibly_twice boolean DEFAULT false NOT NULL,
    provider_id text,
    reason text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    claimed_at timestamp with time zone,
    sent_at timestamp with time zone,
    delivered_at timestamp with time zone,
    read_at timestamp with time zone,
    ended_at timestamp with time zone,
    settled_at timestamp with time zone,
    held_since timestamp with time zone,
    CONSTRAINT digest_address_check CHECK ((address <> ''::text)),
    CONSTRAINT digest_ends CHECK (((ended_at IS NULL) = (state = ANY (ARRAY['pending'::text, 'sending'::text, 'sent'::text])))),
    CONSTRAINT digest_never_forgotten CHECK (((settled_at IS NULL) = (due_at IS NOT NULL))),
    CONSTRAINT digest_settles_after_its_end CHECK (((settled_at IS NULL) OR (ended_at IS NOT NULL))),
    CONSTRAINT digest_states CHECK ((state = ANY (ARRAY['pending'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'read'::text, 'failed'::text, 'superseded'::text, 'unreachable'::text])))
);

ALTER TABLE ONLY public.digest FORCE ROW LEVEL SECURITY;

ALTER TABLE public.digest OWNER TO fengsui_owner;

ALTER TABLE public.digest ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.digest_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enrolment_code (
    id integer NOT NULL,
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    enterprise_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    withdrawn_at timestamp with time zone,
    used_at timestamp with time zone,
    used_from text DEFAULT ''::text NOT NULL,
    used_by bytea,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT enrolment_code_gateway_form CHECK ((gateway_id ~ '^[a-z0-9][a-z0-9-]{2,62}$'::text))
);

ALTER TABLE ONLY public.enrolment_code FORCE ROW LEVEL SECURITY;

ALTER TABLE public.enrolment_code OWNER TO fengsui_owner;

ALTER TABLE public.enrolment_code ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.enrolment_code_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprise (
    id integer NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    credit_code text NOT NULL COLLATE pg_catalog."C",
    region_code text NOT NULL COLLATE pg_catalog."C",
    agency_id integer,
    industry text DEFAULT ''::text NOT NULL,
    hazard_class smallint,
    address text DEFAULT ''::text NOT NULL,
    contact_name text DEFAULT ''::text NOT NULL,
    contact_phone text DEFAULT ''::text NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    status text DEFAULT 'working'::text NOT NULL COLLATE pg_catalog."C",
    status_since timestamp with time zone,
    longitude double precision,
    latitude double precision,
    removed_at timestamp with time zone,
    CONSTRAINT enterprise_code_form CHECK ((code ~ '^[A-Za-z0-9-]{1,32}$'::text)),
    CONSTRAINT enterprise_credit_code_form CHECK ((credit_code ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'::text)),
    CONSTRAINT enterprise_hazard_class_known CHECK (((hazard_class >= 1) AND (hazard_class <= 4))),
    CONSTRAINT enterprise_position CHECK ((((longitude IS NULL) = (latitude IS NULL)) AND ((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)) AND ((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))))
);

ALTER TABLE ONLY public.enterprise FORCE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise OWNER TO fengsui_owner;

CREATE TABLE public.enterprise_application (
    id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text NOT NULL COLLATE pg_catalog."C",
    credit_code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    region_code text NOT NULL COLLATE pg_catalog."C",
    industry text DEFAULT ''::text NOT NULL,
    address text NOT NULL,
    contact_name text NOT NULL,
    contact_phone text NOT NULL,
    words text DEFAULT ''::text NOT NULL,
    came_from text DEFAULT ''::text NOT NULL,
    receipt_hash bytea NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by integer,
    decided_by_name text DEFAULT ''::text NOT NULL,
    opinion text DEFAULT ''::text NOT NULL,
    enterprise_id integer,
    CONSTRAINT enterprise_application_state_known CHECK ((state = ANY (ARRAY['open'::text, 'approved'::text, 'refused'::text])))
);

ALTER TABLE ONLY public.enterprise_application FORCE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_application OWNER TO fengsui_owner;

ALTER TABLE public.enterprise_application ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.enterprise_application_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprise_batch (
    id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    state text DEFAULT 'checked'::text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by integer,
    made_by_name text NOT NULL,
    ended_at timestamp with time zone,
    total integer NOT NULL,
    CONSTRAINT enterprise_batch_state_known CHECK ((state = ANY (ARRAY['checked'::text, 'running'::text, 'done'::text])))
);

ALTER TABLE ONLY public.enterprise_batch FORCE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_batch OWNER TO fengsui_owner;

ALTER TABLE public.enterprise_batch ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.enterprise_batch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprise_batch_row (
    batch_id integer NOT NULL,
    line integer NOT NULL,
    outcome text NOT NULL,
    credit_code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    facts jsonb NOT NULL,
    problems jsonb DEFAULT '[]'::jsonb NOT NULL,
    enterprise_id integer,
    CONSTRAINT enterprise_batch_row_outcome_known CHECK ((outcome = ANY (ARRAY['good'::text, 'existing'::text, 'bad'::text, 'made'::text])))
);

ALTER TABLE ONLY public.enterprise_batch_row FORCE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_batch_row OWNER TO fengsui_owner;

CREATE TABLE public.enterprise_connection (
    enterprise_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    state text DEFAULT 'none'::text NOT NULL COLLATE pg_catalog."C",
    since timestamp with time zone,
    online integer DEFAULT 0 NOT NULL,
    abnormal integer DEFAULT 0 NOT NULL,
    offline integer DEFAULT 0 NOT NULL,
    told_at timestamp with time zone,
    warning_id uuid,
    CONSTRAINT enterprise_connection_known CHECK ((state = ANY (ARRAY['none'::text, 'online'::text, 'abnormal'::text, 'partly'::text, 'offline'::text])))
);

ALTER TABLE ONLY public.enterprise_connection FORCE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_connection OWNER TO fengsui_owner;

CREATE TABLE public.enterprise_event (
    id bigint NOT NULL,
    enterprise_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    by_account integer,
    by_name text DEFAULT ''::text NOT NULL,
    CONSTRAINT enterprise_event_kind_known CHECK ((kind = ANY (ARRAY['registered'::text, 'status'::text, 'changed'::text, 'removed'::text])))
);

ALTER TABLE ONLY public.enterprise_event FORCE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_event OWNER TO fengsui_owner;

ALTER TABLE public.enterprise_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.enterprise_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.enterprise ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enterprise_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprise_pair (
    first_id integer NOT NULL,
    second_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL,
    marked_at timestamp with time zone NOT NULL,
    marked_by_name text NOT NULL,
    CONSTRAINT enterprise_pair_in_order CHECK ((first_id < second_id))
);

ALTER TABLE ONLY public.enterprise_pair FORCE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_pair OWNER TO fengsui_owner;

CREATE TABLE public.enterprise_removal (
    id integer NOT NULL,
    enterprise_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    state text DEFAULT 'asked'::text NOT NULL,
    reason text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    asked_by integer NOT NULL,
    asked_by_name text NOT NULL,
    asked_rank smallint NOT NULL,
    decided_at timestamp with time zone,
    decided_by_name text DEFAULT ''::text NOT NULL,
    opinion text DEFAULT ''::text NOT NULL,
    CONSTRAINT enterprise_removal_state_known CHECK ((state = ANY (ARRAY['asked'::text, 'granted'::text, 'refused'::text, 'used'::text])))
);

ALTER TABLE ONLY public.enterprise_removal FORCE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_removal OWNER TO fengsui_owner;

ALTER TABLE public.enterprise_removal ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.enterprise_removal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enterprise_status (
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    name_en text NOT NULL,
    runs boolean NOT NULL,
    ended boolean DEFAULT false NOT NULL,
    sequence smallint NOT NULL,
    CONSTRAINT enterprise_status_form CHECK ((code ~ '^[a-z][a-z-]{1,31}$'::text))
);

ALTER TABLE ONLY public.enterprise_status FORCE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_status OWNER TO fengsui_owner;

CREATE TABLE public.enterprise_watch (
    account_id integer NOT NULL,
    enterprise_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    since timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.enterprise_watch FORCE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_watch OWNER TO fengsui_owner;

CREATE TABLE public.event (
    id bigint NOT NULL,
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    epoch bigint NOT NULL,
    seq bigint NOT NULL,
    batch_id bigint NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    dated_by_centre boolean NOT NULL,
    boot bigint NOT NULL,
    mono_ms bigint NOT NULL,
    time_ms bigint NOT NULL,
    history boolean NOT NULL,
    point_id integer,
    alarm text,
    occurrence text,
    transition smallint,
    state text,
    value double precision,
    quality smallint,
    raw bytea NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.event FORCE ROW LEVEL SECURITY;

ALTER TABLE public.event OWNER TO fengsui_owner;

ALTER TABLE public.event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.evidence_rule (
    region text NOT NULL COLLATE pg_catalog."C",
    valid_from timestamp with time zone NOT NULL,
    before_s integer NOT NULL,
    after_s integer NOT NULL,
    points_most integer NOT NULL,
    events_most integer NOT NULL,
    source text NOT NULL,
    CONSTRAINT evidence_rule_after_s_check CHECK (((after_s >= 60) AND (after_s <= 86400))),
    CONSTRAINT evidence_rule_before_s_check CHECK (((before_s >= 60) AND (before_s <= 86400))),
    CONSTRAINT evidence_rule_events_most_check CHECK (((events_most >= 100) AND (events_most <= 1000000))),
    CONSTRAINT evidence_rule_points_most_check CHECK (((points_most >= 1) AND (points_most <= 2000))),
    CONSTRAINT evidence_rule_region_check CHECK ((region ~ '^[0-9]{0,12}$'::text))
);

ALTER TABLE ONLY public.evidence_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.evidence_rule OWNER TO fengsui_owner;

CREATE TABLE public.external_warning (
    id integer NOT NULL,
    sender text NOT NULL COLLATE pg_catalog."C",
    identifier text NOT NULL COLLATE pg_catalog."C",
    identifiers text[] NOT NULL,
    source_name text NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    enterprise_id integer,
    agency_id integer,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    is_test boolean NOT NULL,
    level smallint NOT NULL,
    level_reason text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    ended_at timestamp with time zone,
    brought_by integer,
    raw text NOT NULL,
    warning_id uuid,
    CONSTRAINT external_warning_kind_known CHECK ((kind = ANY (ARRAY['external'::text, 'weather'::text]))),
    CONSTRAINT external_warning_level_known CHECK (((level >= 1) AND (level <= 4))),
    CONSTRAINT external_warning_one_owner CHECK ((num_nonnulls(enterprise_id, agency_id) = 1))
);

ALTER TABLE ONLY public.external_warning FORCE ROW LEVEL SECURITY;

ALTER TABLE public.external_warning OWNER TO fengsui_owner;

ALTER TABLE public.external_warning ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.external_warning_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.file_in_parts (
    id text NOT NULL COLLATE pg_catalog."C",
    account_id integer NOT NULL,
    name text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL COLLATE pg_catalog."C",
    answer jsonb,
    at timestamp with time zone NOT NULL,
    CONSTRAINT file_in_parts_id_form CHECK ((id ~ '^[0-9a-f]{32}$'::text)),
    CONSTRAINT file_in_parts_sha256_form CHECK ((sha256 ~ '^([0-9a-f]{64})?$'::text)),
    CONSTRAINT file_in_parts_size_positive CHECK ((size > 0))
);

ALTER TABLE ONLY public.file_in_parts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.file_in_parts OWNER TO fengsui_owner;

CREATE TABLE public.file_upload (
    sha256 text NOT NULL COLLATE pg_catalog."C",
    account_id integer NOT NULL,
    name text NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.file_upload FORCE ROW LEVEL SECURITY;

ALTER TABLE public.file_upload OWNER TO fengsui_owner;

CREATE TABLE public.file_use (
    register text NOT NULL COLLATE pg_catalog."C",
    record_id bigint NOT NULL,
    sha256 text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    enterprise_id integer,
    agency_id integer,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    CONSTRAINT file_use_of_one_owner CHECK ((num_nonnulls(enterprise_id, agency_id) = 1))
);

ALTER TABLE ONLY public.file_use FORCE ROW LEVEL SECURITY;

ALTER TABLE public.file_use OWNER TO fengsui_owner;

CREATE TABLE public.gap (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    declared_epoch bigint NOT NULL,
    declared_seq bigint NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    stream smallint NOT NULL,
    epoch bigint NOT NULL,
    first_seq bigint NOT NULL,
    last_seq bigint,
    kept bigint NOT NULL,
    reason text NOT NULL,
    from_ms bigint NOT NULL,
    to_ms bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.gap FORCE ROW LEVEL SECURITY;

ALTER TABLE public.gap OWNER TO fengsui_owner;

CREATE TABLE public.gateway (
    id text NOT NULL COLLATE pg_catalog."C",
    number integer NOT NULL,
    enterprise_id integer NOT NULL,
    name text NOT NULL,
    public_key bytea NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by text DEFAULT ''::text NOT NULL,
    revoked_why text DEFAULT ''::text NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT gateway_id_form CHECK ((id ~ '^[a-z0-9][a-z0-9-]{2,62}$'::text)),
    CONSTRAINT gateway_public_key_length CHECK ((octet_length(public_key) = 32))
);

ALTER TABLE ONLY public.gateway FORCE ROW LEVEL SECURITY;

ALTER TABLE public.gateway OWNER TO fengsui_owner;

CREATE TABLE public.gateway_absence (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    began_at timestamp with time zone NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    boot_before bigint,
    ended_at timestamp with time zone,
    boot_after bigint,
    waiting_events bigint DEFAULT 0 NOT NULL,
    waiting_measurements bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY public.gateway_absence FORCE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_absence OWNER TO fengsui_owner;

CREATE TABLE public.gateway_boot (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    boot bigint NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    mono_ms bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    first_at timestamp with time zone NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.gateway_boot FORCE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_boot OWNER TO fengsui_owner;

CREATE TABLE public.gateway_configuration (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    content text NOT NULL,
    hash text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by text NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    ordinal integer DEFAULT 0 NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT gateway_configuration_size CHECK ((octet_length(content) <= 900000)),
    CONSTRAINT gateway_configuration_state CHECK ((state = ANY (ARRAY['draft'::text, 'pending'::text, 'trial'::text, 'kept'::text, 'taken-back'::text, 'refused'::text]))),
    CONSTRAINT gateway_configuration_version CHECK ((version > 0))
);

ALTER TABLE ONLY public.gateway_configuration FORCE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_configuration OWNER TO fengsui_owner;

CREATE TABLE public.gateway_figures (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    run text NOT NULL COLLATE pg_catalog."C",
    place text NOT NULL COLLATE pg_catalog."C",
    software text NOT NULL,
    model text NOT NULL,
    cores integer NOT NULL,
    ram_mb integer NOT NULL,
    python text NOT NULL,
    load double precision NOT NULL,
    measured_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    figures jsonb NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.gateway_figures FORCE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_figures OWNER TO fengsui_owner;

ALTER TABLE public.gateway ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.gateway_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.gateway_state (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    place text NOT NULL COLLATE pg_catalog."C",
    presence text DEFAULT 'offline'::text NOT NULL,
    presence_since timestamp with time zone,
    heard_at timestamp with time zone,
    boot bigint,
    counter bigint,
    mono_ms bigint,
    clock smallint DEFAULT 0 NOT NULL,
    period_ms integer,
    waiting_events bigint DEFAULT 0 NOT NULL,
    waiting_measurements bigint DEFAULT 0 NOT NULL,
    active_alarms integer DEFAULT 0 NOT NULL,
    sources jsonb DEFAULT '[]'::jsonb NOT NULL,
    outputs jsonb DEFAULT '[]'::jsonb NOT NULL,
    software text DEFAULT ''::text NOT NULL,
    birth_hash bytea,
    birth_at timestamp with time zone,
    birth_ordinal integer,
    birth_seq bigint,
    interleaved_at timestamp with time zone,
    annunciators jsonb DEFAULT '[]'::jsonb NOT NULL,
    road text DEFAULT ''::text NOT NULL,
    master text DEFAULT 'file'::text NOT NULL,
    config_version integer,
    config_newest integer DEFAULT 0 NOT NULL,
    config_ordinal integer DEFAULT 0 NOT NULL,
    config_seq bigint DEFAULT 0 NOT NULL,
    buses jsonb DEFAULT '[]'::jsonb NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT gateway_state_master CHECK ((master = ANY (ARRAY['file'::text, 'centre'::text]))),
    CONSTRAINT gateway_state_presence_check CHECK ((presence = ANY (ARRAY['online'::text, 'late'::text, 'offline'::text]))),
    CONSTRAINT gateway_state_road CHECK ((road = ANY (ARRAY[''::text, 'zenoh'::text, 'mqtt'::text])))
);

ALTER TABLE ONLY public.gateway_state FORCE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_state OWNER TO fengsui_owner;

CREATE TABLE public.gateway_tape (
    id integer NOT NULL,
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    reason text NOT NULL,
    asked_by text NOT NULL,
    fetched_at timestamp with time zone NOT NULL,
    sha256 bytea NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT gateway_tape_hash CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT gateway_tape_size CHECK ((octet_length(content) <= 16000000))
);

ALTER TABLE ONLY public.gateway_tape FORCE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_tape OWNER TO fengsui_owner;

ALTER TABLE public.gateway_tape ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.gateway_tape_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.handling_rule (
    region text NOT NULL COLLATE pg_catalog."C",
    valid_from timestamp with time zone NOT NULL,
    urge_every_s integer NOT NULL,
    urge_most integer NOT NULL,
    photos_most integer NOT NULL,
    source text NOT NULL,
    CONSTRAINT handling_rule_photos_most_check CHECK ((photos_most > 0)),
    CONSTRAINT handling_rule_region_check CHECK ((region ~ '^[0-9]{0,12}$'::text)),
    CONSTRAINT handling_rule_urge_every_s_check CHECK ((urge_every_s > 0)),
    CONSTRAINT handling_rule_urge_most_check CHECK ((urge_most > 0))
);

ALTER TABLE ONLY public.handling_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.handling_rule OWNER TO fengsui_owner;

CREATE TABLE public.head_claim (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    stream smallint NOT NULL,
    epoch bigint NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    head bigint NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.head_claim FORCE ROW LEVEL SECURITY;

ALTER TABLE public.head_claim OWNER TO fengsui_owner;

CREATE TABLE public.hold_task (
    id bigint NOT NULL,
    warning_id uuid,
    parent_id uuid,
    window_id integer,
    due_at timestamp with time zone NOT NULL,
    CONSTRAINT hold_task_one CHECK ((num_nonnulls(warning_id, parent_id, window_id) = 1))
);

ALTER TABLE ONLY public.hold_task FORCE ROW LEVEL SECURITY;

ALTER TABLE public.hold_task OWNER TO fengsui_owner;

ALTER TABLE public.hold_task ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.hold_task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.home (
    only_one boolean DEFAULT true NOT NULL,
    fingerprint text NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT home_only_one_check CHECK (only_one)
);

ALTER TABLE ONLY public.home FORCE ROW LEVEL SECURITY;

ALTER TABLE public.home OWNER TO fengsui_owner;

CREATE TABLE public.import_bad_row (
    job_id bigint NOT NULL,
    row_order integer NOT NULL,
    found jsonb NOT NULL
);

ALTER TABLE ONLY public.import_bad_row FORCE ROW LEVEL SECURITY;

ALTER TABLE public.import_bad_row OWNER TO fengsui_owner;

CREATE TABLE public.import_job (
    id bigint NOT NULL,
    register text NOT NULL COLLATE pg_catalog."C",
    account_id integer NOT NULL,
    file_name text NOT NULL,
    bytes integer NOT NULL,
    sha256 text NOT NULL COLLATE pg_catalog."C",
    content bytea,
    dry_run boolean NOT NULL,
    submit boolean NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL COLLATE pg_catalog."C",
    total integer,
    done integer DEFAULT 0 NOT NULL,
    created integer DEFAULT 0 NOT NULL,
    changed integer DEFAULT 0 NOT NULL,
    unchanged integer DEFAULT 0 NOT NULL,
    bad integer DEFAULT 0 NOT NULL,
    notices text[] DEFAULT '{}'::text[] NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    began_at timestamp with time zone,
    ended_at timestamp with time zone,
    claimed_until timestamp with time zone,
    overwrite boolean DEFAULT false NOT NULL,
    outdated integer DEFAULT 0 NOT NULL,
    CONSTRAINT import_job_counts CHECK ((done = (((created + changed) + unchanged) + bad))),
    CONSTRAINT import_job_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'checked'::text, 'done'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.import_job FORCE ROW LEVEL SECURITY;

ALTER TABLE public.import_job OWNER TO fengsui_owner;

ALTER TABLE public.import_job ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.import_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.industry (
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    level smallint GENERATED ALWAYS AS (length(code)) STORED NOT NULL,
    parent_code text COLLATE pg_catalog."C",
    initials text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    standard text DEFAULT 'GB/T 4754'::text NOT NULL,
    edition text DEFAULT '2017'::text NOT NULL,
    source text NOT NULL,
    CONSTRAINT industry_code_form CHECK ((code ~ '^([A-Z]|[0-9]{2,4})$'::text))
);

ALTER TABLE ONLY public.industry FORCE ROW LEVEL SECURITY;

ALTER TABLE public.industry OWNER TO fengsui_owner;

CREATE TABLE public.intermediary (
    id integer NOT NULL,
    agency_id integer NOT NULL,
    name text NOT NULL,
    credit_code text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    qualification text DEFAULT ''::text NOT NULL,
    qualification_no text NOT NULL COLLATE pg_catalog."C",
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    services text DEFAULT ''::text NOT NULL,
    contact_name text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT intermediary_kind_known CHECK ((kind = ANY (ARRAY['evaluation'::text, 'testing'::text, 'training'::text, 'consulting'::text, 'engineering'::text, 'other'::text]))),
    CONSTRAINT intermediary_validity CHECK ((valid_until > valid_from))
);

ALTER TABLE ONLY public.intermediary FORCE ROW LEVEL SECURITY;

ALTER TABLE public.intermediary OWNER TO fengsui_owner;

ALTER TABLE public.intermediary ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intermediary_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.known_device (
    token_hash bytea NOT NULL,
    account_id integer NOT NULL,
    failures smallint DEFAULT 0 NOT NULL,
    locked_until timestamp with time zone,
    seen_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.known_device FORCE ROW LEVEL SECURITY;

ALTER TABLE public.known_device OWNER TO fengsui_owner;

CREATE TABLE public.latest (
    point_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    value double precision,
    quality smallint NOT NULL,
    ordinal integer NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.latest FORCE ROW LEVEL SECURITY;

ALTER TABLE public.latest OWNER TO fengsui_owner;

CREATE TABLE public.ledger (
    id bigint NOT NULL,
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    stream smallint NOT NULL,
    epoch bigint NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    first_seq bigint NOT NULL,
    last_seq bigint NOT NULL,
    records integer NOT NULL,
    rows integer NOT NULL,
    hash bytea NOT NULL,
    birth_hash bytea NOT NULL,
    boot bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT ledger_check CHECK ((last_seq >= first_seq)),
    CONSTRAINT ledger_check1 CHECK ((records = ((last_seq - first_seq) + 1))),
    CONSTRAINT ledger_first_seq_check CHECK ((first_seq > 0))
);

ALTER TABLE ONLY public.ledger FORCE ROW LEVEL SECURITY;

ALTER TABLE public.ledger OWNER TO fengsui_owner;

ALTER TABLE public.ledger ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.ledger_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.level_draft (
    id integer NOT NULL,
    region text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    source text NOT NULL,
    rules jsonb NOT NULL,
    based_on integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by_name text NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT level_draft_region_form CHECK ((region ~ '^[0-9]{2,12}$'::text)),
    CONSTRAINT level_draft_rules_list CHECK ((jsonb_typeof(rules) = 'array'::text))
);

ALTER TABLE ONLY public.level_draft FORCE ROW LEVEL SECURITY;

ALTER TABLE public.level_draft OWNER TO fengsui_owner;

ALTER TABLE public.level_draft ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.level_draft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.level_rule (
    id integer NOT NULL,
    set_id integer CONSTRAINT level_rule_set_id_not_null1 NOT NULL,
    kind text NOT NULL,
    side text DEFAULT ''::text NOT NULL,
    limit_name text DEFAULT ''::text NOT NULL,
    quantity text DEFAULT ''::text NOT NULL,
    hazard_class smallint,
    level smallint NOT NULL,
    reason text NOT NULL,
    held_s integer DEFAULT 0 NOT NULL,
    raises integer DEFAULT 0 NOT NULL,
    within_h integer DEFAULT 0 NOT NULL,
    CONSTRAINT level_rule_hazard_class_check CHECK (((hazard_class >= 1) AND (hazard_class <= 4))),
    CONSTRAINT level_rule_level_check CHECK (((level >= 1) AND (level <= 4))),
    CONSTRAINT level_rule_waits CHECK (((held_s >= 0) AND (raises >= 0) AND (within_h >= 0) AND ((raises > 0) = (within_h > 0)) AND ((held_s = 0) OR (raises = 0))))
);

ALTER TABLE ONLY public.level_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.level_rule OWNER TO fengsui_owner;

ALTER TABLE public.level_rule ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.level_rule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.level_rule_set (
    id integer NOT NULL,
    region text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT level_rule_set_region_check CHECK ((region ~ '^[0-9]{0,12}$'::text)),
    CONSTRAINT level_rule_set_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.level_rule_set FORCE ROW LEVEL SECURITY;

ALTER TABLE public.level_rule_set OWNER TO fengsui_owner;

ALTER TABLE public.level_rule_set ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.level_rule_set_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.level_wait (
    warning_id uuid NOT NULL,
    limit_name text NOT NULL,
    side text NOT NULL,
    quantity text NOT NULL,
    hazard_class smallint,
    since timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.level_wait FORCE ROW LEVEL SECURITY;

ALTER TABLE public.level_wait OWNER TO fengsui_owner;

CREATE TABLE public.live_event (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    kind text NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    payload jsonb NOT NULL,
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.live_event FORCE ROW LEVEL SECURITY;

ALTER TABLE public.live_event OWNER TO fengsui_owner;

ALTER TABLE public.live_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.live_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.management_finding (
    id bigint NOT NULL,
    enterprise_id integer NOT NULL,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    item text NOT NULL COLLATE pg_catalog."C",
    threshold_id integer NOT NULL,
    value double precision NOT NULL,
    limit_value double precision NOT NULL,
    since timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    warning_id uuid
);

ALTER TABLE ONLY public.management_finding FORCE ROW LEVEL SECURITY;

ALTER TABLE public.management_finding OWNER TO fengsui_owner;

ALTER TABLE public.management_finding ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.management_finding_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.management_round (
    id boolean DEFAULT true NOT NULL,
    cursor integer,
    begun_at timestamp with time zone,
    CONSTRAINT management_round_id_check CHECK (id)
);

ALTER TABLE ONLY public.management_round FORCE ROW LEVEL SECURITY;

ALTER TABLE public.management_round OWNER TO fengsui_owner;

CREATE TABLE public.management_threshold (
    id integer NOT NULL,
    region text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    item text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    limit_value double precision NOT NULL,
    asked boolean DEFAULT true NOT NULL,
    sectors text[],
    hazards boolean DEFAULT false NOT NULL,
    source text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    changed_by_name text DEFAULT ''::text NOT NULL,
    CONSTRAINT management_threshold_item_known CHECK ((item = ANY (ARRAY['online-rate'::text, 'data-score'::text, 'hidden-report'::text, 'rectification'::text, 'plan'::text, 'training'::text, 'promise'::text, 'certificates'::text, 'updates'::text]))),
    CONSTRAINT management_threshold_limit CHECK (((limit_value >= (0)::double precision) AND (limit_value <= (100000)::double precision))),
    CONSTRAINT management_threshold_region_form CHECK ((region ~ '^[0-9]{0,12}$'::text))
);

ALTER TABLE ONLY public.management_threshold FORCE ROW LEVEL SECURITY;

ALTER TABLE public.management_threshold OWNER TO fengsui_owner;

ALTER TABLE public.management_threshold ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.management_threshold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.map_object (
    layer text NOT NULL COLLATE pg_catalog."C",
    ref text NOT NULL COLLATE pg_catalog."C",
    enterprise_id integer,
    agency_id integer,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    shared boolean DEFAULT false NOT NULL,
    name text NOT NULL,
    hazard_class smallint,
    silent boolean DEFAULT false NOT NULL,
    longitude double precision NOT NULL,
    latitude double precision NOT NULL,
    x integer GENERATED ALWAYS AS (public.map_x(longitude)) STORED NOT NULL,
    y integer GENERATED ALWAYS AS (public.map_y(latitude)) STORED NOT NULL,
    CONSTRAINT map_object_position CHECK ((((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)) AND ((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))))
);

ALTER TABLE ONLY public.map_object FORCE ROW LEVEL SECURITY;

ALTER TABLE public.map_object OWNER TO fengsui_owner;

CREATE TABLE public.map_shape (
    id integer NOT NULL,
    kind text NOT NULL,
    region text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    name text DEFAULT ''::text NOT NULL,
    geometry jsonb NOT NULL,
    west double precision NOT NULL,
    south double precision NOT NULL,
    east double precision NOT NULL,
    north double precision NOT NULL,
    source text NOT NULL,
    loaded_at timestamp with time zone NOT NULL,
    CONSTRAINT map_shape_kind_known CHECK ((kind = ANY (ARRAY['region'::text, 'water'::text, 'road'::text, 'railway'::text, 'park'::text]))),
    CONSTRAINT map_shape_of_a_region CHECK (((kind <> 'region'::text) OR (region <> ''::text))),
    CONSTRAINT map_shape_region_form CHECK ((region ~ '^[0-9]{0,12}$'::text))
);

ALTER TABLE ONLY public.map_shape FORCE ROW LEVEL SECURITY;

ALTER TABLE public.map_shape OWNER TO fengsui_owner;

ALTER TABLE public.map_shape ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.map_shape_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.measurement (
    at timestamp with time zone NOT NULL,
    value double precision,
    batch_id bigint NOT NULL,
    gateway integer NOT NULL,
    point_id integer NOT NULL,
    quality smallint NOT NULL,
    record smallint NOT NULL
)
PARTITION BY RANGE (at);

ALTER TABLE ONLY public.measurement FORCE ROW LEVEL SECURITY;

ALTER TABLE public.measurement OWNER TO fengsui_owner;

CREATE TABLE public.measurement_default (
    at timestamp with time zone CONSTRAINT measurement_at_not_null NOT NULL,
    value double precision,
    batch_id bigint CONSTRAINT measurement_batch_id_not_null NOT NULL,
    gateway integer CONSTRAINT measurement_gateway_not_null NOT NULL,
    point_id integer CONSTRAINT measurement_point_id_not_null NOT NULL,
    quality smallint CONSTRAINT measurement_quality_not_null NOT NULL,
    record smallint CONSTRAINT measurement_record_not_null NOT NULL
);

ALTER TABLE public.measurement_default OWNER TO fengsui_owner;

CREATE TABLE public.measurement_packed (
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone NOT NULL,
    point_id integer NOT NULL,
    day date NOT NULL,
    generation integer NOT NULL,
    part integer NOT NULL,
    rows integer NOT NULL,
    body bytea NOT NULL
);
ALTER TABLE ONLY public.measurement_packed ALTER COLUMN body SET STORAGE EXTERNAL;

ALTER TABLE ONLY public.measurement_packed FORCE ROW LEVEL SECURITY;

ALTER TABLE public.measurement_packed OWNER TO fengsui_owner;

CREATE TABLE public.message (
    id bigint NOT NULL,
    account_id integer NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    title text NOT NULL,
    text text DEFAULT ''::text NOT NULL,
    link text DEFAULT ''::text NOT NULL,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    CONSTRAINT message_link_is_ours CHECK (((link = ''::text) OR (link ~ '^/([^/]|$)'::text)))
);

ALTER TABLE ONLY public.message FORCE ROW LEVEL SECURITY;

ALTER TABLE public.message OWNER TO fengsui_owner;

ALTER TABLE public.message ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notice (
    id integer NOT NULL,
    key uuid NOT NULL,
    agency_id integer NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    reply_by timestamp with time zone,
    warning_id uuid,
    sent_at timestamp with time zone NOT NULL,
    sent_by integer NOT NULL,
    sent_name text NOT NULL,
    CONSTRAINT notice_reply_comes_after CHECK ((reply_by > sent_at))
);

ALTER TABLE ONLY public.notice FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notice OWNER TO fengsui_owner;

CREATE TABLE public.notice_file (
    notice_id integer NOT NULL,
    receiver_id integer,
    sha256 text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL
);

ALTER TABLE ONLY public.notice_file FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notice_file OWNER TO fengsui_owner;

ALTER TABLE public.notice ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notice_receiver (
    id integer NOT NULL,
    notice_id integer NOT NULL,
    enterprise_id integer,
    agency_id integer,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    read_at timestamp with time zone,
    read_name text DEFAULT ''::text NOT NULL,
    reply text DEFAULT ''::text NOT NULL,
    replied_at timestamp with time zone,
    replied_by integer,
    replied_name text DEFAULT ''::text NOT NULL,
    reminders integer DEFAULT 0 NOT NULL,
    reminded_at timestamp with time zone,
    overdue_told boolean DEFAULT false NOT NULL,
    CONSTRAINT notice_receiver_is_one CHECK ((num_nonnulls(enterprise_id, agency_id) = 1))
);

ALTER TABLE ONLY public.notice_receiver FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notice_receiver OWNER TO fengsui_owner;

ALTER TABLE public.notice_receiver ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notice_receiver_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notice_rule (
    region text NOT NULL COLLATE pg_catalog."C",
    valid_from timestamp with time zone NOT NULL,
    remind_every_s integer NOT NULL,
    files_most integer NOT NULL,
    source text NOT NULL,
    CONSTRAINT notice_rule_files_most_check CHECK ((files_most > 0)),
    CONSTRAINT notice_rule_region_check CHECK ((region ~ '^[0-9]{0,12}$'::text)),
    CONSTRAINT notice_rule_remind_every_s_check CHECK ((remind_every_s > 0))
);

ALTER TABLE ONLY public.notice_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notice_rule OWNER TO fengsui_owner;

CREATE TABLE public.number_format (
    id integer NOT NULL,
    agency_id integer NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    pattern text NOT NULL,
    serial_length smallint NOT NULL,
    resets text NOT NULL,
    for_below boolean DEFAULT false NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT number_format_kind_form CHECK ((kind ~ '^[a-z][a-z0-9-]{1,31}$'::text)),
    CONSTRAINT number_format_length CHECK (((serial_length >= 1) AND (serial_length <= 9))),
    CONSTRAINT number_format_resets_known CHECK ((resets = ANY (ARRAY['never'::text, 'yearly'::text, 'monthly'::text])))
);

ALTER TABLE ONLY public.number_format FORCE ROW LEVEL SECURITY;

ALTER TABLE public.number_format OWNER TO fengsui_owner;

ALTER TABLE public.number_format ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.number_format_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.number_series (
    format_id integer NOT NULL,
    agency_id integer NOT NULL,
    period text NOT NULL COLLATE pg_catalog."C",
    last integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.number_series FORCE ROW LEVEL SECURITY;

ALTER TABLE public.number_series OWNER TO fengsui_owner;

CREATE TABLE public.offline_report (
    id integer NOT NULL,
    enterprise_id integer NOT NULL,
    device_id integer,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    cause text NOT NULL COLLATE pg_catalog."C",
    words text NOT NULL,
    measures text NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL COLLATE pg_catalog."C",
    made_at timestamp with time zone NOT NULL,
    made_by integer NOT NULL,
    made_name text NOT NULL,
    decided_at timestamp with time zone,
    decided_by integer,
    decided_name text DEFAULT ''::text NOT NULL,
    opinion text DEFAULT ''::text NOT NULL,
    ended_at timestamp with time zone,
    ended_name text DEFAULT ''::text NOT NULL,
    window_id integer,
    CONSTRAINT offline_report_cause_known CHECK ((cause = ANY (ARRAY['repair'::text, 'stop'::text, 'power'::text, 'network'::text, 'calibration'::text, 'replacement'::text, 'other'::text]))),
    CONSTRAINT offline_report_forward CHECK ((until_at > from_at)),
    CONSTRAINT offline_report_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'approved'::text, 'refused'::text, 'withdrawn'::text, 'ended'::text])))
);

ALTER TABLE ONLY public.offline_report FORCE ROW LEVEL SECURITY;

ALTER TABLE public.offline_report OWNER TO fengsui_owner;

ALTER TABLE public.offline_report ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.offline_report_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.oidc_journey (
    state_hash bytea NOT NULL,
    browser_hash bytea NOT NULL,
    nonce text NOT NULL,
    verifier text NOT NULL,
    next text NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.oidc_journey FORCE ROW LEVEL SECURITY;

ALTER TABLE public.oidc_journey OWNER TO fengsui_owner;

CREATE TABLE public.operator_positions (
    enterprise_id integer NOT NULL,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    positions smallint NOT NULL,
    said_at timestamp with time zone NOT NULL,
    said_by text NOT NULL,
    CONSTRAINT operator_positions_some CHECK (((positions >= 1) AND (positions <= 99)))
);

ALTER TABLE ONLY public.operator_positions FORCE ROW LEVEL SECURITY;

ALTER TABLE public.operator_positions OWNER TO fengsui_owner;

CREATE TABLE public.organisation_check (
    enterprise_id integer NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    checked_at timestamp with time zone NOT NULL,
    checked_by integer,
    departments integer NOT NULL,
    people integer NOT NULL
);

ALTER TABLE ONLY public.organisation_check FORCE ROW LEVEL SECURITY;

ALTER TABLE public.organisation_check OWNER TO fengsui_owner;

CREATE TABLE public.output_state (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    output text NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    seen_at timestamp with time zone NOT NULL,
    ok boolean DEFAULT true NOT NULL,
    ok_since timestamp with time zone NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    test_every_s integer DEFAULT 0 NOT NULL,
    tested_at timestamp with time zone,
    test_ok boolean,
    test_reason text DEFAULT ''::text NOT NULL,
    overdue boolean DEFAULT false NOT NULL,
    ordinal integer DEFAULT 0 NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.output_state FORCE ROW LEVEL SECURITY;

ALTER TABLE public.output_state OWNER TO fengsui_owner;

CREATE TABLE public.packed_day (
    day date NOT NULL,
    generation integer NOT NULL,
    rows bigint NOT NULL,
    packed_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.packed_day FORCE ROW LEVEL SECURITY;

ALTER TABLE public.packed_day OWNER TO fengsui_owner;

CREATE TABLE public.packing_day (
    day date NOT NULL,
    generation integer NOT NULL,
    late boolean DEFAULT false NOT NULL
);

ALTER TABLE ONLY public.packing_day FORCE ROW LEVEL SECURITY;

ALTER TABLE public.packing_day OWNER TO fengsui_owner;

CREATE TABLE public.packing_rule (
    id integer NOT NULL,
    after_days integer NOT NULL,
    source text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    CONSTRAINT packing_rule_after_days_check CHECK (((after_days >= 2) AND (after_days <= 390)))
);

ALTER TABLE ONLY public.packing_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.packing_rule OWNER TO fengsui_owner;

ALTER TABLE public.packing_rule ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.packing_rule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.password_history (
    id bigint NOT NULL,
    account_id integer NOT NULL,
    password_hash text NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.password_history FORCE ROW LEVEL SECURITY;

ALTER TABLE public.password_history OWNER TO fengsui_owner;

ALTER TABLE public.password_history ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.password_history_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.patrol_check (
    code text NOT NULL COLLATE pg_catalog."C",
    sequence smallint NOT NULL,
    weight double precision NOT NULL,
    warn_s integer,
    source text NOT NULL,
    CONSTRAINT patrol_check_known CHECK ((code = ANY (ARRAY['stale'::text, 'stuck'::text, 'range'::text, 'swing'::text, 'rare'::text, 'connection'::text]))),
    CONSTRAINT patrol_check_warns CHECK (((warn_s >= 0) AND ((code <> 'connection'::text) OR (warn_s IS NULL)))),
    CONSTRAINT patrol_check_weight CHECK (((weight >= (0)::double precision) AND (weight <= (1)::double precision)))
);

ALTER TABLE ONLY public.patrol_check FORCE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_check OWNER TO fengsui_owner;

CREATE TABLE public.patrol_day (
    enterprise_id integer NOT NULL,
    day date NOT NULL,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    points integer NOT NULL,
    score double precision NOT NULL,
    stability double precision NOT NULL,
    reliability double precision NOT NULL,
    effectiveness double precision,
    values_good bigint NOT NULL,
    values_all bigint NOT NULL,
    judged_at timestamp with time zone NOT NULL,
    whole boolean DEFAULT false NOT NULL,
    CONSTRAINT patrol_day_score CHECK (((score >= (0)::double precision) AND (score <= (100)::double precision)))
);

ALTER TABLE ONLY public.patrol_day FORCE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_day OWNER TO fengsui_owner;

CREATE TABLE public.patrol_finding (
    id bigint NOT NULL,
    point_id integer NOT NULL,
    enterprise_id integer NOT NULL,
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    rule_id integer NOT NULL,
    since timestamp with time zone NOT NULL,
    found_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    value double precision,
    limit_value double precision,
    unit text NOT NULL,
    words text NOT NULL,
    ended_at timestamp with time zone,
    end_words text DEFAULT ''::text NOT NULL,
    warn_at timestamp with time zone,
    warned_at timestamp with time zone,
    warning_id uuid,
    warning_ended_at timestamp with time zone,
    failures smallint DEFAULT 0 NOT NULL,
    try_at timestamp with time zone
);

ALTER TABLE ONLY public.patrol_finding FORCE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_finding OWNER TO fengsui_owner;

ALTER TABLE public.patrol_finding ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.patrol_finding_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.patrol_loss (
    id bigint NOT NULL,
    enterprise_id integer NOT NULL,
    day date NOT NULL,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    finding_id bigint,
    since timestamp with time zone NOT NULL,
    held_s double precision NOT NULL,
    points integer NOT NULL,
    lost double precision NOT NULL
);

ALTER TABLE ONLY public.patrol_loss FORCE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_loss OWNER TO fengsui_owner;

ALTER TABLE public.patrol_loss ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.patrol_loss_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.patrol_pace (
    id integer NOT NULL,
    every_s integer NOT NULL,
    enterprises integer NOT NULL,
    cover_share double precision NOT NULL,
    backlog integer NOT NULL,
    away_s integer NOT NULL,
    source text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    CONSTRAINT patrol_pace_away_s_check CHECK ((away_s >= 60)),
    CONSTRAINT patrol_pace_backlog_check CHECK ((backlog >= 0)),
    CONSTRAINT patrol_pace_cover_share_check CHECK (((cover_share >= (0)::double precision) AND (cover_share <= (1)::double precision))),
    CONSTRAINT patrol_pace_enterprises_check CHECK (((enterprises >= 1) AND (enterprises <= 1000))),
    CONSTRAINT patrol_pace_every_s_check CHECK (((every_s >= 60) AND (every_s <= 86400)))
);

ALTER TABLE ONLY public.patrol_pace FORCE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_pace OWNER TO fengsui_owner;

ALTER TABLE public.patrol_pace ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.patrol_pace_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.patrol_round (
    id boolean DEFAULT true NOT NULL,
    cursor integer,
    begun_at timestamp with time zone,
    looked_at timestamp with time zone,
    awake_since timestamp with time zone,
    CONSTRAINT patrol_round_id_check CHECK (id)
);

ALTER TABLE ONLY public.patrol_round FORCE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_round OWNER TO fengsui_owner;

CREATE TABLE public.patrol_rule (
    id integer NOT NULL,
    region text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    quantity text,
    unit text,
    version integer DEFAULT 1 NOT NULL,
    stale_periods double precision,
    stale_s integer DEFAULT 900 NOT NULL,
    stuck_h integer,
    moves_share double precision DEFAULT 0 NOT NULL,
    rest_share double precision DEFAULT 0 NOT NULL,
    ranged boolean DEFAULT true NOT NULL,
    low double precision,
    high double precision,
    swing_share double precision,
    swing_h integer DEFAULT 3 NOT NULL,
    rare_share double precision,
    rare_h integer DEFAULT 3 NOT NULL,
    source text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT patrol_rule_hours CHECK ((((stuck_h >= 1) AND (stuck_h <= 720)) AND ((swing_h >= 1) AND (swing_h <= 24)) AND ((rare_h >= 1) AND (rare_h <= 24)))),
    CONSTRAINT patrol_rule_range CHECK ((low < high)),
    CONSTRAINT patrol_rule_region_form CHECK ((region ~ '^[0-9]{0,12}$'::text)),
    CONSTRAINT patrol_rule_shares CHECK ((((moves_share >= (0)::double precision) AND (moves_share <= (1)::double precision)) AND ((rest_share >= (0)::double precision) AND (rest_share <= (1)::double precision)) AND (swing_share > (0)::double precision) AND ((rare_share >= (0)::double precision) AND (rare_share <= (1)::double precision)))),
    CONSTRAINT patrol_rule_silence CHECK ((((stale_periods >= (1)::double precision) AND (stale_periods <= (1000)::double precision)) AND ((stale_s >= 60) AND (stale_s <= 2592000))))
);

ALTER TABLE ONLY public.patrol_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_rule OWNER TO fengsui_owner;

ALTER TABLE public.patrol_rule ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.patrol_rule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.point (
    id integer NOT NULL,
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    enterprise_id integer NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    place text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    quantity text NOT NULL,
    unit text NOT NULL,
    source text NOT NULL,
    period_ms bigint NOT NULL,
    low double precision,
    high double precision,
    limit_ll double precision,
    limit_l double precision,
    limit_h double precision,
    limit_hh double precision,
    current boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.point FORCE ROW LEVEL SECURITY;

ALTER TABLE public.point OWNER TO fengsui_owner;

ALTER TABLE public.point ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.point_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.policy (
    id integer NOT NULL,
    region text NOT NULL COLLATE pg_catalog."C",
    level smallint NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    handling_s double precision NOT NULL,
    repeat_s double precision NOT NULL,
    retry_s double precision NOT NULL,
    clear_after_s double precision NOT NULL,
    suppress_s double precision NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    kind text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    hour_from smallint DEFAULT 0 NOT NULL,
    hour_to smallint DEFAULT 24 NOT NULL,
    look_s double precision DEFAULT 600 NOT NULL,
    CONSTRAINT policy_clear_after_s_check CHECK ((clear_after_s >= (0)::double precision)),
    CONSTRAINT policy_handling_s_check CHECK ((handling_s > (0)::double precision)),
    CONSTRAINT policy_hours CHECK (((hour_from >= 0) AND (hour_from < hour_to) AND (hour_to <= 24))),
    CONSTRAINT policy_level_check CHECK (((level >= 1) AND (level <= 4))),
    CONSTRAINT policy_look CHECK ((look_s > (0)::double precision)),
    CONSTRAINT policy_quiet_papers_only CHECK ((((kind = ANY (ARRAY['management'::text, 'shortage'::text, 'patrol'::text])) OR (look_s = (600)::double precision)) AND (((kind = ANY (ARRAY['management'::text, 'shortage'::text, 'patrol'::text])) AND (level < 4)) OR ((hour_from = 0) AND (hour_to = 24))))),
    CONSTRAINT policy_region_check CHECK ((region ~ '^[0-9]{0,12}$'::text)),
    CONSTRAINT policy_repeat_s_check CHECK ((repeat_s > (0)::double precision)),
    CONSTRAINT policy_retry_s_check CHECK ((retry_s > (0)::double precision)),
    CONSTRAINT policy_suppress_s_check CHECK ((suppress_s > (0)::double precision)),
    CONSTRAINT policy_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.policy FORCE ROW LEVEL SECURITY;

ALTER TABLE public.policy OWNER TO fengsui_owner;

ALTER TABLE public.policy ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.policy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.policy_step (
    policy_id integer NOT NULL,
    index smallint NOT NULL,
    delay_s double precision NOT NULL,
    rank smallint NOT NULL,
    channels text[] NOT NULL,
    CONSTRAINT policy_step_channels_check CHECK ((cardinality(channels) > 0)),
    CONSTRAINT policy_step_delay_s_check CHECK ((delay_s >= (0)::double precision)),
    CONSTRAINT policy_step_index_check CHECK ((index >= 0)),
    CONSTRAINT policy_step_rank_check CHECK (((rank >= 0) AND (rank <= 9)))
);

ALTER TABLE ONLY public.policy_step FORCE ROW LEVEL SECURITY;

ALTER TABLE public.policy_step OWNER TO fengsui_owner;

CREATE TABLE public.post (
    id integer NOT NULL,
    agency_id integer,
    enterprise_id integer,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    sequence smallint DEFAULT 0 NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT post_one_owner CHECK ((num_nonnulls(agency_id, enterprise_id) = 1))
);

ALTER TABLE ONLY public.post FORCE ROW LEVEL SECURITY;

ALTER TABLE public.post OWNER TO fengsui_owner;

ALTER TABLE public.post ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.post_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposal (
    id integer NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    side text NOT NULL,
    is_test boolean NOT NULL,
    enterprise_id integer,
    agency_id integer,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    level smallint NOT NULL,
    level_reason text NOT NULL,
    title text NOT NULL,
    reference text NOT NULL,
    fact jsonb NOT NULL,
    given boolean NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    proposed_by integer,
    proposed_name text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    decided_at timestamp with time zone,
    decided_by integer,
    decided_name text DEFAULT ''::text NOT NULL,
    opinion text DEFAULT ''::text NOT NULL,
    warning_id uuid,
    CONSTRAINT proposal_level_known CHECK (((level >= 1) AND (level <= 4))),
    CONSTRAINT proposal_one_owner CHECK ((num_nonnulls(enterprise_id, agency_id) = 1)),
    CONSTRAINT proposal_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'approved'::text, 'refused'::text, 'given'::text, 'withdrawn'::text])))
);

ALTER TABLE ONLY public.proposal FORCE ROW LEVEL SECURITY;

ALTER TABLE public.proposal OWNER TO fengsui_owner;

ALTER TABLE public.proposal ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.proposal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.quarantine (
    id bigint NOT NULL,
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    stream smallint NOT NULL,
    epoch bigint NOT NULL,
    seq bigint NOT NULL,
    batch_id bigint NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    "row" bytea NOT NULL,
    sqlstate text NOT NULL,
    reason text NOT NULL,
    quarantined_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    resolution text,
    resolved_by text,
    note text,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT quarantine_resolution_check CHECK ((resolution = ANY (ARRAY['replayed'::text, 'dismissed'::text]))),
    CONSTRAINT quarantine_resolved_whole CHECK ((((resolved_at IS NULL) = (resolution IS NULL)) AND ((resolved_at IS NULL) = (resolved_by IS NULL))))
);

ALTER TABLE ONLY public.quarantine FORCE ROW LEVEL SECURITY;

ALTER TABLE public.quarantine OWNER TO fengsui_owner;

ALTER TABLE public.quarantine ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.quarantine_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.range_conflict (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    stream smallint NOT NULL,
    epoch bigint NOT NULL,
    first_seq bigint NOT NULL,
    last_seq bigint NOT NULL,
    hash bytea NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    stored_hash bytea,
    birth_hash bytea NOT NULL,
    boot bigint NOT NULL,
    body bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    times integer DEFAULT 1 NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.range_conflict FORCE ROW LEVEL SECURITY;

ALTER TABLE public.range_conflict OWNER TO fengsui_owner;

CREATE TABLE public.record_version (
    register text NOT NULL COLLATE pg_catalog."C",
    record_id bigint NOT NULL,
    version integer NOT NULL,
    at timestamp with time zone NOT NULL,
    by integer,
    by_name text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    state text NOT NULL,
    valid_from date,
    payload jsonb NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.record_version FORCE ROW LEVEL SECURITY;

ALTER TABLE public.record_version OWNER TO fengsui_owner;

CREATE TABLE public.recovery (
    id integer NOT NULL,
    began_at timestamp with time zone NOT NULL,
    begun_by text NOT NULL,
    ended_at timestamp with time zone,
    ended_by text
);

ALTER TABLE ONLY public.recovery FORCE ROW LEVEL SECURITY;

ALTER TABLE public.recovery OWNER TO fengsui_owner;

CREATE TABLE public.recovery_code (
    account_id integer NOT NULL,
    hash bytea NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE ONLY public.recovery_code FORCE ROW LEVEL SECURITY;

ALTER TABLE public.recovery_code OWNER TO fengsui_owner;

ALTER TABLE public.recovery ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.recovery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.recovery_request (
    id integer NOT NULL,
    kind text NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    account_id integer,
    enterprise_id integer,
    issuer text DEFAULT ''::text NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    applicant text NOT NULL,
    contact text NOT NULL,
    words text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by integer,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT recovery_request_kind_known CHECK ((kind = ANY (ARRAY['password'::text, 'appeal'::text, 'registration'::text]))),
    CONSTRAINT recovery_request_state_known CHECK ((state = ANY (ARRAY['open'::text, 'approved'::text, 'refused'::text, 'expired'::text]))),
    CONSTRAINT recovery_request_whom CHECK (((account_id IS NOT NULL) OR (enterprise_id IS NOT NULL)))
);

ALTER TABLE ONLY public.recovery_request FORCE ROW LEVEL SECURITY;

ALTER TABLE public.recovery_request OWNER TO fengsui_owner;

ALTER TABLE public.recovery_request ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.recovery_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.region (
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    level smallint GENERATED ALWAYS AS (
CASE length(code)
    WHEN 2 THEN 1
    WHEN 4 THEN 2
    WHEN 6 THEN 3
    WHEN 9 THEN 4
    WHEN 12 THEN 5
    ELSE NULL::integer
END) STORED NOT NULL,
    parent_code text COLLATE pg_catalog."C",
    valid_from date,
    valid_to date,
    source text DEFAULT ''::text NOT NULL,
    CONSTRAINT region_code_form CHECK ((code ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$'::text)),
    CONSTRAINT region_days_in_order CHECK ((valid_from < valid_to)),
    CONSTRAINT region_parent_holds CHECK ((starts_with(code, parent_code) AND (code <> parent_code)))
);

ALTER TABLE ONLY public.region FORCE ROW LEVEL SECURITY;

ALTER TABLE public.region OWNER TO fengsui_owner;

CREATE TABLE public.region_successor (
    code text NOT NULL COLLATE pg_catalog."C",
    successor text NOT NULL COLLATE pg_catalog."C",
    since date NOT NULL,
    renumbered boolean NOT NULL,
    relocation_id integer
);

ALTER TABLE ONLY public.region_successor FORCE ROW LEVEL SECURITY;

ALTER TABLE public.region_successor OWNER TO fengsui_owner;

CREATE TABLE public.relocation (
    id integer NOT NULL,
    kind text NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    title text NOT NULL,
    reason text NOT NULL,
    document text DEFAULT ''::text NOT NULL,
    plan jsonb NOT NULL,
    state text DEFAULT 'planned'::text NOT NULL,
    effective_at timestamp with time zone NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by integer,
    made_by_name text NOT NULL,
    made_by_role text DEFAULT ''::text NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    total integer DEFAULT 0 NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    rows_moved bigint DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    failure text DEFAULT ''::text NOT NULL,
    retry_at timestamp with time zone,
    CONSTRAINT relocation_kind_known CHECK ((kind = ANY (ARRAY['move'::text, 'reorganisation'::text]))),
    CONSTRAINT relocation_reason_given CHECK ((length(btrim(reason)) > 1)),
    CONSTRAINT relocation_state_known CHECK ((state = ANY (ARRAY['planned'::text, 'running'::text, 'done'::text, 'cancelled'::text])))
);

ALTER TABLE ONLY public.relocation FORCE ROW LEVEL SECURITY;

ALTER TABLE public.relocation OWNER TO fengsui_owner;

ALTER TABLE public.relocation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.relocation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.relocation_item (
    relocation_id integer NOT NULL,
    enterprise_id integer NOT NULL,
    to_region text COLLATE pg_catalog."C",
    to_agency_id integer,
    to_sector text COLLATE pg_catalog."C",
    from_place text COLLATE pg_catalog."C",
    to_place text COLLATE pg_catalog."C",
    state text DEFAULT 'waiting'::text NOT NULL,
    rows bigint DEFAULT 0 NOT NULL,
    done_at timestamp with time zone,
    CONSTRAINT relocation_item_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text])))
);

ALTER TABLE ONLY public.relocation_item FORCE ROW LEVEL SECURITY;

ALTER TABLE public.relocation_item OWNER TO fengsui_owner;

CREATE TABLE public.reminder (
    id bigint NOT NULL,
    register text NOT NULL COLLATE pg_catalog."C",
    cause text NOT NULL,
    field text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    record_id bigint,
    enterprise_id integer,
    agency_id integer,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    register_title text NOT NULL,
    words text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    due_on date NOT NULL,
    warn_on date,
    found_at timestamp with time zone NOT NULL,
    told_at timestamp with time zone,
    told_late_at timestamp with time zone,
    settled_at timestamp with time zone,
    warned_at timestamp with time zone,
    warning_id uuid,
    warning_ended_at timestamp with time zone,
    failures smallint DEFAULT 0 NOT NULL,
    failing_since timestamp with time zone,
    try_at timestamp with time zone,
    CONSTRAINT reminder_cause_known CHECK ((cause = ANY (ARRAY['day'::text, 'update'::text]))),
    CONSTRAINT reminder_one_owner CHECK ((num_nonnulls(enterprise_id, agency_id) = 1))
);

ALTER TABLE ONLY public.reminder FORCE ROW LEVEL SECURITY;

ALTER TABLE public.reminder OWNER TO fengsui_owner;

ALTER TABLE public.reminder ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reminder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.reminder_rule ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reminder_rule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.resource_minimum (
    id integer NOT NULL,
    agency_id integer NOT NULL,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    register text NOT NULL COLLATE pg_catalog."C",
    field text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    choice text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    words text DEFAULT ''::text NOT NULL,
    measure text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    minimum double precision NOT NULL,
    unit text NOT NULL,
    source text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    removed_at timestamp with time zone,
    counted double precision,
    counted_at timestamp with time zone,
    short_since timestamp with time zone,
    told_at timestamp with time zone,
    warning_id uuid,
    CONSTRAINT resource_minimum_region_form CHECK ((region ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$'::text)),
    CONSTRAINT resource_minimum_sane CHECK ((minimum > (0)::double precision))
);

ALTER TABLE ONLY public.resource_minimum FORCE ROW LEVEL SECURITY;

ALTER TABLE public.resource_minimum OWNER TO fengsui_owner;

ALTER TABLE public.resource_minimum ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.resource_minimum_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.risk_alert (
    subject text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    level smallint NOT NULL,
    since timestamp with time zone NOT NULL,
    told_at timestamp with time zone NOT NULL,
    CONSTRAINT risk_alert_kind_known CHECK ((kind = ANY (ARRAY['above'::text, 'rise'::text])))
);

ALTER TABLE ONLY public.risk_alert FORCE ROW LEVEL SECURITY;

ALTER TABLE public.risk_alert OWNER TO fengsui_owner;

CREATE TABLE public.risk_day (
    subject text NOT NULL COLLATE pg_catalog."C",
    day date NOT NULL,
    scale text NOT NULL COLLATE pg_catalog."C",
    enterprise_id integer,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text NOT NULL COLLATE pg_catalog."C",
    model_id integer NOT NULL,
    score double precision NOT NULL,
    worst double precision NOT NULL,
    level smallint NOT NULL,
    inputs jsonb NOT NULL,
    inputs_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.risk_day FORCE ROW LEVEL SECURITY;

ALTER TABLE public.risk_day OWNER TO fengsui_owner;

CREATE TABLE public.risk_draft (
    id integer NOT NULL,
    scale text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    source text NOT NULL,
    definition jsonb NOT NULL,
    based_on integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by_name text NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT risk_draft_region_form CHECK ((region ~ '^[0-9]{2,12}$'::text)),
    CONSTRAINT risk_draft_scale_known CHECK ((scale = ANY (ARRAY['enterprise'::text, 'industry'::text, 'area'::text, 'time'::text])))
);

ALTER TABLE ONLY public.risk_draft FORCE ROW LEVEL SECURITY;

ALTER TABLE public.risk_draft OWNER TO fengsui_owner;

ALTER TABLE public.risk_draft ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.risk_draft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.risk_index (
    subject text NOT NULL COLLATE pg_catalog."C",
    scale text NOT NULL COLLATE pg_catalog."C",
    period text NOT NULL COLLATE pg_catalog."C",
    enterprise_id integer,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text NOT NULL COLLATE pg_catalog."C",
    model_id integer NOT NULL,
    score double precision NOT NULL,
    level smallint NOT NULL,
    inputs jsonb NOT NULL,
    missing smallint NOT NULL,
    inputs_at timestamp with time zone NOT NULL,
    day date NOT NULL,
    CONSTRAINT risk_index_level_known CHECK (((level >= 1) AND (level <= 4))),
    CONSTRAINT risk_index_period_known CHECK ((period = ANY (ARRAY['live'::text, 'month'::text, 'quarter'::text, 'year'::text]))),
    CONSTRAINT risk_index_score_range CHECK (((score >= (0)::double precision) AND (score <= (100)::double precision)))
);

ALTER TABLE ONLY public.risk_index FORCE ROW LEVEL SECURITY;

ALTER TABLE public.risk_index OWNER TO fengsui_owner;

CREATE TABLE public.risk_mark (
    id bigint NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.risk_mark FORCE ROW LEVEL SECURITY;

ALTER TABLE public.risk_mark OWNER TO fengsui_owner;

ALTER TABLE public.risk_mark ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.risk_mark_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.risk_model (
    id integer NOT NULL,
    scale text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    definition jsonb NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT risk_model_definition_form CHECK ((jsonb_typeof(definition) = 'object'::text)),
    CONSTRAINT risk_model_region_form CHECK ((region ~ '^[0-9]{0,12}$'::text)),
    CONSTRAINT risk_model_scale_known CHECK ((scale = ANY (ARRAY['enterprise'::text, 'industry'::text, 'area'::text, 'time'::text])))
);

ALTER TABLE ONLY public.risk_model FORCE ROW LEVEL SECURITY;

ALTER TABLE public.risk_model OWNER TO fengsui_owner;

ALTER TABLE public.risk_model ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.risk_model_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.role (
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    kind text NOT NULL,
    built_in boolean DEFAULT false NOT NULL,
    data_scope text NOT NULL,
    sectors text[],
    note text DEFAULT ''::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT role_code_form CHECK ((code ~ '^[a-z][a-z0-9-]{1,31}$'::text)),
    CONSTRAINT role_data_scope_known CHECK ((data_scope = ANY (ARRAY['all'::text, 'custom'::text, 'own'::text, 'own-and-below'::text, 'self'::text]))),
    CONSTRAINT role_kind_known CHECK ((kind = ANY (ARRAY['supervisor'::text, 'enterprise'::text, 'inspector'::text, 'installer'::text, 'committee'::text, 'intermediary'::text, 'administrator'::text]))),
    CONSTRAINT role_of_an_enterprise CHECK (((kind <> 'enterprise'::text) OR (data_scope = 'self'::text))),
    CONSTRAINT role_sectors_some CHECK ((cardinality(sectors) > 0))
);

ALTER TABLE ONLY public.role FORCE ROW LEVEL SECURITY;

ALTER TABLE public.role OWNER TO fengsui_owner;

CREATE TABLE public.role_operation (
    role text NOT NULL COLLATE pg_catalog."C",
    operation text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT role_operation_form CHECK ((operation ~ '^[a-z][a-z-]{1,31}$'::text))
);

ALTER TABLE ONLY public.role_operation FORCE ROW LEVEL SECURITY;

ALTER TABLE public.role_operation OWNER TO fengsui_owner;

CREATE TABLE public.rollup_day (
    at timestamp with time zone CONSTRAINT rollup_minute_at_not_null NOT NULL,
    min double precision,
    max double precision,
    total double precision CONSTRAINT rollup_minute_total_not_null NOT NULL,
    point_id integer CONSTRAINT rollup_minute_point_id_not_null NOT NULL,
    count integer CONSTRAINT rollup_minute_count_not_null NOT NULL,
    bad integer CONSTRAINT rollup_minute_bad_not_null NOT NULL
);

ALTER TABLE ONLY public.rollup_day FORCE ROW LEVEL SECURITY;

ALTER TABLE public.rollup_day OWNER TO fengsui_owner;

CREATE TABLE public.rollup_due (
    id bigint NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone NOT NULL,
    gateway integer NOT NULL,
    level smallint NOT NULL,
    CONSTRAINT rollup_due_level_check CHECK (((level >= 0) AND (level <= 2))),
    CONSTRAINT rollup_due_stretch CHECK ((from_at < to_at))
);

ALTER TABLE ONLY public.rollup_due FORCE ROW LEVEL SECURITY;

ALTER TABLE public.rollup_due OWNER TO fengsui_owner;

ALTER TABLE public.rollup_due ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.rollup_due_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.rollup_hour (
    at timestamp with time zone CONSTRAINT rollup_minute_at_not_null NOT NULL,
    min double precision,
    max double precision,
    total double precision CONSTRAINT rollup_minute_total_not_null NOT NULL,
    point_id integer CONSTRAINT rollup_minute_point_id_not_null NOT NULL,
    count integer CONSTRAINT rollup_minute_count_not_null NOT NULL,
    bad integer CONSTRAINT rollup_minute_bad_not_null NOT NULL
);

ALTER TABLE ONLY public.rollup_hour FORCE ROW LEVEL SECURITY;

ALTER TABLE public.rollup_hour OWNER TO fengsui_owner;

CREATE TABLE public.rollup_minute (
    at timestamp with time zone NOT NULL,
    min double precision,
    max double precision,
    total double precision NOT NULL,
    point_id integer NOT NULL,
    count integer NOT NULL,
    bad integer NOT NULL
);

ALTER TABLE ONLY public.rollup_minute FORCE ROW LEVEL SECURITY;

ALTER TABLE public.rollup_minute OWNER TO fengsui_owner;

CREATE TABLE public.run_state_grade (
    figure text NOT NULL COLLATE pg_catalog."C",
    good_from double precision NOT NULL,
    fair_from double precision NOT NULL,
    source text NOT NULL,
    CONSTRAINT run_state_grade_known CHECK ((figure = ANY (ARRAY['stability'::text, 'reliability'::text, 'effectiveness'::text]))),
    CONSTRAINT run_state_grade_order CHECK ((((fair_from >= (0)::double precision) AND (fair_from <= good_from)) AND (good_from <= (1)::double precision)))
);

ALTER TABLE ONLY public.run_state_grade FORCE ROW LEVEL SECURITY;

ALTER TABLE public.run_state_grade OWNER TO fengsui_owner;

CREATE TABLE public.schema_migration (
    number integer NOT NULL,
    title text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.schema_migration FORCE ROW LEVEL SECURITY;

ALTER TABLE public.schema_migration OWNER TO fengsui_owner;

CREATE TABLE public.sector (
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    CONSTRAINT sector_code_form CHECK ((code ~ '^[a-z][a-z0-9-]{0,31}$'::text))
);

ALTER TABLE ONLY public.sector FORCE ROW LEVEL SECURITY;

ALTER TABLE public.sector OWNER TO fengsui_owner;

CREATE TABLE public.session (
    token_hash bytea NOT NULL,
    account_id integer NOT NULL,
    device_kind text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    end_reason text,
    steps text[] DEFAULT '{}'::text[] NOT NULL,
    way text DEFAULT 'password'::text NOT NULL,
    CONSTRAINT session_device_known CHECK ((device_kind = ANY (ARRAY['pc'::text, 'phone'::text, 'wall'::text]))),
    CONSTRAINT session_end_known CHECK ((end_reason = ANY (ARRAY['signed-out'::text, 'replaced'::text, 'idle'::text, 'deactivated'::text, 'password-changed'::text, 'ended-elsewhere'::text, 'expired'::text])))
);

ALTER TABLE ONLY public.session FORCE ROW LEVEL SECURITY;

ALTER TABLE public.session OWNER TO fengsui_owner;

CREATE TABLE public.settle_rule (
    kind text NOT NULL COLLATE pg_catalog."C",
    settle_s double precision NOT NULL,
    source text NOT NULL,
    CONSTRAINT settle_rule_wait CHECK ((settle_s >= (0)::double precision))
);

ALTER TABLE ONLY public.settle_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.settle_rule OWNER TO fengsui_owner;

CREATE TABLE public.sign_in_rule (
    id smallint DEFAULT 1 NOT NULL,
    min_length smallint DEFAULT 8 NOT NULL,
    min_classes smallint DEFAULT 3 NOT NULL,
    max_age_days integer DEFAULT 90 NOT NULL,
    no_reuse smallint DEFAULT 5 NOT NULL,
    initial_days smallint DEFAULT 3 NOT NULL,
    captcha_after smallint DEFAULT 3 NOT NULL,
    lock_after smallint DEFAULT 5 NOT NULL,
    lock_minutes smallint DEFAULT 15 NOT NULL,
    totp_kinds text[] DEFAULT '{supervisor,administrator}'::text[] NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT sign_in_rule_age CHECK (((max_age_days >= 0) AND (max_age_days <= 3650))),
    CONSTRAINT sign_in_rule_captcha CHECK (((captcha_after >= 0) AND (captcha_after <= 20))),
    CONSTRAINT sign_in_rule_classes CHECK (((min_classes >= 1) AND (min_classes <= 4))),
    CONSTRAINT sign_in_rule_initial CHECK (((initial_days >= 1) AND (initial_days <= 30))),
    CONSTRAINT sign_in_rule_length CHECK (((min_length >= 6) AND (min_length <= 64))),
    CONSTRAINT sign_in_rule_lock CHECK ((((lock_after >= 3) AND (lock_after <= 20)) AND ((lock_minutes >= 1) AND (lock_minutes <= 1440)))),
    CONSTRAINT sign_in_rule_one CHECK ((id = 1)),
    CONSTRAINT sign_in_rule_reuse CHECK (((no_reuse >= 0) AND (no_reuse <= 24)))
);

ALTER TABLE ONLY public.sign_in_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.sign_in_rule OWNER TO fengsui_owner;

CREATE TABLE public.staff (
    id integer NOT NULL,
    agency_id integer,
    enterprise_id integer,
    department_id integer,
    post_id integer,
    account_id integer,
    name text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    office_phone text DEFAULT ''::text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    duties text DEFAULT ''::text NOT NULL,
    sequence smallint DEFAULT 0 NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT staff_one_owner CHECK ((num_nonnulls(agency_id, enterprise_id) = 1))
);

ALTER TABLE ONLY public.staff FORCE ROW LEVEL SECURITY;

ALTER TABLE public.staff OWNER TO fengsui_owner;

ALTER TABLE public.staff ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.staff_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.stored_file (
    sha256 text NOT NULL COLLATE pg_catalog."C",
    size bigint NOT NULL,
    media_type text NOT NULL,
    thumbnail boolean NOT NULL,
    scan text NOT NULL,
    stored_at timestamp with time zone NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    again_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    CONSTRAINT stored_file_scan_known CHECK ((scan = ANY (ARRAY['clean'::text, 'waiting'::text]))),
    CONSTRAINT stored_file_sha256_form CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT stored_file_size_positive CHECK ((size > 0))
);

ALTER TABLE ONLY public.stored_file FORCE ROW LEVEL SECURITY;

ALTER TABLE public.stored_file OWNER TO fengsui_owner;

CREATE TABLE public.stranger_failure (
    subject bytea NOT NULL,
    failures smallint NOT NULL,
    locked_until timestamp with time zone,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.stranger_failure FORCE ROW LEVEL SECURITY;

ALTER TABLE public.stranger_failure OWNER TO fengsui_owner;

CREATE TABLE public.stream_cursor (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    stream smallint NOT NULL,
    epoch bigint NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    last_seq bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
)
WITH (fillfactor='50');

ALTER TABLE ONLY public.stream_cursor FORCE ROW LEVEL SECURITY;

ALTER TABLE public.stream_cursor OWNER TO fengsui_owner;

CREATE TABLE public.stream_epoch (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    epoch bigint NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    ordinal integer NOT NULL,
    follows bigint NOT NULL,
    held boolean NOT NULL,
    event_head bigint DEFAULT 0 NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.stream_epoch FORCE ROW LEVEL SECURITY;

ALTER TABLE public.stream_epoch OWNER TO fengsui_owner;

CREATE TABLE public.suppression_window (
    id integer NOT NULL,
    category text NOT NULL COLLATE pg_catalog."C",
    subject_type text NOT NULL COLLATE pg_catalog."C",
    subject_id text NOT NULL COLLATE pg_catalog."C",
    subject_name text NOT NULL,
    kinds text[] DEFAULT '{}'::text[] NOT NULL,
    enterprise_id integer NOT NULL,
    gateway_id text COLLATE pg_catalog."C",
    point_id integer,
    place text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    sector text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL,
    permit_no text DEFAULT ''::text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    declared_at timestamp with time zone NOT NULL,
    declared_by integer NOT NULL,
    declared_name text NOT NULL,
    declared_for text NOT NULL,
    declared_agency_id integer,
    holds_red boolean DEFAULT false NOT NULL,
    consent_at timestamp with time zone,
    consent_by integer,
    consent_name text DEFAULT ''::text NOT NULL,
    consent_for text DEFAULT ''::text NOT NULL,
    consent_words text DEFAULT ''::text NOT NULL,
    ended_at timestamp with time zone,
    ended_by integer,
    ended_name text DEFAULT ''::text NOT NULL,
    end_reason text DEFAULT ''::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT suppression_window_category_known CHECK ((category = ANY (ARRAY['maintenance'::text, 'permit'::text, 'out_of_service'::text]))),
    CONSTRAINT suppression_window_consent_asked CHECK (((consent_at IS NULL) OR holds_red)),
    CONSTRAINT suppression_window_subject_known CHECK ((subject_type = ANY (ARRAY['enterprise'::text, 'gateway'::text, 'instrument'::text, 'point'::text]))),
    CONSTRAINT suppression_window_times CHECK ((ends_at > starts_at))
);

ALTER TABLE ONLY public.suppression_window FORCE ROW LEVEL SECURITY;

ALTER TABLE public.suppression_window OWNER TO fengsui_owner;

ALTER TABLE public.suppression_window ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.suppression_window_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.test_receiver (
    region text NOT NULL COLLATE pg_catalog."C",
    account_id integer NOT NULL
);

ALTER TABLE ONLY public.test_receiver FORCE ROW LEVEL SECURITY;

ALTER TABLE public.test_receiver OWNER TO fengsui_owner;

CREATE TABLE public.timer (
    warning_id uuid NOT NULL,
    kind text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    failures smallint DEFAULT 0 NOT NULL,
    urgency smallint DEFAULT 0 NOT NULL,
    CONSTRAINT timer_kind_known CHECK ((kind = ANY (ARRAY['ladder'::text, 'clear'::text, 'suppression'::text, 'hold'::text])))
);

ALTER TABLE ONLY public.timer FORCE ROW LEVEL SECURITY;

ALTER TABLE public.timer OWNER TO fengsui_owner;

CREATE TABLE public.tuning_rule (
    rank smallint NOT NULL,
    words text[] NOT NULL,
    deadband_share double precision NOT NULL,
    on_delay_s double precision NOT NULL,
    off_delay_s double precision NOT NULL,
    source text NOT NULL,
    CONSTRAINT tuning_rule_delays CHECK (((on_delay_s >= (0)::double precision) AND (off_delay_s >= (0)::double precision))),
    CONSTRAINT tuning_rule_share CHECK (((deadband_share > (0)::double precision) AND (deadband_share < (1)::double precision)))
);

ALTER TABLE ONLY public.tuning_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.tuning_rule OWNER TO fengsui_owner;

CREATE TABLE public.unjudged (
    id bigint NOT NULL,
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    event_id bigint,
    place text NOT NULL COLLATE pg_catalog."C",
    fact bytea NOT NULL,
    since timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    defaulted_at timestamp with time zone,
    error text NOT NULL,
    sector text DEFAULT 'other'::text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.unjudged FORCE ROW LEVEL SECURITY;

ALTER TABLE public.unjudged OWNER TO fengsui_owner;

ALTER TABLE public.unjudged ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.unjudged_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.warning_alarm (
    gateway_id text NOT NULL COLLATE pg_catalog."C",
    alarm text NOT NULL,
    occurrence text NOT NULL,
    is_test boolean NOT NULL,
    warning_id uuid NOT NULL,
    level smallint NOT NULL,
    limit_name text NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    cleared_at timestamp with time zone,
    raises integer DEFAULT 1 NOT NULL
);

ALTER TABLE ONLY public.warning_alarm FORCE ROW LEVEL SECURITY;

ALTER TABLE public.warning_alarm OWNER TO fengsui_owner;

ALTER TABLE public.warning_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.warning_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.warning ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.warning_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.warning_photo (
    warning_id uuid NOT NULL,
    sha256 text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    at timestamp with time zone NOT NULL,
    account_id integer NOT NULL,
    who text NOT NULL
);

ALTER TABLE ONLY public.warning_photo FORCE ROW LEVEL SECURITY;

ALTER TABLE public.warning_photo OWNER TO fengsui_owner;

CREATE TABLE public.warning_read (
    warning_id uuid NOT NULL,
    account_id integer NOT NULL,
    who text NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.warning_read FORCE ROW LEVEL SECURITY;

ALTER TABLE public.warning_read OWNER TO fengsui_owner;

CREATE TABLE public.window_rule (
    id integer NOT NULL,
    region text NOT NULL COLLATE pg_catalog."C",
    category text NOT NULL COLLATE pg_catalog."C",
    longest_s double precision NOT NULL,
    source text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT window_rule_category_known CHECK ((category = ANY (ARRAY['maintenance'::text, 'permit'::text, 'out_of_service'::text]))),
    CONSTRAINT window_rule_longest CHECK ((longest_s > (0)::double precision)),
    CONSTRAINT window_rule_region_form CHECK ((region ~ '^[0-9]{0,12}$'::text))
);

ALTER TABLE ONLY public.window_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.window_rule OWNER TO fengsui_owner;

ALTER TABLE public.window_rule ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.window_rule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.measurement ATTACH PARTITION public.measurement_default DEFAULT;

ALTER TABLE ONLY public.account_area
    ADD CONSTRAINT account_area_pkey PRIMARY KEY (account_id, place_prefix);

ALTER TABLE ONLY public.account_identity
    ADD CONSTRAINT account_identity_pkey PRIMARY KEY (issuer, subject);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_login_key UNIQUE (login);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_setting
    ADD CONSTRAINT account_setting_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.account_totp
    ADD CONSTRAINT account_totp_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.agency_area
    ADD CONSTRAINT agency_area_pkey PRIMARY KEY (agency_id, place_prefix);

ALTER TABLE ONLY public.agency_detail
    ADD CONSTRAINT agency_detail_pkey PRIMARY KEY (agency_id);

ALTER TABLE ONLY public.agency
    ADD CONSTRAINT agency_name_key UNIQUE (name);

ALTER TABLE ONLY public.agency
    ADD CONSTRAINT agency_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alarm_day_alarm
    ADD CONSTRAINT alarm_day_alarm_pkey PRIMARY KEY (enterprise_id, day, gateway_id, alarm);

ALTER TABLE ONLY public.alarm_day_due
    ADD CONSTRAINT alarm_day_due_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alarm_day
    ADD CONSTRAINT alarm_day_pkey PRIMARY KEY (enterprise_id, day);

ALTER TABLE ONLY public.alarm_load
    ADD CONSTRAINT alarm_load_pkey PRIMARY KEY (gateway_id, annunciator, hour);

ALTER TABLE ONLY public.alarm_state
    ADD CONSTRAINT alarm_state_pkey PRIMARY KEY (gateway_id, alarm);

ALTER TABLE ONLY public.alarm_target
    ADD CONSTRAINT alarm_target_pkey PRIMARY KEY (measure, valid_from);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_prefix_key UNIQUE (prefix);

ALTER TABLE ONLY public.approval_rule
    ADD CONSTRAINT approval_rule_once UNIQUE (region, kind, level, valid_from);

ALTER TABLE ONLY public.approval_rule
    ADD CONSTRAINT approval_rule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_archive
    ADD CONSTRAINT audit_archive_file_key UNIQUE (file);

ALTER TABLE ONLY public.audit_archive
    ADD CONSTRAINT audit_archive_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY public.audit_chain
    ADD CONSTRAINT audit_chain_audit_key UNIQUE (audit_id);

ALTER TABLE ONLY public.audit_chain
    ADD CONSTRAINT audit_chain_pkey PRIMARY KEY ("position");

ALTER TABLE public.audit
    ADD CONSTRAINT audit_kind_known CHECK ((kind = ANY (ARRAY['system'::text, 'security'::text, 'business'::text]))) NOT VALID;

ALTER TABLE ONLY public.audit_kind
    ADD CONSTRAINT audit_kind_pkey PRIMARY KEY (part, word);

ALTER TABLE ONLY public.audit_pending
    ADD CONSTRAINT audit_pending_pkey PRIMARY KEY (audit_id);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_root
    ADD CONSTRAINT audit_root_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.backup
    ADD CONSTRAINT backup_name_key UNIQUE (name);

ALTER TABLE ONLY public.backup
    ADD CONSTRAINT backup_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.backup_timer
    ADD CONSTRAINT backup_timer_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY public.birth
    ADD CONSTRAINT birth_pkey PRIMARY KEY (gateway_id, hash);

ALTER TABLE ONLY public.cap_level
    ADD CONSTRAINT cap_level_pkey PRIMARY KEY (severity, urgency, certainty);

ALTER TABLE ONLY public.captcha
    ADD CONSTRAINT captcha_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.case_kept
    ADD CONSTRAINT case_kept_pkey PRIMARY KEY (agency_id, warning_id);

ALTER TABLE ONLY public.centre_absence
    ADD CONSTRAINT centre_absence_pkey PRIMARY KEY (began_at);

ALTER TABLE ONLY public.centre_watch
    ADD CONSTRAINT centre_watch_pkey PRIMARY KEY (single);

ALTER TABLE ONLY public.certificate
    ADD CONSTRAINT certificate_pkey PRIMARY KEY (serial);

ALTER TABLE ONLY public.code_revocation
    ADD CONSTRAINT code_revocation_pkey PRIMARY KEY (register, record_id, issue);

ALTER TABLE ONLY public.command
    ADD CONSTRAINT command_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.committee_unit
    ADD CONSTRAINT committee_unit_name_key UNIQUE (agency_id, name);

ALTER TABLE ONLY public.committee_unit
    ADD CONSTRAINT committee_unit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connection_day
    ADD CONSTRAINT connection_day_key PRIMARY KEY (enterprise_id, day);

ALTER TABLE ONLY public.connection_rule
    ADD CONSTRAINT connection_rule_once UNIQUE (region, version);

ALTER TABLE ONLY public.connection_rule
    ADD CONSTRAINT connection_rule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.declared_stop
    ADD CONSTRAINT declared_stop_pkey PRIMARY KEY (record_id);

ALTER TABLE ONLY public.department
    ADD CONSTRAINT department_name_key UNIQUE NULLS NOT DISTINCT (agency_id, enterprise_id, parent_id, name);

ALTER TABLE ONLY public.department
    ADD CONSTRAINT department_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.device_fault
    ADD CONSTRAINT device_fault_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_once UNIQUE (gateway_id, kind, key);

ALTER TABLE ONLY public.device_period
    ADD CONSTRAINT device_period_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dictionary_entry
    ADD CONSTRAINT dictionary_entry_pkey PRIMARY KEY (dictionary, code);

ALTER TABLE ONLY public.dictionary_entry
    ADD CONSTRAINT dictionary_entry_zh_key UNIQUE (dictionary, zh);

ALTER TABLE ONLY public.digest
    ADD CONSTRAINT digest_number_key UNIQUE (number);

ALTER TABLE ONLY public.digest
    ADD CONSTRAINT digest_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enrolment_code
    ADD CONSTRAINT enrolment_code_hash_key UNIQUE (hash);

ALTER TABLE ONLY public.enrolment_code
    ADD CONSTRAINT enrolment_code_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprise_application
    ADD CONSTRAINT enterprise_application_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprise_batch
    ADD CONSTRAINT enterprise_batch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprise_batch_row
    ADD CONSTRAINT enterprise_batch_row_pkey PRIMARY KEY (batch_id, line);

ALTER TABLE ONLY public.enterprise
    ADD CONSTRAINT enterprise_code_key UNIQUE (code);

ALTER TABLE ONLY public.enterprise_connection
    ADD CONSTRAINT enterprise_connection_pkey PRIMARY KEY (enterprise_id);

ALTER TABLE ONLY public.enterprise_event
    ADD CONSTRAINT enterprise_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprise_pair
    ADD CONSTRAINT enterprise_pair_pkey PRIMARY KEY (first_id, second_id);

ALTER TABLE ONLY public.enterprise
    ADD CONSTRAINT enterprise_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprise
    ADD CONSTRAINT enterprise_place_key UNIQUE (place);

ALTER TABLE ONLY public.enterprise_removal
    ADD CONSTRAINT enterprise_removal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.enterprise_status
    ADD CONSTRAINT enterprise_status_name_key UNIQUE (name);

ALTER TABLE ONLY public.enterprise_status
    ADD CONSTRAINT enterprise_status_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.enterprise_watch
    ADD CONSTRAINT enterprise_watch_pkey PRIMARY KEY (account_id, enterprise_id);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_position_key UNIQUE (gateway_id, epoch, seq);

ALTER TABLE ONLY public.evidence_rule
    ADD CONSTRAINT evidence_rule_pkey PRIMARY KEY (region, valid_from);

ALTER TABLE ONLY public.external_warning
    ADD CONSTRAINT external_warning_once UNIQUE NULLS NOT DISTINCT (sender, identifier, enterprise_id, agency_id);

ALTER TABLE ONLY public.external_warning
    ADD CONSTRAINT external_warning_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.file_in_parts
    ADD CONSTRAINT file_in_parts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.file_upload
    ADD CONSTRAINT file_upload_pkey PRIMARY KEY (sha256, account_id);

ALTER TABLE ONLY public.file_use
    ADD CONSTRAINT file_use_pkey PRIMARY KEY (register, record_id, sha256);

ALTER TABLE ONLY public.gap
    ADD CONSTRAINT gap_pkey PRIMARY KEY (gateway_id, declared_epoch, declared_seq);

ALTER TABLE ONLY public.gateway_absence
    ADD CONSTRAINT gateway_absence_key PRIMARY KEY (gateway_id, began_at);

ALTER TABLE ONLY public.gateway_boot
    ADD CONSTRAINT gateway_boot_pkey PRIMARY KEY (gateway_id, boot);

ALTER TABLE ONLY public.gateway_configuration
    ADD CONSTRAINT gateway_configuration_key PRIMARY KEY (gateway_id, version);

ALTER TABLE ONLY public.gateway_figures
    ADD CONSTRAINT gateway_figures_key PRIMARY KEY (gateway_id, run);

ALTER TABLE ONLY public.gateway
    ADD CONSTRAINT gateway_number_key UNIQUE (number);

ALTER TABLE ONLY public.gateway
    ADD CONSTRAINT gateway_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.gateway
    ADD CONSTRAINT gateway_public_key_key UNIQUE (public_key);

ALTER TABLE ONLY public.gateway_state
    ADD CONSTRAINT gateway_state_pkey PRIMARY KEY (gateway_id);

ALTER TABLE ONLY public.gateway_tape
    ADD CONSTRAINT gateway_tape_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.handling_rule
    ADD CONSTRAINT handling_rule_pkey PRIMARY KEY (region, valid_from);

ALTER TABLE ONLY public.head_claim
    ADD CONSTRAINT head_claim_pkey PRIMARY KEY (gateway_id, stream, epoch);

ALTER TABLE ONLY public.hold_task
    ADD CONSTRAINT hold_task_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.home
    ADD CONSTRAINT home_pkey PRIMARY KEY (only_one);

ALTER TABLE ONLY public.import_bad_row
    ADD CONSTRAINT import_bad_row_pkey PRIMARY KEY (job_id, row_order);

ALTER TABLE ONLY public.import_job
    ADD CONSTRAINT import_job_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.industry
    ADD CONSTRAINT industry_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.intermediary
    ADD CONSTRAINT intermediary_credit_code_key UNIQUE (agency_id, credit_code);

ALTER TABLE ONLY public.intermediary
    ADD CONSTRAINT intermediary_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.intermediary
    ADD CONSTRAINT intermediary_qualification_key UNIQUE (agency_id, qualification_no);

ALTER TABLE ONLY public.known_device
    ADD CONSTRAINT known_device_pkey PRIMARY KEY (token_hash, account_id);

ALTER TABLE ONLY public.ladder_step
    ADD CONSTRAINT ladder_step_pkey PRIMARY KEY (warning_id, level, round, step);

ALTER TABLE ONLY public.latest
    ADD CONSTRAINT latest_pkey PRIMARY KEY (point_id);

ALTER TABLE ONLY public.ledger
    ADD CONSTRAINT ledger_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ledger
    ADD CONSTRAINT ledger_range_key UNIQUE (gateway_id, stream, epoch, first_seq);

ALTER TABLE ONLY public.level_draft
    ADD CONSTRAINT level_draft_name_key UNIQUE (region, name);

ALTER TABLE ONLY public.level_draft
    ADD CONSTRAINT level_draft_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.level_rule
    ADD CONSTRAINT level_rule_once UNIQUE NULLS NOT DISTINCT (set_id, kind, side, limit_name, quantity, hazard_class, held_s, raises, within_h);

ALTER TABLE ONLY public.level_rule
    ADD CONSTRAINT level_rule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.level_rule_set
    ADD CONSTRAINT level_rule_set_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.level_rule_set
    ADD CONSTRAINT level_rule_set_region_version_key UNIQUE (region, version);

ALTER TABLE ONLY public.level_wait
    ADD CONSTRAINT level_wait_pkey PRIMARY KEY (warning_id, limit_name);

ALTER TABLE ONLY public.live_event
    ADD CONSTRAINT live_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.management_finding
    ADD CONSTRAINT management_finding_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.management_round
    ADD CONSTRAINT management_round_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.management_threshold
    ADD CONSTRAINT management_threshold_once UNIQUE (region, item, version);

ALTER TABLE ONLY public.management_threshold
    ADD CONSTRAINT management_threshold_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.map_object
    ADD CONSTRAINT map_object_pkey PRIMARY KEY (layer, ref);

ALTER TABLE ONLY public.map_shape
    ADD CONSTRAINT map_shape_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.measurement_packed
    ADD CONSTRAINT measurement_packed_pkey PRIMARY KEY (point_id, day, generation, part);

ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_once UNIQUE (account_id, key);

ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notice_file
    ADD CONSTRAINT notice_file_once UNIQUE NULLS NOT DISTINCT (notice_id, receiver_id, sha256);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_key_key UNIQUE (key);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notice_receiver
    ADD CONSTRAINT notice_receiver_agency_once UNIQUE (notice_id, agency_id);

ALTER TABLE ONLY public.notice_receiver
    ADD CONSTRAINT notice_receiver_enterprise_once UNIQUE (notice_id, enterprise_id);

ALTER TABLE ONLY public.notice_receiver
    ADD CONSTRAINT notice_receiver_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notice_rule
    ADD CONSTRAINT notice_rule_pkey PRIMARY KEY (region, valid_from);

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_warning_id_level_round_step_person_channel_key UNIQUE (warning_id, level, round, step, person, channel);

ALTER TABLE ONLY public.number_format
    ADD CONSTRAINT number_format_kind_key UNIQUE (agency_id, kind);

ALTER TABLE ONLY public.number_format
    ADD CONSTRAINT number_format_pattern_key UNIQUE (agency_id, pattern);

ALTER TABLE ONLY public.number_format
    ADD CONSTRAINT number_format_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.number_series
    ADD CONSTRAINT number_series_pkey PRIMARY KEY (format_id, agency_id, period);

ALTER TABLE ONLY public.offline_report
    ADD CONSTRAINT offline_report_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.oidc_journey
    ADD CONSTRAINT oidc_journey_pkey PRIMARY KEY (state_hash);

ALTER TABLE ONLY public.operator_positions
    ADD CONSTRAINT operator_positions_pkey PRIMARY KEY (enterprise_id);

ALTER TABLE ONLY public.organisation_check
    ADD CONSTRAINT organisation_check_pkey PRIMARY KEY (enterprise_id);

ALTER TABLE ONLY public.output_state
    ADD CONSTRAINT output_state_pkey PRIMARY KEY (gateway_id, output);

ALTER TABLE ONLY public.packed_day
    ADD CONSTRAINT packed_day_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.packing_day
    ADD CONSTRAINT packing_day_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.packing_rule
    ADD CONSTRAINT packing_rule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.password_history
    ADD CONSTRAINT password_history_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.patrol_check
    ADD CONSTRAINT patrol_check_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.patrol_day
    ADD CONSTRAINT patrol_day_pkey PRIMARY KEY (enterprise_id, day);

ALTER TABLE ONLY public.patrol_finding
    ADD CONSTRAINT patrol_finding_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.patrol_loss
    ADD CONSTRAINT patrol_loss_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.patrol_pace
    ADD CONSTRAINT patrol_pace_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.patrol_round
    ADD CONSTRAINT patrol_round_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.patrol_rule
    ADD CONSTRAINT patrol_rule_once UNIQUE NULLS NOT DISTINCT (region, quantity, unit, version);

ALTER TABLE ONLY public.patrol_rule
    ADD CONSTRAINT patrol_rule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.point
    ADD CONSTRAINT point_gateway_key UNIQUE (gateway_id, key);

ALTER TABLE ONLY public.point
    ADD CONSTRAINT point_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_once UNIQUE (region, kind, level, version);

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.policy_step
    ADD CONSTRAINT policy_step_pkey PRIMARY KEY (policy_id, index);

ALTER TABLE ONLY public.post
    ADD CONSTRAINT post_name_key UNIQUE NULLS NOT DISTINCT (agency_id, enterprise_id, name);

ALTER TABLE ONLY public.post
    ADD CONSTRAINT post_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.range_conflict
    ADD CONSTRAINT range_conflict_pkey PRIMARY KEY (gateway_id, stream, epoch, first_seq, last_seq, hash);

ALTER TABLE ONLY public.record_version
    ADD CONSTRAINT record_version_pkey PRIMARY KEY (register, record_id, version);

ALTER TABLE ONLY public.recovery_code
    ADD CONSTRAINT recovery_code_pkey PRIMARY KEY (account_id, hash);

ALTER TABLE ONLY public.recovery
    ADD CONSTRAINT recovery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.recovery_request
    ADD CONSTRAINT recovery_request_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.region
    ADD CONSTRAINT region_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.region_successor
    ADD CONSTRAINT region_successor_pkey PRIMARY KEY (code, successor);

ALTER TABLE ONLY public.relocation_item
    ADD CONSTRAINT relocation_item_pkey PRIMARY KEY (relocation_id, enterprise_id);

ALTER TABLE ONLY public.relocation
    ADD CONSTRAINT relocation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reminder_rule
    ADD CONSTRAINT reminder_rule_once UNIQUE (region, register, cause, version);

ALTER TABLE ONLY public.reminder_rule
    ADD CONSTRAINT reminder_rule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.resource_minimum
    ADD CONSTRAINT resource_minimum_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.risk_alert
    ADD CONSTRAINT risk_alert_pkey PRIMARY KEY (subject, kind);

ALTER TABLE ONLY public.risk_day
    ADD CONSTRAINT risk_day_pkey PRIMARY KEY (subject, day);

ALTER TABLE ONLY public.risk_draft
    ADD CONSTRAINT risk_draft_once UNIQUE (scale, region, name);

ALTER TABLE ONLY public.risk_draft
    ADD CONSTRAINT risk_draft_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.risk_index
    ADD CONSTRAINT risk_index_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY public.risk_mark
    ADD CONSTRAINT risk_mark_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.risk_model
    ADD CONSTRAINT risk_model_once UNIQUE (scale, region, version);

ALTER TABLE ONLY public.risk_model
    ADD CONSTRAINT risk_model_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.role
    ADD CONSTRAINT role_name_key UNIQUE (name);

ALTER TABLE ONLY public.role_operation
    ADD CONSTRAINT role_operation_pkey PRIMARY KEY (role, operation);

ALTER TABLE ONLY public.role
    ADD CONSTRAINT role_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.rollup_day
    ADD CONSTRAINT rollup_day_pkey PRIMARY KEY (point_id, at);

ALTER TABLE ONLY public.rollup_due
    ADD CONSTRAINT rollup_due_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rollup_hour
    ADD CONSTRAINT rollup_hour_pkey PRIMARY KEY (point_id, at);

ALTER TABLE ONLY public.rollup_minute
    ADD CONSTRAINT rollup_minute_pkey PRIMARY KEY (point_id, at);

ALTER TABLE ONLY public.run_state_grade
    ADD CONSTRAINT run_state_grade_pkey PRIMARY KEY (figure);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.sector
    ADD CONSTRAINT sector_name_key UNIQUE (name);

ALTER TABLE ONLY public.sector
    ADD CONSTRAINT sector_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.settle_rule
    ADD CONSTRAINT settle_rule_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY public.sign_in_rule
    ADD CONSTRAINT sign_in_rule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_account_key UNIQUE (account_id);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.stored_file
    ADD CONSTRAINT stored_file_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY public.storm_rule
    ADD CONSTRAINT storm_rule_pkey PRIMARY KEY (region, valid_from);

ALTER TABLE ONLY public.stranger_failure
    ADD CONSTRAINT stranger_failure_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY public.stream_cursor
    ADD CONSTRAINT stream_cursor_pkey PRIMARY KEY (gateway_id, stream, epoch);

ALTER TABLE ONLY public.stream_epoch
    ADD CONSTRAINT stream_epoch_ordinal_key UNIQUE (gateway_id, ordinal);

ALTER TABLE ONLY public.stream_epoch
    ADD CONSTRAINT stream_epoch_pkey PRIMARY KEY (gateway_id, epoch);

ALTER TABLE ONLY public.suppression_window
    ADD CONSTRAINT suppression_window_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.test_receiver
    ADD CONSTRAINT test_receiver_pkey PRIMARY KEY (region, account_id);

ALTER TABLE ONLY public.timer
    ADD CONSTRAINT timer_pkey PRIMARY KEY (warning_id, kind);

ALTER TABLE ONLY public.tuning_rule
    ADD CONSTRAINT tuning_rule_pkey PRIMARY KEY (rank);

ALTER TABLE ONLY public.unjudged
    ADD CONSTRAINT unjudged_event_key UNIQUE (event_id);

ALTER TABLE ONLY public.unjudged
    ADD CONSTRAINT unjudged_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.warning_alarm
    ADD CONSTRAINT warning_alarm_pkey PRIMARY KEY (gateway_id, alarm, occurrence, is_test);

ALTER TABLE ONLY public.warning_event
    ADD CONSTRAINT warning_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_number_key UNIQUE (number);

ALTER TABLE ONLY public.warning_photo
    ADD CONSTRAINT warning_photo_pkey PRIMARY KEY (warning_id, sha256);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.warning_read
    ADD CONSTRAINT warning_read_pkey PRIMARY KEY (warning_id, account_id);

ALTER TABLE ONLY public.window_rule
    ADD CONSTRAINT window_rule_once UNIQUE (region, category, valid_from);

ALTER TABLE ONLY public.window_rule
    ADD CONSTRAINT window_rule_pkey PRIMARY KEY (id);

CREATE INDEX account_agency ON public.account USING btree (agency_id);

CREATE INDEX account_committee_unit ON public.account USING btree (committee_unit_id);

CREATE INDEX account_enterprise ON public.account USING btree (enterprise_id);

CREATE INDEX account_identity_account ON public.account_identity USING btree (account_id);

CREATE INDEX account_intermediary ON public.account USING btree (intermediary_id);

CREATE INDEX account_place ON public.account USING btree (place, id);

CREATE INDEX account_role ON public.account USING btree (role);

CREATE UNIQUE INDEX agency_code_key ON public.agency USING btree (code) WHERE (code <> ''::text);

CREATE INDEX agency_detail_administrator ON public.agency_detail USING btree (administrator_id);

CREATE INDEX agency_detail_place ON public.agency_detail USING btree (place);

CREATE INDEX agency_parent ON public.agency USING btree (parent_id);

CREATE INDEX agency_place ON public.agency USING btree (place);

CREATE INDEX alarm_day_alarm_gateway ON public.alarm_day_alarm USING btree (gateway_id);

CREATE INDEX alarm_day_alarm_place ON public.alarm_day_alarm USING btree (place, day);

CREATE INDEX alarm_day_alarm_point ON public.alarm_day_alarm USING btree (point_id);

CREATE INDEX alarm_day_alarm_standing ON public.alarm_day_alarm USING btree (day, enterprise_id) WHERE (since IS NOT NULL);

CREATE INDEX alarm_day_due_day ON public.alarm_day_due USING btree (day, enterprise_id);

CREATE INDEX alarm_day_place ON public.alarm_day USING btree (place, day);

CREATE INDEX alarm_day_unfinished ON public.alarm_day USING btree (day) WHERE (NOT whole);

CREATE INDEX alarm_state_covered ON public.alarm_state USING btree (place) WHERE (state = ANY (ARRAY['G'::text, 'H'::text, 'I'::text]));

CREATE INDEX alarm_state_doubted ON public.alarm_state USING btree (place) WHERE ((side = 'quality'::text) AND (state = ANY (ARRAY['B'::text, 'C'::text])));

CREATE INDEX alarm_state_point ON public.alarm_state USING btree (point_id);

CREATE INDEX api_key_account ON public.api_key USING btree (account_id, id);

CREATE INDEX api_key_place ON public.api_key USING btree (place, id);

CREATE INDEX api_key_revoked_by ON public.api_key USING btree (revoked_by);

CREATE INDEX audit_by_actor ON public.audit USING btree (actor, id) WHERE (actor IS NOT NULL);

CREATE INDEX audit_by_kind ON public.audit USING btree (kind, id);

CREATE INDEX audit_by_place ON public.audit USING btree (place, id) WHERE (place <> ''::text);

CREATE INDEX audit_by_request ON public.audit USING btree (request) WHERE (request <> ''::text);

CREATE INDEX audit_by_time ON public.audit USING btree (at);

CREATE INDEX audit_subject ON public.audit USING btree (subject_type, subject_id, id);

CREATE INDEX backup_newest ON public.backup USING btree (id DESC);

CREATE UNIQUE INDEX backup_one_wanted ON public.backup USING btree (state) WHERE (state = 'wanted'::text);

CREATE INDEX captcha_expires ON public.captcha USING btree (expires_at);

CREATE INDEX case_kept_case ON public.case_kept USING btree (warning_id);

CREATE INDEX certificate_gateway ON public.certificate USING btree (gateway_id, issued_at DESC);

CREATE INDEX code_revocation_agency ON public.code_revocation USING btree (agency_id);

CREATE INDEX code_revocation_enterprise ON public.code_revocation USING btree (enterprise_id);

CREATE INDEX code_revocation_place ON public.code_revocation USING btree (place);

CREATE INDEX command_gateway ON public.command USING btree (gateway_id, created_at DESC);

CREATE UNIQUE INDEX committee_unit_code_key ON public.committee_unit USING btree (agency_id, code) WHERE (code <> ''::text);

CREATE INDEX committee_unit_place ON public.committee_unit USING btree (place, id);

CREATE INDEX connection_day_day ON public.connection_day USING btree (day);

CREATE INDEX connection_day_place ON public.connection_day USING btree (place, day);

CREATE INDEX declared_stop_due ON public.declared_stop USING btree (first_day) WHERE (ended_at IS NULL);

CREATE INDEX declared_stop_enterprise ON public.declared_stop USING btree (enterprise_id);

CREATE INDEX declared_stop_place ON public.declared_stop USING btree (place);

CREATE INDEX department_enterprise ON public.department USING btree (enterprise_id);

CREATE INDEX department_head ON public.department USING btree (head_id);

CREATE INDEX department_parent ON public.department USING btree (parent_id);

CREATE INDEX department_place ON public.department USING btree (place, id);

CREATE INDEX device_enterprise ON public.device USING btree (enterprise_id);

CREATE INDEX device_fault_device ON public.device_fault USING btree (device_id);

CREATE INDEX device_fault_enterprise ON public.device_fault USING btree (enterprise_id);

CREATE UNIQUE INDEX device_fault_open ON public.device_fault USING btree (device_id) WHERE (state <> 'done'::text);

CREATE INDEX device_fault_place ON public.device_fault USING btree (place, id DESC);

CREATE INDEX device_period_device ON public.device_period USING btree (device_id, began_at DESC);

CREATE INDEX device_period_enterprise ON public.device_period USING btree (enterprise_id, began_at DESC);

CREATE INDEX device_period_gateway ON public.device_period USING btree (gateway_id);

CREATE UNIQUE INDEX device_period_open ON public.device_period USING btree (device_id) WHERE (ended_at IS NULL);

CREATE INDEX device_period_place ON public.device_period USING btree (place, began_at DESC, id DESC);

CREATE INDEX device_place ON public.device USING btree (place, id);

CREATE INDEX digest_account ON public.digest USING btree (account_id) WHERE (account_id IS NOT NULL);

CREATE INDEX digest_agency ON public.digest USING btree (agency_id) WHERE (agency_id IS NOT NULL);

CREATE INDEX digest_due ON public.digest USING btree (urgency, due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX digest_enterprise ON public.digest USING btree (enterprise_id) WHERE (enterprise_id IS NOT NULL);

CREATE INDEX digest_handed ON public.digest USING btree (address, claimed_at) WHERE (claimed_at IS NOT NULL);

CREATE INDEX digest_place ON public.digest USING btree (place, created_at DESC);

CREATE UNIQUE INDEX digest_provider ON public.digest USING btree (channel, provider_id) WHERE (provider_id IS NOT NULL);

CREATE INDEX enrolment_code_gateway ON public.enrolment_code USING btree (gateway_id);

CREATE INDEX enrolment_code_place ON public.enrolment_code USING btree (place);

CREATE INDEX enterprise_agency ON public.enterprise USING btree (agency_id);

CREATE INDEX enterprise_application_decided_by ON public.enterprise_application USING btree (decided_by);

CREATE INDEX enterprise_application_enterprise ON public.enterprise_application USING btree (enterprise_id);

CREATE UNIQUE INDEX enterprise_application_one_open ON public.enterprise_application USING btree (credit_code) WHERE (state = 'open'::text);

CREATE INDEX enterprise_application_place ON public.enterprise_application USING btree (place, id DESC);

CREATE UNIQUE INDEX enterprise_application_receipt ON public.enterprise_application USING btree (receipt_hash);

CREATE INDEX enterprise_application_region ON public.enterprise_application USING btree (region_code);

CREATE INDEX enterprise_application_sector ON public.enterprise_application USING btree (sector);

CREATE INDEX enterprise_batch_made_by ON public.enterprise_batch USING btree (made_by);

CREATE INDEX enterprise_batch_place ON public.enterprise_batch USING btree (place, id DESC);

CREATE INDEX enterprise_batch_row_enterprise ON public.enterprise_batch_row USING btree (enterprise_id);

CREATE INDEX enterprise_batch_row_good ON public.enterprise_batch_row USING btree (batch_id, line) WHERE (outcome = 'good'::text);

CREATE INDEX enterprise_connection_offline ON public.enterprise_connection USING btree (since) WHERE (state = 'offline'::text);

CREATE INDEX enterprise_connection_place ON public.enterprise_connection USING btree (place);

CREATE INDEX enterprise_connection_told ON public.enterprise_connection USING btree (told_at) WHERE (told_at IS NOT NULL);

CREATE UNIQUE INDEX enterprise_credit_code_key ON public.enterprise USING btree (credit_code) WHERE (removed_at IS NULL);

CREATE INDEX enterprise_event_of ON public.enterprise_event USING btree (enterprise_id, id DESC);

CREATE INDEX enterprise_event_place ON public.enterprise_event USING btree (place, at DESC);

CREATE INDEX enterprise_pair_place ON public.enterprise_pair USING btree (place);

CREATE INDEX enterprise_pair_second ON public.enterprise_pair USING btree (second_id);

CREATE INDEX enterprise_region ON public.enterprise USING btree (region_code);

CREATE INDEX enterprise_removal_asked_by ON public.enterprise_removal USING btree (asked_by);

CREATE INDEX enterprise_removal_enterprise ON public.enterprise_removal USING btree (enterprise_id);

CREATE UNIQUE INDEX enterprise_removal_one_open ON public.enterprise_removal USING btree (enterprise_id) WHERE (state = ANY (ARRAY['asked'::text, 'granted'::text]));

CREATE INDEX enterprise_removal_place ON public.enterprise_removal USING btree (place, id DESC);

CREATE INDEX enterprise_status_of ON public.enterprise USING btree (status);

CREATE INDEX enterprise_watch_of ON public.enterprise_watch USING btree (enterprise_id);

CREATE INDEX enterprise_watch_place ON public.enterprise_watch USING btree (place);

CREATE INDEX event_batch ON public.event USING btree (batch_id);

CREATE INDEX event_gateway_at ON public.event USING btree (gateway_id, at DESC);

CREATE INDEX event_occurrence ON public.event USING btree (gateway_id, alarm, occurrence) WHERE (alarm IS NOT NULL);

CREATE INDEX event_place_at ON public.event USING btree (place, at DESC);

CREATE INDEX event_point_at ON public.event USING btree (point_id, at DESC) WHERE (point_id IS NOT NULL);

CREATE INDEX external_warning_agency ON public.external_warning USING btree (agency_id);

CREATE INDEX external_warning_enterprise ON public.external_warning USING btree (enterprise_id);

CREATE INDEX external_warning_expires ON public.external_warning USING btree (expires_at) WHERE (ended_at IS NULL);

CREATE INDEX external_warning_messages ON public.external_warning USING gin (identifiers);

CREATE INDEX external_warning_place ON public.external_warning USING btree (place, id DESC);

CREATE INDEX file_in_parts_account ON public.file_in_parts USING btree (account_id);

CREATE INDEX file_in_parts_at ON public.file_in_parts USING btree (at);

CREATE INDEX file_upload_account ON public.file_upload USING btree (account_id);

CREATE INDEX file_upload_at ON public.file_upload USING btree (at);

CREATE INDEX file_use_agency ON public.file_use USING btree (agency_id);

CREATE INDEX file_use_enterprise ON public.file_use USING btree (enterprise_id);

CREATE INDEX file_use_place ON public.file_use USING btree (place);

CREATE INDEX file_use_sha256 ON public.file_use USING btree (sha256, place);

CREATE INDEX gap_range ON public.gap USING btree (gateway_id, stream, epoch, first_seq);

CREATE UNIQUE INDEX gateway_absence_open ON public.gateway_absence USING btree (gateway_id) WHERE (ended_at IS NULL);

CREATE INDEX gateway_configuration_pending ON public.gateway_configuration USING btree (gateway_id) WHERE (state = 'pending'::text);

CREATE INDEX gateway_enterprise ON public.gateway USING btree (enterprise_id);

CREATE INDEX gateway_place ON public.gateway USING btree (place);

CREATE INDEX gateway_tape_gateway ON public.gateway_tape USING btree (gateway_id, id DESC);

CREATE INDEX hold_task_due ON public.hold_task USING btree (due_at, id);

CREATE INDEX import_job_due ON public.import_job USING btree (id) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));

CREATE INDEX import_job_of_account ON public.import_job USING btree (account_id, id DESC);

CREATE INDEX industry_parent ON public.industry USING btree (parent_code);

CREATE INDEX intermediary_place ON public.intermediary USING btree (place, id);

CREATE INDEX known_device_account ON public.known_device USING btree (account_id);

CREATE INDEX known_device_seen ON public.known_device USING btree (seen_at);

CREATE INDEX level_draft_based_on ON public.level_draft USING btree (based_on);

CREATE INDEX level_wait_due ON public.level_wait USING btree (due_at);

CREATE INDEX live_event_at ON public.live_event USING btree (at);

CREATE INDEX live_event_xid ON public.live_event USING btree (xid, id);

CREATE UNIQUE INDEX management_finding_open ON public.management_finding USING btree (enterprise_id, item) WHERE (ended_at IS NULL);

CREATE INDEX management_finding_place ON public.management_finding USING btree (place, id DESC);

CREATE INDEX map_object_agency ON public.map_object USING btree (agency_id);

CREATE INDEX map_object_at ON public.map_object USING btree (x, y);

CREATE INDEX map_object_enterprise ON public.map_object USING btree (enterprise_id);

CREATE INDEX map_object_place ON public.map_object USING btree (place);

CREATE INDEX map_object_silent ON public.map_object USING btree (enterprise_id) WHERE silent;

CREATE UNIQUE INDEX map_shape_region ON public.map_shape USING btree (region) WHERE (kind = 'region'::text);

CREATE INDEX measurement_at_point ON ONLY public.measurement USING brin (at, point_id) WITH (pages_per_range='4', autosummarize='on');

CREATE INDEX measurement_default_at_point_id_idx ON public.measurement_default USING brin (at, point_id) WITH (pages_per_range='4', autosummarize='on');

CREATE INDEX message_newest ON public.message USING btree (account_id, at DESC, id DESC);

CREATE INDEX message_unread ON public.message USING btree (account_id) WHERE (read_at IS NULL);

CREATE INDEX notice_agency ON public.notice USING btree (agency_id);

CREATE INDEX notice_file_content ON public.notice_file USING btree (sha256);

CREATE INDEX notice_file_receiver ON public.notice_file USING btree (receiver_id) WHERE (receiver_id IS NOT NULL);

CREATE INDEX notice_receiver_agency ON public.notice_receiver USING btree (agency_id) WHERE (agency_id IS NOT NULL);

CREATE INDEX notice_receiver_enterprise ON public.notice_receiver USING btree (enterprise_id) WHERE (enterprise_id IS NOT NULL);

CREATE INDEX notice_receiver_place ON public.notice_receiver USING btree (place);

CREATE INDEX notice_receiver_waits ON public.notice_receiver USING btree (notice_id) WHERE ((replied_at IS NULL) AND (NOT overdue_told));

CREATE INDEX notice_warning ON public.notice USING btree (warning_id) WHERE (warning_id IS NOT NULL);

CREATE INDEX notification_digest ON public.notification USING btree (digest) WHERE (digest IS NOT NULL);

CREATE INDEX notification_due ON public.notification USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX notification_handed ON public.notification USING btree (address, claimed_at) WHERE ((claimed_at IS NOT NULL) AND (digest IS NULL) AND (address <> ''::text));

CREATE INDEX notification_mine ON public.notification USING btree (account_id, channel, state) WHERE (account_id IS NOT NULL);

CREATE UNIQUE INDEX notification_provider ON public.notification USING btree (channel, provider_id) WHERE (provider_id IS NOT NULL);

CREATE INDEX notification_urgent ON public.notification USING btree (urgency, due_at) WHERE ((due_at IS NOT NULL) AND (digest IS NULL) AND (NOT ((state = 'pending'::text) AND (claimed_at IS NULL) AND (address <> ''::text))));

CREATE INDEX notification_waiting ON public.notification USING btree (urgency, due_at) WHERE ((state = 'pending'::text) AND (claimed_at IS NULL) AND (address <> ''::text));

CREATE INDEX notification_waiting_of ON public.notification USING btree (address, is_test, due_at) WHERE ((state = 'pending'::text) AND (claimed_at IS NULL) AND (address <> ''::text));

CREATE INDEX number_format_place ON public.number_format USING btree (place, id);

CREATE INDEX number_series_agency ON public.number_series USING btree (agency_id);

CREATE INDEX offline_report_device ON public.offline_report USING btree (device_id);

CREATE INDEX offline_report_enterprise ON public.offline_report USING btree (enterprise_id, until_at);

CREATE INDEX offline_report_place ON public.offline_report USING btree (place, id DESC);

CREATE INDEX offline_report_window ON public.offline_report USING btree (window_id) WHERE (window_id IS NOT NULL);

CREATE INDEX oidc_journey_expires ON public.oidc_journey USING btree (expires_at);

CREATE INDEX operator_positions_place ON public.operator_positions USING btree (place);

CREATE INDEX organisation_check_by ON public.organisation_check USING btree (checked_by);

CREATE INDEX organisation_check_place ON public.organisation_check USING btree (place);

CREATE INDEX output_state_due ON public.output_state USING btree (test_every_s) WHERE (test_every_s > 0);

CREATE INDEX password_history_account ON public.password_history USING btree (account_id, id);

CREATE INDEX patrol_day_place ON public.patrol_day USING btree (place, day);

CREATE INDEX patrol_day_worst ON public.patrol_day USING btree (day, score, enterprise_id);

CREATE INDEX patrol_finding_ended ON public.patrol_finding USING btree (enterprise_id, ended_at);

CREATE INDEX patrol_finding_gateway ON public.patrol_finding USING btree (gateway_id);

CREATE UNIQUE INDEX patrol_finding_open ON public.patrol_finding USING btree (point_id, code) WHERE (ended_at IS NULL);

CREATE INDEX patrol_finding_place ON public.patrol_finding USING btree (place, id DESC);

CREATE INDEX patrol_finding_standing ON public.patrol_finding USING btree (enterprise_id, id) WHERE (ended_at IS NULL);

CREATE INDEX patrol_finding_to_end ON public.patrol_finding USING btree (ended_at, id) WHERE ((warned_at IS NOT NULL) AND (warning_ended_at IS NULL));

CREATE INDEX patrol_finding_to_warn ON public.patrol_finding USING btree (warn_at, id) WHERE ((ended_at IS NULL) AND (warned_at IS NULL) AND (warn_at IS NOT NULL));

CREATE INDEX patrol_loss_day ON public.patrol_loss USING btree (enterprise_id, day, lost DESC);

CREATE INDEX patrol_loss_finding ON public.patrol_loss USING btree (finding_id);

CREATE INDEX patrol_loss_gateway ON public.patrol_loss USING btree (gateway_id);

CREATE INDEX patrol_loss_place ON public.patrol_loss USING btree (place);

CREATE INDEX point_enterprise ON public.point USING btree (enterprise_id, id);

CREATE INDEX point_place ON public.point USING btree (place, id);

CREATE INDEX post_enterprise ON public.post USING btree (enterprise_id);

CREATE INDEX post_place ON public.post USING btree (place, id);

CREATE INDEX proposal_agency ON public.proposal USING btree (agency_id);

CREATE INDEX proposal_due ON public.proposal USING btree (due_at) WHERE ((state = 'waiting'::text) AND given);

CREATE INDEX proposal_enterprise ON public.proposal USING btree (enterprise_id);

CREATE INDEX proposal_identity ON public.proposal USING btree (kind, subject_type, subject_id, side, is_test, id DESC);

CREATE INDEX proposal_place ON public.proposal USING btree (place, id DESC);

CREATE UNIQUE INDEX proposal_waiting ON public.proposal USING btree (kind, subject_type, subject_id, side, is_test) WHERE (state = 'waiting'::text);

CREATE INDEX quarantine_batch ON public.quarantine USING btree (batch_id);

CREATE INDEX quarantine_open ON public.quarantine USING btree (gateway_id) WHERE (resolved_at IS NULL);

CREATE INDEX record_version_place ON public.record_version USING btree (place);

CREATE INDEX recovery_request_account ON public.recovery_request USING btree (account_id);

CREATE INDEX recovery_request_decided_by ON public.recovery_request USING btree (decided_by);

CREATE INDEX recovery_request_enterprise ON public.recovery_request USING btree (enterprise_id);

CREATE UNIQUE INDEX recovery_request_one_open ON public.recovery_request USING btree (COALESCE(account_id, 0), COALESCE(enterprise_id, 0)) WHERE (state = 'open'::text);

CREATE INDEX recovery_request_place ON public.recovery_request USING btree (place, id);

CREATE UNIQUE INDEX recovery_running ON public.recovery USING btree (((ended_at IS NULL))) WHERE (ended_at IS NULL);

CREATE INDEX region_name ON public.region USING btree (name COLLATE "C" text_pattern_ops);

CREATE INDEX region_parent ON public.region USING btree (parent_code);

CREATE INDEX region_successor_of ON public.region_successor USING btree (successor);

CREATE INDEX relocation_item_enterprise ON public.relocation_item USING btree (enterprise_id);

CREATE INDEX relocation_place ON public.relocation USING btree (place, id DESC);

CREATE INDEX relocation_waiting ON public.relocation USING btree (effective_at) WHERE (state = ANY (ARRAY['planned'::text, 'running'::text]));

CREATE INDEX reminder_agency ON public.reminder USING btree (agency_id) WHERE (agency_id IS NOT NULL);

CREATE INDEX reminder_enterprise ON public.reminder USING btree (enterprise_id, due_on) WHERE (settled_at IS NULL);

CREATE UNIQUE INDEX reminder_open ON public.reminder USING btree (register, field, record_id, enterprise_id, agency_id, due_on) NULLS NOT DISTINCT WHERE (settled_at IS NULL);

CREATE INDEX reminder_place ON public.reminder USING btree (place, due_on, id);

CREATE INDEX reminder_set_aside ON public.reminder USING btree (failing_since) WHERE (failing_since IS NOT NULL);

CREATE INDEX reminder_to_end ON public.reminder USING btree (id) WHERE ((warned_at IS NOT NULL) AND (warning_ended_at IS NULL));

CREATE INDEX reminder_to_tell ON public.reminder USING btree (id) WHERE ((settled_at IS NULL) AND (told_at IS NULL));

CREATE INDEX reminder_to_warn ON public.reminder USING btree (warn_on, id) WHERE ((settled_at IS NULL) AND (warned_at IS NULL));

CREATE INDEX reminder_unended ON public.reminder USING btree (register, field, COALESCE(record_id, ((- enterprise_id))::bigint)) WHERE ((warned_at IS NOT NULL) AND (warning_ended_at IS NULL));

CREATE INDEX reminder_untold ON public.reminder USING btree (due_on) WHERE ((settled_at IS NULL) AND (told_late_at IS NULL));

CREATE INDEX resource_minimum_agency ON public.resource_minimum USING btree (agency_id);

CREATE INDEX resource_minimum_place ON public.resource_minimum USING btree (place, id);

CREATE INDEX resource_minimum_region ON public.resource_minimum USING btree (region);

CREATE INDEX risk_day_enterprise ON public.risk_day USING btree (enterprise_id);

CREATE INDEX risk_day_model ON public.risk_day USING btree (model_id);

CREATE INDEX risk_day_place ON public.risk_day USING btree (place, day);

CREATE INDEX risk_draft_based_on ON public.risk_draft USING btree (based_on);

CREATE INDEX risk_index_day ON public.risk_index USING btree (day, subject);

CREATE INDEX risk_index_enterprise ON public.risk_index USING btree (enterprise_id);

CREATE INDEX risk_index_model ON public.risk_index USING btree (model_id);

CREATE INDEX risk_index_place ON public.risk_index USING btree (place, scale);

CREATE INDEX risk_mark_place ON public.risk_mark USING btree (place);

CREATE INDEX rollup_due_gateway ON public.rollup_due USING btree (gateway, from_at);

CREATE INDEX rollup_due_next ON public.rollup_due USING btree (level, from_at);

CREATE INDEX session_ended ON public.session USING btree (ended_at);

CREATE UNIQUE INDEX session_one_per_device ON public.session USING btree (account_id, device_kind) WHERE (ended_at IS NULL);

CREATE INDEX staff_agency ON public.staff USING btree (agency_id);

CREATE INDEX staff_department ON public.staff USING btree (department_id);

CREATE INDEX staff_enterprise ON public.staff USING btree (enterprise_id);

CREATE INDEX staff_place ON public.staff USING btree (place, id);

CREATE INDEX staff_post ON public.staff USING btree (post_id);

CREATE INDEX stored_file_waiting ON public.stored_file USING btree (again_at, stored_at) WHERE (scan = 'waiting'::text);

CREATE INDEX stranger_failure_at ON public.stranger_failure USING btree (at);

CREATE INDEX suppression_window_agency ON public.suppression_window USING btree (declared_agency_id);

CREATE INDEX suppression_window_gateway ON public.suppression_window USING btree (gateway_id);

CREATE INDEX suppression_window_lasting ON public.suppression_window USING btree (enterprise_id, ends_at) WHERE (ended_at IS NULL);

CREATE INDEX suppression_window_place ON public.suppression_window USING btree (place, ends_at);

CREATE INDEX suppression_window_point ON public.suppression_window USING btree (point_id);

CREATE INDEX timer_due ON public.timer USING btree (due_at);

CREATE INDEX timer_urgent ON public.timer USING btree (urgency, due_at);

CREATE INDEX unjudged_due ON public.unjudged USING btree (due_at);

CREATE INDEX warning_agency ON public.warning USING btree (agency_id, raised_at DESC) WHERE (agency_id IS NOT NULL);

CREATE INDEX warning_alarm_active ON public.warning_alarm USING btree (gateway_id) WHERE (cleared_at IS NULL);

CREATE INDEX warning_alarm_case ON public.warning_alarm USING btree (warning_id);

CREATE INDEX warning_assignee ON public.warning USING btree (assignee_id, state) WHERE (assignee_id IS NOT NULL);

CREATE INDEX warning_began ON public.warning USING btree (gateway_id, raised_at, number) WHERE (gateway_id IS NOT NULL);

CREATE INDEX warning_dead ON public.warning USING btree (gateway_id) WHERE ((kind = 'presence'::text) AND active);

CREATE INDEX warning_enterprise ON public.warning USING btree (enterprise_id, raised_at DESC);

CREATE INDEX warning_event_case ON public.warning_event USING btree (warning_id, id);

CREATE INDEX warning_identity ON public.warning USING btree (kind, subject_type, subject_id, side, is_test, number DESC);

CREATE INDEX warning_merged ON public.warning USING btree (merged_into) WHERE (merged_into IS NOT NULL);

CREATE INDEX warning_newest ON public.warning USING btree (raised_at DESC, id DESC);

CREATE UNIQUE INDEX warning_open_identity ON public.warning USING btree (kind, subject_type, subject_id, side, is_test) WHERE ((state = ANY (ARRAY['open'::text, 'acknowledged'::text])) OR occupied);

CREATE INDEX warning_parent ON public.warning USING btree (parent_id) WHERE (parent_id IS NOT NULL);

CREATE INDEX warning_photo_file ON public.warning_photo USING btree (sha256);

CREATE INDEX warning_place ON public.warning USING btree (place, state, raised_at DESC);

CREATE INDEX warning_place_raised ON public.warning USING btree (place, raised_at) WHERE ((NOT is_test) AND (NOT history));

CREATE INDEX warning_read_account ON public.warning_read USING btree (account_id);

CREATE INDEX warning_suppressed ON public.warning USING btree (suppressed_until) WHERE (suppressed_until IS NOT NULL);

CREATE INDEX warning_waiting_at ON public.warning USING btree (gateway_id, kind) WHERE (state = ANY (ARRAY['open'::text, 'acknowledged'::text]));

CREATE INDEX warning_waiting_of ON public.warning USING btree (enterprise_id) WHERE (state = ANY (ARRAY['open'::text, 'acknowledged'::text]));

CREATE INDEX warning_weather ON public.warning USING btree (raised_at) WHERE (kind = 'weather'::text);

CREATE INDEX warning_window ON public.warning USING btree (window_id) WHERE (window_id IS NOT NULL);

ALTER INDEX public.measurement_at_point ATTACH PARTITION public.measurement_default_at_point_id_idx;

CREATE TRIGGER account_off_ends_sessions AFTER UPDATE OF active ON public.account FOR EACH ROW WHEN ((old.active AND (NOT new.active))) EXECUTE FUNCTION public.account_off_ends_sessions();

CREATE TRIGGER account_role_has_its_place BEFORE INSERT OR UPDATE OF role, agency_id, enterprise_id ON public.account FOR EACH ROW EXECUTE FUNCTION public.account_role_has_its_place();

CREATE TRIGGER account_sits BEFORE INSERT OR UPDATE ON public.account FOR EACH ROW EXECUTE FUNCTION public.account_sits();

CREATE TRIGGER account_sits_with_its_areas AFTER INSERT OR DELETE OR UPDATE ON public.account_area FOR EACH ROW EXECUTE FUNCTION public.account_sits_with_its_areas();

CREATE TRIGGER agency_cases_follow AFTER UPDATE ON public.agency FOR EACH ROW WHEN ((old.place IS DISTINCT FROM new.place)) EXECUTE FUNCTION public.cases_follow_agency();

CREATE TRIGGER agency_has_detail AFTER INSERT ON public.agency FOR EACH ROW EXECUTE FUNCTION public.agency_has_detail();

CREATE TRIGGER agency_minimums_follow AFTER UPDATE ON public.agency FOR EACH ROW WHEN ((old.place IS DISTINCT FROM new.place)) EXECUTE FUNCTION public.minimums_follow_agency();

CREATE TRIGGER agency_notices_follow AFTER UPDATE ON public.agency FOR EACH ROW WHEN ((old.place IS DISTINCT FROM new.place)) EXECUTE FUNCTION public.notices_follow_agency();

CREATE TRIGGER agency_sits BEFORE INSERT OR UPDATE ON public.agency FOR EACH ROW EXECUTE FUNCTION public.agency_sits();

CREATE TRIGGER agency_sits_at_its_area AFTER INSERT ON public.agency_area FOR EACH ROW EXECUTE FUNCTION public.agency_sits_at_its_area();

CREATE TRIGGER alarm_day_alarm_place BEFORE INSERT ON public.alarm_day_alarm FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER alarm_day_place BEFORE INSERT ON public.alarm_day FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER alarm_load_place BEFORE INSERT ON public.alarm_load FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER alarm_state_place BEFORE INSERT ON public.alarm_state FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER api_key_sector BEFORE INSERT ON public.api_key FOR EACH ROW EXECUTE FUNCTION public.sector_of_place();

CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER audit_archive_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_archive FOR EACH STATEMENT EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER audit_chain_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_chain FOR EACH STATEMENT EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER audit_fill BEFORE INSERT ON public.audit FOR EACH ROW EXECUTE FUNCTION public.audit_fill();

CREATE TRIGGER audit_queue AFTER INSERT ON public.audit FOR EACH ROW EXECUTE FUNCTION public.audit_queue();

CREATE TRIGGER audit_root_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_root FOR EACH STATEMENT EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.account FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'password_hash', 'failures', 'locked_until');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.account_area FOR EACH ROW EXECUTE FUNCTION public.audit_row('account_id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.account_identity FOR EACH ROW EXECUTE FUNCTION public.audit_row('account_id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.account_totp FOR EACH ROW EXECUTE FUNCTION public.audit_row('account_id', 'secret', 'last_step');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.agency FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.agency_area FOR EACH ROW EXECUTE FUNCTION public.audit_row('agency_id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.agency_detail FOR EACH ROW EXECUTE FUNCTION public.audit_row('agency_id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.alarm_target FOR EACH ROW EXECUTE FUNCTION public.audit_row('measure');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.api_key FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'hash', 'last_used_at', 'last_address');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.approval_rule FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.audit_kind FOR EACH ROW EXECUTE FUNCTION public.audit_row('word');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.cap_level FOR EACH ROW EXECUTE FUNCTION public.audit_row('severity');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.code_revocation FOR EACH ROW EXECUTE FUNCTION public.audit_row('record_id', 'place', 'sector');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.command FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.committee_unit FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'version');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.connection_rule FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.department FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'version');

CREATE TRIGGER audit_row AFTER UPDATE OF scene, "position" ON public.device FOR EACH ROW WHEN (((old.scene IS DISTINCT FROM new.scene) OR (old."position" IS DISTINCT FROM new."position"))) EXECUTE FUNCTION public.audit_row('id', 'place', 'sector');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.device_fault FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'place', 'sector');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.dictionary_entry FOR EACH ROW EXECUTE FUNCTION public.audit_row('code', 'version');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.enterprise FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'version');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.enterprise_application FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'receipt_hash', 'came_from');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.enterprise_batch FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.enterprise_pair FOR EACH ROW EXECUTE FUNCTION public.audit_row('first_id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.enterprise_removal FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.enterprise_status FOR EACH ROW EXECUTE FUNCTION public.audit_row('code');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.evidence_rule FOR EACH ROW EXECUTE FUNCTION public.audit_row('region');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.external_warning FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'place', 'sector', 'raw', 'identifiers');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.gateway FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.handling_rule FOR EACH ROW EXECUTE FUNCTION public.audit_row('region');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.industry FOR EACH ROW EXECUTE FUNCTION public.audit_row('code');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.intermediary FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'version');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.level_draft FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'version', 'updated_at');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.level_rule FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.level_rule_set FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.management_threshold FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.map_shape FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'geometry');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.notice FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'key', 'title', 'body', 'sent_name');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.notice_file FOR EACH ROW EXECUTE FUNCTION public.audit_row('notice_id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.notice_receiver FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'place', 'sector', 'reply');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.notice_rule FOR EACH ROW EXECUTE FUNCTION public.audit_row('region');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.number_format FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'version');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.offline_report FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'place', 'sector');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.operator_positions FOR EACH ROW EXECUTE FUNCTION public.audit_row('enterprise_id', 'place', 'sector');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.organisation_check FOR EACH ROW EXECUTE FUNCTION public.audit_row('enterprise_id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.patrol_check FOR EACH ROW EXECUTE FUNCTION public.audit_row('code');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.patrol_pace FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.patrol_rule FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.policy FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.policy_step FOR EACH ROW EXECUTE FUNCTION public.audit_row('policy_id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.post FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'version');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.proposal FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'place', 'sector', 'fact');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.recovery_code FOR EACH ROW EXECUTE FUNCTION public.audit_row('account_id', 'hash');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.recovery_request FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'contact', 'address');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.region FOR EACH ROW WHEN ((COALESCE(current_setting('app.bulk'::text, true), ''::text) <> 'on'::text)) EXECUTE FUNCTION public.audit_row('code');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.region_successor FOR EACH ROW EXECUTE FUNCTION public.audit_row('code');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.relocation FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'done', 'rows_moved', 'failures', 'failure', 'retry_at');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.reminder_rule FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OF agency_id, region, name, register, field, choice, words, measure, minimum, unit, source, removed_at ON public.resource_minimum FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'place', 'counted', 'counted_at', 'short_since', 'told_at', 'warning_id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.risk_draft FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'version', 'updated_at');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.risk_model FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.role FOR EACH ROW EXECUTE FUNCTION public.audit_row('code', 'version');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.role_operation FOR EACH ROW EXECUTE FUNCTION public.audit_row('role');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.run_state_grade FOR EACH ROW EXECUTE FUNCTION public.audit_row('figure');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.sector FOR EACH ROW EXECUTE FUNCTION public.audit_row('code');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.settle_rule FOR EACH ROW EXECUTE FUNCTION public.audit_row('kind');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.sign_in_rule FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.staff FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'version');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.storm_rule FOR EACH ROW EXECUTE FUNCTION public.audit_row('region');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.suppression_window FOR EACH ROW EXECUTE FUNCTION public.audit_row('id', 'place', 'sector', 'version', 'updated_at');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.test_receiver FOR EACH ROW EXECUTE FUNCTION public.audit_row('account_id');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.tuning_rule FOR EACH ROW EXECUTE FUNCTION public.audit_row('rank');

CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE ON public.window_rule FOR EACH ROW EXECUTE FUNCTION public.audit_row('id');

CREATE TRIGGER belongings_follow AFTER UPDATE ON public.agency FOR EACH ROW WHEN ((old.place IS DISTINCT FROM new.place)) EXECUTE FUNCTION public.belongings_follow();

CREATE TRIGGER belongings_follow AFTER UPDATE ON public.enterprise FOR EACH ROW WHEN ((old.place IS DISTINCT FROM new.place)) EXECUTE FUNCTION public.belongings_follow();

CREATE TRIGGER birth_place BEFORE INSERT ON public.birth FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER certificate_place BEFORE INSERT ON public.certificate FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER certificate_trust_changed AFTER INSERT OR UPDATE OF revoked_at ON public.certificate FOR EACH STATEMENT EXECUTE FUNCTION public.trust_changed();

CREATE TRIGGER code_revocation_place BEFORE INSERT OR UPDATE OF enterprise_id, agency_id ON public.code_revocation FOR EACH ROW EXECUTE FUNCTION public.place_of_owner();

CREATE TRIGGER code_revocations_follow AFTER UPDATE ON public.agency FOR EACH ROW WHEN ((old.place IS DISTINCT FROM new.place)) EXECUTE FUNCTION public.code_revocations_follow();

CREATE TRIGGER command_place BEFORE INSERT ON public.command FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER committee_unit_place BEFORE INSERT OR UPDATE ON public.committee_unit FOR EACH ROW EXECUTE FUNCTION public.place_of_agency();

CREATE TRIGGER connection_day_place BEFORE INSERT ON public.connection_day FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER dead_appears AFTER INSERT ON public.warning FOR EACH ROW WHEN (((new.kind = 'presence'::text) AND (NOT new.history))) EXECUTE FUNCTION public.dead_changed();

CREATE TRIGGER dead_changes AFTER UPDATE OF active, state, level ON public.warning FOR EACH ROW WHEN (((new.kind = 'presence'::text) AND (NOT new.history) AND (((old.active IS DISTINCT FROM new.active) OR ((old.state = 'false_alarm'::text) IS DISTINCT FROM (new.state = 'false_alarm'::text))) OR (old.level IS DISTINCT FROM new.level)))) EXECUTE FUNCTION public.dead_changed();

CREATE TRIGGER declared_stop_place BEFORE INSERT OR UPDATE ON public.declared_stop FOR EACH ROW EXECUTE FUNCTION public.place_from('enterprise', 'enterprise_id');

CREATE TRIGGER department_place BEFORE INSERT OR UPDATE ON public.department FOR EACH ROW EXECUTE FUNCTION public.place_of_owner();

CREATE TRIGGER device_fault_place BEFORE INSERT ON public.device_fault FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER device_period_place BEFORE INSERT ON public.device_period FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER device_place BEFORE INSERT ON public.device FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER digests_follow AFTER UPDATE ON public.agency FOR EACH ROW WHEN ((old.place IS DISTINCT FROM new.place)) EXECUTE FUNCTION public.digests_follow();

CREATE TRIGGER enrolment_code_place BEFORE INSERT OR UPDATE OF enterprise_id ON public.enrolment_code FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER enrolment_code_trust_changed AFTER INSERT OR UPDATE OF withdrawn_at ON public.enrolment_code FOR EACH STATEMENT EXECUTE FUNCTION public.trust_changed();

CREATE TRIGGER enterprise_connection_place BEFORE INSERT ON public.enterprise_connection FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER enterprise_event_place BEFORE INSERT ON public.enterprise_event FOR EACH ROW EXECUTE FUNCTION public.place_from('enterprise', 'enterprise_id');

CREATE TRIGGER enterprise_event_told AFTER INSERT ON public.enterprise_event FOR EACH ROW EXECUTE FUNCTION public.enterprise_event_told();

CREATE TRIGGER enterprise_lives AFTER INSERT OR UPDATE ON public.enterprise FOR EACH ROW EXECUTE FUNCTION public.enterprise_lives();

CREATE TRIGGER enterprise_on_map AFTER UPDATE ON public.enterprise FOR EACH ROW WHEN ((((((((old.name IS DISTINCT FROM new.name) OR (old.longitude IS DISTINCT FROM new.longitude)) OR (old.latitude IS DISTINCT FROM new.latitude)) OR (old.place IS DISTINCT FROM new.place)) OR (old.sector IS DISTINCT FROM new.sector)) OR (old.hazard_class IS DISTINCT FROM new.hazard_class)) OR (old.removed_at IS DISTINCT FROM new.removed_at))) EXECUTE FUNCTION public.enterprise_on_map();

CREATE TRIGGER enterprise_on_map_new AFTER INSERT ON public.enterprise FOR EACH ROW WHEN ((new.longitude IS NOT NULL)) EXECUTE FUNCTION public.enterprise_on_map();

CREATE TRIGGER enterprise_place BEFORE INSERT OR UPDATE ON public.enterprise FOR EACH ROW EXECUTE FUNCTION public.enterprise_place();

CREATE TRIGGER enterprise_removal_place BEFORE INSERT ON public.enterprise_removal FOR EACH ROW EXECUTE FUNCTION public.place_from('enterprise', 'enterprise_id');

CREATE TRIGGER enterprise_sector_follows AFTER UPDATE ON public.enterprise FOR EACH ROW WHEN ((((old.place IS DISTINCT FROM new.place) OR (old.sector IS DISTINCT FROM new.sector)) AND (COALESCE(current_setting('app.moving'::text, true), ''::text) <> 'on'::text))) EXECUTE FUNCTION public.enterprise_sector_follows();

CREATE TRIGGER enterprise_watch_place BEFORE INSERT ON public.enterprise_watch FOR EACH ROW EXECUTE FUNCTION public.place_from('enterprise', 'enterprise_id');

CREATE TRIGGER event_alarm_days AFTER INSERT ON public.event REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.alarm_days_told();

CREATE TRIGGER event_place BEFORE INSERT ON public.event FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER external_warning_place BEFORE INSERT OR UPDATE OF enterprise_id, agency_id ON public.external_warning FOR EACH ROW EXECUTE FUNCTION public.place_of_case();

CREATE TRIGGER file_use_place BEFORE INSERT OR UPDATE OF enterprise_id, agency_id ON public.file_use FOR EACH ROW EXECUTE FUNCTION public.place_of_owner();

CREATE TRIGGER file_uses_follow AFTER UPDATE ON public.agency FOR EACH ROW WHEN ((old.place IS DISTINCT FROM new.place)) EXECUTE FUNCTION public.file_uses_follow();

CREATE TRIGGER gap_place BEFORE INSERT ON public.gap FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER gateway_absence_place BEFORE INSERT ON public.gateway_absence FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER gateway_boot_place BEFORE INSERT ON public.gateway_boot FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER gateway_configuration_place BEFORE INSERT ON public.gateway_configuration FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER gateway_figures_place BEFORE INSERT ON public.gateway_figures FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER gateway_heard_on_map AFTER UPDATE OF presence ON public.gateway_state FOR EACH ROW WHEN ((old.presence IS DISTINCT FROM new.presence)) EXECUTE FUNCTION public.gateway_heard_on_map();

CREATE TRIGGER gateway_heard_on_map_new AFTER INSERT ON public.gateway_state FOR EACH ROW EXECUTE FUNCTION public.gateway_heard_on_map();

CREATE TRIGGER gateway_is_device AFTER INSERT ON public.gateway_state FOR EACH ROW EXECUTE FUNCTION public.gateway_is_device();

CREATE TRIGGER gateway_on_map AFTER INSERT OR UPDATE OF name, enterprise_id ON public.gateway FOR EACH ROW EXECUTE FUNCTION public.gateway_on_map();

CREATE TRIGGER gateway_place BEFORE INSERT OR UPDATE OF enterprise_id ON public.gateway FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER gateway_state_place BEFORE INSERT ON public.gateway_state FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER gateway_tape_place BEFORE INSERT ON public.gateway_tape FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER gateway_trust_changed AFTER INSERT OR UPDATE OF public_key, revoked_at ON public.gateway FOR EACH STATEMENT EXECUTE FUNCTION public.trust_changed();

CREATE TRIGGER head_claim_place BEFORE INSERT ON public.head_claim FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER hold_task_wake AFTER INSERT ON public.hold_task FOR EACH STATEMENT EXECUTE FUNCTION public.timer_wake();

CREATE TRIGGER intermediary_place BEFORE INSERT OR UPDATE ON public.intermediary FOR EACH ROW EXECUTE FUNCTION public.place_of_agency();

CREATE TRIGGER latest_place BEFORE INSERT ON public.latest FOR EACH ROW EXECUTE FUNCTION public.place_from('point', 'point_id');

CREATE TRIGGER ledger_place BEFORE INSERT ON public.ledger FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER level_wait AFTER UPDATE OF active ON public.warning FOR EACH ROW WHEN ((old.active AND (NOT new.active) AND (new.state <> 'false_alarm'::text))) EXECUTE FUNCTION public.level_wait_of_case();

CREATE TRIGGER level_wait AFTER UPDATE OF cleared_at, warning_id ON public.warning_alarm FOR EACH ROW WHEN (((old.cleared_at IS DISTINCT FROM new.cleared_at) OR (old.warning_id <> new.warning_id))) EXECUTE FUNCTION public.level_wait_of_alarm();

CREATE TRIGGER live_event_sector BEFORE INSERT ON public.live_event FOR EACH ROW EXECUTE FUNCTION public.live_event_sector();

CREATE TRIGGER live_event_told AFTER INSERT ON public.live_event FOR EACH STATEMENT EXECUTE FUNCTION public.live_event_told();

CREATE TRIGGER management_finding_place BEFORE INSERT OR UPDATE OF enterprise_id ON public.management_finding FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER message_of_call AFTER INSERT ON public.notification FOR EACH ROW WHEN (((new.channel = 'in_app'::text) AND (new.account_id IS NOT NULL))) EXECUTE FUNCTION public.message_of_call();

CREATE TRIGGER message_of_call_read AFTER UPDATE OF read_at ON public.notification FOR EACH ROW WHEN (((new.channel = 'in_app'::text) AND (new.account_id IS NOT NULL) AND (old.read_at IS NULL) AND (new.read_at IS NOT NULL))) EXECUTE FUNCTION public.message_of_call();

CREATE TRIGGER notice_receiver_place BEFORE INSERT OR UPDATE OF enterprise_id, agency_id ON public.notice_receiver FOR EACH ROW EXECUTE FUNCTION public.place_of_case();

CREATE TRIGGER number_format_place BEFORE INSERT OR UPDATE ON public.number_format FOR EACH ROW EXECUTE FUNCTION public.place_of_agency();

CREATE TRIGGER number_series_place BEFORE INSERT OR UPDATE ON public.number_series FOR EACH ROW EXECUTE FUNCTION public.place_of_agency();

CREATE TRIGGER offline_report_place BEFORE INSERT ON public.offline_report FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER operator_positions_place BEFORE INSERT OR UPDATE OF enterprise_id ON public.operator_positions FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER organisation_check_place BEFORE INSERT OR UPDATE ON public.organisation_check FOR EACH ROW EXECUTE FUNCTION public.place_from('enterprise', 'enterprise_id');

CREATE TRIGGER outbox_wake AFTER INSERT ON public.notification FOR EACH STATEMENT EXECUTE FUNCTION public.outbox_wake();

CREATE TRIGGER output_state_place BEFORE INSERT ON public.output_state FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER patrol_day_place BEFORE INSERT OR UPDATE OF enterprise_id ON public.patrol_day FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER patrol_finding_place BEFORE INSERT OR UPDATE OF enterprise_id ON public.patrol_finding FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER patrol_loss_place BEFORE INSERT OR UPDATE OF enterprise_id ON public.patrol_loss FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER point_place BEFORE INSERT OR UPDATE OF gateway_id ON public.point FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER post_place BEFORE INSERT OR UPDATE ON public.post FOR EACH ROW EXECUTE FUNCTION public.place_of_owner();

CREATE TRIGGER proposal_place BEFORE INSERT OR UPDATE OF enterprise_id, agency_id ON public.proposal FOR EACH ROW EXECUTE FUNCTION public.place_of_case();

CREATE TRIGGER quarantine_place BEFORE INSERT ON public.quarantine FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER range_conflict_place BEFORE INSERT ON public.range_conflict FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER records_follow_agency AFTER UPDATE ON public.agency FOR EACH ROW WHEN ((old.place IS DISTINCT FROM new.place)) EXECUTE FUNCTION public.records_follow_agency();

CREATE TRIGGER recovery_request_sector BEFORE INSERT ON public.recovery_request FOR EACH ROW EXECUTE FUNCTION public.sector_of_place();

CREATE TRIGGER relocation_wake AFTER INSERT OR UPDATE OF state ON public.relocation FOR EACH STATEMENT EXECUTE FUNCTION public.relocation_wake();

CREATE TRIGGER reminder_place BEFORE INSERT ON public.reminder FOR EACH ROW EXECUTE FUNCTION public.place_of_owner();

CREATE TRIGGER resource_minimum_place BEFORE INSERT OR UPDATE OF agency_id ON public.resource_minimum FOR EACH ROW EXECUTE FUNCTION public.place_of_minimum();

CREATE TRIGGER risk_mark AFTER UPDATE ON public.enterprise FOR EACH ROW WHEN (((old.hazard_class IS DISTINCT FROM new.hazard_class) OR (old.sector <> new.sector) OR (old.place <> new.place) OR (old.removed_at IS DISTINCT FROM new.removed_at))) EXECUTE FUNCTION public.risk_mark_row();

CREATE TRIGGER risk_mark AFTER UPDATE OF presence ON public.gateway_state FOR EACH ROW WHEN ((old.presence <> new.presence)) EXECUTE FUNCTION public.risk_mark_row();

CREATE TRIGGER risk_mark AFTER UPDATE OF score ON public.patrol_day FOR EACH ROW WHEN ((round(old.score) <> round(new.score))) EXECUTE FUNCTION public.risk_mark_row();

CREATE TRIGGER risk_mark AFTER UPDATE OF settled_at, due_on ON public.reminder FOR EACH ROW WHEN (((old.settled_at IS DISTINCT FROM new.settled_at) OR (old.due_on <> new.due_on))) EXECUTE FUNCTION public.risk_mark_row();

CREATE TRIGGER risk_mark AFTER INSERT OR UPDATE OF valid_to ON public.risk_model FOR EACH ROW EXECUTE FUNCTION public.risk_mark_model();

CREATE TRIGGER risk_mark AFTER UPDATE OF state, level ON public.warning FOR EACH ROW WHEN (((new.enterprise_id IS NOT NULL) AND (new.kind <> 'model'::text) AND (NOT new.is_test) AND ((old.state <> new.state) OR (old.level <> new.level)))) EXECUTE FUNCTION public.risk_mark_row();

CREATE TRIGGER risk_mark_new AFTER INSERT ON public.enterprise FOR EACH ROW EXECUTE FUNCTION public.risk_mark_row();

CREATE TRIGGER risk_mark_new AFTER INSERT ON public.gateway_state FOR EACH ROW EXECUTE FUNCTION public.risk_mark_row();

CREATE TRIGGER risk_mark_new AFTER INSERT ON public.patrol_day FOR EACH ROW EXECUTE FUNCTION public.risk_mark_row();

CREATE TRIGGER risk_mark_new AFTER INSERT ON public.reminder FOR EACH ROW EXECUTE FUNCTION public.risk_mark_row();

CREATE TRIGGER risk_mark_new AFTER INSERT ON public.warning FOR EACH ROW WHEN (((new.enterprise_id IS NOT NULL) AND (new.kind <> 'model'::text) AND (NOT new.is_test))) EXECUTE FUNCTION public.risk_mark_row();

CREATE TRIGGER risk_mark_records AFTER INSERT ON public.record_version REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.risk_mark_records();

CREATE TRIGGER staff_place BEFORE INSERT OR UPDATE ON public.staff FOR EACH ROW EXECUTE FUNCTION public.place_of_owner();

CREATE TRIGGER stream_cursor_place BEFORE INSERT ON public.stream_cursor FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER stream_epoch_place BEFORE INSERT ON public.stream_epoch FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER suppression_window_place BEFORE INSERT OR UPDATE OF enterprise_id ON public.suppression_window FOR EACH ROW EXECUTE FUNCTION public.place_of_enterprise();

CREATE TRIGGER timer_wake AFTER INSERT OR UPDATE ON public.timer FOR EACH STATEMENT EXECUTE FUNCTION public.timer_wake();

CREATE TRIGGER unjudged_place BEFORE INSERT ON public.unjudged FOR EACH ROW EXECUTE FUNCTION public.place_of_gateway();

CREATE TRIGGER warning_place BEFORE INSERT OR UPDATE OF enterprise_id, agency_id ON public.warning FOR EACH ROW EXECUTE FUNCTION public.place_of_case();

CREATE TRIGGER window_changes AFTER INSERT OR UPDATE OF starts_at, ends_at, ended_at, kinds, holds_red, consent_at ON public.suppression_window FOR EACH ROW EXECUTE FUNCTION public.window_changed();

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.account_area
    ADD CONSTRAINT account_area_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_committee_unit_fkey FOREIGN KEY (committee_unit_id) REFERENCES public.committee_unit(id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_enterprise_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.account_identity
    ADD CONSTRAINT account_identity_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_intermediary_fkey FOREIGN KEY (intermediary_id) REFERENCES public.intermediary(id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_role_fkey FOREIGN KEY (role) REFERENCES public.role(code);

ALTER TABLE ONLY public.account_setting
    ADD CONSTRAINT account_setting_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.account_totp
    ADD CONSTRAINT account_totp_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.agency_area
    ADD CONSTRAINT agency_area_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.agency_detail
    ADD CONSTRAINT agency_detail_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES public.account(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.agency_detail
    ADD CONSTRAINT agency_detail_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.agency
    ADD CONSTRAINT agency_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.alarm_day_alarm
    ADD CONSTRAINT alarm_day_alarm_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.alarm_day_alarm
    ADD CONSTRAINT alarm_day_alarm_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.alarm_day_alarm
    ADD CONSTRAINT alarm_day_alarm_point_id_fkey FOREIGN KEY (point_id) REFERENCES public.point(id);

ALTER TABLE ONLY public.alarm_day
    ADD CONSTRAINT alarm_day_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.alarm_load
    ADD CONSTRAINT alarm_load_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.alarm_state
    ADD CONSTRAINT alarm_state_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.alarm_state
    ADD CONSTRAINT alarm_state_point_id_fkey FOREIGN KEY (point_id) REFERENCES public.point(id);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.birth
    ADD CONSTRAINT birth_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.case_kept
    ADD CONSTRAINT case_kept_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.case_kept
    ADD CONSTRAINT case_kept_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.case_kept
    ADD CONSTRAINT case_kept_relocation_id_fkey FOREIGN KEY (relocation_id) REFERENCES public.relocation(id);

ALTER TABLE ONLY public.case_kept
    ADD CONSTRAINT case_kept_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.certificate
    ADD CONSTRAINT certificate_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.code_revocation
    ADD CONSTRAINT code_revocation_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.code_revocation
    ADD CONSTRAINT code_revocation_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.command
    ADD CONSTRAINT command_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.committee_unit
    ADD CONSTRAINT committee_unit_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.connection_day
    ADD CONSTRAINT connection_day_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.declared_stop
    ADD CONSTRAINT declared_stop_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.department
    ADD CONSTRAINT department_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.department
    ADD CONSTRAINT department_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.department
    ADD CONSTRAINT department_head_fkey FOREIGN KEY (head_id) REFERENCES public.staff(id);

ALTER TABLE ONLY public.department
    ADD CONSTRAINT department_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.department(id);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.device_fault
    ADD CONSTRAINT device_fault_device_id_fkey FOREIGN KEY (device_id) REFERENCES public.device(id);

ALTER TABLE ONLY public.device_fault
    ADD CONSTRAINT device_fault_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.device_fault
    ADD CONSTRAINT device_fault_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.device_period
    ADD CONSTRAINT device_period_device_id_fkey FOREIGN KEY (device_id) REFERENCES public.device(id);

ALTER TABLE ONLY public.device_period
    ADD CONSTRAINT device_period_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.device_period
    ADD CONSTRAINT device_period_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.digest
    ADD CONSTRAINT digest_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.digest
    ADD CONSTRAINT digest_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.digest
    ADD CONSTRAINT digest_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.enrolment_code
    ADD CONSTRAINT enrolment_code_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.enterprise
    ADD CONSTRAINT enterprise_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.enterprise_application
    ADD CONSTRAINT enterprise_application_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.enterprise_application
    ADD CONSTRAINT enterprise_application_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.enterprise_application
    ADD CONSTRAINT enterprise_application_region_code_fkey FOREIGN KEY (region_code) REFERENCES public.region(code);

ALTER TABLE ONLY public.enterprise_application
    ADD CONSTRAINT enterprise_application_sector_fkey FOREIGN KEY (sector) REFERENCES public.sector(code);

ALTER TABLE ONLY public.enterprise_batch
    ADD CONSTRAINT enterprise_batch_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.enterprise_batch_row
    ADD CONSTRAINT enterprise_batch_row_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.enterprise_batch(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.enterprise_batch_row
    ADD CONSTRAINT enterprise_batch_row_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.enterprise_connection
    ADD CONSTRAINT enterprise_connection_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.enterprise_event
    ADD CONSTRAINT enterprise_event_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.enterprise_pair
    ADD CONSTRAINT enterprise_pair_first_id_fkey FOREIGN KEY (first_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.enterprise_pair
    ADD CONSTRAINT enterprise_pair_second_id_fkey FOREIGN KEY (second_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.enterprise
    ADD CONSTRAINT enterprise_region_code_fkey FOREIGN KEY (region_code) REFERENCES public.region(code);

ALTER TABLE ONLY public.enterprise_removal
    ADD CONSTRAINT enterprise_removal_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.enterprise_removal
    ADD CONSTRAINT enterprise_removal_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.enterprise
    ADD CONSTRAINT enterprise_sector_fkey FOREIGN KEY (sector) REFERENCES public.sector(code);

ALTER TABLE ONLY public.enterprise
    ADD CONSTRAINT enterprise_status_fkey FOREIGN KEY (status) REFERENCES public.enterprise_status(code);

ALTER TABLE ONLY public.enterprise_watch
    ADD CONSTRAINT enterprise_watch_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.enterprise_watch
    ADD CONSTRAINT enterprise_watch_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.ledger(id);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_point_id_fkey FOREIGN KEY (point_id) REFERENCES public.point(id);

ALTER TABLE ONLY public.external_warning
    ADD CONSTRAINT external_warning_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.external_warning
    ADD CONSTRAINT external_warning_brought_by_fkey FOREIGN KEY (brought_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.external_warning
    ADD CONSTRAINT external_warning_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.external_warning
    ADD CONSTRAINT external_warning_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.file_in_parts
    ADD CONSTRAINT file_in_parts_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.file_upload
    ADD CONSTRAINT file_upload_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.file_upload
    ADD CONSTRAINT file_upload_sha256_fkey FOREIGN KEY (sha256) REFERENCES public.stored_file(sha256) ON DELETE CASCADE;

ALTER TABLE ONLY public.file_use
    ADD CONSTRAINT file_use_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.file_use
    ADD CONSTRAINT file_use_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.file_use
    ADD CONSTRAINT file_use_sha256_fkey FOREIGN KEY (sha256) REFERENCES public.stored_file(sha256);

ALTER TABLE ONLY public.gap
    ADD CONSTRAINT gap_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.gateway_absence
    ADD CONSTRAINT gateway_absence_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.gateway_boot
    ADD CONSTRAINT gateway_boot_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.gateway_configuration
    ADD CONSTRAINT gateway_configuration_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.gateway
    ADD CONSTRAINT gateway_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.gateway_figures
    ADD CONSTRAINT gateway_figures_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.gateway_state
    ADD CONSTRAINT gateway_state_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.gateway_tape
    ADD CONSTRAINT gateway_tape_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.head_claim
    ADD CONSTRAINT head_claim_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.hold_task
    ADD CONSTRAINT hold_task_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.hold_task
    ADD CONSTRAINT hold_task_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.hold_task
    ADD CONSTRAINT hold_task_window_id_fkey FOREIGN KEY (window_id) REFERENCES public.suppression_window(id);

ALTER TABLE ONLY public.import_bad_row
    ADD CONSTRAINT import_bad_row_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.import_job(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.import_job
    ADD CONSTRAINT import_job_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.industry
    ADD CONSTRAINT industry_parent_code_fkey FOREIGN KEY (parent_code) REFERENCES public.industry(code);

ALTER TABLE ONLY public.intermediary
    ADD CONSTRAINT intermediary_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.known_device
    ADD CONSTRAINT known_device_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.ladder_step
    ADD CONSTRAINT ladder_step_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.latest
    ADD CONSTRAINT latest_point_id_fkey FOREIGN KEY (point_id) REFERENCES public.point(id);

ALTER TABLE ONLY public.ledger
    ADD CONSTRAINT ledger_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.level_draft
    ADD CONSTRAINT level_draft_based_on_fkey FOREIGN KEY (based_on) REFERENCES public.level_rule_set(id);

ALTER TABLE ONLY public.level_rule
    ADD CONSTRAINT level_rule_set_id_fkey FOREIGN KEY (set_id) REFERENCES public.level_rule_set(id);

ALTER TABLE ONLY public.level_wait
    ADD CONSTRAINT level_wait_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.management_finding
    ADD CONSTRAINT management_finding_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.management_finding
    ADD CONSTRAINT management_finding_threshold_id_fkey FOREIGN KEY (threshold_id) REFERENCES public.management_threshold(id);

ALTER TABLE ONLY public.map_object
    ADD CONSTRAINT map_object_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.map_object
    ADD CONSTRAINT map_object_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.notice_file
    ADD CONSTRAINT notice_file_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES public.notice(id);

ALTER TABLE ONLY public.notice_file
    ADD CONSTRAINT notice_file_receiver_id_fkey FOREIGN KEY (receiver_id) REFERENCES public.notice_receiver(id);

ALTER TABLE ONLY public.notice_file
    ADD CONSTRAINT notice_file_sha256_fkey FOREIGN KEY (sha256) REFERENCES public.stored_file(sha256);

ALTER TABLE ONLY public.notice_receiver
    ADD CONSTRAINT notice_receiver_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.notice_receiver
    ADD CONSTRAINT notice_receiver_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.notice_receiver
    ADD CONSTRAINT notice_receiver_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES public.notice(id);

ALTER TABLE ONLY public.notice_receiver
    ADD CONSTRAINT notice_receiver_replied_by_fkey FOREIGN KEY (replied_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_sent_by_fkey FOREIGN KEY (sent_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_digest_fkey FOREIGN KEY (digest) REFERENCES public.digest(number);

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.number_format
    ADD CONSTRAINT number_format_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.number_series
    ADD CONSTRAINT number_series_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.number_series
    ADD CONSTRAINT number_series_format_id_fkey FOREIGN KEY (format_id) REFERENCES public.number_format(id);

ALTER TABLE ONLY public.offline_report
    ADD CONSTRAINT offline_report_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.offline_report
    ADD CONSTRAINT offline_report_device_id_fkey FOREIGN KEY (device_id) REFERENCES public.device(id);

ALTER TABLE ONLY public.offline_report
    ADD CONSTRAINT offline_report_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.offline_report
    ADD CONSTRAINT offline_report_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.offline_report
    ADD CONSTRAINT offline_report_window_id_fkey FOREIGN KEY (window_id) REFERENCES public.suppression_window(id);

ALTER TABLE ONLY public.operator_positions
    ADD CONSTRAINT operator_positions_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.organisation_check
    ADD CONSTRAINT organisation_check_checked_by_fkey FOREIGN KEY (checked_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.organisation_check
    ADD CONSTRAINT organisation_check_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.output_state
    ADD CONSTRAINT output_state_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.password_history
    ADD CONSTRAINT password_history_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.patrol_day
    ADD CONSTRAINT patrol_day_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.patrol_finding
    ADD CONSTRAINT patrol_finding_code_fkey FOREIGN KEY (code) REFERENCES public.patrol_check(code);

ALTER TABLE ONLY public.patrol_finding
    ADD CONSTRAINT patrol_finding_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.patrol_finding
    ADD CONSTRAINT patrol_finding_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.patrol_finding
    ADD CONSTRAINT patrol_finding_point_id_fkey FOREIGN KEY (point_id) REFERENCES public.point(id);

ALTER TABLE ONLY public.patrol_finding
    ADD CONSTRAINT patrol_finding_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES public.patrol_rule(id);

ALTER TABLE ONLY public.patrol_loss
    ADD CONSTRAINT patrol_loss_code_fkey FOREIGN KEY (code) REFERENCES public.patrol_check(code);

ALTER TABLE ONLY public.patrol_loss
    ADD CONSTRAINT patrol_loss_day FOREIGN KEY (enterprise_id, day) REFERENCES public.patrol_day(enterprise_id, day) ON DELETE CASCADE;

ALTER TABLE ONLY public.patrol_loss
    ADD CONSTRAINT patrol_loss_finding_id_fkey FOREIGN KEY (finding_id) REFERENCES public.patrol_finding(id);

ALTER TABLE ONLY public.patrol_loss
    ADD CONSTRAINT patrol_loss_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.point
    ADD CONSTRAINT point_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.point
    ADD CONSTRAINT point_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.policy_step
    ADD CONSTRAINT policy_step_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES public.policy(id);

ALTER TABLE ONLY public.post
    ADD CONSTRAINT post_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.post
    ADD CONSTRAINT post_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.ledger(id);

ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.range_conflict
    ADD CONSTRAINT range_conflict_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.recovery_code
    ADD CONSTRAINT recovery_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.recovery_request
    ADD CONSTRAINT recovery_request_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.recovery_request
    ADD CONSTRAINT recovery_request_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.recovery_request
    ADD CONSTRAINT recovery_request_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.region
    ADD CONSTRAINT region_parent_code_fkey FOREIGN KEY (parent_code) REFERENCES public.region(code);

ALTER TABLE ONLY public.region_successor
    ADD CONSTRAINT region_successor_code_fkey FOREIGN KEY (code) REFERENCES public.region(code);

ALTER TABLE ONLY public.region_successor
    ADD CONSTRAINT region_successor_relocation_id_fkey FOREIGN KEY (relocation_id) REFERENCES public.relocation(id);

ALTER TABLE ONLY public.region_successor
    ADD CONSTRAINT region_successor_successor_fkey FOREIGN KEY (successor) REFERENCES public.region(code);

ALTER TABLE ONLY public.relocation_item
    ADD CONSTRAINT relocation_item_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.relocation_item
    ADD CONSTRAINT relocation_item_relocation_id_fkey FOREIGN KEY (relocation_id) REFERENCES public.relocation(id);

ALTER TABLE ONLY public.relocation_item
    ADD CONSTRAINT relocation_item_to_agency_id_fkey FOREIGN KEY (to_agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.relocation_item
    ADD CONSTRAINT relocation_item_to_region_fkey FOREIGN KEY (to_region) REFERENCES public.region(code);

ALTER TABLE ONLY public.relocation
    ADD CONSTRAINT relocation_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.resource_minimum
    ADD CONSTRAINT resource_minimum_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.risk_day
    ADD CONSTRAINT risk_day_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.risk_day
    ADD CONSTRAINT risk_day_model_id_fkey FOREIGN KEY (model_id) REFERENCES public.risk_model(id);

ALTER TABLE ONLY public.risk_draft
    ADD CONSTRAINT risk_draft_based_on_fkey FOREIGN KEY (based_on) REFERENCES public.risk_model(id);

ALTER TABLE ONLY public.risk_index
    ADD CONSTRAINT risk_index_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.risk_index
    ADD CONSTRAINT risk_index_model_id_fkey FOREIGN KEY (model_id) REFERENCES public.risk_model(id);

ALTER TABLE ONLY public.role_operation
    ADD CONSTRAINT role_operation_role_fkey FOREIGN KEY (role) REFERENCES public.role(code) ON DELETE CASCADE;

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_department_id_fkey FOREIGN KEY (department_id) REFERENCES public.department(id);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.post(id);

ALTER TABLE ONLY public.stream_cursor
    ADD CONSTRAINT stream_cursor_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.stream_epoch
    ADD CONSTRAINT stream_epoch_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.suppression_window
    ADD CONSTRAINT suppression_window_consent_by_fkey FOREIGN KEY (consent_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.suppression_window
    ADD CONSTRAINT suppression_window_declared_agency_id_fkey FOREIGN KEY (declared_agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.suppression_window
    ADD CONSTRAINT suppression_window_declared_by_fkey FOREIGN KEY (declared_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.suppression_window
    ADD CONSTRAINT suppression_window_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.suppression_window
    ADD CONSTRAINT suppression_window_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.suppression_window
    ADD CONSTRAINT suppression_window_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.suppression_window
    ADD CONSTRAINT suppression_window_point_id_fkey FOREIGN KEY (point_id) REFERENCES public.point(id);

ALTER TABLE ONLY public.test_receiver
    ADD CONSTRAINT test_receiver_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.timer
    ADD CONSTRAINT timer_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.unjudged
    ADD CONSTRAINT unjudged_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id);

ALTER TABLE ONLY public.unjudged
    ADD CONSTRAINT unjudged_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_acknowledged_by_fkey FOREIGN KEY (acknowledged_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.warning_alarm
    ADD CONSTRAINT warning_alarm_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES public.enterprise(id);

ALTER TABLE ONLY public.warning_event
    ADD CONSTRAINT warning_event_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_false_by_fkey FOREIGN KEY (false_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_gateway_id_fkey FOREIGN KEY (gateway_id) REFERENCES public.gateway(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_handled_agency_id_fkey FOREIGN KEY (handled_agency_id) REFERENCES public.agency(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_handled_by_fkey FOREIGN KEY (handled_by) REFERENCES public.account(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES public.warning(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.warning_photo
    ADD CONSTRAINT warning_photo_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.warning_photo
    ADD CONSTRAINT warning_photo_sha256_fkey FOREIGN KEY (sha256) REFERENCES public.stored_file(sha256);

ALTER TABLE ONLY public.warning_photo
    ADD CONSTRAINT warning_photo_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_point_id_fkey FOREIGN KEY (point_id) REFERENCES public.point(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_previous_id_fkey FOREIGN KEY (previous_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.warning_read
    ADD CONSTRAINT warning_read_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.warning_read
    ADD CONSTRAINT warning_read_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES public.warning(id);

ALTER TABLE ONLY public.warning
    ADD CONSTRAINT warning_window_id_fkey FOREIGN KEY (window_id) REFERENCES public.suppression_window(id);

ALTER TABLE public.account ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.account_area ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.account_identity ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.account_setting ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.account_totp ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agency ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agency_area ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agency_detail ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.alarm_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.alarm_day_alarm ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.alarm_day_due ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.alarm_load ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.alarm_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.alarm_target ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.api_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.approval_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_archive ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_chain ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_kind ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_pending ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_root ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.backup ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.backup_timer ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.birth ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cap_level ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.captcha ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.case_kept ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.centre_absence ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.centre_watch ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.certificate ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.code_revocation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.command ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.committee_unit ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.connection_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.connection_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.declared_stop ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.department ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.device ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.device_fault ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.device_period ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.dictionary_entry ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.digest ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enrolment_code ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_application ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_batch ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_batch_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_connection ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_pair ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_removal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_status ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enterprise_watch ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.evidence_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.external_warning ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.file_in_parts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.file_upload ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.file_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gap ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gateway ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_absence ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_boot ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_configuration ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_figures ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gateway_tape ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.handling_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.head_claim ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.hold_task ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.home ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.import_bad_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.import_job ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.industry ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.intermediary ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.known_device ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ladder_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.latest ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ledger ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.level_draft ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.level_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.level_rule_set ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.level_wait ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.live_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.management_finding ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.management_round ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.management_threshold ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.map_object ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.map_shape ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.measurement ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.measurement_packed ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.message ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notice ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notice_file ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notice_receiver ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notice_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notification ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.number_format ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.number_series ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.offline_report ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.oidc_journey ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.operator_positions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.organisation_check ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.output_state ENABLE ROW LEVEL SECURITY;

CREATE POLICY owner_all ON public.account TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.account_area TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.account_identity TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.account_setting TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.account_totp TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.agency TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.agency_area TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.agency_detail TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.alarm_day TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.alarm_day_alarm TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.alarm_day_due TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.alarm_load TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.alarm_state TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.alarm_target TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.api_key TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.approval_rule TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.audit TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.audit_archive TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.audit_chain TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.audit_kind TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.audit_pending TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.audit_root TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.backup TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.backup_timer TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.birth TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.cap_level TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.captcha TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.case_kept TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.centre_absence TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.centre_watch TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.certificate TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.code_revocation TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.command TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.committee_unit TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.connection_day TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.connection_rule TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.declared_stop TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.department TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.device TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.device_fault TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.device_period TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.dictionary_entry TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.digest TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.enrolment_code TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.enterprise TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.enterprise_application TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.enterprise_batch TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.enterprise_batch_row TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.enterprise_connection TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.enterprise_event TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.enterprise_pair TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.enterprise_removal TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.enterprise_status TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.enterprise_watch TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.event TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.evidence_rule TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.external_warning TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.file_in_parts TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.file_upload TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.file_use TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.gap TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.gateway TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.gateway_absence TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.gateway_boot TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.gateway_configuration TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.gateway_figures TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.gateway_state TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.gateway_tape TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.handling_rule TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.head_claim TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.hold_task TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.home TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.import_bad_row TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.import_job TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.industry TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.intermediary TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.known_device TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.ladder_step TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.latest TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.ledger TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.level_draft TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.level_rule TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.level_rule_set TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.level_wait TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.live_event TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.management_finding TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.management_round TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.management_threshold TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.map_object TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.map_shape TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.measurement TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.measurement_packed TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.message TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.notice TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.notice_file TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.notice_receiver TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.notice_rule TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.notification TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.number_format TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.number_series TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.offline_report TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.oidc_journey TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.operator_positions TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.organisation_check TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.output_state TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.packed_day TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.packing_day TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.packing_rule TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.password_history TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.patrol_check TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.patrol_day TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.patrol_finding TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.patrol_loss TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.patrol_pace TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.patrol_round TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.patrol_rule TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.point TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.policy TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.policy_step TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.post TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.proposal TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.quarantine TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.range_conflict TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.record_version TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.recovery TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.recovery_code TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.recovery_request TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.region TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.region_successor TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.relocation TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.relocation_item TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.reminder TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.reminder_rule TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.resource_minimum TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.risk_alert TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.risk_day TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.risk_draft TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.risk_index TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.risk_mark TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.risk_model TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.role TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.role_operation TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.rollup_day TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.rollup_due TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.rollup_hour TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.rollup_minute TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.run_state_grade TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.schema_migration TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.sector TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.session TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.settle_rule TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.sign_in_rule TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.staff TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.stored_file TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.storm_rule TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.stranger_failure TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.stream_cursor TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.stream_epoch TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.suppression_window TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.test_receiver TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.timer TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.tuning_rule TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.unjudged TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.warning TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.warning_alarm TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.warning_event TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.warning_photo TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.warning_read TO fengsui_owner USING (true) WITH CHECK (true);

CREATE POLICY owner_all ON public.window_rule TO fengsui_owner USING (true) WITH CHECK (true);

ALTER TABLE public.packed_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.packing_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.packing_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.password_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_check ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_finding ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_loss ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_pace ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_round ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.patrol_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.point ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.policy ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.policy_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.post ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.proposal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quarantine ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.range_conflict ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.record_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.recovery ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.recovery_code ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.recovery_request ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.region ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.region_successor ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.relocation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.relocation_item ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reminder ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reminder_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.resource_minimum ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.risk_alert ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.risk_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.risk_draft ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.risk_index ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.risk_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.risk_model ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.role ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.role_operation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rollup_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rollup_due ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rollup_hour ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rollup_minute ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.run_state_grade ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.schema_migration ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sector ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.session ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.settle_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sign_in_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.staff ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.stored_file ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.storm_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.stranger_failure ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.stream_cursor ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.stream_epoch ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.suppression_window ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.test_receiver ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.timer ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tuning_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.unjudged ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.warning ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.warning_alarm ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.warning_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.warning_photo ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.warning_read ENABLE ROW LEVEL SECURITY;

CREATE POLICY web_add ON public.account FOR INSERT TO fengsui_web WITH CHECK ((( SELECT public.app_may('account'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_add ON public.account_area FOR INSERT TO fengsui_web WITH CHECK ((( SELECT public.app_may('account'::text) AS app_may) AND (EXISTS ( SELECT 1
   FROM public.account a
  WHERE (a.id = account_area.account_id))) AND (place_prefix >= current_setting('app.place_lo'::text, true)) AND (place_prefix < current_setting('app.place_hi'::text, true)) AND ((place_prefix OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_add ON public.agency FOR INSERT TO fengsui_web WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_add ON public.agency_area FOR INSERT TO fengsui_web WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place_prefix >= current_setting('app.place_lo'::text, true)) AND (place_prefix < current_setting('app.place_hi'::text, true)) AND ((place_prefix OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (EXISTS ( SELECT 1
   FROM public.agency_detail d
  WHERE (d.agency_id = agency_area.agency_id)))));

CREATE POLICY web_add ON public.agency_detail FOR INSERT TO fengsui_web WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_add ON public.code_revocation FOR INSERT TO fengsui_web WITH CHECK ((( SELECT public.app_may('review'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_add ON public.committee_unit FOR INSERT TO fengsui_web WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_add ON public.department FOR INSERT TO fengsui_web WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_add ON public.file_use FOR INSERT TO fengsui_web WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE) AND ((EXISTS ( SELECT 1
   FROM public.file_upload u
  WHERE (u.sha256 = file_use.sha256))) OR public.file_used_at(sha256, place))));

CREATE POLICY web_add ON public.intermediary FOR INSERT TO fengsui_web WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_add ON public.number_format FOR INSERT TO fengsui_web WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_add ON public.organisation_check FOR INSERT TO fengsui_web WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_add ON public.post FOR INSERT TO fengsui_web WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_add ON public.staff FOR INSERT TO fengsui_web WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_change ON public.account FOR UPDATE TO fengsui_web USING ((( SELECT public.app_may('account'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK ((( SELECT public.app_may('account'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_change ON public.agency FOR UPDATE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE))) WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_change ON public.agency_area FOR UPDATE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place_prefix >= current_setting('app.place_lo'::text, true)) AND (place_prefix < current_setting('app.place_hi'::text, true)) AND ((place_prefix OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (EXISTS ( SELECT 1
   FROM public.agency_detail d
  WHERE (d.agency_id = agency_area.agency_id))))) WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place_prefix >= current_setting('app.place_lo'::text, true)) AND (place_prefix < current_setting('app.place_hi'::text, true)) AND ((place_prefix OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (EXISTS ( SELECT 1
   FROM public.agency_detail d
  WHERE (d.agency_id = agency_area.agency_id)))));

CREATE POLICY web_change ON public.agency_detail FOR UPDATE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE))) WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_change ON public.committee_unit FOR UPDATE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE))) WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_change ON public.department FOR UPDATE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_change ON public.intermediary FOR UPDATE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE))) WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_change ON public.number_format FOR UPDATE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE))) WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_change ON public.organisation_check FOR UPDATE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_change ON public.post FOR UPDATE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_change ON public.staff FOR UPDATE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_changes ON public.suppression_window AS RESTRICTIVE FOR UPDATE TO fengsui_web USING (( SELECT public.app_may('window'::text) AS app_may));

CREATE POLICY web_declares ON public.suppression_window AS RESTRICTIVE FOR INSERT TO fengsui_web WITH CHECK (( SELECT public.app_may('window'::text) AS app_may));

CREATE POLICY web_drop ON public.account_area FOR DELETE TO fengsui_web USING ((( SELECT public.app_may('account'::text) AS app_may) AND (EXISTS ( SELECT 1
   FROM public.account a
  WHERE (a.id = account_area.account_id))) AND (place_prefix >= current_setting('app.place_lo'::text, true)) AND (place_prefix < current_setting('app.place_hi'::text, true)) AND ((place_prefix OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_drop ON public.agency FOR DELETE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_drop ON public.agency_area FOR DELETE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place_prefix >= current_setting('app.place_lo'::text, true)) AND (place_prefix < current_setting('app.place_hi'::text, true)) AND ((place_prefix OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (EXISTS ( SELECT 1
   FROM public.agency_detail d
  WHERE (d.agency_id = agency_area.agency_id)))));

CREATE POLICY web_drop ON public.agency_detail FOR DELETE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_drop ON public.committee_unit FOR DELETE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_drop ON public.department FOR DELETE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_drop ON public.intermediary FOR DELETE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_drop ON public.number_format FOR DELETE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_drop ON public.organisation_check FOR DELETE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_drop ON public.post FOR DELETE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_drop ON public.staff FOR DELETE TO fengsui_web USING ((( SELECT public.app_may('organisation'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_enact ON public.level_rule FOR INSERT TO fengsui_web WITH CHECK ((EXISTS ( SELECT 1
   FROM public.level_rule_set s
  WHERE ((s.id = level_rule.set_id) AND (s.region >= current_setting('app.place_lo'::text, true)) AND (s.region < current_setting('app.place_hi'::text, true)) AND COALESCE((s.region <@ (( SELECT NULLIF(current_setting('app.places'::text, true), ''::text) AS "nullif"))::public.place_multirange), true) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text)))));

CREATE POLICY web_enact ON public.level_rule_set FOR INSERT TO fengsui_web WITH CHECK (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text)));

CREATE POLICY web_enact ON public.management_threshold FOR INSERT TO fengsui_web WITH CHECK (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text)));

CREATE POLICY web_enact ON public.patrol_rule FOR INSERT TO fengsui_web WITH CHECK (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text)));

CREATE POLICY web_enact ON public.risk_model FOR INSERT TO fengsui_web WITH CHECK (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text)));

CREATE POLICY web_end ON public.level_rule_set FOR UPDATE TO fengsui_web USING (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text))) WITH CHECK (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text)));

CREATE POLICY web_end ON public.management_threshold FOR UPDATE TO fengsui_web USING (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text))) WITH CHECK (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text)));

CREATE POLICY web_end ON public.patrol_rule FOR UPDATE TO fengsui_web USING (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text))) WITH CHECK (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text)));

CREATE POLICY web_end ON public.risk_model FOR UPDATE TO fengsui_web USING (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text))) WITH CHECK (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text)));

CREATE POLICY web_joined_with_point ON public.measurement FOR SELECT TO fengsui_web USING (true);

CREATE POLICY web_joined_with_point ON public.measurement_packed FOR SELECT TO fengsui_web USING (true);

CREATE POLICY web_joined_with_point ON public.packed_day FOR SELECT TO fengsui_web USING (true);

CREATE POLICY web_joined_with_point ON public.rollup_day FOR SELECT TO fengsui_web USING (true);

CREATE POLICY web_joined_with_point ON public.rollup_due FOR SELECT TO fengsui_web USING (true);

CREATE POLICY web_joined_with_point ON public.rollup_hour FOR SELECT TO fengsui_web USING (true);

CREATE POLICY web_joined_with_point ON public.rollup_minute FOR SELECT TO fengsui_web USING (true);

CREATE POLICY web_known ON public.stored_file FOR SELECT TO fengsui_web USING (((EXISTS ( SELECT 1
   FROM public.file_upload u
  WHERE (u.sha256 = stored_file.sha256))) OR (EXISTS ( SELECT 1
   FROM public.file_use u
  WHERE (u.sha256 = stored_file.sha256)))));

CREATE POLICY web_of_reply ON public.notice_file AS RESTRICTIVE TO fengsui_web USING (((receiver_id IS NULL) OR (EXISTS ( SELECT 1
   FROM public.notice_receiver r
  WHERE (r.id = notice_file.receiver_id)))));

CREATE POLICY web_own ON public.account FOR SELECT TO fengsui_web USING (((id = (NULLIF(current_setting('app.actor'::text, true), ''::text))::integer) OR ((( SELECT public.app_kind() AS app_kind) = 'administrator'::text) AND ( SELECT public.app_may('account'::text) AS app_may))));

CREATE POLICY web_own ON public.account_setting TO fengsui_web USING ((account_id = (NULLIF(current_setting('app.actor'::text, true), ''::text))::integer)) WITH CHECK ((account_id = (NULLIF(current_setting('app.actor'::text, true), ''::text))::integer));

CREATE POLICY web_own ON public.enterprise_batch FOR SELECT TO fengsui_web USING (((made_by = (NULLIF(current_setting('app.actor'::text, true), ''::text))::integer) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_own ON public.enterprise_watch TO fengsui_web USING (((account_id = (NULLIF(current_setting('app.actor'::text, true), ''::text))::integer) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((account_id = (NULLIF(current_setting('app.actor'::text, true), ''::text))::integer) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_own ON public.file_upload FOR SELECT TO fengsui_web USING ((account_id = (NULLIF(current_setting('app.actor'::text, true), ''::text))::integer));

CREATE POLICY web_own ON public.import_job TO fengsui_web USING ((account_id = (NULLIF(current_setting('app.actor'::text, true), ''::text))::integer)) WITH CHECK ((account_id = (NULLIF(current_setting('app.actor'::text, true), ''::text))::integer));

CREATE POLICY web_own ON public.message TO fengsui_web USING (((account_id = (NULLIF(current_setting('app.actor'::text, true), ''::text))::integer) AND ((place = ''::text) OR ((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)))));

CREATE POLICY web_read ON public.agency FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.agency_area FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.alarm_target FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.approval_rule FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.audit FOR SELECT TO fengsui_web USING ((( SELECT public.app_may('audit'::text) AS app_may) OR ((kind = 'system'::text) AND ( SELECT public.app_may('audit-system'::text) AS app_may)) OR ((kind = 'security'::text) AND ( SELECT public.app_may('audit-security'::text) AS app_may)) OR (( SELECT (public.app_may('account'::text) AND (public.app_kind() <> 'administrator'::text))) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE))));

CREATE POLICY web_read ON public.audit_kind FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.cap_level FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.centre_absence FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.connection_rule FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.dictionary_entry FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.enterprise_status FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.evidence_rule FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.handling_rule FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.industry FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.level_rule FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.level_rule_set FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.management_threshold FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.map_shape FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.notice_rule FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.number_format FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.patrol_check FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.patrol_rule FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.policy FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.policy_step FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.region FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.region_successor FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.reminder_rule FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.risk_model FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.role FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.role_operation FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.run_state_grade FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.sector FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.settle_rule FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.storm_rule FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.tuning_rule FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_read ON public.window_rule FOR SELECT TO fengsui_web USING ((COALESCE(current_setting('app.place_hi'::text, true), ''::text) <> ''::text));

CREATE POLICY web_scope ON public.account FOR SELECT TO fengsui_web USING ((( SELECT public.app_may('account'::text) AS app_may) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.account_area FOR SELECT TO fengsui_web USING ((( SELECT public.app_may('account'::text) AS app_may) AND (EXISTS ( SELECT 1
   FROM public.account a
  WHERE (a.id = account_area.account_id)))));

CREATE POLICY web_scope ON public.agency_detail FOR SELECT TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_scope ON public.alarm_day TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.alarm_day_alarm TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.alarm_load TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.alarm_state TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.api_key FOR SELECT TO fengsui_web USING (((account_id = (NULLIF(current_setting('app.actor'::text, true), ''::text))::integer) OR ((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))));

CREATE POLICY web_scope ON public.birth TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.certificate TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.code_revocation FOR SELECT TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.command TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.committee_unit FOR SELECT TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_scope ON public.connection_day TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.declared_stop TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.department FOR SELECT TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.device TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.device_fault TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.device_period TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.digest TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.enrolment_code TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.enterprise TO fengsui_web USING (((removed_at IS NULL) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((removed_at IS NULL) AND (place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.enterprise_application TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.enterprise_batch_row TO fengsui_web USING ((EXISTS ( SELECT 1
   FROM public.enterprise_batch parent
  WHERE (parent.id = enterprise_batch_row.batch_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.enterprise_batch parent
  WHERE (parent.id = enterprise_batch_row.batch_id))));

CREATE POLICY web_scope ON public.enterprise_connection TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.enterprise_event TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.enterprise_pair TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_scope ON public.enterprise_removal TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.event TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.external_warning TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.file_use FOR SELECT TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.gap TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.gateway TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.gateway_absence TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.gateway_boot TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.gateway_configuration TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.gateway_figures TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.gateway_state TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.gateway_tape TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.head_claim TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.import_bad_row TO fengsui_web USING ((EXISTS ( SELECT 1
   FROM public.import_job parent
  WHERE (parent.id = import_bad_row.job_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.import_job parent
  WHERE (parent.id = import_bad_row.job_id))));

CREATE POLICY web_scope ON public.intermediary FOR SELECT TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_scope ON public.ladder_step TO fengsui_web USING ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = ladder_step.warning_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = ladder_step.warning_id))));

CREATE POLICY web_scope ON public.latest TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.ledger TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.level_draft TO fengsui_web USING (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text))) WITH CHECK (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text)));

CREATE POLICY web_scope ON public.level_wait TO fengsui_web USING ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = level_wait.warning_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = level_wait.warning_id))));

CREATE POLICY web_scope ON public.live_event TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.management_finding TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.map_object TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.notice TO fengsui_web USING ((EXISTS ( SELECT 1
   FROM public.notice_receiver parent
  WHERE (parent.notice_id = notice.id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.notice_receiver parent
  WHERE (parent.notice_id = notice.id))));

CREATE POLICY web_scope ON public.notice_file TO fengsui_web USING ((EXISTS ( SELECT 1
   FROM public.notice parent
  WHERE (parent.id = notice_file.notice_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.notice parent
  WHERE (parent.id = notice_file.notice_id))));

CREATE POLICY web_scope ON public.notice_receiver TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.notification TO fengsui_web USING ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = notification.warning_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = notification.warning_id))));

CREATE POLICY web_scope ON public.number_series TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_scope ON public.offline_report TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.operator_positions TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.organisation_check FOR SELECT TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.output_state TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.patrol_day TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.patrol_finding TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.patrol_loss TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.point TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.post FOR SELECT TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.proposal TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.quarantine TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.range_conflict TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.record_version TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.recovery_request TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.relocation TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_scope ON public.relocation_item TO fengsui_web USING ((EXISTS ( SELECT 1
   FROM public.relocation parent
  WHERE (parent.id = relocation_item.relocation_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.relocation parent
  WHERE (parent.id = relocation_item.relocation_id))));

CREATE POLICY web_scope ON public.reminder TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.resource_minimum TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_scope ON public.risk_day TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.risk_draft TO fengsui_web USING (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text))) WITH CHECK (((region >= current_setting('app.place_lo'::text, true)) AND (region < current_setting('app.place_hi'::text, true)) AND ((region OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text)));

CREATE POLICY web_scope ON public.risk_index TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.risk_mark TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE)));

CREATE POLICY web_scope ON public.staff FOR SELECT TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.stream_cursor TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.stream_epoch TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.suppression_window TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.timer TO fengsui_web USING ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = timer.warning_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = timer.warning_id))));

CREATE POLICY web_scope ON public.unjudged TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.warning TO fengsui_web USING (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE))) WITH CHECK (((place >= current_setting('app.place_lo'::text, true)) AND (place < current_setting('app.place_hi'::text, true)) AND ((place OPERATOR(public.<@@) ( SELECT (NULLIF(current_setting('app.places'::text, true), ''::text))::public.place_multirange AS "nullif")) IS NOT FALSE) AND ((sector = ANY ((( SELECT NULLIF(current_setting('app.sectors'::text, true), ''::text) AS "nullif"))::text[])) IS NOT FALSE)));

CREATE POLICY web_scope ON public.warning_alarm TO fengsui_web USING ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = warning_alarm.warning_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = warning_alarm.warning_id))));

CREATE POLICY web_scope ON public.warning_event TO fengsui_web USING ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = warning_event.warning_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = warning_event.warning_id))));

CREATE POLICY web_scope ON public.warning_photo TO fengsui_web USING ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = warning_photo.warning_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = warning_photo.warning_id))));

CREATE POLICY web_scope ON public.warning_read TO fengsui_web USING ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = warning_read.warning_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.warning parent
  WHERE (parent.id = warning_read.warning_id))));

CREATE POLICY web_shared ON public.map_object FOR SELECT TO fengsui_web USING ((shared AND (agency_id = ANY (( SELECT public.agencies_over_me() AS agencies_over_me)::integer[]))));

CREATE POLICY web_supervises ON public.proposal AS RESTRICTIVE TO fengsui_web USING (( SELECT (public.app_may('warn'::text) OR public.app_may('approve'::text))));

CREATE POLICY web_whole ON public.risk_day AS RESTRICTIVE TO fengsui_web USING (((scale <> ALL (ARRAY['area'::text, 'time'::text])) OR (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text)));

CREATE POLICY web_whole ON public.risk_index AS RESTRICTIVE TO fengsui_web USING (((scale <> ALL (ARRAY['area'::text, 'time'::text])) OR (COALESCE(current_setting('app.sectors'::text, true), ''::text) = ''::text)));

CREATE POLICY web_write ON public.audit FOR INSERT TO fengsui_web WITH CHECK ((NOT (actor IS DISTINCT FROM (NULLIF(current_setting('app.actor'::text, true), ''::text))::integer)));

ALTER TABLE public.window_rule ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker_all ON public.account TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.account_area TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.account_identity TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.account_setting TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.account_totp TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.agency TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.agency_area TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.agency_detail TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.alarm_day TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.alarm_day_alarm TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.alarm_day_due TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.alarm_load TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.alarm_state TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.alarm_target TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.api_key TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.approval_rule TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.audit TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.audit_archive TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.audit_chain TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.audit_kind TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.audit_pending TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.audit_root TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.backup TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.backup_timer TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.birth TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.cap_level TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.captcha TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.case_kept TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.centre_absence TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.centre_watch TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.certificate TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.code_revocation TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.command TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.committee_unit TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.connection_day TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.connection_rule TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.declared_stop TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.department TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.device TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.device_fault TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.device_period TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.dictionary_entry TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.digest TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.enrolment_code TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.enterprise TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.enterprise_application TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.enterprise_batch TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.enterprise_batch_row TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.enterprise_connection TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.enterprise_event TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.enterprise_pair TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.enterprise_removal TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.enterprise_status TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.enterprise_watch TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.event TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.evidence_rule TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.external_warning TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.file_in_parts TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.file_upload TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.file_use TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.gap TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.gateway TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.gateway_absence TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.gateway_boot TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.gateway_configuration TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.gateway_figures TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.gateway_state TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.gateway_tape TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.handling_rule TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.head_claim TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.hold_task TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.home TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.import_bad_row TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.import_job TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.industry TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.intermediary TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.known_device TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.ladder_step TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.latest TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.ledger TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.level_draft TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.level_rule TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.level_rule_set TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.level_wait TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.live_event TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.management_finding TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.management_round TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.management_threshold TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.map_object TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.map_shape TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.measurement TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.measurement_packed TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.message TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.notice TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.notice_file TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.notice_receiver TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.notice_rule TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.notification TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.number_format TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.number_series TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.offline_report TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.oidc_journey TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.operator_positions TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.organisation_check TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.output_state TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.packed_day TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.packing_day TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.packing_rule TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.password_history TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.patrol_check TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.patrol_day TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.patrol_finding TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.patrol_loss TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.patrol_pace TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.patrol_round TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.patrol_rule TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.point TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.policy TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.policy_step TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.post TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.proposal TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.quarantine TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.range_conflict TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.record_version TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.recovery TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.recovery_code TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.recovery_request TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.region TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.region_successor TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.relocation TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.relocation_item TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.reminder TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.reminder_rule TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.resource_minimum TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.risk_alert TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.risk_day TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.risk_draft TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.risk_index TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.risk_mark TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.risk_model TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.role TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.role_operation TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.rollup_day TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.rollup_due TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.rollup_hour TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.rollup_minute TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.run_state_grade TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.schema_migration TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.sector TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.session TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.settle_rule TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.sign_in_rule TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.staff TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.stored_file TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.storm_rule TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.stranger_failure TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.stream_cursor TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.stream_epoch TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.suppression_window TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.test_receiver TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.timer TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.tuning_rule TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.unjudged TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.warning TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.warning_alarm TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.warning_event TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.warning_photo TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.warning_read TO fengsui_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_all ON public.window_rule TO fengsui_worker USING (true) WITH CHECK (true);

GRANT ALL ON SCHEMA public TO fengsui_owner;

REVOKE ALL ON FUNCTION public.account_off_ends_sessions() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.account_place(account_number integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.account_place(account_number integer) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.account_role_has_its_place() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.account_sits() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.account_sits_with_its_areas() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.agencies_over_me() FROM PUBLIC;
GRANT ALL ON FUNCTION public.agencies_over_me() TO fengsui_web;
GRANT ALL ON FUNCTION public.agencies_over_me() TO fengsui_worker;

REVOKE ALL ON FUNCTION public.agency_has_detail() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.agency_sits() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.agency_sits_at_its_area() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.alarm_days_told() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.app_kind() FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_kind() TO fengsui_web;
GRANT ALL ON FUNCTION public.app_kind() TO fengsui_worker;

REVOKE ALL ON FUNCTION public.app_may(word text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_may(word text) TO fengsui_web;
GRANT ALL ON FUNCTION public.app_may(word text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.area_holds(area text, place text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.area_holds(area text, place text) TO fengsui_web;
GRANT ALL ON FUNCTION public.area_holds(area text, place text) TO fengsui_worker;

GRANT SELECT,INSERT ON TABLE public.audit TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.audit TO fengsui_web;

REVOKE ALL ON FUNCTION public.audit_digest(prev bytea, entry public.audit) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.audit_fill() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.audit_is_append_only() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.audit_queue() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.audit_row() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.audit_seal(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.audit_seal(most integer) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.audit_table(t regclass, key_column text, VARIADIC hidden text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.audit_text(entry public.audit) FROM PUBLIC;
GRANT ALL ON FUNCTION public.audit_text(entry public.audit) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.audit_to_archive(through bigint, through_hash bytea, file_name text, file_sha256 bytea, keep_days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.audit_to_archive(through bigint, through_hash bytea, file_name text, file_sha256 bytea, keep_days integer) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.begin_packing(of_day date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.begin_packing(of_day date) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.belongings_follow() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.cases_follow_agency() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.code_revocations_follow() FROM PUBLIC;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.connection_rule TO fengsui_worker;
GRANT SELECT ON TABLE public.connection_rule TO fengsui_web;

REVOKE ALL ON FUNCTION public.connection_rule_of(at_place text, moment timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.connection_rule_of(at_place text, moment timestamp with time zone) TO fengsui_web;
GRANT ALL ON FUNCTION public.connection_rule_of(at_place text, moment timestamp with time zone) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.day_of(text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.day_of(text) TO fengsui_web;
GRANT ALL ON FUNCTION public.day_of(text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.dead_changed() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.digests_follow() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.ensure_measurement_day(day date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ensure_measurement_day(day date) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.enterprise_code_for(of_credit_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.enterprise_code_for(of_credit_code text) TO fengsui_web;
GRANT ALL ON FUNCTION public.enterprise_code_for(of_credit_code text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.enterprise_event_told() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.enterprise_lives() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.enterprise_on_map() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.enterprise_place() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.enterprise_sector_follows() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.field_day(payload jsonb, field text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.field_day(payload jsonb, field text) TO fengsui_web;
GRANT ALL ON FUNCTION public.field_day(payload jsonb, field text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.field_edge(payload jsonb, field text, part text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.field_edge(payload jsonb, field text, part text) TO fengsui_web;
GRANT ALL ON FUNCTION public.field_edge(payload jsonb, field text, part text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.field_number(payload jsonb, field text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.field_number(payload jsonb, field text) TO fengsui_web;
GRANT ALL ON FUNCTION public.field_number(payload jsonb, field text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.field_part(payload jsonb, field text, part text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.field_part(payload jsonb, field text, part text) TO fengsui_web;
GRANT ALL ON FUNCTION public.field_part(payload jsonb, field text, part text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.field_parts(payload jsonb, field text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.field_parts(payload jsonb, field text) TO fengsui_web;
GRANT ALL ON FUNCTION public.field_parts(payload jsonb, field text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.field_text(payload jsonb, field text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.field_text(payload jsonb, field text) TO fengsui_web;
GRANT ALL ON FUNCTION public.field_text(payload jsonb, field text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.field_whole(payload jsonb, field text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.field_whole(payload jsonb, field text) TO fengsui_web;
GRANT ALL ON FUNCTION public.field_whole(payload jsonb, field text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.field_yes(payload jsonb, field text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.field_yes(payload jsonb, field text) TO fengsui_web;
GRANT ALL ON FUNCTION public.field_yes(payload jsonb, field text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.file_used_at(file text, at_place text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.file_used_at(file text, at_place text) TO fengsui_web;
GRANT ALL ON FUNCTION public.file_used_at(file text, at_place text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.file_uses_follow() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.finish_packing(of_day date, moment timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.finish_packing(of_day date, moment timestamp with time zone) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.gateway_heard_on_map() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.gateway_is_device() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.gateway_on_map() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.has_sector(t regclass) FROM PUBLIC;
GRANT ALL ON FUNCTION public.has_sector(t regclass) TO fengsui_web;
GRANT ALL ON FUNCTION public.has_sector(t regclass) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.is_silent(gateway text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.kept_by_me(case_id uuid) FROM PUBLIC;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notification TO fengsui_worker;
GRANT SELECT,UPDATE ON TABLE public.notification TO fengsui_web;

REVOKE ALL ON FUNCTION public.kept_calls(case_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.kept_calls(case_id uuid) TO fengsui_web;
GRANT ALL ON FUNCTION public.kept_calls(case_id uuid) TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.warning TO fengsui_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.warning TO fengsui_web;

REVOKE ALL ON FUNCTION public.kept_cases(case_id uuid, before timestamp with time zone, before_id uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.kept_cases(case_id uuid, before timestamp with time zone, before_id uuid, most integer) TO fengsui_web;
GRANT ALL ON FUNCTION public.kept_cases(case_id uuid, before timestamp with time zone, before_id uuid, most integer) TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ladder_step TO fengsui_worker;
GRANT SELECT ON TABLE public.ladder_step TO fengsui_web;

REVOKE ALL ON FUNCTION public.kept_rungs(case_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.kept_rungs(case_id uuid) TO fengsui_web;
GRANT ALL ON FUNCTION public.kept_rungs(case_id uuid) TO fengsui_worker;

GRANT SELECT,INSERT ON TABLE public.warning_event TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.warning_event TO fengsui_web;

REVOKE ALL ON FUNCTION public.kept_story(case_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.kept_story(case_id uuid) TO fengsui_web;
GRANT ALL ON FUNCTION public.kept_story(case_id uuid) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.level_wait_of_alarm() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.level_wait_of_case() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.live_event_sector() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.live_event_told() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.map_x(longitude double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION public.map_x(longitude double precision) TO fengsui_web;
GRANT ALL ON FUNCTION public.map_x(longitude double precision) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.map_y(latitude double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION public.map_y(latitude double precision) TO fengsui_web;
GRANT ALL ON FUNCTION public.map_y(latitude double precision) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.message_of_call() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.minimums_follow_agency() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.notices_follow_agency() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.office_table(t regclass, word text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.open_table(t regclass) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.outbox_wake() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.pairs(words text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.pairs(words text) TO fengsui_web;
GRANT ALL ON FUNCTION public.pairs(words text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.place_from() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.place_of_agency() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.place_of_case() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.place_of_enterprise() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.place_of_gateway() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.place_of_minimum() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.place_of_owner() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.placed_rows(has_index boolean, by_gateway boolean, by_enterprise boolean, by_point boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.placed_rows(has_index boolean, by_gateway boolean, by_enterprise boolean, by_point boolean) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.placed_tables() FROM PUBLIC;
GRANT ALL ON FUNCTION public.placed_tables() TO fengsui_worker;

REVOKE ALL ON FUNCTION public.protect_table(t regclass) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.put_on_map(on_layer text, its_ref text, of_enterprise integer, of_agency integer, at_place text, of_sector text, is_shared boolean, called text, hazard smallint, east double precision, north double precision) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.record_on_map() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.records_follow_agency() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.references_follow(job integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.references_follow(job integer) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.region_today(old text, today date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.region_today(old text, today date) TO fengsui_web;
GRANT ALL ON FUNCTION public.region_today(old text, today date) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.register_on_map(t regclass, layer text, shared boolean, way text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.register_table(t regclass, shared boolean, VARIADIC derived text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.relocate_enterprise(job integer, enterprise_id integer, to_region text, to_agency integer, to_sector text, now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.relocate_enterprise(job integer, enterprise_id integer, to_region text, to_agency integer, to_sector text, now timestamp with time zone) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.relocation_wake() FROM PUBLIC;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reminder_rule TO fengsui_worker;
GRANT SELECT ON TABLE public.reminder_rule TO fengsui_web;

REVOKE ALL ON FUNCTION public.reminder_rule_of(of_register text, of_cause text, at_place text, moment timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reminder_rule_of(of_register text, of_cause text, at_place text, moment timestamp with time zone) TO fengsui_web;
GRANT ALL ON FUNCTION public.reminder_rule_of(of_register text, of_cause text, at_place text, moment timestamp with time zone) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.revoked_codes(of_register text, record_ids bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.revoked_codes(of_register text, record_ids bigint[]) TO fengsui_web;
GRANT ALL ON FUNCTION public.revoked_codes(of_register text, record_ids bigint[]) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.risk_mark_model() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.risk_mark_records() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.risk_mark_row() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.rows_follow(enterprise integer, old_place text, new_place text, new_sector text, only_in text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rows_follow(enterprise integer, old_place text, new_place text, new_sector text, only_in text[]) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.rows_that_follow(enterprise integer, at_place text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rows_that_follow(enterprise integer, at_place text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.scope_child_table(t regclass, parent regclass, child_column text, parent_column text, web_rights text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.scope_policy(place_column text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.scope_policy(place_column text, sector_column text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.scope_table(t regclass, web_rights text, place_column text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.search_register(register text, wanted text, narrowed jsonb, sorted text, turned boolean, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.search_register(register text, wanted text, narrowed jsonb, sorted text, turned boolean, most integer) TO fengsui_web;
GRANT ALL ON FUNCTION public.search_register(register text, wanted text, narrowed jsonb, sorted text, turned boolean, most integer) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.sector_of_place() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.seen_seconds(lo timestamp with time zone, hi timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.seen_seconds(lo timestamp with time zone, hi timestamp with time zone) TO fengsui_web;
GRANT ALL ON FUNCTION public.seen_seconds(lo timestamp with time zone, hi timestamp with time zone) TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.storm_rule TO fengsui_worker;
GRANT SELECT ON TABLE public.storm_rule TO fengsui_web;

REVOKE ALL ON FUNCTION public.storm_rule_of(at_place text, moment timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.storm_rule_of(at_place text, moment timestamp with time zone) TO fengsui_web;
GRANT ALL ON FUNCTION public.storm_rule_of(at_place text, moment timestamp with time zone) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.summarise_measurement_day(day date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.summarise_measurement_day(day date) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.tell_account(to_account integer, about text, of_kind text, in_short text, in_full text, page text, at_place text, of_sector text, moment timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.tell_account(to_account integer, about text, of_kind text, in_short text, in_full text, page text, at_place text, of_sector text, moment timestamp with time zone) TO fengsui_web;
GRANT ALL ON FUNCTION public.tell_account(to_account integer, about text, of_kind text, in_short text, in_full text, page text, at_place text, of_sector text, moment timestamp with time zone) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.tell_watchers(of_enterprise integer, about text, in_short text, in_full text, moment timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.tell_watchers(of_enterprise integer, about text, in_short text, in_full text, moment timestamp with time zone) TO fengsui_web;
GRANT ALL ON FUNCTION public.tell_watchers(of_enterprise integer, about text, in_short text, in_full text, moment timestamp with time zone) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.timer_wake() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.title_pairs(title text, initials text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.title_pairs(title text, initials text) TO fengsui_web;
GRANT ALL ON FUNCTION public.title_pairs(title text, initials text) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.trust_changed() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.urgency_of(kind text, level smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.urgency_of(kind text, level smallint) TO fengsui_web;
GRANT ALL ON FUNCTION public.urgency_of(kind text, level smallint) TO fengsui_worker;

REVOKE ALL ON FUNCTION public.window_changed() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.worker_table(t regclass) FROM PUBLIC;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account TO fengsui_worker;

GRANT SELECT(id) ON TABLE public.account TO fengsui_web;

GRANT SELECT(login),INSERT(login) ON TABLE public.account TO fengsui_web;

GRANT INSERT(password_hash) ON TABLE public.account TO fengsui_web;

GRANT SELECT(display_name),INSERT(display_name),UPDATE(display_name) ON TABLE public.account TO fengsui_web;

GRANT SELECT(role),INSERT(role),UPDATE(role) ON TABLE public.account TO fengsui_web;

GRANT SELECT(agency_id),INSERT(agency_id),UPDATE(agency_id) ON TABLE public.account TO fengsui_web;

GRANT SELECT(enterprise_id),INSERT(enterprise_id),UPDATE(enterprise_id) ON TABLE public.account TO fengsui_web;

GRANT SELECT(phone),INSERT(phone),UPDATE(phone) ON TABLE public.account TO fengsui_web;

GRANT SELECT(phone_verified_at),INSERT(phone_verified_at),UPDATE(phone_verified_at) ON TABLE public.account TO fengsui_web;

GRANT SELECT(on_call),INSERT(on_call),UPDATE(on_call) ON TABLE public.account TO fengsui_web;

GRANT SELECT(active),INSERT(active),UPDATE(active) ON TABLE public.account TO fengsui_web;

GRANT UPDATE(failures) ON TABLE public.account TO fengsui_web;

GRANT SELECT(locked_until),UPDATE(locked_until) ON TABLE public.account TO fengsui_web;

GRANT SELECT(password_changed_at) ON TABLE public.account TO fengsui_web;

GRANT SELECT(created_at) ON TABLE public.account TO fengsui_web;

GRANT SELECT(committee_unit_id),INSERT(committee_unit_id),UPDATE(committee_unit_id) ON TABLE public.account TO fengsui_web;

GRANT SELECT(intermediary_id),INSERT(intermediary_id),UPDATE(intermediary_id) ON TABLE public.account TO fengsui_web;

GRANT SELECT(review),INSERT(review),UPDATE(review) ON TABLE public.account TO fengsui_web;

GRANT SELECT(review_opinion),UPDATE(review_opinion) ON TABLE public.account TO fengsui_web;

GRANT SELECT(reviewed_by),UPDATE(reviewed_by) ON TABLE public.account TO fengsui_web;

GRANT SELECT(reviewed_at),UPDATE(reviewed_at) ON TABLE public.account TO fengsui_web;

GRANT SELECT(removed_at),UPDATE(removed_at) ON TABLE public.account TO fengsui_web;

GRANT SELECT(place) ON TABLE public.account TO fengsui_web;

GRANT SELECT(sector) ON TABLE public.account TO fengsui_web;

GRANT SELECT(version),UPDATE(version) ON TABLE public.account TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_area TO fengsui_worker;
GRANT SELECT,INSERT,DELETE ON TABLE public.account_area TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_identity TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_setting TO fengsui_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.account_setting TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_totp TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agency TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agency TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agency_area TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agency_area TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agency_detail TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agency_detail TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.alarm_day TO fengsui_worker;
GRANT SELECT ON TABLE public.alarm_day TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.alarm_day_alarm TO fengsui_worker;
GRANT SELECT ON TABLE public.alarm_day_alarm TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.alarm_day_due TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.alarm_load TO fengsui_worker;
GRANT SELECT ON TABLE public.alarm_load TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.alarm_state TO fengsui_worker;
GRANT SELECT ON TABLE public.alarm_state TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.alarm_target TO fengsui_worker;
GRANT SELECT ON TABLE public.alarm_target TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_key TO fengsui_worker;

GRANT SELECT(id) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(prefix) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(account_id) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(place) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(sector) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(name) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(areas) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(sectors) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(operations) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(created_at) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(expires_at) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(last_used_at) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(last_address) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(revoked_at) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT(revoked_why) ON TABLE public.api_key TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.approval_rule TO fengsui_worker;
GRANT SELECT ON TABLE public.approval_rule TO fengsui_web;

GRANT SELECT ON TABLE public.audit_archive TO fengsui_worker;

GRANT SELECT ON TABLE public.audit_chain TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.audit_kind TO fengsui_worker;
GRANT SELECT ON TABLE public.audit_kind TO fengsui_web;

GRANT SELECT ON TABLE public.audit_pending TO fengsui_worker;

GRANT SELECT,INSERT ON TABLE public.audit_root TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.backup TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.backup_timer TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.birth TO fengsui_worker;
GRANT SELECT ON TABLE public.birth TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.cap_level TO fengsui_worker;
GRANT SELECT ON TABLE public.cap_level TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.captcha TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.case_kept TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.centre_absence TO fengsui_worker;
GRANT SELECT ON TABLE public.centre_absence TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.centre_watch TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.certificate TO fengsui_worker;
GRANT SELECT ON TABLE public.certificate TO fengsui_web;

GRANT UPDATE(revoked_at) ON TABLE public.certificate TO fengsui_web;

GRANT UPDATE(revoked_by) ON TABLE public.certificate TO fengsui_web;

GRANT UPDATE(revoked_why) ON TABLE public.certificate TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.code_revocation TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.code_revocation TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.command TO fengsui_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.command TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.committee_unit TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.committee_unit TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.connection_day TO fengsui_worker;
GRANT SELECT ON TABLE public.connection_day TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.declared_stop TO fengsui_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.declared_stop TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.department TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.department TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.device TO fengsui_worker;
GRANT SELECT,UPDATE ON TABLE public.device TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.device_fault TO fengsui_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.device_fault TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.device_period TO fengsui_worker;
GRANT SELECT ON TABLE public.device_period TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.dictionary_entry TO fengsui_worker;
GRANT SELECT ON TABLE public.dictionary_entry TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.digest TO fengsui_worker;
GRANT SELECT ON TABLE public.digest TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enrolment_code TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.enrolment_code TO fengsui_web;

GRANT UPDATE(withdrawn_at) ON TABLE public.enrolment_code TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enterprise TO fengsui_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.enterprise TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enterprise_application TO fengsui_worker;
GRANT SELECT ON TABLE public.enterprise_application TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enterprise_batch TO fengsui_worker;
GRANT SELECT ON TABLE public.enterprise_batch TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enterprise_batch_row TO fengsui_worker;
GRANT SELECT ON TABLE public.enterprise_batch_row TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enterprise_connection TO fengsui_worker;
GRANT SELECT ON TABLE public.enterprise_connection TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enterprise_event TO fengsui_worker;
GRANT SELECT ON TABLE public.enterprise_event TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enterprise_pair TO fengsui_worker;
GRANT SELECT,INSERT,DELETE ON TABLE public.enterprise_pair TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enterprise_removal TO fengsui_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.enterprise_removal TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enterprise_status TO fengsui_worker;
GRANT SELECT ON TABLE public.enterprise_status TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enterprise_watch TO fengsui_worker;
GRANT SELECT,INSERT,DELETE ON TABLE public.enterprise_watch TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.event TO fengsui_worker;
GRANT SELECT ON TABLE public.event TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.evidence_rule TO fengsui_worker;
GRANT SELECT ON TABLE public.evidence_rule TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.external_warning TO fengsui_worker;
GRANT SELECT ON TABLE public.external_warning TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.file_in_parts TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.file_upload TO fengsui_worker;
GRANT SELECT ON TABLE public.file_upload TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.file_use TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.file_use TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.gap TO fengsui_worker;
GRANT SELECT ON TABLE public.gap TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.gateway TO fengsui_worker;
GRANT SELECT ON TABLE public.gateway TO fengsui_web;

GRANT UPDATE(revoked_at) ON TABLE public.gateway TO fengsui_web;

GRANT UPDATE(revoked_by) ON TABLE public.gateway TO fengsui_web;

GRANT UPDATE(revoked_why) ON TABLE public.gateway TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.gateway_absence TO fengsui_worker;
GRANT SELECT ON TABLE public.gateway_absence TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.gateway_boot TO fengsui_worker;
GRANT SELECT ON TABLE public.gateway_boot TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.gateway_configuration TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.gateway_configuration TO fengsui_web;

GRANT UPDATE(state) ON TABLE public.gateway_configuration TO fengsui_web;

GRANT UPDATE(detail) ON TABLE public.gateway_configuration TO fengsui_web;

GRANT UPDATE(changed_at) ON TABLE public.gateway_configuration TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.gateway_figures TO fengsui_worker;
GRANT SELECT ON TABLE public.gateway_figures TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.gateway_state TO fengsui_worker;
GRANT SELECT ON TABLE public.gateway_state TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.gateway_tape TO fengsui_worker;
GRANT SELECT,INSERT,DELETE ON TABLE public.gateway_tape TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.handling_rule TO fengsui_worker;
GRANT SELECT ON TABLE public.handling_rule TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.head_claim TO fengsui_worker;
GRANT SELECT ON TABLE public.head_claim TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.hold_task TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.home TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import_bad_row TO fengsui_worker;
GRANT SELECT,INSERT,DELETE ON TABLE public.import_bad_row TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import_job TO fengsui_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.import_job TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.industry TO fengsui_worker;
GRANT SELECT ON TABLE public.industry TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.intermediary TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.intermediary TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.known_device TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.latest TO fengsui_worker;
GRANT SELECT ON TABLE public.latest TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ledger TO fengsui_worker;
GRANT SELECT ON TABLE public.ledger TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.level_draft TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.level_draft TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.level_rule TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.level_rule TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.level_rule_set TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.level_rule_set TO fengsui_web;

GRANT UPDATE(valid_to) ON TABLE public.level_rule_set TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.level_wait TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.level_wait TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.live_event TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.live_event TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.management_finding TO fengsui_worker;
GRANT SELECT ON TABLE public.management_finding TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.management_round TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.management_threshold TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.management_threshold TO fengsui_web;

GRANT UPDATE(valid_to) ON TABLE public.management_threshold TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.map_object TO fengsui_worker;
GRANT SELECT ON TABLE public.map_object TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.map_shape TO fengsui_worker;
GRANT SELECT ON TABLE public.map_shape TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.measurement TO fengsui_worker;
GRANT SELECT ON TABLE public.measurement TO fengsui_web;

GRANT SELECT,INSERT,DELETE ON TABLE public.measurement_default TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.measurement_packed TO fengsui_worker;
GRANT SELECT ON TABLE public.measurement_packed TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.message TO fengsui_worker;
GRANT SELECT ON TABLE public.message TO fengsui_web;

GRANT UPDATE(read_at) ON TABLE public.message TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notice TO fengsui_worker;
GRANT SELECT ON TABLE public.notice TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notice_file TO fengsui_worker;
GRANT SELECT ON TABLE public.notice_file TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notice_receiver TO fengsui_worker;
GRANT SELECT ON TABLE public.notice_receiver TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notice_rule TO fengsui_worker;
GRANT SELECT ON TABLE public.notice_rule TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.number_format TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.number_format TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.number_series TO fengsui_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.number_series TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.offline_report TO fengsui_worker;
GRANT SELECT ON TABLE public.offline_report TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.oidc_journey TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.operator_positions TO fengsui_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.operator_positions TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.organisation_check TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.organisation_check TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.output_state TO fengsui_worker;
GRANT SELECT ON TABLE public.output_state TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.packed_day TO fengsui_worker;
GRANT SELECT ON TABLE public.packed_day TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.packing_day TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.packing_rule TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.password_history TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.patrol_check TO fengsui_worker;
GRANT SELECT ON TABLE public.patrol_check TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.patrol_day TO fengsui_worker;
GRANT SELECT ON TABLE public.patrol_day TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.patrol_finding TO fengsui_worker;
GRANT SELECT ON TABLE public.patrol_finding TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.patrol_loss TO fengsui_worker;
GRANT SELECT ON TABLE public.patrol_loss TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.patrol_pace TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.patrol_round TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.patrol_rule TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.patrol_rule TO fengsui_web;

GRANT UPDATE(valid_to) ON TABLE public.patrol_rule TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.point TO fengsui_worker;
GRANT SELECT ON TABLE public.point TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.policy TO fengsui_worker;
GRANT SELECT ON TABLE public.policy TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.policy_step TO fengsui_worker;
GRANT SELECT ON TABLE public.policy_step TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.post TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.post TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.proposal TO fengsui_worker;
GRANT SELECT ON TABLE public.proposal TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quarantine TO fengsui_worker;
GRANT SELECT ON TABLE public.quarantine TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.range_conflict TO fengsui_worker;
GRANT SELECT ON TABLE public.range_conflict TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.record_version TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.record_version TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recovery TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recovery_code TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recovery_request TO fengsui_worker;
GRANT SELECT ON TABLE public.recovery_request TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.region TO fengsui_worker;
GRANT SELECT ON TABLE public.region TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.region_successor TO fengsui_worker;
GRANT SELECT ON TABLE public.region_successor TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.relocation TO fengsui_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.relocation TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.relocation_item TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.relocation_item TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reminder TO fengsui_worker;
GRANT SELECT ON TABLE public.reminder TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.resource_minimum TO fengsui_worker;
GRANT SELECT ON TABLE public.resource_minimum TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.risk_alert TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.risk_day TO fengsui_worker;
GRANT SELECT ON TABLE public.risk_day TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.risk_draft TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.risk_draft TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.risk_index TO fengsui_worker;
GRANT SELECT ON TABLE public.risk_index TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.risk_mark TO fengsui_worker;
GRANT SELECT ON TABLE public.risk_mark TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.risk_model TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.risk_model TO fengsui_web;

GRANT UPDATE(valid_to) ON TABLE public.risk_model TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.role TO fengsui_worker;
GRANT SELECT ON TABLE public.role TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.role_operation TO fengsui_worker;
GRANT SELECT ON TABLE public.role_operation TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rollup_day TO fengsui_worker;
GRANT SELECT ON TABLE public.rollup_day TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rollup_due TO fengsui_worker;
GRANT SELECT ON TABLE public.rollup_due TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rollup_hour TO fengsui_worker;
GRANT SELECT ON TABLE public.rollup_hour TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rollup_minute TO fengsui_worker;
GRANT SELECT ON TABLE public.rollup_minute TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.run_state_grade TO fengsui_worker;
GRANT SELECT ON TABLE public.run_state_grade TO fengsui_web;

GRANT SELECT ON TABLE public.schema_migration TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sector TO fengsui_worker;
GRANT SELECT ON TABLE public.sector TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.session TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.settle_rule TO fengsui_worker;
GRANT SELECT ON TABLE public.settle_rule TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sign_in_rule TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.stored_file TO fengsui_worker;
GRANT SELECT ON TABLE public.stored_file TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.stranger_failure TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.stream_cursor TO fengsui_worker;
GRANT SELECT ON TABLE public.stream_cursor TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.stream_epoch TO fengsui_worker;
GRANT SELECT ON TABLE public.stream_epoch TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.suppression_window TO fengsui_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.suppression_window TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.test_receiver TO fengsui_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.timer TO fengsui_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.timer TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tuning_rule TO fengsui_worker;
GRANT SELECT ON TABLE public.tuning_rule TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.unjudged TO fengsui_worker;
GRANT SELECT ON TABLE public.unjudged TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.warning_alarm TO fengsui_worker;
GRANT SELECT,UPDATE ON TABLE public.warning_alarm TO fengsui_web;

GRANT SELECT,INSERT ON TABLE public.warning_photo TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.warning_photo TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.warning_read TO fengsui_worker;
GRANT SELECT,INSERT ON TABLE public.warning_read TO fengsui_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.window_rule TO fengsui_worker;
GRANT SELECT ON TABLE public.window_rule TO fengsui_web;

ALTER DEFAULT PRIVILEGES FOR ROLE fengsui_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
