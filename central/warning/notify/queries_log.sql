-- name: message_page
-- The calls of the reader's scope, newest first: what was sent to whom, and what became of it.
SELECT n.id, n.warning_id, n.channel, n.person_name, n.agency_name, n.account_id, n.address, n.text, n.state, n.reason,
       n.attempts, n.possibly_twice, n.created_at, coalesce(n.sent_at, n.claimed_at) AS sent_at, n.ended_at,
       w.enterprise_id, coalesce(e.name, g.name) AS enterprise_name, w.kind AS warning_kind
FROM notification AS n
JOIN warning AS w ON w.id = n.warning_id
LEFT JOIN enterprise AS e ON e.id = w.enterprise_id
LEFT JOIN agency AS g ON g.id = w.agency_id
WHERE coalesce(e.id, g.id) IS NOT NULL
  AND ($1::timestamptz IS NULL OR (n.created_at, n.id) < ($1, $2::uuid))
  AND ($3::timestamptz IS NULL OR n.created_at >= $3)
  AND ($4::timestamptz IS NULL OR n.created_at < $4)
  AND ($5::text = '' OR n.channel = $5)
  AND ($6::text = '' OR n.state = $6)
  AND ($7::text IS NULL OR n.person_name ILIKE $7 OR n.agency_name ILIKE $7)
  AND ($8::text = '' OR n.address = $8)
  AND ($9::text IS NULL OR n.text ILIKE $9 OR coalesce(e.name, g.name) ILIKE $9)
ORDER BY n.created_at DESC, n.id DESC
LIMIT $10;

-- name: number_of
-- Where one call went to.
SELECT n.person_name, n.address FROM notification AS n JOIN warning AS w ON w.id = n.warning_id WHERE n.id = $1;
