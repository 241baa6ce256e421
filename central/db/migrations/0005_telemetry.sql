-- What gateways saw: streams and how far they are committed, the ledger that proves it, events, measurements.
-- Keeps law-never-lose 5, 6, 9, 10, 14. Stream 1 is `event`, 2 is `measurement`.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- An epoch is one opening of a gateway's spool, known from births. `ordinal` orders the epochs of one gateway;
-- `held` says whether its current birth still lists the epoch (only those can still be waited for), `event_head`
-- up to which event number that birth says that it holds: a damaged or rolled back card holds less than it claimed.
CREATE TABLE stream_epoch (
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  epoch bigint NOT NULL,
  place text COLLATE "C" NOT NULL,
  ordinal int NOT NULL,
  follows bigint NOT NULL,
  held boolean NOT NULL,
  event_head bigint NOT NULL DEFAULT 0,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (gateway_id, epoch),
  CONSTRAINT stream_epoch_ordinal_key UNIQUE (gateway_id, ordinal)
);

-- How far a gateway ever said, signed, that a stream reaches durably; what is not covered up to here is missing.
CREATE TABLE head_claim (
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  stream smallint NOT NULL,
  epoch bigint NOT NULL,
  place text COLLATE "C" NOT NULL,
  head bigint NOT NULL,
  claimed_at timestamptz NOT NULL,
  PRIMARY KEY (gateway_id, stream, epoch)
);

-- The row that is locked: one writer at a time for a stream and epoch (law-never-lose 7).
CREATE TABLE stream_cursor (
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  stream smallint NOT NULL,
  epoch bigint NOT NULL,
  place text COLLATE "C" NOT NULL,
  last_seq bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (gateway_id, stream, epoch)
) WITH (fillfactor = 50);

-- One line a committed batch; outlives packing and retention of its rows.
-- `rows` counts what was stored of it: rows of `measurement` or `event`, and quarantined ones.
CREATE TABLE ledger (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  stream smallint NOT NULL,
  epoch bigint NOT NULL,
  place text COLLATE "C" NOT NULL,
  first_seq bigint NOT NULL CHECK (first_seq > 0),
  last_seq bigint NOT NULL CHECK (last_seq >= first_seq),
  records int NOT NULL CHECK (records = last_seq - first_seq + 1),
  rows int NOT NULL,
  hash bytea NOT NULL,
  birth_hash bytea NOT NULL,
  boot bigint NOT NULL,
  received_at timestamptz NOT NULL,
  CONSTRAINT ledger_range_key UNIQUE (gateway_id, stream, epoch, first_seq)
);

-- Declared by the gateway, in its event stream, before the records went. `last_seq` NULL: nobody can know.
CREATE TABLE gap (
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  declared_epoch bigint NOT NULL,
  declared_seq bigint NOT NULL,
  place text COLLATE "C" NOT NULL,
  stream smallint NOT NULL,
  epoch bigint NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint,
  kept bigint NOT NULL,
  reason text NOT NULL,
  from_ms bigint NOT NULL,
  to_ms bigint NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (gateway_id, declared_epoch, declared_seq)
);
CREATE INDEX gap_range ON gap (gateway_id, stream, epoch, first_seq);

-- A range that came again with another hash: kept and shown, never called a duplicate.
CREATE TABLE range_conflict (
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  stream smallint NOT NULL,
  epoch bigint NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  hash bytea NOT NULL,
  place text COLLATE "C" NOT NULL,
  stored_hash bytea,
  birth_hash bytea NOT NULL,
  boot bigint NOT NULL,
  body bytea NOT NULL,
  received_at timestamptz NOT NULL,
  times int NOT NULL DEFAULT 1,
  PRIMARY KEY (gateway_id, stream, epoch, first_seq, last_seq, hash)
);

-- One record of an event stream. `at` is when it happened: the gateway's synchronised time, or receive less age
-- (`dated_by_centre`). `history`: at the moment of receipt it was already known to be over. `raw` is the record.
CREATE TABLE event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  epoch bigint NOT NULL,
  seq bigint NOT NULL,
  batch_id bigint NOT NULL REFERENCES ledger (id),
  place text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  dated_by_centre boolean NOT NULL,
  boot bigint NOT NULL,
  mono_ms bigint NOT NULL,
  time_ms bigint NOT NULL,
  history boolean NOT NULL,
  point_id int REFERENCES point (id),
  alarm text,
  occurrence text,
  transition smallint,
  state text,
  value double precision,
  quality smallint,
  raw bytea NOT NULL,
  CONSTRAINT event_position_key UNIQUE (gateway_id, epoch, seq)
);
CREATE INDEX event_batch ON event (batch_id);
CREATE INDEX event_occurrence ON event (gateway_id, alarm, occurrence) WHERE alarm IS NOT NULL;
CREATE INDEX event_place_at ON event (place, at DESC);

-- Rows that PostgreSQL refused twice, alone, with SQLSTATE class 22 or 23. They count as missing until resolved.
CREATE TABLE quarantine (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  stream smallint NOT NULL,
  epoch bigint NOT NULL,
  seq bigint NOT NULL,
  batch_id bigint NOT NULL REFERENCES ledger (id),
  place text COLLATE "C" NOT NULL,
  row bytea NOT NULL,
  sqlstate text NOT NULL,
  reason text NOT NULL,
  quarantined_at timestamptz NOT NULL,
  resolved_at timestamptz,
  resolution text CHECK (resolution IN ('replayed', 'dismissed')),
  resolved_by text,
  note text,
  CONSTRAINT quarantine_resolved_whole CHECK (
    (resolved_at IS NULL) = (resolution IS NULL) AND (resolved_at IS NULL) = (resolved_by IS NULL))
);
CREATE INDEX quarantine_open ON quarantine (gateway_id) WHERE resolved_at IS NULL;
CREATE INDEX quarantine_batch ON quarantine (batch_id);

-- Facts whose judgement failed: committed with their event (or the birth that told them), tried again, and after
-- a minute told at the default level of their kind. `fact` is empty where the event could not be understood.
CREATE TABLE unjudged (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  event_id bigint REFERENCES event (id) CONSTRAINT unjudged_event_key UNIQUE,
  place text COLLATE "C" NOT NULL,
  fact bytea NOT NULL,
  since timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  defaulted_at timestamptz,
  error text NOT NULL
);
CREATE INDEX unjudged_due ON unjudged (due_at);

-- One alarm of one gateway as last known; moves only forward by (ordinal of the epoch, seq).
CREATE TABLE alarm_state (
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  alarm text NOT NULL,
  place text COLLATE "C" NOT NULL,
  point_id int NOT NULL REFERENCES point (id),
  occurrence text NOT NULL,
  state text NOT NULL,
  limit_name text NOT NULL,
  side text NOT NULL,
  since timestamptz NOT NULL,
  value double precision,
  quality smallint NOT NULL,
  ordinal int NOT NULL,
  seq bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (gateway_id, alarm)
);
CREATE INDEX alarm_state_point ON alarm_state (point_id);

-- The newest value of each point as flushed from memory every half minute; refills the memory at a start.
CREATE TABLE latest (
  point_id int PRIMARY KEY REFERENCES point (id),
  place text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  value double precision,
  quality smallint NOT NULL,
  ordinal int NOT NULL,
  seq bigint NOT NULL,
  received_at timestamptz NOT NULL
) WITH (fillfactor = 70);

CREATE TRIGGER latest_place BEFORE INSERT ON latest FOR EACH ROW EXECUTE FUNCTION place_from('point', 'point_id');

-- History, one row a value. Columns are ordered so that no byte is lost to alignment. `quality` is the OPC
-- byte, plus 256 when the centre dated the value; `record` is the record's place in its batch (seq - first).
-- The place is the point's: requests join `point`, whose policy decides (measured: 1.01-1.06 of no policy).
CREATE TABLE measurement (
  at timestamptz NOT NULL,
  value double precision,
  batch_id bigint NOT NULL,
  gateway int NOT NULL,
  point_id int NOT NULL,
  quality smallint NOT NULL,
  record smallint NOT NULL
) PARTITION BY RANGE (at);
-- Rows of one commit stand together by point, so small block ranges find one point of one hour quickly.
CREATE INDEX measurement_at_point ON measurement
  USING brin (at, point_id) WITH (pages_per_range = 4, autosummarize = on);
CREATE TABLE measurement_default PARTITION OF measurement DEFAULT;

-- Partitions carry no policy of their own: COPY refuses tables with one, and nobody but the worker may name
-- them. Requests go through `measurement`, whose policy holds for them.
CREATE FUNCTION ensure_measurement_day(day date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
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

-- Block range indexes learn of new rows only when told; a worker tells them each minute, so that a trend of the
-- last hour reads few blocks. Only a table's owner may.
CREATE FUNCTION summarise_measurement_day(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
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
GRANT EXECUTE ON FUNCTION summarise_measurement_day(date) TO fengsui_worker;
GRANT EXECUTE ON FUNCTION ensure_measurement_day(date) TO fengsui_worker;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['stream_epoch', 'head_claim', 'stream_cursor', 'ledger', 'gap', 'range_conflict',
                           'event', 'quarantine', 'unjudged', 'alarm_state'] LOOP
    PERFORM scope_table(t::regclass);
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION place_of_gateway()',
                   t || '_place', t);
  END LOOP;
END $$;
SELECT scope_table('latest');

SELECT protect_table('measurement');
CREATE POLICY web_joined_with_point ON measurement FOR SELECT TO fengsui_web USING (true);
GRANT SELECT ON measurement TO fengsui_web;
GRANT SELECT, INSERT, DELETE ON measurement_default TO fengsui_worker;
