-- Stars on videos, and the job of a message that somebody reacts to.

-- name: of_message
-- A clip's status stands in its board's message, which is not the clip's alone.
SELECT * FROM jobs WHERE result_message_id = :message_id
UNION ALL
SELECT * FROM jobs WHERE status_message_id = :message_id AND board_id IS NULL;

-- name: add
INSERT INTO favourites (job_id, user_id, at) VALUES (:job_id, :user_id, :at)
ON CONFLICT (job_id, user_id) DO NOTHING;

-- name: remove
DELETE FROM favourites WHERE job_id = :job_id AND user_id = :user_id;

-- name: clear
DELETE FROM favourites WHERE job_id = :job_id;

-- name: of_job
SELECT user_id FROM favourites WHERE job_id = :job_id;

-- name: stars
SELECT count(*) AS stars FROM favourites WHERE job_id = :job_id AND user_id <> :author;
