-- History from seconds to years: what stood in a minute, an hour and a day at each point, and what of it is to be
-- reckoned anew. Days begin at midnight of Asia/Shanghai.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- Good values of one stretch: lowest, highest, sum and number; `bad` counts those that were not good. A sum, since two
-- averages have none of their own. A row exists where a value was stored, good or bad.
CREATE TABLE rollup_minute (
  at timestamptz NOT NULL,
  min double precision,
  max double precision,
  total double precision NOT NULL,
  point_id int NOT NULL,
  count int NOT NULL,
  bad int NOT NULL,
  PRIMARY KEY (point_id, at)
);
CREATE TABLE rollup_hour (LIKE rollup_minute INCLUDING ALL);
CREATE TABLE rollup_day (LIKE rollup_minute INCLUDING ALL);

-- What is to be reckoned anew: 0 minutes, from the rows; 1 an hour, from its minutes; 2 a day, from its hours. Ingest
-- writes level 0 with the rows themselves, so that no row is ever stored whose minute nobody reckons. A stretch lies
-- within ten minutes (0), an hour (1), a day (2); readers take what lies below until it is done.
CREATE TABLE rollup_due (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL,
  gateway int NOT NULL,
  level smallint NOT NULL CHECK (level BETWEEN 0 AND 2),
  CONSTRAINT rollup_due_stretch CHECK (from_at < to_at)
);
CREATE INDEX rollup_due_next ON rollup_due (level, from_at);
CREATE INDEX rollup_due_gateway ON rollup_due (gateway, from_at);

-- As with `measurement`, requests join `point`, whose policy decides; what is due says nothing but times.
SELECT protect_table('rollup_minute'), protect_table('rollup_hour'), protect_table('rollup_day'),
       protect_table('rollup_due');
CREATE POLICY web_joined_with_point ON rollup_minute FOR SELECT TO fengsui_web USING (true);
CREATE POLICY web_joined_with_point ON rollup_hour FOR SELECT TO fengsui_web USING (true);
CREATE POLICY web_joined_with_point ON rollup_day FOR SELECT TO fengsui_web USING (true);
CREATE POLICY web_joined_with_point ON rollup_due FOR SELECT TO fengsui_web USING (true);
GRANT SELECT ON rollup_minute, rollup_hour, rollup_day, rollup_due TO fengsui_web;

-- Everything stored until today is reckoned once, ten minutes after ten minutes.
INSERT INTO rollup_due (level, gateway, from_at, to_at)
SELECT DISTINCT 0, g.number, s.at, s.at + interval '10 minutes'
FROM gateway AS g
CROSS JOIN (
  SELECT to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC' AS day
  FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'measurement'::regclass AND c.relname ~ '^measurement_[0-9]{8}$') AS d
CROSS JOIN LATERAL generate_series(d.day, d.day + interval '23 hours 50 minutes', interval '10 minutes') AS s (at)
WHERE EXISTS (SELECT FROM ledger AS l WHERE l.gateway_id = g.id AND l.stream = 2) AND s.at < now();
INSERT INTO rollup_due (level, gateway, from_at, to_at)
SELECT DISTINCT 0, m.gateway, date_bin('10 minutes', m.at, 'epoch'),
       date_bin('10 minutes', m.at, 'epoch') + interval '10 minutes'
FROM measurement_default AS m;

-- What an instrument said around a trend is found by its point.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX event_point_at ON event (point_id, at DESC) WHERE point_id IS NOT NULL;

-- --- packed days -----------------------------------------------------------------------------------------

-- After so many whole days a day's rows are packed; nothing is left out, and late rows of it are packed again later.
CREATE TABLE packing_rule (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  after_days int NOT NULL CHECK (after_days BETWEEN 2 AND 390),
  source text NOT NULL,
  valid_from timestamptz NOT NULL
);
INSERT INTO packing_rule (after_days, source, valid_from) VALUES (3, '本项目建议值，无标准依据', '2020-01-01');

-- A day whose rows lie packed up to a generation; bodies of a later one belong to a packing that never ended.
CREATE TABLE packed_day (
  day date PRIMARY KEY,
  generation int NOT NULL,
  rows bigint NOT NULL,
  packed_at timestamptz NOT NULL
);

-- A day that is being packed. `late`: ingest stored another row of it meanwhile, so it must be packed anew.
CREATE TABLE packing_day (
  day date PRIMARY KEY,
  generation int NOT NULL,
  late boolean NOT NULL DEFAULT false
);

-- Up to twenty thousand rows of one point and UTC day (central/telemetry/packing.py says how they lie).
CREATE TABLE measurement_packed (
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL,
  point_id int NOT NULL,
  day date NOT NULL,
  generation int NOT NULL,
  part int NOT NULL,
  rows int NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (point_id, day, generation, part)
);
ALTER TABLE measurement_packed ALTER COLUMN body SET STORAGE EXTERNAL;

SELECT worker_table('packing_rule'), worker_table('packing_day');
SELECT protect_table('packed_day'), protect_table('measurement_packed');
CREATE POLICY web_joined_with_point ON packed_day FOR SELECT TO fengsui_web USING (true);
CREATE POLICY web_joined_with_point ON measurement_packed FOR SELECT TO fengsui_web USING (true);
GRANT SELECT ON packed_day, measurement_packed TO fengsui_web;

-- Begin: whoever writes into the day has ended when this has its lock, and whoever comes later says so (`late`).
CREATE FUNCTION begin_packing(of_day date) RETURNS int LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
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

-- End: the packed rows take the place of the partition in one transaction, if they are as many and none came late.
-- False: some came. Readers go on until the partition goes; only who writes into this very day waits.
CREATE FUNCTION finish_packing(of_day date, moment timestamptz) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
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
REVOKE EXECUTE ON FUNCTION begin_packing(date), finish_packing(date, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_packing(date), finish_packing(date, timestamptz) TO fengsui_worker;
