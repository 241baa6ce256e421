-- name: field_tasks
-- What waits for somebody who installs gateways, within his scope: the most urgent kind first, one page.
WITH task AS (
    SELECT 1 AS rank, 'offline' AS kind, g.id AS gateway_id, '' AS what, g.name, g.enterprise_id,
           s.heard_at AS since, NULL::timestamptz AS until, '' AS detail, 1 AS many
    FROM gateway AS g JOIN gateway_state AS s ON s.gateway_id = g.id
    WHERE s.presence = 'offline' AND g.revoked_at IS NULL
    UNION ALL
    SELECT 2, 'bus', g.id, b.value ->> 'bus', g.name, g.enterprise_id,
           s.heard_at, NULL, CASE WHEN (b.value ->> 'connected')::boolean THEN '' ELSE coalesce(b.value ->> 'trouble', '') END,
           (b.value ->> 'silent')::int
    FROM gateway AS g
    JOIN gateway_state AS s ON s.gateway_id = g.id
    CROSS JOIN LATERAL jsonb_array_elements(s.buses) AS b (value)
    WHERE s.presence <> 'offline'
      AND (NOT (b.value ->> 'connected')::boolean OR (b.value ->> 'silent')::int > 0)
    UNION ALL
    SELECT 3, 'configuration', g.id, c.version::text, g.name, g.enterprise_id, c.changed_at, NULL, c.detail, 1
    FROM gateway AS g
    CROSS JOIN LATERAL (
        SELECT n.version, n.state, n.changed_at, n.detail FROM gateway_configuration AS n
        WHERE n.gateway_id = g.id AND n.state <> 'draft' ORDER BY n.version DESC LIMIT 1
    ) AS c
    WHERE c.state IN ('taken-back', 'refused')
    UNION ALL
    SELECT 4, 'certificate', g.id, '', g.name, g.enterprise_id, NULL, c.not_after, '', 1
    FROM gateway AS g
    CROSS JOIN LATERAL (
        SELECT n.not_after, n.revoked_at FROM certificate AS n
        WHERE n.gateway_id = g.id ORDER BY n.issued_at DESC LIMIT 1
    ) AS c
    WHERE c.revoked_at IS NULL AND g.revoked_at IS NULL AND c.not_after < $1::timestamptz + $2::interval
    UNION ALL
    SELECT 5, 'enrol', k.gateway_id, k.id::text, k.name, k.enterprise_id, k.created_at, k.expires_at, '', 1
    FROM enrolment_code AS k
    WHERE k.used_at IS NULL AND k.withdrawn_at IS NULL AND k.expires_at > $1::timestamptz - $2::interval
    UNION ALL
    SELECT 6, 'commission', g.id, '', g.name, g.enterprise_id, NULL, NULL,
           string_agg(p.key, '、' ORDER BY p.key) FILTER (WHERE p.nth <= 5), count(*)::int
    FROM gateway AS g
    JOIN (
        SELECT q.gateway_id, q.key, row_number() OVER (PARTITION BY q.gateway_id ORDER BY q.key) AS nth
        FROM point AS q
        WHERE q.current AND num_nonnulls(q.limit_ll, q.limit_l, q.limit_h, q.limit_hh) > 0
          AND NOT EXISTS (
              SELECT 1 FROM warning AS w
              WHERE w.kind = 'alarm' AND w.subject_type = 'point' AND w.subject_id = q.id::text AND w.is_test
          )
    ) AS p ON p.gateway_id = g.id
    GROUP BY g.id
)
SELECT t.rank, t.kind, t.gateway_id, t.what, t.name, t.enterprise_id, e.name AS enterprise_name, e.address,
       t.since, t.until, t.detail, t.many
FROM task AS t JOIN enterprise AS e ON e.id = t.enterprise_id
WHERE ($3::text IS NULL OR t.kind = $3) AND (t.rank, t.gateway_id, t.what) > ($4::int, $5::text, $6::text)
ORDER BY t.rank, t.gateway_id, t.what
LIMIT $7;
