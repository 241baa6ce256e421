-- Warnings: what a case is, who is called by which ladder, when the next rung is due, and what happened.
-- Keeps law-warning 1, 4, 8, 13, 14, 15, 20: identity by index, timers as rows, the policy frozen into the case.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- levels as data --------------------------------------------------------------------------------------

-- A table of rules that give levels: of the valid sets of the longest region prefix, the newest version counts.
CREATE TABLE level_rule_set (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    region text COLLATE "C" NOT NULL CHECK (region ~ '^[0-9]{0,12}$'),
    version int NOT NULL CHECK (version > 0),
    name text NOT NULL,
    source text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    UNIQUE (region, version)
);
SELECT open_table('level_rule_set');

-- One rule; an empty matcher fits all. The reason is shown to people beside the level.
CREATE TABLE level_rule (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    set_id int NOT NULL REFERENCES level_rule_set (id),
    kind text NOT NULL,
    side text NOT NULL DEFAULT '',
    limit_name text NOT NULL DEFAULT '',
    quantity text NOT NULL DEFAULT '',
    hazard_class smallint CHECK (hazard_class BETWEEN 1 AND 4),
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 4),
    reason text NOT NULL,
    UNIQUE NULLS NOT DISTINCT (set_id, kind, side, limit_name, quantity, hazard_class)
);
SELECT open_table('level_rule');

-- --- ladders as data -------------------------------------------------------------------------------------

-- The ladder of one level in one region; a change is a new version, running cases keep theirs.
CREATE TABLE policy (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    region text COLLATE "C" NOT NULL CHECK (region ~ '^[0-9]{0,12}$'),
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 4),
    version int NOT NULL CHECK (version > 0),
    name text NOT NULL,
    source text NOT NULL,
    handling_s double precision NOT NULL CHECK (handling_s > 0),
    repeat_s double precision NOT NULL CHECK (repeat_s > 0),
    retry_s double precision NOT NULL CHECK (retry_s > 0),
    clear_after_s double precision NOT NULL CHECK (clear_after_s >= 0),
    suppress_s double precision NOT NULL CHECK (suppress_s > 0),
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    UNIQUE (region, level, version)
);
SELECT open_table('policy');

-- One rung: so many seconds after the rung below fired, people of this rank are called over these channels.
CREATE TABLE policy_step (
    policy_id int NOT NULL REFERENCES policy (id),
    index smallint NOT NULL CHECK (index >= 0),
    delay_s double precision NOT NULL CHECK (delay_s >= 0),
    rank smallint NOT NULL CHECK (rank BETWEEN 0 AND 9),
    channels text [] NOT NULL CHECK (cardinality(channels) > 0),
    PRIMARY KEY (policy_id, index)
);
SELECT open_table('policy_step');

-- Who is called for TEST and canary cases of a region; nobody else ever is (law-warning 2).
CREATE TABLE test_receiver (
    region text COLLATE "C" NOT NULL,
    account_id int NOT NULL REFERENCES account (id),
    PRIMARY KEY (region, account_id)
);
SELECT worker_table('test_receiver');

-- --- cases -----------------------------------------------------------------------------------------------

CREATE TABLE warning (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    kind text NOT NULL,
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    side text NOT NULL CHECK (
        side IN ('high', 'low', 'rate', 'deviation', 'discrete', 'quality', 'presence', 'other')
    ),
    is_test boolean NOT NULL,
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL,
    gateway_id text COLLATE "C" REFERENCES gateway (id),
    point_id int REFERENCES point (id),
    previous_id uuid REFERENCES warning (id),
    title text NOT NULL,
    subject_name text NOT NULL,
    -- what the core decides by
    state text NOT NULL DEFAULT 'open' CHECK (
        state IN ('open', 'acknowledged', 'handled', 'closed', 'cleared', 'false_alarm')
    ),
    active boolean NOT NULL DEFAULT true,
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 4),
    policy jsonb NOT NULL,
    round int NOT NULL DEFAULT 0,
    step smallint NOT NULL DEFAULT -1,
    due_at timestamptz,
    acknowledged_at timestamptz,
    paused_until timestamptz,
    clear_due_at timestamptz,
    suppressed_until timestamptz,
    false_by int REFERENCES account (id),
    revision int NOT NULL DEFAULT 1,
    -- what people read
    level_reason text NOT NULL,
    occurrence text NOT NULL,
    limit_name text NOT NULL DEFAULT '',
    limit_value double precision,
    value double precision,
    unit text NOT NULL DEFAULT '',
    raised_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    late boolean NOT NULL DEFAULT false,
    history boolean NOT NULL DEFAULT false,
    cleared_at timestamptz,
    acknowledged_by int REFERENCES account (id),
    acknowledged_name text,
    handled_at timestamptz,
    handled_by int REFERENCES account (id),
    handled_name text,
    handled_agency_id int REFERENCES agency (id),
    cause text,
    measures text,
    false_reason text,
    false_name text,
    closed_at timestamptz,
    closed_by int REFERENCES account (id),
    closed_name text,
    opinion text,
    updated_at timestamptz NOT NULL
);
SELECT scope_table('warning', 'SELECT, UPDATE');
-- Requests open a case in one way only: a suppression that a person ended.
GRANT INSERT ON warning TO fengsui_web;

-- Law-warning 1: one open case an identity; open ends at handled.
CREATE UNIQUE INDEX warning_open_identity ON warning (kind, subject_type, subject_id, side, is_test)
WHERE state IN ('open', 'acknowledged');
-- The list of a jurisdiction, its counts, and the newest first.
CREATE INDEX warning_place ON warning (place, state, raised_at DESC);
CREATE INDEX warning_newest ON warning (raised_at DESC, id DESC);
CREATE INDEX warning_enterprise ON warning (enterprise_id, raised_at DESC);
CREATE INDEX warning_identity ON warning (kind, subject_type, subject_id, side, is_test, number DESC);
CREATE INDEX warning_suppressed ON warning (suppressed_until) WHERE suppressed_until IS NOT NULL;

-- A case stands where its enterprise stands, whatever its writer believes.
CREATE TRIGGER warning_place BEFORE INSERT OR UPDATE OF enterprise_id ON warning
FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();

-- The alarms of a case, one row an occurrence: the case is active while one of them is not cleared.
-- An alarm that returned unacknowledged and rises again keeps its occurrence: `raises` counts.
CREATE TABLE warning_alarm (
    gateway_id text COLLATE "C" NOT NULL,
    alarm text NOT NULL,
    occurrence text NOT NULL,
    is_test boolean NOT NULL,
    warning_id uuid NOT NULL REFERENCES warning (id),
    level smallint NOT NULL,
    limit_name text NOT NULL,
    raised_at timestamptz NOT NULL,
    cleared_at timestamptz,
    raises int NOT NULL DEFAULT 1,
    PRIMARY KEY (gateway_id, alarm, occurrence, is_test)
);
SELECT scope_child_table('warning_alarm', 'warning', 'warning_id', 'id', 'SELECT, UPDATE');
CREATE INDEX warning_alarm_case ON warning_alarm (warning_id);
CREATE INDEX warning_alarm_active ON warning_alarm (gateway_id) WHERE cleared_at IS NULL;

-- The story of a case, one line a hop or an answer; never changed, never deleted.
CREATE TABLE warning_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    warning_id uuid NOT NULL REFERENCES warning (id),
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    source text NOT NULL CHECK (source IN ('instrument', 'gateway', 'centre', 'person', 'provider')),
    kind text NOT NULL,
    title text NOT NULL,
    detail text NOT NULL DEFAULT '',
    account_id int,
    who text NOT NULL DEFAULT '',
    latency_ms bigint,
    level smallint,
    round int,
    step smallint
);
SELECT scope_child_table('warning_event', 'warning', 'warning_id', 'id', 'SELECT, INSERT');
CREATE INDEX warning_event_case ON warning_event (warning_id, id);
REVOKE UPDATE, DELETE ON warning_event FROM fengsui_worker;

-- The rungs that fired: what they found. A gap is a rung that reached nobody.
CREATE TABLE ladder_step (
    warning_id uuid NOT NULL REFERENCES warning (id),
    level smallint NOT NULL,
    round int NOT NULL,
    step smallint NOT NULL,
    rank smallint NOT NULL,
    agency_name text NOT NULL DEFAULT '',
    due_at timestamptz,
    fired_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('fired', 'gap')),
    reason text NOT NULL DEFAULT '',
    PRIMARY KEY (warning_id, level, round, step)
);
SELECT scope_child_table('ladder_step', 'warning', 'warning_id', 'id', 'SELECT');

-- When the core of a case wants to be woken. Claimed by locking the case with SKIP LOCKED.
CREATE TABLE timer (
    warning_id uuid NOT NULL REFERENCES warning (id),
    kind text NOT NULL CHECK (kind IN ('ladder', 'clear', 'suppression')),
    due_at timestamptz NOT NULL,
    failures smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (warning_id, kind)
);
SELECT scope_child_table('timer', 'warning', 'warning_id', 'id', 'SELECT, INSERT, UPDATE, DELETE');
CREATE INDEX timer_due ON timer (due_at);

-- Whoever waits for the next due timer looks again.
CREATE FUNCTION timer_wake() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM pg_notify('fengsui_timer', '');
    RETURN NULL;
END $$;
CREATE TRIGGER timer_wake AFTER INSERT OR UPDATE ON timer
FOR EACH STATEMENT EXECUTE FUNCTION timer_wake();

-- A case's own changes are audited by its writer, one row a decision; its whole story is warning_event.
SELECT audit_table('level_rule_set', 'id'), audit_table('level_rule', 'id'), audit_table('policy', 'id'),
       audit_table('policy_step', 'policy_id'), audit_table('test_receiver', 'account_id');

-- --- start values: our proposal, no standard gives them --------------------------------------------------

INSERT INTO level_rule_set (region, version, name, source, valid_from)
VALUES ('', 1, '通用定级表', '本项目建议值，无标准依据', '2020-01-01');

INSERT INTO level_rule (set_id, kind, side, limit_name, hazard_class, level, reason)
SELECT s.id, r.*
FROM level_rule_set AS s,
    (VALUES
        ('alarm', '', '', NULL::smallint, 2::smallint, '过程报警，限值类别未单独规定'),
        ('alarm', '', 'H', NULL, 1, '高报，未列入重大危险源'),
        ('alarm', '', 'L', NULL, 1, '低报，未列入重大危险源'),
        ('alarm', '', 'HH', NULL, 2, '高高报，未列入重大危险源'),
        ('alarm', '', 'LL', NULL, 2, '低低报，未列入重大危险源'),
        ('alarm', '', 'H', 4, 2, '高报，四级重大危险源'),
        ('alarm', '', 'L', 4, 2, '低报，四级重大危险源'),
        ('alarm', '', 'H', 3, 2, '高报，三级重大危险源'),
        ('alarm', '', 'L', 3, 2, '低报，三级重大危险源'),
        ('alarm', '', 'H', 2, 3, '高报，二级重大危险源'),
        ('alarm', '', 'L', 2, 3, '低报，二级重大危险源'),
        ('alarm', '', 'H', 1, 3, '高报，一级重大危险源'),
        ('alarm', '', 'L', 1, 3, '低报，一级重大危险源'),
        ('alarm', '', 'HH', 4, 3, '高高报，四级重大危险源'),
        ('alarm', '', 'LL', 4, 3, '低低报，四级重大危险源'),
        ('alarm', '', 'HH', 3, 4, '高高报，三级重大危险源'),
        ('alarm', '', 'LL', 3, 4, '低低报，三级重大危险源'),
        ('alarm', '', 'HH', 2, 4, '高高报，二级重大危险源'),
        ('alarm', '', 'LL', 2, 4, '低低报，二级重大危险源'),
        ('alarm', '', 'HH', 1, 4, '高高报，一级重大危险源'),
        ('alarm', '', 'LL', 1, 4, '低低报，一级重大危险源'),
        ('quality', '', '', NULL, 1, '测点数据不可信'),
        ('quality', '', '', 2, 2, '测点数据不可信，二级重大危险源'),
        ('quality', '', '', 1, 2, '测点数据不可信，一级重大危险源'),
        ('presence', '', '', NULL, 1, '网关失联'),
        ('presence', '', '', 2, 2, '网关失联，二级重大危险源'),
        ('presence', '', '', 1, 2, '网关失联，一级重大危险源'),
        ('poison', '', '', NULL, 2, '有事件无法入库，已隔离待查'),
        ('unjudged', '', '', NULL, 3, '有事件未能及时研判，按默认等级发出')
    ) AS r (kind, side, limit_name, hazard_class, level, reason);

INSERT INTO policy (
    region, level, version, name, source, handling_s, repeat_s, retry_s, clear_after_s, suppress_s, valid_from
)
VALUES
('', 1, 1, '通用蓝色预警升级方案', '本项目建议值，无标准依据', 86400, 3600, 60, 1800, 14400, '2020-01-01'),
('', 2, 1, '通用黄色预警升级方案', '本项目建议值，无标准依据', 43200, 1800, 60, 1800, 14400, '2020-01-01'),
('', 3, 1, '通用橙色预警升级方案', '本项目建议值，无标准依据', 14400, 900, 60, 1800, 14400, '2020-01-01'),
('', 4, 1, '通用红色预警升级方案', '本项目建议值，无标准依据', 7200, 600, 60, 1800, 14400, '2020-01-01');

-- Ladders end: blue at the township (MON-10), yellow at the county, orange at the city, red at the highest agency.
INSERT INTO policy_step (policy_id, index, delay_s, rank, channels)
SELECT p.id, s.index, CASE s.index WHEN 0 THEN 0 ELSE p.repeat_s END, s.rank, ARRAY['in_app', 'sms']
FROM policy AS p
INNER JOIN (VALUES
    (1, 0, 0), (1, 1, 2),
    (2, 0, 0), (2, 1, 2), (2, 2, 3),
    (3, 0, 0), (3, 1, 2), (3, 2, 3), (3, 3, 4),
    (4, 0, 0), (4, 1, 2), (4, 2, 3), (4, 3, 4), (4, 4, 9)
) AS s (level, index, rank) ON p.level = s.level;
