-- How each gateway's buses were at its last heartbeat.

ALTER TABLE gateway_state ADD COLUMN buses jsonb NOT NULL DEFAULT '[]';
