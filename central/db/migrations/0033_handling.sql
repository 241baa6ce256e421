-- Handling: calls that people ask for, who a case is given to, photographs of it, and who has read it.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- cause_code: an entry of the dictionary of causes of the case's kind. asked: how many calls people asked for so far;
-- it numbers the next one, so that each is one row of the outbox (law-warning 19).
ALTER TABLE warning
    ADD COLUMN cause_code text NOT NULL DEFAULT '',
    ADD COLUMN assignee_id int,
    ADD COLUMN assignee_name text,
    ADD COLUMN assigned_at timestamptz,
    ADD COLUMN assigned_by text,
    ADD COLUMN asked int NOT NULL DEFAULT 0,
    ADD COLUMN urges int NOT NULL DEFAULT 0,
    ADD COLUMN urged_at timestamptz;
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ALTER TABLE warning ADD CONSTRAINT warning_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES account (id);
CREATE INDEX warning_assignee ON warning (assignee_id, state) WHERE assignee_id IS NOT NULL;

-- Empty for a rung of the ladder. Else a person asked for this call while the case was in that state: it is wanted as
-- long as the case is in it, paused or not; whatever answers the case takes it back like any other.
ALTER TABLE notification ADD COLUMN asked_in text NOT NULL DEFAULT '';

-- How often people may urge, by region; of the valid rows of the longest prefix the newest counts.
CREATE TABLE handling_rule (
    region text COLLATE "C" NOT NULL CHECK (region ~ '^[0-9]{0,12}$'),
    valid_from timestamptz NOT NULL,
    urge_every_s int NOT NULL CHECK (urge_every_s > 0),
    urge_most int NOT NULL CHECK (urge_most > 0),
    photos_most int NOT NULL CHECK (photos_most > 0),
    source text NOT NULL,
    PRIMARY KEY (region, valid_from)
);
SELECT open_table('handling_rule'), audit_table('handling_rule', 'region');
INSERT INTO handling_rule VALUES ('', '2020-01-01', 300, 30, 30, '本项目建议值，无标准依据');

-- A photograph of a case; the bytes are a stored file, which the case uses under the name "warning".
CREATE TABLE warning_photo (
    warning_id uuid NOT NULL REFERENCES warning (id),
    sha256 text COLLATE "C" NOT NULL REFERENCES stored_file (sha256),
    name text NOT NULL,
    at timestamptz NOT NULL,
    account_id int NOT NULL REFERENCES account (id),
    who text NOT NULL,
    PRIMARY KEY (warning_id, sha256)
);
SELECT scope_child_table('warning_photo', 'warning', 'warning_id', 'id', 'SELECT, INSERT');
REVOKE UPDATE, DELETE ON warning_photo FROM fengsui_worker;
CREATE INDEX warning_photo_file ON warning_photo (sha256);

-- Who opened a case, and when first.
CREATE TABLE warning_read (
    warning_id uuid NOT NULL REFERENCES warning (id),
    account_id int NOT NULL REFERENCES account (id),
    who text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (warning_id, account_id)
);
SELECT scope_child_table('warning_read', 'warning', 'warning_id', 'id', 'SELECT, INSERT');
CREATE INDEX warning_read_account ON warning_read (account_id);
