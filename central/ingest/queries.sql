-- name: lock_cursors
-- The rows that are written by one transaction at a time, locked in a fixed order so that nobody waits in a ring.
SELECT c.gateway_id, c.stream, c.epoch, c.last_seq, e.ordinal
FROM stream_cursor AS c
JOIN unnest($1::text[], $2::smallint[], $3::bigint[]) AS k (gateway_id, stream, epoch)
  USING (gateway_id, stream, epoch)
JOIN stream_epoch AS e ON e.gateway_id = c.gateway_id AND e.epoch = c.epoch
ORDER BY c.gateway_id, c.stream, c.epoch
FOR UPDATE OF c;

-- name: gaps_of
-- What was declared gone of some streams.
SELECT g.gateway_id, g.stream, g.epoch, g.first_seq, g.last_seq
FROM gap AS g
JOIN unnest($1::text[], $2::smallint[], $3::bigint[]) AS k (gateway_id, stream, epoch)
  USING (gateway_id, stream, epoch);

-- name: ledger_ranges
-- What was committed from some numbers on.
SELECT l.gateway_id, l.stream, l.epoch, l.first_seq, l.last_seq, l.hash
FROM ledger AS l
JOIN unnest($1::text[], $2::smallint[], $3::bigint[], $4::bigint[]) AS k (gateway_id, stream, epoch, first_seq)
  USING (gateway_id, stream, epoch, first_seq);

-- name: event_epochs
-- The event streams that an event of these gateways may have to wait for.
SELECT e.gateway_id, e.epoch, e.follows, e.held, coalesce(h.head, 0) AS head, coalesce(c.last_seq, 0) AS cursor
FROM stream_epoch AS e
LEFT JOIN head_claim AS h ON h.gateway_id = e.gateway_id AND h.epoch = e.epoch AND h.stream = 1
LEFT JOIN stream_cursor AS c ON c.gateway_id = e.gateway_id AND c.epoch = e.epoch AND c.stream = 1
WHERE e.gateway_id = ANY ($1::text[]) AND (e.held OR e.epoch = ANY ($2::bigint[]));

-- name: add_ledger
-- One line a batch.
INSERT INTO ledger (gateway_id, stream, epoch, place, first_seq, last_seq, records, rows, hash, birth_hash, boot,
                    received_at)
SELECT n.gateway_id, n.stream, n.epoch, '', n.first_seq, n.last_seq, n.last_seq - n.first_seq + 1, n.rows, n.hash,
       n.birth_hash, n.boot, n.received_at
FROM unnest($1::text[], $2::smallint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::int[], $7::bytea[],
            $8::bytea[], $9::bigint[], $10::timestamptz[])
     AS n (gateway_id, stream, epoch, first_seq, last_seq, rows, hash, birth_hash, boot, received_at)
RETURNING id, gateway_id, stream, epoch, first_seq;

-- name: advance_cursors
-- With the rows, in the same transaction.
UPDATE stream_cursor AS c SET last_seq = n.last_seq, updated_at = $5
FROM unnest($1::text[], $2::smallint[], $3::bigint[], $4::bigint[]) AS n (gateway_id, stream, epoch, last_seq)
WHERE c.gateway_id = n.gateway_id AND c.stream = n.stream AND c.epoch = n.epoch AND c.last_seq < n.last_seq;

-- name: add_events
-- Records of event streams.
INSERT INTO event (gateway_id, epoch, seq, batch_id, place, kind, at, received_at, dated_by_centre, boot, mono_ms,
                   time_ms, history, point_id, alarm, occurrence, transition, state, value, quality, raw)
SELECT n.gateway_id, n.epoch, n.seq, n.batch_id, '', n.kind, n.at, n.received_at, n.dated_by_centre, n.boot,
       n.mono_ms, n.time_ms, n.history, n.point_id, n.alarm, n.occurrence, n.transition, n.state, n.value, n.quality,
       n.raw
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[], $7::timestamptz[],
            $8::boolean[], $9::bigint[], $10::bigint[], $11::bigint[], $12::boolean[], $13::int[], $14::text[],
            $15::text[], $16::smallint[], $17::text[], $18::float8[], $19::smallint[], $20::bytea[])
     AS n (gateway_id, epoch, seq, batch_id, kind, at, received_at, dated_by_centre, boot, mono_ms, time_ms, history,
           point_id, alarm, occurrence, transition, state, value, quality, raw)
RETURNING id, gateway_id, epoch, seq;

-- name: add_gaps
-- A declaration counts once, however often its event comes.
INSERT INTO gap (gateway_id, declared_epoch, declared_seq, place, stream, epoch, first_seq, last_seq, kept, reason,
                 from_ms, to_ms, received_at)
SELECT n.gateway_id, n.declared_epoch, n.declared_seq, '', n.stream, n.epoch, n.first_seq, n.last_seq, n.kept,
       n.reason, n.from_ms, n.to_ms, $12
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::smallint[], $5::bigint[], $6::bigint[], $7::bigint[],
            $8::bigint[], $9::text[], $10::bigint[], $11::bigint[])
     AS n (gateway_id, declared_epoch, declared_seq, stream, epoch, first_seq, last_seq, kept, reason, from_ms, to_ms)
ON CONFLICT (gateway_id, declared_epoch, declared_seq) DO NOTHING;

-- name: keep_conflict
-- The other version of a range; how often it came.
INSERT INTO range_conflict AS c (gateway_id, stream, epoch, first_seq, last_seq, hash, place, stored_hash, birth_hash,
                                 boot, body, received_at)
VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, $9, $10, $11)
ON CONFLICT (gateway_id, stream, epoch, first_seq, last_seq, hash) DO UPDATE SET times = c.times + 1
RETURNING times;

-- name: epochs_of
-- The epochs of one gateway.
SELECT epoch, ordinal FROM stream_epoch WHERE gateway_id = $1;

-- name: add_epoch
-- An epoch that a birth named for the first time.
INSERT INTO stream_epoch (gateway_id, epoch, place, ordinal, follows, held, seen_at)
VALUES ($1, $2, '', $3, $4, true, $5);

-- name: hold_epochs
-- Which epochs the current birth lists.
UPDATE stream_epoch SET held = (epoch = ANY ($2::bigint[]))
WHERE gateway_id = $1 AND held <> (epoch = ANY ($2::bigint[]));

-- name: add_cursor
-- Nothing of this stream and epoch was committed yet.
INSERT INTO stream_cursor (gateway_id, stream, epoch, place, last_seq, updated_at)
VALUES ($1, $2, $3, '', 0, $4) ON CONFLICT DO NOTHING;

-- name: claim_heads
-- How far streams reach, as the gateway says; it never takes a claim back.
INSERT INTO head_claim AS h (gateway_id, stream, epoch, place, head, claimed_at)
SELECT n.gateway_id, n.stream, n.epoch, '', n.head, $5
FROM unnest($1::text[], $2::smallint[], $3::bigint[], $4::bigint[]) AS n (gateway_id, stream, epoch, head)
ORDER BY 1, 2, 3
ON CONFLICT (gateway_id, stream, epoch) DO UPDATE SET head = excluded.head, claimed_at = excluded.claimed_at
WHERE h.head < excluded.head;

-- name: cursors_of
-- Everything that was committed of one gateway.
SELECT stream, epoch, last_seq FROM stream_cursor WHERE gateway_id = $1 ORDER BY stream, epoch;

-- name: add_quarantine
-- A row that PostgreSQL refused twice, alone.
INSERT INTO quarantine (gateway_id, stream, epoch, seq, batch_id, place, row, sqlstate, reason, quarantined_at)
VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9)
RETURNING id;

-- name: open_quarantine
-- What waits for somebody to replay or dismiss it.
SELECT id, gateway_id, stream, epoch, seq, batch_id, row, sqlstate, reason, quarantined_at
FROM quarantine WHERE resolved_at IS NULL ORDER BY id;

-- name: lock_quarantine
-- One row, while it is resolved.
SELECT q.id, q.gateway_id, q.stream, q.epoch, q.seq, q.batch_id, q.row, g.number, q.quarantined_at
FROM quarantine AS q JOIN gateway AS g ON g.id = q.gateway_id
WHERE q.id = $1 AND q.resolved_at IS NULL FOR UPDATE OF q;

-- name: resolve_quarantine
-- By name: who replayed or dismissed it, and why.
UPDATE quarantine SET resolved_at = $2, resolution = $3, resolved_by = $4, note = $5 WHERE id = $1;

-- name: add_unjudged
-- A fact that could not be judged now.
INSERT INTO unjudged (gateway_id, event_id, place, fact, since, due_at, error)
VALUES ($1, $2, '', $3, $4, $5, $6) ON CONFLICT (event_id) DO NOTHING;

-- name: due_unjudged
-- Facts to be tried again, each by one worker.
SELECT id, gateway_id, event_id, fact, since, attempts, defaulted_at, error FROM unjudged
WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED;

-- name: judged
-- It could be judged after all.
DELETE FROM unjudged WHERE id = $1;

-- name: still_unjudged
-- Tried in vain.
UPDATE unjudged SET attempts = attempts + 1, due_at = $2, error = $3, defaulted_at = $4 WHERE id = $1;
