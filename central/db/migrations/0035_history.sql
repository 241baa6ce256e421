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
