-- Calls: one outbox row for each person, rung and channel, until it is known how it ended.
-- Keeps law-warning 19, 20: unique, sent after commit, resent with the same key, always ended.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

CREATE TABLE notification (
    id uuid PRIMARY KEY,
    warning_id uuid NOT NULL REFERENCES warning (id),
    level smallint NOT NULL,
    round int NOT NULL,
    step smallint NOT NULL,
    person text NOT NULL,
    channel text NOT NULL,
    account_id int REFERENCES account (id),
    person_name text NOT NULL,
    agency_name text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    text text NOT NULL,
    -- The id is made of the six columns of the unique constraint and is the key that a provider gets each time.
    state text NOT NULL CHECK (
        state IN ('pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'superseded', 'unreachable')
    ),
    attempts smallint NOT NULL DEFAULT 0,
    due_at timestamptz,
    possibly_twice boolean NOT NULL DEFAULT false,
    provider_id text,
    reason text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    claimed_at timestamptz,
    sent_at timestamptz,
    delivered_at timestamptz,
    read_at timestamptz,
    ended_at timestamptz,
    UNIQUE (warning_id, level, round, step, person, channel),
    -- What has not ended has a time at which somebody looks at it again.
    CONSTRAINT notification_never_forgotten CHECK ((ended_at IS NULL) = (due_at IS NOT NULL)),
    CONSTRAINT notification_ends CHECK (
        (ended_at IS NULL) = (state IN ('pending', 'sending', 'sent'))
    )
);
SELECT scope_child_table('notification', 'warning', 'warning_id', 'id', 'SELECT, UPDATE');
CREATE INDEX notification_due ON notification (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX notification_mine ON notification (account_id, channel, state) WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX notification_provider ON notification (channel, provider_id) WHERE provider_id IS NOT NULL;

-- Whoever sends looks again.
CREATE FUNCTION outbox_wake() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM pg_notify('fengsui_outbox', '');
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_wake AFTER INSERT ON notification
FOR EACH STATEMENT EXECUTE FUNCTION outbox_wake();
