-- name: gateways
-- Who may send, and what is needed of each while its frames are taken.
SELECT g.id, g.number, g.name, g.enterprise_id, e.name AS enterprise_name, e.hazard_class, g.place, g.public_key,
       g.revoked_at IS NOT NULL AS revoked
FROM gateway AS g JOIN enterprise AS e ON e.id = g.enterprise_id
WHERE $1::text IS NULL OR g.id = $1;

-- name: add_gateway
-- A new gateway of an enterprise.
INSERT INTO gateway (id, enterprise_id, name, public_key, place, created_at)
VALUES ($1, $2, $3, $4, '', $5);

-- name: add_gateway_state
-- Nothing is known of it yet.
INSERT INTO gateway_state (gateway_id, place) VALUES ($1, '') ON CONFLICT DO NOTHING;

-- name: keep_birth
-- A description is kept once, for ever.
INSERT INTO birth (gateway_id, hash, place, description, config_version, config_hash, software, received_at)
VALUES ($1, $2, '', $3, $4, $5, $6, $7)
ON CONFLICT (gateway_id, hash) DO NOTHING;

-- name: birth_description
-- What a batch is to be read with.
SELECT description FROM birth WHERE gateway_id = $1 AND hash = $2;

-- name: current_description
-- What a gateway works under now.
SELECT b.description FROM gateway_state AS s
JOIN birth AS b ON b.gateway_id = s.gateway_id AND b.hash = s.birth_hash
WHERE s.gateway_id = $1;

-- name: describe_points
-- Points of a current birth: new ones are made, known ones take over what it says.
INSERT INTO point AS p (gateway_id, enterprise_id, key, place, name, quantity, unit, source, period_ms, low, high,
                        limit_ll, limit_l, limit_h, limit_hh, current, created_at)
SELECT $1, $2, d.key, '', d.name, d.quantity, d.unit, d.source, d.period_ms, d.low, d.high,
       d.limit_ll, d.limit_l, d.limit_h, d.limit_hh, true, $3
FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::float8[], $11::float8[],
            $12::float8[], $13::float8[], $14::float8[], $15::float8[])
     WITH ORDINALITY AS d (key, name, quantity, unit, source, period_ms, low, high,
                           limit_ll, limit_l, limit_h, limit_hh, nr)
ORDER BY d.nr
ON CONFLICT (gateway_id, key) DO UPDATE SET
  name = excluded.name, quantity = excluded.quantity, unit = excluded.unit, source = excluded.source,
  period_ms = excluded.period_ms, low = excluded.low, high = excluded.high,
  limit_ll = excluded.limit_ll, limit_l = excluded.limit_l, limit_h = excluded.limit_h,
  limit_hh = excluded.limit_hh, current = true
WHERE (p.name, p.quantity, p.unit, p.source, p.period_ms, p.low, p.high,
       p.limit_ll, p.limit_l, p.limit_h, p.limit_hh, p.current)
  IS DISTINCT FROM
      (excluded.name, excluded.quantity, excluded.unit, excluded.source, excluded.period_ms, excluded.low,
       excluded.high, excluded.limit_ll, excluded.limit_l, excluded.limit_h, excluded.limit_hh, true);

-- name: remember_points
-- Points of an older birth: those that nobody knows yet are made, as points of the past.
INSERT INTO point (gateway_id, enterprise_id, key, place, name, quantity, unit, source, period_ms, low, high,
                   limit_ll, limit_l, limit_h, limit_hh, current, created_at)
SELECT $1, $2, d.key, '', d.name, d.quantity, d.unit, d.source, d.period_ms, d.low, d.high,
       d.limit_ll, d.limit_l, d.limit_h, d.limit_hh, false, $3
FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::float8[], $11::float8[],
            $12::float8[], $13::float8[], $14::float8[], $15::float8[])
     WITH ORDINALITY AS d (key, name, quantity, unit, source, period_ms, low, high,
                           limit_ll, limit_l, limit_h, limit_hh, nr)
ORDER BY d.nr
ON CONFLICT (gateway_id, key) DO NOTHING;

-- name: retire_points
-- What the current birth no longer names.
UPDATE point SET current = false WHERE gateway_id = $1 AND current AND key <> ALL ($2::text[]);

-- name: point_ids
-- Ids by key.
SELECT key, id FROM point WHERE gateway_id = $1;

-- name: lock_state
-- One birth of a gateway at a time.
SELECT birth_ordinal, birth_seq FROM gateway_state WHERE gateway_id = $1 FOR UPDATE;

-- name: set_birth
-- The birth that is current, and where in the event stream its active alarms were taken.
UPDATE gateway_state SET birth_hash = $2, birth_at = $3, birth_ordinal = $4, birth_seq = $5 WHERE gateway_id = $1;

-- name: birth_heads
-- Up to where the active alarms of each gateway were told by its birth.
SELECT gateway_id, birth_ordinal, birth_seq FROM gateway_state
WHERE gateway_id = ANY ($1::text[]) AND birth_ordinal IS NOT NULL;

-- name: keep_heartbeats
-- The last heartbeat of each gateway; an older one never overwrites a newer one.
UPDATE gateway_state AS s SET
  heard_at = h.heard_at, boot = h.boot, counter = h.counter, mono_ms = h.mono_ms, clock = h.clock,
  period_ms = h.period_ms, waiting_events = h.waiting_events, waiting_measurements = h.waiting_measurements,
  active_alarms = h.active_alarms, sources = h.sources::jsonb, outputs = h.outputs::jsonb, software = h.software,
  annunciators = h.annunciators::jsonb, road = h.road, buses = h.buses::jsonb
FROM unnest($1::text[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::bigint[], $6::smallint[], $7::int[],
            $8::bigint[], $9::bigint[], $10::int[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[])
     AS h (gateway_id, heard_at, boot, counter, mono_ms, clock, period_ms, waiting_events, waiting_measurements,
           active_alarms, sources, outputs, software, annunciators, road, buses)
WHERE s.gateway_id = h.gateway_id AND (s.heard_at IS NULL OR s.heard_at <= h.heard_at)
RETURNING s.gateway_id, s.presence;

-- name: keep_anchors
-- Where the monotonic clock of a boot stood at a moment of ours.
INSERT INTO gateway_boot AS b (gateway_id, boot, place, mono_ms, at, first_at)
SELECT a.gateway_id, a.boot, '', a.mono_ms, a.at, a.at
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[]) AS a (gateway_id, boot, mono_ms, at)
ON CONFLICT (gateway_id, boot) DO UPDATE SET mono_ms = excluded.mono_ms, at = excluded.at
WHERE b.at <= excluded.at;

-- name: anchor
-- What was heard last of a boot.
SELECT mono_ms, at FROM gateway_boot WHERE gateway_id = $1 AND boot = $2;

-- name: presences
-- How each gateway was, for a centre that begins.
SELECT gateway_id, presence, heard_at, period_ms FROM gateway_state;

-- name: set_presence
-- True when this call changed it: of several central processes one tells.
-- One that heard nothing does not overrule one that did: here too, silence has lasted two periods for late and
-- three for offline.
UPDATE gateway_state SET presence = $2, presence_since = $3
WHERE gateway_id = $1 AND presence <> $2
  AND ($2 = 'online' OR heard_at IS NULL OR heard_at <= $3::timestamptz
         - make_interval(secs => CASE $2 WHEN 'late' THEN 2 ELSE 3 END * least(greatest(period_ms, 200), 600000) / 1000.0))
RETURNING true;

-- name: set_interleaved
-- Two boots of one gateway speak in turn; true when that was not known within the last hour.
UPDATE gateway_state SET interleaved_at = $2::timestamptz
WHERE gateway_id = $1 AND (interleaved_at IS NULL OR interleaved_at < $2::timestamptz - interval '1 hour')
RETURNING true;

-- name: gateway_rows
-- Gateways within the reader's scope, one page.
SELECT g.id, g.name, g.enterprise_id, e.name AS enterprise_name, s.presence, s.heard_at, s.boot, s.clock,
       s.waiting_events, s.waiting_measurements, s.active_alarms, s.software, s.sources, s.outputs, s.annunciators, s.buses,
       s.road
FROM gateway AS g
JOIN gateway_state AS s ON s.gateway_id = g.id
JOIN enterprise AS e ON e.id = g.enterprise_id
WHERE g.id > $1 AND ($2::int IS NULL OR g.enterprise_id = $2) AND ($3::text IS NULL OR s.presence = $3)
ORDER BY g.id
LIMIT $4;

-- name: gateway_row
-- One gateway within the reader's scope.
SELECT g.id, g.name, g.enterprise_id, e.name AS enterprise_name, s.presence, s.heard_at, s.boot, s.clock,
       s.waiting_events, s.waiting_measurements, s.active_alarms, s.software, s.sources, s.outputs, s.annunciators, s.buses,
       s.road
FROM gateway AS g
JOIN gateway_state AS s ON s.gateway_id = g.id
JOIN enterprise AS e ON e.id = g.enterprise_id
WHERE g.id = $1;

-- name: last_word
-- What a command is bound to.
SELECT boot, mono_ms, heard_at, presence FROM gateway_state WHERE gateway_id = $1;

-- name: ask
-- A command, before it is sent.
INSERT INTO command (id, gateway_id, place, boot, command, alarm, actor, reason, created_at, expires_mono_ms, for_s,
                     output)
VALUES ($1, $2, '', $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: answer
-- What the gateway said to it, or that it said nothing.
UPDATE command SET result = $2, detail = $3, answered_at = $4 WHERE id = $1;

-- name: enterprise_by_code
-- Whose a new gateway will be.
SELECT id, name FROM enterprise WHERE code = $1;

-- name: keep_loads
-- The busiest ten minutes of an hour; written only when they become busier, or a flood.
INSERT INTO alarm_load AS a (gateway_id, annunciator, hour, place, most, flood)
SELECT n.gateway_id, n.annunciator, date_trunc('hour', $5::timestamptz), '', n.most, n.flood
FROM unnest($1::text[], $2::text[], $3::int[], $4::boolean[]) AS n (gateway_id, annunciator, most, flood)
ORDER BY 1, 2
ON CONFLICT (gateway_id, annunciator, hour) DO UPDATE SET
  most = greatest(a.most, excluded.most), flood = a.flood OR excluded.flood
WHERE excluded.most > a.most OR (excluded.flood AND NOT a.flood);

-- name: loads_since
-- How busy annunciators were since a moment, within the reader's scope.
SELECT gateway_id, annunciator, max(most) AS most, count(*) FILTER (WHERE flood) AS flood_hours
FROM alarm_load
WHERE gateway_id = ANY ($1::text[]) AND hour >= $2
GROUP BY gateway_id, annunciator;

-- name: keep_outputs
-- What a heartbeat said of outputs, where that is new; of several processes one is told that an output changed.
INSERT INTO output_state AS o (gateway_id, output, place, seen_at, ok, ok_since, test_every_s)
SELECT $1, s.output, '', $5, s.ok, $5, s.test_every_s
FROM unnest($2::text[], $3::boolean[], $4::int[]) AS s (output, ok, test_every_s)
ORDER BY s.output
ON CONFLICT (gateway_id, output) DO UPDATE SET
  ok = excluded.ok, test_every_s = excluded.test_every_s,
  ok_since = CASE WHEN o.ok = excluded.ok THEN o.ok_since ELSE excluded.ok_since END
WHERE (o.ok, o.test_every_s) IS DISTINCT FROM (excluded.ok, excluded.test_every_s)
RETURNING o.output, o.ok, o.reason, o.ok_since = $5 AS changed;

-- name: drop_outputs
-- What a gateway names no more, or tries by time no more, is neither wrong nor overdue.
UPDATE output_state SET
  ok = ok OR output <> ALL ($2::text[]), overdue = false,
  test_every_s = CASE WHEN output = ANY ($2::text[]) THEN test_every_s ELSE 0 END
WHERE gateway_id = $1
  AND ((output <> ALL ($2::text[]) AND (NOT ok OR overdue OR test_every_s > 0)) OR (overdue AND test_every_s = 0))
RETURNING output, output = ANY ($2::text[]) AS named, test_ok;

-- name: keep_output_event
-- Why an output does not follow, as its gateway's event says.
INSERT INTO output_state AS o (gateway_id, output, place, seen_at, ok_since, reason)
VALUES ($1, $2, '', $4, $4, $3)
ON CONFLICT (gateway_id, output) DO UPDATE SET reason = excluded.reason;

-- name: keep_test
-- The result of a test, forward only; no row when a later one is known.
INSERT INTO output_state AS o (gateway_id, output, place, seen_at, ok_since, tested_at, test_ok, test_reason,
                               ordinal, seq)
VALUES ($1, $2, '', $8, $8, $3, $4, $5, $6, $7)
ON CONFLICT (gateway_id, output) DO UPDATE SET
  tested_at = excluded.tested_at, test_ok = excluded.test_ok, test_reason = excluded.test_reason,
  ordinal = excluded.ordinal, seq = excluded.seq, overdue = false
WHERE (o.ordinal, o.seq) < (excluded.ordinal, excluded.seq)
RETURNING true;

-- name: claim_overdue
-- Outputs whose test by time is overdue and was not told so; of a gateway that is heard and has told all it knows.
UPDATE output_state AS o SET overdue = true
FROM gateway_state AS s
WHERE s.gateway_id = o.gateway_id AND s.presence <> 'offline' AND s.waiting_events = 0
  AND o.test_every_s > 0 AND NOT o.overdue
  AND coalesce(o.tested_at, o.seen_at) + make_interval(secs => o.test_every_s) + $2::interval < $1::timestamptz
RETURNING o.gateway_id, o.output, o.tested_at, o.seen_at;

-- name: outputs_of
-- Outputs of some gateways, within the reader's scope.
SELECT gateway_id, output, ok, reason, test_every_s, seen_at, tested_at, test_ok, test_reason
FROM output_state WHERE gateway_id = ANY ($1::text[]);
