-- Level tables that officials edit (a draft judges nothing; put in force it is the region's next version), and rows
-- that make worse what lasts or comes again.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- rows that wait for a condition to last or to come again ----------------------------------------------

-- Both empty: the row counts at once. Else it raises what has held so long, or was raised so often in so many
-- hours; it never gives the first level, so that every kind keeps a row that waits for nothing.
ALTER TABLE level_rule ADD COLUMN held_s int NOT NULL DEFAULT 0;
ALTER TABLE level_rule ADD COLUMN raises int NOT NULL DEFAULT 0;
ALTER TABLE level_rule ADD COLUMN within_h int NOT NULL DEFAULT 0;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE level_rule ADD CONSTRAINT level_rule_waits CHECK (
    held_s >= 0 AND raises >= 0 AND within_h >= 0 AND (raises > 0) = (within_h > 0) AND (held_s = 0 OR raises = 0)
);
ALTER TABLE level_rule DROP CONSTRAINT level_rule_set_id_kind_side_limit_name_quantity_hazard_clas_key;
-- squawk-ignore disallowed-unique-constraint
ALTER TABLE level_rule ADD CONSTRAINT level_rule_once
    UNIQUE NULLS NOT DISTINCT (set_id, kind, side, limit_name, quantity, hazard_class, held_s, raises, within_h);

-- A condition of an open case that a row of its table makes worse if it still holds then; gone once it is over.
CREATE TABLE level_wait (
    warning_id uuid NOT NULL REFERENCES warning (id),
    limit_name text NOT NULL,
    side text NOT NULL,
    quantity text NOT NULL,
    hazard_class smallint,
    since timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (warning_id, limit_name)
);
CREATE INDEX level_wait_due ON level_wait (due_at);
SELECT scope_child_table('level_wait', 'warning', 'warning_id', 'id', 'SELECT, INSERT, UPDATE, DELETE');

-- What ends waits no more: an alarm when the last of its limit is over; what follows a false alarm takes it along.
CREATE FUNCTION level_wait_of_alarm() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    IF NEW.warning_id <> OLD.warning_id THEN
        INSERT INTO level_wait (warning_id, limit_name, side, quantity, hazard_class, since, due_at)
        SELECT NEW.warning_id, t.limit_name, t.side, t.quantity, t.hazard_class, t.since, t.due_at
        FROM level_wait AS t
        WHERE t.warning_id = OLD.warning_id AND t.limit_name = NEW.limit_name
        ON CONFLICT DO NOTHING;
        DELETE FROM level_wait AS t WHERE t.warning_id = OLD.warning_id AND t.limit_name = NEW.limit_name;
    ELSIF NEW.cleared_at IS NOT NULL THEN
        DELETE FROM level_wait AS t
        WHERE t.warning_id = NEW.warning_id AND t.limit_name = NEW.limit_name
            AND NOT EXISTS (
                SELECT 1 FROM warning_alarm AS a
                WHERE a.warning_id = NEW.warning_id AND a.limit_name = NEW.limit_name AND a.cleared_at IS NULL
            );
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER level_wait AFTER UPDATE OF cleared_at, warning_id ON warning_alarm
FOR EACH ROW WHEN (OLD.cleared_at IS DISTINCT FROM NEW.cleared_at OR OLD.warning_id <> NEW.warning_id)
EXECUTE FUNCTION level_wait_of_alarm();

CREATE FUNCTION level_wait_of_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    DELETE FROM level_wait AS t WHERE t.warning_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER level_wait AFTER UPDATE OF active ON warning
FOR EACH ROW WHEN (OLD.active AND NOT NEW.active AND NEW.state <> 'false_alarm')
EXECUTE FUNCTION level_wait_of_case();

-- --- drafts ----------------------------------------------------------------------------------------------

-- A table in work, whole in one document: what is in it counts nowhere until it is put in force.
CREATE TABLE level_draft (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    region text COLLATE "C" NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    rules jsonb NOT NULL,
    based_on int REFERENCES level_rule_set (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by_name text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    version int NOT NULL DEFAULT 1,
    CONSTRAINT level_draft_region_form CHECK (region ~ '^[0-9]{2,12}$'),
    CONSTRAINT level_draft_rules_list CHECK (jsonb_typeof(rules) = 'array'),
    CONSTRAINT level_draft_name_key UNIQUE (region, name)
);
CREATE INDEX level_draft_based_on ON level_draft (based_on);
SELECT protect_table('level_draft'), audit_table('level_draft', 'id', 'version', 'updated_at');

-- --- who may ---------------------------------------------------------------------------------------------

-- A table is written by those whose scope holds its whole region, and all its sectors: it grades them all.
DO $$
DECLARE
    holds text := scope_policy('region');
    every_sector text := $w$ AND coalesce(current_setting('app.sectors', true), '') = ''$w$;
BEGIN
    EXECUTE format('CREATE POLICY web_scope ON level_draft TO fengsui_web USING (%1$s) WITH CHECK (%1$s)',
                   holds || every_sector);
    EXECUTE format('CREATE POLICY web_enact ON level_rule_set FOR INSERT TO fengsui_web WITH CHECK (%s)',
                   holds || every_sector);
    EXECUTE format('CREATE POLICY web_end ON level_rule_set FOR UPDATE TO fengsui_web USING (%1$s) WITH CHECK (%1$s)',
                   holds || every_sector);
END $$;
CREATE POLICY web_enact ON level_rule FOR INSERT TO fengsui_web WITH CHECK (
    EXISTS (
        SELECT 1 FROM level_rule_set AS s
        WHERE s.id = level_rule.set_id AND s.region >= current_setting('app.place_lo', true)
            AND s.region < current_setting('app.place_hi', true)
            AND coalesce(
                s.region::text <@ (SELECT nullif(current_setting('app.places', true), ''))::place_multirange, true
            )
            AND coalesce(current_setting('app.sectors', true), '') = ''
    )
);
GRANT SELECT, INSERT, UPDATE, DELETE ON level_draft TO fengsui_web;
GRANT INSERT, UPDATE (valid_to) ON level_rule_set TO fengsui_web;
GRANT INSERT ON level_rule TO fengsui_web;

INSERT INTO role_operation (role, operation) VALUES ('province', 'levels'), ('city', 'levels'), ('county', 'levels');
