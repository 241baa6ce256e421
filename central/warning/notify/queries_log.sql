-- name: message_page
-- The calls of the reader's scope and the digests to its receivers, newest first: what was sent to whom, and what became of
-- it. A digest has no case of its own; its calls bear its number.
SELECT m.* FROM (
    SELECT n.id, n.warning_id, n.channel, n.person_name, n.agency_name, n.account_id, n.address, n.text, n.state, n.reason,
        n.attempts, n.possibly_twice, n.created_at, coalesce(n.sent_at, n.claimed_at) AS sent_at, n.ended_at,
        w.enterprise_id, coalesce(e.name, g.name) AS enterprise_name, w.kind AS warning_kind, n.digest,
        NULL::jsonb AS levels
    FROM notification AS n
    JOIN warning AS w ON w.id = n.warning_id
    LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
    LEFT JOIN agency AS g ON g.id = w.agency_id
    WHERE coalesce(e.id, g.id) IS NOT NULL
    UNION ALL
    SELECT d.id, NULL, d.channel, d.person_name, d.agency_name, d.account_id, d.address, d.text, d.state, d.reason,
        d.attempts, d.possibly_twice, d.created_at, coalesce(d.sent_at, d.claimed_at), d.ended_at,
        d.enterprise_id, coalesce(e.name, d.agency_name), '', d.number, d.levels
    FROM digest AS d
    LEFT JOIN enterprise AS e ON e.id = d.enterprise_id
) AS m
WHERE ($1::timestamptz IS NULL OR (m.created_at, m.id) < ($1, $2::uuid))
  AND ($3::timestamptz IS NULL OR m.created_at >= $3)
  AND ($4::timestamptz IS NULL OR m.created_at < $4)
  AND ($5::text = '' OR m.channel = $5)
  AND ($6::text = '' OR m.state = $6)
  AND ($7::text IS NULL OR m.person_name ILIKE $7 OR m.agency_name ILIKE $7)
  AND ($8::text = '' OR m.address = $8)
  AND ($9::text IS NULL OR (m.levels IS NULL AND m.text ILIKE $9) OR m.enterprise_name ILIKE $9)
  AND ($11::bigint IS NULL OR m.digest = $11)
ORDER BY m.created_at DESC, m.id DESC
LIMIT $10;

-- name: number_of
-- Where one call or digest went to.
SELECT n.person_name, n.address FROM notification AS n JOIN warning AS w ON w.id = n.warning_id WHERE n.id = $1
UNION ALL
SELECT d.person_name, d.address FROM digest AS d WHERE d.id = $1;
