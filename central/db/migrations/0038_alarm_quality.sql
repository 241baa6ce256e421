-- How well a plant's alarms serve its people: what rang on each day (ANSI/ISA-18.2 clause 16, EEMUA 191), what would be
-- right, and from which dead-bands and delays a search for better ones begins.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- what would be right ---------------------------------------------------------------------------------

-- Up to `good` a figure is as it should be, beyond `most` it is not manageable. Percent for shares, seconds for times.
CREATE TABLE alarm_target (
    measure text COLLATE "C" NOT NULL,
    good double precision NOT NULL,
    most double precision NOT NULL,
    source text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    PRIMARY KEY (measure, valid_from),
    CONSTRAINT alarm_target_order CHECK (good <= most)
);
SELECT open_table('alarm_target'), audit_table('alarm_target', 'measure');
INSERT INTO alarm_target (measure, good, most, source, valid_from)
SELECT t.*, '2020-01-01' FROM (VALUES
    ('per_day', 150, 300, 'ANSI/ISA-18.2-2016 第16章，每操作岗位'),
    ('per_hour', 6, 12, 'ANSI/ISA-18.2-2016 第16章，每操作岗位'),
    ('per_ten', 1, 2, 'ANSI/ISA-18.2-2016 第16章，每操作岗位'),
    ('hours_over', 0, 1, 'ANSI/ISA-18.2-2016 第16章：超过30条的小时不足1%'),
    ('tens_over', 0, 1, 'ANSI/ISA-18.2-2016 第16章：超过10条的十分钟不足1%'),
    ('peak_ten', 10, 10, 'ANSI/ISA-18.2-2016 第16章'),
    ('flood_time', 0, 1, 'ANSI/ISA-18.2-2016 第16章：泛滥时间不足1%'),
    ('top_ten', 1, 5, 'ANSI/ISA-18.2-2016 第16章：前十名合计1%至5%'),
    ('chattering', 0, 0, 'ANSI/ISA-18.2-2016 第16章：不应有抖动报警'),
    ('stale', 0, 5, 'ANSI/ISA-18.2-2016 第16章：任何一天少于5条'),
    ('high_share', 5, 10, 'EEMUA 191：高优先级约5%；上限为本项目建议值'),
    ('acknowledge_median', 60, 600, '本项目建议值，无标准依据'),
    ('acknowledge_p95', 600, 1800, '本项目建议值，无标准依据'),
    ('false_share', 5, 10, '本项目建议值，无标准依据')
) AS t (measure, good, most, source);

-- How many people an enterprise has at its alarms at any time; one where nobody says otherwise.
CREATE TABLE operator_positions (
    enterprise_id int PRIMARY KEY REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    positions smallint NOT NULL,
    said_at timestamptz NOT NULL,
    said_by text NOT NULL,
    CONSTRAINT operator_positions_some CHECK (positions BETWEEN 1 AND 99)
);
CREATE INDEX operator_positions_place ON operator_positions (place);
CREATE TRIGGER operator_positions_place BEFORE INSERT OR UPDATE OF enterprise_id ON operator_positions
FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();
SELECT scope_table('operator_positions', 'SELECT, INSERT, UPDATE'),
    audit_table('operator_positions', 'enterprise_id', 'place', 'sector');

-- Where a search for quieter settings begins: a dead-band as a share of the range, delays in seconds. The first row with a
-- word that the quantity holds counts; `on_delay_s` 0: this alarm must not wait.
CREATE TABLE tuning_rule (
    rank smallint PRIMARY KEY,
    words text [] NOT NULL,
    deadband_share double precision NOT NULL,
    on_delay_s double precision NOT NULL,
    off_delay_s double precision NOT NULL,
    source text NOT NULL,
    CONSTRAINT tuning_rule_share CHECK (deadband_share > 0 AND deadband_share < 1),
    CONSTRAINT tuning_rule_delays CHECK (on_delay_s >= 0 AND off_delay_s >= 0)
);
SELECT open_table('tuning_rule'), audit_table('tuning_rule', 'rank');
INSERT INTO tuning_rule (rank, words, deadband_share, on_delay_s, off_delay_s, source) VALUES
    (1, ARRAY['flow', '流量', '风量'], 0.05, 15, 15, 'ANSI/ISA-18.2 死区与延时推荐起点（流量）'),
    (2, ARRAY['level', '液位', '料位'], 0.05, 60, 60, 'ANSI/ISA-18.2 死区与延时推荐起点（液位）'),
    (3, ARRAY['pressure', '压力', '差压'], 0.02, 15, 15, 'ANSI/ISA-18.2 死区与延时推荐起点（压力）'),
    (4, ARRAY['temperature', '温度'], 0.01, 60, 60, 'ANSI/ISA-18.2 死区与延时推荐起点（温度）'),
    (5, ARRAY[''], 0.02, 0, 60, '本项目建议值：气体等其他参数不延时报警');

-- --- what rang on each day -------------------------------------------------------------------------------

-- One enterprise and day of Asia/Shanghai. An annunciation is an alarm that became B, not one that is tried on purpose.
-- Lists are of fixed length: alarms of each hour (24), of each priority (lamp, low, medium, high).
CREATE TABLE alarm_day (
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    day date NOT NULL,
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    annunciated int NOT NULL,
    covered int NOT NULL,
    chattering int NOT NULL,
    stale int NOT NULL,
    standing int NOT NULL,
    floods int NOT NULL,
    flood_s double precision NOT NULL,
    flood_alarms int NOT NULL,
    flooding boolean NOT NULL,
    peak_ten int NOT NULL,
    tens_over smallint NOT NULL,
    hours_over smallint NOT NULL,
    by_hour int [] NOT NULL,
    by_priority int [] NOT NULL,
    acknowledged int NOT NULL,
    -- Seconds from alarm to acknowledgement at the plant, at most a thousand of them.
    acknowledge_s real [] NOT NULL,
    whole boolean NOT NULL,
    rolled_at timestamptz NOT NULL,
    PRIMARY KEY (enterprise_id, day)
);
CREATE INDEX alarm_day_place ON alarm_day (place, day);
CREATE INDEX alarm_day_unfinished ON alarm_day (day) WHERE NOT whole;
CREATE TRIGGER alarm_day_place BEFORE INSERT ON alarm_day FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();
SELECT scope_table('alarm_day');

-- One alarm on a day on which it rang, was covered or stood. `since`: it stood when the day ended, since then.
CREATE TABLE alarm_day_alarm (
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    day date NOT NULL,
    gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
    alarm text NOT NULL,
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    point_id int REFERENCES point (id),
    priority smallint NOT NULL,
    annunciated int NOT NULL,
    covered int NOT NULL,
    chatters int NOT NULL,
    stood_s double precision NOT NULL,
    stale boolean NOT NULL,
    since timestamptz,
    shown_as text NOT NULL DEFAULT '',
    PRIMARY KEY (enterprise_id, day, gateway_id, alarm)
);
CREATE INDEX alarm_day_alarm_place ON alarm_day_alarm (place, day);
CREATE INDEX alarm_day_alarm_point ON alarm_day_alarm (point_id);
CREATE INDEX alarm_day_alarm_gateway ON alarm_day_alarm (gateway_id);
CREATE INDEX alarm_day_alarm_standing ON alarm_day_alarm (day, enterprise_id) WHERE since IS NOT NULL;
CREATE TRIGGER alarm_day_alarm_place BEFORE INSERT ON alarm_day_alarm
FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();
SELECT scope_table('alarm_day_alarm');

-- --- what is to be counted anew --------------------------------------------------------------------------

-- A line for each telling: whoever counts a day takes the lines that are there, and one that comes meanwhile stays.
CREATE TABLE alarm_day_due (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    enterprise_id int NOT NULL,
    day date NOT NULL,
    told_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX alarm_day_due_day ON alarm_day_due (day, enterprise_id);
SELECT worker_table('alarm_day_due');

-- Written in the transaction of the events: a late one has its day counted again, and none is ever forgotten.
CREATE FUNCTION alarm_days_told() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    INSERT INTO alarm_day_due (enterprise_id, day)
    SELECT DISTINCT g.enterprise_id, (t.at AT TIME ZONE 'Asia/Shanghai')::date
    FROM told AS t JOIN gateway AS g ON g.id = t.gateway_id
    WHERE t.alarm IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER event_alarm_days AFTER INSERT ON event REFERENCING NEW TABLE AS told
FOR EACH STATEMENT EXECUTE FUNCTION alarm_days_told();

-- Everything of the last year is counted once.
INSERT INTO alarm_day_due (enterprise_id, day)
SELECT DISTINCT g.enterprise_id, (e.at AT TIME ZONE 'Asia/Shanghai')::date
FROM event AS e JOIN gateway AS g ON g.id = e.gateway_id
WHERE e.alarm IS NOT NULL AND e.at > now() - interval '400 days';

-- Warnings of a time, for figures by week, month and year.
CREATE INDEX warning_place_raised ON warning (place, raised_at) WHERE NOT is_test AND NOT history;
