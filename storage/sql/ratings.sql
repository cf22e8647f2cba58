-- Votes: the newest of a person on a job.

-- name: vote
INSERT INTO ratings (job_id, user_id, value, at) VALUES (:job_id, :user_id, :value, :at)
ON CONFLICT (job_id, user_id) DO UPDATE SET value = excluded.value, at = excluded.at;

-- name: retract
DELETE FROM ratings WHERE job_id = :job_id AND user_id = :user_id;

-- name: retract_value
DELETE FROM ratings WHERE job_id = :job_id AND user_id = :user_id AND value = :value;

-- name: clear
DELETE FROM ratings WHERE job_id = :job_id;

-- name: clear_value
DELETE FROM ratings WHERE job_id = :job_id AND value = :value;

-- name: of_job
SELECT user_id, value FROM ratings WHERE job_id = :job_id;

-- name: tally
SELECT value, count(*) AS people FROM ratings WHERE job_id = :job_id GROUP BY value;
