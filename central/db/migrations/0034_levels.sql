-- Level tables that officials edit: a draft judges nothing; put in force it is the region's next version.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

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
