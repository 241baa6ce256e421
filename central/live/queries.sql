-- name: publish
-- Tells the consoles of a change, in the transaction that makes it.
INSERT INTO live_event (kind, place, payload) VALUES ($1, $2, $3);

-- name: window
-- One look: the oldest running transaction, and every visible event at or above a floor.
SELECT s.xmin, e.id, e.xid::text::bigint AS xid, e.kind, e.place, e.sector, e.payload
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin) AS s
LEFT JOIN live_event AS e ON e.xid >= $1::bigint::text::xid8
ORDER BY e.id;

-- name: oldest
-- The oldest transaction whose events are still kept.
SELECT min(xid)::text::bigint FROM live_event;

-- name: snapshot
-- Where a new reader begins: the oldest running transaction, and the events at or above it that are visible.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin;

-- name: trim
-- Forgets events older than a moment, but for the newest of them: it says how far back the rest reaches.
DELETE FROM live_event WHERE at < $1 AND id < (SELECT max(id) FROM live_event WHERE at < $1);
