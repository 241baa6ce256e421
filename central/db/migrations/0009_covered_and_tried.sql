-- What the centre keeps of covers (since when), of how busy each annunciator is, and of every output: whether it
-- follows, and when it was tried last. Keeps law-warning 4: suppressed never means unseen.

ALTER TABLE command DROP CONSTRAINT command_command_check;
ALTER TABLE command ADD CONSTRAINT command_command_check CHECK (
  command IN ('silence', 'acknowledge', 'reset', 'shelve', 'unshelve', 'out-of-service', 'in-service', 'test')
);
-- So long it was to be shelved; and what was to be tried.
ALTER TABLE command ADD COLUMN for_s int, ADD COLUMN output text NOT NULL DEFAULT '';

-- `since` is the alarm's own beginning, not that of its cover.
ALTER TABLE alarm_state ADD COLUMN covered_since timestamptz;
UPDATE alarm_state SET covered_since = since WHERE state IN ('G', 'H', 'I');
CREATE INDEX alarm_state_covered ON alarm_state (place) WHERE state IN ('G', 'H', 'I');
CREATE INDEX alarm_state_doubted ON alarm_state (place) WHERE side = 'quality' AND state IN ('B', 'C');

-- Annunciations of the last ten minutes as the last heartbeat told them, and how often horns are tried by time.
ALTER TABLE gateway_state ADD COLUMN annunciators jsonb NOT NULL DEFAULT '[]';

-- The busiest ten minutes of each hour (ISA-18.2, EEMUA 191); an hour in which nothing rang has no row.
CREATE TABLE alarm_load (
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  annunciator text NOT NULL,
  hour timestamptz NOT NULL,
  place text COLLATE "C" NOT NULL,
  most int NOT NULL,
  flood boolean NOT NULL,
  PRIMARY KEY (gateway_id, annunciator, hour)
);
CREATE TRIGGER alarm_load_place BEFORE INSERT ON alarm_load FOR EACH ROW EXECUTE FUNCTION place_of_gateway();

-- One horn, beacon, loudspeaker or screen. `ok` as the last heartbeat told it, `reason` as the last event did.
-- A result of a test moves forward only, by (ordinal of the epoch, seq). `overdue`: that was told already.
CREATE TABLE output_state (
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  output text NOT NULL,
  place text COLLATE "C" NOT NULL,
  seen_at timestamptz NOT NULL,
  ok boolean NOT NULL DEFAULT true,
  ok_since timestamptz NOT NULL,
  reason text NOT NULL DEFAULT '',
  test_every_s int NOT NULL DEFAULT 0,
  tested_at timestamptz,
  test_ok boolean,
  test_reason text NOT NULL DEFAULT '',
  overdue boolean NOT NULL DEFAULT false,
  ordinal int NOT NULL DEFAULT 0,
  seq bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (gateway_id, output)
);
CREATE TRIGGER output_state_place BEFORE INSERT ON output_state FOR EACH ROW EXECUTE FUNCTION place_of_gateway();
CREATE INDEX output_state_due ON output_state (test_every_s) WHERE test_every_s > 0;

SELECT scope_table('alarm_load');
SELECT scope_table('output_state');

-- Levels of the new kinds in every general table that is valid; our proposal, no standard gives them.
INSERT INTO level_rule (set_id, kind, side, limit_name, hazard_class, level, reason)
SELECT s.id, r.*
FROM level_rule_set AS s,
    (VALUES
        ('output', '', '', NULL::smallint, 2::smallint, '现场声光输出未按指令动作'),
        ('output', '', '', 2, 3, '现场声光输出未按指令动作，二级重大危险源'),
        ('output', '', '', 1, 3, '现场声光输出未按指令动作，一级重大危险源'),
        ('sounder', '', '', NULL, 1, '声光试验未通过或逾期'),
        ('sounder', '', '', 2, 2, '声光试验未通过或逾期，二级重大危险源'),
        ('sounder', '', '', 1, 2, '声光试验未通过或逾期，一级重大危险源')
    ) AS r (kind, side, limit_name, hazard_class, level, reason)
WHERE s.region = '';
