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
-- The event streams that an event of these gateways may have to wait for, as far as the current birth lists them:
-- what was claimed once and is no longer held is declared lost (close_rest), and nobody waits for it.
SELECT e.gateway_id, e.epoch, e.follows, e.held, e.event_head AS head, coalesce(c.last_seq, 0) AS cursor
FROM stream_epoch AS e
LEFT JOIN stream_cursor AS c ON c.gateway_id = e.gateway_id AND c.epoch = e.epoch AND c.stream = 1
WHERE e.gateway_id = ANY ($1::text[]) AND (e.held OR e.epoch = ANY ($2::bigint[]));

-- name: told_anchor
-- The youngest event of one boot whose own time was believed: where its monotonic clock stood then.
SELECT time_ms, mono_ms FROM event
WHERE gateway_id = $1 AND epoch = $2 AND boot = $3 AND NOT dated_by_centre
ORDER BY seq DESC LIMIT 1;

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
-- Which epochs the current birth lists, and up to where it holds their events.
UPDATE stream_epoch AS e SET held = h.head IS NOT NULL, event_head = coalesce(h.head, 0)
FROM stream_epoch AS s
LEFT JOIN unnest($2::bigint[], $3::bigint[]) AS h (epoch, head) ON h.epoch = s.epoch
WHERE s.gateway_id = $1 AND e.gateway_id = s.gateway_id AND e.epoch = s.epoch
  AND (e.held, e.event_head) IS DISTINCT FROM (h.head IS NOT NULL, coalesce(h.head, 0));

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

-- name: close_rest
-- What was claimed of an epoch that cannot grow any more, and that the current birth does not hold: the card was
-- replaced, restored from an image, or never was one. Of that epoch nothing more can come, and how much there was
-- nobody knows. The same holds for an epoch that no epoch of the birth goes back to: its card is another one.
-- Declared by the centre itself, hence the negative number.
WITH RECURSIVE line AS (
  SELECT e.epoch, e.follows FROM stream_epoch AS e WHERE e.gateway_id = $1 AND e.epoch = ANY ($4::bigint[])
  UNION
  SELECT e.epoch, e.follows FROM stream_epoch AS e JOIN line AS l ON l.follows = e.epoch WHERE e.gateway_id = $1
)
INSERT INTO gap (gateway_id, declared_epoch, declared_seq, place, stream, epoch, first_seq, last_seq, kept, reason,
                 from_ms, to_ms, received_at)
SELECT c.gateway_id, c.epoch, -c.stream, '', c.stream, c.epoch, greatest(c.last_seq, coalesce(b.head, 0)) + 1, NULL,
       0, 'rest unknown: the gateway does not hold it any more', 0, 0, $6
FROM stream_cursor AS c
JOIN head_claim AS h USING (gateway_id, stream, epoch)
LEFT JOIN unnest($3::smallint[], $4::bigint[], $5::bigint[]) AS b (stream, epoch, head)
  ON b.stream = c.stream AND b.epoch = c.epoch
WHERE c.gateway_id = $1 AND c.epoch <> $2
  AND (h.head > greatest(c.last_seq, coalesce(b.head, 0)) OR c.epoch NOT IN (SELECT l.epoch FROM line AS l))
  AND NOT (c.stream = 2 AND b.head IS NOT NULL AND b.head = 0)  -- held, but its file is not open yet
ON CONFLICT (gateway_id, declared_epoch, declared_seq) DO UPDATE SET first_seq = excluded.first_seq
WHERE gap.first_seq > excluded.first_seq;

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
SELECT q.id, q.gateway_id, q.stream, q.epoch, q.seq, q.batch_id, q.row, g.number, l.birth_hash, q.quarantined_at
FROM quarantine AS q JOIN gateway AS g ON g.id = q.gateway_id JOIN ledger AS l ON l.id = q.batch_id
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

-- name: audit_streams
-- Numbers of each stream and epoch: in the ledger, declared gone, and claimed by the gateway, as sets of ranges.
WITH covered AS (
  SELECT gateway_id, stream, epoch, range_agg(int8range(first_seq, last_seq, '[]')) AS numbers,
         sum(records)::bigint AS lines, max(last_seq) AS top
  FROM ledger GROUP BY 1, 2, 3
), declared AS (
  SELECT gateway_id, stream, epoch, range_agg(int8range(first_seq, last_seq, '[]')) AS numbers,
         max(coalesce(last_seq, first_seq - 1)) AS top
  FROM gap GROUP BY 1, 2, 3
), streams AS (
  SELECT gateway_id, stream, epoch FROM covered
  UNION SELECT gateway_id, stream, epoch FROM declared
  UNION SELECT gateway_id, stream, epoch FROM head_claim
  UNION SELECT gateway_id, stream, epoch FROM stream_cursor
), sets AS (
  SELECT s.gateway_id, s.stream, s.epoch,
         greatest(coalesce(h.head, 0), coalesce(c.last_seq, 0), coalesce(v.top, 0)) AS head,
         greatest(coalesce(h.head, 0), coalesce(c.last_seq, 0), coalesce(v.top, 0), coalesce(d.top, 0)) AS top,
         coalesce(v.numbers, '{}') AS here, coalesce(d.numbers, '{}') AS gone, coalesce(v.lines, 0) AS lines
  FROM streams AS s
  LEFT JOIN covered AS v USING (gateway_id, stream, epoch)
  LEFT JOIN declared AS d USING (gateway_id, stream, epoch)
  LEFT JOIN head_claim AS h USING (gateway_id, stream, epoch)
  LEFT JOIN stream_cursor AS c USING (gateway_id, stream, epoch)
), differences AS (
  SELECT gateway_id, stream, epoch, head, lines, here,
         int8multirange(int8range(1, head + 1)) - here - gone AS absent,
         gone * int8multirange(int8range(1, top + 1)) - here AS lost
  FROM sets
)
SELECT gateway_id, stream, epoch, head,
       (SELECT coalesce(sum(upper(r) - lower(r)), 0)::bigint FROM unnest(absent) AS r) AS missing,
       left(absent::text, 200) AS missing_ranges,
       (SELECT coalesce(sum(upper(r) - lower(r)), 0)::bigint FROM unnest(lost) AS r) AS lost,
       (lines - (SELECT coalesce(sum(upper(r) - lower(r)), 0) FROM unnest(here) AS r))::bigint AS twice
FROM differences
ORDER BY gateway_id, stream, epoch;

-- name: hold_days
-- As long as this is read, no partition can go.
SELECT FROM measurement WHERE false;

-- name: audit_measurements
-- Batches whose rows, packed ones included as they were counted, are not as many, or not as different, as the ledger
-- says; and rows of no batch.
WITH stored AS (
  SELECT batch_id, min(gateway) AS gateway, sum(stored)::bigint AS stored, sum(different)::bigint AS different,
         sum(records)::bigint AS records
  FROM (
    SELECT batch_id, min(gateway) AS gateway, count(*) AS stored,
           count(DISTINCT (record::bigint << 32) | point_id) AS different, count(DISTINCT record) AS records
    FROM measurement GROUP BY batch_id
    UNION ALL
    SELECT * FROM unnest($1::bigint[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[])
  ) AS rows_and_packed
  GROUP BY batch_id
), aside AS (
  SELECT batch_id, count(*) AS rows, count(DISTINCT seq) AS records
  FROM quarantine WHERE stream = 2 AND resolution IS DISTINCT FROM 'replayed' GROUP BY batch_id
)
SELECT coalesce(l.gateway_id, g.id, '?') AS gateway_id, 2 AS stream, coalesce(l.epoch, 0) AS epoch,
       coalesce(l.id, s.batch_id) AS batch_id, coalesce(l.records, 0) AS records,
       coalesce(l.rows, 0) - coalesce(a.rows, 0) AS expected, coalesce(a.records, 0) AS aside_records,
       coalesce(s.stored, 0) AS stored, coalesce(s.different, 0) AS different,
       coalesce(s.records, 0) AS stored_records
FROM (SELECT * FROM ledger WHERE stream = 2) AS l
FULL JOIN stored AS s ON s.batch_id = l.id
LEFT JOIN aside AS a ON a.batch_id = l.id
LEFT JOIN gateway AS g ON g.number = s.gateway
WHERE l.id IS NULL OR s.stored IS DISTINCT FROM s.different
   OR coalesce(s.different, 0) <> l.rows - coalesce(a.rows, 0)
ORDER BY 4;

-- name: audit_events
-- The same of events.
WITH stored AS (
  SELECT batch_id, count(*) AS stored, count(DISTINCT seq) AS different FROM event GROUP BY batch_id
), aside AS (
  SELECT batch_id, count(DISTINCT seq) AS records
  FROM quarantine WHERE stream = 1 AND resolution IS DISTINCT FROM 'replayed' GROUP BY batch_id
)
SELECT l.gateway_id, 1 AS stream, l.epoch, l.id AS batch_id, l.records,
       l.rows - coalesce(a.records, 0) AS expected, coalesce(a.records, 0) AS aside_records,
       coalesce(s.stored, 0) AS stored, coalesce(s.different, 0) AS different, coalesce(s.different, 0) AS stored_records
FROM ledger AS l
LEFT JOIN stored AS s ON s.batch_id = l.id
LEFT JOIN aside AS a ON a.batch_id = l.id
WHERE l.stream = 1
  AND (coalesce(s.stored, 0) <> l.rows - coalesce(a.records, 0) OR s.stored IS DISTINCT FROM s.different
       OR l.rows <> l.records)
ORDER BY l.id;

-- name: audit_quarantine
-- Records of which something is in quarantine, or was dismissed from it.
SELECT gateway_id, stream, epoch, resolved_at IS NULL AS open, count(DISTINCT seq) AS records
FROM quarantine WHERE resolution IS DISTINCT FROM 'replayed'
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;

-- name: audit_standins
-- Events that are gone and whose numbers are held by records that say so.
SELECT gateway_id, stream, epoch, count(*) AS records
FROM gap
WHERE stream = 1 AND epoch = declared_epoch AND declared_seq BETWEEN first_seq AND last_seq
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- name: audit_sums
-- How many gateways have sent, and how many records the ledger holds.
SELECT (SELECT count(*) FROM gateway) AS gateways,
       (SELECT coalesce(sum(records), 0)::bigint FROM ledger) AS records;
