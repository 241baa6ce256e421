-- One door for what becomes a warning: conditions of any kind, and cases of an agency instead of an enterprise.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- whose case it is ------------------------------------------------------------------------------------

-- A case belongs to an enterprise, or to an agency: its weather, its stocks, what was told of its area.
ALTER TABLE warning
    -- Whoever reads a case lives with both owners from this version on.
    -- squawk-ignore ban-drop-not-null
    ALTER COLUMN enterprise_id DROP NOT NULL,
    -- squawk-ignore adding-foreign-key-constraint
    ADD COLUMN agency_id int REFERENCES agency (id);
ALTER TABLE warning ADD CONSTRAINT warning_one_owner CHECK (num_nonnulls(enterprise_id, agency_id) = 1);
CREATE INDEX warning_agency ON warning (agency_id, raised_at DESC) WHERE agency_id IS NOT NULL;

-- A case stands where its enterprise stands, or where its agency sits; that of an agency belongs to no sector.
CREATE FUNCTION place_of_case() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    IF NEW.agency_id IS NULL THEN
        SELECT place, sector INTO STRICT NEW.place, NEW.sector FROM enterprise WHERE id = NEW.enterprise_id FOR KEY SHARE;
    ELSE
        SELECT place, '' INTO STRICT NEW.place, NEW.sector FROM agency WHERE id = NEW.agency_id FOR KEY SHARE;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER warning_place ON warning;
CREATE TRIGGER warning_place BEFORE INSERT OR UPDATE OF enterprise_id, agency_id ON warning
FOR EACH ROW EXECUTE FUNCTION place_of_case();

CREATE FUNCTION cases_follow_agency() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    UPDATE warning SET agency_id = NEW.id WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER agency_cases_follow AFTER UPDATE ON agency
FOR EACH ROW WHEN (OLD.place IS DISTINCT FROM NEW.place) EXECUTE FUNCTION cases_follow_agency();

-- --- the new kinds ---------------------------------------------------------------------------------------

-- What a register or a patrol finds waits behind alarms, like papers, and may wait for a look as long.
CREATE OR REPLACE FUNCTION urgency_of(kind text, level smallint) RETURNS smallint
LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp
AS $$ SELECT (CASE WHEN kind IN ('management', 'shortage', 'patrol') THEN 8 ELSE 4 END - level)::smallint $$;

ALTER TABLE policy DROP CONSTRAINT policy_quiet_papers_only;
ALTER TABLE policy
    ADD CONSTRAINT policy_quiet_papers_only CHECK (
        (kind IN ('management', 'shortage', 'patrol') OR look_s = 600)
        AND ((kind IN ('management', 'shortage', 'patrol') AND level < 4) OR (hour_from = 0 AND hour_to = 24))
    );

INSERT INTO level_rule (set_id, kind, hazard_class, level, reason)
SELECT s.id, r.*
FROM level_rule_set AS s,
    (VALUES
        ('patrol', NULL::smallint, 1::smallint, '数据质量巡检发现问题'),
        ('connection', NULL, 1, '设备连接异常'),
        ('connection', 2, 2, '设备连接异常，二级重大危险源'),
        ('connection', 1, 2, '设备连接异常，一级重大危险源'),
        ('shortage', NULL, 1, '应急资源低于配置下限'),
        ('model', NULL, 2, '模型预警，模型未给出等级'),
        ('manual', NULL, 2, '人工预警，未指定等级'),
        ('external', NULL, 2, '外部预警，来源未给出等级'),
        ('weather', NULL, 2, '气象预警，来源未给出等级')
    ) AS r (kind, hazard_class, level, reason)
WHERE s.region = '' AND s.version = 1;

-- Our proposal: shortages and patrol findings run by day and on screen, as papers do.
INSERT INTO policy (
    region, kind, level, version, name, source, handling_s, repeat_s, retry_s, clear_after_s, suppress_s, hour_from,
    hour_to, look_s, valid_from
)
SELECT '', k.kind, p.level, 1, k.name || l.name || '预警升级方案', p.source, p.handling_s, p.repeat_s, p.retry_s,
    p.clear_after_s, p.suppress_s, p.hour_from, p.hour_to, p.look_s, p.valid_from
FROM policy AS p
INNER JOIN (VALUES (1, '蓝色'), (2, '黄色'), (3, '橙色'), (4, '红色')) AS l (level, name) ON l.level = p.level
CROSS JOIN (VALUES ('shortage', '资源短缺'), ('patrol', '数据巡检')) AS k (kind, name)
WHERE p.region = '' AND p.kind = 'management' AND p.version = 1;

INSERT INTO policy_step (policy_id, index, delay_s, rank, channels)
SELECT n.id, s.index, s.delay_s, s.rank, s.channels
FROM policy AS n
INNER JOIN policy AS p ON p.region = '' AND p.kind = 'management' AND p.version = 1 AND p.level = n.level
INNER JOIN policy_step AS s ON s.policy_id = p.id
WHERE n.region = '' AND n.kind IN ('shortage', 'patrol') AND n.version = 1;

-- --- approval before push --------------------------------------------------------------------------------

-- Law-warning 17: what a model or a person warns of waits for a second voice, so long; of a level after that time it is
-- given when `given` says so. Of the valid rows the longest region counts, then the newest.
CREATE TABLE approval_rule (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    region text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    level smallint NOT NULL,
    needed boolean NOT NULL,
    wait_s double precision NOT NULL,
    given boolean NOT NULL,
    source text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    CONSTRAINT approval_rule_region_form CHECK (region ~ '^[0-9]{0,12}$'),
    CONSTRAINT approval_rule_kind_gated CHECK (kind IN ('manual', 'model')),
    CONSTRAINT approval_rule_level_known CHECK (level BETWEEN 1 AND 4),
    CONSTRAINT approval_rule_wait CHECK (wait_s > 0),
    -- No red one waits for ever.
    CONSTRAINT approval_rule_red_is_given CHECK (level < 4 OR given),
    CONSTRAINT approval_rule_once UNIQUE (region, kind, level, valid_from)
);
SELECT open_table('approval_rule'), audit_table('approval_rule', 'id');
INSERT INTO approval_rule (region, kind, level, needed, wait_s, given, source, valid_from)
SELECT '', k.kind, l.level, true, l.wait_s, l.level = 4, '本项目建议值，无标准依据', '2020-01-01'
FROM (VALUES ('manual'), ('model')) AS k (kind)
CROSS JOIN (VALUES (1, 86400), (2, 14400), (3, 3600), (4, 600)) AS l (level, wait_s);

-- What waits for approval, and what became of it: no warning yet, so nobody is called and the enterprise sees nothing.
CREATE TABLE proposal (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    side text NOT NULL,
    is_test boolean NOT NULL,
    enterprise_id int REFERENCES enterprise (id),
    agency_id int REFERENCES agency (id),
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    level smallint NOT NULL,
    level_reason text NOT NULL,
    title text NOT NULL,
    reference text NOT NULL,
    fact jsonb NOT NULL,
    given boolean NOT NULL,
    proposed_at timestamptz NOT NULL,
    proposed_by int REFERENCES account (id),
    proposed_name text NOT NULL,
    due_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting',
    decided_at timestamptz,
    decided_by int REFERENCES account (id),
    decided_name text NOT NULL DEFAULT '',
    opinion text NOT NULL DEFAULT '',
    warning_id uuid REFERENCES warning (id),
    CONSTRAINT proposal_one_owner CHECK (num_nonnulls(enterprise_id, agency_id) = 1),
    CONSTRAINT proposal_level_known CHECK (level BETWEEN 1 AND 4),
    CONSTRAINT proposal_state_known CHECK (state IN ('waiting', 'approved', 'refused', 'given', 'withdrawn'))
);
CREATE UNIQUE INDEX proposal_waiting ON proposal (kind, subject_type, subject_id, side, is_test) WHERE state = 'waiting';
CREATE INDEX proposal_due ON proposal (due_at) WHERE state = 'waiting' AND given;
CREATE INDEX proposal_identity ON proposal (kind, subject_type, subject_id, side, is_test, id DESC);
CREATE INDEX proposal_place ON proposal (place, id DESC);
CREATE INDEX proposal_enterprise ON proposal (enterprise_id);
CREATE INDEX proposal_agency ON proposal (agency_id);
SELECT scope_table('proposal'), audit_table('proposal', 'id', 'place', 'sector', 'fact');
-- Hidden from the enterprise and from whoever neither warns nor approves.
CREATE POLICY web_supervises ON proposal AS RESTRICTIVE TO fengsui_web
    USING ((SELECT app_may('warn') OR app_may('approve')));
CREATE TRIGGER proposal_place BEFORE INSERT OR UPDATE OF enterprise_id, agency_id ON proposal
FOR EACH ROW EXECUTE FUNCTION place_of_case();

CREATE OR REPLACE FUNCTION cases_follow_agency() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    UPDATE warning SET agency_id = NEW.id WHERE agency_id = NEW.id;
    UPDATE proposal SET agency_id = NEW.id WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;

-- Our proposal: who supervises an area may warn in it; a county and above approves.
INSERT INTO role_operation (role, operation) VALUES
    ('province', 'warn'), ('city', 'warn'), ('county', 'warn'), ('township', 'warn'),
    ('province', 'approve'), ('city', 'approve'), ('county', 'approve');

-- --- told from outside -----------------------------------------------------------------------------------

-- Levels of what others tell in the words of CAP 1.2 (OASIS, 3.2.2): an empty word fits all, the row that says more wins.
CREATE TABLE cap_level (
    severity text NOT NULL,
    urgency text NOT NULL,
    certainty text NOT NULL,
    level smallint NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (severity, urgency, certainty),
    CONSTRAINT cap_level_known CHECK (level BETWEEN 1 AND 4)
);
SELECT open_table('cap_level'), audit_table('cap_level', 'severity');
INSERT INTO cap_level (severity, urgency, certainty, level, source)
SELECT r.*, '本项目建议值，CAP 1.2 不规定级别' FROM (VALUES
    ('', '', '', 2::smallint),
    ('Extreme', '', '', 4),
    ('Severe', '', '', 3),
    ('Moderate', '', '', 2),
    ('Minor', '', '', 1),
    ('Extreme', 'Future', '', 3),
    ('Extreme', '', 'Unlikely', 3),
    ('Severe', '', 'Unlikely', 2),
    ('Moderate', '', 'Unlikely', 1),
    ('', 'Past', '', 1)
) AS r (severity, urgency, certainty, level);

-- What another system told, one row an owner whom it concerns; `identifiers` are all messages of its life, `raw` the last.
CREATE TABLE external_warning (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sender text COLLATE "C" NOT NULL,
    identifier text COLLATE "C" NOT NULL,
    identifiers text [] NOT NULL,
    source_name text NOT NULL,
    kind text COLLATE "C" NOT NULL,
    enterprise_id int REFERENCES enterprise (id),
    agency_id int REFERENCES agency (id),
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    is_test boolean NOT NULL,
    level smallint NOT NULL,
    level_reason text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    expires_at timestamptz,
    ended_at timestamptz,
    brought_by int REFERENCES account (id),
    raw text NOT NULL,
    warning_id uuid REFERENCES warning (id),
    CONSTRAINT external_warning_one_owner CHECK (num_nonnulls(enterprise_id, agency_id) = 1),
    CONSTRAINT external_warning_kind_known CHECK (kind IN ('external', 'weather')),
    CONSTRAINT external_warning_level_known CHECK (level BETWEEN 1 AND 4),
    CONSTRAINT external_warning_once UNIQUE NULLS NOT DISTINCT (sender, identifier, enterprise_id, agency_id)
);
CREATE INDEX external_warning_place ON external_warning (place, id DESC);
CREATE INDEX external_warning_enterprise ON external_warning (enterprise_id);
CREATE INDEX external_warning_agency ON external_warning (agency_id);
CREATE INDEX external_warning_messages ON external_warning USING gin (identifiers);
CREATE INDEX external_warning_expires ON external_warning (expires_at) WHERE ended_at IS NULL;
SELECT scope_table('external_warning'), audit_table('external_warning', 'id', 'place', 'sector', 'raw', 'identifiers');
CREATE TRIGGER external_warning_place BEFORE INSERT OR UPDATE OF enterprise_id, agency_id ON external_warning
FOR EACH ROW EXECUTE FUNCTION place_of_case();

CREATE OR REPLACE FUNCTION cases_follow_agency() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    UPDATE warning SET agency_id = NEW.id WHERE agency_id = NEW.id;
    UPDATE proposal SET agency_id = NEW.id WHERE agency_id = NEW.id;
    UPDATE external_warning SET agency_id = NEW.id WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;

INSERT INTO role_operation (role, operation) VALUES ('province', 'external'), ('city', 'external'), ('county', 'external');
