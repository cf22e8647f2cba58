-- Votes: every emoji that a person holds under a video, and which of them counts.

-- name: of_person
SELECT user_id, emoji, value, at, held, counts FROM votes WHERE job_id = :job_id AND user_id = :user_id;

-- name: of_job
SELECT user_id, emoji, value, at, held, counts FROM votes WHERE job_id = :job_id ORDER BY user_id;

-- name: worth
-- What emoji of an earlier scale are worth on this video.
SELECT emoji, value FROM votes WHERE job_id = :job_id ORDER BY at, user_id;

-- name: mute
-- The author, where the server does not let authors vote.
SELECT jobs.user_id FROM jobs
JOIN feedback_settings ON feedback_settings.guild_id = coalesce(jobs.guild_id, 0)
WHERE jobs.id = :job_id AND feedback_settings.author_votes = 0;

-- name: put
INSERT INTO votes (job_id, user_id, emoji, value, at, counts, held)
VALUES (:job_id, :user_id, :emoji, :value, :at, :counts, :held)
ON CONFLICT (job_id, user_id, emoji) DO UPDATE
SET value = excluded.value, at = excluded.at, counts = excluded.counts, held = excluded.held;

-- name: uncount
UPDATE votes SET counts = 0 WHERE job_id = :job_id AND user_id = :user_id AND emoji = :emoji;

-- name: remove
DELETE FROM votes WHERE job_id = :job_id AND user_id = :user_id AND emoji = :emoji;

-- name: clear
DELETE FROM votes WHERE job_id = :job_id;

-- name: tally
SELECT emoji, value, count(*) AS people FROM votes WHERE job_id = :job_id AND counts = 1
GROUP BY emoji, value;
