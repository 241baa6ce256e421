-- name: enterprise_subject
-- An enterprise as its code shows it; who supervises it, else the nearest agency that serves its place.
SELECT e.id AS record_id, e.name AS title, e.id AS enterprise_id, NULL::int AS agency_id, e.place, e.sector,
       '{}'::jsonb AS counted, e.address, coalesce(a.name, '') AS agency_name, coalesce(d.phone, '') AS phone,
       s.name AS status, s.name_en AS status_en
FROM enterprise AS e
JOIN enterprise_status AS s ON s.code = e.status
LEFT JOIN LATERAL (
    SELECT g.id, g.name FROM agency AS g LEFT JOIN agency_area AS x ON x.agency_id = g.id
    WHERE g.id = e.agency_id OR (e.agency_id IS NULL AND area_holds(x.place_prefix, e.place))
    ORDER BY g.rank, g.id LIMIT 1) AS a ON true
LEFT JOIN agency_detail AS d ON d.agency_id = a.id
WHERE e.id = $1 AND e.removed_at IS NULL;

-- name: owner_agency
-- Who keeps a record of an agency, or supervises the enterprise of one.
SELECT coalesce(a.name, '') AS agency_name, coalesce(d.phone, '') AS phone
FROM agency AS a LEFT JOIN agency_detail AS d ON d.agency_id = a.id
WHERE a.id = coalesce($1::int, (SELECT e.agency_id FROM enterprise AS e WHERE e.id = $2::int));

-- name: enterprise_subjects
-- Enterprises in the order of their places.
SELECT e.id AS record_id, e.name AS title, '' AS owner_name, r.name AS place_name, e.place
FROM enterprise AS e JOIN region AS r ON r.code = e.region_code
WHERE ($1 = '' OR strpos(e.name, $1) > 0 OR e.code = $1 OR e.credit_code = upper($1))
    AND ($2::bigint[] IS NULL OR e.id = ANY ($2::bigint[]))
    AND ($3::text IS NULL OR (e.place, e.id) > ($3::text COLLATE "C", $4::bigint))
ORDER BY e.place, e.id LIMIT $5;

-- name: revocations
-- The last revocation of each of some subjects, also where the row itself is not seen.
SELECT DISTINCT ON (record_id) record_id, issue, revoked_at FROM revoked_codes($1, $2::bigint[])
ORDER BY record_id, issue DESC;

-- name: revocation
-- When one issue ceased to count: with its own revocation, or with that of a later one.
SELECT revoked_at FROM revoked_codes($1, ARRAY[$2::bigint]) WHERE issue >= $3 ORDER BY issue LIMIT 1;

-- name: revoke
-- From now on this issue counts no longer.
INSERT INTO code_revocation (register, record_id, issue, enterprise_id, agency_id, reason, revoked_at, revoked_by, revoked_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING issue;
