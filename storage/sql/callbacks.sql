-- Every statement of SqlCallbackStore, in the subset that SQLite and PostgreSQL share.
-- The list of states repeats bot/domain/states.py; a test compares them.

-- name: get
SELECT guild_id, url, secret FROM callbacks WHERE guild_id = :guild_id;

-- name: set
-- A new address takes over what the old one has not taken yet.
INSERT INTO callbacks (guild_id, url, secret, since) VALUES (:guild_id, :url, :secret, :now)
ON CONFLICT (guild_id) DO UPDATE SET url = excluded.url, secret = excluded.secret;

-- name: hurry
UPDATE callback_ends SET due_at = :now WHERE guild_id = :guild_id AND done = 0;

-- name: remove
DELETE FROM callbacks WHERE guild_id = :guild_id RETURNING guild_id;

-- name: drop_open
UPDATE callback_ends SET done = 1 WHERE guild_id = :guild_id AND done = 0;

-- name: any
SELECT guild_id FROM callbacks LIMIT 1;

-- name: collect
-- A deleted video's decision goes from delivered to delivered: that is no end.
INSERT INTO callback_ends (job_id, number, guild_id, state, at, attempt, due_at, done)
SELECT events.job_id, events.number, jobs.guild_id, events.to_state, events.at, 0, :now, 0
FROM job_events AS events
JOIN jobs ON jobs.id = events.job_id
JOIN callbacks ON callbacks.guild_id = jobs.guild_id
WHERE events.to_state IN ('delivered', 'failed', 'cancelled')
  AND events.at >= :since AND events.at >= callbacks.since
  AND coalesce(events.from_state, '') <> events.to_state
ON CONFLICT DO NOTHING;

-- name: claim
-- One of each server at a time, the one that has waited longest, so that no server holds up the others. A due
-- time that is further ahead than any wait was written before the clock was set back. The guard is repeated
-- outside on purpose: after waiting for a row, PostgreSQL re-checks only the outer WHERE.
UPDATE callback_ends SET attempt = attempt + 1, due_at = :until
WHERE (job_id, number) IN (
    SELECT firsts.job_id, firsts.number FROM (
        SELECT job_id, number, due_at,
            row_number() OVER (PARTITION BY guild_id ORDER BY due_at, at, job_id, number) AS place
        FROM callback_ends
        WHERE done = 0 AND (due_at <= :now OR due_at > :far)
    ) AS firsts
    WHERE firsts.place = 1
    ORDER BY firsts.due_at
    LIMIT :limit
) AND done = 0 AND (due_at <= :now OR due_at > :far)
RETURNING job_id, number, guild_id, state, at, attempt;

-- name: job
SELECT * FROM jobs WHERE id = :id;

-- name: done
UPDATE callback_ends SET done = 1 WHERE job_id = :job_id AND number = :number;

-- name: put_off
UPDATE callback_ends SET due_at = :until WHERE job_id = :job_id AND number = :number AND done = 0;

-- name: put_off_all
UPDATE callback_ends SET due_at = :until WHERE guild_id = :guild_id AND done = 0 AND due_at < :until;

-- name: give_up
UPDATE callback_ends SET done = 1 WHERE done = 0 AND at < :oldest
RETURNING guild_id;

-- name: forget
DELETE FROM callback_ends WHERE at < :oldest AND done = 1;
