-- What the figures of a period are counted from: renders only, the newest first. A join makes a video of others;
-- it is known by its provider (bot/jobs/studio.py) also when its author's data was deleted.

-- name: of_server
SELECT provider || '/' || model AS model, user_id, created_at, state, started_at - created_at AS waited,
    CASE WHEN state = 'delivered' THEN finished_at - started_at END AS took
FROM jobs
WHERE guild_id = :guild_id AND created_at >= :since AND provider <> '(join)'
ORDER BY created_at DESC
LIMIT :limit;

-- name: of_direct_messages
SELECT provider || '/' || model AS model, user_id, created_at, state, started_at - created_at AS waited,
    CASE WHEN state = 'delivered' THEN finished_at - started_at END AS took
FROM jobs
WHERE user_id = :user_id AND created_at >= :since AND coalesce(guild_id, 0) = 0 AND provider <> '(join)'
ORDER BY created_at DESC
LIMIT :limit;
