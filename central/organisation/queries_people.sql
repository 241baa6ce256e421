-- name: departments
-- Departments of the scope by owner and order; one of them by number, or those that fit the filters after a position.
SELECT d.id, d.agency_id, d.enterprise_id, coalesce(g.name, e.name, '') AS owner_name, d.parent_id,
       p.name AS parent_name, d.name, d.head_id, h.name AS head_name, d.phone, d.duties, d.sequence,
       (SELECT count(*) FROM staff AS s WHERE s.department_id = d.id) AS people,
       (SELECT count(*) FROM department AS c WHERE c.parent_id = d.id) AS below, d.place, d.version
FROM department AS d
LEFT JOIN agency AS g ON g.id = d.agency_id
LEFT JOIN enterprise AS e ON e.id = d.enterprise_id
LEFT JOIN department AS p ON p.id = d.parent_id
LEFT JOIN staff AS h ON h.id = d.head_id
WHERE ($1::int IS NULL OR d.id = $1)
  AND ($2::text = '' OR strpos(lower(d.name), lower($2)) > 0 OR strpos(d.duties, $2) > 0)
  AND ($3::int IS NULL OR d.agency_id = $3)
  AND ($4::int IS NULL OR d.enterprise_id = $4)
  AND ($5::int IS NULL OR d.parent_id = $5)
  AND ($6::text IS NULL OR (d.place, d.sequence, d.id) > ($6, $7::smallint, $8::int))
ORDER BY d.place, d.sequence, d.id
LIMIT $9;

-- name: lock_department
-- Holds a department of the scope while it is changed.
SELECT id, agency_id, enterprise_id, name, version FROM department WHERE id = $1 FOR UPDATE;

-- name: departments_above
-- A department and those above it; a loop ends it.
WITH RECURSIVE chain AS (
    SELECT id, parent_id, 1 AS depth FROM department WHERE id = $1
    UNION ALL
    SELECT d.id, d.parent_id, c.depth + 1 FROM department AS d JOIN chain AS c ON d.id = c.parent_id
    WHERE c.depth < 20
)
SELECT id FROM chain;

-- name: insert_department
-- Adds a department.
INSERT INTO department (agency_id, enterprise_id, name, parent_id, head_id, phone, duties, sequence)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id;

-- name: update_department
-- Changes a department.
UPDATE department
SET name = $2, parent_id = $3, head_id = $4, phone = $5, duties = $6, sequence = $7, version = version + 1
WHERE id = $1;

-- name: delete_department
-- Removes a department.
DELETE FROM department WHERE id = $1;

-- name: department_use
-- Who is still in a department.
SELECT (SELECT count(*) FROM staff WHERE department_id = $1) AS people,
       (SELECT count(*) FROM department WHERE parent_id = $1) AS below;

-- name: posts
-- Posts of the scope; one of them by number, or those that fit the filters after a position.
SELECT t.id, t.agency_id, t.enterprise_id, coalesce(g.name, e.name, '') AS owner_name, t.name, t.description,
       t.sequence, (SELECT count(*) FROM staff AS s WHERE s.post_id = t.id) AS people, t.place, t.version
FROM post AS t
LEFT JOIN agency AS g ON g.id = t.agency_id
LEFT JOIN enterprise AS e ON e.id = t.enterprise_id
WHERE ($1::int IS NULL OR t.id = $1)
  AND ($2::text = '' OR strpos(lower(t.name), lower($2)) > 0 OR strpos(t.description, $2) > 0)
  AND ($3::int IS NULL OR t.agency_id = $3)
  AND ($4::int IS NULL OR t.enterprise_id = $4)
  AND ($5::text IS NULL OR (t.place, t.sequence, t.id) > ($5, $6::smallint, $7::int))
ORDER BY t.place, t.sequence, t.id
LIMIT $8;

-- name: lock_post
-- Holds a post of the scope while it is changed.
SELECT id, agency_id, enterprise_id, name, version FROM post WHERE id = $1 FOR UPDATE;

-- name: insert_post
-- Adds a post.
INSERT INTO post (agency_id, enterprise_id, name, description, sequence) VALUES ($1, $2, $3, $4, $5) RETURNING id;

-- name: update_post
-- Changes a post.
UPDATE post SET name = $2, description = $3, sequence = $4, version = version + 1 WHERE id = $1;

-- name: delete_post
-- Removes a post.
DELETE FROM post WHERE id = $1;

-- name: post_use
-- Who holds a post.
SELECT count(*) AS people FROM staff WHERE post_id = $1;

-- name: staff
-- People of the scope; one of them by number, or those that fit the filters after a position. A telephone is found
-- whole or not at all: nobody learns a masked one digit by digit.
SELECT s.id, s.agency_id, s.enterprise_id, coalesce(g.name, e.name, '') AS owner_name, s.department_id,
       d.name AS department_name, s.post_id, t.name AS post_name, s.account_id, a.login, r.name AS role_name,
       s.name, s.phone, s.office_phone, s.email, s.duties, s.sequence,
       ARRAY(SELECT x.name FROM department AS x WHERE x.head_id = s.id ORDER BY x.name) AS heads, s.place, s.version
FROM staff AS s
LEFT JOIN agency AS g ON g.id = s.agency_id
LEFT JOIN enterprise AS e ON e.id = s.enterprise_id
LEFT JOIN department AS d ON d.id = s.department_id
LEFT JOIN post AS t ON t.id = s.post_id
LEFT JOIN account AS a ON a.id = s.account_id
LEFT JOIN role AS r ON r.code = a.role
WHERE ($1::int IS NULL OR s.id = $1)
  AND ($2::text = '' OR strpos(s.name, $2) > 0 OR $2 IN (s.phone, s.office_phone))
  AND ($3::int IS NULL OR s.agency_id = $3)
  AND ($4::int IS NULL OR s.enterprise_id = $4)
  AND ($5::int IS NULL OR s.department_id = $5)
  AND ($6::int IS NULL OR s.post_id = $6)
  AND ($7::text IS NULL OR (s.place, s.sequence, s.id) > ($7, $8::smallint, $9::int))
ORDER BY s.place, s.sequence, s.id
LIMIT $10;

-- name: lock_staff
-- Holds a person of the scope while it is changed.
SELECT id, agency_id, enterprise_id, name, phone, version FROM staff WHERE id = $1 FOR UPDATE;

-- name: insert_staff
-- Adds a person.
INSERT INTO staff (agency_id, enterprise_id, department_id, post_id, account_id, name, phone, office_phone, email,
                   duties, sequence)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id;

-- name: update_staff
-- Changes a person.
UPDATE staff
SET department_id = $2, post_id = $3, account_id = $4, name = $5, phone = $6, office_phone = $7, email = $8,
    duties = $9, sequence = $10, version = version + 1
WHERE id = $1;

-- name: delete_staff
-- Removes a person.
DELETE FROM staff WHERE id = $1;

-- name: staff_use
-- What a person leads.
SELECT ARRAY(SELECT name FROM department WHERE head_id = $1 ORDER BY name) AS heads;

-- name: owner_in_sight
-- Whether an agency or an enterprise lies inside the scope.
SELECT coalesce(
    (SELECT true FROM agency_detail WHERE agency_id = $1::int),
    (SELECT true FROM enterprise WHERE id = $2::int), false);

-- name: of_owner
-- Which of a department, a post, a person and an account belong to an owner.
SELECT EXISTS (SELECT 1 FROM department AS d WHERE d.id = $3::int
               AND (d.agency_id, d.enterprise_id) IS NOT DISTINCT FROM ($1::int, $2::int)) AS department,
       EXISTS (SELECT 1 FROM post AS t WHERE t.id = $4::int
               AND (t.agency_id, t.enterprise_id) IS NOT DISTINCT FROM ($1::int, $2::int)) AS post,
       EXISTS (SELECT 1 FROM staff AS s WHERE s.id = $5::int
               AND (s.agency_id, s.enterprise_id) IS NOT DISTINCT FROM ($1::int, $2::int)) AS person,
       EXISTS (SELECT 1 FROM account AS a WHERE a.id = $6::int AND a.removed_at IS NULL
               AND (a.enterprise_id = $2 OR (a.agency_id = $1 AND a.enterprise_id IS NULL))) AS account;

-- name: organisation_check
-- How far an enterprise is with its departments and people, and when it last looked over them.
SELECT e.id AS enterprise_id, (SELECT count(*) FROM department AS d WHERE d.enterprise_id = e.id) AS departments,
       (SELECT count(*) FROM staff AS s WHERE s.enterprise_id = e.id) AS people,
       (SELECT count(*) FROM department AS d WHERE d.enterprise_id = e.id AND d.head_id IS NULL) AS headless,
       (SELECT count(*) FROM staff AS s WHERE s.enterprise_id = e.id AND s.department_id IS NULL) AS homeless,
       k.checked_at, a.display_name AS checked_by
FROM enterprise AS e
LEFT JOIN organisation_check AS k ON k.enterprise_id = e.id
LEFT JOIN account AS a ON a.id = k.checked_by
WHERE e.id = $1;

-- name: note_check
-- An enterprise looked over its departments and people.
INSERT INTO organisation_check (enterprise_id, checked_at, checked_by, departments, people)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (enterprise_id) DO UPDATE
SET checked_at = excluded.checked_at, checked_by = excluded.checked_by, departments = excluded.departments,
    people = excluded.people;
