-- name: insert_enterprise
-- Registers an enterprise; its place follows from region and code.
INSERT INTO enterprise (code, name, credit_code, region_code, agency_id, industry, hazard_class, address,
                        contact_name, contact_phone, sector)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id;

-- name: enterprise
-- One enterprise by number or by code.
SELECT e.id, e.code, e.name, e.credit_code, e.region_code, r.name AS region_name, e.agency_id,
       a.name AS agency_name, e.industry, e.sector, e.hazard_class, e.address, e.contact_name, e.contact_phone, e.place,
       e.version
FROM enterprise AS e
JOIN region AS r ON r.code = e.region_code
LEFT JOIN agency AS a ON a.id = e.agency_id
WHERE e.id = $1::int OR e.code = $2::text;
