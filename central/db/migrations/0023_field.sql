-- Outputs that may be written from afar, black boxes of buses that were fetched, and when gateways were not heard.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

ALTER TABLE command DROP CONSTRAINT command_command_check;
ALTER TABLE command ADD CONSTRAINT command_command_check CHECK (
    command IN (
        'silence', 'acknowledge', 'reset', 'shelve', 'unshelve', 'out-of-service', 'in-service', 'test',
        'switch-on', 'switch-off', 'tape'
    )
);

-- One time that nothing was heard of a gateway: from its last heartbeat to the first one after it. `waiting`: what
-- that one said was still to be sent.
CREATE TABLE gateway_absence (
    gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
    began_at timestamptz NOT NULL,
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT 'other',
    boot_before bigint,
    ended_at timestamptz,
    boot_after bigint,
    waiting_events bigint NOT NULL DEFAULT 0,
    waiting_measurements bigint NOT NULL DEFAULT 0,
    CONSTRAINT gateway_absence_key PRIMARY KEY (gateway_id, began_at)
);
CREATE UNIQUE INDEX gateway_absence_open ON gateway_absence (gateway_id) WHERE ended_at IS NULL;
CREATE TRIGGER gateway_absence_place BEFORE INSERT ON gateway_absence
FOR EACH ROW EXECUTE FUNCTION place_of_gateway();
SELECT scope_table('gateway_absence');

-- A dump of a bus's black box as it came, compressed; who asked for it and why stands in `command` too, audited.
CREATE TABLE gateway_tape (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT 'other',
    name text NOT NULL,
    reason text NOT NULL,
    asked_by text NOT NULL,
    fetched_at timestamptz NOT NULL,
    sha256 bytea NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT gateway_tape_size CHECK (octet_length(content) <= 16000000),
    CONSTRAINT gateway_tape_hash CHECK (octet_length(sha256) = 32)
);
CREATE INDEX gateway_tape_gateway ON gateway_tape (gateway_id, id DESC);
CREATE TRIGGER gateway_tape_place BEFORE INSERT ON gateway_tape FOR EACH ROW EXECUTE FUNCTION place_of_gateway();
SELECT scope_table('gateway_tape', 'SELECT, INSERT, DELETE');

-- What happened at one gateway in a time: how much of it came late, and why it began again.
CREATE INDEX event_gateway_at ON event (gateway_id, at DESC);
