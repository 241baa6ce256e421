-- Devices and how they are connected, every time that they were not, what enterprises report of it, faults, and what an
-- area must have of emergency resources.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- when the centre itself was away ---------------------------------------------------------------------

-- One row: when a centre last wrote down that it was there. A longer gap than grace_s was its own absence.
CREATE TABLE centre_watch (
    single boolean PRIMARY KEY DEFAULT true,
    seen_at timestamptz NOT NULL,
    grace_s double precision NOT NULL DEFAULT 15,
    CONSTRAINT centre_watch_once CHECK (single)
);
SELECT worker_table('centre_watch');

-- Nobody watched then: no device's offline time is counted in it.
CREATE TABLE centre_absence (
    began_at timestamptz PRIMARY KEY,
    ended_at timestamptz NOT NULL,
    CONSTRAINT centre_absence_forward CHECK (ended_at > began_at)
);
SELECT open_table('centre_absence');

-- Seconds between two moments in which a centre was there to see.
CREATE FUNCTION seen_seconds(lo timestamptz, hi timestamptz) RETURNS double precision
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
    SELECT greatest(0, extract(epoch FROM hi - lo) - coalesce((
        SELECT sum(extract(epoch FROM least(a.ended_at, hi) - greatest(a.began_at, lo)))
        FROM centre_absence AS a WHERE a.began_at < hi AND a.ended_at > lo), 0))::double precision
$$;
GRANT EXECUTE ON FUNCTION seen_seconds(timestamptz, timestamptz) TO fengsui_web, fengsui_worker;

-- --- devices ---------------------------------------------------------------------------------------------

-- A gateway, or what a gateway names behind it. `since` NULL: never connected. `scene` and `position` are people's words.
CREATE TABLE device (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT 'other',
    kind text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    name text NOT NULL,
    scene text NOT NULL DEFAULT '',
    position text NOT NULL DEFAULT '',
    state text COLLATE "C" NOT NULL DEFAULT 'offline',
    since timestamptz,
    current boolean NOT NULL DEFAULT true,
    first_at timestamptz NOT NULL,
    version int NOT NULL DEFAULT 1,
    CONSTRAINT device_once UNIQUE (gateway_id, kind, key),
    CONSTRAINT device_kind_known CHECK (kind IN ('gateway', 'instrument', 'camera')),
    CONSTRAINT device_state_known CHECK (state IN ('online', 'abnormal', 'offline'))
);
CREATE INDEX device_place ON device (place, id);
CREATE INDEX device_enterprise ON device (enterprise_id);
CREATE TRIGGER device_place BEFORE INSERT ON device FOR EACH ROW EXECUTE FUNCTION place_of_gateway();
SELECT scope_table('device', 'SELECT, UPDATE');
-- A change of state is in device_period; what people write of a device is audited.
CREATE TRIGGER audit_row AFTER UPDATE OF scene, position ON device
FOR EACH ROW WHEN ((OLD.scene, OLD.position) IS DISTINCT FROM (NEW.scene, NEW.position))
EXECUTE FUNCTION audit_row('id', 'place', 'sector');

-- One time that a device was offline or abnormal; open while it lasts. cause: `heartbeat` of a gateway that was not heard,
-- `gateway` of what is behind one, `silent` of an instrument that does not answer, `bad` of one whose data can't be used.
CREATE TABLE device_period (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device (id),
    gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT 'other',
    state text COLLATE "C" NOT NULL,
    cause text COLLATE "C" NOT NULL,
    began_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT device_period_state_known CHECK (state IN ('offline', 'abnormal')),
    CONSTRAINT device_period_cause_known CHECK (cause IN ('heartbeat', 'gateway', 'silent', 'bad')),
    CONSTRAINT device_period_forward CHECK (ended_at >= began_at)
);
CREATE UNIQUE INDEX device_period_open ON device_period (device_id) WHERE ended_at IS NULL;
CREATE INDEX device_period_device ON device_period (device_id, began_at DESC);
CREATE INDEX device_period_place ON device_period (place, began_at DESC, id DESC);
CREATE INDEX device_period_gateway ON device_period (gateway_id);
CREATE INDEX device_period_enterprise ON device_period (enterprise_id, began_at DESC);
CREATE TRIGGER device_period_place BEFORE INSERT ON device_period
FOR EACH ROW EXECUTE FUNCTION place_of_gateway();
SELECT scope_table('device_period');

-- A gateway is a device from the moment that it is registered.
CREATE FUNCTION gateway_is_device() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    INSERT INTO device (gateway_id, enterprise_id, kind, key, name, first_at)
    SELECT g.id, g.enterprise_id, 'gateway', '', g.name, clock_timestamp() FROM gateway AS g WHERE g.id = NEW.gateway_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER gateway_is_device AFTER INSERT ON gateway_state FOR EACH ROW EXECUTE FUNCTION gateway_is_device();
INSERT INTO device (gateway_id, enterprise_id, kind, key, name, first_at)
SELECT s.gateway_id, g.enterprise_id, 'gateway', '', g.name, clock_timestamp()
FROM gateway_state AS s
INNER JOIN gateway AS g ON g.id = s.gateway_id;

-- How an enterprise is connected as a whole: `offline` when nothing of it is heard, `partly` when some of it is not.
-- told_at: since when the warnings know of it.
CREATE TABLE enterprise_connection (
    enterprise_id int PRIMARY KEY REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT 'other',
    state text COLLATE "C" NOT NULL DEFAULT 'none',
    since timestamptz,
    online int NOT NULL DEFAULT 0,
    abnormal int NOT NULL DEFAULT 0,
    offline int NOT NULL DEFAULT 0,
    told_at timestamptz,
    warning_id uuid,
    CONSTRAINT enterprise_connection_known CHECK (state IN ('none', 'online', 'abnormal', 'partly', 'offline'))
);
CREATE INDEX enterprise_connection_place ON enterprise_connection (place);
CREATE INDEX enterprise_connection_offline ON enterprise_connection (since) WHERE state = 'offline';
CREATE INDEX enterprise_connection_told ON enterprise_connection (told_at) WHERE told_at IS NOT NULL;
CREATE TRIGGER enterprise_connection_place BEFORE INSERT ON enterprise_connection
FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();
SELECT scope_table('enterprise_connection');

-- How long an enterprise's devices were to be online on a day, and were not, in seconds of all of them.
CREATE TABLE connection_day (
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    day date NOT NULL,
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT 'other',
    devices int NOT NULL,
    watched_s double precision NOT NULL,
    offline_s double precision NOT NULL,
    abnormal_s double precision NOT NULL,
    periods int NOT NULL,
    reckoned_at timestamptz NOT NULL,
    CONSTRAINT connection_day_key PRIMARY KEY (enterprise_id, day)
);
CREATE INDEX connection_day_place ON connection_day (place, day);
CREATE INDEX connection_day_day ON connection_day (day);
CREATE TRIGGER connection_day_place BEFORE INSERT ON connection_day
FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();
SELECT scope_table('connection_day');

-- Who is reminded of being wholly offline, after how long, and how long a report may run. Of the valid rows the longest
-- region counts, then the newest version.
CREATE TABLE connection_rule (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    region text COLLATE "C" NOT NULL DEFAULT '',
    version int NOT NULL DEFAULT 1,
    classes smallint [] NOT NULL,
    hold_s double precision NOT NULL,
    report_days int NOT NULL,
    source text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    CONSTRAINT connection_rule_once UNIQUE (region, version),
    CONSTRAINT connection_rule_region_form CHECK (region ~ '^[0-9]{0,12}$'),
    CONSTRAINT connection_rule_sane CHECK (hold_s >= 60 AND report_days BETWEEN 1 AND 366)
);
SELECT open_table('connection_rule'), audit_table('connection_rule', 'id');
INSERT INTO connection_rule (classes, hold_s, report_days, source, valid_from)
VALUES ('{1,2,3,4}', 1800, 90, '本项目建议值，无标准依据', '2020-01-01');

CREATE FUNCTION connection_rule_of(at_place text, moment timestamptz) RETURNS SETOF connection_rule
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
    SELECT r.* FROM connection_rule AS r
    WHERE starts_with(at_place, r.region) AND r.valid_from <= moment AND (r.valid_to IS NULL OR r.valid_to > moment)
    ORDER BY length(r.region) DESC, r.version DESC
    LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION connection_rule_of(text, timestamptz) TO fengsui_web, fengsui_worker;

-- --- what enterprises report -----------------------------------------------------------------------------

-- "We are shut down for repair until": of one device, or of the whole enterprise (device_id NULL). Only an approved one
-- counts, and only between its two times; calls about it wait in the window that its approval declares.
CREATE TABLE offline_report (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    device_id int REFERENCES device (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT 'other',
    cause text COLLATE "C" NOT NULL,
    words text NOT NULL,
    measures text NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    state text COLLATE "C" NOT NULL DEFAULT 'waiting',
    made_at timestamptz NOT NULL,
    made_by int NOT NULL REFERENCES account (id),
    made_name text NOT NULL,
    decided_at timestamptz,
    decided_by int REFERENCES account (id),
    decided_name text NOT NULL DEFAULT '',
    opinion text NOT NULL DEFAULT '',
    ended_at timestamptz,
    ended_name text NOT NULL DEFAULT '',
    window_id int REFERENCES suppression_window (id),
    CONSTRAINT offline_report_forward CHECK (until_at > from_at),
    CONSTRAINT offline_report_cause_known CHECK (
        cause IN ('repair', 'stop', 'power', 'network', 'calibration', 'replacement', 'other')
    ),
    CONSTRAINT offline_report_state_known CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn', 'ended'))
);
CREATE INDEX offline_report_place ON offline_report (place, id DESC);
CREATE INDEX offline_report_enterprise ON offline_report (enterprise_id, until_at);
CREATE INDEX offline_report_device ON offline_report (device_id);
CREATE INDEX offline_report_window ON offline_report (window_id) WHERE window_id IS NOT NULL;
CREATE TRIGGER offline_report_place BEFORE INSERT ON offline_report
FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();
SELECT scope_table('offline_report'), audit_table('offline_report', 'id', 'place', 'sector');

-- --- faults of devices -----------------------------------------------------------------------------------

-- A device is broken, is being repaired, is done; with what caused it and what was done.
CREATE TABLE device_fault (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id int NOT NULL REFERENCES device (id),
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT 'other',
    found_at timestamptz NOT NULL,
    words text NOT NULL,
    cause_code text COLLATE "C" NOT NULL DEFAULT '',
    state text COLLATE "C" NOT NULL DEFAULT 'open',
    made_at timestamptz NOT NULL,
    made_by int NOT NULL REFERENCES account (id),
    made_name text NOT NULL,
    repairer text NOT NULL DEFAULT '',
    repair_at timestamptz,
    done_at timestamptz,
    done_name text NOT NULL DEFAULT '',
    result text NOT NULL DEFAULT '',
    version int NOT NULL DEFAULT 1,
    CONSTRAINT device_fault_state_known CHECK (state IN ('open', 'repairing', 'done')),
    CONSTRAINT device_fault_forward CHECK (done_at >= found_at)
);
CREATE UNIQUE INDEX device_fault_open ON device_fault (device_id) WHERE state <> 'done';
CREATE INDEX device_fault_device ON device_fault (device_id);
CREATE INDEX device_fault_place ON device_fault (place, id DESC);
CREATE INDEX device_fault_enterprise ON device_fault (enterprise_id);
CREATE TRIGGER device_fault_place BEFORE INSERT ON device_fault
FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();
SELECT scope_table('device_fault', 'SELECT, INSERT, UPDATE'), audit_table('device_fault', 'id', 'place', 'sector');

-- --- emergency resources ---------------------------------------------------------------------------------

-- An area must have so much of something: records of a register that fit `field` = `choice` and hold `words` in their
-- title, counted, or summed over `measure`. counted, short_since: as a worker found it last; told: the warnings know.
CREATE TABLE resource_minimum (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agency_id int NOT NULL REFERENCES agency (id),
    place text COLLATE "C" NOT NULL DEFAULT '',
    region text COLLATE "C" NOT NULL,
    name text NOT NULL,
    register text COLLATE "C" NOT NULL,
    field text COLLATE "C" NOT NULL DEFAULT '',
    choice text COLLATE "C" NOT NULL DEFAULT '',
    words text NOT NULL DEFAULT '',
    measure text COLLATE "C" NOT NULL DEFAULT '',
    minimum double precision NOT NULL,
    unit text NOT NULL,
    source text NOT NULL,
    version int NOT NULL DEFAULT 1,
    removed_at timestamptz,
    counted double precision,
    counted_at timestamptz,
    short_since timestamptz,
    told_at timestamptz,
    warning_id uuid,
    CONSTRAINT resource_minimum_sane CHECK (minimum > 0),
    CONSTRAINT resource_minimum_region_form CHECK (region ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$')
);
CREATE INDEX resource_minimum_place ON resource_minimum (place, id);
CREATE INDEX resource_minimum_agency ON resource_minimum (agency_id);
CREATE INDEX resource_minimum_region ON resource_minimum (region);
CREATE FUNCTION place_of_minimum() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    NEW.place := (SELECT place FROM agency WHERE id = NEW.agency_id);
    RETURN NEW;
END $$;
CREATE TRIGGER resource_minimum_place BEFORE INSERT OR UPDATE OF agency_id ON resource_minimum
FOR EACH ROW EXECUTE FUNCTION place_of_minimum();
SELECT scope_table('resource_minimum');
-- What a worker counts is no change of anybody's.
CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OF
agency_id, region, name, register, field, choice, words, measure, minimum, unit, source, removed_at ON resource_minimum
FOR EACH ROW EXECUTE FUNCTION audit_row('id', 'place', 'counted', 'counted_at', 'short_since', 'told_at', 'warning_id');

CREATE FUNCTION minimums_follow_agency() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    UPDATE resource_minimum SET agency_id = NEW.id WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER agency_minimums_follow AFTER UPDATE ON agency
FOR EACH ROW WHEN (OLD.place IS DISTINCT FROM NEW.place) EXECUTE FUNCTION minimums_follow_agency();

-- Our proposal: who issues warnings by hand also says what an area must have.
INSERT INTO role_operation (role, operation) VALUES ('province', 'resources'), ('city', 'resources'), ('county', 'resources');
