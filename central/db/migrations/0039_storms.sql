-- Storms: how many messages a person gets in a minute, the digests that tell the rest, and which case came first.
-- Keeps law-warning 19: a call that was bundled ends as its digest ends, and names it.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- numbers as data -------------------------------------------------------------------------------------

-- By region of the receiver's office or plant; of the valid rows of the longest prefix the newest counts. messages: so
-- many to one telephone within window_s; red_only of them wait for red alarms, papers of them at most may be about papers.
-- The last one is a digest, which gathers for gather_s. Cases of one gateway that began within first_up_s of each other
-- belong together, and the first is marked. A list with storm_cases or more within storm_s shows them by enterprise.
CREATE TABLE storm_rule (
    region text COLLATE "C" NOT NULL CHECK (region ~ '^[0-9]{0,12}$'),
    valid_from timestamptz NOT NULL,
    messages int NOT NULL CHECK (messages BETWEEN 1 AND 1000000),
    window_s double precision NOT NULL CHECK (window_s > 0 AND window_s <= 3600),
    red_only int NOT NULL CHECK (red_only >= 0 AND red_only < messages),
    papers int NOT NULL CHECK (papers BETWEEN 1 AND messages),
    gather_s double precision NOT NULL CHECK (gather_s >= 0 AND gather_s <= 60),
    first_up_s double precision NOT NULL CHECK (first_up_s > 0 AND first_up_s <= 3600),
    storm_cases int NOT NULL CHECK (storm_cases > 0),
    storm_s int NOT NULL CHECK (storm_s BETWEEN 60 AND 86400),
    source text NOT NULL,
    PRIMARY KEY (region, valid_from)
);
SELECT open_table('storm_rule'), audit_table('storm_rule', 'region');
INSERT INTO storm_rule VALUES ('', '2020-01-01', 3, 60, 1, 1, 5, 30, 30, 600, '本项目建议值，无标准依据');

CREATE FUNCTION storm_rule_of(at_place text, moment timestamptz) RETURNS SETOF storm_rule
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
    SELECT r.* FROM storm_rule AS r
    WHERE starts_with(at_place, r.region) AND r.valid_from <= moment
    ORDER BY length(r.region) DESC, r.valid_from DESC
    LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION storm_rule_of(text, timestamptz) TO fengsui_web, fengsui_worker;

-- --- digests ---------------------------------------------------------------------------------------------

-- One message that stands for several calls to one telephone. It is sent, receipted and ended like a call; its calls end
-- as it ends. `settled_at`: the last of them has. It lies where its receiver's office or plant does; who is neither
-- (receivers of TEST cases) has it where the first of its cases is.
CREATE TABLE digest (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    channel text NOT NULL,
    address text NOT NULL CHECK (address <> ''),
    is_test boolean NOT NULL,
    account_id int REFERENCES account (id),
    enterprise_id int REFERENCES enterprise (id),
    agency_id int REFERENCES agency (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT '',
    person_name text NOT NULL,
    agency_name text NOT NULL DEFAULT '',
    urgency smallint NOT NULL,
    -- How many cases of which level it told of when it was sent last: {"4": 2, "1": 30}.
    levels jsonb NOT NULL,
    text text NOT NULL,
    state text NOT NULL,
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
    settled_at timestamptz,
    held_since timestamptz,
    CONSTRAINT digest_states CHECK (
        state IN ('pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'superseded', 'unreachable')
    ),
    CONSTRAINT digest_ends CHECK ((ended_at IS NULL) = (state IN ('pending', 'sending', 'sent'))),
    -- Until each of its calls has ended somebody looks at it again.
    CONSTRAINT digest_never_forgotten CHECK ((settled_at IS NULL) = (due_at IS NOT NULL)),
    CONSTRAINT digest_settles_after_its_end CHECK (settled_at IS NULL OR ended_at IS NOT NULL)
);
SELECT scope_table('digest');
CREATE INDEX digest_place ON digest (place, created_at DESC);
CREATE INDEX digest_enterprise ON digest (enterprise_id) WHERE enterprise_id IS NOT NULL;
CREATE INDEX digest_agency ON digest (agency_id) WHERE agency_id IS NOT NULL;
CREATE INDEX digest_account ON digest (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX digest_due ON digest (urgency, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX digest_handed ON digest (address, claimed_at) WHERE claimed_at IS NOT NULL;
CREATE UNIQUE INDEX digest_provider ON digest (channel, provider_id) WHERE provider_id IS NOT NULL;

-- Those of an office go where it goes; those of an enterprise are among the rows that follow it (0019).
CREATE FUNCTION digests_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    UPDATE digest SET place = NEW.place WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER digests_follow AFTER UPDATE ON agency FOR EACH ROW
    WHEN (OLD.place IS DISTINCT FROM NEW.place) EXECUTE FUNCTION digests_follow();

-- --- calls -----------------------------------------------------------------------------------------------

ALTER TABLE notification
    ADD COLUMN is_test boolean NOT NULL DEFAULT false,
    ADD COLUMN digest bigint;
-- squawk-ignore adding-foreign-key-constraint
ALTER TABLE notification ADD CONSTRAINT notification_digest_fkey FOREIGN KEY (digest) REFERENCES digest (number);
UPDATE notification AS n SET is_test = true FROM warning AS w WHERE w.id = n.warning_id AND w.is_test;
CREATE INDEX notification_digest ON notification (digest) WHERE digest IS NOT NULL;

-- Calls that were never handed over and wait for one of the messages of their telephone stand apart from all others that
-- are due; what a digest carries is looked at with the digest.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX notification_urgent;
CREATE INDEX notification_urgent ON notification (urgency, due_at)
WHERE due_at IS NOT NULL AND digest IS NULL AND NOT (state = 'pending' AND claimed_at IS NULL AND address <> '');
CREATE INDEX notification_waiting ON notification (urgency, due_at)
WHERE state = 'pending' AND claimed_at IS NULL AND address <> '';
CREATE INDEX notification_waiting_of ON notification (address, is_test, due_at)
WHERE state = 'pending' AND claimed_at IS NULL AND address <> '';
-- What a telephone was given lately.
CREATE INDEX notification_handed ON notification (address, claimed_at)
WHERE claimed_at IS NOT NULL AND digest IS NULL AND address <> '';

-- --- the bell --------------------------------------------------------------------------------------------

-- Calls over the screen fold in a storm as well: after so many messages of a window one more stands for all others. Every
-- case is in the list, whatever the bell says. It names nobody, like that of papers.
CREATE OR REPLACE FUNCTION message_of_call() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    w record;
    rule storm_rule;
    about text;
    most int;
    told int;
BEGIN
    SELECT c.kind, c.title, c.place, c.sector INTO w FROM warning AS c WHERE c.id = NEW.warning_id;
    about := CASE WHEN w.kind = 'management' THEN 'papers' ELSE 'warning/' || NEW.warning_id END;
    IF TG_OP = 'UPDATE' THEN
        UPDATE message SET read_at = NEW.read_at
        WHERE account_id = NEW.account_id AND key = about AND read_at IS NULL;
        RETURN NULL;
    ELSIF w.kind = 'management' THEN
        -- It names no enterprise: it stays when one of them leaves the jurisdiction.
        PERFORM tell_account(
            NEW.account_id, about, 'warning', '管理预警', '有资料或证照逾期的管理预警待处理，请查看预警列表。',
            '/warnings', '', '', NEW.created_at);
        RETURN NULL;
    ELSIF w.kind IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO rule FROM storm_rule_of(w.place, NEW.created_at);
    most := greatest(1, rule.messages - 1 - CASE WHEN NEW.urgency = 0 THEN 0 ELSE rule.red_only END);
    SELECT count(*) INTO told FROM (
        SELECT 1 FROM message AS m
        WHERE m.account_id = NEW.account_id AND m.key <> about AND starts_with(m.key, 'warning/')
          AND m.at > NEW.created_at - rule.window_s * interval '1 second'
        LIMIT most) AS lately;
    IF told < most THEN
        PERFORM tell_account(
            NEW.account_id, about, 'warning', w.title, NEW.text, '/warnings/' || NEW.warning_id, w.place, w.sector,
            NEW.created_at);
    ELSE
        PERFORM tell_account(
            NEW.account_id, 'storm', 'warning', '预警集中发生', '短时间内有多条预警呼叫您，已合并提示，请查看预警列表。',
            '/warnings', '', '', NEW.created_at);
    END IF;
    RETURN NULL;
END $$;

-- --- first-up --------------------------------------------------------------------------------------------

-- The first of several cases of one gateway that began close together, by the time at the plant.
ALTER TABLE warning ADD COLUMN first_up boolean NOT NULL DEFAULT false;
CREATE INDEX warning_began ON warning (gateway_id, raised_at, number) WHERE gateway_id IS NOT NULL;
