-- Trust: one-time codes of enrolment, certificates, and who is shut out.

-- A gateway that is shut out is refused with its next frame; a new code lets it, or another box, in again.
ALTER TABLE gateway
  ADD COLUMN revoked_at timestamptz,
  ADD COLUMN revoked_by text NOT NULL DEFAULT '',
  ADD COLUMN revoked_why text NOT NULL DEFAULT '';

-- A code is kept as a hash; whoever reads this table can't enrol with it. The gateway need not exist yet.
CREATE TABLE enrolment_code (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gateway_id text COLLATE "C" NOT NULL CONSTRAINT enrolment_code_gateway_form CHECK (gateway_id ~ '^[a-z0-9][a-z0-9-]{2,62}$'),
  enterprise_id int NOT NULL REFERENCES enterprise (id),
  place text COLLATE "C" NOT NULL,
  name text NOT NULL,
  hash bytea NOT NULL CONSTRAINT enrolment_code_hash_key UNIQUE,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  expires_at timestamptz NOT NULL,
  tries int NOT NULL DEFAULT 0,
  withdrawn_at timestamptz,
  used_at timestamptz,
  used_from text NOT NULL DEFAULT '',
  -- Of the request that used it: the same box may ask the same again when the answer was lost on the way.
  used_by bytea
);
CREATE INDEX enrolment_code_gateway ON enrolment_code (gateway_id);
CREATE INDEX enrolment_code_place ON enrolment_code (place);
CREATE TRIGGER enrolment_code_place BEFORE INSERT OR UPDATE OF enterprise_id ON enrolment_code
  FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();

CREATE TABLE certificate (
  serial text COLLATE "C" PRIMARY KEY,
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  place text COLLATE "C" NOT NULL,
  -- The Ed25519 key that signed the gateway's frames when this was issued.
  signing_key bytea NOT NULL,
  request bytea NOT NULL,
  pem text NOT NULL,
  issued_at timestamptz NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  way text NOT NULL CONSTRAINT certificate_way CHECK (way IN ('code', 'renewal')),
  revoked_at timestamptz,
  revoked_by text NOT NULL DEFAULT '',
  revoked_why text NOT NULL DEFAULT ''
);
CREATE INDEX certificate_gateway ON certificate (gateway_id, issued_at DESC);
CREATE TRIGGER certificate_place BEFORE INSERT ON certificate
  FOR EACH ROW EXECUTE FUNCTION place_of_gateway();

SELECT scope_table('enrolment_code', 'SELECT, INSERT');
GRANT UPDATE (withdrawn_at) ON enrolment_code TO fengsui_web;
SELECT scope_table('certificate');
GRANT UPDATE (revoked_at, revoked_by, revoked_why) ON certificate TO fengsui_web;
GRANT UPDATE (revoked_at, revoked_by, revoked_why) ON gateway TO fengsui_web;

-- Every central process hears at its commit that somebody was let in or shut out.
CREATE FUNCTION trust_changed() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('fengsui_trust', '');
  RETURN NULL;
END $$;
CREATE TRIGGER gateway_trust_changed AFTER INSERT OR UPDATE OF public_key, revoked_at ON gateway
  FOR EACH STATEMENT EXECUTE FUNCTION trust_changed();
CREATE TRIGGER certificate_trust_changed AFTER INSERT OR UPDATE OF revoked_at ON certificate
  FOR EACH STATEMENT EXECUTE FUNCTION trust_changed();
CREATE TRIGGER enrolment_code_trust_changed AFTER INSERT OR UPDATE OF withdrawn_at ON enrolment_code
  FOR EACH STATEMENT EXECUTE FUNCTION trust_changed();
