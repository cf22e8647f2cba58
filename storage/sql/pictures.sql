-- Every statement of CarriedPictures, and of what sweeps after it. The list of states repeats bot/domain/states.py.

-- name: put
INSERT INTO pictures (name, base64, created_at) VALUES (:name, :base64, :now)
ON CONFLICT (name) DO UPDATE SET base64 = excluded.base64, created_at = excluded.created_at;

-- name: get
SELECT base64 FROM pictures WHERE name = :name;

-- name: drop
-- A young one may belong to a job whose row is not written yet.
DELETE FROM pictures WHERE created_at < :before AND name NOT IN (
    SELECT picture FROM jobs
    WHERE picture IS NOT NULL
      AND state IN ('queued', 'submitting', 'unsure', 'rendering', 'fetching', 'fitting', 'delivering')
    UNION ALL
    SELECT last_picture FROM jobs
    WHERE last_picture IS NOT NULL
      AND state IN ('queued', 'submitting', 'unsure', 'rendering', 'fetching', 'fitting', 'delivering')
);
