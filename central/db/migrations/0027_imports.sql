-- Files that are being imported into registers, and the rows of them that could not be.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- One file of one person. `content` stays until nobody needs it any more; `done` counts rows from the top of the file
-- and moves in the transaction that wrote them: after a crash the next reader goes on there. `claimed_until`: by then
-- whoever works on it has said so again, or another process takes over.
CREATE TABLE import_job (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    register text COLLATE "C" NOT NULL,
    account_id int NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    file_name text NOT NULL,
    bytes int NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    content bytea,
    dry_run boolean NOT NULL,
    submit boolean NOT NULL,
    state text COLLATE "C" NOT NULL DEFAULT 'waiting',
    total int,
    done int NOT NULL DEFAULT 0,
    created int NOT NULL DEFAULT 0,
    changed int NOT NULL DEFAULT 0,
    unchanged int NOT NULL DEFAULT 0,
    bad int NOT NULL DEFAULT 0,
    notices text [] NOT NULL DEFAULT '{}',
    error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    began_at timestamptz,
    ended_at timestamptz,
    claimed_until timestamptz,
    CONSTRAINT import_job_state_known CHECK (state IN ('waiting', 'running', 'checked', 'done', 'failed')),
    CONSTRAINT import_job_counts CHECK (done = created + changed + unchanged + bad)
);
CREATE INDEX import_job_of_account ON import_job (account_id, id DESC);
CREATE INDEX import_job_due ON import_job (id) WHERE state IN ('waiting', 'running');

-- What somebody imports is that person's alone, whatever the file holds; records follow the jurisdiction as always.
SELECT protect_table('import_job');
CREATE POLICY web_own ON import_job TO fengsui_web
USING (account_id = nullif(current_setting('app.actor', true), '')::int)
WITH CHECK (account_id = nullif(current_setting('app.actor', true), '')::int);
GRANT SELECT, INSERT, UPDATE ON import_job TO fengsui_web;

-- A row that was refused, as it was sent, with everything that is wrong with it.
CREATE TABLE import_bad_row (
    job_id bigint NOT NULL REFERENCES import_job (id) ON DELETE CASCADE,
    row_order int NOT NULL,
    found jsonb NOT NULL,
    PRIMARY KEY (job_id, row_order)
);
SELECT scope_child_table('import_bad_row', 'import_job', 'job_id', 'id', 'SELECT, INSERT, DELETE');
