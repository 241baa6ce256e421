-- Risk models as declared versions, indices of enterprises, industries, areas and times, and their days.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- models ----------------------------------------------------------------------------------------------

-- A version is never edited: an index names the one that made it. Of the valid ones the longest region counts, then
-- the newest version. `definition` is terms with weights, curves and what a missing input counts, levels, floors,
-- thresholds; central/risk/models.py says its shape.
CREATE TABLE risk_model (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scale text COLLATE "C" NOT NULL,
    region text COLLATE "C" NOT NULL,
    version int NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    definition jsonb NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    CONSTRAINT risk_model_scale_known CHECK (scale IN ('enterprise', 'industry', 'area', 'time')),
    CONSTRAINT risk_model_region_form CHECK (region ~ '^[0-9]{0,12}$'),
    CONSTRAINT risk_model_definition_form CHECK (jsonb_typeof(definition) = 'object'),
    CONSTRAINT risk_model_once UNIQUE (scale, region, version)
);
SELECT open_table('risk_model'), audit_table('risk_model', 'id');

CREATE TABLE risk_draft (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scale text COLLATE "C" NOT NULL,
    region text COLLATE "C" NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    definition jsonb NOT NULL,
    based_on int REFERENCES risk_model (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by_name text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    version int NOT NULL DEFAULT 1,
    CONSTRAINT risk_draft_scale_known CHECK (scale IN ('enterprise', 'industry', 'area', 'time')),
    CONSTRAINT risk_draft_region_form CHECK (region ~ '^[0-9]{2,12}$'),
    CONSTRAINT risk_draft_once UNIQUE (scale, region, name)
);
CREATE INDEX risk_draft_based_on ON risk_draft (based_on);
SELECT protect_table('risk_draft'), audit_table('risk_draft', 'id', 'version', 'updated_at');

-- Written by those whose scope holds the whole region and all its sectors: a model counts for them all.
DO $$
DECLARE
    holds text := scope_policy('region') || $w$ AND coalesce(current_setting('app.sectors', true), '') = ''$w$;
BEGIN
    EXECUTE format('CREATE POLICY web_scope ON risk_draft TO fengsui_web USING (%1$s) WITH CHECK (%1$s)', holds);
    EXECUTE format('CREATE POLICY web_enact ON risk_model FOR INSERT TO fengsui_web WITH CHECK (%s)', holds);
    EXECUTE format('CREATE POLICY web_end ON risk_model FOR UPDATE TO fengsui_web USING (%1$s) WITH CHECK (%1$s)', holds);
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON risk_draft TO fengsui_web;
GRANT INSERT, UPDATE (valid_to) ON risk_model TO fengsui_web;
INSERT INTO role_operation (role, operation) VALUES ('province', 'models'), ('city', 'models'), ('county', 'models');

-- --- indices ---------------------------------------------------------------------------------------------

-- What stands now. `subject`: enterprise/<id>, area/<region>, area/<region>/month, industry/<region>/<sector>.
-- `inputs` holds every input of the scale as it was read at `inputs_at`; null is missing. The reasons follow from
-- it and the model, whose version never changes.
CREATE TABLE risk_index (
    subject text COLLATE "C" PRIMARY KEY,
    scale text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    enterprise_id int REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL,
    model_id int NOT NULL REFERENCES risk_model (id),
    score double precision NOT NULL,
    level smallint NOT NULL,
    inputs jsonb NOT NULL,
    missing smallint NOT NULL,
    inputs_at timestamptz NOT NULL,
    day date NOT NULL,
    CONSTRAINT risk_index_level_known CHECK (level BETWEEN 1 AND 4),
    CONSTRAINT risk_index_score_range CHECK (score BETWEEN 0 AND 100),
    CONSTRAINT risk_index_period_known CHECK (period IN ('live', 'month', 'quarter', 'year'))
);
CREATE INDEX risk_index_place ON risk_index (place, scale);
CREATE INDEX risk_index_enterprise ON risk_index (enterprise_id);
CREATE INDEX risk_index_model ON risk_index (model_id);
CREATE INDEX risk_index_day ON risk_index (day, subject);
SELECT scope_table('risk_index');

-- One row a subject and day: the last index of the day, and the worst of it.
CREATE TABLE risk_day (
    subject text COLLATE "C" NOT NULL,
    day date NOT NULL,
    scale text COLLATE "C" NOT NULL,
    enterprise_id int REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL,
    model_id int NOT NULL REFERENCES risk_model (id),
    score double precision NOT NULL,
    worst double precision NOT NULL,
    level smallint NOT NULL,
    inputs jsonb NOT NULL,
    inputs_at timestamptz NOT NULL,
    PRIMARY KEY (subject, day)
);
CREATE INDEX risk_day_place ON risk_day (place, day);
CREATE INDEX risk_day_enterprise ON risk_day (enterprise_id);
CREATE INDEX risk_day_model ON risk_day (model_id);
SELECT scope_table('risk_day');

-- What is reckoned over all sectors is seen by those who see all sectors; the others see their industries.
CREATE POLICY web_whole ON risk_index AS RESTRICTIVE TO fengsui_web
    USING (scale NOT IN ('area', 'time') OR coalesce(current_setting('app.sectors', true), '') = '');
CREATE POLICY web_whole ON risk_day AS RESTRICTIVE TO fengsui_web
    USING (scale NOT IN ('area', 'time') OR coalesce(current_setting('app.sectors', true), '') = '');

-- A threshold that is passed: told as one condition until the index is well below it again.
CREATE TABLE risk_alert (
    subject text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    level smallint NOT NULL,
    since timestamptz NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (subject, kind),
    CONSTRAINT risk_alert_kind_known CHECK (kind IN ('above', 'rise'))
);
SELECT worker_table('risk_alert');

-- Weather is asked for by kind: among ten million warnings it is some thousand.
CREATE INDEX warning_weather ON warning (raised_at) WHERE kind = 'weather';

-- --- what has to be reckoned anew ------------------------------------------------------------------------

-- Somebody's input changed: one row each time, without a lock that others wait for; taken together by the worker.
-- `place` of an enterprise, or the code of a region.
CREATE TABLE risk_mark (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX risk_mark_place ON risk_mark (place);
SELECT scope_table('risk_mark');

CREATE FUNCTION risk_mark_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    INSERT INTO risk_mark (place) VALUES (NEW.place);
    RETURN NULL;
END $$;

CREATE TRIGGER risk_mark_new AFTER INSERT ON warning
FOR EACH ROW WHEN (NEW.enterprise_id IS NOT NULL AND NEW.kind <> 'model' AND NOT NEW.is_test)
EXECUTE FUNCTION risk_mark_row();
CREATE TRIGGER risk_mark AFTER UPDATE OF state, level ON warning
FOR EACH ROW WHEN (
    NEW.enterprise_id IS NOT NULL AND NEW.kind <> 'model' AND NOT NEW.is_test
    AND (OLD.state <> NEW.state OR OLD.level <> NEW.level)
)
EXECUTE FUNCTION risk_mark_row();
CREATE TRIGGER risk_mark AFTER UPDATE OF presence ON gateway_state
FOR EACH ROW WHEN (OLD.presence <> NEW.presence) EXECUTE FUNCTION risk_mark_row();
CREATE TRIGGER risk_mark_new AFTER INSERT ON gateway_state FOR EACH ROW EXECUTE FUNCTION risk_mark_row();
CREATE TRIGGER risk_mark_new AFTER INSERT ON reminder FOR EACH ROW EXECUTE FUNCTION risk_mark_row();
CREATE TRIGGER risk_mark AFTER UPDATE OF settled_at, due_on ON reminder
FOR EACH ROW WHEN (OLD.settled_at IS DISTINCT FROM NEW.settled_at OR OLD.due_on <> NEW.due_on)
EXECUTE FUNCTION risk_mark_row();
-- The score of a round is written each time; a point of it more or less is a change.
CREATE TRIGGER risk_mark_new AFTER INSERT ON patrol_day FOR EACH ROW EXECUTE FUNCTION risk_mark_row();
CREATE TRIGGER risk_mark AFTER UPDATE OF score ON patrol_day
FOR EACH ROW WHEN (round(OLD.score) <> round(NEW.score)) EXECUTE FUNCTION risk_mark_row();
CREATE TRIGGER risk_mark_new AFTER INSERT ON enterprise FOR EACH ROW EXECUTE FUNCTION risk_mark_row();
CREATE TRIGGER risk_mark AFTER UPDATE ON enterprise
FOR EACH ROW WHEN (
    OLD.hazard_class IS DISTINCT FROM NEW.hazard_class OR OLD.sector <> NEW.sector OR OLD.place <> NEW.place
    OR OLD.removed_at IS DISTINCT FROM NEW.removed_at
)
EXECUTE FUNCTION risk_mark_row();

-- An import writes ten thousand versions in a statement: one mark an owner.
CREATE FUNCTION risk_mark_records() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    INSERT INTO risk_mark (place) SELECT DISTINCT v.place FROM written AS v;
    RETURN NULL;
END $$;
CREATE TRIGGER risk_mark_records AFTER INSERT ON record_version
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION risk_mark_records();

-- Another model in force: everything of its region is reckoned anew.
CREATE FUNCTION risk_mark_model() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    IF NEW.scale = 'enterprise' THEN
        INSERT INTO risk_mark (place)
        SELECT e.place FROM enterprise AS e
        WHERE e.removed_at IS NULL AND (NEW.region = '' OR (e.place >= NEW.region AND e.place < NEW.region || ':'));
    ELSE
        INSERT INTO risk_mark (place)
        SELECT DISTINCT i.place FROM risk_index AS i
        WHERE i.scale <> 'enterprise' AND (NEW.region = '' OR (i.place >= NEW.region AND i.place < NEW.region || ':'));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER risk_mark AFTER INSERT OR UPDATE OF valid_to ON risk_model
FOR EACH ROW EXECUTE FUNCTION risk_mark_model();

-- --- our proposal ----------------------------------------------------------------------------------------

INSERT INTO risk_model (region, scale, version, name, source, valid_from, definition)
VALUES
(
    '', 'enterprise', 1, '企业风险指数（通用）', '本项目建议值，无标准依据', '2020-01-01',
    '{
      "terms": [
        {"input": "hazard_class", "weight": 15, "curve": "steps", "points": [[1, 1], [2, 0.8], [3, 0.6], [4, 0.4]], "missing": {"rule": "assume", "share": 0}},
        {"input": "key_hazards", "weight": 8, "curve": "linear", "points": [[0, 0], [5, 1]], "missing": {"rule": "assume", "share": 0.5}},
        {"input": "risks_high", "weight": 7, "curve": "steps", "points": [[0, 0], [1, 0.4], [3, 0.7], [6, 1]], "missing": {"rule": "assume", "share": 0.5}},
        {"input": "people_near", "weight": 5, "curve": "linear", "points": [[0, 0], [100, 0.5], [500, 1]], "missing": {"rule": "assume", "share": 0.5}},
        {"input": "accidents_year", "weight": 5, "curve": "steps", "points": [[0, 0], [1, 1]], "missing": {"rule": "assume", "share": 0}},
        {"input": "alarm_red", "weight": 20, "curve": "steps", "points": [[0, 0], [1, 0.75], [2, 1]], "missing": {"rule": "assume", "share": 0}},
        {"input": "alarm_orange", "weight": 10, "curve": "steps", "points": [[0, 0], [1, 0.5], [3, 1]], "missing": {"rule": "assume", "share": 0}},
        {"input": "alarm_yellow", "weight": 3, "curve": "linear", "points": [[0, 0], [4, 1]], "missing": {"rule": "assume", "share": 0}},
        {"input": "alarms_30", "weight": 3, "curve": "linear", "points": [[0, 0], [20, 1]], "missing": {"rule": "assume", "share": 0}},
        {"input": "unanswered", "weight": 3, "curve": "linear", "points": [[0, 0], [3, 1]], "missing": {"rule": "assume", "share": 0}},
        {"input": "patrol_score", "weight": 2, "curve": "linear", "points": [[60, 1], [100, 0]], "missing": {"rule": "assume", "share": 0.5}},
        {"input": "quality_open", "weight": 1, "curve": "linear", "points": [[0, 0], [5, 1]], "missing": {"rule": "assume", "share": 0}},
        {"input": "offline", "weight": 4, "curve": "linear", "points": [[0, 0], [100, 1]], "missing": {"rule": "assume", "share": 0.5}},
        {"input": "papers_late", "weight": 5, "curve": "linear", "points": [[0, 0], [5, 1]], "missing": {"rule": "assume", "share": 0}},
        {"input": "forms_late", "weight": 2, "curve": "linear", "points": [[0, 0], [10, 1]], "missing": {"rule": "assume", "share": 0}},
        {"input": "promises_late", "weight": 2, "curve": "linear", "points": [[0, 0], [3, 1]], "missing": {"rule": "assume", "share": 0}},
        {"input": "major_dangers", "weight": 5, "curve": "steps", "points": [[0, 0], [1, 0.6], [2, 1]], "missing": {"rule": "assume", "share": 0}}
      ],
      "bands": {"red": 70, "orange": 50, "yellow": 30},
      "floors": [
        {"input": "alarm_red", "least": 1, "score": 70, "words": "有未结束的红色报警"},
        {"input": "major_dangers", "least": 1, "score": 50, "words": "有重大隐患未整改完成"}
      ],
      "alerts": [{"kind": "above", "points": 70, "level": "orange"}, {"kind": "rise", "points": 20, "days": 7, "level": "yellow"}],
      "margin": 5
    }'::jsonb
),
(
    '', 'industry', 1, '行业风险指数（通用）', '本项目建议值，无标准依据', '2020-01-01',
    '{
      "terms": [
        {"input": "worst", "weight": 40, "curve": "linear", "points": [[0, 0], [100, 1]], "missing": {"rule": "spread"}},
        {"input": "share_high", "weight": 25, "curve": "linear", "points": [[0, 0], [20, 1]], "missing": {"rule": "spread"}},
        {"input": "mean", "weight": 15, "curve": "linear", "points": [[0, 0], [60, 1]], "missing": {"rule": "spread"}},
        {"input": "coupled", "weight": 20, "curve": "steps", "points": [[0, 0], [2, 0.5], [4, 1]], "missing": {"rule": "spread"}}
      ],
      "bands": {"red": 70, "orange": 50, "yellow": 30},
      "floors": [
        {"input": "red", "least": 1, "score": 50, "words": "有企业处于红色"},
        {"input": "red", "least": 3, "score": 70, "words": "三家及以上企业处于红色"}
      ],
      "alerts": [{"kind": "above", "points": 70, "level": "orange"}, {"kind": "rise", "points": 25, "days": 7, "level": "yellow"}],
      "margin": 5
    }'::jsonb
),
(
    '', 'area', 1, '区域风险指数（通用）', '本项目建议值，无标准依据', '2020-01-01',
    '{
      "terms": [
        {"input": "worst", "weight": 35, "curve": "linear", "points": [[0, 0], [100, 1]], "missing": {"rule": "spread"}},
        {"input": "share_high", "weight": 15, "curve": "linear", "points": [[0, 0], [20, 1]], "missing": {"rule": "spread"}},
        {"input": "major_hazards", "weight": 10, "curve": "linear", "points": [[0, 0], [10, 1]], "missing": {"rule": "spread"}},
        {"input": "nature", "weight": 10, "curve": "linear", "points": [[0, 0], [20, 1]], "missing": {"rule": "assume", "share": 0.5}},
        {"input": "weather", "weight": 10, "curve": "linear", "points": [[0, 0], [4, 1]], "missing": {"rule": "assume", "share": 0}},
        {"input": "teams", "weight": 8, "curve": "steps", "points": [[0, 1], [1, 0.5], [3, 0]], "missing": {"rule": "assume", "share": 0.5}},
        {"input": "supplies", "weight": 6, "curve": "steps", "points": [[0, 1], [5, 0.5], [20, 0]], "missing": {"rule": "assume", "share": 0.5}},
        {"input": "shelters", "weight": 6, "curve": "linear", "points": [[0, 1], [5000, 0]], "missing": {"rule": "assume", "share": 0.5}}
      ],
      "bands": {"red": 70, "orange": 50, "yellow": 30},
      "floors": [
        {"input": "red", "least": 1, "score": 50, "words": "有企业处于红色"},
        {"input": "red", "least": 3, "score": 70, "words": "三家及以上企业处于红色"}
      ],
      "alerts": [{"kind": "above", "points": 70, "level": "orange"}, {"kind": "rise", "points": 25, "days": 7, "level": "yellow"}],
      "margin": 5
    }'::jsonb
),
(
    '', 'time', 1, '时度风险指数（通用）', '本项目建议值，无标准依据', '2020-01-01',
    '{
      "terms": [
        {"input": "worst_day", "weight": 35, "curve": "linear", "points": [[0, 0], [100, 1]], "missing": {"rule": "spread"}},
        {"input": "days_high", "weight": 25, "curve": "linear", "points": [[0, 0], [50, 1]], "missing": {"rule": "spread"}},
        {"input": "weather_cases", "weight": 20, "curve": "linear", "points": [[0, 0], [10, 1]], "missing": {"rule": "assume", "share": 0}},
        {"input": "nature", "weight": 10, "curve": "linear", "points": [[0, 0], [20, 1]], "missing": {"rule": "assume", "share": 0.5}},
        {"input": "rise", "weight": 10, "curve": "linear", "points": [[0, 0], [20, 1]], "missing": {"rule": "assume", "share": 0.5}}
      ],
      "bands": {"red": 70, "orange": 50, "yellow": 30},
      "floors": [
        {"input": "worst_day", "least": 70, "score": 50, "words": "期间有一天处于红色"}
      ],
      "alerts": [],
      "margin": 5
    }'::jsonb
);
