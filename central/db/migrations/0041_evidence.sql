-- What a pack of evidence holds, cases that were merged, and notices to organisations.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- evidence --------------------------------------------------------------------------------------------

-- How much of the plant's history goes into a pack: so long before and after the alarm, of so many points of the gateway,
-- and so many of its events. Of the valid rows the longest region counts, then the newest.
CREATE TABLE evidence_rule (
    region text COLLATE "C" NOT NULL CHECK (region ~ '^[0-9]{0,12}$'),
    valid_from timestamptz NOT NULL,
    before_s int NOT NULL CHECK (before_s BETWEEN 60 AND 86400),
    after_s int NOT NULL CHECK (after_s BETWEEN 60 AND 86400),
    points_most int NOT NULL CHECK (points_most BETWEEN 1 AND 2000),
    events_most int NOT NULL CHECK (events_most BETWEEN 100 AND 1000000),
    source text NOT NULL,
    PRIMARY KEY (region, valid_from)
);
SELECT open_table('evidence_rule'), audit_table('evidence_rule', 'region');
INSERT INTO evidence_rule VALUES ('', '2020-01-01', 1800, 1800, 400, 100000, '本项目建议值，无标准依据');

-- --- notices to organisations ----------------------------------------------------------------------------

-- 警示通报: what an agency tells enterprises and agencies of its area, with a reply by a day where it wants one. `key` is the
-- form's own: sent twice it is one notice.
CREATE TABLE notice (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key uuid NOT NULL UNIQUE,
    agency_id int NOT NULL REFERENCES agency (id),
    title text NOT NULL,
    body text NOT NULL,
    reply_by timestamptz,
    warning_id uuid REFERENCES warning (id),
    sent_at timestamptz NOT NULL,
    sent_by int NOT NULL REFERENCES account (id),
    sent_name text NOT NULL,
    CONSTRAINT notice_reply_comes_after CHECK (reply_by > sent_at)
);
CREATE INDEX notice_agency ON notice (agency_id);
CREATE INDEX notice_warning ON notice (warning_id) WHERE warning_id IS NOT NULL;

CREATE TABLE notice_receiver (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    notice_id int NOT NULL REFERENCES notice (id),
    enterprise_id int REFERENCES enterprise (id),
    agency_id int REFERENCES agency (id),
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    read_at timestamptz,
    read_name text NOT NULL DEFAULT '',
    reply text NOT NULL DEFAULT '',
    replied_at timestamptz,
    replied_by int REFERENCES account (id),
    replied_name text NOT NULL DEFAULT '',
    reminders int NOT NULL DEFAULT 0,
    reminded_at timestamptz,
    overdue_told boolean NOT NULL DEFAULT false,
    CONSTRAINT notice_receiver_is_one CHECK (num_nonnulls(enterprise_id, agency_id) = 1),
    CONSTRAINT notice_receiver_enterprise_once UNIQUE (notice_id, enterprise_id),
    CONSTRAINT notice_receiver_agency_once UNIQUE (notice_id, agency_id)
);
CREATE INDEX notice_receiver_place ON notice_receiver (place);
CREATE INDEX notice_receiver_enterprise ON notice_receiver (enterprise_id) WHERE enterprise_id IS NOT NULL;
CREATE INDEX notice_receiver_agency ON notice_receiver (agency_id) WHERE agency_id IS NOT NULL;
CREATE INDEX notice_receiver_waits ON notice_receiver (notice_id) WHERE replied_at IS NULL AND NOT overdue_told;
CREATE TRIGGER notice_receiver_place BEFORE INSERT OR UPDATE OF enterprise_id, agency_id ON notice_receiver
FOR EACH ROW EXECUTE FUNCTION place_of_case();
CREATE FUNCTION notices_follow_agency() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    UPDATE notice_receiver SET agency_id = NEW.id WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER agency_notices_follow AFTER UPDATE ON agency
FOR EACH ROW WHEN (OLD.place IS DISTINCT FROM NEW.place) EXECUTE FUNCTION notices_follow_agency();

-- Who sees a receiver sees the notice, and of the others that it went to only those that are seen as well: the sender, who
-- has all of them in its area, sees all.
SELECT scope_table('notice_receiver');
SELECT scope_child_table('notice', 'notice_receiver', 'id', 'notice_id');
-- Words stay out of the audit, which is read by place of who acted: they never change, and stand here.
SELECT
    audit_table('notice', 'id', 'key', 'title', 'body', 'sent_name'),
    audit_table('notice_receiver', 'id', 'place', 'sector', 'reply');

-- Files of a notice, and of the reply of one receiver.
CREATE TABLE notice_file (
    notice_id int NOT NULL REFERENCES notice (id),
    receiver_id int REFERENCES notice_receiver (id),
    sha256 text COLLATE "C" NOT NULL REFERENCES stored_file (sha256),
    name text NOT NULL,
    CONSTRAINT notice_file_once UNIQUE NULLS NOT DISTINCT (notice_id, receiver_id, sha256)
);
CREATE INDEX notice_file_receiver ON notice_file (receiver_id) WHERE receiver_id IS NOT NULL;
CREATE INDEX notice_file_content ON notice_file (sha256);
SELECT scope_child_table('notice_file', 'notice', 'notice_id'), audit_table('notice_file', 'notice_id');
CREATE POLICY web_of_reply ON notice_file AS RESTRICTIVE TO fengsui_web USING (
    receiver_id IS NULL OR EXISTS (SELECT 1 FROM notice_receiver AS r WHERE r.id = notice_file.receiver_id)
);

-- How often receivers may be reminded and how many files go with a notice; as the other tables of rules.
CREATE TABLE notice_rule (
    region text COLLATE "C" NOT NULL CHECK (region ~ '^[0-9]{0,12}$'),
    valid_from timestamptz NOT NULL,
    remind_every_s int NOT NULL CHECK (remind_every_s > 0),
    files_most int NOT NULL CHECK (files_most > 0),
    source text NOT NULL,
    PRIMARY KEY (region, valid_from)
);
SELECT open_table('notice_rule'), audit_table('notice_rule', 'region');
INSERT INTO notice_rule VALUES ('', '2020-01-01', 3600, 20, '本项目建议值，无标准依据');

-- --- merged cases ----------------------------------------------------------------------------------------

-- Law-warning 18. A merged case is closed and `merged_into` the survivor; while `occupied` its identity stays taken, and a new
-- raise of it joins the survivor. Whoever raises it after the survivor has ended gives the identity free.
ALTER TABLE warning
    ADD COLUMN merged_into uuid,
    ADD COLUMN occupied boolean NOT NULL DEFAULT false;
ALTER TABLE warning
    -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
    ADD CONSTRAINT warning_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES warning (id),
    -- squawk-ignore constraint-missing-not-valid
    ADD CONSTRAINT warning_occupied_by_merged CHECK (NOT occupied OR merged_into IS NOT NULL);
CREATE INDEX warning_merged ON warning (merged_into) WHERE merged_into IS NOT NULL;
-- In the migration's own transaction, so that no moment is without it.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX warning_open_identity;
CREATE UNIQUE INDEX warning_open_identity ON warning (kind, subject_type, subject_id, side, is_test)
WHERE state IN ('open', 'acknowledged') OR occupied;
