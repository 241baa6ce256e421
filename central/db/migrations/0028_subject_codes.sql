-- Codes of subjects (主体赋码) that count no longer. Every enterprise and every coded record has a code without a row:
-- it is signed, and its issue is one more than the last that was revoked.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- `register` is the name of a register, or "enterprise".
CREATE TABLE code_revocation (
    register text COLLATE "C" NOT NULL,
    record_id bigint NOT NULL,
    issue int NOT NULL,
    enterprise_id int REFERENCES enterprise (id),
    agency_id int REFERENCES agency (id),
    place text COLLATE "C" NOT NULL DEFAULT '',
    sector text COLLATE "C" NOT NULL DEFAULT '',
    reason text NOT NULL,
    revoked_at timestamptz NOT NULL,
    revoked_by int NOT NULL,
    revoked_name text NOT NULL,
    PRIMARY KEY (register, record_id, issue),
    CONSTRAINT code_revocation_of_one_owner CHECK (num_nonnulls(enterprise_id, agency_id) = 1),
    CONSTRAINT code_revocation_issue_known CHECK (issue BETWEEN 1 AND 65535)
);
CREATE INDEX code_revocation_place ON code_revocation (place);
CREATE INDEX code_revocation_enterprise ON code_revocation (enterprise_id);
CREATE INDEX code_revocation_agency ON code_revocation (agency_id);
CREATE TRIGGER code_revocation_place BEFORE INSERT OR UPDATE OF enterprise_id, agency_id ON code_revocation
FOR EACH ROW EXECUTE FUNCTION place_of_owner();

DO $$
DECLARE
    seen text := scope_policy('place', 'sector');
BEGIN
    PERFORM protect_table('code_revocation');
    EXECUTE format('CREATE POLICY web_scope ON code_revocation FOR SELECT TO fengsui_web USING (%s)', seen);
    EXECUTE format('CREATE POLICY web_add ON code_revocation FOR INSERT TO fengsui_web '
                   'WITH CHECK ((SELECT app_may(''review'')) AND %s)', seen);
    GRANT SELECT, INSERT ON code_revocation TO fengsui_web;
END $$;
SELECT audit_table('code_revocation', 'record_id', 'place', 'sector');

-- What was revoked of some subjects, whoever asks: a code that counts no longer is withdrawn for those, too, who see
-- a shared record of an agency above, but not the row. Nothing is told that scanning the code would not tell.
CREATE FUNCTION revoked_codes(of_register text, record_ids bigint [])
RETURNS TABLE (record_id bigint, issue int, revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT r.record_id, r.issue, r.revoked_at FROM code_revocation AS r
    WHERE r.register = of_register AND r.record_id = ANY (record_ids)
$$;
GRANT EXECUTE ON FUNCTION revoked_codes(text, bigint []) TO fengsui_web, fengsui_worker;

CREATE FUNCTION code_revocations_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    UPDATE code_revocation SET place = NEW.place WHERE agency_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER code_revocations_follow AFTER UPDATE ON agency FOR EACH ROW
    WHEN (OLD.place IS DISTINCT FROM NEW.place) EXECUTE FUNCTION code_revocations_follow();
