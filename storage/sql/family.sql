-- Every statement of SqlFamilyStore. UNION drops what was found before, so that a circle in a damaged table ends.

-- name: ancestors
WITH RECURSIVE line (id, parent_id) AS (
    SELECT id, parent_id FROM jobs WHERE id = :id
    UNION
    SELECT jobs.id, jobs.parent_id FROM line JOIN jobs ON jobs.id = line.parent_id
)
SELECT jobs.* FROM jobs JOIN line ON jobs.id = line.id WHERE jobs.id <> :id;

-- name: descendants
WITH RECURSIVE line (id) AS (
    SELECT id FROM jobs WHERE parent_id = :id
    UNION
    SELECT jobs.id FROM line JOIN jobs ON jobs.parent_id = line.id
)
SELECT jobs.* FROM jobs JOIN line ON jobs.id = line.id WHERE jobs.id <> :id
ORDER BY jobs.created_at, jobs.id
LIMIT :limit;

-- name: has_children
SELECT id FROM jobs WHERE parent_id = :id LIMIT 1;

-- name: recent_of_member
SELECT * FROM jobs
WHERE user_id = :user_id AND state = 'delivered'
ORDER BY created_at DESC
LIMIT :limit;
