-- What a centre that came back from a backup holds until somebody has looked. Keeps law-never-lose 18: old calls
-- are held for release, and cases whose answers may be lost are marked "state unknown, confirm".

SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- A held call keeps its time; nobody takes it up until somebody releases it.
ALTER TABLE notification ADD COLUMN held_since timestamptz;
-- Since when nobody knows what people did about this case; the next answer ends it.
ALTER TABLE warning ADD COLUMN unconfirmed_since timestamptz;

-- One row a restore; what was raised before `began_at` and opens after it is of the time between.
CREATE TABLE recovery (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  began_at timestamptz NOT NULL,
  begun_by text NOT NULL,
  ended_at timestamptz,
  ended_by text
);
SELECT worker_table('recovery');
CREATE UNIQUE INDEX recovery_running ON recovery ((ended_at IS NULL)) WHERE ended_at IS NULL;

-- Where this database lived when the centre started last: another place is a copy, and a copy is a backup.
CREATE TABLE home (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  fingerprint text NOT NULL,
  seen_at timestamptz NOT NULL
);
SELECT worker_table('home');

-- Two versions of a range and two devices with one identity are troubles of their own, not refused rows: one of
-- them must not hide behind the open case of another.
INSERT INTO level_rule (set_id, kind, side, limit_name, quantity, hazard_class, level, reason)
SELECT r.set_id, k.kind, r.side, r.limit_name, r.quantity, r.hazard_class, r.level, k.reason
FROM level_rule AS r
CROSS JOIN (
  VALUES ('conflict', '同一序号有两种内容，两份均已保留'), ('interleaved', '两台设备以同一网关身份上报')
) AS k (kind, reason)
WHERE r.kind = 'poison'
ON CONFLICT DO NOTHING;
