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
