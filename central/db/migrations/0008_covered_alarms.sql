-- Alarms may lie under a cover (ISA-18.2: G shelved, H suppressed by design, I out of service): what stands
-- under it, who laid it, why and until when; and operators may ask for more than silence.

ALTER TABLE alarm_state
  ADD COLUMN under text NOT NULL DEFAULT '',
  ADD COLUMN first_up boolean NOT NULL DEFAULT false,
  ADD COLUMN covered_by text NOT NULL DEFAULT '',
  ADD COLUMN covered_why text NOT NULL DEFAULT '',
  ADD COLUMN covered_until timestamptz;

ALTER TABLE command DROP CONSTRAINT command_command_check;
ALTER TABLE command ADD CONSTRAINT command_command_check CHECK (
  command IN ('silence', 'acknowledge', 'reset', 'shelve', 'unshelve', 'out-of-service', 'in-service')
);
