-- What belongs to one person at the console: settings, and messages that were addressed to them.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

CREATE TABLE account_setting (
    account_id int PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    value jsonb NOT NULL DEFAULT '{}',
    changed_at timestamptz NOT NULL,
    -- Settings are words and column names; a store for anything else they are not.
    CONSTRAINT account_setting_small CHECK (octet_length(value::text) <= 65536)
);
SELECT protect_table('account_setting');
CREATE POLICY web_own ON account_setting TO fengsui_web
    USING (account_id = nullif(current_setting('app.actor', true), '')::int)
    WITH CHECK (account_id = nullif(current_setting('app.actor', true), '')::int);
GRANT SELECT, INSERT, UPDATE ON account_setting TO fengsui_web;

-- One message to one person. `key`: what it is about; the same thing told again is the same row, unread again.
-- `place` and `sector`: of what it is about, empty where it is about the person or the system alone; who moves to
-- another jurisdiction no longer reads of the old one.
CREATE TABLE message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id int NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    key text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    text text NOT NULL DEFAULT '',
    link text NOT NULL DEFAULT '',
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    read_at timestamptz,
    CONSTRAINT message_once UNIQUE (account_id, key),
    CONSTRAINT message_link_is_ours CHECK (link = '' OR link ~ '^/([^/]|$)')
);
CREATE INDEX message_newest ON message (account_id, at DESC, id DESC);
CREATE INDEX message_unread ON message (account_id) WHERE read_at IS NULL;

DO $$
BEGIN
    PERFORM protect_table('message');
    EXECUTE format(
        'CREATE POLICY web_own ON message TO fengsui_web USING ('
        'account_id = nullif(current_setting(''app.actor'', true), '''')::int AND (place = '''' OR (%s)))',
        scope_policy('place', 'sector'));
END $$;
GRANT SELECT, UPDATE (read_at) ON message TO fengsui_web;

-- Tells somebody something, from whichever transaction it happens in; told again it is unread again.
CREATE FUNCTION tell_account(
    to_account int, about text, of_kind text, in_short text, in_full text DEFAULT '', page text DEFAULT '',
    at_place text DEFAULT '', of_sector text DEFAULT '', moment timestamptz DEFAULT now()) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    INSERT INTO message (account_id, key, kind, title, text, link, place, sector, at)
    VALUES (to_account, about, of_kind, in_short, in_full, page, at_place, of_sector, moment)
    ON CONFLICT (account_id, key) DO UPDATE
    SET kind = excluded.kind, title = excluded.title, text = excluded.text, link = excluded.link,
        place = excluded.place, sector = excluded.sector, at = excluded.at, read_at = NULL
$$;
GRANT EXECUTE ON FUNCTION tell_account(int, text, text, text, text, text, text, text, timestamptz)
TO fengsui_web, fengsui_worker;

-- A call over the screen is a message: written with the call, read once the case was opened.
CREATE FUNCTION message_of_call() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM tell_account(
            NEW.account_id, 'warning/' || NEW.warning_id, 'warning', w.title, NEW.text,
            '/warnings/' || NEW.warning_id, w.place, w.sector, NEW.created_at)
        FROM warning AS w WHERE w.id = NEW.warning_id;
    ELSE
        UPDATE message SET read_at = NEW.read_at
        WHERE account_id = NEW.account_id AND key = 'warning/' || NEW.warning_id AND read_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER message_of_call AFTER INSERT ON notification FOR EACH ROW
    WHEN (NEW.channel = 'in_app' AND NEW.account_id IS NOT NULL) EXECUTE FUNCTION message_of_call();
CREATE TRIGGER message_of_call_read AFTER UPDATE OF read_at ON notification FOR EACH ROW
    WHEN (NEW.channel = 'in_app' AND NEW.account_id IS NOT NULL AND OLD.read_at IS NULL AND NEW.read_at IS NOT NULL)
    EXECUTE FUNCTION message_of_call();
