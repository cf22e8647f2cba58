-- Ratings in detail: the newest of a person on a job.

-- name: put
INSERT INTO evaluations (job_id, user_id, kind, comment, at) VALUES (:job_id, :user_id, :kind, :comment, :at)
ON CONFLICT (job_id, user_id, kind) DO UPDATE SET comment = excluded.comment, at = excluded.at;

-- name: forget_scores
DELETE FROM evaluation_scores WHERE job_id = :job_id AND user_id = :user_id AND kind = :kind;

-- name: put_score
INSERT INTO evaluation_scores (job_id, user_id, kind, criterion, score)
VALUES (:job_id, :user_id, :kind, :criterion, :score);

-- name: of_job
SELECT user_id, comment, at FROM evaluations WHERE job_id = :job_id AND kind = :kind ORDER BY at, user_id;

-- name: scores
SELECT user_id, criterion, score FROM evaluation_scores WHERE job_id = :job_id AND kind = :kind;
