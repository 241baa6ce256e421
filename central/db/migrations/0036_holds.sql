-- Calls that wait: what one dead gateway or instrument explains is shown under its case, and what is out of service on
-- purpose is listed with its owner and its end. No case is left out, only its calls wait.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- windows ---------------------------------------------------------------------------------------------

-- A maintenance window, a permit to work, or something taken out of service: a dated, owned suppression of a subject.
-- `kinds` narrows it; empty: every kind that may wait. `holds_red` asks for red ones too, which counts only with the
-- consent of an agency above the enterprise.
CREATE TABLE suppression_window (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    category text COLLATE "C" NOT NULL,
    subject_type text COLLATE "C" NOT NULL,
    subject_id text COLLATE "C" NOT NULL,
    subject_name text NOT NULL,
    kinds text [] NOT NULL DEFAULT '{}',
    enterprise_id int NOT NULL REFERENCES enterprise (id),
    gateway_id text COLLATE "C" REFERENCES gateway (id),
    point_id int REFERENCES point (id),
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    reason text NOT NULL,
    permit_no text NOT NULL DEFAULT '',
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    declared_at timestamptz NOT NULL,
    declared_by int NOT NULL REFERENCES account (id),
    declared_name text NOT NULL,
    declared_for text NOT NULL,
    declared_agency_id int REFERENCES agency (id),
    holds_red boolean NOT NULL DEFAULT false,
    consent_at timestamptz,
    consent_by int REFERENCES account (id),
    consent_name text NOT NULL DEFAULT '',
    consent_for text NOT NULL DEFAULT '',
    consent_words text NOT NULL DEFAULT '',
    ended_at timestamptz,
    ended_by int REFERENCES account (id),
    ended_name text NOT NULL DEFAULT '',
    end_reason text NOT NULL DEFAULT '',
    version int NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL,
    CONSTRAINT suppression_window_category_known CHECK (category IN ('maintenance', 'permit', 'out_of_service')),
    CONSTRAINT suppression_window_subject_known CHECK (
        subject_type IN ('enterprise', 'gateway', 'instrument', 'point')
    ),
    CONSTRAINT suppression_window_times CHECK (ends_at > starts_at),
    CONSTRAINT suppression_window_consent_asked CHECK (consent_at IS NULL OR holds_red)
);
CREATE INDEX suppression_window_place ON suppression_window (place, ends_at);
CREATE INDEX suppression_window_lasting ON suppression_window (enterprise_id, ends_at) WHERE ended_at IS NULL;
CREATE INDEX suppression_window_gateway ON suppression_window (gateway_id);
CREATE INDEX suppression_window_point ON suppression_window (point_id);
CREATE INDEX suppression_window_agency ON suppression_window (declared_agency_id);
SELECT scope_table('suppression_window', 'SELECT, INSERT, UPDATE'),
    audit_table('suppression_window', 'id', 'place', 'sector', 'version', 'updated_at');
CREATE POLICY web_declares ON suppression_window AS RESTRICTIVE FOR INSERT TO fengsui_web
WITH CHECK ((SELECT app_may('window')));
CREATE POLICY web_changes ON suppression_window AS RESTRICTIVE FOR UPDATE TO fengsui_web
USING ((SELECT app_may('window')));
CREATE TRIGGER suppression_window_place BEFORE INSERT OR UPDATE OF enterprise_id ON suppression_window
FOR EACH ROW EXECUTE FUNCTION place_of_enterprise();

-- The longest that a window of a category may last, in a region and below.
CREATE TABLE window_rule (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    region text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    longest_s double precision NOT NULL,
    source text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    CONSTRAINT window_rule_region_form CHECK (region ~ '^[0-9]{0,12}$'),
    CONSTRAINT window_rule_category_known CHECK (category IN ('maintenance', 'permit', 'out_of_service')),
    CONSTRAINT window_rule_longest CHECK (longest_s > 0),
    CONSTRAINT window_rule_once UNIQUE (region, category, valid_from)
);
SELECT open_table('window_rule'), audit_table('window_rule', 'id');
INSERT INTO window_rule (region, category, longest_s, source, valid_from)
SELECT '', r.category, r.longest_s, '本项目建议值', '2020-01-01' FROM (VALUES
    ('maintenance', 259200), ('permit', 28800), ('out_of_service', 2592000)
) AS r (category, longest_s);

-- How long what a dead gateway or instrument explained may take to show itself well once that is heard again: a cause
-- that still holds then starts its own ladder.
CREATE TABLE settle_rule (
    kind text COLLATE "C" PRIMARY KEY,
    settle_s double precision NOT NULL,
    source text NOT NULL,
    CONSTRAINT settle_rule_wait CHECK (settle_s >= 0)
);
SELECT open_table('settle_rule'), audit_table('settle_rule', 'kind');
INSERT INTO settle_rule (kind, settle_s, source)
SELECT r.kind, r.settle_s, '本项目建议值' FROM (VALUES
    ('quality', 30), ('presence', 30), ('connection', 60), ('patrol', 120)
) AS r (kind, settle_s);

-- --- cases whose calls wait ------------------------------------------------------------------------------

-- `parent_id`: the dead gateway or instrument that explains it, also when that is over. `held_by`: why its calls wait now.
-- `hold_due_at`: when that is looked at again at the latest. `climb`: the round that climbs rung by rung.
ALTER TABLE warning
    -- squawk-ignore adding-foreign-key-constraint
    ADD COLUMN parent_id uuid REFERENCES warning (id),
    -- squawk-ignore adding-foreign-key-constraint
    ADD COLUMN window_id int REFERENCES suppression_window (id),
    ADD COLUMN held_by text,
    ADD COLUMN held_since timestamptz,
    ADD COLUMN hold_due_at timestamptz,
    ADD COLUMN climb int NOT NULL DEFAULT 0;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE warning ADD CONSTRAINT warning_held_by_known CHECK (
    (held_since IS NULL OR held_by IN ('parent', 'window', 'settle'))
    AND (held_since IS NULL) = (held_by IS NULL)
    AND (held_since IS NULL) = (hold_due_at IS NULL)
);
CREATE INDEX warning_parent ON warning (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX warning_window ON warning (window_id) WHERE window_id IS NOT NULL;
-- What a gateway's death may explain, and the dead themselves.
CREATE INDEX warning_waiting_at ON warning (gateway_id, kind) WHERE state IN ('open', 'acknowledged');
CREATE INDEX warning_waiting_of ON warning (enterprise_id) WHERE state IN ('open', 'acknowledged');
CREATE INDEX warning_dead ON warning (gateway_id) WHERE kind = 'presence' AND active;

ALTER TABLE timer DROP CONSTRAINT timer_kind_check;
ALTER TABLE timer ADD CONSTRAINT timer_kind_known CHECK (kind IN ('ladder', 'clear', 'suppression', 'hold'));

-- Cases that must be looked at because something else changed: one, those of a window, or those of a dead thing. Written
-- in the transaction of the change, worked on after its commit, each case in a transaction of its own.
CREATE TABLE hold_task (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    warning_id uuid REFERENCES warning (id),
    parent_id uuid REFERENCES warning (id),
    window_id int REFERENCES suppression_window (id),
    due_at timestamptz NOT NULL,
    CONSTRAINT hold_task_one CHECK (num_nonnulls(warning_id, parent_id, window_id) = 1)
);
CREATE INDEX hold_task_due ON hold_task (due_at, id);
SELECT worker_table('hold_task');
CREATE TRIGGER hold_task_wake AFTER INSERT ON hold_task
FOR EACH STATEMENT EXECUTE FUNCTION timer_wake();

CREATE FUNCTION dead_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    INSERT INTO hold_task (parent_id, due_at) VALUES (NEW.id, 'epoch');
    RETURN NULL;
END $$;
CREATE TRIGGER dead_appears AFTER INSERT ON warning
FOR EACH ROW WHEN (NEW.kind = 'presence' AND NOT NEW.history) EXECUTE FUNCTION dead_changed();
CREATE TRIGGER dead_changes AFTER UPDATE OF active, state, level ON warning
FOR EACH ROW WHEN (
    NEW.kind = 'presence' AND NOT NEW.history
    AND (OLD.active, OLD.state = 'false_alarm', OLD.level)
    IS DISTINCT FROM (NEW.active, NEW.state = 'false_alarm', NEW.level)
) EXECUTE FUNCTION dead_changed();

CREATE FUNCTION window_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    INSERT INTO hold_task (window_id, due_at) VALUES (NEW.id, 'epoch');
    IF NEW.ended_at IS NULL AND NEW.starts_at > NEW.updated_at THEN
        INSERT INTO hold_task (window_id, due_at) VALUES (NEW.id, NEW.starts_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER window_changes AFTER INSERT OR UPDATE OF starts_at, ends_at, ended_at, kinds, holds_red, consent_at
ON suppression_window
FOR EACH ROW EXECUTE FUNCTION window_changed();

-- Our proposal: plants declare their own, agencies declare, consent and end.
INSERT INTO role_operation (role, operation) VALUES
    ('enterprise', 'window'), ('township', 'window'), ('county', 'window'), ('city', 'window'), ('province', 'window');

-- An instrument that gives no answer is graded like a gateway that is not heard, in words of its own.
INSERT INTO level_rule (set_id, kind, quantity, hazard_class, level, reason)
SELECT s.id, 'presence', 'instrument', r.*
FROM level_rule_set AS s,
    (VALUES
        (NULL::smallint, 1::smallint, '仪表无应答'),
        (2, 2, '仪表无应答，二级重大危险源'),
        (1, 2, '仪表无应答，一级重大危险源')
    ) AS r (hazard_class, level, reason)
WHERE s.region = '' AND s.version = 1;
