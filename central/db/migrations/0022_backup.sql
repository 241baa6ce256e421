-- The backups that were made, by their names, and when the next one is due.

SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- One row a backup, wanted or made; the folder beside its name is what counts, this is the memory of it.
CREATE TABLE backup (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C",
    target text NOT NULL,
    state text NOT NULL,
    kind text NOT NULL DEFAULT '',
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    began_at timestamptz,
    ended_at timestamptz,
    bytes bigint,
    raw_bytes bigint,
    schema int,
    encrypted boolean NOT NULL DEFAULT false,
    error text NOT NULL DEFAULT '',
    -- Restored on trial: when, whether it went well, and what was found.
    checked_at timestamptz,
    check_good boolean,
    check_words text NOT NULL DEFAULT '',
    -- Since when it is no longer where it was.
    gone_at timestamptz,
    CONSTRAINT backup_name_key UNIQUE (name),
    CONSTRAINT backup_state_known CHECK (state IN ('wanted', 'running', 'good', 'failed')),
    CONSTRAINT backup_good_has_name CHECK (state <> 'good' OR (name IS NOT NULL AND bytes IS NOT NULL))
);
SELECT worker_table('backup');
CREATE INDEX backup_newest ON backup (id DESC);
-- Nobody asks for a second one while one waits.
CREATE UNIQUE INDEX backup_one_wanted ON backup ((state)) WHERE state = 'wanted';

-- When the next backup and the next trial are due; claimed with SKIP LOCKED by one of the central processes.
CREATE TABLE backup_timer (
    kind text PRIMARY KEY,
    due_at timestamptz NOT NULL,
    since timestamptz NOT NULL,
    CONSTRAINT backup_timer_kind_known CHECK (kind IN ('backup', 'check'))
);
SELECT worker_table('backup_timer');
