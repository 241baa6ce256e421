-- Configurations that the centre made for gateways, how each fared, and who is master of what a gateway runs with.

CREATE TABLE gateway_configuration (
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  version int NOT NULL CONSTRAINT gateway_configuration_version CHECK (version > 0),
  place text COLLATE "C" NOT NULL,
  content text NOT NULL CONSTRAINT gateway_configuration_size CHECK (octet_length(content) <= 900000),
  hash text COLLATE "C" NOT NULL,
  reason text NOT NULL,
  made_at timestamptz NOT NULL,
  made_by text NOT NULL,
  -- draft: nobody sent it; pending: sent again until the gateway answers; the others are what the gateway told.
  state text NOT NULL DEFAULT 'draft' CONSTRAINT gateway_configuration_state
    CHECK (state IN ('draft', 'pending', 'trial', 'kept', 'taken-back', 'refused')),
  detail text NOT NULL DEFAULT '',
  changed_at timestamptz NOT NULL,
  -- Of the gateway's event that told the state: later ones count, earlier ones do not.
  ordinal int NOT NULL DEFAULT 0,
  seq bigint NOT NULL DEFAULT 0,
  CONSTRAINT gateway_configuration_key PRIMARY KEY (gateway_id, version)
);
CREATE INDEX gateway_configuration_pending ON gateway_configuration (gateway_id) WHERE state = 'pending';
CREATE TRIGGER gateway_configuration_place BEFORE INSERT ON gateway_configuration
  FOR EACH ROW EXECUTE FUNCTION place_of_gateway();
SELECT scope_table('gateway_configuration', 'SELECT, INSERT');
GRANT UPDATE (state, detail, changed_at) ON gateway_configuration TO fengsui_web;

ALTER TABLE gateway_state
  ADD COLUMN master text NOT NULL DEFAULT 'file' CONSTRAINT gateway_state_master CHECK (master IN ('file', 'centre')),
  ADD COLUMN config_version int,
  -- The highest version of ours that it ever told of: a restored centre must count on from there.
  ADD COLUMN config_newest int NOT NULL DEFAULT 0,
  ADD COLUMN config_ordinal int NOT NULL DEFAULT 0,
  ADD COLUMN config_seq bigint NOT NULL DEFAULT 0;
