-- name: first_entries
-- The words that come with the program, for dictionaries that have none yet.
INSERT INTO dictionary_entry (dictionary, code, zh, en, sequence)
SELECT g.dictionary, g.code, g.zh, g.en, g.sequence
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[]) AS g (dictionary, code, zh, en, sequence)
WHERE NOT EXISTS (SELECT 1 FROM dictionary_entry AS d WHERE d.dictionary = g.dictionary);

-- name: dictionaries
-- How many entries of each dictionary forms offer.
SELECT dictionary, count(*) FILTER (WHERE active) AS active FROM dictionary_entry GROUP BY dictionary;

-- name: entries
-- The entries of one dictionary in their order.
SELECT code, zh, en, sequence, active, version FROM dictionary_entry
WHERE dictionary = $1 AND (active OR $2::boolean) ORDER BY sequence, code;

-- name: add_entry
-- A new entry; without a place of its own it comes last.
INSERT INTO dictionary_entry (dictionary, code, zh, en, sequence, active)
VALUES ($1, $2, $3, $4, CASE WHEN $5::int > 0 THEN $5 ELSE
        (SELECT coalesce(max(d.sequence), 0) + 10 FROM dictionary_entry AS d WHERE d.dictionary = $1) END, $6)
RETURNING code, zh, en, sequence, active, version;

-- name: lock_entry
-- Holds an entry while it is changed.
SELECT version FROM dictionary_entry WHERE dictionary = $1 AND code = $2 FOR UPDATE;

-- name: change_entry
-- Changes an entry.
UPDATE dictionary_entry SET zh = $3, en = $4, sequence = $5, active = $6, version = version + 1
WHERE dictionary = $1 AND code = $2
RETURNING code, zh, en, sequence, active, version;
