-- By which road a gateway's last heartbeat came.
ALTER TABLE gateway_state
  ADD COLUMN road text NOT NULL DEFAULT '' CONSTRAINT gateway_state_road CHECK (road IN ('', 'zenoh', 'mqtt'));
