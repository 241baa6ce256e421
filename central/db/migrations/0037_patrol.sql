-- The patrol of stored values: what is wrong with the data of a point, the score of an enterprise and day with the
-- reason of each lost point, and the thresholds of management warnings.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- numbers as data -------------------------------------------------------------------------------------

-- What is asked of the values of a point, by quantity and unit as its gateway names them (NULL: any). Of the valid rows
-- that fit the one that names the quantity counts before the one that names the unit, then the longest region, then the
-- newest version. An empty number asks nothing.
CREATE TABLE patrol_rule (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    region text COLLATE "C" NOT NULL DEFAULT '',
    quantity text,
    unit text,
    version int NOT NULL DEFAULT 1,
    -- Silent: no value of any quality for so many of its own periods, and for so long at least.
    stale_periods double precision,
    stale_s int NOT NULL DEFAULT 900,
    -- Stuck: the same value for so many hours, although the process moves by this share of the range in that time. A
    -- value within `rest_share` of the lower end of its range rests there: no gas is no fault.
    stuck_h int,
    moves_share double precision NOT NULL DEFAULT 0,
    rest_share double precision NOT NULL DEFAULT 0,
    -- Out of the reasonable range; without numbers that of the instrument counts.
    ranged boolean NOT NULL DEFAULT true,
    low double precision,
    high double precision,
    -- Fluctuating: in each of the last so many hours it moved by more than this share of its range.
    swing_share double precision,
    swing_h int NOT NULL DEFAULT 3,
    -- Too rare: of the values that were to come in so many hours less than this share came.
    rare_share double precision,
    rare_h int NOT NULL DEFAULT 3,
    source text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    CONSTRAINT patrol_rule_once UNIQUE NULLS NOT DISTINCT (region, quantity, unit, version),
    CONSTRAINT patrol_rule_region_form CHECK (region ~ '^[0-9]{0,12}$'),
    CONSTRAINT patrol_rule_hours CHECK (
        stuck_h BETWEEN 1 AND 720 AND swing_h BETWEEN 1 AND 24 AND rare_h BETWEEN 1 AND 24
    ),
    CONSTRAINT patrol_rule_silence CHECK (stale_periods BETWEEN 1 AND 1000 AND stale_s BETWEEN 60 AND 2592000),
    CONSTRAINT patrol_rule_shares CHECK (
        moves_share BETWEEN 0 AND 1 AND rest_share BETWEEN 0 AND 1 AND swing_share > 0 AND rare_share BETWEEN 0 AND 1
    ),
    CONSTRAINT patrol_rule_range CHECK (low < high)
);

-- What a check costs: the share of its point that is lost while it holds, and after how long it is a warning (NULL:
-- never). `connection` is the point's gateway that was not heard; that has warnings of its own.
CREATE TABLE patrol_check (
    code text COLLATE "C" PRIMARY KEY,
    sequence smallint NOT NULL,
    weight double precision NOT NULL,
    warn_s int,
    source text NOT NULL,
    CONSTRAINT patrol_check_known CHECK (code IN ('stale', 'stuck', 'range', 'swing', 'rare', 'connection')),
    CONSTRAINT patrol_check_weight CHECK (weight BETWEEN 0 AND 1),
    CONSTRAINT patrol_check_warns CHECK (warn_s >= 0 AND (code <> 'connection' OR warn_s IS NULL))
);

-- Stability, reliability and effectiveness of a monitoring system (EDGE-21) in words: from which share on.
CREATE TABLE run_state_grade (
    figure text COLLATE "C" PRIMARY KEY,
    good_from double precision NOT NULL,
    fair_from double precision NOT NULL,
    source text NOT NULL,
    CONSTRAINT run_state_grade_known CHECK (figure IN ('stability', 'reliability', 'effectiveness')),
    CONSTRAINT run_state_grade_order CHECK (fair_from BETWEEN 0 AND good_from AND good_from <= 1)
);

-- The round: how often, how many enterprises a transaction, how much of the hours a judgement needs, how many batches a
-- gateway may still hold, and for how long our own absence counts as the point's silence (never: so long after it
-- nobody is called silent).
CREATE TABLE patrol_pace (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    every_s int NOT NULL CHECK (every_s BETWEEN 60 AND 86400),
    enterprises int NOT NULL CHECK (enterprises BETWEEN 1 AND 1000),
    cover_share double precision NOT NULL CHECK (cover_share BETWEEN 0 AND 1),
    backlog int NOT NULL CHECK (backlog >= 0),
    away_s int NOT NULL CHECK (away_s >= 60),
    source text NOT NULL,
    valid_from timestamptz NOT NULL
);

SELECT open_table('patrol_rule'), audit_table('patrol_rule', 'id'), open_table('patrol_check'),
    audit_table('patrol_check', 'code'), open_table('run_state_grade'), audit_table('run_state_grade', 'figure'),
    worker_table('patrol_pace'), audit_table('patrol_pace', 'id');

INSERT INTO patrol_check (code, sequence, weight, warn_s, source) VALUES
    ('connection', 1, 1, NULL, '本项目建议值，无标准依据'),
    ('stale', 2, 1, 1800, '本项目建议值，无标准依据'),
    ('range', 3, 0.6, 3600, '本项目建议值，无标准依据'),
    ('stuck', 4, 0.6, 3600, '本项目建议值，无标准依据'),
    ('swing', 5, 0.4, 3600, '本项目建议值，无标准依据'),
    ('rare', 6, 0.4, 7200, '本项目建议值，无标准依据');
INSERT INTO run_state_grade (figure, good_from, fair_from, source) VALUES
    ('stability', 0.98, 0.9, '本项目建议值，无标准依据'),
    ('reliability', 0.995, 0.95, '指标在线率 99.5%：全国危险化学品安全生产风险监测预警系统公开口径；其余为本项目建议值'),
    ('effectiveness', 0.98, 0.9, '本项目建议值，无标准依据');
INSERT INTO patrol_pace (every_s, enterprises, cover_share, backlog, away_s, source, valid_from)
VALUES (900, 40, 0.8, 10, 300, '本项目建议值，无标准依据', '2020-01-01');

INSERT INTO patrol_rule (quantity, unit, stale_periods, stuck_h, moves_share, rest_share, ranged, swing_share, rare_share,
                         source, valid_from)
SELECT r.*, '本项目建议值，无标准依据', '2020-01-01' FROM (VALUES
    (NULL, NULL, 3, 24, 0.0005, 0, true, 0.6, 0.5),
    -- Where there is no gas its instrument shows none for weeks.
    (NULL, '%LEL', 3, 24, 0.0005, 0.1, true, 0.8, 0.5),
    (NULL, 'mg/m³', 3, 24, 0.0005, 0.1, true, 0.8, 0.5),
    (NULL, 'ppm', 3, 24, 0.0005, 0.1, true, 0.8, 0.5),
    -- A temperature follows its weather; what a tank weighs may well rest for days.
    (NULL, '℃', 3, 24, 0.002, 0, true, 0.4, 0.5),
    (NULL, '°C', 3, 24, 0.002, 0, true, 0.4, 0.5),
    (NULL, 'kg', 3, NULL, 0, 0, true, 0.8, 0.5),
    (NULL, 't', 3, NULL, 0, 0, true, 0.8, 0.5),
    -- States have no unit: on is on, for as long as it likes.
    (NULL, '', 3, NULL, 0, 0, false, NULL, 0.5)
) AS r (quantity, unit, stale_periods, stuck_h, moves_share, rest_share, ranged, swing_share, rare_share);

-- --- what was found --------------------------------------------------------------------------------------

-- One check that a point does not pass, from `since` on; one open row a point and check.
CREATE TABLE patrol_finding (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    point_id int NOT NULL REFERENCES point (id),
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    code text COLLATE "C" NOT NULL REFERENCES patrol_check (code),
    rule_id int NOT NULL REFERENCES patrol_rule (id),
    since timestamptz NOT NULL,
    found_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    value double precision,
    limit_value double precision,
    unit text NOT NULL,
    words text NOT NULL,
    ended_at timestamptz,
    end_words text NOT NULL DEFAULT '',
    warn_at timestamptz,
    warned_at timestamptz,
    warning_id uuid,
    warning_ended_at timestamptz,
    -- How often in a row no warning could be made of it, and when it is tried again.
    failures smallint NOT NULL DEFAULT 0,
    try_at timestamptz
);
CREATE UNIQUE INDEX patrol_finding_open ON patrol_finding (point_id, code) WHERE ended_at IS NULL;
CREATE INDEX patrol_finding_place ON patrol_finding (place, id DESC);
CREATE INDEX patrol_finding_standing ON patrol_finding (enterprise_id, id) WHERE ended_at IS NULL;
CREATE INDEX patrol_finding_ended ON patrol_finding (enterprise_id, ended_at);
CREATE INDEX patrol_finding_gateway ON patrol_finding (gateway_id);
CREATE INDEX patrol_finding_to_warn ON patrol_finding (warn_at, id)
WHERE ended_at IS NULL AND warned_at IS NULL AND warn_at IS NOT NULL;
CREATE INDEX patrol_finding_to_end ON patrol_finding (ended_at, id)
WHERE warned_at IS NOT NULL AND warning_ended_at IS NULL;
CREATE TRIGGER patrol_finding_place BEFORE INSERT OR UPDATE OF enterprise_id ON patrol_finding
FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();
SELECT scope_table('patrol_finding');

-- One enterprise and day. `whole`: nothing of that day changes any more.
CREATE TABLE patrol_day (
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    day date NOT NULL,
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    points int NOT NULL,
    score double precision NOT NULL,
    stability double precision NOT NULL,
    reliability double precision NOT NULL,
    effectiveness double precision,
    values_good bigint NOT NULL,
    values_all bigint NOT NULL,
    judged_at timestamptz NOT NULL,
    whole boolean NOT NULL DEFAULT false,
    PRIMARY KEY (enterprise_id, day),
    CONSTRAINT patrol_day_score CHECK (score BETWEEN 0 AND 100)
);
CREATE INDEX patrol_day_place ON patrol_day (place, day);
CREATE INDEX patrol_day_worst ON patrol_day (day, score, enterprise_id);
CREATE TRIGGER patrol_day_place BEFORE INSERT OR UPDATE OF enterprise_id ON patrol_day
FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();
SELECT scope_table('patrol_day');

-- Why an enterprise has not a hundred: each loss, of a finding or of a gateway that was not heard.
CREATE TABLE patrol_loss (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    enterprise_id int NOT NULL,
    day date NOT NULL,
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    code text COLLATE "C" NOT NULL REFERENCES patrol_check (code),
    gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
    finding_id bigint REFERENCES patrol_finding (id),
    since timestamptz NOT NULL,
    held_s double precision NOT NULL,
    points int NOT NULL,
    lost double precision NOT NULL,
    CONSTRAINT patrol_loss_day FOREIGN KEY (enterprise_id, day) REFERENCES patrol_day (enterprise_id, day)
    ON DELETE CASCADE
);
CREATE INDEX patrol_loss_day ON patrol_loss (enterprise_id, day, lost DESC);
CREATE INDEX patrol_loss_place ON patrol_loss (place);
CREATE INDEX patrol_loss_finding ON patrol_loss (finding_id);
CREATE INDEX patrol_loss_gateway ON patrol_loss (gateway_id);
CREATE TRIGGER patrol_loss_place BEFORE INSERT OR UPDATE OF enterprise_id ON patrol_loss
FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();
SELECT scope_table('patrol_loss');

-- How far the round is. `looked_at`: when somebody patrolled last; `awake_since`: from when on without a break.
CREATE TABLE patrol_round (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    cursor int,
    begun_at timestamptz,
    looked_at timestamptz,
    awake_since timestamptz
);
SELECT worker_table('patrol_round');
INSERT INTO patrol_round DEFAULT VALUES;

-- --- management thresholds (MON-03) ----------------------------------------------------------------------

-- When a figure of an enterprise's management is a warning. How an item is measured is the program's; from which number
-- on, for whom (sectors, NULL: all; with hazards also whoever has a major hazard) and since when is this table's. Of the
-- valid rows of an item the longest region counts, then the newest version; `asked` false asks nothing there.
CREATE TABLE management_threshold (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    region text COLLATE "C" NOT NULL DEFAULT '',
    item text COLLATE "C" NOT NULL,
    version int NOT NULL DEFAULT 1,
    limit_value double precision NOT NULL,
    asked boolean NOT NULL DEFAULT true,
    sectors text [],
    hazards boolean NOT NULL DEFAULT false,
    source text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    changed_by_name text NOT NULL DEFAULT '',
    CONSTRAINT management_threshold_once UNIQUE (region, item, version),
    CONSTRAINT management_threshold_region_form CHECK (region ~ '^[0-9]{0,12}$'),
    CONSTRAINT management_threshold_item_known CHECK (item IN (
        'online-rate', 'data-score', 'hidden-report', 'rectification', 'plan', 'training', 'promise', 'certificates',
        'updates'
    )),
    CONSTRAINT management_threshold_limit CHECK (limit_value BETWEEN 0 AND 100000)
);
SELECT open_table('management_threshold'), audit_table('management_threshold', 'id');

INSERT INTO management_threshold (item, limit_value, sectors, hazards, source, valid_from) VALUES
    ('online-rate', 95, NULL, false, '本项目建议值，无标准依据', '2020-01-01'),
    ('data-score', 60, NULL, false, '本项目建议值，无标准依据', '2020-01-01'),
    ('hidden-report', 31, '{chemical}', true, '本项目建议值，无标准依据', '2020-01-01'),
    ('rectification', 0, NULL, false, '重大隐患应按计划期限完成治理；数值为本项目建议值', '2020-01-01'),
    ('plan', 0, NULL, false, '应急预案三年一评估；数值为本项目建议值', '2020-01-01'),
    ('training', 366, '{chemical}', true, '从业人员每年再培训；数值为本项目建议值', '2020-01-01'),
    ('promise', 3, '{chemical}', true, '应急〔2018〕74号：每日承诺；天数为本项目建议值', '2020-01-01'),
    ('certificates', 2, NULL, false, '本项目建议值，无标准依据', '2020-01-01'),
    ('updates', 3, NULL, false, '本项目建议值，无标准依据', '2020-01-01');

-- A figure beyond its threshold; one open row an enterprise and item.
CREATE TABLE management_finding (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    item text COLLATE "C" NOT NULL,
    threshold_id int NOT NULL REFERENCES management_threshold (id),
    value double precision NOT NULL,
    limit_value double precision NOT NULL,
    since timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    ended_at timestamptz,
    warning_id uuid
);
CREATE UNIQUE INDEX management_finding_open ON management_finding (enterprise_id, item) WHERE ended_at IS NULL;
CREATE INDEX management_finding_place ON management_finding (place, id DESC);
CREATE TRIGGER management_finding_place BEFORE INSERT OR UPDATE OF enterprise_id ON management_finding
FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();
SELECT scope_table('management_finding');

-- When the figures were last looked at, so that one process does it, once a time.
CREATE TABLE management_round (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    cursor int,
    begun_at timestamptz
);
SELECT worker_table('management_round');
INSERT INTO management_round DEFAULT VALUES;

-- --- who may ---------------------------------------------------------------------------------------------

-- As with level tables: written by those whose scope holds the whole region and all its sectors.
DO $$
DECLARE
    holds text := scope_policy('region') || $w$ AND coalesce(current_setting('app.sectors', true), '') = ''$w$;
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['patrol_rule', 'management_threshold'] LOOP
        EXECUTE format('CREATE POLICY web_enact ON %I FOR INSERT TO fengsui_web WITH CHECK (%s)', t, holds);
        EXECUTE format('CREATE POLICY web_end ON %I FOR UPDATE TO fengsui_web USING (%2$s) WITH CHECK (%2$s)', t, holds);
        EXECUTE format('GRANT INSERT, UPDATE (valid_to) ON %I TO fengsui_web', t);
    END LOOP;
END $$;
INSERT INTO role_operation (role, operation)
VALUES ('province', 'thresholds'), ('city', 'thresholds'), ('county', 'thresholds');

-- --- levels of what was found ----------------------------------------------------------------------------

INSERT INTO level_rule (set_id, kind, limit_name, hazard_class, level, reason)
SELECT s.id, r.*
FROM level_rule_set AS s,
    (VALUES
        ('patrol', 'STALE', 1::smallint, 2::smallint, '测点数据中断，一级重大危险源'),
        ('patrol', 'STALE', 2, 2, '测点数据中断，二级重大危险源'),
        ('management', 'rectification', NULL, 2, '重大隐患逾期未完成治理')
    ) AS r (kind, limit_name, hazard_class, level, reason)
WHERE s.region = '' AND s.version = 1;
