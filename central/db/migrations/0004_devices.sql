-- Gateways: who they are, what they described of themselves, how they are, and what was asked of them.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- A row of a gateway's belongings stands where the gateway stands (law-warning 21: copied, never looked up).
-- Spelled out, where place_from would do, because every batch of every gateway runs it: its plan is kept.
CREATE FUNCTION place_of_gateway() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  SELECT place INTO STRICT NEW.place FROM gateway WHERE id = NEW.gateway_id;
  RETURN NEW;
END $$;

CREATE FUNCTION place_of_enterprise() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  SELECT place INTO STRICT NEW.place FROM enterprise WHERE id = NEW.enterprise_id;
  RETURN NEW;
END $$;

CREATE TABLE gateway (
  id text COLLATE "C" PRIMARY KEY CONSTRAINT gateway_id_form CHECK (id ~ '^[a-z0-9][a-z0-9-]{2,62}$'),
  number int GENERATED ALWAYS AS IDENTITY CONSTRAINT gateway_number_key UNIQUE,
  enterprise_id int NOT NULL REFERENCES enterprise (id),
  name text NOT NULL,
  public_key bytea NOT NULL CONSTRAINT gateway_public_key_key UNIQUE
    CONSTRAINT gateway_public_key_length CHECK (octet_length(public_key) = 32),
  place text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX gateway_place ON gateway (place);
CREATE INDEX gateway_enterprise ON gateway (enterprise_id);
CREATE TRIGGER gateway_place BEFORE INSERT OR UPDATE OF enterprise_id ON gateway
  FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();

-- Every description that a batch may refer to is kept for ever: a backlog is read with its own birth only.
CREATE TABLE birth (
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  hash bytea NOT NULL,
  place text COLLATE "C" NOT NULL,
  description bytea NOT NULL,
  config_version bigint NOT NULL,
  config_hash text NOT NULL,
  software text NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (gateway_id, hash)
);
CREATE TRIGGER birth_place BEFORE INSERT ON birth FOR EACH ROW EXECUTE FUNCTION place_of_gateway();

-- The last heartbeat and the last current birth. `presence` is judged by the centre's clock from heartbeats.
-- `birth_ordinal`, `birth_seq`: the position in the event stream at which the active alarms were taken.
CREATE TABLE gateway_state (
  gateway_id text COLLATE "C" PRIMARY KEY REFERENCES gateway (id),
  place text COLLATE "C" NOT NULL,
  presence text NOT NULL DEFAULT 'offline' CHECK (presence IN ('online', 'late', 'offline')),
  presence_since timestamptz,
  heard_at timestamptz,
  boot bigint,
  counter bigint,
  mono_ms bigint,
  clock smallint NOT NULL DEFAULT 0,
  period_ms int,
  waiting_events bigint NOT NULL DEFAULT 0,
  waiting_measurements bigint NOT NULL DEFAULT 0,
  active_alarms int NOT NULL DEFAULT 0,
  sources jsonb NOT NULL DEFAULT '[]',
  outputs jsonb NOT NULL DEFAULT '[]',
  software text NOT NULL DEFAULT '',
  birth_hash bytea,
  birth_at timestamptz,
  birth_ordinal int,
  birth_seq bigint,
  interleaved_at timestamptz
);
CREATE TRIGGER gateway_state_place BEFORE INSERT ON gateway_state
  FOR EACH ROW EXECUTE FUNCTION place_of_gateway();

-- Where a boot's monotonic clock stood at a moment of ours: dates records of an unsynchronised earlier boot.
CREATE TABLE gateway_boot (
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  boot bigint NOT NULL,
  place text COLLATE "C" NOT NULL,
  mono_ms bigint NOT NULL,
  at timestamptz NOT NULL,
  first_at timestamptz NOT NULL,
  PRIMARY KEY (gateway_id, boot)
);
CREATE TRIGGER gateway_boot_place BEFORE INSERT ON gateway_boot
  FOR EACH ROW EXECUTE FUNCTION place_of_gateway();

-- Points come from births. `current` is false once the gateway's current birth no longer names them.
CREATE TABLE point (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  enterprise_id int NOT NULL REFERENCES enterprise (id),
  key text COLLATE "C" NOT NULL,
  place text COLLATE "C" NOT NULL,
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
  created_at timestamptz NOT NULL,
  CONSTRAINT point_gateway_key UNIQUE (gateway_id, key)
);
CREATE INDEX point_place ON point (place, id);
CREATE INDEX point_enterprise ON point (enterprise_id, id);
CREATE TRIGGER point_place BEFORE INSERT OR UPDATE OF gateway_id ON point
  FOR EACH ROW EXECUTE FUNCTION place_of_gateway();

-- What was asked of a gateway, by whom, and what it answered.
CREATE TABLE command (
  id uuid PRIMARY KEY,
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  place text COLLATE "C" NOT NULL,
  boot bigint NOT NULL,
  command text NOT NULL CHECK (command IN ('silence', 'acknowledge')),
  alarm text NOT NULL,
  actor text NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_mono_ms bigint NOT NULL,
  answered_at timestamptz,
  result text NOT NULL DEFAULT 'sent'
    CHECK (result IN ('sent', 'done', 'refused', 'expired', 'foreign', 'repeated', 'silent')),
  detail text NOT NULL DEFAULT ''
);
CREATE INDEX command_gateway ON command (gateway_id, created_at DESC);
CREATE TRIGGER command_place BEFORE INSERT ON command FOR EACH ROW EXECUTE FUNCTION place_of_gateway();

SELECT scope_table('gateway');
SELECT scope_table('birth');
SELECT scope_table('gateway_state');
SELECT scope_table('gateway_boot');
SELECT scope_table('point');
SELECT scope_table('command', 'SELECT, INSERT, UPDATE');
SELECT audit_table('gateway', 'id'), audit_table('command', 'id');
