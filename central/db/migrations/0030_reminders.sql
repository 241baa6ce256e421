-- Reminders: what somebody let lapse or owes, told once, settled by itself; overdue ones become management warnings.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- numbers as data -------------------------------------------------------------------------------------

-- How a declared reminder is meant here: of the valid rows that fit, the one of this register before the general one,
-- then that of the longest region, then the newest version. cause: `day` of a day that comes near, `update` of a record
-- that is owed or was not touched. days: instead of the declared ones. grace_days: so long after the due day it becomes
-- a management warning; NULL: never. expected: who has no record at all owes one, of these sectors (NULL: all), and with
-- hazards also whoever has a major hazard; what was owed before asked_from is not asked for. while_stopped: asked of an
-- enterprise that does not produce as well; papers lapse and dangers stay, only what is promised of a running day rests.
CREATE TABLE reminder_rule (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    region text COLLATE "C" NOT NULL DEFAULT '',
    register text COLLATE "C" NOT NULL DEFAULT '',
    cause text NOT NULL,
    version int NOT NULL DEFAULT 1,
    days int,
    grace_days int,
    expected boolean NOT NULL DEFAULT false,
    sectors text [],
    hazards boolean NOT NULL DEFAULT false,
    asked_from date NOT NULL DEFAULT CURRENT_DATE,
    while_stopped boolean NOT NULL DEFAULT true,
    source text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    CONSTRAINT reminder_rule_once UNIQUE (region, register, cause, version),
    CONSTRAINT reminder_rule_region_form CHECK (region ~ '^[0-9]{0,12}$'),
    CONSTRAINT reminder_rule_cause_known CHECK (cause IN ('day', 'update')),
    CONSTRAINT reminder_rule_days CHECK (days BETWEEN 0 AND 3650 AND grace_days BETWEEN 0 AND 3650)
);
SELECT open_table('reminder_rule'), audit_table('reminder_rule', 'id');

INSERT INTO reminder_rule (register, cause, grace_days, expected, sectors, hazards, source, valid_from) VALUES
    ('', 'day', 0, false, NULL, false, '本项目建议值，无标准依据', '2020-01-01'),
    ('', 'update', 30, false, NULL, false, '本项目建议值，无标准依据', '2020-01-01'),
    ('safety-promises', 'update', 2, true, '{chemical}', true, '应急〔2018〕74号：每日承诺；宽限天数为本项目建议值',
     '2020-01-01'),
    ('dynamic-data', 'update', 15, false, NULL, false, '企业动态数据每月更新两次；宽限天数为本项目建议值', '2020-01-01');

UPDATE reminder_rule SET while_stopped = false WHERE register = 'safety-promises';

CREATE FUNCTION reminder_rule_of(of_register text, of_cause text, at_place text, moment timestamptz)
RETURNS SETOF reminder_rule
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
    SELECT r.* FROM reminder_rule AS r
    WHERE r.cause = of_cause AND r.register IN ('', of_register) AND starts_with(at_place, r.region)
      AND r.valid_from <= moment AND (r.valid_to IS NULL OR r.valid_to > moment)
    ORDER BY r.register <> '' DESC, length(r.region) DESC, r.version DESC
    LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION reminder_rule_of(text, text, text, timestamptz) TO fengsui_web, fengsui_worker;

-- --- what is due -----------------------------------------------------------------------------------------

-- One thing that is due on one day. Another day of the same record is another row: this one is settled then.
CREATE TABLE reminder (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    register text COLLATE "C" NOT NULL,
    cause text NOT NULL,
    -- The field of the declaration whose day counts; empty where the last update counts.
    field text COLLATE "C" NOT NULL DEFAULT '',
    record_id bigint,
    enterprise_id int REFERENCES enterprise (id),
    agency_id int REFERENCES agency (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT '',
    -- What the register is called, what is said, and which record: as they were when it was found.
    register_title text NOT NULL,
    words text NOT NULL,
    title text NOT NULL DEFAULT '',
    due_on date NOT NULL,
    warn_on date,
    found_at timestamptz NOT NULL,
    told_at timestamptz,
    told_late_at timestamptz,
    settled_at timestamptz,
    warned_at timestamptz,
    warning_id uuid,
    warning_ended_at timestamptz,
    -- How often in a row the warnings could not be told of it, since when it is set aside, and when they are again.
    failures smallint NOT NULL DEFAULT 0,
    failing_since timestamptz,
    try_at timestamptz,
    CONSTRAINT reminder_one_owner CHECK (num_nonnulls(enterprise_id, agency_id) = 1),
    CONSTRAINT reminder_cause_known CHECK (cause IN ('day', 'update'))
);
CREATE UNIQUE INDEX reminder_open ON reminder
    (register, field, record_id, enterprise_id, agency_id, due_on) NULLS NOT DISTINCT WHERE settled_at IS NULL;
CREATE INDEX reminder_place ON reminder (place, due_on, id);
CREATE INDEX reminder_enterprise ON reminder (enterprise_id, due_on) WHERE settled_at IS NULL;
CREATE INDEX reminder_agency ON reminder (agency_id) WHERE agency_id IS NOT NULL;
CREATE INDEX reminder_untold ON reminder (due_on) WHERE settled_at IS NULL AND told_late_at IS NULL;
CREATE INDEX reminder_to_tell ON reminder (id) WHERE settled_at IS NULL AND told_at IS NULL;
CREATE INDEX reminder_to_warn ON reminder (warn_on, id) WHERE settled_at IS NULL AND warned_at IS NULL;
CREATE INDEX reminder_to_end ON reminder (id) WHERE warned_at IS NOT NULL AND warning_ended_at IS NULL;
-- Of one thing the older row ends before the newer one is a warning.
CREATE INDEX reminder_unended ON reminder (register, field, coalesce(record_id, -enterprise_id))
WHERE warned_at IS NOT NULL AND warning_ended_at IS NULL;
CREATE INDEX reminder_set_aside ON reminder (failing_since) WHERE failing_since IS NOT NULL;
CREATE TRIGGER reminder_place BEFORE INSERT ON reminder FOR EACH ROW EXECUTE FUNCTION place_of_owner();
SELECT scope_table('reminder');

-- --- warnings about papers -------------------------------------------------------------------------------

-- A ladder may be that of one kind of case. That of papers may ring in some hours only, and wait for a look at the screen
-- as long as it likes: nobody is called at night for a paper, and a message that nobody read in ten minutes is no failed
-- call. `policy` is a table of some rows.
ALTER TABLE policy
    ADD COLUMN kind text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN hour_from smallint NOT NULL DEFAULT 0,
    ADD COLUMN hour_to smallint NOT NULL DEFAULT 24,
    ADD COLUMN look_s double precision NOT NULL DEFAULT 600;
ALTER TABLE policy DROP CONSTRAINT policy_region_level_version_key;
ALTER TABLE policy
    -- squawk-ignore disallowed-unique-constraint
    ADD CONSTRAINT policy_once UNIQUE (region, kind, level, version),
    -- squawk-ignore constraint-missing-not-valid
    ADD CONSTRAINT policy_hours CHECK (hour_from >= 0 AND hour_from < hour_to AND hour_to <= 24),
    -- squawk-ignore constraint-missing-not-valid
    ADD CONSTRAINT policy_look CHECK (look_s > 0),
    -- Quiet hours and a patient screen are for papers alone, and no red one is quiet.
    -- squawk-ignore constraint-missing-not-valid
    ADD CONSTRAINT policy_quiet_papers_only CHECK (
        (kind = 'management' OR look_s = 600)
        AND ((kind = 'management' AND level < 4) OR (hour_from = 0 AND hour_to = 24))
    );

-- What waits is taken in this order: red, orange, yellow, blue of the instruments (0 to 3), and the same of papers only
-- after them (4 to 7). Ten thousand papers that wake at eight in the morning delay no alarm.
CREATE FUNCTION urgency_of(kind text, level smallint) RETURNS smallint
LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp
AS $$ SELECT (CASE kind WHEN 'management' THEN 8 ELSE 4 END - level)::smallint $$;
GRANT EXECUTE ON FUNCTION urgency_of(text, smallint) TO fengsui_web, fengsui_worker;
ALTER TABLE timer ADD COLUMN urgency smallint NOT NULL DEFAULT 0;
ALTER TABLE notification ADD COLUMN urgency smallint NOT NULL DEFAULT 0;
UPDATE timer AS t SET urgency = urgency_of(w.kind, w.level) FROM warning AS w WHERE w.id = t.warning_id;
UPDATE notification AS n SET urgency = urgency_of(w.kind, n.level)
FROM warning AS w WHERE w.id = n.warning_id AND n.due_at IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX timer_urgent ON timer (urgency, due_at);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX notification_urgent ON notification (urgency, due_at) WHERE due_at IS NOT NULL;

-- Calls about papers are one message a person: a thousand of them bury no message about an alarm.
CREATE OR REPLACE FUNCTION message_of_call() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    w record;
    about text;
BEGIN
    SELECT c.kind, c.title, c.place, c.sector INTO w FROM warning AS c WHERE c.id = NEW.warning_id;
    about := CASE WHEN w.kind = 'management' THEN 'papers' ELSE 'warning/' || NEW.warning_id END;
    IF TG_OP = 'UPDATE' THEN
        UPDATE message SET read_at = NEW.read_at
        WHERE account_id = NEW.account_id AND key = about AND read_at IS NULL;
    ELSIF w.kind = 'management' THEN
        -- It names no enterprise: it stays when one of them leaves the jurisdiction.
        PERFORM tell_account(
            NEW.account_id, about, 'warning', '管理预警', '有资料或证照逾期的管理预警待处理，请查看预警列表。',
            '/warnings', '', '', NEW.created_at);
    ELSIF w.kind IS NOT NULL THEN
        PERFORM tell_account(
            NEW.account_id, about, 'warning', w.title, NEW.text, '/warnings/' || NEW.warning_id, w.place, w.sector,
            NEW.created_at);
    END IF;
    RETURN NULL;
END $$;

-- quantity: the register; limit_name: `day` or `update`. Our proposal, no standard gives them.
INSERT INTO level_rule (set_id, kind, limit_name, quantity, level, reason)
SELECT s.id, r.*
FROM level_rule_set AS s,
    (VALUES
        ('management', '', '', 1::smallint, '资料或证照逾期未更新'),
        ('management', 'day', 'licences', 2, '企业证照过期'),
        ('management', 'day', 'chemical-licences', 2, '危险化学品许可过期')
    ) AS r (kind, limit_name, quantity, level, reason)
WHERE s.region = '';

INSERT INTO policy (
    region, kind, level, version, name, source, handling_s, repeat_s, retry_s, clear_after_s, suppress_s, hour_from,
    hour_to, look_s, valid_from
)
VALUES
('', 'management', 1, 1, '管理类蓝色预警升级方案', '本项目建议值，无标准依据', 1209600, 604800, 86400, 1800, 2592000, 8, 18,
 604800, '2020-01-01'),
('', 'management', 2, 1, '管理类黄色预警升级方案', '本项目建议值，无标准依据', 604800, 259200, 86400, 1800, 2592000, 8, 18,
 259200, '2020-01-01'),
('', 'management', 3, 1, '管理类橙色预警升级方案', '本项目建议值，无标准依据', 604800, 259200, 86400, 1800, 2592000, 8, 18,
 259200, '2020-01-01'),
('', 'management', 4, 1, '管理类红色预警升级方案', '本项目建议值，无标准依据', 604800, 259200, 86400, 1800, 2592000, 0, 24,
 259200, '2020-01-01');

-- Each level ends where it does for every case; a paper is told on the screen alone.
INSERT INTO policy_step (policy_id, index, delay_s, rank, channels)
SELECT p.id, s.index, CASE s.index WHEN 0 THEN 0 ELSE p.repeat_s END, s.rank, ARRAY['in_app']
FROM policy AS p
INNER JOIN (VALUES
    (1, 0, 0), (1, 1, 2),
    (2, 0, 0), (2, 1, 2), (2, 2, 3),
    (3, 0, 0), (3, 1, 2), (3, 2, 3), (3, 3, 4),
    (4, 0, 0), (4, 1, 2), (4, 2, 3), (4, 3, 4), (4, 4, 9)
) AS s (level, index, rank) ON p.level = s.level
WHERE p.kind = 'management';
