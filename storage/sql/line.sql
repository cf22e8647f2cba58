-- The line: what the choice of the next job reads (the rule itself: bot/domain/line.py), and its claim.
-- Server 0 stands for direct messages. The lists of states repeat bot/domain/states.py; a test compares them.

-- name: forget_dead_workers
DELETE FROM workers WHERE expires_at <= :now RETURNING expires_at;

-- name: reopen_ends
-- An edit that a process sent before it died may land after another one has shown the end, and nobody is left to
-- look after it. The new fence shuts out a `close_status` that is under way.
UPDATE jobs SET status_closed = 0, owner = NULL, fence = fence + 1
WHERE status_closed = 1 AND (
    (state IN ('delivered', 'failed', 'cancelled') AND finished_at >= :since)
    OR (state = 'unsure' AND submit_intent_at >= :since)
);

-- name: take_over
-- Where the machine that has the job's file is alive, it goes on itself: to the others the file is not there.
-- Nothing waits for longer than an hour: a due time further ahead was written before the clock was set back.
-- Who asks is alive, also where a clock that was set forward has ended its lease. A cancel waits for nothing.
UPDATE jobs SET owner = :worker, fence = fence + 1
WHERE state IN ('submitting', 'rendering', 'fetching', 'fitting', 'delivering')
  AND provider = :provider AND (due_at <= :now OR due_at > :now + 3600000 OR cancel_requested = 1)
  AND (owner IS NULL OR (owner <> :worker AND owner NOT IN (SELECT id FROM workers)))
  AND (kept_on IS NULL OR state NOT IN ('fitting', 'delivering')
    OR kept_on IN (SELECT machine FROM workers WHERE id = :worker)
    OR kept_on NOT IN (SELECT machine FROM workers WHERE machine IS NOT NULL))
RETURNING *;

-- name: take_over_without_card
-- What is here already needs no provider; the only process takes everything, because nobody else would.
UPDATE jobs SET owner = :worker, fence = fence + 1
WHERE state IN ('submitting', 'rendering', 'fetching', 'fitting', 'delivering')
  AND (:alone = 1 OR state IN ('fitting', 'delivering')) AND (due_at <= :now OR due_at > :now + 3600000)
  AND (owner IS NULL OR (owner <> :worker AND owner NOT IN (SELECT id FROM workers)))
  AND (kept_on IS NULL OR state NOT IN ('fitting', 'delivering')
    OR kept_on IN (SELECT machine FROM workers WHERE id = :worker)
    OR kept_on NOT IN (SELECT machine FROM workers WHERE machine IS NOT NULL))
RETURNING *;

-- name: take_over_ends
-- Jobs keep their owner until their status message shows the end: whose owner is gone, another process shows.
-- The guard is repeated outside on purpose: after waiting for a row, PostgreSQL re-checks only the outer WHERE.
UPDATE jobs SET owner = :worker
WHERE id IN (
    SELECT id FROM jobs
    WHERE status_closed = 0 AND state IN ('delivered', 'failed', 'cancelled', 'unsure')
      AND (owner IS NULL OR owner NOT IN (SELECT id FROM workers))
    ORDER BY finished_at, id
    LIMIT :limit
) AND status_closed = 0 AND state IN ('delivered', 'failed', 'cancelled', 'unsure')
  AND (owner IS NULL OR owner NOT IN (SELECT id FROM workers))
RETURNING *;

-- name: first_worker
SELECT min(id) AS id FROM workers WHERE expires_at > :now;

-- name: slots_used
SELECT provider, count(*) AS used FROM jobs
WHERE state IN ('submitting', 'rendering', 'unsure')
GROUP BY provider;

-- name: first_of_members
-- Each member's first job that is due: one look into the index a member, however long the line is.
SELECT waiting.id, waiting.provider, members.server, members.user_id, waiting.priority, waiting.created_at,
    waiting.seconds, limits.running_per_member, limits.running_per_server
FROM (
    SELECT DISTINCT coalesce(guild_id, 0) AS server, user_id FROM jobs
    WHERE state = 'queued' AND provider = :provider
) AS members
JOIN jobs AS waiting ON waiting.state = 'queued' AND waiting.id = (
    SELECT mine.id FROM jobs AS mine
    WHERE mine.state = 'queued' AND mine.provider = :provider
      AND coalesce(mine.guild_id, 0) = members.server AND mine.user_id = members.user_id
      AND (mine.due_at <= :now OR mine.due_at > :now + 3600000) AND mine.cancel_requested = 0
    ORDER BY mine.priority DESC, mine.created_at, mine.id
    LIMIT 1
)
LEFT JOIN guild_settings AS limits ON limits.guild_id = members.server;

-- name: first_of_member
SELECT id, priority, created_at, seconds FROM jobs
WHERE state = 'queued' AND provider = :provider AND coalesce(guild_id, 0) = :server AND user_id = :user_id
  AND (due_at <= :now OR due_at > :now + 3600000) AND cancel_requested = 0
ORDER BY priority DESC, created_at, id
LIMIT 1;

-- name: start
UPDATE jobs SET state = 'submitting', owner = :worker, fence = fence + 1, started_at = :now
WHERE id = :id AND state = 'queued' AND cancel_requested = 0
RETURNING *;

-- name: running_of_members
SELECT coalesce(guild_id, 0) AS server, user_id, count(*) AS running FROM jobs
WHERE state IN ('submitting', 'rendering', 'unsure')
GROUP BY coalesce(guild_id, 0), user_id;

-- name: last_starts
SELECT coalesce(guild_id, 0) AS server, user_id, max(started_at) AS started_at FROM jobs
WHERE started_at > :since AND started_at <= :now
GROUP BY coalesce(guild_id, 0), user_id;

-- name: providers_in_line
SELECT DISTINCT provider FROM jobs WHERE state = 'queued' ORDER BY provider;

-- name: waiting
-- Each member's first jobs, due or not, in their order.
SELECT ranked.*, limits.running_per_member, limits.running_per_server
FROM (
    SELECT id, provider, coalesce(guild_id, 0) AS server, user_id, priority, created_at, seconds,
        row_number() OVER (
            PARTITION BY coalesce(guild_id, 0), user_id ORDER BY priority DESC, created_at, id
        ) AS number
    FROM jobs
    WHERE state = 'queued' AND provider = :provider
) AS ranked
LEFT JOIN guild_settings AS limits ON limits.guild_id = ranked.server
WHERE ranked.number <= :most
ORDER BY ranked.server, ranked.user_id, ranked.number;

-- name: running
SELECT provider, coalesce(guild_id, 0) AS server, user_id, coalesce(started_at, created_at) AS started_at,
    seconds, state
FROM jobs
WHERE state IN ('submitting', 'rendering', 'unsure');

-- name: lengths
SELECT seconds, finished_at - started_at AS took FROM jobs
WHERE state = 'delivered' AND provider = :provider AND started_at IS NOT NULL
ORDER BY finished_at DESC
LIMIT :limit;
