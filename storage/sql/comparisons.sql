-- Every statement of SqlComparisonStore.

-- name: add
INSERT INTO comparisons (
    id, guild_id, channel_id, message_id, user_id, left_job_id, right_job_id, enough, ends_at, locale, created_at,
    due_at, filled, revealed_at, shown, withdrawn
) VALUES (
    :id, :guild_id, :channel_id, :message_id, :user_id, :left_job_id, :right_job_id, :enough, :ends_at, :locale,
    :created_at, :due_at, 0, NULL, 0, 0
)
ON CONFLICT DO NOTHING;

-- name: get
SELECT * FROM comparisons WHERE id = :id;

-- name: count_open
SELECT count(*) AS found FROM comparisons
WHERE user_id = :user_id AND shown = 0 AND guild_id = :guild_id AND revealed_at IS NULL;

-- name: lock_open
-- Locks the row: the votes of one comparison are counted one after the other. Who votes has seen the videos, also
-- while the row does not say yet that they are there.
UPDATE comparisons SET enough = enough
WHERE id = :id AND revealed_at IS NULL AND ends_at > :at
RETURNING *;

-- name: put_vote
INSERT INTO comparison_votes (comparison_id, user_id, job_id, at) VALUES (:id, :user_id, :job_id, :at)
ON CONFLICT (comparison_id, user_id) DO UPDATE SET job_id = excluded.job_id, at = excluded.at;

-- name: end_where_enough
-- A statement of its own: after waiting for the row, it sees what the others have voted.
UPDATE comparisons SET revealed_at = :at, due_at = :at
WHERE id = :id AND enough <= (SELECT count(*) FROM comparison_votes WHERE comparison_id = :id)
RETURNING *;

-- name: votes
SELECT job_id, count(*) AS people FROM comparison_votes WHERE comparison_id = :id GROUP BY job_id;

-- name: end
UPDATE comparisons SET revealed_at = :at, due_at = :at WHERE id = :id AND revealed_at IS NULL RETURNING id;

-- name: look_at
UPDATE comparisons SET due_at = :at, claimed_until = NULL WHERE id = :id AND shown = 0;

-- name: due
SELECT * FROM comparisons WHERE shown = 0 AND due_at <= :now ORDER BY due_at, id LIMIT :limit;

-- name: claim
UPDATE comparisons SET claimed_until = :until
WHERE id = :id AND shown = 0 AND due_at <= :due AND (claimed_until IS NULL OR claimed_until <= :now)
RETURNING *;

-- name: hold
UPDATE comparisons SET claimed_until = :until WHERE id = :id AND claimed_until IS NOT NULL;

-- name: free_all
UPDATE comparisons SET claimed_until = NULL WHERE shown = 0;

-- name: opened
-- An end that was shown meanwhile is shown anew: the videos have taken its place.
UPDATE comparisons SET filled = 1, shown = 0, claimed_until = NULL, due_at = coalesce(revealed_at, ends_at)
WHERE id = :id;

-- name: settle
-- What became due anew meanwhile stays so.
UPDATE comparisons SET shown = CASE WHEN due_at = :due_at THEN 1 ELSE shown END, claimed_until = NULL WHERE id = :id;

-- name: remove
DELETE FROM comparisons WHERE id = :id;

-- name: withdraw
UPDATE comparisons SET
    withdrawn = 1, shown = 0, due_at = :at, claimed_until = NULL, revealed_at = coalesce(revealed_at, :at)
WHERE left_job_id = :job_id OR right_job_id = :job_id
RETURNING id;

-- name: recent
SELECT * FROM jobs
WHERE guild_id = :guild_id AND state = 'delivered' AND result_message_id IS NOT NULL AND venue <> 'direct'
ORDER BY created_at DESC
LIMIT :limit;

-- name: relatives
-- One index each; UNION names a video once.
SELECT * FROM jobs WHERE parent_id = :id AND state = 'delivered' AND result_message_id IS NOT NULL
UNION
SELECT * FROM jobs WHERE id = :parent AND state = 'delivered' AND result_message_id IS NOT NULL
UNION
SELECT * FROM jobs
WHERE parent_id = :parent AND id <> :id AND state = 'delivered' AND result_message_id IS NOT NULL
UNION
SELECT * FROM jobs
WHERE board_id = :board AND id <> :id AND state = 'delivered' AND result_message_id IS NOT NULL
LIMIT :limit;

-- name: outcomes
SELECT
    coalesce(chosen.style, '') AS style, coalesce(other.style, '') AS other_style,
    chosen.model AS model, other.model AS other_model, count(*) AS games
FROM comparisons
JOIN comparison_votes ON comparison_votes.comparison_id = comparisons.id
JOIN jobs AS chosen ON chosen.id = comparison_votes.job_id
JOIN jobs AS other ON other.id = CASE
    WHEN comparison_votes.job_id = comparisons.left_job_id THEN comparisons.right_job_id
    ELSE comparisons.left_job_id
END
WHERE comparisons.guild_id = :guild_id AND comparisons.created_at >= :since AND comparisons.revealed_at IS NOT NULL
GROUP BY coalesce(chosen.style, ''), coalesce(other.style, ''), chosen.model, other.model;
